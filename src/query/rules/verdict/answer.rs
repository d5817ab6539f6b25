//! What was found, per checkpoint and in all.

use crate::query::rules::resolve::{Doubt, ReasonKind};
use crate::query::rules::verdict::checkpoint::{Axis, Checkpoint};
use crate::query::rules::verdict::first::{
    AskedTraffic, CompiledRule, Decided, RuleDoubt, RuleEffect, RuleReason, TrafficFit, meet,
};
use crate::query::rules::verdict::outcome::Verdict;
use crate::query::rules::verdict::reason::Reason;
use crate::query::rules::verdict::registry::Decision;
use crate::rules::{Direction, Ports, Protocol, RuleSetKind};
use crate::space::{AddressSet, Family, Ranges, Span};
use crate::text::{Safe, and_more};

/// Rows that do not match and are still named.
const MOST_PASSED: usize = 12;
/// Parts that are named in the steps.
const MOST_PARTS: usize = 24;
/// Ranges that are named in a sentence.
const MOST_RANGES: usize = 6;

/// The answer of every checkpoint: traffic must pass all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerdictAnswer {
    /// What was asked, as it was understood.
    pub asked: Understood,
    /// The checkpoints in the order in which they are passed.
    pub checkpoints: Vec<CheckpointAnswer>,
    /// Checkpoints that could not be asked.
    pub skipped: Vec<SkippedCheckpoint>,
    /// What is taken for granted.
    pub assumed: Vec<String>,
    /// What beside the rule sets leaves it open whether traffic gets through.
    pub gaps: Vec<Reason>,
}

/// A question as it was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Understood {
    /// Where it comes from.
    pub from: Option<Safe>,
    /// Where it goes.
    pub to: Option<Safe>,
    /// The destination port.
    pub port: u16,
    /// The protocol.
    pub protocol: Protocol,
    /// The direction.
    pub direction: Direction,
}

/// What one rule set, or all groups of one firewall policy, decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckpointAnswer {
    /// The file.
    pub path: Safe,
    /// What it is.
    pub kind: RuleSetKind,
    /// Its name.
    pub set: Safe,
    /// Whether it lets all of it through.
    pub verdict: Verdict,
    /// Where it depends: on what.
    pub reasons: Vec<Reason>,
    /// Of a route table: whether all of it is led to an appliance, or none; `None` for a part or perhaps.
    pub leads: Option<bool>,
    /// The deciding row.
    pub row: Safe,
    /// Where that row stands in its file; empty for what is in no file.
    pub place: String,
    /// Why.
    pub because: String,
    /// How it came to that.
    pub steps: Vec<String>,
    /// Where addresses of the question fare differently: each part; else none.
    pub parts: Vec<VerdictPart>,
}

/// Addresses of a question that fare alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerdictPart {
    /// Sources, where not all of them are in this part.
    pub from: Option<AddressSet>,
    /// Destinations, where not all of them are in this part.
    pub to: Option<AddressSet>,
    /// Whether they get through.
    pub verdict: Verdict,
    /// Where it depends: on what.
    pub reasons: Vec<Reason>,
    /// The deciding row.
    pub row: Safe,
    /// Where it stands in its file.
    pub place: String,
    /// Why.
    pub because: String,
}

/// A checkpoint that could not be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedCheckpoint {
    /// The file.
    pub path: Safe,
    /// What it is.
    pub kind: RuleSetKind,
    /// Its name.
    pub set: Safe,
    /// What is missing.
    pub why: &'static str,
}

impl VerdictAnswer {
    /// Denied if a rule set surely denies, allowed if all surely allow and nothing was left out.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match self.deciding().map(|checkpoint| checkpoint.verdict) {
            Some(Verdict::Allow) | None if !self.gaps.is_empty() => Verdict::Depends,
            Some(verdict) => verdict,
            None => Verdict::Depends,
        }
    }

    /// The checkpoint that decides: the first that surely denies, the first that may, else the last.
    #[must_use]
    pub fn deciding(&self) -> Option<&CheckpointAnswer> {
        let first = |verdict| {
            let mut all = self.checkpoints.iter();
            all.find(|checkpoint| checkpoint.verdict == verdict)
        };
        first(Verdict::Deny)
            .or_else(|| first(Verdict::Depends))
            .or(self.checkpoints.last())
    }

    /// Where it depends: everything on which it does.
    #[must_use]
    pub fn reasons(&self) -> Vec<&Reason> {
        if self.verdict() != Verdict::Depends {
            return Vec::new();
        }
        let own = self.checkpoints.iter().flat_map(|it| &it.reasons);
        own.chain(&self.gaps).collect()
    }
}

