//! What is typed as a filter of tags: words, addresses and `key:value`, all of which must hold.

use std::collections::{BTreeSet, HashSet};

use jiff::ToSpan;
use jiff::civil::Date;

use crate::azure::{Facts, Feature, parse_date};
use crate::index::{TagId, TagRow};
use crate::query::Dataset;
use crate::query::history::HistorySummary;
use crate::query::tags::{base_name, is_of_service, span_of};
use crate::text::{Safe, matches_words};

/// What a filter can ask of, beside the week itself.
#[derive(Debug, Clone, Copy)]
pub struct TagContext<'a> {
    /// The spellings of regions.
    pub facts: &'a Facts,
    /// Names of watched tags.
    pub watched: &'a BTreeSet<String>,
    /// All weeks, once they are read.
    pub history: Option<&'a HistorySummary>,
}

/// The keys of a filter, with what each is for.
pub const FILTER_KEYS: [(&str, &str); 4] = [
    ("feature", "usable there: api, nsg, udr, fw, vse"),
    (
        "region",
        "of a region in any spelling without spaces; none: not regional",
    ),
    ("service", "of a service"),
    (
        CHANGED,
        "changed in the last weeks or days, or since a date: 4w, 30d, 2026-09-07",
    ),
];

/// The word for watched tags.
const WATCHED: &str = "watched";
/// The key that asks of the weeks.
const CHANGED: &str = "changed";

/// Whether a filter asks of the weeks, so that they are to be read.
#[must_use]
pub fn asks_of_weeks(filter: &str) -> bool {
    words(filter).any(|word| key_of(word).is_some_and(|(key, _)| key == CHANGED))
}

/// Whether a filter asks of the watch list, so that it is to be read.
#[must_use]
pub fn asks_of_watched(filter: &str) -> bool {
    words(filter).any(is_watched)
}

/// Whether a filter asks by a key, or of the watch list.
#[must_use]
pub fn asks_by_key(filter: &str) -> bool {
    words(filter).any(|word| key_of(word).is_some() || is_watched(word))
}

fn words(filter: &str) -> impl Iterator<Item = &str> {
    filter
        .split_whitespace()
        .map(|word| word.trim_start_matches('!'))
}

fn is_watched(word: &str) -> bool {
    word.eq_ignore_ascii_case(WATCHED)
}

/// A key in lower case, and its value.
fn key_of(word: &str) -> Option<(String, &str)> {
    let (key, value) = word.split_once(':')?;
    let key = key.to_ascii_lowercase();
    FILTER_KEYS
        .iter()
        .any(|(known, _)| *known == key)
        .then_some((key, value))
}

/// A filter, prepared for a week.
pub(super) struct TagFilter<'a> {
    terms: Vec<Term<'a>>,
    /// What a value cannot be.
    pub flaw: Option<String>,
}

/// A part of a filter: what a tag must be, or with `!` must not be.
struct Term<'a> {
    is_wanted: bool,
    condition: Condition<'a>,
}

