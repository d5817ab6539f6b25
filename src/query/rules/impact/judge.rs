//! What two weeks do to the rows of a set.

use std::cell::OnceCell;

use crate::index::Chronicle;
use crate::query::Dataset;
use crate::query::rules::LoadedFile;
use crate::query::rules::impact::infer::infer;
use crate::query::rules::impact::list::{EntryList, is_of_set, lists};
use crate::query::rules::impact::older::OlderWeeks;
use crate::query::rules::impact::week::{FAMILIES, ImpactWeek, is_cloud, meets};
use crate::query::rules::impact::{
    Followed, ImpactAnswer, ImpactError, ImpactStatus, ListChange, MatchSource, Moved, RowImpact,
    Stated, TagMatch,
};
use crate::rules::{Entry, Row, RuleSet, RuleSetKind};
use crate::space::{AddressSet, Count, Ranges, Span};
use crate::text::{Safe, first_of, plural};

/// Tags that a note names; the rest is counted.
const MOST_NAMED: usize = 3;

/// Both weeks, and older ones in which a list may be found again.
pub struct ImpactWeeks<'a> {
    pub base: ImpactWeek<'a>,
    pub target: ImpactWeek<'a>,
    older: Option<OlderWeeks<'a>>,
    lost: OnceCell<[AddressSet; 2]>,
}

/// What becomes of a list.
#[derive(Default)]
struct Judged {
    tag_match: Option<TagMatch>,
    missing: AddressSet,
    /// What of it was missing in the older week already.
    missing_before: AddressSet,
    /// In no tag any more.
    stale: AddressSet,
    /// In other tags now.
    moved: AddressSet,
    /// All that is or was the tag's.
    of_tag: AddressSet,
    notes: Vec<String>,
}

/// A row while it is judged.
struct RowJudgement {
    row: RowImpact,
    missing: AddressSet,
    missing_before: AddressSet,
    stale: AddressSet,
    moved: AddressSet,
    has_gone_tag: bool,
}

impl<'a> ImpactWeeks<'a> {
    pub fn new(base: &'a Dataset, target: &'a Dataset, older: Option<&'a Chronicle>) -> Self {
        Self {
            base: ImpactWeek::new(base),
            target: ImpactWeek::new(target),
            older: older.and_then(|older| OlderWeeks::new(older, base.info().date)),
            lost: OnceCell::new(),
        }
    }

