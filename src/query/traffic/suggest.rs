//! The tags that hold what a log has seen, with the fewest addresses beyond it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::index::{Node, TagId, View};
use crate::query::lines::{Lines, of_week};
use crate::query::{AZURE_CLOUD, Cell, ColumnSpec, Dataset, SCHEMA_VERSION, Sheet, WeekRecord};
use crate::space::{AddressSet, Count};
use crate::text::argument;
use crate::traffic::{Counts, Sets, Tally};

/// Ranges that the search looks at; what is best by then is kept, and said to be no more than that.
const MOST_WORK: usize = 30_000_000;

/// A tag of the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SuggestedTag {
    /// The tag.
    pub name: String,
    /// Hits at addresses in it.
    pub hits: u64,
    /// Different addresses in it that occur.
    pub seen: u64,
    /// IPv4 addresses that it admits.
    pub addresses_v4: Count,
    /// IPv6 addresses that it admits.
    pub addresses_v6: Count,
}

/// Tags that hold every address of a log that any tag holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuggestAnswer {
    /// Most hits first.
    pub tags: Vec<SuggestedTag>,
    /// IPv4 and IPv6 addresses that they admit together.
    pub admits: (Count, Count),
    /// Whether no other choice admits fewer addresses, or as many by fewer tags.
    pub is_best: bool,
    /// Whether there are no more tags than were allowed.
    pub is_within: bool,
    /// Hits at public addresses in no tag, which no tag can admit.
    pub nowhere: u64,
}

/// What a choice costs: addresses of both families, then tags.
type Cost = (Count, Count, usize);

/// What was seen: the counts of each answer of the week that occurs, and hits at public addresses in no
/// tag.
#[derive(Debug, Clone, Default)]
pub struct SeenTraffic {
    /// Each answer once.
    pub nodes: Vec<(Node, Counts)>,
    /// Hits at public addresses in no tag.
    pub nowhere: u64,
}

impl SeenTraffic {
    /// Everything that was counted.
    #[must_use]
    pub fn of(tally: &Tally, sets: &Sets<'_>) -> Self {
        let nodes = tally.nodes(sets).map(|(node, counts)| (node, *counts));
        // Ranges of others may be private.
        let public = tally.others().filter_map(|(place, [alone, _])| {
            let prefix = sets.others()?.hits(place).next()?.prefix;
            (!sets.is_inside(prefix.family(), prefix.first())).then_some(alone.hits)
        });
        Self {
            nodes: nodes.collect(),
            nowhere: tally.nowhere().hits + public.sum::<u64>(),
        }
    }
}

/// Finds the tags; `limit` of them at most, where one is given.
#[must_use]
pub fn suggest(seen: &SeenTraffic, view: &View<'_>, limit: Option<usize>) -> SuggestAnswer {
    let mut needs: BTreeSet<BTreeSet<TagId>> = BTreeSet::new();
    for (node, _) in &seen.nodes {
        needs.insert(candidates(view, view.hits(*node).map(|hit| hit.tag)));
    }
    // What holds the addresses of one need holds those of every need that has more choices.
    let is_needed = |need: &&BTreeSet<TagId>| {
        let mut others = needs.iter();
        !others.any(|other| other.len() < need.len() && other.is_subset(need))
    };
    let needs: Vec<BTreeSet<TagId>> = needs.iter().filter(is_needed).cloned().collect();
    let tags: BTreeSet<TagId> = needs.iter().flatten().copied().collect();
    let addresses: BTreeMap<TagId, AddressSet> = tags
        .iter()
        .map(|&tag| (tag, AddressSet::from_blocks(view.all_prefixes(tag))))
        .collect();
    // What must be chosen, and what is left to choose.
    let (forced, open): (Vec<_>, Vec<_>) = needs.iter().partition(|need| need.len() == 1);
    let mut chosen: BTreeSet<TagId> = forced.into_iter().flatten().copied().collect();
    let open: Vec<&BTreeSet<TagId>> = open
        .into_iter()
        .filter(|it| it.is_disjoint(&chosen))
        .collect();
    let none = AddressSet::default();
    let of = |tags: &BTreeSet<TagId>| {
        let blocks = tags.iter().flat_map(|&tag| view.all_prefixes(tag));
        AddressSet::from_blocks(blocks)
    };
    let admitted = of(&chosen);
    let mut is_best = true;
    let mut others = AddressSet::default();
    let mut work = 0;
    for part in parts(&open) {
        let mut search = Search {
            // Only what a tag admits beyond what is chosen already.
            beyond: part
                .iter()
                .flat_map(|need| need.iter())
                .map(|tag| {
                    (
                        *tag,
                        addresses.get(tag).unwrap_or(&none).difference(&admitted),
                    )
                })
                .collect(),
            best: None,
            work,
        };
        // Parts that overlap in addresses are not decided apart for certain.
        let all = search
            .beyond
            .values()
            .fold(AddressSet::default(), |all, it| all.union(it));
        is_best &= others.intersection(&all).is_empty();
        others = others.union(&all);
        search.go(&part, &BTreeSet::new(), &AddressSet::default());
        work = search.work;
        chosen.extend(search.best.map(|(_, tags)| tags).unwrap_or_default());
    }
    is_best &= work < MOST_WORK;
    if let Some(limit) = limit
        && chosen.len() > limit
    {
        is_best = false;
        fewer(&mut chosen, &needs, &addresses, limit);
    }
    answer(&chosen, (is_best, limit), seen, view, &addresses)
}

