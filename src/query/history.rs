//! When a tag or an address came, changed and left, over all weeks at hand.
//!
//! Of several contents under one date one counts: published numbers before derived ones, then the
//! greater root number. What is in the oldest week at hand may be older than it, so that its
//! first week is "since at least".
//!
//! A tag's document: `{"schemaVersion":1,"kind":"tag","name":…,"cloud":…,"first":DATE,
//! "last":DATE,"sinceAtLeast":bool,"current":bool,"lastChanged":DATE|null,"weeks":[{"date":…,
//! "dateIs":…,"week":{"changeNumber":…,"changeNumbers":…,"contentHash":…},"status":STATUS,
//! "prefixesAdded":n,"prefixesRemoved":n,"tag":null|{"changeNumber":…,"prefixesV4":n,
//! "prefixesV6":n,"addressesV4":"…","addressesV6":"…"}}]}`, every week, oldest first; STATUS is one
//! of [`Status`].
//!
//! A document of addresses: `{"schemaVersion":1,"kind":"address|block|range","query":…,"cloud":…,
//! "weeks":{"count":n,"first":DATE,"last":DATE},"tags":[{"tag":…,"region":…,SEEN,"prefixes":
//! [{"prefix":…,"relation":"covers|inside|overlaps",SEEN}]}]}` with SEEN as `"first":DATE,
//! "last":DATE,"sinceAtLeast":bool,"current":bool,"gaps":[{"from":DATE,"to":DATE}]`; `notes` says
//! what was changed while reading the query. Tags and prefixes come in the order of a lookup.

mod addresses;
mod record;
mod summary;
mod tag;
mod union;

use std::ops::Range;

use jiff::civil::Date;

use crate::azure::{DateKind, Name, Numbers, marked_date};
use crate::index::{Chronicle, ChronicleError, Contents, WeekEntry, WeekSet};
use crate::query::lookup::{Query, QueryError, Subject};
use crate::query::names::names_of_chronicle;
use crate::text::Safe;

