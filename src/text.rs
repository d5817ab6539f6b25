//! Text that may be shown: cleaning, measuring and matching.
//!
//! Everything that comes from outside (documents, arguments, host answers) passes [`Safe`] before
//! it reaches a terminal, a log or a text file.

mod matcher;
mod safe;
mod width;

pub use matcher::{Pattern, closest, matches_words};
pub use safe::{Safe, clean, is_hazard};
pub use width::{cut_end, cut_middle, pad, width};
