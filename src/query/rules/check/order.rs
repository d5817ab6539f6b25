//! Rows that another row makes pointless, and rows that share traffic.

use std::rc::Rc;

use crate::azure::PlatformTag;
use crate::query::rules::check::nsg::is_demanded;
use crate::query::rules::check::rest::{TrafficBox, TrafficCut, WITH_PORTS, take};
use crate::query::rules::check::side::SideMatch;
use crate::query::rules::check::{Check, Checker, catalogue, named, several};
use crate::query::rules::order::{RowPosition, at, policies};
use crate::rules::{Access, Direction, Protocol, Row, RuleSet, Stage};

/// Steps that may be spent on overlaps of one set; some tens of milliseconds.
const MOST_STEPS: usize = 4_000_000;

/// Rows of which every pair is compared: some million pairs.
const MOST_COMPARED: usize = 4_000;

/// What a row matches.
struct RowMatch {
    /// Its place in the order.
    place: usize,
    position: RowPosition,
    direction: Direction,
    is_allow: bool,
    /// Whether it is no row to say anything about: one of Azure's own, or of a base policy.
    is_only_compared: bool,
    protocols: u8,
    source_ports: Vec<(u16, u16)>,
    ports: Vec<(u16, u16)>,
    /// Numbers of the sides: equal numbers, equal sides.
    places: (usize, usize),
    from: Rc<SideMatch>,
    to: Rc<SideMatch>,
}

impl RowMatch {
    /// Whether every connection that the other matches is matched here.
    fn holds(&self, other: &Self) -> bool {
        self.direction == other.direction
            && self.protocols & other.protocols == other.protocols
            && has_all(&self.ports, &other.ports)
            && has_all(&self.source_ports, &other.source_ports)
            && (self.places.1 == other.places.1 || self.to.holds(&other.to))
            && (self.places.0 == other.places.0 || self.from.holds(&other.from))
    }

    /// What it takes off others.
    fn cut(&self) -> TrafficCut<'_> {
        TrafficCut {
            protocols: self.protocols,
            source_ports: &self.source_ports,
            ports: &self.ports,
            from: &self.from,
            to: &self.to,
        }
    }

    fn meets(&self, other: &Self, steps: &mut usize) -> bool {
        self.is_about_some_of(other)
            && self.from.meets(&other.from, steps)
            && self.to.meets(&other.to, steps)
    }

    /// Whether both match something, as far as can be: of traffic without ports rows about ports may
    /// be all about the same.
    fn may_meet(&self, other: &Self, steps: &mut usize) -> bool {
        let is_portless = self.protocols & other.protocols & !WITH_PORTS != 0;
        (self.is_about_some_of(other) || is_portless && self.direction == other.direction)
            && self.from.may_meet(&other.from, steps)
            && self.to.may_meet(&other.to, steps)
    }

    /// Whether direction, protocols and ports have something in common.
    fn is_about_some_of(&self, other: &Self) -> bool {
        self.direction == other.direction
            && self.protocols & other.protocols != 0
            && have_common(&self.ports, &other.ports)
            && have_common(&self.source_ports, &other.source_ports)
    }
}

/// The rows of the set at hand among themselves.
pub(super) fn check(checker: &mut Checker<'_>, set: &RuleSet) {
    let (file, Some(number)) = (checker.position.file, checker.position.set) else {
        return;
    };
    let rows = (0..set.rows.len()).map(|row| (file, number, row));
    // Rows of a registry have no order: each of them only lets in.
    compare(checker, rows, set.kind.is_of_network(), |_| true);
}

/// The rows of every firewall policy, over all of its groups.
pub(super) fn firewalls(checker: &mut Checker<'_>) {
    for policy in policies(checker.files) {
        if let Some(&(file, set)) = policy.sets.first() {
            (checker.position.file, checker.position.set) = (file, Some(set));
            // Those of a base policy are compared among themselves where it is met.
            let rows = policy.rows.iter().copied();
            compare(checker, rows, true, |position| policy.owns(position));
        }
    }
}

