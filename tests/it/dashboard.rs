//! A dashboard driven by keys, without a terminal.

use std::fmt::Write;

use jiff::civil::Date;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::Color;
use tagscope::azure::{Facts, date_in_name, parse};
use tagscope::index::{Index, embedded_index, write};
use tagscope::query::{Dataset, Provenance, Source};
use tagscope::source::Request;
use tagscope::text::Safe;
use tagscope::tui::{App, Chord, Clipboard, Effect, Key, Message, Startup, Theme};

/// A small week: regional tags, roll-ups, null features, both families, nesting.
const DOCUMENT: &str = include_str!("../data/screens.json");

pub fn dataset() -> Dataset {
    let date = date_in_name("ServiceTags_Public_20260706.json");
    let document = parse(DOCUMENT.as_bytes(), date).unwrap();
    let index = Index::open(write(&document.week).unwrap()).unwrap();
    let provenance = Provenance {
        source: Source::File,
        origin: Safe::new("screens.json"),
        flaws: document.flaws,
        flaw_count: document.flaw_count,
        notes: Vec::new(),
    };
    Dataset::new(index, provenance)
}

/// The embedded week.
pub fn embedded() -> Dataset {
    let index = embedded_index().unwrap();
    let provenance = Provenance {
        source: Source::Embedded,
        origin: Safe::new(index.origin()),
        flaws: Vec::new(),
        flaw_count: 0,
        notes: Vec::new(),
    };
    Dataset::new(index, provenance)
}

/// What a dashboard on the data starts with.
pub fn startup(dataset: Dataset, size: (u16, u16), theme: &str) -> Startup {
    Startup {
        dataset,
        request: Request::default(),
        facts: Facts::embedded(),
        theme: Theme::named(theme).unwrap(),
        clipboard: Clipboard::Osc52,
        today: Date::constant(2026, 7, 8),
        is_offline: false,
        has_shell: true,
        greeting: String::new(),
        size,
    }
}

/// A dashboard that is driven by keys.
pub struct Script {
    pub app: App,
    pub size: (u16, u16),
    pub effects: Vec<Effect>,
}

pub fn script(size: (u16, u16), theme: &str) -> Script {
    script_on(dataset(), size, theme)
}

pub fn script_on(dataset: Dataset, size: (u16, u16), theme: &str) -> Script {
    Script {
        app: App::new(startup(dataset, size, theme)),
        size,
        effects: Vec::new(),
    }
}

impl Script {
    /// Presses keys: letters as they are, others in angle brackets (`/west<Enter>`).
    pub fn keys(mut self, keys: &str) -> Self {
        let mut rest = keys;
        while let Some(letter) = rest.chars().next() {
            let (name, after) = match rest.strip_prefix('<').and_then(|r| r.split_once('>')) {
                Some(found) => found,
                None => rest.split_at(letter.len_utf8()),
            };
            let chord = match name {
                " " => Chord::plain(Key::Char(' ')),
                name => Chord::parse(name).unwrap_or_else(|| panic!("no key {name}")),
            };
            self.effects.extend(self.app.update(Message::Key(chord)));
            rest = after;
        }
        self
    }

    pub fn message(mut self, message: Message) -> Self {
        self.effects.extend(self.app.update(message));
        self
    }

    pub fn terminal(&self) -> Terminal<TestBackend> {
        let mut terminal = Terminal::new(TestBackend::new(self.size.0, self.size.1)).unwrap();
        terminal.draw(|frame| self.app.draw(frame)).unwrap();
        terminal
    }

    pub fn buffer(&self) -> Buffer {
        self.terminal().backend().buffer().clone()
    }

    pub fn text(&self) -> String {
        let terminal = self.terminal();
        let buffer = terminal.backend().buffer();
        let mut text = String::new();
        for y in 0..buffer.area.height {
            let line: String = (0..buffer.area.width)
                .map(|x| buffer[(x, y)].symbol())
                .collect();
            writeln!(text, "{}", line.trim_end()).unwrap();
        }
        text
    }

    /// The text, and below it which cells look like what: `row, columns: look`.
    pub fn text_and_looks(&self) -> String {
        let buffer = self.buffer();
        let mut text = self.text();
        for y in 0..buffer.area.height {
            let looks = (0..buffer.area.width).map(|x| look(&buffer[(x, y)]));
            let mut from = 0;
            let row: Vec<String> = looks.collect();
            for run in row.chunk_by(|one, other| one == other) {
                let to = from + run.len();
                if !run[0].is_empty() {
                    writeln!(text, "{y:>3}, {from}-{}: {}", to - 1, run[0]).unwrap();
                }
                from = to;
            }
        }
        text
    }

    pub fn assert_shows(self, wanted: &str) -> Self {
        let text = self.text();
        assert!(text.contains(wanted), "no \"{wanted}\" in\n{text}");
        self
    }
}

/// Colours and attributes of a cell in words; empty for the terminal's own.
fn look(cell: &Cell) -> String {
    let color = |name: &str, color: Color| match color {
        Color::Reset => None,
        color => Some(format!("{name}{color}")),
    };
    let modifier = format!("{:?}", cell.modifier);
    let modifier = (!cell.modifier.is_empty()).then_some(modifier);
    let parts = [color("", cell.fg), color("on ", cell.bg), modifier];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}
