//! An explanation for people: plain text, or Markdown for a ticket.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::query::explain::{ExplainAnswer, ExplainExtent, ExplainLine};
use crate::report::bold;
use crate::report::review::escaped;
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
    let mut before = None;
    for line in answer.lines(ExplainExtent::Whole) {
        let (block, text) = marked(&line);
        if before == Some(TextBlock::Code) && block != TextBlock::Code {
            writeln!(out, "```")?;
        }
        let goes_on = before == Some(block) && matches!(block, TextBlock::List | TextBlock::Code);
        if !goes_on && before.is_some() && block != TextBlock::Nothing {
            writeln!(out)?;
        }
        if block == TextBlock::Code && !goes_on {
            writeln!(out, "```sh")?;
        }
        if block != TextBlock::Nothing {
            writeln!(out, "{text}")?;
            before = Some(block);
        }
    }
    if before == Some(TextBlock::Code) {
        writeln!(out, "```")?;
    }
    Ok(())
}

/// What a line is a part of in Markdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TextBlock {
    Text,
    List,
    Code,
    Nothing,
}

fn marked(line: &ExplainLine) -> (TextBlock, String) {
    let shown = |text: &str| escaped(&clean(text)).into_owned();
    match line {
        ExplainLine::Blank => (TextBlock::Nothing, String::new()),
        ExplainLine::Title(text) => (TextBlock::Text, format!("## {}", shown(text))),
        ExplainLine::Head(text) => (TextBlock::Text, format!("### {text}")),
        ExplainLine::Text(text) => (TextBlock::Text, shown(text)),
        ExplainLine::Fact("", text) => (TextBlock::List, format!("  - {}", shown(text))),
        ExplainLine::Fact(name, text) if name.starts_with('<') => {
            (TextBlock::List, format!("- `{name}`: {}", shown(text)))
        }
        ExplainLine::Fact(name, text) => (TextBlock::List, format!("- {name}: {}", shown(text))),
        ExplainLine::Item(mark, text) => (TextBlock::List, format!("{mark} {}", shown(text))),
        ExplainLine::Command(text) => (TextBlock::Code, clean(text).into_owned()),
    }
}
