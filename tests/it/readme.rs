//! The README says what the program does.

use std::fmt::Write;

use tagscope::tui::{Place, bindings};

use crate::program::run;

/// The key table as the README has it: a line a binding, with the places where it works.
fn key_table() -> String {
    let mut table = "| keys | where | what |\n|---|---|---|\n".to_owned();
    for binding in bindings() {
        let keys: Vec<String> = binding
            .chords
            .iter()
            .map(|chord| format!("`{chord}`"))
            .collect();
        let places = if binding.places.len() == Place::ALL.len() {
            "everywhere".to_owned()
        } else {
            where_it_works(binding.places)
        };
        writeln!(
            table,
            "| {} | {places} | {} |",
            keys.join(" "),
            binding.help
        )
        .unwrap();
    }
    table
}

/// The places by their titles; where all lists of a view are among them, the view.
fn where_it_works(places: &[Place]) -> String {
    use Place::{
        Advice, ChangeRows, Changes, Detail, Map, Plan, PlanDetail, Profile, Regions, Results,
        RuleDetail, RuleFiles, RuleNotes, RuleRows, Table, Weeks,
    };
    let mut left = places.to_vec();
    let mut names = Vec::new();
    for (group, name) in [
        (
            &[
                Regions, Map, Table, Detail, Results, Profile, Plan, PlanDetail, Advice, RuleFiles,
                RuleRows, RuleDetail, RuleNotes, Weeks, Changes, ChangeRows,
            ][..],
            "every list",
        ),
        (&[Regions, Table, Detail], "Tags"),
        (&[Profile, Plan, PlanDetail, Advice], "Endpoints"),
        (&[RuleFiles, RuleRows, RuleDetail, RuleNotes], "Rules"),
        (&[Weeks, Changes, ChangeRows], "Diff"),
    ] {
        if group.iter().all(|place| left.contains(place)) {
            left.retain(|place| !group.contains(place));
            names.push(name);
        }
    }
    names.extend(left.iter().map(|place| place.title()));
    names.join("; ")
}

#[test]
fn the_key_table_is_the_keymap() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let begin = "<!-- keys: a test compares this table with the program -->\n";
    let table = readme
        .split_once(begin)
        .unwrap()
        .1
        .split_once("<!-- end of keys -->")
        .unwrap()
        .0;
    let wanted = key_table();
    if std::env::var_os("TAGSCOPE_WRITE_README").is_some() {
        std::fs::write("README.md", readme.replace(table, &wanted)).unwrap();
        return;
    }
    assert_eq!(
        table, wanted,
        "run the test with TAGSCOPE_WRITE_README=1 and read the difference"
    );
}

/// Words alone: the README breaks lines where a terminal would.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_sessions_of_explain_are_what_the_program_says() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let mut sessions = 0;
    for session in readme.split("\n$ tagscope explain ").skip(1) {
        let (line, rest) = session.split_once('\n').unwrap();
        let shown = rest.split_once("```").unwrap().0;
        let said = words(&run(&["explain", line.trim_matches(['"', '\''])]).out);
        for part in shown.split("\n…") {
            let part = words(part);
            assert!(said.contains(&part), "{line}: {part}\n{said}");
        }
        sessions += 1;
    }
    assert_eq!(sessions, 2);
}
