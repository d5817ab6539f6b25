//! What traffic must pass, ready to be asked.

use crate::azure::SubnetId;
use crate::query::rules::LoadedFile;
use crate::query::rules::verdict::first::CompiledRule;
use crate::query::rules::verdict::registry::CompiledRegistry;
use crate::rules::{RuleSet, RuleSetKind};
use crate::text::Safe;

/// Which addresses of a question a checkpoint is asked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    /// Source and destination.
    Both,
    /// The source.
    From,
    /// The destination.
    To,
    /// The side that is not one's own.
    Peer,
}

/// What traffic must pass: one rule set, or the groups of one firewall policy.
#[derive(Debug, Clone)]
pub(super) struct Checkpoint {
    pub path: Safe,
    pub kind: RuleSetKind,
    pub name: Safe,
    pub id: Option<String>,
    pub axis: Axis,
    /// Never empty: the last one decides what the others leave.
    pub rules: Vec<CompiledRule>,
    /// What a registry has besides addresses.
    pub registry: Option<CompiledRegistry>,
    /// The subnets in which it is in force, where the files say it.
    pub subnets: Vec<SubnetId>,
    /// Whether it is in force at network interfaces too.
    pub has_interfaces: bool,
    /// Whether it lists what is in force at one interface.
    pub is_effective: bool,
    /// Whether it is in force at interfaces alone that are described, and not at all addresses.
    pub is_of_interfaces: bool,
    /// What is looked at before any rule.
    pub before: Vec<String>,
    pub assumed: Vec<String>,
}

impl Checkpoint {
    pub fn new(loaded: &LoadedFile, set: &RuleSet, axis: Axis) -> Self {
        Self {
            path: loaded.path.clone(),
            kind: set.kind,
            name: set.name.clone(),
            id: set.id.clone(),
            axis,
            rules: Vec::new(),
            registry: None,
            subnets: set.applies.subnets.clone(),
            has_interfaces: set.applies.interfaces > 0,
            is_effective: set.is_effective,
            is_of_interfaces: false,
            before: Vec::new(),
            assumed: Vec::new(),
        }
    }
}
