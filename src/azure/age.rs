//! The date of a publication: where it is from, how it is shown, how old it makes the data.

use std::fmt::{self, Display};

use jiff::civil::Date;

/// A publication is fresh for so many days: one comes every week.
pub const FRESH_DAYS: u32 = 8;

/// Most days ahead of today that are taken without a question: clocks and time zones differ.
pub const MOST_DAYS_AHEAD: u32 = 7;

/// Where a publication's date is from.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub enum DateKind {
    /// The publisher's: of the file's name, or of whoever knows it.
    #[default]
    Published,
    /// Concluded from something else: a package's date, a server's, the day of asking.
    Inferred,
}

impl DateKind {
    /// The word of tables and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Inferred => "inferred",
        }
    }

    /// What stands behind a date where room is dear: `†` when inferred, as behind a derived number.
    #[must_use]
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Published => "",
            Self::Inferred => "†",
        }
    }

    /// What a sentence puts behind a date: ` (inferred)`, or nothing.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::Published => "",
            Self::Inferred => " (inferred)",
        }
    }

    /// Whether nobody has published it.
    #[must_use]
    pub const fn is_inferred(self) -> bool {
        matches!(self, Self::Inferred)
    }

    /// Of two dates that are told together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Published, Self::Published) => Self::Published,
            _ => Self::Inferred,
        }
    }
}

/// The date of a publication that has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct WeekDate {
    /// The day.
    pub day: Date,
    /// Where it is from.
    pub kind: DateKind,
}

impl WeekDate {
    /// For a sentence, which says where it is inferred.
    #[must_use]
    pub fn said(self) -> String {
        said_date(Some(self.day), self.kind)
    }
}

/// A date of a publication on a screen and in a table, or that there is none: `2026-10-19†`.
#[must_use]
pub fn marked_date(date: Option<impl Display>, kind: DateKind) -> String {
    date.map_or_else(no_date, |date| format!("{date}{}", kind.mark()))
}

/// A date of a publication in a sentence, or that there is none: `2026-10-19 (inferred)`.
#[must_use]
pub fn said_date(date: Option<impl Display>, kind: DateKind) -> String {
    date.map_or_else(no_date, |date| format!("{date}{}", kind.said()))
}

fn no_date() -> String {
    "no date".to_owned()
}

/// How far a date lies from today; never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// So many days ago; 0 is today.
    Old(u32),
    /// So many days ahead of today.
    Ahead(u32),
}

impl Age {
    /// The age of what is of `date`.
    #[must_use]
    pub fn of(date: Date, today: Date) -> Self {
        // Days of two dates of four digits: the difference always fits.
        let days = date.until(today).map_or(0, |span| span.get_days());
        if days < 0 {
            Self::Ahead(days.unsigned_abs())
        } else {
            Self::Old(days.unsigned_abs())
        }
    }

    /// Whether it is at most `limit` days old. What is dated ahead is of no known age, and never is.
    #[must_use]
    pub const fn is_within(self, limit: u32) -> bool {
        match self {
            Self::Old(days) => days <= limit,
            Self::Ahead(_) => false,
        }
    }

    /// Whether it is older than a weekly publication should be.
    #[must_use]
    pub const fn is_old(self) -> bool {
        matches!(self, Self::Old(days) if days > FRESH_DAYS)
    }

    /// Whether it is dated further ahead than clocks and time zones explain.
    #[must_use]
    pub const fn is_of_the_future(self) -> bool {
        matches!(self, Self::Ahead(days) if days > MOST_DAYS_AHEAD)
    }

    /// Days since the date; `None` ahead of it.
    #[must_use]
    pub const fn days(self) -> Option<u32> {
        match self {
            Self::Old(days) => Some(days),
            Self::Ahead(_) => None,
        }
    }

    /// Days until the date, where it lies ahead.
    #[must_use]
    pub const fn days_ahead(self) -> Option<u32> {
        match self {
            Self::Old(_) => None,
            Self::Ahead(days) => Some(days),
        }
    }
}

/// `today`, `1 day old`, `33 days old`, `dated 3 days ahead`.
impl Display for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted = |days: u32| crate::text::counted(days, "day", "days");
        match *self {
            Self::Old(0) => f.write_str("today"),
            Self::Old(days) => write!(f, "{} old", counted(days)),
            Self::Ahead(days) => write!(f, "dated {} ahead", counted(days)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_age_is_negative_and_each_has_its_words() {
        let today = Date::constant(2026, 11, 30);
        for (date, age, words) in [
            ("2026-11-30", Age::Old(0), "today"),
            ("2026-11-29", Age::Old(1), "1 day old"),
            ("2026-10-19", Age::Old(42), "42 days old"),
            ("2026-12-01", Age::Ahead(1), "dated 1 day ahead"),
            ("2026-12-07", Age::Ahead(7), "dated 7 days ahead"),
            (
                "9999-12-31",
                Age::Ahead(2_912_109),
                "dated 2912109 days ahead",
            ),
            ("0001-01-01", Age::Old(739_949), "739949 days old"),
        ] {
            let found = Age::of(date.parse().unwrap(), today);
            assert_eq!((found, found.to_string().as_str()), (age, words), "{date}");
        }
    }

    #[test]
    fn what_is_dated_ahead_is_never_young_enough() {
        assert!(Age::Old(8).is_within(8) && !Age::Old(9).is_within(8));
        assert!(Age::Old(0).is_within(0) && !Age::Ahead(1).is_within(u32::MAX));
        assert!(!Age::Ahead(7).is_of_the_future() && Age::Ahead(8).is_of_the_future());
    }

    #[test]
    fn an_inferred_date_is_marked_and_said() {
        let (date, none) = (Some("2026-10-19"), None::<&str>);
        assert_eq!(marked_date(date, DateKind::Published), "2026-10-19");
        assert_eq!(marked_date(date, DateKind::Inferred), "2026-10-19†");
        assert_eq!(said_date(date, DateKind::Inferred), "2026-10-19 (inferred)");
        assert_eq!(said_date(none, DateKind::Inferred), "no date");
    }
}
