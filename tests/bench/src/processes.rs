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
/// At 0.35 of its speed a list takes this many times as long.
const GREPCIDR_LIST: (&str, f64) = ("grepcidr", 2.86);
const ADDRESSES: usize = 200_000;
const LIST_ROUNDS: usize = 21;
/// How often as long as a lookup the effect of a week on a small security group takes.
const IMPACT: (&str, f64) = ("one lookup", 60.0);
const IMPACT_ROUNDS: usize = 31;
/// Prefixes of its list, which is a tag's but for some.
const LISTED: usize = 55;
const LISTS: [&str; 3] = ["--format text", "--format csv", "--format jsonl --slim"];

/// The rows of the table that concern processes.
pub fn measure(view: &View<'_>, tagscope: &Result<PathBuf, String>) -> Vec<Row> {
    let tagscope = match tagscope {
        Ok(tagscope) => tagscope,
        Err(why) => {
            let absent = |(peer, goal)| Row::absent(WHAT, peer, goal, why);
            return [EMPTY, GREPCIDR].map(absent).into();
        }
    };
    let empty = Command::new(own("empty"));
    let mut table = vec![against(WHAT, ROUNDS, lookup(tagscope), empty, EMPTY)];
    table.push(impact(tagscope, view));
    table.extend(against_grepcidr(tagscope, view));
    table
}

/// What the newest weeks do to a group with a list that nearly is a tag, so that older weeks are looked
/// at too.
fn impact(tagscope: &Path, view: &View<'_>) -> Row {
    let mut tags = view.tag_ids().filter_map(|tag| Some((tag, view.tag(tag)?)));
    let near = |row: &tagscope::index::TagRow<'_>| {
        row.prefixes_v4 > LISTED && row.prefixes_v4 < LISTED + 6 && !row.system_service.is_empty()
    };
    let (tag, _) = tags.find(|(_, row)| near(row)).unwrap();
    let prefixes = view.all_prefixes(tag).map(|prefix| prefix.to_string());
    let prefixes: Vec<String> = prefixes
        .filter(|it| !it.contains(':'))
        .take(LISTED)
        .collect();
    let rule = format!(
        r#"{{"name":"r","priority":100,"direction":"Outbound","access":"Allow","protocol":"Tcp","sourceAddressPrefix":"*",
        "sourcePortRange":"*","destinationPortRange":"443","destinationAddressPrefixes":["{}"]}}"#,
        prefixes.join("\",\"")
    );
    let path = std::env::temp_dir().join(format!("tagscope-bench-{}.json", std::process::id()));
    std::fs::write(&path, format!(r#"{{"name":"n","securityRules":[{rule}]}}"#)).unwrap();
    let mut ours = Command::new("sh");
    // An affected row is an answer, not a failure.
    ours.args(["-c", "\"$0\" rules impact \"$1\" --offline; test $? -lt 2"]);
    ours.arg(tagscope).arg(&path);
    let what = "rules impact of a small group, whole process";
    let row = against(what, IMPACT_ROUNDS, ours, lookup(tagscope), IMPACT);
    std::fs::remove_file(&path).unwrap();
    row
}

fn against(
    what: &str,
    rounds: usize,
    mut ours: Command,
    mut theirs: Command,
    (peer, goal): (&str, f64),
) -> Row {
    let times = medians(rounds, [&mut || run(&mut ours), &mut || run(&mut theirs)]);
    let seconds = times.map(|time| time.as_secs_f64());
    Row::compared(what, peer, goal, seconds, milliseconds)
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

fn against_grepcidr(tagscope: &Path, view: &View<'_>) -> Vec<Row> {
    let version = Command::new(GREPCIDR.0).arg("-V").output();
    if version.is_err() {
        let absent = |what: &str, (peer, goal): (&str, f64)| {
            Row::absent(what, peer, goal, "skipped: grepcidr is not installed")
        };
        let lists = LISTS.map(|form| absent(&list_name(form), GREPCIDR_LIST));
        return std::iter::once(absent(WHAT, GREPCIDR))
            .chain(lists)
            .collect();
    }
    let folder = std::env::temp_dir().join(format!("tagscope-bench-{}", std::process::id()));
    std::fs::create_dir(&folder).unwrap();
    let [patterns, address, list] = ["prefixes", "address", "list"].map(|name| folder.join(name));
    write_prefixes(&patterns, view);
    std::fs::write(&address, format!("{ADDRESS}\n")).unwrap();
    write_addresses(&list, view);
    let grepcidr = |input: &Path| {
        let mut theirs = Command::new(GREPCIDR.0);
        theirs.arg("-f").arg(&patterns).arg(input);
        theirs
    };
    let single = against(WHAT, ROUNDS, lookup(tagscope), grepcidr(&address), GREPCIDR);
    let lists = LISTS.map(|form| {
        let mut ours = Command::new("sh");
        let script = format!("exec \"$0\" lookup - {form} < \"$1\"");
        ours.args(["-c", &script]).arg(tagscope).arg(&list);
        let what = list_name(form);
        against(&what, LIST_ROUNDS, ours, grepcidr(&list), GREPCIDR_LIST)
    });
    let rows = std::iter::once(single).chain(lists).collect();
    std::fs::remove_dir_all(&folder).unwrap();
    rows
}

fn list_name(form: &str) -> String {
    format!("{ADDRESSES} addresses from a pipe, {form}")
}

/// Addresses in tags, one a line.
fn write_addresses(path: &Path, view: &View<'_>) {
    let blocks: Vec<_> = rows(view, Family::V4)
        .into_iter()
        .map(|row| row.1)
        .collect();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    for _ in 0..ADDRESSES {
        let block = blocks[usize::try_from(next()).unwrap() % blocks.len()];
        let size = block.last() - block.first() + 1;
        let address = block.first() + u128::from(next()) % size;
        writeln!(file, "{}", Family::V4.address(address)).unwrap();
    }
    file.flush().unwrap();
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
