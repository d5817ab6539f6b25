//! The fewest extra addresses within so many blocks, exactly.
//!
//! The blocks of a best cover are nodes of the binary trie over the exact blocks: an exact block,
//! or a fork, the narrowest block around two of them. To open a fork, to take its two branches
//! instead, costs one block more and saves its gap: its size less the sizes of the branches. What
//! `k` openings save at most below a fork is its own gap and the best division of `k - 1` among its
//! branches: a (max, +) convolution. A gap below can exceed the gap above it, so neither is the
//! curve convex nor the greedy choice right, and every division is looked at: about `n² / 2` of
//! them for `n` exact blocks.
//!
//! With blocks in place, a second goal stands behind the first: the fewest additions to and removals
//! from them. To that end an exact block is a fork too where blocks in place lie within it.

mod weight;

use crate::space::fit::weight::{Scale, Weight};
use crate::space::{Block, Count, Family, Ranges, Share, Span, cover};

/// The covers of one family's addresses by any number of blocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FamilyFit {
    family: Family,
    /// Branches come before their fork; the root is last.
    nodes: Vec<Node>,
    /// What so many openings come to at best; never rises.
    steps: Vec<FitStep>,
    exact: usize,
    addresses: u128,
    count: Count,
    has_place: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Node {
    block: Block,
    /// Whether the block is in place already.
    is_placed: bool,
    /// The branch with fewer openings first.
    branches: Option<[usize; 2]>,
    /// For so many openings here and below, how many of them the first branch gets; [`CLOSED`]
    /// where the node itself is the block to take.
    choices: Vec<u32>,
}

/// In place of a number of openings: none, not even of the node itself.
const CLOSED: u32 = u32::MAX;

/// What a cover costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FitStep {
    extra: u128,
    /// Blocks that are not in place less blocks that are.
    changes: i64,
}

impl FamilyFit {
    /// Covers of `ranges`, with blocks of the family that are in place already; `None` when there
    /// is nothing to cover.
    #[must_use]
    pub fn new(family: Family, ranges: &Ranges, in_place: &[Block]) -> Option<Self> {
        let spans = ranges.runs().iter();
        let spans = spans.filter_map(|&(first, last)| Span::new(family, first, last));
        let exact: Vec<Block> = spans.flat_map(cover).collect();
        let mut placed: Vec<Block> = in_place.to_vec();
        placed.retain(|block| block.family() == family);
        placed.sort_unstable();
        placed.dedup();
        let mut trie = Trie {
            nodes: Vec::with_capacity(exact.len().saturating_mul(2)),
            placed: &placed,
        };
        trie.grow(&exact)?;
        let mut nodes = trie.nodes;
        let has_place = !placed.is_empty();
        let steps = Scale::of(&nodes, has_place).steps(&mut nodes);
        let sizes = exact.iter().map(|&block| size(block));
        // Only the whole of IPv6 wraps, to 0, and nothing is extra there.
        let addresses = sizes.fold(0_u128, u128::wrapping_add);
        Some(Self {
            family,
            nodes,
            steps,
            exact: exact.len(),
            addresses,
            count: ranges.count(),
            has_place,
        })
    }

    /// The family of all blocks.
    #[must_use]
    pub const fn family(&self) -> Family {
        self.family
    }

    /// The fewest blocks without an extra address.
    #[must_use]
    pub const fn exact(&self) -> usize {
        self.exact
    }

    /// A number of blocks above which nothing gets better.
    #[must_use]
    pub const fn most(&self) -> usize {
        if self.has_place && self.steps.len() > self.exact {
            self.steps.len()
        } else {
            self.exact
        }
    }

    /// How many addresses are to be covered.
    #[must_use]
    pub const fn addresses(&self) -> Count {
        self.count
    }

    /// The fewest extra addresses within `limit` blocks; a limit of 0 counts as 1.
    #[must_use]
    pub fn extra(&self, limit: usize) -> u128 {
        self.step(limit).map_or(0, |step| step.extra)
    }

    /// How many addresses the best cover within `limit` blocks has; all of IPv6 counts one less.
    #[must_use]
    pub fn size(&self, limit: usize) -> u128 {
        match self.addresses.checked_add(self.extra(limit)) {
            Some(size) if size > 0 => size,
            _ => u128::MAX,
        }
    }

    /// The extra addresses as a part of the addresses that are to be covered.
    #[must_use]
    pub fn share(&self, limit: usize) -> Share {
        Share::new(self.extra(limit), self.addresses)
    }

    /// The fewest blocks with no more extra addresses than within `limit`.
    #[must_use]
    pub fn fewest(&self, limit: usize) -> usize {
        let extra = self.extra(limit);
        self.steps.partition_point(|step| step.extra > extra) + 1
    }

    /// The fewest blocks whose share of extra addresses is at most this.
    #[must_use]
    pub fn fewest_within(&self, share: Share) -> usize {
        let exceeds = |step: &FitStep| Share::new(step.extra, self.addresses) > share;
        self.steps.partition_point(exceeds) + 1
    }

    /// Additions less blocks that stay, of the cover within `limit`.
    #[must_use]
    pub fn changes(&self, limit: usize) -> i64 {
        self.step(limit).map_or(0, |step| step.changes)
    }

