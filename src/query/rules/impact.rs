//! What a publication does to rules: per row nothing, something that Azure follows by itself, or
//! addresses that are missing or stale, and the changes that put it right.
//!
//! A row with a service tag follows the tag: a change of the tag is `automatic` and needs nothing.
//! A list of addresses stands for a tag when its file says so, when the user says so, or when it
//! equals a tag of a week at hand to nine tenths of the addresses, both ways. Then `missing` is what
//! the tag has and the list lacks; `stale` and `moved` is what was the tag's and is no longer, in no
//! tag at all or in others. Addresses that never were the tag's are the user's own and stay. A list
//! that stands for no tag keeps every address but those that have left the tags of services that held
//! them. IPv4 and IPv6 are apart: a list of IPv4 alone is held against the tag's IPv4 alone.
//!
//! One list is: the IP rules of a registry, the routes of a table with the same next hop, an IP
//! group, a section of a plain list, one side of any other rule.

mod commands;
mod entries;
mod infer;
mod judge;
mod list;
mod older;
mod patch;
mod record;
mod sheet;
mod trace;
mod week;

use std::collections::BTreeSet;

use crate::azure::WeekDate;
use crate::index::Chronicle;
use crate::query::Dataset;
use crate::query::diff::DiffError;
use crate::query::rules::LoadedFile;
use crate::rules::RuleSetKind;
use crate::space::{AddressSet, Block};
use crate::text::{Safe, counted, plural};

pub use infer::wants_older;
pub use list::RowSide;
pub use patch::{Patch, patched_list};
pub use record::ImpactRecord;
pub(in crate::query::rules) use record::blocks;
pub use sheet::ImpactTable;

/// What is asked besides files and weeks.
#[derive(Debug, Clone, Copy, Default)]
pub struct ImpactOptions<'a> {
    /// Tags that the user names for lists of addresses.
    pub stated: &'a [Stated],
    /// Weeks at hand, in the older of which a list may be found again.
    pub older: Option<&'a Chronicle>,
}

/// A tag that lists of addresses stand for, as the user says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// The row, or the set of rules; `None` for every plain list, IP group and registry.
    pub row: Option<String>,
    /// The tag.
    pub tag: String,
}

impl Stated {
    /// Reads `TAG` or `ROW=TAG`.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let (row, tag) = match text.rsplit_once('=') {
            Some((row, tag)) => (Some(row.trim().to_owned()), tag),
            None => (None, text),
        };
        Self {
            row,
            tag: tag.trim().to_owned(),
        }
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImpactError {
    /// The weeks do not belong together.
    #[error(transparent)]
    Weeks(#[from] DiffError),
    /// A stated tag is in neither week.
    #[error("no tag \"{name}\" in either week; {hint}")]
    Tag {
        /// What was typed.
        name: Safe,
        /// The nearest names, or where to find them.
        hint: String,
    },
    /// A tag is stated for a row that is not there.
    #[error(
        "no row and no set of rules named \"{row}\" lists addresses; `tagscope rules show` prints the names"
    )]
    Row {
        /// What was typed.
        row: Safe,
    },
    /// A tag is stated and nothing takes it.
    #[error(
        "nothing here takes the tag {tag}: without a row it is for plain lists, IP groups and registries that \
         name none themselves; `--stands-for ROW={tag}` names a row"
    )]
    NoList {
        /// The tag.
        tag: Safe,
    },
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ImpactStatus {
    /// Nothing.
    Unaffected,
    /// Its tags changed, and Azure follows by itself.
    Automatic,
    /// It lacks addresses.
    Missing,
    /// It has addresses that are no longer the tag's, or a tag that is gone.
    Stale,
    /// Both.
    MissingAndStale,
}

impl ImpactStatus {
    /// The word of text and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unaffected => "unaffected",
            Self::Automatic => "automatic",
            Self::Missing => "missing",
            Self::Stale => "stale",
            Self::MissingAndStale => "missingAndStale",
        }
    }

    /// For a screen.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::MissingAndStale => "missing and stale",
            _ => self.word(),
        }
    }

    /// Whether somebody has to do something; a tag that changed is followed by Azure.
    #[must_use]
    pub const fn is_affected(self) -> bool {
        matches!(self, Self::Missing | Self::Stale | Self::MissingAndStale)
    }
}

