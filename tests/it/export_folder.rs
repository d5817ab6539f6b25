//! The folder of an export: replaced whole or not at all, never one of somebody else, and held against a week.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::guide::assert_part;
use crate::program::{Ran, SMALL, away, run};
use crate::schema::{Form, flaws};

/// A folder to export into.
struct Room(TempDir);

impl Room {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    fn export(&self, words: &[&str]) -> Ran {
        let output = self.path("out");
        run(&[&["-q", "export"], words, &["--output", &output]].concat())
    }

    fn check(&self, words: &[&str]) -> Ran {
        let folder = self.path("out");
        run(&[&["-q", "export", "--check", &folder], words].concat())
    }

    fn names(&self, name: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path().join(name)).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort_unstable();
        names
    }
}

#[test]
fn a_folder_of_an_earlier_run_is_replaced_whole() {
    let room = Room::new();
    room.export(&["csv", "--file", SMALL]).is_quiet(0);
    assert!(room.names("out").contains(&"rows.csv".to_owned()));
    room.export(&["csv", "--shape", "lpm", "--file", SMALL])
        .is_quiet(0);
    assert_eq!(
        room.names("out"),
        ["README.md", "lpm.csv", "sets.csv", "tagscope.json"]
    );
    room.export(&["duckdb", "--file", SMALL]).is_quiet(0);
    assert!(room.names("out").contains(&"load.sql".to_owned()));
    assert_eq!(room.names(""), ["out"]);
}

