//! Sets of addresses as sorted, disjoint, non-touching ranges.

use crate::space::{Block, Count, Family, Span, cover};

/// Addresses of one family: sorted inclusive ranges that neither overlap nor touch.
///
/// Equal sets have equal ranges, whatever blocks they were made from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ranges {
    runs: Vec<(u128, u128)>,
}

impl Ranges {
    /// The union of inclusive runs in any order; a run with `first > last` counts as empty.
    #[must_use]
    pub fn from_runs(mut runs: Vec<(u128, u128)>) -> Self {
        runs.retain(|&(first, last)| first <= last);
        // Rows mostly come by their first address, and more is not needed below.
        if !runs.is_sorted_by_key(|&(first, _)| first) {
            runs.sort_unstable();
        }
        let mut joined: Vec<(u128, u128)> = Vec::with_capacity(runs.len());
        for (first, last) in runs {
            match joined.last_mut() {
                Some(open) if first <= open.1.saturating_add(1) => open.1 = open.1.max(last),
                _ => joined.push((first, last)),
            }
        }
        Self { runs: joined }
    }

    /// The inclusive runs, ascending.
    #[must_use]
    pub fn runs(&self) -> &[(u128, u128)] {
        &self.runs
    }

    /// Whether it holds no address.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// How many addresses it holds.
    #[must_use]
    pub fn count(&self) -> Count {
        self.runs
            .iter()
            .map(|&(first, last)| Count::of_run(first, last))
            .sum()
    }

    /// Whether `address` is in the set.
    #[must_use]
    pub fn contains(&self, address: u128) -> bool {
        let after = self.runs.partition_point(|&(first, _)| first <= address);
        after
            .checked_sub(1)
            .and_then(|index| self.runs.get(index))
            .is_some_and(|&(_, last)| address <= last)
    }

    /// Addresses in either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let mut runs = self.runs.clone();
        runs.extend_from_slice(&other.runs);
        Self::from_runs(runs)
    }

    /// Addresses in both sets.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let (mut left, mut right) = (self.runs.iter().peekable(), other.runs.iter().peekable());
        let mut runs = Vec::new();
        while let (Some(&&a), Some(&&b)) = (left.peek(), right.peek()) {
            let (first, last) = (a.0.max(b.0), a.1.min(b.1));
            if first <= last {
                runs.push((first, last));
            }
            if a.1 < b.1 {
                left.next();
            } else {
                right.next();
            }
        }
        Self { runs }
    }

    /// Addresses in this set and not in the other.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        let mut runs = Vec::new();
        let mut holes = other.runs.iter().peekable();
        for &(first, last) in &self.runs {
            let mut from = Some(first);
            while let Some(&&(hole_first, hole_last)) = holes.peek() {
                let Some(start) = from else { break };
                if hole_last < start {
                    holes.next();
                    continue;
                }
                if hole_first > last {
                    break;
                }
                if hole_first > start {
                    runs.push((start, hole_first - 1));
                }
                if hole_last >= last {
                    from = None;
                } else {
                    from = Some(hole_last + 1);
                    holes.next();
                }
            }
            if let Some(start) = from {
                runs.push((start, last));
            }
        }
        Self { runs }
    }
}

/// Addresses of both families.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddressSet {
    /// The IPv4 part.
    pub v4: Ranges,
    /// The IPv6 part.
    pub v6: Ranges,
}

impl AddressSet {
    /// The union of `blocks`.
    pub fn from_blocks(blocks: impl IntoIterator<Item = Block>) -> Self {
        Self::from_spans(blocks.into_iter().map(Block::span))
    }

    /// The union of `spans`.
    pub fn from_spans(spans: impl IntoIterator<Item = Span>) -> Self {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for span in spans {
            match span.family() {
                Family::V4 => v4.push((span.first(), span.last())),
                Family::V6 => v6.push((span.first(), span.last())),
            }
        }
        Self {
            v4: Ranges::from_runs(v4),
            v6: Ranges::from_runs(v6),
        }
    }

    /// Whether every address of a span is in the set.
    #[must_use]
    pub fn holds(&self, span: Span) -> bool {
        let runs = self.family(span.family()).runs();
        let after = runs.partition_point(|&(first, _)| first <= span.first());
        let run = after.checked_sub(1).and_then(|place| runs.get(place));
        // Runs neither overlap nor touch, so that one of them has all of it or none has.
        run.is_some_and(|&(_, last)| span.last() <= last)
    }

    /// The ranges of one family.
    #[must_use]
    pub const fn family(&self, family: Family) -> &Ranges {
        match family {
            Family::V4 => &self.v4,
            Family::V6 => &self.v6,
        }
    }

    /// Whether it holds no address.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }

    /// Addresses in either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self {
            v4: self.v4.union(&other.v4),
            v6: self.v6.union(&other.v6),
        }
    }

    /// Addresses in both sets.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self {
            v4: self.v4.intersection(&other.v4),
            v6: self.v6.intersection(&other.v6),
        }
    }

    /// Addresses in this set and not in the other.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        Self {
            v4: self.v4.difference(&other.v4),
            v6: self.v6.difference(&other.v6),
        }
    }

    /// How many addresses of both families.
    #[must_use]
    pub fn count(&self) -> Count {
        let mut all = self.v4.count();
        all += self.v6.count();
        all
    }

    /// The fewest blocks with exactly these addresses, IPv4 first, ascending.
    #[must_use]
    pub fn cover(&self) -> Vec<Block> {
        [Family::V4, Family::V6]
            .into_iter()
            .flat_map(|family| {
                self.family(family)
                    .runs()
                    .iter()
                    .map(move |&run| (family, run))
            })
            .filter_map(|(family, (first, last))| Span::new(family, first, last))
            .flat_map(cover)
            .collect()
    }
}
