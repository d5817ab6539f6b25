//! The lines of the plan, and of the detail beside it.

use std::net::IpAddr;

use crate::azure::Certainty;
use crate::space::Block;
use crate::tui::theme::Tone;

/// A line of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlanLine {
    Heading(&'static str),
    Note(String),
    Row(PlanPosition),
    Record(PlanPosition),
}

/// Where a row stands: in which of the two plans, at which place, and what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanPosition {
    pub place: usize,
    pub sign: Sign,
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// In both plans, or nothing is compared.
    Kept,
    Added,
    /// Only in the plan before.
    Removed,
    /// With other tags.
    Changed,
}

impl Sign {
    pub const fn glyph(self) -> &'static str {
        match self {
            Self::Kept => "  ",
            Self::Added => "+ ",
            Self::Removed => "− ",
            Self::Changed => "~ ",
        }
    }
}

/// A line of the detail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DetailLine {
    Text(String, Tone),
    Tag(String, Certainty),
    Prefix(Block),
    /// An address that a probe found, and what it answered.
    Address(IpAddr, String),
}
