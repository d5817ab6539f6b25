//! What is counted of a log.

use std::collections::HashMap;

use crate::index::Node;
use crate::ranges::OtherRanges;
use crate::space::{Block, Family};
use crate::traffic::counter::Counter;
use crate::traffic::seen::Seen;
use crate::traffic::{Action, End, Flow, Home, Sets};

/// What hits are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum By {
    /// The most specific tag, or every one.
    Tag,
    /// All tags of an address together.
    Set,
    /// The region of the tag.
    Region,
    /// The service of the tag.
    Service,
    /// The address itself.
    Address,
    /// The longest prefix that holds it.
    Prefix,
    /// The rule that decided.
    Rule,
    /// The port that was meant.
    Port,
    /// What was done.
    Action,
}

impl By {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Tag,
        Self::Set,
        Self::Region,
        Self::Service,
        Self::Address,
        Self::Prefix,
        Self::Rule,
        Self::Port,
        Self::Action,
    ];

    /// The word of flags and heads.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Tag => "tag",
            Self::Set => "set",
            Self::Region => "region",
            Self::Service => "service",
            Self::Address => "address",
            Self::Prefix => "prefix",
            Self::Rule => "rule",
            Self::Port => "port",
            Self::Action => "action",
        }
    }

    /// Whether it is known from the answers of the week alone.
    const fn is_of_sets(self) -> bool {
        matches!(self, Self::Tag | Self::Set | Self::Region | Self::Service)
    }
}

/// What has been counted of something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Occurrences of an address, or records of flows.
    pub hits: u64,
    /// Different addresses.
    pub addresses: u64,
    /// Bytes from the source.
    pub sent: u64,
    /// Bytes to the source.
    pub received: u64,
}

impl Counts {
    /// These and others.
    pub const fn add(&mut self, other: &Self) {
        self.hits += other.hits;
        self.addresses += other.addresses;
        self.sent += other.sent;
        self.received += other.received;
    }
}

/// What holds an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Holder {
    /// The answer of the week with this place.
    Tags(usize),
    /// The range of others with this place.
    Other(usize),
}

/// What is counted where the answers of the week do not tell.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// An address, with what it is in.
    Address(Family, u128, Option<Holder>),
    /// A prefix, with what it is of.
    Prefix(Family, u128, u8, Holder),
    /// An address in no tag.
    Nowhere,
    /// A rule by its name.
    Rule(Box<[u8]>),
    /// A port.
    Port(u16),
    /// What was done.
    Action(Action),
    /// The record does not say.
    Unsaid,
}

/// Most keys that are told apart.
pub const MOST_KEYS: usize = 150_000;

/// What the records of a log said at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// Records.
    pub records: u64,
    /// With a port.
    pub ports: u64,
    /// With a rule.
    pub rules: u64,
    /// With what was done.
    pub actions: u64,
    /// With a direction.
    pub directions: u64,
    /// With bytes.
    pub bytes: u64,
    /// With a time.
    pub times: u64,
    /// The earliest and the latest time.
    pub span: Option<(i64, i64)>,
}

impl Said {
    /// Takes in a record.
    pub fn add(&mut self, flow: &Flow<'_>) {
        self.records += 1;
        self.ports += u64::from(flow.port.is_some());
        self.rules += u64::from(!flow.rule.is_empty());
        self.actions += u64::from(flow.action.is_some());
        self.directions += u64::from(flow.direction.is_some());
        self.bytes += u64::from(flow.sent.is_some() || flow.received.is_some());
        if let Some(time) = flow.time {
            self.times += 1;
            let (first, last) = self.span.unwrap_or((time, time));
            self.span = Some((first.min(time), last.max(time)));
        }
    }

    /// Takes in another part of a log.
    pub fn join(&mut self, other: &Self) {
        self.records += other.records;
        self.ports += other.ports;
        self.rules += other.rules;
        self.actions += other.actions;
        self.directions += other.directions;
        self.bytes += other.bytes;
        self.times += other.times;
        if let Some((first, last)) = other.span {
            let (own_first, own_last) = self.span.unwrap_or((first, last));
            self.span = Some((own_first.min(first), own_last.max(last)));
        }
    }
}

/// Counts of a log.
#[derive(Debug)]
pub struct Tally {
    by: By,
    /// Of each answer of the week, by its place.
    nodes: Vec<Counts>,
    keys: HashMap<Key, Counts>,
    /// What found no room among the keys.
    rest: Counts,
    nowhere: Counts,
    inside: Counts,
    /// By the narrowest range of others: what is in no tag, and what is in one as well.
    others: Vec<[Counts; 2]>,
    seen: Seen,
}

impl Tally {
    /// Begins to count.
    #[must_use]
    pub fn new(by: By, sets: &Sets<'_>) -> Self {
        Self {
            by,
            nodes: vec![Counts::default(); sets.view().node_count()],
            keys: HashMap::new(),
            rest: Counts::default(),
            nowhere: Counts::default(),
            inside: Counts::default(),
            others: vec![
                <[Counts; 2]>::default();
                sets.others().map_or(0, OtherRanges::range_count)
            ],
            seen: Seen::default(),
        }
    }

