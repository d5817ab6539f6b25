//! The manifest of a folder: which week it is, and which files are in it.

use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use crate::azure::ContentHash;
use crate::query::export::fill::{Stamp, tag_names};
use crate::query::export::{ExportFile, ExportKind, ExportQuestion, ExportRefusal};
use crate::query::{Dataset, SCHEMA_VERSION, WeekRecord};
use crate::text::Safe;

/// The name of the manifest in its folder.
pub const MANIFEST: &str = "tagscope.json";

/// The manifest as its JSON document.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct ManifestRecord<'a> {
    schema_version: u32,
    /// The command line that fills the folder again.
    command: &'a str,
    kind: &'static str,
    week: WeekRecord,
    /// The tags that were named; null for all.
    tags: Option<Vec<String>>,
    files: Vec<FileStamp>,
}

/// A file of a folder, and how to know it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileStamp {
    file: String,
    bytes: usize,
    content_hash: String,
}

/// The manifest of a folder.
pub(super) fn manifest(
    question: &ExportQuestion,
    dataset: &Dataset,
    stamp: &Stamp,
    files: &[ExportFile],
) -> Result<Vec<u8>, ExportRefusal> {
    let files = files.iter().map(|file| FileStamp {
        file: file.name.to_owned(),
        bytes: file.bytes.len(),
        content_hash: hash(&file.bytes),
    });
    let record = ManifestRecord {
        schema_version: SCHEMA_VERSION,
        command: &stamp.command,
        kind: question.kind.word(),
        week: dataset.record(),
        tags: tag_names(question, dataset),
        files: files.collect(),
    };
    let mut bytes = serde_json::to_vec_pretty(&record)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn hash(bytes: &[u8]) -> String {
    let digest = digest(&SHA256, bytes);
    ContentHash(digest.as_ref().try_into().unwrap_or_default()).to_string()
}

/// What the manifest of an earlier run says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// The engine.
    pub kind: ExportKind,
    /// The date of its week, where it has one.
    pub date: Option<String>,
    cloud: String,
    hash: String,
    tags: Option<Vec<String>>,
    files: Vec<FileStamp>,
}

impl Manifest {
    /// Reads a manifest; `None` where it is none of this program.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        struct Document {
            command: String,
            kind: String,
            week: Week,
            tags: Option<Vec<String>>,
            files: Vec<FileStamp>,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Week {
            cloud: String,
            date: Option<String>,
            content_hash: String,
        }
        let document: Document = serde_json::from_slice(bytes).ok()?;
        let is_ours = document.command.starts_with("tagscope export ");
        // A name that leads out of the folder is not of this program.
        let is_plain = |file: &FileStamp| {
            let fits = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
            file.file.chars().all(fits) && !file.file.starts_with('.')
        };
        if !is_ours || !document.files.iter().all(is_plain) {
            return None;
        }
        Some(Self {
            kind: ExportKind::parse(&document.kind)?,
            date: document.week.date,
            cloud: document.week.cloud,
            hash: document.week.content_hash,
            tags: document.tags,
            files: document.files,
        })
    }

    /// The names of its files, without its own.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.file.as_str())
    }

    /// Holds a folder against a week. `kind` and `tags` are what it should be, where that is said; `read`
    /// gives the bytes of a file that is there.
    pub fn check(
        &self,
        kind: Option<ExportKind>,
        tags: Option<&[String]>,
        dataset: &Dataset,
        read: impl Fn(&str) -> Option<Vec<u8>>,
    ) -> ExportCheck {
        if kind.is_some_and(|kind| kind != self.kind) {
            return ExportCheck::OtherKind { kind: self.kind };
        }
        let info = dataset.info();
        let is_week = self.hash == info.content_hash.to_string() && self.cloud == info.cloud.name();
        if !is_week {
            return ExportCheck::OtherWeek {
                date: self.date.clone(),
            };
        }
        if tags.is_some_and(|tags| self.tags.as_deref() != Some(tags)) {
            return ExportCheck::OtherTags;
        }
        let is_whole = |file: &&FileStamp| {
            read(&file.file).is_some_and(|bytes| hash(&bytes) == file.content_hash)
        };
        match self.files.iter().find(|file| !is_whole(file)) {
            Some(file) => ExportCheck::Changed {
                file: Safe::new(&file.file),
            },
            None => ExportCheck::Current,
        }
    }
}

/// What a folder is beside a week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExportCheck {
    /// Of this week, and as it was written.
    Current,
    /// Of another week.
    OtherWeek {
        /// The date of that.
        date: Option<String>,
    },
    /// Of this week, but of other tags.
    OtherTags,
    /// A file is not as it was written, or is not there.
    Changed {
        /// The first one.
        file: Safe,
    },
    /// For another engine.
    OtherKind {
        /// For which.
        kind: ExportKind,
    },
    /// Not written by this program.
    Foreign,
}

impl ExportCheck {
    /// The word of the JSON document.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::OtherWeek { .. } => "otherWeek",
            Self::OtherTags => "otherTags",
            Self::Changed { .. } => "changed",
            Self::OtherKind { .. } => "otherKind",
            Self::Foreign => "foreign",
        }
    }

    /// Whether it is nothing that can be held against a week.
    #[must_use]
    pub const fn is_foreign(&self) -> bool {
        matches!(self, Self::OtherKind { .. } | Self::Foreign)
    }

    /// What follows the name of the folder in a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Current => "is of this week".to_owned(),
            Self::OtherWeek { date: Some(date) } => {
                format!("is of another week: {}", Safe::new(date))
            }
            Self::OtherWeek { date: None } => "is of another week, which has no date".to_owned(),
            Self::OtherTags => "is of this week, but of other tags".to_owned(),
            Self::Changed { file } => {
                format!("is of this week, but {file} is not as it was written")
            }
            Self::OtherKind { kind } => format!("was exported for {}", kind.word()),
            Self::Foreign => format!("was not exported by tagscope: it has no {MANIFEST} of it"),
        }
    }

    /// The JSON document.
    #[must_use]
    pub fn record(&self, path: &Safe, dataset: &Dataset) -> ExportRecord {
        ExportRecord {
            schema_version: SCHEMA_VERSION,
            path: path.to_string(),
            status: self.word(),
            because: self.sentence(),
            week: dataset.record(),
        }
    }
}

/// What a folder is beside a week, as its JSON document.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExportRecord {
    schema_version: u32,
    path: String,
    status: &'static str,
    because: String,
    week: WeekRecord,
}
