//! A book over a view: a list of chapters that unfold.

use std::collections::BTreeSet;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::query::reference::ReferenceLineKind;
use crate::query::runbook::Inputs;
use crate::text::pad;
use crate::tui::component::{Component, Cx, Keep, Layer, Look, News, Reply, Taken};
use crate::tui::overlay::book::{Book, Chapter};
use crate::tui::overlay::reading::{Clicked, Page, Reading, clicked, columns, height};
use crate::tui::view::PatchChapter;
use crate::tui::{Chord, Command, Mouse, Outcome, Place, Theme};

/// The reference or the runbooks over a view.
#[derive(Debug)]
pub struct Reference {
    book: Book,
    reading: Reading,
    /// Chapters that are not as they stand by themselves: see [`UNFOLDED`].
    turned: BTreeSet<String>,
}

/// A search that leaves as many topics or fewer shows them unfolded.
const UNFOLDED: usize = 3;

/// A line of a chapter.
struct Row<'a> {
    chapter: Chapter<'a>,
    kind: ReferenceLineKind,
    text: String,
}

impl Reference {
    /// The facts about registries, folded.
    #[must_use]
    pub fn new() -> Self {
        Self::of(Book::facts())
    }

    /// The runbooks of a registry, folded.
    #[must_use]
    pub fn runbooks(inputs: &Inputs) -> Self {
        Self::of(Book::runbooks(inputs))
    }

    /// The changes that put rules right; a few are unfolded.
    #[must_use]
    pub fn patch(weeks: &str, chapters: Vec<PatchChapter>) -> Self {
        let few = chapters.get(..UNFOLDED.min(chapters.len())).unwrap_or(&[]);
        let turned = few.iter().map(|chapter| chapter.title.clone()).collect();
        let title = format!("Patch: {weeks}");
        Self {
            turned,
            ..Self::of(Book::Patch { title, chapters })
        }
    }

    fn of(book: Book) -> Self {
        Self {
            book,
            reading: Reading::default(),
            turned: BTreeSet::new(),
        }
    }

    /// The chapters that the search leaves, each as lines of this width.
    fn rows(&self, room: usize) -> Vec<Row<'_>> {
        let words = self.reading.words();
        let found = self.book.search(words);
        let is_unfolded = !words.trim().is_empty() && found.len() <= UNFOLDED;
        let mut rows = Vec::new();
        for chapter in found {
            let is_open = is_unfolded != self.turned.contains(chapter.id());
            let sign = if is_open { '▾' } else { '▸' };
            // The sign takes two columns.
            let lines = chapter.lines(room.saturating_sub(2));
            for (place, (kind, text)) in lines.into_iter().enumerate() {
                let text = match kind {
                    ReferenceLineKind::Title if place == 0 => format!("{sign} {text}"),
                    ReferenceLineKind::Title => format!("  {text}"),
                    // Indented as the title behind its sign.
                    _ => text,
                };
                if is_open || kind == ReferenceLineKind::Title {
                    rows.push(Row {
                        chapter,
                        kind,
                        text,
                    });
                }
            }
        }
        rows
    }

    /// Unfolds a chapter or folds it; its title, in line `first`, gets the cursor, and as much of it
    /// comes on screen as there is room.
    fn turn(&mut self, id: &str, first: usize, area: Rect) {
        if !self.turned.remove(id) {
            self.turned.insert(id.to_owned());
        }
        let rows = self.rows(columns(area));
        let lines = rows.iter().filter(|row| row.chapter.id() == id).count();
        let end = (first + lines).min(first + height(area));
        let (count, list) = (rows.len(), &mut self.reading.list);
        list.selected = end.saturating_sub(1);
        list.settle(count, height(area));
        list.selected = first;
        list.settle(count, height(area));
    }
}

impl Component for Reference {
    fn place(&self) -> Place {
        if self.reading.is_searching() {
            Place::ReferenceInput
        } else {
            Place::Reference
        }
    }

