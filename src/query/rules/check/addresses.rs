//! Addresses that are written out: twice, those of a tag, those of no tag.

use std::collections::HashMap;

use crate::azure::Rank;
use crate::index::{TagId, View};
use crate::query::Cell;
use crate::query::rules::AddressResolver;
use crate::query::rules::check::{Check, Checker, catalogue, several};
use crate::rules::{Access, Direction, Entry, Hop, Row, RuleSet, RuleSetKind};
use crate::space::{AddressSet, Count, Family, Span};
use crate::text::{counted, first_of};

/// Addresses at which tags are looked for.
const SAMPLES: usize = 8;
/// Tags that are compared with a row.
const CANDIDATES: usize = 8;
/// Written addresses from which on a part of a tag is worth a word.
const LEAST_ENTRIES: usize = 4;
/// Tags that are named as holders of addresses.
const MOST_HOLDERS: usize = 3;
/// A share that is nearly all.
const NEARLY_ALL: f64 = 0.95;

pub(super) fn check<'a>(checker: &mut Checker<'a>, set: &'a RuleSet) {
    let mut likes: HashMap<usize, Option<Like>> = HashMap::new();
    let mut losts: HashMap<usize, Vec<Span>> = HashMap::new();
    for (number, row) in set.rows.iter().enumerate() {
        for (is_source, entries) in [(true, &row.sources), (false, &row.destinations)] {
            if !entries.iter().any(|entry| entry.span().is_some()) {
                continue;
            }
            repeated(checker, set, number, entries);
            let place = checker.sides.place(entries);
            if let Some(check) = tag_check(set.kind, row, is_source) {
                let own = &checker.sides.at(place).own;
                let like = likes
                    .entry(place)
                    .or_insert_with(|| like(checker.resolver, own, count(entries)));
                if let Some(like) = like.clone() {
                    alike(checker, set, number, check, &like);
                }
            }
            let view = checker.dataset().view();
            let private = checker.sides.private();
            let lost = losts
                .entry(place)
                .or_insert_with(|| lost(&view, entries, private));
            if !lost.is_empty() {
                let text = several(lost.iter().copied());
                let count = counted(lost.len(), "entry is in no tag", "entries are in no tag");
                checker.row(set, number, &catalogue::NO_TAG, &format!("{count}: {text}"));
            }
        }
    }
    if set.kind == RuleSetKind::RouteTable {
        routes(checker, set);
    }
}

fn count(entries: &[Entry]) -> usize {
    entries
        .iter()
        .filter(|entry| entry.span().is_some())
        .count()
}

/// What is said of addresses that are a tag: where a tag can stand, where none can, or nothing.
fn tag_check(kind: RuleSetKind, row: &Row, is_source: bool) -> Option<&'static Check> {
    match kind {
        RuleSetKind::Nsg if !row.is_default => Some(&catalogue::USE_TAG),
        RuleSetKind::Firewall if !is_source && row.direction == Direction::Out => {
            Some(&catalogue::USE_TAG)
        }
        RuleSetKind::IpGroup => Some(&catalogue::IS_TAG),
        RuleSetKind::List if row.stands_for.is_none() => Some(&catalogue::IS_TAG),
        _ => None,
    }
}

/// Entries of one side within others of it.
fn repeated(checker: &mut Checker<'_>, set: &RuleSet, number: usize, entries: &[Entry]) {
    let mut spans: Vec<Span> = entries.iter().filter_map(Entry::span).collect();
    if spans.len() < 2 {
        return;
    }
    // The wider first, so that an entry comes after what holds it.
    spans.sort_unstable_by_key(|it| (it.family(), it.first(), u128::MAX - it.last()));
    let mut widest: Option<Span> = None;
    let mut within = Vec::new();
    for span in spans {
        match widest {
            Some(wide) if wide.family() == span.family() && span.last() <= wide.last() => {
                within.push(format!("{span} in {wide}"));
            }
            _ => widest = Some(span),
        }
    }
    if !within.is_empty() {
        let count = counted(
            within.len(),
            "entry repeats another",
            "entries repeat others",
        );
        let text = format!("{count}: {}", several(within));
        checker.row(set, number, &catalogue::DUPLICATE_ENTRY, &text);
    }
}

