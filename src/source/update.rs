//! The publisher → admission → the archive.
//!
//! A turn lies around a fetch: of two runs at once the later one finds what the first has just
//! fetched, and takes it. The archive's own lock is held only while something is kept, so that
//! nobody else waits for a server. Whatever fails, what is held stays as it was.

mod backfill;
mod discovery;
mod error;

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use tokio::runtime::{Builder, Runtime};

use crate::azure::{
    Cloud, DateKind, Dialect, Document, Extent, MAX_BYTES, admit, date_in_name, decompress, parse,
    parse_date,
};
use crate::net::{
    FetchProgress, FetchRoute, Fetched, HeldDocument, Latest, Limits, NetOptions, Proxy, Publisher,
};
use crate::query::Dataset;
use crate::query::weeks::{Receipt, ReceiptStatus};
use crate::settings::FetchPlaces;
use crate::source::at_hand::{AtHand, record};
use crate::source::history_store::add_to_history;
use crate::source::import::PATIENCE;
use crate::source::probing::trust;
use crate::source::{Request, WeekChoice};
use crate::space::AddressSet;
use crate::store::{
    Added, Archive, ArchiveLock, Card, FetchTurn, Holder, Input, Name, Packed, read_bounded,
};
use crate::text::Safe;

use backfill::mondays;

pub use backfill::Backfilled;

pub use error::{Giver, UpdateError};

/// Mondays that are asked for where the fixed name may be left behind.
const WEEKS_BACK: usize = 5;

/// A step on the way, for a progress line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UpdateStep {
    /// Another process is fetching or writing, and is waited for.
    Busy(Holder),
    /// An archived publication cannot be used, and is set aside where it is damaged; said once,
    /// here.
    Damage {
        /// Which, why, and where it is now.
        note: Safe,
    },
    /// The network.
    Fetch(FetchProgress),
}

