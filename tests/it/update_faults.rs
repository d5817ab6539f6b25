//! Every fault of an update: its own sentence, exit 4, and the archive byte for byte as before.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::civil::Date;
use tagscope::azure::Cloud;
use tagscope::net::Limits;
use tagscope::source::{UpdateError, UpdateStep};

use crate::archive::{gzip, publication};
use crate::program::Ran;
use crate::server::{Answer, Authority, Server};
use crate::update::{Scene, brisk, result, results};

/// Long enough for a step on the loopback interface, short enough to wait for.
const SHORT: Duration = Duration::from_millis(150);
const ASK: [&str; 3] = ["update", "--cloud", "china"];

/// The publications as bytes; not the lock, nor when somebody last asked.
fn archive(scene: &Scene) -> BTreeMap<PathBuf, Vec<u8>> {
    let clouds = ["public", "usgov", "china", "germany"];
    let files = clouds.map(|cloud| scene.room.files(cloud, ".json.gz"));
    let files = files.into_iter().flatten();
    files
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect()
}

/// A week of China is held, and the page names a later one.
fn held(scene: &Scene) -> String {
    let text = publication("China", 40, 100);
    let name = "ServiceTags_China_20201109.json";
    scene.room.import(&scene.room.file(name, text));
    scene.link("China", "20201116")
}

/// The run failed by the network, changed nothing, and what is held answers.
#[track_caller]
fn changed_nothing(scene: &Scene, ran: &Ran, before: &BTreeMap<PathBuf, Vec<u8>>) {
    assert_eq!((ran.code, ran.out.as_str()), (4, ""), "{ran:?}");
    assert_eq!(&archive(scene), before, "{ran:?}");
    assert!(scene.room.files("china", ".part").is_empty());
    let info = scene.run(&["--cloud", "china", "info", "--json"]);
    info.is_quiet(0);
    assert_eq!(info.json()["week"]["changeNumber"], 40);
    assert_eq!(scene.room.weeks("china").len(), before.len());
}

/// An answer, a part of the sentence about it, and a part of what to do next.
type Fault = (Answer, &'static str, &'static str);

/// Answers that are refused, or do not come whole.
fn broken_answers(text: &str) -> Vec<Fault> {
    let doc = || Answer::json(text);
    let body = |text: &str| Answer::json(text);
    let foreign = "https://foreign.example/ServiceTags_China_20201116.json";
    let busy = |status: u16| Answer::status(status).header("Retry-After", "3600");
    vec![
        (Answer::status(403), "is forbidden (403)", "--from FILE"),
        (Answer::status(500), "answered 500", "try again later"),
        (
            busy(429),
            "is busy (429) and asks to come back in 3600 s",
            "try again",
        ),
        (
            Answer::status(503),
            "is busy (503)",
            "without naming a time",
        ),
        (doc().cut(0), "is truncated", "after 0 bytes of"),
        (doc().cut(1), "is truncated", "after 1 byte of"),
        (doc().cut(text.len() / 2), "is truncated", "try again"),
        (doc().cut(text.len() - 1), "is truncated", "try again"),
        (doc().announced(text.len() + 1), "is truncated", "try again"),
        (
            doc().announced(text.len() - 2),
            "ends in the middle of the JSON",
            "another source",
        ),
        (
            body(&text[..text.len() / 3]),
            "ends in the middle of the JSON",
            "another source",
        ),
        (
            Answer::redirect("/a"),
            "redirects in a circle",
            "misconfigured",
        ),
        (
            Answer::redirect("http://mirror.example/"),
            "which is not encrypted",
            "captive portal",
        ),
        (
            Answer::redirect(foreign),
            "foreign.example, which is not a host",
            "--from",
        ),
        (
            Answer::status(302),
            "without a readable target",
            "try again",
        ),
    ]
}

