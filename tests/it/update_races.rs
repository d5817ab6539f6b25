//! Several updates at once, and updates that are killed.

use std::fs::{self, File};
use std::path::Path;
use std::process::Child;

use crate::archive::{Room, kills, publication};
use crate::program::{ended, tagscope};
use crate::server::Answer;
use crate::update::{Scene, result, results};

#[test]
fn of_eight_updates_at_once_one_fetches_and_all_have_its_result() {
    for round in 0..3 {
        let scene = Scene::new();
        let old = scene.room.file(
            "ServiceTags_China_20261109.json",
            publication("China", 40, 100),
        );
        scene.room.import(&old);
        let path = scene.link("China", "20261116");
        // No validators: whoever asks again is sent all of it again.
        scene
            .server
            .script(&path, [Answer::json(publication("China", 41, 120))]);
        let args = scene.args(&["update", "--cloud", "china"]);
        // All of them have asked for their turn before one gets it.
        let turn = Path::new(&scene.room.data()).join("weeks/.fetch.lock");
        let held = File::create(&turn).unwrap();
        held.lock().unwrap();
        let mut children: Vec<Child> = (0..8).map(|_| scene.room.start(&args)).collect();
        for child in &mut children {
            until_open(child, &turn);
        }
        drop(held);
        let mut seen = Vec::new();
        while children
            .iter_mut()
            .any(|child| child.try_wait().unwrap().is_none())
        {
            let data = scene.room.data();
            let mut command = tagscope();
            let ran = ended(command.args(["--data-dir", &data, "--cloud", "china", "tags"]));
            ran.is_quiet(0);
            seen.push(ran.lines().len());
        }
        for child in &mut children {
            assert!(child.wait().unwrap().success(), "round {round}");
        }
        // A whole week at any time, first the old one, then the new one.
        assert!(
            seen.is_sorted() && seen.iter().all(|lines| [100, 120].contains(lines)),
            "{seen:?}"
        );
        assert_eq!(scene.room.weeks("china").len(), 2);
        let paths = scene.server.paths();
        let downloads = paths.iter().filter(|asked| **asked == path).count();
        assert_eq!(downloads, 1, "round {round}");
        scene.run(&["weeks", "verify"]).is_quiet(0);
        let ran = scene.run(&["update", "--cloud", "china", "--json"]);
        assert_eq!(results(&ran), result("current", "2026-11-16", 41));
    }
}

/// Waits until a program has a file open.
fn until_open(child: &mut Child, file: &Path) {
    let folder = format!("/proc/{}/fd", child.id());
    loop {
        assert_eq!(child.try_wait().unwrap(), None, "it has ended");
        // Only Linux says what a program has open.
        let Ok(open) = fs::read_dir(&folder) else {
            return;
        };
        let mut paths = open.filter_map(|entry| fs::read_link(entry.ok()?.path()).ok());
        if paths.any(|path| path == file) {
            return;
        }
        std::thread::yield_now();
    }
}

#[test]
fn a_death_at_any_moment_of_an_update_leaves_the_archive_whole() {
    let rounds = std::env::var("TAGSCOPE_KILLS").map_or(25, |text| text.parse().unwrap());
    let scene = Scene::new();
    scene.publish("China", "20261109", 40, 600);
    assert_eq!(scene.run(&["update", "--cloud", "china"]).code, 0);
    let old = scene.room.files("china", ".json.gz").remove(0);
    let before = fs::read(&old).unwrap();
    scene.publish("China", "20261116", 41, 601);
    let start = |room: &Room| {
        // Each finds the week before, or the death would hit what is current already.
        for file in room.files("china", ".json.gz") {
            if file != old {
                fs::remove_file(file).unwrap();
            }
        }
        room.start(&scene.args(&["update", "--cloud", "china"]))
    };
    let dead = kills(rounds, 25_000, start, &scene.room);
    println!("{dead} of {rounds} were hit");
    assert!(dead > 0, "no run was hit");
    let ran = scene.run(&["update", "--cloud", "china", "--json"]);
    ran.is_quiet(0);
    assert_eq!(results(&ran)[0].1, "2026-11-16");
    assert_eq!(scene.room.weeks("china").len(), 2);
    assert_eq!(fs::read(&old).unwrap(), before);
    assert!(scene.room.files("china", ".part").is_empty());
}
