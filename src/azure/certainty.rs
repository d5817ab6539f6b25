//! How well something is known.

/// From the best known to the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Certainty {
    /// Read in a document of the publisher.
    Documented,
    /// Two sources say different things.
    Disputed,
    /// Follows from a pattern, or is known from use alone: nothing that was read confirms it.
    Assumed,
}

impl Certainty {
    /// The word for a person; also the JSON's.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Disputed => "disputed",
            Self::Assumed => "assumed",
        }
    }

    /// What stands before a statement that is less than documented.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Documented => "",
            Self::Disputed => "sources disagree: ",
            Self::Assumed => "assumed: ",
        }
    }

    /// What stands behind a name that is less than documented.
    #[must_use]
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Documented => "",
            Self::Disputed => " (disputed)",
            Self::Assumed => " (assumed)",
        }
    }

    /// What stands before a name that is less than documented, where there is little room.
    #[must_use]
    pub const fn dot(self) -> &'static str {
        match self {
            Self::Documented => "",
            Self::Disputed | Self::Assumed => "·",
        }
    }

    /// The weaker of two.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.max(other)
    }
}