/// Answers that come whole and are something else.
fn other_answers(text: &str) -> Vec<Fault> {
    let doc = || Answer::json(text);
    let body = |text: &str| Answer::json(text);
    let mut zeros = GzEncoder::new(Vec::new(), Compression::fast());
    for _ in 0..65 {
        zeros.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    let bomb = zeros.finish().unwrap();
    let wide = text.replace("20.0.0.0/24", "0.0.0.0/0");
    vec![
        (
            Answer::html("<html>Sign in</html>"),
            "answered with a web page",
            "captive portal",
        ),
        (
            body("<!doctype html>"),
            "answered with a web page",
            "browser",
        ),
        (
            body("changeNumber: 1"),
            "is not JSON: it begins with",
            "check the address",
        ),
        (
            doc().header("Content-Encoding", "br"),
            "is encoded as \"br\"",
            "another source",
        ),
        (
            Answer::json(&gzip(text)[..900]),
            "gzip data",
            "is damaged or truncated",
        ),
        (
            Answer::json(bomb),
            "unpacks to more than 64 MiB",
            "not a publication",
        ),
        (
            Answer::json(vec![b' '; (16 << 20) + 1]),
            "larger than 16 MiB on the wire",
            "check",
        ),
        (
            Answer::close(),
            "broke off the connection twice",
            "try again later",
        ),
        (
            Answer::raw("SSH-2.0-OpenSSH\r\n\r\n"),
            "does not answer in HTTP",
            "port",
        ),
        (
            body("{\"a\": 1}"),
            "sent cannot be used; what is held stays",
            "the keys a",
        ),
        (
            body("{\"values\": [}"),
            "sent cannot be used; what is held stays",
            "JSON",
        ),
        (
            body(&publication("Public", 41, 100)),
            "it holds the cloud Public, not China",
            "stays",
        ),
        (
            body(&publication("China", 41, 49)),
            "it has 49 tags; a publication has",
            "stays",
        ),
        (body(&wide), "a row of Tag0 has the length 0", "stays"),
    ]
}

#[test]
fn a_bad_answer_has_its_sentence_and_changes_nothing() {
    let scene = Scene::new();
    let _named = held(&scene);
    let before = archive(&scene);
    let text = publication("China", 41, 100);
    let mut faults = broken_answers(&text);
    faults.extend(other_answers(&text));
    let mut sentences = HashSet::new();
    for (answer, words, advice) in faults {
        scene.server.script("*", [answer]);
        let ran = scene.run(&ASK);
        changed_nothing(&scene, &ran, &before);
        ran.says(&[words, advice]);
        assert_eq!(ran.err.lines().count(), 1, "{ran:?}");
        sentences.insert(words);
    }
    assert_eq!(sentences.len(), 22);
    // A moment later all is well.
    let answers = [
        Answer::status(503).header("Retry-After", "0"),
        Answer::json(text),
    ];
    scene.server.script("*", answers);
    let ran = scene.run(&[&ASK[..], &["--json"]].concat());
    ran.is_quiet(0);
    assert_eq!(results(&ran), result("added", "2020-11-16", 41));
}

#[test]
fn a_way_that_does_not_lead_there_has_its_sentence_and_changes_nothing() {
    let authority = Authority::new();
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = free.local_addr().unwrap();
    drop(free);
    let proxy = Server::start(|_| vec![("*".to_owned(), vec![Answer::status(407)])]);
    let tls = || Server::start_tls(authority.identity(), |_| Vec::new());
    let other = Server::start_tls(authority.issue(&["other.example"], 2099), |_| Vec::new());
    let scene = Scene::new();
    held(&scene);
    let before = archive(&scene);
    let roots = scene.room.file("roots.pem", authority.pem());
    let at = |base: &str, more: &str| {
        format!("details_url = \"{base}/details.aspx\"\nfiles_url = \"{base}/download\"\n{more}\n")
    };
    let trusting = format!("ca_file = \"{roots}\"");
    let server = tls();
    let cases = [
        (
            at("https://publisher.invalid", ""),
            "publisher.invalid could not be resolved",
        ),
        (
            at(&format!("http://{closed}"), ""),
            "refused the connection",
        ),
        (at(server.base(), ""), "is not from an issuer trusted here"),
        (at(other.base(), &trusting), "is for another name"),
        (
            at(
                "https://publisher.invalid",
                &format!("proxy = \"{}\"", proxy.base()),
            ),
            "asks for a login (407)",
        ),
        (
            at(
                "https://publisher.invalid",
                &format!("proxy = \"http://{closed}\""),
            ),
            "the proxy on the way to publisher.invalid cannot be reached",
        ),
    ];
    for (text, words) in cases {
        let config = scene.room.file("other.toml", text);
        let ran = scene.room.run(&[&["--config", &config], &ASK[..]].concat());
        changed_nothing(&scene, &ran, &before);
        ran.says(&[words]);
    }
    // What is wrong with the settings is no failure of the network.
    for (more, words) in [
        (
            "proxy = \"::me:topsecret\"",
            "proxy is an address in quotes like",
        ),
        ("ca_file = \"no-such-file\"", "cannot read no-such-file"),
    ] {
        let config = scene.room.file("other.toml", at(server.base(), more));
        let ran = scene.room.run(&[&["--config", &config], &ASK[..]].concat());
        ran.is_refused(&[words]);
        assert!(!ran.err.contains("topsecret"));
    }
}

#[test]
fn a_server_that_is_slow_or_silent_or_has_nothing_is_given_up() {
    let scene = Scene::new();
    let path = held(&scene);
    let before = archive(&scene);
    let today = Date::constant(2020, 11, 21);
    let doc = || Answer::json(publication("China", 41, 100));
    let fails = |limits: Limits| {
        let begun = Instant::now();
        let updater = scene.updater(today, limits);
        let error = updater.latest(Cloud::China, &mut |_| {}).unwrap_err();
        assert!(begun.elapsed() < Duration::from_secs(5));
        assert!(error.is_network());
        assert_eq!(archive(&scene), before);
        error.to_string()
    };
    scene.server.script(&path, [doc().stall(500)]);
    let stalled = fails(Limits {
        stall: SHORT,
        ..brisk()
    });
    assert!(
        stalled.contains("stalled: nothing more came for"),
        "{stalled}"
    );
    scene.server.script(&path, [doc().drip(SHORT / 10)]);
    let slow = fails(Limits {
        total: SHORT * 3,
        ..brisk()
    });
    assert!(slow.contains("is too slow"), "{slow}");
    scene.server.script(&path, [Answer::silent()]);
    let silent = fails(Limits {
        answer: SHORT,
        connect: SHORT,
        ..brisk()
    });
    assert!(silent.contains("gave no answer within"), "{silent}");
    // Nothing older than what is held is asked for.
    scene.server.script(&path, [Answer::status(404)]);
    let asked = scene.server.paths().len();
    let nothing = fails(brisk());
    assert!(
        nothing.contains("no publication of China found"),
        "{nothing}"
    );
    assert!(
        nothing.contains("13 dated names back to 2020-11-09"),
        "{nothing}"
    );
    assert!(nothing.contains("--from FILE"), "{nothing}");
    assert_eq!(scene.server.paths().len() - asked, 15);
}

#[test]
fn what_is_older_or_much_smaller_is_put_aside_until_a_person_says_so() {
    let small = publication("China", 41, 69);
    let narrow = publication("China", 41, 100).replace("/24", "/25");
    for (date, text, words) in [
        (
            "20201102",
            publication("China", 39, 100),
            "it is of 2020-11-02, older than 2020-11-09",
        ),
        (
            "20201116",
            small,
            "it has 69 tags, 31 % fewer than the 100 of 2020-11-09",
        ),
        ("20201116", narrow, "50 % fewer than"),
    ] {
        let scene = Scene::new();
        held(&scene);
        let before = archive(&scene);
        let path = scene.link("China", date);
        scene.server.script(&path, [Answer::json(text.clone())]);
        let ran = scene.run(&ASK);
        changed_nothing(&scene, &ran, &before);
        let name = format!("ServiceTags_China_{date}.json");
        let aside = Path::new(&scene.room.data())
            .join("weeks/aside")
            .join(&name);
        ran.says(&[words, aside.to_str().unwrap(), "tagscope import", "--force"]);
        assert_eq!(fs::read_to_string(&aside).unwrap(), text);
        // The same again is no worse.
        changed_nothing(&scene, &scene.run(&ASK), &before);
        // Either way of the two takes it.
        let ran = scene.run(&[&ASK[..], &["--force", "--json"]].concat());
        ran.is_quiet(0);
        assert_eq!(results(&ran)[0].0, "added");
        assert_eq!(scene.room.weeks("china").len(), 2);
        let ran = scene.run(&["import", aside.to_str().unwrap()]);
        ran.is_quiet(0);
        assert_eq!(ran.cells()[0][0], "held");
    }
    // A first week has nothing to be measured by, but no week may hold every address.
    let scene = Scene::new();
    let path = scene.link("China", "20201116");
    let wide = publication("China", 41, 60).replace("20.0.0.0/24", "0.0.0.0/0");
    scene.server.script(&path, [Answer::json(wide)]);
    let ran = scene.run(&[&ASK[..], &["--force"]].concat());
    assert_eq!((ran.code, ran.out.as_str()), (4, ""));
    assert_eq!(archive(&scene).len(), 0);
}

#[test]
fn a_damaged_newest_week_is_set_aside_and_fetched_again() {
    let scene = Scene::new();
    scene.publish("China", "20201109", 40, 100);
    assert_eq!(scene.run(&ASK).code, 0);
    let path = scene.publish("China", "20201116", 41, 100);
    assert_eq!(scene.run(&ASK).code, 0);
    let good = archive(&scene);
    let newest = scene.room.files("china", ".json.gz")[1].clone();
    for at in [3, good[&newest].len() / 2, good[&newest].len() - 3] {
        let mut damaged = good[&newest].clone();
        damaged[at] ^= 0x10;
        fs::write(&newest, damaged).unwrap();
        let ran = scene.run(&[&ASK[..], &["--json"]].concat());
        assert_eq!(
            (ran.code, results(&ran)),
            (0, result("added", "2020-11-16", 41))
        );
        ran.says(&["is damaged", "set aside as"]);
        assert_eq!(archive(&scene), good, "byte {at}");
        let asked = scene.server.requests();
        let asked = asked.last().unwrap();
        assert_eq!(
            (asked.path.as_str(), asked.header("if-none-match")),
            (path.as_str(), None)
        );
        scene.run(&ASK).is_quiet(0);
    }
    // Also where nothing can be fetched: it is said once, and the week before is measured by.
    fs::write(&newest, "").unwrap();
    scene
        .server
        .script(&path, [Answer::json(publication("China", 41, 60))]);
    let ran = scene.run(&ASK);
    assert_eq!(ran.code, 4);
    ran.says(&["set aside as", "40 % fewer than the 100 of 2020-11-09"]);
    let ran = scene.run(&ASK);
    assert_eq!(ran.err.lines().count(), 1, "{ran:?}");
    // An import writes a damaged file anew.
    let name = "ServiceTags_China_20201109.json";
    let file = scene.room.file(name, publication("China", 40, 100));
    let oldest = &scene.room.files("china", ".json.gz")[0];
    let mut damaged = good[oldest].clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0xff;
    fs::write(oldest, damaged).unwrap();
    assert_eq!(scene.room.import(&file).cells()[0][0], "added");
    scene.run(&["weeks", "verify"]).is_quiet(0);
}

#[test]
fn a_stamp_of_the_future_does_not_stop_updates() {
    let scene = Scene::new();
    scene.publish("China", "20201109", 40, 100);
    assert_eq!(scene.run(&ASK).code, 0);
    let stamp = Path::new(&scene.room.data()).join("weeks/china/.checked");
    for text in ["2199-01-01T00:00:00Z", "9999999999", "\u{0}"] {
        fs::write(&stamp, text).unwrap();
        let before = scene.server.paths().len();
        scene.run(&ASK).is_quiet(0);
        assert_eq!(scene.server.paths().len(), before + 2, "{text}");
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_said_before_anybody_is_asked() {
    let scene = Scene::new();
    scene.publish("China", "20201109", 40, 100);
    fs::write(scene.room.data(), "a file").unwrap();
    scene
        .run(&ASK)
        .is_refused(&["cannot create", "weeks", "--data-dir"]);
    assert_eq!(scene.server.paths(), [""; 0]);
    fs::remove_file(scene.room.data()).unwrap();
    // The place of the cloud's folder is taken: that is found when the week is kept.
    let weeks = Path::new(&scene.room.data()).join("weeks");
    fs::create_dir_all(&weeks).unwrap();
    fs::write(weeks.join("china"), "a file").unwrap();
    let ran = scene.run(&ASK);
    ran.is_refused(&["cannot read", "china"]);
    let ran = scene.run(&["--file", "x.json", "update"]);
    ran.is_refused(&["update --from PATH"]);
}

#[test]
fn waiting_and_damage_are_steps_of_their_own() {
    let scene = Scene::new();
    scene.publish("China", "20201109", 40, 100);
    let updater = scene.updater(Date::constant(2020, 11, 21), brisk());
    let mut steps = Vec::new();
    let done = updater.latest(Cloud::China, &mut |step: UpdateStep| {
        steps.push(step.shown());
    });
    assert_eq!(done.unwrap().receipt.status.word(), "added");
    assert!(steps[0].starts_with("asking http://127.0.0.1"), "{steps:?}");
    assert!(steps.last().unwrap().starts_with("received "), "{steps:?}");
    let none = scene.updater(Date::constant(2020, 11, 21), brisk());
    let error = none
        .from_file(Path::new("none"), None, &mut |_| {})
        .unwrap_err();
    assert!(matches!(error, UpdateError::Read(_)) && !error.is_network());
}
