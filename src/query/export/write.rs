//! Tables as the bytes of files.

use std::fmt::Write as _;

use serde::Serialize;

use crate::index::{TagId, TagRow};
use crate::query::export::tables::{SetId, TagTables};
use crate::query::rules::make::proxy_value;
use crate::query::tags::base_name;
use crate::space::{Block, Family};

/// How the ends of a run are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Digits {
    /// As addresses.
    Addresses,
    /// As 32 hexadecimal digits, IPv4 as `::ffff:a.b.c.d`, so that both families sort as text.
    Hex,
}

/// What stands before an IPv4 address among those of IPv6.
const MAPPED: u128 = 0xffff << 32;

/// The columns of the tags of a prefix.
const TAGS: [&str; 5] = ["tag", "tags", "region", "service", "system_service"];

/// The block of IPv6 that addresses of IPv4 are mapped into.
#[must_use]
pub const fn mapped() -> Block {
    Block::holding(Family::V6, MAPPED, 96)
}

/// What is written of a list of tags: of the most specific one, but for the list itself.
#[derive(Debug, Clone, Serialize)]
pub struct SetRecord<'a> {
    /// The most specific.
    pub tag: &'a str,
    /// All, most specific first.
    pub tags: Vec<&'a str>,
    /// Its region; empty where it has none.
    pub region: &'a str,
    /// Its name without its region.
    pub service: &'a str,
    /// Its systemService; empty for roll-ups.
    pub system_service: &'a str,
}

impl<'a> SetRecord<'a> {
    /// Of one list; `None` for an empty one.
    #[must_use]
    pub fn of(tables: &TagTables<'a>, tags: &[TagId]) -> Option<Self> {
        let view = tables.view();
        let rows: Vec<TagRow<'a>> = tags.iter().filter_map(|&tag| view.tag(tag)).collect();
        let first = rows.first()?;
        Some(Self {
            tag: first.name,
            tags: rows.iter().map(|row| row.name).collect(),
            region: first.region,
            service: base_name(first),
            system_service: first.system_service,
        })
    }

    fn cells(&self) -> [String; 5] {
        [
            self.tag.to_owned(),
            self.tags.join(","),
            self.region.to_owned(),
            self.service.to_owned(),
            self.system_service.to_owned(),
        ]
    }
}

/// The records of all lists, by their numbers.
pub fn records<'a>(tables: &TagTables<'a>) -> Vec<(SetId, SetRecord<'a>)> {
    let sets = tables.sets();
    let of = |(set, tags)| Some((set, SetRecord::of(tables, tags)?));
    sets.filter_map(of).collect()
}

/// A prefix and the number of its tags a line.
pub fn lpm(tables: &TagTables<'_>) -> Vec<u8> {
    numbered(tables.prefixes())
}

/// The same for blocks of which no two meet.
pub fn disjoint(tables: &TagTables<'_>) -> Vec<u8> {
    numbered(&tables.disjoint())
}

fn numbered(blocks: &[(Block, SetId)]) -> Vec<u8> {
    let lines = blocks.iter();
    let lines = lines.map(|(block, set)| [block.to_string(), set.0.to_string()]);
    table(&["cidr", "set_id"], lines)
}

/// The first and the last address of a run and the number of its tags a line.
pub fn intervals(tables: &TagTables<'_>, digits: Digits) -> Vec<u8> {
    let end = |family: Family, bits: u128| match digits {
        Digits::Addresses => family.address(bits).to_string(),
        Digits::Hex => hex(family, bits),
    };
    let lines = tables.intervals().into_iter().map(|(span, set)| {
        let family = span.family();
        let (lo, hi) = (end(family, span.first()), end(family, span.last()));
        [lo, hi, set.0.to_string()]
    });
    table(&["lo", "hi", "set_id"], lines)
}

fn hex(family: Family, bits: u128) -> String {
    match family {
        Family::V4 => format!("{:032x}", MAPPED | bits),
        Family::V6 => format!("{bits:032x}"),
    }
}

