//! Which tags held some addresses, and when: the union of all weeks, asked by address.
//!
//! Prefixes nest or are disjoint, so that those around an address are found by following parents.

use std::collections::HashMap;
use std::rc::Rc;

use crate::index::chronicle::{Attributes, Chronicle, ChronicleError, Contents};
use crate::space::{AddressSet, Block, Family, Span};

/// No row.
const NONE: u32 = u32::MAX;
/// How much wider than asked the bounds are, since they are sums of parts.
const SLACK: f64 = 0.01;

/// The prefixes of all weeks, with who held them when.
pub struct Holders<'a> {
    chronicle: &'a Chronicle,
    contents: Contents<'a>,
    /// Ascending; each with its history and the narrowest row around it.
    rows: Vec<(Block, usize, u32)>,
    /// Where the rows of each tag begin in `by_tag`.
    starts: Vec<usize>,
    /// Rows and week sets, tag by tag.
    by_tag: Vec<(u32, u32)>,
}

/// A tag that held nearly all of some addresses in a week.
#[derive(Debug, Clone)]
pub struct Like<'a> {
    /// Its name.
    pub tag: &'a str,
    /// Its attributes in that week.
    pub attributes: Attributes<'a>,
    /// The place of the week.
    pub week: usize,
    /// Its addresses in that week.
    pub addresses: Rc<AddressSet>,
}

impl<'a> Holders<'a> {
    /// Reads the union of all weeks.
    ///
    /// # Errors
    /// [`ChronicleError::Damaged`].
    pub fn new(chronicle: &'a Chronicle) -> Result<Self, ChronicleError> {
        let contents = chronicle.contents()?;
        let mut rows: Vec<(Block, usize, u32)> = Vec::new();
        let mut around: Vec<u32> = Vec::new();
        let mut all = contents.rows();
        while let Some((block, history)) = all.next_row()? {
            while around.last().is_some_and(|&place| {
                let outer = rows.get(place as usize);
                outer.is_none_or(|(outer, ..)| !outer.contains(block.span()))
            }) {
                around.pop();
            }
            let parent = around.last().copied().unwrap_or(NONE);
            around.push(u32::try_from(rows.len()).map_err(|_| ChronicleError::Damaged)?);
            rows.push((block, history, parent));
        }
        let mut starts = vec![0; contents.tags.len() + 1];
        let held = |history: usize| contents.histories.of(history).unwrap_or_default();
        for &(tag, _) in rows.iter().flat_map(|&(_, history, _)| held(history)) {
            if let Some(count) = starts.get_mut(tag as usize + 1) {
                *count += 1;
            }
        }
        let mut all = 0;
        for start in &mut starts {
            all += *start;
            *start = all;
        }
        let mut next = starts.clone();
        let mut by_tag = vec![(NONE, NONE); all];
        for (place, &(_, history, _)) in (0..).zip(&rows) {
            for &(tag, week_set) in held(history) {
                let slot = next.get_mut(tag as usize);
                if let Some(slot) = slot {
                    if let Some(own) = by_tag.get_mut(*slot) {
                        *own = (place, week_set);
                    }
                    *slot += 1;
                }
            }
        }
        Ok(Self {
            chronicle,
            contents,
            rows,
            starts,
            by_tag,
        })
    }

