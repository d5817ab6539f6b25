//! The kinds as a table.

use serde::Serialize;

use crate::query::export::kind::ExportKind;
use crate::query::lines::{Lines, plain};
use crate::query::{Cell, ColumnSpec, SCHEMA_VERSION, Sheet};

/// What a week can be written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ExportKinds;

/// The JSON document of the kinds.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExportKindsRecord {
    schema_version: u32,
    kinds: Vec<KindRecord>,
}

#[derive(Debug, Clone, Serialize)]
struct KindRecord {
    kind: &'static str,
    title: &'static str,
    limit: &'static str,
    proof: &'static str,
}

impl ExportKinds {
    /// The table as its JSON document.
    #[must_use]
    pub fn record(self) -> ExportKindsRecord {
        let record = |kind: ExportKind| KindRecord {
            kind: kind.word(),
            title: kind.title(),
            limit: kind.limit(),
            proof: kind.proof(),
        };
        ExportKindsRecord {
            schema_version: SCHEMA_VERSION,
            kinds: ExportKind::ALL.map(record).into(),
        }
    }
}

impl Lines for ExportKindsRecord {
    fn lines(&self, _: bool) -> impl Iterator<Item = impl Serialize> {
        plain(&self.kinds)
    }
}

impl Sheet for ExportKinds {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 4] = [
            ColumnSpec::whole("kind", "kind"),
            ColumnSpec::list("what for", "title"),
            ColumnSpec::list("limits", "limit"),
            ColumnSpec::list("proof", "proof"),
        ];
        &COLUMNS
    }

    fn len(&self) -> usize {
        ExportKind::ALL.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let Some(kind) = ExportKind::ALL.get(row) else {
            return Cell::None;
        };
        match column {
            0 => Cell::text(kind.word()),
            1 => Cell::text(kind.title()),
            2 => Cell::text(kind.limit()),
            3 => Cell::text(kind.proof()),
            _ => Cell::None,
        }
    }
}
