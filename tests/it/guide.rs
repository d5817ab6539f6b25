//! The pages of the guide say what the program does.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use tagscope::tui::{Place, Where, bindings};
use unicode_width::UnicodeWidthStr;

use crate::program::run;

const FOLDER: &str = "assets/guide";

/// The key table as the page has it: a line a binding, with the places where it works.
fn key_table() -> String {
    let mut table = "| keys | where | what |\n|---|---|---|\n".to_owned();
    for binding in bindings() {
        let keys: Vec<String> = binding
            .chords
            .iter()
            .map(|chord| format!("`{chord}`"))
            .collect();
        let places = if matches!(binding.places, Where::Everywhere) {
            "everywhere".to_owned()
        } else {
            where_it_works(&binding.places.places())
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
        Advice, ChangeRows, Changes, CountBy, Detail, Map, Plan, PlanDetail, Profile, Regions,
        Results, RuleDetail, RuleFiles, RuleNotes, RuleRows, Table, TrafficAddresses, TrafficRows,
        Weeks,
    };
    let mut left = places.to_vec();
    let mut names = Vec::new();
    for (group, name) in [
        (
            &[
                Regions,
                Map,
                Table,
                Detail,
                Results,
                Profile,
                Plan,
                PlanDetail,
                Advice,
                RuleFiles,
                RuleRows,
                RuleDetail,
                RuleNotes,
                Weeks,
                Changes,
                ChangeRows,
                CountBy,
                TrafficRows,
                TrafficAddresses,
            ][..],
            "every list",
        ),
        (&[Regions, Table, Detail], "Tags"),
        (&[Profile, Plan, PlanDetail, Advice], "Endpoints"),
        (&[RuleFiles, RuleRows, RuleDetail, RuleNotes], "Rules"),
        (&[Weeks, Changes, ChangeRows], "Diff"),
        (&[CountBy, TrafficRows, TrafficAddresses], "Traffic"),
    ] {
        if group.iter().all(|place| left.contains(place)) {
            left.retain(|place| !group.contains(place));
            names.push(name);
        }
    }
    names.extend(left.iter().map(|place| place.title()));
    names.join("; ")
}

/// Compares what a page has between two marks; `TAGSCOPE_GOLDEN=write` writes it instead.
#[track_caller]
pub fn assert_part(page: &str, begin: &str, end: &str, wanted: &str) {
    let text = std::fs::read_to_string(page).unwrap();
    let part = part(&text, begin, end);
    if std::env::var_os("TAGSCOPE_GOLDEN").is_some_and(|value| value == "write") {
        let from = text.len() - text.split_once(begin).unwrap().1.len();
        let after = &text[from + part.len()..];
        std::fs::write(page, format!("{}{wanted}{after}", &text[..from])).unwrap();
        return;
    }
    assert_eq!(
        part, wanted,
        "{page}: run the test with TAGSCOPE_GOLDEN=write and read the difference"
    );
}

/// What a text has between two marks.
pub fn part<'a>(text: &'a str, begin: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(begin).unwrap();
    rest.split_once(end).unwrap().0
}

/// The pages by path and text.
pub fn pages() -> Vec<(PathBuf, String)> {
    let mut pages: Vec<_> = std::fs::read_dir(FOLDER)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), std::fs::read_to_string(path).unwrap()))
        .collect();
    pages.sort();
    assert!(!pages.is_empty());
    pages
}

/// Where the links of a page lead, without those on the page itself or on the web.
pub fn links(text: &str) -> Vec<&str> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', '#']).next())
        .filter(|target| !target.is_empty() && !target.contains("://"))
        .collect()
}

#[test]
fn the_key_table_is_the_keymap() {
    assert_part(
        "assets/guide/keys.md",
        "<!-- keys: a test compares this table with the program -->\n",
        "<!-- end of keys -->",
        &key_table(),
    );
}

#[test]
fn every_link_of_a_page_leads_to_a_file() {
    for (path, text) in pages() {
        for target in links(&text) {
            let there = Path::new(FOLDER).join(target);
            assert!(there.is_file(), "{}: {target}", path.display());
        }
    }
}

#[test]
fn prose_of_a_page_is_at_most_120_columns_wide() {
    for (path, text) in pages() {
        let mut is_output = false;
        for line in text.lines() {
            is_output ^= line.starts_with("```");
            let is_prose = !is_output && !line.starts_with('|');
            assert!(
                !is_prose || line.width() <= 120,
                "{}: {line}",
                path.display()
            );
        }
    }
}

/// Words alone: the page breaks lines where a terminal would.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_sessions_of_explain_are_what_the_program_says() {
    let page = std::fs::read_to_string("assets/guide/troubleshooting.md").unwrap();
    let mut sessions = 0;
    for session in page.split("\n$ tagscope explain ").skip(1) {
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
