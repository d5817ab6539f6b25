//! One lookup as a whole process: from spawn to exit.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use tagscope::index::View;
use tagscope::space::Family;

use crate::data::rows;
use crate::measure::{Row, medians, milliseconds, timed};
use crate::programs::{ADDRESS, lookup, own};

const ROUNDS: usize = 301;
const WHAT: &str = "one lookup, whole process";
const EMPTY: (&str, f64) = ("an empty program", 1.5);
const GREPCIDR: (&str, f64) = ("grepcidr", 0.1);

/// The rows of the table that concern processes.
pub fn measure(view: &View<'_>, tagscope: &Result<PathBuf, String>) -> Vec<Row> {
    let tagscope = match tagscope {
        Ok(tagscope) => tagscope,
        Err(why) => {
            let absent = |(peer, goal)| Row::absent(WHAT, peer, goal, why);
            return [EMPTY, GREPCIDR].map(absent).into();
        }
    };
    let lookup = || lookup(tagscope);
    let empty = Command::new(own("empty"));
    vec![
        against(lookup(), empty, EMPTY),
        against_grepcidr(lookup(), view),
    ]
}

fn against(mut ours: Command, mut theirs: Command, (peer, goal): (&str, f64)) -> Row {
    let times = medians(ROUNDS, [&mut || run(&mut ours), &mut || run(&mut theirs)]);
    let seconds = times.map(|time| time.as_secs_f64());
    Row::compared(WHAT, peer, goal, seconds, milliseconds)
}

fn run(command: &mut Command) -> Duration {
    let silent = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut is_success = false;
    let took = timed(|| is_success = silent.status().is_ok_and(|status| status.success()));
    assert!(is_success, "{command:?} failed");
    took
}

fn against_grepcidr(ours: Command, view: &View<'_>) -> Row {
    let version = Command::new(GREPCIDR.0).arg("-V").output();
    if version.is_err() {
        let (peer, goal) = GREPCIDR;
        return Row::absent(WHAT, peer, goal, "skipped: grepcidr is not installed");
    }
    let folder = std::env::temp_dir().join(format!("tagscope-bench-{}", std::process::id()));
    std::fs::create_dir(&folder).unwrap();
    let [patterns, address] = ["prefixes", "address"].map(|name| folder.join(name));
    write_prefixes(&patterns, view);
    std::fs::write(&address, format!("{ADDRESS}\n")).unwrap();
    let mut theirs = Command::new(GREPCIDR.0);
    theirs.arg("-f").arg(&patterns).arg(&address);
    let row = against(ours, theirs, GREPCIDR);
    std::fs::remove_dir_all(&folder).unwrap();
    row
}

/// Every distinct prefix, one a line.
fn write_prefixes(path: &Path, view: &View<'_>) {
    let mut blocks: Vec<_> = [Family::V4, Family::V6]
        .into_iter()
        .flat_map(|family| rows(view, family))
        .map(|row| row.1)
        .collect();
    blocks.sort_unstable();
    blocks.dedup();
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    for block in blocks {
        writeln!(file, "{block}").unwrap();
    }
    file.flush().unwrap();
}
