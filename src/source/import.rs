//! Files of the user → the archive.

use std::path::Path;
use std::time::Duration;

use jiff::civil::Date;

use crate::azure::{
    Cloud, Dialect, DocumentError, Doubt, MAX_BYTES, Week, date_in_name, decompress, future, parse,
};
use crate::query::weeks::{Receipt, ReceiptStatus};
use crate::source::at_hand::record;
use crate::source::history_store::HistoryStore;
use crate::source::{Request, today};
use crate::store::{
    Added, Archive, ArchiveError, Card, Input, Name, Packed, ReadError, Swept, Waiting,
    read_bounded,
};
use crate::text::Safe;

/// How long one program waits for another: longer than a fetch may take.
pub const PATIENCE: Duration = Duration::from_mins(15);

/// Why a file is not kept.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The file is no document of service tags.
    #[error("{path}")]
    Document {
        /// The path.
        path: Safe,
        /// What it is instead.
        source: DocumentError,
    },
    /// Another cloud than was named.
    #[error("{path} holds the cloud {found}, not {wanted}; leave --cloud out to keep it")]
    OtherCloud {
        /// The path.
        path: Safe,
        /// The file's cloud.
        found: Cloud,
        /// The cloud that was named.
        wanted: Cloud,
    },
    /// The document has no date, and neither has its name.
    #[error(
        "{path} has no date: its name is not like ServiceTags_{cloud}_20261019.json; say it with \
         --date 2026-10-19"
    )]
    NoDate {
        /// The path.
        path: Safe,
        /// The file's cloud.
        cloud: Cloud,
    },
    /// It is dated further ahead than clocks explain.
    #[error("{path} is not kept: {doubt}; the same command with --force keeps it")]
    Future {
        /// The path.
        path: Safe,
        /// How far ahead.
        doubt: Box<Doubt>,
    },
    /// There is nowhere to keep it.
    #[error("no folder to keep it in: there is no home folder; name one with --data-dir")]
    NoFolder,
    /// The archive cannot be written.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

/// Which archived publications stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retention {
    /// This many of each kind, the newest.
    Newest(usize),
    /// Those of this date and later.
    From(Date),
}

impl Retention {
    /// The names that go, of one cloud's names, newest first.
    #[must_use]
    pub fn doomed(self, names: Vec<Name>) -> Vec<Name> {
        let (files, answers): (Vec<Name>, Vec<Name>) = names
            .into_iter()
            .partition(|name| name.kind == Dialect::File);
        let of_kind = |names: Vec<Name>| -> Vec<Name> {
            match self {
                Self::Newest(count) => names.into_iter().skip(count).collect(),
                Self::From(date) => names.into_iter().filter(|name| name.date < date).collect(),
            }
        };
        [of_kind(files), of_kind(answers)].concat()
    }
}

/// Keeps files. Each is read and packed first; the archive's lock is held while it is put in.
pub struct Importer {
    archive: Archive,
    /// The histories of the clouds that were imported.
    stores: Vec<HistoryStore>,
    swept: Swept,
    cloud: Option<Cloud>,
    is_forced: bool,
}

impl Importer {
    /// Into the request's data folder.
    ///
    /// # Errors
    /// [`ImportError::NoFolder`], or what the archive says.
    pub fn new(request: &Request) -> Result<Self, ImportError> {
        let archive = request.archive().ok_or(ImportError::NoFolder)?;
        let swept = archive.tidy()?;
        let cloud = request.cloud;
        Ok(Self {
            archive,
            stores: Vec::new(),
            swept,
            cloud,
            is_forced: false,
        })
    }

    /// Keeps publications of the future as well.
    #[must_use]
    pub fn forced(self, is_forced: bool) -> Self {
        Self { is_forced, ..self }
    }

    /// What was found of an earlier run that did not come to its end.
    #[must_use]
    pub fn note(&self) -> Option<Safe> {
        let parts = self.swept.parts;
        (parts > 0).then(|| {
            Safe::from(format!(
                "removed {parts} unfinished files of an earlier run"
            ))
        })
    }

    /// Keeps a file; `date` is for one whose name has none. `waiting` hears of another program that
    /// is just writing.
    ///
    /// # Errors
    /// [`ImportError`] says what the file is instead; nothing is kept then.
    pub fn import(
        &mut self,
        file: &Path,
        date: Option<Date>,
        waiting: &mut Waiting<'_>,
    ) -> Result<Receipt, ImportError> {
        let input = Input::new(file);
        let path = input.shown();
        let refused = |source| ImportError::Document {
            path: path.clone(),
            source,
        };
        let limit = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX);
        let plain = decompress(read_bounded(&input, limit)?).map_err(refused)?;
        let name = input.file_name();
        let date = date.or_else(|| date_in_name(&name));
        let document = parse(&plain, date).map_err(refused)?;
        let cloud = document.week.cloud;
        if let Some(wanted) = self.cloud.filter(|&wanted| wanted != cloud) {
            return Err(ImportError::OtherCloud {
                path,
                found: cloud,
                wanted,
            });
        }
        let Some(date) = date else {
            return Err(ImportError::NoDate { path, cloud });
        };
        if let Some(doubt) = future(Some(date), today()).filter(|_| !self.is_forced) {
            let doubt = Box::new(doubt);
            return Err(ImportError::Future { path, doubt });
        }
        let origin = if name.is_empty() {
            path.as_str()
        } else {
            &name
        };
        let card = Card::of(&document, date, origin);
        let added = if let Some(known) = self.archive.known(cloud, &card) {
            Added::Known(known)
        } else {
            let packed = Packed::new(&document, &plain, card)?;
            let (lock, _) = self.archive.lock(PATIENCE, waiting)?;
            lock.add(packed)?
        };
        let status = match &added {
            Added::New(_) => {
                self.add_to_history(&document.week, date);
                ReceiptStatus::Added
            }
            Added::Redated(_) => {
                self.add_to_history(&document.week, date);
                ReceiptStatus::Held
            }
            Added::Known(_) => ReceiptStatus::Held,
        };
        Ok(Receipt {
            week: record(added.card()),
            status,
            flaws: document.flaw_count,
        })
    }

    /// Puts a new week into the history of its cloud; what fails is made good by the next question.
    fn add_to_history(&mut self, week: &Week, date: Date) {
        if week.dialect != Dialect::File || week.date != Some(date) {
            return;
        }
        let mut known = self.stores.iter_mut();
        if let Some(store) = known.find(|store| store.cloud() == week.cloud) {
            let _ = store.add(week);
            return;
        }
        if let Ok(mut store) = HistoryStore::open(self.archive.clone(), week.cloud) {
            let _ = store.add(week);
            self.stores.push(store);
        }
    }

    /// Keeps the histories; without it they are brought up to date when they are asked for.
    pub fn finish(self) {
        for store in self.stores {
            let _ = store.close();
        }
    }
}
