//! What the reading overlay unfolds: facts about registries, or runbooks.

use crate::query::reference::{self, ReferenceLineKind, Topic, lay_out};
use crate::query::runbook::{self, Inputs, LineKind, Runbook, make};
use crate::text::{matches_words, wrap};
use crate::tui::view::PatchChapter;

/// Copies are laid out as if lines had no end: whoever gets them breaks them.
const COPIED: usize = 10_000;

/// A list of chapters that can be searched.
#[derive(Debug)]
pub enum Book {
    /// Facts about registries.
    Facts(reference::Reference),
    /// Sequences of commands for one registry.
    Runbooks(Vec<Runbook>),
    /// The changes that put rules right.
    Patch {
        /// Between which weeks.
        title: String,
        /// The changes, set by set.
        chapters: Vec<PatchChapter>,
    },
}

/// A chapter.
#[derive(Debug, Clone, Copy)]
pub enum Chapter<'a> {
    /// Facts.
    Topic(&'a Topic),
    /// Commands.
    Runbook(&'a Runbook),
    /// Changes.
    Patch(&'a PatchChapter),
}

impl Book {
    /// The facts that come with the program.
    pub fn facts() -> Self {
        Self::Facts(reference::Reference::embedded())
    }

    /// Every runbook, filled in with what is known.
    pub fn runbooks(inputs: &Inputs) -> Self {
        let kinds = runbook::RunbookKind::ALL.into_iter();
        Self::Runbooks(kinds.map(|kind| make(kind, inputs)).collect())
    }

    /// The title of the overlay, and what its search looks at.
    pub fn titles(&self) -> (&str, &'static str) {
        match self {
            Self::Facts(_) => (
                "Reference: container registries",
                "/ searches: all words, in titles, facts and tables",
            ),
            Self::Runbooks(_) => (
                "Runbooks: commands for this registry",
                "/ searches: all words, in titles, notes and commands",
            ),
            Self::Patch { title, .. } => (title, "/ searches; y copies one, Y all of them"),
        }
    }

    /// Chapters with all these words, or all of them.
    pub fn search(&self, words: &str) -> Vec<Chapter<'_>> {
        match self {
            Self::Facts(facts) => facts
                .search(words)
                .into_iter()
                .map(Chapter::Topic)
                .collect(),
            Self::Runbooks(books) => {
                let words = words.to_lowercase();
                let has_words = |book: &&Runbook| {
                    let script = book.script();
                    words.trim().is_empty() || matches_words(&words, &[book.id(), &script])
                };
                let found = books.iter().filter(has_words);
                found.map(Chapter::Runbook).collect()
            }
            Self::Patch { chapters, .. } => {
                let has_words = |chapter: &&PatchChapter| {
                    words.trim().is_empty() || matches_words(words, &[&chapter.script()])
                };
                let found = chapters.iter().filter(has_words);
                found.map(Chapter::Patch).collect()
            }
        }
    }
}

impl<'a> Chapter<'a> {
    /// A short name.
    pub fn id(self) -> &'a str {
        match self {
            Self::Topic(topic) => &topic.id,
            Self::Runbook(book) => book.id(),
            Self::Patch(chapter) => &chapter.title,
        }
    }

    /// The heading.
    pub fn title(self) -> &'a str {
        match self {
            Self::Topic(topic) => &topic.title,
            Self::Runbook(book) => book.kind.title(),
            Self::Patch(chapter) => &chapter.title,
        }
    }

    /// The lines, of at most `room` columns; the first is the title.
    pub fn lines(self, room: usize) -> Vec<(ReferenceLineKind, String)> {
        match self {
            Self::Topic(topic) => {
                let lines = lay_out(topic, room).into_iter();
                lines.map(|line| (line.kind, line.text)).collect()
            }
            Self::Runbook(book) => {
                let mut lines = Vec::new();
                for line in book.lines() {
                    let (kind, indent) = match line.kind {
                        LineKind::Title => (ReferenceLineKind::Title, ""),
                        LineKind::Step => (ReferenceLineKind::Head, ""),
                        LineKind::Command => (ReferenceLineKind::Row, "    "),
                        LineKind::Note | LineKind::Placeholder => (ReferenceLineKind::Source, "  "),
                        LineKind::Text | LineKind::Blank => (ReferenceLineKind::Text, ""),
                    };
                    // A command is shown as it is; a wrapped one would be another.
                    if line.kind == LineKind::Command || line.text.is_empty() {
                        lines.push((kind, format!("{indent}{}", line.text)));
                        continue;
                    }
                    let wrapped = wrap(&line.text, room.saturating_sub(indent.len()).max(10));
                    lines.extend(
                        wrapped
                            .into_iter()
                            .map(|text| (kind, format!("{indent}{text}"))),
                    );
                }
                lines
            }
            Self::Patch(chapter) => {
                let mut lines = vec![(ReferenceLineKind::Title, chapter.title.clone())];
                let mut say = |kind, text: &str| {
                    let texts = wrap(text, room.saturating_sub(4).max(10)).into_iter();
                    lines.extend(texts.enumerate().map(|(row, text)| {
                        let indent = if row == 0 { "  " } else { "    " };
                        (kind, format!("{indent}{text}"))
                    }));
                };
                for note in &chapter.notes {
                    say(ReferenceLineKind::Source, note);
                }
                for line in chapter.commands.iter().chain(&chapter.lines) {
                    say(ReferenceLineKind::Row, line);
                }
                lines
            }
        }
    }

    /// What a copy is: the facts as text, the commands as a script.
    pub fn copied(self) -> String {
        match self {
            Self::Topic(topic) => {
                let lines = lay_out(topic, COPIED).into_iter();
                let lines: Vec<String> = lines.map(|line| line.text).collect();
                lines.join("\n")
            }
            Self::Runbook(book) => book.script(),
            Self::Patch(chapter) => chapter.script(),
        }
    }
}
