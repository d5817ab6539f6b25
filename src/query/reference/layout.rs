//! A topic as lines of a given width, the same on a screen and in a text.

use crate::query::reference::{Grid, Topic};
use crate::text::{pad, width, wrap};

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReferenceLineKind {
    /// The title.
    Title,
    /// A statement, or a part of one.
    Text,
    /// The heads of the table.
    Head,
    /// A row of the table, or a part of one.
    Row,
    /// Where it is from.
    Source,
}

/// A line of a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceLine {
    /// What it is.
    pub kind: ReferenceLineKind,
    /// The words, indented as they are to stand.
    pub text: String,
}

/// Spaces between columns.
const GAP: usize = 2;
/// A column of a table is not made narrower than this.
const LEAST: usize = 12;
const INDENT: usize = 2;

/// Title, statements, table and source, each line at most `columns` wide.
#[must_use]
pub fn lay_out(topic: &Topic, columns: usize) -> Vec<ReferenceLine> {
    let room = columns.saturating_sub(INDENT).max(1);
    let mut lines = wrapped(ReferenceLineKind::Title, &topic.title, columns, 0, 0);
    for statement in &topic.statements {
        let text = format!("{}{}", statement.certainty.prefix(), statement.text);
        lines.extend(wrapped(
            ReferenceLineKind::Text,
            &text,
            room,
            INDENT,
            INDENT,
        ));
    }
    if let Some(grid) = &topic.table {
        lines.extend(lay_out_table(grid, room));
    }
    lines.extend(wrapped(
        ReferenceLineKind::Source,
        &topic.origin(),
        room,
        INDENT,
        INDENT,
    ));
    lines
}

/// A text over as many lines as it takes; the lines after the first stand further right.
fn wrapped(
    kind: ReferenceLineKind,
    text: &str,
    room: usize,
    indent: usize,
    hanging: usize,
) -> Vec<ReferenceLine> {
    let parts = wrap(text, room.saturating_sub(hanging).max(1));
    let line = |(place, part): (usize, String)| {
        let indent = if place == 0 { indent } else { indent + hanging };
        ReferenceLine {
            kind,
            text: format!("{}{part}", " ".repeat(indent)),
        }
    };
    parts.into_iter().enumerate().map(line).collect()
}

/// Columns side by side, long cells over several lines; a sentence a row where even that is too
/// wide.
#[must_use]
pub fn lay_out_table(grid: &Grid, room: usize) -> Vec<ReferenceLine> {
    let Some(widths) = fit(grid, room) else {
        let rows = grid.rows.iter();
        let sentences = rows.flat_map(|row| {
            let text = grid.sentence(row);
            wrapped(ReferenceLineKind::Row, &text, room, INDENT, INDENT)
        });
        return sentences.collect();
    };
    let mut lines = cells(ReferenceLineKind::Head, &grid.columns, &widths);
    for row in &grid.rows {
        lines.extend(cells(ReferenceLineKind::Row, row, &widths));
    }
    lines
}

/// The width of each column, the widest narrowed until all fit; `None` where they cannot.
fn fit(grid: &Grid, room: usize) -> Option<Vec<usize>> {
    let all = std::iter::once(&grid.columns).chain(&grid.rows);
    let mut widths: Vec<usize> = vec![0; grid.columns.len()];
    for row in all {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = (*widest).max(width(cell));
        }
    }
    let gaps = GAP * widths.len().saturating_sub(1);
    while widths.iter().sum::<usize>() + gaps > room {
        let widest = widths.iter_mut().max().filter(|width| **width > LEAST)?;
        *widest -= 1;
    }
    // A word that would have to be cut misleads: host names above all.
    let is_whole = |row: &Vec<String>| {
        let mut cells = row.iter().zip(&widths);
        cells.all(|(cell, &room)| cell.split(' ').all(|word| width(word) <= room))
    };
    grid.rows.iter().all(is_whole).then_some(widths)
}

fn cells(kind: ReferenceLineKind, row: &[String], widths: &[usize]) -> Vec<ReferenceLine> {
    let parts: Vec<Vec<String>> = row
        .iter()
        .zip(widths)
        .map(|(cell, &room)| wrap(cell, room))
        .collect();
    let height = parts.iter().map(Vec::len).max().unwrap_or(0);
    let line = |at: usize| {
        let texts: Vec<String> = parts
            .iter()
            .zip(widths)
            .map(|(part, &room)| pad(part.get(at).map_or("", String::as_str), room, false))
            .collect();
        let text = format!("{}{}", " ".repeat(INDENT), texts.join(&" ".repeat(GAP)));
        ReferenceLine {
            kind,
            text: text.trim_end().to_owned(),
        }
    };
    (0..height).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::reference::Reference;

    #[test]
    fn no_line_is_wider_than_asked_and_no_word_is_cut_from_60_columns_on() {
        for topic in Reference::embedded().topics() {
            for columns in [24, 40, 60, 74, 92, 200] {
                let lines = lay_out(topic, columns);
                for line in &lines {
                    let is_fit = width(&line.text) <= columns;
                    assert!(is_fit, "{columns}: {}", line.text);
                    let is_whole =
                        columns < 60 || !line.text.contains('…') || line.text.contains("sha256");
                    assert!(is_whole, "{columns}: {}", line.text);
                }
            }
        }
    }

    #[test]
    fn a_table_that_does_not_fit_is_told_in_sentences() {
        let reference = Reference::embedded();
        let tiers = reference.topic("tiers").unwrap();
        let rows = |columns: usize| -> Vec<String> {
            let lines = lay_out(tiers, columns).into_iter();
            let rows = lines.filter(|line| line.kind == ReferenceLineKind::Row);
            rows.map(|line| line.text.trim().to_owned()).collect()
        };
        assert!(
            rows(80).contains(&"webhooks                          2      10        500".to_owned())
                || rows(80).iter().any(|row| row.starts_with("webhooks  "))
        );
        assert!(
            rows(30)
                .iter()
                .any(|row| row.starts_with("webhooks: Basic 2"))
        );
    }
}
