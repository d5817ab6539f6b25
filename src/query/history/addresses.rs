//! The history of an address, a block or a range.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::azure::{Cloud, DateKind, Rank};
use crate::index::{Chronicle, ChronicleError, TagRuns, WeekEntry, WeekSet};
use crate::query::history::{CountedWeeks, Seen, Since, date, gap_text};
use crate::query::lookup::{QueryKind, Relation};
use crate::query::{AZURE_CLOUD, Cell, ColumnSpec, Sheet, joined_note_of};
use crate::space::{Block, Span};
use crate::text::Safe;

/// Addresses from week to week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressHistory {
    /// The text as typed.
    pub query: String,
    /// What kind of thing was asked for.
    pub kind: QueryKind,
    /// The addresses.
    pub span: Span,
    /// What was changed while reading the query.
    pub notes: Vec<Safe>,
    /// The weeks that count, oldest first; places in a [`Seen`] are places here.
    pub weeks: Vec<WeekEntry>,
    /// The tags of any week, in the order of a lookup.
    pub tags: Vec<TagSeen>,
    pub(super) cloud: Cloud,
}

/// A tag and when it held any of the addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagSeen {
    /// Its name.
    pub name: String,
    /// The region property that was seen last.
    pub region: String,
    /// When any of its prefixes below was there.
    pub seen: Seen,
    /// Its prefixes, longest first.
    pub prefixes: Vec<PrefixSeen>,
}

/// A prefix of a tag and when the tag had it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrefixSeen {
    /// The prefix.
    pub prefix: Block,
    /// How it lies to the addresses.
    pub relation: Relation,
    /// When the tag had it.
    pub seen: Seen,
}

/// The history of addresses.
///
/// # Errors
/// [`ChronicleError::Damaged`].
pub fn of_span(
    kind: QueryKind,
    span: Span,
    chronicle: &Chronicle,
) -> Result<AddressHistory, ChronicleError> {
    let contents = chronicle.contents()?;
    let counted = CountedWeeks::of(chronicle);
    let weeks = counted.weeks.len();
    let mut found: Vec<(Block, usize, WeekSet)> = Vec::new();
    let mut rows = contents.rows();
    while let Some((block, history)) = rows.next_row()? {
        if block.family() != span.family() || block.last() < span.first() {
            // IPv6 comes last, so that behind IPv4 there is nothing more to find.
            if block.family() > span.family() {
                break;
            }
            continue;
        }
        if block.first() > span.last() {
            break;
        }
        for &(tag, week_set) in contents.histories.of(history).unwrap_or(&[]) {
            let week_set = usize::try_from(week_set)
                .ok()
                .and_then(|week_set| contents.week_sets.get(week_set));
            let week_set = week_set.map(|week_set| week_set.among(&counted.places));
            if let (Ok(tag), Some(week_set)) = (usize::try_from(tag), week_set)
                && !week_set.is_empty()
            {
                found.push((block, tag, week_set));
            }
        }
    }
    let rank = |tag: usize| {
        let tag = contents.tags.get(tag)?;
        Some(Rank::of(tag.name, tag.latest()?.region))
    };
    found.sort_by_cached_key(|&(block, tag, _)| {
        (Reverse(block.length()), block.first(), rank(tag), tag)
    });
    let mut tags: Vec<TagSeen> = Vec::new();
    let mut places: HashMap<usize, usize> = HashMap::new();
    for (prefix, tag, week_set) in found {
        let place = *places.entry(tag).or_insert_with(|| {
            let tag = contents.tags.get(tag);
            let latest = tag.and_then(TagRuns::latest).unwrap_or_default();
            tags.push(TagSeen {
                name: tag.map_or("", |tag| tag.name).to_owned(),
                region: latest.region.to_owned(),
                seen: Seen::new(WeekSet::default(), weeks),
                prefixes: Vec::new(),
            });
            tags.len() - 1
        });
        if let Some(tag) = tags.get_mut(place) {
            tag.seen = Seen::new(tag.seen.weeks.or(&week_set), weeks);
            tag.prefixes.push(PrefixSeen {
                prefix,
                relation: Relation::of(prefix, span),
                seen: Seen::new(week_set, weeks),
            });
        }
    }
    Ok(AddressHistory {
        query: span.to_string(),
        kind,
        span,
        notes: Vec::new(),
        weeks: counted.weeks,
        tags,
        cloud: chronicle.cloud(),
    })
}

/// Since when a tag has held all of these addresses by one prefix or another without a break;
/// `None` when it does not now.
///
/// # Errors
/// [`ChronicleError::Damaged`].
pub fn since(
    tag: &str,
    span: Span,
    chronicle: &Chronicle,
) -> Result<Option<Since>, ChronicleError> {
    Ok(of_span(QueryKind::Block, span, chronicle)?.since(tag))
}

