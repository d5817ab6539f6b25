//! The prefixes of some tags, each once.

use serde::Serialize;

use crate::index::TagId;
use crate::query::lines::{Lines, of_week};
use crate::query::{Cell, ColumnSpec, Dataset, SCHEMA_VERSION, Sheet, WeekRecord};
use crate::space::{AddressSet, Block, Count, Family};

/// The prefixes of several tags, each once: by family, then by address.
#[must_use]
pub fn prefixes(dataset: &Dataset, tags: &[TagId], family: Option<Family>) -> Vec<Block> {
    let view = dataset.view();
    let mut blocks: Vec<Block> = tags
        .iter()
        .flat_map(|&tag| view.all_prefixes(tag))
        .filter(|block| family.is_none_or(|family| block.family() == family))
        .collect();
    blocks.sort_unstable();
    blocks.dedup();
    blocks
}

/// The fewest blocks with the same addresses.
#[must_use]
pub fn aggregate(blocks: &[Block]) -> Vec<Block> {
    AddressSet::from_blocks(blocks.iter().copied()).cover()
}

/// Prefixes as a table.
#[derive(Debug, Clone, Copy)]
pub struct PrefixTable<'a>(pub &'a [Block]);

impl Sheet for PrefixTable<'_> {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 2] = [
            ColumnSpec::whole("prefix", "prefix"),
            ColumnSpec::number("addresses", "addresses"),
        ];
        &COLUMNS
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        match (self.0.get(row), column) {
            (Some(block), 0) => Cell::text(block.to_string()),
            (Some(block), 1) => Cell::Count(block.count()),
            _ => Cell::None,
        }
    }
}

/// The JSON document of prefixes.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PrefixesRecord<'a> {
    schema_version: u32,
    week: WeekRecord,
    tags: Vec<&'a str>,
    prefixes: Vec<PrefixRecord>,
}

#[derive(Debug, Clone, Serialize)]
struct PrefixRecord {
    prefix: String,
    addresses: Count,
}

impl<'a> PrefixesRecord<'a> {
    /// The document of these prefixes of these tags.
    #[must_use]
    pub fn of(dataset: &'a Dataset, tags: &[TagId], blocks: &[Block]) -> Self {
        let view = dataset.view();
        let names = tags.iter().filter_map(|&tag| view.tag(tag));
        let prefixes = blocks.iter().map(|block| PrefixRecord {
            prefix: block.to_string(),
            addresses: block.count(),
        });
        Self {
            schema_version: SCHEMA_VERSION,
            week: dataset.record(),
            tags: names.map(|row| row.name).collect(),
            prefixes: prefixes.collect(),
        }
    }
}

impl Lines for PrefixesRecord<'_> {
    fn lines(&self, is_slim: bool) -> impl Iterator<Item = impl Serialize> {
        of_week(&self.week, &self.prefixes, is_slim)
    }
}
