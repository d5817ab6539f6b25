//! Whatever a task waits for, q, Ctrl-C, TERM and HUP end the dashboard within a second.

use std::any::Any;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use portable_pty::CommandBuilder;
use rustix::process::Signal;

use crate::archive::publication;
use crate::odd_files::fifo;
use crate::pty::Pty;
use crate::server::Answer;
use crate::update::{Scene, monday};

/// How long the end may take.
const END: Duration = Duration::from_secs(1);

/// A dashboard's settings, data and server.
struct Home(Scene);

impl Home {
    fn new() -> Self {
        let scene = Scene::new();
        // What is asked is never answered.
        scene
            .server
            .script("/details.aspx?id=56519", [Answer::silent()]);
        Self(scene)
    }

    /// A path beside the settings; its folder is there.
    fn path(&self, name: &str) -> PathBuf {
        let path = Path::new(&self.0.config).with_file_name(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        path
    }

    fn fifo(&self, name: &str) -> String {
        fifo(&self.path(name))
    }

    /// Started, with the first frame on screen. It has a pipe without an end as its descriptor 9.
    fn dashboard(&self) -> Pty {
        let endless = self.path("endless");
        if !endless.exists() {
            fifo(&endless);
        }
        let mut command = CommandBuilder::new("sh");
        let line = format!("exec 9<>'{}'; exec \"$@\"", endless.display());
        command.args(["-c", &line, "sh", env!("CARGO_BIN_EXE_tagscope")]);
        command.args([
            "--data-dir",
            &self.0.room.data(),
            "--config",
            &self.0.config,
        ]);
        for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
            command.env_remove(name);
        }
        let mut pty = Pty::start(command);
        pty.wait_for_text("Tags 3,321/3,321");
        pty
    }

    /// Waits until the server has been asked, and is to answer.
    fn wait_for_question(&self, pty: &mut Pty) {
        pty.wait_until("a question", || !self.0.server.paths().is_empty());
    }
}

/// What holds on as long as the dashboard runs.
type Held = Box<dyn Any>;

/// What a task waits for, or fails at.
struct State {
    what: &'static str,
    ready: fn(&Home) -> Held,
    keys: fn(&Home) -> String,
    /// What the screen says then.
    says: &'static str,
    /// The key that ends it.
    key: &'static str,
}

fn nothing(_: &Home) -> Held {
    Box::new(())
}

fn keys(keys: &str) -> String {
    keys.to_owned()
}

const STATES: &[State] = &[
    State {
        what: "the lock of the watch list is held",
        ready: |home| {
            let lock = fs::File::create(home.path(".watched.lock")).unwrap();
            lock.lock().unwrap();
            Box::new(lock)
        },
        keys: |_| keys(" "),
        says: "1 watched",
        key: "q",
    },
    State {
        what: "a pipe is the watch list",
        ready: |home| Box::new(home.fifo("watched.txt")),
        keys: |_| keys(" "),
        says: "watched.txt is a named pipe, not a file",
        key: "q",
    },
    State {
        what: "the lock of the state is held",
        ready: |home| {
            let lock = fs::File::create(home.path(".state.lock")).unwrap();
            lock.lock().unwrap();
            Box::new(lock)
        },
        keys: |_| keys("5"),
        says: "changed tags",
        key: "\x03",
    },
    State {
        what: "a pipe is the state",
        ready: |home| Box::new(home.fifo("state.toml")),
        keys: |_| keys("5"),
        says: "changed tags",
        key: "q",
    },
    State {
        what: "the state names a pipe as rules",
        ready: |home| {
            let pipe = home.fifo("nsg.json");
            let text = format!("version = 1\nrule-files = [\"{pipe}\"]\n");
            fs::write(home.path("state.toml"), text).unwrap();
            nothing(home)
        },
        keys: |_| keys(""),
        says: "nsg.json is a named pipe, not a file",
        key: "q",
    },
    State {
        what: "a pipe is a saved registry",
        ready: |home| Box::new(home.fifo("registries/prod.toml")),
        keys: |_| keys(":load prod\r"),
        says: "prod.toml is a named pipe, not a file",
        key: "\x03",
    },
    State {
        what: "a pipe is a week",
        ready: |home| {
            let (_, date) = monday(0);
            let name = format!("ServiceTags_Public_{date}.json");
            let room = &home.0.room;
            room.import(&room.file(&name, publication("Public", 900, 60)));
            let week = room.files("public", ".json.gz").remove(0);
            fs::remove_file(&week).unwrap();
            Box::new(fifo(&week))
        },
        keys: |_| format!(":week {}#900\r", monday(0).0),
        says: "is a named pipe, not a file",
        key: "q",
    },
    State {
        what: "a pipe is opened as rules",
        ready: nothing,
        keys: |home| format!(":rules {}\r", home.fifo("nsg.json")),
        says: "nsg.json is a named pipe, not a file",
        key: "q",
    },
    State {
        what: "a pipe is opened as a registry",
        ready: nothing,
        keys: |home| format!(":registry {}\r", home.fifo("acr.json")),
        says: "acr.json is a named pipe, not a file",
        key: "\x03",
    },
    State {
        what: "a second dashboard that was stopped is fetching",
        ready: |home| {
            let mut second = home.dashboard();
            second.send(":update\r");
            home.wait_for_question(&mut second);
            second.signal(Signal::STOP);
            Box::new(second)
        },
        keys: |_| keys(":update\r"),
        says: "waiting for another tagscope (pid ",
        key: "q",
    },
    State {
        what: "a server accepts and never answers",
        ready: nothing,
        keys: |_| keys(":update\r"),
        says: "asking http://",
        key: "\x03",
    },
    State {
        what: "an export goes to a pipe",
        ready: nothing,
        keys: |home| format!(":export {}\r", home.fifo("tags.csv")),
        says: "tags.csv is there already",
        key: "q",
    },
    State {
        what: "an export goes to a full device",
        ready: |home| {
            Box::new(std::os::unix::fs::symlink(
                "/dev/full",
                home.path("full.csv"),
            ))
        },
        keys: |home| format!(":export {}\r", home.path("full.csv").display()),
        says: "full.csv is there already",
        key: "q",
    },
    State {
        what: "a saved list of rules names a pipe",
        ready: |home| {
            let pipe = home.fifo("routes.json");
            let text = format!("version = 1\nfiles = [\"{pipe}\"]\n");
            fs::write(home.path("rules/prod.toml"), text).unwrap();
            nothing(home)
        },
        keys: |_| keys(":rules\r:load prod\r"),
        says: "routes.json is a named pipe, not a file",
        key: "q",
    },
    State {
        what: "a pipe is a saved list of rules",
        ready: |home| Box::new(home.fifo("rules/prod.toml")),
        keys: |_| keys(":rules\r:load prod\r"),
        says: "prod.toml is a named pipe, not a file",
        key: "\x03",
    },
    State {
        what: "rules are read from a pipe that has no end",
        ready: nothing,
        keys: |_| keys(":rules /dev/fd/9\r1 "),
        says: "1 watched",
        key: "q",
    },
    State {
        what: "a week is read from a pipe that has no end",
        ready: nothing,
        keys: |_| keys(":file /dev/fd/9\r "),
        says: "1 watched",
        key: "q",
    },
];

