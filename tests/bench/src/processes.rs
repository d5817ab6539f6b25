//! One lookup as a whole process: from spawn to exit.

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde::Deserialize;
use tagscope::index::{View, embedded_index};
use tagscope::space::Family;

use crate::data::{repository, rows};
use crate::measure::{Row, medians, milliseconds, timed};

const ADDRESS: &str = "20.38.116.38";
const ROUNDS: usize = 301;
const WHAT: &str = "one lookup, whole process";
const EMPTY: (&str, f64) = ("an empty program", 1.5);
const GREPCIDR: (&str, f64) = ("grepcidr", 0.1);

/// The rows of the table that concern processes.
pub fn measure(view: &View<'_>) -> Vec<Row> {
    let tagscope = tagscope();
    if let Err(why) = &tagscope {
        let absent = |(peer, goal)| Row::absent(WHAT, peer, goal, why);
        return [EMPTY, GREPCIDR].map(absent).into();
    }
    let lookup = || lookup(tagscope.as_ref().unwrap());
    let empty = build(Path::new(env!("CARGO_MANIFEST_DIR")), "empty").map(Command::new);
    let empty = empty.expect("the empty program belongs to this package");
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

fn lookup(tagscope: &Path) -> Command {
    let mut command = Command::new(tagscope);
    command.args(["lookup", ADDRESS]);
    command
}

/// The release program, once it has shown that it answers; else what is wrong.
fn tagscope() -> Result<PathBuf, String> {
    let given = std::env::var_os("TAGSCOPE_BIN").map(PathBuf::from);
    let program = given.map_or_else(|| build(&repository(), "tagscope"), Ok)?;
    let output = lookup(&program).output();
    let output = output.map_err(|error| format!("not started: {error}"))?;
    if !output.status.success() {
        return Err(format!("failed: {}", output.status));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    if text.contains(&expected()) {
        Ok(program)
    } else {
        Err(format!("failed: {}, but no answer", output.status))
    }
}

/// The tag that an answer must name.
fn expected() -> String {
    let index = embedded_index().unwrap();
    let view = index.view();
    let (family, address) = tagscope::space::bits(ADDRESS.parse().unwrap());
    let hit = view.hits(view.lookup(family, address)).next();
    hit.and_then(|hit| view.tag(hit.tag))
        .unwrap()
        .name
        .to_owned()
}

/// Builds a package's program with the release profile; where it is.
fn build(package: &Path, program: &str) -> Result<PathBuf, String> {
    #[derive(Deserialize)]
    struct Message {
        executable: Option<PathBuf>,
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let output = Command::new(cargo)
        .args([
            "build",
            "--release",
            "--message-format=json-render-diagnostics",
        ])
        .args(["--bin", program, "--manifest-path"])
        .arg(package.join("Cargo.toml"))
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cargo does not start: {error}"))?;
    if !output.status.success() {
        return Err(format!("the build failed: {}", output.status));
    }
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<Message>(line).ok()?.executable)
        .next_back()
        .ok_or_else(|| "the build made no program".to_owned())
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
