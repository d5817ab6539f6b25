//! Week → bytes, the same bytes for the same week.

mod intern;

use std::collections::HashMap;

use zerocopy::IntoBytes;
use zerocopy::byteorder::little_endian::{U16, U32, U64, U128};

use crate::azure::{DateKind, Dialect, Numbers, Week};
use crate::index::layout::{
    ALIGNMENT, Header, MAGIC, NONE, Section, SectionRecord, TagLayout, TextRef, VERSION,
};
use crate::index::writer::intern::{Nodes, Sets};
use crate::space::Family;

/// A week that does not fit the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a compiled week holds at most {limit} {what}")]
pub struct WriteError {
    /// `tags` or `rows`.
    pub what: &'static str,
    /// The limit.
    pub limit: usize,
}

const MAX_TAGS: usize = 21_000;
const MAX_ROWS: usize = 8_000_000;

/// Compiles `week`; its tags must be sorted by name and their prefixes sorted without repeats.
///
/// # Errors
/// [`WriteError`] past 21,000 tags or 8,000,000 rows, which no document within the caps reaches.
pub fn write(week: &Week) -> Result<Vec<u8>, WriteError> {
    for (count, limit, what) in [
        (week.tags.len(), MAX_TAGS, "tags"),
        (week.rows(), MAX_ROWS, "rows"),
    ] {
        if count > limit {
            return Err(WriteError { what, limit });
        }
    }
    let by_place = places(week);
    let mut sets = Sets::default();
    let mut nodes = Nodes::new();
    let v4 = FamilyTables::build(Family::V4, week, &by_place, &mut sets, &mut nodes);
    let v6 = FamilyTables::build(Family::V6, week, &by_place, &mut sets, &mut nodes);
    let mut strings = Strings::default();
    let tags = tag_table(week, &v4, &v6, &mut strings);
    let origin = strings.intern(&week.origin);

    let mut file = File::new();
    file.raw(1, strings.bytes.len(), &strings.bytes);
    file.raw(
        size_of::<TextRef>(),
        strings.texts.len(),
        strings.texts.as_bytes(),
    );
    file.raw(size_of::<TagLayout>(), tags.len(), tags.as_bytes());
    file.words(&sets.starts, 4);
    file.words(&sets.tags, 2);
    file.ids(&nodes.parent);
    file.ids(&nodes.set);
    file.raw(1, nodes.length.len(), &nodes.length);
    write_v4_intervals(&mut file, &v4);
    write_v6_intervals(&mut file, &v6);
    let first: Vec<u32> = v4
        .prefixes
        .iter()
        .map(|prefix| low_word(prefix.first.get()))
        .collect();
    file.words(&first, 4);
    file.prefixes(&v4);
    let first: Vec<U128> = v6.prefixes.iter().map(|prefix| prefix.first).collect();
    file.raw(16, first.len(), first.as_bytes());
    file.prefixes(&v6);
    file.ids(&v4.rows);
    file.ids(&v6.rows);
    Ok(file.finish(week, origin))
}

/// Tags in the order in which an answer lists them: narrow first, then by name.
struct TagPlaces {
    /// Place of each tag.
    of_tag: Vec<u32>,
    /// Tag at each place.
    tags: Vec<u32>,
}

fn places(week: &Week) -> TagPlaces {
    let mut order: Vec<(crate::azure::Rank, u32)> = (0..)
        .zip(&week.tags)
        .map(|(id, tag)| (tag.rank(), id))
        .collect();
    order.sort_unstable();
    let tags: Vec<u32> = order.into_iter().map(|(_, id)| id).collect();
    let mut placed: Vec<(u32, u32)> = (0..).zip(&tags).map(|(place, &id)| (id, place)).collect();
    placed.sort_unstable();
    TagPlaces {
        of_tag: placed.into_iter().map(|(_, place)| place).collect(),
        tags,
    }
}

/// The first address is unaligned here and in the intervals: 24 and 20 bytes in place of 32.
struct Prefix {
    first: U128,
    length: u8,
    set: u32,
}

/// Everything that exists once per family.
struct FamilyTables {
    prefixes: Vec<Prefix>,
    /// Interval starts with their node; neighbours differ.
    intervals: Vec<(U128, u32)>,
    /// Places in `prefixes`, tag after tag.
    rows: Vec<u32>,
    /// First of each tag's rows.
    row_starts: Vec<u32>,
}

