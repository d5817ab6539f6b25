//! What of a week, and beside it, an address is in.

use crate::index::TagId;
use crate::space::{Block, Span};

/// A tag, its prefix, and how the prefix lies to the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// The tag.
    pub tag: TagId,
    /// Its prefix.
    pub prefix: Block,
    /// How the prefix lies to the query.
    pub relation: Relation,
}

/// A range that is not Azure's, and how it lies to the query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlsoMatch {
    /// Its tag: `own:office`, `aws:S3.us-east-1`.
    pub tag: String,
    /// The range.
    pub prefix: Block,
    /// How it lies to the query.
    pub relation: Relation,
}

impl AlsoMatch {
    /// On one line, for text and screen.
    #[must_use]
    pub fn sentence(&self) -> String {
        format!("also {}: {}", self.tag, self.prefix)
    }
}

/// How a prefix lies to the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Relation {
    /// It holds the whole query, equal included.
    Covers,
    /// It lies strictly within the query.
    Inside,
    /// It holds a part of the query and more: only for ranges.
    Overlaps,
}

impl Relation {
    /// How a prefix that touches a span lies to it.
    #[must_use]
    pub fn of(prefix: Block, span: Span) -> Self {
        if prefix.contains(span) {
            Self::Covers
        } else if span.first() <= prefix.first() && prefix.last() <= span.last() {
            Self::Inside
        } else {
            Self::Overlaps
        }
    }

    /// The word for text and screen.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Covers => "covers",
            Self::Inside => "inside",
            Self::Overlaps => "overlaps",
        }
    }
}
