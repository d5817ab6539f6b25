//! Rows that another row makes pointless, and rows that share traffic.

use std::rc::Rc;

use crate::query::rules::check::side::Side;
use crate::query::rules::check::{Desk, catalogue, named, several};
use crate::rules::{Access, Direction, Kind, Ports, Protocol, Row, RuleSet};

/// Steps that may be spent on overlaps of one set; some tens of milliseconds.
const MOST_STEPS: usize = 4_000_000;

/// Rows of which every pair is compared: some million pairs.
const MOST_COMPARED: usize = 4_000;

/// What a row matches.
struct Match {
    row: usize,
    direction: Direction,
    is_allow: bool,
    is_default: bool,
    protocols: u8,
    source_ports: Vec<(u16, u16)>,
    ports: Vec<(u16, u16)>,
    /// Numbers of the sides: equal numbers, equal sides.
    places: (usize, usize),
    from: Rc<Side>,
    to: Rc<Side>,
}

impl Match {
    /// Whether every connection that the other matches is matched here.
    fn holds(&self, other: &Self) -> bool {
        self.direction == other.direction
            && self.protocols & other.protocols == other.protocols
            && has_all(&self.ports, &other.ports)
            && has_all(&self.source_ports, &other.source_ports)
            && (self.places.1 == other.places.1 || self.to.holds(&other.to))
            && (self.places.0 == other.places.0 || self.from.holds(&other.from))
    }

    fn meets(&self, other: &Self, steps: &mut usize) -> bool {
        self.direction == other.direction
            && self.protocols & other.protocols != 0
            && have_common(&self.ports, &other.ports)
            && have_common(&self.source_ports, &other.source_ports)
            && self.from.meets(&other.from, steps)
            && self.to.meets(&other.to, steps)
    }
}

pub(super) fn check<'a>(desk: &mut Desk<'a>, set: &'a RuleSet) {
    let mut list = matches(desk, set);
    let is_cut = list.len() > MOST_COMPARED;
    list.truncate(MOST_COMPARED);
    // Rows of a registry have no order: each of them only lets in.
    let is_ordered = set.kind != Kind::Acr;
    let mut steps = MOST_STEPS;
    for (place, later) in list.iter().enumerate() {
        if later.is_default {
            continue;
        }
        let before = list.get(..place).unwrap_or_default();
        if let Some(earlier) = before.iter().find(|earlier| earlier.holds(later)) {
            decided(desk, set, earlier, later, is_ordered);
            continue;
        }
        if !is_ordered {
            let after = list.get(place + 1..).unwrap_or_default();
            let wider = after
                .iter()
                .find(|wider| wider.holds(later) && !later.holds(wider));
            if let Some(wider) = wider {
                decided(desk, set, wider, later, is_ordered);
            }
            continue;
        }
        overlaps(desk, set, before, later, &mut steps);
    }
    if is_cut {
        let text = format!("only the first {MOST_COMPARED} rows were");
        desk.note(&catalogue::UNCHECKED, &text);
    } else if steps == 0 {
        let text = "overlaps among many addresses; rows that are never reached were all found";
        desk.note(&catalogue::UNCHECKED, text);
    }
}

/// The rows that are understood, in order.
fn matches<'a>(desk: &mut Desk<'a>, set: &'a RuleSet) -> Vec<Match> {
    let rows = set.rows.iter().enumerate();
    rows.filter_map(|(number, row)| {
        let is_allow = match row.access {
            Access::Allow => true,
            Access::Deny => false,
            _ => return None,
        };
        if row.is_unread() {
            return None;
        }
        let places = (
            desk.sides.place(&row.sources),
            desk.sides.place(&row.destinations),
        );
        let (from, to) = (desk.sides.at(places.0), desk.sides.at(places.1));
        let protocols = mask(row);
        (!from.is_empty() && !to.is_empty() && protocols != 0).then(|| Match {
            row: number,
            direction: row.direction,
            is_allow,
            is_default: row.is_default,
            protocols,
            source_ports: runs(&row.source_ports),
            ports: runs(&row.ports),
            places,
            from,
            to,
        })
    })
    .collect()
}

fn decided(desk: &mut Desk<'_>, set: &RuleSet, by: &Match, row: &Match, is_ordered: bool) {
    let Some(other) = set.rows.get(by.row).map(named) else {
        return;
    };
    let is_equal = row.holds(by);
    let same = by.is_allow == row.is_allow;
    let (check, text) = match (same, is_equal) {
        (true, true) => (&catalogue::DUPLICATE, format!("{other} matches the same")),
        (true, false) if is_ordered => (
            &catalogue::REDUNDANT,
            format!("{other} decides all of it before, and does the same"),
        ),
        (true, false) => (&catalogue::REDUNDANT, format!("{other} lets all of it in")),
        (false, _) => (
            &catalogue::SHADOWED,
            format!("{other} {} all of it before", does(by)),
        ),
    };
    let text = format!("{text}{}", by_internet(by, row));
    desk.row(set, row.row, check, &text);
}

const fn does(row: &Match) -> &'static str {
    if row.is_allow { "allows" } else { "denies" }
}

/// A network that uses public addresses itself is not the Internet.
fn by_internet(by: &Match, row: &Match) -> &'static str {
    let rests =
        |wide: &Side, narrow: &Side| !wide.is_any && wide.is_internet() && !narrow.is_internet();
    if rests(&by.from, &row.from) || rests(&by.to, &row.to) {
        " (assumed: the network itself has no public addresses)"
    } else {
        ""
    }
}

/// Earlier rows that decide a part of it otherwise.
fn overlaps(desk: &mut Desk<'_>, set: &RuleSet, before: &[Match], row: &Match, steps: &mut usize) {
    let mut others = Vec::new();
    for earlier in before {
        if *steps == 0 {
            return;
        }
        *steps -= 1;
        // An exception before a wider row is how rows are meant to be written.
        if earlier.is_allow != row.is_allow && earlier.meets(row, steps) && !row.holds(earlier) {
            others.extend(set.rows.get(earlier.row).map(named));
        }
    }
    if !others.is_empty() {
        let text = format!(
            "decided in part before, and otherwise, by {}",
            several(others)
        );
        desk.row(set, row.row, &catalogue::OVERLAP, &text);
    }
}

/// Protocols as bits.
fn mask(row: &Row) -> u8 {
    row.protocols.iter().fold(0, |all, protocol| {
        all | match protocol {
            Protocol::Any => u8::MAX,
            Protocol::Tcp => 1,
            Protocol::Udp => 2,
            Protocol::Icmp => 4,
            Protocol::Esp => 8,
            Protocol::Ah => 16,
        }
    })
}

/// Runs of ports, ascending, that neither overlap nor touch.
pub(super) fn runs(ports: &Ports) -> Vec<(u16, u16)> {
    if ports.is_all() {
        return vec![(0, u16::MAX)];
    }
    let mut joined: Vec<(u16, u16)> = Vec::new();
    for &(first, last) in ports.runs() {
        match joined.last_mut() {
            Some(open) if first <= open.1.saturating_add(1) => open.1 = open.1.max(last),
            _ => joined.push((first, last)),
        }
    }
    joined
}

fn has_all(own: &[(u16, u16)], other: &[(u16, u16)]) -> bool {
    other
        .iter()
        .all(|&(first, last)| own.iter().any(|&(low, high)| low <= first && last <= high))
}

fn have_common(own: &[(u16, u16)], other: &[(u16, u16)]) -> bool {
    other
        .iter()
        .any(|&(first, last)| own.iter().any(|&(low, high)| low <= last && first <= high))
}
