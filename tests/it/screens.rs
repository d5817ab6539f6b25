//! What the screens show: every view at four sizes in two themes, and key scripts.
//!
//! The document is made here, so the snapshots change only when the screens do. After a wanted
//! change run with `INSTA_UPDATE=always`, then read the differences.

use std::fmt::Write;

use jiff::civil::Date;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::{Color, Modifier};
use tagscope::azure::{Facts, date_in_name, parse};
use tagscope::index::{Index, embedded_index, write};
use tagscope::query::{Dataset, Provenance, Source, Topic};
use tagscope::text::Safe;
use tagscope::tui::{App, Chord, Effect, Key, Message, Outcome, Startup, Theme};

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
    };
    Dataset::new(index, provenance)
}

/// A dashboard that is driven by keys.
struct Script {
    app: App,
    size: (u16, u16),
    effects: Vec<Effect>,
}

fn script(size: (u16, u16), theme: &str) -> Script {
    script_on(dataset(), size, theme)
}

fn script_on(dataset: Dataset, size: (u16, u16), theme: &str) -> Script {
    let app = App::new(Startup {
        dataset,
        facts: Facts::embedded(),
        theme: Theme::named(theme).unwrap(),
        today: Date::constant(2026, 7, 8),
        is_offline: false,
        greeting: String::new(),
        size,
    });
    Script {
        app,
        size,
        effects: Vec::new(),
    }
}

