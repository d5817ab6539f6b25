//! Imported rule sets: a registry's network rules, security groups, firewall policies, IP groups,
//! route tables and plain lists, as rows in evaluation order.
//!
//! Nothing here knows a week: what a service tag holds comes in from above.

mod entry;
mod import;
mod ruleset;

pub use entry::{Entry, Ports, Protocol};
pub use import::{MAX_RULES, NoRules, read_rules, read_rules_by};
pub use ruleset::{
    Access, Cleared, Connection, Direction, EntryPlace, Flaw, RegistryFacts, Row, RuleFile,
    RuleSet, RuleSetKind, Stage, Subnet,
};
