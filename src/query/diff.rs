//! What changed between two weeks of one cloud.
//!
//! Rows mislead: a publication may list an address again in another row, and a roll-up repeats
//! what its parts say. So every row carries its effect on its own tag's address set and the wider
//! tags that repeat it, and the summary's gain and loss are those of all tags together.

mod effect;
mod groups;
mod links;
mod party;
mod question;
mod record;
mod row;
mod table;
mod words;

use crate::azure::Numbers;
use crate::index::{TagPair, TagRow, View, WeekComparison, compare, pair_tags};
use crate::query::{Dataset, tags};
use crate::space::{AddressSet, Count, Family};

use effect::Effects;
use party::ChangedTag;
pub use question::DiffQuestion;
use question::is_azure_cloud;
use row::{Holder, MOST_HOLDERS};

pub use groups::{DiffGroup, GroupOrder};
pub use record::DiffRecord;
pub use row::{DiffRow, DiffSign};
pub use table::{DiffTable, Folded, RowTable};
pub use words::Part;

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
pub struct DiffAnswer {
    /// The tags that changed, by name.
    pub tags: Vec<TagChange>,
    /// All of them together.
    pub summary: DiffSummary,
    /// Whether only some tags were asked for.
    pub is_filtered: bool,
    /// Which ones, in words.
    pub asked: Vec<String>,
    /// Every tag that changed, asked for or not, by name.
    parties: Vec<ChangedTag>,
    /// Who has a changed prefix: every row names a part of it.
    holders: Vec<Holder>,
    /// What the services asked for gained and lost, by name.
    services: Vec<groups::ServiceTotals>,
    /// What the tags asked for held together and none of them holds now.
    lost: AddressSet,
}

/// All changes together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DiffSummary {
    /// Tags that came.
    pub tags_added: usize,
    /// Tags that went.
    pub tags_removed: usize,
    /// Tags of both weeks whose rows differ.
    pub tags_changed: usize,
    /// Of those, tags all of whose changes a narrower tag has as well.
    pub echoes: usize,
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
    /// The name without its region.
    pub service: String,
    /// Region property; empty when not regional.
    pub region: String,
    /// What kind of change it is.
    pub status: DiffStatus,
    /// Its number on both sides.
    pub numbers: [Option<u32>; 2],
    /// Rows that came, ascending.
    pub added: Vec<DiffRow>,
    /// Rows that went, ascending.
    pub removed: Vec<DiffRow>,
    /// Addresses that the tag gained, per family.
    pub gained: [Count; 2],
    /// Addresses that the tag lost, per family.
    pub lost: [Count; 2],
    /// Properties that changed; all of them for a tag that came or went.
    pub attributes: Vec<AttributeChange>,
    /// False when the published numbers and the rows disagree.
    pub is_consistent: bool,
    /// The narrower tags that say all that this one says; empty for a tag with news of its own.
    pub echo_of: Vec<String>,
    /// Likely the same tag under another name: the new one of a removed tag, the old one of an
    /// added tag. A hint: at least nine tenths of both address sets are the same.
    pub renamed: Option<String>,
}

impl TagChange {
    /// Whether a narrower tag says all of it.
    #[must_use]
    pub fn is_echo(&self) -> bool {
        !self.echo_of.is_empty()
    }

    /// Whether it is the tag of a whole region, or of all of Azure.
    #[must_use]
    pub fn is_of_azure_cloud(&self) -> bool {
        is_azure_cloud(&self.service)
    }

    /// The properties that changed of a tag that is in both weeks.
    pub fn changed_attributes(&self) -> impl Iterator<Item = &AttributeChange> {
        let is_on_both = !matches!(self.status, DiffStatus::Added | DiffStatus::Removed);
        self.attributes.iter().filter(move |_| is_on_both)
    }

    /// Whether its addresses are not those of before.
    #[must_use]
    pub fn has_address_change(&self) -> bool {
        let counts = self.gained.iter().chain(&self.lost);
        counts.into_iter().any(|count| !count.is_zero())
    }

