//! The headline of a comparison: the whole week first, and what is lost where nobody looks.

use serde_json::{Value, json};
use tagscope::tui::{Chord, Effect, Message, Outcome, Task};

use crate::dashboard::{Script, read_week, script};
use crate::program::{Ran, run};

/// A publication of these tags.
fn document(number: u32, tags: &[(&str, &str, &[&str])]) -> String {
    let values: Vec<Value> = tags
        .iter()
        .map(|(name, region, prefixes)| {
            json!({"name": name, "id": name, "properties": {"changeNumber": number, "region": region, "regionId": 0, "platform": "Azure",
                "systemService": "", "addressPrefixes": prefixes, "networkFeatures": ["NSG"]}})
        })
        .collect();
    json!({"changeNumber": number, "cloud": "Public", "values": values}).to_string()
}

/// `AzureCloud` loses 256 addresses, of which another tag keeps `kept` in the second week and held 16
/// before; a service gains 16 in a region, which its tag without one repeats.
fn weeks(kept: &str) -> [String; 2] {
    let before: [(&str, &str, &[&str]); 4] = [
        ("AzureCloud", "", &["192.0.2.0/24", "198.51.100.0/24"]),
        ("Sql", "", &["198.51.100.0/28"]),
        ("Storage", "", &["192.0.2.0/26"]),
        ("Storage.WestEurope", "westeurope", &["192.0.2.0/26"]),
    ];
    let storage: &[&str] = &["192.0.2.0/26", "203.0.113.0/28"];
    let after: [(&str, &str, &[&str]); 4] = [
        ("AzureCloud", "", &["192.0.2.0/24"]),
        ("Sql", "", &[kept]),
        ("Storage", "", storage),
        ("Storage.WestEurope", "westeurope", storage),
    ];
    [document(1, &before), document(2, &after)]
}

/// All of it, and half of it.
const KEPT: [&str; 2] = ["198.51.100.0/28", "198.51.100.0/29"];

#[test]
fn the_verb_says_the_whole_week_before_the_tags_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let diff = |kept: &str, args: &[&str]| -> Ran {
        let mut paths = Vec::new();
        for (name, text) in ["a.json", "b.json"].into_iter().zip(weeks(kept)) {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            paths.push(path.to_str().unwrap().to_owned());
        }
        run(&[&["diff", &paths[0], &paths[1]], args].concat())
    };
    let [all, half] = KEPT;
    for (kept, args, head) in [
        (
            all,
            &["--ignore-azurecloud"][..],
            "3 tags changed, 1 with another number only: 16 IPv4 addresses gained, 240 lost, all in other tags; rows +2 −1; 3 asked for (1 only repeats narrower ones): IPv4 +16 −0, rows +2 −0",
        ),
        (
            half,
            &["--ignore-azurecloud"],
            "4 tags changed: 16 IPv4 addresses gained, 248 lost, 240 of them in other tags alone; rows +3 −2; 3 asked for (1 only repeats narrower ones): IPv4 +16 −8, rows +3 −1",
        ),
        (
            half,
            &["--tag", "Sql"],
            "4 tags changed: 16 IPv4 addresses gained, 248 lost, 240 of them in other tags alone; rows +3 −2; 1 asked for: IPv4 +0 −8, rows +1 −1",
        ),
        (
            half,
            &["--tag", "Storage.WestEurope"],
            "248 lost, all in other tags; rows +3 −2; 1 asked for: IPv4 +16 −0, rows +1 −0",
        ),
        (
            all,
            &["--filter", "nothing"],
            "240 lost, all in other tags; rows +2 −1; none of the tags asked for",
        ),
        (
            half,
            &["--region", "all"],
            "4 tags changed (1 only repeats narrower ones): 16 IPv4 addresses gained, 248 lost; IPv6",
        ),
    ] {
        let ran = diff(kept, args);
        ran.says(&[head]);
        let ran = diff(kept, &[args, &["--format", "markdown"]].concat());
        assert!(ran.out.contains(head), "{ran:?}");
        // The numbers of the document stay those of the tags asked for.
        let found = diff(kept, &[args, &["--json"]].concat()).json();
        let lost = found["summary"]["addressesLost"]["v4"].as_str().unwrap();
        let shown = head.contains("4 tags changed (") || head.contains(&format!("−{lost}, rows"));
        assert!(
            shown || head.contains("none of the tags"),
            "{lost} in {head}"
        );
    }
}

