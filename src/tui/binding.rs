//! A row of the table of keys.

use crate::tui::Command;
use crate::tui::place::Where;

/// A command, its keys, and where they work.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    /// What it does.
    pub command: Command,
    /// The keys, the one for the footer first; see [`Chord::parse`].
    pub chords: &'static [&'static str],
    /// Where the keys work.
    pub places: Where,
    /// A phrase for help.
    pub help: &'static str,
    /// Word in the footer, and the places whose footer has it.
    pub footer: Option<(&'static str, Where)>,
}

/// A row of the table.
pub const fn bind(
    command: Command,
    chords: &'static [&'static str],
    places: Where,
    help: &'static str,
    footer: Option<(&'static str, Where)>,
) -> Binding {
    Binding {
        command,
        chords,
        places,
        help,
        footer,
    }
}
