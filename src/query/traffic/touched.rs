//! What a change does to the addresses of logs: how often they occur in what came and went.

use std::cmp::Reverse;

use serde::Serialize;

use crate::index::View;
use crate::query::diff::{DiffAnswer, TagChange};
use crate::query::lines::{Lines, of_weeks};
use crate::query::rules::impact::{ImpactAnswer, RowImpact, SetImpact};
use crate::query::{Cell, ColumnSpec, Dataset, SCHEMA_VERSION, Sheet, WeekRecord};
use crate::space::{AddressSet, Block, Count, Family, Parts, Ranges};
use crate::text::{counted, first_of};
use crate::traffic::{Counts, PartTally, Said};

/// Prefixes that are named where people read.
const MOST_NAMED: usize = 3;

/// What becomes of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum TouchEffect {
    /// A row lacks them.
    Missing,
    /// A row has them, and they are in no tag any more.
    Stale,
    /// A row has them, and they are in another tag now.
    Moved,
    /// They left the tag.
    Lost,
    /// They came into the tag.
    Gained,
}

impl TouchEffect {
    /// The word of tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Stale => "stale",
            Self::Moved => "moved",
            Self::Lost => "lost",
            Self::Gained => "gained",
        }
    }

    /// Whether it is the rule that has to change: a tag is followed by Azure.
    #[must_use]
    pub const fn is_of_rule(self) -> bool {
        matches!(self, Self::Missing | Self::Stale | Self::Moved)
    }
}

/// Addresses to which one thing happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TouchSubject {
    /// The row of rules, where it is one's.
    place: Option<RulePlace>,
    /// The tag.
    tag: Option<String>,
    /// Narrower tags that say all that this one says.
    echo_of: Vec<String>,
    effect: TouchEffect,
    blocks: Vec<Block>,
    addresses: AddressSet,
}

/// Where a row of rules stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RulePlace {
    path: String,
    set: String,
    row: String,
}

/// What is asked of logs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TouchQuestion {
    subjects: Vec<TouchSubject>,
    is_of_rules: bool,
}

/// How often addresses of logs are touched by one change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TouchRow {
    #[serde(flatten)]
    place: Option<RulePlace>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<String>,
    effect: TouchEffect,
    hits: u64,
    addresses: u64,
    bytes_sent: Option<u64>,
    bytes_received: Option<u64>,
    /// The prefixes with addresses of the logs, most hit first.
    prefixes: Vec<TouchedPrefix>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    echo_of: Vec<String>,
}

/// A prefix that came or went, with the addresses of logs in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct TouchedPrefix {
    prefix: String,
    hits: u64,
    addresses: u64,
}

/// What a change does to the addresses of logs, most hit first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TouchAnswer {
    /// The changes that touch any.
    pub rows: Vec<TouchRow>,
    /// All changes.
    pub changes: usize,
    /// Hits at public addresses, touched or not.
    pub hits: u64,
    /// Hits and addresses that any change touches.
    pub touched: (u64, u64),
    /// Whether there were more touched addresses than are told apart.
    pub is_full: bool,
    columns: Vec<ColumnSpec>,
    is_brief: bool,
}

/// The addresses of a tag; none where the week has no such tag.
fn addresses(view: &View<'_>, name: &str) -> AddressSet {
    let tag = view.find(name);
    let prefixes = tag.into_iter().flat_map(|tag| view.all_prefixes(tag));
    AddressSet::from_blocks(prefixes)
}

impl TouchSubject {
    fn of_tag(change: &TagChange, effect: TouchEffect, addresses: AddressSet) -> Self {
        let rows = match effect {
            TouchEffect::Lost => &change.removed,
            _ => &change.added,
        };
        let rows = rows.iter().filter(|row| row.has_effect());
        Self {
            place: None,
            tag: Some(change.name.clone()),
            echo_of: change.echo_of.clone(),
            effect,
            blocks: rows.map(|row| row.prefix).collect(),
            addresses,
        }
    }

    fn of_row(
        (set, row): (&SetImpact, &RowImpact),
        tag: Option<&str>,
        effect: TouchEffect,
        blocks: Vec<Block>,
    ) -> Self {
        Self {
            place: Some(RulePlace {
                path: set.path.to_string(),
                set: set.name.to_string(),
                row: row.name.to_string(),
            }),
            tag: tag.map(str::to_owned),
            echo_of: Vec::new(),
            effect,
            addresses: AddressSet::from_blocks(blocks.iter().copied()),
            blocks,
        }
    }
}

