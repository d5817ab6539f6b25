//! The weeks in which something holds: a bit a week.

use std::ops::Range;

use crate::index::ChronicleError;
use crate::index::chronicle::codec::{Input, Output};

const BITS: usize = 64;

/// A set of weeks by their places; equal sets are equal values.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WeekSet {
    /// The last word is never zero, so that a week set does not depend on the number of weeks.
    words: Vec<u64>,
}

impl WeekSet {
    /// Only this week.
    #[must_use]
    pub fn only(place: usize) -> Self {
        let mut week_set = Self::default();
        week_set.insert(place);
        week_set
    }

    /// Whether the week is among them.
    #[must_use]
    pub fn contains(&self, place: usize) -> bool {
        let word = self.words.get(place / BITS);
        word.is_some_and(|word| word >> (place % BITS) & 1 == 1)
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The earliest week.
    #[must_use]
    pub fn first(&self) -> Option<usize> {
        self.runs().next().map(|run| run.start)
    }

    /// The latest week.
    #[must_use]
    pub fn last(&self) -> Option<usize> {
        let word = self.words.last()?;
        let low = (self.words.len() - 1) * BITS;
        Some(low + usize::try_from(word.checked_ilog2()?).unwrap_or(0))
    }

    /// Adds a week.
    pub fn insert(&mut self, place: usize) {
        self.insert_run(place..place.saturating_add(1));
    }

    /// Adds the weeks from one place to another.
    pub fn insert_run(&mut self, run: Range<usize>) {
        if run.is_empty() {
            return;
        }
        let words = run.end.div_ceil(BITS);
        if self.words.len() < words {
            self.words.resize(words, 0);
        }
        for (number, word) in self.words.iter_mut().enumerate().skip(run.start / BITS) {
            let low = number * BITS;
            *word |= below(run.end.saturating_sub(low)) & !below(run.start.saturating_sub(low));
        }
    }

    /// The weeks in either.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        let (long, short) = if self.words.len() < other.words.len() {
            (other, self)
        } else {
            (self, other)
        };
        let mut words = long.words.clone();
        for (word, other) in words.iter_mut().zip(&short.words) {
            *word |= other;
        }
        Self { words }
    }

    /// The weeks in this one that are not in the other.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        let mut words = self.words.clone();
        for (word, other) in words.iter_mut().zip(&other.words) {
            *word &= !other;
        }
        Self { words }.trimmed()
    }

    /// Every week from `place` on moves one up; `place` itself is left out.
    #[must_use]
    pub fn with_gap(&self, place: usize) -> Self {
        let mut words = self.words.clone();
        words.push(0);
        let mut carry = 0;
        for (number, word) in words.iter_mut().enumerate() {
            let kept = below(place.saturating_sub(number * BITS));
            let moved = *word & !kept;
            *word = *word & kept | moved << 1 | carry;
            carry = moved >> (BITS - 1);
        }
        Self { words }.trimmed()
    }

    /// Every week above `place` moves one down, over the one at `place`.
    #[must_use]
    pub fn without_place(&self, place: usize) -> Self {
        let mut words = self.words.clone();
        let mut carry = 0;
        for (number, word) in words.iter_mut().enumerate().rev() {
            let low = number * BITS;
            let kept = below(place.saturating_sub(low));
            let moved = *word & !below(place.saturating_add(1).saturating_sub(low));
            // The lowest bit goes into the word below, which may keep all of its own.
            let out = if low > place { *word & 1 } else { 0 };
            *word = *word & kept | moved >> 1 | carry << (BITS - 1);
            carry = out;
        }
        Self { words }.trimmed()
    }

    /// The places of `places`, which ascend, that are in this week set, as places in that list.
    #[must_use]
    pub fn among(&self, places: &[usize]) -> Self {
        let mut week_set = Self::default();
        for run in self.runs() {
            let at = |end: usize| places.partition_point(|&place| place < end);
            week_set.insert_run(at(run.start)..at(run.end));
        }
        week_set
    }

    /// Runs of weeks, ascending.
    pub fn runs(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let mut from = 0;
        std::iter::from_fn(move || {
            let start = self.next(from, 0)?;
            // A week set ends with a set bit, behind which there is nothing.
            let end = self
                .next(start, u64::MAX)
                .unwrap_or(self.words.len() * BITS);
            from = end;
            Some(start..end)
        })
    }

    /// The weeks, ascending.
    pub fn places(&self) -> impl Iterator<Item = usize> + '_ {
        self.runs().flatten()
    }

    /// The first place from `from` on whose bit is not that of `skipped`.
    fn next(&self, from: usize, skipped: u64) -> Option<usize> {
        let start = from / BITS;
        let mut kept = !below(from % BITS);
        for (number, word) in self.words.iter().enumerate().skip(start) {
            let found = (word ^ skipped) & kept;
            if found != 0 {
                let bit = usize::try_from(found.trailing_zeros()).unwrap_or(0);
                return Some(number * BITS + bit);
            }
            kept = u64::MAX;
        }
        None
    }

    fn trimmed(mut self) -> Self {
        while self.words.last() == Some(&0) {
            self.words.pop();
        }
        self
    }

    /// Runs as (weeks since the end of the one before, length).
    pub(super) fn write(&self, out: &mut Output) {
        out.size(self.runs().count());
        let mut reached = 0;
        for run in self.runs() {
            out.size(run.start - reached);
            out.size(run.len());
            reached = run.end;
        }
    }

    /// Reads runs within the first `weeks` places, each handed to `take`.
    pub(super) fn read(
        input: &mut Input<'_>,
        weeks: usize,
        mut take: impl FnMut(Range<usize>),
    ) -> Result<(), ChronicleError> {
        let mut reached = 0_usize;
        for _ in 0..input.size()? {
            let start = reached.saturating_add(input.size()?);
            reached = start.saturating_add(input.size()?);
            if reached > weeks || start == reached {
                return Err(ChronicleError::Damaged);
            }
            take(start..reached);
        }
        Ok(())
    }
}

