//! The keys whose frames are timed, by kind.

use tagscope::tui::{Chord, Key};

#[cfg(target_os = "linux")]
use crate::data::Random;

/// How many keys of a kind are timed.
const KEYS: usize = 200;

/// Filters as they are typed: words, a word that must not be there, an address, a block.
const FILTERS: [&str; 5] = [
    "storage.westeurope",
    "sql !managed",
    "frontdoor",
    "20.38.116.38",
    "13.64.0.0/11",
];
/// Lookups as they are typed: addresses, blocks up to the whole of a family, a range.
const LOOKUPS: [&str; 6] = [
    "20.38.116.38",
    "20.0.0.0/8",
    "2603:1030::/32",
    "13.64.0.0-13.107.255.255",
    "0.0.0.0/0",
    "::/0",
];

/// A key of a script.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// The key.
    pub chord: Chord,
    /// Whether its frame counts.
    pub is_timed: bool,
}

/// Every kind of key and its script, to be run one after another on the view Tags.
pub fn all() -> [(&'static str, Vec<Step>); 5] {
    let pages = [vec![timed("PgDn"); 50], vec![untimed("g")]].concat();
    [
        ("cursor down", vec![timed("↓"); KEYS]),
        ("page down", pages.repeat(KEYS / 50)),
        ("sort", vec![timed("s"); KEYS]),
        ("letter of a filter", typed("/", &FILTERS, "Esc")),
        ("letter of a lookup", typed("2", &LOOKUPS, "Alt-1")),
    ]
}

/// Opens an input, types the texts until there are enough letters, and leaves it.
fn typed(open: &str, texts: &[&str], leave: &str) -> Vec<Step> {
    let mut script = vec![untimed(open)];
    let mut left = KEYS;
    for text in texts.iter().cycle() {
        let letters = text.chars().take(left).map(Key::Char).map(Chord::plain);
        script.extend(letters.map(|chord| Step {
            chord,
            is_timed: true,
        }));
        left = left.saturating_sub(text.chars().count());
        script.push(untimed("Ctrl-u"));
        if left == 0 {
            break;
        }
    }
    script.push(untimed(leave));
    script
}

fn timed(key: &str) -> Step {
    Step {
        chord: chord(key),
        is_timed: true,
    }
}

fn untimed(key: &str) -> Step {
    Step {
        chord: chord(key),
        is_timed: false,
    }
}

/// Movements at random through the panes of the view Tags.
#[cfg(target_os = "linux")]
pub fn moves(count: usize) -> Vec<Chord> {
    const KEYS: [&str; 8] = ["↓", "↑", "PgDn", "PgUp", "g", "G", "s", "Tab"];
    let mut random = Random(0x6d65_6d6f_7279);
    (0..count)
        .map(|_| chord(KEYS[random.below(KEYS.len())]))
        .collect()
}

/// A key by its name.
pub fn chord(key: &str) -> Chord {
    Chord::parse(key).unwrap_or_else(|| panic!("{key} is no key"))
}

/// What a terminal sends for a key of a script.
pub fn sent(chord: Chord) -> String {
    let key = match chord.key {
        Key::Down => "\x1b[B".to_owned(),
        Key::Up => "\x1b[A".to_owned(),
        Key::PageDown => "\x1b[6~".to_owned(),
        Key::PageUp => "\x1b[5~".to_owned(),
        Key::Tab => "\t".to_owned(),
        Key::Esc => "\x1b".to_owned(),
        Key::Char(letter @ 'a'..='z') if chord.has_ctrl => {
            char::from(u8::try_from(letter).unwrap() & 0x1f).to_string()
        }
        Key::Char(letter) => letter.to_string(),
        other => panic!("{other:?} is in no script"),
    };
    if chord.has_alt {
        format!("\x1b{key}")
    } else {
        key
    }
}
