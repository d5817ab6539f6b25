//! Covers of one family, or of both under one limit.

use crate::query::rules::fit::{CoverPart, FamilyCounts};
use crate::space::{AddressSet, Block, Count, Family, FamilyFit, Share};

/// The best covers by any number of CIDRs; what a limit gives is read off without a new search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fitted(Fits);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Fits {
    One(Box<FamilyFit>),
    Both(Box<Both>),
}

/// IPv4 and IPv6, and for each limit from 2 to the exact one how many CIDRs each gets.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Both {
    fits: [FamilyFit; 2],
    divisions: Vec<[usize; 2]>,
}

/// What a number of CIDRs costs at best.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// How many CIDRs.
    pub cidrs: usize,
    /// Extra addresses.
    pub extra: FamilyCounts,
    /// The greater of the families' shares.
    pub share: Share,
}

impl Fitted {
    /// `None` when there is nothing to cover.
    #[must_use]
    pub fn new(addresses: &AddressSet, in_place: &[Block]) -> Option<Self> {
        let fit = |family| FamilyFit::new(family, addresses.family(family), in_place);
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

    fn fits(&self) -> &[FamilyFit] {
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
        self.fits().iter().map(FamilyFit::exact).sum()
    }

    /// Each family with its part of a limit; where that can be, no share is above `most`.
    fn divided(&self, limit: usize, most: Option<Share>) -> Vec<(&FamilyFit, usize)> {
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
    pub fn cover(&self, limit: usize, most: Option<Share>) -> (Vec<Block>, Vec<CoverPart>) {
        let (mut blocks, mut parts) = (Vec::new(), Vec::new());
        for (fit, limit) in self.divided(limit, most) {
            let cover = fit.cover(limit);
            parts.push(CoverPart {
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
            extra: FamilyCounts::default(),
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
    fn divide(&self, limit: usize, least: [usize; 2]) -> [usize; 2] {
        let [v4, v6] = &self.fits;
        let mut given = least;
        let mut left = limit.saturating_sub(given.iter().sum());
        for step in steps(&self.fits, least) {
            let own = step.cidrs.min(left);
            *step.slot(&mut given) += own;
            left -= own;
        }
        [v4.fewest(given[0]), v6.fewest(given[1])]
    }
}

/// The best division of every limit from 2 on.
fn divisions(fits: &[FamilyFit; 2]) -> Vec<[usize; 2]> {
    let [v4, v6] = fits;
    let mut given = [1, 1];
    let mut all = vec![given];
    for step in steps(fits, given) {
        for _ in 0..step.cidrs {
            *step.slot(&mut given) += 1;
            all.push([v4.fewest(given[0]), v6.fewest(given[1])]);
        }
    }
    all
}

/// Some more CIDRs for one family.
#[derive(Debug, Clone, Copy, PartialEq)]
struct CidrStep {
    family: Family,
    cidrs: usize,
    /// What each of them takes off the cost.
    gain: f64,
}

impl CidrStep {
    /// What the family has been given.
    const fn slot(self, [v4, v6]: &mut [usize; 2]) -> &mut usize {
        match self.family {
            Family::V4 => v4,
            Family::V6 => v6,
        }
    }
}

/// In which order the families get CIDRs, beyond the least: first where each of them takes most off
/// the cost. What comes first does not depend on the limit, so more CIDRs make no family worse.
fn steps(fits: &[FamilyFit; 2], [least4, least6]: [usize; 2]) -> Vec<CidrStep> {
    let [v4, v6] = fits;
    let mut steps = family_steps(v4, least4);
    // Extra addresses of IPv4 are rarely free ones.
    for step in &mut steps {
        step.gain *= 2.0;
    }
    steps.extend(family_steps(v6, least6));
    // The gains of a family fall, so that its steps stay in their order.
    steps.sort_by(|one, other| other.gain.total_cmp(&one.gain));
    steps
}

/// The steps of one family along the lower hull of its costs.
fn family_steps(fit: &FamilyFit, least: usize) -> Vec<CidrStep> {
    let mut hull: Vec<(usize, f64)> = Vec::new();
    for cidrs in least..=fit.exact() {
        let point = (cidrs, cost(fit, cidrs));
        while let [.., before, last] = hull.as_slice()
            && gain(*before, *last) <= gain(*before, point)
        {
            hull.pop();
        }
        hull.push(point);
    }
    let pairs = hull.iter().zip(hull.iter().skip(1));
    let steps = pairs.map(|(&from, &to)| CidrStep {
        family: fit.family(),
        cidrs: to.0 - from.0,
        gain: gain(from, to),
    });
    steps.collect()
}

/// What each CIDR between two points takes off the cost.
#[expect(clippy::cast_precision_loss, reason = "few CIDRs")]
fn gain(from: (usize, f64), to: (usize, f64)) -> f64 {
    (from.1 - to.1) / (to.0 - from.0) as f64
}

/// How far a cover is, by the logarithm of its size, on the way from the exact one (0) to a single
/// CIDR (1), squared: so that a family which is far off gets CIDRs before one that is not, unless
/// they do not help it. Rounded, so that the last bit of a logarithm decides nothing.
#[expect(clippy::cast_precision_loss, reason = "few digits matter")]
fn cost(fit: &FamilyFit, cidrs: usize) -> f64 {
    let (size, exact) = (fit.size(cidrs), fit.size(fit.exact()));
    if size == exact {
        return 0.0;
    }
    let way = |size: u128| (size as f64 / exact as f64).ln();
    let part = way(size) / way(fit.size(1)).max(f64::MIN_POSITIVE);
    (part * part * 1e9).round() / 1e9
}

/// Gives what is left of a limit to where it keeps most of what is in place.
fn spread([v4, v6]: &[FamilyFit; 2], [one, other]: [usize; 2], limit: usize) -> [usize; 2] {
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

    /// The square of where each family stands between one CIDR (1) and the exact cover (0), summed;
    /// IPv4 counts twice.
    fn cost_of(fitted: [&Fitted; 2], division: [usize; 2]) -> f64 {
        let costs = [0, 1].map(|place: usize| {
            let size = |cidrs: usize| -> f64 {
                let blocks = fitted[place].cover(cidrs, None).0;
                blocks.iter().map(|block| block.count().as_f64()).sum()
            };
            let exact = size(fitted[place].exact());
            let worst = (size(1) / exact).ln();
            let own = (size(division[place]) / exact).ln();
            if worst > 0.0 { own / worst } else { 0.0 }
        });
        2.0 * costs[0] * costs[0] + costs[1] * costs[1]
    }

    /// Two lists, and how many CIDRs each family needs.
    fn pair(texts: &[&str]) -> [Fitted; 3] {
        let all = set(texts);
        let of = |keeps: fn(&str) -> bool| {
            let own: Vec<&str> = texts.iter().copied().filter(|text| keeps(text)).collect();
            Fitted::new(&set(&own), &[]).unwrap()
        };
        [
            Fitted::new(&all, &[]).unwrap(),
            of(|text| !text.contains(':')),
            of(|text| text.contains(':')),
        ]
    }

    #[test]
    fn a_limit_is_divided_where_each_cidr_helps_most() {
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
        let [fitted, v4, v6] = pair(&texts);
        let (least, exact) = (fitted.least(), fitted.exact());
        assert_eq!((least, exact), (2, 10));
        // The best division of every limit, found by trying all.
        let best: Vec<f64> = (least..=exact)
            .map(|limit| {
                let all = (1..limit).map(|given| cost_of([&v4, &v6], [given, limit - given]));
                all.fold(f64::INFINITY, f64::min)
            })
            .collect();
        let mut before = [0, 0];
        let mut exactly = 0;
        for limit in least..=exact {
            let (cover, parts) = fitted.cover(limit, None);
            assert!(cover.len() <= limit);
            let division = [parts[0].cidrs, parts[1].cidrs];
            let own = cost_of([&v4, &v6], division);
            // Between two limits there is nothing better on the way that makes no family worse.
            let place = limit - least;
            let is_corner = (0..place).all(|low| {
                (place + 1..best.len()).all(|high| {
                    let part = |count: usize| f64::from(u32::try_from(count).unwrap());
                    let share = part(place - low) / part(high - low);
                    best[place] <= best[low] + (best[high] - best[low]) * share + 1e-9
                })
            });
            if is_corner {
                exactly += 1;
                assert!(own <= best[place] + 1e-6, "{limit}: {own} {}", best[place]);
            }
            // More CIDRs make no family worse.
            assert!(
                division[0] >= before[0] && division[1] >= before[1],
                "{limit}"
            );
            before = division;
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
            assert_eq!(both.divide(limit, [1, 1]), both.division(limit), "{limit}");
        }
        assert!(exactly >= 4, "{exactly}");
        assert!(fitted.price(exact).extra.sum().is_zero());
    }

    #[test]
    fn many_small_subnets_of_ipv6_do_not_cost_ipv4_everything() {
        let mut texts: Vec<String> = (0..60)
            .map(|it| format!("10.{}.{}.0/28", it * 4, it * 3))
            .collect();
        texts.extend((0..60).map(|it| format!("2603:{:x}:{it:x}::/126", 0x1000 + it * 16)));
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let [fitted, ..] = pair(&texts);
        let (_, parts) = fitted.cover(60, None);
        assert!(parts[0].cidrs > 20, "{parts:?}");
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
