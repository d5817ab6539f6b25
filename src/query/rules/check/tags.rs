//! Tags that rows name: whether the week has them, and whether they can be used there.

use std::collections::HashSet;

use crate::azure::respelt;
use crate::query::rules::check::{Checker, catalogue, several};
use crate::rules::{Access, Entry, Row, RuleSet};
use crate::text::is_host_name;

/// Unknown names for which near ones are looked for; that takes a millisecond each.
const MOST_NEAR: usize = 20;
/// Tags of a registry's own endpoints, which have regions.
const REGIONAL: [&str; 2] = ["AzureContainerRegistry", "Storage"];

/// How tags begin that only Microsoft's own networks have.
const INTERNAL: &str = "CorpNet";

/// Whether a tag is one that only Microsoft's own networks have.
pub(super) fn is_internal(name: &str) -> bool {
    let head = name.get(..INTERNAL.len());
    head.is_some_and(|head| head.eq_ignore_ascii_case(INTERNAL))
}

/// Whether a name is a host's: no tag has a lower-case word of two to four letters at its end.
fn is_host(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default();
    let is_end = (2..=4).contains(&last.len()) && last.bytes().all(|b| b.is_ascii_lowercase());
    is_end && name.contains('.') && is_host_name(name)
}

pub(super) fn check<'a>(checker: &mut Checker<'a>, set: &'a RuleSet) {
    for (number, row) in set.rows.iter().enumerate() {
        let mut seen: HashSet<(&str, bool)> = HashSet::new();
        let sides = [(true, &row.sources), (false, &row.destinations)];
        let stated = row.stands_for.iter().map(|name| (false, name.as_str()));
        let entries = sides.into_iter().flat_map(|(is_source, entries)| {
            let tags = entries.iter().filter_map(Entry::tag);
            tags.map(move |name| (is_source, name))
        });
        for (is_source, name) in entries.chain(stated) {
            // A line of a list may have hundreds; the same name twice says nothing new.
            if seen.insert((name, is_source)) {
                tag(checker, set, number, is_source, name);
            }
        }
        region(checker, set, number, row);
    }
}

fn tag<'a>(
    checker: &mut Checker<'a>,
    set: &RuleSet,
    number: usize,
    is_source: bool,
    name: &'a str,
) {
    let dataset = checker.dataset();
    let view = dataset.view();
    let Some(found) = checker.sides.tag(name).and_then(|tag| view.tag(tag)) else {
        if let Some(text) = checker.other_weeks.of(name) {
            let text = format!("{name}, {text}");
            checker.row(set, number, &catalogue::GONE_TAG, &text);
            return;
        }
        if is_internal(name) {
            checker.row(set, number, &catalogue::INTERNAL_TAG, name);
            return;
        }
        if is_host(name) && set.kind.is_of_network() && !set.kind.facts().has_hosts {
            checker.row(set, number, &catalogue::HOST_NAME, name);
            return;
        }
        if !checker.near.contains_key(name) && checker.near.len() < MOST_NEAR {
            let names = checker.resolver.names().names();
            checker.near.insert(name, names.near(name).names);
        }
        let near = checker.near.get(name).map(several).unwrap_or_default();
        let text = format!("{name}, cloud {}", dataset.cloud());
        let finding = checker.row(set, number, &catalogue::UNKNOWN_TAG, &text);
        if !near.is_empty() {
            finding.fix(&format!("Near names: {near}."));
        }
        return;
    };
    if found.name != name {
        let is_case = found.name.eq_ignore_ascii_case(name);
        let check = if is_case {
            &catalogue::SPELLING
        } else {
            &catalogue::OTHER_SPELLING
        };
        checker.row(set, number, check, &respelt(name, found.name));
    }
    let [source, destination] = set.kind.facts().tag_features;
    let Some(needed) = (if is_source { source } else { destination }) else {
        return;
    };
    let word = needed.word();
    match found.features {
        None => {
            checker.row(set, number, &catalogue::UNKNOWN_FEATURE, found.name);
        }
        Some("") => {
            checker.row(set, number, &catalogue::READING_ONLY, found.name);
        }
        Some(words) if words.split(' ').any(|it| it == word) => {}
        Some(words) => {
            let text = format!("{} is published for {words}, not for {word}", found.name);
            checker.row(set, number, &catalogue::TAG_FEATURE, &text);
        }
    }
}

/// A tag of all regions where the registry's region is known.
fn region(checker: &mut Checker<'_>, set: &RuleSet, number: usize, row: &Row) {
    if row.access != Access::Allow || !set.kind.has_two_ends() {
        return;
    }
    let tags = row.destinations.iter().filter_map(Entry::tag);
    let wide: Vec<&str> = tags
        .filter(|name| REGIONAL.iter().any(|base| base.eq_ignore_ascii_case(name)))
        .collect();
    if wide.is_empty() {
        return;
    }
    let regions = checker.regions.clone();
    for name in wide {
        let narrow: Vec<String> = regions
            .iter()
            .map(|suffix| format!("{name}.{suffix}"))
            .filter(|tag| checker.resolver.tag(tag).is_some())
            .collect();
        if narrow.is_empty() || narrow.len() < regions.len() {
            continue;
        }
        let text = format!(
            "{name} is every region; the registry is in {}",
            several(&regions)
        );
        checker
            .row(set, number, &catalogue::WIDER_REGION, &text)
            .fix(&format!(
                "Where no other region is needed: {}.",
                several(narrow)
            ));
    }
}
