//! A verdict as Markdown.

use std::io::{self, Write};

use crate::query::rules::verdict::{Answer, Line};
use crate::report::review::escaped;
use crate::text::clean;

/// Writes a verdict with headings and lists.
///
/// # Errors
/// The writer's.
pub fn write_verdict_markdown(answer: &Answer, out: &mut impl Write) -> io::Result<()> {
    let mut was_item = false;
    for line in answer.lines() {
        let (start, text, is_item) = match &line {
            Line::Title(text) => ("## ", text, false),
            Line::Head(text) => ("### ", text, false),
            Line::Text(text) => ("", text, false),
            Line::Item(text) => ("- ", text, true),
        };
        let goes_on = was_item && is_item;
        if !goes_on && !matches!(line, Line::Title(_)) {
            writeln!(out)?;
        }
        writeln!(out, "{start}{}", escaped(&clean(text)))?;
        was_item = is_item;
    }
    Ok(())
}
