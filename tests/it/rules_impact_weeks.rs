//! `rules impact` over real weeks: lists of embedded and of published ones.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};
use tagscope::space::{AddressSet, Block};
use tempfile::TempDir;

use crate::diff::joined;
use crate::program::{run, run_with};

/// Missing and stale are what `diff` says of the tag that the list was taken from.
#[test]
fn lists_of_an_embedded_week_differ_as_the_tag_does() {
    let [base, target] = ["2026-08-17", "2026-10-19"];
    let diff = run(&["diff", base, target, "--ignore-azurecloud", "--json"]).json();
    let changed: Vec<&Value> = diff["tags"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|tag| tag["status"] == "changed")
        .collect();
    let mut seen = 0;
    for tag in changed.iter().step_by(changed.len().div_ceil(12)) {
        let name = tag["name"].as_str().unwrap();
        let rows = run(&["--week", base, "tags", "prefixes", name]).out;
        let has = |mark: char| rows.lines().any(|row| row.contains(mark));
        if !has('.') {
            continue;
        }
        let list = format!("# tag: {name}\n{rows}");
        let ran = run_with(&["rules", "impact", "-", base, target, "--json"], list);
        let row = ran.json()["files"][0]["rows"][0].clone();
        let texts = |value: &Value| -> Vec<String> {
            let list = value.as_array().unwrap().iter();
            list.map(|text| text.as_str().unwrap().to_owned()).collect()
        };
        let mut gone = texts(&row["stale"]);
        for moved in row["movedTo"].as_array().unwrap() {
            gone.extend(texts(&moved["prefixes"]));
        }
        for (prefixes, side) in [
            (texts(&row["missing"]), "addressesGained"),
            (gone, "addressesLost"),
        ] {
            for (family, mark) in [("v4", '.'), ("v6", ':')] {
                if !has(mark) {
                    continue;
                }
                let own = prefixes.iter().filter(|text| text.contains(mark));
                let spans = own.map(|text| Block::parse(text).unwrap().0);
                let count = AddressSet::from_blocks(spans);
                let count = if family == "v4" {
                    count.v4.count()
                } else {
                    count.v6.count()
                };
                assert_eq!(json!(count.to_string()), tag[side][family], "{name} {side}");
            }
        }
        seen += 1;
    }
    assert!(seen > 4, "{seen}");
}

#[test]
fn a_list_is_found_in_an_older_week_and_since_says_when_its_tag_changed() {
    let rows = run(&[
        "--week",
        "2026-07-06",
        "tags",
        "prefixes",
        "AzureMonitor.WestEurope",
    ])
    .out;
    let ran = run_with(&["rules", "impact", "-", "--json"], rows.as_str());
    assert_eq!(ran.code, 1);
    let row = ran.json()["files"][0]["rows"][0].clone();
    assert_eq!(row["inferred"]["tag"], "AzureMonitor.WestEurope");
    assert!(
        row["inferred"]["week"].as_str() < Some("2026-10-12"),
        "{row}"
    );
    assert!(row.get("changedIn").is_none());
    let list = format!("# tag: AzureMonitor.WestEurope\n{rows}");
    let since = run_with(
        &["rules", "impact", "-", "--since", "2026-07-06", "--json"],
        list,
    );
    let answer = since.json();
    assert_eq!(answer["base"]["date"], "2026-07-06");
    let dates: Vec<String> = answer["files"][0]["rows"][0]["changedIn"]
        .as_array()
        .unwrap()
        .iter()
        .map(|date| date.as_str().unwrap().to_owned())
        .collect();
    let history = run(&["history", "AzureMonitor.WestEurope", "--json"]).json();
    let expected: Vec<String> = history["weeks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|week| week["status"] == "changed" && week["date"].as_str() > Some("2026-07-06"))
        .map(|week| week["date"].as_str().unwrap().to_owned())
        .collect();
    assert!(!expected.is_empty());
    assert_eq!(dates, expected);
}

type Runs = Vec<(u128, u128)>;

/// The runs of a prefix list of one family.
fn runs<'a>(rows: impl Iterator<Item = &'a str>, is_v6: bool) -> Runs {
    let own = rows.filter(|row| row.contains(':') == is_v6);
    joined(own.map(|row| {
        let block = Block::parse(row).unwrap().0;
        (block.first(), block.last())
    }))
}