enum Condition<'a> {
    Word(&'a str),
    /// The tags with a prefix that holds the typed addresses.
    Holding(HashSet<TagId>),
    Feature(Feature),
    /// A published region, whole.
    Region(String),
    /// Part of a published region.
    RegionPart(String),
    /// A service, whole.
    Service(&'a str),
    /// Part of a service's name, in lower case.
    ServicePart(String),
    Watched(&'a BTreeSet<String>),
    /// Changed on this day or later.
    Changed(&'a HistorySummary, Date),
    /// A value that the key does not have: no tag is so, whether wanted or not.
    Never,
}

impl<'a> TagFilter<'a> {
    pub fn new(text: &'a str, dataset: &Dataset, context: &TagContext<'a>) -> Self {
        let mut filter = Self {
            terms: Vec::new(),
            flaw: None,
        };
        // An address may have spaces around its slash.
        if let Some(span) = span_of(text) {
            filter.add(true, Condition::holding(span, dataset));
            return filter;
        }
        for word in text.split_whitespace() {
            let (is_wanted, word) = match word.strip_prefix('!') {
                Some("") => continue,
                Some(rest) => (false, rest),
                None => (true, word),
            };
            match Condition::read(word, dataset, context) {
                Ok(condition) => filter.add(is_wanted, condition),
                Err(flaw) => {
                    filter.add(true, Condition::Never);
                    filter.flaw.get_or_insert(flaw);
                }
            }
        }
        filter
    }

    fn add(&mut self, is_wanted: bool, condition: Condition<'a>) {
        self.terms.push(Term {
            is_wanted,
            condition,
        });
    }

    pub fn keeps(&self, tag: TagId, row: &TagRow<'_>) -> bool {
        let mut terms = self.terms.iter();
        terms.all(|term| term.condition.holds(tag, row) == term.is_wanted)
    }
}

impl<'a> Condition<'a> {
    fn holding(span: crate::space::Span, dataset: &Dataset) -> Self {
        let view = dataset.view();
        Self::Holding(view.covering(span).map(|hit| hit.tag).collect())
    }

    /// Reads a word; what to say of a value that its key does not have.
    fn read(word: &'a str, dataset: &Dataset, context: &TagContext<'a>) -> Result<Self, String> {
        if let Some(span) = span_of(word) {
            return Ok(Self::holding(span, dataset));
        }
        if is_watched(word) {
            return Ok(Self::Watched(context.watched));
        }
        // A colon stands in IPv6 addresses too.
        let Some((key, value)) = key_of(word) else {
            return Ok(Self::Word(word));
        };
        match key.as_str() {
            "feature" => Self::feature(value),
            "region" => Ok(Self::region(value, dataset, context.facts)),
            "service" => Ok(Self::service(value, dataset)),
            _ => Self::changed(value, dataset, context),
        }
    }

    /// The feature, or the only one that begins so.
    fn feature(value: &str) -> Result<Self, String> {
        let begins = |feature: &Feature| {
            let head = feature.word().get(..value.len());
            head.is_some_and(|head| head.eq_ignore_ascii_case(value))
        };
        let mut found = Feature::ALL.into_iter().filter(begins);
        match (found.next(), found.next()) {
            (Some(feature), None) => Ok(Self::Feature(feature)),
            _ => Err(said(
                "feature",
                value,
                &Feature::ALL.map(Feature::word).join(", "),
            )),
        }
    }

    fn region(value: &str, dataset: &Dataset, facts: &Facts) -> Self {
        if value.eq_ignore_ascii_case("none") {
            return Self::Region(String::new());
        }
        if let Some(region) = facts.regions.find(dataset.cloud(), value) {
            return Self::Region(region.property.clone());
        }
        let view = dataset.view();
        let mut rows = view.tag_ids().filter_map(|tag| view.tag(tag));
        match rows.find(|row| !row.region.is_empty() && row.region.eq_ignore_ascii_case(value)) {
            Some(row) => Self::Region(row.region.to_owned()),
            None => Self::RegionPart(value.to_lowercase()),
        }
    }

    fn service(value: &'a str, dataset: &Dataset) -> Self {
        let view = dataset.view();
        let mut rows = view.tag_ids().filter_map(|tag| view.tag(tag));
        if !value.is_empty() && rows.any(|row| is_of_service(&row, value)) {
            Self::Service(value)
        } else {
            Self::ServicePart(value.to_lowercase())
        }
    }

    fn changed(value: &str, dataset: &Dataset, context: &TagContext<'a>) -> Result<Self, String> {
        let Some(history) = context.history else {
            return Err(format!("{CHANGED}: the weeks are still being read"));
        };
        let newest = dataset.info().date;
        let newest = newest.or_else(|| history.weeks.iter().rev().find_map(|date| *date));
        let count = |unit: char| value.strip_suffix(unit)?.parse::<i32>().ok();
        // Four weeks are the newest publication and the three before it.
        let since = match (count('w'), count('d'), parse_date(value)) {
            (Some(weeks), _, _) => newest.and_then(|it| {
                it.checked_sub((weeks.saturating_mul(7)).days())
                    .ok()?
                    .tomorrow()
                    .ok()
            }),
            (_, Some(days), _) => {
                newest.and_then(|it| it.checked_sub(days.days()).ok()?.tomorrow().ok())
            }
            (_, _, date) => date,
        };
        match since {
            Some(since) => Ok(Self::Changed(history, since)),
            None => Err(said(CHANGED, value, "4w, 30d or a date such as 2026-09-07")),
        }
    }

    fn holds(&self, tag: TagId, row: &TagRow<'_>) -> bool {
        match self {
            Self::Word(word) => matches_words(word, &[row.name, row.region, row.system_service]),
            Self::Holding(tags) => tags.contains(&tag),
            Self::Feature(feature) => row.has_feature(*feature),
            Self::Region(property) => row.region == property,
            Self::RegionPart(part) => row.region.to_lowercase().contains(part),
            Self::Service(service) => is_of_service(row, service),
            Self::ServicePart(part) => {
                let names = [row.system_service, base_name(row)];
                names.iter().any(|name| name.to_lowercase().contains(part))
            }
            Self::Watched(watched) => watched.contains(row.name),
            Self::Changed(history, since) => {
                let changed = history.last_changed(row.name);
                changed.is_some_and(|date| date >= *since)
            }
            Self::Never => false,
        }
    }
}

fn said(key: &str, value: &str, allowed: &str) -> String {
    match value {
        "" => format!("{key}: {allowed}"),
        value => format!("{key}: is {allowed}, not \"{}\"", Safe::new(value)),
    }
}
