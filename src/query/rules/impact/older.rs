//! Older weeks in which a list may be found again, all of them in one chronicle.

use jiff::civil::Date;

use crate::azure::WeekDate;
use crate::index::{Chronicle, Holders, Like, WeekEntry};
use crate::space::{AddressSet, Family};

/// Most older weeks that are looked at.
const MOST_OLDER: usize = 26;

/// The weeks before one of two that are compared.
pub struct OlderWeeks<'a> {
    holders: Holders<'a>,
    /// Their places, newest first.
    places: Vec<usize>,
}

impl<'a> OlderWeeks<'a> {
    /// The weeks of a chronicle before a date; `None` where there are none, or they cannot be read.
    pub fn new(chronicle: &'a Chronicle, before: Option<Date>) -> Option<Self> {
        let before = before?;
        let entries = chronicle.entries().iter().enumerate().rev();
        let older = entries.filter(|(_, entry)| entry.date.is_some_and(|date| date < before));
        let places: Vec<usize> = older.map(|(place, _)| place).take(MOST_OLDER).collect();
        if places.is_empty() {
            return None;
        }
        let holders = Holders::new(chronicle).ok()?;
        Some(Self { holders, places })
    }

    /// The weeks, newest first, each with the tags that may be like a list in it.
    pub fn like(
        &self,
        addresses: &AddressSet,
        family: Family,
        least: f64,
    ) -> impl Iterator<Item = (Option<WeekDate>, Vec<Like<'_>>)> {
        let all = self.holders.like(addresses, family, least, &self.places);
        let entries = self.holders.chronicle().entries();
        self.places.iter().map(move |&place| {
            let own = all.iter().filter(|like| like.week == place).cloned();
            let date = entries.get(place).and_then(WeekEntry::dated);
            (date, own.collect())
        })
    }
}
