//! The publisher → admission → the archive.
//!
//! One lock lies around fetch and commit: of two runs at once the later one finds what the first
//! has just fetched, and takes it. Whatever fails, what is held stays as it was.

mod discovery;

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan};
use tokio::runtime::{Builder, Runtime};

use crate::azure::{
    Cloud, Dialect, Document, DocumentError, Doubt, Extent, MAX_BYTES, admit, date_in_name,
    decompress, parse,
};
use crate::net::{FetchError, Fetched, Known, Latest, Options, Progress, Proxy, Publisher, Trust};
use crate::query::Dataset;
use crate::query::weeks::{Receipt, Status};
use crate::settings::Places;
use crate::source::annals::remember;
use crate::source::at_hand::record;
use crate::source::import::PATIENCE;
use crate::source::update::discovery::TOKEN_VARIABLE;
use crate::source::{Request, SourceError, open};
use crate::space::AddressSet;
use crate::store::{
    Added, Archive, ArchiveError, Card, Guard, Input, Name, ReadError, read_bounded,
};
use crate::text::Safe;

/// Largest file of root certificates.
const MAX_ROOTS: u64 = 4 << 20;
/// Between two requests of a back-fill.
const PAUSE: Duration = Duration::from_millis(400);

/// Why nothing new is held.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    /// The network is forbidden.
    #[error(
        "the network is forbidden (--offline, TAGSCOPE_OFFLINE or the settings): nothing was asked"
    )]
    Offline,
    /// There is nowhere to keep it.
    #[error("no folder to keep it in: there is no home folder; name one with --data-dir")]
    NoFolder,
    /// The fetch failed.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// What came is no document of service tags.
    #[error("what {origin} sent cannot be used; what is held stays")]
    Document {
        /// Where it came from.
        origin: Safe,
        /// What it is instead.
        source: DocumentError,
    },
    /// What came may not take its place by itself.
    #[error("what {origin} sent is not taken: {doubt}{}", advice(aside.as_deref()))]
    Doubt {
        /// Where it came from.
        origin: Safe,
        /// Why.
        doubt: Box<Doubt>,
        /// Where it was put, where a person may accept it.
        aside: Option<PathBuf>,
    },
    /// Nothing says of which date it is.
    #[error("{origin} has no date in its name: say it with --date 2026-10-19")]
    NoDate {
        /// Where it came from.
        origin: Safe,
    },
    /// A file cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The archive cannot be written.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// What is held cannot be opened.
    #[error("what is held cannot be opened")]
    Source(#[from] SourceError),
    /// No token for the API.
    #[error(
        "no access token for the Discovery API: set {TOKEN_VARIABLE}, or sign in with `az login` ({reason})"
    )]
    NoToken {
        /// What `az` said.
        reason: Safe,
    },
    /// The runtime cannot start.
    #[error("the fetch cannot be started")]
    Runtime(#[from] std::io::Error),
}

fn advice(aside: Option<&Path>) -> String {
    aside.map_or_else(
        || "; what is held stays".to_owned(),
        |path| {
            format!(
                "; it is kept at {}: `tagscope import` with that path takes it, and so does \
                 `tagscope update --force`",
                path.display()
            )
        },
    )
}

impl UpdateError {
    /// Whether the network or a server failed, rather than what was asked or this machine.
    #[must_use]
    pub const fn is_network(&self) -> bool {
        match self {
            Self::Fetch(error) => error.is_network(),
            Self::Document { .. } | Self::Doubt { .. } => true,
            _ => false,
        }
    }
}

/// A step on the way, for a progress line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Another process holds the lock.
    Busy,
    /// The network.
    Fetch(Progress),
}

impl Step {
    /// The step in words.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Busy => "waiting for another tagscope that is fetching or importing".to_owned(),
            Self::Fetch(Progress::Asking { what }) => format!("asking {what}"),
            Self::Fetch(Progress::Waiting { time }) => {
                format!("the server asks to wait {} s", time.as_secs())
            }
            Self::Fetch(Progress::Receiving { received, total }) => {
                let kilobytes = received / 1000;
                match total {
                    Some(total) => format!("received {kilobytes} of {} kB", total / 1000),
                    None => format!("received {kilobytes} kB"),
                }
            }
        }
    }
}

/// What became of an update, and what there is to say about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Updated {
    /// The week that is current now.
    pub receipt: Receipt,
    /// What a person should hear besides.
    pub notes: Vec<Safe>,
}