impl FamilyTables {
    fn build(
        family: Family,
        week: &Week,
        places: &TagPlaces,
        sets: &mut Sets,
        nodes: &mut Nodes,
    ) -> Self {
        let rows = rows(family, week, places);
        let (prefixes, pairs) = match family {
            // 32 + 8 + 16 bits fit a u64, which sorts in half the time.
            Family::V4 => gather(
                rows.map(|(first, packed)| u64::from(low_word(first)) << 24 | u64::from(packed)),
                |key| (u128::from(key >> 24), low_word(u128::from(key & 0xff_ffff))),
                places,
                sets,
            ),
            Family::V6 => gather(
                rows.map(|(first, packed)| (low_long(first >> 64), low_long(first), packed)),
                |(high, low, packed)| (u128::from(high) << 64 | u128::from(low), packed),
                places,
                sets,
            ),
        };
        nodes.reserve(prefixes.len());
        let intervals = sweep(family, &prefixes, nodes);
        let (rows, row_starts) = by_tag(&pairs, week.tags.len());
        Self {
            prefixes,
            intervals,
            rows,
            row_starts,
        }
    }
}

/// Every row as (first address, length and place of the tag).
fn rows<'a>(
    family: Family,
    week: &'a Week,
    places: &'a TagPlaces,
) -> impl Iterator<Item = (u128, u32)> + 'a {
    let tags = week.tags.iter().zip(&places.of_tag);
    tags.flat_map(move |(tag, &place)| {
        let v4 = tag
            .prefixes
            .partition_point(|block| block.family() == Family::V4);
        let (v4, v6) = tag.prefixes.split_at(v4);
        let blocks = match family {
            Family::V4 => v4,
            Family::V6 => v6,
        };
        blocks
            .iter()
            .map(move |block| (block.first(), u32::from(block.length()) << 16 | place))
    })
}

/// Sorts the keys, wider blocks first, then narrower tags; the distinct prefixes and every row as
/// (tag, place of its prefix), ascending by place.
fn gather<K: Ord + Copy>(
    keys: impl Iterator<Item = K>,
    split: impl Fn(K) -> (u128, u32),
    places: &TagPlaces,
    sets: &mut Sets,
) -> (Vec<Prefix>, Vec<(u32, u32)>) {
    let mut keys: Vec<K> = keys.collect();
    keys.sort_unstable();
    let mut prefixes = Vec::with_capacity(keys.len());
    let mut pairs = Vec::with_capacity(keys.len());
    let mut tags = Vec::new();
    let mut rest = keys.iter().map(|&key| split(key)).peekable();
    while let Some((first, packed)) = rest.next() {
        tags.clear();
        tags.push(get(&places.tags, packed & 0xffff));
        while let Some((_, packed)) =
            rest.next_if(|next| (next.0, next.1 >> 16) == (first, packed >> 16))
        {
            tags.push(get(&places.tags, packed & 0xffff));
        }
        let place = id(prefixes.len());
        pairs.extend(tags.iter().map(|&tag| (tag, place)));
        prefixes.push(Prefix {
            first: U128::new(first),
            length: (packed >> 16).to_le_bytes()[0],
            set: sets.intern(&tags),
        });
    }
    (prefixes, pairs)
}

/// Walks the sorted prefixes with a stack of the open ones; emits where the answer changes.
fn sweep(family: Family, prefixes: &[Prefix], nodes: &mut Nodes) -> Vec<(U128, u32)> {
    let mut intervals: Vec<(U128, u32)> = Vec::with_capacity(prefixes.len() * 2);
    let mut emit = |start: u128, node: u32| {
        if intervals.last().is_some_and(|last| last.0.get() == start) {
            intervals.pop();
        }
        if intervals.last().map_or(0, |last| last.1) != node {
            intervals.push((U128::new(start), node));
        }
    };
    let mut open: Vec<(u128, u32)> = Vec::new();
    let close_before =
        |limit: Option<u128>, open: &mut Vec<(u128, u32)>, emit: &mut dyn FnMut(u128, u32)| {
            while let Some(&(last, _)) = open.last() {
                if limit.is_some_and(|limit| last >= limit) {
                    break;
                }
                open.pop();
                if last < family.max() {
                    emit(last + 1, open.last().map_or(0, |&(_, node)| node));
                }
            }
        };
    for prefix in prefixes {
        let first = prefix.first.get();
        close_before(Some(first), &mut open, &mut emit);
        let parent = open.last().map_or(0, |&(_, node)| node);
        let node = nodes.intern(parent, prefix.set, prefix.length);
        emit(first, node);
        let block = crate::space::Block::holding(family, first, prefix.length);
        open.push((block.last(), node));
    }
    close_before(None, &mut open, &mut emit);
    intervals
}

