//! What a comparison says of each row, against the rows themselves; and hand-made weeks.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use serde_json::{Value, json};
use tagscope::azure::Week;
use tagscope::index::embedded_chronicle;

use crate::diff::{gathers, joined, spans};
use crate::generated::{Random, Spread};
use crate::oracle::{Oracle, OracleTag, WIDTHS};
use crate::program::run;

type Run = (u128, u128);

fn runs(tag: Option<&OracleTag>, family: usize) -> Vec<Run> {
    tag.map_or_else(Vec::new, |tag| spans(&[tag], family))
}

/// The parts of a run that are in none of the sorted, disjoint ones.
fn outside((first, last): Run, set: &[Run]) -> Vec<Run> {
    let mut parts = Vec::new();
    let mut from = first;
    let start = set.partition_point(|run| run.1 < first);
    for &(low, high) in &set[start..] {
        if low > last {
            break;
        }
        if low > from {
            parts.push((from, low - 1));
        }
        if high >= last {
            return parts;
        }
        from = high + 1;
    }
    parts.push((from, last));
    parts
}

fn size(parts: &[Run]) -> String {
    let sum = parts.iter().try_fold(0u128, |sum, &(first, last)| {
        sum.checked_add((last - first).checked_add(1)?)
    });
    sum.map_or_else(
        || "340282366920938463463374607431768211456".to_owned(),
        |sum| sum.to_string(),
    )
}

/// Family, first address, length.
fn read(prefix: &str) -> (usize, u128, u8) {
    let (address, length) = prefix.split_once('/').unwrap();
    let length = length.parse().unwrap();
    match address.parse().unwrap() {
        IpAddr::V4(v4) => (0, u128::from(u32::from(v4)), length),
        IpAddr::V6(v6) => (1, u128::from(v6), length),
    }
}

fn run_of((family, first, length): (usize, u128, u8)) -> Run {
    let hosts = u32::from(WIDTHS[family] - length);
    let hosts = u128::MAX.checked_shr(128 - hosts).unwrap_or(0);
    (first, first | hosts)
}

fn names<'a>(value: &'a Value, key: &str) -> Vec<&'a str> {
    let list = value.get(key).and_then(Value::as_array);
    let names = list.into_iter().flatten();
    names.map(|name| name.as_str().unwrap()).collect()
}

/// Checks every row of an answer.
pub fn check(answer: &Value, before: &Oracle, after: &Oracle) {
    let find = |oracle: &'_ Oracle| -> BTreeMap<String, usize> {
        let tags = oracle.tags.iter().enumerate();
        tags.map(|(place, tag)| (tag.name.clone(), place)).collect()
    };
    let places = [find(before), find(after)];
    let tag = |side: usize, name: &str| {
        let oracle = [before, after][side];
        places[side].get(name).map(|&place| &oracle.tags[place])
    };
    // Who has a row with a sign.
    let mut holders: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    let keys = ["prefixesRemoved", "prefixesAdded"];
    for change in answer["tags"].as_array().unwrap() {
        for key in keys {
            for row in change[key].as_array().unwrap() {
                let holder = (key, row["prefix"].as_str().unwrap());
                let name = change["name"].as_str().unwrap();
                holders.entry(holder).or_default().push(name);
            }
        }
    }
    let newest = |name: &str| tag(1, name).or(tag(0, name)).unwrap();
    for change in answer["tags"].as_array().unwrap() {
        let name = change["name"].as_str().unwrap();
        let mut leaders = BTreeSet::new();
        let mut is_echo = change["status"] == "changed" && change["attributes"] == json!([]);
        for (side, key) in keys.into_iter().enumerate() {
            let other = tag(1 - side, name);
            let others = [0, 1].map(|family| runs(other, family));
            for row in change[key].as_array().unwrap() {
                let prefix = row["prefix"].as_str().unwrap();
                let place @ (family, first, length) = read(prefix);
                let parts = outside(run_of(place), &others[family]);
                let what = format!("{name} {prefix}");
                assert_eq!(row["addresses"], json!(size(&parts)), "{what}");
                let effect = match (parts.is_empty(), side) {
                    (true, _) => "covered",
                    (false, 0) => "lost",
                    (false, _) => "new",
                };
                assert_eq!(row["effect"], effect, "{what}");
                let around = (0..length).rev().find(|&length| {
                    let masked = first & !(run_of((family, 0, length)).1);
                    other.is_some_and(|tag| {
                        tag.prefixes[family]
                            .binary_search(&(masked, length))
                            .is_ok()
                    })
                });
                let covered = row
                    .get("coveredBy")
                    .map(|text| read(text.as_str().unwrap()).2);
                assert_eq!(covered, around, "{what}");
                let same = &holders[&(key, prefix)];
                let narrower: Vec<&str> = (same.iter().copied())
                    .filter(|narrow| gathers(newest(name), newest(narrow)))
                    .collect();
                let wider: BTreeSet<&str> = (same.iter().copied())
                    .filter(|wide| gathers(newest(wide), newest(name)))
                    .collect();
                let said = names(row, "echoOf");
                assert_eq!(said.is_empty(), narrower.is_empty(), "{what}");
                assert!(said.iter().all(|name| narrower.contains(name)), "{what}");
                if narrower.is_empty() {
                    let said: BTreeSet<&str> = names(row, "echoes").into_iter().collect();
                    assert_eq!(said, wider, "{what}");
                }
                is_echo &= !narrower.is_empty();
                leaders.extend(said);
                for (key, mover) in [("movedTo", 0), ("movedFrom", 1)] {
                    for moved in names(row, key) {
                        assert_eq!((side, parts.is_empty()), (mover, false), "{what}");
                        // Every part is in the other tag on the other side, and only there.
                        let has = runs(tag(1 - side, moved), family);
                        let had = runs(tag(side, moved), family);
                        for &part in &parts {
                            assert!(outside(part, &has).is_empty(), "{what} {moved}");
                            assert_eq!(outside(part, &had), [part], "{what} {moved}");
                        }
                    }
                }
            }
        }
        let said: BTreeSet<&str> = names(change, "echoOf").into_iter().collect();
        assert_eq!(
            said,
            if is_echo { leaders } else { BTreeSet::new() },
            "{name}"
        );
    }
}

