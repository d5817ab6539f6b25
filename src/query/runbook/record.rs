//! Runbooks as JSON and as a list.

use crate::query::runbook::{Kind, Placeholder, Runbook};
use crate::query::{Cell, ColumnSpec, SCHEMA_VERSION, Sheet};

/// The JSON document of a runbook.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Record<'a> {
    schema_version: u32,
    runbook: RunbookRecord<'a>,
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct RunbookRecord<'a> {
    kind: &'a str,
    title: &'a str,
    when: &'a str,
    cloud: &'a str,
    is_possible: bool,
    placeholders: &'a [Placeholder],
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
    pub fn record(&self) -> Record<'_> {
        let steps = self.steps.iter().map(|step| StepRecord {
            what: &step.what,
            needs: Some(step.needs).filter(|needs| !needs.is_empty()),
            site: step.site.word(),
            commands: &step.commands,
            notes: &step.notes,
        });
        Record {
            schema_version: SCHEMA_VERSION,
            runbook: RunbookRecord {
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
pub struct List;

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

impl List {
    /// The JSON document.
    #[must_use]
    pub fn record(self) -> ListRecord {
        ListRecord {
            schema_version: SCHEMA_VERSION,
            runbooks: Kind::ALL
                .map(|kind| KindRecord {
                    kind: kind.word(),
                    title: kind.title(),
                    when: kind.when(),
                })
                .to_vec(),
        }
    }
}

impl Sheet for List {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 3] = [
            ColumnSpec::whole("runbook", "kind"),
            ColumnSpec::list("title", "title"),
            ColumnSpec::list("when", "when"),
        ];
        &COLUMNS
    }

    fn len(&self) -> usize {
        Kind::ALL.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let Some(kind) = Kind::ALL.get(row) else {
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
