//! What changed between two weeks, against a comparison that shares no code with the program.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::contract::assert_golden;
use crate::generated::{Random, Spread};
use crate::oracle::{Oracle, OracleTag, WIDTHS};
use crate::program::{SMALL, run, tagscope};

/// First and last addresses, joined where they overlap or touch.
pub fn joined(rows: impl Iterator<Item = (u128, u128)>) -> Vec<(u128, u128)> {
    let sorted: BTreeSet<(u128, u128)> = rows.collect();
    let mut joined: Vec<(u128, u128)> = Vec::new();
    for (first, last) in sorted {
        match joined.last_mut() {
            Some(open) if open.1 == u128::MAX || first <= open.1 + 1 => open.1 = open.1.max(last),
            _ => joined.push((first, last)),
        }
    }
    joined
}

/// How many addresses of the first set are not in the second, in decimal: every bound is an event.
fn surplus(one: &[(u128, u128)], other: &[(u128, u128)]) -> String {
    let mut bounds: BTreeSet<u128> = BTreeSet::new();
    for &(first, last) in one.iter().chain(other) {
        bounds.insert(first);
        bounds.extend(last.checked_add(1));
    }
    let holds = |set: &[(u128, u128)], address: u128| {
        let after = set.partition_point(|&(first, _)| first <= address);
        after > 0 && set[after - 1].1 >= address
    };
    let bounds: Vec<u128> = bounds.into_iter().collect();
    // None stands for 2^128, the only sum that does not fit.
    let mut count = Some(0u128);
    for (place, &first) in bounds.iter().enumerate() {
        if holds(one, first) && !holds(other, first) {
            let width = match bounds.get(place + 1) {
                Some(next) => Some(next - first),
                None => (u128::MAX - first).checked_add(1),
            };
            count = width.and_then(|width| count?.checked_add(width));
        }
    }
    count.map_or_else(
        || "340282366920938463463374607431768211456".to_owned(),
        |count| count.to_string(),
    )
}

pub fn spans(tags: &[&OracleTag], family: usize) -> Vec<(u128, u128)> {
    joined(
        tags.iter()
            .flat_map(|tag| &tag.prefixes[family])
            .map(|&(first, length)| {
                let host_bits = u32::from(WIDTHS[family] - length);
                let size = u128::MAX.checked_shr(128 - host_bits).unwrap_or(0);
                (first, first | size)
            }),
    )
}

/// Gained and lost addresses per family, in decimal.
fn balance(before: &[&OracleTag], after: &[&OracleTag]) -> [Value; 2] {
    let [v4, v6] = [0, 1].map(|family| {
        let [one, other] = [before, after].map(|tags| spans(tags, family));
        [surplus(&other, &one), surplus(&one, &other)]
    });
    [
        json!({"v4": v4[0], "v6": v6[0]}),
        json!({"v4": v4[1], "v6": v6[1]}),
    ]
}

/// A tag's name without its region, and how wide it is: 0 for a service in a region, 1 for a
/// service, 2 for all of a region, 3 for all of the cloud.
fn kind(tag: &OracleTag) -> (&str, usize) {
    let base = match tag.name.rfind('.') {
        Some(dot) if !tag.region.is_empty() => &tag.name[..dot],
        _ => &tag.name,
    };
    let is_cloud = tag.name == "AzureCloud" || tag.name.starts_with("AzureCloud.");
    (
        base,
        2 * usize::from(is_cloud) + usize::from(tag.region.is_empty()),
    )
}

pub fn gathers(wide: &OracleTag, narrow: &OracleTag) -> bool {
    let ((wide_base, wide_kind), (narrow_base, narrow_kind)) = (kind(wide), kind(narrow));
    match (wide_kind, narrow_kind) {
        (1, 0) => wide_base == narrow_base,
        (2, 0 | 1) => narrow.region.is_empty() || narrow.region == wide.region,
        (3, 0..3) => true,
        _ => false,
    }
}

