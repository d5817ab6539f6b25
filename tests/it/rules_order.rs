//! Rows that others make pointless, against an evaluator that walks every connection of a small
//! universe.

use std::collections::HashSet;

use proptest::prelude::*;
use tagscope::azure::{Facts, PlatformTag};
use tagscope::query::rules::check::ask;
use tagscope::query::rules::{AddressResolver, LoadedFile};
use tagscope::rules::{
    Access, Applies, Direction, Entry, Ports, Protocol, RegistryFacts, Row, RuleFile, RuleSet,
    RuleSetKind,
};
use tagscope::text::Safe;

use crate::rules_check::dataset;

/// Ends of a connection: eight neighbours, a private address, hosts that no row can name but by a
/// symbol (of shared addresses nobody knows whether they are the Internet's, but it is the same in
/// every row), and the platform's own, which only `*` names.
const ENDS: [&str; 13] = [
    "8.8.8.0", "8.8.8.1", "8.8.8.2", "8.8.8.3", "8.8.8.4", "8.8.8.5", "8.8.8.6", "8.8.8.7",
    "10.0.0.1", "inside", "outside", "shared", "platform",
];
const PROTOCOLS: [Protocol; 3] = [Protocol::Tcp, Protocol::Udp, Protocol::Icmp];
const PORTS: [u16; 6] = [79, 80, 81, 82, 443, 60_000];

/// A connection, by places.
type Connection = (usize, usize, usize, usize);

fn matches_end(entry: &Entry, end: &str) -> bool {
    match entry {
        Entry::Any => true,
        Entry::Platform(PlatformTag::VirtualNetwork) => ["inside", "10.0.0.1"].contains(&end),
        Entry::Platform(PlatformTag::Internet) => {
            ["outside", "shared"].contains(&end) || end.starts_with("8.")
        }
        Entry::Span(span) => {
            let text = span.to_string();
            let Ok(address) = end.parse::<std::net::Ipv4Addr>() else {
                return false;
            };
            let address = address.to_bits();
            let bounds = |text: &str| -> std::net::Ipv4Addr { text.parse().unwrap() };
            if let Some((first, length)) = text.split_once('/') {
                let shift = 32 - length.parse::<u32>().unwrap();
                return address >> shift == bounds(first).to_bits() >> shift;
            }
            let (first, last) = text.split_once('-').unwrap_or((&text, &text));
            (bounds(first).to_bits()..=bounds(last).to_bits()).contains(&address)
        }
        other => panic!("{other}"),
    }
}

/// Every connection of the universe that a row matches.
fn connections(row: &Row) -> HashSet<Connection> {
    let mut all = HashSet::new();
    for (from, source) in ENDS.iter().enumerate() {
        for (to, destination) in ENDS.iter().enumerate() {
            for (kind, protocol) in PROTOCOLS.iter().enumerate() {
                for (place, &port) in PORTS.iter().enumerate() {
                    let is_matched = row.sources.iter().any(|it| matches_end(it, source))
                        && row
                            .destinations
                            .iter()
                            .any(|it| matches_end(it, destination))
                        && row.protocols.iter().any(|it| it.holds(*protocol))
                        && match protocol {
                            // Without ports: whether a row about ports means it is not said; the
                            // first two places are the two readings.
                            Protocol::Icmp => place < 2 && (place == 0 || row.ports.is_all()),
                            _ => row.ports.contains(port),
                        };
                    if is_matched {
                        all.insert((from, to, kind, place));
                    }
                }
            }
        }
    }
    all
}

/// What earlier rows make of a later one: one that holds it, or all of them together.
fn verdict(rows: &[Row], place: usize) -> Option<&'static str> {
    let own = connections(&rows[place]);
    let same_way = |row: &&Row| row.direction == rows[place].direction;
    let earlier = rows[..place].iter().filter(same_way);
    let earlier: Vec<_> = earlier.map(|row| (row, connections(row))).collect();
    if let Some((row, all)) = earlier.iter().find(|(_, all)| own.is_subset(all)) {
        return Some(match (row.access == rows[place].access, *all == own) {
            (true, true) => "duplicate",
            (true, false) => "redundant",
            (false, _) => "shadowed",
        });
    }
    let rows_before: Vec<&Row> = earlier.iter().map(|(row, _)| *row).collect();
    let mut deciders = Vec::new();
    for connection in own {
        deciders.push(decision(&rows_before, connection)?);
    }
    let is_same = deciders.iter().all(|access| *access == rows[place].access);
    Some(if is_same { "redundant" } else { "shadowed" })
}

/// What decides about a connection among the rows of a direction.
fn decision(rows: &[&Row], connection: Connection) -> Option<Access> {
    let row = rows
        .iter()
        .find(|row| connections(row).contains(&connection));
    row.map(|row| row.access.clone())
}

