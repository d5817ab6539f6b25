//! A pasted text: into the input that has the keys, else to Lookup.

use crate::query::Topic;
use crate::text::Safe;
use crate::tui::app::App;
use crate::tui::ex_command::is_limit;
use crate::tui::{Chord, Effect, Key, Place};

impl App {
    /// Into the input that has the keys, letter by letter; else to Lookup. The query takes a word
    /// into what is typed; a text of several words is a query of its own.
    pub fn paste(&mut self, text: &str) -> Vec<Effect> {
        self.status = Safe::default();
        let into_input = match self.place() {
            Place::RegistryInput if self.endpoints.paste(text, &self.session) => {
                self.settle();
                return Vec::new();
            }
            // A text of several words is no registry, but may be the failure of one.
            Place::RegistryInput => text.split_whitespace().nth(1).is_none(),
            Place::FilterInput
            | Place::PlanFilter
            | Place::RuleTest
            | Place::RuleFilter
            | Place::ChangeFilter
            | Place::HelpInput
            | Place::ReferenceInput
            | Place::ExportFilter
            | Place::ExportFile
            | Place::CommandInput
            | Place::Palette => true,
            // A number is the limit; anything else is looked up.
            Place::Fit => is_limit(text.trim()),
            Place::QueryInput => {
                self.lookup.has_query() && text.split_whitespace().nth(1).is_none()
            }
            _ => false,
        };
        // There a blank and a capital are keys.
        if self.place() == Place::RegionList {
            let letters = text.trim().lines().next().unwrap_or("").chars();
            let letters = letters.filter(|letter| letter.is_alphanumeric()).take(64);
            for letter in letters.flat_map(char::to_lowercase) {
                self.key(Chord::plain(Key::Char(letter)));
            }
            return Vec::new();
        }
        if into_input {
            let line = text.trim().lines().next().unwrap_or("");
            let mut effects = Vec::new();
            for letter in line.chars().take(256) {
                effects.extend(self.key(Chord::plain(Key::Char(letter))));
            }
            // Only the completions of the whole line matter.
            return effects.pop().into_iter().collect();
        }
        self.overlay = None;
        if self.topic != Topic::Lookup {
            self.leave();
        }
        let note = self.lookup.paste(text, &self.session);
        self.status = note.unwrap_or_default();
        self.topic = Topic::Lookup;
        self.settle();
        Vec::new()
    }
}
