//! Why no rules are made.

use crate::query::rules::make::Target;
use crate::text::{Safe, WordRefusal};

/// Why no rules are made: the thing, the limit, what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MakeRefusal {
    /// Nothing is selected that the target could hold.
    #[error("{what}; {advice}")]
    Nothing {
        /// What is missing.
        what: String,
        /// What to do.
        advice: &'static str,
    },
    /// More than the target takes.
    #[error("{} needs {needed} {things}, and {holder} takes {limit}; {advice}", target.word())]
    Limit {
        /// The target.
        target: Target,
        /// How many there would be.
        needed: usize,
        /// Of what.
        things: &'static str,
        /// What takes them.
        holder: String,
        /// How many it takes.
        limit: usize,
        /// What to do.
        advice: String,
    },
    /// Priorities that the target does not take.
    #[error(
        "{rules} rules from priority {first} on end at {last}, and {holder} takes {least} to {most}; give a {} --priority{}",
        if first < least { "higher" } else { "lower" },
        if first < least { "" } else { " or fewer tags" }
    )]
    Priority {
        /// How many rules.
        rules: usize,
        /// The first priority.
        first: u32,
        /// The last one that is needed.
        last: u32,
        /// What takes them.
        holder: &'static str,
        /// The least priority.
        least: u32,
        /// The greatest.
        most: u32,
    },
    /// A tag that cannot stand in a rule, where only tags are wanted.
    #[error("{tag} {why}; leave --tags out for its prefixes")]
    NotATag {
        /// The tag.
        tag: Safe,
        /// Why.
        why: &'static str,
    },
    /// A direction that the target does not have.
    #[error("{}: {why}", target.word())]
    Direction {
        /// The target.
        target: Target,
        /// Why, and what to do.
        why: &'static str,
    },
    /// A name that the target does not take.
    #[error("\"{name}\" is no name for {}: {rule}", target.word())]
    Name {
        /// The name.
        name: Safe,
        /// The target.
        target: Target,
        /// What it takes.
        rule: &'static str,
    },
    /// A name that stands in no command.
    #[error(transparent)]
    Word(#[from] WordRefusal),
    /// An option that the target does not take.
    #[error("{} takes no {option}: {why}", target.word())]
    Option {
        /// The target.
        target: Target,
        /// The option.
        option: &'static str,
        /// Why.
        why: &'static str,
    },
    /// Two tags whose files would have one name.
    #[error("two tags would both be {name}; make one of them with --tag")]
    SameFile {
        /// The name.
        name: String,
    },
    /// A host name with a gap.
    #[error("{host} is not a whole host name; name the registry's regions with --region")]
    Host {
        /// The host name.
        host: Safe,
    },
}