/// The tags all of whose rows that came or went came or went in a narrower tag too, and per tag
/// which rows those are: whether they came, family, first address, length.
fn echoes(before: &Oracle, after: &Oracle) -> BTreeMap<String, BTreeSet<(bool, usize, u128, u8)>> {
    let rows = |oracle: &Oracle| -> BTreeSet<(String, usize, u128, u8)> {
        let mut rows = BTreeSet::new();
        for tag in &oracle.tags {
            for family in [0, 1] {
                for &(first, length) in &tag.prefixes[family] {
                    rows.insert((tag.name.clone(), family, first, length));
                }
            }
        }
        rows
    };
    let (old, new) = (rows(before), rows(after));
    let mut by_row: BTreeMap<(bool, usize, u128, u8), Vec<&str>> = BTreeMap::new();
    for (came, (name, family, first, length)) in (new.difference(&old).map(|row| (true, row)))
        .chain(old.difference(&new).map(|row| (false, row)))
    {
        let key = (came, *family, *first, *length);
        by_row.entry(key).or_default().push(name);
    }
    // The newer week's properties count, as in the program.
    let find = |name: &str| {
        let mut tags = after.tags.iter().chain(&before.tags);
        tags.find(|tag| tag.name == name).unwrap()
    };
    let mut all: BTreeMap<String, Option<BTreeSet<_>>> = BTreeMap::new();
    for (key, names) in by_row {
        let tags: Vec<&OracleTag> = names.iter().map(|name| find(name)).collect();
        for wide in &tags {
            let is_echo = tags.iter().any(|narrow| gathers(wide, narrow));
            let rows = all
                .entry(wide.name.clone())
                .or_insert_with(|| Some(BTreeSet::new()));
            match rows {
                Some(rows) if is_echo => {
                    rows.insert(key);
                }
                _ => *rows = None,
            }
        }
    }
    all.into_iter()
        .filter_map(|(name, rows)| Some((name, rows?)))
        .collect()
}

/// What the program must say of two documents, tag by tag, without the rows' effects.
fn expected(before: &Oracle, after: &Oracle) -> (Value, BTreeMap<String, Value>) {
    let by_name = |oracle: &'_ Oracle| -> BTreeMap<String, usize> {
        let names = oracle.tags.iter().enumerate();
        names
            .map(|(place, tag)| (tag.name.clone(), place))
            .collect()
    };
    let (old, new) = (by_name(before), by_name(after));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let mut tags = BTreeMap::new();
    let (mut added, mut removed, mut changed) = (0, 0, 0);
    let mut rows = [0, 0];
    for name in names {
        let one = old.get(name).map(|&place| &before.tags[place]);
        let other = new.get(name).map(|&place| &after.tags[place]);
        let set = |tag: Option<&OracleTag>| -> BTreeSet<(usize, u128, u8)> {
            let families = tag.iter().flat_map(|tag| tag.prefixes.iter().enumerate());
            let all = families.flat_map(|(family, rows)| {
                rows.iter()
                    .map(move |&(first, length)| (family, first, length))
            });
            all.collect()
        };
        let (one_rows, other_rows) = (set(one), set(other));
        let came = other_rows.difference(&one_rows).count();
        let went = one_rows.difference(&other_rows).count();
        let numbers = [one, other].map(|tag| tag.and_then(|tag| tag.number));
        let has_other_attributes = match (one, other) {
            (Some(one), Some(other)) => {
                (&one.region, &one.service, &one.features)
                    != (&other.region, &other.service, &other.features)
            }
            _ => false,
        };
        let status = match (one, other) {
            (None, _) => "added",
            (_, None) => "removed",
            _ if came + went > 0 => "changed",
            _ if has_other_attributes => "attributes",
            _ if numbers[0] != numbers[1] => "number",
            _ => continue,
        };
        match status {
            "added" => added += 1,
            "removed" => removed += 1,
            "changed" => changed += 1,
            _ => {}
        }
        rows[0] += came;
        rows[1] += went;
        let side: [Vec<&OracleTag>; 2] = [one, other].map(|tag| tag.into_iter().collect());
        let [gained, lost] = balance(&side[0], &side[1]);
        let is_on_both = one.is_some() && other.is_some();
        tags.insert(
            name.clone(),
            json!({
                "status": status,
                "changeNumber": {"from": numbers[0], "to": numbers[1]},
                "came": came,
                "sameProperties": !has_other_attributes,
                "went": went,
                "addressesGained": gained,
                "addressesLost": lost,
                "consistent": !is_on_both || (came + went > 0) == (numbers[0] != numbers[1]),
            }),
        );
    }
    let [gained, lost] = balance(
        &before.tags.iter().collect::<Vec<_>>(),
        &after.tags.iter().collect::<Vec<_>>(),
    );
    let summary = json!({
        "tagsAdded": added, "tagsRemoved": removed, "tagsChanged": changed,
        "prefixesAdded": rows[0], "prefixesRemoved": rows[1],
        "addressesGained": gained, "addressesLost": lost,
        "echoes": echoes(before, after).iter().filter(|(name, _)| {
            tags[*name]["status"] == "changed" && tags[*name]["sameProperties"] == true
        }).count(),
    });
    (summary, tags)
}

