//! Covers of one family, or of both under one limit.

use crate::query::rules::fit::{Counts, Part};
use crate::space::{AddressSet, Block, Count, Family, Fit, Share, product};

/// The best covers by any number of CIDRs; what a limit gives is read off without a new search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fitted(Fits);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Fits {
    One(Box<Fit>),
    Both(Box<Both>),
}

/// IPv4 and IPv6, and for each limit from 2 to the exact one how many CIDRs each gets.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Both {
    fits: [Fit; 2],
    divisions: Vec<[usize; 2]>,
}

/// What a number of CIDRs costs at best.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// How many CIDRs.
    pub cidrs: usize,
    /// Extra addresses.
    pub extra: Counts,
    /// The greater of the families' shares.
    pub share: Share,
}

impl Fitted {
    /// `None` when there is nothing to cover.
    #[must_use]
    pub fn new(addresses: &AddressSet, in_place: &[Block]) -> Option<Self> {
        let fit = |family| Fit::new(family, addresses.family(family), in_place);
        Some(Self(match (fit(Family::V4), fit(Family::V6)) {
            (Some(v4), Some(v6)) => {
                let fits = [v4, v6];
                let divisions = divisions(&fits);
                Fits::Both(Box::new(Both { fits, divisions }))
            }
            (Some(fit), None) | (None, Some(fit)) => Fits::One(Box::new(fit)),
            (None, None) => return None,
        }))
    }

    /// The covers of one family alone; `None` when it has nothing.
    #[must_use]
    pub fn only(&self, family: Family) -> Option<Self> {
        let fit = self.fits().iter().find(|fit| fit.family() == family)?;
        Some(Self(Fits::One(Box::new(fit.clone()))))
    }

    fn fits(&self) -> &[Fit] {
        match &self.0 {
            Fits::One(fit) => std::slice::from_ref(fit),
            Fits::Both(both) => both.fits.as_slice(),
        }
    }

    /// The least limit: a CIDR for each family.
    #[must_use]
    pub fn least(&self) -> usize {
        self.fits().len()
    }

    /// The fewest CIDRs without an extra address.
    #[must_use]
    pub fn exact(&self) -> usize {
        self.fits().iter().map(Fit::exact).sum()
    }

    /// Each family with its part of a limit; where that can be, no share is above `most`.
    fn divided(&self, limit: usize, most: Option<Share>) -> Vec<(&Fit, usize)> {
        match &self.0 {
            Fits::One(fit) => vec![(fit, limit)],
            Fits::Both(both) => {
                let least = most.map(|most| both.fits.each_ref().map(|it| it.fewest_within(most)));
                let division = match least.filter(|[v4, v6]| v4 + v6 <= limit) {
                    Some(least) => both.divide(limit, least),
                    None => both.division(limit),
                };
                let limits = spread(&both.fits, division, limit);
                both.fits.iter().zip(limits).collect()
            }
        }
    }

    /// The CIDRs of the best cover, IPv4 first, and each family's part in it; where that can be, no
    /// family's share is above `most`.
    #[must_use]
    pub fn cover(&self, limit: usize, most: Option<Share>) -> (Vec<Block>, Vec<Part>) {
        let (mut blocks, mut parts) = (Vec::new(), Vec::new());
        for (fit, limit) in self.divided(limit, most) {
            let cover = fit.cover(limit);
            parts.push(Part {
                family: fit.family(),
                cidrs: cover.len(),
                exact: fit.exact(),
                addresses: fit.addresses(),
                extra: Count::new(fit.extra(limit)),
                share: fit.share(limit),
            });
            blocks.extend(cover);
        }
        (blocks, parts)
    }

    /// What the best cover costs.
    #[must_use]
    pub fn price(&self, limit: usize) -> Point {
        let limits = match &self.0 {
            Fits::One(_) => [limit, 0],
            Fits::Both(both) => both.division(limit),
        };
        let mut point = Point {
            cidrs: limit,
            extra: Counts::default(),
            share: Share::NONE,
        };
        for (fit, limit) in self.fits().iter().zip(limits) {
            let extra = Count::new(fit.extra(limit));
            match fit.family() {
                Family::V4 => point.extra.v4 = extra,
                Family::V6 => point.extra.v6 = extra,
            }
            point.share = point.share.max(fit.share(limit));
        }
        point
    }

    /// Every number of CIDRs that costs something else than one CIDR less, ascending; the last one
    /// is exact.
    #[must_use]
    pub fn curve(&self) -> Vec<Point> {
        let mut points: Vec<Point> = Vec::new();
        for limit in self.least()..=self.exact() {
            let point = self.price(limit);
            if points.last().is_none_or(|last| last.extra != point.extra) {
                points.push(point);
            }
        }
        points
    }

    /// The fewest CIDRs with at most this share in each family.
    #[must_use]
    pub fn fewest_within(&self, share: Share) -> usize {
        let fits = self.fits().iter();
        fits.map(|fit| fit.fewest_within(share)).sum()
    }
}

impl Both {
    fn division(&self, limit: usize) -> [usize; 2] {
        let place = limit
            .saturating_sub(2)
            .min(self.divisions.len().saturating_sub(1));
        self.divisions.get(place).copied().unwrap_or([1, 1])
    }

    /// The best division that leaves each family so many.
    fn divide(&self, limit: usize, [least4, least6]: [usize; 2]) -> [usize; 2] {
        let [v4, v6] = &self.fits;
        let highest = v4.exact().min(limit - least6).max(least4);
        let divisions = (least4..=highest).rev().map(|given| {
            let rest = limit - given;
            let size = product(v4.size(given), v6.size(rest));
            (size, [v4.fewest(given), v6.fewest(rest)])
        });
        let best = divisions.min_by_key(|&(size, _)| size);
        best.map_or([least4, least6], |(_, division)| division)
    }
}

