//! The JSON document of a lookup.

use std::net::IpAddr;

use crate::azure::Special;
use crate::index::View;
use crate::query::lookup::{AlsoMatch, LookupAnswer, Match, QueryKind, Relation, TagCoverage};
use crate::query::{Dataset, SCHEMA_VERSION, WeekRecord};
use crate::space::Count;
use crate::text::{Reading, Safe};

impl LookupAnswer {
    /// The answer as its JSON document; without the week where a line is to be short.
    #[must_use]
    pub fn record<'a>(
        &'a self,
        week: Option<&'a WeekRecord>,
        place: Option<QueryPlace>,
        dataset: &'a Dataset,
    ) -> LookupRecord<'a> {
        LookupRecord {
            schema_version: SCHEMA_VERSION,
            query: &self.query,
            text: &self.text,
            place,
            found: self.found_record(week, dataset),
        }
    }

    /// What of the document does not depend on how the query was written.
    #[must_use]
    pub fn found_record<'a>(
        &'a self,
        week: Option<&'a WeekRecord>,
        dataset: &'a Dataset,
    ) -> FoundRecord<'a> {
        let view = dataset.view();
        let records = |matches: &[Match]| -> Vec<MatchRecord<'a>> {
            matches
                .iter()
                .filter_map(|found| MatchRecord::of(&view, *found))
                .collect()
        };
        let readings: Vec<&str> = self.readings.iter().map(Reading::word).collect();
        FoundRecord {
            kind: self.kind,
            week,
            reading: (!readings.is_empty()).then(|| readings.join(", ")),
            special: self.special.as_ref(),
            notes: self.notes.iter().map(Safe::as_str).collect(),
            matches: records(&self.matches),
            also: self.also.as_deref().map(also_records),
            nearest: self
                .nearest
                .iter()
                .filter_map(|neighbour| {
                    Some(NearestRecord {
                        tag: view.tag(neighbour.hit.tag)?.name,
                        prefix: neighbour.hit.prefix.to_string(),
                        distance: neighbour.distance,
                        side: if neighbour.is_below { "below" } else { "above" },
                    })
                })
                .collect(),
            covered: self.coverage.as_ref().map(|coverage| CoveragePartRecord {
                tag: None,
                addresses: coverage.covered,
                share: coverage.covered.share_of(coverage.whole),
            }),
            coverage: self.coverage.as_ref().map(|coverage| {
                let part = |part: &TagCoverage| {
                    Some(CoveragePartRecord {
                        tag: Some(view.tag(part.tag)?.name),
                        addresses: part.addresses,
                        share: part.addresses.share_of(coverage.whole),
                    })
                };
                coverage.tags.iter().filter_map(part).collect()
            }),
            addresses: self.is_host().then(|| {
                self.addresses
                    .iter()
                    .map(|host| HostAddressRecord {
                        address: host.address,
                        special: host.special.as_ref(),
                        matches: records(&host.matches),
                        also: host.also.as_deref().map(also_records),
                    })
                    .collect()
            }),
            chain: self
                .is_host()
                .then(|| self.chain.iter().map(Safe::as_str).collect()),
        }
    }
}

/// Where a query stands in the input, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct QueryPlace {
    /// The line.
    pub line: usize,
    /// The character in it.
    pub column: usize,
}

/// The JSON document of a lookup.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LookupRecord<'a> {
    schema_version: u32,
    query: &'a str,
    text: &'a str,
    #[serde(flatten)]
    place: Option<QueryPlace>,
    #[serde(flatten)]
    found: FoundRecord<'a>,
}

/// The part of the document that says what was found.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FoundRecord<'a> {
    kind: QueryKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    week: Option<&'a WeekRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reading: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    special: Option<&'a Special>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<&'a str>,
    matches: Vec<MatchRecord<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    also: Option<Vec<AlsoRecord<'a>>>,
    nearest: Vec<NearestRecord<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    covered: Option<CoveragePartRecord<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<Vec<CoveragePartRecord<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    addresses: Option<Vec<HostAddressRecord<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    chain: Option<Vec<&'a str>>,
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct MatchRecord<'a> {
    tag: &'a str,
    prefix: String,
    relation: Relation,
    region: &'a str,
    system_service: &'a str,
    change_number: Option<u32>,
}

impl<'a> MatchRecord<'a> {
    fn of(view: &View<'a>, found: Match) -> Option<Self> {
        let row = view.tag(found.tag)?;
        Some(Self {
            tag: row.name,
            prefix: found.prefix.to_string(),
            relation: found.relation,
            region: row.region,
            system_service: row.system_service,
            change_number: row.change_number,
        })
    }
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct NearestRecord<'a> {
    tag: &'a str,
    prefix: String,
    distance: Count,
    side: &'static str,
}

#[derive(Debug, Clone, serde::Serialize)]
struct CoveragePartRecord<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<&'a str>,
    addresses: Count,
    share: f64,
}

#[derive(Debug, Clone, serde::Serialize)]
struct HostAddressRecord<'a> {
    address: IpAddr,
    #[serde(skip_serializing_if = "Option::is_none")]
    special: Option<&'a Special>,
    matches: Vec<MatchRecord<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    also: Option<Vec<AlsoRecord<'a>>>,
}

/// A range that is not Azure's.
#[derive(Debug, Clone, serde::Serialize)]
struct AlsoRecord<'a> {
    tag: &'a str,
    prefix: String,
    relation: Relation,
}

fn also_records(found: &[AlsoMatch]) -> Vec<AlsoRecord<'_>> {
    let records = found.iter().map(|found| AlsoRecord {
        tag: &found.tag,
        prefix: found.prefix.to_string(),
        relation: found.relation,
    });
    records.collect()
}
