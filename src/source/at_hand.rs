//! The weeks at hand of one cloud: those that come with the program and those of the archive.

use std::path::PathBuf;

use jiff::civil::Date;

use crate::azure::{Age, Cloud, Dialect};
use crate::index::{Index, WeekEntry, WeekInfo, embedded_chronicle, embedded_index, write};
use crate::query::history::HistorySummary;
use crate::query::{Dataset, Provenance, Source, WeekRecord};
use crate::source::history_store::stored_history;
use crate::source::{Request, SourceError, WeekChoice, today};
use crate::store::{Archive, Card, Name};
use crate::text::Safe;

/// What can be named of one cloud, newest first; nothing is opened yet.
pub struct AtHand {
    cloud: Cloud,
    archive: Option<Archive>,
    archived: Vec<Name>,
    /// The newest embedded week, of the Public cloud.
    newest: Option<Index>,
    today: Date,
    /// Nothing later is the newest.
    limit: Option<Date>,
    notes: Vec<Safe>,
}

/// One of the weeks at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Candidate {
    date: Option<Date>,
    number: Option<u32>,
    place: WeekPlace,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum WeekPlace {
    /// The compiled newest one.
    Newest,
    /// By its place in the embedded chronicle.
    Embedded(usize),
    Archived(Name),
}

impl Candidate {
    /// Of several contents under one date, what the archive holds comes first, then the greater
    /// number.
    fn key(&self) -> (Option<Date>, bool, Option<u32>) {
        let is_archived = matches!(self.place, WeekPlace::Archived(_));
        (self.date, is_archived, self.number)
    }
}

impl AtHand {
    /// Lists what a request could mean.
    ///
    /// # Errors
    /// A damaged program file. An archive that cannot be read is said, not fatal.
    pub fn of(request: &Request) -> Result<Self, SourceError> {
        let cloud = request.cloud.unwrap_or(Cloud::Public);
        let archive = request.archive();
        let mut notes = Vec::new();
        let archived = match archive.as_ref().map(|archive| archive.names(cloud)) {
            None => Vec::new(),
            Some(Ok(names)) => names,
            Some(Err(error)) => {
                notes.push(Safe::new(&error.to_string()));
                Vec::new()
            }
        };
        let newest = match cloud {
            Cloud::Public => Some(embedded_index()?),
            _ => None,
        };
        Ok(Self {
            cloud,
            archive,
            archived,
            newest,
            today: today(),
            limit: None,
            notes,
        })
    }

    /// The same, where nothing of the archive that is later than a day is the newest.
    pub fn until(self, day: Date) -> Self {
        let limit = Some(day);
        Self { limit, ..self }
    }

    /// Opens the week that is meant; a damaged one is set aside and the next best is taken.
    ///
    /// # Errors
    /// [`SourceError`] says what is missing and what is at hand instead.
    pub fn open(mut self, choice: WeekChoice) -> Result<Dataset, SourceError> {
        loop {
            let found = self.find(choice);
            let candidate = found.map_err(|error| error.after(&self.notes))?;
            let (index, mut provenance) = match candidate.place {
                WeekPlace::Newest => {
                    if choice == WeekChoice::Latest {
                        self.notes.extend(self.passed_over());
                    }
                    return self.embedded();
                }
                WeekPlace::Embedded(place) => {
                    let week = embedded_chronicle()?.week(place)?;
                    let origin = Safe::new(&week.origin);
                    (Index::open_trusted(write(&week)?)?, embedded(origin))
                }
                WeekPlace::Archived(name) => match self.archived(&name) {
                    Ok(opened) => opened,
                    Err(error) => {
                        self.archived.retain(|other| *other != name);
                        self.notes.push(error);
                        continue;
                    }
                },
            };
            if matches!(choice, WeekChoice::Latest | WeekChoice::Previous) {
                self.notes.extend(self.passed_over());
            }
            provenance.notes.append(&mut self.notes);
            return Ok(Dataset::new(index, provenance));
        }
    }

    fn embedded(mut self) -> Result<Dataset, SourceError> {
        let index = match self.newest.take() {
            Some(index) => index,
            None => embedded_index()?,
        };
        let mut provenance = embedded(Safe::new(index.origin()));
        provenance.notes.append(&mut self.notes);
        Ok(Dataset::new(index, provenance))
    }

