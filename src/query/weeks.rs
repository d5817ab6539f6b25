//! Which weeks are at hand, and what became of those that were added.

use serde::Serialize;

use crate::query::lines::{Lines, plain};
use crate::query::{Cell, ColumnSpec, SCHEMA_VERSION, Sheet, WeekRecord};

/// The weeks at hand, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeeksAnswer {
    /// One entry a publication.
    pub weeks: Vec<WeekRecord>,
}

impl WeeksAnswer {
    /// The answer as its JSON document.
    #[must_use]
    pub fn record(&self) -> WeeksRecord<'_> {
        WeeksRecord {
            schema_version: SCHEMA_VERSION,
            weeks: &self.weeks,
        }
    }
}

impl Sheet for WeeksAnswer {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 9] = [
            ColumnSpec::whole("date", "date"),
            ColumnSpec::text("cloud", "cloud"),
            ColumnSpec::number("number", "changeNumber"),
            ColumnSpec::text("tags' numbers", "changeNumbers"),
            ColumnSpec::number("tags", "tags"),
            ColumnSpec::number("rows", "prefixes"),
            ColumnSpec::text("source", "source"),
            ColumnSpec::text("origin", "origin"),
            ColumnSpec::text("date is", "dateIs"),
        ];
        &COLUMNS
    }

    fn len(&self) -> usize {
        self.weeks.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let Some(week) = self.weeks.get(row) else {
            return Cell::None;
        };
        match column {
            0 => date(week),
            1 => Cell::text(week.cloud.name()),
            // A root number is never derived.
            2 => Cell::Change(week.change_number, crate::azure::Numbers::Published),
            3 => Cell::text(week.change_numbers.word()),
            4 => Cell::Number(week.tags),
            5 => Cell::Number(week.prefixes),
            6 => Cell::text(week.source.word()),
            7 => Cell::text(week.origin.as_str()),
            8 => date_is(week),
            _ => Cell::None,
        }
    }
}

/// What became of publications that were imported or fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipts {
    /// One entry a publication.
    pub weeks: Vec<Receipt>,
}

/// What became of one publication.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Receipt {
    /// The week, as it is kept.
    #[serde(flatten)]
    pub week: WeekRecord,
    /// Whether it is new.
    pub status: ReceiptStatus,
    /// What could not be taken as it stands.
    pub flaws: usize,
}

/// What became of a publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ReceiptStatus {
    /// It is kept now.
    Added,
    /// It was kept before: the same content of the same date and number.
    Held,
    /// It was kept before, and is the newest there is.
    Current,
}

impl ReceiptStatus {
    /// The word of text and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Held => "held",
            Self::Current => "current",
        }
    }
}

impl Receipts {
    /// The answer as its JSON document.
    #[must_use]
    pub fn record(&self) -> ReceiptsRecord<'_> {
        ReceiptsRecord {
            schema_version: SCHEMA_VERSION,
            weeks: &self.weeks,
        }
    }
}

impl Sheet for Receipts {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 8] = [
            ColumnSpec::whole("result", "status"),
            ColumnSpec::whole("date", "date"),
            ColumnSpec::text("cloud", "cloud"),
            ColumnSpec::number("number", "changeNumber"),
            ColumnSpec::number("tags", "tags"),
            ColumnSpec::number("rows", "prefixes"),
            ColumnSpec::text("origin", "origin"),
            ColumnSpec::text("date is", "dateIs"),
        ];
        &COLUMNS
    }

    fn len(&self) -> usize {
        self.weeks.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let Some(Receipt { week, status, .. }) = self.weeks.get(row) else {
            return Cell::None;
        };
        match column {
            0 => Cell::text(status.word()),
            1 => date(week),
            2 => Cell::text(week.cloud.name()),
            3 => Cell::Change(week.change_number, crate::azure::Numbers::Published),
            4 => Cell::Number(week.tags),
            5 => Cell::Number(week.prefixes),
            6 => Cell::text(week.origin.as_str()),
            7 => date_is(week),
            _ => Cell::None,
        }
    }
}

fn date(week: &WeekRecord) -> Cell<'_> {
    let date = week.day().zip(week.date_is);
    date.map_or(Cell::None, |(date, kind)| Cell::Date(date, kind))
}

fn date_is(week: &WeekRecord) -> Cell<'_> {
    week.date_is
        .map_or(Cell::None, |kind| Cell::text(kind.word()))
}

/// The JSON document of the weeks at hand.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WeeksRecord<'a> {
    schema_version: u32,
    weeks: &'a [WeekRecord],
}

/// The JSON document of what became of publications.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReceiptsRecord<'a> {
    schema_version: u32,
    weeks: &'a [Receipt],
}

impl Lines for ReceiptsRecord<'_> {
    fn lines(&self, _: bool) -> impl Iterator<Item = impl Serialize> {
        plain(self.weeks)
    }
}

impl Lines for WeeksRecord<'_> {
    fn lines(&self, _: bool) -> impl Iterator<Item = impl Serialize> {
        plain(self.weeks)
    }
}