/// What a back-fill has done before it ended or was stopped.
#[derive(Debug)]
pub struct Backfilled {
    /// What is kept now.
    pub receipts: Vec<Receipt>,
    /// Weeks for which there is no file.
    pub missing: Vec<Date>,
    /// Why it stopped; the same command goes on from there.
    pub stopped: Option<UpdateError>,
}

/// Hears of each step.
pub type Hear<'a> = dyn FnMut(Step) + Send + 'a;

/// Fetches into one data folder.
pub struct Updater {
    request: Request,
    archive: Archive,
    publisher: Publisher,
    runtime: Runtime,
    today: Date,
    is_forced: bool,
}

impl Updater {
    /// Asks nobody yet.
    ///
    /// # Errors
    /// No data folder, or places that cannot be used.
    pub fn new(request: &Request, places: &Places, today: Date) -> Result<Self, UpdateError> {
        let archive = request.archive().ok_or(UpdateError::NoFolder)?;
        Ok(Self {
            request: request.clone(),
            archive,
            publisher: Publisher::new(&options(places)?)?,
            runtime: Builder::new_current_thread().enable_all().build()?,
            today,
            is_forced: false,
        })
    }

    /// Takes publications that are older or much smaller than what is held as well.
    #[must_use]
    pub const fn forced(mut self, is_forced: bool) -> Self {
        self.is_forced = is_forced;
        self
    }

    /// Fetches the newest publication of a cloud.
    ///
    /// # Errors
    /// [`UpdateError`]; what is held stays as it was.
    pub fn latest(&self, cloud: Cloud, hear: &mut Hear<'_>) -> Result<Updated, UpdateError> {
        let start = Timestamp::now();
        let guard = self.lock(hear)?;
        let newest = self.newest_card(cloud)?;
        if let Some(card) = &newest
            && self.archive.checked(cloud).is_some_and(|at| at > start)
        {
            let note = Safe::new("another tagscope has just asked the publisher");
            return Ok(current(card, vec![note]));
        }
        let known = newest.as_ref().map(known);
        let asked = self.runtime.block_on(self.publisher.latest(
            cloud,
            known.as_ref(),
            self.today,
            &mut |step| hear(Step::Fetch(step)),
        ))?;
        let updated = self.settle(&guard, cloud, asked, newest, None)?;
        guard.mark_checked(cloud);
        Ok(updated)
    }

    /// Takes the document at an address; of the cloud that it names itself where none was asked
    /// for.
    ///
    /// # Errors
    /// [`UpdateError`]; what is held stays as it was.
    pub fn from_url(
        &self,
        url: &str,
        date: Option<Date>,
        hear: &mut Hear<'_>,
    ) -> Result<Updated, UpdateError> {
        let guard = self.lock(hear)?;
        let asked = self.runtime.block_on(
            self.publisher
                .given(url, None, &mut |step| hear(Step::Fetch(step))),
        )?;
        let Latest::New(fetched) = asked else {
            // Nothing was said to be known.
            return Err(UpdateError::NoDate {
                origin: Safe::new(url),
            });
        };
        self.take(&guard, self.request.cloud, &fetched, date)
    }