    /// Opens an archived week; the failure is what to say about it.
    fn archived(&self, name: &Name) -> Result<(Index, Provenance), Safe> {
        let Some(archive) = &self.archive else {
            return Err(Safe::default());
        };
        let opened = archive.open(self.cloud, name).map_err(|error| {
            if error.is_damage() {
                archive.set_aside(self.cloud, name, &error)
            } else {
                Safe::new(&error.to_string())
            }
        })?;
        let provenance = Provenance {
            source: Source::Archive,
            origin: Safe::new(&opened.card.origin),
            flaws: Vec::new(),
            flaw_count: opened.card.flaws,
            notes: Vec::new(),
        };
        Ok((opened.index, provenance))
    }

    fn find(&self, choice: WeekChoice) -> Result<Candidate, SourceError> {
        // The common question needs neither the chronicle nor a list.
        let found = match choice {
            WeekChoice::Latest => self.newest(),
            WeekChoice::Embedded => self.newest.as_ref().map(|index| newest(index.info())),
            WeekChoice::Previous => {
                let mut files = self.current_files()?;
                files.dedup_by_key(|candidate| candidate.date);
                files.into_iter().nth(1)
            }
            WeekChoice::Date(date, number) => self.files()?.into_iter().find(|candidate| {
                candidate.date == Some(date) && (number.is_none() || candidate.number == number)
            }),
            WeekChoice::Api(date) => self
                .archived
                .iter()
                .find(|name| name.kind == Dialect::Api && date.is_none_or(|date| name.date == date))
                .map(archived),
        };
        found.map_or_else(|| Err(self.missing(choice)?), Ok)
    }

    /// The newest file of both sources.
    fn newest(&self) -> Option<Candidate> {
        let embedded = self.newest.as_ref().map(|index| newest(index.info()));
        let names = || {
            self.archived
                .iter()
                .filter(|name| name.kind == Dialect::File)
        };
        let name = names().find(|name| match self.limit {
            Some(limit) => name.date <= limit,
            None => !self.is_of_the_future(name.date),
        });
        let best = [embedded, name.map(archived)]
            .into_iter()
            .flatten()
            .max_by_key(Candidate::key);
        best.or_else(|| {
            names()
                .next()
                .filter(|_| self.limit.is_none())
                .map(archived)
        })
    }

    /// Whether a week is dated so far ahead that its date must be wrong: it is named or passed over,
    /// for it would stand before every week to come. With a clock that is behind, no week of the
    /// program is.
    fn is_of_the_future(&self, date: Date) -> bool {
        let embedded = self.newest.as_ref().and_then(|index| index.info().date);
        Age::of(date, embedded.map_or(self.today, |own| own.max(self.today))).is_of_the_future()
    }

    /// The files of today and before; where there are none, those that there are.
    fn current_files(&self) -> Result<Vec<Candidate>, SourceError> {
        let mut files = self.files()?;
        let is_current =
            |file: &Candidate| file.date.is_none_or(|date| !self.is_of_the_future(date));
        if files.iter().any(is_current) {
            files.retain(is_current);
        }
        Ok(files)
    }

    /// What is said where a week of the future is not the newest.
    fn passed_over(&self) -> Option<Safe> {
        if self.limit.is_some() {
            return None;
        }
        let names = self.archived.iter();
        let mut names = names.filter(|name| name.kind == Dialect::File);
        let date = names.next()?.date;
        let is_other = self.newest()?.date != Some(date);
        (is_other && self.is_of_the_future(date)).then(|| {
            Safe::from(format!(
                "the week of {date} is passed over, {} of today; --week {date} opens it",
                Age::of(date, self.today)
            ))
        })
    }

    /// Every published file at hand, the best content of a date first.
    fn files(&self) -> Result<Vec<Candidate>, SourceError> {
        let mut all: Vec<Candidate> = self
            .archived
            .iter()
            .filter(|name| name.kind == Dialect::File)
            .map(archived)
            .collect();
        if let Some(index) = &self.newest {
            all.push(newest(index.info()));
            let chronicle = embedded_chronicle()?;
            let older = chronicle.entries().iter().enumerate();
            all.extend(
                older
                    .filter(|(_, entry)| entry.date != index.info().date)
                    .map(|(place, entry)| Candidate {
                        date: entry.date,
                        number: entry.change_number,
                        place: WeekPlace::Embedded(place),
                    }),
            );
        }
        all.sort_by_key(|candidate| std::cmp::Reverse(candidate.key()));
        Ok(all)
    }