/// The addresses with which a checkpoint is asked.
pub(super) struct CheckpointAsk<'a> {
    pub checkpoint: &'a Checkpoint,
    pub asked: &'a AskedTraffic,
    pub from: AddressSet,
    pub to: AddressSet,
    /// Whether a checkpoint of one side was asked with the destination.
    pub is_to: bool,
    /// Whether the traffic has one of the addresses, and which is not known.
    pub is_open: bool,
}

impl CheckpointAsk<'_> {
    /// The answer, and what is assumed in it; `None` where nothing was decided.
    pub fn answer(
        &self,
        decided: &[Decided],
        assumed: &mut Vec<String>,
    ) -> Option<CheckpointAnswer> {
        let parts: Vec<VerdictPart> = decided.iter().map(|found| self.part(found)).collect();
        let is_bad = |part: &&VerdictPart| part.verdict != Verdict::Allow;
        let bad = || parts.iter().filter(is_bad);
        let sure = bad().find(|part| part.verdict == Verdict::Deny);
        let mut first = sure.or_else(|| bad().next()).or(parts.first())?.clone();
        let has_both = bad().count() < parts.len() && first.verdict == Verdict::Deny;
        if self.is_open && has_both {
            first.verdict = Verdict::Depends;
            first.reasons = vec![self.open_end()];
        }
        let last = decided.iter().map(|found| found.rule).max().flatten();
        let last = last.filter(|_| decided.iter().all(|found| found.rule.is_some()));
        for rule in self.reached(last) {
            assumed.extend(rule.assumed.iter().cloned());
        }
        let deciding = decided.iter().filter_map(|found| found.rule);
        for rule in deciding.filter_map(|place| self.checkpoint.rules.get(place)) {
            assumed.extend(rule.notes.iter().cloned());
        }
        let mut steps = self.checkpoint.before.clone();
        let is_whole = parts.len() == 1;
        let because = if is_whole {
            steps.extend(self.trace(last));
            first.because.clone()
        } else {
            steps.extend(parts.iter().take(MOST_PARTS).map(VerdictPart::line));
            let more = and_more(parts.len(), MOST_PARTS);
            steps.extend(more.map(|more| format!("{more} parts")));
            partly(&parts, &first, self.is_open)
        };
        let led = decided.iter().map(|found| {
            let rule = self.checkpoint.rules.get(found.rule?)?;
            found.doubts.is_empty().then_some(rule.is_to_appliance)
        });
        let mut led: Vec<Option<bool>> = led.collect();
        led.dedup();
        Some(CheckpointAnswer {
            leads: match led.as_slice() {
                [only] => *only,
                _ => None,
            },
            path: self.checkpoint.path.clone(),
            kind: self.checkpoint.kind,
            set: self.checkpoint.name.clone(),
            verdict: first.verdict,
            reasons: if first.verdict == Verdict::Depends {
                reasons_of(&parts, &first)
            } else {
                Vec::new()
            },
            row: first.row.clone(),
            place: first.place.clone(),
            because,
            steps,
            parts: if is_whole { Vec::new() } else { parts },
        })
    }

    fn part(&self, found: &Decided) -> VerdictPart {
        let rule = found
            .rule
            .and_then(|place| self.checkpoint.rules.get(place));
        let cut = part_of(&found.from, &self.from);
        let (from, to) = match self.checkpoint.axis {
            Axis::Both => {
                let to = within_families(&self.to, &found.from);
                (cut, part_of(&found.to, &to))
            }
            _ if self.is_to => (None, cut),
            _ => (cut, None),
        };
        let Some(rule) = rule else {
            let because = "too many rows answer differently: ask of fewer addresses".to_owned();
            return VerdictPart {
                from,
                to,
                verdict: Verdict::Depends,
                reasons: vec![self.reason(
                    &Doubt::new(ReasonKind::TooManyParts, &because),
                    String::new(),
                    &because,
                    None,
                )],
                row: Safe::new("–"),
                place: String::new(),
                because,
            };
        };
        let reasons = self.reasons(rule, found);
        VerdictPart {
            from,
            to,
            verdict: match rule.effect {
                RuleEffect::Allow if reasons.is_empty() => Verdict::Allow,
                RuleEffect::Deny if reasons.is_empty() => Verdict::Deny,
                _ => Verdict::Depends,
            },
            reasons,
            row: rule.name.clone(),
            place: rule.place.clone(),
            because: self.because(rule, found),
        }
    }

    /// What could turn what a rule decides.
    fn reasons(&self, rule: &CompiledRule, found: &Decided) -> Vec<Reason> {
        let unsure = rule.unsure.iter().map(|doubt| {
            let text = format!("{}: {}", label(rule), doubt.text);
            self.reason(doubt, rule.place.clone(), &text, None)
        });
        let doubts = found.doubts.iter().filter_map(|doubt| {
            let other = self.checkpoint.rules.get(doubt.rule)?;
            let text = format!("{}: {}", label(other), doubt.why.text);
            let could = match other.effect {
                RuleEffect::Allow => Some(Verdict::Allow),
                RuleEffect::Deny => Some(Verdict::Deny),
                RuleEffect::Unknown => None,
            };
            Some(self.reason(&doubt.why, other.place.clone(), &text, could))
        });
        unsure.chain(doubts).collect()
    }

    fn reason(&self, doubt: &Doubt, place: String, text: &str, could: Option<Verdict>) -> Reason {
        Reason {
            kind: doubt.kind,
            text: format!("{}: {text}", self.checkpoint.name),
            path: self.checkpoint.path.clone(),
            place,
            could,
            settled_by: doubt.settled_by.clone(),
        }
    }

    /// The traffic has one of several addresses, and they fare differently.
    fn open_end(&self) -> Reason {
        let doubt = Doubt::settled(
            ReasonKind::AddressUnknown,
            "it depends on the address",
            "an address in the question",
        );
        self.reason(&doubt, String::new(), &doubt.text, None)
    }

    fn because(&self, rule: &CompiledRule, found: &Decided) -> String {
        let host = self.asked.host.as_deref();
        let does = match rule.effect {
            RuleEffect::Allow => "allows",
            RuleEffect::Deny => "denies",
            RuleEffect::Unknown => "decides on",
        };
        let said = match &rule.reason {
            RuleReason::Said(text) => text.clone(),
            RuleReason::Entry => {
                format!("its entry {} holds it", rule.from.words(&found.from, None))
            }
            RuleReason::Match if rule.translation.is_some() => format!(
                "it translates {} from {} to {}, {}; no network rule denies what comes out",
                traffic(&rule.protocols, &rule.ports),
                rule.from.words(&found.from, None),
                rule.to.words(&found.to, host),
                rule.translation.as_ref().map_or("", |to| to.words.as_str()),
            ),
            RuleReason::Match => format!(
                "it {does} {} from {} to {}",
                traffic(&rule.protocols, &rule.ports),
                rule.from.words(&found.from, None),
                rule.to.words(&found.to, host)
            ),
        };
        if let Some(doubt) = &rule.unsure {
            return format!("it depends: {said}; but {}", doubt.text);
        }
        match found.doubts.split_first() {
            None => said,
            Some((first, others)) => {
                let more = match others.len() {
                    0 => String::new(),
                    count => format!("; and on {count} more rows"),
                };
                let doubt = self.doubt(first);
                format!("it depends on {doubt}{more}; else {}: {said}", label(rule))
            }
        }
    }

    fn doubt(&self, doubt: &RuleDoubt) -> String {
        let Some(rule) = self.checkpoint.rules.get(doubt.rule) else {
            return String::new();
        };
        let would = match rule.effect {
            RuleEffect::Allow => ", and it would allow",
            RuleEffect::Deny => ", and it would deny",
            RuleEffect::Unknown => "",
        };
        format!("{} ({}{would})", label(rule), doubt.why.text)
    }

    /// The rules that were looked at until the last one that decided.
    fn reached(&self, last: Option<usize>) -> impl Iterator<Item = &CompiledRule> {
        let all = self.checkpoint.rules.len();
        let until = last.map_or(all, |last| last + 1);
        let rules = self.checkpoint.rules.iter().take(until);
        rules.filter(|rule| {
            rule.looks(self.asked.direction) && !matches!(rule.fit(self.asked), TrafficFit::No)
        })
    }

    /// The way to the deciding row of a question that is decided as a whole.
    fn trace(&self, last: Option<usize>) -> Vec<String> {
        let until = last.map_or(self.checkpoint.rules.len(), |last| last + 1);
        let (mut steps, mut passed) = (Vec::new(), 0);
        for (place, rule) in self.checkpoint.rules.iter().enumerate().take(until) {
            if !rule.looks(self.asked.direction) {
                continue;
            }
            if Some(place) == last {
                if let Some(more) = passed_over(passed) {
                    steps.push(more);
                }
                let does = match rule.effect {
                    RuleEffect::Allow => "lets it through",
                    RuleEffect::Deny => "stops it",
                    RuleEffect::Unknown => "is not understood",
                };
                steps.push(format!("{}: {does}", label(rule)));
                continue;
            }
            match self.why_not(rule) {
                Ok(_) if rule.is_quiet => {}
                Ok(why) => {
                    passed += 1;
                    if passed <= MOST_PASSED {
                        steps.push(format!("{}: {why}", label(rule)));
                    }
                }
                Err(why) => steps.push(format!("{}: perhaps, {why}", label(rule))),
            }
        }
        steps
    }

    /// Why a rule does not match, or why that is not known.
    fn why_not(&self, rule: &CompiledRule) -> Result<String, String> {
        let fit = rule.fit(self.asked);
        if matches!(fit, TrafficFit::No) {
            let (port, protocol) = (self.asked.port, self.asked.protocol.name());
            return Ok(format!("not about {protocol} {port}"));
        }
        let host = self.asked.host.as_deref();
        let open_from = rule.from.perhaps(&self.from, None, &[]);
        if open_from.is_none() && rule.from.sure(&self.from, None).is_empty() {
            let what = match self.checkpoint.axis {
                Axis::Both => "another source",
                _ => "other addresses",
            };
            return Ok(what.to_owned());
        }
        let open_to = rule.to.perhaps(&self.to, host, &[]);
        if open_to.is_none() && rule.to.sure(&self.to, host).is_empty() {
            return Ok("another destination".to_owned());
        }
        let open = open_from.or(open_to).map(|(_, why)| why);
        let why = match fit {
            TrafficFit::Perhaps(why, _) => Some(why),
            _ => open,
        };
        Err(why.map_or_else(
            || "what it does is not understood".to_owned(),
            |why| why.text.clone(),
        ))
    }
}

