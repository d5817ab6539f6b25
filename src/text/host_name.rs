//! A host name in its ASCII form: the one place that says what is one.

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
    /// A part begins or ends with a hyphen.
    #[error("a part between two dots begins or ends with -")]
    Hyphen,
    /// The last part is a number, so that it reads as an address.
    #[error("it ends in a number, as an address does")]
    Number,
}

/// A checked name in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostName {
    bare: String,
    has_final_dot: bool,
}

impl HostName {
    /// Takes a name of one part or several, perhaps with a final dot.
    ///
    /// # Errors
    /// The first flaw.
    pub fn new(text: &str) -> Result<Self, NameFlaw> {
        let (bare, has_final_dot) = match text.strip_suffix('.') {
            Some(bare) => (bare, true),
            None => (text, false),
        };
        check(bare)?;
        let bare = bare.to_ascii_lowercase();
        Ok(Self {
            bare,
            has_final_dot,
        })
    }

    /// The parts from the left.
    pub fn labels(&self) -> impl Iterator<Item = &[u8]> {
        self.bare.split('.').map(str::as_bytes)
    }

    /// The name without the final dot.
    #[must_use]
    pub fn safe(&self) -> Safe {
        Safe::new(&self.bare)
    }

    /// The name as an application would pass it on: the final dot forbids the search list.
    #[must_use]
    pub fn as_given(&self) -> String {
        let dot = if self.has_final_dot { "." } else { "" };
        format!("{}{dot}", self.bare)
    }
}

/// Whether a text names a host below a domain, without a final dot: `contoso.azurecr.io`.
#[must_use]
pub fn is_host_name(text: &str) -> bool {
    text.contains('.') && check(text).is_ok()
}

/// The first flaw of a name without its final dot.
fn check(bare: &str) -> Result<(), NameFlaw> {
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
        if label.starts_with('-') || label.ends_with('-') {
            return Err(NameFlaw::Hyphen);
        }
    }
    if last.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NameFlaw::Number);
    }
    Ok(())
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
    fn a_host_below_a_domain_has_several_parts_and_no_final_dot() {
        assert!(is_host_name("_x.Contoso.AzureCR.io"));
        for text in [
            "contoso",
            "contoso.azurecr.io.",
            "10.0.0.1",
            "a..b",
            "-a.b",
            "",
        ] {
            assert!(!is_host_name(text), "{text}");
        }
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
        for text in ["20.38.98.100", "host.99999999999999999999999"] {
            assert_eq!(flaw(text), NameFlaw::Number);
        }
        for text in ["-a.example", "a-.example", "a.-b"] {
            assert_eq!(flaw(text), NameFlaw::Hyphen);
        }
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
