//! The flows of logs, each once, with how often it occurs.

use std::collections::HashMap;

use crate::traffic::{Action, Direction, End, Flow, Protocol};

/// Most flows that are told apart.
pub const MOST_FLOWS: usize = 1_000_000;
/// Longest name that stands for an end.
const LONGEST: usize = 512;

/// One end of a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FlowEnd {
    /// The records do not say it.
    Unsaid,
    /// An address.
    Address(End),
    /// The place of a name.
    Name(u32),
}

/// What makes a flow another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FlowKey {
    /// Where it comes from.
    pub from: FlowEnd,
    /// Where it goes.
    pub to: FlowEnd,
    /// The port that was meant.
    pub port: Option<u16>,
    /// The protocol.
    pub protocol: Option<Protocol>,
    /// Which way, seen from the network that is logged.
    pub direction: Option<Direction>,
}

/// What has been counted of a flow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FlowCounts {
    /// Records.
    pub hits: u64,
    /// Bytes from the source.
    pub sent: u64,
    /// Bytes to the source.
    pub received: u64,
    /// Records by which it got through.
    pub allowed: u64,
    /// Records by which it did not.
    pub denied: u64,
}

impl FlowCounts {
    /// These and others.
    pub const fn add(&mut self, other: &Self) {
        self.hits += other.hits;
        self.sent += other.sent;
        self.received += other.received;
        self.allowed += other.allowed;
        self.denied += other.denied;
    }
}

/// The flows of logs.
#[derive(Debug, Default)]
pub struct Distinct {
    /// Each end once: most flows share theirs with others.
    ends: Places<FlowEnd>,
    names: Places<Box<[u8]>>,
    flows: HashMap<Packed, FlowCounts>,
    beyond: u64,
}

/// A flow by the places of its ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Packed {
    ends: [u32; 2],
    port: Option<u16>,
    protocol: Option<Protocol>,
    direction: Option<Direction>,
}

impl Distinct {
    /// Takes in a record.
    pub fn add(&mut self, flow: &Flow<'_>) {
        let has_room = self.flows.len() < MOST_FLOWS;
        let from = self.end(flow.source, flow.source_name, has_room);
        let to = self.end(flow.destination, flow.destination_name, has_room);
        let Some((from, to)) = from.zip(to) else {
            self.beyond += 1;
            return;
        };
        let key = Packed {
            ends: [from, to],
            port: flow.port,
            protocol: flow.protocol,
            direction: flow.direction,
        };
        let counts = FlowCounts {
            hits: 1,
            sent: flow.sent.unwrap_or(0),
            received: flow.received.unwrap_or(0),
            allowed: u64::from(flow.action == Some(Action::Allow)),
            denied: u64::from(flow.action == Some(Action::Deny)),
        };
        match self.flows.get_mut(&key) {
            Some(own) => own.add(&counts),
            None if has_room => _ = self.flows.insert(key, counts),
            None => self.beyond += 1,
        }
    }

    /// The place of an end; nothing where it is new and there is no room.
    fn end(&mut self, address: Option<End>, name: &[u8], has_room: bool) -> Option<u32> {
        let end = match address {
            Some(address) => FlowEnd::Address(address),
            None if name.is_empty() => FlowEnd::Unsaid,
            None => {
                let name = name.get(..LONGEST).unwrap_or(name);
                FlowEnd::Name(self.names.place(name.into(), has_room)?)
            }
        };
        self.ends.place(end, has_room)
    }

    /// Every flow, in no order.
    pub fn flows(&self) -> impl Iterator<Item = (FlowKey, &FlowCounts)> {
        let end = |place| self.ends.get(place).copied().unwrap_or(FlowEnd::Unsaid);
        self.flows.iter().map(move |(packed, counts)| {
            let [from, to] = packed.ends.map(end);
            let key = FlowKey {
                from,
                to,
                port: packed.port,
                protocol: packed.protocol,
                direction: packed.direction,
            };
            (key, counts)
        })
    }

    /// A name by its place.
    #[must_use]
    pub fn name(&self, place: u32) -> &[u8] {
        self.names.get(place).map_or(&[], |name| name)
    }

    /// Records of flows that found no room.
    #[must_use]
    pub const fn beyond(&self) -> u64 {
        self.beyond
    }
}

/// Different values by numbers in the order in which they came.
#[derive(Debug)]
struct Places<T> {
    known: HashMap<T, u32>,
    all: Vec<T>,
}

impl<T> Default for Places<T> {
    fn default() -> Self {
        Self {
            known: HashMap::new(),
            all: Vec::new(),
        }
    }
}

impl<T: Clone + Eq + std::hash::Hash> Places<T> {
    fn place(&mut self, value: T, has_room: bool) -> Option<u32> {
        if let Some(&place) = self.known.get(&value) {
            return Some(place);
        }
        let place = u32::try_from(self.all.len()).ok().filter(|_| has_room)?;
        self.all.push(value.clone());
        self.known.insert(value, place);
        Some(place)
    }

    fn get(&self, place: u32) -> Option<&T> {
        self.all.get(usize::try_from(place).ok()?)
    }
}
