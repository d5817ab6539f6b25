//! The filter of tags: words, addresses and keys, held against the published JSON and the history.

use serde_json::Value;
use tagscope::tui::App;

use crate::dashboard::{Script, dataset, diff_answer, script, startup};
use crate::program::{run, run_small};

const SIZE: (u16, u16) = (120, 40);
const SCREENS: &str = include_str!("../data/screens.json");

/// Names that a filter keeps of the document of the screens.
fn kept(filter: &str) -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/screens.json");
    let ran = run(&["--file", path, "tags", "--filter", filter, "--json"]);
    assert!(ran.code < 2, "{filter}: {ran:?}");
    let tags = ran.json()["tags"].as_array().unwrap().clone();
    let name = |tag: &Value| tag["name"].as_str().unwrap().to_owned();
    tags.iter().map(name).collect()
}

/// Names by what the document itself says, in the order of the list.
fn published(is_kept: impl Fn(&str, &Value) -> bool) -> Vec<String> {
    let document: Value = serde_json::from_str(SCREENS).unwrap();
    let tags = document["values"].as_array().unwrap().iter();
    let kept = tags.filter(|tag| is_kept(tag["name"].as_str().unwrap(), &tag["properties"]));
    let mut names: Vec<String> = kept
        .map(|tag| tag["name"].as_str().unwrap().to_owned())
        .collect();
    names.sort_by_key(|name| name.to_lowercase());
    names
}

fn has_feature(properties: &Value, feature: &str) -> bool {
    let list = properties["networkFeatures"].as_array();
    list.is_some_and(|list| list.iter().any(|word| word == feature))
}

#[test]
fn keys_words_and_addresses_must_all_hold() {
    let west = |properties: &Value| properties["region"] == "westeurope";
    assert_eq!(
        kept("feature:vse"),
        published(|_, tag| has_feature(tag, "VSE"))
    );
    assert_eq!(
        kept("FEATURE:Vs"),
        kept("feature:vse"),
        "the only one that begins so"
    );
    assert_eq!(
        kept("!feature:nsg"),
        published(|_, tag| !has_feature(tag, "NSG"))
    );
    assert_eq!(kept("region:westeurope"), published(|_, tag| west(tag)));
    assert_eq!(
        kept("region:WestEurope feature:vse"),
        ["Storage.WestEurope"]
    );
    assert_eq!(
        kept("region:francecentral"),
        ["Storage.FranceCentral"],
        "as ARM names it"
    );
    assert_eq!(kept("region:none"), published(|_, tag| tag["region"] == ""));
    let storage = |tag: &Value| tag["systemService"] == "AzureStorage";
    assert_eq!(kept("service:storage"), published(|_, tag| storage(tag)));
    assert_eq!(
        kept("service:azurestorage !region:westeurope"),
        ["Storage", "Storage.FranceCentral"]
    );
    assert_eq!(
        kept("203.0.113.130 registry"),
        [
            "AzureContainerRegistry",
            "AzureContainerRegistry.WestEurope"
        ]
    );
    assert_eq!(kept("203.0.113.0/25 feature:vse region:none"), ["Storage"]);
    // A colon alone makes no key: it stands in IPv6 addresses too.
    assert_eq!(kept("2001:db8:18::1 !azurecloud region:none"), ["Storage"]);
    assert_eq!(kept("owner:me"), Vec::<String>::new());
}

#[test]
fn a_value_that_a_key_does_not_have_is_said_and_never_an_answer() {
    for (filter, named) in [
        ("feature:dns", "API, NSG, UDR, FW, VSE"),
        ("!feature:dns", "API, NSG, UDR, FW, VSE"),
        ("feature:", "feature: API"),
        ("changed:soon", "4w, 30d or a date"),
    ] {
        run_small(&["tags", "--filter", filter]).is_refused(&[named]);
    }
    let script = script(SIZE, "default").keys("/feature:dns");
    script.assert_shows("feature: is API, NSG, UDR, FW, VSE");
}

#[test]
fn changed_tags_are_those_whose_history_says_so() {
    let tags = |filter: &str| {
        let ran = run(&["tags", "--filter", filter, "--json"]);
        let tags = ran.json()["tags"].as_array().unwrap().clone();
        let name = |tag: &Value| tag["name"].as_str().unwrap().to_owned();
        tags.iter().map(name).collect::<Vec<_>>()
    };
    let (since, weeks) = (tags("changed:2026-09-28"), tags("changed:4w"));
    assert_eq!(since, weeks, "the newest is of 2026-10-19");
    assert_eq!(tags("changed:28d"), weeks);
    let all = tags("service:AzureContainerRegistry");
    assert!(all.len() > 20);
    for name in all {
        let ran = run(&["history", &name, "--json"]);
        let changed = ran.json()["lastChanged"].as_str().unwrap_or("").to_owned();
        let is_late = changed.as_str() >= "2026-09-28";
        assert_eq!(weeks.contains(&name), is_late, "{name} changed {changed}");
    }
    assert!(tags("changed:1w").len() < weeks.len());
}

#[test]
fn watched_tags_are_found_on_the_screen_and_go_when_they_are_no_longer() {
    let shown = script(SIZE, "default").keys("/storage.west<Enter><Space><Esc>/watched");
    let shown = shown
        .assert_shows("Tags 1/8")
        .assert_shows("Storage.WestEurope");
    shown.keys("<Enter><Space>").assert_shows("Tags 0/8");
}

#[test]
fn what_changed_is_asked_again_once_the_weeks_are_read() {
    let script = Script {
        app: App::new(startup(dataset(), SIZE, "default")),
        size: SIZE,
        effects: Vec::new(),
    };
    let mut script = script
        .keys("/changed:1w")
        .assert_shows("the weeks are still being read");
    let begun = script.app.begin();
    for message in begun.iter().filter_map(diff_answer) {
        script = script.message(message);
    }
    script.assert_shows("Storage.WestEurope");
}

#[test]
fn diff_filters_by_the_same_keys_as_tags() {
    let names = |args: &[&str]| -> Vec<String> {
        let ran = crate::program::run(&[&["--offline"], args].concat());
        ran.lines()
            .iter()
            .map(|line| line.split('\t').next().unwrap().to_owned())
            .collect()
    };
    let weeks = ["diff", "2026-09-28", "2026-10-19"];
    let all = names(&weeks);
    // Both weeks' lists, asked one by one.
    for filter in ["service:storage", "!region:westus", "feature:nsg monitor"] {
        let of_week = |week: &str| names(&["--week", week, "tags", "--filter", filter]);
        let listed = [of_week("2026-09-28"), of_week("2026-10-19")].concat();
        let wanted: Vec<&String> = all.iter().filter(|name| listed.contains(name)).collect();
        let filter = format!("--filter={filter}");
        let found = names(&[&weeks[..], &[filter.as_str()]].concat());
        assert!(!found.is_empty(), "{filter}");
        assert_eq!(found.iter().collect::<Vec<_>>(), wanted, "{filter}");
    }
    let refused = crate::program::run(&["--offline", "diff", "--filter=feature:none"]);
    assert_eq!((refused.code, refused.out.as_str()), (2, ""));
}
