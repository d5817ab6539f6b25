//! Dates of publications: ahead of today, of unknown age, inferred; and what the embedded weeks say
//! of `AzureCloud`.

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use serde_json::Value;
use tagscope::azure::{Cloud, DateKind, Week};
use tagscope::index::embedded_chronicle;
use tagscope::query::{AZURE_CLOUD, JOINED, JOINED_SINCE};
use tagscope::source::today;
use tagscope::space::{AddressSet, Family};

use crate::archive::{Room, publication};
use crate::dashboard::{embedded, startup};
use crate::program::{Ran, SMALL, run};
use crate::server::Answer;
use crate::update::{PUBLIC, Scene, brisk, result, results};

/// A date so many days from today, and its form in names.
fn day(ahead: i32) -> (Date, String) {
    let date = today().checked_add(ahead.days()).unwrap();
    (date, date.strftime("%Y%m%d").to_string())
}

fn file(room: &Room, ahead: i32, number: u32) -> String {
    let name = format!("ServiceTags_Public_{}.json", day(ahead).1);
    room.file(&name, publication("Public", number, 60))
}

fn week(ran: &Ran) -> Value {
    ran.json()["week"].clone()
}

#[test]
fn import_refuses_a_date_of_the_future_until_it_is_forced() {
    let room = Room::new();
    let soon = file(&room, 7, 1);
    room.import(&soon);
    let late = file(&room, 8, 2);
    room.run(&["import", &late])
        .is_refused(&["dated 8 days ahead of today", "--force keeps it"]);
    assert_eq!(room.weeks("public").len(), 1);
    let dated = room.file("tags.json", publication("Public", 3, 60));
    room.run(&["import", &dated, "--date", "2099-01-05"])
        .is_refused(&["it is of 2099-01-05"]);
    let ran = room.run(&["import", "--force", &late]);
    ran.is_quiet(0);
    assert_eq!(room.weeks("public").len(), 2);
}

#[test]
fn update_puts_a_date_of_the_future_aside_and_no_such_week_bars_the_way() {
    let scene = Scene::new();
    scene.hold_public();
    let (future, compact) = day(40);
    scene.publish("Public", &compact, 7, 60);
    let ran = scene.run(&["update"]);
    assert_eq!((ran.code, ran.out.as_str()), (4, ""));
    ran.says(&["dated 40 days ahead of today", "put aside at", "--force"]);
    assert_eq!(scene.room.weeks("public").len(), 1);
    let ran = scene.run(&["update", "--force", "--json"]);
    assert_eq!(
        (ran.code, results(&ran)),
        (0, result("added", &future.to_string(), 7))
    );

    // It is held, and later weeks with right dates come in all the same, one after the other.
    for (ahead, number) in [(-14, 8), (-7, 9), (0, 10)] {
        let (date, compact) = day(ahead);
        scene.publish("Public", &compact, number, 60);
        let ran = scene.run(&["update", "--json"]);
        assert_eq!(
            (ran.code, results(&ran)),
            (0, result("added", &date.to_string(), number.into()))
        );
        let again = scene.run(&["update", "--json"]);
        assert_eq!(
            results(&again),
            result("current", &date.to_string(), number.into())
        );
        // It is the newest, and what is passed over is said.
        let info = scene.run(&["info", "--json"]);
        assert_eq!(week(&info)["date"], date.to_string());
        info.says(&["is passed over, dated 40 days ahead of today"]);
    }
    let (date, compact) = day(-21);
    scene.publish("Public", &compact, 11, 60);
    let ran = scene.run(&["update"]);
    assert_eq!(ran.code, 4, "{ran:?}");
    ran.says(&[&format!("it is of {date}, older than {}", today())]);
    let named = scene.run(&["--week", &future.to_string(), "info", "--json"]);
    assert_eq!(
        (named.code, week(&named)["date"].clone()),
        (0, future.to_string().into())
    );
    let previous = scene.run(&["--week", "previous", "info", "--json"]);
    assert_eq!(week(&previous)["date"], day(-7).0.to_string());
}

#[test]
fn a_page_with_a_link_of_the_future_gives_the_link_of_today() {
    let scene = Scene::new();
    scene.hold_public();
    let right = scene.publish("Public", &day(0).1, 5, 60);
    let wrong = format!("{PUBLIC}/ServiceTags_Public_{}.json", day(300).1);
    let links =
        [&wrong, &right].map(|path| format!("<a href=\"{}\">x</a>", scene.server.url(path)));
    let page = Answer::html(links.concat());
    scene.server.script("/details.aspx?id=56519", [page]);
    let ran = scene.run(&["update", "--json"]);
    assert_eq!(
        (ran.code, results(&ran)),
        (0, result("added", &today().to_string(), 5))
    );
}