/// The tags of an answer that may be chosen: those of the whole cloud only where there is nothing else.
fn candidates(view: &View<'_>, tags: impl Iterator<Item = TagId>) -> BTreeSet<TagId> {
    let is_cloud = |tag: &TagId| {
        let name = view.tag(*tag).map_or("", |row| row.name);
        name.split('.').next() == Some(AZURE_CLOUD)
    };
    let (clouds, others): (BTreeSet<TagId>, BTreeSet<TagId>) = tags.partition(is_cloud);
    if others.is_empty() { clouds } else { others }
}

/// Needs that share no tag are decided apart.
fn parts<'a>(needs: &[&'a BTreeSet<TagId>]) -> Vec<Vec<&'a BTreeSet<TagId>>> {
    let mut parts: Vec<(BTreeSet<TagId>, Vec<&BTreeSet<TagId>>)> = Vec::new();
    for &need in needs {
        let mut joined = (need.clone(), vec![need]);
        parts.retain_mut(|(tags, own)| {
            let is_apart = tags.is_disjoint(&joined.0);
            if !is_apart {
                joined.0.append(tags);
                joined.1.append(own);
            }
            is_apart
        });
        parts.push(joined);
    }
    parts.into_iter().map(|(_, needs)| needs).collect()
}

/// Goes through the choices of one part, the cheapest first.
struct Search {
    beyond: BTreeMap<TagId, AddressSet>,
    best: Option<(Cost, BTreeSet<TagId>)>,
    work: usize,
}

impl Search {
    fn go(&mut self, needs: &[&BTreeSet<TagId>], chosen: &BTreeSet<TagId>, admitted: &AddressSet) {
        let cost = cost(admitted, chosen.len());
        let is_worse = self.best.as_ref().is_some_and(|(known, _)| *known <= cost);
        if is_worse || self.work >= MOST_WORK && self.best.is_some() {
            return;
        }
        let open = needs.iter().filter(|need| need.is_disjoint(chosen));
        let open: Vec<&BTreeSet<TagId>> = open.copied().collect();
        let Some(need) = open.iter().min_by_key(|need| need.len()) else {
            self.best = Some((cost, chosen.clone()));
            return;
        };
        let mut choices: Vec<(Cost, TagId, AddressSet)> = Vec::new();
        for tag in *need {
            let Some(own) = self.beyond.get(tag) else {
                continue;
            };
            self.work += 1 + own.v4.runs().len() + own.v6.runs().len();
            self.work += admitted.v4.runs().len() + admitted.v6.runs().len();
            let with = admitted.union(own);
            choices.push((self::cost(&with, chosen.len() + 1), *tag, with));
        }
        choices.sort_by_key(|&(cost, tag, _)| (cost, tag));
        for (_, tag, with) in choices {
            let mut chosen = chosen.clone();
            chosen.insert(tag);
            self.go(&open, &chosen, &with);
        }
    }
}

fn cost(admitted: &AddressSet, tags: usize) -> Cost {
    (admitted.v4.count(), admitted.v6.count(), tags)
}

