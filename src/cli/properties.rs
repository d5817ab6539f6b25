//! A few names with a value each, in every form.

use std::collections::BTreeMap;
use std::fmt::Display;

use serde::Serialize;

use crate::cli::Failure;
use crate::cli::console::Console;
use crate::query::{Cell, ColumnSpec, SCHEMA_VERSION, Sheet};
use crate::report::Format;

/// Names and values as a table.
pub struct Properties(pub Vec<(&'static str, String)>);

impl Sheet for Properties {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 2] = [
            ColumnSpec::whole("name", "name"),
            ColumnSpec::whole("value", "value"),
        ];
        &COLUMNS
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        match (self.0.get(row), column) {
            (Some((name, _)), 0) => Cell::text(*name),
            (Some((_, value)), 1) => Cell::text(crate::text::clean(value)),
            _ => Cell::None,
        }
    }
}

/// The JSON document of a few values.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ValuesRecord<'a, V> {
    schema_version: u32,
    #[serde(flatten)]
    values: BTreeMap<&'static str, &'a V>,
}

/// Writes a few values: each on a line as text, with its name in every other form.
///
/// # Errors
/// The writer's.
pub fn write_values<V: Serialize + Display>(
    values: &[(&'static str, V)],
    format: Format,
    console: &mut Console,
) -> Result<(), Failure> {
    match format {
        Format::Text => values
            .iter()
            .try_for_each(|(_, value)| console.line(&value.to_string())),
        Format::Json | Format::Jsonl => {
            let record = ValuesRecord {
                schema_version: SCHEMA_VERSION,
                values: values.iter().map(|(name, value)| (*name, value)).collect(),
            };
            console.json(&record, format)
        }
        Format::Csv | Format::Markdown => {
            let rows = values.iter();
            let rows = rows.map(|(name, value)| (*name, value.to_string()));
            console.sheet(&Properties(rows.collect()), format, true)
        }
    }
}
