//! What changed between two weeks of one cloud.
//!
//! Rows mislead: a publication may list an address again in another row, and a roll-up repeats
//! what its parts say. So every row carries its effect on its own tag's address set, and the
//! summary's gain and loss are those of all tags together.

mod record;

use std::cmp::Ordering;

use crate::azure::Numbers;
use crate::index::{TagId, TagRow, View};
use crate::query::{Cell, Column, Dataset, Sheet, tags};
use crate::space::{AddressSet, Block, Count, Family, Span};

pub use record::Record;

/// Which tags to compare.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Question {
    /// Which tags, as in a list of them.
    pub tags: tags::Question,
    /// Leaves `AzureCloud` and its regions out, which repeat the others.
    pub ignores_azure_cloud: bool,
}

/// Why two weeks cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DiffError {
    /// Two clouds.
    #[error("{base} and {target} are different clouds")]
    Clouds {
        /// The one side.
        base: crate::azure::Cloud,
        /// The other side.
        target: crate::azure::Cloud,
    },
    /// The published file and the answer of the API: their tags and rows differ by themselves.
    #[error("one week is of the published file and the other of the API; they differ by kind")]
    Dialects,
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// The tags that changed, by name.
    pub tags: Vec<TagChange>,
    /// All of them together.
    pub summary: Summary,
}

/// All changes together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// Tags that came.
    pub tags_added: usize,
    /// Tags that went.
    pub tags_removed: usize,
    /// Tags of both weeks whose rows differ.
    pub tags_changed: usize,
    /// Rows that came.
    pub prefixes_added: usize,
    /// Rows that went.
    pub prefixes_removed: usize,
    /// Addresses that came into the tags together, per family.
    pub gained: [Count; 2],
    /// Addresses that left the tags together, per family.
    pub lost: [Count; 2],
}

/// How one tag changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagChange {
    /// Its name.
    pub name: String,
    /// What kind of change it is.
    pub status: Status,
    /// Its number on both sides.
    pub numbers: [Option<u32>; 2],
    /// Rows that came, ascending.
    pub added: Vec<Row>,
    /// Rows that went, ascending.
    pub removed: Vec<Row>,
    /// Addresses that the tag gained, per family.
    pub gained: [Count; 2],
    /// Addresses that the tag lost, per family.
    pub lost: [Count; 2],
    /// Properties that changed.
    pub attributes: Vec<Attribute>,
    /// False when the published numbers and the rows disagree.
    pub is_consistent: bool,
}

/// What kind of change it is; of several the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// The tag is new.
    Added,
    /// The tag is gone.
    Removed,
    /// Its rows differ.
    Changed,
    /// Its rows are the same, its properties differ.
    Attributes,
    /// Only its number differs.
    Number,
}

impl Status {
    /// The word of text and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Attributes => "attributes",
            Self::Number => "number",
        }
    }
}

/// A row that came or went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The prefix.
    pub prefix: Block,
    /// Whether it changes its tag's address set.
    pub has_effect: bool,
}

/// A property that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Its name in the published file.
    pub name: &'static str,
    /// Its value on both sides; `None` for null.
    pub values: [Option<String>; 2],
}

/// Compares two weeks.
///
/// # Errors
/// [`DiffError`] for weeks that do not belong together.
pub fn ask(question: &Question, base: &Dataset, target: &Dataset) -> Result<Answer, DiffError> {
    let (from, to) = (base.info(), target.info());
    if from.cloud != to.cloud {
        return Err(DiffError::Clouds {
            base: from.cloud,
            target: to.cloud,
        });
    }
    if from.dialect != to.dialect {
        return Err(DiffError::Dialects);
    }
    let are_published = [from.numbers, to.numbers].map(|numbers| numbers == Numbers::Published);
    let sides = Sides {
        base: base.view(),
        target: target.view(),
        are_numbers_published: are_published == [true, true],
    };
    let tags: Vec<TagChange> = sides
        .pairs()
        .filter_map(|pair| sides.compare(question, pair))
        .collect();
    let summary = sides.summary(question, &tags);
    Ok(Answer { tags, summary })
}

impl Question {
    fn keeps(&self, row: &TagRow<'_>) -> bool {
        let is_azure_cloud = tags::base_name(row).eq_ignore_ascii_case("AzureCloud");
        self.tags.keeps(row) && !(self.ignores_azure_cloud && is_azure_cloud)
    }
}

/// Both weeks.
struct Sides<'a> {
    base: View<'a>,
    target: View<'a>,
    are_numbers_published: bool,
}

/// A tag on either side or on both.
type Pair<'a> = [Option<(TagId, TagRow<'a>)>; 2];

