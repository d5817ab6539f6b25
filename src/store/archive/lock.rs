//! Writing to the archive, one process at a time.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use flate2::{Compression, GzBuilder};
use jiff::civil::Date;

use crate::azure::{Cloud, Document};
use crate::store::archive::{Archive, ArchiveError, Card, Name, refused};
use crate::store::file_lock::{FileLock, Waiting};
use crate::store::whole::{UNFINISHED, write_whole};
use crate::text::Safe;

/// The right to write, given back when dropped, and by the system when the process dies.
#[derive(Debug)]
pub struct ArchiveLock {
    archive: Archive,
    _lock: FileLock,
}

/// The right to fetch, so that of several updates at once one asks and the others take its result.
/// Nobody else waits for it: what is fetched is kept under an [`ArchiveLock`].
#[derive(Debug)]
pub struct FetchTurn {
    _lock: FileLock,
}

/// A publication that is ready to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    cloud: Cloud,
    name: Name,
    card: Card,
    bytes: Vec<u8>,
}

impl Packed {
    /// Packs a document, which takes a moment; nobody has to wait meanwhile.
    ///
    /// # Errors
    /// [`ArchiveError::Damaged`] for a card without a date, [`ArchiveError::Io`].
    pub fn new(document: &Document, plain: &[u8], card: Card) -> Result<Self, ArchiveError> {
        let cloud = document.week.cloud;
        let Some(name) = card.name() else {
            return Err(ArchiveError::Damaged {
                path: Safe::new(&card.origin),
                why: Safe::new("it has no date"),
            });
        };
        let bytes = pack(plain, &published_name(cloud, name.date), &card)
            .map_err(|source| refused("compress", Path::new(&card.origin), source))?;
        Ok(Self {
            cloud,
            name,
            card,
            bytes,
        })
    }
}

/// What became of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    /// It is kept now.
    New(Card),
    /// The same content under the same date and number was there.
    Known(Card),
    /// It was there under an inferred date, which is published now.
    Redated(Card),
}

impl Added {
    /// The card, new or old.
    #[must_use]
    pub const fn card(&self) -> &Card {
        match self {
            Self::New(card) | Self::Known(card) | Self::Redated(card) => card,
        }
    }
}

/// What [`Archive::lock`] found of a writer that did not come to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Unfinished files that were removed.
    pub parts: usize,
}

impl Archive {
    /// Takes the lock, waiting for `patience` at most, and removes what a killed writer has left.
    /// It is for keeping what is ready: nothing is read or fetched meanwhile.
    ///
    /// # Errors
    /// [`ArchiveError::Busy`], or a folder that cannot be written.
    pub fn lock(
        &self,
        patience: Duration,
        waiting: &mut Waiting<'_>,
    ) -> Result<(ArchiveLock, Swept), ArchiveError> {
        let lock = ArchiveLock {
            _lock: self.take_lock(".lock", patience, waiting)?,
            archive: self.clone(),
        };
        let swept = lock.sweep();
        Ok((lock, swept))
    }

    /// Removes what a killed writer has left, where nobody is writing.
    ///
    /// # Errors
    /// A folder that cannot be written.
    pub fn tidy(&self) -> Result<Swept, ArchiveError> {
        match self.lock(Duration::ZERO, &mut |_| {}) {
            Ok((_, swept)) => Ok(swept),
            Err(ArchiveError::Busy { .. }) => Ok(Swept::default()),
            Err(error) => Err(error),
        }
    }

    /// Takes the turn to fetch, waiting for `patience` at most.
    ///
    /// # Errors
    /// [`ArchiveError::Busy`], or a folder that cannot be written.
    pub fn turn(
        &self,
        patience: Duration,
        waiting: &mut Waiting<'_>,
    ) -> Result<FetchTurn, ArchiveError> {
        let turn = FetchTurn {
            _lock: self.take_lock(".fetch.lock", patience, waiting)?,
        };
        self.tidy()?;
        Ok(turn)
    }

    fn take_lock(
        &self,
        name: &str,
        patience: Duration,
        waiting: &mut Waiting<'_>,
    ) -> Result<FileLock, ArchiveError> {
        let root = self.path();
        fs::create_dir_all(root).map_err(|source| refused("create", root, source))?;
        let path = root.join(name);
        let taken = FileLock::take(&path, patience, waiting)
            .map_err(|source| refused("lock", &path, source))?;
        taken.ok_or_else(|| ArchiveError::Busy {
            path: Safe::new(&root.to_string_lossy()),
            seconds: patience.as_secs(),
        })
    }
}

impl ArchiveLock {
    /// Keeps a publication; the same content again changes nothing.
    ///
    /// # Errors
    /// [`ArchiveError::Io`]: then nothing is kept.
    pub fn add(&self, packed: Packed) -> Result<Added, ArchiveError> {
        let Packed {
            cloud,
            name,
            card,
            bytes,
        } = packed;
        if let Some(known) = self.archive.known(cloud, &card) {
            return Ok(Added::Known(known));
        }
        let is_held = self.archive.held(cloud, &name).is_some();
        let path = self.archive.file(cloud, &name);
        write_whole(&path, &bytes).map_err(|source| refused("write", &path, source))?;
        Ok(if is_held {
            Added::Redated(card)
        } else {
            Added::New(card)
        })
    }

    /// Keeps bytes that were not admitted, outside of the archive; the place is for a person.
    ///
    /// # Errors
    /// [`ArchiveError::Io`].
    pub fn put_aside(
        &self,
        cloud: Cloud,
        date: Date,
        plain: &[u8],
    ) -> Result<PathBuf, ArchiveError> {
        let path = self
            .archive
            .path()
            .join("aside")
            .join(published_name(cloud, date));
        let written = write_whole(&path, plain);
        written.map_err(|source| refused("write", &path, source))?;
        Ok(path)
    }

    /// Removes a publication and what was compiled of it; the answer is the bytes gained.
    ///
    /// # Errors
    /// [`ArchiveError::Io`].
    pub fn remove(&self, cloud: Cloud, name: &Name) -> Result<u64, ArchiveError> {
        let freed = self.archive.size(cloud, name);
        let path = self.archive.file(cloud, name);
        fs::remove_file(&path).map_err(|source| refused("remove", &path, source))?;
        let _ = fs::remove_file(self.archive.compiled(cloud, name));
        Ok(freed)
    }

    fn sweep(&self) -> Swept {
        let folders = Cloud::ALL.map(|cloud| self.archive.folder(cloud));
        let mut swept = Swept::default();
        for folder in folders.iter().chain([&self.archive.path().join("aside")]) {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let name = entry.file_name();
                let is_part = name.to_string_lossy().ends_with(UNFINISHED);
                if is_part && fs::remove_file(entry.path()).is_ok() {
                    swept.parts += 1;
                }
            }
        }
        swept
    }
}

/// The name under which a publication was published.
fn published_name(cloud: Cloud, date: Date) -> String {
    format!("ServiceTags_{cloud}_{}.json", date.strftime("%Y%m%d"))
}

fn pack(plain: &[u8], name: &str, card: &Card) -> io::Result<Vec<u8>> {
    let mut packer = GzBuilder::new()
        .filename(name)
        .comment(card.comment())
        .write(Vec::new(), Compression::best());
    packer.write_all(plain)?;
    packer.finish()
}
