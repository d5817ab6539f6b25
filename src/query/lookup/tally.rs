//! How many queries of a list are in each tag, service or region.

use std::collections::BTreeMap;

use crate::index::{TagId, View};
use crate::query::lines::{Lines, of_week};
use crate::query::lookup::{LookupAnswer, Match, Relation};
use crate::query::{Cell, ColumnSpec, Dataset, SCHEMA_VERSION, Sheet, WeekRecord};

/// What queries are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum TallyBy {
    /// The most specific tag.
    Tag,
    /// Its systemService.
    Service,
    /// Its region.
    Region,
}

impl TallyBy {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Tag, Self::Service, Self::Region];

    /// The word of flags and heads.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Tag => "tag",
            Self::Service => "service",
            Self::Region => "region",
        }
    }

    /// What a tag is counted as.
    #[must_use]
    pub fn of<'a>(self, view: &View<'a>, tag: TagId) -> &'a str {
        let Some(row) = view.tag(tag) else { return "" };
        let name = match self {
            Self::Tag => return row.name,
            Self::Service => row.system_service,
            Self::Region => row.region,
        };
        match (self, name) {
            (Self::Service, "") => "no service",
            (_, "") => "not regional",
            (_, name) => name,
        }
    }
}

/// Counts queries by their most specific tag: each counts once, so the counts add up.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// Of each tag by its place, as far as one was counted.
    tags: Vec<u64>,
    /// Blocks and ranges that no tag holds whole.
    parts: u64,
    none: u64,
}

impl Tally {
    /// Counts one answer.
    pub fn add(&mut self, answer: &LookupAnswer) {
        self.add_best(answer.best());
    }

    /// Counts one query by its most specific match.
    pub fn add_best(&mut self, best: Option<Match>) {
        match best {
            Some(found) if found.relation == Relation::Covers => self.add_tag(found.tag),
            Some(_) => self.parts += 1,
            None => self.none += 1,
        }
    }

    /// Counts one query by its most specific tag.
    pub fn add_tag(&mut self, tag: TagId) {
        let place = tag.place();
        if self.tags.len() <= place {
            self.tags.resize(place + 1, 0);
        }
        if let Some(count) = self.tags.get_mut(place) {
            *count += 1;
        }
    }

    /// How many were counted.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.none + self.parts + self.tags.iter().sum::<u64>()
    }

    /// How many are in no tag.
    #[must_use]
    pub const fn in_none(&self) -> u64 {
        self.none
    }

    /// The counts of each kind, greatest first, then by name; those in part and in no tag last.
    #[must_use]
    pub fn rows(&self, kinds: &[TallyBy], dataset: &Dataset) -> TallyAnswer {
        let view = dataset.view();
        let mut rows = Vec::new();
        for &by in kinds {
            let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
            for (tag, &count) in (0..)
                .map(TagId)
                .zip(&self.tags)
                .filter(|(_, count)| **count > 0)
            {
                *counts.entry(by.of(&view, tag)).or_default() += count;
            }
            let mut counts: Vec<(&str, u64)> = counts.into_iter().collect();
            counts.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
            rows.extend(counts.into_iter().map(|(name, queries)| TallyRow {
                by,
                name: name.to_owned(),
                queries,
            }));
            for (name, queries) in [("in part", self.parts), ("in no tag", self.none)] {
                if queries > 0 {
                    rows.push(TallyRow {
                        by,
                        name: name.to_owned(),
                        queries,
                    });
                }
            }
        }
        TallyAnswer { rows }
    }
}

/// The counts as a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TallyAnswer {
    /// By kind, greatest first.
    pub rows: Vec<TallyRow>,
}

/// How many queries have something in common.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TallyRow {
    /// What is counted by.
    pub by: TallyBy,
    /// A tag, a service, a region.
    pub name: String,
    /// How many.
    pub queries: u64,
}

impl TallyAnswer {
    /// The JSON document.
    #[must_use]
    pub fn record<'a>(&'a self, week: &'a WeekRecord) -> TallyRecord<'a> {
        TallyRecord {
            schema_version: SCHEMA_VERSION,
            week,
            counts: &self.rows,
        }
    }
}

/// The JSON document of counts.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TallyRecord<'a> {
    schema_version: u32,
    week: &'a WeekRecord,
    counts: &'a [TallyRow],
}

impl Lines for TallyRecord<'_> {
    fn lines(&self, is_slim: bool) -> impl Iterator<Item = impl serde::Serialize> {
        of_week(self.week, self.counts, is_slim)
    }
}

impl Sheet for TallyAnswer {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 3] = [
            ColumnSpec::whole("by", "by"),
            ColumnSpec::text("name", "name"),
            ColumnSpec::number("queries", "queries"),
        ];
        &COLUMNS
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let Some(row) = self.rows.get(row) else {
            return Cell::None;
        };
        match column {
            0 => Cell::text(row.by.word()),
            1 => Cell::text(row.name.as_str()),
            2 => Cell::Number(usize::try_from(row.queries).unwrap_or(usize::MAX)),
            _ => Cell::None,
        }
    }
}