impl<'a> Sides<'a> {
    /// The tags of both sides, by name; both tables are in the order of the names.
    fn pairs(&self) -> impl Iterator<Item = Pair<'a>> + use<'a> {
        let rows = |view: View<'a>| {
            view.tag_ids()
                .filter_map(move |tag| Some((tag, view.tag(tag)?)))
                .peekable()
        };
        let (mut base, mut target) = (rows(self.base), rows(self.target));
        std::iter::from_fn(move || {
            let order = match (base.peek(), target.peek()) {
                (None, None) => return None,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some((_, one)), Some((_, other))) => one.name.cmp(other.name),
            };
            Some(match order {
                Ordering::Less => [base.next(), None],
                Ordering::Greater => [None, target.next()],
                Ordering::Equal => [base.next(), target.next()],
            })
        })
    }

    /// How a tag changed; `None` when it did not, or is not asked for.
    fn compare(&self, question: &Question, pair: Pair<'a>) -> Option<TagChange> {
        let rows = || pair.iter().flatten().map(|(_, row)| row);
        if !rows().any(|row| question.keeps(row)) {
            return None;
        }
        let name = rows().next()?.name.to_owned();
        let numbers = pair.map(|side| side.and_then(|(_, row)| row.change_number));
        let [before, after] = self.rows(pair);
        let (added, removed) = differing(&before, &after);
        let attributes = match pair {
            [Some((_, one)), Some((_, other))] => attributes(&one, &other),
            _ => Vec::new(),
        };
        let have_rows_changed = !(added.is_empty() && removed.is_empty());
        let has_number_changed = numbers[0] != numbers[1];
        let status = match pair {
            [None, _] => Status::Added,
            [_, None] => Status::Removed,
            _ if have_rows_changed => Status::Changed,
            _ if !attributes.is_empty() => Status::Attributes,
            _ if has_number_changed => Status::Number,
            _ => return None,
        };
        let is_on_both = !matches!(status, Status::Added | Status::Removed);
        let can_disagree = self.are_numbers_published && is_on_both;
        let [base, target] = if have_rows_changed {
            [before, after].map(AddressSet::from_blocks)
        } else {
            [AddressSet::default(), AddressSet::default()]
        };
        let effects = |blocks: Vec<Block>, other: &AddressSet| {
            let row = |prefix: Block| Row {
                prefix,
                has_effect: !other.holds(prefix.span()),
            };
            blocks.into_iter().map(row).collect()
        };
        Some(TagChange {
            name,
            status,
            numbers,
            added: effects(added, &base),
            removed: effects(removed, &target),
            gained: counts(&target.difference(&base)),
            lost: counts(&base.difference(&target)),
            attributes,
            is_consistent: !can_disagree || have_rows_changed == has_number_changed,
        })
    }

    /// The rows of both sides, both empty where they are the same.
    fn rows(&self, pair: Pair<'a>) -> [Vec<Block>; 2] {
        let of = |view: &View<'a>, side: Option<(TagId, TagRow<'a>)>| {
            let view = *view;
            let tag = side.map(|(tag, _)| tag);
            tag.into_iter().flat_map(move |tag| view.all_prefixes(tag))
        };
        let [base, target] = pair;
        if of(&self.base, base).eq(of(&self.target, target)) {
            return [Vec::new(), Vec::new()];
        }
        [
            of(&self.base, base).collect(),
            of(&self.target, target).collect(),
        ]
    }

    fn summary(&self, question: &Question, changes: &[TagChange]) -> Summary {
        let count = |status| changes.iter().filter(|tag| tag.status == status).count();
        let [base, target] = [self.base, self.target].map(|view| all_addresses(question, &view));
        Summary {
            tags_added: count(Status::Added),
            tags_removed: count(Status::Removed),
            tags_changed: count(Status::Changed),
            prefixes_added: changes.iter().map(|tag| tag.added.len()).sum(),
            prefixes_removed: changes.iter().map(|tag| tag.removed.len()).sum(),
            gained: counts(&target.difference(&base)),
            lost: counts(&base.difference(&target)),
        }
    }
}

/// Everything that the tags asked for hold together.
fn all_addresses(question: &Question, view: &View<'_>) -> AddressSet {
    let kept: Vec<bool> = view
        .tag_ids()
        .map(|tag| view.tag(tag).is_some_and(|row| question.keeps(&row)))
        .collect();
    let spans = [(Family::V4, u128::from(u32::MAX)), (Family::V6, u128::MAX)];
    let spans = spans.map(|(family, last)| Span::new(family, 0, last));
    // They come in ascending order, so that the set is made in one pass.
    let hits = spans
        .into_iter()
        .flatten()
        .flat_map(|span| view.starting_in(span));
    let hits = hits.filter(|hit| kept.get(hit.tag.place()).copied().unwrap_or(false));
    AddressSet::from_blocks(hits.map(|hit| hit.prefix))
}

