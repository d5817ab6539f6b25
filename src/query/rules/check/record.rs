//! Findings as a table and as JSON.

use serde::Serialize;

use crate::azure::Certainty;
use crate::query::endpoints::Level;
use crate::query::lines::{Lines, of_week};
use crate::query::rules::check::{CheckAnswer, Finding};
use crate::query::{Cell, ColumnSpec, SCHEMA_VERSION, Sheet, WeekRecord};

/// Findings of a level or worse.
pub struct CheckTable<'a> {
    findings: Vec<&'a Finding>,
}

impl<'a> CheckTable<'a> {
    /// Those of an answer.
    #[must_use]
    pub fn new(answer: &'a CheckAnswer, level: Level) -> Self {
        Self {
            findings: answer.from_level(level).collect(),
        }
    }

    /// The findings.
    #[must_use]
    pub fn findings(&self) -> &[&'a Finding] {
        &self.findings
    }
}

impl Sheet for CheckTable<'_> {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 8] = [
            ColumnSpec::whole("level", "level"),
            ColumnSpec::whole("id", "id"),
            ColumnSpec::text("file", "file"),
            ColumnSpec::text("set", "set"),
            ColumnSpec::text("row", "row"),
            ColumnSpec::text("place", "place"),
            ColumnSpec::list("finding", "text"),
            ColumnSpec::list("fix", "fix"),
        ];
        &COLUMNS
    }

    fn len(&self) -> usize {
        self.findings.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let Some(finding) = self.findings.get(row) else {
            return Cell::None;
        };
        match column {
            0 => Cell::text(finding.level().word()),
            1 => Cell::text(finding.check.id),
            2 => Cell::text(finding.file.as_str()),
            3 => Cell::text(finding.set.as_str()),
            4 => finding
                .row
                .as_ref()
                .map_or(Cell::None, |row| Cell::text(row.as_str())),
            5 => Cell::text(finding.place.as_str()),
            6 => Cell::text(finding.sentence()),
            7 => Cell::text(finding.fix.as_str()),
            _ => Cell::None,
        }
    }
}

impl Finding {
    /// What was looked for, what is so here, and whether that is assumed.
    #[must_use]
    pub fn sentence(&self) -> String {
        let assumed = if self.is_assumed() {
            "; assumed, not documented"
        } else {
            ""
        };
        match self.detail.as_str() {
            "" => format!("{}{assumed}", self.check.title),
            detail => format!("{}: {detail}{assumed}", self.check.title),
        }
    }
}

/// The JSON document.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckRecord<'a> {
    schema_version: u32,
    week: &'a WeekRecord,
    findings: Vec<FindingRecord<'a>>,
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct FindingRecord<'a> {
    level: Level,
    id: &'static str,
    certainty: Certainty,
    file: &'a str,
    set: Option<&'a str>,
    row: Option<&'a str>,
    place: Option<&'a str>,
    text: String,
    fix: &'a str,
}

impl CheckAnswer {
    /// The JSON document of the findings of a level or worse.
    #[must_use]
    pub fn record(&self, level: Level) -> CheckRecord<'_> {
        let findings = self.from_level(level).map(|finding| FindingRecord {
            level: finding.level(),
            id: finding.check.id,
            certainty: finding.check.certainty,
            file: finding.file.as_str(),
            set: finding.position.set.map(|_| finding.set.as_str()),
            row: finding.row.as_ref().map(crate::text::Safe::as_str),
            place: Some(finding.place.as_str()).filter(|place| !place.is_empty()),
            text: finding.sentence(),
            fix: &finding.fix,
        });
        CheckRecord {
            schema_version: SCHEMA_VERSION,
            week: &self.week,
            findings: findings.collect(),
        }
    }
}

impl Lines for CheckRecord<'_> {
    fn lines(&self, is_slim: bool) -> impl Iterator<Item = impl Serialize> {
        of_week(self.week, &self.findings, is_slim)
    }
}