    /// Takes a document from a file, by the rules for one that was fetched.
    ///
    /// # Errors
    /// [`UpdateError`]; what is held stays as it was.
    pub fn from_file(
        &self,
        path: &Path,
        date: Option<Date>,
        hear: &mut Hear<'_>,
    ) -> Result<Updated, UpdateError> {
        let input = Input::new(path);
        let limit = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX);
        let packed = read_bounded(&input, limit)?;
        let bytes = decompress(packed).map_err(|source| UpdateError::Document {
            origin: input.shown(),
            source,
        })?;
        let guard = self.lock(hear)?;
        let name = input.file_name();
        let fetched = Fetched {
            bytes,
            date: date_in_name(&name),
            url: if name.is_empty() {
                input.shown().to_string()
            } else {
                name
            },
            route: crate::net::Route::Given,
            etag: None,
            last_modified: None,
            notes: Vec::new(),
        };
        self.take(&guard, self.request.cloud, &fetched, date)
    }

    /// Fetches the weeks before today that are not archived yet, the latest first; politely, and
    /// so that the same command goes on where this one was stopped.
    ///
    /// # Errors
    /// The archive cannot be written. What fails on the way is in the answer.
    pub fn backfill(
        &self,
        cloud: Cloud,
        weeks: u16,
        template: Option<&str>,
        hear: &mut Hear<'_>,
    ) -> Result<Backfilled, UpdateError> {
        let guard = self.lock(hear)?;
        let held: Vec<Date> = self.files(cloud)?.iter().map(|name| name.date).collect();
        let mut done = Backfilled {
            receipts: Vec::new(),
            missing: Vec::new(),
            stopped: None,
        };
        let mut is_first = true;
        for monday in mondays(self.today).take(usize::from(weeks)) {
            let days = (0..7).filter_map(|day| monday.checked_add(day.days()).ok());
            let days: Vec<Date> = days.filter(|&day| day <= self.today).collect();
            if days.iter().any(|day| held.contains(day)) {
                continue;
            }
            let mut found = None;
            for day in days {
                if !std::mem::take(&mut is_first) {
                    self.runtime.block_on(tokio::time::sleep(PAUSE));
                }
                let mut report = |step| hear(Step::Fetch(step));
                let asked = self.publisher.dated(cloud, day, template, &mut report);
                match self.runtime.block_on(asked) {
                    Ok(None) => {}
                    Ok(Some(fetched)) => {
                        found = Some(fetched);
                        break;
                    }
                    Err(error) => {
                        done.stopped = Some(error.into());
                        return Ok(done);
                    }
                }
            }
            let Some(fetched) = found else {
                done.missing.push(monday);
                continue;
            };
            match Self::keep_earlier(&guard, cloud, &fetched) {
                Ok(receipt) => done.receipts.push(receipt),
                Err(error) => {
                    done.stopped = Some(error);
                    return Ok(done);
                }
            }
        }
        Ok(done)
    }

    fn lock(&self, hear: &mut Hear<'_>) -> Result<Guard, UpdateError> {
        match self.archive.lock(Duration::ZERO) {
            Err(ArchiveError::Busy { .. }) => {
                hear(Step::Busy);
                Ok(self.archive.lock(PATIENCE)?.0)
            }
            locked => Ok(locked?.0),
        }
    }

    /// The published files of a cloud, newest first.
    fn files(&self, cloud: Cloud) -> Result<Vec<Name>, UpdateError> {
        let mut names = self.archive.names(cloud)?;
        names.retain(|name| name.kind == Dialect::File);
        Ok(names)
    }

    /// The newest archived file that can be read.
    fn newest_card(&self, cloud: Cloud) -> Result<Option<Card>, UpdateError> {
        let names = self.files(cloud)?;
        let mut cards = names.iter().map(|name| self.archive.card(cloud, name));
        Ok(cards.find_map(Result::ok))
    }

    fn settle(
        &self,
        guard: &Guard,
        cloud: Cloud,
        asked: Latest,
        newest: Option<Card>,
        date: Option<Date>,
    ) -> Result<Updated, UpdateError> {
        match (asked, newest) {
            (Latest::New(fetched), _) => self.take(guard, Some(cloud), &fetched, date),
            (Latest::NotModified { .. }, Some(card)) => Ok(current(&card, Vec::new())),
            (Latest::NotModified { url, .. }, None) => Err(UpdateError::NoDate {
                origin: Safe::new(&url),
            }),
        }
    }

    fn read(fetched: &Fetched, date: Date) -> Result<Document, UpdateError> {
        parse(&fetched.bytes, Some(date)).map_err(|source| UpdateError::Document {
            origin: Safe::new(&fetched.url),
            source,
        })
    }

    /// Admits a publication and keeps it; one that is kept already is current.
    fn take(
        &self,
        guard: &Guard,
        cloud: Option<Cloud>,
        fetched: &Fetched,
        date: Option<Date>,
    ) -> Result<Updated, UpdateError> {
        let origin = Safe::new(&fetched.url);
        let mut notes = fetched.notes.clone();
        let named = date.or(fetched.date);
        let mut document = Self::read(fetched, named.unwrap_or(self.today))?;
        let cloud = cloud.unwrap_or(document.week.cloud);
        let hash = document.week.content_hash();
        let number = document.week.change_number;
        let held_files = self.files(cloud)?;
        let same = held_files
            .iter()
            .find(|name| name.is_of(hash) && name.number == number)
            .filter(|name| named.is_none_or(|date| date <= name.date));
        if let Some(name) = same
            && let Ok(card) = self.archive.card(cloud, name)
        {
            return Ok(current(&card, notes));
        }
        let is_given = fetched.route == crate::net::Route::Given;
        let date = match named.or_else(|| modified(fetched)) {
            Some(date) => date,
            None if is_given => return Err(UpdateError::NoDate { origin }),
            None => self.today,
        };
        if named.is_none() {
            notes.push(Safe::from(format!(
                "its name has no date: it is kept under {date}, when the server had it last changed"
            )));
        }
        document.week.date = Some(date);
        let held = self.held_extent(cloud)?;
        if let Err(doubt) = admit(&document, cloud, held.as_ref())
            && !(self.is_forced && doubt.can_be_forced())
        {
            let aside = if doubt.can_be_forced() {
                Some(guard.put_aside(cloud, date, &fetched.bytes)?)
            } else {
                None
            };
            return Err(UpdateError::Doubt {
                origin,
                doubt: Box::new(doubt),
                aside,
            });
        }
        let added = guard.add(&document, &fetched.bytes, card(&document, date, fetched))?;
        remember(guard.archive(), &document.week);
        Ok(Updated {
            receipt: receipt(&added, document.flaw_count),
            notes,
        })
    }

    /// Keeps an earlier week: it is measured by itself, for what is held is later.
    fn keep_earlier(
        guard: &Guard,
        cloud: Cloud,
        fetched: &Fetched,
    ) -> Result<Receipt, UpdateError> {
        let origin = Safe::new(&fetched.url);
        let Some(date) = fetched.date else {
            return Err(UpdateError::NoDate { origin });
        };
        let document = Self::read(fetched, date)?;
        admit(&document, cloud, None).map_err(|doubt| UpdateError::Doubt {
            origin,
            doubt: Box::new(doubt),
            aside: None,
        })?;
        let added = guard.add(&document, &fetched.bytes, card(&document, date, fetched))?;
        remember(guard.archive(), &document.week);
        Ok(receipt(&added, document.flaw_count))
    }

    /// The extent of the newest week at hand.
    fn held_extent(&self, cloud: Cloud) -> Result<Option<Extent>, UpdateError> {
        match open(&self.request.newest_of(Some(cloud))) {
            Ok(held) => Ok(Some(extent(&held))),
            Err(SourceError::NoCloud { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

fn extent(held: &Dataset) -> Extent {
    let view = held.view();
    let blocks = view.tag_ids().flat_map(|tag| view.all_prefixes(tag));
    let set = AddressSet::from_blocks(blocks);
    Extent::of_rows(held.info().date, view.tag_count(), &set)
}

fn options(places: &Places) -> Result<Options, UpdateError> {
    let mut options = Options::default();
    if let Some(page) = &places.details_url {
        options.page.clone_from(page);
    }
    if let Some(files) = &places.files_url {
        options.files.clone_from(files);
    }
    options.management.clone_from(&places.management_url);
    if let Some(proxy) = &places.proxy {
        options.proxy = Proxy::At(proxy.clone());
    }
    if let Some(path) = &places.ca_file {
        let path = crate::store::expand_home(Path::new(path));
        options.trust = Trust::System(read_bounded(&Input::File(path), MAX_ROOTS)?);
    }
    Ok(options)
}

fn known(card: &Card) -> Known {
    Known {
        etag: card.etag.clone(),
        last_modified: card.last_modified.clone(),
        url: Some(card.origin.clone()),
    }
}

fn card(document: &Document, date: Date, fetched: &Fetched) -> Card {
    Card {
        etag: fetched.etag.clone(),
        last_modified: fetched.last_modified.clone(),
        ..Card::of(document, date, &fetched.url)
    }
}

fn current(card: &Card, notes: Vec<Safe>) -> Updated {
    Updated {
        receipt: Receipt {
            week: record(card),
            status: Status::Current,
            flaws: card.flaws,
        },
        notes,
    }
}

fn receipt(added: &Added, flaws: usize) -> Receipt {
    Receipt {
        week: record(added.card()),
        status: match added {
            Added::New(_) => Status::Added,
            Added::Known(_) => Status::Current,
        },
        flaws,
    }
}

/// The day of the server's `Last-Modified`.
fn modified(fetched: &Fetched) -> Option<Date> {
    let text = fetched.last_modified.as_deref()?;
    let time = jiff::fmt::rfc2822::parse(text).ok()?;
    Some(time.date())
}

/// The Mondays up to a day, the latest first.
fn mondays(today: Date) -> impl Iterator<Item = Date> {
    let since_monday = i32::from(today.weekday().since(Weekday::Monday));
    let latest = today.checked_sub(since_monday.days()).ok();
    std::iter::successors(latest, |monday| monday.checked_sub(7.days()).ok())
}
