//! Which checkpoints traffic meets on its way.
//!
//! A registry's public endpoint is outside of every virtual network. What reaches it from a public
//! address, or from a service of Azure, leaves no virtual network either: security groups, firewalls
//! and route tables are not on that way, whatever their rows say.

use crate::azure::PlatformTag;
use crate::azure::registry::CloudDomains;
use crate::query::rules::resolve::common;
use crate::query::rules::resolve::{Described, NetworkPlaces, is_within};
use crate::query::rules::verdict::answer::touches;
use crate::query::rules::verdict::checkpoint::Checkpoint;
use crate::query::rules::verdict::question::{Party, RegistryPath, VerdictQuestion};
use crate::query::rules::verdict::registry::CompiledRegistry;
use crate::rules::RuleSetKind;
use crate::space::AddressSet;

/// Why a checkpoint of a virtual network is not asked.
pub(super) const NOT_MET: &str = "not on the way: from a public address to a registry's public endpoint traffic meets no security group, firewall or route table of a virtual network";
/// What is said where it is asked for a part of the sources.
const CUT: &str = "security groups, firewalls and route tables are asked for the private addresses and the described subnets: from other addresses a registry's public endpoint is reached without them";

/// How much of the traffic meets the checkpoints of a virtual network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NetworkPath {
    /// All of it, as far as the files say.
    All,
    /// What comes from these sources; the rest goes to a registry from outside.
    From(AddressSet),
    /// Nothing: all of it goes to a registry from outside.
    Outside,
}

impl NetworkPath {
    /// The way of a question's traffic to a registry or to anything else; `inside` are the addresses
    /// that never reach a public endpoint from outside a network.
    pub fn new(
        question: &VerdictQuestion,
        from: Option<&AddressSet>,
        is_to_registry: bool,
        inside: &AddressSet,
    ) -> Self {
        if !is_to_registry || question.registry_path == RegistryPath::PrivateEndpoint {
            return Self::All;
        }
        if question.from == Some(Party::Platform(PlatformTag::Internet)) {
            return Self::Outside;
        }
        match from {
            Some(from) if !touches(Some(from), inside) => Self::Outside,
            Some(from) if is_within(from, inside) => Self::All,
            Some(from) => Self::From(common(from, inside)),
            None if matches!(question.registry_path, RegistryPath::Trusted(_)) => Self::Outside,
            None => Self::All,
        }
    }

    /// Whether any of the traffic meets a checkpoint of this kind.
    pub fn meets(&self, kind: RuleSetKind) -> bool {
        *self != Self::Outside || !kind.is_of_network()
    }

    /// Whether a part of the sources alone meets the checkpoints of a network.
    pub const fn is_cut(&self) -> bool {
        matches!(self, Self::From(_))
    }

    /// The sources that meet a checkpoint of this kind, where these are not all.
    pub fn own(&self, kind: RuleSetKind, notes: &mut Vec<String>) -> Option<AddressSet> {
        match self {
            // Lists and IP groups answer whether they hold an address, wherever it comes from; a
            // registry is met by all that goes to it.
            Self::From(set) if kind.is_of_network() => {
                notes.push(CUT.to_owned());
                Some(set.clone())
            }
            _ => None,
        }
    }
}

/// Whether traffic goes to a registry's public endpoint: by its name, to addresses that only
/// registries have, or by a way that only registries know.
pub(super) fn is_registry<'a>(
    question: &VerdictQuestion,
    to: Option<&AddressSet>,
    of_registries: Option<&AddressSet>,
    mut registries: impl Iterator<Item = &'a CompiledRegistry>,
) -> bool {
    match &question.to {
        None => matches!(question.registry_path, RegistryPath::Trusted(_)),
        Some(Party::Host { name, .. }) => {
            CloudDomains::split(name).is_some() || registries.any(|it| it.has_host(name))
        }
        Some(Party::Tag(_) | Party::Span(_)) => to
            .zip(of_registries)
            .is_some_and(|(to, all)| is_within(to, all)),
        Some(Party::Any | Party::Platform(_) | Party::Subnet(_)) => false,
    }
}

/// Why a security group or a route table is not asked.
pub(super) const ELSEWHERE: &str = "not on the way: it is in force in other subnets";

/// Why a security group in front of a private endpoint is not asked.
pub(super) const NO_POLICIES: &str = "not on the way: security groups do not hold for private endpoints in that subnet (privateEndpointNetworkPolicies)";

/// Whether a checkpoint is in force where the traffic starts or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stands {
    Here,
    Elsewhere,
    /// The files do not say.
    Perhaps,
    /// The subnet names one that has no value yet, or it is in force at some interfaces.
    Open,
}

/// Whether a checkpoint is in force at an end, as far as the files say where it is.
pub(super) fn stands(
    checkpoint: &Checkpoint,
    party: Option<&Party>,
    set: Option<&AddressSet>,
    places: &NetworkPlaces,
) -> Stands {
    if checkpoint.is_effective {
        return Stands::Here;
    }
    let kind = match checkpoint.kind {
        RuleSetKind::Nsg => 0,
        RuleSetKind::RouteTable => 1,
        _ => return Stands::Perhaps,
    };
    let is_end = |subnet: &Described| match party {
        Some(Party::Subnet(id)) => subnet.id.is_same(id),
        _ => touches(set, &subnet.addresses),
    };
    let mut ends = places.subnets.iter().filter(|subnet| is_end(subnet));
    if ends.any(|subnet| subnet.is_open.get(kind) == Some(&true)) {
        return Stands::Open;
    }
    if checkpoint.subnets.is_empty() {
        return if checkpoint.is_of_interfaces {
            Stands::Open
        } else {
            Stands::Perhaps
        };
    }
    let elsewhere = if checkpoint.has_interfaces {
        Stands::Perhaps
    } else {
        Stands::Elsewhere
    };
    if let Some(Party::Subnet(id)) = party {
        let is_here = checkpoint.subnets.iter().any(|own| own.is_same(id));
        return if is_here { Stands::Here } else { elsewhere };
    }
    let mut own = AddressSet::default();
    for id in &checkpoint.subnets {
        match places.subnet(id).map(|subnet| &subnet.addresses) {
            Some(addresses) if !addresses.is_empty() => own = own.union(addresses),
            _ => return Stands::Perhaps,
        }
    }
    match set {
        Some(set) if is_within(set, &own) => Stands::Here,
        Some(set) if !touches(Some(set), &own) && is_within(set, &places.network) => elsewhere,
        _ => Stands::Perhaps,
    }
}
