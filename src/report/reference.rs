//! Topics of the reference for a ticket or a page.

use std::io::{self, Write};

use crate::query::reference::{Grid, Topic};

/// Writes each topic as a section: statements as a list, the table, the source.
///
/// # Errors
/// The writer's.
pub fn write_topics(topics: &[&Topic], out: &mut impl Write) -> io::Result<()> {
    for (place, topic) in topics.iter().enumerate() {
        if place > 0 {
            writeln!(out)?;
        }
        writeln!(out, "## {}\n", escaped(&topic.title))?;
        for statement in &topic.statements {
            let text = escaped(&statement.text);
            writeln!(out, "- {}{text}", statement.certainty.prefix())?;
        }
        if let Some(grid) = &topic.table {
            write_grid(grid, out)?;
        }
        writeln!(out, "\n{}.", escaped(&topic.origin()))?;
    }
    Ok(())
}

fn write_grid(grid: &Grid, out: &mut impl Write) -> io::Result<()> {
    let line = |cells: &[String]| {
        let cells = cells.iter().map(|cell| format!(" {} |", escaped(cell)));
        format!("|{}", cells.collect::<String>())
    };
    writeln!(out, "\n{}", line(&grid.columns))?;
    writeln!(out, "|{}", "---|".repeat(grid.columns.len()))?;
    for row in &grid.rows {
        writeln!(out, "{}", line(row))?;
    }
    Ok(())
}

/// What Markdown would read as emphasis or as the end of a cell.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '*' | '|' | '`') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::reference::Reference;

    #[test]
    fn a_topic_is_a_section_with_its_table_and_source() {
        let reference = Reference::embedded();
        let mut bytes = Vec::new();
        write_topics(&reference.asked("dns-names"), &mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.starts_with("## Kinds of DNS names"), "{text}");
        assert!(text.contains("| storage | \\*.blob.core.windows.net |"));
        assert!(text.contains("\n|---|---|---|---|\n"));
        assert!(text.ends_with("; as of 2026-08-20.\n"));
    }
}
