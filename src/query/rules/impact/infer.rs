//! Which tag a list of addresses equals.

use std::cmp::Ordering;

use jiff::civil::Date;

use crate::azure::Rank;
use crate::index::TagId;
use crate::query::Dataset;
use crate::query::rules::LoadedFile;
use crate::query::rules::impact::Stated;
use crate::query::rules::impact::list::{EntryList, lists};
use crate::query::rules::impact::week::{FAMILIES, ImpactWeek, is_cloud, shared};
use crate::space::{AddressSet, Count};

/// The least part of a list and of a tag that must be in both.
const LEAST: f64 = 0.9;
/// Entries of a list for which older weeks are opened: a single one is hardly a tag's.
const FEWEST: usize = 2;

/// A tag that a list equals.
pub struct EqualTag<'w> {
    pub tag: &'w str,
    pub addresses: &'w AddressSet,
    pub week: Option<Date>,
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

/// The best tag of some weeks; on equal terms the earlier of them.
pub fn infer<'w>(
    list: &EntryList<'_>,
    weeks: impl IntoIterator<Item = &'w ImpactWeek<'w>>,
) -> Option<EqualTag<'w>> {
    let mut best: Option<EqualTag<'w>> = None;
    for week in weeks {
        let found = in_week(list, week);
        let is_better = match (&best, &found) {
            (Some(best), Some(found)) => found.is_better(best),
            (best, _) => best.is_none(),
        };
        if is_better {
            best = found;
        }
        if best.as_ref().is_some_and(EqualTag::is_whole) {
            break;
        }
    }
    best
}

fn in_week<'w>(list: &EntryList<'_>, week: &'w ImpactWeek<'w>) -> Option<EqualTag<'w>> {
    let counts = FAMILIES.map(|family| {
        let own = list.addresses.family(family);
        if list.has(family) {
            own.count()
        } else {
            Count::ZERO
        }
    });
    let (family, size) = FAMILIES
        .into_iter()
        .zip(counts)
        .find(|(_, count)| !count.is_zero())
        .map(|(family, count)| (family, count.as_f64()))?;
    // A little wider than the bound itself: the share decides.
    let near = week.of_size(family, size * (LEAST - 0.01), size / (LEAST - 0.01));
    let found = |tag: TagId| {
        let addresses = week.set(tag);
        let shares = FAMILIES.into_iter().zip(counts).map(|(family, count)| {
            if count.is_zero() {
                return 1.0;
            }
            let other = addresses.family(family);
            let common = shared(list.addresses.family(family), other);
            common.share_of(count.max(other.count()))
        });
        let share = shares.fold(1.0, f64::min);
        (share >= LEAST).then(|| EqualTag {
            tag: week.name(tag),
            addresses,
            week: week.date(),
            share,
            rank: week.rank(tag),
        })
    };
    let all = near.iter().filter_map(|&(_, tag)| found(tag));
    all.min_by(EqualTag::order)
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
            && !infer(&list, [base, target]).is_some_and(|found| found.is_whole())
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