/// The reasons of all parts that depend, the first part's first, each once.
fn reasons_of(parts: &[VerdictPart], first: &VerdictPart) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = Vec::new();
    let all = std::iter::once(first).chain(parts.iter());
    for reason in all.flat_map(|part| &part.reasons) {
        if !reasons.contains(reason) {
            reasons.push(reason.clone());
        }
    }
    reasons
}

/// Why the whole is decided as its first bad part.
fn partly(parts: &[VerdictPart], first: &VerdictPart, is_open: bool) -> String {
    let Some(words) = first.addresses().map(words) else {
        return first.because.clone();
    };
    let open = parts.iter().filter(|part| part.verdict == Verdict::Allow);
    let open = open.count();
    if open == parts.len() {
        return format!("all of it, by different rows; {words}: {}", first.because);
    }
    let share = match (open, is_open) {
        (0, _) => "no part of it gets through",
        (_, true) => "it depends on which address it has",
        (_, false) => "a part of it does not get through",
    };
    format!("{share}; {words}: {}", first.because)
}

fn passed_over(passed: usize) -> Option<String> {
    let more = passed.checked_sub(MOST_PASSED).filter(|&more| more > 0)?;
    Some(format!("{more} more rows are not about it"))
}

/// A part of what was asked; `None` for all of it.
fn part_of(part: &AddressSet, all: &AddressSet) -> Option<AddressSet> {
    (part != all).then(|| part.clone())
}

