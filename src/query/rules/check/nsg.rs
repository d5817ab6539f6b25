//! What is wrong with a security group as a whole and with its rows by themselves.

use std::collections::HashMap;
use std::rc::Rc;

use crate::azure::{PlatformTag, Rank};
use crate::query::rules::check::catalogue::Check;
use crate::query::rules::check::side::{SideMatch, holds};
use crate::query::rules::check::{Checker, catalogue, families, several, tags, tenants};
use crate::rules::{Access, Direction, Entry, Protocol, Row, RuleSet, is_expression, limits};
use crate::space::AddressSet;
use crate::text::counted;

/// Priorities of rules that are not Azure's own.
const PRIORITIES: std::ops::RangeInclusive<u32> = 100..=4096;

/// Tags of management planes and probes: no customer sends from them.
const MANAGEMENT: [&str; 8] = [
    "ApiManagement",
    "AppServiceManagement",
    "AzureActiveDirectoryDomainServices",
    "AzureTrafficManager",
    "BatchNodeManagement",
    "GatewayManager",
    "HDInsight",
    "SqlManagement",
];

/// What the subnet of an agent pool reaches: tag and port.
const POOL: [(&str, u16); 6] = [
    ("AzureKeyVault", 443),
    ("Storage", 443),
    ("EventHub", 443),
    ("AzureActiveDirectory", 443),
    ("AzureMonitor", 443),
    ("AzureMonitor", 12_000),
];
/// Tags of an agent pool that are not in many other groups too.
const LEAST_POOL_TAGS: usize = 2;

pub(super) fn check<'a>(checker: &mut Checker<'a>, set: &'a RuleSet) {
    let own = set.rows.iter().filter(|row| !row.is_default).count();
    let most = limits::GROUP_RULES;
    if own > most {
        let text = format!("{own}; the limit is {most}");
        checker.note(&catalogue::NSG_ROWS, &text);
    } else if own * 10 >= most * 9 {
        let text = format!("{own} of {most} rows");
        checker.note(&catalogue::NEAR_LIMIT, &text);
    }
    groups(checker, set);
    priorities(checker, set);
    for (number, row) in set.rows.iter().enumerate() {
        if row.is_default {
            continue;
        }
        name(checker, set, number, row);
        families::check(checker, set, number, row);
        tenants::check(checker, set, number, row);
        for (word, entries) in [("source", &row.sources), ("destination", &row.destinations)] {
            side(checker, set, number, word, entries);
        }
        width(checker, set, number, row);
        inbound(checker, set, number, row);
    }
    first_party(checker, set);
    denies(checker, set);
    pool(checker, set);
}

/// The same priority twice in one direction, and priorities out of range.
fn priorities(checker: &mut Checker<'_>, set: &RuleSet) {
    let mut seen: HashMap<(Direction, u32), &Row> = HashMap::new();
    for (number, row) in set.rows.iter().enumerate() {
        let Some(priority) = row.priority.filter(|_| !row.is_default) else {
            continue;
        };
        if !PRIORITIES.contains(&priority) {
            checker.row(
                set,
                number,
                &catalogue::PRIORITY_RANGE,
                &priority.to_string(),
            );
        }
        match seen.get(&(row.direction, priority)) {
            Some(other) => {
                let text = format!("{priority}, as \"{}\"", other.name);
                checker.row(set, number, &catalogue::SAME_PRIORITY, &text);
            }
            None => {
                seen.insert((row.direction, priority), row);
            }
        }
    }
}

fn name(checker: &mut Checker<'_>, set: &RuleSet, number: usize, row: &Row) {
    let name = row.name.as_str();
    if is_expression(name) {
        return;
    }
    let is_plain = |c: char| c.is_alphanumeric() || "._-".contains(c);
    let text = if name == "–" {
        "it has no name".to_owned()
    } else if name.chars().count() > limits::NAME {
        format!("{} characters", name.chars().count())
    } else if let Some(wrong) = name.chars().find(|&c| !is_plain(c)) {
        format!("\"{wrong}\" in its name")
    } else {
        return;
    };
    checker.row(set, number, &catalogue::NAME, &text);
}

