//! What is wrong with rows of Azure Firewall and with IP groups.

use std::collections::HashMap;

use crate::query::rules::check::{Checker, catalogue, hosts, nsg, several};
use crate::query::rules::order::policies;
use crate::rules::{Access, Entry, Row, RuleSet, Stage, limits};
use crate::space::Family;

/// Priorities of rule collection groups and of rule collections.
const PRIORITIES: std::ops::RangeInclusive<u32> = 100..=65_000;

pub(super) fn check<'a>(checker: &mut Checker<'a>, set: &'a RuleSet) {
    for (number, row) in set.rows.iter().enumerate() {
        // Address translation is not judged.
        if row.stage == Some(Stage::Translation) {
            continue;
        }
        names(checker, set, number, row);
        if row.ports.runs().iter().any(|&(first, _)| first == 0) && !row.ports.is_all() {
            let text = nsg::ports(row);
            checker.row(set, number, &catalogue::PORT_ZERO, &text);
        }
        if row.access != Access::Allow {
            continue;
        }
        let to = checker.sides.of(&row.destinations);
        if to.is_open() {
            let text = format!("every address, {}", nsg::ports(row));
            checker.row(set, number, nsg::wider(row), &text);
        }
        nsg::cloud(checker, set, number, row);
    }
    nsg::first_party(checker, set);
    hosts::check(checker, set);
    groups(checker, set);
    collections(checker, set);
}

/// The range and the likeness of priorities of rule collections.
fn collections(checker: &mut Checker<'_>, set: &RuleSet) {
    let mut last = "";
    let mut seen: HashMap<(Option<Stage>, u32), &Row> = HashMap::new();
    let mut rows: Vec<(usize, &Row)> = set.rows.iter().enumerate().collect();
    // Of each collection the first rule, in the document's order.
    rows.sort_by_key(|(_, row)| collection_of(row));
    for (number, row) in rows {
        let place = collection_of(row);
        let Some(priority) = row.priority.filter(|_| place != last) else {
            continue;
        };
        last = place;
        let name = row.collection.as_ref().map_or(place, AsRef::as_ref);
        if !PRIORITIES.contains(&priority) {
            let text = format!("{priority} of collection {name}");
            checker.row(set, number, &catalogue::COLLECTION_PRIORITY, &text);
        }
        match seen.get(&(row.stage, priority)) {
            Some(other) => {
                let other = other.collection.as_ref().map_or("another", AsRef::as_ref);
                let text = format!("{priority} of {other} and {name}");
                checker.row(set, number, &catalogue::SAME_COLLECTION_PRIORITY, &text);
            }
            None => {
                seen.insert((row.stage, priority), row);
            }
        }
    }
}

/// The place of the collection of a row.
fn collection_of(row: &Row) -> &str {
    let place = row.place.as_str();
    place.rsplit_once(".rules[").map_or(place, |(head, _)| head)
}

/// The same for the groups of a policy.
pub(super) fn groups_of_policies(checker: &mut Checker<'_>) {
    for policy in policies(checker.files) {
        let mut seen: HashMap<u32, &RuleSet> = HashMap::new();
        for (file, number) in policy.sets {
            let loaded = checker.files.get(file);
            let set = loaded.and_then(|loaded| loaded.file.sets.get(number));
            let Some((set, priority)) = set.and_then(|set| Some((set, set.priority?))) else {
                continue;
            };
            (checker.position.file, checker.position.set) = (file, Some(number));
            if !PRIORITIES.contains(&priority) {
                let text = format!("{priority} of group {}", set.name);
                checker.note(&catalogue::COLLECTION_PRIORITY, &text);
            }
            match seen.get(&priority) {
                Some(other) => {
                    let text = format!("{priority} of groups {} and {}", other.name, set.name);
                    checker.note(&catalogue::SAME_COLLECTION_PRIORITY, &text);
                }
                None => {
                    seen.insert(priority, set);
                }
            }
        }
    }
}

/// Tags where a firewall takes none.
fn names(checker: &mut Checker<'_>, set: &RuleSet, number: usize, row: &Row) {
    let tags = row.sources.iter().filter_map(Entry::tag);
    let tags: Vec<&str> = tags.collect();
    if !tags.is_empty() {
        checker.row(set, number, &catalogue::SOURCE_TAG, &several(tags));
    }
    let symbols = row.entries().filter_map(|entry| match entry {
        Entry::Platform(symbol) => Some(symbol.name()),
        _ => None,
    });
    let symbols: Vec<&str> = symbols.collect();
    if !symbols.is_empty() {
        checker.row(set, number, &catalogue::SYMBOL, &several(symbols));
    }
}

/// IP groups whose addresses are in none of the files.
fn groups<'a>(checker: &mut Checker<'a>, set: &'a RuleSet) {
    for (number, row) in set.rows.iter().enumerate() {
        let groups = row
            .entries()
            .filter(|entry| matches!(entry, Entry::IpGroup(_)));
        let unknown: Vec<&Entry> = groups
            .filter(|&entry| !checker.sides.has_group(entry))
            .collect();
        if !unknown.is_empty() {
            checker.row(set, number, &catalogue::NO_GROUP, &several(unknown));
        }
    }
}

/// An IP group by itself.
pub(super) fn group(checker: &mut Checker<'_>, set: &RuleSet) {
    for (number, row) in set.rows.iter().enumerate() {
        let (count, most) = (row.destinations.len(), limits::GROUP_ENTRIES);
        if count > most {
            let text = format!("{count}; the limit is {most}");
            checker.row(set, number, &catalogue::GROUP_SIZE, &text);
        } else if count * 10 >= most * 9 {
            let text = format!("{count} of {most} entries");
            checker.row(set, number, &catalogue::NEAR_LIMIT, &text);
        }
        let is_wrong = |entry: &&Entry| match entry {
            Entry::Span(span) => span.family() == Family::V6,
            Entry::Unread(_) | Entry::Unresolved(_) => false,
            _ => true,
        };
        let wrong: Vec<&Entry> = row.destinations.iter().filter(is_wrong).collect();
        if !wrong.is_empty() {
            checker.row(set, number, &catalogue::GROUP_FORM, &several(wrong));
        }
    }
}
