//! A registry's network rules as rules about addresses.
//!
//! No document states the order of the checks in one place; it is put together from several, and
//! said so.

use std::sync::Arc;

use crate::query::rules::resolve::Open;
use crate::query::rules::resolve::{Described, NetworkPlaces, SideResolver};
use crate::query::rules::resolve::{Doubt, ReasonKind};
use crate::query::rules::verdict::checkpoint::Checkpoint;
use crate::query::rules::verdict::compile::flawed;
use crate::query::rules::verdict::first::{CompiledRule, RuleEffect, RuleReason, meet};
use crate::query::rules::verdict::registry::{
    CompiledRegistry, Decision, closed, is_whole, own_address,
};
use crate::rules::{Access, Entry, RuleSet};
use crate::space::AddressSet;
use crate::text::az_command;

/// What is said of every answer.
const ORDER: &str = "the order of a registry's checks (private endpoint, public access, trusted services, subnets, addresses, default action) is put together from several documents";

/// What `az acr show-usage` alone makes is no rule set.
pub(super) fn is_limits_alone(set: &RuleSet) -> bool {
    set.rows.is_empty() && set.flaws.is_empty() && !is_whole(set) && !set.registry.usage.is_empty()
}

/// Makes rules about addresses of a registry's network rules.
pub(super) fn compile(set: &RuleSet, resolver: &mut SideResolver<'_>, checkpoint: &mut Checkpoint) {
    let registry = CompiledRegistry::new(set, &mut checkpoint.assumed);
    checkpoint.rules.extend(flawed(set));
    let public = match registry.facts.public_access {
        Some(true) => "public access is Enabled",
        Some(false) => "public access is Disabled",
        None => {
            checkpoint
                .assumed
                .push("public access is on, as it is by default: the file does not say".to_owned());
            "public access is taken as Enabled"
        }
    };
    checkpoint.before.push(public.to_owned());
    if registry.facts.public_access == Some(false) {
        checkpoint.rules.push(from_decision(closed()));
    } else if registry.default == RuleEffect::Allow {
        checkpoint.rules.extend(odd_actions(set, resolver));
        checkpoint.rules.push(from_decision(registry.by_default()));
    } else {
        checkpoint.rules.extend(odd_actions(set, resolver));
        subnets(&registry, resolver.places, checkpoint);
        inside(&registry, resolver.places, checkpoint);
        addresses(set, &registry, resolver, checkpoint);
        checkpoint.rules.push(from_decision(registry.by_default()));
    }
    checkpoint.assumed.push(ORDER.to_owned());
    checkpoint.registry = Some(registry);
}

/// Rows with an action that is none of a registry's.
fn odd_actions(set: &RuleSet, resolver: &mut SideResolver<'_>) -> Vec<CompiledRule> {
    let odd = set.rows.iter().filter(|row| row.access == Access::Unread);
    odd.map(|row| {
        let mut rule = CompiledRule::new(row.name.as_str(), RuleEffect::Unknown, RuleReason::Match);
        rule.place.clone_from(&row.place);
        rule.from = resolver.side(&row.sources, &mut rule.assumed);
        rule.doubt = Some(Doubt::new(
            ReasonKind::UnreadRow,
            "its action is not understood",
        ));
        rule
    })
    .collect()
}

/// Subnets that a file describes.
fn subnets(registry: &CompiledRegistry, places: &NetworkPlaces, checkpoint: &mut Checkpoint) {
    for subnet in &places.subnets {
        let decision = registry.of_subnet(&subnet.id, places);
        let mut rule = from_decision(decision);
        rule.from.is_all = false;
        rule.from.sets = vec![(
            Some(subnet.id.name().to_owned()),
            Arc::clone(&subnet.addresses),
        )];
        let is_twin = |other: &&Described| {
            !other.id.is_same(&subnet.id) && meet(&other.addresses, &subnet.addresses)
        };
        if let Some(twin) = places.subnets.iter().find(is_twin) {
            let why = format!("subnet {} has such addresses too", twin.id.name());
            rule.doubt = Some(Doubt::new(ReasonKind::AddressUnknown, why));
        } else {
            rule.notes.push(format!(
                "private addresses of the prefixes of {} are in that subnet",
                subnet.id.name()
            ));
        }
        checkpoint.rules.push(rule);
    }
}

/// Private addresses of no known subnet.
fn inside(registry: &CompiledRegistry, places: &NetworkPlaces, checkpoint: &mut Checkpoint) {
    let mut decision = registry.by_default();
    decision.because = String::from(
        "a private address reaches the public endpoint from a listed subnet only; else it arrives with another address",
    );
    if let Some((id, _)) = registry.subnets.first() {
        decision.unsure = Some(Doubt::settled(
            ReasonKind::AddressUnknown,
            format!("it may be in the listed subnet {}", id.name()),
            format!(
                "{}, or --from with the subnet's id",
                az_command("az network vnet subnet show --ids", &id.to_string())
            ),
        ));
    } else if registry.has_addresses {
        decision.unsure = Some(own_address());
    }
    let mut rule = from_decision(decision);
    rule.from.is_all = false;
    rule.from.sets = vec![(None, Arc::clone(&places.inside))];
    checkpoint.rules.push(rule);
}

fn addresses(
    set: &RuleSet,
    registry: &CompiledRegistry,
    resolver: &mut SideResolver<'_>,
    checkpoint: &mut Checkpoint,
) {
    for row in &set.rows {
        let is_subnet = row.sources.iter().any(|it| matches!(it, Entry::Subnet(_)));
        if is_subnet || row.access != Access::Allow {
            continue;
        }
        let mut rule = CompiledRule::new(row.name.as_str(), RuleEffect::Allow, RuleReason::Entry);
        rule.place.clone_from(&row.place);
        rule.from = resolver.side(&row.sources, &mut rule.assumed);
        let spans = row.sources.iter().filter_map(Entry::span);
        let wide = AddressSet::from_spans(spans);
        if !wide.v6.is_empty() {
            let v4 = AddressSet {
                v4: wide.v4,
                ..AddressSet::default()
            };
            let v6 = AddressSet {
                v6: wide.v6,
                ..AddressSet::default()
            };
            rule.from.sets = vec![(None, Arc::new(v4))];
            rule.from.open.push(Open {
                within: Some(Arc::new(v6)),
                why: Doubt::new(ReasonKind::NotModelled, "IP rules are for IPv4"),
                atom: None,
            });
        }
        if !registry.subnets.is_empty() {
            rule.notes.push("a client with a listed address is in no subnet with the service endpoint: from there it would arrive with its private address, and the IP rule would not match".to_owned());
        }
        checkpoint.rules.push(rule);
    }
}

fn from_decision(decision: Decision) -> CompiledRule {
    let reason = RuleReason::Said(decision.because);
    let mut rule = CompiledRule::new(&decision.row, decision.effect, reason);
    rule.place = decision.place;
    rule.unsure = decision.unsure;
    rule.notes = decision.assumed;
    rule
}
