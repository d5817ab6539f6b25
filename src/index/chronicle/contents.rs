//! What stands behind the table of weeks: tags, week sets, histories, prefixes.

use crate::index::ChronicleError;
use crate::index::chronicle::WeekSet;
use crate::index::chronicle::codec::{BlockPlace, Input, Recent};
use crate::space::{Block, Family};

/// Every tag of any week with its attributes, and in which weeks it held what.
///
/// Numbers in it come from a file: a tag, week set or history that does not exist is damage, and
/// reads as absent or as [`ChronicleError::Damaged`].
#[derive(Debug, Clone)]
pub struct Contents<'a> {
    /// The tags by name.
    pub tags: Vec<TagRuns<'a>>,
    /// Sets of weeks, by their numbers in histories.
    pub week_sets: Vec<WeekSet>,
    /// Per prefix, the tags that held it and when.
    pub histories: Histories<(u32, u32)>,
    /// The prefixes.
    rows: Input<'a>,
}

/// A tag and its attributes from week to week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagRuns<'a> {
    /// Its name.
    pub name: &'a str,
    /// From which week on which attributes hold; `None` where the tag is absent.
    pub runs: Vec<(usize, Option<Attributes<'a>>)>,
}

/// A tag's properties in a run of weeks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Attributes<'a> {
    /// As in [`crate::azure::Tag`].
    pub change_number: Option<u32>,
    /// As in [`crate::azure::Tag`].
    pub region: &'a str,
    /// As in [`crate::azure::Tag`].
    pub system_service: &'a str,
    /// Words separated by a space; `None` for null.
    pub features: Option<&'a str>,
}

impl<'a> TagRuns<'a> {
    /// The attributes in a week.
    #[must_use]
    pub fn at(&self, place: usize) -> Option<Attributes<'a>> {
        let after = self.runs.partition_point(|&(from, _)| from <= place);
        after
            .checked_sub(1)
            .and_then(|run| self.runs.get(run))
            .and_then(|&(_, run)| run)
    }

    /// The attributes that were seen last.
    #[must_use]
    pub fn latest(&self) -> Option<Attributes<'a>> {
        self.runs.iter().rev().find_map(|&(_, run)| run)
    }
}

/// A flat list of lists: what each history holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histories<T> {
    ends: Vec<usize>,
    items: Vec<T>,
}

impl<T> Default for Histories<T> {
    fn default() -> Self {
        Self {
            ends: Vec::new(),
            items: Vec::new(),
        }
    }
}

impl<T> Histories<T> {
    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The list of a history.
    #[must_use]
    pub fn of(&self, history: usize) -> Option<&[T]> {
        let end = *self.ends.get(history)?;
        let start = match history.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.items.get(start..end)
    }

    /// The lists in order.
    pub fn iter(&self) -> impl Iterator<Item = &[T]> {
        (0..self.len()).filter_map(|history| self.of(history))
    }

    /// Adds to the list that is not ended yet.
    pub(super) fn push(&mut self, item: T) {
        self.items.push(item);
    }

    /// Changes every item.
    pub(super) fn change(&mut self, change: impl FnMut(&mut T)) {
        self.items.iter_mut().for_each(change);
    }

    /// Ends a list; its number.
    pub(super) fn end(&mut self) -> usize {
        self.ends.push(self.items.len());
        self.ends.len() - 1
    }
}

impl<'a> Contents<'a> {
    pub(super) fn read(mut input: Input<'a>, weeks: usize) -> Result<Self, ChronicleError> {
        let strings = read_strings(&mut input)?;
        let count = input.size()?;
        let mut tags = Vec::with_capacity(count.min(1 << 16));
        for _ in 0..count {
            let mut runs = Vec::new();
            let name = read_runs(&mut input, &strings, |from, run| runs.push((from, run)))?;
            tags.push(TagRuns { name, runs });
        }
        let count = input.size()?;
        let mut week_sets = Vec::with_capacity(count.min(1 << 16));
        for _ in 0..count {
            let mut week_set = WeekSet::default();
            WeekSet::read(&mut input, weeks, |run| week_set.insert_run(run))?;
            week_sets.push(week_set);
        }
        let mut histories = Histories::default();
        read_histories(&mut input, |item| {
            match item {
                Some((tag, week_set)) => histories.push((tag, week_set)),
                None => {
                    histories.end();
                }
            }
            Ok(())
        })?;
        Ok(Self {
            tags,
            week_sets,
            histories,
            rows: input,
        })
    }

