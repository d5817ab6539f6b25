//! What is wrong with rows of Azure Firewall and with IP groups.

use crate::query::rules::check::{Desk, catalogue, nsg, several};
use crate::rules::{Access, Direction, Entry, Row, RuleSet};
use crate::space::Family;

/// Entries of an IP group.
const MOST_ENTRIES: usize = 5_000;

pub(super) fn check<'a>(desk: &mut Desk<'a>, set: &'a RuleSet) {
    for (number, row) in set.rows.iter().enumerate() {
        // Address translation is not judged.
        if row.direction == Direction::In {
            continue;
        }
        names(desk, set, number, row);
        if row.ports.runs().iter().any(|&(first, _)| first == 0) && !row.ports.is_all() {
            let text = nsg::ports(row);
            desk.row(set, number, &catalogue::PORT_ZERO, &text);
        }
        if row.access != Access::Allow {
            continue;
        }
        let to = desk.sides.of(&row.destinations);
        if to.is_open() {
            let text = format!("every address, {}", nsg::ports(row));
            desk.row(set, number, &catalogue::WIDER, &text);
        }
        nsg::cloud(desk, set, number, row);
    }
    nsg::first_party(desk, set);
    groups(desk, set);
}

/// Tags where a firewall takes none.
fn names(desk: &mut Desk<'_>, set: &RuleSet, number: usize, row: &Row) {
    let tags = row.sources.iter().filter_map(Entry::tag);
    let tags: Vec<&str> = tags.collect();
    if !tags.is_empty() {
        desk.row(set, number, &catalogue::SOURCE_TAG, &several(tags));
    }
    let symbols = row.entries().filter_map(|entry| match entry {
        Entry::Symbol(symbol) => Some(symbol.name()),
        _ => None,
    });
    let symbols: Vec<&str> = symbols.collect();
    if !symbols.is_empty() {
        desk.row(set, number, &catalogue::SYMBOL, &several(symbols));
    }
}

/// IP groups whose addresses are in none of the files.
fn groups<'a>(desk: &mut Desk<'a>, set: &'a RuleSet) {
    for (number, row) in set.rows.iter().enumerate() {
        let groups = row
            .entries()
            .filter(|entry| matches!(entry, Entry::IpGroup(_)));
        let unknown: Vec<&Entry> = groups
            .filter(|&entry| desk.sides.group(entry).is_none())
            .collect();
        if !unknown.is_empty() {
            desk.row(set, number, &catalogue::NO_GROUP, &several(unknown));
        }
    }
}

/// An IP group by itself.
pub(super) fn group(desk: &mut Desk<'_>, set: &RuleSet) {
    for (number, row) in set.rows.iter().enumerate() {
        let count = row.destinations.len();
        if count > MOST_ENTRIES {
            let text = format!("{count}; the limit is {MOST_ENTRIES}");
            desk.row(set, number, &catalogue::GROUP_SIZE, &text);
        } else if count * 10 >= MOST_ENTRIES * 9 {
            let text = format!("{count} of {MOST_ENTRIES} entries");
            desk.row(set, number, &catalogue::NEAR_LIMIT, &text);
        }
        let is_wrong = |entry: &&Entry| match entry {
            Entry::Span(span) => span.family() == Family::V6,
            Entry::Unread(_) => false,
            _ => true,
        };
        let wrong: Vec<&Entry> = row.destinations.iter().filter(is_wrong).collect();
        if !wrong.is_empty() {
            desk.row(set, number, &catalogue::GROUP_FORM, &several(wrong));
        }
    }
}
