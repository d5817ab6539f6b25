use super::*;
use crate::azure::parse_date;
use crate::space::Block;

fn tag(name: &str, number: Option<u32>, features: Option<&str>, prefixes: &[&str]) -> Tag {
    let mut prefixes: Vec<Block> = prefixes
        .iter()
        .map(|text| Block::parse(text).unwrap().0)
        .collect();
    prefixes.sort_unstable();
    Tag {
        name: name.to_owned(),
        region: name
            .split_once('.')
            .map_or("", |(_, region)| region)
            .to_owned(),
        system_service: "S".to_owned(),
        change_number: number,
        features: features.map(|words| Features::from_words(words.split(' '))),
        prefixes,
    }
}

fn week(date: &str, number: Option<u32>, tags: Vec<Tag>) -> Week {
    Week {
        cloud: Cloud::China,
        date: parse_date(date),
        date_is: DateKind::Published,
        change_number: number,
        numbers: Numbers::Derived,
        dialect: Dialect::File,
        origin: format!("made for {date}"),
        tags,
    }
}

fn weeks() -> Vec<Week> {
    let many: Vec<String> = (0..300)
        .map(|n| format!("2603:{:x}::{:x}/12{}", n / 7, n * 8, 5 + n % 4))
        .collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    vec![
        week(
            "2026-01-05",
            Some(1),
            vec![
                tag(
                    "A",
                    Some(1),
                    None,
                    &["10.0.0.0/8", "255.255.255.255/32", "0.0.0.0/1"],
                ),
                tag(
                    "A.x",
                    None,
                    Some("API NSG"),
                    &["::/1", "8000::/1", "::ffff:0:0/96"],
                ),
            ],
        ),
        week(
            "2026-01-12",
            None,
            vec![
                tag(
                    "A",
                    Some(2),
                    Some("FW"),
                    &["10.0.0.0/8", "10.0.0.0/9", "10.0.0.1/32"],
                ),
                tag("B", Some(1), None, &many),
            ],
        ),
        week(
            "2026-01-19",
            Some(9),
            vec![
                tag("A.x", Some(4), None, &[]),
                tag("B", Some(1), None, &many[40..]),
            ],
        ),
    ]
}

#[test]
fn every_week_comes_back_as_it_went_in() {
    let weeks = weeks();
    let chronicle = Chronicle::open(write(&weeks).unwrap()).unwrap();
    for (place, week) in weeks.iter().enumerate() {
        assert_eq!(&chronicle.week(place).unwrap(), week);
        let entry = &chronicle.entries()[place];
        assert_eq!(entry.content_hash, week.content_hash());
        assert_eq!((entry.tags, entry.rows), (week.tags.len(), week.rows()));
    }
    assert_eq!(chronicle.week(3), Err(ChronicleError::NoSuchWeek));
}

#[test]
fn damage_is_an_error_and_never_a_panic() {
    let bytes = write(&weeks()).unwrap();
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x55;
        assert!(Chronicle::open(damaged.clone()).is_err(), "byte {at}");
        // The same damage behind a checksum that fits: answers may be wrong, nothing may break.
        let checksum = crc32fast::hash(&damaged[12..]).to_le_bytes();
        damaged[8..12].copy_from_slice(&checksum);
        if let Ok(chronicle) = Chronicle::open(damaged) {
            for place in 0..chronicle.entries().len().min(4) {
                let _ = chronicle.week(place);
            }
        }
        assert!(
            Chronicle::open(bytes[..at].to_vec()).is_err(),
            "cut at {at}"
        );
    }
}

#[test]
fn weeks_that_do_not_belong_together_are_refused() {
    let mut mixed = weeks();
    mixed[1].cloud = Cloud::Public;
    assert_eq!(write(&mixed), Err(ChronicleError::Mixed));
    let mut turned = weeks();
    turned.swap(0, 1);
    assert_eq!(write(&turned), Err(ChronicleError::Mixed));
    assert_eq!(write(&[]), Err(ChronicleError::Mixed));
}

