//! Imported rules together with a week: what they are, what they let through, what is wrong with
//! them, what a publication does to them, and rules that are made from a week.

mod address_resolver;
pub mod check;
pub mod fit;
pub mod flows;
pub mod hosts;
pub mod impact;
pub mod make;
pub mod order;
pub mod remote_end;
mod resolve;
pub mod show;
pub mod verdict;

pub use address_resolver::AddressResolver;

use crate::rules::RuleFile;
use crate::text::Safe;

/// A file of rules, and where it is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadedFile {
    /// The path for people.
    pub path: Safe,
    /// What is in it.
    pub file: RuleFile,
}