    /// Whether a stated tag and its row are there.
    pub fn check(&self, stated: &Stated, files: &[LoadedFile]) -> Result<(), ImpactError> {
        if self.spelled(&stated.tag).is_none() {
            return Err(ImpactError::Tag {
                name: Safe::new(&stated.tag),
                hint: self.target.names().near(&stated.tag).hint(),
            });
        }
        let own = std::slice::from_ref(stated);
        let mut sets = files.iter().flat_map(|loaded| &loaded.file.sets);
        // Not the word of a file, which may be the same.
        let takes_it = |list: &EntryList<'_>| {
            list.stated
                .is_some_and(|tag| std::ptr::eq(tag, stated.tag.as_str()))
        };
        if sets.any(|set| lists(set, own).iter().any(takes_it)) {
            return Ok(());
        }
        Err(match &stated.row {
            Some(row) => ImpactError::Row {
                row: Safe::new(row),
            },
            None => ImpactError::NoList {
                tag: Safe::new(&stated.tag),
            },
        })
    }

    /// A tag's name as published.
    fn spelled(&self, name: &str) -> Option<&'a str> {
        let of = |week: &ImpactWeek<'a>| week.find(name).map(|tag| week.name(tag));
        of(&self.target).or_else(|| of(&self.base))
    }

    /// The rows of a set, and what has to change in its lists.
    pub fn set(&self, set: &RuleSet, stated: &[Stated]) -> (Vec<RowImpact>, Vec<ListChange>) {
        let mut judgements: Vec<RowJudgement> = (0..)
            .zip(&set.rows)
            .map(|(place, row)| self.judgement(place, row))
            .collect();
        let mut whole = Vec::new();
        let mut changes = Vec::new();
        for list in lists(set, stated) {
            let judged = self.judge(&list);
            changes.extend(change(&list, &judged));
            if is_of_set(set.kind) {
                share_out(&list, &judged, &mut judgements);
                whole.extend(lacking(set, &judged));
            } else if let Some(judgement) =
                list.rows.first().and_then(|&row| judgements.get_mut(row))
            {
                judgement.take(&judged);
                judgement.missing = judgement.missing.union(&judged.missing);
                judgement.missing_before = judgement.missing_before.union(&judged.missing_before);
                judgement.stale = judgement.stale.union(&judged.stale);
                judgement.moved = judgement.moved.union(&judged.moved);
            }
        }
        let own = judgements.into_iter().zip(&set.rows);
        let mut rows: Vec<RowImpact> = own
            .filter(|(_, row)| !row.is_default)
            .map(|(judgement, _)| judgement.finish([&self.base, &self.target]))
            .collect();
        rows.extend(whole);
        (rows, changes)
    }

    /// A row with what becomes of the tags that it names.
    fn judgement(&self, place: usize, row: &Row) -> RowJudgement {
        let mut judgement = RowJudgement {
            row: blank(row.name.clone(), row.place.clone(), Some(place)),
            missing: AddressSet::default(),
            missing_before: AddressSet::default(),
            stale: AddressSet::default(),
            moved: AddressSet::default(),
            has_gone_tag: false,
        };
        for name in row.entries().filter_map(Entry::tag) {
            let Some(spelled) = self.spelled(name) else {
                judgement.note(format!("no tag {name} in either week"));
                judgement.row.unknown.push(name.to_owned());
                continue;
            };
            if judgement.row.tags.iter().any(|tag| tag == spelled) {
                continue;
            }
            judgement.row.tags.push(spelled.to_owned());
            if self.target.find(name).is_none() {
                judgement.has_gone_tag = true;
                let date = self.target.said().map(|date| format!(" of {date}"));
                judgement.note(format!(
                    "{spelled} is gone from the week{}: a rule cannot follow it",
                    date.unwrap_or_default()
                ));
                continue;
            }
            let [from, to] = [&self.base, &self.target].map(|week| week.named(name));
            if from != to {
                judgement.row.followed.push(Followed {
                    tag: spelled.to_owned(),
                    gained: to.difference(from),
                    lost: from.difference(to),
                });
            }
        }
        if row.is_unread() && !row.is_default {
            judgement.note("not understood in part: judged by what was understood".to_owned());
        }
        judgement
    }

    fn judge(&self, list: &EntryList<'_>) -> Judged {
        let mut notes = Vec::new();
        if let Some(name) = list.stated {
            if let Some(tag) = self.spelled(name) {
                let tag_match = TagMatch {
                    tag: tag.to_owned(),
                    source: MatchSource::Stated,
                };
                return self.against(list, tag_match, &AddressSet::default());
            }
            notes.push(format!(
                "no tag {name} in either week: judged without a tag"
            ));
        }
        let weeks = [&self.base, &self.target];
        let older = self.older.as_ref();
        let found = (!list.is_of_no_tag)
            .then(|| infer(list, weeks, older))
            .flatten();
        if let Some(found) = found {
            let tag_match = TagMatch {
                tag: found.tag.to_owned(),
                source: MatchSource::Inferred {
                    week: found.week,
                    share: found.share,
                },
            };
            let mut judged = self.against(list, tag_match, &found.addresses);
            judged.notes.append(&mut notes);
            return judged;
        }
        let mut judged = self.alone(list);
        judged.notes.append(&mut notes);
        judged
    }

    /// A list that stands for a tag; `once` is what the tag had in the week in which it was found.
    fn against(&self, list: &EntryList<'_>, tag_match: TagMatch, once: &AddressSet) -> Judged {
        let [from, to] = [&self.base, &self.target].map(|week| week.named(&tag_match.tag));
        let mut judged = Judged::default();
        let mut own = Count::ZERO;
        for family in FAMILIES {
            if !list.has(family) {
                continue;
            }
            let [has, from, to, once] =
                [&list.addresses, from, to, once].map(|set| set.family(family));
            let known = from.union(once);
            let stale = has.intersection(&known).difference(to);
            let all = self.target.all().family(family);
            let missing = to.difference(has);
            *part(&mut judged.missing_before, family) = missing.intersection(from);
            *part(&mut judged.missing, family) = missing;
            *part(&mut judged.moved, family) = stale.intersection(all);
            *part(&mut judged.stale, family) = stale.difference(all);
            own += has.difference(&known).difference(to).count();
            *part(&mut judged.of_tag, family) = known.union(to);
        }
        if !own.is_zero() {
            let are = plural(own, "address is", "addresses are");
            let note = format!("{} {are} its own and left alone", own.short());
            judged.notes.push(note);
        }
        if !judged.missing_before.is_empty() {
            let date = self.base.said();
            let date = date.map_or_else(|| "before".to_owned(), |date| format!("on {date}"));
            let what = if judged.missing_before == judged.missing {
                "all that is missing was missing"
            } else {
                "some of what is missing was missing"
            };
            judged.notes.push(format!("{what} {date} already"));
        }
        let left_out = FAMILIES.into_iter().find(|&family| {
            let is_there = [from, to].iter().any(|set| !set.family(family).is_empty());
            !list.has(family) && is_there
        });
        if let Some(family) = left_out {
            judged
                .notes
                .push(format!("the tag's {family} addresses are not compared"));
        }
        if self.target.find(&tag_match.tag).is_none() {
            judged
                .notes
                .push(format!("{} is gone from the week", tag_match.tag));
        }
        judged.tag_match = Some(tag_match);
        judged
    }

    /// A list that stands for no tag. An entry that lies in tags of services loses the addresses
    /// that have left all of them; one that lies in `AzureCloud` alone goes only as a whole, since
    /// services take turns in it; a wider one is somebody's own.
    fn alone(&self, list: &EntryList<'_>) -> Judged {
        let mut judged = Judged::default();
        let [services, gone] = self.lost();
        if !list.entries.iter().any(|&(_, _, span)| meets(gone, span)) {
            return judged;
        }
        let (mut parts, mut left, mut whole) = (Vec::new(), Vec::new(), Vec::new());
        for &(_, _, span) in &list.entries {
            if self.base.services().holds(span) {
                parts.push(span);
            } else if self.base.all().holds(span) && !meets(self.target.all(), span) {
                left.push(span);
            } else {
                whole.push(span);
            }
        }
        // What another entry of the list holds by itself stays.
        let left = AddressSet::from_spans(parts)
            .intersection(services)
            .union(&AddressSet::from_spans(left))
            .difference(&AddressSet::from_spans(whole));
        judged.moved = left.intersection(self.target.all());
        judged.stale = left.difference(self.target.all());
        judged
    }

    /// Addresses of which no tag of a service has kept hold, and those together with what left
    /// every tag.
    fn lost(&self) -> [&AddressSet; 2] {
        let [services, all] = self.lost.get_or_init(|| {
            let mut runs = [Vec::new(), Vec::new()];
            for tag in self
                .base
                .tags()
                .filter(|&tag| !is_cloud(self.base.rank(tag)))
            {
                let from = self.base.set(tag);
                let to = self.target.named(self.base.name(tag));
                for (family, runs) in FAMILIES.into_iter().zip(&mut runs) {
                    let kept = from.family(family).intersection(to.family(family));
                    runs.extend_from_slice(kept.runs());
                }
            }
            let [v4, v6] = runs.map(Ranges::from_runs);
            let kept = AddressSet { v4, v6 };
            let services = self.base.services().difference(&kept);
            let all = self.base.all().difference(self.target.all());
            let all = services.union(&all);
            [services, all]
        });
        [services, all]
    }
}

