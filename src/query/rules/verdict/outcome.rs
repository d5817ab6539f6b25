//! The three ways in which a question ends.

/// Whether it gets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// All of it, for sure.
    Allow,
    /// Not all of it, for sure.
    Deny,
    /// It may get through and it may not.
    Depends,
}

impl Verdict {
    /// Whether nothing could turn it.
    #[must_use]
    pub const fn is_certain(self) -> bool {
        !matches!(self, Self::Depends)
    }

    /// The verdict in a word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Allow => "allowed",
            Self::Deny => "denied",
            Self::Depends => "depends",
        }
    }
}
