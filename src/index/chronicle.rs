//! Many weeks of one cloud in one file.
//!
//! Weeks differ little, so the file holds the union of all prefixes once, each with the number of
//! its *history*: a list of (tag, mask of the weeks in which the tag had the prefix). Attributes
//! of a tag are runs that hold until the next one. All numbers are LEB128, prefixes are deltas;
//! a week is unpacked in one pass over the file.

mod codec;

use std::borrow::Cow;
use std::collections::HashMap;

use jiff::civil::Date;

use crate::azure::{Cloud, ContentHash, Dialect, Features, Numbers, Tag, Week};
use crate::index::chronicle::codec::{Input, Output};
use crate::space::{Block, Family};

const MAGIC: &[u8; 8] = b"tagsweek";
const VERSION: u128 = 1;

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
}

/// What is known of a week without unpacking it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Publication date.
    pub date: Option<Date>,
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

/// An open chronicle: the table of weeks; the rest is read when a week is unpacked.
#[derive(Debug, Clone)]
pub struct Chronicle {
    cloud: Cloud,
    dialect: Dialect,
    entries: Vec<Entry>,
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
        if input.number()? != VERSION {
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
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Unpacks one week by its place in [`Chronicle::entries`].
    ///
    /// # Errors
    /// [`ChronicleError::NoSuchWeek`], or [`ChronicleError::Damaged`].
    pub fn week(&self, place: usize) -> Result<Week, ChronicleError> {
        let entry = self.entries.get(place).ok_or(ChronicleError::NoSuchWeek)?;
        let body = self.bytes.get(self.body..).ok_or(ChronicleError::Damaged)?;
        let mut input = Input::new(body);
        let count = input.size()?;
        let strings = (0..count)
            .map(|_| input.text())
            .collect::<Result<Vec<_>, _>>()?;
        let mut tags = read_tags(&mut input, &strings, place)?;
        let histories = read_histories(&mut input, place, self.entries.len())?;
        for family in [Family::V4, Family::V6] {
            read_prefixes(&mut input, family, &histories, &mut tags)?;
        }
        Ok(Week {
            cloud: self.cloud,
            date: entry.date,
            change_number: entry.change_number,
            numbers: entry.numbers,
            dialect: self.dialect,
            origin: entry.origin.clone(),
            tags: tags.into_iter().flatten().collect(),
        })
    }
}

fn read_entry(input: &mut Input<'_>) -> Result<Entry, ChronicleError> {
    let damaged = ChronicleError::Damaged;
    let date = match input.size()? {
        0 => None,
        packed => {
            let text = packed.to_string();
            Some(crate::azure::parse_date(&text).ok_or(damaged)?)
        }
    };
    let change_number = input.optional()?;
    let numbers = match input.size()? {
        0 => Numbers::Absent,
        1 => Numbers::Published,
        2 => Numbers::Derived,
        _ => return Err(damaged),
    };
    let mut hash = [0; 32];
    hash.copy_from_slice(input.bytes(32)?);
    Ok(Entry {
        date,
        change_number,
        numbers,
        content_hash: ContentHash(hash),
        origin: input.text()?.to_owned(),
        tags: input.size()?,
        rows: input.size()?,
    })
}

/// The tag table as it stands in one week; `None` for tags that the week has not.
fn read_tags(
    input: &mut Input<'_>,
    strings: &[&str],
    week: usize,
) -> Result<Vec<Option<Tag>>, ChronicleError> {
    let damaged = ChronicleError::Damaged;
    let text = |place: usize| strings.get(place).copied().ok_or(damaged);
    let count = input.size()?;
    let mut tags = Vec::with_capacity(count.min(1 << 16));
    for _ in 0..count {
        let name = text(input.size()?)?;
        let mut current = None;
        let mut from = 0_usize;
        for _ in 0..input.size()? {
            from = from.saturating_add(input.size()?);
            let run = read_run(input)?;
            if from <= week {
                current = run;
            }
        }
        tags.push(match current {
            None => None,
            Some(run) => Some(Tag {
                name: name.to_owned(),
                region: text(run.region)?.to_owned(),
                system_service: text(run.service)?.to_owned(),
                change_number: run.change_number,
                features: match run.features {
                    None => None,
                    Some(place) => Some(Features::from_words(
                        text(place)?.split(' ').filter(|word| !word.is_empty()),
                    )),
                },
                prefixes: Vec::new(),
            }),
        });
    }
    Ok(tags)
}

/// A tag's attributes from one week on; strings by number.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Run {
    change_number: Option<u32>,
    region: usize,
    service: usize,
    features: Option<usize>,
}

