//! A runbook as lines for a screen, and as a script.

use crate::query::runbook::{Runbook, RunbookKind, RunbookStep, Site};
use crate::text::{clean, width as columns, wrap};

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LineKind {
    /// The title.
    Title,
    /// When to take it, and what to fill in.
    Text,
    /// A placeholder and what belongs there.
    Placeholder,
    /// A step: its number, what it does, where.
    Step,
    /// What the step needs, and what to know.
    Note,
    /// A command, or a part of one.
    Command,
    /// Nothing.
    Blank,
}

/// A line of a runbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunbookLine {
    /// What it is.
    pub kind: LineKind,
    /// The words, without hazards; notes and texts are not wrapped.
    pub text: String,
}

/// Comments are not wider than this.
const WIDTH: usize = 78;

impl Runbook {
    /// The runbook line by line, for a screen that wraps what is long.
    #[must_use]
    pub fn lines(&self) -> Vec<RunbookLine> {
        let mut lines = Vec::new();
        let mut push = |kind, text: &str| {
            lines.push(RunbookLine {
                kind,
                text: clean(text).into_owned(),
            });
        };
        push(LineKind::Title, self.kind.title());
        push(LineKind::Text, &format!("When: {}", self.kind.when()));
        if self.site() != Site::Admin {
            push(LineKind::Text, &format!("Run it {}.", self.site().words()));
        }
        if !self.placeholders.is_empty() {
            push(LineKind::Text, "Fill in before you run it:");
        }
        for placeholder in &self.placeholders {
            let text = format!("{} {}", placeholder.name, placeholder.what);
            push(LineKind::Placeholder, &text);
        }
        for (place, step) in self.steps.iter().enumerate() {
            push(LineKind::Blank, "");
            push(LineKind::Step, &self.heading(place, step));
            for note in notes(step) {
                push(LineKind::Note, &note);
            }
            for line in step.commands.iter().flat_map(|command| command.lines()) {
                push(LineKind::Command, line);
            }
        }
        lines
    }

    fn heading(&self, place: usize, step: &RunbookStep) -> String {
        let number = place + 1;
        let site = match step.site {
            site if site == self.site() => String::new(),
            site => format!(", {}", site.words()),
        };
        format!("{number}. {}{site}", step.what)
    }

    /// The runbook as a script for a POSIX shell: it stops at the first command that fails, in a
    /// terminal too, but for a diagnosis, and what is to be run elsewhere is a comment.
    #[must_use]
    pub fn script(&self) -> String {
        let mut out = "#!/usr/bin/env bash\n".to_owned();
        let has_commands = self
            .steps
            .iter()
            .any(|step| step.site == self.site() && !step.commands.is_empty());
        let mut is_open = false;
        for line in self.marked() {
            match line {
                (LineKind::Blank, _, _) => {
                    out.push('\n');
                    if has_commands && !is_open {
                        // A subshell: a failure ends it, and not the terminal that it is pasted in.
                        out.push_str(match self.kind {
                            // What fails there is an answer too, and the next one is wanted.
                            RunbookKind::Verify => "(\n",
                            _ => "(\nset -e\n\n",
                        });
                        is_open = true;
                    }
                }
                (LineKind::Command, text, true) => {
                    out.push_str(&text);
                    out.push('\n');
                }
                (LineKind::Command, text, false) => comment(&mut out, "   ", &text, usize::MAX),
                (LineKind::Placeholder, text, _) => comment(&mut out, "  ", &text, WIDTH),
                (LineKind::Note, text, _) => comment(&mut out, "   ", &text, WIDTH),
                (_, text, _) => comment(&mut out, "", &text, WIDTH),
            }
        }
        if is_open {
            out.push_str("\n)\n");
        }
        out
    }

    /// Each line with whether it belongs to a step that is run here.
    fn marked(&self) -> Vec<(LineKind, String, bool)> {
        let mut steps = self.steps.iter();
        let mut is_here = true;
        let lines = self.lines().into_iter();
        let marked = lines.map(|line| {
            if line.kind == LineKind::Step {
                is_here = steps.next().is_some_and(|step| step.site == self.site());
            }
            (line.kind, line.text, is_here)
        });
        marked.collect()
    }
}

/// What it needs, then what to know.
fn notes(step: &RunbookStep) -> Vec<String> {
    let needs = (!step.needs.is_empty()).then(|| format!("Needs {}.", step.needs));
    needs
        .into_iter()
        .chain(step.notes.iter().cloned())
        .collect()
}

/// A comment, over several lines where it is long.
fn comment(out: &mut String, indent: &str, text: &str, width: usize) {
    let room = width.saturating_sub(2 + indent.len());
    // A host name or an ID that is too long for the line stays whole.
    let is_breakable = text.split(' ').all(|word| columns(word) <= room);
    let parts = if width < usize::MAX && is_breakable {
        wrap(text, room)
    } else {
        vec![text.to_owned()]
    };
    for part in parts {
        out.push_str("# ");
        out.push_str(indent);
        out.push_str(&part);
        out.push('\n');
    }
}