/// Every prefix of every tag, for engines that give all rows that match.
pub fn rows(tables: &TagTables<'_>) -> Vec<u8> {
    let view = tables.view();
    let lines = tables.rows().iter().filter_map(|&(block, tag)| {
        let row = view.tag(tag)?;
        let (region, service) = (row.region.to_owned(), base_name(&row).to_owned());
        Some([block.to_string(), row.name.to_owned(), region, service])
    });
    table(&["cidr", "tag", "region", "service"], lines)
}

/// The lists of tags by their numbers.
pub fn sets(tables: &TagTables<'_>) -> Vec<u8> {
    let lines = records(tables).into_iter().map(|(set, record)| {
        let [tag, tags, region, service, system_service] = record.cells();
        [
            set.0.to_string(),
            tag,
            tags,
            region,
            service,
            system_service,
        ]
    });
    let mut columns = vec!["set_id"];
    columns.extend(TAGS);
    table(&columns, lines)
}

/// Blocks of which no two meet, with their tags in the same line.
pub fn disjoint_tags(tables: &TagTables<'_>) -> Vec<u8> {
    with_tags(tables, &tables.disjoint())
}

/// Every prefix with its tags in the same line, the longest first.
pub fn longest_first(tables: &TagTables<'_>) -> Vec<u8> {
    let mut prefixes = tables.prefixes().to_vec();
    prefixes.sort_by_key(|(block, _)| std::cmp::Reverse(block.length()));
    with_tags(tables, &prefixes)
}

fn with_tags(tables: &TagTables<'_>, blocks: &[(Block, SetId)]) -> Vec<u8> {
    let known = records(tables);
    let lines = blocks.iter().filter_map(|&(block, set)| {
        let [tag, tags, region, service, system_service] = record(&known, set)?.cells();
        Some([
            block.to_string(),
            tag,
            tags,
            region,
            service,
            system_service,
        ])
    });
    let mut columns = vec!["cidr"];
    columns.extend(TAGS);
    table(&columns, lines)
}

/// A document of Elasticsearch a line, each behind the line of its action.
pub fn bulk(tables: &TagTables<'_>) -> Result<Vec<u8>, serde_json::Error> {
    #[derive(Serialize)]
    struct Document<'a> {
        cidr: String,
        #[serde(flatten)]
        record: &'a SetRecord<'a>,
    }
    let known = records(tables);
    let mut out = Vec::new();
    for (block, set) in tables.disjoint() {
        let Some(record) = record(&known, set) else {
            continue;
        };
        out.extend_from_slice(b"{\"index\":{}}\n");
        let cidr = block.to_string();
        serde_json::to_writer(&mut out, &Document { cidr, record })?;
        out.push(b'\n');
    }
    Ok(out)
}

/// The record of a number.
fn record<'r, 'a>(known: &'r [(SetId, SetRecord<'a>)], set: SetId) -> Option<&'r SetRecord<'a>> {
    let place = known.binary_search_by_key(&set, |(number, _)| *number);
    place
        .ok()
        .and_then(|place| known.get(place))
        .map(|(_, record)| record)
}

/// A line a prefix for proxies, which take the longest one themselves: the prefix and its most specific
/// tag between these texts.
pub fn proxy(tables: &TagTables<'_>, between: [&str; 3]) -> Vec<u8> {
    let known = records(tables);
    let [before, middle, after] = between;
    let mut out = String::new();
    for &(block, set) in tables.prefixes() {
        if let Some(record) = record(&known, set) {
            let tag = proxy_value(record.tag);
            // Writing to a String cannot fail.
            let _ = writeln!(out, "{before}{block}{middle}{tag}{after}");
        }
    }
    out.into_bytes()
}

/// Values separated by commas, with a head.
fn table<const N: usize>(head: &[&str], lines: impl Iterator<Item = [String; N]>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Memory takes all, and every line has as many cells as the head.
    let _ = writer.write_record(head);
    for line in lines {
        let _ = writer.write_record(&line);
    }
    writer.into_inner().unwrap_or_default()
}
