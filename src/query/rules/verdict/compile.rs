//! Rule sets → checkpoints: rules in the order in which they are asked, with the one that decides when no
//! other does at the end.

mod registry;
mod routes;

use std::sync::Arc;

use crate::azure::PlatformTag;
use crate::query::rules::LoadedFile;
use crate::query::rules::order::{Policy, at, policies};
use crate::query::rules::resolve::SideResolver;
use crate::query::rules::resolve::{Doubt, PARAMETERS, ReasonKind};
use crate::query::rules::resolve::{Open, RuleSide};
use crate::query::rules::verdict::checkpoint::{Axis, Checkpoint};
use crate::query::rules::verdict::first::{CompiledRule, RuleEffect, RuleReason, Translation};
use crate::rules::{
    Access, Direction, Entry, FirewallPolicy, Flaw, FlawPart, Row, RuleSet, RuleSetKind, Stage,
    SubnetLink, ThreatIntel, is_expression,
};
use crate::space::AddressSet;
use crate::text::{Safe, az_command};

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
                    let is_base = |policy: &&Policy| {
                        policies
                            .iter()
                            .any(|other| other.base.as_ref() == Some(&policy.id))
                    };
                    // A base policy is met with those that follow it.
                    let own = policies.iter().find(is_first);
                    if let Some(policy) = own.filter(|policy| !is_base(policy)) {
                        let checkpoint = Checkpoint::new(loaded, set, Axis::Both);
                        checkpoints.push(firewall(checkpoint, policy, files, resolver));
                    }
                }
                // They are parts of the firewall's rules then.
                RuleSetKind::IpGroup if !policies.is_empty() => {}
                RuleSetKind::IpGroup | RuleSetKind::List => {
                    checkpoints.push(list(loaded, set, resolver));
                }
                RuleSetKind::RouteTable => checkpoints.push(routes::compile(loaded, set, resolver)),
            }
        }
    }
    for checkpoint in &mut checkpoints {
        linked(checkpoint, files);
    }
    checkpoints
}

/// Subnets say which security group and which route table they have.
fn linked(checkpoint: &mut Checkpoint, files: &[LoadedFile]) {
    let Some(id) = &checkpoint.id else {
        return;
    };
    let mut groups = files
        .iter()
        .flat_map(|loaded| &loaded.file.interface_groups);
    checkpoint.is_of_interfaces = groups.any(|group| group.eq_ignore_ascii_case(id));
    for subnet in files.iter().flat_map(|loaded| &loaded.file.subnets) {
        let own = match checkpoint.kind {
            RuleSetKind::Nsg => &subnet.security_group,
            RuleSetKind::RouteTable => &subnet.route_table,
            _ => return,
        };
        let is_known = checkpoint
            .subnets
            .iter()
            .any(|known| known.is_same(&subnet.id));
        let is_linked = matches!(own, SubnetLink::To(own) if own.eq_ignore_ascii_case(id));
        if !is_known && is_linked {
            checkpoint.subnets.push(subnet.id.clone());
        }
    }
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
    let is_entry = |entry: &Entry| matches!(entry, Entry::Unread(text) | Entry::Unresolved(text) if *text == flaw.found);
    if row.entries().any(is_entry) {
        return;
    }
    let why = unread(flaw);
    let side = match flaw.part {
        FlawPart::Source => Some(&mut rule.from),
        FlawPart::Destination => Some(&mut rule.to),
        _ => None,
    };
    if let Some(side) = side {
        side.open.push(Open {
            within: None,
            why: Arc::clone(&why),
            atom: None,
        });
    }
    rule.doubt.get_or_insert(why);
}

/// What could not be read, or has no value.
fn unread(flaw: &Flaw) -> Arc<Doubt> {
    if is_expression(flaw.found.as_str()) {
        return Doubt::settled(
            ReasonKind::Unresolved,
            format!("no value yet for {}: {}", flaw.place, flaw.found),
            PARAMETERS,
        );
    }
    Doubt::new(
        ReasonKind::UnreadRow,
        format!("{} is not understood: {}", flaw.place, flaw.found),
    )
}