/// Compares two documents by the program and by the oracle; gives the program's answer.
pub fn check(before: &[u8], after: &[u8]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let [old, new] = [("old.json", before), ("new.json", after)].map(|(name, bytes)| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    });
    let answer = run(&["diff", &old, &new, "--json"]).json();
    let (before, after) = (Oracle::read(before), Oracle::read(after));
    let (summary, mut tags) = expected(&before, &after);
    assert_eq!(answer["summary"], summary);
    for tag in answer["tags"].as_array().unwrap() {
        let name = tag["name"].as_str().unwrap();
        let wanted = tags
            .remove(name)
            .unwrap_or_else(|| panic!("{name} has not changed"));
        for key in [
            "status",
            "changeNumber",
            "addressesGained",
            "addressesLost",
            "consistent",
        ] {
            assert_eq!(tag[key], wanted[key], "{key} of {name}");
        }
        let count = |key: &str| tag[key].as_array().unwrap().len();
        assert_eq!(
            [
                json!(count("prefixesAdded")),
                json!(count("prefixesRemoved"))
            ],
            [wanted["came"].clone(), wanted["went"].clone()],
            "{name}"
        );
        // No row has an effect exactly where the set stays what it was.
        let has = |key: &str, effect: &str| {
            tag[key]
                .as_array()
                .unwrap()
                .iter()
                .any(|row| row["effect"] == effect)
        };
        let is_zero = |key: &str| tag[key] == json!({"v4": "0", "v6": "0"});
        assert_eq!(
            has("prefixesAdded", "new"),
            !is_zero("addressesGained"),
            "{name}"
        );
        assert_eq!(
            has("prefixesRemoved", "lost"),
            !is_zero("addressesLost"),
            "{name}"
        );
    }
    assert!(tags.is_empty(), "not said: {:?}", tags.keys());
    crate::diff_rows::check(&answer, &before, &after);
    crate::diff_rows::check_applied(&answer, &before, &after);
    let back = run(&["diff", &new, &old, "--json"]).json();
    crate::diff_rows::check_mirrored(&answer, &back);
    answer
}

/// A document with some tags, rows, numbers and properties changed.
fn mutated(document: &[u8], seed: u64) -> Vec<u8> {
    let mut random = Random::new(seed);
    let mut root: Value = serde_json::from_slice(document).unwrap();
    let tags = root["values"].as_array_mut().unwrap();
    tags.retain(|_| true);
    tags.remove(random.below(tags.len()));
    for tag in tags.iter_mut() {
        let properties = &mut tag["properties"];
        match random.below(6) {
            0 => {
                let rows = properties["addressPrefixes"].as_array_mut().unwrap();
                if !rows.is_empty() {
                    rows.remove(random.below(rows.len()));
                }
                rows.push(json!(format!("198.18.{}.0/24", random.below(256))));
                properties["changeNumber"] = json!(1000 + random.below(9));
            }
            1 => properties["changeNumber"] = json!(2000),
            2 => properties["systemService"] = json!("Another"),
            3 => {
                let rows = properties["addressPrefixes"].as_array_mut().unwrap();
                rows.push(json!(format!("2001:db8:{:x}::/64", random.below(65_536))));
            }
            _ => {}
        }
    }
    let mut added = tags[0].clone();
    added["name"] = json!("Added.Here");
    added["id"] = json!("Added.Here");
    tags.push(added);
    serde_json::to_vec(&root).unwrap()
}