#[test]
fn q_ctrl_c_term_and_hup_end_within_a_second_whatever_tasks_wait_for() {
    assert!(STATES.len() >= 10);
    for (place, state) in STATES.iter().enumerate() {
        let signal = match place % 2 {
            0 => Signal::HUP,
            _ => Signal::TERM,
        };
        for signal in [None, Some(signal)] {
            let home = Home::new();
            let _held = (state.ready)(&home);
            let mut pty = home.dashboard();
            pty.send(&(state.keys)(&home));
            println!("{}, {signal:?}", state.what);
            pty.wait_for_text(state.says);
            match signal {
                Some(signal) => pty.signal(signal),
                None => pty.send(state.key),
            }
            let code = signal.map_or(0, |signal| 128 + u32::try_from(signal.as_raw()).unwrap());
            let ended = pty.exit_code_within(END);
            let screen = pty.screen.screen().contents();
            assert_eq!(ended, Some(code), "{}, {signal:?}: {screen}", state.what);
            // What it wrote last is read too.
            pty.exit_code();
            pty.is_restored().unwrap();
        }
    }
}

#[test]
fn a_window_above_a_thousand_is_drawn_as_a_thousand_square() {
    let home = Home::new();
    let mut pty = home.dashboard();
    for (cols, rows, view) in [
        (1500, 1001, "\x1b2"),
        (120, 1500, "\x1b5"),
        (1300, 1200, "\x1b1m"),
        (u16::MAX, u16::MAX, "m\x1b4"),
    ] {
        let start = pty.raw.len();
        pty.send(view);
        pty.resize_window(cols, rows);
        // Down to the last row that is drawn, and nowhere beyond.
        let lowest = rows.min(1000) - 1;
        while farthest(&pty.raw[start..]).0 < lowest {
            let before = pty.bytes;
            pty.wait_for_more(before);
        }
        let (row, column) = farthest(&pty.raw[start..]);
        assert!(
            row <= 1000 && column <= 1000,
            "{cols}x{rows}: {row}, {column}"
        );
    }
    pty.send("\x1b1");
    pty.resize(120, 40);
    pty.wait_for_text("Tags 3,321/3,321");
    pty.send("q");
    assert_eq!(pty.exit_code(), 0);
    pty.is_restored().unwrap();
}

/// The farthest row and column to which the cursor was sent.
fn farthest(raw: &[u8]) -> (u16, u16) {
    let text = String::from_utf8_lossy(raw);
    let mut far = (0, 0);
    for sequence in text.split("\x1b[").skip(1) {
        let Some((numbers, _)) = sequence.split_once('H') else {
            continue;
        };
        if let Some((row, column)) = numbers.split_once(';')
            && let (Ok(row), Ok(column)) = (row.parse::<u16>(), column.parse::<u16>())
        {
            far = (far.0.max(row), far.1.max(column));
        }
    }
    far
}
