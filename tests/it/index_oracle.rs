//! The compiled index against searches that share no code with it.
//!
//! The checks take any document, so that `snapshots.rs` can put the published ones to them.

use ipnet::{Ipv4Net, Ipv6Net};
use prefix_trie::PrefixMap;
use tagscope::azure::{self, Dialect, Numbers};
use tagscope::index::{self, Index, PrefixHit, View};
use tagscope::space::{Block, Family, Span};

use crate::generated::{self, Random, Spread};
use crate::oracle::{Around, Found, Oracle, Sweep, WIDTHS, top};

const FAMILIES: [Family; 2] = [Family::V4, Family::V6];

/// A compiled document beside the oracle's reading of it.
pub struct Subject {
    index: Index,
    oracle: Oracle,
    sweeps: [Sweep; 2],
}

impl Subject {
    pub fn of(document: &[u8]) -> Self {
        let parsed = azure::parse(document, azure::parse_date("2026-10-19")).unwrap();
        assert_eq!(parsed.flaws, []);
        let oracle = Oracle::read(document);
        Self {
            index: Index::open(index::write(&parsed.week).unwrap()).unwrap(),
            sweeps: [0, 1].map(|family| Sweep::of(&oracle.rows[family], top(family))),
            oracle,
        }
    }

    /// An address in a random row.
    fn inside(&self, random: &mut Random, family: usize) -> u128 {
        let rows = &self.oracle.rows[family];
        let row = rows[random.below(rows.len())];
        row.first + (random.wide() & (row.last - row.first))
    }

    fn assert_answer(&self, view: &View<'_>, family: usize, address: u128) {
        let node = view.lookup(FAMILIES[family], address);
        let expected = self.sweeps[family].at(address);
        let found = view.hits(node).map(|hit| (hit.tag.place(), hit.length));
        assert!(
            found.eq(expected.iter().copied()),
            "{}: {:?} instead of {expected:?}",
            FAMILIES[family].address(address),
            view.hits(node).collect::<Vec<_>>(),
        );
        assert_eq!(node.is_none(), expected.is_empty());
    }

    /// Every attribute and prefix of every tag, read back.
    pub fn check_tags(&self) {
        let view = self.index.view();
        let info = self.index.info();
        assert_eq!(info.cloud.name(), self.oracle.cloud);
        assert_eq!(info.change_number.map(u64::from), self.oracle.number);
        assert_eq!(
            (info.numbers, info.dialect),
            (Numbers::Published, Dialect::File)
        );
        assert_eq!(view.tag_count(), self.oracle.tags.len());
        assert_eq!(view.row_count(), self.oracle.row_count());
        for (id, expected) in view.tag_ids().zip(&self.oracle.tags) {
            let row = view.tag(id).unwrap();
            assert_eq!(
                (row.name, row.region, row.system_service),
                (&*expected.name, &*expected.region, &*expected.service)
            );
            assert_eq!(row.features, expected.features.as_deref(), "{}", row.name);
            assert_eq!(row.change_number.map(u64::from), expected.number);
            assert_eq!(row.prefixes_v4, expected.prefixes[0].len());
            assert_eq!(row.prefixes_v6, expected.prefixes[1].len());
            let mut through = 0;
            for family in [0, 1] {
                let read = view.prefixes(id, FAMILIES[family]);
                let read: Vec<_> = read.map(|block| (block.first(), block.length())).collect();
                assert_eq!(read, expected.prefixes[family], "{}", row.name);
                for block in view.prefixes(id, FAMILIES[family]) {
                    assert_eq!(view.nth_prefix(id, through), Some(block));
                    through += 1;
                }
            }
            assert_eq!(view.nth_prefix(id, through), None);
            assert_eq!(view.all_prefixes(id).count(), through);
            assert_eq!(view.find(&row.name.to_ascii_uppercase()), Some(id));
        }
    }

    /// Every address where an answer may change, the one before and the one after.
    pub fn check_boundaries(&self) {
        let view = self.index.view();
        for family in [0, 1] {
            let rows = &self.oracle.rows[family];
            let ends = rows.iter().map(|row| row.last);
            for address in self.sweeps[family].starts().iter().copied().chain(ends) {
                for address in [
                    Some(address),
                    address.checked_sub(1),
                    address.checked_add(1).filter(|&next| next <= top(family)),
                ]
                .into_iter()
                .flatten()
                {
                    self.assert_answer(&view, family, address);
                }
            }
            for address in [0, top(family)] {
                self.assert_answer(&view, family, address);
            }
        }
    }

