//! One field of a line.

use std::ops::Range;

use memchr::memchr_iter;

/// The field of a line whose addresses count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pick {
    /// From 0.
    pub place: usize,
    /// What separates fields; runs of spaces and tabs where nothing is given.
    pub delimiter: Option<u8>,
}

impl Pick {
    /// Where the field stands in a line; nowhere where the line has fewer.
    #[must_use]
    pub fn cell(&self, line: &[u8]) -> Range<usize> {
        let end = line.len()
            - line
                .iter()
                .rev()
                .take_while(|b| matches!(b, b'\n' | b'\r'))
                .count();
        let line = line.get(..end).unwrap_or_default();
        let none = end..end;
        if let Some(delimiter) = self.delimiter {
            let mut ends = memchr_iter(delimiter, line);
            let start = match self.place.checked_sub(1) {
                None => 0,
                Some(before) => match ends.nth(before) {
                    Some(at) => at + 1,
                    None => return none,
                },
            };
            return start..ends.next().unwrap_or(end);
        }
        let mut at = 0;
        for place in 0..=self.place {
            let rest = line.get(at..).unwrap_or_default();
            let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
            let Some(blank) = rest.iter().position(|byte| !is_blank(byte)) else {
                return none;
            };
            let start = at + blank;
            let rest = line.get(start..).unwrap_or_default();
            at = start + rest.iter().position(is_blank).unwrap_or(rest.len());
            if place == self.place {
                return start..at;
            }
        }
        none
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_by_its_place() {
        let cell = |place, delimiter, line: &'static str| {
            let pick = Pick { place, delimiter };
            &line[pick.cell(line.as_bytes())]
        };
        assert_eq!(cell(0, None, "  a\t b  c\n"), "a");
        assert_eq!(cell(2, None, "  a\t b  c\r\n"), "c");
        assert_eq!(cell(3, None, "a b c\n"), "");
        assert_eq!(cell(1, Some(b','), "a,,c\n"), "");
        assert_eq!(cell(2, Some(b','), "a,,c\n"), "c");
        assert_eq!(cell(0, Some(b','), ""), "");
    }
}
