//! Which weeks are at hand.

use crate::query::{Cell, Column, SCHEMA_VERSION, Sheet, WeekRecord};

/// The weeks at hand, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// One entry a publication.
    pub weeks: Vec<WeekRecord>,
}

impl Answer {
    /// The answer as its JSON document.
    #[must_use]
    pub fn record(&self) -> Record<'_> {
        Record {
            schema_version: SCHEMA_VERSION,
            weeks: &self.weeks,
        }
    }
}

impl Sheet for Answer {
    fn columns(&self) -> &[Column] {
        const COLUMNS: [Column; 8] = [
            Column::whole("date", "date"),
            Column::text("cloud", "cloud"),
            Column::number("number", "changeNumber"),
            Column::text("tags' numbers", "changeNumbers"),
            Column::number("tags", "tags"),
            Column::number("rows", "prefixes"),
            Column::text("source", "source"),
            Column::text("origin", "origin"),
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
            0 => week.date.as_deref().map_or(Cell::None, Cell::text),
            1 => Cell::text(week.cloud.name()),
            // A root number is never derived.
            2 => Cell::Change(week.change_number, crate::azure::Numbers::Published),
            3 => Cell::text(week.change_numbers.word()),
            4 => Cell::Number(week.tags),
            5 => Cell::Number(week.prefixes),
            6 => Cell::text(week.source.word()),
            7 => Cell::text(week.origin.as_str()),
            _ => Cell::None,
        }
    }
}

/// The JSON document of the weeks at hand.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Record<'a> {
    schema_version: u32,
    weeks: &'a [WeekRecord],
}
