//! A damaged index is refused; one that is trusted all the same answers wrongly at worst.

use tagscope::azure;
use tagscope::index::{self, Index, IndexError};
use tagscope::space::{Family, Span};

use crate::generated::{self, Random, Spread};

/// Bytes of the header and of a record of the section table.
const HEADER: usize = 128;
const RECORD: usize = 16;

const SECTIONS: [&str; 23] = [
    "strings",
    "texts",
    "tags",
    "set_starts",
    "set_tags",
    "node_parent",
    "node_set",
    "node_length",
    "v4_top",
    "v4_low",
    "v4_node",
    "v6_high",
    "v6_start",
    "v6_low",
    "v6_node",
    "v4_first",
    "v4_length",
    "v4_set",
    "v6_first",
    "v6_length",
    "v6_set",
    "rows4",
    "rows6",
];

/// Where the section table ends.
const TABLE_END: usize = HEADER + SECTIONS.len() * RECORD;

/// The section of 65,537 numbers that even the smallest week has.
const V4_TOP: usize = 7;

fn compiled(document: &[u8]) -> Vec<u8> {
    let mut week = azure::parse(document, azure::parse_date("2026-10-19"))
        .unwrap()
        .week;
    "generated".clone_into(&mut week.origin);
    index::write(&week).unwrap()
}

/// Where each section lies, by the section table.
fn places(bytes: &[u8]) -> Vec<std::ops::Range<usize>> {
    let records = bytes[HEADER..TABLE_END].chunks(RECORD);
    records
        .map(|record| {
            let number = |at: usize| {
                let word = u32::from_le_bytes(record[at..at + 4].try_into().unwrap());
                usize::try_from(word).unwrap()
            };
            let width = usize::from(u16::from_le_bytes([record[2], record[3]]));
            number(4)..number(4) + width * number(8)
        })
        .collect()
}

/// Writes the checksum of header and table anew.
fn sign(bytes: &mut [u8]) {
    bytes[16..20].fill(0);
    let checksum = crc32fast::hash(&bytes[..TABLE_END]);
    bytes[16..20].copy_from_slice(&checksum.to_le_bytes());
}

/// Runs an answer to its end, which must come.
fn finish<T>(answer: impl Iterator<Item = T>) {
    const LIMIT: usize = 1_000_000;
    assert!(answer.take(LIMIT).count() < LIMIT, "an answer without end");
}

/// Every query, on a few dozen addresses and spans.
fn ask_everything(index: &Index) {
    let view = index.view();
    let _ = index.origin();
    let _ = view.find("storage");
    for id in view.tag_ids().take(100) {
        let _ = view.tag(id);
        finish(view.all_prefixes(id));
        for row in [0, 1, 1 << 40, usize::MAX] {
            let _ = view.nth_prefix(id, row);
        }
    }
    for family in [Family::V4, Family::V6] {
        let base = match family {
            Family::V4 => 10 << 24,
            Family::V6 => 0x2603 << 112,
        };
        let places = [
            0,
            1,
            base - 1,
            base,
            base + 7,
            base + (1 << 23),
            family.max(),
        ];
        let spread = (1..7).map(|part| family.max() / 7 * part);
        for first in places.into_iter().chain(spread) {
            finish(view.hits(view.lookup(family, first)));
            for reach in [0, 1, 300, family.max() >> 9, family.max()] {
                let last = first.saturating_add(reach).min(family.max());
                let span = Span::new(family, first, last).unwrap();
                finish(view.covering(span));
                finish(view.leaning_in(span));
                finish(view.starting_in(span));
                finish(view.neighbours(span));
            }
        }
    }
}

#[test]
fn every_flipped_byte_is_refused_and_its_section_named() {
    let bytes = compiled(&generated::small_document());
    let places = places(&bytes);
    for at in 0..bytes.len() {
        let section = places.iter().position(|place| place.contains(&at));
        // Checksums over 131,074 bytes; the sample hits both bytes of the numbers.
        if section == Some(V4_TOP) && at % 9 != 0 {
            continue;
        }
        let mut damaged = bytes.clone();
        damaged[at] ^= 1 << (at % 8);
        let opened = Index::open(damaged).map(|index| index.origin().to_owned());
        let expected = match (at, section) {
            (0..8, _) => Err(IndexError::NotAnIndex),
            (8..12, _) => {
                assert!(
                    matches!(opened, Err(IndexError::Version { .. })),
                    "byte {at}"
                );
                continue;
            }
            (12..TABLE_END, _) => Err(IndexError::Header),
            (_, Some(section)) => Err(IndexError::Section {
                section: SECTIONS[section],
            }),
            // Between sections, where nothing reads.
            (_, None) => Ok("generated".to_owned()),
        };
        assert_eq!(opened, expected, "byte {at}");
    }
}