#[test]
fn changes_agree_with_a_comparison_that_shares_no_code() {
    for seed in 1..=6 {
        let before = crate::generated::document(seed, Spread::Dense);
        let after = mutated(&before, seed);
        let answer = check(&before, &after);
        assert!(
            answer["summary"]["tagsChanged"].as_u64().unwrap() > 0,
            "{seed}"
        );
        check(&after, &before);
    }
}

#[test]
fn a_week_does_not_differ_from_itself() {
    let document = crate::generated::document(1, Spread::Dense);
    let answer = check(&document, &document);
    assert_eq!(answer["tags"], json!([]));
}

#[test]
fn the_embedded_weeks_are_compared_offline() {
    let answer = run(&["diff", "2026-06-29", "2026-07-06", "--json"]).json();
    assert_eq!(answer["base"]["changeNumber"], 407);
    assert_eq!(answer["target"]["changeNumber"], 408);
    let tags = answer["tags"].as_array().unwrap();
    let changed = tags.iter().filter(|tag| tag["status"] == "changed").count();
    assert_eq!(answer["summary"]["tagsChanged"], changed);
    assert!(tags.iter().all(|tag| tag["changeNumber"]["from"].is_u64()));
    let newest = run(&["diff", "--json"]).json();
    assert_eq!(
        (&newest["base"]["date"], &newest["target"]["date"]),
        (&json!("2026-10-12"), &json!("2026-10-19"))
    );
    let backwards = run(&["diff", "latest", "previous", "--json"]).json();
    assert_eq!(
        newest["summary"]["prefixesAdded"],
        backwards["summary"]["prefixesRemoved"]
    );
}

#[test]
fn every_week_that_is_listed_can_be_named_and_is_what_the_list_says() {
    let listed = run(&["weeks", "--json"]).json();
    let weeks = listed["weeks"].as_array().unwrap();
    assert_eq!((&listed["schemaVersion"], weeks.len()), (&json!(1), 20));
    let dates: Vec<&str> = weeks
        .iter()
        .map(|week| week["date"].as_str().unwrap())
        .collect();
    assert!(
        dates.is_sorted_by(|newer, older| newer > older),
        "{dates:?}"
    );
    for week in [&weeks[0], &weeks[1], &weeks[15], &weeks[19]] {
        let date = week["date"].as_str().unwrap();
        let named = run(&["--week", date, "tags", "nosuchtag", "--json"]).json();
        // The newest week has an index of its own, made from the same data.
        for key in [
            "cloud",
            "changeNumber",
            "changeNumbers",
            "contentHash",
            "tags",
            "prefixes",
        ] {
            assert_eq!(named["week"][key], week[key], "{key} of {date}");
        }
    }
    run(&["weeks", "--cloud", "china", "--json"]).says(&["no week of China"]);
}

#[test]
fn json_of_two_documents_is_as_recorded() {
    let ran = run(&["diff", SMALL, "tests/data/screens.json", "--json"]);
    assert_eq!(ran.err, "");
    assert_golden("diff.json", &ran);
}

#[test]
fn filters_and_the_exit_code_hold() {
    let all = run(&["diff", "--json"]).json();
    let without = run(&["diff", "--json", "--ignore-azurecloud"]).json();
    let count = |answer: &Value| answer["tags"].as_array().unwrap().len();
    assert!(count(&without) < count(&all));
    let one = run(&[
        "diff",
        "--json",
        "--region",
        "West Europe",
        "--service",
        "AzureCloud",
    ])
    .json();
    assert_eq!(one["tags"][0]["name"], "AzureCloud.westeurope");
    tagscope().args(["diff", "--exit-code"]).assert().code(1);
    tagscope()
        .args(["diff", "latest", "latest", "--exit-code"])
        .assert()
        .code(0);
}

