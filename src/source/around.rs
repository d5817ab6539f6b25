//! Weeks around one that is open: the one before it, and all that are at hand.

use crate::azure::Dialect;
use crate::index::Chronicle;
use crate::query::Dataset;
use crate::source::{Request, SourceError, WeekChoice, stored_history, week_before};

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

/// All weeks at hand of the cloud of one of them; `None` where they cannot be read.
#[must_use]
pub fn chronicle_of(week: &Dataset, request: &Request) -> Option<Chronicle> {
    if week.info().dialect != Dialect::File {
        return None;
    }
    let request = request.newest_of(Some(week.cloud()));
    stored_history(&request).ok().map(|stored| stored.chronicle)
}