const fn part(set: &mut AddressSet, family: crate::space::Family) -> &mut Ranges {
    match family {
        crate::space::Family::V4 => &mut set.v4,
        crate::space::Family::V6 => &mut set.v6,
    }
}

fn blank(name: Safe, place: String, row: Option<usize>) -> RowImpact {
    RowImpact {
        name,
        place,
        row,
        tags: Vec::new(),
        unknown: Vec::new(),
        status: ImpactStatus::Unaffected,
        missing: Vec::new(),
        missing_before: Vec::new(),
        stale: Vec::new(),
        moved: Vec::new(),
        followed: Vec::new(),
        matches: Vec::new(),
        notes: Vec::new(),
        changed_in: None,
    }
}

impl RowJudgement {
    fn note(&mut self, note: String) {
        if !self.row.notes.contains(&note) {
            self.row.notes.push(note);
        }
    }

    /// What a list stands for, and what is said of it.
    fn take(&mut self, judged: &Judged) {
        if let Some(tag_match) = &judged.tag_match {
            self.name(&tag_match.tag);
        }
        self.row.matches.extend(judged.tag_match.clone());
        for note in &judged.notes {
            self.note(note.clone());
        }
    }

    fn name(&mut self, tag: &str) {
        if !self.row.tags.iter().any(|own| own == tag) {
            self.row.tags.push(tag.to_owned());
        }
    }

    /// Says in which tags the addresses were that a row without a tag loses.
    fn say_where(&mut self, base: &ImpactWeek<'_>) {
        let left = self.stale.union(&self.moved);
        if left.is_empty() || !self.row.matches.is_empty() {
            return;
        }
        let held = base.parts(&left);
        let names: Vec<&str> = held.iter().map(|&(tag, _)| base.name(tag)).collect();
        let said = first_of(&names, MOST_NAMED, ", ");
        self.note(format!("what goes was in {said}"));
        for name in names {
            self.name(name);
        }
    }

