//! The name of an archived file, and the card in the comment of its gzip header.

use std::cmp::Ordering;
use std::fmt;
use std::io::{BufReader, Read};

use flate2::bufread::GzDecoder;
use jiff::civil::Date;

use crate::azure::{Cloud, ContentHash, DateKind, Dialect, Document, Numbers, parse_date};

/// What identifies a publication within its cloud; orders by date, then number, then kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Which kind of document.
    pub kind: Dialect,
    /// Publication date, or the day on which the API was asked.
    pub date: Date,
    /// Root changeNumber, where the document has one.
    pub number: Option<u32>,
    /// The first 16 hexadecimal digits of the content's hash.
    head: String,
}

const ENDING: &str = ".json.gz";

impl Name {
    /// The name of a document under its date.
    #[must_use]
    pub fn of(document: &Document, date: Date) -> Self {
        let week = &document.week;
        Self {
            kind: week.dialect,
            date,
            number: week.change_number,
            head: head(&week.content_hash().to_string()),
        }
    }

    /// Reads a file's name; `None` for files of other kinds.
    #[must_use]
    pub fn parse(file: &str) -> Option<Self> {
        let mut parts = file.strip_suffix(ENDING)?.split('-');
        let kind = match parts.next()? {
            "file" => Dialect::File,
            "api" => Dialect::Api,
            _ => return None,
        };
        let date = parse_date(parts.next()?)?;
        let number = match parts.next()? {
            "none" => None,
            number => Some(number.parse().ok()?),
        };
        let head = parts.next()?.to_owned();
        let is_hash = head.len() == 16 && head.bytes().all(|byte| byte.is_ascii_hexdigit());
        let name = Self {
            kind,
            date,
            number,
            head,
        };
        (is_hash && parts.next().is_none() && name.file() == file).then_some(name)
    }

    /// The publication's file.
    #[must_use]
    pub fn file(&self) -> String {
        format!("{self}{ENDING}")
    }

    /// The compiled index's file.
    #[must_use]
    pub fn compiled(&self) -> String {
        format!("{self}.idx")
    }

    /// Whether this is the name of that content.
    #[must_use]
    pub fn is_of(&self, hash: ContentHash) -> bool {
        self.head == head(&hash.to_string())
    }

    fn key(&self) -> (Date, Option<u32>, bool, &str) {
        (
            self.date,
            self.number,
            self.kind == Dialect::File,
            &self.head,
        )
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Dialect::File => "file",
            Dialect::Api => "api",
        };
        write!(f, "{kind}-{}-", self.date.strftime("%Y%m%d"))?;
        match self.number {
            Some(number) => write!(f, "{number}")?,
            None => f.write_str("none")?,
        }
        write!(f, "-{}", self.head)
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

/// The first 16 digits behind `sha256:`.
fn head(hash: &str) -> String {
    let digits = hash.rsplit(':').next().unwrap_or("");
    digits.chars().take(16).collect()
}

/// What is known of an archived publication without reading it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Card {
    /// The cloud.
    pub cloud: Cloud,
    /// Which kind of document.
    pub kind: Dialect,
    /// `YYYY-MM-DD`.
    pub date: String,
    /// Where the date is from; cards of before it was kept say nothing, and stand for the name's.
    #[serde(default)]
    pub date_is: DateKind,
    /// Root changeNumber.
    pub change_number: Option<u32>,
    /// Where the tags' numbers come from.
    pub change_numbers: Numbers,
    /// `sha256:…` of the parsed content.
    pub content_hash: String,
    /// Tags.
    pub tags: usize,
    /// Rows.
    pub prefixes: usize,
    /// What could not be taken as it stands.
    pub flaws: usize,
    /// Where it was taken from: a file's name, or a URL.
    pub origin: String,
    /// The server's mark of this version, for the next question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// The server's date of this version, for the next question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
}

impl Card {
    /// The card of a document.
    #[must_use]
    pub fn of(document: &Document, date: Date, origin: &str) -> Self {
        let week = &document.week;
        Self {
            cloud: week.cloud,
            kind: week.dialect,
            date: date.to_string(),
            date_is: week.date_is,
            change_number: week.change_number,
            change_numbers: week.numbers,
            content_hash: week.content_hash().to_string(),
            tags: week.tags.len(),
            prefixes: week.rows(),
            flaws: document.flaw_count,
            origin: crate::text::clean(origin).into_owned(),
            etag: None,
            last_modified: None,
        }
    }

    /// The name of the file that has this card.
    #[must_use]
    pub fn name(&self) -> Option<Name> {
        Some(Name {
            kind: self.kind,
            date: parse_date(&self.date)?,
            number: self.change_number,
            head: head(&self.content_hash),
        })
    }

    /// The comment of the gzip header: a checksum, for gzip has none there, and the card.
    #[must_use]
    pub fn comment(&self) -> String {
        let card = serde_json::to_string(self).unwrap_or_default();
        format!("{:08x} {card}", crc32fast::hash(card.as_bytes()))
    }

    /// Reads the card at the head of a file.
    #[must_use]
    pub fn read(file: impl Read) -> Option<Self> {
        let decoder = GzDecoder::new(BufReader::with_capacity(2048, file));
        let comment = decoder.header()?.comment()?;
        let (checksum, card) = comment.split_at_checked(8)?;
        let card = card.strip_prefix(b" ")?;
        let expected = format!("{:08x}", crc32fast::hash(card));
        if checksum != expected.as_bytes() {
            return None;
        }
        serde_json::from_slice(card).ok()
    }
}
