//! Which addresses of a log have other tags in another week.

use serde::Serialize;

use crate::index::View;
use crate::query::lines::{Lines, of_weeks};
use crate::query::{Cell, ColumnSpec, Dataset, SCHEMA_VERSION, Sheet, WeekRecord};
use crate::space::Family;
use crate::traffic::{End, Key, Tally};

/// What became of the tags of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Change {
    /// It was in no tag, and is in some.
    Gained,
    /// It was in some, and is in none.
    Lost,
    /// It is in others.
    Changed,
}

impl Change {
    /// The word of tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Gained => "gained",
            Self::Lost => "lost",
            Self::Changed => "changed",
        }
    }
}

/// An address whose tags differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AgainstRow {
    /// The address as a number.
    #[serde(skip)]
    pub end: End,
    /// The address.
    pub address: String,
    /// How often it occurs.
    pub hits: u64,
    /// What became of its tags.
    pub change: Change,
    /// Its tags in the older week, the most specific first.
    pub before: Vec<String>,
    /// Its tags in the newer week.
    pub after: Vec<String>,
}

/// The addresses whose tags differ, most hit first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgainstAnswer {
    /// The rows.
    pub rows: Vec<AgainstRow>,
    /// How many rows are left out.
    pub left_out: usize,
    /// How many addresses were compared.
    pub addresses: usize,
}

/// The addresses of counts by address, each with its hits.
pub fn addresses_of(tally: &Tally) -> impl Iterator<Item = (End, u64)> {
    tally.keys().filter_map(|(key, counts)| match key {
        Key::Address(family, bits, _) => Some(((*family, *bits), counts.hits)),
        _ => None,
    })
}

/// Compares the tags of the addresses that were counted, in two weeks.
#[must_use]
pub fn ask_against(
    counted: impl IntoIterator<Item = (End, u64)>,
    base: &Dataset,
    target: &Dataset,
    most: Option<usize>,
) -> AgainstAnswer {
    let (old, new) = (base.view(), target.view());
    let mut rows = Vec::new();
    let mut addresses = 0;
    for ((family, bits), hits) in counted {
        addresses += 1;
        let (before, after) = (tags(&old, family, bits), tags(&new, family, bits));
        if before == after {
            continue;
        }
        let change = match (before.is_empty(), after.is_empty()) {
            (true, _) => Change::Gained,
            (_, true) => Change::Lost,
            _ => Change::Changed,
        };
        let owned = |tags: Vec<&str>| tags.into_iter().map(str::to_owned).collect();
        rows.push((
            (std::cmp::Reverse(hits), family, bits),
            AgainstRow {
                end: (family, bits),
                address: family.address(bits).to_string(),
                hits,
                change,
                before: owned(before),
                after: owned(after),
            },
        ));
    }
    rows.sort_by_key(|&(order, _)| order);
    let most = most.unwrap_or(usize::MAX);
    AgainstAnswer {
        left_out: rows.len().saturating_sub(most),
        rows: rows.into_iter().take(most).map(|(_, row)| row).collect(),
        addresses,
    }
}

/// The tags of an address, the most specific first.
fn tags<'a>(view: &View<'a>, family: Family, bits: u128) -> Vec<&'a str> {
    let hits = view.hits(view.lookup(family, bits));
    hits.filter_map(|hit| Some(view.tag(hit.tag)?.name))
        .collect()
}

impl Sheet for AgainstAnswer {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 5] = [
            ColumnSpec::whole("address", "address"),
            ColumnSpec::number("hits", "hits"),
            ColumnSpec::whole("change", "change"),
            ColumnSpec::list("before", "before"),
            ColumnSpec::list("after", "after"),
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
            0 => Cell::text(row.address.as_str()),
            1 => Cell::counted(row.hits),
            2 => Cell::text(row.change.word()),
            3 => Cell::text(row.before.join(", ")),
            4 => Cell::text(row.after.join(", ")),
            _ => Cell::None,
        }
    }
}

/// The JSON document.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AgainstRecord<'a> {
    schema_version: u32,
    base: WeekRecord,
    target: WeekRecord,
    addresses: usize,
    left_out: usize,
    rows: &'a [AgainstRow],
}

impl AgainstAnswer {
    /// The JSON document.
    #[must_use]
    pub fn record(&self, base: &Dataset, target: &Dataset) -> AgainstRecord<'_> {
        AgainstRecord {
            schema_version: SCHEMA_VERSION,
            base: base.record(),
            target: target.record(),
            addresses: self.addresses,
            left_out: self.left_out,
            rows: &self.rows,
        }
    }
}

impl Lines for AgainstRecord<'_> {
    fn lines(&self, is_slim: bool) -> impl Iterator<Item = impl Serialize> {
        of_weeks([&self.base, &self.target], self.rows, is_slim)
    }
}