pub use addresses::{AddressHistory, AddressTable, PrefixSeen, TagSeen, of_span, since};
pub use record::{AddressHistoryRecord, TagHistoryRecord};
pub use summary::{HistorySummary, TagSummary};
pub use tag::{TagHistory, TagState, TagTable, TagWeek, TagWeekStatus, of_tag};

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HistoryAnswer {
    /// The history of a tag.
    Tag(TagHistory),
    /// The history of addresses.
    Addresses(AddressHistory),
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HistoryError {
    /// The text is meant as an address and is none.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// No week has a tag of that name.
    #[error("no tag \"{name}\" in any available week; {hint}")]
    Tag {
        /// What was typed.
        name: Safe,
        /// The nearest names, or where to find them.
        hint: String,
    },
    /// A tag of the platform, which has no published addresses.
    #[error("{sentence}")]
    Platform {
        /// What it is.
        sentence: String,
    },
    /// The weeks cannot be read.
    #[error("the available weeks cannot be read")]
    Chronicle(#[from] ChronicleError),
}

/// The history of what a text names: a tag of any week, else an address, a CIDR or a range.
///
/// # Errors
/// [`HistoryError`] says what the text is not.
pub fn ask(text: &str, chronicle: &Chronicle) -> Result<HistoryAnswer, HistoryError> {
    if let Some(found) = of_tag(text.trim(), chronicle)? {
        return Ok(HistoryAnswer::Tag(found));
    }
    let query = match Query::parse(text, chronicle.cloud()) {
        Ok(query) => query,
        // A word that is nothing else was meant as a tag.
        Err(QueryError::Nothing { .. }) => return Err(unknown(text, chronicle)),
        Err(error) => return Err(error.into()),
    };
    match query.subject {
        Subject::Host(..) => Err(unknown(text, chronicle)),
        Subject::Span(kind, span) => {
            let mut found = of_span(kind, span, chronicle)?;
            found.query = query.text;
            found.notes = query.notes;
            Ok(HistoryAnswer::Addresses(found))
        }
    }
}

fn unknown(text: &str, chronicle: &Chronicle) -> HistoryError {
    let contents = match chronicle.contents() {
        Ok(contents) => contents,
        Err(error) => return error.into(),
    };
    let names = names_of_chronicle(&contents, chronicle.cloud(), None);
    if let Name::Platform(tag) = names.resolve(text) {
        return HistoryError::Platform {
            sentence: tag.sentence(text),
        };
    }
    HistoryError::Tag {
        name: Safe::new(text.trim()),
        hint: names.near(text).hint(),
    }
}

/// The weeks that count, oldest first, and where they stand in the chronicle.
#[derive(Debug, Clone, PartialEq, Eq)]
struct CountedWeeks {
    places: Vec<usize>,
    weeks: Vec<WeekEntry>,
}

impl CountedWeeks {
    fn of(chronicle: &Chronicle) -> Self {
        let rank = |entry: &WeekEntry| match entry.numbers {
            Numbers::Published => 2,
            Numbers::Derived => 1,
            Numbers::Absent => 0,
        };
        let entries: Vec<(usize, &WeekEntry)> = chronicle.entries().iter().enumerate().collect();
        let best = entries
            .chunk_by(|a, b| a.1.date == b.1.date)
            .filter_map(|contents| {
                let key = |&&(_, entry): &&(usize, &WeekEntry)| (rank(entry), entry.change_number);
                contents.iter().max_by_key(key)
            });
        let (places, weeks) = best.map(|&(place, entry)| (place, entry.clone())).unzip();
        Self { places, weeks }
    }

    /// The week sets of a chronicle with the counted weeks alone.
    fn week_sets(&self, contents: &Contents<'_>) -> Vec<WeekSet> {
        let week_sets = contents.week_sets.iter();
        if self.places.iter().enumerate().all(|(a, &b)| a == b) {
            return week_sets.cloned().collect();
        }
        week_sets
            .map(|week_set| week_set.among(&self.places))
            .collect()
    }
}

/// When something was seen, by places among the counted weeks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    weeks: WeekSet,
    count: usize,
}

impl Seen {
    const fn new(weeks: WeekSet, count: usize) -> Self {
        Self { weeks, count }
    }

    /// The first week.
    #[must_use]
    pub fn first(&self) -> Option<usize> {
        self.weeks.first()
    }

    /// The last week.
    #[must_use]
    pub fn last(&self) -> Option<usize> {
        self.weeks.last()
    }

    /// Whether it is in the oldest week at hand, and so may be older.
    #[must_use]
    pub fn is_since_at_least(&self) -> bool {
        self.weeks.contains(0)
    }

    /// Whether it is in the newest week at hand.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.last().is_some_and(|last| last + 1 == self.count)
    }

    /// Whether it was there in a week.
    #[must_use]
    pub fn is_in(&self, week: usize) -> bool {
        self.weeks.contains(week)
    }

    /// The weeks between its first and its last in which it was gone.
    pub fn gaps(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let ends = self.weeks.runs().map(|run| run.end);
        let starts = self.weeks.runs().skip(1).map(|run| run.start);
        ends.zip(starts).map(|(end, start)| end..start)
    }

    /// The first week of the unbroken run up to now; `None` when it is not there now.
    #[must_use]
    pub fn current_since(&self) -> Option<usize> {
        let last = self.weeks.runs().last()?;
        (last.end == self.count).then_some(last.start)
    }
}

/// Since when something has been there without a break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Since {
    /// The date of the first week.
    pub date: Option<Date>,
    /// Where the date is from.
    pub date_is: DateKind,
    /// True when that is the oldest week at hand: it may be older.
    pub is_at_least: bool,
}

/// The date of a week, or that it has none.
fn date(weeks: &[WeekEntry], place: usize) -> String {
    let none = || marked_date(None::<Date>, DateKind::Published);
    weeks.get(place).map_or_else(none, WeekEntry::marked)
}

/// Runs of weeks as a text: `2026-07-13, 2026-08-03 to 2026-08-24`.
fn gap_text(weeks: &[WeekEntry], seen: &Seen) -> String {
    let gaps = seen.gaps().map(|gap| {
        let (first, last) = (date(weeks, gap.start), date(weeks, gap.end - 1));
        if first == last {
            first
        } else {
            format!("{first} to {last}")
        }
    });
    gaps.collect::<Vec<_>>().join(", ")
}
