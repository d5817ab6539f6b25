//! Keys → commands: one table for the keys, the footer and the help.

use crate::tui::{Chord, Command, Place};

/// A command, its keys, and where they work.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    /// What it does.
    pub command: Command,
    /// The keys, the one for the footer first; see [`Chord::parse`].
    pub chords: &'static [&'static str],
    /// Where the keys work.
    pub places: &'static [Place],
    /// A phrase for help.
    pub help: &'static str,
    /// Word in the footer, and the places whose footer has it.
    pub footer: Option<(&'static str, &'static [Place])>,
}

use Place::{Detail, FilterInput, Help, QueryInput, Regions, Results, Table};

const LISTS: &[Place] = &[Regions, Table, Detail, Results, Help];
const PANES: &[Place] = &[Regions, Table, Detail, Results];
const TAGS: &[Place] = &[Regions, Table, Detail];

/// Every binding; the footer keeps this order.
pub const BINDINGS: &[Binding] = &[
    bind(
        Command::Open,
        &["Enter"],
        &[Regions],
        "go to the region's tags",
        Some(("tags", &[Regions])),
    ),
    bind(
        Command::Open,
        &["Enter"],
        &[Table],
        "go to the tag's prefixes",
        Some(("prefixes", &[Table])),
    ),
    bind(
        Command::Open,
        &["Enter"],
        &[Detail],
        "look the prefix up",
        Some(("look up", &[Detail])),
    ),
    bind(
        Command::Open,
        &["Enter"],
        &[Results],
        "go to the tag",
        Some(("go to tag", &[Results])),
    ),
    bind(
        Command::Open,
        &["Enter"],
        &[FilterInput],
        "keep the filter and go to the table",
        Some(("keep", &[FilterInput])),
    ),
    bind(
        Command::Open,
        &["Enter"],
        &[QueryInput],
        "resolve a host name (asks the network); else go to the answer",
        Some(("answer", &[QueryInput])),
    ),
    bind(
        Command::Filter,
        &["/"],
        TAGS,
        "filter the tags: words, !word, an address or a CIDR",
        Some(("filter", TAGS)),
    ),
    bind(
        Command::Sort,
        &["s"],
        TAGS,
        "sort by the next column",
        Some(("sort", &[Table])),
    ),
    bind(
        Command::Reverse,
        &["S"],
        TAGS,
        "turn the order around",
        None,
    ),
    bind(
        Command::Query,
        &["/", "i"],
        &[Results],
        "type a query",
        Some(("query", &[Results])),
    ),
    bind(
        Command::NextPane,
        &["Tab", "l", "→"],
        PANES,
        "next pane",
        Some(("pane", &[Regions, Table, Detail])),
    ),
    bind(
        Command::NextPane,
        &["Tab", "↓"],
        &[QueryInput, FilterInput],
        "to the list",
        Some(("list", &[QueryInput, FilterInput])),
    ),
    bind(
        Command::PreviousPane,
        &["Shift-Tab", "h", "←"],
        PANES,
        "previous pane",
        None,
    ),
    bind(
        Command::Back,
        &["Esc"],
        &[FilterInput],
        "clear the filter",
        Some(("clear", &[FilterInput])),
    ),
    bind(
        Command::Back,
        &["Esc"],
        &[QueryInput],
        "leave the input",
        Some(("leave", &[QueryInput])),
    ),
    bind(
        Command::Back,
        &["Esc"],
        PANES,
        "one level up, or clear the filter",
        Some(("back", &[Detail, Results])),
    ),
    bind(
        Command::Back,
        &["Esc", "?", "q"],
        &[Help],
        "close help",
        Some(("close", &[Help])),
    ),
    bind(Command::Up, &["↑", "k"], LISTS, "one row up", None),
    bind(
        Command::Down,
        &["↓", "j"],
        LISTS,
        "one row down",
        Some(("move", &[Help])),
    ),
    bind(
        Command::PageUp,
        &["PgUp", "Ctrl-b"],
        LISTS,
        "a page up",
        None,
    ),
    bind(
        Command::PageDown,
        &["PgDn", "Ctrl-f"],
        LISTS,
        "a page down",
        None,
    ),
    bind(
        Command::HalfPageUp,
        &["Ctrl-u"],
        LISTS,
        "half a page up",
        None,
    ),
    bind(
        Command::HalfPageDown,
        &["Ctrl-d"],
        LISTS,
        "half a page down",
        None,
    ),
    bind(Command::First, &["g", "Home"], LISTS, "the first row", None),
    bind(Command::Last, &["G", "End"], LISTS, "the last row", None),
    bind(Command::ViewTags, &["1"], PANES, "view Tags", None),
    bind(
        Command::ViewLookup,
        &["2"],
        PANES,
        "view Lookup",
        Some(("lookup", TAGS)),
    ),
    bind(
        Command::ViewTags,
        &["Alt-1"],
        &[QueryInput, FilterInput],
        "view Tags",
        Some(("tags", &[QueryInput])),
    ),
    bind(
        Command::ViewLookup,
        &["Alt-2"],
        &[QueryInput, FilterInput],
        "view Lookup",
        None,
    ),
    bind(Command::NextView, &["]"], PANES, "next view", None),
    bind(Command::PreviousView, &["["], PANES, "previous view", None),
    bind(
        Command::Help,
        &["?"],
        PANES,
        "what the keys do here",
        Some(("help", PANES)),
    ),
    bind(
        Command::Suspend,
        &["Ctrl-z"],
        Place::ALL.as_slice(),
        "to the shell; fg comes back",
        None,
    ),
    bind(Command::Quit, &["q"], PANES, "quit", Some(("quit", PANES))),
    bind(
        Command::Quit,
        &["Ctrl-c"],
        Place::ALL.as_slice(),
        "quit",
        Some(("quit", &[QueryInput, FilterInput])),
    ),
];

