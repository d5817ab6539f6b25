//! Files that need each other are one file in two: below a rank too, `use crate::…` leads one way.
//!
//! A file and one that stands below it (`view/diff.rs`, `view/diff/rows.rs`) may name each other.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// For each module the modules that it uses.
type Uses = BTreeMap<String, BTreeSet<String>>;

/// The module that a file is; `None` for the roots, which nobody uses.
fn module(path: &Path) -> Option<String> {
    let inside = path.strip_prefix("src").unwrap().with_extension("");
    let parts = inside.components().map(|part| part.as_os_str().to_str());
    let parts: Vec<&str> = parts.map(Option::unwrap).collect();
    (!["lib", "main"].contains(&parts[0])).then(|| parts.join("::"))
}

/// Every path that a tree of imports names.
fn paths(tree: &str) -> Vec<String> {
    let (mut open, mut path, mut found) = (Vec::new(), String::new(), Vec::new());
    for letter in tree.chars().chain([',']) {
        match letter {
            '{' => open.push(path.clone()),
            ',' | '}' => {
                found.push(path);
                if letter == '}' {
                    open.pop();
                }
                path = open.last().cloned().unwrap_or_default();
            }
            _ => path.push(letter),
        }
    }
    let names = found.iter().map(|path| path.split(" as ").next().unwrap());
    let names = names.map(|path| path.split_whitespace().collect::<String>());
    names
        .filter(|path| !path.is_empty() && !path.ends_with(':'))
        .collect()
}

/// What a file imports from the crate; comments and its tests do not count.
fn imports(text: &str) -> Vec<String> {
    let text = text.split("#[cfg(test)]").next().unwrap();
    let lines = text.lines().map(|line| line.split("//").next().unwrap());
    let text = lines.collect::<Vec<_>>().join(" ");
    let trees = text.split("use crate::").skip(1);
    let trees = trees.map(|tree| tree.split(';').next().unwrap());
    trees.flat_map(paths).collect()
}

/// The module that holds what a path names.
fn holder<'a>(mut path: &'a str, uses: &Uses) -> Option<&'a str> {
    while !uses.contains_key(path) {
        path = path.rsplit_once("::")?.0;
    }
    Some(path)
}

/// Whether one module is the other, or stands below it.
fn is_within(one: &str, other: &str) -> bool {
    let rest = one.strip_prefix(other);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

fn uses() -> Uses {
    let files = super::sizes::sources(Path::new("src"));
    let names = files.iter().filter_map(|path| module(path));
    let mut uses: Uses = names.map(|name| (name, BTreeSet::new())).collect();
    for path in files {
        let Some(name) = module(&path) else { continue };
        let imports = imports(&std::fs::read_to_string(&path).unwrap());
        let held = imports.iter().filter_map(|path| holder(path, &uses));
        let others = held.filter(|held| !is_within(held, &name) && !is_within(&name, held));
        let others = others.map(str::to_owned).collect();
        uses.insert(name, others);
    }
    uses
}

/// Everything that a module uses, directly or through others.
fn reached<'a>(name: &'a str, uses: &'a Uses) -> BTreeSet<&'a String> {
    let (mut reached, mut next) = (BTreeSet::new(), vec![name]);
    while let Some(name) = next.pop() {
        for other in &uses[name] {
            if reached.insert(other) {
                next.push(other);
            }
        }
    }
    reached
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    let uses = uses();
    let count: usize = uses.values().map(BTreeSet::len).sum();
    assert!(count > 500, "the test reads nothing");
    let reached: BTreeMap<_, _> = uses
        .keys()
        .map(|name| (name, reached(name, &uses)))
        .collect();
    let mut circles = BTreeSet::new();
    for (name, others) in &reached {
        let is_back = |other: &&String| reached[*other].contains(*name);
        let circle: Vec<&str> = others
            .iter()
            .copied()
            .filter(is_back)
            .map(String::as_str)
            .collect();
        if !circle.is_empty() {
            circles.insert(circle.join(" + "));
        }
    }
    assert!(circles.is_empty(), "{circles:#?}");
}
