//! Many weeks of one cloud in one file.
//!
//! Weeks differ little, so the file holds the union of all prefixes once, each with the number of
//! its *history*: a list of (tag, set of the weeks in which the tag had the prefix). Week sets are
//! runs of weeks and stand once in a table of their own, so that a year of weeks takes no more
//! room in a history than a month. Attributes of a tag are runs that hold until the next one. All
//! numbers are LEB128, prefixes are deltas; a week is unpacked in one pass over the file.
//!
//! A file is written by a [`Draft`], in one form only: the same weeks give the same bytes.

mod builder;
mod codec;
mod contents;
mod week_set;

use std::borrow::Cow;

use jiff::civil::Date;

use crate::azure::{
    Cloud, ContentHash, DateKind, Dialect, Features, Numbers, Tag, Week, WeekDate, marked_date,
    said_date,
};
use crate::index::chronicle::codec::{Input, Output};

pub use builder::{ChronicleBuilder, write};
pub use contents::{Attributes, Contents, Histories, Rows, TagRuns};
pub use week_set::WeekSet;

const MAGIC: &[u8; 8] = b"tagsweek";
const VERSION: usize = 3;
/// Weeks of a file: 78 years. A damaged file of more would make week sets that exceed all memory.
const MAX_WEEKS: usize = 4_096;
/// What stands for an inferred date is added to what stands for the numbers' kind.
const DATES: usize = 3;

/// Why bytes are not a chronicle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChronicleError {
    /// Other bytes.
    #[error("not a chronicle of weeks")]
    NotAChronicle,
    /// Written by another version of the format.
    #[error("a chronicle of another format version; this program reads version {VERSION}")]
    Version,
    /// The checksum or the structure does not hold.
    #[error("the chronicle of weeks is damaged")]
    Damaged,
    /// No week of that number.
    #[error("the chronicle has no such week")]
    NoSuchWeek,
    /// Weeks that do not belong in one chronicle.
    #[error("a chronicle holds weeks of one cloud and one kind, with ascending dates")]
    Mixed,
    /// No room for another week.
    #[error("a chronicle holds at most {MAX_WEEKS} weeks")]
    Full,
}

/// What is known of a week without unpacking it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeekEntry {
    /// Publication date.
    pub date: Option<Date>,
    /// Where the date is from.
    pub date_is: DateKind,
    /// Root changeNumber, where known.
    pub change_number: Option<u32>,
    /// Where the tags' numbers come from.
    pub numbers: Numbers,
    /// Hash of the content, equal to [`Week::content_hash`].
    pub content_hash: ContentHash,
    /// Where the week was taken from.
    pub origin: String,
    /// Tags in the week.
    pub tags: usize,
    /// Rows in the week.
    pub rows: usize,
}

impl WeekEntry {
    /// The date and where it is from.
    #[must_use]
    pub fn dated(&self) -> Option<WeekDate> {
        let kind = self.date_is;
        self.date.map(|day| WeekDate { day, kind })
    }

    /// The date for a screen and a table, marked where it is inferred.
    #[must_use]
    pub fn marked(&self) -> String {
        marked_date(self.date, self.date_is)
    }

    /// The date for a sentence, which says where it is inferred.
    #[must_use]
    pub fn said(&self) -> String {
        said_date(self.date, self.date_is)
    }
}

/// An open chronicle: the table of weeks; the rest is read when a week is unpacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chronicle {
    cloud: Cloud,
    dialect: Dialect,
    entries: Vec<WeekEntry>,
    /// Where the string table begins.
    body: usize,
    bytes: Cow<'static, [u8]>,
}

impl Chronicle {
    /// Checks the checksum and reads the table of weeks.
    ///
    /// # Errors
    /// [`ChronicleError`] for other or damaged bytes.
    pub fn open(bytes: impl Into<Cow<'static, [u8]>>) -> Result<Self, ChronicleError> {
        let bytes = bytes.into();
        let rest = bytes
            .strip_prefix(MAGIC)
            .ok_or(ChronicleError::NotAChronicle)?;
        let (checksum, rest) = rest.split_first_chunk().ok_or(ChronicleError::Damaged)?;
        if crc32fast::hash(rest) != u32::from_le_bytes(*checksum) {
            return Err(ChronicleError::Damaged);
        }
        let mut input = Input::new(rest);
        if input.size()? != VERSION {
            return Err(ChronicleError::Version);
        }
        let cloud = *Cloud::ALL
            .get(input.size()?)
            .ok_or(ChronicleError::Damaged)?;
        let dialect = match input.size()? {
            0 => Dialect::File,
            1 => Dialect::Api,
            _ => return Err(ChronicleError::Damaged),
        };
        let count = input.size()?;
        if count > MAX_WEEKS {
            return Err(ChronicleError::Damaged);
        }
        let entries = (0..count)
            .map(|_| read_entry(&mut input))
            .collect::<Result<_, _>>()?;
        let body = bytes.len() - input.left();
        Ok(Self {
            cloud,
            dialect,
            entries,
            body,
            bytes,
        })
    }

