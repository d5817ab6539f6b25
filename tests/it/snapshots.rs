//! Published documents, byte-exact, where the folder `../shared/snapshots` holds them.
//!
//! The package does not carry them: without the folder these tests say so and pass, but fail in
//! CI (`CI=true`), which may waive them with `TAGSCOPE_SNAPSHOTS_OPTIONAL`.

use std::io::Write;
use std::path::Path;
use std::sync::OnceLock;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use tagscope::azure::{self, ContentHash, Document, Numbers, Week};
use tagscope::index::{self, Index, embedded_chronicle};

use crate::index_oracle::Subject;

const FOLDER: &str = "../shared/snapshots";
const ARCHIVE: &str = "Public_20250929-20260706.tar.xz";
const OCTOBER_28: &str = "ServiceTags_Public_20251028.json";

/// A file's name and its bytes.
type Published = (String, Vec<u8>);

/// Whether the folder is there; says so loudly when it is not.
fn are_here() -> bool {
    if Path::new(FOLDER).is_dir() {
        return true;
    }
    let is_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    let is_waived = std::env::var_os("TAGSCOPE_SNAPSHOTS_OPTIONAL").is_some();
    assert!(!is_ci || is_waived, "CI needs the folder {FOLDER}");
    // Past the capture of the test harness, which hides the output of tests that pass.
    let line = format!("SKIPPED: no published documents in {FOLDER}\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
    false
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(FOLDER).join(name)).unwrap()
}

/// The single files of one cloud or all, by name.
fn files(start: &str) -> Vec<Published> {
    let entries = std::fs::read_dir(FOLDER).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with(start))
        .collect();
    names.sort();
    names
        .into_iter()
        .map(|name| (name.clone(), file(&name)))
        .collect()
}

/// The weeks in the archive, unpacked once.
fn archive() -> &'static [Published] {
    static WEEKS: OnceLock<Vec<Published>> = OnceLock::new();
    WEEKS.get_or_init(|| {
        let mut tarball = Vec::new();
        lzma_rs::xz_decompress(&mut file(ARCHIVE).as_slice(), &mut tarball).unwrap();
        let mut weeks = Vec::new();
        for entry in tar::Archive::new(tarball.as_slice()).entries().unwrap() {
            let mut entry = entry.unwrap();
            let name = entry.path().unwrap().to_str().unwrap().to_owned();
            let mut bytes = Vec::new();
            std::io::copy(&mut entry, &mut bytes).unwrap();
            weeks.push((name, bytes));
        }
        weeks
    })
}

fn archived(date: &str) -> &'static [u8] {
    let name = format!("ServiceTags_Public_{date}.json");
    let found = archive().iter().find(|(known, _)| *known == name);
    &found
        .unwrap_or_else(|| panic!("{name} is not in {ARCHIVE}"))
        .1
}

fn read(name: &str, bytes: &[u8]) -> Document {
    azure::parse(bytes, azure::date_in_name(name)).unwrap()
}

fn week(bytes: &[u8]) -> Week {
    read("", bytes).week
}

fn hash(bytes: &[u8]) -> ContentHash {
    week(bytes).content_hash()
}

/// Tags and rows, counted without the library.
fn counts(bytes: &[u8]) -> (usize, usize) {
    let root: Value = serde_json::from_slice(bytes).unwrap();
    let tags = root["values"].as_array().unwrap();
    let rows = tags.iter().map(|tag| {
        let rows = tag["properties"]["addressPrefixes"].as_array();
        rows.unwrap().len()
    });
    (tags.len(), rows.sum())
}

fn assert_is_read(name: &str, bytes: &[u8]) {
    let document = read(name, bytes);
    assert_eq!(document.flaw_count, 0, "{name}: {:?}", document.flaws);
    assert!(document.flaws.is_empty(), "{name}");
    let week = document.week;
    assert_eq!((week.tags.len(), week.rows()), counts(bytes), "{name}");
    assert!(name.contains(&format!("_{}_", week.cloud.name())), "{name}");
    assert_eq!(week.numbers, Numbers::Published);
    let index = Index::open(index::write(&week).unwrap()).unwrap();
    assert_eq!(index.info().content_hash, week.content_hash());
    assert_eq!(index.info().date, week.date);
    let view = index.view();
    assert_eq!(
        (view.tag_count(), view.row_count()),
        counts(bytes),
        "{name}"
    );
}

#[test]
fn every_public_week_is_read_without_a_flaw() {
    if !are_here() {
        return;
    }
    let single = files("ServiceTags_Public_");
    let weeks = || single.iter().chain(archive());
    assert_eq!(weeks().count(), 36);
    for (name, bytes) in weeks() {
        assert_is_read(name, bytes);
    }
}

#[test]
fn the_other_clouds_are_read_without_a_flaw_and_answer_like_the_oracles() {
    if !are_here() {
        return;
    }
    let mut seen = 0;
    for start in ["AzureGovernment", "China", "AzureGermany"] {
        for (name, bytes) in files(&format!("ServiceTags_{start}_")) {
            assert_is_read(&name, &bytes);
            Subject::of(&bytes).check(10_000);
            seen += 1;
        }
    }
    assert_eq!(seen, 6);
}

