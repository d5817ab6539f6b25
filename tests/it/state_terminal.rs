//! What comes back at the next start, in a terminal: every end, whatever stands in the file's place, two
//! at once.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use portable_pty::CommandBuilder;
use rustix::process::Signal;
use tagscope::query::ViewTopic;
use tagscope::store::{KeptState, KeptView, StateChanges, keep_state, read_state};

use crate::odd_files::fifo;
use crate::program::run;
use crate::pty::Pty;

/// Settings of its own, beside which the state is kept.
struct Home(tempfile::TempDir);

impl Home {
    fn new(settings: &str) -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        fs::write(home.path("config.toml"), settings).unwrap();
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn state(&self) -> PathBuf {
        self.path("state.toml")
    }

    fn read(&self) -> KeptState {
        read_state(&self.state()).unwrap()
    }

    fn config(&self) -> String {
        self.path("config.toml").to_str().unwrap().to_owned()
    }

    /// Started, until the screen shows a text.
    fn dashboard(&self, arguments: &[&str], shows: &str) -> Pty {
        let config = self.config();
        let mut pty = Pty::tagscope(&[&["--config", &config], arguments].concat());
        pty.wait_for_text(shows);
        pty
    }
}

/// The first screen of the embedded week.
const ALL: &str = "Tags 3,321/3,321";

fn end(mut pty: Pty, key: &str) -> String {
    pty.send(key);
    assert_eq!(pty.exit_code(), 0, "{}", pty.screen.screen().contents());
    pty.is_restored().unwrap();
    pty.screen.screen().contents()
}

#[test]
fn it_comes_back_after_q_ctrl_c_and_signals() {
    for (key, signal) in [
        ("q", None),
        ("\x03", None),
        ("", Some(Signal::TERM)),
        ("", Some(Signal::HUP)),
    ] {
        let home = Home::new("");
        let rules = home.path("nsg.txt");
        fs::write(&rules, "203.0.113.0/24\n").unwrap();
        let mut pty = home.dashboard(&[], ALL);
        pty.send(&format!(":rules {}\r", rules.display()));
        pty.wait_for_text("opened: 1 file");
        pty.send("1/storage.west\r:ip 20.38.98.7\r");
        pty.wait_for_text("Storage.EastUS");
        pty.send("5");
        pty.wait_for_text("changed tags");
        match signal {
            Some(signal) => {
                pty.signal(signal);
                let code = 128 + u32::try_from(signal.as_raw()).unwrap();
                assert_eq!(pty.exit_code(), code);
            }
            None => {
                end(pty, key);
            }
        }
        let rights = fs::metadata(home.state()).unwrap().permissions();
        assert_eq!(rights.mode() & 0o777, 0o600);
        let state = home.read();
        assert_eq!(state.queries, ["20.38.98.7"]);
        assert_eq!(state.view.rule_files, [fs::canonicalize(&rules).unwrap()]);

        let mut pty = home.dashboard(&[], "changed tags");
        pty.wait_for_text("opened: 1 file, 1 rule in all");
        pty.send("1");
        pty.wait_for_text("storage.west");
        pty.send("2\x1b[A");
        pty.wait_for_text("20.38.98.7");
        end(pty, "\x03");

        // What is gone is said and closed; the rest is as it was.
        fs::remove_file(&rules).unwrap();
        let mut pty = home.dashboard(&[], "look up:");
        pty.wait_for_text("no longer there, so closed: ");
        end(pty, "\x03");
        assert_eq!(home.read().view.rule_files, Vec::<PathBuf>::new());

        end(home.dashboard(&["--fresh"], ALL), "q");
        assert_eq!(home.read(), KeptState::default());
    }
}

