//! A chronicle being written: weeks go in and come out at any place.
//!
//! In memory it is what the file is: sorted prefixes, each with a history; histories and week sets
//! that stand once each. A week is merged into the sorted prefixes, so that it costs one walk
//! over them however many weeks there are.

mod growth;
mod runs;

use std::collections::HashMap;

use crate::azure::{Cloud, Dialect, Week};
use crate::index::chronicle::builder::growth::{Growth, WeekRows};
use crate::index::chronicle::builder::runs::{AttributeIds, Runs, Texts};
use crate::index::chronicle::codec::{BlockPlace, Output, Recent};
use crate::index::chronicle::contents::Histories;
use crate::index::chronicle::{
    Chronicle, ChronicleError, MAGIC, MAX_WEEKS, VERSION, WeekEntry, WeekSet, write_entry,
};
use crate::space::{Block, Family};

/// Weeks of one cloud and kind, on their way into a file.
#[derive(Debug, Clone)]
pub struct ChronicleBuilder {
    cloud: Cloud,
    dialect: Dialect,
    /// By date, then root number, then hash.
    entries: Vec<WeekEntry>,
    texts: Texts,
    /// By name, in byte order.
    tags: Vec<TagBuilder>,
    week_sets: Vec<WeekSet>,
    /// (tag, week set), by tag.
    histories: Histories<(u32, u32)>,
    /// Every prefix of any week and its history, ascending.
    rows: Vec<(Block, u32)>,
}

/// A tag and its attributes from week to week.
#[derive(Debug, Clone)]
struct TagBuilder {
    name: String,
    runs: Runs,
}

/// What weeks are ordered by.
fn key(entry: &WeekEntry) -> impl Ord + use<> {
    (entry.date, entry.change_number, entry.content_hash)
}