fn compare(
    checker: &mut Checker<'_>,
    rows: impl Iterator<Item = RowPosition>,
    is_ordered: bool,
    is_own: impl Fn(RowPosition) -> bool,
) {
    let (mut list, unread) = matches(checker, rows);
    for row in &mut list {
        row.is_only_compared |= !is_own(row.position);
    }
    let is_cut = list.len() > MOST_COMPARED;
    list.truncate(MOST_COMPARED);
    let mut steps = MOST_STEPS;
    let mut is_cut_short = false;
    let mut decided = vec![false; list.len()];
    for (place, (own, is_decided)) in list.iter().zip(&mut decided).enumerate() {
        if own.is_only_compared {
            continue;
        }
        let before = list.get(..place).unwrap_or_default();
        let after = list.get(place + 1..).unwrap_or_default();
        *is_decided = true;
        if let Some(earlier) = before.iter().find(|earlier| earlier.holds(own)) {
            decided_by(checker, earlier, own, is_ordered);
            continue;
        }
        let is_wider = |wider: &&RowMatch| wider.holds(own) && !own.holds(wider);
        if !is_ordered && let Some(wider) = after.iter().find(is_wider) {
            decided_by(checker, wider, own, is_ordered);
            continue;
        }
        *is_decided = false;
        if is_ordered {
            match together(before, own, &mut steps) {
                Together::Decide(deciders) => {
                    decided_together(checker, &deciders, own);
                    *is_decided = true;
                }
                Together::Leave => {}
                Together::TooMany => is_cut_short = true,
            }
        }
    }
    for (place, own) in list.iter().enumerate().filter(|_| is_ordered) {
        let is_decided = |place: usize| decided.get(place) == Some(&true);
        if own.is_only_compared || is_decided(place) {
            continue;
        }
        overlaps(
            checker,
            list.get(..place).unwrap_or_default(),
            own,
            &mut steps,
        );
        let after = list.iter().enumerate().skip(place + 1);
        let after = after.map(|(later, row)| (row, is_decided(later)));
        covered(checker, after, own, &unread, &mut steps);
    }
    if is_cut {
        let text = format!("only the first {MOST_COMPARED} rows were");
        checker.note(&catalogue::UNCHECKED, &text);
    } else if steps == 0 || is_cut_short {
        let text =
            "overlaps among many addresses; rows that a single other one hides were all found";
        checker.note(&catalogue::UNCHECKED, text);
    }
}

/// The rows that are understood, in order, and the places of those that are not.
fn matches(
    checker: &mut Checker<'_>,
    rows: impl Iterator<Item = RowPosition>,
) -> (Vec<RowMatch>, Vec<usize>) {
    let mut unread = Vec::new();
    let mut list = Vec::new();
    for (place, position) in rows.enumerate() {
        let Some((_, row)) = at(checker.files, position) else {
            continue;
        };
        // Address translation comes before every other row.
        if row.stage == Some(Stage::Translation) {
            continue;
        }
        let is_allow = match row.access {
            Access::Allow => true,
            Access::Deny => false,
            _ => {
                unread.push(place);
                continue;
            }
        };
        if row.is_unread() {
            unread.push(place);
            continue;
        }
        let places = (
            checker.sides.place(&row.sources),
            checker.sides.place(&row.destinations),
        );
        let (from, to) = (checker.sides.at(places.0), checker.sides.at(places.1));
        let protocols = mask(row);
        if !from.is_empty() && !to.is_empty() && protocols != 0 {
            list.push(RowMatch {
                place,
                position,
                direction: row.direction,
                is_allow,
                is_only_compared: row.is_default,
                protocols,
                source_ports: row.source_ports.joined(),
                ports: row.ports.joined(),
                places,
                from,
                to,
            });
        }
    }
    (list, unread)
}

/// A finding about a row, wherever it is.
fn found(checker: &mut Checker<'_>, check: &'static Check, position: RowPosition, text: &str) {
    let files = checker.files;
    (checker.position.file, checker.position.set) = (position.0, Some(position.1));
    if let Some((set, _)) = at(files, position) {
        checker.row(set, position.2, check, text);
    }
}

