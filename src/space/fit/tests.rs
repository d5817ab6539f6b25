use std::collections::{BTreeSet, HashMap};

use super::*;

/// A small universe: `cells` cells of `1 << scale` addresses from `first` on.
#[derive(Debug, Clone, Copy)]
struct World {
    family: Family,
    first: u128,
    scale: u8,
    /// Halvings from all cells to one.
    depth: u8,
}

impl World {
    /// The block of `1 << wide` cells that holds a cell.
    fn block(self, cell: u32, wide: u8) -> Block {
        let first = self.first + (u128::from(cell) << self.scale);
        Block::holding(self.family, first, self.family.bits() - self.scale - wide)
    }

    /// The cells of such a block as bits.
    fn mask(cell: u32, wide: u8) -> u32 {
        let ones = u32::MAX >> (32 - (1_u32 << wide));
        ones << (cell >> wide << wide)
    }

    fn ranges(self, wanted: u32) -> Ranges {
        let cells = (0..32).filter(|cell| wanted >> cell & 1 == 1);
        let runs = cells.map(|cell| {
            let block = self.block(cell, 0);
            (block.first(), block.last())
        });
        Ranges::from_runs(runs.collect())
    }

    fn is_in(self, placed: &[Block], cell: u32, wide: u8) -> bool {
        placed.contains(&self.block(cell, wide))
    }
}

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        u32::try_from((mixed ^ mixed >> 31) >> 32).unwrap()
    }

    fn below(&mut self, bound: u32) -> u32 {
        self.next() % bound
    }

    /// Sparse, dense, or in clusters.
    fn wanted(&mut self, depth: u8) -> u32 {
        let all = World::mask(0, depth);
        let raw = match self.below(4) {
            0 => self.next() & self.next() & self.next(),
            1 => self.next() & self.next(),
            2 => self.next() | self.next(),
            _ => {
                let one = World::mask(self.below(1 << depth), 2);
                let other = World::mask(self.below(1 << depth), 1);
                one & self.next() | other | self.next() & self.next() & self.next()
            }
        };
        match raw & all {
            0 => 1 << self.below(1 << depth),
            wanted => wanted,
        }
    }

    fn world(&mut self, depths: &[u8]) -> World {
        let pick = self.below(u32::try_from(depths.len()).unwrap());
        let depth = depths[usize::try_from(pick).unwrap()];
        let bits = |text: &str| crate::space::bits(text.parse().unwrap());
        let (family, first, scale) = match self.below(8) {
            0 => (Family::V4, 0, 32 - depth),
            1 => (Family::V4, u128::from(u32::MAX) - 31, 0),
            2 => (Family::V4, bits("20.38.0.0").1, 8),
            3 => (Family::V4, bits("10.0.0.64").1, 0),
            4 => (Family::V6, 0, 128 - depth),
            5 => (Family::V6, u128::MAX - 31, 0),
            6 => (Family::V6, bits("2603:1000::").1, 64),
            _ => (Family::V6, bits("2001:db8::40").1, 0),
        };
        World {
            family,
            first,
            scale,
            depth,
        }
    }
}

/// For every number of blocks the fewest extra cells: every way to take a block around the first
/// cell that is left.
fn fewest_extra(world: World, wanted: u32) -> Vec<u32> {
    let mut best = vec![u32::MAX];
    let mut unions = BTreeSet::from([0_u32]);
    while best.last() != Some(&0) {
        let mut next = BTreeSet::new();
        let mut least = u32::MAX;
        for union in unions {
            let cell = (wanted & !union).trailing_zeros();
            for wide in 0..=world.depth {
                let more = union | World::mask(cell, wide);
                if wanted & !more == 0 {
                    least = least.min((more & !wanted).count_ones());
                } else {
                    next.insert(more);
                }
            }
        }
        unions = next;
        best.push(least.min(*best.last().unwrap()));
    }
    best
}

