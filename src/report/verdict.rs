//! A verdict as Markdown.

use std::io::{self, Write};

use crate::query::rules::verdict::{VerdictAnswer, VerdictLine};
use crate::report::{MarkdownPage, Md};

/// Writes verdicts with headings and lists.
///
/// # Errors
/// The writer's.
pub fn write_verdict_markdown(answers: &[VerdictAnswer], out: &mut impl Write) -> io::Result<()> {
    let mut page = MarkdownPage::new(out);
    for line in answers.iter().flat_map(VerdictAnswer::lines) {
        match &line {
            VerdictLine::Title(text) => page.heading(2, &Md::text(text))?,
            VerdictLine::Head(text) => page.heading(3, &Md::text(text))?,
            VerdictLine::Text(text) => page.paragraph(&Md::text(text))?,
            VerdictLine::Item(text) => page.item(&Md::text(text))?,
        }
    }
    Ok(())
}