#[test]
fn the_week_is_the_newest_and_an_argument_wins() {
    let home = Home::new("");
    let mut pty = home.dashboard(&[], ALL);
    pty.send("/storage.weste\r");
    pty.wait_for_text("Tags 1/3,321");
    pty.send(":week 2026-07-06\r");
    pty.wait_for_text("Public 2026-07-06");
    end(pty, "q");
    let pty = home.dashboard(&[], "Tags 1/3,321");
    end(pty, "q");
    let small = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/screens.json");
    let pty = home.dashboard(&["--file", small.to_str().unwrap()], "Tags 1/");
    end(pty, "q");
}

#[test]
fn off_reads_nothing_and_leaves_nothing() {
    let home = Home::new("state = \"off\"\n");
    for text in [
        None,
        Some("version = 1\nview = \"diff\"\n"),
        Some("damaged"),
    ] {
        if let Some(text) = text {
            fs::write(home.state(), text).unwrap();
        }
        for arguments in [&[][..], &["--fresh"]] {
            let mut pty = home.dashboard(arguments, ALL);
            pty.send(":ip 20.38.98.7\r");
            pty.wait_for_text("Storage");
            let screen = end(pty, "\x03");
            assert!(!screen.contains("tagscope: "), "{screen}");
        }
        assert_eq!(fs::read_to_string(home.state()).ok().as_deref(), text);
        assert!(!home.path(".state.lock").exists());
    }
    let config = home.config();
    let ran = run(&["--config", &config, "info"]);
    assert!(
        ran.out.contains("state file\tnone: state = \"off\""),
        "{}",
        ran.out
    );
    let home = Home::new("state = \"keep\"\n");
    let config = home.config();
    let ran = run(&["--config", &config, "info"]);
    let line = format!("state file\t{}\n", home.state().display());
    assert!(ran.out.contains(&line), "{}", ran.out);
    run(&["--fresh", "info"]).is_refused(&["--fresh is for the dashboard"]);
    for wrong in ["\"on\"", "true", "\"Keep\"", "\"\""] {
        let home = Home::new(&format!("state = {wrong}\n"));
        run(&["--config", &home.config(), "info"]).is_refused(&["state is one of keep, off"]);
    }
}

/// What stands in place of the state, what is said of it at the start, and whether it is replaced.
type Odd = (&'static str, fn(&Path), &'static str, bool);

const ODD: [Odd; 6] = [
    (
        "damaged",
        |path| fs::write(path, "version = [").unwrap(),
        "state.toml is damaged",
        true,
    ),
    (
        "huge",
        |path| fs::write(path, "#".repeat(3 << 20)).unwrap(),
        "state.toml is larger than 1 MiB",
        true,
    ),
    (
        "a pipe",
        |path| drop(fifo(path)),
        "state.toml is a named pipe, not a file",
        false,
    ),
    (
        "a folder",
        |path| fs::create_dir(path).unwrap(),
        "state.toml is a folder",
        false,
    ),
    (
        "a device",
        |path| std::os::unix::fs::symlink("/dev/zero", path).unwrap(),
        "state.toml is a device",
        false,
    ),
    (
        "of a later program",
        |path| fs::write(path, "version = 9\n").unwrap(),
        "state.toml has version 9",
        false,
    ),
];

#[test]
fn whatever_stands_in_its_place_is_said_and_stops_nothing() {
    for (what, make, says, is_replaced) in ODD {
        let home = Home::new("");
        make(&home.state());
        let mut pty = home.dashboard(&[], ALL);
        println!("{what}");
        pty.wait_for_text(says);
        pty.send("5");
        pty.wait_for_text("changed tags");
        let screen = end(pty, "q");
        let is_lost = screen.contains("the view, filters and queries are not kept");
        assert_eq!(is_lost, !is_replaced, "{what}: {screen}");
        let is_kept = read_state(&home.state()).is_ok_and(|state| state.view.topic.is_some());
        assert_eq!(is_kept, is_replaced, "{what}");
    }
}