/// The check of a row that a service wants to be there.
fn kept(checker: &Checker<'_>, row: &RowMatch) -> Option<&'static Check> {
    let (_, row) = at(checker.files, row.position)?;
    is_demanded(row).then_some(&catalogue::DEMANDED)
}

/// Another row as a finding about `own` names it.
fn other(checker: &Checker<'_>, own: &RowMatch, other: &RowMatch) -> Option<String> {
    let (set, row) = at(checker.files, other.position)?;
    let is_near = (own.position.0, own.position.1) == (other.position.0, other.position.1);
    Some(if is_near {
        named(row)
    } else {
        format!("{} of {}", named(row), set.name)
    })
}

fn decided_by(checker: &mut Checker<'_>, by: &RowMatch, row: &RowMatch, is_ordered: bool) {
    let Some(other) = other(checker, row, by) else {
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
    let text = format!("{text}{}", by_assumption(by, row));
    let check = kept(checker, row).unwrap_or(check);
    found(checker, check, row.position, &text);
}

/// What earlier rows do together with all that a row matches.
enum Together<'r> {
    /// Each decides a part of it, and nothing is left.
    Decide(Vec<&'r RowMatch>),
    /// Something is left.
    Leave,
    /// It falls into too many parts.
    TooMany,
}

fn together<'r>(before: &'r [RowMatch], own: &RowMatch, steps: &mut usize) -> Together<'r> {
    let mut rest = TrafficBox::of(&own.cut());
    let mut deciders = Vec::new();
    for earlier in before {
        if *steps == 0 {
            return Together::TooMany;
        }
        *steps -= 1;
        if !earlier.meets(own, steps) {
            continue;
        }
        *steps = steps.saturating_sub(rest.len());
        match take(&mut rest, &earlier.cut()) {
            Some(true) => deciders.push(earlier),
            Some(false) => {}
            None => return Together::TooMany,
        }
        if rest.is_empty() {
            return Together::Decide(deciders);
        }
    }
    Together::Leave
}

fn decided_together(checker: &mut Checker<'_>, by: &[&RowMatch], row: &RowMatch) {
    let is_same = by.iter().all(|by| by.is_allow == row.is_allow);
    let mut text = several(by.iter().filter_map(|by| other(checker, row, by)));
    text.push_str(" decide all of it before, together");
    if is_same {
        text.push_str(", and do the same");
    }
    let assumed = by.iter().map(|by| by_assumption(by, row));
    text.push_str(assumed.max().unwrap_or_default());
    let check = if is_same {
        &catalogue::REDUNDANT
    } else {
        &catalogue::SHADOWED
    };
    let check = kept(checker, row).unwrap_or(check);
    found(checker, check, row.position, &text);
}

/// A later row that does the same with all of it, and none between them that does otherwise with
/// any of it.
fn covered<'r>(
    checker: &mut Checker<'_>,
    after: impl Iterator<Item = (&'r RowMatch, bool)>,
    own: &RowMatch,
    unread: &[usize],
    steps: &mut usize,
) {
    for (later, is_decided) in after {
        if later.is_only_compared || later.direction != own.direction {
            continue;
        }
        if *steps == 0 {
            return;
        }
        *steps -= 1;
        if later.is_allow != own.is_allow {
            // One that is never reached may be so because of this row.
            if later.may_meet(own, steps) {
                return;
            }
            continue;
        }
        if is_decided || !later.holds(own) {
            continue;
        }
        // A row between them that is not understood may decide a part of it.
        let is_between = |place: &usize| (own.place..later.place).contains(place);
        if unread.iter().any(is_between) {
            return;
        }
        if let Some(other) = other(checker, own, later) {
            let text = format!(
                "{other} {} all of it too, and no row between them decides otherwise{}",
                does(later),
                by_assumption(later, own)
            );
            let check = kept(checker, own).unwrap_or(&catalogue::COVERED);
            found(checker, check, own.position, &text);
        }
        return;
    }
}

const fn does(row: &RowMatch) -> &'static str {
    if row.is_allow { "allows" } else { "denies" }
}

/// What is taken for granted of symbolic tags where one holds addresses.
fn by_assumption(by: &RowMatch, row: &RowMatch) -> &'static str {
    let rests = |tag: PlatformTag| {
        let rests = |wide: &SideMatch, narrow: &SideMatch| {
            !wide.is_any && wide.is_platform(tag) && !narrow.is_platform(tag)
        };
        rests(&by.from, &row.from) || rests(&by.to, &row.to)
    };
    if rests(PlatformTag::Internet) {
        " (assumed: the network itself has no public addresses)"
    } else if rests(PlatformTag::VirtualNetwork) {
        " (assumed: VirtualNetwork has all private addresses)"
    } else {
        ""
    }
}

/// Earlier rows that decide a part of it otherwise.
fn overlaps(checker: &mut Checker<'_>, before: &[RowMatch], row: &RowMatch, steps: &mut usize) {
    let mut others = Vec::new();
    for earlier in before {
        if *steps == 0 {
            return;
        }
        *steps -= 1;
        // An exception before a wider row is how rows are meant to be written.
        if earlier.is_allow != row.is_allow && earlier.meets(row, steps) && !row.holds(earlier) {
            others.extend(other(checker, row, earlier));
        }
    }
    if !others.is_empty() {
        let text = format!(
            "decided in part before, and otherwise, by {}",
            several(others)
        );
        found(checker, &catalogue::OVERLAP, row.position, &text);
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