    fn finish(mut self, [base, target]: [&ImpactWeek<'_>; 2]) -> RowImpact {
        self.say_where(base);
        let has_stale = self.has_gone_tag || !self.stale.is_empty() || !self.moved.is_empty();
        self.row.status = match (!self.missing.is_empty(), has_stale) {
            (true, true) => ImpactStatus::MissingAndStale,
            (true, false) => ImpactStatus::Missing,
            (false, true) => ImpactStatus::Stale,
            (false, false) if self.row.followed.is_empty() => ImpactStatus::Unaffected,
            (false, false) => ImpactStatus::Automatic,
        };
        self.row.missing = self.missing.cover();
        self.row.missing_before = self.missing_before.cover();
        self.row.stale = self.stale.cover();
        let parts = target.parts(&self.moved).into_iter();
        self.row.moved = parts
            .map(|(tag, part)| Moved {
                tag: target.name(tag).to_owned(),
                prefixes: part.cover(),
            })
            .collect();
        self.row
    }
}

/// Hands what is stale and moved in a registry's or a route table's list to its rows.
fn share_out(list: &EntryList<'_>, judged: &Judged, judgements: &mut [RowJudgement]) {
    for &(place, _, span) in &list.entries {
        let Some(judgement) = judgements.get_mut(place) else {
            continue;
        };
        // A row of somebody's own among those of a tag is left out.
        if judged.tag_match.is_none() || meets(&judged.of_tag, span) {
            judgement.take(judged);
        }
        if !meets(&judged.stale, span) && !meets(&judged.moved, span) {
            continue;
        }
        let own = AddressSet::from_spans([span]);
        let (stale, moved) = (
            judged.stale.intersection(&own),
            judged.moved.intersection(&own),
        );
        judgement.stale = judgement.stale.union(&stale);
        judgement.moved = judgement.moved.union(&moved);
    }
}

/// What a registry or a route table lacks as a whole.
fn lacking(set: &RuleSet, judged: &Judged) -> Option<RowImpact> {
    let tag_match = judged.tag_match.clone()?;
    if judged.missing.is_empty() {
        return None;
    }
    let place = set.kind.facts().list_key;
    let mut row = blank(set.name.clone(), place.to_owned(), None);
    row.status = ImpactStatus::Missing;
    row.missing = judged.missing.cover();
    row.missing_before = judged.missing_before.cover();
    row.tags.push(tag_match.tag.clone());
    row.matches.push(tag_match);
    row.notes.clone_from(&judged.notes);
    Some(row)
}

/// The fewest changes that leave neither missing nor stale addresses.
fn change(list: &EntryList<'_>, judged: &Judged) -> Option<ListChange> {
    let gone = judged.stale.union(&judged.moved);
    if gone.is_empty() && judged.missing.is_empty() {
        return None;
    }
    let is_kept = |span: Span| !meets(&gone, span);
    let kept = list.entries.iter().filter(|&&(_, _, span)| is_kept(span));
    let kept = AddressSet::from_spans(kept.map(|&(_, _, span)| span));
    let wanted = list.addresses.difference(&gone).union(&judged.missing);
    let removed = list.entries.iter().filter(|&&(_, _, span)| !is_kept(span));
    Some(ListChange {
        side: list.side,
        rows: list.rows.clone(),
        removed: removed.map(|&(row, entry, _)| (row, entry)).collect(),
        added: wanted.difference(&kept).cover(),
        tag: judged
            .tag_match
            .as_ref()
            .map(|tag_match| tag_match.tag.clone()),
    })
}

/// Says of rows that name an IP group whether it is affected, or not at hand.
pub fn note_groups(answer: &mut ImpactAnswer, files: &[LoadedFile]) {
    let mut groups = Vec::new();
    for impact in &answer.sets {
        let (file, place) = impact.place;
        let set = files.get(file).and_then(|it| it.file.sets.get(place));
        if let Some(set) = set.filter(|set| set.kind == RuleSetKind::IpGroup) {
            let is_affected = impact.rows.iter().any(|row| row.status.is_affected());
            groups.push((set, is_affected));
        }
    }
    let state = |id: &str| {
        let name = id.rsplit('/').next().unwrap_or(id);
        let is_it = |set: &RuleSet| {
            let has_id = set
                .id
                .as_deref()
                .is_some_and(|own| own.eq_ignore_ascii_case(id));
            has_id || set.name.as_str().eq_ignore_ascii_case(name)
        };
        let found = groups.iter().find(|(set, _)| is_it(set));
        let name = Safe::new(name);
        match found {
            None => Some(format!("IP group {name} is in none of the files")),
            Some((_, true)) => Some(format!("IP group {name} is affected")),
            Some((_, false)) => None,
        }
    };
    for impact in &mut answer.sets {
        let (file, place) = impact.place;
        let Some(set) = files.get(file).and_then(|it| it.file.sets.get(place)) else {
            continue;
        };
        for row in &mut impact.rows {
            let own = row.row.and_then(|row| set.rows.get(row));
            let ids = own
                .into_iter()
                .flat_map(Row::entries)
                .filter_map(|entry| match entry {
                    Entry::IpGroup(id) => state(id),
                    _ => None,
                });
            row.notes.extend(ids);
        }
    }
}
