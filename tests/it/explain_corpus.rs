//! Texts of many programs, written after public issues and documents, each with its problem.
//!
//! `tests/data/explain/INDEX.tsv`: file, program, expected id. `none` is a text that is about none
//! of this.

use std::collections::BTreeSet;
use std::path::Path;

use tagscope::query::explain::{ask, problem_ids, recognise};

/// File, program and expected id.
fn index() -> Vec<[String; 3]> {
    let index = std::fs::read_to_string("tests/data/explain/INDEX.tsv").unwrap();
    let rows = index.lines().skip(1).map(|row| {
        let cells: Vec<String> = row.split('\t').map(str::to_owned).collect();
        <[String; 3]>::try_from(cells).unwrap_or_else(|cells| panic!("{cells:?}"))
    });
    rows.collect()
}

fn read(file: &str) -> String {
    std::fs::read_to_string(Path::new("tests/data/explain").join(file)).unwrap()
}

#[test]
fn every_text_is_answered_with_its_problem() {
    let mut wrong = Vec::new();
    for [file, _, expected] in index() {
        let found = recognise(&read(&file));
        let answer = ask(&found, None);
        let ids: BTreeSet<&str> = answer.complaints.iter().map(|one| one.id).collect();
        let wanted: BTreeSet<&str> = expected.split('+').filter(|id| *id != "none").collect();
        if ids != wanted {
            let lines: Vec<_> = found
                .iter()
                .map(|one| (one.problem.id(), &one.lines))
                .collect();
            wrong.push(format!("{file}: {expected}, not {lines:?}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of them:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn the_texts_are_many_and_of_many_programs() {
    let index = index();
    let programs: BTreeSet<&String> = index.iter().map(|[_, program, _]| program).collect();
    assert!(
        index.len() >= 300 && programs.len() >= 15,
        "{} {programs:?}",
        index.len()
    );
    let expected: BTreeSet<&str> = index.iter().flat_map(|[.., id]| id.split('+')).collect();
    for id in problem_ids()
        .into_iter()
        .filter(|id| !id.starts_with("health:"))
    {
        assert!(expected.contains(id), "no text of {id}");
    }
}

#[test]
fn every_file_stands_in_the_index() {
    let files: BTreeSet<String> = index().into_iter().map(|[file, ..]| file).collect();
    let there = std::fs::read_dir("tests/data/explain").unwrap();
    let there = there.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let there: BTreeSet<String> = there.filter(|name| name != "INDEX.tsv").collect();
    assert_eq!(files, there);
}