    fn step(&self, limit: usize) -> Option<&FitStep> {
        let opened = limit.saturating_sub(1);
        self.steps.get(opened).or_else(|| self.steps.last())
    }

    /// A cover within `limit` blocks with the fewest extra addresses, then the fewest changes to
    /// what is in place, then the fewest blocks; ascending, and no block within another.
    #[must_use]
    pub fn cover(&self, limit: usize) -> Vec<Block> {
        let mut blocks = Vec::with_capacity(limit.min(self.most()));
        let Some(root) = self.nodes.len().checked_sub(1) else {
            return blocks;
        };
        let mut open = vec![(root, limit.saturating_sub(1))];
        while let Some((place, openings)) = open.pop() {
            let Some(node) = self.nodes.get(place) else {
                continue;
            };
            let openings = openings.min(node.choices.len().saturating_sub(1));
            let choice = node.choices.get(openings).copied().unwrap_or(CLOSED);
            match (node.branches, usize::try_from(choice)) {
                (Some([light, heavy]), Ok(given)) if choice != CLOSED => {
                    open.push((light, given));
                    open.push((heavy, openings.saturating_sub(given + 1)));
                }
                _ => blocks.push(node.block),
            }
        }
        blocks.sort_unstable();
        blocks
    }
}

/// The trie while it grows.
struct Trie<'a> {
    nodes: Vec<Node>,
    placed: &'a [Block],
}

impl Trie<'_> {
    /// The node around some exact blocks, ascending.
    fn grow(&mut self, exact: &[Block]) -> Option<usize> {
        let (first, last) = (exact.first()?, exact.last()?);
        if exact.len() == 1 {
            return Some(self.split(*first, within(*first, self.placed)).0);
        }
        let block = around(*first, *last);
        let [_, upper] = halves(block)?;
        let (below, above) =
            exact.split_at_checked(exact.partition_point(|exact| exact.first() < upper.first()))?;
        let branches = [self.grow(below)?, self.grow(above)?];
        Some(self.push(block, Some(branches)))
    }

    /// The node of an exact block, and the fewest changes that it takes: a fork only where blocks
    /// in place lie within it and more of them than gaps beside them.
    fn split(&mut self, block: Block, placed: &[Block]) -> (usize, i64) {
        let own = if placed.binary_search(&block).is_ok() {
            -1
        } else {
            1
        };
        let is_wider = placed.iter().any(|it| it.length() > block.length());
        if let Some(halves) = halves(block).filter(|_| is_wider) {
            let start = self.nodes.len();
            let halves = halves.map(|half| self.split(half, within(half, placed)));
            let [(one, first), (other, second)] = halves;
            if first + second < own {
                return (self.push(block, Some([one, other])), first + second);
            }
            self.nodes.truncate(start);
        }
        (self.push(block, None), own)
    }

    fn push(&mut self, block: Block, branches: Option<[usize; 2]>) -> usize {
        self.nodes.push(Node {
            block,
            is_placed: self.placed.binary_search(&block).is_ok(),
            branches,
            choices: Vec::new(),
        });
        self.nodes.len() - 1
    }
}

/// The sorted blocks that begin in a block.
fn within(block: Block, placed: &[Block]) -> &[Block] {
    let from = placed.partition_point(|it| it.first() < block.first());
    let to = placed.partition_point(|it| it.first() <= block.last());
    placed.get(from..to).unwrap_or(&[])
}

/// The narrowest block around two.
fn around(first: Block, last: Block) -> Block {
    let common = (first.first() ^ last.last()).leading_zeros();
    let family = first.family();
    let unused = 128 - u32::from(family.bits());
    let length = u8::try_from(common.saturating_sub(unused)).unwrap_or(0);
    Block::holding(family, first.first(), length)
}

/// The halves of a block; `None` for a single address.
fn halves(block: Block) -> Option<[Block; 2]> {
    let family = block.family();
    let length = block.length() + 1;
    let bit = u32::from(family.bits().checked_sub(length)?);
    let upper = block.first() | 1_u128.checked_shl(bit)?;
    Some([block.first(), upper].map(|first| Block::holding(family, first, length)))
}

/// Addresses of a block; 2^128 wraps to 0.
fn size(block: Block) -> u128 {
    (block.last() - block.first()).wrapping_add(1)
}

/// What `openings` below two branches come to at best, and how many of them the first one gets.
fn divide<T: Weight>(light: &[T], heavy: &[T]) -> (Vec<T>, Vec<u32>) {
    let most = (light.len() + heavy.len()).saturating_sub(1);
    let mut best = vec![T::default(); most];
    let mut choices = vec![0_u32; most];
    let mut before = None;
    for ((given, &one), place) in (0..).zip(light).zip(0_usize..) {
        // One opening more that comes to no more is in no best division.
        if before == Some(one) {
            continue;
        }
        before = Some(one);
        let slots = best.iter_mut().zip(&mut choices).skip(place);
        for ((best, choice), &other) in slots.zip(heavy) {
            let sum = one + other;
            if sum > *best {
                *best = sum;
                *choice = given;
            }
        }
    }
    (best, choices)
}

#[cfg(test)]
mod tests;