#[test]
fn only_padding_is_outside_the_checksums() {
    let bytes = compiled(&generated::small_document());
    let mut before = TABLE_END;
    for place in places(&bytes) {
        assert!(
            place.start % 64 == 0 && place.start - before < 64,
            "{place:?}"
        );
        assert!(bytes[before..place.start].iter().all(|&byte| byte == 0));
        before = place.end;
    }
    assert_eq!(before, bytes.len());
}

#[test]
fn every_shortened_and_lengthened_file_is_refused() {
    let mut bytes = compiled(&generated::small_document());
    let length = bytes.len();
    bytes.push(0);
    let bytes: &'static [u8] = bytes.leak();
    for cut in 0..length {
        let expected = if cut < HEADER {
            IndexError::NotAnIndex
        } else {
            IndexError::Header
        };
        assert_eq!(
            Index::open(&bytes[..cut]).err(),
            Some(expected),
            "cut at {cut}"
        );
    }
    assert!(Index::open(&bytes[..length]).is_ok());
    assert_eq!(Index::open(bytes).err(), Some(IndexError::Header));
}

#[test]
fn trusted_index_survives_every_flipped_byte_of_its_sections() {
    let bytes = compiled(&generated::small_document());
    for (section, place) in places(&bytes).into_iter().enumerate() {
        let step = if section == V4_TOP { 25 } else { 1 };
        for at in place.step_by(step) {
            for pattern in [0x01, 0x80, 0xff] {
                let mut damaged = bytes.clone();
                damaged[at] ^= pattern;
                ask_everything(&Index::open_trusted(damaged).unwrap());
            }
        }
    }
}

#[test]
fn trusted_index_survives_random_damage() {
    let mut random = Random::new(23);
    let documents = [
        generated::small_document(),
        generated::document(1, Spread::Far),
        generated::document(2, Spread::Dense),
    ];
    for document in documents {
        let bytes = compiled(&document);
        let places = places(&bytes);
        for _ in 0..1_500 {
            let mut damaged = bytes.clone();
            for _ in 0..=random.below(6) {
                let place = &places[random.below(places.len())];
                let at = place.start + random.below(place.len());
                let end = place.end.min(at + 1 + random.below(64));
                let kind = random.below(3);
                for byte in &mut damaged[at..end] {
                    *byte = match kind {
                        0 => 0,
                        1 => 0xff,
                        _ => random.next().to_le_bytes()[0],
                    };
                }
            }
            ask_everything(&Index::open_trusted(damaged).unwrap());
        }
    }
}

#[test]
fn false_header_under_a_fitting_checksum_breaks_nothing() {
    let bytes = compiled(&generated::small_document());
    for at in 20..TABLE_END {
        for pattern in [0x01, 0x02, 0x06, 0x80, 0xff] {
            let mut damaged = bytes.clone();
            damaged[at] ^= pattern;
            sign(&mut damaged);
            if let Ok(index) = Index::open_trusted(damaged) {
                ask_everything(&index);
                let _ = index.verify();
            }
        }
    }
}

#[test]
fn sections_in_each_others_place_break_nothing() {
    let bytes = compiled(&generated::document(4, Spread::Dense));
    let record = |section: usize| HEADER + section * RECORD;
    for one in 0..SECTIONS.len() {
        for other in 0..SECTIONS.len() {
            let mut damaged = bytes.clone();
            // All but the kind and the width.
            let from = record(other) + 4;
            damaged.copy_within(from..from + 12, record(one) + 4);
            sign(&mut damaged);
            if let Ok(index) = Index::open_trusted(damaged) {
                ask_everything(&index);
            }
        }
    }
}