/// A number as it stands in a history; no file has 2^32 of anything.
fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn large(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

impl ChronicleBuilder {
    /// Without a week.
    #[must_use]
    pub fn new(cloud: Cloud, dialect: Dialect) -> Self {
        Self {
            cloud,
            dialect,
            entries: Vec::new(),
            texts: Texts::default(),
            tags: Vec::new(),
            week_sets: Vec::new(),
            histories: Histories::default(),
            rows: Vec::new(),
        }
    }

    /// The weeks of a file, to be added to.
    ///
    /// # Errors
    /// [`ChronicleError::Damaged`].
    pub fn from_chronicle(chronicle: &Chronicle) -> Result<Self, ChronicleError> {
        let contents = chronicle.contents()?;
        let weeks = chronicle.entries().len();
        let mut builder = Self::new(chronicle.cloud(), chronicle.dialect());
        builder.entries = chronicle.entries().to_vec();
        let mut is_sound = builder.entries.is_sorted_by(|a, b| key(a) < key(b));
        for tag in &contents.tags {
            let mut runs = Runs::default();
            for &(from, run) in &tag.runs {
                is_sound &= from < weeks;
                let run = run.map(|run| AttributeIds {
                    change_number: run.change_number,
                    region: builder.texts.number(run.region),
                    service: builder.texts.number(run.system_service),
                    features: run.features.map(|words| builder.texts.number(words)),
                });
                is_sound &= runs.push(from, run);
            }
            builder.tags.push(TagBuilder {
                name: tag.name.to_owned(),
                runs,
            });
        }
        is_sound &= builder.tags.is_sorted_by(|a, b| a.name < b.name);
        is_sound &= contents.histories.iter().all(|history| {
            history.is_sorted_by(|a, b| a.0 < b.0)
                && history.iter().all(|&(tag, week_set)| {
                    large(tag) < contents.tags.len() && large(week_set) < contents.week_sets.len()
                })
        });
        let mut rows = contents.rows();
        while let Some((block, history)) = rows.next_row()? {
            is_sound &= history < contents.histories.len();
            is_sound &= builder.rows.last().is_none_or(|last| last.0 < block);
            builder.rows.push((block, small(history)));
        }
        builder.week_sets = contents.week_sets;
        builder.histories = contents.histories;
        is_sound.then_some(builder).ok_or(ChronicleError::Damaged)
    }

    /// The weeks, oldest first.
    #[must_use]
    pub fn entries(&self) -> &[WeekEntry] {
        &self.entries
    }

    /// Puts a week in its place by date and root number; a week with the same content under the
    /// same date and number is not put in again. Its place among [`Draft::entries`].
    ///
    /// The week's tags must be sorted by name and their prefixes sorted without repeats.
    ///
    /// # Errors
    /// [`ChronicleError::Mixed`] for another cloud or kind, [`ChronicleError::Full`].
    pub fn insert(&mut self, week: &Week) -> Result<usize, ChronicleError> {
        if (week.cloud, week.dialect) != (self.cloud, self.dialect) {
            return Err(ChronicleError::Mixed);
        }
        let entry = WeekEntry {
            date: week.date,
            date_is: week.date_is,
            change_number: week.change_number,
            numbers: week.numbers,
            content_hash: week.content_hash(),
            origin: week.origin.clone(),
            tags: week.tags.len(),
            rows: week.rows(),
        };
        let place = match self
            .entries
            .binary_search_by(|known| key(known).cmp(&key(&entry)))
        {
            Ok(known) => {
                // Where its date is from may be known only now.
                if let Some(known) = self.entries.get_mut(known) {
                    known.date_is = entry.date_is;
                }
                return Ok(known);
            }
            Err(place) => place,
        };
        if self.entries.len() >= MAX_WEEKS {
            return Err(ChronicleError::Full);
        }
        let numbers = self.name_tags(week);
        self.record_attributes(week, &numbers, place);
        let rows = WeekRows::of(week, &numbers);
        let mut growth = Growth::new(&self.week_sets, &self.histories, &rows, place);
        self.rows = growth.merge(&self.rows);
        (self.week_sets, self.histories) = growth.finish();
        self.entries.insert(place, entry);
        Ok(place)
    }

    /// Takes a week out.
    ///
    /// # Errors
    /// [`ChronicleError::NoSuchWeek`].
    pub fn remove(&mut self, place: usize) -> Result<(), ChronicleError> {
        if place >= self.entries.len() {
            return Err(ChronicleError::NoSuchWeek);
        }
        self.entries.remove(place);
        let weeks = self.entries.len();
        for tag in &mut self.tags {
            tag.runs.remove(place, weeks);
        }
        let tags = self.drop_tags();
        let week_sets = self.shorten_week_sets(place);
        let mut histories = Histories::default();
        let mut known: HashMap<Vec<(u32, u32)>, u32> = HashMap::new();
        // Per old history its new number; `None` when nothing is left of it.
        let mut places = Vec::with_capacity(self.histories.len());
        for history in self.histories.iter() {
            let kept: Vec<(u32, u32)> = history
                .iter()
                .filter_map(|&(tag, week_set)| {
                    let week_set = week_sets.get(large(week_set)).copied().flatten()?;
                    Some((tags.get(large(tag)).copied().flatten()?, week_set))
                })
                .collect();
            places.push((!kept.is_empty()).then(|| {
                *known.entry(kept).or_insert_with_key(|kept| {
                    for &item in kept {
                        histories.push(item);
                    }
                    small(histories.end())
                })
            }));
        }
        self.histories = histories;
        self.rows.retain_mut(|(_, history)| {
            let place = places.get(large(*history)).copied().flatten();
            *history = place.unwrap_or(0);
            place.is_some()
        });
        Ok(())
    }

    /// The bytes of the file.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let mut out = Output::default();
        out.size(VERSION);
        let cloud = Cloud::ALL.iter().position(|&cloud| cloud == self.cloud);
        out.size(cloud.unwrap_or(0));
        out.size(usize::from(self.dialect == Dialect::Api));
        out.size(self.entries.len());
        for entry in &self.entries {
            write_entry(&mut out, entry);
        }
        self.write_tags(&mut out);
        let histories = self.write_histories(&mut out);
        let split = self
            .rows
            .partition_point(|(block, _)| block.family() == Family::V4);
        let (v4, v6) = self.rows.split_at(split);
        for (family, rows) in [(Family::V4, v4), (Family::V6, v6)] {
            let mut recent = Recent::default();
            let mut place = BlockPlace::new(family);
            out.size(rows.len());
            for &(block, history) in rows {
                place.write(block, &mut out);
                let history = histories.get(large(history)).copied().flatten();
                recent.write(history.unwrap_or(0), &mut out);
            }
        }
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&crc32fast::hash(&out.bytes).to_le_bytes());
        bytes.append(&mut out.bytes);
        bytes
    }

    /// Enters the week's tags; per tag of the week its number here.
    fn name_tags(&mut self, week: &Week) -> Vec<u32> {
        let known = |builder: &Self, name: &str| {
            builder
                .tags
                .binary_search_by(|tag| tag.name.as_str().cmp(name))
        };
        let is_new = |name: &str| known(self, name).is_err();
        let new: Vec<TagBuilder> = week
            .tags
            .iter()
            .filter(|tag| is_new(&tag.name))
            .map(|tag| TagBuilder {
                name: tag.name.clone(),
                runs: Runs::default(),
            })
            .collect();
        if !new.is_empty() {
            let mut before = std::mem::take(&mut self.tags).into_iter().peekable();
            let mut new = new.into_iter().peekable();
            let mut places = Vec::new();
            loop {
                let takes_old = match (before.peek(), new.peek()) {
                    (None, None) => break,
                    (Some(old), Some(new)) => old.name < new.name,
                    (old, _) => old.is_some(),
                };
                if takes_old {
                    places.push(small(self.tags.len()));
                    self.tags.extend(before.next());
                } else {
                    self.tags.extend(new.next());
                }
            }
            self.histories.change(|(tag, _)| {
                *tag = places.get(large(*tag)).copied().unwrap_or(0);
            });
        }
        week.tags
            .iter()
            .map(|tag| small(known(self, &tag.name).unwrap_or(0)))
            .collect()
    }

    fn record_attributes(&mut self, week: &Week, numbers: &[u32], place: usize) {
        let weeks = self.entries.len();
        let mut current = vec![None; self.tags.len()];
        for (tag, &number) in week.tags.iter().zip(numbers) {
            let features = tag.features.as_ref();
            if let Some(slot) = current.get_mut(large(number)) {
                *slot = Some(AttributeIds {
                    change_number: tag.change_number,
                    region: self.texts.number(&tag.region),
                    service: self.texts.number(&tag.system_service),
                    features: features.map(|features| self.texts.number(features.as_str())),
                });
            }
        }
        for (tag, attributes) in self.tags.iter_mut().zip(current) {
            tag.runs.insert(place, attributes, weeks);
        }
    }

    /// Drops the tags that are in no week; the others' new numbers.
    fn drop_tags(&mut self) -> Vec<Option<u32>> {
        let mut kept = 0;
        let places = self.tags.iter().map(|tag| {
            let place = (!tag.runs.is_empty()).then(|| small(kept));
            kept += usize::from(place.is_some());
            place
        });
        let places = places.collect();
        self.tags.retain(|tag| !tag.runs.is_empty());
        places
    }

    /// Takes a week out of all week sets; the new numbers of those that are not empty.
    fn shorten_week_sets(&mut self, place: usize) -> Vec<Option<u32>> {
        let mut known: HashMap<WeekSet, u32> = HashMap::new();
        let mut week_sets = Vec::new();
        let numbers = self.week_sets.iter().map(|week_set| {
            let week_set = week_set.without_place(place);
            (!week_set.is_empty()).then(|| {
                *known.entry(week_set).or_insert_with_key(|week_set| {
                    week_sets.push(week_set.clone());
                    small(week_sets.len() - 1)
                })
            })
        });
        let numbers = numbers.collect();
        self.week_sets = week_sets;
        numbers
    }

    /// Strings in the order in which they are first used, then the tags.
    fn write_tags(&self, out: &mut Output) {
        let mut strings = Texts::default();
        let mut tags = Output::default();
        tags.size(self.tags.len());
        for tag in &self.tags {
            tags.size(large(strings.number(&tag.name)));
            tag.runs.write(&self.texts, &mut strings, &mut tags);
        }
        out.size(strings.list().len());
        for text in strings.list() {
            out.text(text);
        }
        out.bytes.append(&mut tags.bytes);
    }

    /// Week sets and histories in the order in which they are first used; the histories' numbers.
    fn write_histories(&self, out: &mut Output) -> Vec<Option<usize>> {
        let mut histories = Output::default();
        let mut history_numbers = vec![None; self.histories.len()];
        let mut mask_numbers: Vec<Option<usize>> = vec![None; self.week_sets.len()];
        let (mut history_count, mut mask_count) = (0, 0);
        let mut week_sets = Output::default();
        for &(_, history) in &self.rows {
            let Some(slot @ None) = history_numbers.get_mut(large(history)) else {
                continue;
            };
            *slot = Some(history_count);
            history_count += 1;
            let items = self.histories.of(large(history)).unwrap_or(&[]);
            histories.size(items.len());
            for &(tag, week_set) in items {
                histories.size(large(tag));
                let Some(number) = mask_numbers.get_mut(large(week_set)) else {
                    continue;
                };
                let number = *number.get_or_insert_with(|| {
                    if let Some(week_set) = self.week_sets.get(large(week_set)) {
                        week_set.write(&mut week_sets);
                    }
                    mask_count += 1;
                    mask_count - 1
                });
                histories.size(number);
            }
        }
        for (count, table) in [
            (mask_count, &mut week_sets),
            (history_count, &mut histories),
        ] {
            out.size(count);
            out.bytes.append(&mut table.bytes);
        }
        history_numbers
    }
}

/// Writes weeks of one cloud and kind, oldest first.
///
/// # Errors
/// [`ChronicleError::Mixed`] when the weeks do not belong together or are not in order.
pub fn write(weeks: &[Week]) -> Result<Vec<u8>, ChronicleError> {
    let first = weeks.first().ok_or(ChronicleError::Mixed)?;
    if !weeks.is_sorted_by_key(|week| week.date) {
        return Err(ChronicleError::Mixed);
    }
    let mut builder = ChronicleBuilder::new(first.cloud, first.dialect);
    for week in weeks {
        builder.insert(week)?;
    }
    Ok(builder.write())
}