/// Seven weeks in which tags, prefixes and attributes come and go; two share a date.
fn many_weeks() -> Vec<Week> {
    let [first, second, third] = weeks().try_into().unwrap();
    let dated = |mut week: Week, date: &str, number: Option<u32>| {
        week.date = parse_date(date);
        week.change_number = number;
        week
    };
    let mut other = dated(second.clone(), "2026-01-12", Some(4));
    other.tags[0].prefixes.remove(1);
    let again = dated(first.clone(), "2026-02-02", Some(11));
    let empty = dated(
        week("2026-02-09", Some(12), Vec::new()),
        "2026-02-09",
        Some(12),
    );
    let mut last = dated(third.clone(), "2026-02-16", Some(13));
    last.tags[0].features = Some(Features::from_words(["API"]));
    vec![first, second, other, third, again, empty, last]
}

fn grown(weeks: &[&Week]) -> ChronicleBuilder {
    let mut builder = ChronicleBuilder::new(Cloud::China, Dialect::File);
    for week in weeks {
        builder.insert(week).unwrap();
    }
    builder
}

#[test]
fn weeks_grow_into_the_same_bytes_in_any_order() {
    let weeks = many_weeks();
    let expected = write(&weeks).unwrap();
    let mut order: Vec<&Week> = weeks.iter().collect();
    // Every rotation, forwards and backwards, and with neighbours swapped.
    for turn in 0..weeks.len() * 4 {
        order.rotate_left(1);
        if turn % weeks.len() == 0 {
            order.reverse();
            order.swap(1, 4);
        }
        let builder = grown(&order);
        assert_eq!(builder.write(), expected, "{turn}");
        let chronicle = Chronicle::open(builder.write()).unwrap();
        for (place, week) in weeks.iter().enumerate() {
            assert_eq!(&chronicle.week(place).unwrap(), week);
        }
        let again = ChronicleBuilder::from_chronicle(&chronicle).unwrap();
        assert_eq!(again.write(), expected);
    }
}

#[test]
fn a_week_taken_out_leaves_what_was_before_it() {
    let weeks = many_weeks();
    let all: Vec<&Week> = weeks.iter().collect();
    for (place, week) in weeks.iter().enumerate() {
        let mut rest = all.clone();
        rest.remove(place);
        let before = grown(&rest).write();
        let mut builder = grown(&all);
        builder.remove(place).unwrap();
        assert_eq!(builder.write(), before, "{place}");
        assert_eq!(builder.insert(week), Ok(place));
        assert_eq!(builder.write(), grown(&all).write(), "{place}");
    }
    let mut builder = grown(&all);
    for _ in 0..weeks.len() {
        builder.remove(0).unwrap();
    }
    assert_eq!(
        builder.write(),
        ChronicleBuilder::new(Cloud::China, Dialect::File).write()
    );
    assert_eq!(builder.remove(0), Err(ChronicleError::NoSuchWeek));
}

#[test]
fn the_same_week_again_changes_nothing() {
    let weeks = many_weeks();
    let mut builder = grown(&weeks.iter().collect::<Vec<_>>());
    let before = builder.write();
    for (place, week) in weeks.iter().enumerate() {
        let mut same = week.clone();
        "elsewhere".clone_into(&mut same.origin);
        assert_eq!(builder.insert(&same), Ok(place));
    }
    assert_eq!(builder.write(), before);
    let mut foreign = weeks[0].clone();
    foreign.dialect = Dialect::Api;
    assert_eq!(builder.insert(&foreign), Err(ChronicleError::Mixed));
}

#[test]
fn a_damaged_file_is_no_draft_or_one_that_writes() {
    let bytes = write(&many_weeks()).unwrap();
    for at in 12..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x15;
        let checksum = crc32fast::hash(&damaged[12..]).to_le_bytes();
        damaged[8..12].copy_from_slice(&checksum);
        let Ok(chronicle) = Chronicle::open(damaged) else {
            continue;
        };
        if let Ok(mut builder) = ChronicleBuilder::from_chronicle(&chronicle) {
            let _ = builder.insert(&weeks()[1]);
            let _ = builder.remove(0);
            assert!(Chronicle::open(builder.write()).is_ok(), "byte {at}");
        }
    }
}