#[test]
fn a_public_week_answers_like_the_oracles() {
    if !are_here() {
        return;
    }
    let subject = Subject::of(&file(OCTOBER_28));
    subject.check_tags();
    subject.check_boundaries();
    subject.check_random_addresses(1_000_000);
    subject.check_by_scan(500);
    // Four of five are blocks.
    let lonely = subject.check_random_spans(12_500);
    assert!(lonely > 1_000, "only {lonely} spans had neighbours");
}

#[test]
fn line_ends_and_gzip_do_not_change_the_hash() {
    if !are_here() {
        return;
    }
    let plain = file(OCTOBER_28);
    let text = String::from_utf8(plain.clone()).unwrap();
    assert!(!text.contains('\r'));
    let expected = hash(&plain);
    assert_eq!(hash(text.replace('\n', "\r\n").as_bytes()), expected);
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&plain).unwrap();
    let unpacked = azure::decompress(encoder.finish().unwrap()).unwrap();
    assert!(unpacked == plain);
    assert_eq!(hash(&unpacked), expected);
    let one_less = text.replacen("\"changeNumber\": ", "\"changeNumber\": 1", 2);
    assert_ne!(hash(one_less.as_bytes()), expected);

    let german = files("ServiceTags_AzureGermany_").remove(0).1;
    let text = String::from_utf8(german.clone()).unwrap();
    assert!(text.contains("\r\n"));
    assert_eq!(hash(text.replace('\r', "").as_bytes()), hash(&german));
}

#[test]
fn embedded_weeks_equal_the_published_ones() {
    if !are_here() {
        return;
    }
    let chronicle = embedded_chronicle().unwrap();
    for (place, date) in ["20260608", "20260615", "20260622", "20260629", "20260706"]
        .into_iter()
        .enumerate()
    {
        let published = week(archived(date));
        let entry = &chronicle.entries()[place];
        assert_eq!(entry.date, azure::parse_date(date));
        assert_eq!(entry.content_hash, published.content_hash(), "{date}");
        assert_eq!(entry.change_number, published.change_number, "{date}");
        assert_eq!(entry.numbers, Numbers::Published);
        let embedded = chronicle.week(place).unwrap();
        // The hash covers them; this names the tag when it does not hold.
        for (ours, theirs) in embedded.tags.iter().zip(&published.tags) {
            assert!(ours == theirs, "{date}: {}", theirs.name);
        }
        assert_eq!(embedded.tags.len(), published.tags.len());
    }
}

#[test]
fn one_date_published_twice_has_two_hashes() {
    if !are_here() {
        return;
    }
    let (second, first) = (week(archived("20260413")), week(archived("20260413a")));
    assert_eq!(
        (first.change_number, second.change_number),
        (Some(395), Some(396))
    );
    assert_ne!(first.content_hash(), second.content_hash());
}

#[test]
fn weeks_differ_as_an_oracle_says() {
    if !are_here() {
        return;
    }
    let answer = crate::diff::check(&file("ServiceTags_Public_20251006.json"), &file(OCTOBER_28));
    assert!(answer["summary"]["tagsChanged"].as_u64().unwrap() > 0);
    // The number rose and nothing changed.
    let [before, after] = ["20260706", "20260713"]
        .map(|date| file(&format!("ServiceTags_AzureGovernment_{date}.json")));
    let answer = crate::diff::check(&before, &after);
    assert_eq!(answer["tags"], serde_json::json!([]));
    assert_ne!(
        answer["base"]["changeNumber"],
        answer["target"]["changeNumber"]
    );
}

#[test]
fn consecutive_weeks_differ_as_an_oracle_says() {
    if !are_here() {
        return;
    }
    let mut changed = 0;
    let mut check = |weeks: &[Published]| {
        for pair in weeks.windows(2) {
            let answer = crate::diff::check(&pair[0].1, &pair[1].1);
            changed += answer["tags"].as_array().unwrap().len();
        }
    };
    for cloud in ["Public", "AzureGovernment", "China"] {
        check(&files(&format!("ServiceTags_{cloud}_")));
    }
    check(archive());
    assert!(changed > 1_000, "{changed}");
}

#[test]
fn a_number_that_rose_alone_is_said_so() {
    if !are_here() {
        return;
    }
    let paths = ["20260706", "20260713"]
        .map(|date| format!("{FOLDER}/ServiceTags_AzureGovernment_{date}.json"));
    let ran = crate::program::run(&["diff", &paths[0], &paths[1], "--format", "markdown"]);
    let numbers = [&paths[0], &paths[1]].map(|path| {
        let root: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        root["changeNumber"].clone()
    });
    let sentence = format!(
        "\n\nthe number rose from {} to {}, nothing changed.\n",
        numbers[0], numbers[1]
    );
    assert!(ran.out.ends_with(&sentence), "{}", ran.out);
}

#[test]
fn all_embedded_weeks_differ_as_an_oracle_says() {
    if are_here() {
        crate::diff_rows::check_all_embedded();
    }
}

#[test]
fn lists_of_published_weeks_are_judged_as_an_oracle_says() {
    if !are_here() {
        return;
    }
    let names = ["20251006", "20251028"].map(|date| format!("ServiceTags_Public_{date}.json"));
    let weeks = names.map(|name| (name.clone(), file(&name)));
    crate::rules_impact_weeks::check(&weeks[0], &weeks[1]);
    let weeks = ["20260413", "20260629"].map(|date| {
        let name = format!("ServiceTags_Public_{date}.json");
        (name, archived(date).to_vec())
    });
    crate::rules_impact_weeks::check(&weeks[0], &weeks[1]);
}