/// The best division of every limit from 2 on: with the least product of the two covers' sizes, so
/// that a cover of twice the size weighs the same in both families.
fn divisions([v4, v6]: &[Fit; 2]) -> Vec<[usize; 2]> {
    let count = (v4.exact() + v6.exact()).saturating_sub(1);
    let mut best = vec![((u128::MAX, u128::MAX), [1, 1]); count];
    let falls6: Vec<(usize, u128)> = falls(v6).collect();
    // On equal terms IPv4 gets more of them: its extra addresses are rarely free ones.
    let mut falls4: Vec<(usize, u128)> = falls(v4).collect();
    falls4.reverse();
    for (given, size) in falls4 {
        for &(rest, other) in &falls6 {
            let size = product(size, other);
            if let Some(slot) = best.get_mut(given + rest - 2)
                && size < slot.0
            {
                *slot = (size, [given, rest]);
            }
        }
    }
    let mut before = ((u128::MAX, u128::MAX), [1, 1]);
    let divisions = best.into_iter().map(|slot| {
        if slot.0 < before.0 {
            before = slot;
        }
        before.1
    });
    divisions.collect()
}

/// The numbers of CIDRs with which a cover gets smaller, and its size then.
fn falls(fit: &Fit) -> impl Iterator<Item = (usize, u128)> {
    let mut before = None;
    let all = (1..=fit.exact()).map(|cidrs| (cidrs, fit.size(cidrs)));
    all.filter(move |&(_, size)| before.replace(size) != Some(size))
}

/// Gives what is left of a limit to where it keeps most of what is in place.
fn spread([v4, v6]: &[Fit; 2], [one, other]: [usize; 2], limit: usize) -> [usize; 2] {
    let left = limit.saturating_sub(one + other);
    let useful = v4.most().saturating_sub(one);
    let changes = |&given: &usize| v4.changes(one + given) + v6.changes(other + left - given);
    let given = (0..=left.min(useful)).min_by_key(changes).unwrap_or(0);
    [one + given, other + left - given]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(texts: &[&str]) -> AddressSet {
        AddressSet::from_blocks(texts.iter().map(|text| Block::parse(text).unwrap().0))
    }

    /// Sizes of a cover by family.
    fn sizes(blocks: &[Block]) -> [f64; 2] {
        [Family::V4, Family::V6].map(|family| {
            let own = blocks.iter().filter(|block| block.family() == family);
            own.map(|block| block.count().as_f64()).sum()
        })
    }

    #[test]
    fn no_division_of_a_limit_gives_a_smaller_product() {
        let texts = [
            "10.0.0.0/24",
            "10.0.3.0/25",
            "10.0.9.7/32",
            "10.4.0.0/16",
            "192.0.2.0/28",
            "198.51.100.8/30",
            "2001:db8::/48",
            "2001:db8:0:7::/64",
            "2001:db8:8::1/128",
            "2603:1020::/40",
            "2603:1020:900::/56",
        ];
        let all = set(&texts);
        let [v4, v6] =
            [&texts[..6], &texts[6..]].map(|texts| Fitted::new(&set(texts), &[]).unwrap());
        let fitted = Fitted::new(&all, &[]).unwrap();
        let (least, exact) = (fitted.least(), fitted.exact());
        assert_eq!((least, exact), (2, 10));
        let mut before = f64::INFINITY;
        for limit in least..=exact {
            let (cover, parts) = fitted.cover(limit, None);
            assert!(cover.len() <= limit);
            let [one, other] = sizes(&cover);
            let products = (1..limit).map(|given| {
                let one = sizes(&v4.cover(given, None).0)[0];
                one * sizes(&v6.cover(limit - given, None).0)[1]
            });
            let best = products.fold(f64::INFINITY, f64::min);
            assert!(one * other <= best * (1.0 + 1e-12), "{limit}: {cover:?}");
            assert!(one * other <= before);
            before = one * other;
            let point = fitted.price(limit);
            assert_eq!(
                point.share,
                parts.iter().map(|part| part.share).max().unwrap()
            );
            assert_eq!(
                (parts[0].extra, parts[1].extra),
                (point.extra.v4, point.extra.v6)
            );
            // Both searches for a division find the same.
            let Fits::Both(both) = &fitted.0 else {
                panic!()
            };
            let [one, other] = both.divide(limit, [1, 1]);
            assert_eq!(both.division(limit), [one, other], "{limit}");
        }
        assert!(fitted.price(exact).extra.sum().is_zero());
    }

    #[test]
    fn a_bound_on_the_shares_is_kept_wherever_the_limit_allows_it() {
        let all = set(&[
            "10.0.0.0/24",
            "10.0.3.0/25",
            "10.0.9.7/32",
            "10.4.0.0/16",
            "2001:db8::/48",
            "2001:db8:0:7::/64",
            "2001:db8:8::1/128",
            "2603:1020::/40",
        ]);
        let fitted = Fitted::new(&all, &[]).unwrap();
        for share in [
            Share::NONE,
            Share::new(1, 1000),
            Share::new(1, 4),
            Share::new(40, 1),
        ] {
            let enough = fitted.fewest_within(share);
            for limit in 2..10 {
                let (cover, parts) = fitted.cover(limit, Some(share));
                assert!(cover.len() <= limit);
                let is_kept = parts.iter().all(|part| part.share <= share);
                assert_eq!(is_kept, limit >= enough, "{limit} {share:?}");
            }
        }
    }
}