/// Tags, addresses and groups of one side.
fn side(checker: &mut Checker<'_>, set: &RuleSet, number: usize, word: &str, entries: &[Entry]) {
    let is_tag = |entry: &&Entry| matches!(entry, Entry::Tag(_) | Entry::Platform(_));
    let tags: Vec<&Entry> = entries.iter().filter(is_tag).collect();
    if tags.len() > 1 {
        let text = format!("{} as {word}: {}", tags.len(), several(tags));
        checker.row(set, number, &catalogue::SEVERAL_TAGS, &text);
    }
    let count = |wanted: fn(&Entry) -> bool| entries.iter().filter(|it| wanted(it)).count();
    let addresses = count(|entry| matches!(entry, Entry::Span(_)));
    let most = limits::RULE_PREFIXES;
    if addresses > most {
        let text = format!("{addresses} as {word}; the limit is {most}");
        checker.row(set, number, &catalogue::NSG_ADDRESSES, &text);
    } else if addresses * 10 >= most * 9 {
        let text = format!("{addresses} of {most} addresses as {word}");
        checker.row(set, number, &catalogue::NEAR_LIMIT, &text);
    }
    let groups = count(|entry| matches!(entry, Entry::SecurityGroup(_)));
    let most = limits::RULE_GROUPS;
    if groups > most {
        let text = format!("{groups} as {word}; the limit is {most}");
        checker.row(set, number, &catalogue::NSG_GROUPS, &text);
    }
}

/// Application security groups over all rows.
fn groups(checker: &mut Checker<'_>, set: &RuleSet) {
    let all = set.rows.iter().flat_map(Row::entries);
    let mut ids: Vec<String> = all
        .filter_map(|entry| match entry {
            Entry::SecurityGroup(id) => Some(id.to_ascii_lowercase()),
            _ => None,
        })
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let most = limits::ALL_GROUPS;
    if ids.len() > most {
        let text = format!("{} in all rows; the limit is {most}", ids.len());
        checker.note(&catalogue::NSG_GROUPS, &text);
    }
}

/// Allow rows that are open to everyone, or to the whole cloud.
fn width<'a>(checker: &mut Checker<'a>, set: &'a RuleSet, number: usize, row: &'a Row) {
    if row.access != Access::Allow {
        return;
    }
    if row.direction == Direction::In {
        let side = checker.sides.of(&row.sources);
        if side.is_open() {
            let text = format!("everyone may come in, {}", ports(row));
            checker.row(set, number, wider(row), &text);
        }
        return;
    }
    cloud(checker, set, number, row);
}

/// `AzureCloud` as a destination: every customer's machines too.
pub(super) fn cloud(checker: &mut Checker<'_>, set: &RuleSet, number: usize, row: &Row) {
    for name in row.destinations.iter().filter_map(Entry::tag) {
        let region = if name.contains('.') { "region" } else { "" };
        if matches!(Rank::of(name, region), Rank::Cloud | Rank::RegionalCloud) {
            let text = format!("{name} has the addresses of every service and every customer");
            checker.row(set, number, &catalogue::WIDER, &text);
        }
    }
}

/// The check for a row that is open to everyone: on the ports of the web that may be meant.
pub(super) fn wider(row: &Row) -> &'static Check {
    let is_web = |&(first, last): &(u16, u16)| first == last && [80, 443].contains(&first);
    let runs = row.ports.runs();
    if !runs.is_empty() && runs.iter().all(is_web) {
        &catalogue::WIDER_WEB
    } else {
        &catalogue::WIDER
    }
}

/// Whether a service looks for this row and wants it kept, whatever others say.
pub(super) fn is_demanded(row: &Row) -> bool {
    let is_service = |entry: &Entry| match entry {
        Entry::Platform(tag) => *tag == PlatformTag::AzureLoadBalancer,
        Entry::Tag(name) => MANAGEMENT.iter().any(|own| is_of(name, own)),
        _ => false,
    };
    row.access == Access::Allow
        && row.direction == Direction::In
        && row.sources.iter().any(is_service)
}

/// Destination ports in words.
pub(super) fn ports(row: &Row) -> String {
    match row.ports.runs() {
        _ if row.ports.is_all() => "every port".to_owned(),
        [(first, last)] if first == last => format!("port {first}"),
        _ => format!("ports {}", row.ports),
    }
}

/// Allow rows whose senders are a service that others use too.
fn inbound(checker: &mut Checker<'_>, set: &RuleSet, number: usize, row: &Row) {
    if row.access != Access::Allow || row.direction != Direction::In {
        return;
    }
    checker.of_nobody(set, number, row.sources.iter().filter_map(Entry::span));
    let is_shared = |name: &&str| {
        let base = name.split('.').next().unwrap_or(name);
        !tags::is_internal(name) && !MANAGEMENT.iter().any(|own| own.eq_ignore_ascii_case(base))
    };
    let tags: Vec<&str> = row
        .sources
        .iter()
        .filter_map(Entry::tag)
        .filter(is_shared)
        .collect();
    if !tags.is_empty() {
        let text = several(tags);
        checker.row(set, number, &catalogue::INBOUND_TAG, &text);
    }
}