const fn bind(
    command: Command,
    chords: &'static [&'static str],
    places: &'static [Place],
    help: &'static str,
    footer: Option<(&'static str, &'static [Place])>,
) -> Binding {
    Binding {
        command,
        chords,
        places,
        help,
        footer,
    }
}

/// What a key does at a place.
#[must_use]
pub fn command_for(place: Place, chord: Chord) -> Option<Command> {
    BINDINGS
        .iter()
        .filter(|binding| binding.places.contains(&place))
        .find(|binding| {
            binding
                .chords
                .iter()
                .any(|text| Chord::parse(text) == Some(chord))
        })
        .map(|binding| binding.command)
}

/// Keys and words for the footer of a place.
pub fn footer(place: Place) -> impl Iterator<Item = (&'static str, &'static str)> {
    BINDINGS.iter().filter_map(move |binding| {
        let (word, places) = binding.footer?;
        let shown = places.contains(&place) && binding.places.contains(&place);
        shown.then_some((*binding.chords.first()?, word))
    })
}

/// The bindings that work at a place.
pub fn at(place: Place) -> impl Iterator<Item = &'static Binding> {
    BINDINGS
        .iter()
        .filter(move |binding| binding.places.contains(&place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_key_is_readable_and_means_one_thing_at_a_place() {
        for place in Place::ALL {
            let mut seen = HashSet::new();
            for binding in at(place) {
                for text in binding.chords {
                    let chord = Chord::parse(text).unwrap_or_else(|| panic!("{text}"));
                    assert!(seen.insert(chord), "{text} means two things in {place:?}");
                }
            }
        }
    }

    #[test]
    fn letters_stay_text_in_inputs() {
        for place in Place::ALL.into_iter().filter(|place| place.is_input()) {
            for letter in " !\"#$%&'()*+,-./0123456789:;<=>?@AZ[]_az{}~".chars() {
                let chord = Chord::plain(crate::tui::Key::Char(letter));
                assert_eq!(command_for(place, chord), None, "{letter} in {place:?}");
            }
        }
    }

    #[test]
    fn every_place_has_a_footer_with_a_way_out() {
        for place in Place::ALL {
            let words: Vec<&str> = footer(place).map(|(_, word)| word).collect();
            assert!(
                words.contains(&"quit") || words.contains(&"close"),
                "{place:?}: {words:?}"
            );
            assert!((2..=9).contains(&words.len()), "{place:?}: {words:?}");
        }
    }
}
