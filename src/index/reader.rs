//! Bytes → checked view.

use std::borrow::Cow;
use std::fmt;

use jiff::civil::Date;
use zerocopy::byteorder::little_endian::{U16, U32, U64, U128};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::azure::{
    Cloud, ContentHash, DateKind, Dialect, Feature, Numbers, Rank, marked_date, said_date,
};
use crate::index::layout::{
    Header, IndexError, MAGIC, NONE, Section, SectionRecord, TagLayout, TextRef, VERSION,
};
use crate::space::{Block, Family};

/// A compiled week, held as its file's bytes.
#[derive(Clone)]
pub struct Index {
    bytes: Cow<'static, [u8]>,
    info: WeekInfo,
    origin: TextRef,
    sections: [SectionPlace; Section::ALL.len()],
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Index")
            .field("bytes", &self.bytes.len())
            .field("info", &self.info)
            .finish_non_exhaustive()
    }
}

/// Where a section's elements lie; checked against the file's length and the element's width.
#[derive(Debug, Clone, Copy, Default)]
struct SectionPlace {
    start: usize,
    end: usize,
    is_wide: bool,
    checksum: u32,
}

/// What the header says of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeekInfo {
    /// The cloud.
    pub cloud: Cloud,
    /// Publication date, where known.
    pub date: Option<Date>,
    /// Where the date is from.
    pub date_is: DateKind,
    /// The root changeNumber, where known.
    pub change_number: Option<u32>,
    /// Where the tags' numbers come from.
    pub numbers: Numbers,
    /// Which kind of document it was.
    pub dialect: Dialect,
    /// Hash of the parsed content.
    pub content_hash: ContentHash,
}

impl WeekInfo {
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

impl Index {
    /// Takes bytes whose sections are trusted: checks header, table and bounds, a few microseconds.
    ///
    /// Damage inside a section cannot make a later call fail or panic; it can give wrong answers.
    ///
    /// # Errors
    /// [`IndexError`] when the structure does not hold.
    pub fn open_trusted(bytes: impl Into<Cow<'static, [u8]>>) -> Result<Self, IndexError> {
        let bytes = bytes.into();
        let (header, rest) = Header::ref_from_prefix(&bytes).map_err(|_| IndexError::NotAnIndex)?;
        if header.magic != MAGIC {
            return Err(IndexError::NotAnIndex);
        }
        if header.version.get() != VERSION {
            let found = header.version.get();
            return Err(IndexError::Version { found });
        }
        let count = header.section_count.get();
        let is_whole = usize::try_from(header.length.get()) == Ok(bytes.len());
        if !is_whole || usize::try_from(count) != Ok(Section::ALL.len()) {
            return Err(IndexError::Header);
        }
        let (table, _) = <[SectionRecord]>::ref_from_prefix_with_elems(rest, Section::ALL.len())
            .map_err(|_| IndexError::Header)?;
        let mut hasher = crc32fast::Hasher::new();
        let unsigned = Header {
            checksum: U32::new(0),
            ..*header
        };
        hasher.update(unsigned.as_bytes());
        hasher.update(table.as_bytes());
        if hasher.finalize() != header.checksum.get() {
            return Err(IndexError::Header);
        }
        let mut sections = [SectionPlace::default(); Section::ALL.len()];
        for ((place, record), section) in sections.iter_mut().zip(table).zip(Section::ALL) {
            *place = check(record, section, bytes.len())?;
        }
        Ok(Self {
            info: info(header)?,
            origin: header.origin,
            sections,
            bytes,
        })
    }

    /// Takes bytes from a disk or a network: also checks every section's checksum.
    ///
    /// # Errors
    /// [`IndexError`]; a damaged section is named.
    pub fn open(bytes: impl Into<Cow<'static, [u8]>>) -> Result<Self, IndexError> {
        let index = Self::open_trusted(bytes)?;
        index.verify()?;
        Ok(index)
    }

    /// Checks every section's checksum.
    ///
    /// # Errors
    /// [`IndexError::Section`] names the first damaged one.
    pub fn verify(&self) -> Result<(), IndexError> {
        for (place, section) in self.sections.iter().zip(Section::ALL) {
            let bytes = self.bytes.get(place.start..place.end).unwrap_or(&[]);
            if crc32fast::hash(bytes) != place.checksum {
                return Err(IndexError::Section {
                    section: section.name(),
                });
            }
        }
        Ok(())
    }

    /// What the header says.
    #[must_use]
    pub const fn info(&self) -> &WeekInfo {
        &self.info
    }

