//! Tags that the week at hand does not have and another week has.

use std::collections::{BTreeSet, HashMap};

use crate::index::{Chronicle, ChronicleError};
use crate::query::gone::OtherWeeksTags;
use crate::query::rules::{AddressResolver, LoadedFile};
use crate::rules::Entry;

/// Unknown names that are looked for.
const MOST_NAMES: usize = 50;

/// Where tags are that the week has not got, by name in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OtherWeeks {
    tags: HashMap<String, String>,
}

impl OtherWeeks {
    /// What is known of a name, in words.
    pub(super) fn of(&self, name: &str) -> Option<&str> {
        let found = self.tags.get(&name.to_ascii_lowercase());
        found.map(String::as_str)
    }
}

/// Whether some file names a tag that the week has not got.
#[must_use]
pub fn has_unknown_tags(files: &[LoadedFile], resolver: &AddressResolver<'_>) -> bool {
    !unknown(files, resolver).is_empty()
}

fn unknown(files: &[LoadedFile], resolver: &AddressResolver<'_>) -> BTreeSet<String> {
    let sets = files.iter().flat_map(|loaded| &loaded.file.sets);
    let rows = sets.flat_map(|set| &set.rows);
    let names = rows.flat_map(|row| {
        let entries = row.entries().filter_map(Entry::tag);
        entries.chain(row.stands_for.as_deref())
    });
    let mut unknown = BTreeSet::new();
    for name in names {
        if unknown.len() >= MOST_NAMES {
            break;
        }
        if resolver.tag(name).is_none() {
            unknown.insert(name.to_ascii_lowercase());
        }
    }
    unknown
}

/// Looks for the files' unknown tags in other weeks.
///
/// # Errors
/// [`ChronicleError::Damaged`].
pub fn other_weeks(
    files: &[LoadedFile],
    resolver: &AddressResolver<'_>,
    chronicle: &Chronicle,
) -> Result<OtherWeeks, ChronicleError> {
    let names = unknown(files, resolver);
    if names.is_empty() {
        return Ok(OtherWeeks::default());
    }
    let mut found = OtherWeeks::default();
    let Some(mut tags) = OtherWeeksTags::new(resolver, chronicle)? else {
        return Ok(found);
    };
    for name in names {
        if let Some(tag) = tags.find(&name)? {
            found.tags.insert(name, tag.text);
        }
    }
    Ok(found)
}