#[test]
fn what_an_unchanged_tag_still_holds_is_lost_in_the_tags_asked_for_alone() {
    let folder = tempfile::tempdir().unwrap();
    let paths = ["198.51.100.0/28", "198.51.100.0/29"].map(|kept| {
        let tags: [(&str, &str, &[&str]); 2] = [
            ("AzureCloud", "", &["198.51.100.0/24"]),
            ("Sql", "", &[kept]),
        ];
        let path = folder.path().join(kept.replace('/', "-"));
        std::fs::write(&path, document(1, &tags)).unwrap();
        path.to_str().unwrap().to_owned()
    });
    run(&["diff", &paths[0], &paths[1], "--ignore-azurecloud"]).says(&["1 tag changed: 0 IPv4 addresses gained, 0 lost; rows +1 −1; 1 asked for: IPv4 +0 −8, rows +1 −1"]);
    run(&["diff", &paths[0], &paths[1], "--tag", "*"]).says(&[
        "1 tag changed: 0 IPv4 addresses gained, 0 lost; IPv6 0 gained, 0 lost; rows +1 −1\n",
    ]);
}

/// The comparison of two documents on screen.
fn opened(weeks: &[String; 2]) -> Script {
    let mut script = script((120, 40), "default").keys("5");
    // What this key asks for is answered here.
    let older = Message::Key(Chord::parse("{").unwrap());
    let effects = script.app.update(older);
    let [
        Effect::Start {
            ticket,
            task: Task::Compare { .. },
        },
    ] = effects.as_slice()
    else {
        panic!("{effects:?}");
    };
    let [base, target] = weeks;
    let weeks = Box::new([read_week(base), read_week(target)]);
    script.message(Message::Done {
        ticket: *ticket,
        outcome: Outcome::Compared(Ok(weeks)),
    })
}

/// What stands above the panes, on one line.
fn head(script: &Script) -> String {
    let text = script.text();
    let lines = text
        .lines()
        .skip(1)
        .take_while(|line| !line.starts_with('┌'));
    let words: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
    words.join(" ")
}

#[test]
fn the_screen_says_the_whole_week_before_what_it_lists() {
    let [all, half] = KEPT.map(weeks);
    for (weeks, keys, said) in [
        (
            &all,
            "",
            "3 tags changed, 1 with another number only: 16 IPv4 addresses gained, 240 lost, all in hidden tags; rows +2 −1; 2 shown: IPv4 +16 −0, rows +1 −0; AzureCloud and duplicates hidden (w)",
        ),
        (
            &half,
            "",
            "248 lost, 240 of them in hidden tags alone; rows +3 −2; 2 shown: IPv4 +16 −8, rows +2 −1; AzureCloud and duplicates hidden (w)",
        ),
        (
            &half,
            "w",
            "4 tags changed (1 only repeats narrower ones): 16 IPv4 addresses gained, 248 lost; IPv6 0 gained, 0 lost; rows +3 −2",
        ),
        (
            &half,
            "/sql<Enter>",
            "240 of them in hidden tags alone; rows +3 −2; 1 shown: IPv4 +0 −8, rows +1 −1; AzureCloud and duplicates hidden (w)",
        ),
        (
            &half,
            "w/nothing<Enter>",
            "248 lost, all in hidden tags; rows +3 −2; none shown",
        ),
    ] {
        let script = opened(weeks).keys(keys);
        let head = head(&script);
        assert!(head.ends_with(said), "{said:?} in {head}");
    }
    // The written review begins with the same numbers.
    let script = opened(&all).keys("x<Enter>");
    let Some(Effect::Start {
        task: Task::Export { bytes, .. },
        ..
    }) = script.effects.last()
    else {
        panic!("{:?}", script.effects.last());
    };
    let written = String::from_utf8(bytes.clone()).unwrap();
    assert!(
        written.contains("240 lost, all in other tags;"),
        "{written}"
    );
}
