//! The rows that only one of two weeks has, in one walk over both tables of prefixes.
//!
//! Both tables are sorted and their sets of tags are interned, so that most prefixes are passed by
//! comparing two numbers, and tags are never gone through one by one.

use std::cmp::Ordering;
use std::ops::Range;

use crate::index::{TagId, View};
use crate::space::{AddressSet, Block, Family, Ranges};

/// A tag of one week or of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TagPair {
    /// Its place in either week.
    pub ids: [Option<TagId>; 2],
    /// Whether number, region, service or features differ, or a week does not have it.
    pub differs: bool,
}

/// A prefix that some tags have in one week only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedPrefix {
    /// The prefix.
    pub prefix: Block,
    /// Where it stands, or would stand, in either week's table of prefixes.
    pub places: [usize; 2],
    /// Who has it in the first week only and in the second week only, in [`Comparison::holders`].
    pub holders: [Range<usize>; 2],
}

/// What differs between two weeks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WeekComparison {
    /// IPv4 first, then ascending.
    pub prefixes: Vec<ChangedPrefix>,
    /// Places in the pairs of tags; of each prefix and week ascending.
    pub holders: Vec<usize>,
    /// What only the second week has, and what only the first has, of the kept tags together.
    pub gained_and_lost: [AddressSet; 2],
}

/// The tags of two weeks, by name.
#[must_use]
pub fn pair_tags(base: &View<'_>, target: &View<'_>) -> Vec<TagPair> {
    fn named<'a>(view: &View<'a>) -> impl Iterator<Item = (&'a str, TagId)> {
        let tags = view.tags.iter().zip(view.tag_ids());
        tags.map(|(record, tag)| (view.text(record.name).unwrap_or(""), tag))
    }
    let (mut one, mut other) = (named(base).peekable(), named(target).peekable());
    let mut texts = Texts::default();
    let mut pairs = Vec::with_capacity(base.tag_count().max(target.tag_count()));
    loop {
        let order = match (one.peek(), other.peek()) {
            (None, None) => return pairs,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((one, _)), Some((other, _))) => one.cmp(other),
        };
        let old = (order != Ordering::Greater).then(|| one.next()).flatten();
        let new = (order != Ordering::Less).then(|| other.next()).flatten();
        let ids = [old, new].map(|tag| tag.map(|(_, tag)| tag));
        let differs = match ids {
            [Some(one), Some(other)] => texts.differ([base, target], [one, other]),
            _ => true,
        };
        pairs.push(TagPair { ids, differs });
    }
}

/// Which shared texts of two weeks are known to be equal.
#[derive(Default)]
struct Texts {
    twins: Vec<Option<u16>>,
}

impl Texts {
    /// Whether two tags' numbers or properties differ.
    fn differ(&mut self, views: [&View<'_>; 2], tags: [TagId; 2]) -> bool {
        let [base, target] = views;
        let records = (
            base.tags.get(tags[0].place()),
            target.tags.get(tags[1].place()),
        );
        let (Some(one), Some(other)) = records else {
            return true;
        };
        one.change_number != other.change_number
            || [
                (one.region, other.region),
                (one.service, other.service),
                (one.features, other.features),
            ]
            .into_iter()
            .any(|(one, other)| {
                let (one, other) = (one.get(), other.get());
                let place = usize::from(one);
                if self.twins.get(place).copied().flatten() == Some(other) {
                    return false;
                }
                let is_equal = base.attribute(one.into()) == target.attribute(other.into());
                if is_equal {
                    if self.twins.len() <= place {
                        self.twins.resize(place + 1, None);
                    }
                    if let Some(twin) = self.twins.get_mut(place) {
                        *twin = Some(other);
                    }
                }
                !is_equal
            })
    }
}

/// Compares two weeks whose tags were joined by [`pair_tags`]; only the kept pairs count in the
/// gain and the loss of all together, every pair in the rows. `None` keeps all.
#[must_use]
pub fn compare(
    base: &View<'_>,
    target: &View<'_>,
    pairs: &[TagPair],
    kept: Option<&[bool]>,
) -> WeekComparison {
    let views = [*base, *target];
    let places = [0, 1].map(|side| {
        let mut places = vec![usize::MAX; views.get(side).map_or(0, View::tag_count)];
        for (number, pair) in pairs.iter().enumerate() {
            let tag = pair.ids.get(side).copied().flatten();
            if let Some(place) = tag.and_then(|tag| places.get_mut(tag.place())) {
                *place = number;
            }
        }
        places
    });
    let mut walk = Walk {
        views,
        places,
        kept,
        twins: vec![usize::MAX; base.set_starts.len()],
        are_kept: views.map(|view| vec![None; view.set_starts.len()]),
        outer: [Vec::new(), Vec::new()],
        found: WeekComparison::default(),
    };
    let [v4, v6] = [Family::V4, Family::V6].map(|family| {
        walk.family(family);
        let outer = std::mem::take(&mut walk.outer);
        let [one, other] = outer.map(Ranges::from_runs);
        [other.difference(&one), one.difference(&other)]
    });
    let ([v4_gained, v4_lost], [v6_gained, v6_lost]) = (v4, v6);
    let mut found = walk.found;
    found.gained_and_lost = [
        AddressSet {
            v4: v4_gained,
            v6: v6_gained,
        },
        AddressSet {
            v4: v4_lost,
            v6: v6_lost,
        },
    ];
    found
}

impl<'a> View<'a> {
    /// The tag's prefixes that begin within `prefix`, ascending; `place` is where `prefix` stands
    /// or would stand in this week's table.
    pub fn rows_within(
        &self,
        tag: TagId,
        prefix: Block,
        place: usize,
    ) -> impl Iterator<Item = Block> + use<'a> {
        let family = prefix.family();
        let (view, rows) = (*self, self.rows(family));
        let (start, end) = self.rows_of(tag, family);
        let (mut low, mut high) = (start, end);
        while low < high {
            let middle = low.midpoint(high);
            if rows.get(middle).is_some_and(|row| row < place) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        (low..end)
            .map_while(move |row| view.prefix(family, rows.get(row)?))
            .map(|(block, _)| block)
            .take_while(move |block| block.first() <= prefix.last())
    }
}

struct Walk<'a> {
    views: [View<'a>; 2],
    /// From a tag of either week to its pair.
    places: [Vec<usize>; 2],
    kept: Option<&'a [bool]>,
    /// From a set of the first week to the equal one of the second, once met.
    twins: Vec<usize>,
    /// Whether a set has a kept tag, once asked.
    are_kept: [Vec<Option<bool>>; 2],
    /// The outermost prefixes of kept tags that are so in one week only.
    outer: [Vec<(u128, u128)>; 2],
    found: WeekComparison,
}

impl Walk<'_> {
    fn family(&mut self, family: Family) {
        let [base, target] = self.views;
        let (mut one, mut other) = (0, 0);
        let mut ends: [Option<u128>; 2] = [None, None];
        loop {
            let (old, new) = (base.prefix(family, one), target.prefix(family, other));
            let (prefix, order) = match (old, new) {
                (None, None) => return,
                (Some((old, _)), None) => (old, Ordering::Less),
                (None, Some((new, _))) => (new, Ordering::Greater),
                (Some((old, _)), Some((new, _))) => (old.min(new), old.cmp(&new)),
            };
            let sets = [
                old.filter(|_| order != Ordering::Greater),
                new.filter(|_| order != Ordering::Less),
            ]
            .map(|row| row.map(|(_, set)| set));
            if !self.are_twins(sets) {
                self.differ(prefix, [one, other], sets);
            }
            self.open(prefix, sets, &mut ends);
            one += usize::from(sets[0].is_some());
            other += usize::from(sets[1].is_some());
        }
    }

