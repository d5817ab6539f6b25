//! A cover in sentences, and its curve as bars.

use crate::query::rules::fit::percent::proportion;
use crate::query::rules::fit::{Changes, Cover, CoverPart, FitAnswer, Percent, Point, shown};
use crate::query::rules::remote_end::named;
use crate::text::{Safe, counted};

/// Bars of a curve.
const MOST_BARS: usize = 12;

/// Tags and lists by name; the rest is counted.
pub(super) fn subject(tags: &[String], lists: &[Safe]) -> String {
    let all = tags.iter().map(String::as_str);
    named(all.chain(lists.iter().map(Safe::as_str)))
}

fn cidrs(count: usize) -> String {
    counted(count, "CIDR", "CIDRs")
}

impl FitAnswer {
    /// What was asked for, by name.
    #[must_use]
    pub fn subject(&self) -> String {
        subject(&self.tags, &self.lists)
    }

    /// A cover in a line: `Storage in 98 CIDRs (limit 100; exact with 312)`.
    #[must_use]
    pub fn headline(&self, cover: &Cover) -> String {
        format!("{} in {}", self.subject(), cover.size())
    }

    /// Why a cover is refused, and what would do.
    #[must_use]
    pub fn refusal(&self, cover: &Cover, most: Percent) -> String {
        let best: Vec<String> = cover
            .parts
            .iter()
            .filter(|part| part.share > most.share())
            .map(|part| format!("{} of {}", shown(part.share), part.family))
            .collect();
        let enough = self.fewest_within(most);
        format!(
            "within {} the fewest extra addresses are {}, more than {most}; a limit of {enough} is enough",
            cidrs(cover.limit),
            best.join(" and "),
        )
    }
}

impl Cover {
    /// Whether no family has a greater share of extra addresses than this.
    #[must_use]
    pub fn is_within(&self, most: Percent) -> bool {
        self.share() <= most.share()
    }

    /// How many CIDRs it has: `98 CIDRs (limit 100; exact with 312)`.
    #[must_use]
    pub fn size(&self) -> String {
        let used = cidrs(self.cidrs.len());
        let (limit, exact) = (self.limit, self.exact());
        if self.extra.is_empty() {
            format!("{used} without an extra address (limit {limit})")
        } else {
            format!("{used} (limit {limit}; exact fit needs {exact})")
        }
    }

    /// The price of each family and what becomes of what is in place, a sentence each.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let parts = self.parts.iter().map(CoverPart::sentence);
        let whole = self.cidrs.iter().filter(|cidr| cidr.block.length() == 0);
        let whole = whole.map(|cidr| format!("{} is every address there is", cidr.block));
        let changes = self.changes.iter().map(Changes::sentence);
        parts.chain(whole).chain(changes).collect()
    }
}

impl CoverPart {
    /// The price in a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let Self { family, exact, .. } = self;
        let (used, addresses) = (cidrs(self.cidrs), self.addresses.short());
        if self.extra.is_zero() {
            return format!("{family}: {used}, no extra address, {addresses} asked for");
        }
        format!(
            "{family}: {used}, {} extra addresses, {} the {addresses} asked for; exact fit needs {exact}",
            self.extra.short(),
            proportion(self.share),
        )
    }
}

impl Changes {
    fn sentence(&self) -> String {
        let count = self.kept.len() + self.removed.len();
        format!(
            "in place: {} of {} stay, {} to add, {} to remove",
            self.kept.len(),
            cidrs(count),
            self.added.len(),
            self.removed.len(),
        )
    }
}

/// One bar of a curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bar {
    /// What a number of CIDRs costs.
    pub point: Point,
    /// 0 to 1, by the logarithm of the share.
    pub length: f64,
    /// Whether it is the cover that is shown.
    pub is_limit: bool,
}

impl FitAnswer {
    /// Few numbers of CIDRs from the least to the exact one, ever wider apart, and the limit's.
    #[must_use]
    pub fn bars(&self, limit: usize) -> Vec<Bar> {
        let (least, exact) = (self.fitted.least(), self.fitted.exact());
        let limit = limit.clamp(least, exact);
        let mut counts = vec![limit, exact];
        let mut next = least;
        let steps = MOST_BARS - 2;
        for left in (1..=steps).rev() {
            counts.push(next);
            // The same factor between the bars that are left, and at least one CIDR.
            let factor = ratio(exact, next).powf(1.0 / ratio(left, 1));
            next = exact.min(scaled(next, factor).max(next + 1));
        }
        counts.sort_unstable();
        counts.dedup();
        let points: Vec<Point> = counts.iter().map(|&it| self.fitted.price(it)).collect();
        let size = |point: &Point| (point.share.as_f64() * 100.0).ln_1p();
        let longest = points.iter().map(size).fold(0.0, f64::max);
        let bars = points.into_iter().map(|point| Bar {
            point,
            length: if longest > 0.0 {
                size(&point) / longest
            } else {
                0.0
            },
            is_limit: point.cidrs == limit,
        });
        bars.collect()
    }
}

#[expect(clippy::cast_precision_loss, reason = "bars need few digits")]
fn ratio(one: usize, other: usize) -> f64 {
    one as f64 / other.max(1) as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "bars need few digits, and a factor is positive"
)]
fn scaled(count: usize, factor: f64) -> usize {
    (count as f64 * factor).round() as usize
}
