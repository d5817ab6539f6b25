//! Which addresses were there already, in bounded memory.

use crate::space::Family;

/// Most IPv4 addresses that are told apart.
pub const MOST_V4: usize = 1_500_000;
/// Most IPv6 addresses that are told apart.
pub const MOST_V6: usize = 375_000;
/// Slots of a table at first.
const FIRST: usize = 1 << 12;

/// The addresses so far.
#[derive(Debug)]
pub struct Seen {
    v4: Table<u32>,
    v6: Table<u128>,
    is_full: bool,
}

impl Default for Seen {
    fn default() -> Self {
        Self {
            v4: Table::new(),
            v6: Table::new(),
            is_full: false,
        }
    }
}

impl Seen {
    /// Takes an address in; whether it is new. Where there is no room for another one none is.
    #[inline]
    pub fn insert(&mut self, family: Family, bits: u128) -> bool {
        let added = match family {
            Family::V4 => {
                let bits = u32::try_from(bits).unwrap_or_default();
                self.v4.insert(bits, u64::from(bits), MOST_V4)
            }
            Family::V6 => {
                let [high, low] = [bits >> 64, bits & u128::from(u64::MAX)];
                let [high, low] = [high, low].map(|part| u64::try_from(part).unwrap_or_default());
                self.v6.insert(bits, high ^ low.rotate_left(29), MOST_V6)
            }
        };
        self.is_full |= added.is_none();
        added == Some(true)
    }

    /// Whether there were more addresses than are told apart.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.is_full
    }

    /// Every address, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (Family, u128)> {
        let v4 = self.v4.iter().map(|bits| (Family::V4, u128::from(bits)));
        v4.chain(self.v6.iter().map(|bits| (Family::V6, bits)))
    }
}

/// Open addressing; the default value marks an empty slot, and is kept beside the slots.
#[derive(Debug)]
struct Table<K> {
    slots: Vec<K>,
    count: usize,
    has_default: bool,
}

impl<K: Copy + Default + PartialEq + Into<u128>> Table<K> {
    fn new() -> Self {
        Self {
            slots: vec![K::default(); FIRST],
            count: 0,
            has_default: false,
        }
    }

    /// Whether it is new; nothing where it is and there is no room.
    #[inline]
    fn insert(&mut self, key: K, mixed: u64, most: usize) -> Option<bool> {
        if key == K::default() {
            return Some(!std::mem::replace(&mut self.has_default, true));
        }
        let place = self.find(key, mixed);
        let slot = self.slots.get_mut(place)?;
        if *slot == key {
            return Some(false);
        }
        if self.count >= most {
            return None;
        }
        *slot = key;
        self.count += 1;
        if self.count * 4 > self.slots.len() * 3 {
            self.grow();
        }
        Some(true)
    }

    /// The slot of a key, or the empty one where it goes.
    #[inline]
    fn find(&self, key: K, mixed: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut place = spread(mixed) & mask;
        while let Some(slot) = self.slots.get(place)
            && *slot != key
            && *slot != K::default()
        {
            place = (place + 1) & mask;
        }
        place
    }

    fn grow(&mut self) {
        let wider = vec![K::default(); self.slots.len() * 2];
        let keys = std::mem::replace(&mut self.slots, wider);
        for key in keys {
            if key != K::default() {
                let bits: u128 = key.into();
                let low = u64::try_from(bits & u128::from(u64::MAX)).unwrap_or_default();
                let high = u64::try_from(bits >> 64).unwrap_or_default();
                let mixed = if high == 0 && bits <= u128::from(u32::MAX) && size_of::<K>() == 4 {
                    low
                } else {
                    high ^ low.rotate_left(29)
                };
                let place = self.find(key, mixed);
                if let Some(slot) = self.slots.get_mut(place) {
                    *slot = key;
                }
            }
        }
    }

    fn iter(&self) -> impl Iterator<Item = K> {
        let kept = self
            .slots
            .iter()
            .copied()
            .filter(|key| *key != K::default());
        kept.chain(self.has_default.then(K::default))
    }
}

/// Bits that depend on all of a number.
#[inline]
const fn spread(mixed: u64) -> usize {
    let spread = mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (spread >> 24) as usize
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn it_is_a_set_up_to_its_bound() {
        let (mut seen, mut known) = (Seen::default(), HashSet::new());
        let mut bits = 1_u128;
        for step in 0..300_000_u32 {
            bits = bits
                .wrapping_mul(0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645)
                .wrapping_add(1);
            let v4 = bits >> 110;
            assert_eq!(
                seen.insert(Family::V4, v4),
                known.insert((Family::V4, v4)),
                "{step}"
            );
            let v6 = if step % 7 == 0 {
                u128::from(step % 91)
            } else {
                bits
            };
            assert_eq!(
                seen.insert(Family::V6, v6),
                known.insert((Family::V6, v6)),
                "{step}"
            );
        }
        assert!(!seen.is_full());
        assert_eq!(seen.iter().collect::<HashSet<_>>(), known);
        for v6 in 1..=MOST_V6 as u128 {
            seen.insert(Family::V6, v6 << 64);
        }
        assert!(seen.is_full() && !seen.insert(Family::V6, 1 << 100));
    }
}