/// The same with the fewest changes to what is in place behind the extra cells; blocks are disjoint.
fn fewest_changes(world: World, wanted: u32, placed: &[Block], limit: usize) -> Vec<(u32, i64)> {
    let mut best = vec![(u32::MAX, 0)];
    let mut unions = HashMap::from([(0_u32, 0_i64)]);
    for _ in 0..limit {
        let mut next: HashMap<u32, i64> = HashMap::new();
        let mut least = *best.last().unwrap();
        for (union, changes) in unions {
            let cell = (wanted & !union).trailing_zeros();
            for wide in 0..=world.depth {
                let mask = World::mask(cell, wide);
                if union & mask != 0 {
                    continue;
                }
                let is_in = world.is_in(placed, cell, wide);
                let changes = changes + if is_in { -1 } else { 1 };
                let more = union | mask;
                if wanted & !more == 0 {
                    least = least.min(((more & !wanted).count_ones(), changes));
                } else {
                    let known = next.entry(more).or_insert(changes);
                    *known = changes.min(*known);
                }
            }
        }
        unions = next;
        best.push(least);
    }
    best
}

/// Ascending, disjoint, and around everything that is wanted: the extra addresses.
#[track_caller]
fn assert_covers(blocks: &[Block], ranges: &Ranges) -> u128 {
    assert!(blocks.is_sorted());
    let runs: Vec<_> = blocks.iter().map(|it| (it.first(), it.last())).collect();
    assert!(
        runs.windows(2).all(|pair| pair[0].1 < pair[1].0),
        "{blocks:?}"
    );
    let covered = Ranges::from_runs(runs);
    assert!(ranges.difference(&covered).is_empty(), "{blocks:?}");
    let extra = covered.difference(ranges).count();
    extra.to_string().parse().unwrap()
}

#[test]
fn no_cover_of_a_small_world_has_fewer_extra_addresses() {
    let mut numbers = Numbers(7);
    let mut bends = 0;
    for case in 0..12_000 {
        let world = numbers.world(&[3, 4, 4, 5]);
        let wanted = numbers.wanted(world.depth);
        let ranges = world.ranges(wanted);
        let fit = FamilyFit::new(world.family, &ranges, &[]).unwrap();
        let expected = fewest_extra(world, wanted);
        assert_eq!(
            fit.exact(),
            expected.len() - 1,
            "{case}: {world:?} {wanted:b}"
        );
        assert_eq!(fit.most(), fit.exact());
        for limit in 1..expected.len() + 2 {
            let cells = expected.get(limit).copied().unwrap_or(0);
            let extra = u128::from(cells) << world.scale;
            let what = format!("{case}: {limit} in {world:?} {wanted:b}");
            assert_eq!(fit.extra(limit), extra, "{what}");
            let blocks = fit.cover(limit);
            assert_eq!(assert_covers(&blocks, &ranges), extra, "{what}");
            let asked = u128::from(wanted.count_ones()) << world.scale;
            // Only all of IPv6 has more addresses than a number holds.
            let size = asked.checked_add(extra).filter(|&size| size > 0);
            assert_eq!(fit.size(limit), size.unwrap_or(u128::MAX), "{what}");
            let fewest = expected.iter().position(|&it| it == cells).unwrap();
            let within = fit.fewest_within(Share::new(extra, asked));
            assert_eq!(within, fewest, "{what}");
            if let Some(less) = extra.checked_sub(1) {
                let more = fit.fewest_within(Share::new(less, asked));
                assert!(more > fewest && fit.extra(more) < extra, "{what}");
            }
            assert_eq!(
                (blocks.len(), fit.fewest(limit)),
                (fewest, fewest),
                "{what}"
            );
        }
        let falls: Vec<u32> = expected[1..].windows(2).map(|it| it[0] - it[1]).collect();
        bends += usize::from(falls.windows(2).any(|pair| pair[0] < pair[1]));
    }
    // Were all curves convex, a greedy choice would pass this test too.
    assert!(bends > 1_000, "{bends}");
}

