//! How the changes of different tags hang together: echoes, moves and renames.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::index::WeekComparison;
use crate::query::diff::effect::{Effects, RowPlace};
use crate::query::diff::party::ChangedTag;
use crate::query::diff::row::MOST_HOLDERS;
use crate::query::diff::{DiffSign, DiffStatus};
use crate::space::{AddressSet, Block, Count, Family};

/// Pairs of a lost and a gained row that meet; beyond it no more rows are followed.
const MOST_MEETINGS: usize = 1_000_000;
/// Removed times added tags; the most on record are 363 and 87.
const MOST_RENAMES: usize = 250_000;
/// What two sets share of both when they are likely one tag under two names.
const SAME_SHARE: f64 = 0.9;

/// Marks the rows that a narrower tag asked for has as well.
pub(super) fn mark_echoes(
    compared: &WeekComparison,
    effects: &mut Effects<'_>,
    parties: &[ChangedTag],
) {
    for range in compared
        .prefixes
        .iter()
        .flat_map(|changed| &changed.holders)
    {
        if range.len() < 2 || range.len() > MOST_HOLDERS {
            continue;
        }
        for number in range.clone() {
            let party = |number: usize| {
                let place = effects.rows.get(number)?;
                parties.get(place.party)
            };
            let is_echo = party(number).is_some_and(|wide| {
                let mut others = range.clone().filter_map(party);
                others.any(|narrow| narrow.is_kept && wide.rolls_up(narrow))
            });
            let place = effects.rows.get(number).copied();
            if let Some(row) = place
                .filter(|_| is_echo)
                .and_then(|place| effects.row_mut(place))
            {
                row.is_echo = true;
            }
        }
    }
}

/// Where lost rows went and gained ones came from: every address that one tag lost by the row is
/// among those that the other gained, or the other way round.
pub(super) fn follow(
    compared: &WeekComparison,
    effects: &mut Effects<'_>,
    parties: &[ChangedTag],
    sets: &[[AddressSet; 2]],
) {
    let mut found: Vec<(RowPlace, usize)> = Vec::new();
    for [lost, gained] in meetings(compared, effects, parties) {
        for (row, other) in [(lost, gained), (gained, lost)] {
            let Some(block) = effects.row(row).map(|row| row.prefix) else {
                continue;
            };
            let set = |place: RowPlace| sets.get(place.party).map(|sets| place.sign.of(sets));
            let is_all = set(row)
                .zip(set(other))
                .is_some_and(|(one, other)| is_among(one, other, block));
            if is_all {
                found.push((row, other.party));
            }
        }
    }
    for (place, party) in found {
        let Some(row) = effects.row_mut(place) else {
            continue;
        };
        if !row.moved.contains(&party) {
            row.moved.push(party);
        }
    }
    // Of a tag and those that gather it the narrow one says it.
    for row in effects
        .tags
        .iter_mut()
        .flat_map(|tag| tag.rows.iter_mut().flatten())
    {
        if row.moved.len() < 2 {
            continue;
        }
        let all: Vec<(usize, &ChangedTag)> = row
            .moved
            .iter()
            .filter_map(|&party| Some((party, parties.get(party)?)))
            .collect();
        let mut narrow: Vec<usize> = all
            .iter()
            .filter(|(_, wide)| !all.iter().any(|(_, narrow)| wide.rolls_up(narrow)))
            .map(|&(party, _)| party)
            .collect();
        narrow.sort_unstable();
        row.moved = narrow;
    }
}

/// Whether what `one` has of the block is in `other`.
fn is_among(one: &AddressSet, other: &AddressSet, block: Block) -> bool {
    let runs = one.family(block.family()).runs();
    let start = runs.partition_point(|&(_, last)| last < block.first());
    let part = runs.get(start..).unwrap_or(&[]).iter();
    let mut part = part
        .take_while(|&&(first, _)| first <= block.last())
        .map(|&(first, last)| (first.max(block.first()), last.min(block.last())))
        .peekable();
    part.peek().is_some()
        && part.all(|(first, last)| {
            let span = crate::space::Span::new(block.family(), first, last);
            span.is_some_and(|span| other.holds(span))
        })
}

