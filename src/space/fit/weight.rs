//! What openings are worth, in numbers as narrow as the case allows.

use std::ops::Add;

use crate::space::fit::{CLOSED, FitStep, Node, divide, size};

/// A number for what is saved; the addresses count first, then the changes.
pub trait Weight: Copy + Ord + Default + Add<Output = Self> {}

impl<T: Copy + Ord + Default + Add<Output = T>> Weight for T {}

/// Addresses and changes that do not go into one number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Pair {
    addresses: u128,
    changes: i64,
}

impl Add for Pair {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            addresses: self.addresses.wrapping_add(other.addresses),
            changes: self.changes + other.changes,
        }
    }
}

/// How addresses and changes go into one number.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    /// The sum of all gaps.
    total: u128,
    /// Low bits that are 0 in every gap, and left out.
    zeros: u32,
    /// Bits for the changes, below the addresses; 0 where nothing is in place.
    room: u32,
}

impl Scale {
    pub fn of(nodes: &[Node], has_place: bool) -> Self {
        let (mut total, mut all) = (0_u128, 0_u128);
        for gap in nodes.iter().map(|node| gap(nodes, node)) {
            total = total.wrapping_add(gap);
            all |= gap;
        }
        let room = if has_place {
            // Changes of a cover lie between plus and minus its blocks.
            nodes.len().saturating_add(2).saturating_mul(4).ilog2() + 1
        } else {
            0
        };
        Self {
            total,
            zeros: all.trailing_zeros().min(127),
            room,
        }
    }

    /// Fills in the choices of all nodes and tells what any number of openings comes to.
    pub fn steps(self, nodes: &mut [Node]) -> Vec<FitStep> {
        let first = nodes.last().map_or(0, |root| self.change_of(root));
        let addresses = self.total >> self.zeros;
        let used = 128 - addresses.leading_zeros() + self.room;
        let saved: Vec<(u128, i64)> = if used < i64::BITS {
            let weigh = |gap: u128, changes: i64| {
                let gap = i64::try_from(gap >> self.zeros).unwrap_or(0);
                (gap << self.room) + changes
            };
            let table = solve(nodes, self, weigh);
            table.into_iter().map(|it| self.read(it.into())).collect()
        } else if used < i128::BITS {
            let weigh = |gap: u128, changes: i64| {
                let gap = i128::try_from(gap >> self.zeros).unwrap_or(0);
                (gap << self.room) + i128::from(changes)
            };
            let table = solve(nodes, self, weigh);
            table.into_iter().map(|it| self.read(it)).collect()
        } else {
            let weigh = |addresses, changes| Pair { addresses, changes };
            let table = solve(nodes, self, weigh);
            let pairs = table.into_iter();
            pairs.map(|it| (it.addresses, it.changes)).collect()
        };
        let steps = saved.into_iter().map(|(addresses, changes)| FitStep {
            extra: self.total.wrapping_sub(addresses),
            changes: first - changes,
        });
        steps.collect()
    }

    /// The addresses and the changes in a number.
    fn read(self, weight: i128) -> (u128, i64) {
        let half = (1_i128 << self.room) >> 1;
        let addresses = (weight + half) >> self.room;
        let changes = weight - (addresses << self.room);
        (
            u128::try_from(addresses).unwrap_or(0) << self.zeros,
            i64::try_from(changes).unwrap_or(0),
        )
    }

    /// Plus one for a block that has to be added, minus one for a block that stays.
    const fn change_of(self, node: &Node) -> i64 {
        match (self.room, node.is_placed) {
            (0, _) => 0,
            (_, true) => -1,
            (_, false) => 1,
        }
    }
}

/// What the opening of a node saves: its size less the sizes of its branches.
fn gap(nodes: &[Node], node: &Node) -> u128 {
    let branches = node.branches.iter().flatten();
    let branches = branches.filter_map(|&branch| nodes.get(branch));
    // A node without branches cannot be opened.
    let Some(_) = node.branches else { return 0 };
    branches.fold(size(node.block), |left, branch| {
        left.wrapping_sub(size(branch.block))
    })
}

/// Fills in the choices of all nodes; the table of the root.
fn solve<T: Weight>(nodes: &mut [Node], scale: Scale, weigh: impl Fn(u128, i64) -> T) -> Vec<T> {
    let mut tables: Vec<Vec<T>> = Vec::with_capacity(nodes.len());
    for place in 0..nodes.len() {
        let Some(node) = nodes.get(place) else { break };
        let (mut table, mut choices) = (vec![T::default()], vec![CLOSED]);
        let mut branches = node.branches;
        if let Some(pair) = &mut branches {
            let mut parts = pair.map(|branch| {
                let table = tables.get_mut(branch).map(std::mem::take);
                table.unwrap_or_default()
            });
            if let [one, other] = &parts
                && one.len() > other.len()
            {
                parts.reverse();
                pair.reverse();
            }
            let [light, heavy] = &parts;
            let more = pair.iter().filter_map(|&branch| nodes.get(branch));
            let more: i64 = more.map(|branch| scale.change_of(branch)).sum();
            let own = weigh(gap(nodes, node), scale.change_of(node) - more);
            let (best, given) = divide(light, heavy);
            open(own, &best, &given, &mut table, &mut choices);
        }
        if let Some(node) = nodes.get_mut(place) {
            node.branches = branches;
            node.choices = choices;
        }
        tables.push(table);
    }
    tables.pop().unwrap_or_default()
}

/// Adds what the openings of a node and below it come to, as long as more of them come to more.
fn open<T: Weight>(own: T, best: &[T], given: &[u32], table: &mut Vec<T>, choices: &mut Vec<u32>) {
    table.reserve_exact(best.len());
    choices.reserve_exact(best.len());
    let (mut most, mut choice) = (T::default(), CLOSED);
    for (&below, &given) in best.iter().zip(given) {
        let sum = own + below;
        if sum > most {
            (most, choice) = (sum, given);
        }
        table.push(most);
        choices.push(choice);
    }
    while let [.., one, other] = table.as_slice()
        && one == other
    {
        table.pop();
        choices.pop();
    }
    table.shrink_to_fit();
    choices.shrink_to_fit();
}
