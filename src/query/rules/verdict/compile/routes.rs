//! A route table as rules about destinations: the longest prefix first, Azure's own routes among those
//! of the table.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::azure::Rank;
use crate::query::rules::LoadedFile;
use crate::query::rules::resolve::RuleSide;
use crate::query::rules::resolve::{Doubt, ReasonKind};
use crate::query::rules::resolve::{NetworkPlaces, SideResolver};
use crate::query::rules::verdict::checkpoint::{Axis, Checkpoint};
use crate::query::rules::verdict::compile::{flawed, rule};
use crate::query::rules::verdict::first::{CompiledRule, RuleEffect, RuleReason};
use crate::rules::{Access, Entry, FlawPart, HopKind, Row, RuleSet};
use crate::space::{AddressSet, Block, Family, Span, cover};

/// How near a route is: the longest prefix first, then what wins among equal prefixes.
type Nearness = (std::cmp::Reverse<u8>, u8, usize);

pub(super) fn compile(
    loaded: &LoadedFile,
    set: &RuleSet,
    resolver: &mut SideResolver<'_>,
) -> Checkpoint {
    let mut checkpoint = Checkpoint::new(loaded, set, Axis::To);
    checkpoint.rules.extend(flawed(set));
    checkpoint.rules.push(to_platform(resolver.places));
    let mut near: BTreeMap<Nearness, Vec<Span>> = BTreeMap::new();
    // Why a route may not be what it seems, or not be there.
    let mut doubts: HashMap<usize, Arc<Doubt>> = HashMap::new();
    for (place, row) in set.rows.iter().enumerate() {
        let mut odd = rule(row, resolver);
        let is_none = row.flaws.iter().any(|flaw| flaw.part == FlawPart::Whole);
        if is_none || !odd.to.open.is_empty() || has_symbol(row) {
            // Its prefixes may be longer than any other, so it is asked first and decides nothing.
            let why = odd.to.open.first().map(|it| Arc::clone(&it.why));
            let why = why.unwrap_or_else(|| {
                Doubt::new(ReasonKind::UnreadRow, "its prefix is not one of a route")
            });
            odd.doubt.get_or_insert(why);
            odd.effect = RuleEffect::Unknown;
            odd.from = std::mem::replace(&mut odd.to, RuleSide::all());
            checkpoint.rules.push(odd);
            continue;
        }
        if let Some(doubt) = odd.doubt {
            doubts.insert(place, doubt);
        }
        for (rank, block) in blocks(row, resolver) {
            let key = (std::cmp::Reverse(block.length()), rank, place);
            near.entry(key).or_default().push(block.span());
        }
    }
    if set.is_effective {
        for ((length, rank, place), spans) in near {
            if let Some(row) = set.rows.get(place) {
                let set = Arc::new(AddressSet::from_spans(spans));
                let mut route = route(row, length.0, rank, set);
                route.doubt = doubts.get(&place).cloned();
                checkpoint.rules.push(route);
            }
        }
        let said = "no route in force holds it".to_owned();
        let reason = RuleReason::Said(said);
        let last = CompiledRule::new("no route", RuleEffect::Deny, reason);
        checkpoint.rules.push(last);
        return checkpoint;
    }
    // Longest prefix first; of one length a route of the table before one of Azure's.
    let mut local: BTreeMap<u8, Vec<Span>> = BTreeMap::new();
    for block in &resolver.places.spaces {
        local.entry(block.length()).or_default().push(block.span());
    }
    let mut is_local_told = false;
    checkpoint.rules.extend(maybe_local(resolver.places));
    checkpoint.rules.extend(by_endpoint(resolver.places));
    let mut of_endpoints = to_endpoints(resolver.places);
    for ((length, rank, place), spans) in near {
        while let Some((own, _)) = of_endpoints.last_key_value()
            && *own > length.0
        {
            let (_, rules) = of_endpoints.pop_last().unwrap_or_default();
            checkpoint.rules.extend(rules);
        }
        while let Some((&own, _)) = local.last_key_value().filter(|(own, _)| **own > length.0) {
            let spans = local.remove(&own).unwrap_or_default();
            checkpoint.rules.push(vnet_local(spans));
        }
        if length.0 == 0 && !std::mem::replace(&mut is_local_told, true) {
            checkpoint.rules.push(of_subnets(resolver.places));
        }
        if let Some(row) = set.rows.get(place) {
            let set = Arc::new(AddressSet::from_spans(spans));
            let mut route = route(row, length.0, rank, set);
            route.doubt = doubts.get(&place).cloned();
            checkpoint.rules.push(route);
        }
    }
    let rules = of_endpoints.into_values().rev().flatten();
    checkpoint.rules.extend(rules);
    for spans in local.into_values().rev() {
        checkpoint.rules.push(vnet_local(spans));
    }
    checkpoint.rules.extend(system_routes(resolver.places));
    checkpoint.assumed.push("peers, gateways and service endpoints add no route with a longer prefix: the file of a route table does not list them".to_owned());
    checkpoint
}

