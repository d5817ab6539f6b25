//! The keys whose frames are timed, by kind.

use tagscope::tui::{Chord, Key};

#[cfg(target_os = "linux")]
use crate::data::Random;

/// How many keys of a kind are timed, at least.
const KEYS: usize = 200;

/// Filters as they are typed: words, a word that must not be there, an address, a block.
const FILTERS: [&str; 5] = [
    "storage.westeurope",
    "sql !managed",
    "frontdoor",
    "20.38.116.38",
    "13.64.0.0/11",
];
/// Lookups as they are typed: addresses, a narrow block, a range, a host that nobody asks for.
const LOOKUPS: [&str; 5] = [
    "20.38.116.38",
    "2603:1030:408::4",
    "13.64.0.0/24",
    "20.38.0.9-20.38.2.1",
    "contoso.azurecr.io",
];
/// Blocks up to the whole of a family: what is typed first, and the letters that ask.
const WIDE: [(&str, &str); 4] = [
    ("20.0.0.0/", "8"),
    ("2603:1030::/", "32"),
    ("0.0.0.0/", "0"),
    ("::/", "0"),
];

/// Keys that are typed at once.
#[derive(Debug, Clone)]
pub struct Step {
    /// The keys; a single one where the frame counts.
    pub chords: Vec<Chord>,
    /// Whether the frame counts.
    pub is_timed: bool,
}

/// Every kind of key and its script, to be run one after another on the view Tags.
pub fn all() -> [(&'static str, Vec<Step>); 6] {
    let pages = [vec![timed(chord("PgDn")); 50], vec![untimed("g")]].concat();
    let clear = untimed("Ctrl-u");
    let typed = |text: &&str| [letters(text), vec![clear.clone()]].concat();
    let filters: Vec<Step> = FILTERS.iter().flat_map(typed).collect();
    let lookups: Vec<Step> = LOOKUPS.iter().flat_map(typed).collect();
    let wide = WIDE.iter().flat_map(|(start, asking)| {
        let start = Step {
            chords: start.chars().map(Key::Char).map(Chord::plain).collect(),
            is_timed: false,
        };
        [vec![start], letters(asking), vec![clear.clone()]].concat()
    });
    let wide: Vec<Step> = wide.collect();
    [
        ("cursor down", repeated(&[timed(chord("↓"))])),
        ("page down", repeated(&pages)),
        ("sort", repeated(&[timed(chord("s"))])),
        ("filter", within("/", &filters, "Esc")),
        ("lookup", within("2", &lookups, "Alt-1")),
        ("lookup of a wide block", within("2", &wide, "Alt-1")),
    ]
}

/// An input opened, filled again and again, and left.
fn within(open: &str, texts: &[Step], leave: &str) -> Vec<Step> {
    [vec![untimed(open)], repeated(texts), vec![untimed(leave)]].concat()
}

/// Steps as often as it takes to time enough keys.
fn repeated(steps: &[Step]) -> Vec<Step> {
    let count = steps.iter().filter(|step| step.is_timed).count();
    vec![steps; KEYS.div_ceil(count)].concat()
}

fn letters(text: &str) -> Vec<Step> {
    let chords = text.chars().map(Key::Char).map(Chord::plain);
    chords.map(timed).collect()
}

fn timed(chord: Chord) -> Step {
    Step {
        chords: vec![chord],
        is_timed: true,
    }
}

/// A key that is not timed.
fn untimed(key: &str) -> Step {
    Step {
        chords: vec![chord(key)],
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

/// What a terminal sends for keys of a script.
pub fn sent(chords: &[Chord]) -> String {
    chords.iter().copied().map(sent_by).collect()
}

fn sent_by(chord: Chord) -> String {
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
