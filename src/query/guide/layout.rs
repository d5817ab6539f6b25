//! A page as lines of a terminal.

use crate::query::guide::{Block, Piece, blocks, pieces};
use crate::query::reference::{Grid, lay_out_table};
use crate::text::{width, wrap};

/// A line of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuideLine {
    /// Whether it is a heading.
    pub is_heading: bool,
    /// The words.
    pub text: String,
}

/// Lines of code stand this far to the right.
const INDENT: &str = "  ";

/// A page in so many columns. Code stands as it is, however wide.
#[must_use]
pub fn lay_out(page: &str, columns: usize) -> Vec<GuideLine> {
    let mut lines: Vec<GuideLine> = Vec::new();
    let mut was_item = false;
    for block in blocks(page) {
        let is_item = matches!(block, Block::Text { mark, .. } if !mark.is_empty());
        let is_below_another = is_item && was_item;
        if !lines.is_empty() && !is_below_another {
            lines.push(text(String::new()));
        }
        was_item = is_item;
        match block {
            Block::Heading { text, .. } => lines.push(GuideLine {
                is_heading: true,
                text: plain(text),
            }),
            Block::Text { mark, text } => lines.extend(wrapped(mark, &plain(&text), columns)),
            Block::Code(code) => {
                let code = code.into_iter();
                lines.extend(code.map(|line| text(format!("{INDENT}{line}"))));
            }
            Block::Table(grid) => {
                let rows = lay_out_table(&plain_grid(&grid), columns.saturating_sub(INDENT.len()))
                    .into_iter();
                lines.extend(rows.map(|row| text(row.text)));
            }
        }
    }
    lines
}

const fn text(text: String) -> GuideLine {
    GuideLine {
        is_heading: false,
        text,
    }
}

/// A text over as many lines as it takes, below its first word.
fn wrapped(mark: &str, words: &str, columns: usize) -> impl Iterator<Item = GuideLine> {
    let hanging = width(mark);
    let lines = wrap(words, columns.saturating_sub(hanging).max(1));
    lines.into_iter().enumerate().map(move |(place, line)| {
        let before = if place == 0 {
            mark.to_owned()
        } else {
            " ".repeat(hanging)
        };
        text(before + &line)
    })
}

/// A text without marks but those of code, which say where it begins and ends.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for piece in pieces(text) {
        match piece {
            Piece::Words(words) => plain.push_str(words),
            Piece::Code(code) => plain.extend(["`", code, "`"]),
        }
    }
    plain
}

/// The same of each cell.
fn plain_grid(grid: &Grid) -> Grid {
    let row = |row: &Vec<String>| row.iter().map(|cell| plain(cell)).collect();
    Grid {
        columns: row(&grid.columns),
        rows: grid.rows.iter().map(row).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_laid_out_in_the_room_there_is() {
        let page = "# A page\n\nSome words of a paragraph\nthat goes on.\n- one item of many words\n- two\n\n\
                    ```\n$ tagscope lookup 20.38.116.38 20.38.116.39\n```\n";
        let lines = lay_out(page, 20);
        let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "A page",
                "",
                "Some words of a",
                "paragraph that goes",
                "on.",
                "",
                "- one item of many",
                "  words",
                "- two",
                "",
                "  $ tagscope lookup 20.38.116.38 20.38.116.39",
            ]
        );
        assert!(lines[0].is_heading && !lines[2].is_heading);
    }
}