    /// The chronicle.
    #[must_use]
    pub const fn chronicle(&self) -> &'a Chronicle {
        self.chronicle
    }

    /// Tags that may hold a part `least` of some addresses of one family in one of these weeks, and not
    /// much more: none that does is missing.
    #[must_use]
    pub fn like(
        &self,
        addresses: &AddressSet,
        family: Family,
        least: f64,
        weeks: &[usize],
    ) -> Vec<Like<'_>> {
        let size = addresses.family(family).count().as_f64();
        let (few, many) = (size * (least - SLACK), size / (least - SLACK));
        let mut found = Vec::new();
        for (tag, sums) in self.sums(addresses, family) {
            let is_near = |week: &usize| {
                let held = sums.iter().filter(|(set, _)| self.is_in(*set, *week));
                held.map(|(_, sum)| sum).sum::<f64>() >= few
            };
            let near: Vec<usize> = weeks.iter().copied().filter(is_near).collect();
            if !near.is_empty() {
                self.sets(tag, &near, (family, many), &mut found);
            }
        }
        found
    }

    /// How much of the addresses each tag's rows hold, by their week sets; nested rows count twice.
    fn sums(&self, addresses: &AddressSet, family: Family) -> HashMap<u32, Vec<(u32, f64)>> {
        let mut sums: HashMap<(u32, u32), f64> = HashMap::new();
        let mut add = |history: usize, count: f64| {
            for &key in self.contents.histories.of(history).unwrap_or_default() {
                *sums.entry(key).or_default() += count;
            }
        };
        for &(first, last) in addresses.family(family).runs() {
            let Some(span) = Span::new(family, first, last) else {
                continue;
            };
            let before = |block: &Block| (block.family(), block.first()) < (family, first);
            let from = self.rows.partition_point(|(block, ..)| before(block));
            let mut outer = from.checked_sub(1);
            while let Some((block, history, parent)) = outer.and_then(|it| self.rows.get(it)) {
                if block.family() == family && block.last() >= first {
                    let common = block.last().min(last) - first;
                    add(*history, size_of(common));
                }
                outer = usize::try_from(*parent).ok().filter(|_| *parent != NONE);
            }
            let inner = self.rows.get(from..).unwrap_or_default().iter();
            let inner = inner
                .take_while(|(block, ..)| block.family() == family && block.first() <= span.last());
            for (block, history, _) in inner {
                add(*history, size_of(block.last().min(last) - block.first()));
            }
        }
        let mut by_tag: HashMap<u32, Vec<(u32, f64)>> = HashMap::new();
        for ((tag, set), sum) in sums {
            by_tag.entry(tag).or_default().push((set, sum));
        }
        by_tag
    }

    /// The addresses of a tag in some weeks, but for those in which a single row is too large.
    fn sets<'s>(
        &'s self,
        tag: u32,
        weeks: &[usize],
        (family, many): (Family, f64),
        found: &mut Vec<Like<'s>>,
    ) {
        let place = tag as usize;
        let Some(runs) = self.contents.tags.get(place) else {
            return;
        };
        let bounds = self.starts.get(place).zip(self.starts.get(place + 1));
        let rows = bounds.and_then(|(&from, &to)| self.by_tag.get(from..to));
        let mut last: Option<(Vec<u32>, Option<Rc<AddressSet>>)> = None;
        for &week in weeks {
            let Some(attributes) = runs.at(week) else {
                continue;
            };
            let held = rows.unwrap_or_default().iter();
            let held: Vec<u32> = held
                .filter(|(_, set)| self.is_in(*set, week))
                .map(|&(row, _)| row)
                .collect();
            if last.as_ref().is_none_or(|(known, _)| *known != held) {
                let blocks = || held.iter().filter_map(|&row| self.rows.get(row as usize));
                let is_large =
                    |block: &Block| block.family() == family && block.count().as_f64() > many;
                let made = (!blocks().any(|(block, ..)| is_large(block)))
                    .then(|| Rc::new(AddressSet::from_blocks(blocks().map(|(block, ..)| *block))));
                last = Some((held, made));
            }
            if let Some((_, Some(addresses))) = &last {
                found.push(Like {
                    tag: runs.name,
                    attributes,
                    week,
                    addresses: Rc::clone(addresses),
                });
            }
        }
    }

    fn is_in(&self, week_set: u32, week: usize) -> bool {
        let set = self.contents.week_sets.get(week_set as usize);
        set.is_some_and(|set| set.contains(week))
    }
}

/// How many addresses a run has whose ends are that far apart.
#[expect(
    clippy::cast_precision_loss,
    reason = "a bound, which is wider than the error"
)]
fn size_of(distance: u128) -> f64 {
    distance as f64 + 1.0
}