#[test]
fn without_a_name_the_folder_is_called_by_the_kind() {
    let room = Room::new();
    let small = std::fs::canonicalize(SMALL).unwrap();
    let mut program = away(env!("CARGO_BIN_EXE_tagscope"));
    program.args(["-q", "export", "mmdb", "--file"]).arg(&small);
    assert!(
        program
            .current_dir(room.0.path())
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(room.names(""), ["tagscope-mmdb"]);
    assert_eq!(
        room.names("tagscope-mmdb"),
        ["README.md", "azure-tags.mmdb", "query.py", "tagscope.json"]
    );
}

#[test]
fn a_folder_of_somebody_else_is_left_as_it_is() {
    let room = Room::new();
    std::fs::create_dir(room.path("out")).unwrap();
    std::fs::write(room.path("out/notes.txt"), "mine").unwrap();
    let refused = room.export(&["csv", "--file", SMALL]);
    refused.is_refused(&["is not empty", "name another folder"]);
    std::fs::remove_file(room.path("out/notes.txt")).unwrap();
    room.export(&["csv", "--file", SMALL]).is_quiet(0);
    std::fs::write(room.path("out/tags.db"), "mine").unwrap();
    let before = room.names("out");
    room.export(&["csv", "--file", SMALL])
        .is_refused(&["tags.db", "move it away"]);
    assert_eq!(
        (room.names("out"), room.names("")),
        (before, vec!["out".to_owned()])
    );
    std::fs::write(room.path("file"), "mine").unwrap();
    let output = room.path("file");
    let refused = run(&["-q", "export", "csv", "--file", SMALL, "--output", &output]);
    refused.is_refused(&["cannot read the folder", "file"]);
    let mut here = away(env!("CARGO_BIN_EXE_tagscope"));
    here.args(["-q", "export", "csv", "--output", "."]);
    let output = here.current_dir(room.0.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn bad_words_are_a_sentence_and_nothing_is_written() {
    let room = Room::new();
    for (words, says) in [
        (&["duckbd"][..], &["duckdb"][..]),
        (&["csv", "--shape", "interval"], &["intervals"]),
        (&["csv", "--tag", "Storrage"], &["Storrage", "Storage"]),
        (&["csv", "--tag", ""], &["no tag"]),
        (&["csv", "--tag", "Nothing*"], &["Nothing*"]),
        (&["duckdb", "--hex"], &["--hex is for export csv"]),
        (
            &["duckdb", "--shape", "lpm"],
            &["--shape is for export csv"],
        ),
        (&["duckdb", "--as", "asn"], &["--as is for export mmdb"]),
        (&["mmdb", "--as", "city"], &["asn"]),
        (&["csv", "--json"], &["takes no --format"]),
        (&["--tag", "Storage"], &["which kind?"]),
    ] {
        let ran = room.export(&[words, &["--file", SMALL]].concat());
        assert_eq!(ran.code, 2, "{ran:?}");
        for part in says {
            assert!(ran.err.contains(part), "{words:?}: {}", ran.err);
        }
        assert_eq!(room.names(""), [""; 0], "{words:?}");
    }
}

/// A disk that is full ends a write as a limit of the shell does, whose signal is not heeded.
#[test]
fn where_writing_fails_the_folder_before_it_stays_and_nothing_is_beside_it() {
    let room = Room::new();
    room.export(&["csv", "--file", SMALL]).is_quiet(0);
    let before = std::fs::read(room.path("out/tagscope.json")).unwrap();
    let mut shell: Command = away("bash");
    let line = "trap '' XFSZ; ulimit -f 64; tagscope -q export csv --output \"$1\"";
    let output = shell
        .args(["-c", line, "bash", &room.path("out")])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains("cannot write") && said.contains("too large"),
        "{said}"
    );
    assert_eq!(room.names(""), ["out"]);
    assert_eq!(
        std::fs::read(room.path("out/tagscope.json")).unwrap(),
        before
    );
}

#[test]
fn check_says_whether_a_folder_is_of_the_week() {
    let room = Room::new();
    room.check(&["--file", SMALL])
        .is_refused(&["there is no folder"]);
    room.export(&["duckdb", "--file", SMALL]).is_quiet(0);
    let says = |words: &[&str], code: i32, status: &str| {
        let ran = room.check(&[&["--json"], words].concat());
        assert_eq!(ran.code, code, "{ran:?}");
        let value: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(flaws("export", Form::Document, &value), [""; 0]);
        assert_eq!(value["status"], status);
        let text = room.check(words);
        let said = format!("{}{}", text.out, text.err);
        let because = value["because"].as_str().unwrap();
        assert!(text.code == code && said.contains(because), "{text:?}");
    };
    says(&["--file", SMALL], 0, "current");
    says(&["duckdb", "--file", SMALL], 0, "current");
    says(&["sqlite", "--file", SMALL], 2, "otherKind");
    says(&["--file", SMALL, "--tag", "Storage"], 1, "otherTags");
    says(&["--week", "embedded"], 1, "otherWeek");
    let sets = room.path("out/sets.csv");
    let text = std::fs::read_to_string(&sets).unwrap();
    std::fs::write(&sets, text.replace("Storage", "Storege")).unwrap();
    says(&["--file", SMALL], 1, "changed");
    std::fs::remove_file(&sets).unwrap();
    says(&["--file", SMALL], 1, "changed");
    std::fs::write(room.path("out/tagscope.json"), "{}").unwrap();
    says(&["--file", SMALL], 2, "foreign");
    assert!(Path::new(&room.path("out/load.sql")).exists());
}

#[test]
fn the_guide_has_the_kinds_as_they_are_listed() {
    assert_part(
        "assets/guide/engines.md",
        "<!-- kinds: a test compares this table with the program -->\n",
        "<!-- end of kinds -->",
        &run(&["export", "-o", "markdown"]).out,
    );
}

/// Each engine has a block of the guide, which `.ci/engines` runs as it stands.
#[test]
fn the_guide_has_a_block_for_every_kind() {
    let page = std::fs::read_to_string("assets/guide/engines.md").unwrap();
    let list = run(&["export", "--json"]).json();
    for kind in list["kinds"].as_array().unwrap() {
        let word = kind["kind"].as_str().unwrap();
        let blocks = page.split("```sh\n").skip(1);
        let blocks = blocks.filter(|block| block.starts_with(&format!("tagscope export {word}")));
        assert_eq!(blocks.count(), 1, "{word}");
        let is_run = kind["proof"].as_str().unwrap().starts_with("run");
        let script = std::fs::read_to_string(".ci/engines.py").unwrap();
        assert_eq!(
            script.contains(&format!("    \"{word}\": \"")),
            is_run,
            "{word}"
        );
    }
}
