//! The headline of a comparison: the whole week first, and what is lost where nobody looks.

use serde_json::{Value, json};
use tagscope::index::embedded_chronicle;
use tagscope::query::Dataset;
use tagscope::query::diff::{DiffQuestion, Part, ask};
use tagscope::tui::{Chord, Effect, Message, Outcome, Task};

use crate::dashboard::{Script, compiled, read_week, script};
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
            "3 tags changed, 1 with another number only: 16 IPv4 addresses gained, 240 lost, all in other tags; rows +2 −1; 3 asked for (1 duplicate): IPv4 +16 −0, rows +2 −0",
        ),
        (
            half,
            &["--ignore-azurecloud"],
            "4 tags changed: 16 IPv4 addresses gained, 248 lost, 240 of them in other tags alone; rows +3 −2; 3 asked for (1 duplicate): IPv4 +16 −8, rows +3 −1",
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
            "4 tags changed (1 duplicate): 16 IPv4 addresses gained, 248 lost; IPv6",
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
            "3 tags changed, 1 with another number only: 2 shown, 1 of AzureCloud and 1 duplicate hidden (w); whole week: 16 IPv4 addresses gained, 240 lost, all in hidden tags; rows +2 −1; shown: IPv4 +16 −0, rows +1 −0",
        ),
        (
            &half,
            "",
            "4 tags changed: 2 shown, 1 of AzureCloud and 1 duplicate hidden (w); whole week: 16 IPv4 addresses gained, 248 lost, 240 of them in hidden tags alone; rows +3 −2; shown: IPv4 +16 −8, rows +2 −1",
        ),
        (
            &half,
            "w",
            "4 tags changed (1 duplicate): 16 IPv4 addresses gained, 248 lost; IPv6 0 gained, 0 lost; rows +3 −2",
        ),
        (
            &half,
            "/sql<Enter>",
            "4 tags changed: 1 shown, 2 not asked for, 1 of AzureCloud hidden (w); whole week: 16 IPv4 addresses gained, 248 lost, 240 of them in hidden tags alone; rows +3 −2; shown: IPv4 +0 −8, rows +1 −1",
        ),
        (
            &half,
            "w/nothing<Enter>",
            "4 tags changed: none shown, 4 not asked for; whole week: 16 IPv4 addresses gained, 248 lost, all in hidden tags; rows +3 −2",
        ),
    ] {
        let script = opened(weeks).keys(keys);
        let head = head(&script);
        assert!(head.ends_with(said), "{said:?} in {head}");
    }
    // The written review begins with the same numbers.
    let script = opened(&all).keys("x<Enter><Enter>");
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

/// The numbers of a headline's parts: tags changed in all, then those shown, hidden or not asked for.
fn parts(headline: &str) -> (usize, Vec<(usize, String)>) {
    let number = |text: &str| text.replace(',', "").parse::<usize>().ok();
    let (all, rest) = headline.split_once(": ").unwrap();
    // "1,234 tags changed, 2 added": digits behind a comma and a space begin another kind.
    let all = all
        .split(", ")
        .filter_map(|kind| number(kind.split(' ').next()?));
    let (said, _) = rest.split_once("; ").unwrap();
    let said = said.trim_end_matches(" hidden (w)").replace(" and ", ", ");
    let said = said.split(", ").map(|part| {
        let (count, what) = part.split_once(' ').unwrap();
        (
            number(count).unwrap_or(0),
            what.trim_end_matches('s').to_owned(),
        )
    });
    (all.sum(), said.collect())
}

#[test]
fn the_parts_of_every_embedded_headline_are_those_of_the_answer_and_add_up() {
    let chronicle = embedded_chronicle().unwrap();
    let weeks: Vec<Dataset> = (0..chronicle.entries().len())
        .map(|place| compiled(&chronicle.week(place).unwrap()))
        .collect();
    let all = DiffQuestion::default();
    let shown = DiffQuestion {
        ignores_azure_cloud: true,
        ..DiffQuestion::default()
    };
    let neighbours = (1..weeks.len()).map(|place| (place - 1, place));
    let since_first = (2..weeks.len()).map(|place| (0, place));
    let mut told = 0;
    for (base, target) in neighbours.chain(since_first) {
        let pair = [&weeks[base], &weeks[target]];
        let (all, shown) = (
            ask(&all, pair[0], pair[1]).unwrap(),
            ask(&shown, pair[0], pair[1]).unwrap(),
        );
        if all.tags.len() == shown.tags.len() {
            continue;
        }
        let headline = shown.headline(&all, Part::Shown { has_echoes: false }, pair);
        let (changed, parts) = parts(&headline);
        assert_eq!(changed, all.tags.len(), "{headline}");
        let sum: usize = parts.iter().map(|(count, _)| count).sum();
        assert_eq!(sum, changed, "{headline}");
        let said = |what: &str| {
            let found = parts.iter().find(|(_, said)| said == what);
            found.map_or(0, |(count, _)| *count)
        };
        let broad = all
            .tags
            .iter()
            .filter(|tag| tag.name.starts_with("AzureCloud"));
        assert_eq!(said("of AzureCloud"), broad.count(), "{headline}");
        let repeats = shown.tags.iter().filter(|tag| !tag.echo_of.is_empty());
        assert_eq!(said("duplicate"), repeats.count(), "{headline}");
        told += 1;
    }
    assert!(told > 30, "{told} headlines");
}
