//! What a page is made of: the part of Markdown that the guide is written in.

use crate::query::reference::Grid;

/// A block of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block<'a> {
    /// A heading, 1 for the page's own.
    Heading {
        /// How deep it stands.
        level: usize,
        /// The words.
        text: &'a str,
    },
    /// A paragraph or an item of a list, its lines joined.
    Text {
        /// `- ` or `1. ` of an item, nothing of a paragraph.
        mark: &'a str,
        /// The words, with their marks.
        text: String,
    },
    /// Lines as they stand.
    Code(Vec<&'a str>),
    /// A table, its cells with their marks.
    Table(Grid),
}

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Words.
    Words(&'a str),
    /// What is typed or shown as it is.
    Code(&'a str),
}

/// The blocks of a page. Comments, which are for tests, are left out.
#[must_use]
pub fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut lines = page.lines().peekable();
    while let Some(line) = lines.next() {
        if line.trim().is_empty() || line.starts_with("<!--") {
            continue;
        }
        if line.starts_with("```") {
            let is_inside = |line: &&str| !line.starts_with("```");
            let code = std::iter::from_fn(|| lines.next_if(is_inside)).collect();
            lines.next();
            blocks.push(Block::Code(code));
        } else if line.starts_with('#') {
            let text = line.trim_start_matches('#');
            blocks.push(Block::Heading {
                level: line.len() - text.len(),
                text: text.trim(),
            });
        } else if line.starts_with('|') {
            let is_row = |line: &&str| line.starts_with('|');
            let rows = std::iter::from_fn(|| lines.next_if(is_row)).skip(1);
            blocks.push(Block::Table(Grid {
                columns: cells(line),
                rows: rows.map(cells).collect(),
            }));
        } else {
            let (mark, first) = line.split_at(mark(line));
            let mut text = first.to_owned();
            while let Some(more) = lines.next_if(|line| goes_on(line)) {
                text.push(' ');
                text.push_str(more.trim_start());
            }
            blocks.push(Block::Text { mark, text });
        }
    }
    blocks
}

/// Whether a line belongs to the paragraph before it.
fn goes_on(line: &str) -> bool {
    let begins = ["```", "#", "|", "<!--"].map(|begin| line.starts_with(begin));
    !line.trim().is_empty() && mark(line) == 0 && begins.iter().all(|begins| !begins)
}

/// Bytes of what makes a line an item of a list.
fn mark(line: &str) -> usize {
    if line.starts_with("- ") {
        return 2;
    }
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = line.len() - rest.len();
    if digits > 0 && rest.starts_with(". ") {
        digits + 2
    } else {
        0
    }
}

/// The cells of a row; `\|` is a bar inside of one.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut was_backslash = false;
    for c in line.trim().trim_matches('|').chars() {
        match (c, cells.last_mut()) {
            ('|', Some(cell)) if was_backslash => {
                cell.pop();
                cell.push(c);
            }
            ('|', _) => cells.push(String::new()),
            (c, Some(cell)) => cell.push(c),
            (_, None) => {}
        }
        was_backslash = c == '\\';
    }
    cells
        .into_iter()
        .map(|cell| cell.trim().to_owned())
        .collect()
}

/// The parts of a text, without the marks of emphasis; of a link its words.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    for (place, part) in text.split('`').enumerate() {
        if place % 2 == 1 {
            pieces.push(Piece::Code(part));
        } else {
            words(part, text.contains("]("), &mut pieces);
        }
    }
    pieces.retain(|piece| !matches!(piece, Piece::Words("")));
    pieces
}

fn words<'a>(text: &'a str, has_links: bool, pieces: &mut Vec<Piece<'a>>) {
    let mut rest = text;
    while let Some(place) = rest.find(['*', '[', ']', '\\']) {
        let (before, behind) = rest.split_at(place);
        pieces.push(Piece::Words(before));
        let mut chars = behind.chars();
        let c = chars.next();
        rest = chars.as_str();
        match c {
            // The end of a link's words: its target follows.
            Some(']') => {
                if let Some((_, after)) = rest.strip_prefix('(').and_then(|it| it.split_once(')')) {
                    rest = after;
                } else {
                    pieces.push(Piece::Words("]"));
                }
            }
            Some('[') if !has_links => pieces.push(Piece::Words("[")),
            Some('\\') => {
                let next = rest.chars().next().map_or(0, char::len_utf8);
                let (escaped, after) = rest.split_at(next);
                pieces.push(Piece::Words(escaped));
                rest = after;
            }
            _ => {}
        }
    }
    pieces.push(Piece::Words(rest));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_block_by_block() {
        let page = "# A\n\n<!-- for a test -->\ntwo\nlines\n- an item\n  goes on\n2. b\n\n```sh\n# c\n\n```\n\
                    | x | `a\\|b` |\n|---|---|\n| 1 | 2 |\n";
        let text = |mark, text: &str| Block::Text {
            mark,
            text: text.to_owned(),
        };
        let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        assert_eq!(
            blocks(page),
            [
                Block::Heading {
                    level: 1,
                    text: "A"
                },
                text("", "two lines"),
                text("- ", "an item goes on"),
                text("2. ", "b"),
                Block::Code(vec!["# c", ""]),
                Block::Table(Grid {
                    columns: row(["x", "`a|b`"]),
                    rows: vec![row(["1", "2"])],
                }),
            ]
        );
    }

    #[test]
    fn marks_are_left_out_and_code_stays_as_it_is() {
        let said = |text| {
            let said = |piece: &Piece<'_>| match piece {
                Piece::Words(text) => (*text).to_owned(),
                Piece::Code(text) => format!("<{text}>"),
            };
            pieces(text).iter().map(said).collect::<String>()
        };
        assert_eq!(said("**Bold.** *one* `*a*` b"), "Bold. one <*a*> b");
        assert_eq!(said("see [*Rules*](rules.md#x), then"), "see Rules, then");
        assert_eq!(said("[`a`](b.md) c"), "<a> c");
        assert_eq!(said("`[assumed]` [x] \\*"), "<[assumed]> [x] *");
    }
}