/// The addresses of the families that another set has.
pub(super) fn within_families(set: &AddressSet, other: &AddressSet) -> AddressSet {
    let mut set = set.clone();
    if other.v4.is_empty() {
        set.v4 = Ranges::default();
    }
    if other.v6.is_empty() {
        set.v6 = Ranges::default();
    }
    set
}

fn label(rule: &CompiledRule) -> String {
    match rule.priority {
        Some(priority) => format!("{} (priority {priority})", rule.name),
        None => rule.name.to_string(),
    }
}

/// Protocols and ports of a rule.
fn traffic(protocols: &[Protocol], ports: &Ports) -> String {
    let is_any = protocols.contains(&Protocol::Any);
    let names: Vec<&str> = protocols.iter().map(|it| it.name()).collect();
    match (is_any, ports.is_all()) {
        (true, true) => "all traffic".to_owned(),
        (true, false) => format!("any protocol on port {ports}"),
        (false, true) => names.join("/"),
        (false, false) => format!("{} {ports}", names.join("/")),
    }
}

/// The answer of a registry that is not found by addresses.
pub(super) fn decided(
    checkpoint: &Checkpoint,
    decision: &Decision,
    steps: Vec<String>,
) -> CheckpointAnswer {
    let registry = checkpoint.registry.as_ref();
    let flaw = registry.and_then(|registry| registry.flaw.as_ref());
    let unsure = decision.unsure.as_ref().or(flaw);
    let verdict = match (unsure, decision.effect) {
        (None, RuleEffect::Allow) => Verdict::Allow,
        (None, RuleEffect::Deny) => Verdict::Deny,
        _ => Verdict::Depends,
    };
    let mut steps = steps;
    steps.push(format!("{}: decides", decision.row));
    CheckpointAnswer {
        leads: None,
        path: checkpoint.path.clone(),
        kind: checkpoint.kind,
        set: checkpoint.name.clone(),
        verdict,
        reasons: unsure
            .map(|doubt| Reason {
                kind: doubt.kind,
                text: format!("{}: {}", checkpoint.name, doubt.text),
                path: checkpoint.path.clone(),
                place: decision.place.clone(),
                could: None,
                settled_by: doubt.settled_by.clone(),
            })
            .into_iter()
            .collect(),
        row: Safe::new(&decision.row),
        place: decision.place.clone(),
        because: match unsure {
            None => decision.because.clone(),
            Some(doubt) => format!("it depends: {}; but {}", decision.because, doubt.text),
        },
        steps,
        parts: Vec::new(),
    }
}