/// What the first has and the second has not, hole by hole.
fn minus(one: &Runs, other: &Runs) -> Runs {
    let mut left = one.clone();
    for &(first, last) in other {
        left = left
            .into_iter()
            .flat_map(|(from, to)| {
                let before = (from < first).then(|| (from, to.min(first.wrapping_sub(1))));
                let after = (to > last).then(|| (from.max(last.wrapping_add(1)), to));
                [before, after]
            })
            .flatten()
            .collect();
    }
    left
}

/// Every eighth tag that changed between two published documents, as a list of the older one's
/// prefixes: missing and stale are the differences of both documents' rows.
pub fn check(old: &(String, Vec<u8>), new: &(String, Vec<u8>)) {
    let folder = TempDir::new().unwrap();
    let rows = [old, new].map(|(name, bytes)| {
        std::fs::write(folder.path().join(name), bytes).unwrap();
        let root: Value = serde_json::from_slice(bytes).unwrap();
        let tags = root["values"].as_array().unwrap().iter().map(|tag| {
            let rows = tag["properties"]["addressPrefixes"].as_array().unwrap();
            let texts: Vec<String> = rows
                .iter()
                .map(|it| it.as_str().unwrap().to_owned())
                .collect();
            (tag["name"].as_str().unwrap().to_owned(), texts)
        });
        tags.collect::<BTreeMap<String, Vec<String>>>()
    });
    let changed = rows[0].iter().filter(|(name, own)| {
        let is_service = !name.starts_with("AzureCloud");
        is_service && !own.is_empty() && rows[1].get(*name).is_some_and(|other| other != *own)
    });
    let mut list = String::new();
    let mut names = Vec::new();
    for (name, rows) in changed.step_by(8) {
        writeln!(list, "# tag: {name}\n{}", rows.join("\n")).unwrap();
        names.push(name);
    }
    assert!(names.len() > 5, "{names:?}");
    let [base, target] =
        [old, new].map(|(name, _)| folder.path().join(name).to_str().unwrap().to_owned());
    let answer = run_with(&["rules", "impact", "-", &base, &target, "--json"], list).json();
    let found = answer["files"][0]["rows"].as_array().unwrap();
    assert_eq!(found.len(), names.len());
    let everything: Vec<Runs> = [false, true]
        .map(|is_v6| runs(rows[1].values().flatten().map(String::as_str), is_v6))
        .into();
    for (row, name) in found.iter().zip(names) {
        let texts = |value: &Value| -> Vec<String> {
            let list = value.as_array().unwrap().iter();
            list.map(|text| text.as_str().unwrap().to_owned()).collect()
        };
        let moved = row["movedTo"].as_array().unwrap().iter();
        let moved: Vec<String> = moved.flat_map(|it| texts(&it["prefixes"])).collect();
        for (is_v6, all) in [false, true].into_iter().zip(&everything) {
            let of = |list: &[String]| runs(list.iter().map(String::as_str), is_v6);
            let (from, to) = (of(&rows[0][name]), of(&rows[1][name]));
            // A family that the list has not is not compared.
            let to_add = if from.is_empty() {
                Vec::new()
            } else {
                minus(&to, &from)
            };
            let gone = minus(&from, &to);
            let stale = minus(&gone, all);
            assert_eq!(of(&texts(&row["missing"])), to_add, "{name}");
            assert_eq!(of(&texts(&row["stale"])), stale, "{name}");
            assert_eq!(of(&moved), minus(&gone, &stale), "{name}");
        }
    }
}
