//! `tagscope update --from-api`: its answer is a kind of its own, and the token goes nowhere.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::archive::{api_answer, publication};
use crate::program::Ran;
use crate::server::Answer;
use crate::update::{Scene, result, results};

const TOKEN: &str = "eyJ0eXAiOiJKV1Qi.topsecret";
const ID: &str = "00000000-1111-2222-3333-444444444444";
const PATH: &str = "/subscriptions/00000000-1111-2222-3333-444444444444/providers/Microsoft.Network/locations/westeurope/serviceTags";
const ASK: [&str; 7] = [
    "update",
    "--from-api",
    "--subscription",
    ID,
    "--location",
    "West Europe",
    "--json",
];

fn ask(scene: &Scene, more: &[&str]) -> Ran {
    scene.run_with(("AZURE_ACCESS_TOKEN", TOKEN), &[&ASK, more].concat())
}

/// Every file below a folder, unpacked where it is packed.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(contents(&path));
            continue;
        }
        let mut bytes = fs::read(&path).unwrap();
        if path.extension().is_some_and(|end| end == "gz") {
            let mut plain = Vec::new();
            let mut decoder = flate2::read::GzDecoder::new(&bytes[..]);
            decoder.read_to_end(&mut plain).unwrap();
            bytes.extend(plain);
        }
        all.push((path, bytes));
    }
    all
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}