    /// The cloud of every week.
    #[must_use]
    pub const fn cloud(&self) -> Cloud {
        self.cloud
    }

    /// The weeks, oldest first.
    #[must_use]
    pub fn entries(&self) -> &[WeekEntry] {
        &self.entries
    }

    /// Unpacks one week by its place in [`Chronicle::entries`].
    ///
    /// # Errors
    /// [`ChronicleError::NoSuchWeek`], or [`ChronicleError::Damaged`].
    pub fn week(&self, place: usize) -> Result<Week, ChronicleError> {
        let entry = self.entries.get(place).ok_or(ChronicleError::NoSuchWeek)?;
        let mut input = self.body()?;
        let strings = contents::read_strings(&mut input)?;
        let mut tags = read_tags(&mut input, &strings, place)?;
        let held = contents::read_held(&mut input, place, self.entries.len())?;
        let mut rows = contents::Rows::new(input);
        while let Some((block, history)) = rows.next_row()? {
            for &tag in held.of(history).ok_or(ChronicleError::Damaged)? {
                let tag = usize::try_from(tag).ok().and_then(|tag| tags.get_mut(tag));
                let tag = tag
                    .and_then(Option::as_mut)
                    .ok_or(ChronicleError::Damaged)?;
                tag.prefixes.push(block);
            }
        }
        Ok(Week {
            cloud: self.cloud,
            date: entry.date,
            date_is: entry.date_is,
            change_number: entry.change_number,
            numbers: entry.numbers,
            dialect: self.dialect,
            origin: entry.origin.clone(),
            tags: tags.into_iter().flatten().collect(),
        })
    }

    /// Reads tags, week sets and histories of all weeks; the prefixes come from [`Contents::rows`].
    ///
    /// # Errors
    /// [`ChronicleError::Damaged`].
    pub fn contents(&self) -> Result<Contents<'_>, ChronicleError> {
        Contents::read(self.body()?, self.entries.len())
    }

    /// The kind of document that every week was.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    fn body(&self) -> Result<Input<'_>, ChronicleError> {
        let body = self.bytes.get(self.body..);
        body.map(Input::new).ok_or(ChronicleError::Damaged)
    }
}

fn read_entry(input: &mut Input<'_>) -> Result<WeekEntry, ChronicleError> {
    let damaged = ChronicleError::Damaged;
    let date = match input.size()? {
        0 => None,
        packed => {
            let text = packed.to_string();
            Some(crate::azure::parse_date(&text).ok_or(damaged)?)
        }
    };
    let change_number = input.optional()?;
    let kinds = input.size()?;
    let numbers = match kinds % DATES {
        0 => Numbers::Absent,
        1 => Numbers::Published,
        _ => Numbers::Derived,
    };
    let date_is = match kinds / DATES {
        0 => DateKind::Published,
        1 => DateKind::Inferred,
        _ => return Err(damaged),
    };
    let mut hash = [0; 32];
    hash.copy_from_slice(input.bytes(32)?);
    Ok(WeekEntry {
        date,
        date_is,
        change_number,
        numbers,
        content_hash: ContentHash(hash),
        origin: input.text()?.to_owned(),
        tags: input.size()?,
        rows: input.size()?,
    })
}

/// The tag table as it stands in one week; `None` for tags that the week has not.
fn read_tags<'a>(
    input: &mut Input<'a>,
    strings: &[&'a str],
    week: usize,
) -> Result<Vec<Option<Tag>>, ChronicleError> {
    let count = input.size()?;
    let mut tags = Vec::with_capacity(count.min(1 << 16));
    for _ in 0..count {
        let mut current = None;
        let name = contents::read_runs(input, strings, |from, run| {
            if from <= week {
                current = run;
            }
        })?;
        tags.push(current.map(|run| {
            Tag {
                name: name.to_owned(),
                region: run.region.to_owned(),
                system_service: run.system_service.to_owned(),
                change_number: run.change_number,
                features: run
                    .features
                    .map(|words| Features::from_words(words.split(' '))),
                prefixes: Vec::new(),
            }
        }));
    }
    Ok(tags)
}

fn write_entry(out: &mut Output, entry: &WeekEntry) {
    let date = entry.date.map_or(0, |date| {
        let part = |part: i8| usize::from(part.unsigned_abs());
        usize::from(date.year().unsigned_abs()) * 10_000
            + part(date.month()) * 100
            + part(date.day())
    });
    out.size(date);
    out.optional(entry.change_number);
    let numbers = match entry.numbers {
        Numbers::Absent => 0,
        Numbers::Published => 1,
        Numbers::Derived => 2,
    };
    out.size(match entry.date_is {
        DateKind::Published => numbers,
        DateKind::Inferred => numbers + DATES,
    });
    out.bytes.extend_from_slice(&entry.content_hash.0);
    out.text(&entry.origin);
    out.size(entry.tags);
    out.size(entry.rows);
}

#[cfg(test)]
mod tests;
