//! The history of a tag.

use jiff::civil::Date;

use crate::azure::{Cloud, DateKind, Name, marked_date, respelt};
use crate::index::{Attributes, Chronicle, ChronicleError, Contents, WeekEntry, WeekSet};
use crate::query::history::union::Union;
use crate::query::history::{CountedWeeks, Seen};
use crate::query::names::names_of_chronicle;
use crate::query::{AZURE_CLOUD, Cell, ColumnSpec, Sheet, joined_note_of};
use crate::space::{Count, Family};
use crate::text::counted;

/// A tag from week to week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagHistory {
    /// Its name.
    pub name: String,
    /// When it was there.
    pub seen: Seen,
    /// Every week that counts, oldest first.
    pub weeks: Vec<TagWeek>,
    /// What to say where the name was spelled otherwise.
    pub note: Option<String>,
    pub(super) cloud: Cloud,
}

/// A tag in one week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagWeek {
    /// The week.
    pub week: WeekEntry,
    /// What happened to the tag since the week before.
    pub status: TagWeekStatus,
    /// Rows that came since the week before; all of them when the tag came.
    pub prefixes_added: usize,
    /// Rows that went; all of them when the tag left.
    pub prefixes_removed: usize,
    /// The tag as it was; `None` where the week has not got it.
    pub tag: Option<TagState>,
}

/// A tag as it stood in one week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TagState {
    /// Its number.
    pub change_number: Option<u32>,
    /// Rows per family.
    pub prefixes: [usize; 2],
    /// Addresses per family.
    pub addresses: [Count; 2],
}

/// What happened to a tag since the week before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum TagWeekStatus {
    /// It is in the oldest week at hand: nobody knows since when.
    Present,
    /// It is not there, as before.
    Absent,
    /// Nothing.
    Same,
    /// It is there for the first time.
    Came,
    /// Its rows changed.
    Changed,
    /// Its rows are the same, its properties changed.
    Attributes,
    /// Only its number changed.
    Number,
    /// It is gone.
    Left,
    /// It is there again.
    Back,
}

impl TagWeekStatus {
    /// The word of text and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Absent => "absent",
            Self::Same => "same",
            Self::Came => "came",
            Self::Changed => "changed",
            Self::Attributes => "attributes",
            Self::Number => "number",
            Self::Left => "left",
            Self::Back => "back",
        }
    }

    /// Whether something happened in that week.
    #[must_use]
    pub const fn is_change(self) -> bool {
        !matches!(self, Self::Present | Self::Absent | Self::Same)
    }
}

/// A tag's rows that share a week set.
#[derive(Clone, Copy, Default)]
struct RowCounts([usize; 2]);

/// The history of a tag by its name in any spelling; `None` when no week has it.
///
/// # Errors
/// [`ChronicleError::Damaged`].
pub fn of_tag(typed: &str, chronicle: &Chronicle) -> Result<Option<TagHistory>, ChronicleError> {
    let contents = chronicle.contents()?;
    let counted = CountedWeeks::of(chronicle);
    let mut note = None;
    let found = find(typed, &contents, &counted).or_else(|| {
        let name = spelled(typed, &contents, &counted, chronicle.cloud())?;
        note = Some(respelt(typed, &name));
        find(&name, &contents, &counted)
    });
    let Some(place) = found else {
        return Ok(None);
    };
    let Some(tag) = contents.tags.get(place) else {
        return Ok(None);
    };
    let week_sets = counted.week_sets(&contents);
    let mut rows = vec![RowCounts::default(); week_sets.len()];
    let mut union = Union::new(&week_sets);
    let of_history = week_sets_of(place, &contents);
    let mut all = contents.rows();
    while let Some((block, history)) = all.next_row()? {
        let Some(week_set) = of_history.get(history).copied().flatten() else {
            continue;
        };
        if let Some(RowCounts([v4, v6])) = rows.get_mut(week_set) {
            match block.family() {
                Family::V4 => *v4 += 1,
                Family::V6 => *v6 += 1,
            }
            union.add(block, week_set);
        }
    }
    let attributes: Vec<Option<Attributes<'_>>> =
        counted.places.iter().map(|&place| tag.at(place)).collect();
    Ok(Some(TagHistory {
        name: tag.name.to_owned(),
        seen: seen(&attributes),
        note,
        cloud: chronicle.cloud(),
        weeks: weeks(
            &counted.weeks,
            &attributes,
            &Tally::of(&week_sets, &rows, counted.weeks.len()),
            &union.finish(counted.weeks.len()),
        ),
    }))
}