/// The platform's own addresses are reached past every route.
fn to_platform(places: &NetworkPlaces) -> CompiledRule {
    let said = "Azure's own addresses (DNS, metadata) are subject to no route";
    let reason = RuleReason::Said(said.to_owned());
    let mut rule = CompiledRule::new("Azure platform", RuleEffect::Allow, reason);
    rule.from = RuleSide::of(places.own());
    rule.is_quiet = true;
    rule
}

/// A subnet with service endpoints has routes to the addresses of those services, which are not listed.
fn by_endpoint(places: &NetworkPlaces) -> Option<CompiledRule> {
    let mut subnets = places.subnets.iter();
    let subnet = subnets.find(|subnet| subnet.has_endpoints)?;
    let said = RuleReason::Said("goes to a service by its endpoint".to_owned());
    let mut rule = CompiledRule::new("service endpoint", RuleEffect::Allow, said);
    rule.from = RuleSide::of(Arc::clone(&places.internet));
    rule.is_quiet = true;
    rule.doubt = Some(Doubt::settled(
        ReasonKind::PathUnknown,
        format!(
            "the service endpoints of subnet {} add routes to the addresses of their services",
            subnet.id.name()
        ),
        "az network nic show-effective-route-table",
    ));
    Some(rule)
}

/// A private endpoint has a route of its own for each address, which a route of the table overrides only
/// where the subnet's network policies let it; by the length of its prefix.
fn to_endpoints(places: &NetworkPlaces) -> BTreeMap<u8, Vec<CompiledRule>> {
    let mut found: BTreeMap<u8, Vec<CompiledRule>> = BTreeMap::new();
    for place in &places.private.places {
        let AddressSet { v4, v6 } = AddressSet::clone(&place.addresses);
        let (v4, v6) = (
            AddressSet {
                v4,
                ..AddressSet::default()
            },
            AddressSet {
                v6,
                ..AddressSet::default()
            },
        );
        for (family, addresses) in [(Family::V4, v4), (Family::V6, v6)] {
            if addresses.is_empty() {
                continue;
            }
            let length = family.bits();
            let said = format!(
                "goes to {}: its own route /{length} is the longest prefix",
                place.name
            );
            let reason = RuleReason::Said(said);
            let mut rule = CompiledRule::new("private endpoint", RuleEffect::Allow, reason);
            rule.from = RuleSide::of(Arc::new(addresses));
            rule.is_quiet = true;
            rule.doubt = match (place.is_known, place.policies.routes) {
                (true, Some(false)) => None,
                (true, _) => Some("network policies may hold for it, and a route of the table wins where its prefix is as long as the network's or longer".to_owned()),
                (false, _) => Some(format!("it may be {}, which has a route /{length} of its own", place.name)),
            }
            .map(|text| {
                let settle = "az network nic show-effective-route-table";
                Doubt::settled(ReasonKind::PathUnknown, text, settle)
            });
            found.entry(length).or_default().push(rule);
        }
    }
    found
}

/// The route that Azure has for every prefix of the network.
fn vnet_local(spans: Vec<Span>) -> CompiledRule {
    let said =
        "stays in the virtual network: its address space is the longest prefix that holds it";
    let mut rule = CompiledRule::new(
        "virtual network",
        RuleEffect::Allow,
        RuleReason::Said(said.to_owned()),
    );
    rule.from = RuleSide::of(Arc::new(AddressSet::from_spans(spans)));
    rule.is_quiet = true;
    rule
}