/// Whether one later row does the same with all of it, and none before that one does otherwise with
/// any of it.
fn is_covered(rows: &[Row], place: usize) -> bool {
    let own = connections(&rows[place]);
    let same_way = |row: &&Row| row.direction == rows[place].direction;
    let later = rows.iter().enumerate().skip(place + 1);
    let later = later.filter(|(_, row)| same_way(row));
    for (later, row) in later {
        let its = connections(row);
        if row.access == rows[place].access {
            // A row that is never reached covers nothing.
            if own.is_subset(&its) && verdict(rows, later).is_none() {
                return true;
            }
        } else if !own.is_disjoint(&its) {
            return false;
        }
    }
    false
}

/// Whether everything that the row matches is decided the same without it.
fn is_unnecessary(rows: &[Row], place: usize) -> bool {
    let same_way = |row: &&Row| row.direction == rows[place].direction;
    let mut others = rows.to_vec();
    others.remove(place);
    let others: Vec<&Row> = others.iter().filter(same_way).collect();
    let mut all = connections(&rows[place]).into_iter();
    let own = Some(&rows[place].access);
    all.all(|it| {
        let earlier = rows[..place].iter().filter(same_way).collect::<Vec<_>>();
        decision(&earlier, it).is_some() || decision(&others, it).as_ref() == own
    })
}

fn entry() -> impl Strategy<Value = Entry> {
    prop_oneof![
        1 => Just(Entry::Any),
        1 => Just(Entry::Platform(PlatformTag::VirtualNetwork)),
        1 => Just(Entry::Platform(PlatformTag::Internet)),
        1 => Just(Entry::parse("10.0.0.1")),
        2 => (0..8u8).prop_map(|it| Entry::parse(&format!("8.8.8.{it}"))),
        3 => (0..8u8, 0..8u8).prop_map(|(a, b)| Entry::parse(&format!("8.8.8.{}-8.8.8.{}", a.min(b), a.max(b)))),
        2 => (0..8u8, 29..32u8).prop_map(|(it, length)| Entry::parse(&format!("8.8.8.{it}/{length}"))),
    ]
}

fn row() -> impl Strategy<Value = Row> {
    let side = || prop::collection::vec(entry(), 1..4);
    let protocols = prop_oneof![
        Just(vec![Protocol::Any]),
        Just(vec![Protocol::Tcp]),
        Just(vec![Protocol::Udp]),
        Just(vec![Protocol::Tcp, Protocol::Udp]),
    ];
    let ports = prop_oneof![
        Just(vec!["*"]),
        Just(vec!["80"]),
        Just(vec!["80-81"]),
        Just(vec!["80", "81"]),
        Just(vec!["79-80", "81-82"]),
        Just(vec!["443", "80-82"]),
    ];
    (
        side(),
        side(),
        protocols,
        ports,
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(
            |(sources, destinations, protocols, ports, is_allow, is_in)| {
                let direction = if is_in { Direction::In } else { Direction::Out };
                let access = if is_allow {
                    Access::Allow
                } else {
                    Access::Deny
                };
                let mut row = Row::new("r", String::new(), direction, access);
                row.sources = sources;
                row.destinations = destinations;
                row.protocols = protocols;
                row.ports = Ports::parse(ports).unwrap();
                row
            },
        )
}

type Found = (Vec<Option<&'static str>>, Vec<bool>);

fn found(rows: &[Row], dataset: &tagscope::query::Dataset) -> Found {
    let mut rows = rows.to_vec();
    for (number, row) in (100..).zip(&mut rows) {
        row.priority = Some(number);
        row.name = Safe::from(format!("r{number}"));
    }
    let count = rows.len();
    let set = RuleSet {
        kind: RuleSetKind::Nsg,
        name: Safe::new("nsg"),
        id: None,
        priority: None,
        rows,
        is_effective: false,
        is_collection_group: false,
        applies: Applies::default(),
        registry: RegistryFacts::default(),
        flaws: Vec::new(),
    };
    let files = [LoadedFile {
        path: Safe::new("nsg.json"),
        file: RuleFile {
            sets: vec![set],
            ..RuleFile::default()
        },
    }];
    let answer = ask(
        &files,
        &AddressResolver::new(dataset, &files),
        &Facts::embedded(),
    );
    let mut found = vec![None; count];
    let mut covered = vec![false; count];
    for finding in &answer.findings {
        if ["duplicate", "redundant", "shadowed"].contains(&finding.check.id) {
            let row = finding.position.row.unwrap();
            assert_eq!(found[row], None, "{:#?}", answer.findings);
            found[row] = Some(finding.check.id);
        }
        if finding.check.id == "covered-later" {
            covered[finding.position.row.unwrap()] = true;
        }
    }
    (found, covered)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn pointless_rows_are_those_that_never_decide(
        rows in prop::collection::vec(row(), 2..7)
    ) {
        let week = dataset();
        let (found, covered) = found(&rows, &week);
        for (place, finding) in found.iter().enumerate() {
            prop_assert_eq!(*finding, verdict(&rows, place), "row {} of {:#?}", place, rows);
            let is_expected = finding.is_none() && is_covered(&rows, place);
            prop_assert_eq!(covered[place], is_expected, "row {} of {:#?}", place, rows);
            prop_assert!(!covered[place] || is_unnecessary(&rows, place));
        }
    }
}
