//! Addresses and tags that one rule does not take together.

use std::collections::BTreeSet;

use crate::query::rules::check::{Checker, catalogue, several};
use crate::rules::{Entry, Row, RuleSet};
use crate::space::{Family, Span};

/// IPv4 and IPv6 in one rule, tags of the platform beside other entries, spellings of the classic model.
pub(super) fn check(checker: &mut Checker<'_>, set: &RuleSet, number: usize, row: &Row) {
    let of = |entries: &[Entry]| -> BTreeSet<Family> {
        let spans = entries.iter().filter_map(Entry::span);
        spans.map(Span::family).collect()
    };
    let (from, to) = (of(&row.sources), of(&row.destinations));
    let mixed = [("source", &from), ("destination", &to)];
    if let Some((side, _)) = mixed.into_iter().find(|(_, families)| families.len() > 1) {
        let text = format!("both as {side}");
        checker.row(set, number, &catalogue::MIXED_FAMILIES, &text);
    } else if !from.is_empty() && !to.is_empty() && from != to {
        let text = "one as source, the other as destination";
        checker.row(set, number, &catalogue::MIXED_FAMILIES, text);
    }
    for (side, entries) in [("source", &row.sources), ("destination", &row.destinations)] {
        let is_platform = |entry: &&Entry| matches!(entry, Entry::Platform(_) | Entry::Any);
        let platform: Vec<&Entry> = entries.iter().filter(is_platform).collect();
        if !platform.is_empty() && entries.len() > 1 {
            let text = format!("{} beside others as {side}", several(platform));
            checker.row(set, number, &catalogue::PLATFORM_IN_LIST, &text);
        }
    }
    if !row.classic.is_empty() {
        let names = row
            .classic
            .iter()
            .map(|(written, tag)| format!("{written} for {}", tag.name()));
        checker.row(set, number, &catalogue::CLASSIC_TAG, &several(names));
    }
}
