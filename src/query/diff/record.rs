//! The JSON document of a comparison.

use serde::Serialize;
use serde_json::{Value, json};

use crate::query::diff::{AttributeChange, DiffAnswer, DiffRow, DiffSign, DiffStatus, TagChange};
use crate::query::lines::{Lines, of_weeks};
use crate::query::{Dataset, SCHEMA_VERSION, WeekRecord};
use crate::space::Count;

/// The JSON document of a comparison.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DiffRecord<'a> {
    schema_version: u32,
    base: WeekRecord,
    target: WeekRecord,
    summary: SummaryRecord,
    tags: Vec<TagChangeRecord<'a>>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct SummaryRecord {
    tags_added: usize,
    tags_removed: usize,
    tags_changed: usize,
    prefixes_added: usize,
    prefixes_removed: usize,
    addresses_gained: CountsRecord,
    addresses_lost: CountsRecord,
    echoes: usize,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct TagChangeRecord<'a> {
    name: &'a str,
    status: DiffStatus,
    change_number: NumberChange,
    prefixes_added: Vec<DiffRowRecord<'a>>,
    prefixes_removed: Vec<DiffRowRecord<'a>>,
    addresses_gained: CountsRecord,
    addresses_lost: CountsRecord,
    attributes: Vec<AttributeRecord>,
    consistent: bool,
    echo_of: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    renamed_from: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    renamed_to: Option<&'a str>,
}

#[derive(Debug, Clone, Serialize)]
struct NumberChange {
    from: Option<u32>,
    to: Option<u32>,
}

#[derive(Debug, Clone, Serialize)]
struct CountsRecord {
    v4: Count,
    v6: Count,
}

/// `addresses` are those that the row changes of its tag's set; lists are left out when empty.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct DiffRowRecord<'a> {
    prefix: String,
    effect: &'static str,
    addresses: Count,
    #[serde(skip_serializing_if = "Option::is_none")]
    covered_by: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    moved_to: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    moved_from: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    echoes: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    echo_of: Vec<&'a str>,
}

#[derive(Debug, Clone, Serialize)]
struct AttributeRecord {
    name: &'static str,
    from: Value,
    to: Value,
}

impl DiffAnswer {
    /// The answer as its JSON document.
    #[must_use]
    pub fn record<'a>(&'a self, base: &Dataset, target: &Dataset) -> DiffRecord<'a> {
        let summary = &self.summary;
        DiffRecord {
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
                echoes: summary.echoes,
            },
            tags: self
                .tags
                .iter()
                .map(|tag| TagChangeRecord::of(self, tag))
                .collect(),
        }
    }
}

impl<'a> TagChangeRecord<'a> {
    fn of(answer: &'a DiffAnswer, tag: &'a TagChange) -> Self {
        let renamed = |status| tag.renamed.as_deref().filter(|_| tag.status == status);
        let rows = |rows: &'a [DiffRow]| -> Vec<DiffRowRecord<'a>> {
            rows.iter()
                .map(|row| DiffRowRecord::of(answer, row))
                .collect()
        };
        let [from, to] = tag.numbers;
        Self {
            name: &tag.name,
            status: tag.status,
            change_number: NumberChange { from, to },
            prefixes_added: rows(&tag.added),
            prefixes_removed: rows(&tag.removed),
            addresses_gained: tag.gained.into(),
            addresses_lost: tag.lost.into(),
            attributes: tag.attributes.iter().map(AttributeRecord::of).collect(),
            consistent: tag.is_consistent,
            echo_of: &tag.echo_of,
            renamed_from: renamed(DiffStatus::Added),
            renamed_to: renamed(DiffStatus::Removed),
        }
    }
}

impl From<[Count; 2]> for CountsRecord {
    fn from([v4, v6]: [Count; 2]) -> Self {
        Self { v4, v6 }
    }
}

impl<'a> DiffRowRecord<'a> {
    fn of(answer: &'a DiffAnswer, row: &'a DiffRow) -> Self {
        let moved = |sign| -> Vec<&str> {
            let names = answer.moved(row);
            names.filter(|_| row.sign == sign).collect()
        };
        Self {
            prefix: row.prefix.to_string(),
            effect: row.effect(),
            addresses: row.changes,
            covered_by: row.covered_by().map(|block| block.to_string()),
            moved_to: moved(DiffSign::Removed),
            moved_from: moved(DiffSign::Added),
            echoes: answer.echoes(row).collect(),
            echo_of: answer.echo_of(row).collect(),
        }
    }
}

impl AttributeRecord {
    /// A list for features, as they are published, else a text.
    fn of(attribute: &AttributeChange) -> Self {
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

impl Lines for DiffRecord<'_> {
    fn lines(&self, is_slim: bool) -> impl Iterator<Item = impl Serialize> {
        of_weeks([&self.base, &self.target], &self.tags, is_slim)
    }
}