impl AddressHistory {
    /// Since when a tag has held all of the addresses without a break; `None` when no prefix of
    /// it holds all of them now.
    #[must_use]
    pub fn since(&self, tag: &str) -> Option<Since> {
        let tag = self.tags.iter().find(|known| known.name == tag)?;
        let covering = tag.prefixes.iter();
        let covering = covering.filter(|held| held.relation == Relation::Covers);
        let weeks = covering.fold(WeekSet::default(), |weeks, held| weeks.or(&held.seen.weeks));
        let place = Seen::new(weeks, self.weeks.len()).current_since()?;
        let week = self.weeks.get(place);
        Some(Since {
            date: week.and_then(|week| week.date),
            date_is: week.map_or(DateKind::Published, |week| week.date_is),
            is_at_least: place == 0,
        })
    }

    /// What there is to know of the weeks that it is from.
    #[must_use]
    pub fn joined(&self) -> Option<&'static str> {
        let mut tags = self.tags.iter();
        joined_note_of(&self.weeks).filter(|_| tags.any(|tag| tag.name == AZURE_CLOUD))
    }

    /// One line: what was asked and over which weeks.
    #[must_use]
    pub fn headline(&self) -> String {
        let query = crate::text::clean(&self.query);
        let all = self.tags.len();
        let now = self.tags.iter().filter(|tag| tag.seen.is_current());
        let tags = match (all, now.count()) {
            (0, _) => "in no tag".to_owned(),
            (1, 1) => "in 1 tag, still".to_owned(),
            (1, _) => "in 1 tag, no longer".to_owned(),
            (all, now) if all == now => format!("in {all} tags, still in all"),
            (all, now) => format!("in {all} tags, now in {now}"),
        };
        let last = self.weeks.len().saturating_sub(1);
        format!(
            "{query}  {tags} · {} to {}",
            date(&self.weeks, 0),
            date(&self.weeks, last)
        )
    }

    /// A line a prefix of a tag.
    #[must_use]
    pub fn sheet(&self) -> AddressTable<'_> {
        let lines = self
            .tags
            .iter()
            .flat_map(|tag| tag.prefixes.iter().map(move |prefix| (tag, prefix)));
        AddressTable {
            weeks: &self.weeks,
            lines: lines.collect(),
        }
    }
}

/// Prefixes that held the addresses, as a table.
pub struct AddressTable<'a> {
    weeks: &'a [WeekEntry],
    lines: Vec<(&'a TagSeen, &'a PrefixSeen)>,
}

impl AddressTable<'_> {
    /// Columns that a terminal leaves out: they repeat or explain others.
    pub const HIDDEN: &'static [usize] = &[9, 10, 11];

    /// Of the first and last weeks together.
    fn date_is(&self, seen: [&Seen; 2]) -> DateKind {
        let places = seen.iter().flat_map(|seen| [seen.first(), seen.last()]);
        let weeks = places.flatten().filter_map(|place| self.weeks.get(place));
        weeks.fold(DateKind::Published, |kind, week| kind.and(week.date_is))
    }

    fn first(&self, seen: &Seen) -> Cell<'_> {
        let week = seen.first().and_then(|place| self.weeks.get(place));
        let date = week.and_then(|week| Some((week.date?, week.date_is)));
        match date {
            None => Cell::None,
            Some((date, kind)) if seen.is_since_at_least() => Cell::Since(date, kind),
            Some((date, kind)) => Cell::Date(date, kind),
        }
    }

    fn last(&self, seen: &Seen) -> Cell<'_> {
        let week = seen.last().and_then(|place| self.weeks.get(place));
        let date = week.and_then(|week| Some((week.date?, week.date_is)));
        date.map_or(Cell::None, |(date, kind)| Cell::Date(date, kind))
    }
}

impl Sheet for AddressTable<'_> {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 12] = [
            ColumnSpec::text("tag", "tag"),
            ColumnSpec::whole("first seen", "first"),
            ColumnSpec::whole("last seen", "last"),
            ColumnSpec::whole("now", "current"),
            ColumnSpec::list("gone", "gaps"),
            ColumnSpec::whole("prefix", "prefix"),
            ColumnSpec::whole("relation", "relation"),
            ColumnSpec::whole("from", "prefixFirst"),
            ColumnSpec::whole("to", "prefixLast"),
            ColumnSpec::list("prefix gone", "prefixGaps"),
            ColumnSpec::whole("since at least", "sinceAtLeast"),
            ColumnSpec::text("dates are", "datesAre"),
        ];
        &COLUMNS
    }

    fn len(&self) -> usize {
        self.lines.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let Some(&(tag, held)) = self.lines.get(row) else {
            return Cell::None;
        };
        let word = |is_so: bool| Cell::text(if is_so { "yes" } else { "no" });
        match column {
            0 => Cell::text(tag.name.as_str()),
            1 => self.first(&tag.seen),
            2 => self.last(&tag.seen),
            3 => word(tag.seen.is_current()),
            4 => Cell::dates(gap_text(self.weeks, &tag.seen)),
            5 => Cell::text(held.prefix.to_string()),
            6 => Cell::text(held.relation.word()),
            7 => self.first(&held.seen),
            8 => self.last(&held.seen),
            9 => Cell::dates(gap_text(self.weeks, &held.seen)),
            10 => word(tag.seen.is_since_at_least()),
            11 => Cell::text(self.date_is([&tag.seen, &held.seen]).word()),
            _ => Cell::None,
        }
    }
}