    /// Every prefix of any week in ascending order, with its history.
    #[must_use]
    pub fn rows(&self) -> Rows<'a> {
        Rows::new(self.rows.clone())
    }
}

pub(super) fn read_strings<'a>(input: &mut Input<'a>) -> Result<Vec<&'a str>, ChronicleError> {
    let count = input.size()?;
    (0..count).map(|_| input.text()).collect()
}

/// A tag's name; its runs are handed to `take`.
pub(super) fn read_runs<'a>(
    input: &mut Input<'a>,
    strings: &[&'a str],
    mut take: impl FnMut(usize, Option<Attributes<'a>>),
) -> Result<&'a str, ChronicleError> {
    let text = |place: usize| strings.get(place).copied().ok_or(ChronicleError::Damaged);
    let name = text(input.size()?)?;
    let mut from = 0_usize;
    for _ in 0..input.size()? {
        from = from.saturating_add(input.size()?);
        if input.size()? == 0 {
            take(from, None);
            continue;
        }
        let attributes = Attributes {
            change_number: input.optional()?,
            region: text(input.size()?)?,
            system_service: text(input.size()?)?,
            features: input.size()?.checked_sub(1).map(text).transpose()?,
        };
        take(from, Some(attributes));
    }
    Ok(name)
}

/// Hands every (tag, week set) to `take`, and `None` at the end of each history.
fn read_histories(
    input: &mut Input<'_>,
    mut take: impl FnMut(Option<(u32, u32)>) -> Result<(), ChronicleError>,
) -> Result<(), ChronicleError> {
    let small = |number: usize| u32::try_from(number).map_err(|_| ChronicleError::Damaged);
    for _ in 0..input.size()? {
        for _ in 0..input.size()? {
            let tag = small(input.size()?)?;
            take(Some((tag, small(input.size()?)?)))?;
        }
        take(None)?;
    }
    Ok(())
}

/// The tags of each history in one week.
pub(super) fn read_held(
    input: &mut Input<'_>,
    week: usize,
    weeks: usize,
) -> Result<Histories<u32>, ChronicleError> {
    let count = input.size()?;
    let mut holds = Vec::with_capacity(count.min(1 << 16));
    for _ in 0..count {
        let mut is_held = false;
        WeekSet::read(input, weeks, |run| is_held |= run.contains(&week))?;
        holds.push(is_held);
    }
    let mut histories = Histories::default();
    read_histories(input, |item| {
        match item {
            Some((tag, week_set)) => {
                let week_set = usize::try_from(week_set)
                    .ok()
                    .and_then(|week_set| holds.get(week_set));
                if *week_set.ok_or(ChronicleError::Damaged)? {
                    histories.push(tag);
                }
            }
            None => {
                histories.end();
            }
        }
        Ok(())
    })?;
    Ok(histories)
}

/// The prefixes in ascending order, each with the number of its history.
#[derive(Debug, Clone)]
pub struct Rows<'a> {
    input: Input<'a>,
    recent: Recent,
    place: BlockPlace,
    /// Rows of this family that are still to come; `None` before their number has been read.
    left: Option<usize>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(input: Input<'a>) -> Self {
        Self {
            input,
            recent: Recent::default(),
            place: BlockPlace::new(Family::V4),
            left: None,
        }
    }

    /// The next prefix.
    ///
    /// # Errors
    /// [`ChronicleError::Damaged`].
    pub fn next_row(&mut self) -> Result<Option<(Block, usize)>, ChronicleError> {
        loop {
            let left = match self.left {
                Some(left) => left,
                None => self.input.size()?,
            };
            if let Some(left) = left.checked_sub(1) {
                self.left = Some(left);
                let block = self.place.read(&mut self.input)?;
                return Ok(Some((block, self.recent.read(&mut self.input)?)));
            }
            if self.place.family() == Family::V6 {
                self.left = Some(0);
                return Ok(None);
            }
            self.place = BlockPlace::new(Family::V6);
            self.recent = Recent::default();
            self.left = None;
        }
    }
}
