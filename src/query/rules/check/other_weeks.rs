//! Tags that the week at hand does not have and another week has.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;

use crate::index::{Chronicle, ChronicleError, WeekEntry};
use crate::query::rules::check::addresses;
use crate::query::rules::{AddressResolver, LoadedFile};
use crate::rules::Entry;
use crate::space::{AddressSet, Block};
use crate::text::shown_date;

/// Unknown names that are looked for.
const MOST_NAMES: usize = 50;
/// Weeks that are unpacked to compare addresses.
const MOST_WEEKS: usize = 4;

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
    let dataset = resolver.dataset();
    if names.is_empty() || chronicle.cloud() != dataset.cloud() {
        return Ok(OtherWeeks::default());
    }
    let contents = chronicle.contents()?;
    let own = dataset.info().date;
    let mut found = OtherWeeks::default();
    let mut weeks: HashMap<usize, crate::azure::Week> = HashMap::new();
    for tag in &contents.tags {
        let name = tag.name.to_ascii_lowercase();
        if !names.contains(&name) {
            continue;
        }
        let entries = || {
            let all = chronicle.entries().iter().enumerate();
            all.filter(|(place, _)| tag.at(*place).is_some())
        };
        let is_before = |entry: &WeekEntry| is_before(entry.date, own);
        let last = entries().rfind(|(_, entry)| is_before(entry));
        if let Some((place, entry)) = last {
            let mut text = format!("last in the week of {}", shown(entry));
            if weeks.len() < MOST_WEEKS && !weeks.contains_key(&place) {
                weeks.insert(place, chronicle.week(place)?);
            }
            let week = weeks.get(&place);
            let old = week.and_then(|week| week.tags.iter().find(|it| it.name == tag.name));
            if let Some(old) = old {
                let set = AddressSet::from_spans(old.prefixes.iter().copied().map(Block::span));
                if let Some(now) = addresses::now(resolver, &set, old.prefixes.len()) {
                    text = format!("{text}; {now}");
                }
            }
            found.tags.insert(name, text);
        } else if let Some((_, entry)) = entries().next() {
            let text = format!("first in the week of {}", shown(entry));
            found.tags.insert(name, text);
        }
    }
    Ok(found)
}

fn is_before(date: Option<Date>, own: Option<Date>) -> bool {
    match (date, own) {
        (Some(date), Some(own)) => date < own,
        (Some(_), None) => true,
        (None, _) => false,
    }
}

fn shown(entry: &WeekEntry) -> String {
    shown_date(entry.date)
}