/// How a tag is like the addresses of a row.
#[derive(Debug, Clone)]
struct Like {
    tag: String,
    /// Families that the row has, where it has not both of the tag's.
    part: &'static str,
    /// Share of the row's addresses that the tag has, and of the tag's that the row has.
    shares: (f64, f64),
    /// Addresses of the tag that the row lacks.
    more: Count,
    is_equal: bool,
}

/// The tags of services that have addresses of a set, in words: those with the most first.
pub fn holders(resolver: &AddressResolver<'_>, own: &AddressSet) -> Option<String> {
    let view = resolver.dataset().view();
    let mut shares: Vec<(Count, Rank, &str)> = candidates(&view, own)
        .into_keys()
        .filter_map(|tag| {
            let row = view.tag(tag)?;
            let is_narrow = matches!(row.rank(), Rank::RegionalService | Rank::Service);
            let held = resolver.addresses_of(tag).intersection(own);
            let count = held.family(Family::V4).count() + held.family(Family::V6).count();
            is_narrow.then_some((count, row.rank(), row.name))
        })
        .collect();
    shares.sort_unstable_by_key(|&(count, rank, name)| (std::cmp::Reverse(count), rank, name));
    if shares.is_empty() {
        return (!own.is_empty()).then(|| "no service has its addresses now".to_owned());
    }
    let all = own.family(Family::V4).count() + own.family(Family::V6).count();
    if let Some(&(_, _, name)) = shares.first().filter(|(count, ..)| *count == all) {
        return Some(format!("its addresses are now in {name}"));
    }
    let names = first_of(shares.iter().map(|&(_, _, name)| name), MOST_HOLDERS, ", ");
    Some(format!("some of its addresses are now in {names}"))
}

/// Which tag has the addresses of one that is gone, in words.
pub fn now(resolver: &AddressResolver<'_>, own: &AddressSet, entries: usize) -> Option<String> {
    let like = like(resolver, own, entries)?;
    Some(if like.is_equal {
        format!("its addresses are now those of {}", like.tag)
    } else {
        let share = Cell::Share(like.shares.0).shown().into_owned();
        format!("{share} of its addresses are now in {}", like.tag)
    })
}

/// The narrowest tag that is like some addresses.
fn like(resolver: &AddressResolver<'_>, own: &AddressSet, entries: usize) -> Option<Like> {
    let view = resolver.dataset().view();
    let mut tags: Vec<(usize, Rank, usize, TagId)> = candidates(&view, own)
        .into_iter()
        .filter_map(|(tag, hits)| {
            let row = view.tag(tag)?;
            let is_narrow = matches!(row.rank(), Rank::RegionalService | Rank::Service);
            is_narrow.then_some((hits, row.rank(), row.prefixes(), tag))
        })
        .collect();
    tags.sort_unstable_by_key(|&(hits, rank, prefixes, _)| (usize::MAX - hits, rank, prefixes));
    let mut best: Option<Like> = None;
    for (_, _, _, tag) in tags.into_iter().take(CANDIDATES) {
        let Some(found) = compare(resolver, tag, own) else {
            continue;
        };
        if found.is_equal {
            return Some(found);
        }
        let is_better = best
            .as_ref()
            .is_none_or(|best| found.shares.0 * found.shares.1 > best.shares.0 * best.shares.1);
        if found.shares.0 >= NEARLY_ALL && is_better {
            best = Some(found);
        }
    }
    best.filter(|_| entries >= LEAST_ENTRIES)
}

fn compare(resolver: &AddressResolver<'_>, tag: TagId, own: &AddressSet) -> Option<Like> {
    let view = resolver.dataset().view();
    let whole = resolver.addresses_of(tag);
    let (has_v4, has_v6) = (!own.v4.is_empty(), !own.v6.is_empty());
    // A list of one family is compared with that family of the tag.
    let part = match (has_v4, has_v6) {
        (true, false) if !whole.v6.is_empty() => "the IPv4 part of ",
        (false, true) if !whole.v4.is_empty() => "the IPv6 part of ",
        _ => "",
    };
    let mut shares = (1.0_f64, 1.0_f64);
    let mut more = Count::ZERO;
    let mut is_equal = true;
    for family in [Family::V4, Family::V6] {
        let (mine, its) = (own.family(family), whole.family(family));
        if mine.is_empty() {
            continue;
        }
        is_equal &= mine == its;
        let common = mine.intersection(its).count();
        let share = |of: Count| common.share_of(of);
        shares.0 = shares.0.min(share(mine.count()));
        shares.1 = shares.1.min(share(its.count()));
        more += its.difference(mine).count();
    }
    Some(Like {
        tag: view.tag(tag)?.name.to_owned(),
        part,
        shares,
        more,
        is_equal,
    })
}

