//! JSON without raw hazards.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;

use crate::text::is_hazard;

/// Writes an indented document and a line end.
///
/// # Errors
/// The writer's.
pub fn write_json(value: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    let text = serde_json::to_string_pretty(value)?;
    out.write_all(escaped(&text, true).as_bytes())?;
    out.write_all(b"\n")
}

/// Writes a document on one line.
///
/// # Errors
/// The writer's.
pub fn write_json_line(value: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    let text = serde_json::to_string(value)?;
    out.write_all(escaped(&text, false).as_bytes())?;
    out.write_all(b"\n")
}

/// `serde_json` escapes C0 only; DEL, C1, bidi and the like occur only within strings, so they can
/// be escaped in the finished text.
fn escaped(text: &str, is_indented: bool) -> std::borrow::Cow<'_, str> {
    let hazard = |c: char| is_hazard(c) && !(is_indented && c == '\n');
    if text
        .bytes()
        .all(|byte| (0x20..0x7f).contains(&byte) || byte == b'\n')
    {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if hazard(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hazards_are_escaped_and_read_back() {
        let hostile = "a\u{1b}[31m\u{7f}\u{9b}\u{202e}\u{200b}\u{e0041}é\n";
        for is_indented in [true, false] {
            let mut bytes = Vec::new();
            let value = vec![hostile];
            if is_indented {
                write_json(&value, &mut bytes).unwrap();
            } else {
                write_json_line(&value, &mut bytes).unwrap();
            }
            let text = String::from_utf8(bytes).unwrap();
            let is_raw = |c: char| c != '\n' && is_hazard(c);
            assert!(!text.chars().any(is_raw), "{text}");
            let back: Vec<String> = serde_json::from_str(&text).unwrap();
            assert_eq!(back, [hostile]);
        }
    }
}
