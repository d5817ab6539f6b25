//! Random keys, pastes, sizes and late outcomes: the dashboard never panics.

use std::ops::RangeInclusive;

use jiff::civil::Date;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use tagscope::azure::{Facts, parse};
use tagscope::index::{Index, embedded_index, write};
use tagscope::query::lookup::Host;
use tagscope::query::{Dataset, Provenance, Source};
use tagscope::text::Safe;
use tagscope::tui::{App, Chord, Effect, Key, Message, Outcome, Startup, Theme};

use crate::generated::Spread;

/// A generator of numbers that is the same on every machine (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit).unwrap()).unwrap()
    }
}

fn app(theme: &str, dataset: Dataset) -> App {
    App::new(Startup {
        dataset,
        facts: Facts::embedded(),
        theme: Theme::named(theme).unwrap(),
        today: Date::constant(2026, 7, 8),
        is_offline: false,
        greeting: String::new(),
        size: (80, 24),
    })
}

fn draw(app: &App, (width, height): (u16, u16)) {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| app.draw(frame)).unwrap();
}

const KEYS: &[&str] = &[
    "q",
    "j",
    "k",
    "h",
    "l",
    "g",
    "G",
    "s",
    "S",
    "i",
    "/",
    "?",
    "1",
    "2",
    "[",
    "]",
    "Enter",
    "Esc",
    "Tab",
    "Shift-Tab",
    "Backspace",
    "Del",
    "↑",
    "↓",
    "←",
    "→",
    "Home",
    "End",
    "PgUp",
    "PgDn",
    "Ctrl-u",
    "Ctrl-d",
    "Ctrl-w",
    "Ctrl-z",
    "Alt-1",
    "Alt-2",
    "2",
    "0",
    "3",
    ".",
    "/",
    "-",
    ":",
    "a",
    "z",
    "é",
    "東",
    "\u{202e}",
    "\u{1b}",
];

const PASTES: &[&str] = &[
    "203.0.113.9",
    "0.0.0.0/0",
    "::/0",
    "2001:db8::/32",
    "203.0.113.1-203.0.113.200",
    "contoso.azurecr.io",
    "\u{1b}]52;c;x\u{7}",
    "",
    "\n\n",
    "client with IP '203.0.113.9'",
];

fn message(dice: &mut Dice, size: &mut (u16, u16)) -> Message {
    match dice.below(20) {
        0 => Message::Paste(PASTES[dice.below(PASTES.len())].to_owned()),
        1 => {
            *size = (side(dice, 220), side(dice, 70));
            Message::Resize(size.0, size.1)
        }
        2 => Message::Done {
            ticket: u64::try_from(dice.below(50)).unwrap(),
            outcome: outcome(dice),
        },
        _ => {
            let text = KEYS[dice.below(KEYS.len())];
            let letter = || Chord::plain(Key::Char(text.chars().next().unwrap()));
            Message::Key(Chord::parse(text).unwrap_or_else(letter))
        }
    }
}

fn outcome(dice: &mut Dice) -> Outcome {
    if dice.below(2) == 0 {
        return Outcome::Failed(Safe::new("late\u{1b}"));
    }
    let addresses = ["203.0.113.9", "8.8.8.8", "2001:db8::1", "0.0.0.0"];
    Outcome::Resolved(Host {
        chain: vec![Safe::new("contoso.privatelink.azurecr.io\u{1b}"); dice.below(3)],
        addresses: addresses[..dice.below(5)]
            .iter()
            .map(|address| address.parse().unwrap())
            .collect(),
        ..Default::default()
    })
}

fn side(dice: &mut Dice, limit: usize) -> u16 {
    u16::try_from(dice.below(limit)).unwrap()
}

/// Replays messages, what a failing run prints among them; gives how many hosts were asked for.
fn replay(dataset: Dataset, messages: &[Message]) -> usize {
    let mut app = app("default", dataset);
    let mut size = (80, 24);
    let (mut asked, mut count) = (None, 0);
    for (number, message) in messages.iter().enumerate() {
        if let Message::Resize(width, height) = message {
            // Drawn once before the message comes, as on a terminal.
            draw(&app, (*width, *height));
            size = (*width, *height);
        }
        let mut effects = app.update(message.clone());
        if let (Some(ticket), Message::Done { outcome, .. }) = (asked, message) {
            let outcome = outcome.clone();
            effects.extend(app.update(Message::Done { ticket, outcome }));
        }
        for effect in effects {
            if let Effect::Resolve { ticket, .. } = effect {
                asked = Some(ticket);
                count += 1;
            }
        }
        if number % 20 == 0 {
            draw(&app, size);
        }
    }
    count
}

/// Runs of 500 messages, each from its own seed; gives how many hosts were asked for.
fn assert_survives(dataset: fn() -> Dataset, seeds: RangeInclusive<u64>) -> usize {
    let mut asked = 0;
    for seed in seeds {
        let (mut dice, mut size) = (Dice(seed * 0x9e37_79b9), (80, 24));
        let messages: Vec<Message> = (0..500).map(|_| message(&mut dice, &mut size)).collect();
        let run = std::panic::catch_unwind(|| replay(dataset(), &messages));
        asked += run.unwrap_or_else(|_| panic!("seed {seed}, replay these: {messages:?}"));
    }
    asked
}

/// A week of a generated document: nesting, both ends of both families.
fn generated() -> Dataset {
    let bytes = crate::generated::document(3, Spread::Dense);
    let document = parse(&bytes, None).unwrap();
    let index = Index::open(write(&document.week).unwrap()).unwrap();
    of(index, Source::File)
}

fn embedded() -> Dataset {
    of(embedded_index().unwrap(), Source::Embedded)
}

fn of(index: Index, source: Source) -> Dataset {
    let provenance = Provenance {
        source,
        origin: Safe::new("made for the test"),
        flaws: Vec::new(),
        flaw_count: 0,
    };
    Dataset::new(index, provenance)
}

#[test]
fn random_messages_never_panic() {
    let asked = assert_survives(generated, 1..=40);
    assert!(asked > 0, "the messages never ask the network");
}

#[test]
fn random_messages_on_a_week_with_every_state_never_panic() {
    assert_survives(crate::screens::dataset, 101..=120);
}

#[test]
fn random_messages_on_the_embedded_week_never_panic() {
    assert_survives(embedded, 201..=204);
}

#[test]
fn no_size_panics_in_any_view() {
    let mut dice = Dice(7);
    for theme in ["default", "mono"] {
        for keys in [
            &["1"][..],
            &["2"],
            &["?"],
            &["/", "a"],
            &["Enter"],
            &["Tab", "Tab"],
        ] {
            let mut app = app(theme, crate::screens::dataset());
            for key in keys {
                app.update(Message::Key(Chord::parse(key).unwrap()));
            }
            for number in 0..500 {
                let size = match number {
                    0 => (0, 0),
                    1 => (300, 100),
                    _ => (side(&mut dice, 301), side(&mut dice, 101)),
                };
                app.update(Message::Resize(size.0, size.1));
                draw(&app, size);
            }
        }
    }
}