impl VerdictPart {
    /// The addresses of the side that is cut, the sources where both are.
    #[must_use]
    pub fn addresses(&self) -> Option<&AddressSet> {
        self.from.as_ref().or(self.to.as_ref())
    }

    /// The part in one line.
    #[must_use]
    pub fn line(&self) -> String {
        let from = self.from.as_ref().map(|set| format!("from {}", words(set)));
        let to = self.to.as_ref().map(|set| format!("to {}", words(set)));
        let sides: Vec<String> = from.into_iter().chain(to).collect();
        format!(
            "{}: {}, {}: {}",
            sides.join(" "),
            self.verdict.word(),
            self.row,
            self.because
        )
    }
}

/// The ranges of a set.
pub(super) fn spans(set: &AddressSet) -> impl Iterator<Item = Span> {
    [Family::V4, Family::V6].into_iter().flat_map(|family| {
        let runs = set.family(family).runs().iter();
        runs.filter_map(move |&(first, last)| Span::new(family, first, last))
    })
}

/// The first ranges of a set, and how many more there are.
pub(super) fn words(set: &AddressSet) -> String {
    let mut names: Vec<String> = spans(set)
        .take(MOST_RANGES)
        .map(|span| span.to_string())
        .collect();
    let all = set.v4.runs().len() + set.v6.runs().len();
    names.extend(and_more(all, MOST_RANGES).map(|more| format!("{more} ranges")));
    names.join(", ")
}

/// Whether any address of a question is in a set.
pub(super) fn touches(set: Option<&AddressSet>, other: &AddressSet) -> bool {
    set.is_some_and(|set| meet(set, other))
}
