//! Topics of the reference for a ticket or a page.

use std::io::{self, Write};

use crate::query::Align;
use crate::query::reference::Topic;
use crate::report::{MarkdownPage, Md};

/// Writes each topic as a section: statements as a list, the table, the source.
///
/// # Errors
/// The writer's.
pub fn write_topics(topics: &[&Topic], out: &mut impl Write) -> io::Result<()> {
    let mut page = MarkdownPage::new(out);
    for topic in topics {
        page.heading(2, &Md::text(&topic.title))?;
        for statement in &topic.statements {
            let certainty = Md::mark(statement.certainty.prefix());
            page.item(&(certainty + Md::text(&statement.text)))?;
        }
        if let Some(grid) = &topic.table {
            let heads = grid.columns.iter();
            page.head(heads.map(|head| (Md::text(head), Align::Left)))?;
            for row in &grid.rows {
                page.row(row.iter().map(|cell| Md::text(cell)))?;
            }
        }
        page.paragraph(&(Md::text(&topic.origin()) + "."))?;
    }
    Ok(())
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
