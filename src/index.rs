//! The compiled week: one flat file that answers without being parsed.
//!
//! [`write`] turns a week into bytes, [`Index`] holds and checks them, [`View`] answers on them.
//! [`Chronicle`] keeps many weeks in the space of one and a half, and [`Draft`] writes it.

mod chronicle;
mod compare;
mod embedded;
mod holders;
mod layout;
mod reader;
mod search;
mod writer;

pub use chronicle::{
    Attributes, Chronicle, ChronicleBuilder, ChronicleError, Contents, Histories, Rows, TagRuns,
    WeekEntry, WeekSet, write as write_chronicle,
};
pub use compare::{ChangedPrefix, TagPair, WeekComparison, compare, pair_tags};
pub use embedded::{embedded_chronicle, embedded_index};
pub use holders::{Holders, Like};
pub use layout::IndexError;
pub use reader::{Index, TagId, TagRow, View, WeekInfo};
pub use search::{Hit, Neighbour, Node, PrefixHit};
pub use writer::{WriteError, write};