    /// Rows that came and went, by prefix.
    pub fn rows(&self) -> impl Iterator<Item = &DiffRow> {
        let (mut went, mut came) = (self.removed.iter().peekable(), self.added.iter().peekable());
        std::iter::from_fn(move || match (went.peek(), came.peek()) {
            (Some(one), Some(other)) if one.prefix < other.prefix => went.next(),
            (Some(_), None) => went.next(),
            _ => came.next(),
        })
    }
}

/// What kind of change it is; of several the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum DiffStatus {
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

impl DiffStatus {
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

/// A property that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeChange {
    /// Its name in the published file.
    pub name: &'static str,
    /// Its value on both sides; `None` for null.
    pub values: [Option<String>; 2],
}

/// Compares two weeks.
///
/// # Errors
/// [`DiffError`] for weeks that do not belong together.
pub fn ask(
    question: &DiffQuestion,
    base: &Dataset,
    target: &Dataset,
) -> Result<DiffAnswer, DiffError> {
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
    // An address as a filter keeps the tags that changed there; so it is first asked which.
    if let Some(span) = tags::span_of(&question.tags.filter) {
        let mut narrower = question.clone();
        narrower.tags.filter.clear();
        let all = ask(&narrower, base, target)?;
        let is_there = |tag: &&TagChange| tag.rows().any(|row| row.prefix.span().meets(span));
        let names = all.tags.iter().filter(is_there);
        narrower.only = Some(names.map(|tag| tag.name.clone()).collect());
        return ask(&narrower, base, target);
    }
    let views = [base.view(), target.view()];
    let pairs = pair_tags(&views[0], &views[1]);
    let kept = question.kept(&views, &pairs);
    let compared = compare(&views[0], &views[1], &pairs, kept.as_deref());
    let weeks = DiffWeeks {
        views,
        pairs: &pairs,
        kept: kept.as_deref(),
        are_numbers_published: are_published == [true, true],
    };
    Ok(weeks.answer(question, &compared))
}

fn rows_of<'a>([base, target]: &[View<'a>; 2], pair: &TagPair) -> [Option<TagRow<'a>>; 2] {
    let [old, new] = pair.ids;
    [
        old.and_then(|tag| base.tag(tag)),
        new.and_then(|tag| target.tag(tag)),
    ]
}

/// Both weeks.
struct DiffWeeks<'a> {
    views: [View<'a>; 2],
    pairs: &'a [TagPair],
    kept: Option<&'a [bool]>,
    are_numbers_published: bool,
}