/// A word with its lowest `count` bits set.
const fn below(count: usize) -> u64 {
    if count >= BITS {
        u64::MAX
    } else {
        (1 << count) - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week_set(places: &[usize]) -> WeekSet {
        let mut week_set = WeekSet::default();
        for &place in places {
            week_set.insert(place);
        }
        week_set
    }

    #[test]
    fn runs_are_the_places_joined() {
        let places = [0, 1, 2, 5, 63, 64, 127, 128, 200];
        let found: Vec<_> = week_set(&places).runs().collect();
        assert_eq!(found, [0..3, 5..6, 63..65, 127..129, 200..201]);
        assert_eq!(week_set(&places).places().collect::<Vec<_>>(), places);
        assert_eq!(
            (week_set(&places).first(), week_set(&places).last()),
            (Some(0), Some(200))
        );
        assert_eq!(WeekSet::default().runs().count(), 0);
        assert_eq!(week_set(&[63]).runs().collect::<Vec<_>>(), vec![63..64]);
        assert_eq!(
            (WeekSet::default().first(), WeekSet::default().last()),
            (None, None)
        );
    }

    #[test]
    fn a_gap_opens_and_closes_at_every_place() {
        let places = [0, 1, 2, 5, 62, 63, 64, 65, 127, 128, 129, 190];
        for at in 0..200 {
            let moved: Vec<usize> = places.iter().map(|&p| p + usize::from(p >= at)).collect();
            let open = week_set(&places).with_gap(at);
            assert_eq!(open, week_set(&moved), "{at}");
            let mut filled = open.clone();
            filled.insert(at);
            assert_eq!(open.without_place(at), week_set(&places), "{at}");
            assert_eq!(filled.without_place(at), week_set(&places), "{at}");
        }
        assert!(WeekSet::only(70).without_place(70).is_empty());
    }

    #[test]
    fn sets_are_joined_and_taken_apart() {
        let (one, other) = (week_set(&[1, 2, 130]), week_set(&[2, 3]));
        assert_eq!(one.or(&other), week_set(&[1, 2, 3, 130]));
        assert_eq!(other.or(&one), week_set(&[1, 2, 3, 130]));
        assert_eq!(one.without(&other), week_set(&[1, 130]));
        assert_eq!(one.without(&week_set(&[130])), week_set(&[1, 2]));
        assert!(one.without(&one).is_empty());
        assert_eq!(one.among(&[2, 5, 130]), week_set(&[0, 2]));
        assert_eq!(one.among(&[1, 2, 5, 130]), week_set(&[0, 1, 3]));
        assert!(one.among(&[0, 5]).is_empty());
    }
}
