//! The watch list: names of tags, one a line, beside the settings.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::store::file_lock::FileLock;
use crate::store::{Input, Paths, ReadError, read_bounded, write_over};
use crate::text::{Safe, clean};

/// Largest list that is read.
const MAX_BYTES: u64 = 4 << 20;
const HEAD: &str =
    "# Tags that tagscope watches, one a line: Space in the dashboard, diff --watched\n";

/// Where the list is; `None` without a home.
#[must_use]
pub fn watch_file(paths: &Paths) -> Option<PathBuf> {
    Some(paths.beside.as_deref()?.join("watched.txt"))
}

/// The watched names; none where there is no list yet.
///
/// # Errors
/// A list that is there and cannot be read.
pub fn read_watched(file: &Path) -> Result<BTreeSet<String>, ReadError> {
    if !file.exists() {
        return Ok(BTreeSet::new());
    }
    let bytes = read_bounded(&Input::File(file.to_owned()), MAX_BYTES)?;
    let text = String::from_utf8_lossy(&bytes);
    let lines = text.lines().map(str::trim);
    let names = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    Ok(names.map(|name| clean(name).into_owned()).collect())
}

/// Enters which tags are watched, in order; what another program has entered meanwhile stays. The
/// list is written whole or not at all, by one program at a time, for which others wait for
/// `patience` at most.
///
/// # Errors
/// A list that cannot be read or written, or that another program keeps to itself.
pub fn keep_watched(
    file: &Path,
    changes: &[(String, bool)],
    patience: Duration,
) -> Result<(), ReadError> {
    let failed = |source| ReadError::Io {
        path: Safe::new(&file.to_string_lossy()),
        source,
    };
    let _lock = FileLock::beside(file, ".watched.lock", patience)?;
    let mut names = read_watched(file)?;
    for (name, is_watched) in changes {
        if *is_watched {
            names.insert(name.clone());
        } else {
            names.remove(name);
        }
    }
    let mut text = HEAD.to_owned();
    for name in &names {
        text.push_str(name);
        text.push('\n');
    }
    write_over(file, text.as_bytes()).map_err(failed)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_list_is_kept_with_what_others_enter() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("new/watched.txt");
        assert_eq!(read_watched(&file).unwrap(), BTreeSet::new());
        keep_watched(&file, &[("Storage".to_owned(), true)], Duration::ZERO).unwrap();
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, text + "  Sql  \n# a remark\n\n").unwrap();
        let changes = [
            ("AzureCloud", true),
            ("Storage", false),
            ("Sql", false),
            ("Sql", true),
        ];
        let changes = changes.map(|(name, is_watched)| (name.to_owned(), is_watched));
        keep_watched(&file, &changes, Duration::ZERO).unwrap();
        let names: Vec<String> = read_watched(&file).unwrap().into_iter().collect();
        assert_eq!(names, ["AzureCloud", "Sql"]);
    }

    #[test]
    fn a_list_that_another_program_holds_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("watched.txt");
        let lock = fs::File::create(folder.path().join(".watched.lock")).unwrap();
        lock.lock().unwrap();
        let change = [("Storage".to_owned(), true)];
        let busy = keep_watched(&file, &change, Duration::ZERO).unwrap_err();
        assert!(matches!(busy, ReadError::Busy { .. }), "{busy}");
        assert_eq!(read_watched(&file).unwrap(), BTreeSet::new());
    }
}
