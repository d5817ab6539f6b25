//! The targets as a table.

use serde::Serialize;

use crate::query::lines::{Lines, plain};
use crate::query::rules::make::Target;
use crate::query::{Cell, ColumnSpec, SCHEMA_VERSION, Sheet};

/// What can be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kinds {
    titles: Vec<String>,
}

impl Default for Kinds {
    fn default() -> Self {
        let titles = Target::ALL.map(Target::title).to_vec();
        Self { titles }
    }
}

impl Kinds {
    /// The table as its JSON document.
    #[must_use]
    pub fn record(&self) -> KindsRecord {
        let entry = |target: Target| KindEntry {
            kind: target.word(),
            title: target.title(),
            form: target.form(),
            limit: target.limit(),
        };
        KindsRecord {
            schema_version: SCHEMA_VERSION,
            kinds: Target::ALL.map(entry).into(),
        }
    }
}

/// The JSON document of the targets.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KindsRecord {
    schema_version: u32,
    kinds: Vec<KindEntry>,
}

#[derive(Debug, Clone, serde::Serialize)]
struct KindEntry {
    kind: &'static str,
    title: String,
    form: &'static str,
    limit: &'static str,
}

impl Lines for KindsRecord {
    fn lines(&self, _: bool) -> impl Iterator<Item = impl Serialize> {
        plain(&self.kinds)
    }
}

impl Sheet for Kinds {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 4] = [
            ColumnSpec::whole("kind", "kind"),
            ColumnSpec::text("what it is", "title"),
            ColumnSpec::text("a tag becomes", "form"),
            ColumnSpec::text("at most", "limit"),
        ];
        &COLUMNS
    }

    fn len(&self) -> usize {
        Target::ALL.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let Some(target) = Target::ALL.get(row) else {
            return Cell::None;
        };
        match column {
            0 => Cell::text(target.word()),
            1 => Cell::text(self.titles.get(row).map_or("", String::as_str)),
            2 => Cell::text(target.form()),
            3 if !target.limit().is_empty() => Cell::text(target.limit()),
            _ => Cell::None,
        }
    }
}
