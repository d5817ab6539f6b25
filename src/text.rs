//! Text that may be shown: cleaning, measuring, matching and quoting.
//!
//! Everything that comes from outside (documents, arguments, host answers) passes [`Safe`] before
//! it reaches a terminal, a log or a text file.

mod host_name;
mod matcher;
mod safe;
mod shell;
mod width;
mod words;

pub use host_name::{HostName, NameFlaw, is_host_name};
pub use matcher::{
    Pattern, allowed_edits, closest, edits, edits_to_beginnings, fold, matches_words, ranked,
};
pub use safe::{Safe, clean, is_hazard};
pub use shell::quote;
pub use width::{cut_end, cut_middle, pad, width, wrap};
pub use words::{and_more, counted, first_of, plural, shown_date};