#[test]
fn with_every_clock_behind_the_newest_week_is_still_used() {
    let room = Room::new();
    for (ahead, number) in [(30, 1), (60, 2)] {
        let name = format!("ServiceTags_China_{}.json", day(ahead).1);
        let path = room.file(&name, publication("China", number, 60));
        room.run(&["import", "--force", &path]).is_quiet(0);
    }
    let info = room.run(&["--cloud", "china", "info", "--json"]);
    assert_eq!(
        (info.code, info.json()["daysAhead"].clone()),
        (0, 60.into())
    );
}

#[test]
fn data_dated_ahead_never_passes_max_age_and_has_no_negative_age() {
    let room = Room::new();
    for ahead in [1, 5, 4_000] {
        let path = file(&room, ahead, 1);
        let counted = if ahead == 1 {
            "1 day"
        } else {
            &format!("{ahead} days")
        };
        let said = format!("dated {counted} ahead");
        for verb in [
            &["info"][..],
            &["regions"],
            &["lookup", "20.1.0.1"],
            &["tags"],
        ] {
            let args = [&["--file", &path, "--max-age", "4294967295"], verb].concat();
            let ran = run(&args);
            assert_eq!(ran.code, 3, "{ran:?}");
            ran.says(&[&said, "its age is unknown", "--max-age is 4294967295"]);
        }
        let info = run(&["--file", &path, "info"]);
        assert!(info.out.contains(&said), "{info:?}");
        let info = run(&["--file", &path, "info", "--json"]).json();
        assert_eq!(
            (&info["ageDays"], &info["daysAhead"]),
            (&Value::Null, &ahead.into())
        );
        let markdown = run(&["--file", &path, "info", "--format", "markdown"]);
        for text in [markdown.out.as_str(), &info.to_string()] {
            assert!(
                !text.contains(&format!("-{ahead} day")) && !text.contains(&format!(":-{ahead}")),
                "{text}"
            );
        }
    }
    // An update that holds nothing older is judged by the same.
    let path = file(&room, 6, 2);
    let args = [
        "update",
        "--offline",
        "--force",
        "--from",
        &path,
        "--max-age",
        "9",
    ];
    let ran = room.run(&args);
    assert_eq!(ran.code, 3, "{ran:?}");
    ran.says(&["dated 6 days ahead", "--max-age is 9"]);
    let ran = room.run(&["history", "Tag1", "--max-age", "9"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    ran.says(&["dated 6 days ahead"]);
    let today = file(&room, 0, 3);
    let info = run(&["--file", &today, "--max-age", "0", "info"]);
    info.is_quiet(0);
    assert!(info.out.contains(", today"), "{info:?}");
}

#[test]
fn the_header_says_how_old_how_far_ahead_and_what_is_inferred() {
    let week = embedded();
    let date = week.info().date.unwrap();
    for (after, wide, narrow) in [
        (0, "2026-10-19† · 0 days", ""),
        (1, "2026-10-19† · 1 day ", ""),
        (33, "2026-10-19† · OLD 33 days", "OLD 2026-10-19†"),
        (-3, "2026-10-19† · AHEAD 3 days", "AHEAD 2026-10-19†"),
    ] {
        let sizes = [
            ((200, 60), wide),
            ((80, 24), wide.trim_end()),
            ((40, 12), narrow),
        ];
        for (size, wanted) in sizes {
            let mut startup = startup(week.clone(), size, "default");
            startup.today = date.checked_add(Span::new().days(after)).unwrap();
            let app = tagscope::tui::App::new(startup);
            let script = crate::dashboard::Script {
                app,
                size,
                effects: Vec::new(),
            };
            let text = script.text();
            let head = text.lines().next().unwrap().replace("· numbers est. ", "");
            assert!(head.contains(wanted), "no {wanted} in {head}");
        }
    }
}

#[test]
fn the_embedded_weeks_say_which_dates_are_inferred() {
    let weeks = run(&["weeks", "--json"]).json();
    let weeks = weeks["weeks"].as_array().unwrap();
    assert_eq!(weeks.len(), 20);
    for week in weeks {
        let is_published = week["date"].as_str().unwrap() <= "2026-07-06";
        let word = if is_published {
            "published"
        } else {
            "inferred"
        };
        assert_eq!(week["dateIs"], word, "{week}");
    }
    let rows = run(&["weeks"]);
    assert_eq!(rows.cells()[0][0], "2026-10-19");
    assert_eq!(rows.cells()[0].last(), Some(&"inferred"));
    assert_eq!(rows.cells()[19].last(), Some(&"published"));
    let table = run(&["weeks", "--format", "markdown"]).out;
    assert!(
        table.contains("2026-10-19† ") && !table.contains("2026-07-06†"),
        "{table}"
    );
    let csv = run(&["weeks", "--format", "csv"]).out;
    assert!(
        csv.starts_with("date,") && csv.contains(",dateIs\r\n") || csv.contains(",dateIs\n"),
        "{csv}"
    );
    assert!(!csv.contains('†'), "{csv}");
}

#[test]
fn an_inferred_date_is_marked_wherever_it_is_shown() {
    let info = run(&["info"]).out;
    assert!(info.contains("2026-10-19 (inferred), "), "{info}");
    let ran = run(&["--max-age", "1", "tags", "Storage"]);
    assert_eq!(ran.code, 3);
    ran.says(&["old by an inferred date, 2026-10-19", "--max-age is 1"]);
    let ran = run(&["--week", "2026-07-06", "--max-age", "1", "tags", "Storage"]);
    assert!(!ran.err.contains("inferred"), "{ran:?}");
    run(&["diff"]).says(&["2026-10-12 (inferred) → 2026-10-19 (inferred)"]);
    run(&["diff", "2026-07-06", "2026-07-13"]).says(&["2026-07-06 → 2026-07-13 (inferred)"]);
    let diff = run(&["diff", "2026-07-06", "2026-07-13", "--json"]).json();
    assert_eq!(
        (&diff["base"]["dateIs"], &diff["target"]["dateIs"]),
        (&"published".into(), &"inferred".into())
    );
    let review = run(&["diff", "--format", "markdown"]).out;
    assert!(review.contains("2026-10-19 (inferred)"), "{review}");
    let history = run(&["history", "Storage", "--json"]).json();
    for week in history["weeks"].as_array().unwrap() {
        let is_published = week["date"].as_str().unwrap() <= "2026-07-06";
        assert_eq!(week["dateIs"] == "published", is_published, "{week}");
    }
    let history = run(&["history", "Storage", "--format", "markdown"]).out;
    assert!(
        history.contains("2026-10-19†") && history.contains("2026-06-08"),
        "{history}"
    );
    assert!(!history.contains("2026-06-08†"), "{history}");
    let lookup = run(&["lookup", "20.38.116.38", "--json"]).json();
    assert_eq!(lookup["week"]["dateIs"], "inferred");
    let small = run(&["--file", SMALL, "info", "--json"]).json();
    assert_eq!(
        (&small["week"]["date"], &small["week"]["dateIs"]),
        (&Value::Null, &Value::Null)
    );
}

#[test]
fn a_date_of_the_server_is_inferred_until_the_name_is_known() {
    let scene = Scene::new();
    scene.hold_public();
    let fixed = format!("{PUBLIC}/ServiceTags_Public_Latest.json");
    let body = publication("Public", 2, 61);
    let answer =
        Answer::json(body.clone()).header("Last-Modified", "Tue, 03 Nov 2026 10:00:00 GMT");
    scene.server.script(&fixed, [answer]);
    let updater = scene.updater(Date::constant(2026, 11, 5), brisk());
    let kept = updater.latest(Cloud::Public, &mut |_| {}).unwrap();
    assert_eq!(kept.receipt.week.date_is, Some(DateKind::Inferred));
    let kind = |args: &[&str]| {
        let ran = scene.run(&[&["--week", "2026-11-03"], args].concat());
        week(&ran)["dateIs"].clone()
    };
    // From the document, and from what was compiled of it.
    assert_eq!(kind(&["info", "--json"]), "inferred");
    assert_eq!(kind(&["info", "--json"]), "inferred");
    let history = scene.run(&["history", "Tag1", "--json"]).json();
    let last = history["weeks"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&last["date"], &last["dateIs"]),
        (&"2026-11-03".into(), &"inferred".into())
    );
    let named = scene.room.file("ServiceTags_Public_20261103.json", body);
    scene.room.import(&named);
    assert_eq!(kind(&["info", "--json"]), "published");
    let history = scene.run(&["history", "Tag1", "--json"]).json();
    let last = history["weeks"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["dateIs"], "published");
}

#[test]
fn the_day_of_asking_the_api_is_an_inferred_date() {
    let room = Room::new();
    let answer = room.file("tags.json", crate::archive::api_answer(7));
    room.run(&["import", &answer, "--date", "2026-11-16"])
        .is_quiet(0);
    let info = room.run(&["--week", "api", "info", "--json"]);
    assert_eq!(week(&info)["dateIs"], "inferred");
}

/// Addresses of `AzureCloud` that none of its regions has, and all of them, per family.
fn in_no_region(week: &Week) -> [(f64, f64); 2] {
    let of = |is_wanted: &dyn Fn(&str) -> bool| {
        let tags = week.tags.iter().filter(|tag| is_wanted(&tag.name));
        AddressSet::from_blocks(tags.flat_map(|tag| tag.prefixes.iter().copied()))
    };
    let cloud = of(&|name| name == AZURE_CLOUD);
    let regions = of(&|name| name.starts_with("AzureCloud."));
    let left = cloud.difference(&regions);
    [Family::V4, Family::V6].map(|family| {
        let count = |set: &AddressSet| set.family(family).count().as_f64();
        (count(&left), count(&cloud))
    })
}

#[test]
fn the_note_on_azurecloud_is_what_the_embedded_weeks_hold() {
    let chronicle = embedded_chronicle().unwrap();
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for (place, entry) in chronicle.entries().iter().enumerate() {
        let week = chronicle.week(place).unwrap();
        let cloud = week
            .tags
            .iter()
            .find(|tag| tag.name == AZURE_CLOUD)
            .unwrap();
        let [(v4, _), (v6, all_v6)] = in_no_region(&week);
        let found = (cloud.prefixes.len(), v4 / 1e6, v6 / all_v6);
        let weeks = if entry.date < Some(JOINED_SINCE) {
            &mut before
        } else {
            &mut after
        };
        weeks.push(found);
    }
    assert!(before.len() == 11 && after.len() == 9);
    let rows = |weeks: &[(usize, f64, f64)]| {
        let rows = weeks.iter().map(|week| week.0);
        (rows.clone().min().unwrap(), rows.max().unwrap())
    };
    assert!(
        rows(&after).1 < rows(&before).0,
        "coarser: {before:?} {after:?}"
    );
    let least = after.iter().map(|week| week.1).fold(f64::MAX, f64::min);
    let most = after.iter().map(|week| week.1).fold(0.0, f64::max);
    let range = format!("{least:.0} to {most:.0} million of its IPv4 addresses");
    assert!(JOINED.contains(&range), "{range}");
    assert!(JOINED.contains("most of its IPv6 addresses"));
    assert!(JOINED.starts_with(&format!("from {JOINED_SINCE} on")));
    assert!(after.iter().all(|week| week.2 > 0.5), "{after:?}");
    // It was another matter before.
    assert!(
        before.iter().all(|week| week.1 < 0.5 && week.2 < 0.1),
        "{before:?}"
    );
}

#[test]
fn info_and_history_say_that_azurecloud_is_joined_only_of_those_weeks() {
    let info = |args: &[&str]| run(&[args, &["info"]].concat()).out;
    assert!(info(&[]).contains(JOINED));
    assert!(info(&["--week", "2026-08-24"]).contains(JOINED));
    assert!(!info(&["--week", "2026-08-17"]).contains("coarser"));
    assert!(!info(&["--file", SMALL]).contains("coarser"));
    let json = run(&["info", "--json"]).json();
    assert_eq!(json["notes"], serde_json::json!([JOINED]));
    run(&["history", "AzureCloud"]).says(&[JOINED]);
    run(&["history", "20.38.116.38"]).says(&[JOINED]);
    for args in [
        &["history", "Storage"][..],
        &["--week", "2026-08-17", "history", "AzureCloud"],
    ] {
        let ran = run(args);
        assert!(!ran.err.contains("coarser"), "{ran:?}");
    }
    let json = run(&["history", "AzureCloud", "--json"]).json();
    assert_eq!(json["notes"], serde_json::json!([JOINED]));
    // A published week of those days says nothing of it.
    let room = Room::new();
    room.import(&file(&room, -1, 3));
    assert!(!room.run(&["info"]).out.contains("coarser"));
}

#[test]
fn ages_are_of_one_kind_everywhere() {
    // Who computes days between dates by hand forgets the dates ahead.
    let mut found = Vec::new();
    let mut folders = vec![std::path::PathBuf::from("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            if text.contains(".get_days()") {
                found.push(path.to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    // The second looks for the nearest of some dates.
    assert_eq!(found, ["src/azure/age.rs", "src/source/at_hand.rs"]);
}