/// A tag's properties by name, and its rows.
type Content = BTreeMap<String, (BTreeMap<String, Value>, BTreeSet<(usize, u128, u8)>)>;

fn content(oracle: &Oracle) -> Content {
    let of = |tag: &OracleTag| {
        let features = tag.features.as_ref();
        let features = features.map(|words| words.split_whitespace().collect::<Vec<_>>());
        let properties = [
            ("number", json!(tag.number)),
            ("region", json!(tag.region)),
            ("systemService", json!(tag.service)),
            ("networkFeatures", json!(features)),
        ];
        let properties = properties.map(|(key, value)| (key.to_owned(), value));
        let rows = [0, 1].into_iter().flat_map(|family| {
            let rows = tag.prefixes[family].iter();
            rows.map(move |&(first, length)| (family, first, length))
        });
        (
            tag.name.clone(),
            (properties.into_iter().collect(), rows.collect()),
        )
    };
    oracle.tags.iter().map(of).collect()
}

/// Checks that an answer alone leads from one week to the other.
pub fn check_applied(answer: &Value, before: &Oracle, after: &Oracle) {
    let mut applied = content(before);
    for change in answer["tags"].as_array().unwrap() {
        let name = change["name"].as_str().unwrap();
        if change["status"] == "removed" {
            let (_, rows) = applied.remove(name).unwrap();
            assert_eq!(
                rows.len(),
                change["prefixesRemoved"].as_array().unwrap().len()
            );
            continue;
        }
        let (properties, rows) = applied.entry(name.to_owned()).or_default();
        if change["status"] == "added" {
            properties.insert("networkFeatures".to_owned(), Value::Null);
        }
        let number = change["changeNumber"]["to"].clone();
        properties.insert("number".to_owned(), number);
        for attribute in change["attributes"].as_array().unwrap() {
            let key = attribute["name"].as_str().unwrap().to_owned();
            let old = properties.insert(key, attribute["to"].clone());
            assert_eq!(old.unwrap_or(Value::Null), attribute["from"], "{name}");
        }
        for row in change["prefixesRemoved"].as_array().unwrap() {
            assert!(
                rows.remove(&read(row["prefix"].as_str().unwrap())),
                "{name}"
            );
        }
        for row in change["prefixesAdded"].as_array().unwrap() {
            assert!(rows.insert(read(row["prefix"].as_str().unwrap())), "{name}");
        }
    }
    assert!(applied == content(after), "the answer leads elsewhere");
}

