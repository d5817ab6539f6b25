//! What the keys do, from the keymap: those of one place on one screen, or all of them.

mod short;

use ratatui::Frame;
use ratatui::text::{Line, Span};

use crate::query::guide::PAGES;
use crate::text::{cut_end, matches_words, pad, width};
use crate::tui::component::{Component, Cx, Keep, Layer, Look, News, Reply, Taken};
use crate::tui::ex_words::EX_WORDS;
use crate::tui::overlay::reading::{Clicked, Page, Reading, clicked, columns};
use crate::tui::{Chord, Command, Mouse, Outcome, Place, Theme, keymap};

/// The help over a view.
#[derive(Debug)]
pub struct Help {
    place: Place,
    /// Whether all keys are listed; a search is of all.
    is_all: bool,
    lines: Vec<HelpLine>,
    reading: Reading,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum HelpLine {
    Heading(&'static str),
    /// The keys, what they do, and other words for that.
    Key(String, &'static str, &'static str),
    Text(&'static str),
    Blank,
}

/// What a reader of the screens must know beside the keys.
const NOTES: [&str; 7] = [
    "est.  estimated: counted on from 2026-07-06 by the weeks in which the tag changed",
    "†  behind a date: it is inferred, not published",
    "–  nothing is published there",
    "≈2^n  a rounded number of addresses; exact digits are in the verbs' JSON and CSV",
    "•  in the list of regions: the selected tag's region;  ●  a marked tag",
    "the mouse selects, opens, scrolls and sorts; Shift and the mouse select text",
    "everything here is also a verb for scripts: tagscope --help",
];

impl Help {
    /// Help for a place first, then for the others.
    #[must_use]
    pub fn new(place: Place) -> Self {
        let mut help = Self {
            place,
            is_all: false,
            lines: Vec::new(),
            reading: Reading::default(),
        };
        let others = Place::all().filter(|&other| other != place && other != Place::Help);
        for place in std::iter::once(place).chain(others) {
            let keys = keymap::at(place);
            help.section(
                place.title(),
                keys.map(|binding| {
                    let other = binding.command.other_words();
                    (binding.chords.join(" "), binding.help, other)
                }),
            );
        }
        let words = EX_WORDS.iter().map(|word| {
            let names = std::iter::once(&word.name).chain(word.aliases);
            let names: Vec<String> = names.map(|name| format!(":{name}")).collect();
            (names.join(" "), word.help, "")
        });
        help.section("Commands after :", words);
        let topics = PAGES.iter();
        help.section(
            "The guide: tagscope guide TOPIC",
            topics.map(|page| (page.topic.to_owned(), page.about, "")),
        );
        help.lines.push(HelpLine::Heading("Signs"));
        help.lines.extend(NOTES.map(HelpLine::Text));
        help
    }

    fn section(
        &mut self,
        title: &'static str,
        rows: impl Iterator<Item = (String, &'static str, &'static str)>,
    ) {
        self.lines.push(HelpLine::Heading(title));
        self.lines
            .extend(rows.map(|(keys, help, other)| HelpLine::Key(keys, help, other)));
        self.lines.push(HelpLine::Blank);
    }

    /// The lines of the page in so many columns.
    fn drawn(&self, room: usize, theme: &Theme) -> Vec<Line<'static>> {
        if self.is_all {
            let lines = self.shown().into_iter();
            return lines.map(|line| line.draw(room, theme)).collect();
        }
        let lines = short::lines(self.place, room).into_iter();
        lines.map(|line| line.draw(room, theme)).collect()
    }

    /// The lines that the search leaves: whole sections without one, else rows under their heading.
    fn shown(&self) -> Vec<&HelpLine> {
        let typed = self.reading.words();
        if typed.trim().is_empty() {
            return self.lines.iter().collect();
        }
        let mut shown = Vec::new();
        let mut heading = None;
        for line in &self.lines {
            let text = match line {
                HelpLine::Heading(_) => {
                    heading = Some(line);
                    continue;
                }
                HelpLine::Key(keys, help, other) => format!("{keys} {help} {other}"),
                HelpLine::Text(text) => (*text).to_owned(),
                HelpLine::Blank => continue,
            };
            if matches_words(typed, &[&text]) {
                shown.extend(heading.take());
                shown.push(line);
            }
        }
        shown
    }
}

impl Component for Help {
    fn place(&self) -> Place {
        if self.reading.is_searching() {
            Place::HelpInput
        } else {
            Place::Help
        }
    }

    fn run(&mut self, command: Command, cx: &mut Cx<'_>) -> Taken {
        match command {
            Command::View(_) => return Taken::No,
            Command::Help => {
                self.is_all = !self.is_all;
                self.reading.forget();
            }
            Command::Filter if !self.is_all => {
                self.is_all = true;
                self.reading.run(command, cx);
            }
            command if self.reading.run(command, cx) => {}
            command => {
                let lines = if self.is_all {
                    self.shown().len()
                } else {
                    short::lines(self.place, columns(cx.body)).len()
                };
                self.reading.scroll(command, lines, cx.body);
            }
        }
        Taken::Yes
    }

    fn key(&mut self, chord: Chord, _: &mut Cx<'_>) {
        self.reading.key(chord);
    }

    /// A click beside the help closes it.
    fn mouse(&mut self, mouse: Mouse, cx: &mut Cx<'_>) {
        match mouse.wheel() {
            Some(command) => {
                self.run(command, cx);
            }
            None if clicked(cx.body, mouse) == Clicked::Beside => cx.reply(Reply::Pop),
            None => {}
        }
    }

    fn settle(&mut self, _: &mut Cx<'_>) {}

    fn draw(&self, frame: &mut Frame<'_>, look: &Look<'_>) {
        let page = Page {
            title: "Help",
            note: if self.is_all {
                "? these keys, Esc closes"
            } else {
                "? all keys, Esc closes"
            },
            hint: "/ searches all keys: nsg, terraform, copy …",
            lines: self.drawn(columns(look.body), look.theme),
        };
        self.reading.draw(frame, look.body, page, look.theme);
    }

    fn done(&mut self, _: Outcome, _: &mut Cx<'_>) {}
}

impl Layer for Help {
    fn learn(&mut self, _: &News, _: &mut Cx<'_>) -> Keep {
        Keep::Open
    }
}

impl HelpLine {
    fn draw(&self, room: usize, theme: &Theme) -> Line<'static> {
        match self {
            Self::Heading(text) => Line::from(Span::styled(*text, theme.accent)),
            Self::Key(keys, text, _) => {
                let keys = pad(&format!("  {keys} "), 18, false);
                let left = room.saturating_sub(width(&keys));
                Line::from(vec![
                    Span::styled(keys, theme.key),
                    Span::styled(cut_end(text, left).into_owned(), theme.text),
                ])
            }
            Self::Text(text) => Line::from(Span::styled(
                format!("  {}", cut_end(text, room.saturating_sub(2))),
                theme.text,
            )),
            Self::Blank => Line::default(),
        }
    }
}
