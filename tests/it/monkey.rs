//! Random keys, pastes, sizes and late outcomes: the dashboard never panics.

use jiff::civil::Date;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use tagscope::azure::Facts;
use tagscope::text::Safe;
use tagscope::tui::{App, Chord, Key, Message, Outcome, Startup, Theme};

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

fn app(theme: &str) -> App {
    App::new(Startup {
        dataset: crate::screens::dataset(),
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
            outcome: Outcome::Failed(Safe::new("late\u{1b}")),
        },
        _ => {
            let text = KEYS[dice.below(KEYS.len())];
            let letter = || Chord::plain(Key::Char(text.chars().next().unwrap()));
            Message::Key(Chord::parse(text).unwrap_or_else(letter))
        }
    }
}

fn side(dice: &mut Dice, limit: usize) -> u16 {
    u16::try_from(dice.below(limit)).unwrap()
}

/// Replays messages; what a failing run prints can be pasted here.
fn replay(messages: &[Message]) {
    let mut app = app("default");
    let mut size = (80, 24);
    for (number, message) in messages.iter().enumerate() {
        if let Message::Resize(width, height) = message {
            size = (*width, *height);
        }
        app.update(message.clone());
        if number % 7 == 0 {
            draw(&app, size);
        }
    }
}

#[test]
fn random_messages_never_panic() {
    for seed in 1..=40 {
        let (mut dice, mut size) = (Dice(seed * 0x9e37_79b9), (80, 24));
        let messages: Vec<Message> = (0..500).map(|_| message(&mut dice, &mut size)).collect();
        let run = std::panic::catch_unwind(|| replay(&messages));
        assert!(run.is_ok(), "seed {seed}, replay these: {messages:?}");
    }
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
            let mut app = app(theme);
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