    /// Addresses of both families, half from anywhere, half inside a random row.
    pub fn check_random_addresses(&self, count: usize) {
        let view = self.index.view();
        let mut random = Random::new(7);
        for round in 0..count {
            let family = round % 2;
            let address = if round % 4 < 2 {
                random.address(family)
            } else {
                self.inside(&mut random, family)
            };
            self.assert_answer(&view, family, address);
        }
    }

    /// The sweep itself against a scan, and through it the index.
    pub fn check_by_scan(&self, count: usize) {
        let view = self.index.view();
        let mut random = Random::new(11);
        for round in 0..count {
            let family = round % 2;
            let address = self.inside(&mut random, family);
            assert_eq!(
                self.oracle.scan(family, address),
                self.sweeps[family].at(address)
            );
            self.assert_answer(&view, family, address);
        }
    }

    /// Blocks and crooked spans against one scan each; how many had a neighbour.
    pub fn check_random_spans(&self, count: usize) -> usize {
        let view = self.index.view();
        let mut random = Random::new(13);
        let mut lonely = 0;
        for round in 0..count {
            let family = round % 2;
            let (first, last) = self.random_span(&mut random, family, round % 5 == 4);
            let span = Span::new(FAMILIES[family], first, last).unwrap();
            let expected = self.oracle.around(family, first, last);
            let mut found = Around {
                covering: view.covering(span).map(place).collect(),
                leaning_in: view.leaning_in(span).map(place).collect(),
                starting_in: view.starting_in(span).map(place).collect(),
                neighbours: Vec::new(),
            };
            let meets =
                expected.covering.len() + expected.leaning_in.len() + expected.starting_in.len();
            if meets == 0 {
                lonely += 1;
                let neighbours = view.neighbours(span).map(|near| {
                    let steps: u128 = near.distance.to_string().parse().unwrap();
                    (place(near.hit), steps, near.is_below)
                });
                found.neighbours = neighbours.collect();
            }
            assert_eq!(found, expected, "{span}");
        }
        lonely
    }

    /// A block near a row or anywhere, or a span that is no block.
    fn random_span(&self, random: &mut Random, family: usize, is_crooked: bool) -> (u128, u128) {
        let rows = &self.oracle.rows[family];
        let row = rows[random.below(rows.len())];
        let width = WIDTHS[family];
        let (address, length) = match random.below(4) {
            0 => (random.address(family), width - random.byte_below(width)),
            1 => (row.last.saturating_add(1).min(top(family)), width),
            2 => (
                row.first.saturating_sub(random.wide() % 512),
                width - random.byte_below(9),
            ),
            _ => {
                let length = (row.length + random.byte_below(9)).saturating_sub(4);
                (self.inside(random, family), length.clamp(1, width))
            }
        };
        let hosts = top(family) >> (length - 1) >> 1;
        let first = address & !hosts;
        if is_crooked {
            let reach = hosts.saturating_mul(3).saturating_add(700);
            let last = address
                .saturating_add(random.wide() % reach)
                .min(top(family));
            return (address, last);
        }
        (first, first | hosts)
    }

    /// All checks, with `count` random questions of each kind.
    pub fn check(&self, count: usize) {
        self.check_tags();
        self.check_boundaries();
        self.check_random_addresses(count);
        self.check_by_scan(count.min(300));
        self.check_random_spans(count);
    }
}

fn place(hit: PrefixHit) -> Found {
    (hit.tag.place(), hit.prefix.first(), hit.prefix.length())
}

#[test]
fn every_answer_equals_the_oracles() {
    for seed in 0..12 {
        Subject::of(&generated::document(seed, Spread::Far)).check(4_000);
    }
}

#[test]
fn dense_blocks_at_both_ends_equal_the_oracles() {
    for seed in 100..112 {
        Subject::of(&generated::document(seed, Spread::Dense)).check(4_000);
    }
}

#[test]
fn every_address_of_a_dense_document_equals_the_oracles() {
    let subject = Subject::of(&generated::document(7, Spread::Dense));
    let view = subject.index.view();
    for family in [0, 1] {
        for offset in 0..5_000 {
            subject.assert_answer(&view, family, offset);
            subject.assert_answer(&view, family, top(family) - offset);
        }
    }
}

#[test]
fn numbers_beyond_sixteen_bits_equal_the_oracles() {
    let subject = Subject::of(&generated::huge_document());
    subject.check_tags();
    subject.check_boundaries();
    subject.check_random_addresses(100_000);
    assert!(subject.check_random_spans(500) > 50);
}

