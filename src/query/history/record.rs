//! The JSON documents of a history.

use serde::Serialize;

use crate::azure::{Cloud, DateKind, Numbers};
use crate::index::WeekEntry;
use crate::query::SCHEMA_VERSION;
use crate::query::history::{AddressHistory, Seen, TagHistory, TagWeek, TagWeekStatus};
use crate::query::lines::{Lines, RecordLine};
use crate::query::lookup::{QueryKind, Relation};
use crate::space::Count;

/// The document of a tag.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TagHistoryRecord<'a> {
    schema_version: u32,
    kind: &'static str,
    name: &'a str,
    cloud: Cloud,
    first: Option<String>,
    last: Option<String>,
    since_at_least: bool,
    current: bool,
    last_changed: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<&'static str>,
    weeks: Vec<TagWeekRecord>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct TagWeekRecord {
    date: Option<String>,
    date_is: Option<DateKind>,
    week: ContentRecord,
    status: TagWeekStatus,
    prefixes_added: usize,
    prefixes_removed: usize,
    tag: Option<StateRecord>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct ContentRecord {
    change_number: Option<u32>,
    change_numbers: Numbers,
    content_hash: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct StateRecord {
    change_number: Option<u32>,
    prefixes_v4: usize,
    prefixes_v6: usize,
    addresses_v4: Count,
    addresses_v6: Count,
}

impl TagWeekRecord {
    fn of(week: &TagWeek) -> Self {
        Self {
            date: day(&week.week),
            date_is: week.week.date.map(|_| week.week.date_is),
            week: ContentRecord {
                change_number: week.week.change_number,
                change_numbers: week.week.numbers,
                content_hash: week.week.content_hash.to_string(),
            },
            status: week.status,
            prefixes_added: week.prefixes_added,
            prefixes_removed: week.prefixes_removed,
            tag: week.tag.map(|tag| StateRecord {
                change_number: tag.change_number,
                prefixes_v4: tag.prefixes[0],
                prefixes_v6: tag.prefixes[1],
                addresses_v4: tag.addresses[0],
                addresses_v6: tag.addresses[1],
            }),
        }
    }
}

impl TagHistory {
    /// The answer as its JSON document.
    #[must_use]
    pub fn record(&self) -> TagHistoryRecord<'_> {
        let date = |place: Option<usize>| {
            let week = place.and_then(|place| self.weeks.get(place));
            week.and_then(|week| day(&week.week))
        };
        TagHistoryRecord {
            schema_version: SCHEMA_VERSION,
            kind: "tag",
            name: &self.name,
            cloud: self.cloud,
            first: date(self.seen.first()),
            last: date(self.seen.last()),
            since_at_least: self.seen.is_since_at_least(),
            current: self.seen.is_current(),
            last_changed: self.last_changed().and_then(|week| day(&week.week)),
            notes: self.joined().into_iter().collect(),
            weeks: self.weeks.iter().map(TagWeekRecord::of).collect(),
        }
    }
}

/// The document of addresses.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AddressHistoryRecord<'a> {
    schema_version: u32,
    kind: QueryKind,
    query: &'a str,
    cloud: Cloud,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<&'a str>,
    weeks: RangeRecord,
    tags: Vec<HolderRecord<'a>>,
}

#[derive(Debug, Clone, Serialize)]
struct RangeRecord {
    count: usize,
    first: Option<String>,
    last: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct HolderRecord<'a> {
    tag: &'a str,
    region: &'a str,
    #[serde(flatten)]
    seen: SeenRecord,
    prefixes: Vec<PrefixRecord>,
}

#[derive(Debug, Clone, Serialize)]
struct PrefixRecord {
    prefix: String,
    relation: Relation,
    #[serde(flatten)]
    seen: SeenRecord,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct SeenRecord {
    first: Option<String>,
    last: Option<String>,
    since_at_least: bool,
    current: bool,
    gaps: Vec<GapRecord>,
}

#[derive(Debug, Clone, Serialize)]
struct GapRecord {
    from: Option<String>,
    to: Option<String>,
}

impl SeenRecord {
    fn of(weeks: &[WeekEntry], seen: &Seen) -> Self {
        let date = |place: usize| weeks.get(place).and_then(day);
        let gap = |gap: std::ops::Range<usize>| GapRecord {
            from: date(gap.start),
            to: date(gap.end.saturating_sub(1)),
        };
        Self {
            first: seen.first().and_then(date),
            last: seen.last().and_then(date),
            since_at_least: seen.is_since_at_least(),
            current: seen.is_current(),
            gaps: seen.gaps().map(gap).collect(),
        }
    }
}

impl AddressHistory {
    /// The answer as its JSON document.
    #[must_use]
    pub fn record(&self) -> AddressHistoryRecord<'_> {
        let tags = self.tags.iter().map(|tag| HolderRecord {
            tag: &tag.name,
            region: &tag.region,
            seen: SeenRecord::of(&self.weeks, &tag.seen),
            prefixes: tag
                .prefixes
                .iter()
                .map(|held| PrefixRecord {
                    prefix: held.prefix.to_string(),
                    relation: held.relation,
                    seen: SeenRecord::of(&self.weeks, &held.seen),
                })
                .collect(),
        });
        AddressHistoryRecord {
            schema_version: SCHEMA_VERSION,
            kind: self.kind,
            query: &self.query,
            cloud: self.cloud,
            notes: self
                .notes
                .iter()
                .map(crate::text::Safe::as_str)
                .chain(self.joined())
                .collect(),
            weeks: RangeRecord {
                count: self.weeks.len(),
                first: self.weeks.first().and_then(day),
                last: self.weeks.last().and_then(day),
            },
            tags: tags.collect(),
        }
    }
}

fn day(week: &WeekEntry) -> Option<String> {
    week.date.map(|date| date.to_string())
}

/// What all weeks of a tag's history have in common.
#[derive(Debug, Clone, Copy, Serialize)]
struct OfTag<'a> {
    kind: &'static str,
    name: &'a str,
    cloud: Cloud,
}

impl Lines for TagHistoryRecord<'_> {
    fn lines(&self, _: bool) -> impl Iterator<Item = impl Serialize> {
        let head = Some(OfTag {
            kind: self.kind,
            name: self.name,
            cloud: self.cloud,
        });
        let weeks = self.weeks.iter();
        weeks.map(move |week| RecordLine::new(head, week))
    }
}

/// What all holders of an address have in common.
#[derive(Debug, Clone, Copy, Serialize)]
struct OfQuery<'a> {
    kind: QueryKind,
    query: &'a str,
    cloud: Cloud,
}

impl Lines for AddressHistoryRecord<'_> {
    fn lines(&self, _: bool) -> impl Iterator<Item = impl Serialize> {
        let head = Some(OfQuery {
            kind: self.kind,
            query: self.query,
            cloud: self.cloud,
        });
        let tags = self.tags.iter();
        tags.map(move |tag| RecordLine::new(head, tag))
    }
}