    /// Why there is no such week.
    fn missing(&self, choice: WeekChoice) -> Result<SourceError, SourceError> {
        let cloud = self.cloud;
        let files = self.files()?;
        let such = |wanted| SourceError::NoSuch { wanted, cloud };
        Ok(match choice {
            WeekChoice::Api(_) => such("answer of the Discovery API"),
            WeekChoice::Embedded => such("embedded week"),
            _ if files.is_empty() => SourceError::NoCloud { cloud },
            WeekChoice::Date(date, number) => no_week(&files, date, number),
            WeekChoice::Latest | WeekChoice::Previous => such("earlier week"),
        })
    }
}

fn archived(name: &Name) -> Candidate {
    Candidate {
        date: Some(name.date),
        number: name.number,
        place: WeekPlace::Archived(name.clone()),
    }
}

fn newest(info: &WeekInfo) -> Candidate {
    Candidate {
        date: info.date,
        number: info.change_number,
        place: WeekPlace::Newest,
    }
}

const fn embedded(origin: Safe) -> Provenance {
    Provenance {
        source: Source::Embedded,
        origin,
        flaws: Vec::new(),
        flaw_count: 0,
        notes: Vec::new(),
    }
}

fn no_week(files: &[Candidate], wanted: Date, number: Option<u32>) -> SourceError {
    let dates: Vec<Date> = files.iter().filter_map(|file| file.date).collect();
    let nearest = dates.iter().min_by_key(|date| {
        date.until(wanted)
            .map_or(i32::MAX, |span| span.get_days().saturating_abs())
    });
    let shown = |date: Option<&Date>| date.map_or_else(String::new, ToString::to_string);
    SourceError::NoWeek {
        wanted: match number {
            Some(number) => format!("{wanted}#{number}"),
            None => wanted.to_string(),
        },
        nearest: match nearest {
            Some(date) if *date == wanted => format!("{date} has no content of that number"),
            Some(date) => format!("the nearest is {date}"),
            None => "there are none".to_owned(),
        },
        first: shown(dates.last()),
        last: shown(dates.first()),
    }
}

/// The publication before the one that a request names.
///
/// # Errors
/// [`SourceError`]: there is no such week, or none before it.
pub fn week_before(request: &Request) -> Result<WeekChoice, SourceError> {
    let at_hand = AtHand::of(request)?;
    let own = at_hand.find(request.week)?.date;
    let mut files = at_hand.files()?.into_iter();
    let before = files.find(|file| file.date.is_some() && file.date < own);
    before
        .and_then(|file| Some(WeekChoice::Date(file.date?, file.number)))
        .ok_or(SourceError::NoSuch {
            wanted: "earlier week",
            cloud: at_hand.cloud,
        })
}

/// The newest publication on a date or before it.
///
/// # Errors
/// [`SourceError`]: all are newer.
pub fn week_since(request: &Request, date: Date) -> Result<WeekChoice, SourceError> {
    let at_hand = AtHand::of(request)?;
    let mut files = at_hand.files()?.into_iter();
    let found = files.find_map(|file| Some((file.date.filter(|own| *own <= date)?, file.number)));
    if let Some((own, number)) = found {
        return Ok(WeekChoice::Date(own, number));
    }
    // Its error names what there is.
    let wanted = WeekChoice::Date(date, None);
    at_hand.find(wanted).map(|_| wanted)
}

/// A week at hand that can be compared with another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// What is known of it.
    pub record: WeekRecord,
    /// What opens it.
    pub request: Request,
    /// How many tags changed in it, where the week before is at hand.
    pub touched: Option<usize>,
}

