//! What may be asked for: a host name in its ASCII form.

use crate::text::Safe;

/// Most bytes between two dots.
const MAX_LABEL: usize = 63;
/// Most bytes of a name without its final dot.
const MAX_NAME: usize = 253;

/// What is wrong with a text that should be a host name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameFlaw {
    /// Nothing, or only the dot.
    #[error("it is empty; give a name like contoso.azurecr.io")]
    Empty,
    /// Two dots in a row, or one at the start.
    #[error("a part between two dots is empty")]
    EmptyLabel,
    /// A part is longer than DNS allows.
    #[error("a part between two dots is longer than {MAX_LABEL} characters")]
    LongLabel,
    /// The whole is longer than DNS allows.
    #[error("it is longer than {MAX_NAME} characters")]
    LongName,
    /// A letter outside ASCII.
    #[error("give its punycode form, which begins with xn--")]
    NotAscii,
    /// Another character; schemes, ports, paths and wildcards end here.
    #[error("\"{found}\" cannot be in one; letters, digits, -, _ and dots can")]
    Character {
        /// The first such character, made visible.
        found: Safe,
    },
    /// The last part is a number, so that it reads as an address.
    #[error("it ends in a number, as an address does")]
    Number,
}

/// A checked name in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HostName {
    bare: String,
    final_dot: bool,
}

impl HostName {
    pub(super) fn new(text: &str) -> Result<Self, NameFlaw> {
        let (bare, final_dot) = match text.strip_suffix('.') {
            Some(bare) => (bare, true),
            None => (text, false),
        };
        if bare.is_empty() {
            return Err(NameFlaw::Empty);
        }
        if let Some(c) = bare.chars().find(|c| !is_allowed(*c)) {
            return Err(if c.is_alphanumeric() && !c.is_ascii() {
                NameFlaw::NotAscii
            } else {
                let found = Safe::new(c.encode_utf8(&mut [0; 4]));
                NameFlaw::Character { found }
            });
        }
        if bare.len() > MAX_NAME {
            return Err(NameFlaw::LongName);
        }
        let mut last = "";
        for label in bare.split('.') {
            match label.len() {
                0 => return Err(NameFlaw::EmptyLabel),
                1..=MAX_LABEL => last = label,
                _ => return Err(NameFlaw::LongLabel),
            }
        }
        if last.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NameFlaw::Number);
        }
        let bare = bare.to_ascii_lowercase();
        Ok(Self { bare, final_dot })
    }

    /// The parts from the left.
    pub(super) fn labels(&self) -> impl Iterator<Item = &[u8]> {
        self.bare.split('.').map(str::as_bytes)
    }

    /// The name without the final dot.
    pub(super) fn safe(&self) -> Safe {
        Safe::new(&self.bare)
    }

    /// The name as an application would pass it on: the final dot forbids the search list.
    pub(super) fn as_given(&self) -> String {
        let dot = if self.final_dot { "." } else { "" };
        format!("{}{dot}", self.bare)
    }
}

const fn is_allowed(c: char) -> bool {
    matches!(c, 'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' | '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flaw(text: &str) -> NameFlaw {
        HostName::new(text).unwrap_err()
    }

    #[test]
    fn names_are_lowered_and_lose_their_dot() {
        let name = HostName::new("Contoso.AzureCR.io.").unwrap();
        assert_eq!(name.safe().as_str(), "contoso.azurecr.io");
        assert_eq!(name.as_given(), "contoso.azurecr.io.");
        assert_eq!(HostName::new("_x.A-1").unwrap().as_given(), "_x.a-1");
        assert_eq!(name.labels().count(), 3);
    }

    #[test]
    fn limits_are_those_of_dns() {
        let label = "a".repeat(63);
        assert!(HostName::new(&label).is_ok());
        assert_eq!(flaw(&format!("{label}a.example")), NameFlaw::LongLabel);
        let longest = format!("{label}.{label}.{label}.{}", "a".repeat(61));
        assert!(HostName::new(&format!("{longest}.")).is_ok());
        assert_eq!(flaw(&format!("{longest}a")), NameFlaw::LongName);
    }

    #[test]
    fn each_flaw_is_named() {
        for text in ["", "."] {
            assert_eq!(flaw(text), NameFlaw::Empty);
        }
        for text in [".a", "a..b", "a..", ".."] {
            assert_eq!(flaw(text), NameFlaw::EmptyLabel);
        }
        assert_eq!(flaw("bücher.example"), NameFlaw::NotAscii);
        assert_eq!(flaw("20.38.98.100"), NameFlaw::Number);
        for (text, found) in [
            ("https://a", ":"),
            ("a b", " "),
            ("*.a", "*"),
            ("a\x1b", "␛"),
            ("a\u{202e}", "<U+202E>"),
        ] {
            let found = Safe::new(found);
            assert_eq!(flaw(text), NameFlaw::Character { found });
        }
    }
}
