//! All addresses, cut where any of some sets begins or ends.

use crate::space::{AddressSet, Family, Ranges};

/// The addresses of a part are in the same of the sets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parts {
    /// Where parts begin, without the first of all.
    v4: Vec<u128>,
    v6: Vec<u128>,
}

impl Parts {
    /// Cut by the bounds of sets.
    #[must_use]
    pub fn of<'a>(sets: impl IntoIterator<Item = &'a AddressSet>) -> Self {
        let mut parts = Self::default();
        for set in sets {
            cut(&mut parts.v4, &set.v4);
            cut(&mut parts.v6, &set.v6);
        }
        for starts in [&mut parts.v4, &mut parts.v6] {
            starts.sort_unstable();
            starts.dedup();
        }
        parts
    }

    /// How many parts there are.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.v4.len() + self.v6.len() + 2
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
}

/// Adds where runs begin and where what is behind them does.
fn cut(starts: &mut Vec<u128>, ranges: &Ranges) {
    for &(first, last) in ranges.runs() {
        starts.push(first);
        starts.extend(last.checked_add(1));
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
        let v4 = (0..16).map(|low| (Family::V4, 0x0a00_0000 + low));
        let ends = [0, 1, 0xffff_fffe, 0xffff_ffff].map(|bits| (Family::V4, bits));
        let v6 = [0, 1, 2, 0xffff_u128 << 112, u128::MAX].map(|bits| (Family::V6, bits));
        for (family, bits) in v4.chain(ends).chain(v6) {
            let own = sets.each_ref().map(|set| set.family(family).contains(bits));
            let slot = &mut held[parts.place(family, bits)];
            assert_eq!(*slot.get_or_insert((family, own)), (family, own), "{bits}");
        }
    }
}
