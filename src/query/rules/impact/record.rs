//! The JSON document.

use serde::{Serialize, Serializer};

use crate::azure::DateKind;
use crate::query::lines::{Lines, OfWeeks, RecordLine};
use crate::query::rules::LoadedFile;
use crate::query::rules::impact::{
    Followed, ImpactAnswer, ImpactStatus, MatchSource, Moved, RowImpact, SetImpact, TagMatch,
};
use crate::query::{Dataset, SCHEMA_VERSION, WeekRecord};
use crate::rules::RuleSetKind;
use crate::space::{AddressSet, Block, Count};

/// What a publication does to each row.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImpactRecord<'a> {
    schema_version: u32,
    base: WeekRecord,
    target: WeekRecord,
    files: Vec<ImpactFileRecord<'a>>,
}

/// A resource or a list of a file; a file of several stands several times.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct ImpactFileRecord<'a> {
    path: &'a str,
    kind: RuleSetKind,
    set: &'a str,
    rows: Vec<RowImpactRecord<'a>>,
    patch: Vec<String>,
    patch_notes: Vec<String>,
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct RowImpactRecord<'a> {
    row: &'a str,
    place: &'a str,
    tags: &'a [String],
    status: ImpactStatus,
    #[serde(serialize_with = "blocks")]
    missing: &'a [Block],
    #[serde(serialize_with = "blocks")]
    missing_before: &'a [Block],
    #[serde(serialize_with = "blocks")]
    stale: &'a [Block],
    moved_to: &'a [Moved],
    followed: Vec<FollowedRecord<'a>>,
    stands_for: Vec<TagMatchRecord<'a>>,
    inferred: Option<InferredRecord<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changed_in: Option<Vec<String>>,
    notes: &'a [String],
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct FollowedRecord<'a> {
    tag: &'a str,
    #[serde(serialize_with = "blocks")]
    gained: Vec<Block>,
    #[serde(serialize_with = "blocks")]
    lost: Vec<Block>,
    addresses_gained: CountRecord,
    addresses_lost: CountRecord,
}

#[derive(Debug, Clone, serde::Serialize)]
struct CountRecord {
    v4: Count,
    v6: Count,
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct TagMatchRecord<'a> {
    tag: &'a str,
    by: &'static str,
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct InferredRecord<'a> {
    tag: &'a str,
    week: Option<String>,
    date_is: Option<DateKind>,
    share: f64,
}

impl ImpactAnswer {
    /// The JSON document.
    #[must_use]
    pub fn record<'a>(
        &'a self,
        files: &'a [LoadedFile],
        base: &Dataset,
        target: &Dataset,
    ) -> ImpactRecord<'a> {
        ImpactRecord {
            schema_version: SCHEMA_VERSION,
            base: base.record(),
            target: target.record(),
            files: self.sets.iter().map(|set| of_set(set, files)).collect(),
        }
    }
}

fn of_set<'a>(impact: &'a SetImpact, files: &'a [LoadedFile]) -> ImpactFileRecord<'a> {
    let (patch, patch_notes) = impact.patch(files).map_or_else(Default::default, |patch| {
        let lines = patch.commands.into_iter().chain(patch.lines).collect();
        (lines, patch.notes)
    });
    ImpactFileRecord {
        path: impact.path.as_str(),
        kind: impact.kind,
        set: impact.name.as_str(),
        rows: impact.rows.iter().map(of_row).collect(),
        patch,
        patch_notes,
    }
}

fn of_row(row: &RowImpact) -> RowImpactRecord<'_> {
    let inferred = row.matches.iter().find_map(|tag_match| {
        let MatchSource::Inferred { week, share } = tag_match.source else {
            return None;
        };
        Some(InferredRecord {
            tag: &tag_match.tag,
            week: week.map(|week| week.day.to_string()),
            date_is: week.map(|week| week.kind),
            // Four digits: what stands behind them is no statement about the list.
            share: (share * 10_000.0).floor() / 10_000.0,
        })
    });
    let dates = row.changed_in.as_ref();
    RowImpactRecord {
        row: row.name.as_str(),
        place: &row.place,
        tags: &row.tags,
        status: row.status,
        missing: &row.missing,
        missing_before: &row.missing_before,
        stale: &row.stale,
        moved_to: &row.moved,
        followed: row.followed.iter().map(of_followed).collect(),
        stands_for: row.matches.iter().map(of_tag_match).collect(),
        inferred,
        changed_in: dates.map(|dates| dates.iter().map(|date| date.day.to_string()).collect()),
        notes: &row.notes,
    }
}

fn of_followed(followed: &Followed) -> FollowedRecord<'_> {
    let count = |set: &AddressSet| CountRecord {
        v4: set.v4.count(),
        v6: set.v6.count(),
    };
    FollowedRecord {
        tag: &followed.tag,
        gained: followed.gained.cover(),
        lost: followed.lost.cover(),
        addresses_gained: count(&followed.gained),
        addresses_lost: count(&followed.lost),
    }
}

fn of_tag_match(tag_match: &TagMatch) -> TagMatchRecord<'_> {
    TagMatchRecord {
        tag: &tag_match.tag,
        by: match tag_match.source {
            MatchSource::Stated => "stated",
            MatchSource::Inferred { .. } => "inferred",
        },
    }
}

/// Prefixes as texts.
pub(in crate::query::rules) fn blocks<S: Serializer>(
    blocks: &impl AsRef<[Block]>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(blocks.as_ref().iter().map(ToString::to_string))
}

/// What all rows of a rule set have in common.
#[derive(Debug, Clone, Copy, serde::Serialize)]
struct OfSet<'a> {
    #[serde(flatten)]
    weeks: Option<OfWeeks<'a>>,
    path: &'a str,
    kind: RuleSetKind,
    set: &'a str,
}

impl Lines for ImpactRecord<'_> {
    fn lines(&self, is_slim: bool) -> impl Iterator<Item = impl Serialize> {
        let weeks = (!is_slim).then_some(OfWeeks {
            base: &self.base,
            target: &self.target,
        });
        self.files.iter().flat_map(move |file| {
            let head = Some(OfSet {
                weeks,
                path: file.path,
                kind: file.kind,
                set: file.set,
            });
            file.rows.iter().map(move |row| RecordLine::new(head, row))
        })
    }
}
