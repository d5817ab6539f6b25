//! Tags that words of the command line name.

use std::collections::BTreeSet;

use crate::azure::Facts;
use crate::cli::console::note;
use crate::cli::{Context, Failure};
use crate::index::TagId;
use crate::query::Dataset;
use crate::query::gone::OtherWeeksTags;
use crate::query::names::{self, Parts, UnknownName};
use crate::query::rules::AddressResolver;
use crate::query::tags::{RegionChoice, region_named, service_named};
use crate::source::stored_history;
use crate::store::{read_watched, watch_file};
use crate::text::{Pattern, Safe};

/// The names on the watch list.
///
/// # Errors
/// A list that is there and cannot be read.
pub fn watched(context: &Context) -> Result<BTreeSet<String>, Failure> {
    Ok(match watch_file(&context.paths) {
        Some(file) => read_watched(&file)?,
        None => BTreeSet::new(),
    })
}

/// What a word chooses among the tags of some weeks; a spelling that is not published is said.
///
/// # Errors
/// Names that are near, or the weeks that had it.
pub fn choose(
    typed: &str,
    weeks: &[&Dataset],
    parts: Parts,
    context: &Context,
) -> Result<Pattern, Failure> {
    let choice = names::choose(typed, weeks, parts)
        .map_err(|error| unknown(typed, error, weeks.first().copied(), context))?;
    say_all(choice.note);
    Ok(choice.pattern)
}

/// The tags of names and globs.
///
/// # Errors
/// Names that are near, or the weeks that had it.
pub fn tags(typed: &[String], dataset: &Dataset, context: &Context) -> Result<Vec<TagId>, Failure> {
    let mut chosen = Vec::new();
    for name in typed {
        let (tags, notes) = names::choose_tags(std::slice::from_ref(name), dataset, Parts::Refused)
            .map_err(|error| unknown(name, error, Some(dataset), context))?;
        chosen.extend(tags);
        say_all(notes);
    }
    Ok(chosen)
}

/// The tags that any of some words chooses where parts of names are taken.
///
/// # Errors
/// Names that are near.
pub fn matching(typed: &[String], dataset: &Dataset) -> Result<Vec<TagId>, Failure> {
    let (tags, notes) = names::choose_tags(typed, dataset, Parts::Taken)?;
    say_all(notes);
    Ok(tags)
}

/// Regions as they are typed.
///
/// # Errors
/// The first one that nobody knows.
pub fn regions(typed: &[String], dataset: &Dataset) -> Result<Vec<RegionChoice>, Failure> {
    let facts = Facts::embedded();
    let regions = typed.iter();
    let regions = regions.map(|typed| Ok(region_named(typed, dataset, &facts)?));
    regions.collect()
}

/// Services as they are typed, each of a tag in one of these weeks.
///
/// # Errors
/// The first one that no tag is of.
pub fn services(typed: &[String], weeks: &[&Dataset]) -> Result<Vec<String>, Failure> {
    let services = typed.iter();
    let services = services.map(|typed| Ok(service_named(typed, weeks)?));
    services.collect()
}

/// Says what was spelled otherwise.
pub fn say_all(notes: impl IntoIterator<Item = String>) {
    for text in notes {
        note(&text);
    }
}

/// The failure of a name that the week does not have, with the weeks at hand that have it.
fn unknown(
    typed: &str,
    error: UnknownName,
    dataset: Option<&Dataset>,
    context: &Context,
) -> Failure {
    let is_tag = !matches!(error, UnknownName::Platform { .. });
    let gone = dataset.filter(|_| is_tag).and_then(|dataset| {
        let request = context.request.newest_of(Some(dataset.cloud()));
        let history = stored_history(&request).ok()?;
        let resolver = AddressResolver::new(dataset, &[]);
        let mut tags = OtherWeeksTags::new(&resolver, &history.chronicle).ok()??;
        tags.find(typed).ok()?
    });
    match gone {
        Some(gone) => Failure::said(format!(
            "no tag \"{}\" in this week; {} was {}",
            Safe::new(typed),
            gone.name,
            gone.text
        )),
        None => error.into(),
    }
}