fn read_run(input: &mut Input<'_>) -> Result<Option<Run>, ChronicleError> {
    if input.size()? == 0 {
        return Ok(None);
    }
    Ok(Some(Run {
        change_number: input.optional()?,
        region: input.size()?,
        service: input.size()?,
        features: input.size()?.checked_sub(1),
    }))
}

/// The tags of each history in one week: a flat list and where each history ends in it.
struct Histories {
    ends: Vec<usize>,
    tags: Vec<usize>,
}

impl Histories {
    fn tags(&self, history: usize) -> Option<&[usize]> {
        let end = *self.ends.get(history)?;
        let start = match history.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.tags.get(start..end)
    }
}

fn read_histories(
    input: &mut Input<'_>,
    week: usize,
    weeks: usize,
) -> Result<Histories, ChronicleError> {
    let count = input.size()?;
    let mut histories = Histories {
        ends: Vec::with_capacity(count.min(1 << 20)),
        tags: Vec::new(),
    };
    for _ in 0..count {
        for _ in 0..input.size()? {
            let tag = input.size()?;
            let mask = input.bytes(weeks.div_ceil(8))?;
            if mask
                .get(week / 8)
                .is_some_and(|byte| byte >> (week % 8) & 1 == 1)
            {
                histories.tags.push(tag);
            }
        }
        histories.ends.push(histories.tags.len());
    }
    Ok(histories)
}

fn read_prefixes(
    input: &mut Input<'_>,
    family: Family,
    histories: &Histories,
    tags: &mut [Option<Tag>],
) -> Result<(), ChronicleError> {
    let damaged = ChronicleError::Damaged;
    let mut recent = codec::Recent::default();
    let mut place = codec::Place::new(family);
    for _ in 0..input.size()? {
        let block = place.read(input)?;
        let history = recent.read(input)?;
        for &tag in histories.tags(history).ok_or(damaged)? {
            let tag = tags.get_mut(tag).and_then(Option::as_mut).ok_or(damaged)?;
            tag.prefixes.push(block);
        }
    }
    Ok(())
}

/// Writes weeks of one cloud and kind, oldest first.
///
/// # Errors
/// [`ChronicleError::Mixed`] when the weeks do not belong together or are not in order.
pub fn write(weeks: &[Week]) -> Result<Vec<u8>, ChronicleError> {
    let first = weeks.first().ok_or(ChronicleError::Mixed)?;
    let fits = |week: &Week| (week.cloud, week.dialect) == (first.cloud, first.dialect);
    if !weeks.iter().all(fits) || !weeks.is_sorted_by_key(|week| week.date) {
        return Err(ChronicleError::Mixed);
    }
    let mut out = Output::default();
    out.number(VERSION);
    let cloud = Cloud::ALL.iter().position(|&cloud| cloud == first.cloud);
    out.size(cloud.unwrap_or(0));
    out.size(usize::from(first.dialect == Dialect::Api));
    out.size(weeks.len());
    for week in weeks {
        write_entry(&mut out, week);
    }
    let mut body = Body::gather(weeks);
    body.write(weeks, &mut out);
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(&crc32fast::hash(&out.bytes).to_le_bytes());
    bytes.append(&mut out.bytes);
    Ok(bytes)
}

fn write_entry(out: &mut Output, week: &Week) {
    let date = week.date.map_or(0, |date| {
        let part = |part: i8| usize::from(part.unsigned_abs());
        usize::from(date.year().unsigned_abs()) * 10_000
            + part(date.month()) * 100
            + part(date.day())
    });
    out.size(date);
    out.optional(week.change_number);
    out.size(match week.numbers {
        Numbers::Absent => 0,
        Numbers::Published => 1,
        Numbers::Derived => 2,
    });
    out.bytes.extend_from_slice(&week.content_hash().0);
    out.text(&week.origin);
    out.size(week.tags.len());
    out.size(week.rows());
}

/// Everything after the table of weeks.
struct Body<'a> {
    strings: Vec<&'a str>,
    known: HashMap<&'a str, usize>,
    /// Every tag name of any week, sorted.
    names: Vec<&'a str>,
}