/// Checks that two answers are each other's mirror.
pub fn check_mirrored(forth: &Value, back: &Value) {
    let mut turned = back.clone();
    let swap = |value: &mut Value, one: &str, other: &str| {
        let object = value.as_object_mut().unwrap();
        let (first, second) = (object.remove(one), object.remove(other));
        object.extend(second.map(|value| (one.to_owned(), value)));
        object.extend(first.map(|value| (other.to_owned(), value)));
    };
    swap(&mut turned, "base", "target");
    let rows = ["prefixesAdded", "prefixesRemoved"];
    let addresses = ["addressesGained", "addressesLost"];
    let summary = &mut turned["summary"];
    swap(summary, "tagsAdded", "tagsRemoved");
    swap(summary, rows[0], rows[1]);
    swap(summary, addresses[0], addresses[1]);
    for tag in turned["tags"].as_array_mut().unwrap() {
        swap(tag, rows[0], rows[1]);
        swap(tag, addresses[0], addresses[1]);
        swap(tag, "renamedFrom", "renamedTo");
        swap(&mut tag["changeNumber"], "from", "to");
        for attribute in tag["attributes"].as_array_mut().unwrap() {
            swap(attribute, "from", "to");
        }
        tag["status"] = match tag["status"].as_str().unwrap() {
            "added" => json!("removed"),
            "removed" => json!("added"),
            other => json!(other),
        };
        for (key, effect) in rows.into_iter().zip(["new", "lost"]) {
            for row in tag[key].as_array_mut().unwrap() {
                swap(row, "movedTo", "movedFrom");
                if row["effect"] != "covered" {
                    row["effect"] = json!(effect);
                }
            }
        }
    }
    for key in ["summary", "tags"] {
        assert!(turned[key] == forth[key], "{key} is not mirrored");
    }
}

/// A week as its document would be.
pub fn document(week: &Week) -> Vec<u8> {
    let tags = week.tags.iter().map(|tag| {
        let rows: Vec<String> = tag.prefixes.iter().map(ToString::to_string).collect();
        let features = tag.features.as_ref();
        let features = features.map(|words| words.as_str().split(' ').collect::<Vec<_>>());
        json!({"name": tag.name, "id": tag.name, "properties": {
            "changeNumber": tag.change_number, "region": tag.region, "platform": "Azure",
            "systemService": tag.system_service, "addressPrefixes": rows,
            "networkFeatures": features,
        }})
    });
    let tags: Vec<Value> = tags.collect();
    let root = json!({"changeNumber": 1, "cloud": "Public", "values": tags});
    serde_json::to_vec(&root).unwrap()
}

fn check_embedded(pairs: impl Iterator<Item = usize>) {
    let chronicle = embedded_chronicle().unwrap();
    for place in pairs {
        let weeks = [place, place + 1].map(|place| document(&chronicle.week(place).unwrap()));
        crate::diff::check(&weeks[0], &weeks[1]);
    }
}

#[test]
fn embedded_weeks_differ_as_an_oracle_says() {
    // 2026-07-06 with 87 new tags, 2026-08-10 with a move, 2026-08-17 with the great joining of
    // rows, and the newest.
    check_embedded([4, 9, 10, 18].into_iter());
}

/// Every pair: with the tests of the published documents, which take their time as well.
pub fn check_all_embedded() {
    check_embedded(0..19);
}

/// A week from (tag, region, rows).
fn made(tags: &[(&str, &str, &[&str])]) -> Vec<u8> {
    let tags = tags.iter().map(|(name, region, rows)| {
        json!({"name": name, "id": name, "properties": {
            "changeNumber": rows.len(), "region": region, "regionId": 0, "platform": "Azure",
            "systemService": "", "addressPrefixes": rows, "networkFeatures": null,
        }})
    });
    let tags: Vec<Value> = tags.collect();
    json!({"changeNumber": 1, "cloud": "Public", "values": tags})
        .to_string()
        .into_bytes()
}

fn tag<'a>(answer: &'a Value, name: &str) -> &'a Value {
    let mut tags = answer["tags"].as_array().unwrap().iter();
    tags.find(|tag| tag["name"] == name).unwrap()
}

