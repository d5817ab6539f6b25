//! All tags over all weeks in one walk: what a list of tags shows beside each of them.

use jiff::civil::Date;

use crate::azure::{DateKind, marked_date};
use crate::index::WeekSet;
use crate::index::{Chronicle, ChronicleError};
use crate::query::history::CountedWeeks;

/// Rows per week and the last change of every tag; made once, then asked by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistorySummary {
    /// Dates of the weeks that count, oldest first.
    pub weeks: Vec<Option<Date>>,
    /// Where each date is from.
    kinds: Vec<DateKind>,
    /// How many tags differ from the week before, the first week's number being 0.
    touched: Vec<usize>,
    /// By name, in byte order.
    tags: Vec<TagSummary>,
}

/// A tag over all weeks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagSummary {
    /// Its name.
    pub name: String,
    /// The last week in which the tag came or left or its rows changed, by place; `None` when
    /// all weeks at hand are alike.
    pub last_changed: Option<usize>,
    /// Rows in each week, one more than there are; 0 for a week without the tag.
    rows: Vec<u32>,
}

impl TagSummary {
    /// Rows in each week; `None` for a week without the tag.
    #[must_use]
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Option<usize>> + '_ {
        self.rows.iter().map(|&rows| {
            let rows = rows.checked_sub(1)?;
            usize::try_from(rows).ok()
        })
    }
}

impl HistorySummary {
    /// Walks over a chronicle once.
    ///
    /// # Errors
    /// [`ChronicleError::Damaged`].
    pub fn of(chronicle: &Chronicle) -> Result<Self, ChronicleError> {
        let contents = chronicle.contents()?;
        let counted = CountedWeeks::of(chronicle);
        let week_sets = counted.week_sets(&contents);
        let count = counted.weeks.len();
        let mut tags: Vec<TagSummary> = contents
            .tags
            .iter()
            .map(|tag| TagSummary {
                name: tag.name.to_owned(),
                last_changed: None,
                rows: vec![0; count],
            })
            .collect();
        let mut changed = vec![vec![false; count]; tags.len()];
        let mut uses = vec![0_u32; contents.histories.len()];
        let mut rows = contents.rows();
        while let Some((_, history)) = rows.next_row()? {
            *uses.get_mut(history).ok_or(ChronicleError::Damaged)? += 1;
        }
        let has_rows = |(_, rows): &(_, &u32)| **rows > 0;
        for (history, &uses) in contents.histories.iter().zip(&uses).filter(has_rows) {
            for &(tag, week_set) in history {
                let place = |number: u32| usize::try_from(number).ok();
                let changed = place(tag).and_then(|tag| changed.get_mut(tag));
                let tag = place(tag).and_then(|tag| tags.get_mut(tag));
                let week_set = place(week_set).and_then(|week_set| week_sets.get(week_set));
                if let (Some(tag), Some(week_set), Some(changed)) = (tag, week_set, changed) {
                    tag.add(uses, week_set, changed);
                }
            }
        }
        let mut touched = vec![0; count];
        for ((tag, known), changed) in tags.iter_mut().zip(&contents.tags).zip(&mut changed) {
            let states: Vec<_> = counted
                .places
                .iter()
                .map(|&place| known.at(place))
                .collect();
            tag.add_up(states.iter().map(Option::is_some));
            for (change, pair) in changed.iter_mut().skip(1).zip(states.windows(2)) {
                *change |= pair.first() != pair.last();
            }
            for (count, &change) in touched.iter_mut().zip(changed.iter()) {
                *count += usize::from(change);
            }
        }
        tags.retain(|tag| tag.rows.iter().any(|&rows| rows > 0));
        Ok(Self {
            weeks: counted.weeks.iter().map(|week| week.date).collect(),
            kinds: counted.weeks.iter().map(|week| week.date_is).collect(),
            touched,
            tags,
        })
    }

    /// How many tags a week changed: came, left, other rows, properties or number; `None` for the
    /// first week at hand and for a date that no week has.
    #[must_use]
    pub fn touched(&self, date: Date) -> Option<usize> {
        let place = self.weeks.iter().position(|week| *week == Some(date))?;
        self.touched.get(place).copied().filter(|_| place > 0)
    }

    /// A tag by its published name.
    #[must_use]
    pub fn tag(&self, name: &str) -> Option<&TagSummary> {
        let place = self
            .tags
            .binary_search_by(|tag| tag.name.as_str().cmp(name));
        self.tags.get(place.ok()?)
    }

    /// The tags by name.
    #[must_use]
    pub fn tags(&self) -> &[TagSummary] {
        &self.tags
    }

    /// Rows of a tag in each week; `None` for a week without it, empty for an unknown tag.
    #[must_use]
    pub fn sparkline(&self, name: &str) -> Vec<Option<usize>> {
        self.tag(name)
            .map_or_else(Vec::new, |tag| tag.rows().collect())
    }

    /// The date of a tag's last change; `None` when all weeks at hand are alike.
    #[must_use]
    pub fn last_changed(&self, name: &str) -> Option<Date> {
        let place = self.tag(name)?.last_changed?;
        self.weeks.get(place).copied().flatten()
    }

    /// The same for a screen.
    #[must_use]
    pub fn last_changed_marked(&self, name: &str) -> Option<String> {
        self.marked(self.tag(name)?.last_changed?)
    }

    /// The date of a week for a screen, marked where it is inferred.
    #[must_use]
    pub fn marked(&self, place: usize) -> Option<String> {
        let date = self.weeks.get(place).copied().flatten()?;
        Some(marked_date(Some(date), *self.kinds.get(place)?))
    }
}

impl TagSummary {
    /// Adds rows that are there in the weeks of a week set: by how many the weeks at its ends differ
    /// from those before, since a walk over all weeks of all week sets takes ten times as long.
    fn add(&mut self, rows: u32, week_set: &WeekSet, changed: &mut [bool]) {
        let weeks = changed.len();
        for run in week_set.runs() {
            for edge in [run.start, run.end] {
                if let Some(change) = changed.get_mut(edge).filter(|_| edge > 0) {
                    *change = true;
                }
            }
            let end = Some(run.end).filter(|&end| end < weeks);
            let edge = end.or(Some(run.start).filter(|&start| start > 0));
            self.last_changed = self.last_changed.max(edge);
            if let Some(week) = self.rows.get_mut(run.start) {
                *week = week.wrapping_add(rows);
            }
            if let Some(week) = self.rows.get_mut(run.end) {
                *week = week.wrapping_sub(rows);
            }
        }
    }

    /// Sums the differences up, and enters in which weeks the tag is there.
    fn add_up(&mut self, is_there: impl Iterator<Item = bool>) {
        let mut rows = 0_u32;
        let mut before = None;
        for (place, (week, is_there)) in self.rows.iter_mut().zip(is_there).enumerate() {
            rows = rows.wrapping_add(*week);
            *week = if is_there { rows.saturating_add(1) } else { 0 };
            if before.is_some_and(|before| before != is_there) {
                self.last_changed = self.last_changed.max(Some(place));
            }
            before = Some(is_there);
        }
    }
}
