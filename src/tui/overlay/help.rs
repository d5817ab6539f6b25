//! What the keys do, from the keymap.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph};
use tui_input::Input;

use crate::text::{cut_end, matches_words, pad, width};
use crate::tui::layout::{inside, top};
use crate::tui::order::ORDERS;
use crate::tui::overlay::Step;
use crate::tui::widget::{List, Pane, draw_input, draw_pane, draw_scroll_mark, edit};
use crate::tui::{Chord, Command, Place, Theme, keymap};

/// The help over a view.
#[derive(Debug)]
pub struct Help {
    lines: Vec<HelpLine>,
    search: Input,
    is_searching: bool,
    /// The line on top.
    top: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum HelpLine {
    Heading(&'static str),
    Key(String, &'static str),
    Text(&'static str),
    Blank,
}

/// What a reader of the screens must know beside the keys.
const NOTES: [&str; 6] = [
    "†  the number is derived: counted from 2026-07-06 by the weeks in which the tag changed",
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
            lines: Vec::new(),
            search: Input::default(),
            is_searching: false,
            top: 0,
        };
        let others = Place::ALL
            .into_iter()
            .filter(|&other| other != place && other != Place::Help);
        for place in std::iter::once(place).chain(others) {
            let keys = keymap::at(place);
            help.section(
                place.title(),
                keys.map(|binding| (binding.chords.join(" "), binding.help)),
            );
        }
        let words = ORDERS.iter().map(|order| {
            let names = std::iter::once(&order.name).chain(order.aliases);
            let names: Vec<String> = names.map(|name| format!(":{name}")).collect();
            (names.join(" "), order.help)
        });
        help.section("Commands after :", words);
        help.lines.push(HelpLine::Heading("Signs"));
        help.lines.extend(NOTES.map(HelpLine::Text));
        help
    }

    fn section(&mut self, title: &'static str, rows: impl Iterator<Item = (String, &'static str)>) {
        self.lines.push(HelpLine::Heading(title));
        self.lines
            .extend(rows.map(|(keys, help)| HelpLine::Key(keys, help)));
        self.lines.push(HelpLine::Blank);
    }

    /// What has the keys.
    #[must_use]
    pub const fn place(&self) -> Place {
        if self.is_searching {
            Place::HelpInput
        } else {
            Place::Help
        }
    }

    /// The lines that the search leaves: whole sections without one, else rows under their heading.
    fn shown(&self) -> Vec<&HelpLine> {
        let typed = self.search.value();
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
                HelpLine::Key(keys, help) => format!("{keys} {help}"),
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

    /// A key that no command took: text for the search.
    pub fn key(&mut self, chord: Chord) {
        if self.is_searching && edit(&mut self.search, chord) {
            self.top = 0;
        }
    }

    /// Runs a command of help.
    pub fn run(&mut self, command: Command, area: Rect) -> Step {
        match command {
            Command::Filter => self.is_searching = true,
            Command::Open => self.is_searching = false,
            Command::Back if self.is_searching => {
                self.search.reset();
                self.is_searching = false;
            }
            Command::Back => return Step::Close,
            command => {
                let height = usize::from(inside(popup(area)).height.saturating_sub(1));
                let highest = self.shown().len().saturating_sub(height);
                // The text moves, not a selection: the top line is what is "selected".
                let mut top = List {
                    selected: self.top,
                    offset: 0,
                };
                top.run(command, highest + 1, height);
                self.top = top.selected;
            }
        }
        Step::Stay
    }

    /// A click beside the help closes it.
    #[must_use]
    pub fn click(area: Rect, column: u16, row: u16) -> Step {
        if popup(area).contains((column, row).into()) {
            Step::Stay
        } else {
            Step::Close
        }
    }

    /// Draws it over the middle of the body.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, theme: &Theme) {
        let area = popup(area);
        frame.render_widget(Clear, area);
        let pane = Pane {
            title: "Help",
            note: "Esc closes",
            has_focus: true,
        };
        let body = draw_pane(frame, area, &pane, theme);
        let (line, body) = top(body, 1);
        let hint = "/ searches: a key or a word";
        let label = if self.is_searching { "/" } else { " " };
        draw_input(
            frame,
            line,
            (label, hint),
            &self.search,
            self.is_searching,
            theme,
        );
        let lines = self.shown();
        if lines.is_empty() {
            let text = Span::styled(" nothing here has these words; Esc clears", theme.warn);
            frame.render_widget(Paragraph::new(text), body);
            return;
        }
        let list = List {
            selected: 0,
            offset: self
                .top
                .min(lines.len().saturating_sub(usize::from(body.height))),
        };
        let shown = list.visible(lines.len(), usize::from(body.height));
        draw_scroll_mark(frame, area, &shown, lines.len(), theme);
        let room = usize::from(body.width);
        let drawn: Vec<Line<'_>> = lines
            .into_iter()
            .skip(shown.start)
            .take(shown.len())
            .map(|line| line.draw(room, theme))
            .collect();
        frame.render_widget(Paragraph::new(drawn), body);
    }
}

impl HelpLine {
    fn draw(&self, room: usize, theme: &Theme) -> Line<'static> {
        match self {
            Self::Heading(text) => Line::from(Span::styled(*text, theme.accent)),
            Self::Key(keys, text) => {
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

/// The middle of the body, as wide as the text needs.
fn popup(area: Rect) -> Rect {
    let width = area.width.min(96);
    Rect {
        x: area.x + (area.width - width) / 2,
        width,
        ..area
    }
}
