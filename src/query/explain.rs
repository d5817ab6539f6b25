//! The text of a failed pull, login or health check → what it means and the smallest change.
//!
//! Recognisers gather typed evidence from the whole text, the table of problems decides which one
//! fits it ([`recognise`]), and [`ask`] looks addresses up and says causes, commands and what would
//! not help in the words of `assets/problems.toml`. Facts that no document confirms are
//! [`Certainty::Assumed`](crate::azure::Certainty::Assumed).

mod answer;
mod catalogue;
mod client;
mod endpoints;
mod evidence;
mod failures;
mod lines;
mod names;
mod phrases;
mod prose;
mod reader;
mod recognise;
mod record;
mod refusal;
mod scene;
mod table;

pub use answer::{AlsoSeen, ExplainAnswer, Explained, ask};
pub(in crate::query) use client::Part;
pub use client::{AddressScope, ClientTag, SeenClient};
pub use lines::{ExplainExtent, ExplainLine, NONE, PASTE};
pub use names::NamedRegistry;
pub use prose::{AdvicePlaceholder, AdviceStep, Sentence};
pub use reader::one_line;
pub use recognise::{Complaint, Problem, recognise, recognise_each};
pub use record::{ExplainRecord, FailureRecord};

/// The ids of all problems.
#[must_use]
pub fn problem_ids() -> Vec<&'static str> {
    let problems = catalogue::Catalogue::embedded().problems.iter();
    problems.map(|prose| prose.id.as_str()).collect()
}

/// Bytes of a text that are read.
pub const MAX_TEXT: usize = 1 << 20;
