//! Lines that hold certain addresses.

use memchr::{memchr, memchr_iter, memrchr};

use crate::index::{TagId, View};
use crate::ranges::OtherRanges;
use crate::space::Family;
use crate::traffic::pick::Pick;
use crate::traffic::{Chunk, Home, Sets, Spot, spots};

/// Which addresses are wanted.
#[derive(Debug)]
pub struct Wanted {
    /// By the place of their answer.
    nodes: Vec<bool>,
    /// By the place of their narrowest range of others; empty where none of those is wanted.
    others: Vec<bool>,
    /// Public ones in no tag.
    is_nowhere: bool,
    family: Option<Family>,
}

impl Wanted {
    /// Addresses of which some tag is wanted.
    #[must_use]
    pub fn tags(view: &View<'_>, is_wanted: impl Fn(TagId) -> bool) -> Self {
        let nodes = view.nodes();
        let any = |node| view.hits(node).any(|hit| is_wanted(hit.tag));
        Self {
            nodes: nodes.map(any).collect(),
            others: Vec::new(),
            is_nowhere: false,
            family: None,
        }
    }

    /// Those too of which some tag of others is wanted.
    #[must_use]
    pub fn or_others(self, others: &OtherRanges, is_wanted: impl Fn(&str) -> bool) -> Self {
        let any = |place| others.hits(place).any(|hit| is_wanted(hit.tag));
        Self {
            others: (0..others.range_count()).map(any).collect(),
            ..self
        }
    }

    /// Public addresses in no tag.
    #[must_use]
    pub const fn nowhere() -> Self {
        Self {
            nodes: Vec::new(),
            others: Vec::new(),
            is_nowhere: true,
            family: None,
        }
    }

    /// Those of one family alone.
    #[must_use]
    pub fn of_family(self, family: Option<Family>) -> Self {
        Self { family, ..self }
    }

    fn has_other(&self, other: usize) -> bool {
        self.others.get(other).copied().unwrap_or(false)
    }

    /// Whether an address is wanted.
    #[inline]
    #[must_use]
    pub fn has(&self, family: Family, bits: u128, sets: &Sets<'_>) -> bool {
        if self.family.is_some_and(|only| only != family) {
            return false;
        }
        match sets.home(family, bits) {
            Home::Tags(node) => {
                self.nodes.get(node.place()).copied().unwrap_or(false)
                    || !self.others.is_empty()
                        && sets
                            .other(family, bits)
                            .is_some_and(|other| self.has_other(other))
            }
            Home::Other(other) => self.has_other(other),
            Home::Nowhere => self.is_nowhere,
            Home::Inside => false,
        }
    }
}

/// How lines are chosen.
#[derive(Debug)]
pub struct Selector<'a> {
    /// The week.
    pub sets: &'a Sets<'a>,
    /// The addresses.
    pub wanted: &'a Wanted,
    /// Where in a line they stand.
    pub pick: Option<&'a Pick>,
    /// Whether the addresses are wanted rather than the lines.
    pub is_only: bool,
}

/// What was found in a piece of a log.
#[derive(Debug, Default)]
pub struct Found {
    /// Lines with a wanted address, from their first byte to behind their end, in order; with a part of
    /// a line the piece begins or ends.
    pub lines: Vec<(usize, usize)>,
    /// The wanted addresses, in order.
    pub spots: Vec<(usize, usize)>,
}

impl Selector<'_> {
    /// Looks through a piece.
    pub fn chunk(&self, chunk: &Chunk, found: &mut Found) {
        found.lines.clear();
        found.spots.clear();
        let bytes = chunk.bytes();
        if let Some(pick) = self.pick {
            self.picked(bytes, pick, found);
            return;
        }
        let passed = chunk.passed();
        let rest = bytes.get(passed..).unwrap_or_default();
        let mut behind = 0;
        for spot in spots(rest) {
            let start = spot.start + passed;
            if start < behind && !self.is_only {
                continue;
            }
            if self.has(&spot) {
                if self.is_only {
                    found.spots.push((start, spot.end + passed));
                }
                if start >= behind {
                    let line = line_around(bytes, start);
                    behind = line.1;
                    found.lines.push(line);
                }
            }
        }
    }

    fn picked(&self, bytes: &[u8], pick: &Pick, found: &mut Found) {
        let mut at = 0;
        while at < bytes.len() {
            let rest = bytes.get(at..).unwrap_or_default();
            let end = at + memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
            let line = bytes.get(at..end).unwrap_or_default();
            let cell = pick.cell(line);
            let mut is_found = false;
            for spot in spots(line.get(cell.clone()).unwrap_or_default()) {
                if self.has(&spot) {
                    is_found = true;
                    let start = at + cell.start;
                    found.spots.push((start + spot.start, start + spot.end));
                }
            }
            if is_found {
                found.lines.push((at, end));
            }
            at = end;
        }
    }

    #[inline]
    fn has(&self, spot: &Spot) -> bool {
        self.wanted.has(spot.family, spot.bits, self.sets)
    }
}

/// The line around a place.
fn line_around(bytes: &[u8], at: usize) -> (usize, usize) {
    let before = bytes.get(..at).unwrap_or_default();
    let after = bytes.get(at..).unwrap_or_default();
    (
        memrchr(b'\n', before).map_or(0, |end| end + 1),
        memchr(b'\n', after).map_or(bytes.len(), |end| at + end + 1),
    )
}

/// How many lines end in some bytes.
#[must_use]
pub fn line_ends(bytes: &[u8]) -> usize {
    memchr_iter(b'\n', bytes).count()
}
