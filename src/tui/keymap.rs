//! Keys → commands, by the table of bindings.

use crate::tui::binding::Binding;
use crate::tui::bindings::bindings;
use crate::tui::{Chord, Command, Place};

/// What a key does at a place.
#[must_use]
pub fn command_for(place: Place, chord: Chord) -> Option<Command> {
    bindings()
        .filter(|binding| binding.places.has(place))
        .find(|binding| {
            binding
                .chords
                .iter()
                .any(|text| Chord::parse(text) == Some(chord))
        })
        .map(|binding| binding.command)
}

/// An entry of the footer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hint {
    /// The key.
    pub key: &'static str,
    /// What it does, in a word or two.
    pub word: &'static str,
    /// What it does.
    pub command: Command,
}

/// Commands that the footer names by other words than the table of keys.
pub type OwnWords = &'static [(Command, &'static str)];

/// What the footer of a place says, the most important first but for help and the way out.
pub fn footer(place: Place) -> impl Iterator<Item = Hint> {
    bindings().filter_map(move |binding| {
        let (word, places) = binding.footer?;
        let is_shown = places.has(place) && binding.places.has(place);
        let key = binding.chords.first()?;
        is_shown.then_some(Hint {
            key,
            word,
            command: binding.command,
        })
    })
}

/// The bindings that work at a place.
pub fn at(place: Place) -> impl Iterator<Item = &'static Binding> {
    bindings().filter(move |binding| binding.places.has(place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_key_is_readable_and_means_one_thing_at_a_place() {
        for place in Place::all() {
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
        for place in Place::all().filter(|place| place.is_input()) {
            for letter in " !\"#$%&'()*+,-./0123456789:;<=>?@AZ[]_az{}~".chars() {
                let chord = Chord::plain(crate::tui::Key::Char(letter));
                assert_eq!(command_for(place, chord), None, "{letter} in {place:?}");
            }
        }
    }

    #[test]
    fn every_place_has_a_footer_with_a_way_out() {
        for place in Place::all() {
            let words: Vec<&str> = footer(place).map(|hint| hint.word).collect();
            assert!(
                words.contains(&"quit") || words.contains(&"close"),
                "{place:?}: {words:?}"
            );
            assert!((2..=11).contains(&words.len()), "{place:?}: {words:?}");
        }
    }
}
