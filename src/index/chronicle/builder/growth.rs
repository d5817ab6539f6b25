//! One more week: the walk that merges it into the sorted prefixes.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::Range;

use crate::azure::Week;
use crate::index::chronicle::WeekSet;
use crate::index::chronicle::builder::{large, small};
use crate::index::chronicle::contents::Histories;
use crate::space::{Block, Family};

/// A week's prefixes in ascending order, each with its tags.
pub struct WeekRows {
    /// A prefix and where its tags end.
    blocks: Vec<(Block, usize)>,
    tags: Vec<u32>,
}

impl WeekRows {
    /// Of a week whose tags have these numbers.
    pub fn of(week: &Week, numbers: &[u32]) -> Self {
        // A number sorts several times faster than a block does.
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for (tag, &number) in week.tags.iter().zip(numbers) {
            for block in &tag.prefixes {
                let low = u64::from(block.length()) << 32 | u64::from(number);
                match block.family() {
                    Family::V4 => v4.push(block.first() << 64 | u128::from(low)),
                    Family::V6 => v6.push((block.first(), low)),
                }
            }
        }
        v4.sort_unstable();
        v6.sort_unstable();
        let mut rows = Self {
            blocks: Vec::with_capacity(v4.len().max(v6.len())),
            tags: Vec::with_capacity(v4.len() + v6.len()),
        };
        for key in v4 {
            rows.add(Family::V4, key >> 64, key);
        }
        for (first, key) in v6 {
            rows.add(Family::V6, first, u128::from(key));
        }
        rows
    }

    /// Adds a row, whose length and tag are the low bits of `key`.
    fn add(&mut self, family: Family, first: u128, key: u128) {
        let [a, b, c, d, length, ..] = key.to_le_bytes();
        let block = Block::holding(family, first, length);
        self.tags.push(u32::from_le_bytes([a, b, c, d]));
        let end = self.tags.len();
        match self.blocks.last_mut() {
            Some(last) if last.0 == block => last.1 = end,
            _ => self.blocks.push((block, end)),
        }
    }

    fn tags(&self, range: &Range<usize>) -> &[u32] {
        self.tags.get(range.clone()).unwrap_or(&[])
    }
}

/// Week sets and histories with one more week, numbered as they are first used.
pub struct Growth<'a> {
    old_masks: &'a [WeekSet],
    old_histories: &'a Histories<(u32, u32)>,
    week: &'a WeekRows,
    place: usize,
    week_sets: Vec<WeekSet>,
    histories: Histories<(u32, u32)>,
    /// Per old week set its new number without the new week and with it.
    mask_numbers: Vec<[Option<u32>; 2]>,
    /// The week set of the new week alone.
    only: Option<u32>,
    /// Per old history its new number when the week has not the prefix.
    kept: Vec<Option<u32>>,
    /// Per old history the tags that it was joined with last, and its new number. One more at
    /// the end stands for no history.
    joined: Vec<Option<(Range<usize>, u32)>>,
    /// All others that it was joined with.
    others: HashMap<(usize, &'a [u32]), u32>,
}

impl<'a> Growth<'a> {
    pub fn new(
        old_masks: &'a [WeekSet],
        old_histories: &'a Histories<(u32, u32)>,
        week: &'a WeekRows,
        place: usize,
    ) -> Self {
        Self {
            old_masks,
            old_histories,
            week,
            place,
            week_sets: Vec::with_capacity(old_masks.len()),
            histories: Histories::default(),
            mask_numbers: vec![[None; 2]; old_masks.len()],
            only: None,
            kept: vec![None; old_histories.len()],
            joined: vec![None; old_histories.len() + 1],
            others: HashMap::new(),
        }
    }

    /// All prefixes, old and new, with their new histories.
    pub fn merge(&mut self, old: &[(Block, u32)]) -> Vec<(Block, u32)> {
        let week = self.week;
        let mut merged = Vec::with_capacity(old.len().max(week.blocks.len()) + 1024);
        let (mut old, mut new) = (old.iter().peekable(), week.blocks.iter().peekable());
        let mut start = 0;
        let none = self.old_histories.len();
        loop {
            let order = match (old.peek(), new.peek()) {
                (None, None) => return merged,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(one), Some(other)) => one.0.cmp(&other.0),
            };
            let history = match order {
                Ordering::Greater => none,
                _ => old.next().map_or(none, |&(block, history)| {
                    if order == Ordering::Less {
                        merged.push((block, self.keep(large(history))));
                    }
                    large(history)
                }),
            };
            if order != Ordering::Less
                && let Some(&(block, end)) = new.next()
            {
                merged.push((block, self.join(history, start..end)));
                start = end;
            }
        }
    }

    pub fn finish(self) -> (Vec<WeekSet>, Histories<(u32, u32)>) {
        (self.week_sets, self.histories)
    }

    /// The new number of a history that the week does not add to.
    fn keep(&mut self, history: usize) -> u32 {
        if let Some(&Some(number)) = self.kept.get(history) {
            return number;
        }
        let items = self.old_histories.of(history).unwrap_or(&[]);
        for &(tag, week_set) in items {
            let week_set = self.week_set(week_set, false);
            self.histories.push((tag, week_set));
        }
        let number = small(self.histories.end());
        if let Some(slot) = self.kept.get_mut(history) {
            *slot = Some(number);
        }
        number
    }

    /// The number of a history with the week added for these tags.
    fn join(&mut self, history: usize, range: Range<usize>) -> u32 {
        let week = self.week;
        let tags = week.tags(&range);
        if let Some(Some((last, number))) = self.joined.get(history)
            && week.tags(last) == tags
        {
            return *number;
        }
        let number = match self.others.get(&(history, tags)) {
            Some(&number) => number,
            None => self.add_joined(history, tags),
        };
        self.others.insert((history, tags), number);
        if let Some(slot) = self.joined.get_mut(history) {
            *slot = Some((range, number));
        }
        number
    }

    fn add_joined(&mut self, history: usize, tags: &[u32]) -> u32 {
        let histories = self.old_histories;
        let mut old = histories.of(history).unwrap_or(&[]).iter().peekable();
        for &tag in tags {
            while let Some(&&(before, week_set)) = old.peek().filter(|item| item.0 < tag) {
                let week_set = self.week_set(week_set, false);
                self.histories.push((before, week_set));
                old.next();
            }
            let week_set = match old.next_if(|item| item.0 == tag) {
                Some(&(_, week_set)) => self.week_set(week_set, true),
                None => self.only(),
            };
            self.histories.push((tag, week_set));
        }
        for &(tag, week_set) in old {
            let week_set = self.week_set(week_set, false);
            self.histories.push((tag, week_set));
        }
        small(self.histories.end())
    }

    /// The new number of an old week set, without the new week or with it.
    fn week_set(&mut self, old: u32, has_week: bool) -> u32 {
        let week_sets = &mut self.week_sets;
        let slots = self.mask_numbers.get_mut(large(old));
        let Some(slot) = slots.and_then(|slots| slots.get_mut(usize::from(has_week))) else {
            return 0;
        };
        *slot.get_or_insert_with(|| {
            let old = self.old_masks.get(large(old));
            let mut week_set =
                old.map_or_else(WeekSet::default, |week_set| week_set.with_gap(self.place));
            if has_week {
                week_set.insert(self.place);
            }
            week_sets.push(week_set);
            small(week_sets.len() - 1)
        })
    }

    fn only(&mut self) -> u32 {
        let week_sets = &mut self.week_sets;
        *self.only.get_or_insert_with(|| {
            week_sets.push(WeekSet::only(self.place));
            small(week_sets.len() - 1)
        })
    }
}
