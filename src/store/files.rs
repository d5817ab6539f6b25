//! Reading a file or standard input, never more than a bound.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::text::Safe;

/// A file, or standard input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// Standard input, written `-`.
    Stdin,
    /// A file.
    File(PathBuf),
}

impl Input {
    /// `-` is standard input, anything else a path.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        if path == Path::new("-") {
            Self::Stdin
        } else {
            Self::File(path.to_owned())
        }
    }

    /// The path for people.
    #[must_use]
    pub fn shown(&self) -> Safe {
        match self {
            Self::Stdin => Safe::new("standard input"),
            Self::File(path) => Safe::new(&path.to_string_lossy()),
        }
    }

    /// The file's name without its folder; empty for standard input.
    #[must_use]
    pub fn file_name(&self) -> String {
        match self {
            Self::Stdin => String::new(),
            Self::File(path) => path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
        }
    }
}

/// Why a file could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is a folder.
    #[error("{path} is a folder; name a file in it")]
    Folder {
        /// The path.
        path: Safe,
    },
    /// There is none, or it may not be read.
    #[error("cannot read {path}")]
    Io {
        /// The path.
        path: Safe,
        /// The system's reason.
        source: io::Error,
    },
    /// A folder without a file that could be meant.
    #[error("{path} holds no file called like ServiceTags_Public_20261019.json or .json.gz")]
    NoPublications {
        /// The path.
        path: Safe,
    },
    /// It exceeds the bound.
    #[error("{path} is larger than {} MiB, which is more than any such file has", limit >> 20)]
    TooLarge {
        /// The path.
        path: Safe,
        /// The bound in bytes.
        limit: u64,
    },
    /// Another program keeps it locked.
    #[error("{path} is held by another program; waited {seconds} seconds")]
    Busy {
        /// The path.
        path: Safe,
        /// How long was waited.
        seconds: u64,
    },
}

/// How often a held lock is tried again.
const RETRY: Duration = Duration::from_millis(50);

/// Locks a file, waiting for `patience` at most; whether it is locked now.
///
/// # Errors
/// What the system says.
pub(super) fn lock_within(file: &File, patience: Duration) -> io::Result<bool> {
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::Error(source)) => return Err(source),
            Err(TryLockError::WouldBlock) if start.elapsed() >= patience => return Ok(false),
            Err(TryLockError::WouldBlock) => std::thread::sleep(RETRY),
        }
    }
}

/// All bytes of `input`, at most `limit`.
///
/// # Errors
/// [`ReadError`] names the path and the reason.
pub fn read_bounded(input: &Input, limit: u64) -> Result<Vec<u8>, ReadError> {
    let path = input.shown();
    let failed = |source| ReadError::Io {
        path: path.clone(),
        source,
    };
    let mut bytes = Vec::new();
    let count = match input {
        Input::Stdin => io::stdin().lock().take(limit + 1).read_to_end(&mut bytes),
        Input::File(file) => {
            let file = File::open(file).map_err(failed)?;
            let metadata = file.metadata().map_err(failed)?;
            if metadata.is_dir() {
                return Err(ReadError::Folder { path });
            }
            let expected = usize::try_from(metadata.len().min(limit)).unwrap_or(0);
            bytes.reserve_exact(expected + 1);
            file.take(limit + 1).read_to_end(&mut bytes)
        }
    }
    .map_err(failed)?;
    if u64::try_from(count).is_ok_and(|count| count > limit) {
        return Err(ReadError::TooLarge { path, limit });
    }
    Ok(bytes)
}
/// Most files that are taken from folders.
const MAX_FILES: usize = 10_000;
/// How deep folders are searched.
const MAX_DEPTH: usize = 4;

/// The files that are named, and those in the named folders that are called like a publication.
///
/// # Errors
/// [`ReadError`] for a folder that cannot be read or has none.
pub fn publications(named: &[PathBuf]) -> Result<Vec<PathBuf>, ReadError> {
    let mut files = Vec::new();
    for path in named {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let before = files.len();
        search(path, MAX_DEPTH, &mut files).map_err(|source| ReadError::Io {
            path: Safe::new(&path.to_string_lossy()),
            source,
        })?;
        if files.len() == before {
            return Err(ReadError::NoPublications {
                path: Safe::new(&path.to_string_lossy()),
            });
        }
    }
    Ok(files)
}

fn search(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut entries: Vec<_> = std::fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let kind = entry.file_type()?;
        let name = entry.file_name().to_string_lossy().to_ascii_lowercase();
        let is_named = name.starts_with("servicetags_")
            && [".json", ".json.gz"].iter().any(|end| name.ends_with(end));
        if kind.is_dir() && depth > 0 {
            search(&entry.path(), depth - 1, files)?;
        } else if !kind.is_dir() && is_named && files.len() < MAX_FILES {
            files.push(entry.path());
        }
    }
    Ok(())
}

/// Writes a new file: whole or not at all, and never over another one.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`], or what the system says.
pub fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if path.symlink_metadata().is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let part = part_of(path)?;
    let written = File::create(&part)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        // Unlike a rename, a link fails where something has come in between.
        .and_then(|()| match std::fs::hard_link(&part, path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
            Err(_) => std::fs::rename(&part, path),
            Ok(()) => Ok(()),
        });
    let _ = std::fs::remove_file(&part);
    written
}

/// Writes a file, perhaps over another one: whole or not at all, and with the rights that it had. A
/// link stays one.
///
/// # Errors
/// What the system says.
pub fn write_over(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let rights = std::fs::metadata(&path).map(|metadata| metadata.permissions());
    let part = part_of(&path)?;
    let written = File::create(&part)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| match rights {
            Ok(rights) => std::fs::set_permissions(&part, rights),
            Err(_) => Ok(()),
        })
        .and_then(|()| std::fs::rename(&part, &path));
    if written.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    written
}

/// A file beside it, until it is whole.
fn part_of(path: &Path) -> io::Result<PathBuf> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let (program, count) = (std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let name = format!(".{}.{program}-{count}.part", name.to_string_lossy());
    Ok(path.with_file_name(name))
}
