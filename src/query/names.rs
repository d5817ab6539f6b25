//! Names as people type them, asked of weeks.
//!
//! Here alone it is decided what a typed name chooses: a tag in any spelling is that tag alone,
//! else a glob, else, where parts of names are taken, a part.

use std::cell::OnceCell;

use crate::azure::{Name, Names, TagName};
use crate::index::TagId;
use crate::query::Dataset;

/// The names of one week; what it builds for spellings is kept, so make one for many names.
#[derive(Debug, Clone)]
pub struct WeekNames<'a> {
    dataset: &'a Dataset,
    names: OnceCell<Names<'a>>,
}

impl<'a> WeekNames<'a> {
    /// The names of a week.
    #[must_use]
    pub const fn new(dataset: &'a Dataset) -> Self {
        Self {
            dataset,
            names: OnceCell::new(),
        }
    }

    /// The tags, in the order of the week's table.
    pub fn names(&self) -> &Names<'a> {
        self.names
            .get_or_init(|| Names::new(self.dataset.cloud(), tag_names(self.dataset)))
    }

    /// What a whole text names.
    #[must_use]
    pub fn resolve(&self, text: &str) -> Name<'a> {
        self.names().resolve(text)
    }

    /// The tag of a text in any spelling.
    #[must_use]
    pub fn tag(&self, text: &str) -> Option<TagId> {
        tag_of(&self.resolve(text))
    }
}

/// What a whole text names in a week; for many texts keep a [`WeekNames`].
#[must_use]
pub fn resolve<'a>(text: &str, dataset: &'a Dataset) -> Name<'a> {
    WeekNames::new(dataset).resolve(text)
}

/// The tag that a name of one week is.
#[must_use]
pub fn tag_of(name: &Name<'_>) -> Option<TagId> {
    match name {
        Name::Tag { place, .. } => u16::try_from(*place).ok().map(TagId),
        _ => None,
    }
}

fn tag_names(dataset: &Dataset) -> impl Iterator<Item = TagName<'_>> {
    let view = dataset.view();
    let rows = view.tag_ids().map(move |tag| view.tag(tag));
    // A row that cannot be read keeps its place.
    rows.map(|row| TagName {
        name: row.map_or("", |row| row.name),
        region: row.map_or("", |row| row.region),
        system_service: row.map_or("", |row| row.system_service),
    })
}
