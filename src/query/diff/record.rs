//! The JSON document of a comparison.

use serde::Serialize;
use serde_json::{Value, json};

use crate::query::diff::{Answer, Attribute, Row, Status, TagChange};
use crate::query::{Dataset, SCHEMA_VERSION, WeekRecord};
use crate::space::Count;

/// The JSON document of a comparison.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Record<'a> {
    schema_version: u32,
    base: WeekRecord,
    target: WeekRecord,
    summary: SummaryRecord,
    tags: Vec<TagRecord<'a>>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct SummaryRecord {
    tags_added: usize,
    tags_removed: usize,
    tags_changed: usize,
    prefixes_added: usize,
    prefixes_removed: usize,
    addresses_gained: Counts,
    addresses_lost: Counts,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct TagRecord<'a> {
    name: &'a str,
    status: Status,
    change_number: Change,
    prefixes_added: Vec<RowRecord>,
    prefixes_removed: Vec<RowRecord>,
    addresses_gained: Counts,
    addresses_lost: Counts,
    attributes: Vec<AttributeRecord>,
    consistent: bool,
}

#[derive(Debug, Clone, Serialize)]
struct Change {
    from: Option<u32>,
    to: Option<u32>,
}

#[derive(Debug, Clone, Serialize)]
struct Counts {
    v4: Count,
    v6: Count,
}

#[derive(Debug, Clone, Serialize)]
struct RowRecord {
    prefix: String,
    effect: &'static str,
}

#[derive(Debug, Clone, Serialize)]
struct AttributeRecord {
    name: &'static str,
    from: Value,
    to: Value,
}

impl Answer {
    /// The answer as its JSON document.
    #[must_use]
    pub fn record<'a>(&'a self, base: &Dataset, target: &Dataset) -> Record<'a> {
        let summary = &self.summary;
        Record {
            schema_version: SCHEMA_VERSION,
            base: base.record(),
            target: target.record(),
            summary: SummaryRecord {
                tags_added: summary.tags_added,
                tags_removed: summary.tags_removed,
                tags_changed: summary.tags_changed,
                prefixes_added: summary.prefixes_added,
                prefixes_removed: summary.prefixes_removed,
                addresses_gained: summary.gained.into(),
                addresses_lost: summary.lost.into(),
            },
            tags: self.tags.iter().map(TagRecord::of).collect(),
        }
    }
}

impl<'a> TagRecord<'a> {
    fn of(tag: &'a TagChange) -> Self {
        let [from, to] = tag.numbers;
        Self {
            name: &tag.name,
            status: tag.status,
            change_number: Change { from, to },
            prefixes_added: rows(&tag.added, "new"),
            prefixes_removed: rows(&tag.removed, "lost"),
            addresses_gained: tag.gained.into(),
            addresses_lost: tag.lost.into(),
            attributes: tag.attributes.iter().map(AttributeRecord::of).collect(),
            consistent: tag.is_consistent,
        }
    }
}

impl From<[Count; 2]> for Counts {
    fn from([v4, v6]: [Count; 2]) -> Self {
        Self { v4, v6 }
    }
}

/// `effect` is the word for a row that changes its tag's address set.
fn rows(rows: &[Row], effect: &'static str) -> Vec<RowRecord> {
    let of = |row: &Row| RowRecord {
        prefix: row.prefix.to_string(),
        effect: if row.has_effect { effect } else { "covered" },
    };
    rows.iter().map(of).collect()
}

impl AttributeRecord {
    /// A list for features, as they are published, else a text.
    fn of(attribute: &Attribute) -> Self {
        let value = |value: &Option<String>| match value {
            None => Value::Null,
            Some(words) if attribute.name == "networkFeatures" => {
                json!(words.split_whitespace().collect::<Vec<_>>())
            }
            Some(text) => json!(text),
        };
        let [from, to] = &attribute.values;
        Self {
            name: attribute.name,
            from: value(from),
            to: value(to),
        }
    }
}
