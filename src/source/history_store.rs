//! All weeks at hand of a cloud in one chronicle, kept beside the archive and made anew from it.
//!
//! The file is a cache: what it holds is compared with what is at hand, and weeks that are missing
//! or gone are put in or taken out. A week that is imported or fetched goes in at once.

use std::sync::mpsc::sync_channel;
use std::thread;

use jiff::civil::Date;

use crate::azure::{Cloud, Dialect, Week};
use crate::index::{Chronicle, ChronicleBuilder, embedded_chronicle};
use crate::source::{Request, SourceError};
use crate::store::{Archive, ArchiveError, Name};
use crate::text::Safe;

/// Documents that are read ahead of the one that is put in.
const READ_AHEAD: usize = 2;
/// Most threads that read documents.
const MOST_READERS: usize = 4;

/// All weeks at hand, and what was set aside on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredHistory {
    /// The weeks, oldest first.
    pub chronicle: Chronicle,
    /// What a person should hear.
    pub notes: Vec<Safe>,
}

/// Every published file at hand of the cloud that a request names.
///
/// # Errors
/// [`SourceError::NoCloud`], or a damaged program file.
pub fn stored_history(request: &Request) -> Result<StoredHistory, SourceError> {
    let cloud = request.cloud.unwrap_or(Cloud::Public);
    let embedded = match cloud {
        Cloud::Public => Some(embedded_chronicle()?),
        _ => None,
    };
    let archive = request.archive();
    let names = archive.as_ref().map_or(Ok(Vec::new()), |archive| {
        let mut names = archive.names(cloud)?;
        names.retain(|name| name.kind == Dialect::File);
        Ok::<_, ArchiveError>(names)
    });
    let (names, notes) = match names {
        Ok(names) => (names, Vec::new()),
        Err(error) => (Vec::new(), vec![Safe::new(&error.to_string())]),
    };
    match (archive, embedded) {
        (Some(archive), embedded) if !names.is_empty() => {
            let mut store = HistoryStore::open(archive, cloud)?;
            store.bring_up_to(&names, embedded.as_ref())?;
            store.close()
        }
        (_, Some(chronicle)) => Ok(StoredHistory { chronicle, notes }),
        (_, None) => Err(SourceError::NoCloud { cloud }),
    }
}

/// The chronicle as it stood on a date: without what was published later.
///
/// # Errors
/// [`SourceError::Chronicle`].
pub fn until(chronicle: &Chronicle, date: Date) -> Result<Chronicle, SourceError> {
    let mut builder = ChronicleBuilder::from_chronicle(chronicle)?;
    let later = chronicle
        .entries()
        .partition_point(|entry| entry.date.is_some_and(|own| own <= date));
    for place in (later..chronicle.entries().len()).rev() {
        builder.remove(place)?;
    }
    Ok(Chronicle::open(builder.write())?)
}

/// The chronicle of an archive while it is brought up to date.
pub struct HistoryStore {
    archive: Archive,
    cloud: Cloud,
    /// What lies on disk, as long as nothing has changed.
    kept: Option<Chronicle>,
    builder: Option<ChronicleBuilder>,
    notes: Vec<Safe>,
}

impl HistoryStore {
    /// Reads what is kept; else begins with the embedded weeks.
    ///
    /// # Errors
    /// [`SourceError::Chronicle`] for damaged embedded weeks.
    pub fn open(archive: Archive, cloud: Cloud) -> Result<Self, SourceError> {
        let kept = archive
            .read_history(cloud)
            .and_then(|bytes| Chronicle::open(bytes).ok())
            .filter(|kept| kept.cloud() == cloud && kept.dialect() == Dialect::File);
        let mut store = Self {
            archive,
            cloud,
            kept,
            builder: None,
            notes: Vec::new(),
        };
        if store.kept.is_none() {
            store.builder()?;
        }
        Ok(store)
    }

    /// The cloud of every week.
    pub const fn cloud(&self) -> Cloud {
        self.cloud
    }

    fn entries(&self) -> Vec<(Option<Date>, Option<u32>, crate::azure::ContentHash)> {
        let entries = match (&self.builder, &self.kept) {
            (Some(builder), _) => builder.entries(),
            (None, Some(kept)) => kept.entries(),
            (None, None) => &[],
        };
        let key =
            |entry: &crate::index::WeekEntry| (entry.date, entry.change_number, entry.content_hash);
        entries.iter().map(key).collect()
    }

    fn builder(&mut self) -> Result<&mut ChronicleBuilder, SourceError> {
        if self.builder.is_none() {
            // A file that opens and does not read is damaged: from the beginning then.
            let kept = self
                .kept
                .take()
                .and_then(|kept| ChronicleBuilder::from_chronicle(&kept).ok());
            let builder = match (kept, self.cloud) {
                (Some(builder), _) => builder,
                (None, Cloud::Public) => ChronicleBuilder::from_chronicle(&embedded_chronicle()?)?,
                (None, _) => ChronicleBuilder::new(self.cloud, Dialect::File),
            };
            self.builder = Some(builder);
        }
        self.builder
            .as_mut()
            .ok_or(SourceError::NoCloud { cloud: self.cloud })
    }

