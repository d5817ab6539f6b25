//! What the embedded weeks say of `AzureCloud` and no publication does: its blocks are joined over
//! gaps that no region of it fills.

use jiff::civil::Date;

use crate::azure::Numbers;
use crate::index::{WeekEntry, WeekInfo};

/// The tag.
pub const AZURE_CLOUD: &str = "AzureCloud";
/// The first embedded week in which it is joined.
pub const JOINED_SINCE: Date = Date::constant(2026, 8, 24);
/// What there is to say; a test counts the addresses in every embedded week.
pub const JOINED: &str = "from 2026-08-24 on AzureCloud of the embedded weeks is coarser than before: \
3 to 4 million of its IPv4 addresses and most of its IPv6 addresses are in no region of AzureCloud; \
tagscope update fetches the published week";

/// What there is to say of a week in use.
#[must_use]
pub fn joined_note(week: &WeekInfo) -> Option<&'static str> {
    is_joined(week.date, week.numbers).then_some(JOINED)
}

/// What there is to say where any of some weeks is such a one.
#[must_use]
pub fn joined_note_of<'a>(weeks: impl IntoIterator<Item = &'a WeekEntry>) -> Option<&'static str> {
    let mut weeks = weeks.into_iter();
    weeks
        .any(|week| is_joined(week.date, week.numbers))
        .then_some(JOINED)
}

/// Derived numbers are those of the embedded weeks alone, which are of the Public cloud.
fn is_joined(date: Option<Date>, numbers: Numbers) -> bool {
    numbers == Numbers::Derived && date.is_some_and(|date| date >= JOINED_SINCE)
}
