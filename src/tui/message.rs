//! What comes in and what goes out of [`crate::tui::App`], as plain data.

use crate::query::lookup::Host;
use crate::text::Safe;
use crate::tui::Chord;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// A key.
    Key(Chord),
    /// A pasted text.
    Paste(String),
    /// The terminal has this many columns and rows.
    Resize(u16, u16),
    /// A task has ended.
    Done {
        /// The ticket of the effect that started it.
        ticket: u64,
        /// How it ended.
        outcome: Outcome,
    },
}

/// Something to be done outside of the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// End the program.
    Quit,
    /// Stop the process until it is continued.
    Suspend,
    /// Ask the network for the addresses of a host.
    Resolve {
        /// Comes back with the outcome; an older one is dropped.
        ticket: u64,
        /// The host name.
        host: String,
    },
}

/// How a task ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The host's names and addresses.
    Resolved(Host),
    /// A sentence about what failed.
    Failed(Safe),
}
