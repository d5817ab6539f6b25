//! The only displayable text: hazards are replaced by visible marks.

use std::borrow::Cow;
use std::fmt::{self, Write};

/// Text without characters that move the cursor, reorder a line or hide.
///
/// C0 controls and DEL become control pictures (`␛`), C1, bidi, zero-width, line separators and
/// tag characters become `<U+202E>`. Cleaning twice changes nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Safe(Box<str>);

impl Safe {
    /// Cleans `text`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(clean(text).into())
    }

    /// The clean text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Safe {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Safe {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

impl fmt::Display for Safe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for Safe {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// `text` with hazards replaced; borrowed when there are none.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    let plain = |byte: u8| (0x20..0x7f).contains(&byte);
    if text.bytes().all(plain) || !text.chars().any(is_hazard) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if !is_hazard(c) {
            out.push(c);
        } else if let Some(picture) = control_picture(c) {
            out.push(picture);
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "<U+{:04X}>", u32::from(c));
        }
    }
    Cow::Owned(out)
}

/// Whether a terminal could misread `c`, or a person could not see it.
#[must_use]
pub const fn is_hazard(c: char) -> bool {
    matches!(c,
        '\0'..='\x1f' | '\x7f'..='\u{9f}'
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

fn control_picture(c: char) -> Option<char> {
    match c {
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)),
        '\x7f' => Some('\u{2421}'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hazards_become_marks() {
        assert_eq!(clean("\x1b[31mred\x07"), "␛[31mred␇");
        assert_eq!(
            clean("a\u{202e}b\u{200b}c\u{9b}"),
            "a<U+202E>b<U+200B>c<U+009B>"
        );
        assert_eq!(clean("tab\tline\n"), "tab␉line␊");
        assert_eq!(clean("\u{e0041}"), "<U+E0041>");
    }

    #[test]
    fn cleaning_is_idempotent_and_complete() {
        for code in 0..=0x10_ffff_u32 {
            let Some(c) = char::from_u32(code) else {
                continue;
            };
            let once = clean(c.encode_utf8(&mut [0; 4])).into_owned();
            assert!(!once.chars().any(is_hazard), "{code:x}");
            assert_eq!(clean(&once), once);
        }
    }

    #[test]
    fn ordinary_text_is_borrowed() {
        for text in ["Storage.WestEurope", "Größe – 東京 †"] {
            assert!(matches!(clean(text), Cow::Borrowed(_)));
        }
    }
}
