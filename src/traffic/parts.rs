//! What is counted of addresses by the part of the address space that they lie in.

use crate::space::{Family, Parts};
use crate::traffic::{Counter, Counts, End, Flow, Home, Seen, Sets};

/// Counts of parts.
#[derive(Debug)]
pub struct PartTally {
    parts: Parts,
    counts: Vec<Counts>,
    /// Whether a part is asked about; addresses elsewhere are counted all together.
    is_asked: Vec<bool>,
    seen: Seen,
    hits: u64,
}

impl PartTally {
    /// Begins to count in the parts that begin at addresses for which this holds.
    #[must_use]
    pub fn new(parts: Parts, is_asked: impl Fn(Family, u128) -> bool) -> Self {
        let is_asked = parts
            .starts()
            .map(|(family, first)| is_asked(family, first));
        Self {
            counts: vec![Counts::default(); parts.count()],
            is_asked: is_asked.collect(),
            parts,
            seen: Seen::default(),
            hits: 0,
        }
    }

    /// The parts that addresses were seen in, each by its first address.
    pub fn touched(&self) -> impl Iterator<Item = ((Family, u128), &Counts)> {
        let parts = self.parts.starts().zip(&self.counts);
        parts.filter(|(_, counts)| counts.hits > 0)
    }

    /// Hits at public addresses, asked about or not.
    #[must_use]
    pub const fn hits(&self) -> u64 {
        self.hits
    }

    /// Whether there were more addresses than are told apart.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.seen.is_full()
    }
}

impl Counter for PartTally {
    fn count(&mut self, (family, bits): End, home: Home, _: &Sets<'_>, flow: &Flow<'_>) {
        if home != Home::Inside {
            self.hits += 1;
        }
        let place = self.parts.place(family, bits);
        if self.is_asked.get(place) != Some(&true) {
            return;
        }
        if let Some(counts) = self.counts.get_mut(place) {
            counts.add(&Counts {
                hits: 1,
                addresses: u64::from(self.seen.insert(family, bits)),
                sent: flow.sent.unwrap_or(0),
                received: flow.received.unwrap_or(0),
            });
        }
    }
}
