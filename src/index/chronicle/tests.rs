use super::*;
use crate::azure::parse_date;

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