    /// The file.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Where the content was taken from, in the maker's words.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.view().text(self.origin).unwrap_or("")
    }

    /// The sections as slices; some hundred nanoseconds, so take it once per job.
    #[must_use]
    pub fn view(&self) -> View<'_> {
        View {
            strings: self.slice(Section::Strings),
            texts: self.slice(Section::Texts),
            tags: self.slice(Section::Tags),
            set_starts: self.slice(Section::SetStarts),
            set_tags: self.slice(Section::SetTags),
            node_parent: self.ids(Section::NodeParent),
            node_set: self.ids(Section::NodeSet),
            node_length: self.slice(Section::NodeLength),
            v4_top: self.ids(Section::V4Top),
            v4_low: self.slice(Section::V4Low),
            v4_node: self.ids(Section::V4Node),
            v6_high: self.slice(Section::V6High),
            v6_start: self.ids(Section::V6Start),
            v6_low: self.slice(Section::V6Low),
            v6_node: self.ids(Section::V6Node),
            v4_first: self.slice(Section::V4First),
            v4_length: self.slice(Section::V4Length),
            v4_set: self.ids(Section::V4Set),
            v6_first: self.slice(Section::V6First),
            v6_length: self.slice(Section::V6Length),
            v6_set: self.ids(Section::V6Set),
            rows4: self.ids(Section::Rows4),
            rows6: self.ids(Section::Rows6),
        }
    }

    fn place(&self, section: Section) -> SectionPlace {
        let number = Section::ALL.iter().position(|&known| known == section);
        number
            .and_then(|number| self.sections.get(number))
            .copied()
            .unwrap_or_default()
    }

    fn slice<T>(&self, section: Section) -> &[T]
    where
        T: FromBytes + Immutable + KnownLayout + Unaligned,
    {
        let place = self.place(section);
        let bytes = self.bytes.get(place.start..place.end).unwrap_or(&[]);
        <[T]>::ref_from_bytes(bytes).unwrap_or(&[])
    }

    fn ids(&self, section: Section) -> Ids<'_> {
        if self.place(section).is_wide {
            Ids::Wide(self.slice(section))
        } else {
            Ids::Narrow(self.slice(section))
        }
    }
}

fn check(
    record: &SectionRecord,
    section: Section,
    length: usize,
) -> Result<SectionPlace, IndexError> {
    let damaged = IndexError::Section {
        section: section.name(),
    };
    let number = |value: U32| usize::try_from(value.get()).unwrap_or(usize::MAX);
    let width = record.width.get();
    let start = number(record.offset);
    let size = number(record.count).checked_mul(usize::from(width));
    let end = size.and_then(|size| size.checked_add(start));
    match end {
        Some(end) if end <= length && section.widths().contains(&width) => Ok(SectionPlace {
            start,
            end,
            is_wide: width == 4,
            checksum: record.checksum.get(),
        }),
        _ => Err(damaged),
    }
}

fn info(header: &Header) -> Result<WeekInfo, IndexError> {
    let date = match header.year.get() {
        0 => None,
        year => {
            let small = |part: u8| i8::try_from(part).unwrap_or(0);
            let year = i16::try_from(year).unwrap_or(0);
            let date = Date::new(year, small(header.month), small(header.day));
            Some(date.map_err(|_| IndexError::Header)?)
        }
    };
    Ok(WeekInfo {
        cloud: *Cloud::ALL
            .get(usize::from(header.cloud))
            .ok_or(IndexError::Header)?,
        date,
        date_is: match header.date_kind {
            0 => DateKind::Published,
            1 => DateKind::Inferred,
            _ => return Err(IndexError::Header),
        },
        change_number: some(header.change_number),
        numbers: match header.numbers {
            0 => Numbers::Absent,
            1 => Numbers::Published,
            2 => Numbers::Derived,
            _ => return Err(IndexError::Header),
        },
        dialect: match header.dialect {
            0 => Dialect::File,
            1 => Dialect::Api,
            _ => return Err(IndexError::Header),
        },
        content_hash: ContentHash(header.content_hash),
    })
}

fn some(number: U32) -> Option<u32> {
    Some(number.get()).filter(|&number| number != NONE)
}

