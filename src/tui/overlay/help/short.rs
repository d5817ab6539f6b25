//! The keys of one pane on one screen: its own, those of its view, and those of every view.

use ratatui::text::{Line, Span};

use crate::text::{cut_end, pad, width};
use crate::tui::binding::Binding;
use crate::tui::place::Where;
use crate::tui::{Command, Place, Theme, keymap};

/// Keys that are one entry: what they do together, and which of them are shown.
const TOGETHER: [(&str, &[Command]); 8] = [
    ("quit", &[Command::Quit]),
    (
        "move",
        &[
            Command::Up,
            Command::Down,
            Command::PageUp,
            Command::PageDown,
            Command::First,
            Command::Last,
        ],
    ),
    ("", &[Command::HalfPageUp, Command::HalfPageDown]),
    (
        "next pane, the pane before",
        &[Command::NextPane, Command::PreviousPane],
    ),
    ("views", &[Command::NextView, Command::PreviousView]),
    (
        "next change, the one before",
        &[Command::NextChange, Command::PreviousChange],
    ),
    (
        "the week before, after",
        &[Command::OlderWeek, Command::NewerWeek],
    ),
    (
        "sort by the next column, reverse",
        &[Command::Sort, Command::Reverse],
    ),
];

/// Columns of a key and what it does; as many stand side by side as there is room for.
const CELL: usize = 36;
/// Columns of the keys.
const KEYS: usize = 8;

/// What reads the screens must know beside the keys.
const NOTES: [&str; 3] = [
    "est. derived, not published    † the date is inferred    – nothing is published there",
    "≈2^n rounded    ● watched    ◆ your rules have to do with it    • the tag's region",
    "duplicate: the same change in a regional tag    no effect: another row covers it",
];

/// A key, or keys that belong together, and what they do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    keys: String,
    text: &'static str,
}

/// A line of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShortLine {
    Heading(String),
    Keys(Vec<Entry>),
    Note(&'static str),
}

/// The lines for a place in so many columns.
pub fn lines(place: Place, room: usize) -> Vec<ShortLine> {
    let mut own = Vec::new();
    let mut of_view = Vec::new();
    let mut everywhere = Vec::new();
    // The title says how to get more help.
    let bindings = keymap::at(place).filter(|it| it.command != Command::Help);
    for binding in bindings {
        // The long list has the rest of the keys that mean the same.
        let section = if is_everywhere(binding) {
            &mut everywhere
        } else if is_of_view(binding, place) {
            &mut of_view
        } else {
            &mut own
        };
        section.push(binding);
    }
    let view = place
        .topic()
        .map(|topic| format!("{} anywhere", topic.title()));
    let sections = [
        (place.title().to_owned(), own),
        (view.unwrap_or_default(), of_view),
        ("Everywhere".to_owned(), everywhere),
    ];
    let mut lines = Vec::new();
    for (title, bindings) in sections {
        if bindings.is_empty() {
            continue;
        }
        lines.push(ShortLine::Heading(title));
        let entries = entries(&bindings);
        let rows = entries.chunks(columns(room));
        lines.extend(rows.map(|row| ShortLine::Keys(row.to_vec())));
    }
    lines.extend(NOTES.map(ShortLine::Note));
    lines
}

/// Whether a key works in every pane of every view.
fn is_everywhere(binding: &Binding) -> bool {
    matches!(binding.places, Where::Lists | Where::Sides)
        || lists().all(|place| binding.places.has(place))
}

/// The panes that are lists; the map has keys of its own.
fn lists() -> impl Iterator<Item = Place> {
    let panes = Where::Panes.places().into_iter();
    panes.filter(|place| Where::Lists.has(*place))
}

/// Whether a key works in every list of a place's view.
fn is_of_view(binding: &Binding, place: Place) -> bool {
    let mut of_view = lists().filter(|other| other.topic() == place.topic());
    place.topic().is_some() && of_view.all(|other| binding.places.has(other))
}

/// The entries of some bindings; keys that belong together are one.
fn entries(bindings: &[&Binding]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut views: Vec<&str> = Vec::new();
    for binding in bindings {
        let key = binding.chords.first().copied().unwrap_or("");
        if matches!(binding.command, Command::View(_)) {
            views.push(key);
            continue;
        }
        let group = TOGETHER
            .iter()
            .find(|(_, commands)| commands.contains(&binding.command));
        let Some((text, _)) = group else {
            entries.push(Entry {
                keys: key.to_owned(),
                text: short(binding),
            });
            continue;
        };
        match entries.iter_mut().find(|entry| entry.text == *text) {
            _ if text.is_empty() => {}
            Some(entry) => entry.keys = format!("{} {key}", entry.keys),
            None => entries.push(Entry {
                keys: key.to_owned(),
                text,
            }),
        }
    }
    if let [first, .., last] = views.as_slice() {
        let own = entries.iter_mut().find(|entry| entry.text == "views");
        let keys = format!("{first}-{last}");
        match own {
            Some(entry) => entry.keys = format!("{keys} {}", entry.keys),
            None => entries.push(Entry {
                keys,
                text: "views",
            }),
        }
    }
    entries
}

/// What a key does, without what the long list says of it.
fn short(binding: &Binding) -> &'static str {
    let help = binding.help;
    let end = [": ", "; ", " (asks"]
        .iter()
        .filter_map(|mark| help.find(mark))
        .min();
    help.get(..end.unwrap_or(help.len())).unwrap_or(help)
}

/// How many entries stand side by side.
fn columns(room: usize) -> usize {
    (room / CELL).clamp(1, 2)
}

impl ShortLine {
    /// The line in so many columns.
    pub fn draw(&self, room: usize, theme: &Theme) -> Line<'static> {
        let entries = match self {
            Self::Heading(text) => return Line::from(Span::styled(text.clone(), theme.accent)),
            Self::Note(text) => {
                let text = cut_end(text, room).into_owned();
                return Line::from(Span::styled(text, theme.muted));
            }
            Self::Keys(entries) => entries,
        };
        let cell = room / columns(room);
        let of = |entry: &Entry| {
            let keys = pad(&format!(" {} ", entry.keys), KEYS + 2, false);
            let left = cell.saturating_sub(width(&keys) + 1);
            let text = pad(&cut_end(entry.text, left), left + 1, false);
            [
                Span::styled(keys, theme.key),
                Span::styled(text, theme.text),
            ]
        };
        Line::from(entries.iter().flat_map(of).collect::<Vec<_>>())
    }
}
