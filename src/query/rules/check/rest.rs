//! What several rows leave of one: its traffic as a box of protocols, ports and ends, cut along the
//! bounds of the others.

use crate::query::rules::check::side::{Atom, SideMatch, holds};
use crate::query::rules::resolve::everything;
use crate::space::AddressSet;

/// Protocols that have ports, as bits.
pub(super) const WITH_PORTS: u8 = 0b11;

/// Most pieces into which a row is cut.
const MOST_PIECES: usize = 256;

/// Runs of ports, ascending.
type Runs = Vec<(u16, u16)>;

/// The traffic of a row, or a part of it.
#[derive(Debug, Clone)]
pub(super) struct TrafficBox {
    protocols: u8,
    source_ports: Runs,
    ports: Runs,
    from: SidePart,
    to: SidePart,
}

/// Traffic that a row takes, whole.
pub(super) struct TrafficCut<'a> {
    pub protocols: u8,
    pub source_ports: &'a [(u16, u16)],
    pub ports: &'a [(u16, u16)],
    pub from: &'a SideMatch,
    pub to: &'a SideMatch,
}

/// A part of a side.
#[derive(Debug, Clone)]
struct SidePart {
    addresses: AddressSet,
    atoms: Vec<Atom>,
}

impl SidePart {
    fn of(side: &SideMatch) -> Self {
        if side.is_any {
            return Self {
                addresses: everything(),
                atoms: Vec::new(),
            };
        }
        Self {
            addresses: AddressSet::clone(&side.addresses),
            atoms: side.atoms.clone(),
        }
    }

    fn is_empty(&self) -> bool {
        self.addresses.is_empty() && self.atoms.is_empty()
    }

    /// What a side has of it, and what is left.
    fn cut(&self, by: &SideMatch) -> (Self, Self) {
        if by.is_any || self.atoms.is_empty() && holds(&by.addresses, &self.addresses) {
            let nothing = Self {
                addresses: AddressSet::default(),
                atoms: Vec::new(),
            };
            return (self.clone(), nothing);
        }
        let (had, left) = self.atoms.iter().cloned().partition(|atom| by.has(atom));
        let taken = Self {
            addresses: self.addresses.intersection(&by.addresses),
            atoms: had,
        };
        let left = Self {
            addresses: self.addresses.difference(&by.addresses),
            atoms: left,
        };
        (taken, left)
    }
}

impl TrafficBox {
    /// All that a row matches.
    pub fn of(row: &TrafficCut<'_>) -> Vec<Self> {
        let whole = Self {
            protocols: row.protocols,
            source_ports: row.source_ports.to_vec(),
            ports: row.ports.to_vec(),
            from: SidePart::of(row.from),
            to: SidePart::of(row.to),
        };
        let with_ports = Self {
            protocols: row.protocols & WITH_PORTS,
            ..whole.clone()
        };
        let mut boxes = vec![with_ports, whole.without_ports()];
        boxes.retain(Self::is_possible);
        boxes
    }

    /// The protocols that have no ports. Whether a row about ports is about them too is not said
    /// anywhere: one such row is as good as another, and only a row about all ports holds one.
    fn without_ports(self) -> Self {
        let all = vec![(0, u16::MAX)];
        let is_of_all = is_all(&self.ports) && is_all(&self.source_ports);
        Self {
            protocols: self.protocols & !WITH_PORTS,
            ports: if is_of_all { all.clone() } else { vec![(0, 0)] },
            source_ports: all,
            ..self
        }
    }

