//! Why an answer may be another one, and what would settle it.

use crate::query::rules::resolve::ReasonKind;
use crate::query::rules::verdict::outcome::Verdict;
use crate::text::Safe;

/// Why an answer may be another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What it is.
    pub kind: ReasonKind,
    /// In a sentence.
    pub text: String,
    /// The file.
    pub path: Safe,
    /// Where in the file; empty for what is in none.
    pub place: String,
    /// What the answer could turn into; `None` for either.
    pub could: Option<Verdict>,
    /// The command that prints what would settle it, or what to ask with.
    pub settled_by: Option<String>,
}

impl Reason {
    /// The reason with what would settle it, in one line.
    #[must_use]
    pub fn line(&self) -> String {
        match &self.settled_by {
            None => self.text.clone(),
            Some(by) => format!("{}; {by} would settle it", self.text),
        }
    }
}
