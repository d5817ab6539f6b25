//! Writing to the archive, one process at a time.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use flate2::{Compression, GzBuilder};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::azure::{Cloud, Document};
use crate::store::archive::{Archive, ArchiveError, Card, Name, refused};
use crate::store::files::lock_within;
use crate::text::Safe;

/// The right to write, given back when dropped, and by the system when the process dies.
#[derive(Debug)]
pub struct ArchiveLock {
    archive: Archive,
    _lock: File,
}

/// What became of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    /// It is kept now.
    New(Card),
    /// The same content under the same date and number was there.
    Known(Card),
}

impl Added {
    /// The card, new or old.
    #[must_use]
    pub const fn card(&self) -> &Card {
        match self {
            Self::New(card) | Self::Known(card) => card,
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
    ///
    /// # Errors
    /// [`ArchiveError::Busy`], or a folder that cannot be written.
    pub fn lock(&self, patience: Duration) -> Result<(ArchiveLock, Swept), ArchiveError> {
        let root = self.path();
        fs::create_dir_all(root).map_err(|source| refused("create", root, source))?;
        let path = root.join(".lock");
        let failed = |source| refused("lock", &path, source);
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(failed)?;
        if !lock_within(&lock, patience).map_err(failed)? {
            return Err(ArchiveError::Busy {
                path: Safe::new(&root.to_string_lossy()),
                seconds: patience.as_secs(),
            });
        }
        let lock = ArchiveLock {
            archive: self.clone(),
            _lock: lock,
        };
        let swept = lock.sweep();
        Ok((lock, swept))
    }
}

impl ArchiveLock {
    /// What is written to.
    #[must_use]
    pub const fn archive(&self) -> &Archive {
        &self.archive
    }

    /// Keeps a document under a date; the same content again changes nothing.
    ///
    /// # Errors
    /// [`ArchiveError::Io`]: then nothing is kept.
    pub fn add(
        &self,
        document: &Document,
        plain: &[u8],
        card: Card,
    ) -> Result<Added, ArchiveError> {
        let cloud = document.week.cloud;
        let Some(name) = card.name() else {
            return Err(ArchiveError::Damaged {
                path: Safe::new(&card.origin),
                why: Safe::new("it has no date"),
            });
        };
        let path = self.archive.file(cloud, &name);
        // A damaged file of that name is written anew, now that its content is here.
        if let Ok(known) = self.archive.card(cloud, &name)
            && self.archive.document(cloud, &name).is_ok()
        {
            return Ok(Added::Known(known));
        }
        let packed = pack(plain, &published_name(cloud, name.date), &card)
            .map_err(|source| refused("compress", &path, source))?;
        write_whole(&path, &packed).map_err(|source| refused("write", &path, source))?;
        Ok(Added::New(card))
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

    /// Remembers that the publisher was asked just now; a stamp that is not kept costs a request.
    pub fn mark_checked(&self, cloud: Cloud) {
        let now = Timestamp::now().to_string();
        let _ = write_whole(&self.archive.stamp(cloud), now.as_bytes());
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
                let is_part = entry.path().extension().is_some_and(|end| end == "part");
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

/// The unfinished file beside `path`.
pub fn part_of(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    // Of this thread alone: two of one program may write the same cache.
    let thread = format!("{:?}", std::thread::current().id());
    let thread: String = thread.chars().filter(char::is_ascii_digit).collect();
    path.with_file_name(format!(".{name}.{}.{thread}.part", std::process::id()))
}

/// Writes beside the place, then moves it there; both survive a loss of power.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    fs::create_dir_all(folder)?;
    let part = part_of(path);
    let written = File::create(&part)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&part, path))
        .and_then(|()| File::open(folder)?.sync_all());
    if written.is_err() {
        let _ = fs::remove_file(&part);
    }
    written
}
