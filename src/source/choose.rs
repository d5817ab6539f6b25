//! A request → a dataset: a file, or one of the embedded weeks.

use std::path::PathBuf;

use jiff::civil::Date;

use crate::azure::{Cloud, DocumentError, MAX_BYTES, date_in_name, decompress, parse, parse_date};
use crate::index::{
    Chronicle, ChronicleError, Entry, Index, IndexError, WriteError, embedded_chronicle,
    embedded_index, write,
};
use crate::query::{Dataset, Provenance, Source, WeekRecord};
use crate::store::{Input, ReadError, read_bounded};
use crate::text::Safe;

/// Which data is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// The cloud, when the user named one.
    pub cloud: Option<Cloud>,
    /// Which of the weeks at hand.
    pub week: WeekChoice,
    /// A document to use instead; `-` for standard input.
    pub file: Option<PathBuf>,
}

/// Which of the weeks at hand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WeekChoice {
    /// The newest.
    #[default]
    Latest,
    /// The one before the newest.
    Previous,
    /// A publication date, and a root changeNumber where one date has several contents.
    Date(Date, Option<u32>),
}

impl WeekChoice {
    /// Reads `latest`, `embedded`, `previous`, a date, or `DATE#NUMBER`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text.to_ascii_lowercase().as_str() {
            "latest" | "embedded" => Self::Latest,
            "previous" => Self::Previous,
            other => match other.split_once('#') {
                Some((date, number)) => Self::Date(parse_date(date)?, Some(number.parse().ok()?)),
                None => Self::Date(parse_date(other)?, None),
            },
        })
    }
}

impl WeekChoice {
    /// The value of `--week` that means this; `None` for what is the default.
    #[must_use]
    pub fn flag(self) -> Option<String> {
        match self {
            Self::Latest => None,
            Self::Previous => Some("previous".to_owned()),
            Self::Date(date, None) => Some(date.to_string()),
            Self::Date(date, Some(number)) => Some(format!("{date}#{number}")),
        }
    }
}

/// The weeks that can be named, newest first.
///
/// # Errors
/// [`SourceError::Chronicle`].
pub fn weeks() -> Result<Vec<WeekRecord>, SourceError> {
    let chronicle = embedded_chronicle()?;
    let record = |entry: &Entry| WeekRecord {
        cloud: chronicle.cloud(),
        date: entry.date.map(|date| date.to_string()),
        change_number: entry.change_number,
        change_numbers: entry.numbers,
        source: Source::Embedded,
        origin: entry.origin.clone(),
        content_hash: entry.content_hash.to_string(),
        tags: entry.tags,
        prefixes: entry.rows,
    };
    Ok(chronicle.entries().iter().rev().map(record).collect())
}

/// Every week at hand of the cloud that a request names.
///
/// # Errors
/// [`SourceError::NoCloud`], or a damaged chronicle.
pub fn chronicle(request: &Request) -> Result<Chronicle, SourceError> {
    match request.cloud.filter(|&cloud| cloud != Cloud::Public) {
        Some(cloud) => Err(SourceError::NoCloud { cloud }),
        None => Ok(embedded_chronicle()?),
    }
}

/// Why there is no such data.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
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
    /// The file holds another cloud than was named.
    #[error("{path} holds the cloud {found}, not {wanted}; leave --cloud out to use it")]
    OtherCloud {
        /// The path.
        path: Safe,
        /// The file's cloud.
        found: Cloud,
        /// The cloud that was named.
        wanted: Cloud,
    },
    /// Only the Public cloud is embedded.
    #[error(
        "no week of {cloud} at hand, only of Public: download its ServiceTags JSON and name it with \
         --file, or :file in the dashboard"
    )]
    NoCloud {
        /// The cloud that was named.
        cloud: Cloud,
    },
    /// No week of that date.
    #[error("no week of {wanted} at hand; {nearest}, and the weeks at hand are {first} to {last}")]
    NoWeek {
        /// The date that was named.
        wanted: String,
        /// A sentence about the nearest one.
        nearest: String,
        /// The oldest week.
        first: String,
        /// The newest week.
        last: String,
    },
    /// The compiled week is damaged.
    #[error("the week cannot be used: the program's file may be damaged, install it again")]
    Index(#[from] IndexError),
    /// The chronicle is damaged.
    #[error(
        "the embedded weeks cannot be used: the program's file may be damaged, install it again"
    )]
    Chronicle(#[from] ChronicleError),
    /// The week does not fit the format.
    #[error("the week cannot be compiled")]
    Write(#[from] WriteError),
}

/// Opens the data that a request names.
///
/// # Errors
/// [`SourceError`] says what is missing and what is at hand instead.
pub fn open(request: &Request) -> Result<Dataset, SourceError> {
    if let Some(path) = &request.file {
        return open_file(&Input::new(path), request.cloud);
    }
    if let Some(cloud) = request.cloud.filter(|&cloud| cloud != Cloud::Public) {
        return Err(SourceError::NoCloud { cloud });
    }
    match request.week {
        WeekChoice::Latest => open_embedded(),
        WeekChoice::Previous => {
            let chronicle = embedded_chronicle()?;
            let place = chronicle.entries().len().saturating_sub(2);
            unpack(&chronicle, place)
        }
        WeekChoice::Date(date, number) => {
            let newest = open_embedded()?;
            let info = newest.info();
            if info.date == Some(date) && (number.is_none() || info.change_number == number) {
                return Ok(newest);
            }
            let chronicle = embedded_chronicle()?;
            let found = chronicle.entries().iter().position(|entry| {
                entry.date == Some(date) && (number.is_none() || entry.change_number == number)
            });
            match found {
                Some(place) => unpack(&chronicle, place),
                None => Err(no_week(&chronicle, date, number)),
            }
        }
    }
}

fn open_embedded() -> Result<Dataset, SourceError> {
    let index = embedded_index()?;
    let origin = Safe::new(index.origin());
    Ok(Dataset::new(index, embedded(origin)))
}

const fn embedded(origin: Safe) -> Provenance {
    Provenance {
        source: Source::Embedded,
        origin,
        flaws: Vec::new(),
        flaw_count: 0,
    }
}

fn unpack(chronicle: &Chronicle, place: usize) -> Result<Dataset, SourceError> {
    let week = chronicle.week(place)?;
    let index = Index::open_trusted(write(&week)?)?;
    Ok(Dataset::new(index, embedded(Safe::new(&week.origin))))
}

fn open_file(input: &Input, cloud: Option<Cloud>) -> Result<Dataset, SourceError> {
    let path = input.shown();
    let refused = |source| SourceError::Document {
        path: path.clone(),
        source,
    };
    let limit = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX);
    let bytes = decompress(read_bounded(input, limit)?).map_err(refused)?;
    let document = parse(&bytes, date_in_name(&input.file_name())).map_err(refused)?;
    let found = document.week.cloud;
    if let Some(wanted) = cloud.filter(|&wanted| wanted != found) {
        return Err(SourceError::OtherCloud {
            path,
            found,
            wanted,
        });
    }
    let index = Index::open_trusted(write(&document.week)?)?;
    let provenance = Provenance {
        source: Source::File,
        origin: path,
        flaws: document.flaws,
        flaw_count: document.flaw_count,
    };
    Ok(Dataset::new(index, provenance))
}

fn no_week(chronicle: &Chronicle, wanted: Date, number: Option<u32>) -> SourceError {
    let dates: Vec<Date> = chronicle
        .entries()
        .iter()
        .filter_map(|entry| entry.date)
        .collect();
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
        first: shown(dates.first()),
        last: shown(dates.last()),
    }
}
