//! Text that may be shown: cleaning, measuring, matching and quoting.
//!
//! Everything that comes from outside (documents, arguments, host answers) passes [`Safe`] before
//! it reaches a terminal, a log or a text file.

mod az;
mod encoding;
mod host_name;
mod matcher;
mod safe;
mod scan;
mod shell;
mod width;
mod words;

pub use az::{AzCommand, WordRefusal, az_command, az_word};
pub use encoding::{Encoding, NotText, decode, decode_lossy};
pub use host_name::{HostName, NameFlaw, is_host_name};
pub use matcher::{
    Pattern, allowed_edits, closest, edits, edits_to_beginnings, fold, matches_words, ranked,
};
pub use safe::{Safe, clean, is_hazard};
pub use scan::{
    Flaw, Found, Reading, Readings, RunAddress, What, items, lines, scan, v6_in, why_not_v4,
};
pub use shell::{argument, option, quote};
pub use width::{cut_end, cut_middle, pad, width, wrap};
pub use words::{and_more, bytes, counted, first_of, plural};
