//! A runbook for a ticket or a page.

use std::io::{self, Write};

use crate::query::runbook::{Runbook, Site};
use crate::text::clean;

/// Writes headings, notes as lists, and each step's commands in a block of their own.
///
/// # Errors
/// The writer's.
pub fn write_runbook(runbook: &Runbook, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "## {}\n", runbook.kind.title())?;
    writeln!(out, "When: {}", runbook.kind.when())?;
    if !runbook.placeholders.is_empty() {
        writeln!(out, "\nFill in before you run it:\n")?;
    }
    for placeholder in &runbook.placeholders {
        writeln!(out, "- `{}`: {}", placeholder.name, placeholder.what)?;
    }
    for (place, step) in runbook.steps.iter().enumerate() {
        let site = match step.site {
            Site::Admin => String::new(),
            site => format!(" ({})", site.words()),
        };
        writeln!(out, "\n### {}. {}{site}\n", place + 1, step.what)?;
        if !step.needs.is_empty() {
            writeln!(out, "- Needs {}.", step.needs)?;
        }
        for note in &step.notes {
            writeln!(out, "- {}", escaped(note))?;
        }
        if !step.commands.is_empty() {
            writeln!(out, "\n```sh")?;
            for line in step.commands.iter().flat_map(|command| command.lines()) {
                writeln!(out, "{}", clean(line))?;
            }
            writeln!(out, "```")?;
        }
    }
    Ok(())
}

/// What Markdown would read as emphasis or as a tag.
fn escaped(text: &str) -> String {
    let text = clean(text);
    text.replace('\\', "\\\\")
        .replace('*', "\\*")
        .replace('<', "\\<")
        .replace('`', "\\`")
}