    fn run(&mut self, command: Command, cx: &mut Cx<'_>) -> Taken {
        if matches!(command, Command::View(_)) {
            return Taken::No;
        }
        let had_words = !self.reading.words().is_empty();
        if self.reading.run(command, cx) {
            if had_words && self.reading.words().is_empty() {
                self.turned.clear();
            }
            return Taken::Yes;
        }
        let rows = self.rows(columns(cx.body));
        let selected = rows.get(self.reading.list.selected);
        match command {
            Command::Open => {
                let id = selected.map(|row| row.chapter.id().to_owned());
                let first = rows
                    .iter()
                    .position(|row| Some(row.chapter.id()) == id.as_deref());
                if let (Some(id), Some(first)) = (id, first) {
                    self.turn(&id, first, cx.body);
                }
            }
            Command::CopyCell => cx.reply_all(selected.map(|row| copy(&[row.chapter]))),
            Command::CopyRows => match self.book.search(self.reading.words()).as_slice() {
                [] => {}
                chapters => cx.reply(copy(chapters)),
            },
            command => {
                let lines = rows.len();
                self.reading.list.run(command, lines, height(cx.body));
            }
        }
        Taken::Yes
    }

    fn key(&mut self, chord: Chord, _: &mut Cx<'_>) {
        if self.reading.key(chord) {
            self.turned.clear();
        }
    }

    /// A click on a line selects it, one on a title unfolds the chapter; beside it closes.
    fn mouse(&mut self, mouse: Mouse, cx: &mut Cx<'_>) {
        if let Some(command) = mouse.wheel() {
            self.run(command, cx);
            return;
        }
        match clicked(cx.body, mouse) {
            Clicked::Beside => cx.reply(Reply::Pop),
            Clicked::Edge => {}
            Clicked::Line(line) => {
                let line = line + self.reading.list.offset;
                let rows = self.rows(columns(cx.body));
                let Some(row) = rows.get(line) else { return };
                let is_title = row.kind == ReferenceLineKind::Title;
                self.reading.list.selected = line;
                if is_title && !self.reading.is_searching() {
                    self.run(Command::Open, cx);
                }
            }
        }
    }

    fn settle(&mut self, cx: &mut Cx<'_>) {
        let lines = self.rows(columns(cx.body)).len();
        self.reading.list.settle(lines, height(cx.body));
    }

    fn draw(&self, frame: &mut Frame<'_>, look: &Look<'_>) {
        let (area, theme) = (look.body, look.theme);
        let room = columns(area);
        let selected = (!self.reading.is_searching()).then_some(self.reading.list.selected);
        let rows = self.rows(room).into_iter().enumerate();
        let lines = rows.map(|(place, row)| {
            if Some(place) == selected {
                return Line::from(Span::styled(pad(&row.text, room, false), theme.selected));
            }
            Line::from(Span::styled(row.text, style(row.kind, theme)))
        });
        let (title, hint) = self.book.titles();
        let page = Page {
            title,
            note: "Esc closes",
            hint,
            lines: lines.collect(),
        };
        self.reading.draw(frame, area, page, theme);
    }

    fn done(&mut self, _: Outcome, _: &mut Cx<'_>) {}
}

impl Layer for Reference {
    fn learn(&mut self, _: &News, _: &mut Cx<'_>) -> Keep {
        Keep::Open
    }
}

const fn style(kind: ReferenceLineKind, theme: &Theme) -> Style {
    match kind {
        ReferenceLineKind::Title => theme.accent,
        ReferenceLineKind::Text | ReferenceLineKind::Row => theme.text,
        ReferenceLineKind::Head => theme.head,
        ReferenceLineKind::Source => theme.muted,
    }
}

/// The chapters, one after another.
fn copy(chapters: &[Chapter<'_>]) -> Reply {
    let texts: Vec<String> = chapters.iter().map(|chapter| chapter.copied()).collect();
    let what = match chapters {
        [chapter @ Chapter::Patch(_)] => {
            format!(
                "{} lines: {}",
                chapter.copied().lines().count(),
                chapter.title()
            )
        }
        [chapter] => chapter.title().to_owned(),
        chapters => format!("{} chapters", chapters.len()),
    };
    Reply::Copy {
        text: texts.join("\n\n"),
        what,
    }
}
