//! Strings that no reader takes, made readable: what they cannot hold becomes U+FFFD.
//!
//! Bytes that are no UTF-8, control characters as they are, halves of surrogate pairs and unknown
//! escapes make a parser give the whole document up; here they spoil the string that has them.

use std::borrow::Cow;

/// What stands for something that a string cannot hold.
pub const UNREADABLE: char = '\u{fffd}';

/// The document with readable strings; `None` where they all are.
pub fn mended(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let mut is_mended = matches!(text, Cow::Owned(_));
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_ref();
    let mut is_string = false;
    while let Some(c) = rest.chars().next() {
        let (part, after) = rest.split_at(c.len_utf8());
        match c {
            '"' => is_string = !is_string,
            '\\' if is_string => {
                let (length, is_whole) = escape(rest);
                let (part, after) = rest.split_at(length);
                if is_whole {
                    out.push_str(part);
                } else {
                    out.push(UNREADABLE);
                    is_mended = true;
                }
                rest = after;
                continue;
            }
            c if is_string && c < ' ' => {
                out.push(UNREADABLE);
                is_mended = true;
                rest = after;
                continue;
            }
            _ => {}
        }
        out.push_str(part);
        rest = after;
    }
    is_mended.then_some(out)
}

/// The bytes of the escape that a text begins with, and whether it stands for something.
fn escape(text: &str) -> (usize, bool) {
    let second = text.get(1..).and_then(|rest| rest.chars().next());
    match second {
        Some('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't') => (2, true),
        Some('u') => match unit(text) {
            None => (2, false),
            Some(0xd800..0xdc00) => match text.get(6..).and_then(unit) {
                Some(0xdc00..0xe000) => (12, true),
                _ => (6, false),
            },
            Some(0xdc00..0xe000) => (6, false),
            Some(_) => (6, true),
        },
        // The character itself is read as it is.
        _ => (1, false),
    }
}

/// The number of a `\uXXXX`.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| u16::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_no_string_holds_is_replaced() {
        for whole in [
            r#"{"a":"b","c":["\u00e9\ud83d\ude00\n\"\\"]}"#,
            "{\n\t\"a\": 1\r\n}",
            "\"é\"",
            "",
        ] {
            assert_eq!(mended(whole.as_bytes()), None, "{whole}");
        }
        for (broken, whole) in [
            (&br#"["\ud800"]"#[..], "[\"\u{fffd}\"]"),
            (br#"["\udc00x","y"]"#, "[\"\u{fffd}x\",\"y\"]"),
            (br#"["\ud800\ud800\udc00"]"#, "[\"\u{fffd}\\ud800\\udc00\"]"),
            (br#"["\q\u12"]"#, "[\"\u{fffd}q\u{fffd}12\"]"),
            (b"[\"a\tb\x01\",\t1]", "[\"a\u{fffd}b\u{fffd}\",\t1]"),
            (b"[\"\xff\",\"\xc3\xa9\"]", "[\"\u{fffd}\",\"é\"]"),
            (br#"["\\\ud800\""]"#, "[\"\\\\\u{fffd}\\\"\"]"),
            (b"\"\\", "\"\u{fffd}"),
        ] {
            assert_eq!(mended(broken).as_deref(), Some(whole));
        }
    }
}
