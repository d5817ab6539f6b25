//! The text of a failed pull, login or health check → what it means and the smallest change.
//!
//! [`recognise`] reads the text and answers nothing for a text that is no such failure; [`ask`]
//! looks the client's address up and says causes, commands and what would not help. Facts that no
//! document confirms are [`Certainty::Assumed`].

mod advice;
mod answer;
mod client;
mod codes;
mod denied;
mod endpoints;
mod health;
mod layers;
mod lines;
mod names;
mod network;
mod outbound;
mod reader;
mod recognise;
mod record;
mod refusal;
mod setup;
mod signs;

pub use advice::{AdvicePlaceholder, AdviceStep, Sentence};
pub use answer::{ExplainAnswer, Explained, ask};
pub(in crate::query) use client::Part;
pub use client::{AddressScope, ClientTag, SeenClient};
pub use codes::HealthCode;
pub use lines::{ExplainExtent, ExplainLine, NONE, PASTE};
pub use names::NamedRegistry;
pub use reader::one_line;
pub use recognise::{Complaint, Problem, recognise};
pub use record::ExplainRecord;

/// Bytes of a text that are read.
pub const MAX_TEXT: usize = 1 << 20;