/// What of a set could not be read leaves every answer of it in doubt.
fn flawed(set: &RuleSet) -> Option<CompiledRule> {
    let flaw = set.flaws.first()?;
    let reason = RuleReason::Said("is not understood".to_owned());
    let mut rule = CompiledRule::new(&flaw.place, RuleEffect::Unknown, reason);
    rule.place.clone_from(&flaw.place);
    rule.doubt = Some(unread(flaw));
    Some(rule)
}

fn group(loaded: &LoadedFile, set: &RuleSet, resolver: &mut SideResolver<'_>) -> Checkpoint {
    let mut checkpoint = Checkpoint::new(loaded, set, Axis::Both);
    checkpoint.rules.extend(flawed(set));
    checkpoint.rules.extend(to_platform(set, resolver));
    let (unplaced, placed): (Vec<&Row>, Vec<&Row>) =
        set.rows.iter().partition(|row| row.priority.is_none());
    for row in unplaced {
        // It may stand anywhere, so it is asked first and decides nothing.
        let mut rule = self::rule(row, resolver);
        let why = "its priority could not be read";
        rule.doubt
            .get_or_insert_with(|| Doubt::new(ReasonKind::UnreadRow, why));
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

/// What goes to the platform's own addresses is subject to no row, but for those that name its tags.
fn to_platform(set: &RuleSet, resolver: &mut SideResolver<'_>) -> Vec<CompiledRule> {
    let is_about = |entry: &Entry| {
        let is_platform = |tag: &PlatformTag| {
            matches!(
                tag,
                PlatformTag::PlatformDns | PlatformTag::PlatformImds | PlatformTag::PlatformLkm
            )
        };
        match entry {
            Entry::Platform(tag) => is_platform(tag),
            Entry::Unresolved(_) | Entry::Unread(_) => true,
            _ => false,
        }
    };
    let mut rules = Vec::new();
    for row in set
        .rows
        .iter()
        .filter(|row| row.direction == Direction::Out)
    {
        let mut named = row.destinations.iter().filter(|entry| is_about(entry));
        if named.next().is_none() {
            continue;
        }
        let mut own = row.clone();
        own.destinations.retain(is_about);
        let mut rule = self::rule(&own, resolver);
        rule.direction = direction(row);
        rules.push(rule);
    }
    let said = "security groups do not stop traffic to Azure's own addresses (DNS, metadata), unless a row names AzurePlatformDNS, AzurePlatformIMDS or AzurePlatformLKM";
    let reason = RuleReason::Said(said.to_owned());
    let mut rule = CompiledRule::new("Azure platform", RuleEffect::Allow, reason);
    rule.direction = Some(Direction::Out);
    rule.is_quiet = true;
    rule.to = RuleSide::of(resolver.places.own());
    rules.push(rule);
    rules
}

/// The direction, unless it could not be read.
fn direction(row: &Row) -> Option<Direction> {
    let is_about = |flaw: &Flaw| matches!(flaw.part, FlawPart::Direction | FlawPart::Whole);
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
    let policies: Vec<&FirewallPolicy> = files.iter().flat_map(|it| &it.file.policies).collect();
    let is_id = |known: &FirewallPolicy, id: &str| {
        known
            .id
            .as_deref()
            .is_some_and(|own| own.eq_ignore_ascii_case(id))
    };
    // Where nothing tells which of them it is, each of them may be.
    let is_known = policies.iter().any(|known| is_id(known, &policy.id));
    let before = policies.iter().copied().filter(|known| {
        let is_base = policy.base.as_ref().is_some_and(|base| is_id(known, base));
        !is_known || is_base || is_id(known, &policy.id)
    });
    let before: Vec<&FirewallPolicy> = before.collect();
    checkpoint
        .rules
        .extend(before_rules(&before, policy.base.as_deref(), resolver));
    for row in rows {
        let mut rule = rule(row, resolver);
        match row.stage {
            Some(Stage::Translation) => translate(row, &mut rule, resolver),
            // Application rules are for what goes out of the network.
            Some(Stage::Application) => rule.from = rule.from.only(&resolver.places.network),
            _ => {}
        }
        checkpoint.rules.push(rule);
    }
    checkpoint.rules.push(CompiledRule::new(
        "no rule",
        RuleEffect::Deny,
        RuleReason::Said(
            "no rule is about it, and Azure Firewall denies what no rule allows".to_owned(),
        ),
    ));
    if policies.is_empty() {
        checkpoint.assumed.push("threat intelligence, intrusion detection and a base policy stop nothing: the policy is not among the files".to_owned());
    }
    checkpoint
}

/// What of a policy comes before its rules, whatever they say.
fn before_rules(
    policies: &[&FirewallPolicy],
    followed: Option<&str>,
    resolver: &SideResolver<'_>,
) -> Vec<CompiledRule> {
    let mut rules = Vec::new();
    for policy in policies {
        let unknown = |effect, doubt| {
            let said = RuleReason::Said("comes before the rules".to_owned());
            let mut rule = CompiledRule::new(policy.name.as_str(), effect, said);
            rule.doubt = Some(doubt);
            rule
        };
        let is_followed =
            |base: &Safe| followed.is_some_and(|it| base.as_str().eq_ignore_ascii_case(it));
        if let Some(base) = policy.base.as_ref().filter(|base| !is_followed(base)) {
            let name = base.as_str().rsplit('/').next().unwrap_or_default();
            let doubt = Doubt::settled(
                ReasonKind::NotModelled,
                format!("the rules of its base policy {name} come first and are not followed"),
                az_command(
                    "az network firewall policy rule-collection-group list --policy-name",
                    name,
                ),
            );
            rules.push(unknown(RuleEffect::Unknown, doubt));
        }
        for why in [
            stops(policy.threat_intel, INTELLIGENCE),
            stops(policy.intrusion, INTRUSION),
        ]
        .into_iter()
        .flatten()
        {
            let doubt = || Doubt::new(ReasonKind::NotModelled, &why);
            let internet = || RuleSide::of(Arc::clone(&resolver.places.internet));
            let mut to = unknown(RuleEffect::Deny, doubt());
            to.to = internet();
            let mut from = unknown(RuleEffect::Deny, doubt());
            from.from = internet();
            rules.extend([to, from]);
        }
    }
    rules
}

const INTELLIGENCE: &str = "threat intelligence";
const INTRUSION: &str = "intrusion detection";

/// What a mode leaves open.
fn stops(mode: Option<ThreatIntel>, what: &str) -> Option<String> {
    match mode? {
        ThreatIntel::Deny => Some(format!(
            "{what} in mode Deny stops what Microsoft knows as malicious, whatever the rules say"
        )),
        ThreatIntel::Unread => Some(format!("the mode of {what} is not understood")),
        ThreatIntel::Off | ThreatIntel::Alert => None,
    }
}

/// A DNAT rule: what it matches goes on with another address and port.
fn translate(row: &Row, rule: &mut CompiledRule, resolver: &mut SideResolver<'_>) {
    let Some(target) = &row.translated else {
        return;
    };
    let open = || Arc::clone(&resolver.places.network);
    let to = match &target.to {
        Entry::Span(span) => Arc::new(AddressSet::from_spans([*span])),
        _ => open(),
    };
    let port = target
        .port
        .map_or_else(String::new, |port| format!(":{port}"));
    rule.translation = Some(Translation {
        to,
        port: target.port.unwrap_or_default(),
        words: format!("which goes on to {}{port}", target.to),
    });
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
