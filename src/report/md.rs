//! Text that Markdown shows as it is.
//!
//! A name from data reaches Markdown only as [`Md`], and [`Md`] only by a
//! [`MarkdownPage`](crate::report::MarkdownPage): it has no form of its own that could be printed.
//! What is shown is the cleaned text, character for character, in `CommonMark` and in GitHub's
//! dialect: no markup, no link, no entity, no cell and no mention comes of it.

use std::ops::Add;

use crate::text::clean;

/// A piece of one line of Markdown: markup of ours, and text and code of anybody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Md(Vec<MdPiece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum MdPiece {
    Mark(&'static str),
    Text(String),
    Code(String),
}

/// Where a line stands: what begins it may be markup there and nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MdPlace {
    /// A paragraph or an item of a list.
    Line,
    Heading,
    Cell,
}

impl Md {
    /// Text that is shown as it is, cleaned.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self(vec![MdPiece::Text(clean(text).into_owned())])
    }

    /// Code: shown as it is, cleaned.
    #[must_use]
    pub fn code(text: &str) -> Self {
        Self(vec![MdPiece::Code(clean(text).into_owned())])
    }

    /// Markup, or words that are none: a literal, never a name.
    #[must_use]
    pub fn mark(mark: &'static str) -> Self {
        Self(vec![MdPiece::Mark(mark)])
    }

    /// The line, for its place.
    pub(super) fn at(&self, place: MdPlace) -> String {
        let mut out = String::new();
        for (number, piece) in self.0.iter().enumerate() {
            match piece {
                MdPiece::Mark(mark) => out.push_str(mark),
                MdPiece::Code(code) => push_code(code, place, &mut out),
                MdPiece::Text(text) => {
                    let is_last = number + 1 == self.0.len();
                    let next = self.0.get(number + 1);
                    let is_closed =
                        matches!(next, Some(MdPiece::Mark(mark)) if mark.starts_with('*'));
                    push_text(text, place, is_last || is_closed, &mut out);
                }
            }
        }
        out
    }
}

impl From<&'static str> for Md {
    fn from(mark: &'static str) -> Self {
        Self::mark(mark)
    }
}

impl<T: Into<Self>> Add<T> for Md {
    type Output = Self;

    fn add(mut self, other: T) -> Self {
        self.0.extend(other.into().0);
        self
    }
}

/// Text behind what is there already; an outer space would be dropped, and is an entity.
fn push_text(text: &str, place: MdPlace, is_end: bool, out: &mut String) {
    let inner = text.trim_start_matches(' ');
    let spaces = text.len() - inner.len();
    let inner = if is_end {
        inner.trim_end_matches(' ')
    } else {
        inner
    };
    let is_start = out.is_empty() || out.ends_with('*');
    out.push_str(&if is_start { "&#32;" } else { " " }.repeat(spaces));
    let begins_line = place == MdPlace::Line && out.is_empty();
    for (number, word) in inner.split(' ').enumerate() {
        if number > 0 {
            out.push(' ');
        }
        if word.contains('@') {
            push_mentioning(word, out);
        } else {
            push_word(word, begins_line && number == 0, out);
        }
    }
    out.push_str(&"&#32;".repeat(text.len() - spaces - inner.len()));
}

/// A word with each character escaped that could be markup.
fn push_word(word: &str, begins_line: bool, out: &mut String) {
    let digits = word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (mut before, mut two_before, mut three_before) = ('\0', '\0', '\0');
    for (at, c) in word.char_indices() {
        let behind = word.get(at + c.len_utf8()..).unwrap_or_default();
        let is_markup = match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~' | '$' => true,
            // An entity.
            '&' => behind.starts_with(|c: char| c == '#' || c.is_ascii_alphabetic()),
            // An address: such words are links without any markup.
            ':' => behind.starts_with("//"),
            '.' if [three_before, two_before, before].map(|c| c.to_ascii_lowercase())
                == ['w'; 3] =>
            {
                true
            }
            // The number of a list's item.
            '.' | ')' => begins_line && at == digits && digits > 0 && behind.is_empty(),
            // A list, a rule, the line below a heading.
            '-' | '+' | '=' => begins_line && at == 0 && word.chars().all(|other| other == c),
            _ => false,
        };
        if is_markup {
            out.push('\\');
        }
        out.push(c);
        (three_before, two_before, before) = (two_before, before, c);
    }
}

