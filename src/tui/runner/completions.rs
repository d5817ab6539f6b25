//! What a line could go on with that only the disk knows.

use std::path::{Path, PathBuf};

use crate::azure::Dialect;
use crate::query::WeekRecord;
use crate::source;
use crate::store::{expand_home, profile_names, rule_list_names};
use crate::text::Safe;
use crate::tui::About;
use crate::tui::runner::chain;

/// Most files that are listed for a completion.
const MAX_FILES: usize = 200;

/// What could be named; `folder` has what was saved.
pub fn list(
    about: &About,
    within: &source::Request,
    folder: Option<&Path>,
) -> Result<Vec<String>, Safe> {
    Ok(match about {
        About::Registries => folder.map_or_else(Vec::new, profile_names),
        About::Weeks => {
            let listing = source::weeks(within).map_err(|error| chain(&error))?;
            named(&listing.weeks)
        }
        About::RuleLists => folder.map_or_else(Vec::new, rule_list_names),
        About::Files(typed) => files(typed, &[".json", ".gz"]),
        About::AnyFiles(typed) => files(typed, &[""]),
    })
}

/// The weeks as `:week` takes them; a date that stands for several has its number behind it.
fn named(weeks: &[WeekRecord]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for week in weeks {
        let Some(date) = &week.date else { continue };
        let name = match (week.kind, week.change_number) {
            (Dialect::Api, _) => format!("api:{date}"),
            (Dialect::File, Some(number)) if names.contains(date) => format!("{date}#{number}"),
            (Dialect::File, _) => date.clone(),
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Folders, and files with one of these endings, whose path begins with what is typed.
fn files(typed: &str, endings: &[&str]) -> Vec<String> {
    let (folder, begin) = match typed.rsplit_once('/') {
        Some((folder, begin)) => (format!("{folder}/"), begin),
        None => (String::new(), typed),
    };
    let path = if folder.is_empty() {
        PathBuf::from(".")
    } else {
        expand_home(Path::new(&folder))
    };
    let Ok(entries) = std::fs::read_dir(path) else {
        return Vec::new();
    };
    let mut found: Vec<String> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let name = entry.file_name().into_string().ok()?;
            let is_hidden = name.starts_with('.') && !begin.starts_with('.');
            if is_hidden || !name.to_lowercase().starts_with(&begin.to_lowercase()) {
                return None;
            }
            let lower = name.to_lowercase();
            let is_document = endings.iter().any(|end| lower.ends_with(end));
            if entry.path().is_dir() {
                Some(format!("{folder}{name}/"))
            } else {
                is_document.then(|| format!("{folder}{name}"))
            }
        })
        .take(MAX_FILES)
        .collect();
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_completed_by_their_beginning() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["Tags_a.json", "Tags_b.json.gz", "tags.txt", ".tags.json"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        std::fs::create_dir(folder.path().join("tagsets")).unwrap();
        let typed = folder.path().join("tag");
        let found = files(&typed.to_string_lossy(), &[".json", ".gz"]);
        let names: Vec<&str> = found
            .iter()
            .map(|file| {
                file.rsplit_once("/tmp")
                    .map_or(file.as_str(), |(_, rest)| rest)
            })
            .map(|file| file.trim_end_matches('/').rsplit('/').next().unwrap())
            .collect();
        assert_eq!(names, ["Tags_a.json", "Tags_b.json.gz", "tagsets"]);
        assert!(found[2].ends_with('/'));
    }
}
