//! A week as the tables that an engine joins with.
//!
//! Prefixes nest or are apart, so the longest one that holds an address decides all of its tags: one
//! row a prefix, with the number of its list of tags, is the whole answer.

use std::collections::{BTreeSet, HashMap};

use crate::index::{TagId, View};
use crate::space::{Block, Family, Span, cover};

/// The number of a list of tags; they count from 1, so that 0 is free for "in no tag".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SetId(pub usize);

/// Some tags of a week, or all of them, as tables.
#[derive(Debug, Clone)]
pub struct TagTables<'a> {
    view: View<'a>,
    rows: Vec<(Block, TagId)>,
    prefixes: Vec<(Block, SetId)>,
    sets: Vec<Vec<TagId>>,
}

impl<'a> TagTables<'a> {
    /// The tables of these tags; of all of them where none are named.
    #[must_use]
    pub fn new(view: View<'a>, only: Option<&BTreeSet<TagId>>) -> Self {
        let is_chosen = |tag: &TagId| only.is_none_or(|only| only.contains(tag));
        let mut ranked: Vec<_> = view
            .tag_ids()
            .filter(is_chosen)
            .filter_map(|tag| Some((tag, view.tag(tag)?.rank())))
            .flat_map(|(tag, rank)| view.all_prefixes(tag).map(move |block| (block, rank, tag)))
            .collect();
        // On equal prefixes the narrower tag comes first, as in a lookup.
        ranked.sort_unstable();
        let rows: Vec<(Block, TagId)> =
            ranked.iter().map(|&(block, _, tag)| (block, tag)).collect();
        let mut sets = SetNumbers::default();
        let mut open: Vec<(Block, SetId)> = Vec::new();
        let mut prefixes = Vec::new();
        for own in rows.chunk_by(|(one, _), (other, _)| one == other) {
            let Some(&(block, _)) = own.first() else {
                continue;
            };
            while open
                .last()
                .is_some_and(|(outer, _)| !outer.contains(block.span()))
            {
                open.pop();
            }
            let mut tags: Vec<TagId> = own.iter().map(|&(_, tag)| tag).collect();
            let outer = open.last().map_or(&[][..], |(_, set)| sets.tags(*set));
            tags.extend(
                outer
                    .iter()
                    .filter(|tag| !own.iter().any(|(_, it)| it == *tag)),
            );
            let set = sets.number(tags);
            prefixes.push((block, set));
            open.push((block, set));
        }
        Self {
            view,
            rows,
            prefixes,
            sets: sets.sets,
        }
    }

    /// The week.
    #[must_use]
    pub const fn view(&self) -> View<'a> {
        self.view
    }

    /// Every prefix of every tag, by address, on equal prefixes the narrower tag first.
    #[must_use]
    pub fn rows(&self) -> &[(Block, TagId)] {
        &self.rows
    }

    /// Each distinct prefix with the tags that hold it: for longest match.
    #[must_use]
    pub fn prefixes(&self) -> &[(Block, SetId)] {
        &self.prefixes
    }

    /// The lists of tags, most specific first; the first of them is number 1.
    #[must_use]
    pub fn sets(&self) -> impl ExactSizeIterator<Item = (SetId, &[TagId])> {
        let sets = self.sets.iter().enumerate();
        sets.map(|(place, tags)| (SetId(place + 1), tags.as_slice()))
    }

    /// Runs of addresses with the same tags, ascending; none meets another.
    #[must_use]
    pub fn intervals(&self) -> Vec<(Span, SetId)> {
        let mut sweep = Sweep::default();
        for &(block, set) in &self.prefixes {
            sweep.open(block, set);
        }
        sweep.close_outside(None);
        sweep.runs
    }

    /// The same as blocks: no address is in two of them.
    #[must_use]
    pub fn disjoint(&self) -> Vec<(Block, SetId)> {
        let runs = self.intervals().into_iter();
        runs.flat_map(|(span, set)| cover(span).into_iter().map(move |block| (block, set)))
            .collect()
    }
}

/// Lists of tags, each once.
#[derive(Debug, Default)]
struct SetNumbers {
    sets: Vec<Vec<TagId>>,
    known: HashMap<Vec<TagId>, SetId>,
}

impl SetNumbers {
    fn number(&mut self, tags: Vec<TagId>) -> SetId {
        if let Some(&known) = self.known.get(&tags) {
            return known;
        }
        self.sets.push(tags.clone());
        let number = SetId(self.sets.len());
        self.known.insert(tags, number);
        number
    }

    fn tags(&self, set: SetId) -> &[TagId] {
        let place = set.0.checked_sub(1);
        place
            .and_then(|place| self.sets.get(place))
            .map_or(&[], Vec::as_slice)
    }
}

/// Walks prefixes by address, and writes a run where the innermost one changes.
#[derive(Debug, Default)]
struct Sweep {
    open: Vec<(Block, SetId)>,
    /// The first address that is not written yet; nothing behind the last one of a family.
    next: Option<(Family, u128)>,
    runs: Vec<(Span, SetId)>,
}

impl Sweep {
    fn open(&mut self, block: Block, set: SetId) {
        self.close_outside(Some(block));
        if let (Some(&(_, outer)), Some(before)) = (self.open.last(), block.first().checked_sub(1))
        {
            self.write_to(block.family(), before, outer);
        }
        self.next = Some((block.family(), block.first()));
        self.open.push((block, set));
    }

    /// Ends the prefixes that do not hold this one.
    fn close_outside(&mut self, inner: Option<Block>) {
        let is_over = |open: &(Block, SetId)| inner.is_none_or(|it| !open.0.contains(it.span()));
        while let Some((block, set)) = self.open.pop_if(|open| is_over(open)) {
            self.write_to(block.family(), block.last(), set);
            let next = block.last().checked_add(1);
            self.next = next.map(|next| (block.family(), next));
        }
    }

    /// Writes what is left up to an address.
    fn write_to(&mut self, family: Family, last: u128, set: SetId) {
        let from = self.next.filter(|(of, _)| *of == family);
        let Some(span) = from.and_then(|(_, first)| Span::new(family, first, last)) else {
            return;
        };
        if let Some((before, known)) = self.runs.last_mut()
            && *known == set
            && before.last().checked_add(1) == Some(span.first())
            && let Some(joined) = Span::new(family, before.first(), last)
            && before.family() == family
        {
            *before = joined;
        } else {
            self.runs.push((span, set));
        }
    }
}