/// The publications of the request's cloud, newest first, and what is wrong with the archive.
///
/// # Errors
/// [`SourceError::Chronicle`].
pub fn publications(request: &Request) -> Result<(Vec<Publication>, Vec<Safe>), SourceError> {
    let listing = weeks(request)?;
    // Without the history the list is the same but for the counts.
    let mut notes = listing.notes;
    let summary = stored_history(request).and_then(|history| {
        notes.extend(history.notes);
        Ok(HistorySummary::of(&history.chronicle)?)
    });
    let publication = |record: WeekRecord| {
        let date = record.date.as_deref().and_then(crate::azure::parse_date);
        let week = match (record.kind, date) {
            (Dialect::Api, date) => WeekChoice::Api(date),
            (Dialect::File, Some(date)) => WeekChoice::Date(date, record.change_number),
            (Dialect::File, None) => WeekChoice::Latest,
        };
        Publication {
            request: Request {
                week,
                ..request.newest_of(Some(record.cloud))
            },
            touched: summary.as_ref().ok().zip(date).and_then(|(summary, date)| {
                let is_file = record.kind == Dialect::File;
                summary.touched(date).filter(|_| is_file)
            }),
            record,
        }
    };
    let weeks = listing.weeks.into_iter().map(publication);
    Ok((weeks.collect(), notes))
}

/// The weeks of some clouds, newest first, and what is wrong with the archive.
pub struct Listing {
    /// Every week that can be opened.
    pub weeks: Vec<WeekRecord>,
    /// What cannot be read.
    pub notes: Vec<Safe>,
}

/// Lists the weeks at hand: of the request's cloud, or of all of them.
///
/// # Errors
/// [`SourceError::Chronicle`].
pub fn weeks(request: &Request) -> Result<Listing, SourceError> {
    let mut listing = Listing {
        weeks: Vec::new(),
        notes: Vec::new(),
    };
    for cloud in Cloud::ALL {
        if request.cloud.is_none_or(|wanted| wanted == cloud) {
            list(cloud, request.data.clone(), &mut listing)?;
        }
    }
    Ok(listing)
}

fn list(cloud: Cloud, data: Option<PathBuf>, listing: &mut Listing) -> Result<(), SourceError> {
    let request = Request {
        cloud: Some(cloud),
        data,
        ..Request::default()
    };
    let Some(archive) = request.archive() else {
        listing.weeks.extend(embedded_weeks(cloud)?);
        return Ok(());
    };
    let mut weeks = Vec::new();
    match archive.names(cloud) {
        Err(error) => listing.notes.push(Safe::new(&error.to_string())),
        Ok(names) => {
            for name in names {
                match archive.card(cloud, &name) {
                    Err(error) => listing.notes.push(Safe::new(&error.to_string())),
                    Ok(card) => weeks.push(record(&card)),
                }
            }
        }
    }
    // The same content from both sources is one week.
    let is_archived = |week: &WeekRecord| {
        let mut held = weeks.iter();
        held.any(|held| (&held.date, &held.content_hash) == (&week.date, &week.content_hash))
    };
    let mut others = embedded_weeks(cloud)?;
    others.retain(|week| !is_archived(week));
    weeks.append(&mut others);
    weeks.sort_by(|a, b| {
        let key = |week: &WeekRecord| (week.date.clone(), week.source == Source::Archive);
        key(b)
            .cmp(&key(a))
            .then(b.change_number.cmp(&a.change_number))
    });
    listing.weeks.append(&mut weeks);
    Ok(())
}

/// An archived publication as the JSON documents name it.
pub fn record(card: &Card) -> WeekRecord {
    WeekRecord {
        cloud: card.cloud,
        date: Some(card.date.clone()),
        date_is: Some(card.date_is),
        change_number: card.change_number,
        change_numbers: card.change_numbers,
        source: Source::Archive,
        origin: card.origin.clone(),
        content_hash: card.content_hash.clone(),
        tags: card.tags,
        prefixes: card.prefixes,
        kind: card.kind,
    }
}

/// The embedded weeks of a cloud, newest first.
fn embedded_weeks(cloud: Cloud) -> Result<Vec<WeekRecord>, SourceError> {
    if cloud != Cloud::Public {
        return Ok(Vec::new());
    }
    let chronicle = embedded_chronicle()?;
    let record = |entry: &WeekEntry| WeekRecord {
        cloud,
        date: entry.date.map(|date| date.to_string()),
        date_is: entry.date.map(|_| entry.date_is),
        change_number: entry.change_number,
        change_numbers: entry.numbers,
        source: Source::Embedded,
        origin: entry.origin.clone(),
        content_hash: entry.content_hash.to_string(),
        tags: entry.tags,
        prefixes: entry.rows,
        kind: Dialect::File,
    };
    Ok(chronicle.entries().iter().rev().map(record).collect())
}
