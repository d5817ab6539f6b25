//! What the dashboard starts with.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::azure::Facts;
use crate::query::Dataset;
use crate::source;
use crate::store::KeptState;
use crate::tui::{Clipboard, Colours};

/// What the dashboard starts with.
#[derive(Debug)]
pub struct Startup {
    /// The week.
    pub dataset: Dataset,
    /// What the week was opened with.
    pub request: source::Request,
    /// The tables beside it.
    pub facts: Facts,
    /// The theme.
    pub colours: Colours,
    /// The way to the clipboard.
    pub clipboard: Clipboard,
    /// Today, for the age of the data.
    pub today: Date,
    /// Whether the network is forbidden.
    pub is_offline: bool,
    /// Names of watched tags.
    pub watched: BTreeSet<String>,
    /// What was kept of the last run.
    pub state: StateStart,
    /// Whether a shell is there to come back from.
    pub has_shell: bool,
    /// Whether the newest week is fetched at the start.
    pub updates_at_start: bool,
    /// Said in the status line at first; may be empty.
    pub greeting: String,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
}

/// What was kept of the last run, and whether this one is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum StateStart {
    /// Nothing is read or kept.
    #[default]
    Off,
    /// This run is kept in place of what there is.
    Fresh,
    /// It has been read.
    Read(Box<KeptState>),
    /// A task reads it beside the first frame.
    Later,
}
