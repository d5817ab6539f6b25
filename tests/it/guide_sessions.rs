//! The sessions of the guide, in which `$` stands before what is typed, show what the program writes.
//!
//! Those of a page are run one after the other in a folder with the files of `tests/data/guide`, without a
//! network; standard error is not shown. `TAGSCOPE_GOLDEN=write` writes them anew.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::program::away;

const FILES: &str = "tests/data/guide";

/// Pages whose sessions are run, with how many there are at least.
const PAGES: [(&str, usize); 3] = [("traffic", 10), ("pipelines", 14), ("json", 4)];

/// A folder with the files that the guide speaks of.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(FILES).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    folder
}

/// What a line of a shell writes to standard output.
fn said(folder: &Path, line: &str) -> String {
    let mut shell: Command = away("sh");
    shell.env("TAGSCOPE_OFFLINE", "1").args(["-c", line]);
    let output = shell.current_dir(folder).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// A block of code as it is to be: each command with what it writes.
fn replayed(folder: &Path, block: &str) -> (String, usize) {
    let mut now = String::from("\n");
    let mut count = 0;
    for session in block.split("\n$ ").skip(1) {
        let mut lines = session.lines();
        let mut typed = lines.next().unwrap().to_owned();
        while typed.ends_with('\\') {
            typed = format!("{typed}\n{}", lines.next().unwrap());
        }
        let output = said(folder, &typed);
        now.extend([
            "$ ",
            &typed,
            "\n",
            output.trim_end(),
            if output.is_empty() { "" } else { "\n" },
        ]);
        count += 1;
    }
    (now, count)
}

#[test]
fn the_sessions_of_the_guide_show_what_the_program_writes() {
    let is_written = std::env::var_os("TAGSCOPE_GOLDEN").is_some_and(|how| how == "write");
    for (topic, least) in PAGES {
        let path = format!("assets/guide/{topic}.md");
        let page = fs::read_to_string(&path).unwrap();
        let folder = folder();
        let mut sessions = 0;
        let blocks = page.split("```").enumerate().map(|(place, block)| {
            if place % 2 == 0 || !block.starts_with("\n$ ") {
                return block.to_owned();
            }
            let (now, count) = replayed(folder.path(), block);
            sessions += count;
            now
        });
        let now = blocks.collect::<Vec<_>>().join("```");
        if is_written {
            fs::write(&path, now).unwrap();
        } else {
            assert_eq!(now, page, "{path}");
        }
        assert!(sessions >= least, "{path}: {sessions} sessions");
    }
}
