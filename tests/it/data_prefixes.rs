//! IPv4-mapped prefixes in data stay the IPv6 that they are, in every answer.

use serde_json::json;
use tagscope::azure::{Week, parse};
use tagscope::index::{Index, write};
use tagscope::space::{Block, Family};

use crate::archive::Room;
use crate::generated::Random;

/// The upper 96 bits of `::ffff:0:0/96`.
const MAPPED: u128 = 0xffff << 32;

/// A document whose tags have blocks around 1.2.0.0/16, as IPv4 and as mapped IPv6.
fn document(random: &mut Random) -> String {
    let values: Vec<_> = (0..40)
        .map(|number| {
            let prefixes: Vec<String> = (0..8)
                .map(|_| {
                    let bits = u128::try_from(random.below(1 << 16)).unwrap() | 0x0102_0000;
                    let length = u8::try_from(16 + random.below(17)).unwrap();
                    let (family, bits, length) = match random.below(3) {
                        0 => (Family::V4, bits, length),
                        1 => (Family::V6, bits | MAPPED, length + 96),
                        // Not mapped: the same digits at the end of `::`.
                        _ => (Family::V6, bits, length + 96),
                    };
                    Block::holding(family, bits, length).to_string()
                })
                .collect();
            json!({"name": format!("Tag{number:02}"), "properties": {"addressPrefixes": prefixes}})
        })
        .collect();
    json!({"cloud": "Public", "changeNumber": 1, "values": values}).to_string()
}

/// The tags that hold an address, by looking at each row.
fn scanned(week: &Week, family: Family, bits: u128) -> Vec<(String, u8)> {
    let mut found: Vec<(String, u8)> = Vec::new();
    for tag in &week.tags {
        for block in &tag.prefixes {
            let is_in = block.family() == family && block.first() <= bits && bits <= block.last();
            if is_in {
                found.push((tag.name.clone(), block.length()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn mapped_prefixes_answer_for_no_other_address() {
    let mut random = Random::new(19);
    for _ in 0..20 {
        let read = parse(document(&mut random).as_bytes(), None).unwrap();
        assert!(
            read.flaws.iter().all(|flaw| flaw.row.is_none()),
            "{:?}",
            read.flaws
        );
        let week = read.week;
        let index = Index::open(write(&week).unwrap()).unwrap();
        let view = index.view();
        for _ in 0..500 {
            let bits = u128::try_from(random.below(1 << 16)).unwrap() | 0x0102_0000;
            for (family, bits) in [
                (Family::V4, bits),
                (Family::V6, bits | MAPPED),
                (Family::V6, bits),
            ] {
                let hits = view.hits(view.lookup(family, bits));
                let mut found: Vec<(String, u8)> = hits
                    .map(|hit| (view.tag(hit.tag).unwrap().name.to_owned(), hit.length))
                    .collect();
                found.sort();
                assert_eq!(found, scanned(&week, family, bits), "{family} {bits:x}");
            }
        }
    }
}

#[test]
fn lookup_list_and_diff_of_mapped_prefixes_name_ipv6() {
    let room = Room::new();
    let of = |prefix: &str| {
        json!({"cloud": "Public", "changeNumber": 1, "values": [
            {"name": "A", "properties": {"addressPrefixes": [prefix]}}]})
    };
    let mapped = room.file("mapped.json", of("::ffff:1.2.3.0/120").to_string());
    let plain = room.file("plain.json", of("1.2.3.0/24").to_string());
    let on = |file: &str, args: &[&str]| room.run(&[&["--file", file], args].concat());
    let prefixes = |args: &[&str]| on(&mapped, &[&["tags", "prefixes", "A"], args].concat());
    assert_eq!(prefixes(&[]).out, "::ffff:1.2.3.0/120\n");
    assert_eq!(prefixes(&["--aggregate"]).out, "::ffff:1.2.3.0/120\n");
    assert_eq!(prefixes(&["--ipv4"]).out, "");
    // A mapped address is read as the IPv4 address in it, of which the data says nothing.
    for query in ["1.2.3.4", "::ffff:1.2.3.4"] {
        let ran = on(&mapped, &["lookup", query, "--json"]);
        assert_eq!(
            (ran.code, ran.json()["matches"].clone()),
            (1, json!([])),
            "{query}"
        );
        assert_eq!(on(&plain, &["lookup", query]).code, 0, "{query}");
    }
    let diff = room.run(&["diff", &plain, &mapped, "--json"]).json();
    let summary = &diff["summary"];
    assert_eq!(summary["addressesLost"], json!({"v4": "256", "v6": "0"}));
    assert_eq!(summary["addressesGained"], json!({"v4": "0", "v6": "256"}));
}

#[test]
fn a_document_of_bad_strings_answers_and_counts_them() {
    let room = Room::new();
    let text = r#"{"changeNumber":"x","cloud":"Public","values":[
        {"name":"A","properties":{"addressPrefixes":["1.2.3.0/24","1.2.4.0/08","5\ud800",null]}},
        {"name":"B\udfff","properties":{"region":7}}]}"#;
    let file = room.file("bad.json", text);
    let ran = room.run(&["--file", &file, "lookup", "1.2.3.4"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.says(&["changeNumber is no number", "and 5 more"]);
    let info = room.run(&["--file", &file, "info"]).out;
    for words in [
        "the document \"x\": changeNumber is no number",
        "A row 2 \"1.2.4.0/08\": not a prefix",
        "A row 3 ",
        "A row 4 \"null\": not a prefix",
        "a name with characters that no name has",
        "\"region\": an attribute of an unexpected form",
    ] {
        assert!(info.contains(words), "no {words} in {info}");
    }
    let twice = r#"{"cloud":"Public","values":[],"values":[{"name":"A","properties":{}}]}"#;
    let file = room.file("twice.json", twice);
    room.run(&["--file", &file, "info"])
        .is_refused(&["the key \"values\" stands twice"]);
    room.run(&["import", &file, "--date", "2026-11-02"])
        .is_refused(&["the key \"values\" stands twice"]);
}

#[test]
fn gzip_is_bounded_in_members_and_in_what_follows() {
    let room = Room::new();
    let packed = crate::archive::gzip(&crate::archive::publication("Public", 1, 60));
    let empty = crate::archive::gzip("");
    let twice = {
        use std::io::Write;
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        writer.write_all(&packed).unwrap();
        writer.finish().unwrap()
    };
    for (bytes, words) in [
        (empty.repeat(5_000), "more than 4096 members"),
        (
            [&packed[..], b"\n"].concat(),
            "1 bytes that are no gzip follow",
        ),
        (twice, "gzip data within gzip data"),
    ] {
        let file = room.file("ServiceTags_Public_20261102.json.gz", bytes);
        room.run(&["--file", &file, "info"]).is_refused(&[words]);
        room.run(&["import", &file]).is_refused(&[words]);
    }
    let whole = [&empty.repeat(3)[..], &packed].concat();
    let file = room.file("ServiceTags_Public_20261102.json.gz", whole);
    room.import(&file);
}
