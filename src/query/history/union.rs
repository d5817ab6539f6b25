//! How many addresses a tag has in each week, from one walk over all its prefixes.
//!
//! Blocks nest or are disjoint: what a block adds to a week is all of it, unless a block around
//! it is in the tag in that week too.

use std::collections::HashMap;

use crate::index::Mask;
use crate::space::{Block, Count, Family};

/// Addresses per week; blocks come in ascending order.
pub struct Union<'a> {
    masks: &'a [Mask],
    /// Masks that are none of a chronicle's, behind them in number.
    made: Vec<Mask>,
    known: HashMap<Mask, usize>,
    /// Per pair of masks the weeks of either and the weeks of the second alone.
    pairs: HashMap<(usize, usize), (usize, usize)>,
    /// The blocks around the place that has been reached, and the weeks in which it is covered.
    around: Vec<(Block, usize)>,
    /// Addresses per mask and family.
    sums: HashMap<usize, [Count; 2]>,
}

impl<'a> Union<'a> {
    pub fn new(masks: &'a [Mask]) -> Self {
        Self {
            masks,
            made: Vec::new(),
            known: HashMap::new(),
            pairs: HashMap::new(),
            around: Vec::new(),
            sums: HashMap::new(),
        }
    }

    /// Adds a block that the tag has in the weeks of a mask.
    pub fn add(&mut self, block: Block, mask: usize) {
        while let Some(&(outer, covered)) = self.around.last() {
            if outer.contains(block.span()) {
                let (either, alone) = self.pair(covered, mask);
                self.count(block, alone);
                self.around.push((block, either));
                return;
            }
            self.around.pop();
        }
        self.count(block, mask);
        self.around.push((block, mask));
    }

    /// Addresses per week and family.
    pub fn finish(self, weeks: usize) -> Vec<[Count; 2]> {
        let mut totals = vec![[Count::ZERO; 2]; weeks];
        for (&mask, sums) in &self.sums {
            for place in self.mask(mask).iter().flat_map(|mask| mask.places()) {
                if let Some(total) = totals.get_mut(place) {
                    total[0] += sums[0];
                    total[1] += sums[1];
                }
            }
        }
        totals
    }

    fn count(&mut self, block: Block, mask: usize) {
        let [v4, v6] = self.sums.entry(mask).or_default();
        match block.family() {
            Family::V4 => *v4 += block.count(),
            Family::V6 => *v6 += block.count(),
        }
    }

    fn mask(&self, number: usize) -> Option<&Mask> {
        match number.checked_sub(self.masks.len()) {
            None => self.masks.get(number),
            Some(made) => self.made.get(made),
        }
    }

    fn pair(&mut self, covered: usize, mask: usize) -> (usize, usize) {
        if let Some(&known) = self.pairs.get(&(covered, mask)) {
            return known;
        }
        let empty = Mask::default();
        let (one, other) = (
            self.mask(covered).unwrap_or(&empty),
            self.mask(mask).unwrap_or(&empty),
        );
        let (either, alone) = (one.or(other), other.without(one));
        let found = (self.number(either), self.number(alone));
        self.pairs.insert((covered, mask), found);
        found
    }

    fn number(&mut self, mask: Mask) -> usize {
        let (next, made) = (self.masks.len() + self.made.len(), &mut self.made);
        *self.known.entry(mask).or_insert_with_key(|mask| {
            made.push(mask.clone());
            next
        })
    }
}
