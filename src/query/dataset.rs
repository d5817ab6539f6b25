//! The data that questions are asked of.

use std::sync::{Arc, OnceLock};

use jiff::civil::Date;

use crate::azure::{
    Age, Cloud, DateKind, Dialect, DocumentFlaw, Names, Numbers, TagName, marked_date, parse_date,
    said_date,
};
use crate::index::{Index, View, WeekInfo};
use crate::ranges::OtherRanges;
use crate::text::Safe;

/// One compiled week and where it came from.
#[derive(Debug, Clone)]
pub struct Dataset {
    index: Index,
    provenance: Provenance,
    /// What the names of its tags can be called; built when it is first asked for.
    names: OnceLock<Names>,
    /// Ranges that stand beside its tags.
    others: Arc<OtherRanges>,
}

/// Where a week came from, and what was wrong in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// Which of the program's sources.
    pub source: Source,
    /// A path or the maker's words.
    pub origin: Safe,
    /// What was wrong in the document: the first ones.
    pub flaws: Vec<DocumentFlaw>,
    /// All that was wrong in the document.
    pub flaw_count: usize,
    /// What happened on the way to it that a person should read: files that were set aside.
    pub notes: Vec<Safe>,
}

/// The program's sources of weeks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// Comes with the program.
    Embedded,
    /// Imported or fetched, and kept.
    Archive,
    /// A file named by the user.
    File,
}

impl Source {
    /// The word for a screen.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Embedded => "embedded",
            Self::Archive => "archive",
            Self::File => "file",
        }
    }
}

/// Equal content from the same place.
impl PartialEq for Dataset {
    fn eq(&self, other: &Self) -> bool {
        self.info() == other.info() && self.provenance == other.provenance
    }
}

impl Eq for Dataset {}

impl Dataset {
    /// Joins a compiled week and its provenance.
    #[must_use]
    pub fn new(index: Index, provenance: Provenance) -> Self {
        Self {
            index,
            provenance,
            names: OnceLock::new(),
            others: Arc::default(),
        }
    }

    /// The same with ranges of others beside it.
    #[must_use]
    pub fn beside(self, others: Arc<OtherRanges>) -> Self {
        Self { others, ..self }
    }

    /// Ranges of others that stand beside its tags.
    #[must_use]
    pub fn others(&self) -> &OtherRanges {
        &self.others
    }

    /// The compiled week's sections; take it once per job.
    #[must_use]
    pub fn view(&self) -> View<'_> {
        self.index.view()
    }

    /// The compiled week.
    #[must_use]
    pub const fn index(&self) -> &Index {
        &self.index
    }

    /// What the header says of the week.
    #[must_use]
    pub const fn info(&self) -> &WeekInfo {
        self.index.info()
    }

    /// Where the tags' numbers come from.
    #[must_use]
    pub const fn numbers(&self) -> Numbers {
        self.index.info().numbers
    }

    /// The cloud.
    #[must_use]
    pub const fn cloud(&self) -> Cloud {
        self.index.info().cloud
    }

    /// Where the week came from.
    #[must_use]
    pub const fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// What the names of its tags can be called, in the order of the week's table.
    pub fn names(&self) -> &Names {
        self.names
            .get_or_init(|| Names::new(self.cloud(), self.tag_names()))
    }

    /// The names of its tags, in the same order.
    pub fn tag_names(&self) -> impl Iterator<Item = TagName<'_>> {
        let view = self.view();
        let rows = view.tag_ids().map(move |tag| view.tag(tag));
        // A row that cannot be read keeps its place.
        rows.map(|row| TagName {
            name: row.map_or("", |row| row.name),
            region: row.map_or("", |row| row.region),
            system_service: row.map_or("", |row| row.system_service),
        })
    }

    /// The `week` object of the JSON documents.
    #[must_use]
    pub fn record(&self) -> WeekRecord {
        let info = self.info();
        let view = self.view();
        WeekRecord {
            cloud: info.cloud,
            date: info.date.map(|date| date.to_string()),
            date_is: info.date.map(|_| info.date_is),
            change_number: info.change_number,
            change_numbers: info.numbers,
            source: self.provenance.source,
            origin: self.provenance.origin.to_string(),
            content_hash: info.content_hash.to_string(),
            tags: view.tag_count(),
            prefixes: view.row_count(),
            kind: info.dialect,
        }
    }

    /// How old the publication is; `None` without a date.
    #[must_use]
    pub fn age(&self, today: Date) -> Option<Age> {
        self.info().date.map(|date| Age::of(date, today))
    }
}

/// A week as the JSON documents name it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WeekRecord {
    /// The file's name of the cloud.
    pub cloud: Cloud,
    /// `YYYY-MM-DD`, or null.
    pub date: Option<String>,
    /// `published` or `inferred`; null without a date.
    pub date_is: Option<DateKind>,
    /// Root changeNumber, or null.
    pub change_number: Option<u32>,
    /// `published`, `derived` or `absent`.
    pub change_numbers: Numbers,
    /// `embedded`, `archive` or `file`.
    pub source: Source,
    /// A path, a URL or the maker's words.
    pub origin: String,
    /// `sha256:…` of the parsed content.
    pub content_hash: String,
    /// Tags in the week.
    pub tags: usize,
    /// Rows in the week.
    pub prefixes: usize,
    /// `api` for an answer of the Discovery API; left out for the published file.
    #[serde(skip_serializing_if = "is_file")]
    pub kind: Dialect,
}

impl WeekRecord {
    /// The date as a day.
    #[must_use]
    pub fn day(&self) -> Option<Date> {
        self.date.as_deref().and_then(parse_date)
    }

    /// The date for a screen, marked where it is inferred.
    #[must_use]
    pub fn marked(&self) -> String {
        marked_date(self.date.as_deref(), self.date_is.unwrap_or_default())
    }

    /// The date for a sentence, which says where it is inferred.
    #[must_use]
    pub fn said(&self) -> String {
        said_date(self.date.as_deref(), self.date_is.unwrap_or_default())
    }
}

/// A week in a line of a file: `2026-10-19, Public, change number 383, sha256:…`.
#[must_use]
pub fn week_line(cloud: Cloud, date: &str, number: Option<u32>, hash: &str) -> String {
    let number = match number {
        Some(number) => format!("change number {number}, "),
        None => String::new(),
    };
    format!("{date}, {cloud}, {number}{hash}")
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the shape that serde calls"
)]
fn is_file(kind: &Dialect) -> bool {
    *kind == Dialect::File
}
