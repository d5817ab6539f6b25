//! How many addresses a tag has in each week, from one walk over all its prefixes.
//!
//! Blocks nest or are disjoint: what a block adds to a week is all of it, unless a block around
//! it is in the tag in that week too.

use std::collections::HashMap;

use crate::index::WeekSet;
use crate::space::{Block, Count, Family};

/// Addresses per week; blocks come in ascending order.
pub struct Union<'a> {
    week_sets: &'a [WeekSet],
    /// Week sets that are none of a chronicle's, behind them in number.
    made: Vec<WeekSet>,
    known: HashMap<WeekSet, usize>,
    /// Per pair of week sets the weeks of either and the weeks of the second alone.
    pairs: HashMap<(usize, usize), (usize, usize)>,
    /// The blocks around the place that has been reached, and the weeks in which it is covered.
    around: Vec<(Block, usize)>,
    /// Addresses per week set and family.
    sums: HashMap<usize, [Count; 2]>,
}

impl<'a> Union<'a> {
    pub fn new(week_sets: &'a [WeekSet]) -> Self {
        Self {
            week_sets,
            made: Vec::new(),
            known: HashMap::new(),
            pairs: HashMap::new(),
            around: Vec::new(),
            sums: HashMap::new(),
        }
    }

    /// Adds a block that the tag has in the weeks of a week set.
    pub fn add(&mut self, block: Block, week_set: usize) {
        while let Some(&(outer, covered)) = self.around.last() {
            if outer.contains(block.span()) {
                let (either, alone) = self.pair(covered, week_set);
                self.count(block, alone);
                self.around.push((block, either));
                return;
            }
            self.around.pop();
        }
        self.count(block, week_set);
        self.around.push((block, week_set));
    }

    /// Addresses per week and family.
    pub fn finish(self, weeks: usize) -> Vec<[Count; 2]> {
        let mut totals = vec![[Count::ZERO; 2]; weeks];
        for (&week_set, sums) in &self.sums {
            for place in self
                .week_set(week_set)
                .iter()
                .flat_map(|week_set| week_set.places())
            {
                if let Some(total) = totals.get_mut(place) {
                    total[0] += sums[0];
                    total[1] += sums[1];
                }
            }
        }
        totals
    }

    fn count(&mut self, block: Block, week_set: usize) {
        let [v4, v6] = self.sums.entry(week_set).or_default();
        match block.family() {
            Family::V4 => *v4 += block.count(),
            Family::V6 => *v6 += block.count(),
        }
    }

    fn week_set(&self, number: usize) -> Option<&WeekSet> {
        match number.checked_sub(self.week_sets.len()) {
            None => self.week_sets.get(number),
            Some(made) => self.made.get(made),
        }
    }

    fn pair(&mut self, covered: usize, week_set: usize) -> (usize, usize) {
        if let Some(&known) = self.pairs.get(&(covered, week_set)) {
            return known;
        }
        let empty = WeekSet::default();
        let (one, other) = (
            self.week_set(covered).unwrap_or(&empty),
            self.week_set(week_set).unwrap_or(&empty),
        );
        let (either, alone) = (one.or(other), other.without(one));
        let found = (self.number(either), self.number(alone));
        self.pairs.insert((covered, week_set), found);
        found
    }

    fn number(&mut self, week_set: WeekSet) -> usize {
        let (next, made) = (self.week_sets.len() + self.made.len(), &mut self.made);
        *self.known.entry(week_set).or_insert_with_key(|week_set| {
            made.push(week_set.clone());
            next
        })
    }
}
