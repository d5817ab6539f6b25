//! Which tag a list of addresses equals.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::azure::{Rank, WeekDate};
use crate::query::Dataset;
use crate::query::rules::LoadedFile;
use crate::query::rules::impact::Stated;
use crate::query::rules::impact::list::{EntryList, lists};
use crate::query::rules::impact::older::OlderWeeks;
use crate::query::rules::impact::week::{FAMILIES, ImpactWeek, is_cloud, shared};
use crate::space::{AddressSet, Count, Family, Span};

/// The least part of a list and of a tag that must be in both.
const LEAST: f64 = 0.9;
/// Entries of a list for which older weeks are opened: a single one is hardly a tag's.
const FEWEST: usize = 2;

/// A tag that a list equals.
pub struct EqualTag<'w> {
    pub tag: &'w str,
    pub addresses: Cow<'w, AddressSet>,
    pub week: Option<WeekDate>,
    pub share: f64,
    rank: Rank,
}

impl EqualTag<'_> {
    /// Better first: a tag that is no roll-up of all, then the greater share, then the narrower.
    fn order(&self, other: &Self) -> Ordering {
        let cloud = is_cloud(self.rank).cmp(&is_cloud(other.rank));
        cloud
            .then(other.share.total_cmp(&self.share))
            .then(self.rank.cmp(&other.rank))
            .then_with(|| self.tag.cmp(other.tag))
    }

    /// Better than one of an earlier week.
    fn is_better(&self, other: &Self) -> bool {
        let cloud = is_cloud(self.rank).cmp(&is_cloud(other.rank));
        cloud.then(other.share.total_cmp(&self.share)) == Ordering::Less
    }

    /// Whether no other week can have a better one.
    pub fn is_whole(&self) -> bool {
        self.share >= 1.0 && !is_cloud(self.rank)
    }
}

/// The best tag of some weeks, then of older ones; on equal terms the earlier of them.
pub fn infer<'w>(
    list: &EntryList<'_>,
    weeks: [&'w ImpactWeek<'w>; 2],
    older: Option<&'w OlderWeeks<'w>>,
) -> Option<EqualTag<'w>> {
    let size = ListSize::of(list)?;
    let mut best: Option<EqualTag<'w>> = None;
    let mut take = |found: Option<EqualTag<'w>>| {
        let is_better = match (&best, &found) {
            (Some(best), Some(found)) => found.is_better(best),
            (best, _) => best.is_none(),
        };
        if is_better {
            best = found;
        }
        best.as_ref().is_some_and(EqualTag::is_whole)
    };
    for week in weeks {
        if take(size.in_week(week)) {
            return best;
        }
    }
    let Some(older) = older else {
        return best;
    };
    for (date, likes) in older.like(&list.addresses, size.family, LEAST) {
        let found = likes.into_iter().filter_map(|like| {
            let share = size.share(&like.addresses)?;
            Some(EqualTag {
                tag: like.tag,
                addresses: Cow::Owned(AddressSet::clone(&like.addresses)),
                week: date,
                share,
                rank: Rank::of(like.tag, like.attributes.region),
            })
        });
        if take(found.min_by(EqualTag::order)) {
            break;
        }
    }
    best
}

/// How many addresses a list has, in the families that are compared.
struct ListSize<'l> {
    addresses: &'l AddressSet,
    counts: [Count; 2],
    /// The first family that has any.
    family: Family,
}

impl<'l> ListSize<'l> {
    fn of(list: &'l EntryList<'_>) -> Option<Self> {
        let counts = FAMILIES.map(|family| {
            let own = list.addresses.family(family);
            if list.has(family) {
                own.count()
            } else {
                Count::ZERO
            }
        });
        let mut families = FAMILIES.into_iter().zip(counts);
        let (family, _) = families.find(|(_, count)| !count.is_zero())?;
        Some(Self {
            addresses: &list.addresses,
            counts,
            family,
        })
    }

    /// The part of the list and of a tag that is in both; `None` for one that is too small.
    fn share(&self, tag: &AddressSet) -> Option<f64> {
        let shares = FAMILIES
            .into_iter()
            .zip(self.counts)
            .map(|(family, count)| {
                if count.is_zero() {
                    return 1.0;
                }
                let other = tag.family(family);
                let common = shared(self.addresses.family(family), other);
                common.share_of(count.max(other.count()))
            });
        let share = shares.fold(1.0, f64::min);
        (share >= LEAST).then_some(share)
    }

    fn in_week<'w>(&self, week: &'w ImpactWeek<'w>) -> Option<EqualTag<'w>> {
        let near = week.holding(self.first_runs());
        let found = near.into_iter().filter_map(|tag| {
            let addresses = week.set(tag);
            Some(EqualTag {
                tag: week.name(tag),
                share: self.share(addresses)?,
                addresses: Cow::Borrowed(addresses),
                week: week.dated(),
                rank: week.rank(tag),
            })
        });
        found.min_by(EqualTag::order)
    }

    /// Runs with more addresses than a tag may lack: it holds a part of at least one of them.
    fn first_runs(&self) -> impl Iterator<Item = Span> {
        let runs = self.addresses.family(self.family).runs().iter();
        let all = self.addresses.family(self.family).count().as_f64();
        let mut passed = 0.0;
        runs.take_while(move |&&(first, last)| {
            let is_needed = passed <= all * (1.0 - LEAST + 0.01);
            passed += Count::of_run(first, last).as_f64();
            is_needed
        })
        .filter_map(|&(first, last)| Span::new(self.family, first, last))
    }
}

/// Whether older weeks could tell what a list stands for: it has several entries that mostly are
/// some tag's, and equals none of either week wholly.
#[must_use]
pub fn wants_older(
    files: &[LoadedFile],
    base: &Dataset,
    target: &Dataset,
    stated: &[Stated],
) -> bool {
    let [base, target] = &[base, target].map(ImpactWeek::new);
    let sets = files.iter().flat_map(|loaded| &loaded.file.sets);
    let mut all = sets.flat_map(|set| lists(set, stated));
    all.any(|list| {
        list.stated.is_none()
            && !list.is_of_no_tag
            && list.entries.len() >= FEWEST
            && is_mostly_azure(&list, base)
            && !infer(&list, [base, target], None).is_some_and(|found| found.is_whole())
    })
}

/// Whether half of a list's addresses are in some tag.
fn is_mostly_azure(list: &EntryList<'_>, week: &ImpactWeek<'_>) -> bool {
    FAMILIES.into_iter().any(|family| {
        let own = list.addresses.family(family);
        let common = shared(own, week.all().family(family));
        common.share_of(own.count()) >= 0.5
    })
}
