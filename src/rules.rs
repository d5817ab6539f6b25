//! Imported rule sets: a registry's network rules, security groups, firewall policies, IP groups,
//! route tables and plain lists, as rows in evaluation order.
//!
//! Nothing here knows a week: what a service tag holds comes in from above.

mod arm;
mod entry;
mod hop;
mod import;
mod kind;
pub mod limits;
mod ruleset;
mod terraform;

pub use entry::{Entry, Ports, Protocol, holds_host, is_expression};
pub use hop::{Hop, HopKind};
pub use import::{MAX_RULES, NoRules, Parameters, ReadOptions, RuleDocument, read_rules};
pub use kind::{KindFacts, KindScope, Listing, RowEnds, RuleSetKind};
pub use ruleset::{
    Access, Applies, Cleared, Connection, Direction, EndpointPolicies, EntryPlace, FirewallPolicy,
    Flaw, FlawPart, Network, PrivateEndpoint, RegistryFacts, Row, RuleFile, RuleSet, Stage, Subnet,
    SubnetLink, ThreatIntel,
};
