//! Weeks around one that is open: the one before it, and older ones.

use crate::azure::{Dialect, parse_date};
use crate::query::{Dataset, WeekRecord};
use crate::source::{Request, SourceError, WeekChoice, open, week_before, weeks};

/// Most older weeks that are opened.
const MOST_OLDER: usize = 26;

/// The week before one that is open, among those at hand.
///
/// # Errors
/// [`SourceError`]: there is none before it.
pub fn base_of(target: &Dataset, request: &Request) -> Result<Request, SourceError> {
    let plain = Request {
        file: None,
        ..request.clone()
    };
    let week = match target.info().date {
        Some(date) if target.info().dialect == Dialect::File => week_before(&Request {
            week: WeekChoice::Date(date, None),
            cloud: Some(target.cloud()),
            ..plain.clone()
        })?,
        _ => WeekChoice::Previous,
    };
    Ok(Request {
        week,
        cloud: Some(target.cloud()),
        ..plain
    })
}

/// Weeks at hand before one of them, newest first; what cannot be opened is left out.
#[must_use]
pub fn older_weeks(base: &Dataset, request: &Request) -> Vec<Dataset> {
    if base.info().dialect != Dialect::File {
        return Vec::new();
    }
    let request = request.newest_of(Some(base.cloud()));
    let Ok(listing) = weeks(&request) else {
        return Vec::new();
    };
    let request_for = |record: &WeekRecord| {
        let date = record.date.as_deref().and_then(parse_date)?;
        let is_older = base.info().date.is_some_and(|base| date < base);
        (record.kind == Dialect::File && is_older).then(|| Request {
            week: WeekChoice::Date(date, record.change_number),
            ..request.clone()
        })
    };
    listing
        .weeks
        .iter()
        .filter_map(request_for)
        .take(MOST_OLDER)
        .filter_map(|request| open(&request).ok())
        .collect()
}
