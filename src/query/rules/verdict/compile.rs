//! Rule sets → checkpoints: rules in the order in which they are asked, with the one that decides when no
//! other does at the end.

mod registry;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::azure::Rank;
use crate::query::rules::LoadedFile;
use crate::query::rules::order::{Policy, at, policies};
use crate::query::rules::verdict::checkpoint::{Axis, Checkpoint};
use crate::query::rules::verdict::first::{CompiledRule, RuleEffect, RuleReason};
use crate::query::rules::verdict::places::{NetworkPlaces, SideResolver};
use crate::query::rules::verdict::side::{Open, RuleSide};
use crate::rules::{Access, Direction, Entry, Flaw, Row, RuleSet, RuleSetKind, Stage};
use crate::space::{AddressSet, Block, Family, Span, cover};
use crate::text::Safe;

/// Every checkpoint of some files, in their order.
pub(super) fn checkpoints(
    files: &[LoadedFile],
    resolver: &mut SideResolver<'_>,
) -> Vec<Checkpoint> {
    let policies = policies(files);
    let mut checkpoints: Vec<Checkpoint> = Vec::new();
    for (file, loaded) in files.iter().enumerate() {
        for (number, set) in loaded.file.sets.iter().enumerate() {
            match set.kind {
                RuleSetKind::Acr if registry::is_limits_alone(set) => {}
                RuleSetKind::Acr => {
                    let mut checkpoint = Checkpoint::new(loaded, set, Axis::From);
                    registry::compile(set, resolver, &mut checkpoint);
                    checkpoints.push(checkpoint);
                }
                RuleSetKind::Nsg => checkpoints.push(group(loaded, set, resolver)),
                RuleSetKind::Firewall => {
                    let is_first = |policy: &&Policy| policy.sets.first() == Some(&(file, number));
                    if let Some(policy) = policies.iter().find(is_first) {
                        let checkpoint = Checkpoint::new(loaded, set, Axis::Both);
                        checkpoints.push(firewall(checkpoint, policy, files, resolver));
                    }
                }
                // They are parts of the firewall's rules then.
                RuleSetKind::IpGroup if !policies.is_empty() => {}
                RuleSetKind::IpGroup | RuleSetKind::List => {
                    checkpoints.push(list(loaded, set, resolver));
                }
                RuleSetKind::RouteTable => checkpoints.push(routes(loaded, set, resolver)),
            }
        }
    }
    checkpoints
}

/// A rule from a row, with every doubt about it.
fn rule(row: &Row, resolver: &mut SideResolver<'_>) -> CompiledRule {
    let effect = match row.access {
        Access::Allow | Access::Listed | Access::Route(_) => RuleEffect::Allow,
        Access::Deny => RuleEffect::Deny,
        Access::Unread => RuleEffect::Unknown,
    };
    let mut rule = CompiledRule::new(row.name.as_str(), effect, RuleReason::Match);
    rule.place.clone_from(&row.place);
    rule.priority = row.priority;
    rule.protocols.clone_from(&row.protocols);
    rule.source_ports = row.source_ports.clone();
    rule.ports = row.ports.clone();
    rule.from = resolver.side(&row.sources, &mut rule.assumed);
    rule.to = resolver.side(&row.destinations, &mut rule.assumed);
    for flaw in &row.flaws {
        add_flaw(flaw, row, &mut rule);
    }
    rule
}

/// A flaw of an entry is the entry's; any other leaves the whole rule in doubt.
fn add_flaw(flaw: &Flaw, row: &Row, rule: &mut CompiledRule) {
    let is_entry = |entry: &Entry| matches!(entry, Entry::Unread(text) if *text == flaw.found);
    if row.entries().any(is_entry) {
        return;
    }
    let why: Arc<str> = Arc::from(format!("{} is not understood: {}", flaw.place, flaw.found));
    let key = flaw.place.rsplit('.').next().unwrap_or_default();
    let key = key.to_ascii_lowercase();
    let open = Open {
        within: None,
        why: Arc::clone(&why),
    };
    if !key.contains("port") && !key.contains("protocol") {
        let ends = ["destination", "target", "fqdn", "address", "ip"];
        if key.starts_with("source") {
            rule.from.open.push(open);
        } else if ends.iter().any(|start| key.starts_with(start)) {
            rule.to.open.push(open);
        }
    }
    rule.doubt.get_or_insert(why);
}