/// What is only in the second and what is only in the first of two ascending lists.
fn differing(before: &[Block], after: &[Block]) -> (Vec<Block>, Vec<Block>) {
    let (mut added, mut removed) = (Vec::new(), Vec::new());
    let (mut old, mut new) = (before.iter().peekable(), after.iter().peekable());
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return (added, removed),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(one), Some(other)) => one.cmp(other),
        };
        match order {
            Ordering::Less => removed.extend(old.next()),
            Ordering::Greater => added.extend(new.next()),
            Ordering::Equal => {
                old.next();
                new.next();
            }
        }
    }
}

fn attributes(one: &TagRow<'_>, other: &TagRow<'_>) -> Vec<Attribute> {
    let text = |text: &str| Some(text.to_owned());
    [
        (
            "networkFeatures",
            [one, other].map(|row| row.features.map(str::to_owned)),
        ),
        ("region", [one, other].map(|row| text(row.region))),
        (
            "systemService",
            [one, other].map(|row| text(row.system_service)),
        ),
    ]
    .into_iter()
    .filter(|(_, values)| values[0] != values[1])
    .map(|(name, values)| Attribute { name, values })
    .collect()
}

fn counts(set: &AddressSet) -> [Count; 2] {
    [Family::V4, Family::V6].map(|family| set.family(family).count())
}

impl Answer {
    /// The changed tags as a table.
    #[must_use]
    pub fn sheet<'a>(&'a self, base: &'a Dataset, target: &'a Dataset) -> Table<'a> {
        Table {
            tags: &self.tags,
            numbers: [base.numbers(), target.numbers()],
        }
    }

    /// The answer in one sentence.
    #[must_use]
    pub fn sentence(&self, base: &Dataset, target: &Dataset) -> String {
        let summary = &self.summary;
        if self.tags.is_empty() {
            return match [base, target].map(|week| week.info().change_number) {
                [Some(from), Some(to)] if from != to => {
                    let verb = if from < to { "rose" } else { "fell" };
                    format!("the number {verb} from {from} to {to}, nothing changed")
                }
                _ => "nothing changed".to_owned(),
            };
        }
        let noun = |count: usize, one: &str, many: &str| {
            let word = if count == 1 { one } else { many };
            format!("{} {word}", Cell::Number(count).shown())
        };
        let tags = noun(self.tags.len(), "tag", "tags");
        let gain_and_loss =
            |gained: Count, lost: Count| format!("+{} −{}", gained.short(), lost.short());
        let v4 = gain_and_loss(summary.gained[0], summary.lost[0]);
        let v6 = gain_and_loss(summary.gained[1], summary.lost[1]);
        format!(
            "{tags} ({} added, {} removed, {} changed) · rows +{} −{} · IPv4 {v4} · IPv6 {v6} addresses",
            summary.tags_added,
            summary.tags_removed,
            summary.tags_changed,
            Cell::Number(summary.prefixes_added).shown(),
            Cell::Number(summary.prefixes_removed).shown(),
        )
    }
}

/// Changed tags as a table.
pub struct Table<'a> {
    tags: &'a [TagChange],
    numbers: [Numbers; 2],
}

impl Sheet for Table<'_> {
    fn columns(&self) -> &[Column] {
        const COLUMNS: [Column; 10] = [
            Column::text("tag", "name"),
            Column::whole("status", "status"),
            Column::number("from", "changeNumberFrom"),
            Column::number("to", "changeNumberTo"),
            Column::number("rows +", "prefixesAdded"),
            Column::number("rows −", "prefixesRemoved"),
            Column::number("v4 gained", "gainedV4"),
            Column::number("v4 lost", "lostV4"),
            Column::number("v6 gained", "gainedV6"),
            Column::number("v6 lost", "lostV6"),
        ];
        &COLUMNS
    }

    fn len(&self) -> usize {
        self.tags.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let Some(tag) = self.tags.get(row) else {
            return Cell::None;
        };
        match column {
            0 => Cell::text(tag.name.as_str()),
            1 => Cell::text(tag.status.word()),
            2 => Cell::Change(tag.numbers[0], self.numbers[0]),
            3 => Cell::Change(tag.numbers[1], self.numbers[1]),
            4 => Cell::Number(tag.added.len()),
            5 => Cell::Number(tag.removed.len()),
            6 => Cell::Count(tag.gained[0]),
            7 => Cell::Count(tag.lost[0]),
            8 => Cell::Count(tag.gained[1]),
            9 => Cell::Count(tag.lost[1]),
            _ => Cell::None,
        }
    }
}