#[test]
fn without_room_or_a_place_to_write_it_is_said_once_and_nothing_is_left() {
    for is_full in [true, false] {
        let home = Home::new("");
        let config = home.config();
        let limit = if is_full {
            "ulimit -f 0"
        } else {
            fs::create_dir(home.path(".state.lock")).unwrap();
            ":"
        };
        let mut command = CommandBuilder::new("sh");
        let line = format!("{limit}; exec \"$@\"");
        command.args([
            "-c",
            &line,
            "sh",
            env!("CARGO_BIN_EXE_tagscope"),
            "--config",
            &config,
        ]);
        let mut pty = Pty::start(command);
        pty.wait_for_text(ALL);
        pty.send("5");
        pty.wait_for_text("the view, filters and queries are not kept: ");
        pty.send("1");
        pty.wait_for_text(ALL);
        let screen = end(pty, "q");
        assert!(
            screen.contains("tagscope: the view, filters and queries are not kept: "),
            "{screen}"
        );
        assert!(!home.state().exists());
        let names = fs::read_dir(home.0.path()).unwrap();
        assert_eq!(names.count(), 2, "the settings and the lock");
    }
}

#[test]
fn of_two_dashboards_the_last_to_end_leaves_its_view_and_both_their_queries() {
    let home = Home::new("");
    let mut one = home.dashboard(&[], ALL);
    let mut two = home.dashboard(&[], ALL);
    one.send("/storage\r:ip 20.38.98.7\r");
    one.wait_for_text("20.38.98.7");
    two.send("/sql\r:ip 20.38.98.8\r5");
    two.wait_for_text("changed tags");
    end(two, "q");
    let state = home.read();
    assert_eq!(state.view.topic, Some(ViewTopic::Diff));
    one.send("1");
    one.wait_for_text("storage");
    end(one, "q");
    let state = home.read();
    assert_eq!(state.view.topic, Some(ViewTopic::Tags));
    assert_eq!(state.view.tags.filter, "storage");
    let mut queries = state.queries;
    queries.sort();
    assert_eq!(queries, ["20.38.98.7", "20.38.98.8"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_change_is_written_while_it_runs_and_nothing_while_nothing_changes() {
    let home = Home::new("");
    let mut pty = home.dashboard(&["--offline"], ALL);
    pty.send("/sql\r");
    let is_kept = || read_state(&home.state()).is_ok_and(|state| state.view.tags.filter == "sql");
    pty.wait_until("the filter in the file", is_kept);
    while pty.bytes_within(Duration::from_millis(300)) > 0 {}
    let stamp = || {
        let data = fs::metadata(home.state()).unwrap();
        (data.ino(), data.mtime(), data.mtime_nsec())
    };
    let (before, ticks) = (stamp(), crate::pty::ticks(pty.pid()));
    assert_eq!(
        pty.bytes_within(Duration::from_secs(3)),
        0,
        "bytes while idle"
    );
    assert_eq!(crate::pty::ticks(pty.pid()) - ticks, 0, "ticks while idle");
    assert_eq!(stamp(), before, "written without a change");
    end(pty, "q");
    assert_eq!(stamp(), before, "written without a change");
}

#[test]
fn what_is_large_is_read_beside_the_first_frame() {
    let home = Home::new("");
    let long = "20.38.98.7 ".repeat(90);
    let query = |count: usize| format!("{long}10.0.0.{count}");
    let changes = StateChanges {
        queries: (0..200).map(query).collect(),
        view: Some(KeptView {
            topic: Some(ViewTopic::Diff),
            ..KeptView::default()
        }),
        is_anew: false,
    };
    keep_state(&home.state(), &changes, Duration::ZERO).unwrap();
    assert!(fs::metadata(home.state()).unwrap().len() > 150_000);
    let mut pty = home.dashboard(&[], "changed tags");
    pty.send("2\x1b[A");
    pty.wait_for_text("10.0.0.199");
    end(pty, "\x03");
}