/// Turns (tag, place) pairs, ascending by place, into one list per tag.
fn by_tag(pairs: &[(u32, u32)], tags: usize) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0_u32; tags];
    for &(tag, _) in pairs {
        if let Some(count) = starts.get_mut(slot(tag)) {
            *count += 1;
        }
    }
    let mut total = 0_u32;
    for start in &mut starts {
        total += std::mem::replace(start, total);
    }
    let mut next = starts.clone();
    let mut rows = vec![0_u32; pairs.len()];
    for &(tag, place) in pairs {
        if let Some(cursor) = next.get_mut(slot(tag)) {
            if let Some(row) = rows.get_mut(slot(*cursor)) {
                *row = place;
            }
            *cursor += 1;
        }
    }
    (rows, starts)
}

#[derive(Default)]
struct Strings<'a> {
    bytes: Vec<u8>,
    known: HashMap<&'a str, TextRef>,
    /// Attributes that many tags share, by number.
    texts: Vec<TextRef>,
    numbers: HashMap<&'a str, u16>,
}

impl<'a> Strings<'a> {
    fn intern(&mut self, text: &'a str) -> TextRef {
        let text = text.get(..text.floor_char_boundary(1024)).unwrap_or("");
        *self.known.entry(text).or_insert_with(|| {
            let offset = U32::new(id(self.bytes.len()));
            self.bytes.extend_from_slice(text.as_bytes());
            let length = U16::new(u16::try_from(text.len()).unwrap_or(0));
            TextRef { offset, length }
        })
    }

    /// The number of an attribute; three a tag fit below [`TagRecord::ABSENT`].
    fn number(&mut self, text: &'a str) -> U16 {
        if let Some(&number) = self.numbers.get(text) {
            return U16::new(number);
        }
        let number = u16::try_from(self.texts.len()).unwrap_or(TagLayout::ABSENT);
        let place = self.intern(text);
        self.texts.push(place);
        self.numbers.insert(text, number);
        U16::new(number)
    }
}

fn tag_table<'a>(
    week: &'a Week,
    v4: &FamilyTables,
    v6: &FamilyTables,
    strings: &mut Strings<'a>,
) -> Vec<TagLayout> {
    (0..)
        .zip(&week.tags)
        .map(|(tag, record)| TagLayout {
            name: strings.intern(&record.name),
            region: strings.number(&record.region),
            service: strings.number(&record.system_service),
            features: match &record.features {
                Some(features) => strings.number(features.as_str()),
                None => U16::new(TagLayout::ABSENT),
            },
            change_number: U32::new(record.change_number.unwrap_or(NONE)),
            rows4: U32::new(get(&v4.row_starts, tag)),
            rows6: U32::new(get(&v6.row_starts, tag)),
        })
        .collect()
}

fn write_v4_intervals(file: &mut File, v4: &FamilyTables) {
    let mut top = Vec::with_capacity(65_537);
    let mut place = 0_usize;
    for bucket in 0..=65_536_u128 {
        let started = v4
            .intervals
            .iter()
            .skip(place)
            .take_while(|run| run.0.get() >> 16 < bucket);
        place += started.count();
        top.push(id(place));
    }
    let low: Vec<u32> = v4
        .intervals
        .iter()
        .map(|run| low_word(run.0.get() & 0xffff))
        .collect();
    let node: Vec<u32> = v4.intervals.iter().map(|run| run.1).collect();
    file.ids(&top);
    file.words(&low, 2);
    file.ids(&node);
}

fn write_v6_intervals(file: &mut File, v6: &FamilyTables) {
    let (mut high, mut starts, mut count) = (Vec::new(), vec![0_u32], 0_usize);
    for group in v6
        .intervals
        .chunk_by(|a, b| a.0.get() >> 64 == b.0.get() >> 64)
    {
        if let Some((start, _)) = group.first() {
            high.extend_from_slice(&low_long(start.get() >> 64).to_le_bytes());
            count += group.len();
            starts.push(id(count));
        }
    }
    let low: Vec<U64> = v6
        .intervals
        .iter()
        .map(|run| U64::new(low_long(run.0.get())))
        .collect();
    let node: Vec<u32> = v6.intervals.iter().map(|run| run.1).collect();
    file.raw(8, starts.len() - 1, &high);
    file.ids(&starts);
    file.raw(8, low.len(), low.as_bytes());
    file.ids(&node);
}

