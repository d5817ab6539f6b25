//! A row that came or went.

use std::ops::Range;

use crate::space::{Block, Count};

/// An address is in five tags at most; a prefix in more changed ones than this is no publication
/// of Azure, and its rows are not compared with each other.
pub(super) const MOST_HOLDERS: usize = 64;

/// Whether a row came or went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DiffSign {
    /// Only the older week has it.
    Removed,
    /// Only the newer week has it.
    Added,
}

impl DiffSign {
    pub(super) const BOTH: [Self; 2] = [Self::Removed, Self::Added];

    /// `-` or `+`.
    #[must_use]
    pub const fn glyph(self) -> &'static str {
        match self {
            Self::Removed => "-",
            Self::Added => "+",
        }
    }

    pub(super) const fn other(self) -> Self {
        match self {
            Self::Removed => Self::Added,
            Self::Added => Self::Removed,
        }
    }

    /// The part of the week that has the row: the older week's comes first.
    pub(super) const fn of<T>(self, [older, newer]: &[T; 2]) -> &T {
        match self {
            Self::Removed => older,
            Self::Added => newer,
        }
    }

    pub(super) const fn of_mut<T>(self, [older, newer]: &mut [T; 2]) -> &mut T {
        match self {
            Self::Removed => older,
            Self::Added => newer,
        }
    }
}

/// A row that came or went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffRow {
    /// The prefix.
    pub prefix: Block,
    /// Whether it came or went.
    pub sign: DiffSign,
    /// How many addresses its tag gains or loses by it; none where other rows hold them.
    pub changes: Count,
    /// Whether a narrower tag asked for has the same row with the same sign.
    pub is_echo: bool,
    /// Length of the other week's prefix around it.
    pub(super) covered: Option<u8>,
    /// Its tag, as a place among the answer's parties.
    pub(super) party: usize,
    /// Who else has it, as a part of the answer's holders.
    pub(super) shared: Range<usize>,
    /// Where its addresses went or came from, as places among the answer's parties.
    pub(super) moved: Vec<usize>,
}

impl DiffRow {
    /// Whether it changes its tag's address set.
    #[must_use]
    pub const fn has_effect(&self) -> bool {
        !self.changes.is_zero()
    }

    /// The word of JSON and CSV: `new`, `lost`, or `covered` for a row without an effect.
    #[must_use]
    pub const fn effect(&self) -> &'static str {
        match (self.has_effect(), self.sign) {
            (false, _) => "covered",
            (true, DiffSign::Added) => "new",
            (true, DiffSign::Removed) => "lost",
        }
    }

    /// The row of the same tag in the other week that holds all of it, the narrowest of several;
    /// `None` for a row with an effect, and for one that several rows hold together.
    #[must_use]
    pub fn covered_by(&self) -> Option<Block> {
        let length = self.covered?;
        Some(Block::holding(
            self.prefix.family(),
            self.prefix.first(),
            length,
        ))
    }
}

/// A tag that has a changed prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Holder {
    pub(super) party: usize,
    pub(super) is_echo: bool,
}
