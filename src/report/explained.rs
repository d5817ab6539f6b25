//! An explanation for people: plain text, or Markdown for a ticket.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::query::explain::{Answer, Extent, Line};
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
    answer: &Answer,
    width: Option<usize>,
    has_color: bool,
    out: &mut impl Write,
) -> io::Result<()> {
    let (on, off) = bold(has_color);
    for line in answer.lines(Extent::Whole) {
        match line {
            Line::Blank => writeln!(out, "\n")?,
            Line::Title(text) => writeln!(out, "{on}{}{off}", clean(&text))?,
            Line::Head(text) => writeln!(out, "\n{on}{text}{off}")?,
            Line::Command(text) => writeln!(out, "      {}", clean(&text))?,
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
fn wrapped(line: &Line, width: Option<usize>) -> Vec<String> {
    let (head, text): (Cow<'_, str>, &str) = match line {
        Line::Fact(name, text) => {
            let name = if name.starts_with('<') {
                pad(name, NAME, false)
            } else {
                pad(name, "registry".len(), false)
            };
            (format!("  {name}  ").into(), text)
        }
        Line::Item(mark, text) => (format!("  {mark} ").into(), text),
        Line::Title(text) | Line::Text(text) | Line::Command(text) => ("  ".into(), text),
        Line::Head(text) => ("".into(), text),
        Line::Blank => return vec![String::new()],
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
pub fn write_explained_markdown(answer: &Answer, out: &mut impl Write) -> io::Result<()> {
    let mut before = None;
    for line in answer.lines(Extent::Whole) {
        let (block, text) = marked(&line);
        if before == Some(Block::Code) && block != Block::Code {
            writeln!(out, "```")?;
        }
        let goes_on = before == Some(block) && matches!(block, Block::List | Block::Code);
        if !goes_on && before.is_some() && block != Block::Nothing {
            writeln!(out)?;
        }
        if block == Block::Code && !goes_on {
            writeln!(out, "```sh")?;
        }
        if block != Block::Nothing {
            writeln!(out, "{text}")?;
            before = Some(block);
        }
    }
    if before == Some(Block::Code) {
        writeln!(out, "```")?;
    }
    Ok(())
}

/// What a line is a part of in Markdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    Text,
    List,
    Code,
    Nothing,
}

fn marked(line: &Line) -> (Block, String) {
    let shown = |text: &str| escaped(&clean(text)).into_owned();
    match line {
        Line::Blank => (Block::Nothing, String::new()),
        Line::Title(text) => (Block::Text, format!("## {}", shown(text))),
        Line::Head(text) => (Block::Text, format!("### {text}")),
        Line::Text(text) => (Block::Text, shown(text)),
        Line::Fact("", text) => (Block::List, format!("  - {}", shown(text))),
        Line::Fact(name, text) if name.starts_with('<') => {
            (Block::List, format!("- `{name}`: {}", shown(text)))
        }
        Line::Fact(name, text) => (Block::List, format!("- {name}: {}", shown(text))),
        Line::Item(mark, text) => (Block::List, format!("{mark} {}", shown(text))),
        Line::Command(text) => (Block::Code, clean(text).into_owned()),
    }
}
