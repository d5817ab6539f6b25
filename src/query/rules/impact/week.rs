//! A week's tags as address sets, made when they are asked for.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::azure::{DateKind, Names, Rank, WeekDate};
use crate::index::{TagId, View};
use crate::query::Dataset;
use crate::query::names::WeekNames;
use crate::space::{AddressSet, Block, Count, Family, Ranges, Span};

/// Both families, IPv4 first.
pub const FAMILIES: [Family; 2] = [Family::V4, Family::V6];

/// The tags of a week.
pub struct ImpactWeek<'a> {
    view: View<'a>,
    date: Option<Date>,
    date_is: DateKind,
    names: WeekNames<'a>,
    sets: Vec<OnceCell<AddressSet>>,
    all: OnceCell<AddressSet>,
    services: OnceCell<AddressSet>,
    none: AddressSet,
}

impl<'a> ImpactWeek<'a> {
    pub fn new(dataset: &'a Dataset) -> Self {
        let view = dataset.view();
        Self {
            view,
            date: dataset.info().date,
            date_is: dataset.info().date_is,
            names: WeekNames::new(dataset),
            sets: vec![OnceCell::new(); view.tag_count()],
            all: OnceCell::new(),
            services: OnceCell::new(),
            none: AddressSet::default(),
        }
    }

    /// The date and where it is from.
    pub fn dated(&self) -> Option<WeekDate> {
        let kind = self.date_is;
        self.date.map(|day| WeekDate { day, kind })
    }

    /// The date for a sentence, where there is one.
    pub fn said(&self) -> Option<String> {
        self.dated().map(WeekDate::said)
    }

    /// The tag of a name in any spelling.
    pub fn find(&self, name: &str) -> Option<TagId> {
        self.names.tag(name)
    }

    /// The names.
    pub fn names(&self) -> &Names {
        self.names.names()
    }

    pub fn tags(&self) -> impl Iterator<Item = TagId> + use<> {
        self.view.tag_ids()
    }

    pub fn name(&self, tag: TagId) -> &'a str {
        self.view.tag(tag).map_or("", |tag| tag.name)
    }

    pub fn rank(&self, tag: TagId) -> Rank {
        self.view.tag(tag).map_or(Rank::Cloud, |tag| tag.rank())
    }

    /// The addresses of a tag.
    pub fn set(&self, tag: TagId) -> &AddressSet {
        let made = || AddressSet::from_spans(self.view.all_prefixes(tag).map(Block::span));
        let cell = self.sets.get(tag.place());
        cell.map_or(&self.none, |cell| cell.get_or_init(made))
    }

    /// The addresses of a tag by its name; none when the week has no such tag.
    pub fn named(&self, name: &str) -> &AddressSet {
        self.find(name).map_or(&self.none, |tag| self.set(tag))
    }

    /// The addresses of all tags.
    pub fn all(&self) -> &AddressSet {
        self.all.get_or_init(|| {
            let whole = |family: Family| Span::new(family, 0, family.max());
            let spans = FAMILIES.into_iter().filter_map(whole);
            let hits = spans.flat_map(|span| self.view.starting_in(span));
            AddressSet::from_spans(hits.map(|hit| hit.prefix.span()))
        })
    }

    /// The tags that hold any address of some spans.
    pub fn holding(&self, spans: impl Iterator<Item = Span>) -> BTreeSet<TagId> {
        let mut met = BTreeSet::new();
        for span in spans {
            let node = self.view.lookup(span.family(), span.first());
            met.extend(self.view.hits(node).map(|hit| hit.tag));
            met.extend(self.view.starting_in(span).map(|hit| hit.tag));
        }
        met
    }

    /// The addresses of all tags but those of a cloud or a region as a whole.
    pub fn services(&self) -> &AddressSet {
        self.services.get_or_init(|| {
            let tags = self.tags().filter(|&tag| !is_cloud(self.rank(tag)));
            let blocks = tags.flat_map(|tag| self.view.all_prefixes(tag));
            AddressSet::from_blocks(blocks)
        })
    }

    /// Who has some addresses: the narrowest tags, each with its part; a wider tag only where
    /// no narrower one has them.
    pub fn parts(&self, addresses: &AddressSet) -> Vec<(TagId, AddressSet)> {
        let mut met: BTreeSet<(Rank, TagId)> = BTreeSet::new();
        for family in FAMILIES {
            for &(first, last) in addresses.family(family).runs() {
                let Some(span) = Span::new(family, first, last) else {
                    continue;
                };
                let node = self.view.lookup(family, first);
                let around = self.view.hits(node).map(|hit| hit.tag);
                let within = self.view.starting_in(span).map(|hit| hit.tag);
                met.extend(around.chain(within).map(|tag| (self.rank(tag), tag)));
            }
        }
        let mut parts = Vec::new();
        let mut left = addresses.clone();
        let met: Vec<(Rank, TagId)> = met.into_iter().collect();
        for level in met.chunk_by(|one, other| one.0 == other.0) {
            let mut taken = AddressSet::default();
            for &(_, tag) in level {
                let part = left.intersection(self.set(tag));
                if !part.is_empty() {
                    taken = taken.union(&part);
                    parts.push((tag, part));
                }
            }
            left = left.difference(&taken);
        }
        parts
    }
}

/// Whether a tag is all of a cloud or of a region.
pub const fn is_cloud(rank: Rank) -> bool {
    matches!(rank, Rank::Cloud | Rank::RegionalCloud)
}

/// How many addresses two sets share.
pub fn shared(one: &Ranges, other: &Ranges) -> Count {
    let (mut left, mut right) = (one.runs().iter().peekable(), other.runs().iter().peekable());
    let mut count = Count::ZERO;
    while let (Some(&&a), Some(&&b)) = (left.peek(), right.peek()) {
        let (first, last) = (a.0.max(b.0), a.1.min(b.1));
        if first <= last {
            count += Count::of_run(first, last);
        }
        if a.1 < b.1 {
            left.next();
        } else {
            right.next();
        }
    }
    count
}

/// Whether a span and a set have an address in common.
pub fn meets(set: &AddressSet, span: Span) -> bool {
    let runs = set.family(span.family()).runs();
    let after = runs.partition_point(|&(_, last)| last < span.first());
    runs.get(after)
        .is_some_and(|&(first, _)| first <= span.last())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(runs: &[(u128, u128)]) -> AddressSet {
        AddressSet {
            v4: Ranges::from_runs(runs.to_vec()),
            v6: Ranges::default(),
        }
    }

    #[test]
    fn shared_addresses_are_counted_run_by_run() {
        let one = set(&[(0, 9), (20, 29), (40, 49)]);
        let other = set(&[(5, 24), (29, 40), (60, 70)]);
        assert_eq!(shared(&one.v4, &other.v4), Count::new(5 + 5 + 1 + 1));
        assert_eq!(shared(&one.v4, &set(&[]).v4), Count::ZERO);
    }

    #[test]
    fn a_span_meets_a_set_at_its_ends_too() {
        let one = set(&[(10, 19), (30, 39)]);
        let span = |first, last| Span::new(Family::V4, first, last).unwrap();
        for (first, last, expected) in [
            (0, 9, false),
            (0, 10, true),
            (19, 25, true),
            (20, 29, false),
            (39, 99, true),
            (40, 99, false),
        ] {
            assert_eq!(meets(&one, span(first, last)), expected, "{first}-{last}");
        }
        let v6 = Span::new(Family::V6, 10, 19).unwrap();
        assert!(!meets(&one, v6));
    }
}