/// Tags at addresses spread over a set, and at how many of them each is.
fn candidates(view: &View<'_>, own: &AddressSet) -> HashMap<TagId, usize> {
    let mut hits: HashMap<TagId, usize> = HashMap::new();
    for family in [Family::V4, Family::V6] {
        let runs = own.family(family).runs();
        let step = runs.len().div_ceil(SAMPLES).max(1);
        for &(first, _) in runs.iter().step_by(step) {
            let mut at: Vec<TagId> = view
                .hits(view.lookup(family, first))
                .map(|hit| hit.tag)
                .collect();
            at.sort_unstable();
            at.dedup();
            for tag in at {
                *hits.entry(tag).or_default() += 1;
            }
        }
    }
    hits
}

fn alike(
    checker: &mut Checker<'_>,
    set: &RuleSet,
    number: usize,
    check: &'static Check,
    like: &Like,
) {
    let Like {
        tag,
        part,
        shares,
        more,
        ..
    } = like;
    let shown = |share: f64| Cell::Share(share).shown().into_owned();
    if like.is_equal {
        let text = format!("the addresses are exactly {part}{tag}");
        let finding = checker.row(set, number, check, &text);
        if *check == catalogue::USE_TAG {
            finding.fix(&format!("Name the tag {tag} instead."));
        }
        return;
    }
    let of_row = shown(shares.0);
    let of_tag = shown(shares.1);
    if shares.1 >= NEARLY_ALL {
        let text = format!("{of_row} of the addresses are in {tag}, and are {of_tag} of {part}it");
        let finding = checker.row(set, number, check, &text);
        if *check == catalogue::USE_TAG {
            finding.fix(&format!(
                "Name the tag {tag} instead; keep what is not in it."
            ));
        }
        return;
    }
    let text = format!(
        "{of_row} of the addresses are in {tag}, which has {} more",
        more.grouped()
    );
    checker.row(set, number, &catalogue::WITHIN_TAG, &text);
}

/// Public entries in no tag, where others of the same side are in one.
fn lost(view: &View<'_>, entries: &[Entry], private: &AddressSet) -> Vec<Span> {
    let mut is_of_azure = entries.iter().any(|entry| entry.tag().is_some());
    let mut lost = Vec::new();
    for span in entries.iter().filter_map(Entry::span) {
        let is_in = view.covering(span).next().is_some()
            || view.starting_in(span).next().is_some()
            || view.leaning_in(span).next().is_some();
        if is_in {
            is_of_azure = true;
        } else if !private.holds(span) {
            lost.push(span);
        }
    }
    if is_of_azure { lost } else { Vec::new() }
}

/// Routes to one next hop that together are a tag.
fn routes(checker: &mut Checker<'_>, set: &RuleSet) {
    let mut hops: HashMap<&Hop, (usize, Vec<Span>)> = HashMap::new();
    for (number, row) in set.rows.iter().enumerate() {
        if let Access::Route(hop) = &row.access {
            let spans = row.destinations.iter().filter_map(Entry::span);
            let hop = hops.entry(hop).or_insert((number, Vec::new()));
            hop.1.extend(spans);
        }
    }
    let mut hops: Vec<(usize, Vec<Span>)> = hops.into_values().collect();
    hops.sort_unstable_by_key(|(number, _)| *number);
    for (number, spans) in hops {
        let own = AddressSet::from_spans(spans.iter().copied());
        let found = like(checker.resolver, &own, spans.len());
        if let Some(found) = found.filter(|_| spans.len() >= LEAST_ENTRIES) {
            alike(checker, set, number, &catalogue::USE_TAG, &found);
        }
    }
}