#[test]
fn a_tag_or_a_service_that_neither_week_has_is_refused_with_near_names() {
    let weeks = ["2026-09-21", "2026-09-28"];
    for (flag, typed, named) in [
        (
            "--tag",
            "NoSuchTagAtAll",
            &["no tag matches \"NoSuchTagAtAll\""][..],
        ),
        (
            "--tag",
            "Nope*",
            &["no tag matches \"Nope*\"", "tagscope tags"],
        ),
        ("--tag", "Storge", &["\"Storge\"; did you mean Storage"]),
        (
            "--tag",
            "AzureFrontDor.Backend",
            &["did you mean AzureFrontDoor.Backend?"],
        ),
        (
            "--service",
            "Nothing",
            &["no tag is of a service \"Nothing\""],
        ),
        ("--service", "AzureStorge", &["did you mean AzureStorage"]),
        ("--service", "stor", &["no tag is of a service \"stor\""]),
    ] {
        for more in [
            &[][..],
            &["--json"],
            &["--exit-code"],
            &["--format", "markdown"],
        ] {
            let args = [&["diff", weeks[0], weeks[1], flag, typed], more].concat();
            run(&args).is_refused(named);
        }
    }
    // What one of the weeks has is known, and so is what did not change.
    let (before, after) = ("2026-06-08", "2026-10-19");
    let found = run(&["diff", before, after, "--json"]).json();
    let mut tags = found["tags"].as_array().unwrap().iter();
    let new = tags.find(|tag| tag["status"] == "added").unwrap();
    let new = new["name"].as_str().unwrap();
    for weeks in [[before, after], [after, before]] {
        let args = [&["diff", "--json", "--tag", new], &weeks[..]].concat();
        assert_eq!(run(&args).json()["tags"][0]["name"], new);
    }
    let ran = run(&["diff", "latest", "latest", "--tag", "Storage"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{ran:?}");
}

#[test]
fn a_ticket_gets_a_sentence_a_table_and_the_rows() {
    let ran = run(&["diff", "2026-06-29", "2026-07-06", "--format", "markdown"]);
    let mut lines = ran.out.lines();
    assert_eq!(
        lines.next(),
        Some("## Public: 2026-06-29 (number 407) → 2026-07-06 (number 408)")
    );
    assert_eq!(lines.next(), Some(""));
    let sentence = lines.next().unwrap();
    assert!(sentence.starts_with("39 tags changed ("), "{sentence}");
    assert_eq!(lines.next(), Some(""));
    assert!(lines.next().unwrap().starts_with("| service / tag |"));
    let table = lines.by_ref().skip(1).take_while(|line| !line.is_empty());
    let tags = table.filter(|line| line.contains("| changed |")).count();
    assert_eq!(tags, 39);
    assert_eq!(ran.out.matches("```").count() % 2, 0);
    let nothing = run(&["diff", "latest", "latest", "--format", "markdown"]);
    assert!(
        nothing.out.contains("\nnothing changed.\n"),
        "{}",
        nothing.out
    );
}

#[test]
fn weeks_that_do_not_belong_together_are_refused() {
    run(&["diff", "1999-01-01"]).is_refused(&["no week of 1999-01-01"]);
    run(&["diff", "yesterday"]).is_refused(&["yesterday", "no week and no file"]);
    run(&["diff", "no/such.json"]).is_refused(&["no/such.json"]);
    run(&["diff", "--week", "2026-07-06", "2026-06-08", "latest"]).is_refused(&["BASE TARGET"]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ServiceTags_China_20260713.json");
    let document = crate::generated::document(1, Spread::Dense);
    let mut root: Value = serde_json::from_slice(&document).unwrap();
    root["cloud"] = json!("China");
    std::fs::write(&path, root.to_string()).unwrap();
    run(&["diff", path.to_str().unwrap(), "latest"]).is_refused(&["different clouds"]);
}