impl<'a> Body<'a> {
    fn gather(weeks: &'a [Week]) -> Self {
        let mut names: Vec<&str> = weeks
            .iter()
            .flat_map(|week| week.tags.iter().map(|tag| tag.name.as_str()))
            .collect();
        names.sort_unstable();
        names.dedup();
        Self {
            strings: Vec::new(),
            known: HashMap::new(),
            names,
        }
    }

    fn string(&mut self, text: &'a str) -> usize {
        *self.known.entry(text).or_insert_with(|| {
            self.strings.push(text);
            self.strings.len() - 1
        })
    }

    fn write(&mut self, weeks: &'a [Week], out: &mut Output) {
        let mut tags = Output::default();
        tags.size(self.names.len());
        for name in self.names.clone() {
            let number = self.string(name);
            tags.size(number);
            self.write_runs(name, weeks, &mut tags);
        }
        out.size(self.strings.len());
        for text in &self.strings {
            out.text(text);
        }
        out.bytes.append(&mut tags.bytes);
        self.write_prefixes(weeks, out);
    }

    fn write_runs(&mut self, name: &str, weeks: &'a [Week], out: &mut Output) {
        let mut runs: Vec<(usize, Option<Run>)> = Vec::new();
        for (place, week) in weeks.iter().enumerate() {
            let found = week
                .tags
                .binary_search_by(|tag| tag.name.as_str().cmp(name));
            let tag = found.ok().and_then(|found| week.tags.get(found));
            let run = tag.map(|tag| Run {
                change_number: tag.change_number,
                region: self.string(&tag.region),
                service: self.string(&tag.system_service),
                features: tag
                    .features
                    .as_ref()
                    .map(|features| self.string(features.as_str())),
            });
            if runs.last().and_then(|last| last.1) != run {
                runs.push((place, run));
            }
        }
        out.size(runs.len());
        let mut before = 0;
        for (place, run) in runs {
            out.size(place - before);
            before = place;
            out.size(usize::from(run.is_some()));
            if let Some(run) = run {
                out.optional(run.change_number);
                out.size(run.region);
                out.size(run.service);
                out.size(run.features.map_or(0, |features| features + 1));
            }
        }
    }

    fn write_prefixes(&self, weeks: &[Week], out: &mut Output) {
        let mut rows: Vec<(Block, usize, usize)> = Vec::new();
        for (place, week) in weeks.iter().enumerate() {
            for tag in &week.tags {
                let name = self.names.binary_search(&tag.name.as_str()).unwrap_or(0);
                rows.extend(tag.prefixes.iter().map(|&block| (block, name, place)));
            }
        }
        rows.sort_unstable();
        let mut known: HashMap<Vec<u8>, usize> = HashMap::new();
        let mut histories = Output::default();
        let mut of_block: Vec<(Block, usize)> = Vec::new();
        for group in rows.chunk_by(|a, b| a.0 == b.0) {
            let Some(&(block, ..)) = group.first() else {
                continue;
            };
            let mut history = Output::default();
            let tags: Vec<_> = group.chunk_by(|a, b| a.1 == b.1).collect();
            history.size(tags.len());
            for tag in tags {
                let mut mask = vec![0_u8; weeks.len().div_ceil(8)];
                history.size(tag.first().map_or(0, |row| row.1));
                for &(_, _, week) in tag {
                    if let Some(byte) = mask.get_mut(week / 8) {
                        *byte |= 1 << (week % 8);
                    }
                }
                history.bytes.append(&mut mask);
            }
            let next = known.len();
            let number = *known.entry(history.bytes).or_insert_with_key(|bytes| {
                histories.bytes.extend_from_slice(bytes);
                next
            });
            of_block.push((block, number));
        }
        out.size(known.len());
        out.bytes.append(&mut histories.bytes);
        for family in [Family::V4, Family::V6] {
            let blocks: Vec<_> = of_block
                .iter()
                .filter(|row| row.0.family() == family)
                .collect();
            let mut recent = codec::Recent::default();
            let mut place = codec::Place::new(family);
            out.size(blocks.len());
            for &&(block, history) in &blocks {
                place.write(block, out);
                recent.write(history, out);
            }
        }
    }
}

#[cfg(test)]
mod tests;