/// Takes wider tags in place of several until there are few enough, each time the one that admits the
/// fewest more addresses for each tag that it saves.
fn fewer(
    chosen: &mut BTreeSet<TagId>,
    needs: &[BTreeSet<TagId>],
    addresses: &BTreeMap<TagId, AddressSet>,
    limit: usize,
) {
    let none = AddressSet::default();
    let union = |tags: &BTreeSet<TagId>| {
        tags.iter().fold(AddressSet::default(), |all, tag| {
            all.union(addresses.get(tag).unwrap_or(&none))
        })
    };
    while chosen.len() > limit {
        let now = union(chosen);
        let mut best: Option<(f64, BTreeSet<TagId>)> = None;
        for (tag, own) in addresses.iter().filter(|(tag, _)| !chosen.contains(tag)) {
            // What is no longer needed: the needs that it met are met by this tag, or by another.
            let mut with = chosen.clone();
            with.insert(*tag);
            for old in chosen.iter() {
                with.remove(old);
                let mut lost = needs.iter().filter(|need| need.contains(old));
                if lost.any(|need| need.is_disjoint(&with)) {
                    with.insert(*old);
                }
            }
            let saved = chosen.len().saturating_sub(with.len());
            if saved == 0 {
                continue;
            }
            let more = own.difference(&now).v4.count().as_f64();
            #[expect(clippy::cast_precision_loss, reason = "tags are few thousand")]
            let price = more / saved as f64;
            if best.as_ref().is_none_or(|(known, _)| price < *known) {
                best = Some((price, with));
            }
        }
        match best {
            Some((_, with)) => *chosen = with,
            None => return,
        }
    }
}

fn answer(
    chosen: &BTreeSet<TagId>,
    (is_best, limit): (bool, Option<usize>),
    seen: &SeenTraffic,
    view: &View<'_>,
    addresses: &BTreeMap<TagId, AddressSet>,
) -> SuggestAnswer {
    let mut counted: BTreeMap<TagId, (u64, u64)> = BTreeMap::new();
    for (node, counts) in &seen.nodes {
        let tags: BTreeSet<TagId> = view.hits(*node).map(|hit| hit.tag).collect();
        for tag in tags.intersection(chosen) {
            let (hits, addresses) = counted.entry(*tag).or_default();
            *hits += counts.hits;
            *addresses += counts.addresses;
        }
    }
    let none = AddressSet::default();
    let mut all = AddressSet::default();
    let mut tags: Vec<SuggestedTag> = Vec::new();
    for tag in chosen {
        let own = addresses.get(tag).unwrap_or(&none);
        all = all.union(own);
        let (hits, seen_of_tag) = counted.get(tag).copied().unwrap_or_default();
        tags.push(SuggestedTag {
            name: view
                .tag(*tag)
                .map_or_else(String::new, |row| row.name.to_owned()),
            hits,
            seen: seen_of_tag,
            addresses_v4: own.v4.count(),
            addresses_v6: own.v6.count(),
        });
    }
    tags.sort_by_key(|tag| std::cmp::Reverse(tag.hits));
    SuggestAnswer {
        is_within: limit.is_none_or(|limit| tags.len() <= limit),
        tags,
        admits: (all.v4.count(), all.v6.count()),
        is_best,
        nowhere: seen.nowhere,
    }
}

impl SuggestAnswer {
    /// The command that writes rules for these tags.
    #[must_use]
    pub fn command(&self) -> String {
        let names = self.tags.iter().map(|tag| argument(&tag.name));
        let names: Vec<String> = names.collect();
        format!("tagscope rules make az-nsg --tag {}", names.join(" "))
    }

    /// The JSON document.
    #[must_use]
    pub fn record(&self, dataset: &Dataset) -> SuggestRecord<'_> {
        SuggestRecord {
            schema_version: SCHEMA_VERSION,
            week: dataset.record(),
            admits_v4: self.admits.0,
            admits_v6: self.admits.1,
            is_best: self.is_best,
            hits_in_no_tag: self.nowhere,
            command: self.command(),
            tags: &self.tags,
        }
    }
}

impl Sheet for SuggestAnswer {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 5] = [
            ColumnSpec::name("tag", "name"),
            ColumnSpec::number("hits", "hits"),
            ColumnSpec::number("seen", "seen"),
            ColumnSpec::number("admits IPv4", "addressesV4"),
            ColumnSpec::number("admits IPv6", "addressesV6"),
        ];
        &COLUMNS
    }

    fn len(&self) -> usize {
        self.tags.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let Some(row) = self.tags.get(row) else {
            return Cell::None;
        };
        match column {
            0 => Cell::text(row.name.as_str()),
            1 => Cell::counted(row.hits),
            2 => Cell::counted(row.seen),
            3 => Cell::Count(row.addresses_v4),
            4 => Cell::Count(row.addresses_v6),
            _ => Cell::None,
        }
    }
}

/// The JSON document.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SuggestRecord<'a> {
    schema_version: u32,
    week: WeekRecord,
    admits_v4: Count,
    admits_v6: Count,
    is_best: bool,
    hits_in_no_tag: u64,
    command: String,
    tags: &'a [SuggestedTag],
}

impl Lines for SuggestRecord<'_> {
    fn lines(&self, is_slim: bool) -> impl Iterator<Item = impl Serialize> {
        of_week(&self.week, self.tags, is_slim)
    }
}
