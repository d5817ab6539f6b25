//! Publications on disk: kept for ever, each in one file, whole or not at all.
//!
//! A file is the published JSON in gzip; what is known of it stands in the comment of the gzip
//! header ([`Card`]), so that `zcat` and this program read the same file. Its name ([`Name`]) says
//! kind, date, root number and the head of the content's hash; nothing else decides what it holds.
//! Beside it may lie a compiled index, which is only a cache: it is made again where it is missing
//! or damaged, and only a few are kept, for an index is four times as large as the publication.
//! Readers take no lock; writers take [`ArchiveLock`].

mod card;
mod lock;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use jiff::Timestamp;

use crate::azure::{Cloud, Document, DocumentError, MAX_BYTES, decompress, parse};
use crate::index::{Index, IndexError, WriteError, write};
use crate::store::files::open;
use crate::store::whole::{write_cache, write_whole};
use crate::store::{Input, ReadError, read_bounded};
use crate::text::Safe;

pub use card::{Card, Name};
pub use lock::{Added, ArchiveLock, FetchTurn, Packed, Swept};

/// Compiled indexes kept of each cloud.
const COMPILED_KEPT: usize = 4;
/// Largest compiled index that is read.
const MAX_INDEX: u64 = 256 << 20;
/// Largest stamp that is read.
const MAX_STAMP: u64 = 100;

/// The folder of publications.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archive {
    root: PathBuf,
}

/// Why the archive cannot answer.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The system refused.
    #[error("cannot {what} {path}{}", way_out(what))]
    Io {
        /// What was tried.
        what: &'static str,
        /// Where.
        path: Safe,
        /// The system's reason.
        source: io::Error,
    },
    /// An archived file cannot be read or is too large.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A file is not what its name says.
    #[error("{path} is damaged: {why}")]
    Damaged {
        /// The file.
        path: Safe,
        /// What does not hold.
        why: Safe,
    },
    /// The content does not fit the format.
    #[error("the week cannot be compiled")]
    Write(#[from] WriteError),
    /// A fresh compilation cannot be read, which is a defect of the program.
    #[error("the compiled week cannot be used")]
    Index(#[from] IndexError),
    /// Another process holds the lock for longer than anybody waits.
    #[error(
        "another tagscope has been writing to {path} for {seconds} seconds; try again when it is done"
    )]
    Busy {
        /// The folder.
        path: Safe,
        /// How long it was waited.
        seconds: u64,
    },
}

/// Where writing is refused, another folder may serve.
fn way_out(what: &str) -> &'static str {
    match what {
        "create" | "lock" | "write" => " (--data-dir names another folder)",
        _ => "",
    }
}

impl ArchiveError {
    /// Whether the file itself is to blame, rather than the system.
    #[must_use]
    pub const fn is_damage(&self) -> bool {
        matches!(self, Self::Damaged { .. })
    }
}

/// An archived publication, opened.
#[derive(Debug)]
pub struct OpenedArchive {
    /// The compiled week.
    pub index: Index,
    /// What is known of it.
    pub card: Card,
}

