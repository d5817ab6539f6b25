//! `tagscope update` from the details page to the archive, against a server on the loopback
//! interface.

use std::path::Path;
use std::time::{Duration, Instant};

use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use serde_json::{Value, json};
use tagscope::azure::Cloud;
use tagscope::net::Limits;
use tagscope::settings::FetchPlaces;
use tagscope::source::{Request, Updater};

use crate::archive::{Room, gzip, publication};
use crate::program::{Ran, ended, tagscope};
use crate::server::{Answer, Authority, Server};

pub const PUBLIC: &str = "/download/7/1/d/71d86715-5596-4529-9b13-da13a5de5b63";
pub const GOVERNMENT: &str = "/download/6/4/d/64db03bf-895b-4173-a8b1-ba4ad5d4df22";
pub const CHINA: &str = "/download/9/d/0/9d03b7e2-4b80-4bf3-9b91-da8c7d3ee9f9";

/// A data folder, a publisher, and settings that lead from the one to the other.
pub struct Scene {
    pub room: Room,
    pub server: Server,
    pub config: String,
}

impl Scene {
    pub fn new() -> Self {
        Self::at(Server::start(|_| Vec::new()), "")
    }

    /// With further settings.
    pub fn at(server: Server, settings: &str) -> Self {
        Self::within(Room::new(), server, settings)
    }

    fn within(room: Room, server: Server, settings: &str) -> Self {
        let base = server.base();
        let text = format!(
            "details_url = \"{base}/details.aspx\"\nfiles_url = \"{base}/download\"\n\
             management_url = \"{base}\"\n{settings}\n"
        );
        let config = room.file("config.toml", text);
        Self {
            room,
            server,
            config,
        }
    }

    /// Over TLS, with the authority in a file of the settings.
    pub fn tls() -> Self {
        let authority = Authority::new();
        let server = Server::start_tls(authority.identity(), |_| Vec::new());
        let room = Room::new();
        let roots = room.file("roots.pem", authority.pem());
        Self::within(room, server, &format!("ca_file = \"{roots}\""))
    }

