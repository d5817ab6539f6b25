//! What is counted of each address, under each rule and each action: whatever is asked of it later
//! needs no log again.
//!
//! Memory is bounded. Addresses that come when there is no room are counted by the answer of the week
//! that they were read with, so sums stay right; they cannot be listed, nor asked of another week.

use std::collections::HashMap;

use crate::space::Family;
use crate::traffic::counter::Counter;
use crate::traffic::tally::MOST_KEYS;
use crate::traffic::{Action, Counts, End, Flow, Home, Sets};

/// Most rules that are kept apart.
const MOST_RULES: usize = 20_000;
/// The rule of records that name none.
pub const NO_RULE: u32 = 0;
/// The rule of records whose own came when there was no room.
pub const OTHER_RULES: u32 = 1;

/// Whose counts they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Who {
    /// An address that is public, or in a tag.
    Address(Family, u128),
    /// Addresses that found no room, by the place of their answer; none is in no tag.
    Late(Option<usize>),
    /// Addresses that are not public.
    Inside,
}

/// Counts of one address under one rule and one action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Whose they are.
    pub who: Who,
    /// The place of the rule's name.
    pub rule: u32,
    /// What was done.
    pub action: Option<Action>,
    /// The counts; addresses are not counted here.
    pub counts: Counts,
}

/// What was counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breakdown {
    /// By address, rule and action.
    entries: Vec<Entry>,
    rules: Vec<Box<[u8]>>,
}

impl Breakdown {
    /// What was counted, by address.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The name of a rule as the log has it; empty for [`NO_RULE`] and [`OTHER_RULES`].
    #[must_use]
    pub fn rule(&self, place: u32) -> &[u8] {
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        self.rules.get(place).map_or(&[], |name| name)
    }

    /// The places of the rules of an address, of records with this action where one is named.
    pub fn rules_of(
        &self,
        (family, bits): End,
        action: Option<Action>,
    ) -> impl Iterator<Item = u32> {
        let who = Who::Address(family, bits);
        let from = self.entries.partition_point(|entry| entry.who < who);
        let own = self.entries.get(from..).unwrap_or_default().iter();
        let own = own.take_while(move |entry| entry.who == who);
        let meant = own.filter(move |entry| action.is_none_or(|it| entry.action == Some(it)));
        meant.map(|entry| entry.rule)
    }

    /// Hits at addresses that found no room.
    #[must_use]
    pub fn late(&self) -> u64 {
        let late = |entry: &&Entry| matches!(entry.who, Who::Late(_));
        let late = self.entries.iter().filter(late);
        late.map(|entry| entry.counts.hits).sum()
    }

    /// The addresses that are kept apart, each once, with its hits.
    pub fn addresses(&self) -> impl Iterator<Item = (End, u64)> {
        let parts = self.entries.chunk_by(|one, other| one.who == other.who);
        parts.filter_map(|part| match part.first()?.who {
            Who::Address(family, bits) => {
                let hits = part.iter().map(|entry| entry.counts.hits).sum();
                Some(((family, bits), hits))
            }
            Who::Late(_) | Who::Inside => None,
        })
    }
}

/// Counts of whom, under which rule, with which action.
type Key = (Who, u32, Option<Action>);

/// Counts logs into a [`Breakdown`].
#[derive(Debug)]
pub struct BreakdownBuilder {
    counts: HashMap<Key, Counts>,
    rules: HashMap<Box<[u8]>, u32>,
    names: Vec<Box<[u8]>>,
    /// The rule of the last record: the next one mostly has the same.
    last: u32,
    most: usize,
    hits: u64,
}

impl Default for BreakdownBuilder {
    fn default() -> Self {
        Self::within(MOST_KEYS)
    }
}

impl BreakdownBuilder {
    /// Keeps so many entries apart: addresses, each once a rule and an action.
    #[must_use]
    pub fn within(most: usize) -> Self {
        Self {
            counts: HashMap::new(),
            rules: HashMap::new(),
            names: vec![Box::default(); 2],
            last: NO_RULE,
            most,
            hits: 0,
        }
    }

    /// All that has been counted so far, at addresses that are not public too.
    #[must_use]
    pub const fn hits(&self) -> u64 {
        self.hits
    }

    /// What was counted.
    #[must_use]
    pub fn finish(self) -> Breakdown {
        let mut entries: Vec<Entry> = self
            .counts
            .into_iter()
            .map(|((who, rule, action), counts)| Entry {
                who,
                rule,
                action,
                counts,
            })
            .collect();
        entries.sort_unstable_by_key(|entry| (entry.who, entry.rule, entry.action));
        Breakdown {
            entries,
            rules: self.names,
        }
    }