/// The file so far: room for the head, then the sections in the order of [`Section::ALL`].
struct File {
    bytes: Vec<u8>,
    table: Vec<SectionRecord>,
}

/// Header and section table; a multiple of [`ALIGNMENT`].
const HEAD: usize = (size_of::<Header>() + Section::ALL.len() * size_of::<SectionRecord>())
    .next_multiple_of(ALIGNMENT);

impl File {
    fn new() -> Self {
        Self {
            bytes: vec![0; HEAD],
            table: Vec::with_capacity(Section::ALL.len()),
        }
    }

    fn raw(&mut self, width: usize, count: usize, bytes: &[u8]) {
        self.bytes
            .resize(self.bytes.len().next_multiple_of(ALIGNMENT), 0);
        self.table.push(SectionRecord {
            kind: U16::new(u16::try_from(self.table.len()).unwrap_or(u16::MAX)),
            width: U16::new(u16::try_from(width).unwrap_or(u16::MAX)),
            offset: U32::new(id(self.bytes.len())),
            count: U32::new(id(count)),
            checksum: U32::new(crc32fast::hash(bytes)),
        });
        self.bytes.extend_from_slice(bytes);
    }

    fn words(&mut self, values: &[u32], width: usize) {
        if width == 2 {
            let words: Vec<U16> = values
                .iter()
                .map(|&value| U16::new(low_half(value)))
                .collect();
            self.raw(width, words.len(), words.as_bytes());
        } else {
            let words: Vec<U32> = values.iter().map(|&value| U32::new(value)).collect();
            self.raw(width, words.len(), words.as_bytes());
        }
    }

    fn ids(&mut self, values: &[u32]) {
        let is_narrow = values.iter().all(|&value| u16::try_from(value).is_ok());
        self.words(values, if is_narrow { 2 } else { 4 });
    }

    fn prefixes(&mut self, tables: &FamilyTables) {
        let length: Vec<u8> = tables.prefixes.iter().map(|prefix| prefix.length).collect();
        let set: Vec<u32> = tables.prefixes.iter().map(|prefix| prefix.set).collect();
        self.raw(1, length.len(), &length);
        self.ids(&set);
    }

    fn finish(mut self, week: &Week, origin: TextRef) -> Vec<u8> {
        debug_assert_eq!(self.table.len(), Section::ALL.len());
        let (year, month, day) = week.date.map_or((0, 0, 0), |date| {
            let part = |part: i8| part.unsigned_abs();
            (
                date.year().unsigned_abs(),
                part(date.month()),
                part(date.day()),
            )
        });
        let mut header = Header {
            magic: MAGIC,
            version: U32::new(VERSION),
            length: U32::new(id(self.bytes.len())),
            checksum: U32::new(0),
            section_count: U32::new(id(self.table.len())),
            cloud: cloud_code(week),
            numbers: match week.numbers {
                Numbers::Absent => 0,
                Numbers::Published => 1,
                Numbers::Derived => 2,
            },
            dialect: match week.dialect {
                Dialect::File => 0,
                Dialect::Api => 1,
            },
            date_kind: u8::from(week.date_is == DateKind::Inferred),
            year: U16::new(year),
            month,
            day,
            change_number: U32::new(week.change_number.unwrap_or(NONE)),
            origin,
            content_hash: week.content_hash().0,
            reserved: [0; 54],
        };
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(header.as_bytes());
        hasher.update(self.table.as_bytes());
        header.checksum = U32::new(hasher.finalize());
        let head = header.as_bytes().iter().chain(self.table.as_bytes());
        for (place, byte) in self.bytes.iter_mut().zip(head) {
            *place = *byte;
        }
        self.bytes
    }
}

fn cloud_code(week: &Week) -> u8 {
    let place = crate::azure::Cloud::ALL
        .iter()
        .position(|&cloud| cloud == week.cloud);
    place
        .and_then(|place| u8::try_from(place).ok())
        .unwrap_or(0)
}

/// A place as an id; [`write`] has checked that everything fits.
fn id(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(NONE)
}

fn slot(id: u32) -> usize {
    usize::try_from(id).unwrap_or(usize::MAX)
}

fn get(values: &[u32], place: u32) -> u32 {
    values.get(slot(place)).copied().unwrap_or(0)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the low bits are what is wanted"
)]
const fn low_half(bits: u32) -> u16 {
    bits as u16
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the low bits are what is wanted"
)]
const fn low_word(bits: u128) -> u32 {
    bits as u32
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the low bits are what is wanted"
)]
const fn low_long(bits: u128) -> u64 {
    bits as u64
}
