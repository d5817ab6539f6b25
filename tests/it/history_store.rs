//! The history of an archive, and what is asked as of a week.

use std::fs;

use serde_json::{Value, json};

use crate::archive::{Room, publication, weeks_of};
use crate::program::run;

/// The history of a tag in the room: dates with the number of each week.
fn history(room: &Room, tag: &str) -> Vec<(String, Value)> {
    let ran = room.run(&["--cloud", "china", "history", tag, "--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let document = ran.json();
    let weeks = document["weeks"].as_array().unwrap().iter();
    weeks
        .map(|week| {
            let date = week["date"].as_str().unwrap().to_owned();
            (date, week["tag"]["changeNumber"].clone())
        })
        .collect()
}

#[test]
fn the_history_follows_what_is_imported_pruned_and_damaged() {
    let room = Room::new();
    let import = |date: &str, number: u32| {
        let name = format!("ServiceTags_China_{date}.json");
        room.import(&room.file(&name, publication("China", number, 60)));
    };
    import("20260112", 2);
    import("20260126", 4);
    assert_eq!(
        history(&room, "Tag7"),
        weeks_of(&[("2026-01-12", 2), ("2026-01-26", 4)])
    );
    // A week that comes late stands where its date is; of two under a date the greater number.
    import("20260105", 1);
    import("20260119", 3);
    import("20260119", 5);
    let all = weeks_of(&[
        ("2026-01-05", 1),
        ("2026-01-12", 2),
        ("2026-01-19", 5),
        ("2026-01-26", 4),
    ]);
    assert_eq!(history(&room, "Tag7"), all);
    // What is kept is a cache: gone, cut or flipped, it is made again with the same answer.
    let kept = &room.files("china", "history.weeks")[0];
    let whole = fs::read(kept).unwrap();
    fs::remove_file(kept).unwrap();
    assert_eq!(history(&room, "Tag7"), all);
    assert_eq!(
        fs::read(kept).unwrap(),
        whole,
        "grown and made at once differ"
    );
    for damage in [&whole[..whole.len() / 2], &[0; 99], b""] {
        fs::write(kept, damage).unwrap();
        assert_eq!(history(&room, "Tag7"), all);
    }
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 0x40;
    fs::write(kept, flipped).unwrap();
    assert_eq!(history(&room, "Tag7"), all);
    // What is pruned is forgotten, and an address is told what is left.
    room.run(&["weeks", "prune", "--before", "2026-01-19", "--yes"])
        .is_quiet(0);
    assert_eq!(history(&room, "Tag7"), all[2..]);
    let ran = room.run(&["--cloud", "china", "history", "40.5.7.9", "--json"]);
    let tags = ran.json();
    assert_eq!(tags["tags"][0]["tag"], "Tag7");
    assert_eq!(tags["tags"][0]["first"], "2026-01-19");
    assert_eq!(tags["tags"][0]["last"], "2026-01-19");
}

#[test]
fn the_history_of_the_public_cloud_joins_embedded_and_archived_weeks() {
    let room = Room::new();
    room.import(&room.file(
        "ServiceTags_Public_20260601.json",
        publication("Public", 403, 60),
    ));
    let ran = room.run(&["history", "AzureContainerRegistry", "--json"]);
    let document = ran.json();
    let weeks = document["weeks"].as_array().unwrap();
    assert_eq!(weeks.len(), 21);
    assert_eq!(weeks[0]["date"], "2026-06-01");
    assert!(weeks[0]["tag"].is_null());
    assert_eq!(document["first"], "2026-06-08");
    let own = room.run(&["history", "Tag7", "--json"]).json();
    assert_eq!(
        (&own["first"], &own["last"]),
        (&json!("2026-06-01"), &json!("2026-06-01"))
    );
    assert_eq!(own["current"], false);
}

#[test]
fn a_week_can_be_asked_for_everywhere() {
    // Without an archive: the embedded weeks alone.
    let at = ["--at", "2026-07-13"];
    let ran = run(&[&at[..], &["diff", "--json"]].concat());
    let document = ran.json();
    assert_eq!(document["base"]["date"], "2026-07-06");
    assert_eq!(document["target"]["date"], "2026-07-13");
    assert_eq!(document["summary"]["tagsAdded"], 87);
    let ran = run(&["--week", "2026-07-13", "diff", "2026-06-08", "--json"]);
    assert_eq!(ran.json()["target"]["date"], "2026-07-13");
    run(&["--week", "2026-07-13", "diff", "2026-06-08", "latest"])
        .is_refused(&["--week is the target"]);
    run(&["--week", "2026-06-08", "diff"]).is_refused(&["no earlier week of Public available"]);
    let ran = run(&[&at[..], &["history", "Storage", "--json"]].concat());
    let weeks = ran.json()["weeks"].as_array().unwrap().len();
    assert_eq!(weeks, 6);
    for verb in [
        &["info"][..],
        &["tags", "Storage"],
        &["regions"],
        &["lookup", "20.38.116.38"],
    ] {
        let ran = run(&[&at[..], verb].concat());
        assert_eq!(ran.code, 0, "{ran:?}");
    }
}
