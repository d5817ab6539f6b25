//! A request → a dataset: a file, or one of the weeks at hand.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use jiff::civil::Date;

use crate::azure::{Cloud, DocumentError, MAX_BYTES, date_in_name, decompress, parse, parse_date};
use crate::index::{ChronicleError, Index, IndexError, WriteError, write};
use crate::query::{Dataset, Provenance, Source};
use crate::ranges::OtherRanges;
use crate::source::at_hand::AtHand;
use crate::store::{Archive, ArchiveError, Input, ReadError, read_bounded};
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
    /// The folder of what the program keeps; without one there are only the embedded weeks.
    pub data: Option<PathBuf>,
    /// Ranges of others that stand beside the week.
    pub others: Arc<OtherRanges>,
}

impl Request {
    /// The newest week of a cloud, from the same data folder.
    #[must_use]
    pub fn newest_of(&self, cloud: Option<Cloud>) -> Self {
        Self {
            cloud,
            week: WeekChoice::Latest,
            file: None,
            data: self.data.clone(),
            others: Arc::clone(&self.others),
        }
    }

    /// The archive, where there is a data folder.
    #[must_use]
    pub fn archive(&self) -> Option<Archive> {
        self.data.as_deref().map(Archive::new)
    }
}

/// Which of the weeks at hand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WeekChoice {
    /// The newest.
    #[default]
    Latest,
    /// The one before the newest.
    Previous,
    /// The newest of those that come with the program.
    Embedded,
    /// A publication date, and a root changeNumber where one date has several contents.
    Date(Date, Option<u32>),
    /// An answer of the Service Tag Discovery API: the newest, or the one of a day.
    Api(Option<Date>),
}

impl WeekChoice {
    /// Reads `latest`, `embedded`, `previous`, a date, `DATE#NUMBER`, `api` or `api:DATE`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text.to_ascii_lowercase().as_str() {
            "latest" => Self::Latest,
            "previous" => Self::Previous,
            "embedded" => Self::Embedded,
            "api" => Self::Api(None),
            other => match (other.strip_prefix("api:"), other.split_once('#')) {
                (Some(date), _) => Self::Api(Some(parse_date(date)?)),
                (None, Some((date, number))) => {
                    Self::Date(parse_date(date)?, Some(number.parse().ok()?))
                }
                (None, None) => Self::Date(parse_date(other)?, None),
            },
        })
    }

    /// The value of `--week` that means this; `None` for what is the default.
    #[must_use]
    pub fn flag(self) -> Option<String> {
        match self {
            Self::Latest => None,
            Self::Previous => Some("previous".to_owned()),
            Self::Embedded => Some("embedded".to_owned()),
            Self::Date(date, None) => Some(date.to_string()),
            Self::Date(date, Some(number)) => Some(format!("{date}#{number}")),
            Self::Api(None) => Some("api".to_owned()),
            Self::Api(Some(date)) => Some(format!("api:{date}")),
        }
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
    /// Nothing of that cloud is at hand.
    #[error(
        "no week of {cloud} available: `tagscope update --cloud {}` fetches the newest, `tagscope \
         import FILE` adds a ServiceTags JSON, --file (:file in the dashboard) reads one as it is",
        cloud.flag()
    )]
    NoCloud {
        /// The cloud that was named.
        cloud: Cloud,
    },
    /// No week of that date.
    #[error(
        "no week of {wanted} available; {nearest}, and the available weeks are {first} to {last}"
    )]
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
    /// Nothing of that name, and the dates say nothing more.
    #[error("no {wanted} of {cloud} available; `tagscope weeks` lists what there is")]
    NoSuch {
        /// What was asked for.
        wanted: &'static str,
        /// The cloud.
        cloud: Cloud,
    },
    /// There is none that can be used, and one that cannot.
    #[error("{notes}; {then}")]
    Unusable {
        /// What was wrong with those that are there.
        notes: Safe,
        /// What there is without them.
        then: Box<Self>,
    },
    /// The archive cannot answer.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
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

impl SourceError {
    /// Whether nothing of the cloud is at hand that can be used.
    #[must_use]
    pub fn is_no_cloud(&self) -> bool {
        match self {
            Self::NoCloud { .. } => true,
            Self::Unusable { then, .. } => then.is_no_cloud(),
            _ => false,
        }
    }

    /// Whether there is no week that could be meant.
    pub(super) fn is_no_week(&self) -> bool {
        match self {
            Self::NoCloud { .. } | Self::NoSuch { .. } => true,
            Self::Unusable { then, .. } => then.is_no_week(),
            _ => false,
        }
    }

    /// The same, and what was wrong on the way to it.
    pub(super) fn after(self, notes: &[Safe]) -> Self {
        if notes.is_empty() {
            return self;
        }
        let notes: Vec<&str> = notes.iter().map(Safe::as_str).collect();
        Self::Unusable {
            notes: Safe::from(notes.join("; ")),
            then: Box::new(self),
        }
    }
}

/// Opens the data that a request names.
///
/// # Errors
/// [`SourceError`] says what is missing and what is at hand instead.
pub fn open(request: &Request) -> Result<Dataset, SourceError> {
    let begun = Instant::now();
    let opened = match &request.file {
        Some(path) => open_file(&Input::new(path), request.cloud),
        None => AtHand::of(request).and_then(|at_hand| at_hand.open(request.week)),
    };
    let opened = opened.map(|dataset| dataset.beside(Arc::clone(&request.others)));
    let ms = begun.elapsed().as_millis();
    match &opened {
        Ok(dataset) => {
            let (info, from) = (dataset.info(), dataset.provenance());
            tracing::info!(
                origin = %from.origin,
                source = from.source.word(),
                cloud = %info.cloud,
                date = info.date.map(tracing::field::display),
                number = info.change_number,
                hash = %dataset.record().content_hash,
                flaws = from.flaw_count,
                notes = from.notes.len(),
                ms,
                "data"
            );
        }
        Err(error) => tracing::warn!(%error, ms, "no data"),
    }
    opened
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
        notes: Vec::new(),
    };
    Ok(Dataset::new(index, provenance))
}
