//! A verdict as Markdown.

use std::io::{self, Write};

use crate::query::rules::verdict::{VerdictAnswer, VerdictLine};
use crate::report::review::escaped;
use crate::text::clean;

/// Writes a verdict with headings and lists.
///
/// # Errors
/// The writer's.
pub fn write_verdict_markdown(answer: &VerdictAnswer, out: &mut impl Write) -> io::Result<()> {
    let mut was_item = false;
    for line in answer.lines() {
        let (start, text, is_item) = match &line {
            VerdictLine::Title(text) => ("## ", text, false),
            VerdictLine::Head(text) => ("### ", text, false),
            VerdictLine::Text(text) => ("", text, false),
            VerdictLine::Item(text) => ("- ", text, true),
        };
        let goes_on = was_item && is_item;
        if !goes_on && !matches!(line, VerdictLine::Title(_)) {
            writeln!(out)?;
        }
        writeln!(out, "{start}{}", escaped(&clean(text)))?;
        was_item = is_item;
    }
    Ok(())
}