    fn add_key(
        &mut self,
        (family, bits): (Family, u128),
        home: Home,
        sets: &Sets<'_>,
        flow: &Flow<'_>,
        mut counts: Counts,
    ) {
        let holder = match home {
            Home::Tags(node) => {
                let length = || sets.view().hits(node).next().map_or(0, |hit| hit.length);
                Some((Holder::Tags(node.place()), length()))
            }
            Home::Other(place) => {
                let hit = sets.others().and_then(|others| others.hits(place).next());
                let length = hit.map_or(0, |hit| hit.prefix.length());
                Some((Holder::Other(place), length))
            }
            Home::Nowhere | Home::Inside => None,
        };
        let key = match (self.by, holder) {
            (By::Address, holder) => {
                counts.addresses = 1;
                Key::Address(family, bits, holder.map(|(holder, _)| holder))
            }
            (By::Prefix, Some((holder, length))) => {
                let first = Block::holding(family, bits, length).first();
                Key::Prefix(family, first, length, holder)
            }
            (By::Prefix, None) => Key::Nowhere,
            (By::Rule, _) if flow.rule.is_empty() => Key::Unsaid,
            (By::Rule, _) => Key::Rule(flow.rule.into()),
            (By::Port, _) => flow.port.map_or(Key::Unsaid, Key::Port),
            (By::Action, _) => flow.action.map_or(Key::Unsaid, Key::Action),
            _ => return,
        };
        let has_room = self.keys.len() < MOST_KEYS;
        match self.keys.get_mut(&key) {
            Some(own) if self.by == By::Address => own.add(&Counts {
                addresses: 0,
                ..counts
            }),
            Some(own) => own.add(&counts),
            None if has_room => _ = self.keys.insert(key, counts),
            None => self.rest.add(&counts),
        }
    }

    /// The counts of each answer that occurs.
    pub fn nodes<'a>(
        &'a self,
        sets: &Sets<'a>,
    ) -> impl Iterator<Item = (Node, &'a Counts)> + use<'a> {
        let nodes = sets.view().nodes().zip(&self.nodes);
        nodes.filter(|(_, counts)| counts.hits > 0)
    }

    /// The counts by ranges of others that occur, by their place: of addresses in no tag, and of those
    /// in one as well.
    pub fn others(&self) -> impl Iterator<Item = (usize, &[Counts; 2])> {
        let others = self.others.iter().enumerate();
        others.filter(|(_, counts)| counts.iter().any(|counts| counts.hits > 0))
    }

    /// The counts of each key.
    pub fn keys(&self) -> impl Iterator<Item = (&Key, &Counts)> {
        self.keys.iter()
    }

    /// What is in no tag, and public.
    #[must_use]
    pub const fn nowhere(&self) -> &Counts {
        &self.nowhere
    }

    /// What is not public.
    #[must_use]
    pub const fn inside(&self) -> &Counts {
        &self.inside
    }

    /// What found no room among the keys.
    #[must_use]
    pub const fn rest(&self) -> &Counts {
        &self.rest
    }

    /// The different addresses.
    #[must_use]
    pub const fn seen(&self) -> &Seen {
        &self.seen
    }

    /// Hits at public addresses, and at those of others.
    #[must_use]
    pub fn total(&self) -> u64 {
        let tags: u64 = self.nodes.iter().map(|counts| counts.hits).sum();
        let others: u64 = self.others.iter().map(|[alone, _]| alone.hits).sum();
        self.nowhere.hits + tags + others
    }
}

impl Counter for Tally {
    #[inline]
    fn count(&mut self, (family, bits): End, home: Home, sets: &Sets<'_>, flow: &Flow<'_>) {
        let mut counts = Counts {
            hits: 1,
            addresses: 0,
            sent: flow.sent.unwrap_or(0),
            received: flow.received.unwrap_or(0),
        };
        if self.by != By::Address || home == Home::Inside {
            counts.addresses = u64::from(self.seen.insert(family, bits));
        }
        match home {
            Home::Inside => {
                self.inside.add(&counts);
                return;
            }
            Home::Nowhere => self.nowhere.add(&counts),
            Home::Tags(node) => {
                if let Some(own) = self.nodes.get_mut(node.place()) {
                    own.add(&counts);
                }
                let other = sets.other(family, bits);
                if let Some([_, both]) = other.and_then(|other| self.others.get_mut(other)) {
                    both.add(&counts);
                }
            }
            Home::Other(place) => {
                if let Some([alone, _]) = self.others.get_mut(place) {
                    alone.add(&counts);
                }
            }
        }
        if !self.by.is_of_sets() {
            self.add_key((family, bits), home, sets, flow, counts);
        }
    }
}
