//! The JSON document of a verdict.

use crate::query::rules::resolve::ReasonKind;
use crate::query::rules::verdict::answer::{
    CheckpointAnswer, SkippedCheckpoint, VerdictAnswer, VerdictPart, spans,
};
use crate::query::rules::verdict::outcome::Verdict;
use crate::query::rules::verdict::reason::Reason;
use crate::query::{Dataset, SCHEMA_VERSION, WeekRecord};
use crate::rules::{Direction, RuleSetKind};
use crate::space::AddressSet;

/// The JSON document of a verdict.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VerdictRecord<'a> {
    schema_version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    week: Option<WeekRecord>,
    question: QuestionRecord<'a>,
    verdict: Verdict,
    certain: bool,
    path: &'a str,
    kind: Option<RuleSetKind>,
    set: &'a str,
    row: &'a str,
    place: &'a str,
    because: &'a str,
    steps: Vec<String>,
    assumed: &'a [String],
    /// What could turn it.
    reasons: Vec<ReasonRecord<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<VerdictPartRecord<'a>>,
    /// Every rule set of the files, on the way or not.
    rule_sets: Vec<RuleSetRecord<'a>>,
    /// Each rule set, where there are several; what stands above is of the deciding one.
    #[serde(rename = "gates", skip_serializing_if = "Vec::is_empty")]
    checkpoints: Vec<CheckpointRecord<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    skipped: Vec<SkippedRecord<'a>>,
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct QuestionRecord<'a> {
    from: Option<&'a str>,
    to: Option<&'a str>,
    port: u16,
    protocol: &'static str,
    direction: Direction,
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct CheckpointRecord<'a> {
    path: &'a str,
    kind: RuleSetKind,
    set: &'a str,
    verdict: Verdict,
    certain: bool,
    row: &'a str,
    place: &'a str,
    because: &'a str,
    steps: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<VerdictPartRecord<'a>>,
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct VerdictPartRecord<'a> {
    /// Addresses and ranges of the end that is cut, the source's where both are.
    addresses: Vec<String>,
    /// Which end it is.
    of: &'static str,
    /// The destinations, where both ends are cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<Vec<String>>,
    verdict: Verdict,
    certain: bool,
    row: &'a str,
    place: &'a str,
    because: &'a str,
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleSetRecord<'a> {
    path: &'a str,
    kind: RuleSetKind,
    set: &'a str,
    on_path: bool,
    verdict: Option<Verdict>,
    /// The deciding row; of one that is not on the way, why.
    because: &'a str,
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct ReasonRecord<'a> {
    id: ReasonKind,
    text: &'a str,
    path: &'a str,
    place: &'a str,
    could: Option<Verdict>,
    settled_by: Option<&'a str>,
}

impl<'a> ReasonRecord<'a> {
    fn of(reason: &'a Reason) -> Self {
        Self {
            id: reason.kind,
            text: &reason.text,
            path: reason.path.as_str(),
            place: &reason.place,
            could: reason.could,
            settled_by: reason.settled_by.as_deref(),
        }
    }
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct SkippedRecord<'a> {
    path: &'a str,
    kind: RuleSetKind,
    set: &'a str,
    why: &'static str,
}

impl VerdictRecord<'_> {
    /// The document without its week.
    #[must_use]
    pub fn slim(self) -> Self {
        Self { week: None, ..self }
    }
}

impl VerdictAnswer {
    /// The answer as its JSON document.
    #[must_use]
    pub fn record(&self, dataset: &Dataset) -> VerdictRecord<'_> {
        let deciding = self.deciding();
        let asked = &self.asked;
        VerdictRecord {
            schema_version: SCHEMA_VERSION,
            week: Some(dataset.record()),
            question: QuestionRecord {
                from: asked.from.as_ref().map(AsRef::as_ref),
                to: asked.to.as_ref().map(AsRef::as_ref),
                port: asked.port,
                protocol: asked.protocol.name(),
                direction: asked.direction,
            },
            verdict: self.verdict(),
            certain: self.verdict().is_certain(),
            path: deciding.map_or("", |checkpoint| checkpoint.path.as_str()),
            kind: deciding.map(|checkpoint| checkpoint.kind),
            set: deciding.map_or("", |checkpoint| checkpoint.set.as_str()),
            row: deciding.map_or("", |checkpoint| checkpoint.row.as_str()),
            place: deciding.map_or("", |checkpoint| checkpoint.place.as_str()),
            because: deciding.map_or("", |checkpoint| checkpoint.because.as_str()),
            steps: self.steps(),
            assumed: &self.assumed,
            reasons: self.reasons().into_iter().map(ReasonRecord::of).collect(),
            parts: deciding.map_or_else(Vec::new, parts),
            rule_sets: self.rule_sets(),
            checkpoints: match self.checkpoints.as_slice() {
                [_] => Vec::new(),
                checkpoints => checkpoints.iter().map(checkpoint).collect(),
            },
            skipped: self.skipped.iter().map(skipped).collect(),
        }
    }

    fn rule_sets(&self) -> Vec<RuleSetRecord<'_>> {
        let asked = self.checkpoints.iter().map(|it| RuleSetRecord {
            path: it.path.as_str(),
            kind: it.kind,
            set: it.set.as_str(),
            on_path: true,
            verdict: Some(it.verdict),
            because: it.row.as_str(),
        });
        let skipped = self.skipped.iter().map(|it| RuleSetRecord {
            path: it.path.as_str(),
            kind: it.kind,
            set: it.set.as_str(),
            on_path: false,
            verdict: None,
            because: it.why,
        });
        asked.chain(skipped).collect()
    }

    /// All steps; of several checkpoints each behind its checkpoint's name.
    #[must_use]
    pub fn steps(&self) -> Vec<String> {
        let is_one = self.checkpoints.len() == 1;
        let steps = self.checkpoints.iter().flat_map(|checkpoint| {
            checkpoint.steps.iter().map(move |step| {
                if is_one {
                    step.clone()
                } else {
                    format!("{}: {step}", checkpoint.set)
                }
            })
        });
        steps.collect()
    }
}

fn checkpoint(checkpoint: &CheckpointAnswer) -> CheckpointRecord<'_> {
    CheckpointRecord {
        path: checkpoint.path.as_str(),
        kind: checkpoint.kind,
        set: checkpoint.set.as_str(),
        verdict: checkpoint.verdict,
        certain: checkpoint.verdict.is_certain(),
        row: checkpoint.row.as_str(),
        place: &checkpoint.place,
        because: &checkpoint.because,
        steps: &checkpoint.steps,
        parts: parts(checkpoint),
    }
}

fn parts(checkpoint: &CheckpointAnswer) -> Vec<VerdictPartRecord<'_>> {
    checkpoint.parts.iter().map(part).collect()
}

fn part(part: &VerdictPart) -> VerdictPartRecord<'_> {
    let texts = |set: &AddressSet| spans(set).map(|span| span.to_string()).collect();
    let both = part.from.is_some().then_some(part.to.as_ref()).flatten();
    VerdictPartRecord {
        addresses: part.addresses().map(texts).unwrap_or_default(),
        of: if part.from.is_some() { "from" } else { "to" },
        to: both.map(texts),
        verdict: part.verdict,
        certain: part.verdict.is_certain(),
        row: part.row.as_str(),
        place: &part.place,
        because: &part.because,
    }
}

fn skipped(skipped: &SkippedCheckpoint) -> SkippedRecord<'_> {
    SkippedRecord {
        path: skipped.path.as_str(),
        kind: skipped.kind,
        set: skipped.set.as_str(),
        why: skipped.why,
    }
}
