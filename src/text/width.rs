//! Measuring and cutting by terminal columns.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns that `text` occupies.
#[must_use]
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.width()
    }
}

/// At most `columns` columns; a longer text ends in `…`.
#[must_use]
pub fn cut_end(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let Some(room) = columns.checked_sub(1) else {
        return Cow::Borrowed("");
    };
    let mut out = head(text, room).to_owned();
    out.push('…');
    Cow::Owned(out)
}

/// At most `columns` columns; a longer text keeps both its ends around `…`.
///
/// Tag names differ at the end (the region), so the end gets the odd column.
#[must_use]
pub fn cut_middle(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let Some(room) = columns.checked_sub(1) else {
        return Cow::Borrowed("");
    };
    let mut out = head(text, room / 2).to_owned();
    out.push('…');
    out.push_str(tail(text, room - room / 2));
    Cow::Owned(out)
}

/// `text` with spaces to `columns` columns, at the right or, for numbers, at the left.
#[must_use]
pub fn pad(text: &str, columns: usize, right_aligned: bool) -> String {
    let gap = " ".repeat(columns.saturating_sub(width(text)));
    if right_aligned {
        gap + text
    } else {
        text.to_owned() + &gap
    }
}

fn head(text: &str, columns: usize) -> &str {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += c.width().unwrap_or(0);
        if used > columns {
            return text.get(..at).unwrap_or("");
        }
    }
    text
}

fn tail(text: &str, columns: usize) -> &str {
    let mut used = 0;
    for (at, c) in text.char_indices().rev() {
        used += c.width().unwrap_or(0);
        if used > columns {
            return text.get(at + c.len_utf8()..).unwrap_or("");
        }
    }
    text
}

/// Breaks at spaces; a word that is too long for a line is cut.
#[must_use]
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(cut_middle(word, columns).into_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_never_exceeds_its_columns() {
        for text in [
            "AzureContainerRegistry.WestEurope",
            "東京リージョン",
            "é",
            "",
        ] {
            for columns in 0..40 {
                assert!(
                    width(&cut_middle(text, columns)) <= columns.max(width("")),
                    "{text}"
                );
                assert!(width(&cut_end(text, columns)) <= columns, "{text}");
            }
        }
        assert_eq!(
            cut_middle("AzureContainerRegistry.WestEurope", 13),
            "AzureC…Europe"
        );
        assert_eq!(cut_end("AzureCloud", 6), "Azure…");
    }

    #[test]
    fn numbers_are_padded_at_the_left() {
        assert_eq!(pad("41", 5, true), "   41");
        assert_eq!(pad("41", 5, false), "41   ");
        assert_eq!(pad("toolong", 3, true), "toolong");
    }
}