impl DiffWeeks<'_> {
    fn keeps(&self, pair: usize) -> bool {
        let known = self.kept.map(|kept| kept.get(pair).copied());
        known.is_none_or(|kept| kept.unwrap_or(false))
    }

    /// The pairs with another row or property, and from every pair its place among them.
    fn changed(&self, compared: &WeekComparison) -> (Vec<usize>, Vec<usize>) {
        let mut party_of = vec![usize::MAX; self.pairs.len()];
        for &pair in &compared.holders {
            if let Some(place) = party_of.get_mut(pair) {
                *place = 0;
            }
        }
        let mut changed = Vec::new();
        for (pair, (place, tags)) in party_of.iter_mut().zip(self.pairs).enumerate() {
            if *place == 0 || (tags.differs && self.keeps(pair)) {
                *place = changed.len();
                changed.push(pair);
            }
        }
        (changed, party_of)
    }

    fn answer(&self, question: &DiffQuestion, compared: &WeekComparison) -> DiffAnswer {
        let (changed, party_of) = self.changed(compared);
        let tag_rows: Vec<[Option<TagRow<'_>>; 2]> = changed
            .iter()
            .filter_map(|&pair| Some(rows_of(&self.views, self.pairs.get(pair)?)))
            .collect();
        let parties: Vec<ChangedTag> = changed
            .iter()
            .zip(&tag_rows)
            .filter_map(|(&pair, rows)| {
                let [old, new] = rows;
                Some(ChangedTag::of(
                    new.as_ref().or(old.as_ref())?,
                    self.keeps(pair),
                ))
            })
            .collect();
        let mut effects = Effects::new(&self.views, self.pairs, &party_of, parties.len(), compared);
        let sets: Vec<[AddressSet; 2]> = effects
            .tags
            .iter_mut()
            .map(effect::TagRows::take_sets)
            .collect();
        links::mark_echoes(compared, &mut effects, &parties);
        links::follow(compared, &mut effects, &parties, &sets);
        let statuses: Vec<Option<DiffStatus>> = tag_rows
            .iter()
            .map(|rows| match rows {
                [None, Some(_)] => Some(DiffStatus::Added),
                [Some(_), None] => Some(DiffStatus::Removed),
                _ => None,
            })
            .collect();
        let renames = links::renames(&statuses, &parties, &sets);
        let services = groups::services(self, &parties, &sets);
        let holders: Vec<Holder> = effects
            .rows
            .iter()
            .map(|&place| Holder {
                party: place.party,
                is_echo: effects.row(place).is_some_and(|row| row.is_echo),
            })
            .collect();
        let mut answer = DiffAnswer {
            is_filtered: self.kept.is_some() || question.wants_address_changes,
            asked: question.in_words(),
            parties,
            holders,
            services,
            lost: compared.gained_and_lost[1].clone(),
            ..DiffAnswer::default()
        };
        let all = tag_rows.iter().zip(effects.tags).zip(&sets).enumerate();
        let mut tags: Vec<TagChange> = all
            .filter_map(|(place, ((rows, own), sets))| {
                let party = answer.parties.get(place).filter(|party| party.is_kept)?;
                self.tag(party, *rows, own.rows, sets)
            })
            .filter(|tag| !question.wants_address_changes || tag.has_address_change())
            .collect();
        answer.link(&mut tags, &renames);
        answer.summary = summary(&tags, &compared.gained_and_lost);
        answer.tags = tags;
        answer
    }

    /// How a tag changed; `None` when it did not.
    fn tag(
        &self,
        party: &ChangedTag,
        sides: [Option<TagRow<'_>>; 2],
        [removed, added]: [Vec<DiffRow>; 2],
        [lost, gained]: &[AddressSet; 2],
    ) -> Option<TagChange> {
        let numbers = sides.map(|row| row.and_then(|row| row.change_number));
        let attributes = attributes(&sides);
        let have_rows_changed = !(added.is_empty() && removed.is_empty());
        let has_number_changed = numbers[0] != numbers[1];
        let status = match sides {
            [None, _] => DiffStatus::Added,
            [_, None] => DiffStatus::Removed,
            _ if have_rows_changed => DiffStatus::Changed,
            _ if !attributes.is_empty() => DiffStatus::Attributes,
            _ if has_number_changed => DiffStatus::Number,
            _ => return None,
        };
        let is_on_both = !matches!(status, DiffStatus::Added | DiffStatus::Removed);
        let can_disagree = self.are_numbers_published && is_on_both;
        Some(TagChange {
            name: party.name.clone(),
            service: party.service.clone(),
            region: party.region.clone(),
            status,
            numbers,
            added,
            removed,
            gained: counts(gained),
            lost: counts(lost),
            attributes,
            is_consistent: !can_disagree || have_rows_changed == has_number_changed,
            echo_of: Vec::new(),
            renamed: None,
        })
    }
}

impl DiffAnswer {
    /// Fills in which tags say what others say, and which are likely others' new names.
    fn link(&self, tags: &mut [TagChange], renames: &[[usize; 2]]) {
        for tag in tags.iter_mut() {
            let is_quiet = tag.status == DiffStatus::Changed && tag.attributes.is_empty();
            if is_quiet && tag.rows().all(|row| row.is_echo) {
                let mut leaders: Vec<usize> = Vec::new();
                for row in tag.rows() {
                    let new = self.leading(row).filter(|party| !leaders.contains(party));
                    let new: Vec<usize> = new.collect();
                    leaders.extend(new);
                }
                leaders.sort_unstable();
                tag.echo_of = self.names(leaders).map(str::to_owned).collect();
            }
        }
        let name = |party: usize| self.parties.get(party).map(|party| party.name.as_str());
        for &[old, new] in renames {
            let names = (name(old), name(new));
            let (Some(old), Some(new)) = names else {
                continue;
            };
            for (one, other) in [(old, new), (new, old)] {
                let place = tags.binary_search_by(|tag| tag.name.as_str().cmp(one));
                if let Some(tag) = place.ok().and_then(|place| tags.get_mut(place)) {
                    tag.renamed = Some(other.to_owned());
                }
            }
        }
    }

    fn names(&self, parties: Vec<usize>) -> impl Iterator<Item = &str> {
        let party = |place: usize| self.parties.get(place);
        parties
            .into_iter()
            .filter_map(party)
            .map(|party| party.name.as_str())
    }

    /// The narrowest tags asked for with the same row, where a wider tag repeats it.
    fn leading(&self, row: &DiffRow) -> impl Iterator<Item = usize> {
        let wide = self.parties.get(row.party).filter(|_| row.is_echo);
        let holders = wide.and_then(|_| self.holders.get(row.shared.clone()));
        let narrower = holders.unwrap_or(&[]).iter().filter(move |holder| {
            let narrow = self.parties.get(holder.party);
            wide.zip(narrow)
                .is_some_and(|(wide, narrow)| narrow.is_kept && wide.rolls_up(narrow))
        });
        // A chain may break where a service's row is repeated by another region's tag.
        let has_first = narrower.clone().any(|holder| !holder.is_echo);
        narrower
            .filter(move |holder| !has_first || !holder.is_echo)
            .map(|holder| holder.party)
    }

    /// The narrowest tags asked for that have the same row with the same sign; none unless the row
    /// is an echo.
    pub fn echo_of(&self, row: &DiffRow) -> impl Iterator<Item = &str> {
        self.names(self.leading(row).collect())
    }

    /// The wider tags that repeat the row, asked for or not, the narrower first; none for a row
    /// that is an echo itself.
    pub fn echoes(&self, row: &DiffRow) -> impl Iterator<Item = &str> {
        let is_lone = row.is_echo || row.shared.len() > MOST_HOLDERS;
        let narrow = self.parties.get(row.party).filter(|_| !is_lone);
        let holders = narrow.and_then(|_| self.holders.get(row.shared.clone()));
        let wider = holders.unwrap_or(&[]).iter().filter(move |holder| {
            let wide = self.parties.get(holder.party);
            wide.zip(narrow)
                .is_some_and(|(wide, narrow)| wide.rolls_up(narrow))
        });
        let mut wider: Vec<usize> = wider.map(|holder| holder.party).collect();
        wider.sort_by_key(|&party| self.parties.get(party).map(|party| party.rank));
        self.names(wider)
    }

    /// The tags that gained what this row's tag lost by it, or lost what it gained; roll-ups of
    /// each other do not count, and all tags do, asked for or not.
    pub fn moved(&self, row: &DiffRow) -> impl Iterator<Item = &str> {
        self.names(row.moved.clone())
    }
}

fn summary(tags: &[TagChange], [gained, lost]: &[AddressSet; 2]) -> DiffSummary {
    let count = |status| tags.iter().filter(|tag| tag.status == status).count();
    DiffSummary {
        tags_added: count(DiffStatus::Added),
        tags_removed: count(DiffStatus::Removed),
        tags_changed: count(DiffStatus::Changed),
        echoes: tags.iter().filter(|tag| tag.is_echo()).count(),
        prefixes_added: tags.iter().map(|tag| tag.added.len()).sum(),
        prefixes_removed: tags.iter().map(|tag| tag.removed.len()).sum(),
        gained: counts(gained),
        lost: counts(lost),
    }
}

fn attributes(sides: &[Option<TagRow<'_>>; 2]) -> Vec<AttributeChange> {
    let values = |of: &dyn for<'t> Fn(&TagRow<'t>) -> Option<&'t str>| {
        [0, 1].map(|side: usize| {
            let row = sides.get(side).and_then(Option::as_ref);
            row.and_then(of).map(str::to_owned)
        })
    };
    [
        ("networkFeatures", values(&|row| row.features)),
        ("region", values(&|row| Some(row.region))),
        ("systemService", values(&|row| Some(row.system_service))),
    ]
    .into_iter()
    .filter(|(_, values)| values[0] != values[1])
    .map(|(name, values)| AttributeChange { name, values })
    .collect()
}

fn counts(set: &AddressSet) -> [Count; 2] {
    [Family::V4, Family::V6].map(|family| set.family(family).count())
}
