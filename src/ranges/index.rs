//! Blocks by address. CIDRs nest or are apart, so each knows the next wider one that holds it, and a
//! search is one step down and a few up.

use crate::space::{Block, Family, Span};

/// Blocks with the places of their tags.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct BlockIndex {
    /// Of IPv4 and of IPv6: by first address, of one address the wider first.
    families: [Vec<Entry>; 2],
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    block: Block,
    /// The narrowest other block that holds it.
    above: Option<usize>,
    /// Its tags, the narrower first.
    tags: Vec<usize>,
}

impl BlockIndex {
    /// Builds the index over rows of a block and the place of a tag.
    pub(super) fn new(rows: &[(Block, usize)], tags: usize) -> Self {
        let mut rows_of = vec![0usize; tags];
        for (_, tag) in rows {
            if let Some(count) = rows_of.get_mut(*tag) {
                *count += 1;
            }
        }
        let breadth = |tag: &usize| rows_of.get(*tag).copied().unwrap_or_default();
        let mut sorted = rows.to_vec();
        sorted.sort_by_key(|(block, tag)| {
            (
                block.family(),
                block.first(),
                block.length(),
                breadth(tag),
                *tag,
            )
        });
        sorted.dedup();
        let mut index = Self::default();
        for (block, tag) in sorted {
            let entries = index.of_mut(block.family());
            if let Some(last) = entries.last_mut().filter(|last| last.block == block) {
                last.tags.push(tag);
                continue;
            }
            // The one before, or one that holds it.
            let mut above = entries.len().checked_sub(1);
            while let Some(entry) = above.and_then(|place| entries.get(place)) {
                if entry.block.last() >= block.last() {
                    break;
                }
                above = entry.above;
            }
            let tags = vec![tag];
            entries.push(Entry { block, above, tags });
        }
        index
    }

    /// Every block that meets a span with each of its tags, the narrowest first.
    pub(super) fn meeting(&self, span: Span) -> Vec<(Block, usize)> {
        let entries = self.of(span.family());
        let from = entries.partition_point(|entry| entry.block.first() <= span.first());
        let to = entries.partition_point(|entry| entry.block.first() <= span.last());
        let mut found: Vec<&Entry> = entries.get(from..to).unwrap_or_default().iter().collect();
        let mut above = from.checked_sub(1);
        while let Some(entry) = above.and_then(|place| entries.get(place)) {
            if entry.block.last() >= span.first() {
                found.push(entry);
            }
            above = entry.above;
        }
        found.sort_by_key(|entry| (std::cmp::Reverse(entry.block.length()), entry.block.first()));
        let rows = found.into_iter();
        rows.flat_map(|entry| entry.tags.iter().map(|tag| (entry.block, *tag)))
            .collect()
    }

    /// The narrowest block that holds an address, by its place among those of both families.
    #[inline]
    pub(super) fn narrowest(&self, family: Family, bits: u128) -> Option<usize> {
        let entries = self.of(family);
        let before = match family {
            Family::V4 => 0,
            Family::V6 => self.of(Family::V4).len(),
        };
        let mut place = entries
            .partition_point(|entry| entry.block.first() <= bits)
            .checked_sub(1);
        while let Some(entry) = place.and_then(|place| entries.get(place)) {
            if entry.block.last() >= bits {
                break;
            }
            place = entry.above;
        }
        place.map(|place| before + place)
    }

    /// How many blocks there are.
    pub(super) fn len(&self) -> usize {
        self.families.iter().map(Vec::len).sum()
    }

    /// A block by its place with each of its tags, then those that hold it.
    pub(super) fn around(&self, place: usize) -> impl Iterator<Item = (Block, usize)> {
        let of_v4 = self.of(Family::V4);
        let (entries, own) = match place.checked_sub(of_v4.len()) {
            None => (of_v4, place),
            Some(own) => (self.of(Family::V6), own),
        };
        let next = |entry: &&Entry| entries.get(entry.above?);
        let blocks = std::iter::successors(entries.get(own), next);
        blocks.flat_map(|entry| entry.tags.iter().map(|tag| (entry.block, *tag)))
    }

    fn of(&self, family: Family) -> &[Entry] {
        let [v4, v6] = &self.families;
        match family {
            Family::V4 => v4,
            Family::V6 => v6,
        }
    }

    fn of_mut(&mut self, family: Family) -> &mut Vec<Entry> {
        let [v4, v6] = &mut self.families;
        match family {
            Family::V4 => v4,
            Family::V6 => v6,
        }
    }
}
