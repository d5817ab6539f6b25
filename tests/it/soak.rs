//! The dashboard at work for as long as `TAGSCOPE_SOAK` says, in seconds: rounds of everything that it
//! does, with faults on the way. Of a long one the memory stays what it was after its first quarter.

use std::fs;
use std::time::{Duration, Instant};

use crate::archive::publication;
use crate::pty::Pty;
use crate::server::Answer;
use crate::update::Scene;

/// Rounds of which the middle one counts.
const COUNTED: usize = 9;
/// Rounds where nobody asks for more: enough to do everything, too few to tell of memory, which grows
/// for some 300 rounds until everything has been done in every order and lists of what was typed are full.
const ROUNDS: usize = 30;
/// Longest wait for an update that asks.
const PATIENCE: Duration = Duration::from_secs(20);
/// Rounds from which on a run is long enough: its first quarter warms up.
const LONG: usize = 1_200;

const RULES: &str = include_str!("../data/check/nsg.json");

/// A dashboard on a cloud of its own, and what it is disturbed with.
struct Soak {
    scene: Scene,
    pty: Pty,
    path: String,
    rules: String,
}

impl Soak {
    fn start() -> Self {
        let scene = Scene::new();
        for (date, number) in [("20261102", 39), ("20261109", 40)] {
            scene.publish("China", date, number, 300);
            assert_eq!(scene.run(&["update", "--cloud", "china"]).code, 0);
        }
        let path = scene.link("China", "20261116");
        let rules = scene.room.file("rules.json", RULES);
        let data = scene.room.data();
        let pty = Pty::tagscope(&scene.args(&["--data-dir", &data, "--cloud", "china"]));
        Self {
            scene,
            pty,
            path,
            rules,
        }
    }

    /// An answer to an update that is not the one hoped for, another one each time.
    fn fault(&self, round: usize) {
        let whole = publication("China", 41, 300);
        let answer = match round % 6 {
            0 => Answer::json(&whole[..whole.len() / 2]).announced(whole.len()),
            1 => Answer::status(503),
            2 => Answer::html("<html>log in</html>"),
            3 => Answer::close(),
            4 => Answer::raw("SSH-2.0-x\r\n"),
            _ => Answer::json("{\"values\": 3}"),
        };
        self.scene.server.script(&self.path, [answer]);
    }

    /// One round of work; it has been done once its last lookup is on the screen.
    fn round(&mut self, round: usize) {
        self.fault(round);
        let asked = self.scene.server.requests().len();
        match round % 3 {
            0 => fs::write(&self.rules, &RULES[..RULES.len() / 2]).unwrap(),
            1 => fs::write(&self.rules, RULES).unwrap(),
            _ => fs::remove_file(&self.rules).unwrap(),
        }
        let rules = format!(":rules {}\r", self.rules);
        // Keys, and what the screen shows once they have been taken. Escape is sent twice: with the
        // key behind it, one would be Alt.
        let steps = [
            ("1Gg j\r\x1b\x1b", "Tags"),
            ("sss/tag12\r", "tag12"),
            ("\x1b\x1b2i\x15203.0.113.0/24\r", "203.0.113.0/24"),
            ("\x1b[200~20.38.108.5\n8.8.8.8\nTag1\n\x1b[201~", "8.8.8.8"),
            (
                "\x1b\x1b\x1b\x1b:endpoints contoso.azurecr.cn\r",
                "contoso.azurecr.cn",
            ),
            ("\x1b\x1b\x1b\x1b5", "Weeks"),
            (":update\r", ""),
            (&rules, "rules.json"),
            (":week 1999-01-04\r", ""),
            ("\x1b\x1b:nonsense\r", "nonsense"),
            ("\x1b\x1b?", "Help"),
            ("\x1b\x1b\x1b\x1b", "Tags"),
        ];
        for (keys, shown) in steps {
            self.pty.send(keys);
            self.pty.wait_for_text(shown);
        }
        for (cols, rows) in [(30, 8), (200, 60), (80, 24), (120, 40)] {
            self.pty.resize(cols, rows);
        }
        let address = format!("198.51.100.{}", round % 250);
        self.pty.send(&format!("\x1b\x1b:lookup {address}\r"));
        self.pty.wait_for_text(&address);
        // One that waits for a busy server lets no other begin.
        let start = Instant::now();
        while self.scene.server.requests().len() == asked {
            assert!(start.elapsed() < PATIENCE, "no update in round {round}");
            self.pty.send("\x1b\x1b:update\r");
            self.pty.bytes_within(Duration::from_millis(100));
        }
    }

    /// Resident memory in KiB.
    fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pty.pid())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.unwrap()
            .trim()
            .trim_end_matches(" kB")
            .parse()
            .unwrap()
    }
}

fn median(mut values: Vec<u64>) -> u64 {
    values.sort_unstable();
    values[values.len() / 2]
}

#[test]
fn hours_of_work_and_faults_cost_no_memory() {
    let seconds = std::env::var("TAGSCOPE_SOAK").map_or(0, |text| text.parse().unwrap());
    let (start, time) = (Instant::now(), Duration::from_secs(seconds));
    let mut soak = Soak::start();
    let mut memory = Vec::new();
    while memory.len() < ROUNDS || start.elapsed() < time {
        let round = memory.len();
        assert!(
            !soak.pty.has_ended(),
            "{}",
            soak.pty.screen.screen().contents()
        );
        soak.round(round);
        memory.push(soak.memory());
    }
    let asked = soak.scene.server.requests().len();
    assert!(
        asked > memory.len(),
        "{asked} requests in {} rounds",
        memory.len()
    );
    let quarter = memory.len() / 4;
    let first = median(memory[quarter..quarter + COUNTED].to_vec());
    let last = median(memory[memory.len() - COUNTED..].to_vec());
    println!(
        "{} rounds, {asked} requests, {first} KiB, then {last} KiB",
        memory.len()
    );
    assert!(
        memory.len() < LONG || last * 100 <= first * 105,
        "{first} KiB, then {last} KiB"
    );
    soak.pty.send("\x03");
    assert_eq!(soak.pty.exit_code(), 0);
    soak.pty.is_restored().unwrap();
}
