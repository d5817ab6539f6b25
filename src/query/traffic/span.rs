//! From when to when a log is, and how far that is from a week.

use crate::azure::said_date;
use crate::query::Dataset;
use crate::traffic::iso;

/// A log that is so many days older or newer than the week is said to be.
const FAR: i64 = 60;
/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

/// A moment in milliseconds since 1970 as `2026-10-19 05:04`, in UTC.
fn minute(moment: i64) -> String {
    let shown = jiff::Timestamp::from_millisecond(moment).map(|it| it.to_string());
    let shown = shown.unwrap_or_default().replace('T', " ");
    shown.chars().take("2026-10-19 05:04".len()).collect()
}

/// From when to when in UTC; the day once where both are of one.
#[must_use]
pub fn said_span((first, last): (i64, i64)) -> String {
    let (from, to) = (minute(first), minute(last));
    match (from.split_once(' '), to.split_once(' ')) {
        (Some((day, _)), Some((last_day, time))) if day == last_day => {
            format!("{from} → {time} UTC")
        }
        _ => format!("{from} → {to} UTC"),
    }
}

/// That a log is much older or newer than the week, where it is.
#[must_use]
pub fn far_from(span: Option<(i64, i64)>, dataset: &Dataset) -> Option<String> {
    let (first, last) = span?;
    let info = dataset.info();
    let week = iso(info.date?.to_string().as_bytes())?;
    let (word, end) = if week - last > FAR * DAY {
        ("ends on", last)
    } else if first - week > FAR * DAY {
        ("begins on", first)
    } else {
        return None;
    };
    let day: String = minute(end).chars().take("2026-10-19".len()).collect();
    let of_week = said_date(info.date, info.date_is);
    Some(format!("the log {word} {day}, the week is {of_week}"))
}