/// A column of ids, 2 or 4 bytes each.
#[derive(Debug, Clone, Copy)]
pub(in crate::index) enum Ids<'a> {
    Narrow(&'a [U16]),
    Wide(&'a [U32]),
}

impl Ids<'_> {
    #[inline]
    pub fn get(&self, place: usize) -> Option<usize> {
        match self {
            Self::Narrow(ids) => ids.get(place).map(|id| usize::from(id.get())),
            Self::Wide(ids) => ids.get(place).and_then(|id| usize::try_from(id.get()).ok()),
        }
    }

    pub const fn len(&self) -> usize {
        match self {
            Self::Narrow(ids) => ids.len(),
            Self::Wide(ids) => ids.len(),
        }
    }

    /// How many leading ids are at most `limit`; the ids must ascend.
    pub fn count_up_to(&self, limit: usize) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.get(middle).is_some_and(|id| id <= limit) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}

/// A tag by its place in the tag table, which is in name order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TagId(pub u16);

impl TagId {
    /// The place as an index.
    #[must_use]
    pub fn place(self) -> usize {
        usize::from(self.0)
    }
}

/// A row of the tag table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TagRow<'a> {
    /// Published name.
    pub name: &'a str,
    /// Region property; empty when not regional.
    pub region: &'a str,
    /// systemService; empty for roll-ups.
    pub system_service: &'a str,
    /// Feature words in order; `None` for null or unknown.
    pub features: Option<&'a str>,
    /// changeNumber, where known.
    pub change_number: Option<u32>,
    /// IPv4 rows.
    pub prefixes_v4: usize,
    /// IPv6 rows.
    pub prefixes_v6: usize,
}

impl TagRow<'_> {
    /// How narrow the tag is.
    #[must_use]
    pub fn rank(&self) -> Rank {
        Rank::of(self.name, self.region)
    }

    /// Whether it is listed as usable there.
    #[must_use]
    pub fn has_feature(&self, feature: Feature) -> bool {
        let mut words = self.features.into_iter().flat_map(|words| words.split(' '));
        words.any(|word| word == feature.word())
    }

    /// Rows of both families.
    #[must_use]
    pub const fn prefixes(&self) -> usize {
        self.prefixes_v4 + self.prefixes_v6
    }
}

/// A compiled week's sections as slices; cheap to copy.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    pub(in crate::index) strings: &'a [u8],
    texts: &'a [TextRef],
    pub(in crate::index) tags: &'a [TagLayout],
    pub(in crate::index) set_starts: &'a [U32],
    pub(in crate::index) set_tags: &'a [U16],
    pub(in crate::index) node_parent: Ids<'a>,
    pub(in crate::index) node_set: Ids<'a>,
    pub(in crate::index) node_length: &'a [u8],
    pub(in crate::index) v4_top: Ids<'a>,
    pub(in crate::index) v4_low: &'a [U16],
    pub(in crate::index) v4_node: Ids<'a>,
    pub(in crate::index) v6_high: &'a [U64],
    pub(in crate::index) v6_start: Ids<'a>,
    pub(in crate::index) v6_low: &'a [U64],
    pub(in crate::index) v6_node: Ids<'a>,
    pub(in crate::index) v4_first: &'a [U32],
    pub(in crate::index) v4_length: &'a [u8],
    pub(in crate::index) v4_set: Ids<'a>,
    pub(in crate::index) v6_first: &'a [U128],
    pub(in crate::index) v6_length: &'a [u8],
    pub(in crate::index) v6_set: Ids<'a>,
    rows4: Ids<'a>,
    rows6: Ids<'a>,
}

impl<'a> View<'a> {
    /// How many tags.
    #[must_use]
    pub const fn tag_count(&self) -> usize {
        self.tags.len()
    }

    /// Rows over all tags and both families.
    #[must_use]
    pub const fn row_count(&self) -> usize {
        self.rows4.len() + self.rows6.len()
    }

    /// Every tag, by name.
    pub fn tag_ids(&self) -> impl ExactSizeIterator<Item = TagId> + use<> {
        (0..u16::try_from(self.tags.len()).unwrap_or(u16::MAX)).map(TagId)
    }