fn seen(attributes: &[Option<Attributes<'_>>]) -> Seen {
    let mut week_set = WeekSet::default();
    for (place, attributes) in attributes.iter().enumerate() {
        if attributes.is_some() {
            week_set.insert(place);
        }
    }
    Seen::new(week_set, attributes.len())
}

/// The tag that is spelled otherwise: of the newest week, else of any.
fn spelled(
    typed: &str,
    contents: &Contents<'_>,
    counted: &CountedWeeks,
    cloud: Cloud,
) -> Option<String> {
    let in_weeks = |week| match names_of_chronicle(contents, cloud, week).resolve(typed) {
        Name::Tag { name, .. } => Some(name),
        _ => None,
    };
    let newest = counted.places.last().copied();
    newest
        .and_then(|newest| in_weeks(Some(newest)))
        .or_else(|| in_weeks(None))
}

/// The tag's place: of several spellings the one typed, else the one seen last.
fn find(name: &str, contents: &Contents<'_>, counted: &CountedWeeks) -> Option<usize> {
    let last = |place: usize| {
        let tag = contents.tags.get(place)?;
        let is_there = |&&place: &&usize| tag.at(place).is_some();
        counted.places.iter().rev().find(is_there).copied()
    };
    let fits = |known: &str| known.eq_ignore_ascii_case(name);
    (0..contents.tags.len())
        .filter(|&place| contents.tags.get(place).is_some_and(|tag| fits(tag.name)))
        .filter_map(|place| Some((contents.tags.get(place)?.name == name, last(place)?, place)))
        .max()
        .map(|(_, _, place)| place)
}

/// Per history the week set of a tag in it.
fn week_sets_of(tag: usize, contents: &Contents<'_>) -> Vec<Option<usize>> {
    let of = |history: &[(u32, u32)]| {
        let found = history
            .iter()
            .find(|item| usize::try_from(item.0) == Ok(tag));
        found.and_then(|item| usize::try_from(item.1).ok())
    };
    contents.histories.iter().map(of).collect()
}

/// Rows per week: all per family, those that came and those that went.
struct Tally {
    rows: Vec<[usize; 2]>,
    added: Vec<usize>,
    removed: Vec<usize>,
}

impl Tally {
    fn of(week_sets: &[WeekSet], rows: &[RowCounts], weeks: usize) -> Self {
        let mut tally = Self {
            rows: vec![[0; 2]; weeks],
            added: vec![0; weeks],
            removed: vec![0; weeks],
        };
        for (week_set, &RowCounts([v4, v6])) in week_sets.iter().zip(rows) {
            if v4 + v6 == 0 {
                continue;
            }
            for run in week_set.runs() {
                if let Some(added) = tally.added.get_mut(run.start) {
                    *added += v4 + v6;
                }
                if let Some(removed) = tally.removed.get_mut(run.end) {
                    *removed += v4 + v6;
                }
                for rows in tally.rows.iter_mut().take(run.end).skip(run.start) {
                    rows[0] += v4;
                    rows[1] += v6;
                }
            }
        }
        tally
    }
}

fn weeks(
    weeks: &[WeekEntry],
    attributes: &[Option<Attributes<'_>>],
    tally: &Tally,
    addresses: &[[Count; 2]],
) -> Vec<TagWeek> {
    let mut was_there = false;
    let mut before = None;
    let mut found: Vec<TagWeek> = Vec::with_capacity(weeks.len());
    for (place, week) in weeks.iter().enumerate() {
        let of = |list: &[usize]| list.get(place).copied().unwrap_or(0);
        let now = attributes.get(place).copied().flatten();
        let is_first = place == 0;
        let (added, removed) = if is_first {
            (0, 0)
        } else {
            (of(&tally.added), of(&tally.removed))
        };
        let status = match (before, now) {
            (None, None) if is_first || found.last().is_some_and(|week| week.tag.is_none()) => {
                TagWeekStatus::Absent
            }
            (_, None) => TagWeekStatus::Left,
            (None, Some(_)) if is_first => TagWeekStatus::Present,
            (None, Some(_)) if was_there => TagWeekStatus::Back,
            (None, Some(_)) => TagWeekStatus::Came,
            (Some(_), Some(_)) if added + removed > 0 => TagWeekStatus::Changed,
            (Some(one), Some(other)) => compare(one, other),
        };
        was_there |= now.is_some();
        before = now;
        found.push(TagWeek {
            week: week.clone(),
            status,
            prefixes_added: added,
            prefixes_removed: removed,
            tag: now.map(|now| TagState {
                change_number: now.change_number,
                prefixes: tally.rows.get(place).copied().unwrap_or_default(),
                addresses: addresses.get(place).copied().unwrap_or_default(),
            }),
        });
    }
    found
}

/// What happened to a tag whose rows are the same.
fn compare(one: Attributes<'_>, other: Attributes<'_>) -> TagWeekStatus {
    let renumbered = Attributes {
        change_number: other.change_number,
        ..one
    };
    if one == other {
        TagWeekStatus::Same
    } else if renumbered == other {
        TagWeekStatus::Number
    } else {
        TagWeekStatus::Attributes
    }
}

impl TagHistory {
    /// What there is to know of the weeks that it is from.
    #[must_use]
    pub fn joined(&self) -> Option<&'static str> {
        let weeks = self.weeks.iter().map(|week| &week.week);
        joined_note_of(weeks).filter(|_| self.name == AZURE_CLOUD)
    }

    /// The week of the last change; `None` when there was none in the weeks at hand.
    #[must_use]
    pub fn last_changed(&self) -> Option<&TagWeek> {
        self.weeks.iter().rev().find(|week| week.status.is_change())
    }

    /// One line: the name, since when, how many changes.
    #[must_use]
    pub fn headline(&self) -> String {
        let changes = self.weeks.iter().filter(|week| week.status.is_change());
        let date = |place: Option<usize>| {
            let week = place.and_then(|place| self.weeks.get(place));
            let none = || marked_date(None::<Date>, DateKind::Published);
            week.map_or_else(none, |week| week.week.marked())
        };
        let mark = if self.seen.is_since_at_least() {
            "before "
        } else {
            ""
        };
        let last = if self.seen.is_current() {
            "still there".to_owned()
        } else {
            format!("last seen {}", date(self.seen.last()))
        };
        let changes = match changes.count() {
            0 => "no change".to_owned(),
            count => counted(count, "change", "changes"),
        };
        let name = crate::text::clean(&self.name);
        let weeks = counted(self.weeks.len(), "week", "weeks");
        format!(
            "{name}  first seen {mark}{} · {last} · {changes} in {weeks}",
            date(self.seen.first())
        )
    }

    /// The weeks as a table; with `folds` weeks in which nothing happened join the one before.
    #[must_use]
    pub fn sheet(&self, folds: bool) -> TagTable<'_> {
        let mut lines: Vec<(usize, usize)> = Vec::new();
        for (place, week) in self.weeks.iter().enumerate() {
            let goes_on = match week.status {
                TagWeekStatus::Same | TagWeekStatus::Absent => place > 0,
                _ => false,
            };
            match lines.last_mut() {
                Some(line) if folds && goes_on => line.1 = place,
                _ => lines.push((place, place)),
            }
        }
        TagTable {
            history: self,
            lines,
        }
    }
}