/// What a publication does to all rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImpactAnswer {
    /// Every resource and list, in the order of the files.
    pub sets: Vec<SetImpact>,
}

/// What it does to one resource or list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetImpact {
    /// The file for people.
    pub path: Safe,
    /// Which file, and which of its sets.
    pub place: (usize, usize),
    /// What it is.
    pub kind: RuleSetKind,
    /// Its name.
    pub name: Safe,
    /// Its rows without Azure's own; what a registry or a route table lacks stands last, as a row
    /// of the set's name.
    pub rows: Vec<RowImpact>,
    /// What has to change, list by list.
    pub changes: Vec<ListChange>,
}

/// What it does to one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowImpact {
    /// Its name.
    pub name: Safe,
    /// Where it stands in the file.
    pub place: String,
    /// Its place in the set; `None` for what the set as a whole lacks.
    pub row: Option<usize>,
    /// The tags that it names, stands for or lies in.
    pub tags: Vec<String>,
    /// Tags that it names and neither week has.
    pub unknown: Vec<String>,
    /// What becomes of it.
    pub status: ImpactStatus,
    /// Addresses that it lacks.
    pub missing: Vec<Block>,
    /// Those of them that it lacked in the older week already.
    pub missing_before: Vec<Block>,
    /// Its addresses that are in no tag any more.
    pub stale: Vec<Block>,
    /// Its addresses that are in other tags now.
    pub moved: Vec<Moved>,
    /// Named tags that changed.
    pub followed: Vec<Followed>,
    /// Which tags its lists stand for, and how that is known.
    pub matches: Vec<TagMatch>,
    /// What else a person should know.
    pub notes: Vec<String>,
    /// The weeks since the base in which its tags changed, where that was asked.
    pub changed_in: Option<Vec<WeekDate>>,
}

/// Addresses that another tag has now.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Moved {
    /// The tag, the narrowest there is.
    pub tag: String,
    /// The addresses.
    #[serde(serialize_with = "record::blocks")]
    pub prefixes: Vec<Block>,
}

/// A tag that changed under a row that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// The tag.
    pub tag: String,
    /// What it gained.
    pub gained: AddressSet,
    /// What it lost.
    pub lost: AddressSet,
}

/// The tag that a list of addresses stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct TagMatch {
    /// The tag as published.
    pub tag: String,
    /// How that is known.
    pub source: MatchSource,
}

impl Eq for TagMatch {}

/// How it is known what a list stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MatchSource {
    /// Its file or the user says so.
    Stated,
    /// It equals the tag's addresses of a week.
    Inferred {
        /// The week.
        week: Option<WeekDate>,
        /// How much of either is in both, 0.9 to 1.
        share: f64,
    },
}

impl TagMatch {
    /// As a sentence: `equals Storage.WestEurope of 2026-09-07, 97.0 %`.
    #[must_use]
    pub fn sentence(&self) -> String {
        let tag = &self.tag;
        match self.source {
            MatchSource::Stated => format!("copies {tag}"),
            MatchSource::Inferred { week, share } => {
                let week = week.map_or_else(|| "a week".to_owned(), WeekDate::said);
                let share = crate::query::Cell::Share(share).shown().into_owned();
                format!("equals {tag} of {week}, {share}")
            }
        }
    }
}

/// What has to change in one list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListChange {
    /// Which side of the rows.
    pub side: RowSide,
    /// The rows of the list, by place in the set.
    pub rows: Vec<usize>,
    /// Entries to take out: row, and place among the side's entries.
    pub removed: Vec<(usize, usize)>,
    /// The fewest blocks to put in.
    pub added: Vec<Block>,
    /// The tag that the list stands for.
    pub tag: Option<String>,
}