impl UpdateStep {
    /// The step in words.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Busy(holder) => format!("waiting for {holder}"),
            Self::Damage { note } => note.to_string(),
            Self::Fetch(FetchProgress::Asking { what }) => format!("asking {what}"),
            Self::Fetch(FetchProgress::Waiting { time }) => {
                format!("the server asks to wait {} s", time.as_secs())
            }
            Self::Fetch(FetchProgress::Receiving { received, total }) => {
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

/// Hears of each step.
pub type Hear<'a> = dyn FnMut(UpdateStep) + Send + 'a;

/// Fetches into one data folder.
pub struct Updater {
    request: Request,
    archive: Archive,
    publisher: Publisher,
    runtime: Runtime,
    pause: Duration,
    today: Date,
    is_forced: bool,
}

/// A document that came, before it is looked at.
struct Arrived {
    fetched: Fetched,
    /// The date that the user gives it.
    date: Option<Date>,
    giver: Giver,
}

impl Updater {
    /// Asks nobody yet.
    ///
    /// # Errors
    /// No data folder, or places that cannot be used.
    pub fn new(request: &Request, places: &FetchPlaces, today: Date) -> Result<Self, UpdateError> {
        Self::bounded(request, places, today, Limits::default())
    }

    /// The same within other bounds than the usual ones.
    ///
    /// # Errors
    /// No data folder, or places that cannot be used.
    pub fn bounded(
        request: &Request,
        places: &FetchPlaces,
        today: Date,
        limits: Limits,
    ) -> Result<Self, UpdateError> {
        let archive = request.archive().ok_or(UpdateError::NoFolder)?;
        let pause = limits.pause;
        let options = NetOptions {
            limits,
            ..options(places)?
        };
        Ok(Self {
            request: request.clone(),
            archive,
            publisher: Publisher::new(&options)?,
            runtime: Builder::new_current_thread().enable_all().build()?,
            pause,
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
        let _turn = self.turn(hear)?;
        let newest = self.newest_card(cloud, hear)?;
        if let Some(card) = &newest
            && self.was_asked_since(cloud, start)
        {
            let note = Safe::new("another tagscope has just asked the publisher");
            return Ok(current(card, vec![note]));
        }
        let known = newest.as_ref().map(known);
        let asked = self.runtime.block_on(self.publisher.latest(
            cloud,
            known.as_ref(),
            self.today,
            &mut |step| hear(UpdateStep::Fetch(step)),
        ))?;
        let asked = self.or_later(cloud, asked, newest.as_ref(), hear);
        let updated = match (asked, newest) {
            (Latest::New(fetched), _) => {
                let arrived = Arrived {
                    fetched,
                    date: None,
                    giver: Giver::Server,
                };
                self.take(Some(cloud), arrived, hear)?
            }
            (Latest::NotModified { notes, .. }, Some(card)) => current(&card, notes),
            (Latest::NotModified { url, .. }, None) => {
                let origin = Safe::new(&url);
                return Err(UpdateError::NoDate { origin });
            }
        };
        self.archive.mark_checked(cloud);
        Ok(updated)
    }

    /// Whether another process has asked the publisher since `start`. A stamp of the future is a
    /// clock's that was wrong, and says nothing.
    fn was_asked_since(&self, cloud: Cloud, start: Timestamp) -> bool {
        let now = Timestamp::now();
        let asked = self.archive.checked(cloud);
        asked.is_some_and(|at| start < at && at <= now)
    }

    /// The fixed name may be left behind by the publisher: then the dated name of a later Monday
    /// is taken instead.
    fn or_later(
        &self,
        cloud: Cloud,
        asked: Latest,
        newest: Option<&Card>,
        hear: &mut Hear<'_>,
    ) -> Latest {
        let held = || newest.and_then(|card| parse_date(&card.date));
        let (after, notes) = match &asked {
            Latest::New(fetched) if fetched.route == FetchRoute::FixedName => {
                (fetched.date.or_else(|| modified(fetched)), &fetched.notes)
            }
            Latest::NotModified {
                date: None, notes, ..
            } => (held(), notes),
            _ => return asked,
        };
        // A date of the future bars no way.
        let after = after.filter(|date| *date <= self.today);
        let later =
            mondays(self.today).take_while(|monday| after.is_none_or(|date| *monday > date));
        for monday in later.take(WEEKS_BACK) {
            self.rest();
            let mut report = |step| hear(UpdateStep::Fetch(step));
            let dated = self.publisher.dated(cloud, monday, None, &mut report);
            match self.runtime.block_on(dated) {
                Ok(None) => {}
                Ok(Some(mut fetched)) => {
                    fetched.notes.splice(0..0, notes.iter().cloned());
                    return Latest::New(fetched);
                }
                // What the fixed name gave is something.
                Err(_) => break,
            }
        }
        asked
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
        let _turn = self.turn(hear)?;
        let asked = self.runtime.block_on(
            self.publisher
                .given(url, None, &mut |step| hear(UpdateStep::Fetch(step))),
        )?;
        let Latest::New(fetched) = asked else {
            // Nothing was said to be known.
            return Err(UpdateError::NoDate {
                origin: Safe::new(url),
            });
        };
        let arrived = Arrived {
            fetched,
            date,
            giver: Giver::Server,
        };
        self.take(self.request.cloud, arrived, hear)
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
            giver: Giver::File,
            source,
        })?;
        self.archive.tidy()?;
        let name = input.file_name();
        let fetched = Fetched {
            bytes,
            date: date_in_name(&name),
            url: if name.is_empty() {
                input.shown().to_string()
            } else {
                name
            },
            route: FetchRoute::Given,
            etag: None,
            last_modified: None,
            notes: Vec::new(),
        };
        let arrived = Arrived {
            fetched,
            date,
            giver: Giver::File,
        };
        self.take(self.request.cloud, arrived, hear)
    }

    /// Between two questions. A timer can only be made inside of the runtime.
    fn rest(&self) {
        self.runtime
            .block_on(async { tokio::time::sleep(self.pause).await });
    }

    /// For as long as the publisher is asked.
    fn turn(&self, hear: &mut Hear<'_>) -> Result<FetchTurn, UpdateError> {
        let mut waiting = |holder| hear(UpdateStep::Busy(holder));
        Ok(self.archive.turn(PATIENCE, &mut waiting)?)
    }

    /// For as long as something is kept.
    fn lock(&self, hear: &mut Hear<'_>) -> Result<ArchiveLock, UpdateError> {
        let mut waiting = |holder| hear(UpdateStep::Busy(holder));
        Ok(self.archive.lock(PATIENCE, &mut waiting)?.0)
    }

    /// The archived documents of one kind, newest first.
    fn names(&self, cloud: Cloud, kind: Dialect) -> Result<Vec<Name>, UpdateError> {
        let mut names = self.archive.names(cloud)?;
        names.retain(|name| name.kind == kind);
        Ok(names)
    }

    /// The published files of a cloud, newest first.
    fn files(&self, cloud: Cloud) -> Result<Vec<Name>, UpdateError> {
        self.names(cloud, Dialect::File)
    }

    /// The newest archived file of today or before that is whole: a server must not be told that a
    /// damaged one is held, for it would not send it again, nor that one of the future is, for no
    /// other would be asked for.
    fn newest_card(&self, cloud: Cloud, hear: &mut Hear<'_>) -> Result<Option<Card>, UpdateError> {
        let names = self.files(cloud)?.into_iter();
        for name in names.filter(|name| name.date <= self.today) {
            let whole = self.archive.document(cloud, &name);
            match whole.and_then(|_| self.archive.card(cloud, &name)) {
                Ok(card) => return Ok(Some(card)),
                Err(error) if error.is_damage() => {
                    let note = self.archive.set_aside(cloud, &name, &error);
                    hear(UpdateStep::Damage { note });
                }
                Err(error) => {
                    let note = Safe::new(&error.to_string());
                    hear(UpdateStep::Damage { note });
                }
            }
        }
        Ok(None)
    }

    /// The card of an archived document that is whole and holds the same as this one.
    fn same(&self, cloud: Cloud, name: &Name, document: &Document) -> Option<Card> {
        let week = &document.week;
        if name.number != week.change_number || !name.is_of(week.content_hash()) {
            return None;
        }
        self.archive.held(cloud, name)
    }

    /// Admits a publication and keeps it; one that is kept already is current, or held where a
    /// later one is.
    fn take(
        &self,
        cloud: Option<Cloud>,
        arrived: Arrived,
        hear: &mut Hear<'_>,
    ) -> Result<Updated, UpdateError> {
        let Arrived {
            fetched,
            date,
            giver,
        } = arrived;
        let origin = Safe::new(&fetched.url);
        let is_given = fetched.route == FetchRoute::Given;
        let mut notes = fetched.notes.clone();
        let named = date.or(fetched.date);
        let mut document = read(&fetched, named.unwrap_or(self.today), giver)?;
        let kind = document.week.dialect;
        if !is_given {
            expect(&document, Dialect::File, &origin)?;
        }
        let cloud = cloud.unwrap_or(document.week.cloud);
        let kept = self.names(cloud, kind)?;
        for (place, name) in kept.iter().enumerate() {
            if named.is_none_or(|date| date <= name.date)
                && let Some(card) = self.same(cloud, name, &document)
                // An inferred date that is published now is kept as such.
                && !(named == Some(name.date) && card.date_is.is_inferred() && kind == Dialect::File)
            {
                let mut updated = current(&card, notes);
                let later = kept.get(..place).unwrap_or_default();
                if later.iter().any(|name| name.date <= self.today) {
                    updated.receipt.status = ReceiptStatus::Held;
                }
                return Ok(updated);
            }
        }
        let (date, date_is) = match (named, modified(&fetched)) {
            (Some(date), _) => (date, document.week.date_is),
            (None, _) if is_given => return Err(UpdateError::NoDate { origin }),
            (None, Some(date)) => {
                notes.push(Safe::from(format!(
                    "its name has no date: it is kept under {date}, when the server had it last \
                     changed"
                )));
                (date, DateKind::Inferred)
            }
            (None, None) => {
                notes.push(Safe::from(format!(
                    "neither its name nor the server has a date: it is kept under {}, today",
                    self.today
                )));
                (self.today, DateKind::Inferred)
            }
        };
        document.week.date = Some(date);
        document.week.date_is = date_is;
        let packed = Packed::new(&document, &fetched.bytes, card(&document, date, &fetched))?;
        // What is held may change up to here.
        let lock = self.lock(hear)?;
        // An answer of the API is a subset, and not to be measured by a file.
        let held = match kind {
            Dialect::File => self.held_extent(cloud, hear)?,
            Dialect::Api => None,
        };
        if let Err(doubt) = admit(&document, cloud, held.as_ref(), self.today)
            && !(self.is_forced && doubt.can_be_forced())
        {
            let aside = match giver {
                Giver::Server if doubt.can_be_forced() => {
                    Some(lock.put_aside(cloud, date, &fetched.bytes)?)
                }
                Giver::Server | Giver::File => None,
            };
            return Err(UpdateError::Doubt {
                origin,
                giver,
                doubt: Box::new(doubt),
                aside,
            });
        }
        if kind == Dialect::Api {
            let text = "it is an answer of the Discovery API and kept as such: --week api opens it";
            notes.push(Safe::new(text));
        }
        let added = lock.add(packed)?;
        drop(lock);
        add_to_history(&self.archive, &document.week);
        Ok(Updated {
            receipt: receipt(&added, document.flaw_count),
            notes,
        })
    }

    /// The extent of the newest week at hand that is not dated ahead of today.
    fn held_extent(
        &self,
        cloud: Cloud,
        hear: &mut Hear<'_>,
    ) -> Result<Option<Extent>, UpdateError> {
        let at_hand = AtHand::of(&self.request.newest_of(Some(cloud)))?.until(self.today);
        match at_hand.open(WeekChoice::Latest) {
            Ok(held) => {
                for note in held.provenance().notes.clone() {
                    hear(UpdateStep::Damage { note });
                }
                Ok(Some(extent(&held)))
            }
            Err(error) if error.is_no_week() => Ok(None),
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

fn options(places: &FetchPlaces) -> Result<NetOptions, UpdateError> {
    let mut options = NetOptions::default();
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
    if let Some(trust) = trust(places)? {
        options.trust = trust;
    }
    Ok(options)
}

fn read(fetched: &Fetched, date: Date, giver: Giver) -> Result<Document, UpdateError> {
    parse(&fetched.bytes, Some(date)).map_err(|source| UpdateError::Document {
        origin: Safe::new(&fetched.url),
        giver,
        source,
    })
}

fn expect(document: &Document, kind: Dialect, origin: &Safe) -> Result<(), UpdateError> {
    let found = document.week.dialect;
    if found == kind {
        return Ok(());
    }
    Err(UpdateError::OtherKind {
        origin: origin.clone(),
        found,
    })
}

fn known(card: &Card) -> HeldDocument {
    HeldDocument {
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
            status: ReceiptStatus::Current,
            flaws: card.flaws,
        },
        notes,
    }
}

fn receipt(added: &Added, flaws: usize) -> Receipt {
    Receipt {
        week: record(added.card()),
        status: match added {
            Added::New(_) => ReceiptStatus::Added,
            Added::Known(_) | Added::Redated(_) => ReceiptStatus::Current,
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
