//! Imported rules together with a week: what they are, what they let through, what is wrong with
//! them, what a publication does to them, and rules that are made from a week.

pub mod check;
pub mod far;
pub mod fit;
pub mod hosts;
pub mod impact;
mod known;
pub mod make;
pub mod order;
pub mod show;
pub mod verdict;

pub use known::Known;

use crate::rules::RuleFile;
use crate::text::Safe;

/// A file of rules, and where it is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// The path for people.
    pub path: Safe,
    /// What is in it.
    pub file: RuleFile,
}
