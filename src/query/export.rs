//! A week for engines: the tables that they join logs with, and the statements that load and ask them.
//!
//! The same week and question give the same bytes. Each kind is a row of a table: what it is for, what
//! it cannot do, and its files, whose statements lie in `assets/export`.

mod fill;
mod folder;
mod kind;
mod mmdb;
mod parts;
mod refusal;
mod table;
mod tables;
mod write;

pub use folder::{ExportCheck, ExportRecord, MANIFEST, Manifest};
pub use kind::{ExportKind, Shape};
pub use mmdb::RecordForm;
pub use refusal::ExportRefusal;
pub use table::ExportKinds;
pub use tables::{SetId, TagTables};
pub use write::Digits;

use std::collections::BTreeSet;

use crate::index::TagId;
use crate::query::Dataset;
use crate::query::export::fill::Stamp;
use crate::query::export::folder::manifest;
use crate::query::export::parts::{parts, reserved};

/// What is to be written, and for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportQuestion {
    /// The engine.
    pub kind: ExportKind,
    /// Only these tags; all where none are named.
    pub tags: Option<BTreeSet<TagId>>,
    /// Which tables of CSV; all where none are named.
    pub shapes: Vec<Shape>,
    /// How CSV has the ends of a run.
    pub digits: Digits,
    /// How a `MaxMind` DB has its records.
    pub form: RecordForm,
}

impl ExportQuestion {
    /// All of a week, in the form that the kind has of itself.
    #[must_use]
    pub const fn new(kind: ExportKind) -> Self {
        Self {
            kind,
            tags: None,
            shapes: Vec::new(),
            digits: Digits::Addresses,
            form: RecordForm::Tags,
        }
    }
}

/// A file of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportFile {
    /// Its name in the folder.
    pub name: &'static str,
    /// All of it.
    pub bytes: Vec<u8>,
}

/// The files of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// The files, the manifest last.
    pub files: Vec<ExportFile>,
    /// Distinct prefixes.
    pub prefixes: usize,
    /// Different lists of tags.
    pub sets: usize,
}

/// Writes a week for an engine.
///
/// # Errors
/// What the kind cannot hold.
pub fn ask(question: &ExportQuestion, dataset: &Dataset) -> Result<Export, ExportRefusal> {
    let tables = TagTables::new(dataset.view(), question.tags.as_ref());
    if tables.prefixes().is_empty() {
        return Err(ExportRefusal::Empty);
    }
    for place in reserved(question) {
        let mut blocks = tables.prefixes().iter().map(|&(block, _)| block);
        if let Some(prefix) = blocks.find(|block| block.span().meets(place.span())) {
            return Err(ExportRefusal::Reserved { prefix, place });
        }
    }
    let stamp = Stamp::new(question, dataset);
    let mut files = Vec::new();
    for (name, part) in parts(question) {
        let bytes = part.bytes(&tables, &stamp)?;
        files.push(ExportFile { name, bytes });
    }
    let bytes = manifest(question, dataset, &stamp, &files)?;
    files.push(ExportFile {
        name: MANIFEST,
        bytes,
    });
    Ok(Export {
        files,
        prefixes: tables.prefixes().len(),
        sets: tables.sets().len(),
    })
}
