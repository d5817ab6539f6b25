//! An explanation for people: plain text, or Markdown for a ticket.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::query::explain::{ExplainAnswer, ExplainExtent, ExplainLine};
use crate::report::{MarkdownPage, Md, bold};
use crate::text::{clean, pad, wrap};

/// Columns of the names of facts.
const NAME: usize = 18;
/// Text is wrapped at this width at most: longer lines are hard to read.
const WIDEST: usize = 100;

/// Writes an explanation as text; sentences are wrapped to `width`, commands never.
///
/// # Errors
/// The writer's.
pub fn write_explained(
    answer: &ExplainAnswer,
    width: Option<usize>,
    has_color: bool,
    out: &mut impl Write,
) -> io::Result<()> {
    let (on, off) = bold(has_color);
    for line in answer.lines(ExplainExtent::Whole) {
        match line {
            ExplainLine::Blank => writeln!(out, "\n")?,
            ExplainLine::Title(text) => writeln!(out, "{on}{}{off}", clean(&text))?,
            ExplainLine::Head(text) => writeln!(out, "\n{on}{text}{off}")?,
            ExplainLine::Command(text) => writeln!(out, "      {}", clean(&text))?,
            line => {
                for text in wrapped(&line, width.map(|width| width.min(WIDEST))) {
                    writeln!(out, "{}", clean(&text))?;
                }
            }
        }
    }
    Ok(())
}

/// A sentence, a fact or an entry with a hanging indent.
fn wrapped(line: &ExplainLine, width: Option<usize>) -> Vec<String> {
    let (head, text): (Cow<'_, str>, &str) = match line {
        ExplainLine::Fact(name, text) => {
            let name = if name.starts_with('<') {
                pad(name, NAME, false)
            } else {
                pad(name, "registry".len(), false)
            };
            (format!("  {name}  ").into(), text)
        }
        ExplainLine::Item(mark, text) => (format!("  {mark} ").into(), text),
        ExplainLine::Title(text) | ExplainLine::Text(text) | ExplainLine::Command(text) => {
            ("  ".into(), text)
        }
        ExplainLine::Head(text) => ("".into(), text),
        ExplainLine::Blank => return vec![String::new()],
    };
    let Some(width) = width else {
        return vec![format!("{head}{text}")];
    };
    let indent = " ".repeat(crate::text::width(&head));
    let room = width.saturating_sub(indent.len()).max(20);
    let mut lines = Vec::new();
    for (place, text) in wrap(text, room).into_iter().enumerate() {
        let start = if place == 0 { head.as_ref() } else { &indent };
        lines.push(format!("{start}{text}"));
    }
    lines
}

/// Writes an explanation as Markdown.
///
/// # Errors
/// The writer's.
pub fn write_explained_markdown(answer: &ExplainAnswer, out: &mut impl Write) -> io::Result<()> {
    let mut page = MarkdownPage::new(out);
    let mut commands: Vec<String> = Vec::new();
    for line in answer.lines(ExplainExtent::Whole) {
        if !commands.is_empty() && !matches!(line, ExplainLine::Command(_) | ExplainLine::Blank) {
            page.code("sh", std::mem::take(&mut commands))?;
        }
        match line {
            ExplainLine::Blank => {}
            ExplainLine::Title(text) => page.heading(2, &Md::text(&text))?,
            ExplainLine::Head(text) => page.heading(3, &Md::text(text))?,
            ExplainLine::Text(text) => page.paragraph(&Md::text(&text))?,
            ExplainLine::Fact("", text) => page.sub_item(&Md::text(&text))?,
            ExplainLine::Fact(name, text) => {
                let name = if name.starts_with('<') {
                    Md::code(name)
                } else {
                    Md::text(name)
                };
                page.item(&(name + ": " + Md::text(&text)))?;
            }
            ExplainLine::Item(mark, text) => match mark.trim_end_matches('.').parse() {
                Ok(number) => page.numbered(number, &Md::text(&text))?,
                Err(_) => page.item(&Md::text(&text))?,
            },
            ExplainLine::Command(text) => commands.push(text),
        }
    }
    if !commands.is_empty() {
        page.code("sh", commands)?;
    }
    Ok(())
}