    /// Puts one week in.
    ///
    /// # Errors
    /// [`SourceError::Chronicle`] for a week that does not belong here.
    pub fn add(&mut self, week: &Week) -> Result<(), SourceError> {
        self.builder()?.insert(week)?;
        Ok(())
    }

    /// Takes out what is no longer at hand and puts in what is missing.
    fn bring_up_to(
        &mut self,
        names: &[Name],
        embedded: Option<&Chronicle>,
    ) -> Result<(), SourceError> {
        let is_archived = |date: Option<Date>, number: Option<u32>, hash| {
            let mut names = names.iter();
            names.any(|name| (Some(name.date), name.number) == (date, number) && name.is_of(hash))
        };
        let is_embedded = |date: Option<Date>, number: Option<u32>, hash| {
            embedded.is_some_and(|embedded| {
                let mut entries = embedded.entries().iter();
                entries.any(|entry| {
                    (entry.date, entry.change_number, entry.content_hash) == (date, number, hash)
                })
            })
        };
        let entries = self.entries();
        let gone = entries
            .iter()
            .enumerate()
            .filter(|(_, (date, number, hash))| {
                !is_archived(*date, *number, *hash) && !is_embedded(*date, *number, *hash)
            });
        let gone: Vec<usize> = gone.map(|(place, _)| place).collect();
        for place in gone.into_iter().rev() {
            self.builder()?.remove(place)?;
        }
        if let Some(embedded) = embedded {
            let has = |entry: &crate::index::WeekEntry| {
                entries.contains(&(entry.date, entry.change_number, entry.content_hash))
            };
            let missing = embedded.entries().iter().enumerate();
            for (place, _) in missing.filter(|(_, entry)| !has(entry)) {
                let week = embedded.week(place)?;
                self.builder()?.insert(&week)?;
            }
        }
        let has = |name: &&Name| {
            let mut entries = entries.iter();
            entries.any(|(date, number, hash)| {
                (Some(name.date), name.number) == (*date, *number) && name.is_of(*hash)
            })
        };
        let missing: Vec<Name> = names.iter().filter(|name| !has(name)).cloned().collect();
        self.read_in(&missing)
    }

    /// Reads archived weeks side by side and puts them in.
    fn read_in(&mut self, missing: &[Name]) -> Result<(), SourceError> {
        if missing.is_empty() {
            return Ok(());
        }
        let readers = thread::available_parallelism().map_or(1, usize::from);
        let readers = readers.min(MOST_READERS).min(missing.len());
        let share = missing.len().div_ceil(readers);
        let (archive, cloud) = (self.archive.clone(), self.cloud);
        thread::scope(|scope| {
            let (sender, documents) = sync_channel(READ_AHEAD);
            for names in missing.chunks(share) {
                let (sender, archive) = (sender.clone(), &archive);
                scope.spawn(move || {
                    for name in names {
                        let read = archive.document(cloud, name);
                        if sender.send((name, read)).is_err() {
                            return;
                        }
                    }
                });
            }
            drop(sender);
            for (name, read) in documents {
                match read {
                    Ok(document) => {
                        self.builder()?.insert(&document.week)?;
                    }
                    Err(error) if error.is_damage() => {
                        self.notes.push(archive.set_aside(cloud, name, &error));
                    }
                    Err(error) => self.notes.push(Safe::new(&error.to_string())),
                }
            }
            Ok(())
        })
    }

    /// Keeps what has changed, and hands the chronicle out.
    ///
    /// # Errors
    /// [`SourceError::Chronicle`] when the new file cannot be read, which is a defect.
    pub fn close(self) -> Result<StoredHistory, SourceError> {
        let chronicle = match (self.builder, self.kept) {
            (Some(builder), _) => {
                let bytes = builder.write();
                // A cache that cannot be written costs time, not the answer.
                let _ = self.archive.keep_history(self.cloud, &bytes);
                Chronicle::open(bytes)?
            }
            (None, Some(kept)) => kept,
            (None, None) => return Err(SourceError::NoCloud { cloud: self.cloud }),
        };
        Ok(StoredHistory {
            chronicle,
            notes: self.notes,
        })
    }
}

/// Puts a week that was just archived into the history; what fails is made good by the next
/// question.
pub fn add_to_history(archive: &Archive, week: &Week) {
    if week.dialect != Dialect::File {
        return;
    }
    if let Ok(mut store) = HistoryStore::open(archive.clone(), week.cloud)
        && store.add(week).is_ok()
    {
        let _ = store.close();
    }
}
