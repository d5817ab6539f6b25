//! Saved lists of rule files: one TOML file a list, in the folder `rules` beside the settings; and
//! whether a file of rules has changed since it was read.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::store::profiles::{MAX_BYTES, is_name, names_in};
use crate::store::{Input, Paths, ReadError, expand_home, read_bounded, write_over};
use crate::text::{Safe, clean, closest, cut_end};

const VERSION: u32 = 1;
/// Most files of a list.
const MOST: usize = 200;
const HEAD: &str = "# Files of rules as tagscope opens them: :load NAME in the view Rules, @NAME on \
                    the command line.\n# stands-for = [\"TAG\", \"ROW=TAG\"] names the tag that a \
                    list of addresses stands for.\n";

/// Why a list of rule files is not saved or loaded.
#[derive(Debug, thiserror::Error)]
pub enum RuleListError {
    /// Lists are kept beside the settings, and there is no place for those.
    #[error("there is no home folder to keep lists of rules in")]
    NoFolder,
    /// A name that could lead out of the folder, or none.
    #[error(
        "\"{name}\" is no name for a list of rules: 1 to 64 letters, digits, - _ and ., not beginning with ."
    )]
    Name {
        /// As given.
        name: Safe,
    },
    /// No such file.
    #[error("no list of rules is saved as {name}{hint}")]
    Missing {
        /// As given.
        name: Safe,
        /// What there is.
        hint: Safe,
    },
    /// The file cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It can be read, and is something else.
    #[error("{path} is no saved list of rules: {reason}")]
    Shape {
        /// The path.
        path: Safe,
        /// What is wrong.
        reason: Safe,
    },
    /// The system refused.
    #[error("cannot write {path}")]
    Write {
        /// The path.
        path: Safe,
        /// The system's reason.
        source: io::Error,
    },
}

/// Files of rules under a name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleList {
    /// The files, absolute.
    pub files: Vec<PathBuf>,
    /// Tags that lists of addresses stand for: `TAG` or `ROW=TAG`.
    pub stands_for: Vec<String>,
}

/// A file as it is written.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct File {
    version: u32,
    files: Vec<PathBuf>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    stands_for: Vec<String>,
}

/// The folder; `None` without a home.
#[must_use]
pub fn rule_list_folder(paths: &Paths) -> Option<PathBuf> {
    Some(paths.beside.as_deref()?.join("rules"))
}

/// The names of saved lists, in order.
#[must_use]
pub fn rule_list_names(folder: &Path) -> Vec<String> {
    names_in(folder)
}

/// Saves a list; the answer is whether an older one was replaced.
///
/// # Errors
/// [`RuleListError::Name`], [`RuleListError::Shape`] for a path that is no text or an older file
/// that is no list, [`RuleListError::Write`].
pub fn save_rule_list(folder: &Path, name: &str, list: &RuleList) -> Result<bool, RuleListError> {
    let path = path_of(folder, name)?;
    let is_there = path.symlink_metadata().is_ok();
    if is_there {
        // What is no list is somebody else's and stays.
        read(&path)?;
    }
    let file = File {
        version: VERSION,
        files: list.files.clone(),
        stands_for: list.stands_for.clone(),
    };
    let text = toml::to_string(&file).map_err(|error| shape(&path, &error.to_string()))?;
    let written = fs::create_dir_all(folder)
        .and_then(|()| write_over(&path, (HEAD.to_owned() + &text).as_bytes()));
    written.map_err(|source| RuleListError::Write {
        path: shown(&path),
        source,
    })?;
    Ok(is_there)
}

/// Loads a list.
///
/// # Errors
/// [`RuleListError`].
pub fn load_rule_list(folder: &Path, name: &str) -> Result<RuleList, RuleListError> {
    let path = path_of(folder, name)?;
    if path.symlink_metadata().is_err() {
        let names = rule_list_names(folder);
        let near = closest(name, names.iter().map(String::as_str), 1);
        let hint = match near.first() {
            Some(near) => format!("; did you mean {near}?"),
            None if names.is_empty() => {
                "; W in the view Rules saves the files on screen".to_owned()
            }
            None => format!("; there are {}", cut_end(&names.join(", "), 200)),
        };
        return Err(RuleListError::Missing {
            name: Safe::new(name),
            hint: Safe::from(hint),
        });
    }
    read(&path)
}