#[test]
fn generated_documents_hold_what_the_searches_must_survive() {
    let (mut with_ends, mut without_ends) = (0, 0);
    for seed in 0..12 {
        let oracle = Oracle::read(&generated::document(seed, Spread::Far));
        for family in [0, 1] {
            let sweep = Sweep::of(&oracle.rows[family], top(family));
            let depth = |answer: &[(usize, u8)]| {
                let mut lengths: Vec<u8> = answer.iter().map(|hit| hit.1).collect();
                lengths.dedup();
                lengths.len()
            };
            let depths = sweep.starts().iter().map(|&start| depth(sweep.at(start)));
            assert!(depths.max().unwrap() >= 3);
            let rows = oracle.rows[family].iter();
            let mut places: Vec<_> = rows.map(|row| (row.first, row.length)).collect();
            places.sort_unstable();
            let holders = places.chunk_by(|a, b| a == b).map(<[_]>::len).max();
            assert!(holders.unwrap() > 8, "no prefix with more than 8 tags");
            assert!(places.windows(2).any(|pair| {
                let size = 1_u128.checked_shl(u32::from(WIDTHS[family] - pair[0].1));
                pair[0].1 == pair[1].1 && size.is_some_and(|size| pair[0].0 ^ pair[1].0 == size)
            }));
            let is_in = |address: u128| usize::from(!sweep.at(address).is_empty());
            with_ends += is_in(0) * is_in(top(family));
            without_ends += (1 - is_in(0)) * is_in(1) * (1 - is_in(top(family)));
        }
    }
    assert!(
        with_ends > 3 && without_ends > 3,
        "{with_ends} {without_ends}"
    );
}

#[test]
fn a_week_without_prefixes_answers_nothing() {
    let text = br#"{"changeNumber":1,"cloud":"China","values":[
        {"name":"A","id":"A","properties":{"changeNumber":1,"addressPrefixes":[]}}]}"#;
    let subject = Subject::of(text);
    subject.check_tags();
    let view = subject.index.view();
    for family in [0, 1] {
        for address in [0, 1, top(family)] {
            subject.assert_answer(&view, family, address);
            let span = Span::new(FAMILIES[family], address, address).unwrap();
            assert_eq!(view.starting_in(span).count(), 0);
            assert_eq!(view.neighbours(span).count(), 0);
        }
    }
}

#[test]
fn lone_prefixes_are_neighbours_of_all_the_rest() {
    let text = br#"{"changeNumber":1,"cloud":"China","values":[
        {"name":"A","id":"A","properties":{"changeNumber":1,
        "addressPrefixes":["10.0.0.0/8","2603::/16"]}}]}"#;
    let subject = Subject::of(text);
    subject.check(2_000);
    let view = subject.index.view();
    for family in [0, 1] {
        for (address, is_below) in [(0, false), (top(family), true)] {
            let span = Span::new(FAMILIES[family], address, address).unwrap();
            let sides: Vec<bool> = view.neighbours(span).map(|near| near.is_below).collect();
            assert_eq!(sides, [is_below]);
        }
    }
}

#[test]
fn a_prefix_trie_gives_the_same_tags() {
    let subject = Subject::of(&generated::document(5, Spread::Far));
    let view = subject.index.view();
    let mut v4: PrefixMap<Ipv4Net, Vec<usize>> = PrefixMap::new();
    let mut v6: PrefixMap<Ipv6Net, Vec<usize>> = PrefixMap::new();
    for id in view.tag_ids() {
        for block in view.all_prefixes(id) {
            let tags = match Block::to_string(&block).parse().unwrap() {
                ipnet::IpNet::V4(net) => v4.entry(net).or_default(),
                ipnet::IpNet::V6(net) => v6.entry(net).or_default(),
            };
            tags.push(id.place());
        }
    }
    let mut random = Random::new(17);
    for round in 0..20_000 {
        let family = round % 2;
        let address = subject.inside(&mut random, family);
        let mut expected: Vec<(u8, usize)> = match FAMILIES[family].address(address) {
            std::net::IpAddr::V4(v4_address) => v4
                .cover(&v4_address.into())
                .flat_map(|(net, tags)| tags.iter().map(|&tag| (net.prefix_len(), tag)))
                .collect(),
            std::net::IpAddr::V6(v6_address) => v6
                .cover(&v6_address.into())
                .flat_map(|(net, tags)| tags.iter().map(|&tag| (net.prefix_len(), tag)))
                .collect(),
        };
        let hits = view.hits(view.lookup(FAMILIES[family], address));
        let mut found: Vec<_> = hits.map(|hit| (hit.length, hit.tag.place())).collect();
        expected.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, expected);
    }
}
