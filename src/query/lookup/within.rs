//! Whether addresses are in a tag, and by which prefix.

use crate::azure::{PlatformTag, Specials};
use crate::index::TagId;
use crate::query::lookup::{
    LookupAnswer, Match, Query, QueryKind, QueryPlace, Relation, Within, ask,
};
use crate::query::{Cell, ColumnSpec, Dataset, SCHEMA_VERSION, Sheet, WeekRecord};
use crate::space::{AddressSet, Count, Span};
use crate::text::Safe;

/// For each query whether it is in the tags.
#[derive(Debug, Clone, PartialEq)]
pub struct WithinAnswer {
    /// The tag's published name, or the pattern as it was typed.
    pub name: String,
    /// What is to be said of the name.
    pub notes: Vec<Safe>,
    /// One a query.
    pub rows: Vec<WithinRow>,
}

/// Whether the addresses of one query are in the tags.
#[derive(Debug, Clone, PartialEq)]
pub struct WithinRow {
    /// What was asked, with all tags that hold it.
    pub lookup: LookupAnswer,
    /// Whether all of its addresses are in the tags.
    pub is_in: bool,
    /// The longest prefix of the tags that holds all of it; several can hold it together.
    pub by: Option<Match>,
    /// How many of its addresses are in the tags.
    pub addresses: Count,
}

/// Answers a question for membership.
#[must_use]
pub fn ask_within(question: &Within, dataset: &Dataset, specials: &Specials) -> WithinAnswer {
    let view = dataset.view();
    let blocks = question.tags.iter().flat_map(|&tag| view.all_prefixes(tag));
    let set = AddressSet::from_blocks(blocks);
    let rows = question.queries.iter();
    WithinAnswer {
        name: question.name.clone(),
        notes: question.notes.clone(),
        rows: rows
            .map(|query| row(query, &question.tags, &set, dataset, specials))
            .collect(),
    }
}

fn row(
    query: &Query,
    tags: &[TagId],
    set: &AddressSet,
    dataset: &Dataset,
    specials: &Specials,
) -> WithinRow {
    let lookup = ask(query, dataset, specials);
    let asked = AddressSet::from_spans(lookup.span);
    let common = asked.intersection(set);
    let is_in = lookup.span.is_some_and(|span| set.holds(span));
    let by = lookup
        .matches
        .iter()
        .find(|found| found.relation == Relation::Covers && tags.contains(&found.tag))
        .copied();
    WithinRow {
        is_in,
        by,
        addresses: common.count(),
        lookup,
    }
}

impl WithinRow {
    /// `yes`, `no`, or which part.
    #[must_use]
    pub fn word(&self) -> &'static str {
        if self.is_in {
            "yes"
        } else if self.is_part() {
            "a part of it"
        } else {
            "no"
        }
    }

    fn is_part(&self) -> bool {
        !self.is_in && self.addresses != Count::ZERO
    }

    /// The answer as a sentence.
    #[must_use]
    pub fn sentence(&self, name: &str) -> String {
        let query = &self.lookup.query;
        let all = self.lookup.span.map_or(Count::ZERO, Span::count);
        match self.by {
            Some(by) if self.lookup.kind == QueryKind::Address => {
                format!("yes: {query} is in {name}, by {}", by.prefix)
            }
            Some(by) => format!("yes: all of {query} is in {name}, by {}", by.prefix),
            None if self.is_in => format!("yes: all of {query} is in {name}, by several prefixes"),
            None if self.is_part() => {
                let share = Cell::Share(self.addresses.share_of(all));
                let (some, share) = (self.addresses.short(), share.shown());
                format!("no: {some} of the addresses of {query} are in {name}, {share} of it")
            }
            None => format!("no: {query} is not in {name}"),
        }
    }
}

impl WithinAnswer {
    /// Whether all that was asked for is in the tags.
    #[must_use]
    pub fn is_yes(&self) -> bool {
        self.rows.iter().all(|row| row.is_in)
    }

    /// The documents, one a query.
    pub fn records<'a>(
        &'a self,
        week: Option<&'a WeekRecord>,
    ) -> impl Iterator<Item = WithinRecord<'a>> {
        self.rows.iter().map(move |row| WithinRecord {
            schema_version: SCHEMA_VERSION,
            query: &row.lookup.query,
            text: &row.lookup.text,
            kind: row.lookup.kind,
            within: InRecord {
                tag: &self.name,
                answer: row.is_in,
                prefix: row.by.map(|by| by.prefix.to_string()),
                addresses: (row.lookup.kind != QueryKind::Address).then_some(row.addresses),
            },
            notes: self
                .notes
                .iter()
                .chain(&row.lookup.notes)
                .map(Safe::as_str)
                .collect(),
            week,
        })
    }
}

/// The JSON document of one query.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WithinRecord<'a> {
    schema_version: u32,
    query: &'a str,
    text: &'a str,
    kind: QueryKind,
    #[serde(rename = "in")]
    within: InRecord<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    week: Option<&'a WeekRecord>,
}

/// The JSON document of a lookup that names a tag of the platform.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlatformRecord<'a> {
    schema_version: u32,
    query: &'a str,
    text: &'a str,
    #[serde(flatten)]
    place: Option<QueryPlace>,
    kind: QueryKind,
    special: PlatformPart<'a>,
}

#[derive(Debug, Clone, serde::Serialize)]
struct PlatformPart<'a> {
    name: &'a str,
    kind: &'static str,
    text: String,
}

impl<'a> PlatformRecord<'a> {
    /// The document.
    #[must_use]
    pub fn of(tag: PlatformTag, text: &'a str, place: Option<QueryPlace>) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            query: tag.name(),
            text,
            place,
            kind: QueryKind::Special,
            special: PlatformPart {
                name: tag.name(),
                kind: "platformTag",
                text: tag.sentence(text),
            },
        }
    }
}

#[derive(Debug, Clone, serde::Serialize)]
struct InRecord<'a> {
    tag: &'a str,
    answer: bool,
    prefix: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    addresses: Option<Count>,
}

impl Sheet for WithinAnswer {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 4] = [
            ColumnSpec::whole("query", "query"),
            ColumnSpec::whole("in", "answer"),
            ColumnSpec::text("tag", "tag"),
            ColumnSpec::whole("prefix", "prefix"),
        ];
        &COLUMNS
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let Some(row) = self.rows.get(row) else {
            return Cell::None;
        };
        match column {
            0 => Cell::text(row.lookup.query.as_str()),
            1 => Cell::text(row.word()),
            2 => Cell::text(self.name.as_str()),
            3 => row
                .by
                .map_or(Cell::None, |by| Cell::text(by.prefix.to_string())),
            _ => Cell::None,
        }
    }
}
