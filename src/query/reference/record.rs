//! Topics as JSON and as tables.

use serde::Serialize;

use crate::azure::Certainty;
use crate::query::lines::{Lines, plain};
use crate::query::reference::{Grid, Statement, Topic};
use crate::query::{Cell, ColumnSpec, SCHEMA_VERSION, Sheet};

/// The JSON document of some topics.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReferenceRecord<'a> {
    schema_version: u32,
    topics: Vec<TopicRecord<'a>>,
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct TopicRecord<'a> {
    id: &'a str,
    title: &'a str,
    certainty: Certainty,
    statements: &'a [Statement],
    table: Option<&'a Grid>,
    source: &'a str,
    as_of: &'a str,
}

impl<'a> ReferenceRecord<'a> {
    /// The document of these topics, whole.
    #[must_use]
    pub fn of(topics: &[&'a Topic]) -> Self {
        let topics = topics.iter().map(|topic| TopicRecord {
            id: &topic.id,
            title: &topic.title,
            certainty: topic.certainty(),
            statements: &topic.statements,
            table: topic.table.as_ref(),
            source: &topic.source,
            as_of: &topic.as_of,
        });
        Self {
            schema_version: SCHEMA_VERSION,
            topics: topics.collect(),
        }
    }
}

/// Topics, a line each.
#[derive(Debug, Clone)]
pub struct TopicList<'a>(pub Vec<&'a Topic>);

impl Sheet for TopicList<'_> {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 4] = [
            ColumnSpec::whole("topic", "id"),
            ColumnSpec::list("title", "title"),
            ColumnSpec::whole("certainty", "certainty"),
            ColumnSpec::whole("as of", "asOf"),
        ];
        &COLUMNS
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let Some(topic) = self.0.get(row) else {
            return Cell::None;
        };
        match column {
            0 => Cell::text(&*topic.id),
            1 => Cell::text(&*topic.title),
            2 => Cell::text(topic.certainty().word()),
            3 => Cell::text(&*topic.as_of),
            _ => Cell::None,
        }
    }
}

/// What topics say, a statement or a row of a table a line.
#[derive(Debug, Clone)]
pub struct Statements<'a> {
    rows: Vec<(&'a Topic, String, Certainty)>,
}

impl<'a> Statements<'a> {
    /// The statements of these topics, then the rows of each one's table.
    #[must_use]
    pub fn of(topics: &[&'a Topic]) -> Self {
        let mut rows = Vec::new();
        for &topic in topics {
            for statement in &topic.statements {
                rows.push((topic, statement.text.clone(), statement.certainty));
            }
            if let Some(grid) = &topic.table {
                let sentences = grid.rows.iter().map(|row| grid.sentence(row));
                rows.extend(sentences.map(|text| (topic, text, Certainty::Documented)));
            }
        }
        Self { rows }
    }
}

impl Sheet for Statements<'_> {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 5] = [
            ColumnSpec::whole("topic", "topic"),
            ColumnSpec::list("statement", "statement"),
            ColumnSpec::whole("certainty", "certainty"),
            ColumnSpec::list("source", "source"),
            ColumnSpec::whole("as of", "asOf"),
        ];
        &COLUMNS
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let Some((topic, text, certainty)) = self.rows.get(row) else {
            return Cell::None;
        };
        match column {
            0 => Cell::text(&*topic.id),
            1 => Cell::text(&**text),
            2 => Cell::text(certainty.word()),
            3 => Cell::text(&*topic.source),
            4 => Cell::text(&*topic.as_of),
            _ => Cell::None,
        }
    }
}

impl Lines for ReferenceRecord<'_> {
    fn lines(&self, _: bool) -> impl Iterator<Item = impl Serialize> {
        plain(&self.topics)
    }
}
