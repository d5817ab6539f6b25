//! Reading a file or standard input, never more than a bound, and never waiting for what is no file.
//!
//! A named pipe, a socket or a device lets its reader wait for as long as it likes, so none is
//! opened by its name. What the program was started with is another matter: standard input and the
//! pipe that a shell makes of `<(…)` come to their end.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::platform::{self, is_pipe, oddity, open_to_read, wait_for_writer};
use crate::text::Safe;

/// A file, or standard input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// Standard input, written `-`.
    Stdin,
    /// A file, or a pipe that the program was started with (`/dev/fd/63`).
    File(PathBuf),
}

/// What names standard input.
const STDIN: [&str; 4] = ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"];
/// The standard streams by their names.
const STREAMS: [&str; 3] = ["/dev/stdin", "/dev/stdout", "/dev/stderr"];
/// Where the system lists what a program was started with.
const DESCRIPTORS: [&str; 2] = ["/dev/fd", "/proc/self/fd"];

impl Input {
    /// `-` is standard input, as is `/dev/stdin`, anything else a path.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        if STDIN.iter().any(|name| path == Path::new(name)) {
            Self::Stdin
        } else {
            Self::File(path.to_owned())
        }
    }

    /// Whether it is standard input or another pipe that the program was started with.
    #[must_use]
    pub fn is_pipe(&self) -> bool {
        match self {
            Self::Stdin => true,
            Self::File(path) => is_descriptor(path),
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

    /// The file's name without its folder; empty for standard input and other pipes.
    #[must_use]
    pub fn file_name(&self) -> String {
        match self {
            Self::Stdin => String::new(),
            Self::File(path) if is_descriptor(path) => String::new(),
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
    /// It is nothing that holds a file's bytes.
    #[error("{path} is {what}, not a file")]
    NoFile {
        /// The path.
        path: Safe,
        /// What it is.
        what: &'static str,
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

/// Whether a path names what the program was started with, as a shell names the pipe of `<(…)`.
fn is_descriptor(path: &Path) -> bool {
    let is_number = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_digit());
    STREAMS.iter().any(|name| path == Path::new(name))
        || DESCRIPTORS.iter().any(|folder| {
            let name = path.strip_prefix(folder).ok().and_then(Path::to_str);
            name.is_some_and(is_number)
        })
}

/// Refuses what is no file.
fn expect_file(path: &Path, metadata: &Metadata) -> Result<(), ReadError> {
    let shown = || Safe::new(&path.to_string_lossy());
    if metadata.is_dir() {
        return Err(ReadError::Folder { path: shown() });
    }
    if is_pipe(metadata) && is_descriptor(path) {
        return Ok(());
    }
    match oddity(metadata) {
        Some(what) => Err(ReadError::NoFile {
            path: shown(),
            what,
        }),
        None => Ok(()),
    }
}

/// Opens a file to be read; whatever stands under its name, nothing is waited for.
///
/// # Errors
/// [`ReadError`] names the path and the reason.
pub(super) fn open(path: &Path) -> Result<File, ReadError> {
    let failed = |source| ReadError::Io {
        path: Safe::new(&path.to_string_lossy()),
        source,
    };
    // A device may act upon being opened.
    expect_file(path, &fs::metadata(path).map_err(failed)?)?;
    let file = open_to_read(path).map_err(failed)?;
    // Something else may have come in between.
    let metadata = file.metadata().map_err(failed)?;
    expect_file(path, &metadata)?;
    if is_pipe(&metadata) {
        // Whoever fills it may take a while.
        wait_for_writer(&file).map_err(failed)?;
    }
    Ok(file)
}

/// Opens a file, new or not, whose end is written to; nobody is waited for, so what a full pipe does
/// not take is lost.
///
/// # Errors
/// What the system says; a pipe or a device is not written to unless the program was started with it.
pub fn open_to_append(path: &Path) -> io::Result<File> {
    let expect_file = |metadata: &Metadata| match oddity(metadata) {
        Some(what) if !is_descriptor(path) => {
            Err(io::Error::other(format!("it is {what}, not a file")))
        }
        _ => Ok(()),
    };
    fs::metadata(path).map_or(Ok(()), |metadata| expect_file(&metadata))?;
    let file = platform::open_to_append(path)?;
    expect_file(&file.metadata()?)?;
    Ok(file)
}

/// All bytes of `input`, at most `limit`.
///
/// # Errors
/// [`ReadError`] names the path and the reason.
pub fn read_bounded(input: &Input, limit: u64) -> Result<Vec<u8>, ReadError> {
    let read = read_whole(input, limit);
    let bytes = read.as_ref().map(Vec::len).ok();
    let failure = read.as_ref().err().map(tracing::field::display);
    tracing::debug!(path = %input.shown(), bytes, failure, "file");
    read
}

fn read_whole(input: &Input, limit: u64) -> Result<Vec<u8>, ReadError> {
    let path = input.shown();
    let failed = |source| ReadError::Io {
        path: path.clone(),
        source,
    };
    let mut bytes = Vec::new();
    let count = match input {
        Input::Stdin => io::stdin().lock().take(limit + 1).read_to_end(&mut bytes),
        Input::File(file) => {
            let file = open(file)?;
            let length = file.metadata().map_err(failed)?.len();
            let expected = usize::try_from(length.min(limit)).unwrap_or(0);
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

/// A file that is read as it comes.
pub struct Stream {
    /// Its bytes.
    pub bytes: Box<dyn Read + Send>,
    /// How many there are, where that is known.
    pub length: Option<u64>,
}

/// Opens a file or standard input that may be of any size.
///
/// # Errors
/// [`ReadError`] names the path and the reason.
pub fn open_stream(input: &Input) -> Result<Stream, ReadError> {
    Ok(match input {
        Input::Stdin => Stream {
            bytes: Box::new(io::stdin()),
            length: None,
        },
        Input::File(path) => {
            let file = open(path)?;
            let length = file.metadata().ok().filter(Metadata::is_file);
            Stream {
                length: length.map(|metadata| metadata.len()),
                bytes: Box::new(file),
            }
        }
    })
}

/// How deep folders of logs are searched: Azure names a folder for each part of a resource's name and of
/// the time.
const MAX_LOG_DEPTH: usize = 32;

/// The files below a folder, by name; links to folders are not followed.
///
/// # Errors
/// [`ReadError`] for a folder that cannot be read.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>, ReadError> {
    let mut files = Vec::new();
    let found = search(folder, MAX_LOG_DEPTH, &mut files, &|_| true);
    found.map_err(|source| ReadError::Io {
        path: Safe::new(&folder.to_string_lossy()),
        source,
    })?;
    Ok(files)
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
        search(path, MAX_DEPTH, &mut files, &is_publication).map_err(|source| ReadError::Io {
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

/// Whether a file is called like a publication.
fn is_publication(name: &str) -> bool {
    name.starts_with("servicetags_") && [".json", ".json.gz"].iter().any(|end| name.ends_with(end))
}

fn search(
    folder: &Path,
    depth: usize,
    files: &mut Vec<PathBuf>,
    is_meant: &impl Fn(&str) -> bool,
) -> io::Result<()> {
    let mut entries: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let kind = entry.file_type()?;
        let name = entry.file_name().to_string_lossy().to_ascii_lowercase();
        if kind.is_dir() && depth > 0 {
            search(&entry.path(), depth - 1, files, is_meant)?;
        } else if !kind.is_dir() && is_meant(&name) && files.len() < MAX_FILES {
            files.push(entry.path());
        }
    }
    Ok(())
}
