//! All addresses, cut where any of some sets begins or ends.

use std::collections::HashMap;

use crate::space::{AddressSet, Family, Ranges};

/// The addresses of a part are in the same of the sets, and those of a class too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parts {
    /// Where parts begin, without the first of all.
    v4: Vec<u128>,
    v6: Vec<u128>,
    /// Of each part, by its place.
    classes: Vec<usize>,
}

impl Parts {
    /// Cut by the bounds of sets.
    #[must_use]
    pub fn of<'a>(sets: impl IntoIterator<Item = &'a AddressSet>) -> Self {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for (place, set) in sets.into_iter().enumerate() {
            bounds(&mut v4, &set.v4, mark(place));
            bounds(&mut v6, &set.v6, mark(place));
        }
        let mut parts = Self::default();
        let mut known = HashMap::new();
        for (family, mut bounds) in [(Family::V4, v4), (Family::V6, v6)] {
            bounds.sort_unstable();
            let mut held = 0;
            parts.add_class(family, held, &mut known);
            for same in bounds.chunk_by(|one, other| one.0 == other.0) {
                let Some(&(start, _)) = same.first() else {
                    continue;
                };
                held = same.iter().fold(held, |held, (_, mark)| held ^ mark);
                match family {
                    Family::V4 => parts.v4.push(start),
                    Family::V6 => parts.v6.push(start),
                }
                parts.add_class(family, held, &mut known);
            }
        }
        parts
    }

    /// The next part is in the sets that these marks make together.
    fn add_class(
        &mut self,
        family: Family,
        held: u128,
        known: &mut HashMap<(Family, u128), usize>,
    ) {
        let next = known.len();
        self.classes
            .push(*known.entry((family, held)).or_insert(next));
    }

    /// How many parts there are.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.classes.len()
    }

    /// The first address of each part, in the order of their places.
    pub fn starts(&self) -> impl Iterator<Item = (Family, u128)> {
        let of = |family, starts: &'_ [u128]| {
            let starts = std::iter::once(0).chain(starts.to_vec());
            starts.map(move |start| (family, start))
        };
        of(Family::V4, &self.v4).chain(of(Family::V6, &self.v6))
    }

    /// The part of an address, below [`Self::count`].
    #[inline]
    #[must_use]
    pub fn place(&self, family: Family, bits: u128) -> usize {
        let (starts, before) = match family {
            Family::V4 => (&self.v4, 0),
            Family::V6 => (&self.v6, self.v4.len() + 1),
        };
        before + starts.partition_point(|&start| start <= bits)
    }

    /// The class of an address: parts in the same of the sets are of one.
    #[must_use]
    pub fn class(&self, family: Family, bits: u128) -> usize {
        let place = self.place(family, bits);
        self.classes.get(place).copied().unwrap_or(place)
    }
}

/// What stands for a set: sums of different ones are different, as good as surely.
fn mark(place: usize) -> u128 {
    // The finish of splitmix64.
    let mix = |seed: u128| {
        let mut mixed = u64::try_from(seed).unwrap_or(u64::MAX);
        mixed = mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        u128::from(mixed ^ (mixed >> 31))
    };
    let place = 2 * place as u128;
    mix(place + 1) << 64 | mix(place + 2)
}

/// Adds where runs begin and where what is behind them does.
fn bounds(all: &mut Vec<(u128, u128)>, ranges: &Ranges, mark: u128) {
    for &(first, last) in ranges.runs() {
        all.push((first, mark));
        all.extend(last.checked_add(1).map(|behind| (behind, mark)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::space::Block;

    #[test]
    fn a_part_lies_wholly_in_a_set_or_outside() {
        let set = |texts: &[&str]| {
            let blocks = texts.iter().map(|text| Block::parse(text).unwrap().0);
            AddressSet::from_blocks(blocks)
        };
        let sets = [
            set(&["10.0.0.0/30", "10.0.0.8/31", "::/127", "ffff::/16"]),
            set(&["10.0.0.2/31", "0.0.0.0/32", "255.255.255.255/32"]),
            AddressSet::default(),
        ];
        let parts = Parts::of(&sets);
        let mut held = vec![None; parts.count()];
        let mut classes = std::collections::BTreeMap::new();
        let v4 = (0..16).map(|low| (Family::V4, 0x0a00_0000 + low));
        let ends = [0, 1, 0xffff_fffe, 0xffff_ffff].map(|bits| (Family::V4, bits));
        let v6 = [0, 1, 2, 0xffff_u128 << 112, u128::MAX].map(|bits| (Family::V6, bits));
        for (family, bits) in v4.chain(ends).chain(v6) {
            let own = sets.each_ref().map(|set| set.family(family).contains(bits));
            let slot = &mut held[parts.place(family, bits)];
            assert_eq!(*slot.get_or_insert((family, own)), (family, own), "{bits}");
            let class = parts.class(family, bits);
            assert_eq!(
                *classes.entry((family, own)).or_insert(class),
                class,
                "{bits}"
            );
        }
        // One for each family and each choice of sets that occurs.
        let different: std::collections::BTreeSet<_> = classes.values().collect();
        assert_eq!(different.len(), classes.len());
    }
}
