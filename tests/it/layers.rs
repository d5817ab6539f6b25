//! The order of ranks: a module names only lower ones; the pure ranks do no I/O.

use std::path::Path;

/// Rank of each top module; peers share a number and never name each other.
const RANKS: [(&str, u8); 16] = [
    ("text", 0),
    ("space", 0),
    ("azure", 1),
    ("settings", 2),
    ("index", 2),
    ("rules", 2),
    ("ranges", 2),
    ("traffic", 3),
    ("query", 4),
    ("report", 5),
    ("platform", 6),
    ("store", 7),
    ("net", 7),
    ("source", 8),
    ("cli", 9),
    ("tui", 9),
];

/// What the ranks up to `report` may not name.
const IMPURE: [&str; 9] = [
    "std::fs",
    "std::env",
    "std::process",
    "tokio",
    "reqwest",
    "crossterm",
    "ratatui",
    "SystemTime",
    "hickory",
];

fn rank(module: &str) -> u8 {
    let known = RANKS.iter().find(|(name, _)| *name == module);
    known
        .unwrap_or_else(|| panic!("src/{module} has no rank in tests/it/layers.rs"))
        .1
}

fn module_of(path: &Path) -> Option<String> {
    let inside = path.strip_prefix("src").unwrap();
    let first = inside
        .components()
        .next()?
        .as_os_str()
        .to_str()?
        .trim_end_matches(".rs");
    (!["lib", "main"].contains(&first)).then(|| first.to_owned())
}

#[test]
fn imports_point_downwards() {
    let mut seen = 0;
    for path in super::sizes::sources(Path::new("src")) {
        let Some(module) = module_of(&path) else {
            continue;
        };
        let text = std::fs::read_to_string(&path).unwrap();
        for part in text.split("crate::").skip(1) {
            let name: String = part
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            seen += 1;
            let downwards = name == module || rank(&name) < rank(&module);
            assert!(downwards, "{} names crate::{name}", path.display());
        }
    }
    assert!(seen > 50, "the test reads nothing");
}

#[test]
fn pure_ranks_do_no_io() {
    for path in super::sizes::sources(Path::new("src")) {
        let Some(module) = module_of(&path) else {
            continue;
        };
        if rank(&module) > rank("report") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for word in IMPURE {
            assert!(!text.contains(word), "{} names {word}", path.display());
        }
    }
}
