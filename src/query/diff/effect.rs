//! What each row that came or went does to its own tag's addresses.

use crate::index::{ChangedPrefix, TagId, TagPair, View, WeekComparison};
use crate::query::diff::{DiffRow, DiffSign};
use crate::space::{AddressSet, Block, Count, Family, Ranges};

/// Rows, losses and gains of one tag; the first of each pair is what went.
#[derive(Default)]
pub(super) struct TagRows {
    pub rows: [Vec<DiffRow>; 2],
    /// Per side IPv4, IPv6.
    runs: [[Vec<(u128, u128)>; 2]; 2],
    /// How far the outermost row so far reaches.
    reached: [[Option<u128>; 2]; 2],
}

impl TagRows {
    /// What the tag lost and what it gained.
    pub fn take_sets(&mut self) -> [AddressSet; 2] {
        std::mem::take(&mut self.runs).map(|[v4, v6]| AddressSet {
            v4: Ranges::from_runs(v4),
            v6: Ranges::from_runs(v6),
        })
    }

    /// Adds what a row takes or brings, unless a row around it has said so.
    fn note(&mut self, sign: DiffSign, prefix: Block, gaps: &[(u128, u128)]) {
        let is_v6 = prefix.family() == Family::V6;
        let reached = pick_mut(sign.of_mut(&mut self.reached), is_v6);
        if reached.is_none_or(|last| prefix.first() > last) {
            *reached = Some(prefix.last());
            pick_mut(sign.of_mut(&mut self.runs), is_v6).extend(gaps);
        }
    }
}

fn pick_mut<T>([one, other]: &mut [T; 2], is_other: bool) -> &mut T {
    if is_other { other } else { one }
}

/// Where a row stands: its tag's place, its side, its place among the tag's rows.
#[derive(Clone, Copy)]
pub(super) struct RowPlace {
    pub party: usize,
    pub sign: DiffSign,
    pub row: usize,
}

/// The rows of every changed tag.
pub(super) struct Effects<'a> {
    views: &'a [View<'a>; 2],
    pairs: &'a [TagPair],
    /// From a pair of tags to its place among the changed ones.
    party_of: &'a [usize],
    /// By the place among the changed ones.
    pub tags: Vec<TagRows>,
    /// Where the row of each holder of the comparison stands.
    pub rows: Vec<RowPlace>,
}

impl<'a> Effects<'a> {
    /// Works all rows out; `party_of` leads from a pair of tags to one of `parties` places.
    pub fn new(
        views: &'a [View<'a>; 2],
        pairs: &'a [TagPair],
        party_of: &'a [usize],
        parties: usize,
        compared: &WeekComparison,
    ) -> Self {
        let mut effects = Self {
            views,
            pairs,
            party_of,
            tags: std::iter::repeat_with(TagRows::default)
                .take(parties)
                .collect(),
            rows: Vec::with_capacity(compared.holders.len()),
        };
        let mut around = Vec::new();
        for changed in &compared.prefixes {
            for sign in DiffSign::BOTH {
                let holders = sign.of(&changed.holders).clone();
                let pairs = compared.holders.get(holders).unwrap_or(&[]);
                if !pairs.is_empty() {
                    effects.find_around(sign, changed.prefix, &mut around);
                }
                for &pair in pairs {
                    effects.add(changed, pair, sign, &around);
                }
            }
        }
        effects
    }

    /// The tags of the other week with a prefix around this one, the longest such prefix first.
    fn find_around(&self, sign: DiffSign, prefix: Block, around: &mut Vec<(TagId, u8)>) {
        let view = sign.other().of(self.views);
        let hits = view.hits(view.lookup(prefix.family(), prefix.first()));
        let hits = hits.filter(|hit| hit.length < prefix.length());
        around.clear();
        around.extend(hits.map(|hit| (hit.tag, hit.length)));
    }

    fn add(
        &mut self,
        changed: &ChangedPrefix,
        pair: usize,
        sign: DiffSign,
        around: &[(TagId, u8)],
    ) {
        let (other, prefix) = (sign.other(), changed.prefix);
        let tag = self.pairs.get(pair).and_then(|pair| *other.of(&pair.ids));
        let covered = tag.and_then(|tag| around.iter().find(|(known, _)| *known == tag));
        let mut gaps = Vec::new();
        if covered.is_none() {
            let place = *other.of(&changed.places);
            let view = other.of(self.views);
            let inside = tag.into_iter();
            let inside = inside.flat_map(|tag| view.rows_within(tag, prefix, place));
            gaps_between(prefix, inside, &mut gaps);
        }
        let party = self.party_of.get(pair).copied().unwrap_or(usize::MAX);
        let mut row = 0;
        if let Some(tag) = self.tags.get_mut(party) {
            tag.note(sign, prefix, &gaps);
            let runs = gaps.iter();
            let count = runs.map(|&(first, last)| Count::of_run(first, last)).sum();
            let rows = sign.of_mut(&mut tag.rows);
            row = rows.len();
            rows.push(DiffRow {
                prefix,
                sign,
                changes: count,
                covered: covered.map(|&(_, length)| length),
                is_echo: false,
                party,
                shared: sign.of(&changed.holders).clone(),
                moved: Vec::new(),
            });
        }
        self.rows.push(RowPlace { party, sign, row });
    }

    /// A row by its place.
    pub fn row_mut(&mut self, place: RowPlace) -> Option<&mut DiffRow> {
        let tag = self.tags.get_mut(place.party)?;
        place.sign.of_mut(&mut tag.rows).get_mut(place.row)
    }

    /// A row by its place.
    pub fn row(&self, place: RowPlace) -> Option<&DiffRow> {
        let tag = self.tags.get(place.party)?;
        place.sign.of(&tag.rows).get(place.row)
    }
}

/// The parts of a prefix that none of the ascending, nesting prefixes in it holds.
fn gaps_between(prefix: Block, inside: impl Iterator<Item = Block>, gaps: &mut Vec<(u128, u128)>) {
    let mut from = Some(prefix.first());
    for block in inside {
        let Some(start) = from else { return };
        if block.last() < start {
            continue;
        }
        if block.first() > start {
            gaps.push((start, block.first() - 1));
        }
        from = block.last().checked_add(1);
    }
    if let Some(start) = from.filter(|&start| start <= prefix.last()) {
        gaps.push((start, prefix.last()));
    }
}