#[test]
fn an_answer_is_kept_apart_with_its_lag_and_without_the_token() {
    let scene = Scene::new();
    for (date, number) in [("20261026", 70), ("20261102", 71)] {
        let name = format!("ServiceTags_Public_{date}.json");
        let text = publication("Public", number, 61);
        scene.room.import(&scene.room.file(&name, text));
    }
    scene.server.script(PATH, [Answer::json(api_answer(70))]);
    let log = scene.room.file("log.txt", "");
    let ran = ask(&scene, &["--log-file", &log]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(results(&ran)[0].0, "added");
    ran.says(&[
        "of the 60 tags of the API, 60 are in the published file of 2026-10-26 and 60 have the same",
        "the newest file available is of 2026-11-02",
    ]);
    let sent = scene.server.requests();
    let bearer = format!("Bearer {TOKEN}");
    assert_eq!(sent[0].header("authorization"), Some(bearer.as_str()));
    // It does not become the newest week.
    let newest = scene.run(&["info", "--json"]).json();
    assert_eq!(newest["week"]["date"], "2026-11-02");
    let own = scene.run(&["--week", "api", "info", "--json"]).json();
    assert_eq!(
        (&own["week"]["kind"], &own["week"]["changeNumber"]),
        (&"api".into(), &70.into())
    );
    // The same answer on another day is the one that is held.
    let ran = ask(&scene, &[]);
    assert_eq!(results(&ran)[0].0, "current", "{ran:?}");
    assert_eq!(scene.room.files("public", ".json.gz").len(), 3);

    // A refusal that repeats the token, and one that does not.
    let echo = format!("{{\"error\": {{\"code\": \"Expired\", \"message\": \"not {TOKEN}\"}}}}");
    scene.server.script(PATH, [Answer::status(401).body(echo)]);
    let refused = ask(&scene, &["--log-file", &log]);
    assert_eq!(
        (refused.code, refused.out.as_str()),
        (4, "{\n  \"schemaVersion\": 1,\n  \"weeks\": []\n}\n")
    );
    refused.says(&[
        "did not accept the access token (401: Expired: not …)",
        "az account",
    ]);
    for ran in [&ran, &refused] {
        assert!(!format!("{ran:?}").contains("topsecret"), "{ran:?}");
    }
    let folder = Path::new(&scene.room.data()).parent().unwrap().to_owned();
    let files = contents(&folder);
    assert!(files.len() > 5);
    for (path, bytes) in files {
        assert!(!holds(&bytes, "topsecret"), "{}", path.display());
    }
    assert!(fs::metadata(&log).unwrap().len() > 0);
}

#[test]
fn what_is_no_answer_of_the_api_is_refused() {
    let scene = Scene::new();
    scene.hold_public();
    let few = api_answer(3).replace("20.", "21.");
    for (body, words) in [
        (
            publication("Public", 70, 60),
            "is a published file and no answer of the Discovery API",
        ),
        ("{\"values\": 1}".to_owned(), "sent cannot be used"),
        (
            few.replace("\"Public\"", "\"China\""),
            "it holds the cloud China, not Public",
        ),
    ] {
        scene.server.script(PATH, [Answer::json(body)]);
        let ran = ask(&scene, &[]);
        assert_eq!(ran.code, 4, "{ran:?}");
        ran.says(&[words]);
    }
    // And the other way round.
    let path = scene.link("Public", "20261102");
    scene.server.script(&path, [Answer::json(api_answer(70))]);
    let ran = scene.run(&["update"]);
    assert_eq!((ran.code, ran.out.as_str()), (4, ""));
    ran.says(&[
        "is an answer of the Discovery API and no published file",
        "--from",
    ]);
    let ran = scene.run(&["update", "--from", &scene.server.url(&path), "--json"]);
    assert_eq!(
        (ran.code, results(&ran)),
        (0, result("added", "2026-11-02", 70)),
        "{ran:?}"
    );
    ran.says(&["--week api opens it"]);
    scene
        .run(&["update", "--from-api"])
        .is_refused(&["--subscription"]);
    let args = [&ASK[..3], &["mine", "--location", "westeurope"]].concat();
    let ran = scene.run_with(("AZURE_ACCESS_TOKEN", TOKEN), &args);
    ran.is_refused(&["\"mine\" is not a subscription id"]);
}

#[cfg(unix)]
#[test]
fn azure_cli_gives_the_token_and_learns_none() {
    use std::os::unix::fs::PermissionsExt;
    let scene = Scene::new();
    scene.hold_public();
    scene.server.script(PATH, [Answer::json(api_answer(70))]);
    let bin = tempfile::tempdir().unwrap();
    let az = bin.path().join("az");
    let seen = bin.path().join("seen");
    let say = |lines: &str| {
        let text = format!("#!/bin/sh\necho \"$@\" > '{}'\n{lines}\n", seen.display());
        // A script that is being written cannot be run: it is put there whole.
        let part = bin.path().join("part");
        fs::write(&part, text).unwrap();
        fs::set_permissions(&part, fs::Permissions::from_mode(0o755)).unwrap();
        fs::rename(&part, &az).unwrap();
    };
    let path = format!("{}:/usr/bin:/bin", bin.path().display());
    let run = || scene.run_with(("PATH", &path), &ASK);
    // It must not wait for anybody to type.
    say(&format!("cat; echo {TOKEN}"));
    let ran = run();
    assert_eq!(
        (ran.code, results(&ran)[0].0.as_str()),
        (0, "added"),
        "{ran:?}"
    );
    let words = fs::read_to_string(&seen).unwrap();
    assert_eq!(
        words,
        "account get-access-token --resource https://management.azure.com/ --query accessToken \
         --output tsv\n"
    );
    let bearer = format!("Bearer {TOKEN}");
    assert_eq!(
        scene.server.requests()[0].header("authorization"),
        Some(bearer.as_str())
    );
    assert!(!format!("{ran:?}").contains("topsecret"));

    let before = scene.server.paths().len();
    for (lines, named) in [
        (
            "echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1",
            "Please run 'az login'",
        ),
        ("exit 3", "az said nothing"),
        ("echo", "the access token is empty"),
    ] {
        say(lines);
        let ran = run();
        assert_eq!(ran.code, 2, "{ran:?}");
        ran.says(&[named, "az "]);
    }
    fs::remove_file(&az).unwrap();
    let empty = bin.path().to_str().unwrap();
    let ran = scene.run_with(("PATH", empty), &ASK);
    assert_eq!(ran.code, 2);
    ran.says(&["set AZURE_ACCESS_TOKEN, or sign in with `az login` (az cannot be run"]);
    assert_eq!(scene.server.paths().len(), before);
}
