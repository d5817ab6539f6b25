//! The JSON document.

use crate::query::rules::fit::percent::number;
use crate::query::rules::fit::{Cover, CoverPart, FitAnswer, Owners, Point};
use crate::query::rules::impact::blocks;
use crate::query::{Dataset, SCHEMA_VERSION, WeekRecord};
use crate::space::{Block, Count, Family};
use crate::text::Safe;

/// A cover, its price and what other limits cost.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FitRecord<'a> {
    schema_version: u32,
    week: WeekRecord,
    tags: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lists: Vec<&'a str>,
    limit: usize,
    exact: usize,
    #[serde(serialize_with = "blocks")]
    cidrs: Vec<Block>,
    addresses: Count,
    extra_addresses: Count,
    extra_share: f64,
    families: Vec<FamilyRecord>,
    extra_belongs_to: Vec<OwnerRecord<'a>>,
    extra_of_clouds_alone: Count,
    extra_of_nobody: Count,
    curve: Vec<PointRecord>,
    #[serde(flatten)]
    changes: Option<ChangesRecord<'a>>,
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct FamilyRecord {
    family: &'static str,
    cidrs: usize,
    exact: usize,
    addresses: Count,
    extra_addresses: Count,
    extra_share: f64,
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct OwnerRecord<'a> {
    tag: &'a str,
    addresses: Count,
    addresses_v4: Count,
    addresses_v6: Count,
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct PointRecord {
    cidrs: usize,
    extra_addresses: Count,
    extra_addresses_v4: Count,
    extra_addresses_v6: Count,
    extra_share: f64,
}

#[derive(Debug, Clone, serde::Serialize)]
struct ChangesRecord<'a> {
    #[serde(serialize_with = "blocks")]
    kept: &'a [Block],
    #[serde(serialize_with = "blocks")]
    added: &'a [Block],
    #[serde(serialize_with = "blocks")]
    removed: &'a [Block],
}

impl FitAnswer {
    /// The JSON document of a cover.
    #[must_use]
    pub fn record<'a>(
        &'a self,
        cover: &'a Cover,
        owners: &'a Owners,
        dataset: &Dataset,
    ) -> FitRecord<'a> {
        let changes = cover.changes.as_ref().map(|changes| ChangesRecord {
            kept: &changes.kept,
            added: &changes.added,
            removed: &changes.removed,
        });
        let tags = owners.tags.iter().map(|owner| OwnerRecord {
            tag: &owner.tag,
            addresses: owner.addresses.sum(),
            addresses_v4: owner.addresses.v4,
            addresses_v6: owner.addresses.v6,
        });
        FitRecord {
            schema_version: SCHEMA_VERSION,
            week: dataset.record(),
            tags: &self.tags,
            lists: self.lists.iter().map(Safe::as_str).collect(),
            limit: cover.limit,
            exact: cover.exact(),
            cidrs: cover.cidrs.iter().map(|cidr| cidr.block).collect(),
            addresses: cover.addresses(),
            extra_addresses: cover.extra_addresses(),
            extra_share: number(cover.share()),
            families: cover.parts.iter().map(of_part).collect(),
            extra_belongs_to: tags.collect(),
            extra_of_clouds_alone: owners.clouds_alone.sum(),
            extra_of_nobody: owners.nobody.sum(),
            curve: self.fitted.curve().iter().map(of_point).collect(),
            changes,
        }
    }
}

fn of_part(part: &CoverPart) -> FamilyRecord {
    FamilyRecord {
        family: match part.family {
            Family::V4 => "ipv4",
            Family::V6 => "ipv6",
        },
        cidrs: part.cidrs,
        exact: part.exact,
        addresses: part.addresses,
        extra_addresses: part.extra,
        extra_share: number(part.share),
    }
}

fn of_point(point: &Point) -> PointRecord {
    PointRecord {
        cidrs: point.cidrs,
        extra_addresses: point.extra.sum(),
        extra_addresses_v4: point.extra.v4,
        extra_addresses_v6: point.extra.v6,
        extra_share: number(point.share),
    }
}
