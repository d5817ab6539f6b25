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
    pub sign: PlanSign,
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanSign {
    /// In both plans, or nothing is compared.
    Kept,
    Added,
    /// Only in the plan before.
    Removed,
    /// With other tags.
    Changed,
}

impl PlanSign {
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
pub enum EndpointDetailLine {
    Text(String, Tone),
    Tag(String, Certainty),
    Prefix(Block),
    /// An address that a probe found, and what it answered.
    Address(IpAddr, String),
}