impl Script {
    /// Presses keys: letters as they are, others in angle brackets (`/west<Enter>`).
    fn keys(mut self, keys: &str) -> Self {
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

    fn message(mut self, message: Message) -> Self {
        self.effects.extend(self.app.update(message));
        self
    }

    fn terminal(&self) -> Terminal<TestBackend> {
        let mut terminal = Terminal::new(TestBackend::new(self.size.0, self.size.1)).unwrap();
        terminal.draw(|frame| self.app.draw(frame)).unwrap();
        terminal
    }

    fn text(&self) -> String {
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

    fn assert_shows(self, wanted: &str) -> Self {
        let text = self.text();
        assert!(text.contains(wanted), "no \"{wanted}\" in\n{text}");
        self
    }
}

const SIZES: [(u16, u16); 4] = [(40, 12), (80, 24), (120, 40), (200, 60)];

#[test]
fn every_view_at_every_size() {
    for (width, height) in SIZES {
        for topic in Topic::ALL {
            let keys = match topic {
                Topic::Tags => "",
                Topic::Lookup => "2203.0.113.0/24",
            };
            let text = script((width, height), "default").keys(keys).text();
            insta::assert_snapshot!(format!("{}_{width}x{height}", topic.verb()), text);
            let mono = script((width, height), "mono").keys(keys).text();
            assert_eq!(text, mono, "the theme changes the text of {topic:?}");
        }
    }
}

#[test]
fn the_states_in_between() {
    let states = [
        ("filter", "/stor west"),
        ("filter_empty", "/nosuchtag"),
        ("filter_address", "/203.0.113.9"),
        ("detail", "/Storage.W<Enter><Enter><↓>"),
        ("regions", "<Shift-Tab><↓><↓><↓>"),
        ("sorted", "ss"),
        ("help", "?"),
        ("lookup_empty", "2"),
        ("lookup_address", "2203.0.113.9"),
        ("lookup_nothing", "28.8.8.8"),
        ("lookup_unfinished", "2203.0.113"),
        ("lookup_host", "2contoso.azurecr.io"),
        ("lookup_range", "2203.0.113.100-203.0.113.140"),
    ];
    for (name, keys) in states {
        insta::assert_snapshot!(
            format!("state_{name}"),
            script((100, 24), "default").keys(keys).text()
        );
    }
}

#[test]
fn monochrome_has_no_colour_and_shows_the_selection() {
    for keys in ["", "2203.0.113.9<Tab>", "?"] {
        let script = script((100, 24), "mono").keys(keys);
        let terminal = script.terminal();
        let cells = &terminal.backend().buffer().content;
        assert!(
            cells
                .iter()
                .all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset)
        );
        let is_marked = cells
            .iter()
            .any(|cell| cell.modifier.contains(Modifier::REVERSED));
        assert!(is_marked || keys == "?", "{keys}: no selection");
    }
}

#[test]
fn a_tag_is_found_followed_and_looked_up() {
    script((120, 40), "default")
        .keys("/storage west<Enter>")
        .assert_shows("Tags 1/8")
        .assert_shows("Storage.WestEurope")
        .keys("<Enter><Enter>")
        .assert_shows("look up: 203.0.113.0/25")
        .assert_shows("AzureCloud.westeurope")
        .keys("<↓><Enter>")
        .assert_shows("1 Tags")
        .assert_shows("Tags 8/8");
}

#[test]
fn a_host_is_resolved_only_on_enter_and_late_answers_are_dropped() {
    let asked = script((120, 40), "default").keys("2contoso.azurecr.io");
    assert_eq!(asked.effects, []);
    let asked = asked.keys("<Enter>").assert_shows("asking the network");
    let [Effect::Resolve { ticket, host }] = asked.effects.as_slice() else {
        panic!("{:?}", asked.effects);
    };
    assert_eq!(host, "contoso.azurecr.io");
    let (ticket, found) = (
        *ticket,
        tagscope::query::lookup::Host {
            chain: vec![Safe::new("contoso.privatelink.azurecr.io")],
            addresses: vec!["203.0.113.9".parse().unwrap(), "8.8.8.8".parse().unwrap()],
            ..Default::default()
        },
    );
    let late = Message::Done {
        ticket: ticket - 1,
        outcome: Outcome::Resolved(found.clone()),
    };
    let asked = asked.message(late).assert_shows("asking the network");
    asked
        .message(Message::Done {
            ticket,
            outcome: Outcome::Resolved(found),
        })
        .assert_shows("→ contoso.privatelink.azurecr.io")
        .assert_shows("1 of 2 addresses in a tag")
        .assert_shows("8.8.8.8  in no tag");
}

#[test]
fn a_failed_task_becomes_a_sentence() {
    let asked = script((120, 40), "default").keys("2contoso.azurecr.io<Enter>");
    let [Effect::Resolve { ticket, .. }] = asked.effects.as_slice() else {
        panic!("{:?}", asked.effects);
    };
    let outcome = Outcome::Failed(Safe::new("no such host\u{1b}"));
    let ticket = *ticket;
    asked
        .message(Message::Done { ticket, outcome })
        .assert_shows("no such host␛")
        .assert_shows("Enter asks again");
}

#[test]
fn a_paste_outside_of_inputs_goes_to_lookup() {
    script((120, 40), "default")
        .message(Message::Paste("\n 203.0.113.9 \nmore".to_owned()))
        .assert_shows("look up: 203.0.113.9")
        .assert_shows("in 4 tags");
}

#[test]
fn escape_never_quits_and_q_does() {
    let script = script((120, 40), "default").keys("<Esc><Esc><Esc>");
    assert_eq!(script.effects, []);
    assert_eq!(script.keys("q").effects, [Effect::Quit]);
    let typed = self::script((120, 40), "default").keys("2q?/:-1");
    assert_eq!(typed.effects, []);
    assert_eq!(typed.keys("<Ctrl-c>").effects, [Effect::Quit]);
}

#[test]
fn derived_numbers_are_marked_on_the_embedded_week() {
    let index = embedded_index().unwrap();
    let provenance = Provenance {
        source: Source::Embedded,
        origin: Safe::new(index.origin()),
        flaws: Vec::new(),
        flaw_count: 0,
    };
    script_on(Dataset::new(index, provenance), (120, 40), "default")
        .assert_shows("numbers derived †")
        .assert_shows("60†")
        .assert_shows("Tags 3,321/3,321")
        .keys("220.38.116.38")
        .assert_shows("number 15†");
}
