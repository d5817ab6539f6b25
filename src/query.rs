//! The questions and their answers, shared by both front ends.
//!
//! Each topic has a `Question`, an `Answer` and `ask`. An answer is shown as a [`Sheet`] (columns
//! and typed cells) or as its JSON record; wording, order and units are decided here, once.

mod dataset;
pub mod diff;
pub mod endpoints;
pub mod explain;
pub mod export;
pub mod gone;
pub mod guide;
pub mod history;
mod joined;
pub mod lines;
pub mod lookup;
pub mod names;
pub mod probe;
pub mod reference;
pub mod regions;
pub mod rules;
pub mod runbook;
pub mod schema;
mod sheet;
pub mod show;
pub mod tags;
mod topic;
pub mod traffic;
pub mod weeks;

pub use dataset::{Dataset, Provenance, Source, WeekRecord, week_line};
pub use joined::{AZURE_CLOUD, JOINED, JOINED_SINCE, joined_note, joined_note_of};
pub use sheet::{Align, Cell, ColumnSpec, Cut, NUMBERS_KEY, Sheet};
pub use topic::ViewTopic;

/// Version of every JSON document.
pub const SCHEMA_VERSION: u32 = 1;
