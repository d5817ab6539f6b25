//! What leaves open what a rule matches, and what would settle it.

use std::sync::Arc;

use crate::text::clean;

/// What leaves an answer open; the ids of the documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReasonKind {
    /// A part of a file that may hold rules and was not read.
    UnreadResource,
    /// A rule, or a part of one, that was not understood.
    UnreadRow,
    /// An expression of a template without a value.
    Unresolved,
    /// A name whose addresses are in none of the files.
    UnknownName,
    /// Something that Azure does and that is not followed here.
    NotModelled,
    /// A rule that is about a part of what was asked.
    PartOfRow,
    /// It is not known which rules stand on the way.
    PathUnknown,
    /// It is not known with which address the traffic comes or goes.
    AddressUnknown,
    /// The question falls into too many parts.
    TooManyParts,
}

/// What gives an expression of a template its value.
pub(in crate::query::rules) const PARAMETERS: &str =
    "--parameters with the file of a template's values, or the state after apply,";

/// A doubt about a rule or an end of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::query::rules) struct Doubt {
    pub kind: ReasonKind,
    pub text: String,
    /// The command that prints what would settle it, or what to ask with.
    pub settled_by: Option<String>,
}

impl Doubt {
    pub fn new(kind: ReasonKind, text: impl AsRef<str>) -> Arc<Self> {
        Arc::new(Self::plain(kind, text))
    }

    /// The same with what would settle it.
    pub fn settled(kind: ReasonKind, text: impl AsRef<str>, by: impl AsRef<str>) -> Arc<Self> {
        Arc::new(Self {
            settled_by: Some(clean(by.as_ref()).into_owned()),
            ..Self::plain(kind, text)
        })
    }

    fn plain(kind: ReasonKind, text: impl AsRef<str>) -> Self {
        Self {
            kind,
            text: clean(text.as_ref()).into_owned(),
            settled_by: None,
        }
    }
}
