//! A dashboard driven by keys, without a terminal.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::LazyLock;

use jiff::civil::Date;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::Color;
use tagscope::azure::{Facts, Week, date_in_name, parse};
use tagscope::index::{Chronicle, Index, embedded_index, write, write_chronicle};
use tagscope::query::{Dataset, Provenance, Source};
use tagscope::source::{Publication, Request, WeekChoice};
use tagscope::space::Block;
use tagscope::text::Safe;
use tagscope::tui::{
    App, Chord, Clipboard, Colours, Effect, Key, Message, Outcome, Startup, StateStart, Task,
    Theme, WeekHistory, Written,
};

/// A small week: regional tags, roll-ups, null features, both families, nesting.
const DOCUMENT: &str = include_str!("../data/screens.json");

// Made once for all the dashboards that tests start.
static WEEK: LazyLock<Dataset> = LazyLock::new(|| read_week(DOCUMENT));
static EARLIER: LazyLock<Dataset> = LazyLock::new(compile_earlier);
static PUBLICATIONS: LazyLock<Vec<Publication>> = LazyLock::new(list_publications);
static FACTS: LazyLock<Facts> = LazyLock::new(Facts::embedded);

pub fn dataset() -> Dataset {
    WEEK.clone()
}

/// A document of the same day.
pub fn read_week(text: &str) -> Dataset {
    let date = date_in_name("ServiceTags_Public_20260706.json");
    let document = parse(text.as_bytes(), date).unwrap();
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

/// The week before it: a row less in Storage and its region, a row more in the registry, a tag
/// less, a tag more, a property that differs.
fn earlier_week() -> Week {
    let date = date_in_name("ServiceTags_Public_20260629.json");
    let mut week = parse(DOCUMENT.as_bytes(), date).unwrap().week;
    let block = |text: &str| Block::parse(text).unwrap().0;
    week.change_number = week.change_number.map(|number| number - 1);
    week.tags.retain(|tag| tag.name != "EmptyService.NewRegion");
    for tag in &mut week.tags {
        match tag.name.as_str() {
            "Storage" | "Storage.WestEurope" => {
                tag.prefixes.retain(|&row| row != block("203.0.113.0/25"));
                tag.prefixes.insert(0, block("203.0.113.0/26"));
            }
            "AzureContainerRegistry.WestEurope" => {
                let gone = [
                    "198.51.100.192/28",
                    "198.51.100.208/29",
                    "198.51.100.224/28",
                ];
                tag.prefixes.extend(gone.map(block));
                tag.prefixes.push(block("203.0.113.132/30"));
            }
            "Storage.FranceCentral" => tag.features = None,
            _ => continue,
        }
        tag.prefixes.sort_unstable();
        if tag.features.is_some() {
            tag.change_number = tag.change_number.map(|number| number - 1);
        }
    }
    let mut retired = week.tags[0].clone();
    "Retired".clone_into(&mut retired.name);
    retired.region.clear();
    retired.prefixes = vec![block("192.0.2.0/24")];
    week.tags.push(retired);
    week.tags.sort_by(|a, b| a.name.cmp(&b.name));
    week
}

/// Both weeks in one chronicle.
pub fn week_history() -> WeekHistory {
    let date = date_in_name("ServiceTags_Public_20260706.json");
    let week = parse(DOCUMENT.as_bytes(), date).unwrap().week;
    let weeks = write_chronicle(&[earlier_week(), week]).unwrap();
    WeekHistory::new(Chronicle::open(weeks).unwrap()).unwrap()
}

/// [`earlier_week`], opened.
pub fn earlier() -> Dataset {
    EARLIER.clone()
}

fn compile_earlier() -> Dataset {
    compiled(&earlier_week())
}

/// A week without a file of its own.
pub fn compiled(week: &Week) -> Dataset {
    let index = Index::open(write(week).unwrap()).unwrap();
    let provenance = Provenance {
        source: Source::Embedded,
        origin: Safe::new("made for the test"),
        flaws: Vec::new(),
        flaw_count: 0,
        notes: Vec::new(),
    };
    Dataset::new(index, provenance)
}

/// The weeks that a dashboard on [`dataset`] finds beside it.
pub fn publications() -> Vec<Publication> {
    PUBLICATIONS.clone()
}

fn list_publications() -> Vec<Publication> {
    let publication = |date: &str, touched: Option<usize>| {
        let mut record = earlier().record();
        record.date = Some(date.to_owned());
        record.content_hash = format!("sha256:{date}");
        Publication {
            record,
            request: Request {
                week: WeekChoice::parse(date).unwrap(),
                ..Request::default()
            },
            touched,
        }
    };
    vec![
        publication("2026-06-29", Some(12)),
        publication("2026-06-22", Some(5)),
        publication("2026-06-15", None),
    ]
}

/// What a task would answer to an effect of the view Diff.
pub fn diff_answer(effect: &Effect) -> Option<Message> {
    let Effect::Start { ticket, task } = effect else {
        return None;
    };
    let outcome = match task {
        Task::WeekHistory { .. } => {
            Outcome::WeekHistory(Ok((Box::new(week_history()), Vec::new())))
        }
        Task::Weeks { .. } => Outcome::Listed(Ok((publications(), Vec::new()))),
        Task::Compare { .. } => Outcome::Compared(Ok(Box::new([earlier(), dataset()]))),
        // A folder full of files that are there already.
        Task::Export {
            path,
            is_over: false,
            ..
        } if path.starts_with("/there") => {
            let text = tagscope::text::Safe::new("it exists");
            Outcome::Written(Ok(Written::Exists(text)))
        }
        _ => return crate::rules_loaded::answer(effect),
    };
    let ticket = *ticket;
    Some(Message::Done { ticket, outcome })
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
        facts: FACTS.clone(),
        colours: Colours::of(Theme::named(theme).unwrap()),
        clipboard: Clipboard::Osc52,
        today: Date::constant(2026, 7, 8),
        is_offline: false,
        watched: BTreeSet::new(),
        state: StateStart::Off,
        has_shell: true,
        updates_at_start: false,
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
    let mut app = App::new(startup(dataset, size, theme));
    let begun = app.begin();
    for message in begun.iter().filter_map(diff_answer) {
        app.update(message);
    }
    Script {
        app,
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
            self = self.message(Message::Key(chord));
            rest = after;
        }
        self
    }

    /// What the view Diff asks for is answered at once.
    pub fn message(mut self, message: Message) -> Self {
        let mut messages = vec![message];
        while let Some(message) = messages.pop() {
            let effects = self.app.update(message);
            messages.extend(effects.iter().filter_map(diff_answer));
            self.effects.extend(effects);
        }
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
        text(&self.buffer())
    }

    /// The text, and below it which cells look like what.
    pub fn text_and_looks(&self) -> String {
        text_and_looks(&self.buffer())
    }

    pub fn assert_shows(self, wanted: &str) -> Self {
        let text = self.text();
        assert!(text.contains(wanted), "no \"{wanted}\" in\n{text}");
        self
    }
}

/// What a frame says, line by line.
pub fn text(buffer: &Buffer) -> String {
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
pub fn text_and_looks(buffer: &Buffer) -> String {
    let mut text = text(buffer);
    for y in 0..buffer.area.height {
        let row: Vec<&Cell> = (0..buffer.area.width).map(|x| &buffer[(x, y)]).collect();
        let mut from = 0;
        for run in row.chunk_by(|one, other| one.style() == other.style()) {
            let (to, look) = (from + run.len(), look(run[0]));
            if !look.is_empty() {
                writeln!(text, "{y:>3}, {from}-{}: {look}", to - 1).unwrap();
            }
            from = to;
        }
    }
    text
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