/// A lost and a gained row of two tags that are strangers, with addresses in common.
fn meetings(
    compared: &WeekComparison,
    effects: &Effects<'_>,
    parties: &[ChangedTag],
) -> Vec<[RowPlace; 2]> {
    let mut met = Vec::new();
    // Prefixes nest and come in order, so that the open ones are those around the current one.
    let mut open: Vec<(Block, [Range<usize>; 2])> = Vec::new();
    let with_effect = |range: &Range<usize>| -> bool {
        let mut places = range.clone().filter_map(|place| effects.rows.get(place));
        range.len() <= MOST_HOLDERS
            && places.any(|&place| effects.row(place).is_some_and(super::DiffRow::has_effect))
    };
    for changed in &compared.prefixes {
        let has = [0, 1].map(|side: usize| changed.holders.get(side).is_some_and(with_effect));
        if has == [false, false] {
            continue;
        }
        while open
            .last()
            .is_some_and(|(block, _)| !block.contains(changed.prefix.span()))
        {
            open.pop();
        }
        open.push((changed.prefix, changed.holders.clone()));
        for (_, around) in &open {
            for sign in DiffSign::BOTH {
                let is_itself = around == &changed.holders;
                if is_itself && sign == DiffSign::Added {
                    continue;
                }
                let (mine, theirs) = (sign.of(&changed.holders), sign.other().of(around));
                meet(mine.clone(), theirs.clone(), effects, parties, &mut met);
            }
        }
        if met.len() > MOST_MEETINGS {
            break;
        }
    }
    met
}

fn meet(
    mine: Range<usize>,
    theirs: Range<usize>,
    effects: &Effects<'_>,
    parties: &[ChangedTag],
    met: &mut Vec<[RowPlace; 2]>,
) {
    if mine.len() > MOST_HOLDERS || theirs.len() > MOST_HOLDERS {
        return;
    }
    for one in mine {
        for other in theirs.clone() {
            let places = (effects.rows.get(one), effects.rows.get(other));
            let (Some(&one), Some(&other)) = places else {
                continue;
            };
            let is_new = |place| effects.row(place).is_some_and(super::DiffRow::has_effect);
            let of = (parties.get(one.party), parties.get(other.party));
            let (Some(this), Some(that)) = of else {
                continue;
            };
            if one.party == other.party || !is_new(one) || !is_new(other) || this.is_kin(that) {
                continue;
            }
            met.push(match one.sign {
                DiffSign::Removed => [one, other],
                DiffSign::Added => [other, one],
            });
        }
    }
}

/// Tags that went and tags that came with nearly the same addresses, each tag at most once.
pub(super) fn renames(
    statuses: &[Option<DiffStatus>],
    parties: &[ChangedTag],
    sets: &[[AddressSet; 2]],
) -> Vec<[usize; 2]> {
    let with = |wanted: DiffStatus| -> Vec<usize> {
        let all = statuses.iter().enumerate();
        all.filter(|(_, status)| **status == Some(wanted))
            .map(|(party, _)| party)
            .collect()
    };
    let (removed, added) = (with(DiffStatus::Removed), with(DiffStatus::Added));
    if removed.len().saturating_mul(added.len()) > MOST_RENAMES {
        return Vec::new();
    }
    let set = |party: usize, sign: DiffSign| sets.get(party).map(|sets| sign.of(sets));
    let sized = |parties: &[usize], sign| -> Vec<(usize, [Count; 2])> {
        let sized = parties.iter();
        sized
            .filter_map(|&party| Some((party, super::counts(set(party, sign)?))))
            .collect()
    };
    let (removed, added) = (
        sized(&removed, DiffSign::Removed),
        sized(&added, DiffSign::Added),
    );
    let mut likely = Vec::new();
    for &(old, old_size) in &removed {
        for &(new, new_size) in &added {
            let could_be = old_size.iter().zip(&new_size).all(|(one, other)| {
                let (less, more) = (one.min(other), one.max(other));
                more.is_zero() || less.share_of(*more) >= SAME_SHARE
            });
            if !could_be || old_size.iter().all(|count| count.is_zero()) {
                continue;
            }
            let (Some(one), Some(other)) = (set(old, DiffSign::Removed), set(new, DiffSign::Added))
            else {
                continue;
            };
            let common = [Family::V4, Family::V6].map(|family| {
                let common = one.family(family).intersection(other.family(family));
                common.count()
            });
            let share = old_size
                .iter()
                .zip(&new_size)
                .zip(&common)
                .map(|((one, other), common)| {
                    let more = *one.max(other);
                    if more.is_zero() {
                        1.0
                    } else {
                        common.share_of(more)
                    }
                })
                .fold(1.0, f64::min);
            if share >= SAME_SHARE {
                let alike = parties.get(old).zip(parties.get(new));
                let is_alike = alike
                    .is_some_and(|(old, new)| old.rank == new.rank && old.region == new.region);
                likely.push((is_alike, share, old, new));
            }
        }
    }
    // Alike in rank and region first, then the greatest share, then by name.
    likely.sort_by(|one, other| {
        let by_kind = other.0.cmp(&one.0);
        let by_share = || other.1.total_cmp(&one.1);
        by_kind
            .then_with(by_share)
            .then_with(|| (one.2, one.3).cmp(&(other.2, other.3)))
    });
    let mut taken = BTreeSet::new();
    let once = likely.into_iter().filter_map(|(_, _, old, new)| {
        let is_free = !taken.contains(&old) && !taken.contains(&new);
        is_free.then(|| {
            taken.extend([old, new]);
            [old, new]
        })
    });
    once.collect()
}
