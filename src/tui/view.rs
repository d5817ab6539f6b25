//! The screens, one file a topic: state, update, draw.

mod lookup;
mod tags;

pub use lookup::LookupView;
pub use tags::TagsView;

use crate::azure::Facts;
use crate::query::Dataset;
use crate::space::Span;
use crate::tui::Effect;

/// What every screen reads.
#[derive(Debug)]
pub struct Session {
    /// The week.
    pub dataset: Dataset,
    /// The tables beside it.
    pub facts: Facts,
    /// Whether the network is forbidden.
    pub is_offline: bool,
}

/// What a screen asks of the program after a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Show a tag in the view Tags.
    ShowTag(String),
    /// Look addresses up in the view Lookup.
    LookUp(Span),
    /// Say something in the status line.
    Say(String),
    /// Do something outside.
    Do(Effect),
}