fn read(path: &Path) -> Result<RuleList, RuleListError> {
    let bytes = read_bounded(&Input::File(path.to_owned()), MAX_BYTES)?;
    let text = String::from_utf8_lossy(&bytes);
    let file: File = toml::from_str(&text).map_err(|error| shape(path, error.message()))?;
    if file.version > VERSION {
        let version = file.version;
        let reason = format!("it has version {version}, and this tagscope reads up to {VERSION}");
        return Err(shape(path, &reason));
    }
    if file.files.len() > MOST {
        let reason = format!("it names {} files, the limit is {MOST}", file.files.len());
        return Err(shape(path, &reason));
    }
    Ok(RuleList {
        files: file.files.iter().map(|file| expand_home(file)).collect(),
        stands_for: file.stands_for,
    })
}

fn shape(path: &Path, reason: &str) -> RuleListError {
    RuleListError::Shape {
        path: shown(path),
        reason: Safe::new(&cut_end(&clean(reason), 200)),
    }
}

fn shown(path: &Path) -> Safe {
    Safe::new(&path.to_string_lossy())
}

fn path_of(folder: &Path, name: &str) -> Result<PathBuf, RuleListError> {
    if !is_name(name) {
        let name = Safe::new(&cut_end(&clean(name), 64));
        return Err(RuleListError::Name { name });
    }
    Ok(folder.join(format!("{name}.toml")))
}

/// When a file was written, and its length: enough to see that it is another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileStamp {
    written: Option<SystemTime>,
    bytes: u64,
}

impl FileStamp {
    /// That of a file; `None` for one that is not there.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let data = fs::metadata(path).ok()?;
        Some(Self {
            written: data.modified().ok(),
            bytes: data.len(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_comes_back_as_it_was_saved() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("rules");
        let list = RuleList {
            files: vec![PathBuf::from("/srv/nsg one.json"), PathBuf::from("/srv/b")],
            stands_for: vec!["office=Storage.WestEurope".to_owned()],
        };
        assert!(!save_rule_list(&folder, "prod", &list).unwrap());
        assert!(save_rule_list(&folder, "prod", &list).unwrap());
        assert_eq!(load_rule_list(&folder, "prod").unwrap(), list);
        assert_eq!(rule_list_names(&folder), ["prod"]);
    }

    #[test]
    fn what_is_no_list_is_refused_and_left_as_it_is() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path();
        let said = |result: Result<RuleList, RuleListError>| result.unwrap_err().to_string();
        assert!(said(load_rule_list(folder, "../x")).contains("is no name"));
        assert!(said(load_rule_list(folder, "prod")).contains("W in the view Rules"));
        let path = folder.join("prod.toml");
        fs::write(&path, "files = 3").unwrap();
        assert!(said(load_rule_list(folder, "prod")).contains("prod.toml is no saved list"));
        let saved = save_rule_list(folder, "prod", &RuleList::default());
        assert!(saved.unwrap_err().to_string().contains("is no saved list"));
        assert_eq!(fs::read_to_string(&path).unwrap(), "files = 3");
        fs::write(&path, "version = 9\nfiles = []").unwrap();
        assert!(said(load_rule_list(folder, "prod")).contains("version 9"));
        assert!(said(load_rule_list(folder, "prud")).contains("did you mean prod?"));
    }

    #[test]
    fn a_changed_file_has_another_stamp() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a");
        assert_eq!(FileStamp::of(&path), None);
        fs::write(&path, "1").unwrap();
        let first = FileStamp::of(&path);
        assert!(first.is_some());
        fs::write(&path, "22").unwrap();
        assert_ne!(FileStamp::of(&path), first);
    }
}