    fn are_twins(&self, sets: [Option<usize>; 2]) -> bool {
        let [Some(one), Some(other)] = sets else {
            return false;
        };
        self.twins.get(one) == Some(&other)
    }

    /// Notes who has the prefix in one week only.
    fn differ(&mut self, prefix: Block, places: [usize; 2], sets: [Option<usize>; 2]) {
        let [one, other] = [0, 1].map(|side| self.pairs(side, sets));
        if let ([Some(set), Some(twin)], true) = (sets, one == other) {
            if let Some(known) = self.twins.get_mut(set) {
                *known = twin;
            }
            return;
        }
        let holders = &mut self.found.holders;
        let mut only = |these: &[usize], those: &[usize]| {
            let start = holders.len();
            let missing = |pair: &&usize| those.binary_search(pair).is_err();
            holders.extend(these.iter().filter(missing));
            start..holders.len()
        };
        let holders = [only(&one, &other), only(&other, &one)];
        self.found.prefixes.push(ChangedPrefix {
            prefix,
            places,
            holders,
        });
    }

    /// The pairs of a set, ascending.
    fn pairs(&self, side: usize, sets: [Option<usize>; 2]) -> Vec<usize> {
        let (Some(view), Some(places)) = (self.views.get(side), self.places.get(side)) else {
            return Vec::new();
        };
        let set = sets.get(side).copied().flatten();
        let tags = set.map_or(&[][..], |set| view.set(set));
        let place = |tag: &zerocopy::byteorder::little_endian::U16| {
            let place = places.get(usize::from(tag.get())).copied();
            place.filter(|&place| place != usize::MAX)
        };
        let mut pairs: Vec<usize> = tags.iter().filter_map(place).collect();
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    /// Follows the union of the kept tags: prefixes nest, so that one which begins beyond the
    /// last outermost one is outermost itself. Where both weeks have the same, neither gains.
    fn open(&mut self, prefix: Block, sets: [Option<usize>; 2], ends: &mut [Option<u128>; 2]) {
        let run = (prefix.first(), prefix.last());
        let mut side = 0;
        let opens = ends.each_mut().map(|end| {
            let set = sets.get(side).copied().flatten();
            let is_beyond = end.is_none_or(|end| run.0 > end);
            let opens = is_beyond && set.is_some_and(|set| self.is_kept(side, set));
            if opens {
                *end = Some(run.1);
            }
            side += 1;
            opens
        });
        match opens {
            [true, false] => self.outer[0].push(run),
            [false, true] => self.outer[1].push(run),
            [true, true] | [false, false] => {}
        }
    }

    fn is_kept(&mut self, side: usize, set: usize) -> bool {
        let Some(kept) = self.kept else {
            return true;
        };
        let known = self.are_kept.get(side).and_then(|known| known.get(set));
        if let Some(&Some(known)) = known {
            return known;
        }
        let mut sets = [None, None];
        if let Some(asked) = sets.get_mut(side) {
            *asked = Some(set);
        }
        let pairs = self.pairs(side, sets);
        let is_kept = pairs
            .iter()
            .any(|&pair| kept.get(pair).copied().unwrap_or(false));
        let known = self.are_kept.get_mut(side).and_then(|all| all.get_mut(set));
        if let Some(known) = known {
            *known = Some(is_kept);
        }
        is_kept
    }
}