    pub fn args<'a>(&'a self, args: &[&'a str]) -> Vec<&'a str> {
        [&["--config", &self.config], args].concat()
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        self.room.run(&self.args(args))
    }

    pub fn run_with(&self, variable: (&str, &str), args: &[&str]) -> Ran {
        let data = self.room.data();
        let mut command = tagscope();
        command.args(["--data-dir", &data]).args(self.args(args));
        ended(command.env(variable.0, variable.1))
    }

    /// The updater that the program uses, on another day and without its pauses.
    pub fn updater(&self, today: Date, limits: Limits) -> Updater {
        let base = self.server.base();
        let places = FetchPlaces {
            details_url: Some(format!("{base}/details.aspx")),
            files_url: Some(format!("{base}/download")),
            ..FetchPlaces::default()
        };
        let request = Request {
            data: Some(self.room.data().into()),
            ..Request::default()
        };
        Updater::bounded(&request, &places, today, limits).unwrap()
    }

    /// Publishes a file as the publisher does; the answer is its path.
    pub fn publish(&self, cloud: &str, date: &str, number: u32, tags: u32) -> String {
        let path = self.link(cloud, date);
        let body = publication(cloud, number, tags);
        let tag = format!("\"{cloud}-{number}-{tags}\"");
        self.server
            .script(&path, [Answer::json(body).header("ETag", &tag)]);
        path
    }

    /// Lets the details page name a file; the answer is its path.
    pub fn link(&self, cloud: &str, date: &str) -> String {
        let (id, folder) = match cloud {
            "Public" => (56519, PUBLIC),
            "AzureGovernment" => (57063, GOVERNMENT),
            _ => (57062, CHINA),
        };
        let path = format!("{folder}/ServiceTags_{cloud}_{date}.json");
        let link = format!("<a href=\"{}\">Download</a>", self.server.url(&path));
        self.server
            .script(&format!("/details.aspx?id={id}"), [Answer::html(link)]);
        path
    }

    /// Keeps a small week of the Public cloud that is later than every embedded one.
    pub fn hold_public(&self) {
        let text = publication("Public", 1, 60);
        self.room
            .import(&self.room.file("ServiceTags_Public_20261026.json", text));
    }
}

/// Without the pauses between dated names.
pub fn brisk() -> Limits {
    Limits {
        pause: Duration::ZERO,
        ..Limits::default()
    }
}

pub fn today() -> Date {
    Timestamp::now().to_zoned_datetime(TimeZone::UTC).date()
}

/// The Monday so many weeks before this week's, and its form in names.
pub fn monday(back: i32) -> (Date, String) {
    let today = today();
    let since = i32::from(today.weekday().since(Weekday::Monday));
    let date = today.checked_sub((since + 7 * back).days()).unwrap();
    (date, date.strftime("%Y%m%d").to_string())
}

/// The results of a run with `--json` as (status, date, number).
pub fn results(ran: &Ran) -> Vec<(String, String, u64)> {
    let document = ran.json();
    assert_eq!(document["schemaVersion"], 1);
    let weeks = document["weeks"].as_array().unwrap().iter();
    weeks
        .map(|week| {
            let text = |key: &str| week[key].as_str().unwrap().to_owned();
            let number = week["changeNumber"].as_u64().unwrap();
            (text("status"), text("date"), number)
        })
        .collect()
}

pub fn result(status: &str, date: &str, number: u64) -> Vec<(String, String, u64)> {
    vec![(status.to_owned(), date.to_owned(), number)]
}

fn held(list: &[(&str, u32)]) -> Vec<(String, Value)> {
    let pair = |(date, number): &(&str, u32)| ((*date).to_owned(), json!(number));
    list.iter().map(pair).collect()
}

#[test]
fn a_new_publication_is_kept_and_the_second_run_asks_only_whether_it_changed() {
    for scene in [Scene::tls(), Scene::new()] {
        let path = scene.publish("AzureGovernment", "20261116", 12, 60);
        let update = ["update", "--cloud", "usgov", "--json"];
        let ran = scene.run(&update);
        ran.is_quiet(0);
        let week = &ran.json()["weeks"][0];
        let expected = json!({"cloud": "AzureGovernment", "date": "2026-11-16", "dateIs": "published", "changeNumber": 12,
            "changeNumbers": "published", "source": "archive",
            "origin": scene.server.url(&path), "contentHash": week["contentHash"],
            "tags": 60, "prefixes": 120, "status": "added", "flaws": 0});
        assert_eq!(week, &expected);
        let ran = scene.run(&update);
        ran.is_quiet(0);
        assert_eq!(results(&ran), result("current", "2026-11-16", 12));
        let asked = scene.server.requests();
        assert_eq!(asked.len(), 4);
        let tag = asked[3].header("if-none-match");
        assert_eq!(tag, Some("\"AzureGovernment-12-60\""));
        // In words the same: no progress in a pipe, and the week says which.
        let ran = scene.run(&["update", "--cloud", "usgov"]);
        ran.is_quiet(0);
        assert!(
            ran.out
                .starts_with("current\t2026-11-16\tAzureGovernment\t12")
        );
        let info = scene.run(&["--cloud", "usgov", "info", "--json"]);
        assert_eq!(info.json()["week"]["contentHash"], week["contentHash"]);
        // A week later.
        scene.publish("AzureGovernment", "20261123", 13, 61);
        assert_eq!(
            results(&scene.run(&update)),
            result("added", "2026-11-23", 13)
        );
        let diff = scene.run(&["--cloud", "usgov", "diff", "--json"]);
        assert_eq!(diff.json()["summary"]["tagsAdded"], 1);
        assert_eq!(
            scene.room.weeks("usgov"),
            held(&[("2026-11-23", 13), ("2026-11-16", 12)])
        );
    }
}

#[test]
fn equal_content_is_current_whatever_its_bytes_and_other_content_is_a_second_entry() {
    let scene = Scene::new();
    let path = scene.link("China", "20260413");
    let text = publication("China", 395, 60);
    let update = ["update", "--cloud", "china", "--json"];
    for (body, status) in [
        (text.clone(), "added"),
        (text.clone(), "current"),
        (text.replace('\n', "\r\n"), "current"),
    ] {
        scene.server.script(&path, [Answer::json(body)]);
        let ran = scene.run(&update);
        ran.is_quiet(0);
        assert_eq!(results(&ran), result(status, "2026-04-13", 395));
    }
    scene
        .server
        .script(&path, [Answer::json(publication("China", 396, 61))]);
    assert_eq!(
        results(&scene.run(&update)),
        result("added", "2026-04-13", 396)
    );
    // Published again in the week after, unchanged: that week is available too.
    scene.publish("China", "20260420", 396, 61);
    assert_eq!(
        results(&scene.run(&update)),
        result("added", "2026-04-20", 396)
    );
    assert_eq!(
        scene.room.weeks("china"),
        held(&[
            ("2026-04-20", 396),
            ("2026-04-13", 396),
            ("2026-04-13", 395)
        ])
    );
}

#[test]
fn a_cloud_that_fails_does_not_stop_the_others() {
    let scene = Scene::new();
    scene.hold_public();
    scene.server.script("*", [Answer::status(403)]);
    scene.publish("Public", "20261102", 2, 60);
    scene.publish("China", "20261116", 3, 60);
    let ran = scene.run(&["update", "--cloud", "all", "--json"]);
    assert_eq!(ran.code, 4, "{ran:?}");
    ran.says(&["is forbidden (403)", GOVERNMENT]);
    let expected = [
        result("added", "2026-11-02", 2),
        result("added", "2026-11-16", 3),
    ];
    assert_eq!(results(&ran), expected.concat());
    scene.publish("AzureGovernment", "20261116", 4, 60);
    let ran = scene.run(&["update", "--cloud", "all"]);
    ran.is_quiet(0);
    let words: Vec<&str> = ran.cells().iter().map(|row| row[0]).collect();
    assert_eq!(words, ["current", "added", "current"]);
}

#[test]
fn the_fixed_name_serves_where_the_page_does_not() {
    let scene = Scene::new();
    scene.hold_public();
    let fixed = format!("{PUBLIC}/ServiceTags_Public_Latest.json");
    let answer = Answer::json(publication("Public", 2, 61))
        .header("ETag", "\"2\"")
        .header("Last-Modified", "Tue, 03 Nov 2026 10:00:00 GMT");
    scene.server.script(&fixed, [answer]);
    let ran = scene.run(&["update", "--json"]);
    assert_eq!(
        (ran.code, results(&ran)),
        (0, result("added", "2026-11-03", 2))
    );
    ran.says(&[
        "the details page did not help",
        "does not exist (404)",
        "it is kept under 2026-11-03, when the server had it last changed",
    ]);
    let ran = scene.run(&["update", "--json"]);
    assert_eq!(
        (ran.code, results(&ran)),
        (0, result("current", "2026-11-03", 2))
    );
    ran.says(&["the details page did not help"]);
    // The page comes back with the Monday before: it is the same publication.
    scene.publish("Public", "20261102", 2, 61);
    let ran = scene.run(&["update", "--json"]);
    assert_eq!(
        (ran.code, results(&ran)),
        (0, result("current", "2026-11-03", 2))
    );
}

#[test]
fn a_fixed_name_that_is_left_behind_gives_way_to_a_later_dated_one() {
    let scene = Scene::new();
    scene.hold_public();
    let fixed = format!("{PUBLIC}/ServiceTags_Public_Latest.json");
    let stale = Answer::json(publication("Public", 1, 60)).header("ETag", "\"1\"");
    let modified = stale.header("Last-Modified", "Tue, 27 Oct 2026 10:00:00 GMT");
    scene.server.script(&fixed, [modified]);
    let later = format!("{PUBLIC}/ServiceTags_Public_20261109.json");
    let answer = Answer::json(publication("Public", 3, 62));
    scene.server.script(&later, [answer]);
    let updater = scene.updater(Date::constant(2026, 11, 19), brisk());
    let done = updater.latest(Cloud::Public, &mut |_| {}).unwrap();
    assert_eq!(done.receipt.week.date.as_deref(), Some("2026-11-09"));
    assert_eq!(done.receipt.week.origin, scene.server.url(&later));
    assert!(done.notes[0].as_str().contains("details page"));
    assert_eq!(scene.server.paths().len(), 4);
    // With nothing later, what the fixed name has is current.
    scene.server.script(&later, [Answer::status(404)]);
    scene.server.script(
        &fixed,
        [Answer::json(publication("Public", 3, 62))
            .header("Last-Modified", "Tue, 10 Nov 2026 10:00:00 GMT")],
    );
    let done = updater.latest(Cloud::Public, &mut |_| {}).unwrap();
    assert_eq!(done.receipt.status.word(), "current");
}

#[test]
fn dated_names_are_the_last_resort() {
    let scene = Scene::new();
    let (date, compact) = monday(1);
    let path = format!("{CHINA}/ServiceTags_China_{compact}.json");
    scene
        .server
        .script(&path, [Answer::json(publication("China", 5, 60))]);
    let ran = scene.run(&["update", "--cloud", "china", "--json"]);
    assert_eq!(results(&ran), result("added", &date.to_string(), 5));
    assert_eq!(ran.code, 0);
    ran.says(&["the details page did not help"]);
    assert_eq!(scene.server.paths().len(), 3);
}

#[test]
fn a_file_is_taken_by_the_same_rules_and_without_the_network() {
    let scene = Scene::new();
    let offline = |args: &[&str]| scene.run(&[&["--offline", "update", "--json"], args].concat());
    let named = scene.room.file(
        "ServiceTags_China_20260105.json.gz",
        gzip(&publication("China", 1, 60)),
    );
    let ran = offline(&["--from", &named]);
    ran.is_quiet(0);
    assert_eq!(results(&ran), result("added", "2026-01-05", 1));
    // The age asked for is that of the cloud in the file.
    let ran = offline(&["--from", &named, "--max-age", "1"]);
    assert_eq!(
        (ran.code, results(&ran)),
        (3, result("current", "2026-01-05", 1))
    );
    let ran = offline(&["--from", &named]);
    assert_eq!(
        ran.json()["weeks"][0]["origin"],
        "ServiceTags_China_20260105.json.gz"
    );
    let bare = scene.room.file("tags.json", publication("China", 2, 60));
    let ran = offline(&["--from", &bare]);
    assert_eq!(ran.code, 2, "{ran:?}");
    ran.says(&["tags.json has no date in its name", "--date 2026-10-19"]);
    let ran = offline(&["--from", &bare, "--date", "2026-01-12"]);
    assert_eq!(results(&ran), result("added", "2026-01-12", 2));
    // What was taken long ago is held, and is not the newest.
    let ran = offline(&["--from", &named]);
    ran.is_quiet(0);
    assert_eq!(results(&ran), result("held", "2026-01-05", 1));
    let broken = scene.room.file("ServiceTags_China_20260119.json", "<html>");
    let old = scene.room.file(
        "ServiceTags_China_20251229.json",
        publication("China", 9, 60),
    );
    for (args, words) in [
        (
            vec!["--from", &broken],
            "ServiceTags_China_20260119.json cannot be used",
        ),
        (vec!["--from", "no-such-file"], "cannot read no-such-file"),
        (
            vec!["--from", &old],
            "is of 2025-12-29, older than 2026-01-12 that is held; the same",
        ),
        (
            vec!["--from", &named, "--cloud", "usgov"],
            "it holds the cloud China",
        ),
    ] {
        let ran = offline(&args);
        assert_eq!(ran.code, 2, "{ran:?}");
        ran.says(&[words]);
        assert!(!ran.err.contains(" sent "), "{ran:?}");
    }
    let ran = offline(&["--from", &old, "--force"]);
    assert_eq!(results(&ran), result("added", "2025-12-29", 9));
    assert_eq!(scene.server.paths(), [""; 0]);
}

#[test]
fn an_address_is_taken_and_its_secrets_are_not_kept() {
    let scene = Scene::new();
    let body = publication("China", 7, 60);
    let named = "/m/ServiceTags_China_20260706.json";
    scene.server.script(named, [Answer::json(body)]);
    scene
        .server
        .script("/m/newest", [Answer::json(publication("China", 8, 60))]);
    let secret =
        format!("{}?sig=topsecret", scene.server.url(named)).replace("//", "//me:topsecret@");
    let ran = scene.run(&["update", "--json", "--from", &secret]);
    ran.is_quiet(0);
    assert_eq!(results(&ran), result("added", "2026-07-06", 7));
    let weeks = scene.run(&["weeks", "--cloud", "china", "--json"]);
    assert!(!format!("{ran:?}{weeks:?}").contains("topsecret"));
    let bare = scene.server.url("/m/newest");
    let ran = scene.run(&["update", "--from", &bare]);
    ran.is_refused(&["has no date in its name", "--date"]);
    let ran = scene.run(&["update", "--from", &bare, "--date", "2026-07-13", "--json"]);
    assert_eq!(results(&ran), result("added", "2026-07-13", 8));
    let ran = scene.run(&[
        "update",
        "--from",
        &scene.server.url("/none"),
        "--date",
        "2026-07-20",
    ]);
    assert_eq!((ran.code, ran.out.as_str()), (4, ""));
    ran.says(&["/none does not exist (404)"]);
}

#[test]
fn a_backfill_skips_what_is_held_and_goes_on_where_it_stopped() {
    let folder = "/mirror/China";
    let server = Server::start(|_| Vec::new());
    let mirror = server.url("/mirror/{cloud}/{date}.json");
    let scene = Scene::at(server, &format!("mirror = \"{mirror}\""));
    let weeks: Vec<(Date, String)> = (0..4).map(monday).collect();
    scene.publish("China", &weeks[0].1, 40, 60);
    let name = format!("ServiceTags_China_{}.json", weeks[2].1);
    scene
        .room
        .import(&scene.room.file(&name, publication("China", 38, 60)));
    let path = |week: usize| format!("{folder}/{}.json", weeks[week].1);
    let doc = |number| Answer::json(publication("China", number, 60));
    scene.server.script(&path(1), [doc(39)]);
    scene
        .server
        .script(&path(3), [Answer::status(500), doc(37)]);
    let args = ["--cloud", "china", "update", "--backfill", "4", "--json"];
    let begun = Instant::now();
    let ran = scene.run(&args);
    assert!(begun.elapsed() >= Duration::from_millis(400), "no pause");
    assert_eq!(ran.code, 4, "{ran:?}");
    ran.says(&["answered 500", "the same command goes on from here"]);
    let statuses: Vec<String> = results(&ran).into_iter().map(|(s, ..)| s).collect();
    assert_eq!(statuses, ["added", "added"]);
    let before = scene.server.paths().len();
    let ran = scene.run(&args);
    ran.is_quiet(0);
    assert_eq!(
        results(&ran)[1],
        ("added".to_owned(), weeks[3].0.to_string(), 37)
    );
    assert_eq!(scene.server.paths()[before + 2..], [path(3)]);
    assert_eq!(scene.room.weeks("china").len(), 4);
    // Now there is nothing left to fetch.
    let ran = scene.run(&args);
    ran.is_quiet(0);
    assert_eq!(results(&ran).len(), 1);
    let args = ["--cloud", "china", "update", "--backfill", "5"];
    let ran = scene.run(&[&args[..], &["--template", "https://a.example/x"]].concat());
    assert_eq!(ran.code, 2, "{ran:?}");
    ran.says(&["has no {date}"]);
    assert!(!ran.err.contains("goes on from here"), "{ran:?}");
}

#[test]
fn a_backfill_says_what_is_missing_and_passes_over_a_bad_file() {
    let scene = Scene::new();
    let template = scene.server.url("/old/{cloud}/{date}");
    let today = Date::constant(2026, 11, 21);
    let answers = [
        ("20261118", publication("China", 9, 60)),
        ("20261109", "{\"values\": 7}".to_owned()),
        ("20261102", publication("AzureGovernment", 8, 60)),
        ("20261019", publication("China", 7, 60)),
    ];
    for (date, body) in answers {
        let path = format!("/old/China/{date}");
        scene.server.script(&path, [Answer::json(body)]);
    }
    let updater = scene.updater(today, brisk());
    let done = updater
        .backfill(Cloud::China, 5, Some(&template), &mut |_| {})
        .unwrap();
    assert!(done.stopped.is_none(), "{done:?}");
    let kept: Vec<_> = done
        .receipts
        .iter()
        .map(|kept| kept.week.date.clone())
        .collect();
    assert_eq!(
        kept,
        [Some("2026-11-18".to_owned()), Some("2026-10-19".to_owned())]
    );
    assert_eq!(done.missing, [Date::constant(2026, 10, 26)]);
    let said: Vec<String> = done.refused.iter().map(ToString::to_string).collect();
    assert!(said[0].contains("20261109 sent cannot be used"), "{said:?}");
    assert!(
        said[1].contains("it holds the cloud AzureGovernment, not China"),
        "{said:?}"
    );
    assert_eq!(said.len(), 2);
}

#[test]
fn an_answer_that_is_too_old_ends_with_3_and_offline_asks_nobody() {
    let scene = Scene::new();
    let (_, compact) = monday(2);
    scene.publish("China", &compact, 5, 60);
    let ran = scene.run(&["update", "--cloud", "china", "--max-age", "7", "--json"]);
    assert_eq!(
        (ran.code, results(&ran)[0].0.as_str()),
        (3, "added"),
        "{ran:?}"
    );
    ran.says(&["days old; --max-age is 7"]);
    let ran = scene.run(&["update", "--cloud", "china", "--max-age", "30"]);
    ran.is_quiet(0);
    // What is held is judged also when the fetch fails, and the failure counts.
    let path = scene.link("China", &monday(0).1);
    scene.server.script(&path, [Answer::json("{")]);
    let ran = scene.run(&["update", "--cloud", "china", "--max-age", "7"]);
    assert_eq!(ran.code, 4, "{ran:?}");
    ran.says(&["days old", "ends in the middle"]);
    let path = scene.link("AzureGovernment", "20261116");
    scene.server.script(&path, [Answer::json("{")]);
    let ran = scene.run(&["update", "--cloud", "usgov", "--max-age", "7"]);
    assert_eq!(ran.code, 4, "{ran:?}");

    let before = scene.server.paths().len();
    for args in [
        vec!["--offline", "update"],
        vec!["--offline", "update", "--cloud", "all"],
        vec!["--offline", "update", "--backfill", "3"],
        vec!["--offline", "update", "--from", "https://127.0.0.1/x.json"],
    ] {
        scene.run(&args).is_refused(&["network is forbidden"]);
    }
    let ran = scene.run_with(("TAGSCOPE_OFFLINE", "1"), &["update"]);
    ran.is_refused(&["network is forbidden", "TAGSCOPE_OFFLINE"]);
    assert_eq!(scene.server.paths().len(), before);
    assert!(Path::new(&scene.room.data()).is_dir());
}
