//! Folders that a person names: whose they are, before anything is written there.

use std::fs;
use std::io;
use std::path::Path;

use crate::rules::MAX_RULES;
use crate::store::{Input, ReadError, read_bounded};
use crate::text::Safe;

/// What is in a folder that is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FolderState<T> {
    /// Nothing, or it is not there yet.
    Empty,
    /// What an earlier run has written, as its list of files says.
    Ours(T),
    /// Files of others.
    Foreign,
}

/// Looks into a folder, whose list of files lies under `list` and is read by `parse`.
///
/// # Errors
/// A list that is there and cannot be read; a path that is no folder.
pub fn folder_state<T>(
    path: &Path,
    list: &str,
    parse: impl FnOnce(&[u8]) -> Option<T>,
) -> Result<FolderState<T>, FolderError> {
    let failed = |source: io::Error| FolderError::System {
        path: Safe::new(&path.to_string_lossy()),
        source,
    };
    let mut entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(FolderState::Empty),
        Err(error) => return Err(failed(error)),
    };
    let list = path.join(list);
    if list.exists() {
        let bytes = read_bounded(&Input::new(&list), MAX_RULES)?;
        if let Some(files) = parse(&bytes) {
            return Ok(FolderState::Ours(files));
        }
    }
    Ok(match entries.next() {
        None => FolderState::Empty,
        Some(_) => FolderState::Foreign,
    })
}

/// The first name in a folder that is not among these.
///
/// # Errors
/// What the system says.
pub fn stranger(path: &Path, known: &[&str]) -> io::Result<Option<Safe>> {
    for entry in fs::read_dir(path)? {
        let name = entry?.file_name();
        if !known.iter().any(|known| name == **known) {
            return Ok(Some(Safe::new(&name.to_string_lossy())));
        }
    }
    Ok(None)
}

/// Why a folder cannot be looked into.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Its list of files.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The folder.
    #[error("cannot read the folder {path}")]
    System {
        /// The folder.
        path: Safe,
        /// Why.
        source: io::Error,
    },
}