/// What of a set could not be read leaves every answer of it in doubt.
fn flawed(set: &RuleSet) -> Option<CompiledRule> {
    let flaw = set.flaws.first()?;
    let reason = RuleReason::Said("is not understood".to_owned());
    let mut rule = CompiledRule::new(&flaw.place, RuleEffect::Unknown, reason);
    rule.place.clone_from(&flaw.place);
    rule.doubt = Some(Arc::from(format!("{} is not understood", flaw.found)));
    Some(rule)
}

fn group(loaded: &LoadedFile, set: &RuleSet, resolver: &mut SideResolver<'_>) -> Checkpoint {
    let mut checkpoint = Checkpoint::new(loaded, set, Axis::Both);
    checkpoint.rules.extend(flawed(set));
    let (unplaced, placed): (Vec<&Row>, Vec<&Row>) =
        set.rows.iter().partition(|row| row.priority.is_none());
    for row in unplaced {
        // It may stand anywhere, so it is asked first and decides nothing.
        let mut rule = self::rule(row, resolver);
        let why = "its priority could not be read";
        rule.doubt.get_or_insert_with(|| Arc::from(why));
        rule.direction = direction(row);
        checkpoint.rules.push(rule);
    }
    for row in placed {
        let mut rule = self::rule(row, resolver);
        rule.direction = direction(row);
        let is_twin = |other: &&Row| {
            other.priority == row.priority
                && other.direction == row.direction
                && other.access != row.access
                && other.place != row.place
        };
        if let Some(twin) = set.rows.iter().find(is_twin) {
            rule.notes.push(format!(
                "{} and {} have the same priority {}: taken in the file's order",
                row.name,
                twin.name,
                row.priority.unwrap_or_default()
            ));
        }
        checkpoint.rules.push(rule);
    }
    checkpoint.rules.push(CompiledRule::new(
        "no rule",
        RuleEffect::Deny,
        RuleReason::Said("no rule is about it".to_owned()),
    ));
    checkpoint.assumed.push(
        "no security admin rule of a virtual network manager decides before the security group"
            .to_owned(),
    );
    checkpoint
}

/// The direction, unless it could not be read.
fn direction(row: &Row) -> Option<Direction> {
    let is_about = |flaw: &Flaw| flaw.place.ends_with(".direction") || flaw.place == row.place;
    (!row.flaws.iter().any(is_about)).then_some(row.direction)
}

fn firewall(
    mut checkpoint: Checkpoint,
    policy: &Policy,
    files: &[LoadedFile],
    resolver: &mut SideResolver<'_>,
) -> Checkpoint {
    let sets = policy.sets.iter();
    let sets: Vec<&RuleSet> = sets
        .filter_map(|&(file, set)| files.get(file)?.file.sets.get(set))
        .collect();
    if sets.len() > 1 {
        let names: Vec<&str> = sets.iter().map(|set| set.name.as_str()).collect();
        checkpoint.name = Safe::from(names.join(", "));
        if sets.iter().any(|set| set.priority.is_none()) {
            checkpoint.assumed.push(
                "a rule collection group has no priority: taken in the files' order".to_owned(),
            );
        }
    }
    checkpoint
        .rules
        .extend(sets.iter().filter_map(|set| flawed(set)));
    let rows = policy.rows.iter();
    let rows: Vec<&Row> = rows
        .filter_map(|&position| at(files, position).map(|(_, row)| row))
        .collect();
    let is_translation = |row: &&Row| row.stage == Some(Stage::Translation);
    if rows.iter().any(is_translation) {
        checkpoint
            .assumed
            .push("DNAT rules, which come first, are not evaluated".to_owned());
    }
    for row in rows.into_iter().filter(|row| !is_translation(row)) {
        checkpoint.rules.push(rule(row, resolver));
    }
    checkpoint.rules.push(CompiledRule::new(
        "no rule",
        RuleEffect::Deny,
        RuleReason::Said(
            "no rule is about it, and Azure Firewall denies what no rule allows".to_owned(),
        ),
    ));
    checkpoint.assumed.push(
        "threat intelligence, intrusion detection and rules of a parent policy are not evaluated"
            .to_owned(),
    );
    checkpoint
}