#[test]
fn a_row_that_another_tag_gained_has_moved() {
    let before = made(&[
        (
            "Storage.WestEurope",
            "westeurope",
            &["10.0.0.0/24", "10.0.1.0/24", "10.9.0.0/24"],
        ),
        (
            "Storage",
            "",
            &["10.0.0.0/24", "10.0.1.0/24", "10.9.0.0/24"],
        ),
        ("LogAnalytics.WestEurope", "westeurope", &["10.1.0.0/24"]),
        ("LogAnalytics", "", &["10.1.0.0/24"]),
        ("AzureCloud.westeurope", "westeurope", &["10.0.0.0/8"]),
    ]);
    // Split on arrival; 10.0.1.0/24 went to nobody, half of 10.9.0.0/24 is only half a move.
    let rows: &[&str] = &["10.0.0.0/25", "10.0.0.128/25", "10.1.0.0/24", "10.9.0.0/25"];
    let after = made(&[
        ("Storage.WestEurope", "westeurope", &[]),
        ("Storage", "", &[]),
        ("LogAnalytics.WestEurope", "westeurope", rows),
        ("LogAnalytics", "", rows),
        ("AzureCloud.westeurope", "westeurope", &["10.0.0.0/8"]),
    ]);
    let answer = crate::diff::check(&before, &after);
    for name in ["Storage.WestEurope", "Storage"] {
        let rows = &tag(&answer, name)["prefixesRemoved"];
        assert_eq!(rows[0]["movedTo"], json!(["LogAnalytics.WestEurope"]));
        assert_eq!(
            (rows[1].get("movedTo"), rows[2].get("movedTo")),
            (None, None)
        );
    }
    let rows = &tag(&answer, "LogAnalytics")["prefixesAdded"];
    for row in rows.as_array().unwrap() {
        assert_eq!(row["movedFrom"], json!(["Storage.WestEurope"]), "{row}");
    }
}

#[test]
fn a_roll_up_neither_takes_nor_gives() {
    let before = made(&[
        ("Storage.WestEurope", "westeurope", &["10.0.0.0/24"]),
        ("Storage", "", &["10.2.0.0/24"]),
        ("AzureMonitor", "", &["10.3.0.0/24"]),
        ("AzureCloud.westeurope", "westeurope", &["10.4.0.0/24"]),
    ]);
    let after = made(&[
        (
            "Storage.WestEurope",
            "westeurope",
            &["10.2.0.0/24", "10.4.0.0/24"],
        ),
        ("Storage", "", &["10.0.0.0/24"]),
        ("AzureMonitor.Core", "", &["10.3.0.0/24", "10.3.1.0/24"]),
        ("AzureCloud.westeurope", "westeurope", &["10.0.0.0/24"]),
    ]);
    let answer = crate::diff::check(&before, &after).to_string();
    assert!(!answer.contains("\"moved"), "{answer}");
}

#[test]
fn one_change_in_four_tags_is_said_once() {
    let all = [
        "Storage.WestEurope",
        "Storage",
        "AzureCloud.westeurope",
        "AzureCloud",
    ];
    let week = |rows: &[&str]| {
        made(&[
            (all[0], "westeurope", rows),
            (all[1], "", rows),
            (all[2], "westeurope", rows),
            (all[3], "", rows),
            ("AzureCloud.eastus", "eastus", rows),
        ])
    };
    let answer = crate::diff::check(
        &week(&["10.0.0.0/24"]),
        &week(&["10.0.0.0/24", "10.0.1.0/24"]),
    );
    assert_eq!(answer["summary"]["echoes"], 4);
    let row = &tag(&answer, all[0])["prefixesAdded"][0];
    assert_eq!(row["echoes"], json!([all[1], all[2], all[3]]));
    for name in &all[1..] {
        assert_eq!(tag(&answer, name)["echoOf"][0], all[0]);
    }
    // Not an echo of another region's tag, but of the service's.
    let elsewhere = tag(&answer, "AzureCloud.eastus");
    assert_eq!(elsewhere["echoOf"], json!(["Storage"]));
}

#[test]
fn only_tags_asked_for_lead() {
    let dates = ["2026-06-29", "2026-07-06"];
    let asked =
        |more: &[&str]| run(&[&["diff", dates[0], dates[1], "--json"], more].concat()).json();
    // Counted by hand: the three rows of either region are the six of the service.
    let all = asked(&[]);
    let parts = [
        "PowerPlatformInfra.JapanEast",
        "PowerPlatformInfra.JapanWest",
    ];
    assert_eq!(tag(&all, "PowerPlatformInfra")["echoOf"], json!(parts));
    let rows = |name: &str| tag(&all, name)["prefixesAdded"].as_array().unwrap().len();
    assert_eq!(
        (rows(parts[0]), rows(parts[1]), rows("PowerPlatformInfra")),
        (3, 3, 6)
    );
    assert_eq!(all["summary"]["echoes"], 2);
    let service = asked(&["--tag", "PowerPlatformInfr?"]);
    assert_eq!(tag(&service, "PowerPlatformInfra")["echoOf"], json!([]));
    // Wider tags are named although they were not asked for.
    let part = asked(&["--tag", parts[0]]);
    let row = &tag(&part, parts[0])["prefixesAdded"][0];
    assert_eq!(row["echoes"][0], "PowerPlatformInfra");
    assert_eq!(part["summary"]["addressesGained"]["v4"], "328");
}