impl TouchQuestion {
    /// What the tags of a comparison gained and lost.
    #[must_use]
    pub fn of_diff(answer: &DiffAnswer, base: &Dataset, target: &Dataset) -> Self {
        let views = [base.view(), target.view()];
        let subjects = answer.tags.iter().flat_map(|change| {
            let [before, now] = views.each_ref().map(|view| addresses(view, &change.name));
            let lost = before.difference(&now);
            let gained = now.difference(&before);
            [(TouchEffect::Lost, lost), (TouchEffect::Gained, gained)]
                .map(|(effect, addresses)| TouchSubject::of_tag(change, effect, addresses))
        });
        Self {
            subjects: subjects.filter(|it| !it.addresses.is_empty()).collect(),
            is_of_rules: false,
        }
    }

    /// What rows of rules lack and have too much, and what the tags that they name gained and lost.
    #[must_use]
    pub fn of_impact(answer: &ImpactAnswer) -> Self {
        let mut subjects = Vec::new();
        for (set, row) in answer.rows() {
            let mut add = |tag, effect, blocks: Vec<Block>| {
                if !blocks.is_empty() {
                    subjects.push(TouchSubject::of_row((set, row), tag, effect, blocks));
                }
            };
            // Of several tags nothing says whose the addresses are.
            let tag = match row.tags.as_slice() {
                [only] => Some(only.as_str()),
                _ => None,
            };
            add(tag, TouchEffect::Missing, row.missing.clone());
            add(tag, TouchEffect::Stale, row.stale.clone());
            for moved in &row.moved {
                add(Some(&moved.tag), TouchEffect::Moved, moved.prefixes.clone());
            }
            for followed in &row.followed {
                let tag = Some(followed.tag.as_str());
                add(tag, TouchEffect::Lost, followed.lost.cover());
                add(tag, TouchEffect::Gained, followed.gained.cover());
            }
        }
        Self {
            subjects,
            is_of_rules: true,
        }
    }

    /// What counts addresses for it.
    #[must_use]
    pub fn counter(&self) -> PartTally {
        let blocks = self.subjects.iter().flat_map(|it| &it.blocks);
        let blocks: Vec<AddressSet> = blocks
            .map(|block| AddressSet::from_blocks([*block]))
            .collect();
        let sets = self.subjects.iter().map(|it| &it.addresses);
        let all = Parts::of(sets.chain(&blocks));
        let asked = |family| {
            let subjects = self.subjects.iter();
            let runs = subjects.flat_map(|it| it.addresses.family(family).runs());
            Ranges::from_runs(runs.copied().collect())
        };
        let asked = AddressSet {
            v4: asked(Family::V4),
            v6: asked(Family::V6),
        };
        PartTally::new(all, |family, first| asked.family(family).contains(first))
    }

    /// How often each change is met.
    #[must_use]
    pub fn answer(&self, tally: &PartTally, said: &Said) -> TouchAnswer {
        let touched: Vec<_> = tally.touched().collect();
        let has_bytes = said.bytes > 0;
        let mut rows = Vec::new();
        for subject in &self.subjects {
            let own = touched.iter().filter(|((family, first), _)| {
                let addresses = subject.addresses.family(*family);
                addresses.contains(*first)
            });
            let own: Vec<_> = own.collect();
            if own.is_empty() {
                continue;
            }
            let counts = sum(own.iter().map(|(_, counts)| *counts));
            let prefixes = subject.blocks.iter().map(|block| {
                let within = own.iter().filter(|((family, first), _)| {
                    block.family() == *family
                        && Block::holding(*family, *first, block.length()) == *block
                });
                let counts = sum(within.map(|(_, counts)| *counts));
                TouchedPrefix {
                    prefix: block.to_string(),
                    hits: counts.hits,
                    addresses: counts.addresses,
                }
            });
            let mut prefixes: Vec<_> = prefixes.filter(|prefix| prefix.hits > 0).collect();
            prefixes.sort_by_key(|prefix| Reverse(prefix.hits));
            rows.push(TouchRow {
                place: subject.place.clone(),
                tag: subject.tag.clone(),
                effect: subject.effect,
                hits: counts.hits,
                addresses: counts.addresses,
                bytes_sent: has_bytes.then_some(counts.sent),
                bytes_received: has_bytes.then_some(counts.received),
                prefixes,
                echo_of: subject.echo_of.clone(),
            });
        }
        rows.sort_by_key(|row| Reverse(row.hits));
        let all = sum(touched.iter().map(|(_, counts)| *counts));
        TouchAnswer {
            rows,
            changes: self.subjects.len(),
            hits: tally.hits(),
            touched: (all.hits, all.addresses),
            is_full: tally.is_full(),
            columns: columns(self.is_of_rules, has_bytes),
            is_brief: false,
        }
    }
}

fn sum<'a>(counts: impl Iterator<Item = &'a Counts>) -> Counts {
    let mut all = Counts::default();
    counts.for_each(|counts| all.add(counts));
    all
}

