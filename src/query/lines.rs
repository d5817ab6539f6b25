//! JSON Lines: the records of a document, one a line.

use serde::Serialize;

use crate::query::{SCHEMA_VERSION, WeekRecord};

/// A document that is a list, or that has one.
pub trait Lines {
    /// Its records, each with what they have in common before it; `is_slim` leaves the weeks out.
    fn lines(&self, is_slim: bool) -> impl Iterator<Item = impl Serialize>;
}

/// A record of a list on a line of its own.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordLine<H, R> {
    schema_version: u32,
    #[serde(flatten)]
    head: Option<H>,
    #[serde(flatten)]
    record: R,
}

impl<H, R> RecordLine<H, R> {
    /// A record behind what all of the list have in common.
    pub const fn new(head: Option<H>, record: R) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            head,
            record,
        }
    }
}

/// The week of a list.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct OfWeek<'a> {
    /// The week.
    pub week: &'a WeekRecord,
}

/// The weeks of a comparison.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct OfWeeks<'a> {
    /// The older.
    pub base: &'a WeekRecord,
    /// The newer.
    pub target: &'a WeekRecord,
}

/// The lines of a list from one week.
pub fn of_week<'a, R: Serialize>(
    week: &'a WeekRecord,
    records: &'a [R],
    is_slim: bool,
) -> impl Iterator<Item = impl Serialize> + use<'a, R> {
    let head = (!is_slim).then_some(OfWeek { week });
    records
        .iter()
        .map(move |record| RecordLine::new(head, record))
}

/// The lines of a list about two weeks, the older first.
pub fn of_weeks<'a, R: Serialize>(
    [base, target]: [&'a WeekRecord; 2],
    records: &'a [R],
    is_slim: bool,
) -> impl Iterator<Item = impl Serialize> + use<'a, R> {
    let head = (!is_slim).then_some(OfWeeks { base, target });
    records
        .iter()
        .map(move |record| RecordLine::new(head, record))
}

/// The lines of a list that no week is of.
pub fn plain<'a, R: Serialize>(
    records: &'a [R],
) -> impl Iterator<Item = impl Serialize> + use<'a, R> {
    let line = |record| RecordLine::new(None::<OfWeek<'a>>, record);
    records.iter().map(line)
}
