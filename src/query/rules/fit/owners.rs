//! Whose the extra addresses are.

use crate::azure::Rank;
use crate::index::TagRow;
use crate::query::Dataset;
use crate::space::{AddressSet, Block, Count, Family, Ranges, Span};

/// Who has some addresses.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Owners {
    /// Tags that have some of them, the greatest part of a family first; tags of all of a cloud or a
    /// region, which repeat the others, stand behind them. An address counts for each of its tags.
    pub tags: Vec<AddressOwner>,
    /// Addresses that only tags of a cloud or a region have.
    pub clouds_alone: FamilyCounts,
    /// Addresses in no tag.
    pub nobody: FamilyCounts,
}

/// A tag that has some of the addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressOwner {
    /// The tag.
    pub tag: String,
    /// Whether it is the tag of all of a cloud or of a region.
    pub is_cloud: bool,
    /// How many of them.
    pub addresses: FamilyCounts,
}

/// Numbers of addresses by family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FamilyCounts {
    /// IPv4.
    pub v4: Count,
    /// IPv6.
    pub v6: Count,
}

impl FamilyCounts {
    /// Of both families.
    #[must_use]
    pub fn sum(self) -> Count {
        self.v4 + self.v6
    }
}

impl Owners {
    /// The tags of a week that have some of `addresses`.
    #[must_use]
    pub fn of(addresses: &AddressSet, dataset: &Dataset) -> Self {
        if addresses.is_empty() {
            return Self::default();
        }
        let view = dataset.view();
        let rulers = [Family::V4, Family::V6].map(|family| Ruler::new(addresses.family(family)));
        let mut tags = Vec::new();
        for tag in view.tag_ids() {
            let [v4, v6] = [Family::V4, Family::V6].map(|family| {
                let runs = view.prefixes(tag, family).map(run);
                Ranges::from_runs(runs.collect())
            });
            let addresses = count(&rulers, &AddressSet { v4, v6 });
            if let Some(row) = view.tag(tag).filter(|_| !addresses.sum().is_zero()) {
                tags.push(AddressOwner {
                    tag: row.name.to_owned(),
                    is_cloud: is_cloud(&row),
                    addresses,
                });
            }
        }
        let all = counted(addresses);
        let part = |owner: &AddressOwner| {
            let FamilyCounts { v4, v6 } = owner.addresses;
            v4.share_of(all.v4).max(v6.share_of(all.v6))
        };
        tags.sort_by(|one, other| {
            let clouds = one.is_cloud.cmp(&other.is_cloud);
            let most = part(other).total_cmp(&part(one));
            clouds.then(most).then_with(|| one.tag.cmp(&other.tag))
        });
        let services = view
            .tag_ids()
            .filter(|&tag| !view.tag(tag).is_none_or(|row| is_cloud(&row)));
        let services = AddressSet::from_blocks(services.flat_map(|tag| view.all_prefixes(tag)));
        let whole = |family: Family| Span::new(family, 0, family.max());
        let spans = [Family::V4, Family::V6].into_iter().filter_map(whole);
        let hits = spans.flat_map(|span| view.starting_in(span));
        let free = addresses.difference(&AddressSet::from_blocks(hits.map(|hit| hit.prefix)));
        let unserved = addresses.difference(&services);
        Self {
            tags,
            clouds_alone: counted(&unserved.difference(&free)),
            nobody: counted(&free),
        }
    }
}

fn is_cloud(row: &TagRow<'_>) -> bool {
    matches!(row.rank(), Rank::Cloud | Rank::RegionalCloud)
}

fn counted(addresses: &AddressSet) -> FamilyCounts {
    FamilyCounts {
        v4: addresses.v4.count(),
        v6: addresses.v6.count(),
    }
}

fn count([v4, v6]: &[Ruler<'_>; 2], set: &AddressSet) -> FamilyCounts {
    FamilyCounts {
        v4: v4.common(&set.v4),
        v6: v6.common(&set.v6),
    }
}

const fn run(block: Block) -> (u128, u128) {
    (block.first(), block.last())
}

/// Ranges that many others are measured against.
struct Ruler<'a> {
    runs: &'a [(u128, u128)],
    /// The addresses of all runs before each; 2^128 wraps, and differences do not.
    before: Vec<u128>,
}

impl<'a> Ruler<'a> {
    fn new(ranges: &'a Ranges) -> Self {
        let runs = ranges.runs();
        let mut sum = 0_u128;
        let before = runs.iter().map(|&(first, last)| {
            let so_far = sum;
            sum = sum.wrapping_add(last - first).wrapping_add(1);
            so_far
        });
        Self {
            runs,
            before: before.collect(),
        }
    }

    fn common(&self, other: &Ranges) -> Count {
        let runs = other.runs().iter();
        runs.map(|&(first, last)| self.common_run(first, last))
            .sum()
    }

    fn common_run(&self, first: u128, last: u128) -> Count {
        let from = self.runs.partition_point(|&(_, end)| end < first);
        let to = self.runs.partition_point(|&(start, _)| start <= last);
        let Some([lowest, .., highest]) = self.runs.get(from..to) else {
            let only = self.runs.get(from).filter(|_| from < to);
            let cut = |&(start, end): &(u128, u128)| Count::of_run(start.max(first), end.min(last));
            return only.map_or(Count::ZERO, cut);
        };
        let whole = |place: usize| self.before.get(place).copied().unwrap_or(0);
        // The runs between the two ends lie within all of it.
        let between = whole(to - 1).wrapping_sub(whole(from + 1));
        Count::of_run(lowest.0.max(first), lowest.1)
            + Count::new(between)
            + Count::of_run(highest.0, highest.1.min(last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_addresses_are_counted_as_by_intersection() {
        let ranges = |runs: &[(u128, u128)]| Ranges::from_runs(runs.to_vec());
        let one = ranges(&[(0, 9), (20, 29), (40, 49), (u128::MAX - 9, u128::MAX)]);
        let ruler = Ruler::new(&one);
        for runs in [
            &[(5, 5)][..],
            &[(9, 20)],
            &[(10, 19)],
            &[(3, 44), (48, 60)],
            &[(0, u128::MAX)],
            &[(50, u128::MAX - 5)],
            &[],
        ] {
            let other = ranges(runs);
            assert_eq!(
                ruler.common(&other),
                one.intersection(&other).count(),
                "{runs:?}"
            );
        }
    }
}