/// A word with an `@`: a mail address or the mention of somebody, whatever is escaped, but in code.
fn push_mentioning(word: &str, out: &mut String) {
    let is_apart = |c: char| matches!(c, '\\' | '|' | '`');
    for part in word.split_inclusive(is_apart) {
        let code = part.trim_end_matches(is_apart);
        if code.contains('@') {
            out.push('`');
            out.push_str(code);
            out.push('`');
        } else {
            push_word(code, false, out);
        }
        push_word(part.get(code.len()..).unwrap_or_default(), false, out);
    }
}

/// Code between more backticks than it has in a row.
fn push_code(code: &str, place: MdPlace, out: &mut String) {
    let is_cell = place == MdPlace::Cell;
    // A cell has one escape before a `|`, and its readers differ about a second.
    if code.is_empty() || is_cell && code.contains("\\|") {
        return push_text(code, place, true, out);
    }
    let fence = fence(code, 1);
    let is_edge = |c: char| c == '`' || c == ' ';
    let is_padded =
        !code.trim().is_empty() && (code.starts_with(is_edge) || code.ends_with(is_edge));
    let pad = if is_padded { " " } else { "" };
    let code = if is_cell {
        code.replace('|', "\\|")
    } else {
        code.to_owned()
    };
    for part in [&fence, pad, &code, pad, &fence] {
        out.push_str(part);
    }
}

/// Backticks, more than `text` has in a row and `least` at least.
pub(super) fn fence(text: &str, least: usize) -> String {
    let runs = text.split(|c| c != '`').map(str::len);
    "`".repeat(runs.max().map_or(least, |longest| least.max(longest + 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(md: &Md) -> String {
        md.at(MdPlace::Line)
    }

    #[test]
    fn ordinary_names_stay_as_they_are() {
        for text in [
            "Storage.WestEurope",
            "2603:1030::/32",
            "what it is: 3 of 4, 50 % (a-b)",
            "a & b",
            "--ipv4 and -x",
            "20.38.0.0/16 + 1",
        ] {
            assert_eq!(line(&Md::text(text)), text);
        }
    }

    #[test]
    fn what_could_be_markup_is_escaped() {
        for (text, expected) in [
            ("<b>_x_|`", r"\<b\>\_x\_\|\`"),
            ("&lt; &#38;", r"\&lt; \&\#38;"),
            ("https://a.example", r"https\://a.example"),
            ("WWW.a.example", r"WWW\.a.example"),
            ("- a", r"\- a"),
            ("12) a", r"12\) a"),
            ("1. a", r"1\. a"),
            ("1.2.3.4", "1.2.3.4"),
            (" a ", "&#32;a&#32;"),
            ("mail a@b.example", "mail `a@b.example`"),
            ("@a|b", r"`@a`\|b"),
            ("a\nb", "a␊b"),
        ] {
            assert_eq!(line(&Md::text(text)), expected);
        }
        assert_eq!(Md::text("1. Web").at(MdPlace::Heading), "1. Web");
    }

    #[test]
    fn code_has_a_fence_longer_than_its_own() {
        for (code, expected) in [
            ("a", "`a`"),
            ("a`b", "``a`b``"),
            ("``", "``` `` ```"),
            (" a ", "`  a  `"),
            ("a|b", "`a|b`"),
        ] {
            assert_eq!(line(&Md::code(code)), expected);
        }
        assert_eq!(Md::code("a|b").at(MdPlace::Cell), r"`a\|b`");
        assert_eq!(Md::code("a\\|b").at(MdPlace::Cell), r"a\\\|b");
    }

    #[test]
    fn pieces_are_one_line() {
        let md = Md::mark("**") + Md::text("a*") + "**: " + Md::code("b");
        assert_eq!(line(&md), r"**a\***: `b`");
    }
}