fn list(loaded: &LoadedFile, set: &RuleSet, resolver: &mut SideResolver<'_>) -> Checkpoint {
    let mut checkpoint = Checkpoint::new(loaded, set, Axis::Peer);
    checkpoint.rules.extend(flawed(set));
    for row in &set.rows {
        if row.destinations.is_empty() {
            continue;
        }
        let mut rule = self::rule(row, resolver);
        // An entry that was not read hides that entry, not the others; it is the only flaw here.
        rule.doubt = None;
        rule.from = std::mem::replace(&mut rule.to, RuleSide::all());
        rule.reason = RuleReason::Entry;
        checkpoint.rules.push(rule);
    }
    checkpoint.rules.push(CompiledRule::new(
        "no entry",
        RuleEffect::Deny,
        RuleReason::Said("no entry holds it".to_owned()),
    ));
    checkpoint
}

/// How near a route is: the longest prefix first, then what wins among equal prefixes.
type Nearness = (std::cmp::Reverse<u8>, u8, usize);

fn routes(loaded: &LoadedFile, set: &RuleSet, resolver: &mut SideResolver<'_>) -> Checkpoint {
    let mut checkpoint = Checkpoint::new(loaded, set, Axis::To);
    checkpoint.rules.extend(flawed(set));
    let mut near: BTreeMap<Nearness, Vec<Span>> = BTreeMap::new();
    for (place, row) in set.rows.iter().enumerate() {
        let mut odd = rule(row, resolver);
        let is_none = row.flaws.iter().any(|flaw| flaw.place == row.place);
        if is_none || !odd.to.open.is_empty() || has_symbol(row) {
            // Its prefixes may be longer than any other, so it is asked first and decides nothing.
            let why = odd.to.open.first().map(|it| Arc::clone(&it.why));
            let why = why.unwrap_or_else(|| Arc::from("its prefix is not one of a route"));
            odd.doubt.get_or_insert(why);
            odd.effect = RuleEffect::Unknown;
            odd.from = std::mem::replace(&mut odd.to, RuleSide::all());
            checkpoint.rules.push(odd);
            continue;
        }
        for (rank, block) in blocks(row, resolver) {
            let key = (std::cmp::Reverse(block.length()), rank, place);
            near.entry(key).or_default().push(block.span());
        }
    }
    for ((length, rank, place), spans) in near {
        if let Some(row) = set.rows.get(place) {
            let set = Arc::new(AddressSet::from_spans(spans));
            checkpoint.rules.push(route(row, length.0, rank, set));
        }
    }
    checkpoint.rules.extend(system_routes(resolver.places));
    checkpoint.assumed.push("routes that Azure adds by itself (virtual network, peers, gateways, service endpoints) are not in the file; where one has a longer prefix, it wins".to_owned());
    checkpoint
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
        Access::Route(hop) if hop == "None" => RuleEffect::Deny,
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
    rule.place.clone_from(&row.place);
    rule.from = RuleSide::of(set);
    rule
}

/// What Azure does without a route of the table.
fn system_routes(places: &NetworkPlaces) -> [CompiledRule; 2] {
    let said = "no route of the table holds it, and Azure's own routes decide".to_owned();
    let mut inside = CompiledRule::new("no route", RuleEffect::Allow, RuleReason::Said(said));
    inside.from = RuleSide::of(Arc::clone(&places.inside));
    inside.unsure = Some(
        "a private address is reached inside the virtual network, its peers and gateways only"
            .to_owned(),
    );
    let said = "no route of the table holds it, and Azure's own route leads to the Internet";
    let outside = CompiledRule::new(
        "no route",
        RuleEffect::Allow,
        RuleReason::Said(said.to_owned()),
    );
    [inside, outside]
}