/// Subnets that are described without their network: its prefix is shorter than theirs, and longer
/// than that of a default route.
fn of_subnets(places: &NetworkPlaces) -> CompiledRule {
    let said = "stays in the virtual network: its subnet is described, and the network's prefix is longer than 0.0.0.0/0";
    let mut rule = CompiledRule::new(
        "virtual network",
        RuleEffect::Allow,
        RuleReason::Said(said.to_owned()),
    );
    let subnets = places.subnets.iter();
    let all = subnets.fold(AddressSet::default(), |all, subnet| {
        all.union(&subnet.addresses)
    });
    rule.from = RuleSide::of(Arc::new(all));
    rule.is_quiet = true;
    rule
}

/// While no network is described, any private address may be in one, with a prefix of any length.
fn maybe_local(places: &NetworkPlaces) -> Option<CompiledRule> {
    if !places.spaces.is_empty() {
        return None;
    }
    let said = RuleReason::Said("stays in the virtual network".to_owned());
    let mut rule = CompiledRule::new("virtual network", RuleEffect::Allow, said);
    rule.from = RuleSide::of(Arc::clone(&places.network));
    rule.is_quiet = true;
    rule.doubt = Some(Doubt::settled(
        ReasonKind::PathUnknown,
        "the address space of the network is not among the files; where its prefix is longer, it wins",
        "az network vnet show",
    ));
    Some(rule)
}

fn has_symbol(row: &Row) -> bool {
    let mut entries = row.destinations.iter();
    entries.any(|entry| matches!(entry, Entry::Platform(_)))
}

/// A row's prefixes with their ranks: written out, regional tag, tag, region of the cloud, cloud.
fn blocks(row: &Row, resolver: &SideResolver<'_>) -> Vec<(u8, Block)> {
    let view = resolver.addresses().dataset().view();
    let mut blocks = Vec::new();
    for entry in &row.destinations {
        match entry {
            Entry::Any => {
                let all = [Family::V4, Family::V6].map(|family| (0, Block::holding(family, 0, 0)));
                blocks.extend(all);
            }
            Entry::Span(span) => blocks.extend(cover(*span).into_iter().map(|block| (0, block))),
            Entry::Tag(name) => {
                let Some(tag) = resolver.addresses().tag(name) else {
                    continue;
                };
                let rank = match view.tag(tag).map(|row| row.rank()) {
                    Some(Rank::RegionalService) | None => 1,
                    Some(Rank::Service) => 2,
                    Some(Rank::RegionalCloud) => 3,
                    Some(Rank::Cloud) => 4,
                };
                blocks.extend(view.all_prefixes(tag).map(|block| (rank, block)));
            }
            _ => {}
        }
    }
    blocks
}

fn route(row: &Row, length: u8, rank: u8, set: Arc<AddressSet>) -> CompiledRule {
    let hop = row.access.word();
    let effect = match &row.access {
        Access::Route(hop) if hop.kind == HopKind::Nowhere => RuleEffect::Deny,
        Access::Route(_) => RuleEffect::Allow,
        _ => RuleEffect::Unknown,
    };
    let does = if effect == RuleEffect::Deny {
        "drops it (next hop None)".to_owned()
    } else {
        format!("sends it to {hop}")
    };
    let names: Vec<String> = row.destinations.iter().map(ToString::to_string).collect();
    let prefix = match rank {
        0 => format!("{} is the longest prefix that holds it", names.join(", ")),
        _ => format!(
            "a prefix of {} with length {length} is the longest that holds it",
            names.join(", ")
        ),
    };
    let said = format!("{does}: {prefix}");
    let mut rule = CompiledRule::new(row.name.as_str(), effect, RuleReason::Said(said));
    rule.is_to_appliance =
        matches!(&row.access, Access::Route(hop) if hop.kind == HopKind::Appliance);
    rule.place.clone_from(&row.place);
    rule.from = RuleSide::of(set);
    rule
}

/// What Azure does without a route of the table.
fn system_routes(places: &NetworkPlaces) -> [CompiledRule; 2] {
    let said = "no route of the table holds it, and Azure's own routes decide".to_owned();
    let mut inside = CompiledRule::new("no route", RuleEffect::Allow, RuleReason::Said(said));
    inside.from = RuleSide::of(Arc::clone(&places.inside));
    inside.unsure = Some(Doubt::settled(
        ReasonKind::PathUnknown,
        "a private address is reached inside the virtual network, its peers and gateways only",
        "az network nic show-effective-route-table",
    ));
    let said = "no route of the table holds it, and Azure's own route leads to the Internet";
    let outside = CompiledRule::new(
        "no route",
        RuleEffect::Allow,
        RuleReason::Said(said.to_owned()),
    );
    [inside, outside]
}