    /// The ports of a row as they are for this traffic.
    fn ports_of<'r>(&self, row: &TrafficCut<'r>) -> [&'r [(u16, u16)]; 2] {
        if self.protocols & WITH_PORTS != 0 {
            return [row.source_ports, row.ports];
        }
        let is_of_all = is_all(row.ports) && is_all(row.source_ports);
        let ports: &[(u16, u16)] = if is_of_all {
            &[(0, u16::MAX)]
        } else {
            &[(0, 0)]
        };
        [&[(0, u16::MAX)], ports]
    }

    /// Whether there is any such traffic: none goes from one family to the other.
    fn is_possible(&self) -> bool {
        let meets = |one: &AddressSet, other: &AddressSet| {
            !one.v4.is_empty() && !other.v4.is_empty() || !one.v6.is_empty() && !other.v6.is_empty()
        };
        let (from, to) = (&self.from, &self.to);
        self.protocols != 0
            && !self.source_ports.is_empty()
            && !self.ports.is_empty()
            && !from.is_empty()
            && !to.is_empty()
            && (!from.atoms.is_empty()
                || !to.atoms.is_empty()
                || meets(&from.addresses, &to.addresses))
    }

    /// What a row leaves of it.
    fn without(self, row: &TrafficCut<'_>) -> Vec<Self> {
        let mut left = Vec::new();
        let mut push = |part: Self| {
            if part.is_possible() {
                left.push(part);
            }
        };
        let [source_ports, ports] = self.ports_of(row);
        let protocols = self.protocols & row.protocols;
        push(Self {
            protocols: self.protocols & !protocols,
            ..self.clone()
        });
        let (taken, rest) = cut_runs(&self.source_ports, source_ports);
        push(Self {
            protocols,
            source_ports: rest,
            ..self.clone()
        });
        let own = Self {
            protocols,
            source_ports: taken,
            ..self
        };
        let (taken, rest) = cut_runs(&own.ports, ports);
        push(Self {
            ports: rest,
            ..own.clone()
        });
        let own = Self {
            ports: taken,
            ..own
        };
        let (taken, rest) = own.from.cut(row.from);
        push(Self {
            from: rest,
            ..own.clone()
        });
        let own = Self { from: taken, ..own };
        let (_, rest) = own.to.cut(row.to);
        push(Self { to: rest, ..own });
        left
    }
}

/// Takes what a row has off some boxes, and says whether it had any of it; `None` where that is cut
/// into too many.
pub(super) fn take(boxes: &mut Vec<TrafficBox>, row: &TrafficCut<'_>) -> Option<bool> {
    let before: Vec<TrafficBox> = std::mem::take(boxes);
    let mut has_taken = false;
    for own in before {
        let is_met = own.is_met(row);
        has_taken |= is_met;
        if is_met {
            boxes.extend(own.without(row));
        } else {
            boxes.push(own);
        }
        if boxes.len() > MOST_PIECES {
            return None;
        }
    }
    Some(has_taken)
}

impl TrafficBox {
    /// Whether a row has any of it for sure.
    fn is_met(&self, row: &TrafficCut<'_>) -> bool {
        let [source_ports, ports] = self.ports_of(row);
        let has_common = |own: &Runs, other: &[(u16, u16)]| !cut_runs(own, other).0.is_empty();
        if self.protocols & row.protocols == 0
            || !has_common(&self.ports, ports)
            || !has_common(&self.source_ports, source_ports)
        {
            return false;
        }
        let taken = Self {
            from: self.from.cut(row.from).0,
            to: self.to.cut(row.to).0,
            ..self.clone()
        };
        taken.is_possible()
    }
}

fn is_all(runs: &[(u16, u16)]) -> bool {
    matches!(runs, [(0, u16::MAX)])
}

/// What runs have in common with others, and what is left of them.
fn cut_runs(own: &Runs, by: &[(u16, u16)]) -> (Runs, Runs) {
    let (mut taken, mut left) = (Vec::new(), Vec::new());
    for &(first, last) in own {
        let mut next = u32::from(first);
        for &(low, high) in by {
            let (low, high) = (low.max(first), high.min(last));
            if low > high || u32::from(high) < next {
                continue;
            }
            if u32::from(low) > next {
                left.extend(run(next, u32::from(low) - 1));
            }
            taken.push((low, high));
            next = u32::from(high) + 1;
        }
        left.extend(run(next, u32::from(last)));
    }
    (taken, left)
}

fn run(first: u32, last: u32) -> Option<(u16, u16)> {
    let ends = (u16::try_from(first).ok()?, u16::try_from(last).ok()?);
    (first <= last).then_some(ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_cut_along_the_bounds_of_others() {
        let all = vec![(0, u16::MAX)];
        let (taken, left) = cut_runs(&all, &[(80, 80), (443, 500)]);
        assert_eq!(taken, [(80, 80), (443, 500)]);
        assert_eq!(left, [(0, 79), (81, 442), (501, u16::MAX)]);
        assert_eq!(cut_runs(&taken, &all), (taken.clone(), Vec::new()));
        assert_eq!(cut_runs(&all, &all).1, []);
        assert_eq!(cut_runs(&vec![(5, 9)], &[(1, 4), (10, 12)]).1, [(5, 9)]);
    }
}