fn columns(is_of_rules: bool, has_bytes: bool) -> Vec<ColumnSpec> {
    let mut columns = Vec::new();
    if is_of_rules {
        columns.extend([
            ColumnSpec::text("file", "path"),
            ColumnSpec::text("rule set", "set"),
            ColumnSpec::name("row", "row"),
        ]);
    }
    columns.extend([
        ColumnSpec::name("tag", "tag"),
        ColumnSpec::whole("effect", "effect"),
        ColumnSpec::number("hits", "hits"),
        ColumnSpec::number("addresses", "addresses"),
    ]);
    if has_bytes {
        columns.push(ColumnSpec::number("bytes sent", "bytesSent"));
        columns.push(ColumnSpec::number("bytes received", "bytesReceived"));
    }
    columns.push(ColumnSpec::list("prefixes", "prefixes"));
    if !is_of_rules {
        columns.push(ColumnSpec::list("echo of", "echoOf"));
    }
    columns
}

impl TouchAnswer {
    /// Whether rules have to change for addresses of the logs.
    #[must_use]
    pub fn is_affected(&self) -> bool {
        self.rows.iter().any(|row| row.effect.is_of_rule())
    }

    /// For people: without the tags that only say again what narrower ones say, and how many those are;
    /// with the first prefixes alone.
    #[must_use]
    pub fn brief(mut self) -> (Self, usize) {
        self.is_brief = true;
        let all = self.rows.len();
        self.rows.retain(|row| row.echo_of.is_empty());
        self.columns.retain(|column| column.key != "echoOf");
        let echoes = all - self.rows.len();
        (self, echoes)
    }

    /// All of it in a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let (hits, addresses) = self.touched;
        let of = counted(self.hits, "hit", "hits");
        let changes = counted(self.changes, "change", "changes");
        if self.rows.is_empty() {
            return format!("none of {changes} touches any of {of} at public addresses");
        }
        let touch = if self.changes == 1 {
            "touches"
        } else {
            "touch"
        };
        format!(
            "{} of {changes} {touch} {} of {of} at public addresses, those of {}",
            grouped(self.rows.len() as u128),
            grouped(hits.into()),
            counted(addresses, "address", "addresses"),
        )
    }
}

fn grouped(count: u128) -> String {
    Count::new(count).grouped()
}

impl Sheet for TouchAnswer {
    fn columns(&self) -> &[ColumnSpec] {
        &self.columns
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let key = self.columns.get(column).map(|column| column.key);
        let (Some(row), Some(key)) = (self.rows.get(row), key) else {
            return Cell::None;
        };
        let place = row.place.as_ref();
        let of_place = |text: fn(&RulePlace) -> &String| {
            place.map_or(Cell::None, |place| Cell::text(text(place).as_str()))
        };
        match key {
            "path" => of_place(|place| &place.path),
            "set" => of_place(|place| &place.set),
            "row" => of_place(|place| &place.row),
            "tag" => row.tag.as_deref().map_or(Cell::None, Cell::text),
            "effect" => Cell::text(row.effect.word()),
            "hits" => Cell::counted(row.hits),
            "addresses" => Cell::counted(row.addresses),
            "bytesSent" => row.bytes_sent.map_or(Cell::None, Cell::counted),
            "bytesReceived" => row.bytes_received.map_or(Cell::None, Cell::counted),
            "prefixes" => {
                let most = if self.is_brief {
                    MOST_NAMED
                } else {
                    usize::MAX
                };
                let prefixes = row.prefixes.iter().map(|it| &it.prefix);
                Cell::text(first_of(prefixes, most, ", "))
            }
            "echoOf" if !row.echo_of.is_empty() => Cell::text(row.echo_of.join(", ")),
            _ => Cell::None,
        }
    }
}

/// The JSON document.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TouchRecord<'a> {
    schema_version: u32,
    base: WeekRecord,
    target: WeekRecord,
    changes: usize,
    hits: u64,
    touched_hits: u64,
    touched_addresses: u64,
    rows: &'a [TouchRow],
}

impl TouchAnswer {
    /// The JSON document.
    #[must_use]
    pub fn record(&self, base: &Dataset, target: &Dataset) -> TouchRecord<'_> {
        TouchRecord {
            schema_version: SCHEMA_VERSION,
            base: base.record(),
            target: target.record(),
            changes: self.changes,
            hits: self.hits,
            touched_hits: self.touched.0,
            touched_addresses: self.touched.1,
            rows: &self.rows,
        }
    }
}

impl Lines for TouchRecord<'_> {
    fn lines(&self, is_slim: bool) -> impl Iterator<Item = impl Serialize> {
        of_weeks([&self.base, &self.target], self.rows, is_slim)
    }
}
