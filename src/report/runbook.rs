//! A runbook for a ticket or a page.

use std::io::{self, Write};

use crate::query::runbook::{Runbook, Site};
use crate::report::{MarkdownPage, Md};

/// Writes headings, notes as lists, and each step's commands in a block of their own.
///
/// # Errors
/// The writer's.
pub fn write_runbook(runbook: &Runbook, out: &mut impl Write) -> io::Result<()> {
    let mut page = MarkdownPage::new(out);
    page.heading(2, &Md::text(runbook.kind.title()))?;
    page.paragraph(&(Md::mark("When: ") + Md::text(runbook.kind.when())))?;
    if !runbook.placeholders.is_empty() {
        page.paragraph(&Md::mark("Fill in before you run it:"))?;
    }
    for placeholder in &runbook.placeholders {
        page.item(&(Md::code(placeholder.name) + ": " + Md::text(placeholder.what)))?;
    }
    for (place, step) in runbook.steps.iter().enumerate() {
        let site = match step.site {
            Site::Admin => String::new(),
            site => format!(" ({})", site.words()),
        };
        let title = format!("{}. {}{site}", place + 1, step.what);
        page.heading(3, &Md::text(&title))?;
        if !step.needs.is_empty() {
            page.item(&(Md::mark("Needs ") + Md::text(step.needs) + "."))?;
        }
        for note in &step.notes {
            page.item(&Md::text(note))?;
        }
        if !step.commands.is_empty() {
            let lines = step.commands.iter().flat_map(|command| command.lines());
            page.code("sh", lines)?;
        }
    }
    Ok(())
}
