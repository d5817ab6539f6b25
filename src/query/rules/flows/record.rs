//! The JSON document of the verdicts of flows.

use serde::Serialize;

use crate::query::lines::{Lines, of_week};
use crate::query::rules::flows::{FlowChange, FlowRow, FlowTally, FlowsAnswer, Logged};
use crate::query::rules::verdict::Verdict;
use crate::query::{Dataset, SCHEMA_VERSION, WeekRecord};
use crate::rules::{Direction, Protocol};

/// The JSON document.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FlowsRecord<'a> {
    schema_version: u32,
    week: WeekRecord,
    allow: FlowTally,
    deny: FlowTally,
    depends: FlowTally,
    /// Flows of which the log says something else.
    differing: FlowTally,
    /// Records of flows that were too many to be told apart.
    beyond: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<ChangesRecord>,
    deciding: Vec<DecidingRecord<'a>>,
    left_out: usize,
    flows: Vec<FlowRecord<'a>>,
}

/// What other rules change.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
struct ChangesRecord {
    newly_denied: FlowTally,
    newly_open: FlowTally,
    open_denied: FlowTally,
    newly_allowed: FlowTally,
    denied_open: FlowTally,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct DecidingRecord<'a> {
    verdict: Verdict,
    path: &'a str,
    set: &'a str,
    row: &'a str,
    place: &'a str,
    why: &'a str,
    flows: u64,
    records: u64,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct FlowRecord<'a> {
    from: Option<&'a str>,
    to: Option<&'a str>,
    port: Option<u16>,
    protocol: Option<&'static str>,
    direction: Option<Direction>,
    hits: u64,
    bytes_sent: u64,
    bytes_received: u64,
    logged: Option<Logged>,
    verdict: Verdict,
    certain: bool,
    path: &'a str,
    set: &'a str,
    row: &'a str,
    place: &'a str,
    why: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<BeforeRecord<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<FlowChange>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct BeforeRecord<'a> {
    verdict: Verdict,
    path: &'a str,
    set: &'a str,
    row: &'a str,
    place: &'a str,
    why: &'a str,
}

impl<'a> FlowRecord<'a> {
    fn of(row: &'a FlowRow) -> Self {
        let decider = &row.decider;
        Self {
            from: row.from.as_ref().map(AsRef::as_ref),
            to: row.to.as_ref().map(AsRef::as_ref),
            port: row.port,
            protocol: row.protocol.map(Protocol::name),
            direction: row.direction,
            hits: row.counts.hits,
            bytes_sent: row.counts.sent,
            bytes_received: row.counts.received,
            logged: row.logged(),
            verdict: decider.verdict,
            certain: decider.verdict.is_certain(),
            path: decider.path.as_str(),
            set: decider.set.as_str(),
            row: decider.row.as_str(),
            place: &decider.place,
            why: &decider.why,
            before: row.before.as_deref().map(|before| BeforeRecord {
                verdict: before.verdict,
                path: before.path.as_str(),
                set: before.set.as_str(),
                row: before.row.as_str(),
                place: &before.place,
                why: &before.why,
            }),
            change: row.change(),
        }
    }
}

impl FlowsAnswer {
    /// The JSON document with the first flows.
    #[must_use]
    pub fn record(&self, dataset: &Dataset, most: Option<usize>) -> FlowsRecord<'_> {
        let most = most.unwrap_or(usize::MAX);
        let of = |change| self.tally(|row| row.change() == Some(change));
        let deciders = self.deciders();
        let deciding = deciders
            .rows()
            .iter()
            .map(|(decider, tally)| DecidingRecord {
                verdict: decider.verdict,
                path: decider.path.as_str(),
                set: decider.set.as_str(),
                row: decider.row.as_str(),
                place: &decider.place,
                why: &decider.why,
                flows: tally.flows,
                records: tally.records,
            });
        FlowsRecord {
            schema_version: SCHEMA_VERSION,
            week: dataset.record(),
            allow: self.of_verdict(Verdict::Allow),
            deny: self.of_verdict(Verdict::Deny),
            depends: self.of_verdict(Verdict::Depends),
            differing: self.tally(FlowRow::differs),
            beyond: self.beyond,
            changes: self.is_against.then(|| ChangesRecord {
                newly_denied: of(FlowChange::NewlyDenied),
                newly_open: of(FlowChange::NewlyOpen),
                open_denied: of(FlowChange::OpenDenied),
                newly_allowed: of(FlowChange::NewlyAllowed),
                denied_open: of(FlowChange::DeniedOpen),
            }),
            deciding: deciding.collect(),
            left_out: self.flows.len().saturating_sub(most),
            flows: self.flows.iter().take(most).map(FlowRecord::of).collect(),
        }
    }
}

impl Lines for FlowsRecord<'_> {
    fn lines(&self, is_slim: bool) -> impl Iterator<Item = impl Serialize> {
        of_week(&self.week, &self.flows, is_slim)
    }
}