/// Allow rows out of a group that denies nothing out.
fn denies(checker: &mut Checker<'_>, set: &RuleSet) {
    let own = || {
        let rows = set.rows.iter().filter(|row| !row.is_default);
        rows.filter(|row| row.direction == Direction::Out)
    };
    let allows = own().filter(|row| row.access == Access::Allow).count();
    if allows > 0 && own().all(|row| row.access == Access::Allow) {
        let rows = counted(allows, "outbound row allows", "outbound rows allow");
        let text =
            format!("{rows} what Azure's default AllowInternetOutBound (65001) lets out too");
        checker.note(&catalogue::DEFAULT_DOES_IT, &text);
    }
}

/// Some rows of an agent pool without the others.
fn pool(checker: &mut Checker<'_>, set: &RuleSet) {
    let allows = |tag: &str, port: u16| {
        set.rows.iter().any(|row| {
            let is_tcp = row.protocols.iter().any(|it| it.holds(Protocol::Tcp));
            let mut tags = row.destinations.iter().filter_map(Entry::tag);
            row.access == Access::Allow
                && row.direction == Direction::Out
                && is_tcp
                && row.ports.contains(port)
                && tags.any(|name| is_of(name, tag))
        })
    };
    let (has, lacks): (Vec<_>, Vec<_>) =
        POOL.into_iter().partition(|(tag, port)| allows(tag, *port));
    let mut tags: Vec<&str> = has.iter().map(|(tag, _)| *tag).collect();
    tags.dedup();
    if tags.len() >= LEAST_POOL_TAGS && !lacks.is_empty() {
        let lacks = lacks.iter().map(|(tag, port)| format!("{tag} on {port}"));
        let text = format!("{} are allowed, and not {}", several(tags), several(lacks));
        checker.note(&catalogue::POOL_RULES, &text);
    }
}

/// Whether a tag is a base tag or one of its regions.
pub(super) fn is_of(name: &str, base: &str) -> bool {
    let head = name.get(..base.len());
    head.is_some_and(|head| head.eq_ignore_ascii_case(base))
        && matches!(name.as_bytes().get(base.len()), None | Some(b'.'))
}

/// Microsoft Artifact Registry without the front that serves it. In a firewall nothing passes that
/// no row allows; in a security group everything passes that no row denies.
pub(super) fn first_party<'a>(checker: &mut Checker<'a>, set: &'a RuleSet) {
    const ARTIFACTS: &str = "MicrosoftContainerRegistry";
    const FRONT: &str = "AzureFrontDoor.FirstParty";
    let Some(front) = checker.resolver.tag(FRONT) else {
        return;
    };
    let front = AddressSet {
        v4: checker.resolver.addresses_of(front).v4.clone(),
        ..AddressSet::default()
    };
    // Rows that decide about the front; the first of them that holds the senders does.
    let mut deciding: Vec<(&Row, Rc<SideMatch>)> = Vec::new();
    for row in &set.rows {
        let is_about = row.direction == Direction::Out
            && !row.is_unread()
            && row.ports.contains(443)
            && row.protocols.iter().any(|it| it.holds(Protocol::Tcp));
        let to = checker.sides.of(&row.destinations);
        if is_about
            && deciding.len() < limits::GROUP_RULES
            && (to.is_any || holds(&to.addresses, &front))
        {
            deciding.push((row, checker.sides.of(&row.sources)));
        }
    }
    for (number, row) in set.rows.iter().enumerate() {
        let mut tags = row.destinations.iter().filter_map(Entry::tag);
        let Some(tag) = tags.find(|name| is_of(name, ARTIFACTS)) else {
            continue;
        };
        if row.access != Access::Allow || row.direction != Direction::Out || row.is_unread() {
            continue;
        }
        let from = checker.sides.of(&row.sources);
        let first = deciding.iter().find(|(_, senders)| senders.holds(&from));
        let is_let = first.is_some_and(|(row, _)| row.access == Access::Allow);
        if !is_let {
            let text = format!("{tag} is allowed, and {FRONT} is not");
            checker.row(set, number, &catalogue::FIRST_PARTY, &text);
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_tag_has_its_regions_and_no_namesakes() {
        assert!(is_of("storage.WestEurope", "Storage") && is_of("Storage", "Storage"));
        assert!(!is_of("StorageSyncService", "Storage") && !is_of("Stor", "Storage"));
        assert!(!is_of("Ströge", "Storage"));
    }
}