    /// A row of the tag table; `None` past its end.
    #[must_use]
    pub fn tag(&self, tag: TagId) -> Option<TagRow<'a>> {
        let record = self.tags.get(tag.place())?;
        let (start4, end4) = self.rows_of(tag, Family::V4);
        let (start6, end6) = self.rows_of(tag, Family::V6);
        Some(TagRow {
            name: self.text(record.name)?,
            region: self.attribute(record.region)?,
            system_service: self.attribute(record.service)?,
            features: self.attribute(record.features),
            change_number: some(record.change_number),
            prefixes_v4: end4.saturating_sub(start4),
            prefixes_v6: end6.saturating_sub(start6),
        })
    }

    /// The tag of this name; case is ignored.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<TagId> {
        self.tag_ids().find(|&tag| {
            let record = self.tags.get(tag.place());
            let found = record.and_then(|record| self.text(record.name));
            found.is_some_and(|found| found.eq_ignore_ascii_case(name))
        })
    }

    /// The tag's prefixes of one family, ascending.
    #[must_use]
    pub fn prefixes(
        &self,
        tag: TagId,
        family: Family,
    ) -> impl ExactSizeIterator<Item = Block> + use<'a> {
        let (start, end) = self.rows_of(tag, family);
        let (view, rows) = (*self, self.rows(family));
        (start..end).map(move |row| {
            let block = rows.get(row).and_then(|place| view.prefix(family, place));
            block.map_or(Block::holding(family, 0, family.bits()), |(block, _)| block)
        })
    }

    /// The tag's prefixes, IPv4 first.
    pub fn all_prefixes(&self, tag: TagId) -> impl Iterator<Item = Block> + use<'a> {
        self.prefixes(tag, Family::V4)
            .chain(self.prefixes(tag, Family::V6))
    }

    /// One of the tag's prefixes, counted through both families.
    #[must_use]
    pub fn nth_prefix(&self, tag: TagId, row: usize) -> Option<Block> {
        let (start, end) = self.rows_of(tag, Family::V4);
        let v4 = end.saturating_sub(start);
        let (family, row) = if row < v4 {
            (Family::V4, start + row)
        } else {
            let (start, end) = self.rows_of(tag, Family::V6);
            let row = start.checked_add(row - v4).filter(|&row| row < end)?;
            (Family::V6, row)
        };
        let place = self.rows(family).get(row)?;
        self.prefix(family, place).map(|(block, _)| block)
    }

    pub(in crate::index) fn rows(&self, family: Family) -> Ids<'a> {
        match family {
            Family::V4 => self.rows4,
            Family::V6 => self.rows6,
        }
    }

    pub(in crate::index) fn rows_of(&self, tag: TagId, family: Family) -> (usize, usize) {
        let start = |place: usize| {
            let record = self.tags.get(place)?;
            let row = match family {
                Family::V4 => record.rows4,
                Family::V6 => record.rows6,
            };
            usize::try_from(row.get()).ok()
        };
        let all = self.rows(family).len();
        let from = start(tag.place()).unwrap_or(all).min(all);
        (from, start(tag.place() + 1).unwrap_or(all).clamp(from, all))
    }

    /// A distinct prefix and the number of its set.
    #[inline]
    pub(in crate::index) fn prefix(&self, family: Family, place: usize) -> Option<(Block, usize)> {
        let (first, length, set) = match family {
            Family::V4 => (
                u128::from(self.v4_first.get(place)?.get()),
                *self.v4_length.get(place)?,
                self.v4_set.get(place)?,
            ),
            Family::V6 => (
                self.v6_first.get(place)?.get(),
                *self.v6_length.get(place)?,
                self.v6_set.get(place)?,
            ),
        };
        Some((Block::holding(family, first, length), set))
    }

    /// The tags of a set, narrow first.
    #[inline]
    pub(in crate::index) fn set(&self, set: usize) -> &'a [U16] {
        let bound = |place: usize| {
            let start = self.set_starts.get(place)?;
            usize::try_from(start.get()).ok()
        };
        bound(set)
            .zip(bound(set + 1))
            .and_then(|(from, to)| self.set_tags.get(from..to))
            .unwrap_or(&[])
    }

    /// A shared attribute; `None` for no text at all.
    pub(in crate::index) fn attribute(&self, number: U16) -> Option<&'a str> {
        let place = self.texts.get(usize::from(number.get()))?;
        self.text(*place)
    }

    pub(in crate::index) fn text(&self, place: TextRef) -> Option<&'a str> {
        let length = place.length.get();
        let start = usize::try_from(place.offset.get()).ok()?;
        let bytes = self.strings.get(start..)?.get(..usize::from(length))?;
        std::str::from_utf8(bytes).ok()
    }
}

#[cfg(test)]
mod tests {
    use crate::index::embedded_index;

    #[test]
    fn rows_past_a_tags_end_are_none() {
        let index = embedded_index().unwrap();
        let view = index.view();
        for tag in view.tag_ids() {
            let rows = view.tag(tag).unwrap().prefixes();
            for row in [rows, rows + 1, usize::MAX] {
                assert_eq!(view.nth_prefix(tag, row), None);
            }
        }
    }
}