impl Archive {
    /// The archive in a data folder; it need not exist.
    #[must_use]
    pub fn new(data: &Path) -> Self {
        Self {
            root: data.join("weeks"),
        }
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// The publications of a cloud by their names alone, newest first.
    ///
    /// # Errors
    /// [`ArchiveError::Io`]; a folder that does not exist is empty.
    pub fn names(&self, cloud: Cloud) -> Result<Vec<Name>, ArchiveError> {
        let folder = self.folder(cloud);
        let failed = |source| refused("read", &folder, source);
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(error)),
        };
        let mut names = Vec::new();
        for entry in entries {
            let file = entry.map_err(failed)?.file_name();
            names.extend(file.to_str().and_then(Name::parse));
        }
        names.sort_unstable_by(|a, b| b.cmp(a));
        Ok(names)
    }

    /// What a publication says of itself; reads the head of its file.
    ///
    /// # Errors
    /// [`ArchiveError::Damaged`] when there is nothing, or it contradicts the file's name.
    pub fn card(&self, cloud: Cloud, name: &Name) -> Result<Card, ArchiveError> {
        let path = self.file(cloud, name);
        Card::read(open(&path)?)
            .filter(|card| card.cloud == cloud && card.name().as_ref() == Some(name))
            .ok_or_else(|| damaged(&path, "its head does not agree with its name"))
    }

    /// Opens a publication, from its compiled index where there is one.
    ///
    /// # Errors
    /// [`ArchiveError::Damaged`], or what the system says.
    pub fn open(&self, cloud: Cloud, name: &Name) -> Result<OpenedArchive, ArchiveError> {
        let card = self.card(cloud, name)?;
        let compiled = self.compiled(cloud, name);
        if let Some(index) = read_compiled(&compiled, &card) {
            return Ok(OpenedArchive { index, card });
        }
        let document = self.document(cloud, name)?;
        let bytes = write(&document.week)?;
        // A cache that cannot be written costs time, not the answer.
        let _ = self.keep_compiled(cloud, name, &bytes);
        let index = Index::open_trusted(bytes)?;
        Ok(OpenedArchive { index, card })
    }

    /// Reads the publication itself and compares it with its name.
    ///
    /// # Errors
    /// [`ArchiveError::Damaged`], or what the system says.
    pub fn document(&self, cloud: Cloud, name: &Name) -> Result<Document, ArchiveError> {
        let path = self.file(cloud, name);
        let why = |error: DocumentError| damaged(&path, &error.to_string());
        let limit = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX);
        let packed = read_bounded(&Input::File(path.clone()), limit)?;
        let card = Card::read(packed.as_slice());
        let plain = decompress(packed).map_err(why)?;
        let mut document = parse(&plain, Some(name.date)).map_err(why)?;
        if let Some(card) = card {
            document.week.date_is = card.date_is;
        }
        let week = &document.week;
        let is_same = week.cloud == cloud
            && week.dialect == name.kind
            && week.change_number == name.number
            && name.is_of(week.content_hash());
        if is_same {
            Ok(document)
        } else {
            Err(damaged(&path, "its content is not that of its name"))
        }
    }

    /// Takes a damaged file out of the way, under a name that nobody reads; says so.
    #[must_use]
    pub fn set_aside(&self, cloud: Cloud, name: &Name, error: &ArchiveError) -> Safe {
        let path = self.file(cloud, name);
        let aside = path.with_extension("gz.bad");
        let _ = fs::remove_file(self.compiled(cloud, name));
        let what = match fs::rename(&path, &aside) {
            Ok(()) => format!("set aside as {}", aside.display()),
            Err(error) => format!("and it cannot be set aside: {error}"),
        };
        Safe::new(&format!("{error}; {what}"))
    }

    /// When the publisher was last asked for the newest, by whichever process.
    #[must_use]
    pub fn checked(&self, cloud: Cloud) -> Option<Timestamp> {
        let bytes = read_bounded(&Input::File(self.stamp(cloud)), MAX_STAMP).ok()?;
        String::from_utf8(bytes).ok()?.trim().parse().ok()
    }

    /// Remembers that the publisher was asked just now; a stamp that is not kept costs a request.
    pub fn mark_checked(&self, cloud: Cloud) {
        let now = Timestamp::now().to_string();
        let _ = write_whole(&self.stamp(cloud), now.as_bytes());
    }

    /// The card of what is kept under a name; a damaged file is as good as none.
    #[must_use]
    pub fn held(&self, cloud: Cloud, name: &Name) -> Option<Card> {
        self.document(cloud, name).ok()?;
        self.card(cloud, name).ok()
    }

    /// What is kept already of a publication with this card, unless its date was inferred and now is
    /// known.
    #[must_use]
    pub fn known(&self, cloud: Cloud, card: &Card) -> Option<Card> {
        let held = self.held(cloud, &card.name()?)?;
        let gains = held.date_is != card.date_is && !card.date_is.is_inferred();
        (!gains).then_some(held)
    }

    /// The chronicle of a cloud's weeks, where one is kept.
    #[must_use]
    pub fn read_history(&self, cloud: Cloud) -> Option<Vec<u8>> {
        read_bounded(&Input::File(self.history(cloud)), MAX_INDEX).ok()
    }

    /// Keeps the chronicle of a cloud's weeks: a cache, so without a sync.
    ///
    /// # Errors
    /// What the system says.
    pub fn keep_history(&self, cloud: Cloud, bytes: &[u8]) -> io::Result<()> {
        write_cache(&self.history(cloud), bytes)
    }

    fn history(&self, cloud: Cloud) -> PathBuf {
        self.folder(cloud).join("history.weeks")
    }

    fn stamp(&self, cloud: Cloud) -> PathBuf {
        self.folder(cloud).join(".checked")
    }

    /// Bytes of a publication and of its compiled index.
    #[must_use]
    pub fn size(&self, cloud: Cloud, name: &Name) -> u64 {
        [self.file(cloud, name), self.compiled(cloud, name)]
            .iter()
            .filter_map(|path| Some(path.metadata().ok()?.len()))
            .sum()
    }

    /// Where a publication lies.
    #[must_use]
    pub fn file(&self, cloud: Cloud, name: &Name) -> PathBuf {
        self.folder(cloud).join(name.file())
    }

    fn compiled(&self, cloud: Cloud, name: &Name) -> PathBuf {
        self.folder(cloud).join(name.compiled())
    }

    fn folder(&self, cloud: Cloud) -> PathBuf {
        self.root.join(cloud.flag())
    }

    /// Keeps a compiled index and drops the ones that were made longest ago.
    fn keep_compiled(&self, cloud: Cloud, name: &Name, bytes: &[u8]) -> io::Result<()> {
        let path = self.compiled(cloud, name);
        write_cache(&path, bytes)?;
        let mut others: Vec<(SystemTime, PathBuf)> = fs::read_dir(self.folder(cloud))?
            .filter_map(|entry| {
                let entry = entry.ok()?;
                let is_compiled = entry.path().extension().is_some_and(|end| end == "idx");
                let made = entry.metadata().ok()?.modified().ok()?;
                (is_compiled && entry.path() != path).then(|| (made, entry.path()))
            })
            .collect();
        others.sort_unstable_by(|a, b| b.cmp(a));
        for (_, old) in others.iter().skip(COMPILED_KEPT - 1) {
            fs::remove_file(old)?;
        }
        Ok(())
    }
}

/// A compiled index that is whole and of this content; `None` where there is no such.
fn read_compiled(path: &Path, card: &Card) -> Option<Index> {
    let bytes = read_bounded(&Input::File(path.to_owned()), MAX_INDEX).ok()?;
    let index = Index::open(bytes).ok()?;
    (index.info().content_hash.to_string() == card.content_hash
        && index.info().date == card.name().map(|name| name.date)
        && index.info().date_is == card.date_is)
        .then_some(index)
}

fn refused(what: &'static str, path: &Path, source: io::Error) -> ArchiveError {
    ArchiveError::Io {
        what,
        path: Safe::new(&path.to_string_lossy()),
        source,
    }
}

fn damaged(path: &Path, why: &str) -> ArchiveError {
    ArchiveError::Damaged {
        path: Safe::new(&path.to_string_lossy()),
        why: Safe::new(why),
    }
}