    fn rule(&mut self, name: &[u8]) -> u32 {
        if name.is_empty() {
            return NO_RULE;
        }
        let last = usize::try_from(self.last).ok();
        if last
            .and_then(|last| self.names.get(last))
            .map(AsRef::as_ref)
            == Some(name)
        {
            return self.last;
        }
        self.last = match self.rules.get(name) {
            Some(known) => *known,
            None if self.names.len() >= MOST_RULES => OTHER_RULES,
            None => {
                let place = u32::try_from(self.names.len()).unwrap_or(OTHER_RULES);
                self.names.push(name.into());
                self.rules.insert(name.into(), place);
                place
            }
        };
        self.last
    }
}

impl Counter for BreakdownBuilder {
    fn count(&mut self, (family, bits): End, home: Home, _: &Sets<'_>, flow: &Flow<'_>) {
        let own = Counts {
            hits: 1,
            addresses: 0,
            sent: flow.sent.unwrap_or(0),
            received: flow.received.unwrap_or(0),
        };
        self.hits += 1;
        let action = flow.action;
        let place = match home {
            Home::Inside => {
                let key = (Who::Inside, NO_RULE, action);
                return self.counts.entry(key).or_default().add(&own);
            }
            Home::Tags(node) => Some(node.place()),
            Home::Other(_) | Home::Nowhere => None,
        };
        let rule = self.rule(flow.rule);
        let key = (Who::Address(family, bits), rule, action);
        let has_room = self.counts.len() < self.most;
        match self.counts.get_mut(&key) {
            Some(counts) => counts.add(&own),
            None if has_room => _ = self.counts.insert(key, own),
            None => {
                let late = |rule| (Who::Late(place), rule, action);
                // Rules times answers have their bound too; then the answer alone counts.
                let is_full = self.counts.len() >= 2 * self.most;
                let key = if is_full && !self.counts.contains_key(&late(rule)) {
                    late(OTHER_RULES)
                } else {
                    late(rule)
                };
                self.counts.entry(key).or_default().add(&own);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::Specials;
    use crate::index::embedded_index;
    use crate::traffic::{By, Tally};

    /// Flows that name few rules, to addresses of which some are in tags.
    fn counted(counter: &mut impl Counter, sets: &Sets<'_>) {
        let actions = [None, Some(Action::Allow), Some(Action::Deny)];
        let rules: [&[u8]; 3] = [b"", b"one", b"two"];
        let mut bits: u128 = 7;
        for step in 0..3_000_usize {
            bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            // Some occur again and again.
            let low = if step % 3 == 0 { bits % 50 } else { bits >> 40 };
            let address = (0x1426_7400 + low % 90_000) & 0xffff_ffff;
            let flow = Flow {
                action: actions.get(step % 3).copied().flatten(),
                rule: rules.get(step % 7 % 3).copied().unwrap_or_default(),
                sent: Some(1),
                received: Some(2),
                ..Flow::default()
            };
            let home = sets.home(Family::V4, address);
            counter.count((Family::V4, address), home, sets, &flow);
        }
        let private = (Family::V4, 0x0a00_0001);
        counter.count(private, Home::Inside, sets, &Flow::default());
    }

    #[test]
    fn sums_are_those_of_a_tally_however_little_room_there_is() {
        let index = embedded_index().unwrap();
        let sets = Sets::new(index.view(), &Specials::embedded());
        let mut tally = Tally::new(By::Address, &sets);
        counted(&mut tally, &sets);
        for most in [1, 60, MOST_KEYS] {
            let mut builder = BreakdownBuilder::within(most);
            counted(&mut builder, &sets);
            let breakdown = builder.finish();
            let sum = |is_inside: bool| {
                let mut all = Counts::default();
                for entry in breakdown.entries() {
                    if (entry.who == Who::Inside) == is_inside {
                        all.add(&entry.counts);
                    }
                }
                all
            };
            assert_eq!(sum(false).hits, tally.total(), "{most}");
            assert_eq!(sum(false).received, 2 * sum(false).sent);
            assert_eq!(sum(true).hits, 1);
            let listed = breakdown.addresses().count();
            assert!(listed <= most);
            if most == MOST_KEYS {
                assert_eq!((breakdown.late(), listed), (0, tally.keys().count()));
            } else {
                assert!(breakdown.late() > 0);
            }
        }
    }
}
