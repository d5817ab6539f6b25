//! What a type can do stands in the file that defines the type: its fields are closed to the rest.

use std::collections::BTreeSet;
use std::path::Path;

/// Files below `src/tui` that give abilities to a type of another file. This list only shrinks.
const AWAY: [(&str, &str); 38] = [
    ("overlay/fit/draw.rs", "Fit"),
    ("overlay/export_dialog/draw.rs", "ExportDialog"),
    ("view/diff/areas.rs", "DiffView"),
    ("view/diff/changes.rs", "DiffView"),
    ("view/diff/copy.rs", "DiffView"),
    ("view/diff/owner.rs", "DiffView"),
    ("view/diff/pointer.rs", "DiffView"),
    ("view/diff/steps.rs", "DiffView"),
    ("view/endpoints/advice.rs", "EndpointsView"),
    ("view/endpoints/areas.rs", "EndpointsView"),
    ("view/endpoints/copy.rs", "EndpointsView"),
    ("view/endpoints/detail.rs", "EndpointsView"),
    ("view/endpoints/entry.rs", "EndpointsView"),
    ("view/endpoints/head.rs", "EndpointsView"),
    ("view/endpoints/plan.rs", "EndpointsView"),
    ("view/endpoints/pointer.rs", "EndpointsView"),
    ("view/endpoints/probing.rs", "EndpointsView"),
    ("view/endpoints/profile.rs", "EndpointsView"),
    ("view/endpoints/regions.rs", "EndpointsView"),
    ("view/endpoints/saved.rs", "EndpointsView"),
    ("view/lookup/copy.rs", "LookupView"),
    ("view/lookup/explained.rs", "LookupView"),
    ("view/rules/areas.rs", "RulesView"),
    ("view/rules/copy.rs", "RulesView"),
    ("view/rules/detail.rs", "RulesView"),
    ("view/rules/files.rs", "RulesView"),
    ("view/rules/head.rs", "RulesView"),
    ("view/rules/notes.rs", "RulesView"),
    ("view/rules/patch.rs", "RulesView"),
    ("view/rules/picked.rs", "RulesView"),
    ("view/rules/pointer.rs", "RulesView"),
    ("view/rules/rows.rs", "RulesView"),
    ("view/rules/tasks.rs", "RulesView"),
    ("view/rules/trial.rs", "RulesView"),
    ("view/tags/areas.rs", "TagsView"),
    ("view/tags/copy.rs", "TagsView"),
    ("view/tags/map.rs", "TagsView"),
    ("view/tags/pointer.rs", "TagsView"),
];

/// The word that follows in a line of code.
fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
    &text[..end.unwrap_or(text.len())]
}

/// The type that a line defines.
fn defined(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = match line.strip_prefix("pub") {
        Some(rest) => rest.split_once(' ')?.1,
        None => line,
    };
    let kinds = ["struct ", "enum ", "trait ", "type ", "union "];
    kinds
        .iter()
        .find_map(|kind| line.strip_prefix(kind))
        .map(word)
}

/// The type that gets abilities in a block whose head, less `impl`, is given.
fn subject(head: &str) -> &str {
    let head = head.split(['{', '\n']).next().unwrap();
    let head = head.split(" where").next().unwrap();
    let (mut depth, mut start) = (0, 0);
    for (place, letter) in head.char_indices() {
        match letter {
            '<' => depth += 1,
            '>' if !head[..place].ends_with('-') => depth -= 1,
            ' ' if depth == 0 && head[place..].starts_with(" for ") => start = place + 5,
            ' ' if depth == 0 && start == 0 => start = place + 1,
            _ => {}
        }
    }
    let path = head[start..].trim_start_matches(['&', ' ']);
    let path = path.split(['<', ' ']).next().unwrap();
    path.rsplit("::").next().unwrap()
}

#[test]
fn an_impl_stands_in_the_file_that_defines_its_type() {
    let (folder, mut found, mut blocks) = (Path::new("src/tui"), BTreeSet::new(), 0);
    for path in super::sizes::sources(folder) {
        let text = std::fs::read_to_string(&path).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap();
        let own: BTreeSet<&str> = text.lines().filter_map(defined).collect();
        let file = path.strip_prefix(folder).unwrap().to_str().unwrap();
        for head in text.split("\nimpl").skip(1) {
            blocks += 1;
            let name = subject(head);
            if !own.contains(name) {
                found.insert((file.replace('\\', "/"), name.to_owned()));
            }
        }
    }
    assert!(blocks > 100, "the test reads nothing");
    let is_known = |(file, name): &(String, String)| AWAY.contains(&(file.as_str(), name.as_str()));
    let new: Vec<_> = found.iter().filter(|pair| !is_known(pair)).collect();
    assert!(new.is_empty(), "the type is defined elsewhere: {new:?}");
    let is_there = |(file, name): &&(&str, &str)| found.contains(&((*file).into(), (*name).into()));
    let gone: Vec<_> = AWAY.iter().filter(|pair| !is_there(pair)).collect();
    assert!(
        gone.is_empty(),
        "no longer so, take it off the list: {gone:?}"
    );
}

#[test]
fn the_type_of_a_block_is_found() {
    for (head, name) in [
        (" App {", "App"),
        ("<'a> Rows<'a> {", "Rows"),
        ("<T: Into<String>> From<Vec<T>> for List<T> where", "List"),
        (" fmt::Display for crate::tui::Chord {", "Chord"),
        ("<F: Fn() -> u8> Lines for &Doc<F> {", "Doc"),
    ] {
        assert_eq!(subject(head), name, "{head}");
    }
}
