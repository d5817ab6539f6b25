//! The embedded files belong together: the index is the last week of the chronicle.

use tagscope::azure::{Cloud, Dialect, parse_date};
use tagscope::index::{self, Index, embedded_chronicle, embedded_index};

#[test]
fn embedded_index_is_the_last_week_compiled() {
    let chronicle = embedded_chronicle().unwrap();
    let week = chronicle.week(chronicle.entries().len() - 1).unwrap();
    let compiled = index::write(&week).unwrap();
    // Not assert_eq: a difference would print two million bytes.
    assert!(compiled == std::fs::read("assets/public.idx").unwrap());
    assert!(compiled == embedded_index().unwrap().bytes());
}

#[test]
fn embedded_index_passes_its_checksums() {
    let index = embedded_index().unwrap();
    assert_eq!(index.verify(), Ok(()));
    let info = index.info();
    assert_eq!((info.cloud, info.dialect), (Cloud::Public, Dialect::File));
    assert_eq!(info.date, parse_date("2026-10-19"));
    let view = index.view();
    assert_eq!((view.tag_count(), view.row_count()), (3_321, 110_437));
}

#[test]
fn embedded_chronicle_has_twenty_mondays() {
    let chronicle = embedded_chronicle().unwrap();
    let mut expected = parse_date("2026-06-08").unwrap();
    assert_eq!(chronicle.entries().len(), 20);
    for entry in chronicle.entries() {
        assert_eq!(entry.date, Some(expected));
        expected = expected.checked_add(jiff::Span::new().weeks(1)).unwrap();
    }
    assert_eq!(Some(expected), parse_date("2026-10-26"));
}

#[test]
fn every_embedded_week_equals_its_entry_and_compiles() {
    let chronicle = embedded_chronicle().unwrap();
    for (place, entry) in chronicle.entries().iter().enumerate() {
        let week = chronicle.week(place).unwrap();
        assert_eq!(week.content_hash(), entry.content_hash, "{:?}", entry.date);
        assert_eq!((week.tags.len(), week.rows()), (entry.tags, entry.rows));
        assert_eq!((week.date, week.numbers), (entry.date, entry.numbers));
        assert_eq!(week.change_number, entry.change_number);
        assert!(week.tags.is_sorted_by(|a, b| a.name < b.name));
        for tag in &week.tags {
            assert!(tag.prefixes.is_sorted_by(|a, b| a < b), "{}", tag.name);
        }
        let index = Index::open(index::write(&week).unwrap()).unwrap();
        assert_eq!(index.info().content_hash, entry.content_hash);
        assert_eq!(index.origin(), entry.origin);
    }
}