/// A tag's weeks as a table.
pub struct TagTable<'a> {
    history: &'a TagHistory,
    /// First and last week of each line.
    lines: Vec<(usize, usize)>,
}

impl Sheet for TagTable<'_> {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 11] = [
            ColumnSpec::whole("from", "from"),
            ColumnSpec::whole("to", "to"),
            ColumnSpec::whole("what", "status"),
            ColumnSpec::change("number", "changeNumber"),
            ColumnSpec::number("+rows", "prefixesAdded"),
            ColumnSpec::number("−rows", "prefixesRemoved"),
            ColumnSpec::number("v4", "prefixesV4"),
            ColumnSpec::number("v6", "prefixesV6"),
            ColumnSpec::number("addresses v4", "addressesV4"),
            ColumnSpec::number("addresses v6", "addressesV6"),
            ColumnSpec::text("dates are", "datesAre"),
        ];
        &COLUMNS
    }

    fn len(&self) -> usize {
        self.lines.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let Some(&(first, last)) = self.lines.get(row) else {
            return Cell::None;
        };
        let (Some(week), Some(end)) = (self.history.weeks.get(first), self.history.weeks.get(last))
        else {
            return Cell::None;
        };
        let count = |number: usize| match number {
            0 => Cell::None,
            number => Cell::Number(number),
        };
        match column {
            0 => match (week.week.date, week.week.date_is) {
                (None, _) => Cell::None,
                (Some(date), kind) if week.status == TagWeekStatus::Present => {
                    Cell::Since(date, kind)
                }
                (Some(date), kind) => Cell::Date(date, kind),
            },
            1 => {
                let date = end.week.date;
                date.map_or(Cell::None, |date| Cell::Date(date, end.week.date_is))
            }
            2 => Cell::text(week.status.word()),
            4 => count(week.prefixes_added),
            5 => count(week.prefixes_removed),
            10 => Cell::text(week.week.date_is.and(end.week.date_is).word()),
            column => match (&week.tag, column) {
                (Some(tag), 3) => Cell::Change(tag.change_number, week.week.numbers),
                (Some(tag), 6) => Cell::Number(tag.prefixes[0]),
                (Some(tag), 7) => Cell::Number(tag.prefixes[1]),
                (Some(tag), 8) => Cell::Count(tag.addresses[0]),
                (Some(tag), 9) => Cell::Count(tag.addresses[1]),
                _ => Cell::None,
            },
        }
    }
}
