//! Lists of tags and answers, each kept once and numbered in the order of their first use.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::index::layout::NONE;
use crate::index::writer::{id, slot};

const MIXER: u64 = 0x9e37_79b9_7f4a_7c15;

/// Interned lists of tags.
#[derive(Default)]
pub struct Sets {
    /// A set or [`NONE`] at each slot; a power of two of slots, at most half of them taken.
    slots: Vec<u32>,
    /// First tag of each set, and the end of the last.
    pub starts: Vec<u32>,
    /// The sets' tags, one set after the other.
    pub tags: Vec<u32>,
}

impl Sets {
    /// The number of a list of tags.
    pub fn intern(&mut self, tags: &[u32]) -> u32 {
        if self.starts.is_empty() {
            self.starts.push(0);
        }
        if self.starts.len() * 2 > self.slots.len() {
            self.grow();
        }
        let place = self.find(tags);
        let number = id(self.starts.len() - 1);
        match self.slots.get_mut(place) {
            Some(set) if *set == NONE => *set = number,
            Some(set) => return *set,
            None => return 0,
        }
        self.tags.extend_from_slice(tags);
        self.starts.push(id(self.tags.len()));
        number
    }

    /// The slot that holds the list, else the free one where it belongs.
    fn find(&self, tags: &[u32]) -> usize {
        let mask = self.slots.len() - 1;
        let mixed = tags.iter().fold(0_u64, |hash, &tag| {
            (hash.rotate_left(5) ^ u64::from(tag)).wrapping_mul(MIXER)
        });
        let mut place = usize::try_from(mixed >> 32).unwrap_or(0) & mask;
        while let Some(&set) = self.slots.get(place)
            && set != NONE
            && self.get(set) != tags
        {
            place = (place + 1) & mask;
        }
        place
    }

    fn get(&self, set: u32) -> &[u32] {
        let bound = |place: usize| self.starts.get(place).copied().map(slot);
        bound(slot(set))
            .zip(bound(slot(set) + 1))
            .and_then(|(from, to)| self.tags.get(from..to))
            .unwrap_or(&[])
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(1 << 13);
        self.slots.clear();
        self.slots.resize(size, NONE);
        for set in 0..id(self.starts.len() - 1) {
            let place = self.find(self.get(set));
            if let Some(free) = self.slots.get_mut(place) {
                *free = set;
            }
        }
    }
}

/// Interned answers; node 0 is "in no tag".
pub struct Nodes {
    known: HashMap<u64, u32, Quick>,
    pub parent: Vec<u32>,
    pub set: Vec<u32>,
    pub length: Vec<u8>,
}

impl Nodes {
    pub fn new() -> Self {
        Self {
            known: HashMap::default(),
            parent: vec![0],
            set: vec![0],
            length: vec![0],
        }
    }

    /// Makes room for as many answers more.
    pub fn reserve(&mut self, more: usize) {
        self.known.reserve(more);
    }

    pub fn intern(&mut self, parent: u32, set: u32, length: u8) -> u32 {
        // At most 8 million sets: 24 bits.
        let key = u64::from(parent) << 32 | u64::from(set) << 8 | u64::from(length);
        let next = id(self.parent.len());
        let node = *self.known.entry(key).or_insert(next);
        if node == next {
            self.parent.push(parent);
            self.set.push(set);
            self.length.push(length);
        }
        node
    }
}

/// A hasher for keys that are already numbers.
#[derive(Default, Clone, Copy)]
struct NumberHasher(u64);

type Quick = BuildHasherDefault<NumberHasher>;

impl Hasher for NumberHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        let mixed = (self.0 ^ number).wrapping_mul(MIXER);
        self.0 = mixed ^ (mixed >> 29);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_keeps_its_number_while_the_table_grows() {
        let mut sets = Sets::default();
        let lists: Vec<Vec<u32>> = (0..9_000)
            .map(|n| (n % 3..=n % 7 + 3).chain([n]).collect())
            .collect();
        for _ in 0..2 {
            for (number, list) in (0..).zip(&lists) {
                assert_eq!(sets.intern(list), number);
            }
        }
        assert_eq!(sets.get(8_999), lists[8_999].as_slice());
    }
}
