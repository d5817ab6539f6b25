//! Runbooks as JSON and as a list.

use serde::Serialize;

use crate::query::lines::{Lines, plain};
use crate::query::runbook::{Runbook, RunbookKind, RunbookPlaceholder};
use crate::query::{Cell, ColumnSpec, SCHEMA_VERSION, Sheet};

/// The JSON document of a runbook.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunbookRecord<'a> {
    schema_version: u32,
    runbook: RunbookPart<'a>,
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct RunbookPart<'a> {
    kind: &'a str,
    title: &'a str,
    when: &'a str,
    cloud: &'a str,
    is_possible: bool,
    placeholders: &'a [RunbookPlaceholder],
    steps: Vec<StepRecord<'a>>,
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct StepRecord<'a> {
    what: &'a str,
    needs: Option<&'a str>,
    site: &'a str,
    commands: &'a [String],
    notes: &'a [String],
}

impl Runbook {
    /// The JSON document.
    #[must_use]
    pub fn record(&self) -> RunbookRecord<'_> {
        let steps = self.steps.iter().map(|step| StepRecord {
            what: &step.what,
            needs: Some(step.needs).filter(|needs| !needs.is_empty()),
            site: step.site.word(),
            commands: &step.commands,
            notes: &step.notes,
        });
        RunbookRecord {
            schema_version: SCHEMA_VERSION,
            runbook: RunbookPart {
                kind: self.id(),
                title: self.kind.title(),
                when: self.kind.when(),
                cloud: self.cloud.name(),
                is_possible: self.is_possible,
                placeholders: &self.placeholders,
                steps: steps.collect(),
            },
        }
    }
}

/// Every kind, a line each.
#[derive(Debug, Clone, Copy, Default)]
pub struct RunbookList;

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListRecord {
    schema_version: u32,
    runbooks: Vec<KindRecord>,
}

#[derive(Debug, Clone, serde::Serialize)]
struct KindRecord {
    kind: &'static str,
    title: &'static str,
    when: &'static str,
}

impl RunbookList {
    /// The JSON document.
    #[must_use]
    pub fn record(self) -> ListRecord {
        ListRecord {
            schema_version: SCHEMA_VERSION,
            runbooks: RunbookKind::ALL
                .map(|kind| KindRecord {
                    kind: kind.word(),
                    title: kind.title(),
                    when: kind.when(),
                })
                .to_vec(),
        }
    }
}

impl Sheet for RunbookList {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 3] = [
            ColumnSpec::whole("runbook", "kind"),
            ColumnSpec::list("title", "title"),
            ColumnSpec::list("when", "when"),
        ];
        &COLUMNS
    }

    fn len(&self) -> usize {
        RunbookKind::ALL.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let Some(kind) = RunbookKind::ALL.get(row) else {
            return Cell::None;
        };
        match column {
            0 => Cell::text(kind.word()),
            1 => Cell::text(kind.title()),
            2 => Cell::text(kind.when()),
            _ => Cell::None,
        }
    }
}

impl Lines for ListRecord {
    fn lines(&self, _: bool) -> impl Iterator<Item = impl Serialize> {
        plain(&self.runbooks)
    }
}