#[test]
fn what_is_in_place_stays_where_that_costs_no_address() {
    let mut numbers = Numbers(11);
    let mut kept = 0;
    for case in 0..10_000 {
        let world = numbers.world(&[3, 4]);
        let wanted = numbers.wanted(world.depth);
        let ranges = world.ranges(wanted);
        let mut placed: Vec<Block> = (0..=numbers.below(6))
            .map(|_| {
                let wide = u8::try_from(numbers.below(u32::from(world.depth))).unwrap();
                world.block(numbers.below(1 << world.depth), wide)
            })
            .collect();
        placed.push(Block::holding(world.family, 0, 0));
        placed.sort_unstable();
        placed.dedup();
        let plain = FamilyFit::new(world.family, &ranges, &[]).unwrap();
        let fit = FamilyFit::new(world.family, &ranges, &placed).unwrap();
        let most = fit.most() + 3;
        let expected = fewest_changes(world, wanted, &placed, most);
        // Above it nothing gets better, and up to it something does.
        let at = |limit: usize| expected.get(limit).copied();
        assert_eq!(at(fit.most()), at(most), "{case}: {world:?} {wanted:b}");
        if fit.most() > fit.exact() {
            assert!(
                at(fit.most() - 1) != at(most),
                "{case}: {world:?} {wanted:b}"
            );
        }
        for (limit, &(cells, changes)) in expected.iter().enumerate().skip(1) {
            let what = format!("{case}: {limit} in {world:?} {wanted:b} {placed:?}");
            assert_eq!(fit.extra(limit), u128::from(cells) << world.scale, "{what}");
            assert_eq!(fit.extra(limit), plain.extra(limit), "{what}");
            assert_eq!(fit.changes(limit), changes, "{what}");
            let blocks = fit.cover(limit);
            assert!(blocks.len() <= limit);
            assert_eq!(assert_covers(&blocks, &ranges), fit.extra(limit), "{what}");
            let stays = blocks.iter().filter(|it| placed.contains(it)).count();
            let added = i64::try_from(blocks.len() - stays).unwrap();
            assert_eq!(added - i64::try_from(stays).unwrap(), changes, "{what}");
            kept += stays;
        }
    }
    assert!(kept > 10_000, "{kept}");
}

#[test]
fn numbers_of_any_width_give_the_same_covers() {
    let world = World {
        family: Family::V6,
        first: 0,
        scale: 0,
        depth: 5,
    };
    let near = world.ranges(0b1001_0110_1000_0001_1100_0000_0010_0001);
    // With one address far away the sums go into 64 bits, into 128, into a pair; to part with it
    // is always worth most.
    for far in [1_u128 << 40, 1 << 100, u128::MAX] {
        for placed in [&[][..], &[world.block(14, 0), world.block(15, 0)]] {
            let fit = FamilyFit::new(Family::V6, &near, placed).unwrap();
            let mut runs = near.runs().to_vec();
            runs.push((far, far));
            let both = FamilyFit::new(Family::V6, &Ranges::from_runs(runs), placed).unwrap();
            assert_eq!(both.exact(), fit.exact() + 1);
            for limit in 1..fit.exact() + 3 {
                let mut cover = fit.cover(limit);
                cover.push(Block::holding(Family::V6, far, 128));
                assert_eq!(both.cover(limit + 1), cover, "{far:x} {limit}");
                assert_eq!(both.extra(limit + 1), fit.extra(limit), "{far:x} {limit}");
                let more = i64::from(!placed.is_empty());
                assert_eq!(both.changes(limit + 1), fit.changes(limit) + more);
            }
        }
    }
}

#[test]
fn whole_families_and_single_addresses_are_exact() {
    for family in [Family::V4, Family::V6] {
        let all = Ranges::from_runs(vec![(0, family.max())]);
        let fit = FamilyFit::new(family, &all, &[]).unwrap();
        assert_eq!((fit.exact(), fit.extra(1)), (1, 0));
        assert_eq!(fit.cover(9), [Block::holding(family, 0, 0)]);
        assert!(FamilyFit::new(family, &Ranges::default(), &[]).is_none());
        let ends = Ranges::from_runs(vec![(0, 0), (family.max(), family.max())]);
        let fit = FamilyFit::new(family, &ends, &[]).unwrap();
        assert_eq!((fit.extra(1), fit.extra(2)), (family.max() - 1, 0));
        assert_eq!(fit.cover(1), [Block::holding(family, 0, 0)]);
    }
}