#[test]
fn an_embedded_row_moved() {
    let dates = ["2026-08-10", "2026-08-17"];
    let (old, new, row) = (
        "AzureSignalR",
        "CognitiveServicesManagement",
        "172.129.95.64/26",
    );
    // By look-ups: each tag has the row in one of the weeks only.
    for (name, found) in [(old, [true, false]), (new, [false, true])] {
        for (date, is_there) in dates.into_iter().zip(found) {
            let ran = run(&["--week", date, "lookup", row, "--tag", name, "--json"]).json();
            let matches = ran["matches"].as_array().unwrap();
            assert_eq!(!matches.is_empty(), is_there, "{name} on {date}");
        }
    }
    let answer = run(&["diff", dates[0], dates[1], "--json"]).json();
    let find = |name: &str, key: &str| {
        let rows = tag(&answer, name)[key].as_array().unwrap().clone();
        rows.into_iter()
            .find(|known| known["prefix"] == row)
            .unwrap()
    };
    assert_eq!(find(old, "prefixesRemoved")["movedTo"], json!([new]));
    assert_eq!(find(new, "prefixesAdded")["movedFrom"], json!([old]));
}

#[test]
fn a_tag_under_another_name_is_hinted_at() {
    let rows: Vec<String> = (0..20).map(|third| format!("10.0.{third}.0/24")).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let before = made(&[
        ("Old", "", &rows),
        ("Old.WestEurope", "westeurope", &rows),
        ("Gone", "", &rows[..15]),
    ]);
    let after = made(&[
        ("New", "", &rows[1..]),
        ("New.WestEurope", "westeurope", &rows),
        ("Other", "", &["192.0.2.0/24"]),
    ]);
    let answer = crate::diff::check(&before, &after);
    assert_eq!(tag(&answer, "Old")["renamedTo"], "New");
    assert_eq!(tag(&answer, "New")["renamedFrom"], "Old");
    assert_eq!(
        tag(&answer, "Old.WestEurope")["renamedTo"],
        "New.WestEurope"
    );
    for name in ["Gone", "Other"] {
        let keys = ["renamedTo", "renamedFrom"].map(|key| tag(&answer, name).get(key));
        assert_eq!(keys, [None, None]);
    }
}

#[test]
fn covered_rows_name_what_holds_them() {
    let before = made(&[("A", "", &["10.0.0.0/16", "10.1.0.0/25", "10.1.0.128/25"])]);
    let after = made(&[(
        "A",
        "",
        &["10.0.0.0/16", "10.0.7.0/24", "10.1.0.0/24", "10.1.0.0/26"],
    )]);
    let answer = crate::diff::check(&before, &after);
    let rows = &tag(&answer, "A")["prefixesAdded"];
    assert_eq!(rows[0]["coveredBy"], "10.0.0.0/16");
    assert_eq!(
        (rows[1]["effect"].as_str(), rows[1].get("coveredBy")),
        (Some("covered"), None)
    );
    assert_eq!(rows[2]["coveredBy"], "10.1.0.0/25");
    let folder = tempfile::tempdir().unwrap();
    let paths = [("old.json", before), ("new.json", after)].map(|(name, bytes)| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    });
    let text = run(&["diff", &paths[0], &paths[1], "--format", "markdown"]).out;
    for line in [
        "+ 10.0.7.0/24  256  covered by 10.0.0.0/16",
        "+ 10.1.0.0/24  256  covered by several rows",
        "- 10.1.0.128/25  128  still covered by 10.1.0.0/24",
    ] {
        assert!(text.contains(line), "{text}");
    }
    let none = run(&["diff", &paths[0], &paths[1], "--address-changes", "--json"]).json();
    assert_eq!(none["tags"], json!([]));
    let rows = run(&["diff", &paths[0], &paths[1], "--rows", "--format", "csv"]).out;
    assert_eq!(
        rows.lines().nth(1),
        Some("A,+,10.0.7.0/24,covered,0,,,10.0.0.0/16,")
    );
}

#[test]
fn dense_weeks_are_mirrored() {
    for seed in 20..24 {
        let [one, other] =
            [seed, seed + 100].map(|seed| crate::generated::document(seed, Spread::Dense));
        crate::diff::check(&one, &other);
    }
    let mut random = Random::new(7);
    let far = crate::generated::document(random.next(), Spread::Far);
    crate::diff::check(
        &far,
        &crate::generated::document(random.next(), Spread::Far),
    );
}

#[test]
fn joined_runs_do_not_touch() {
    assert_eq!(
        joined([(0, 3), (4, 7), (9, 9)].into_iter()),
        [(0, 7), (9, 9)]
    );
}