impl ImpactAnswer {
    /// Every row with its set.
    pub fn rows(&self) -> impl Iterator<Item = (&SetImpact, &RowImpact)> {
        let sets = self.sets.iter();
        sets.flat_map(|set| set.rows.iter().map(move |row| (set, row)))
    }

    /// Whether somebody has to do something.
    #[must_use]
    pub fn is_affected(&self) -> bool {
        self.rows().any(|(_, row)| row.status.is_affected())
    }

    /// The rows that a tag touches: those that name it, stand for it or had addresses in it.
    pub fn touched(&self, tag: &str) -> impl Iterator<Item = (&SetImpact, &RowImpact)> {
        let has_it = |row: &RowImpact| row.tags.iter().any(|own| own.eq_ignore_ascii_case(tag));
        self.rows().filter(move |(_, row)| has_it(row))
    }

    /// The tags that rows name, stand for or had addresses in, in lower case.
    #[must_use]
    pub fn tags(&self) -> BTreeSet<String> {
        let tags = self.rows().flat_map(|(_, row)| &row.tags);
        tags.map(|tag| tag.to_ascii_lowercase()).collect()
    }

    /// Rows by what becomes of them, as a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let count = |keeps: &dyn Fn(ImpactStatus) -> bool| {
            let rows = self.rows().filter(|(_, row)| keeps(row.status));
            rows.count()
        };
        let affected = count(&ImpactStatus::is_affected);
        let automatic = count(&|status| status == ImpactStatus::Automatic);
        let unaffected = count(&|status| status == ImpactStatus::Unaffected);
        let all = affected + automatic + unaffected;
        let unknown = self.rows().filter(|(_, row)| !row.unknown.is_empty());
        let unknown = match unknown.count() {
            0 => String::new(),
            rows => format!(
                "; {} a tag that neither week has",
                counted(rows, "row names", "rows name")
            ),
        };
        format!(
            "{affected} of {all} {} affected, {automatic} automatic (Azure follows the tag), \
             {unaffected} unaffected{unknown}",
            plural(all, "row is", "rows are"),
        )
    }
}

/// Of the tags that a user once stated those that still have a tag and a list, and a sentence for each
/// of the others.
#[must_use]
pub fn usable(
    stated: Vec<Stated>,
    files: &[LoadedFile],
    base: &Dataset,
    target: &Dataset,
) -> (Vec<Stated>, Vec<Safe>) {
    let weeks = judge::ImpactWeeks::new(base, target, None);
    let mut notes = Vec::new();
    let mut kept = stated;
    kept.retain(|stated| match weeks.check(stated, files) {
        Ok(()) => true,
        Err(error) => {
            notes.push(Safe::from(error.to_string()));
            false
        }
    });
    (kept, notes)
}

/// What a change from one week to another does to each row.
///
/// # Errors
/// [`ImpactError`] for weeks that do not belong together and for a tag or row that is not there.
pub fn ask(
    files: &[LoadedFile],
    base: &Dataset,
    target: &Dataset,
    options: ImpactOptions<'_>,
) -> Result<ImpactAnswer, ImpactError> {
    let (from, to) = (base.info(), target.info());
    if from.cloud != to.cloud {
        return Err(ImpactError::Weeks(DiffError::Clouds {
            base: from.cloud,
            target: to.cloud,
        }));
    }
    if from.dialect != to.dialect {
        return Err(ImpactError::Weeks(DiffError::Dialects));
    }
    let weeks = judge::ImpactWeeks::new(base, target, options.older);
    for stated in options.stated {
        weeks.check(stated, files)?;
    }
    let mut answer = ImpactAnswer::default();
    for (file, loaded) in files.iter().enumerate() {
        for (place, set) in loaded.file.sets.iter().enumerate() {
            let (rows, changes) = weeks.set(set, options.stated);
            answer.sets.push(SetImpact {
                path: loaded.path.clone(),
                place: (file, place),
                kind: set.kind,
                name: set.name.clone(),
                rows,
                changes,
            });
        }
    }
    judge::note_groups(&mut answer, files);
    Ok(answer)
}
