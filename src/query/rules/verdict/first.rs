//! First match over sets of addresses: what is asked for is cut along the rules' own bounds, so that
//! no address is looked at by itself.

use std::sync::Arc;

use crate::query::rules::resolve::{Doubt, ReasonKind};
use crate::query::rules::resolve::{RuleSide, common};
use crate::rules::{Direction, Ports, Protocol};
use crate::space::AddressSet;
use crate::text::Safe;

/// Most pieces into which a question is cut.
const MOST_PIECES: usize = 2_000;

/// What a rule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RuleEffect {
    Allow,
    Deny,
    /// Not understood.
    Unknown,
}

/// How a rule says why it decides.
#[derive(Debug, Clone)]
pub(super) enum RuleReason {
    /// By what it names as source, destination, protocol and port.
    Match,
    /// By its entry that holds the address.
    Entry,
    /// In words of its own.
    Said(String),
}

/// A rule, ready to be asked.
#[derive(Debug, Clone)]
pub(super) struct CompiledRule {
    pub name: Safe,
    pub place: String,
    pub priority: Option<u32>,
    pub effect: RuleEffect,
    pub reason: RuleReason,
    /// Which way it looks; `None` for both.
    pub direction: Option<Direction>,
    pub protocols: Vec<Protocol>,
    pub source_ports: Ports,
    pub ports: Ports,
    pub from: RuleSide,
    pub to: RuleSide,
    /// Why it may not be what it seems.
    pub doubt: Option<Arc<Doubt>>,
    /// Why what it decides is not certain.
    pub unsure: Option<Arc<Doubt>>,
    /// What is assumed where it is looked at.
    pub assumed: Vec<String>,
    /// What is assumed where it decides.
    pub notes: Vec<String>,
    /// Of a route: whether it leads to an appliance.
    pub is_to_appliance: bool,
    /// Whether it goes without saying where it does not match.
    pub is_quiet: bool,
    /// Where it sends what it matches, before any rule that does not.
    pub translation: Option<Translation>,
}

/// The target of a DNAT rule.
#[derive(Debug, Clone)]
pub(super) struct Translation {
    /// Its address; a host name may have any.
    pub to: Arc<AddressSet>,
    pub port: u16,
    /// The target in words.
    pub words: String,
}

impl CompiledRule {
    /// A rule about every address, protocol and port.
    pub fn new(name: &str, effect: RuleEffect, reason: RuleReason) -> Self {
        Self {
            name: Safe::new(name),
            place: String::new(),
            priority: None,
            effect,
            reason,
            direction: None,
            protocols: vec![Protocol::Any],
            source_ports: Ports::all(),
            ports: Ports::all(),
            from: RuleSide::all(),
            to: RuleSide::all(),
            doubt: None,
            unsure: None,
            assumed: Vec::new(),
            notes: Vec::new(),
            is_to_appliance: false,
            is_quiet: false,
            translation: None,
        }
    }

    /// Every set by which it tells addresses apart.
    pub fn address_sets(&self) -> impl Iterator<Item = &Arc<AddressSet>> {
        let translation = self.translation.as_ref().map(|to| &to.to);
        let sides = self.from.address_sets().chain(self.to.address_sets());
        sides.chain(translation)
    }

    /// Whether it is about the protocol and the port.
    pub fn fit(&self, asked: &AskedTraffic) -> TrafficFit<'_> {
        let has_ports = !matches!(
            asked.protocol,
            Protocol::Icmp | Protocol::Esp | Protocol::Ah
        );
        let is_of_all = self.protocols.contains(&Protocol::Any);
        let is_of_protocol = is_of_all || self.protocols.contains(&asked.protocol);
        if !is_of_protocol && asked.protocol != Protocol::Any {
            return TrafficFit::No;
        }
        if has_ports && !self.ports.contains(asked.port) {
            return TrafficFit::No;
        }
        let mut doubts = Vec::new();
        if !is_of_protocol {
            let names: Vec<&str> = self.protocols.iter().map(|it| it.name()).collect();
            let text = format!("it is about {} only", names.join(" and "));
            doubts.push((TrafficPart::Protocols(&self.protocols), text));
        }
        if !has_ports && !self.ports.is_all() {
            let text = format!(
                "it is about ports {}, and {} has none",
                self.ports,
                asked.protocol.name()
            );
            doubts.push((TrafficPart::Portless, text));
        }
        if !self.source_ports.is_all() {
            let text = format!(
                "it is about traffic from source ports {}",
                self.source_ports
            );
            let part = if has_ports {
                TrafficPart::SourcePorts(&self.source_ports)
            } else {
                TrafficPart::Portless
            };
            doubts.push((part, text));
        }
        let parts = doubts.iter().map(|(part, _)| *part).collect();
        let said = doubts.pop();
        let said = said.map(|(_, text)| Doubt::new(ReasonKind::PartOfRow, text));
        match (&self.doubt, said) {
            (Some(why), _) => TrafficFit::Perhaps(Arc::clone(why), Vec::new()),
            (None, Some(why)) => TrafficFit::Perhaps(why, parts),
            (None, None) => TrafficFit::Yes,
        }
    }

    pub fn looks(&self, direction: Direction) -> bool {
        self.direction.is_none_or(|own| own == direction)
    }
}

/// Whether a rule is about a protocol and a port.
#[derive(Debug, Clone)]
pub(super) enum TrafficFit<'r> {
    Yes,
    No,
    /// Of a part of the traffic: why, and which, where that is known.
    Perhaps(Arc<Doubt>, Vec<TrafficPart<'r>>),
}

/// What a rule is about of the traffic that is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) enum TrafficPart<'r> {
    /// Some of its protocols.
    Protocols(&'r [Protocol]),
    /// Some of the ports that it comes from.
    SourcePorts(&'r Ports),
    /// Traffic without ports, if rows about ports are about that too.
    Portless,
}

impl TrafficPart<'_> {
    /// Whether this part has all of the other.
    fn holds(self, other: TrafficPart<'_>) -> bool {
        match (self, other) {
            (Self::Protocols(own), TrafficPart::Protocols(other)) => {
                other.iter().all(|protocol| own.contains(protocol))
            }
            (Self::SourcePorts(own), TrafficPart::SourcePorts(other)) => own.holds(other),
            (Self::Portless, TrafficPart::Portless) => true,
            _ => false,
        }
    }
}

/// What is asked besides the addresses.
#[derive(Debug, Clone)]
pub(super) struct AskedTraffic {
    pub port: u16,
    pub protocol: Protocol,
    pub direction: Direction,
    /// The name of the destination, where it was given by name.
    pub host: Option<String>,
}

/// A rule that may match earlier than the one that decides.
#[derive(Debug, Clone)]
pub(super) struct RuleDoubt {
    pub rule: usize,
    pub why: Arc<Doubt>,
}

/// What one rule decides.
#[derive(Debug, Clone)]
pub(super) struct Decided {
    /// Its place; `None` where the question was given up.
    pub rule: Option<usize>,
    pub from: AddressSet,
    pub to: AddressSet,
    /// Rules that would decide otherwise, if they match.
    pub doubts: Vec<RuleDoubt>,
}

struct Piece {
    from: AddressSet,
    to: AddressSet,
    doubts: Vec<RuleDoubt>,
}

/// Cuts a question along the rules; the last rule decides what is left. What is translated before is
/// looked at with its new address and port: then only rules that deny it count.
pub(super) fn decide(
    rules: &[CompiledRule],
    asked: &AskedTraffic,
    from: &AddressSet,
    to: &AddressSet,
) -> Vec<Decided> {
    if rules.iter().all(|rule| rule.translation.is_none()) {
        return gathered(decide_by(rules, asked, from, to, |_| true), rules);
    }
    let mut decided = Vec::new();
    for part in decide_by(rules, asked, from, to, |rule| rule.translation.is_some()) {
        let own = part.rule.and_then(|place| rules.get(place));
        let Some(translation) = own.and_then(|rule| rule.translation.as_ref()) else {
            let rest = decide_by(rules, asked, &part.from, &part.to, |rule| {
                rule.translation.is_none()
            });
            decided.extend(rest.into_iter().map(|found| found.after(&part)));
            continue;
        };
        let behind = AskedTraffic {
            port: translation.port,
            ..asked.clone()
        };
        let last = rules.len().saturating_sub(1);
        let found = decide_by(rules, &behind, &part.from, &translation.to, |rule| {
            rule.translation.is_none()
        });
        for mut found in found {
            let effect = |place: usize| rules.get(place).map(|rule| rule.effect);
            let is_denied = found
                .rule
                .is_some_and(|place| place != last && effect(place) == Some(RuleEffect::Deny));
            if !is_denied && found.rule.is_some() {
                found.rule = part.rule;
            }
            found.to = part.to.clone();
            decided.push(found.after(&part));
        }
    }
    gathered(decided, rules)
}

/// What becomes of a question by translation.
pub(super) enum Translated<'r> {
    No,
    Into(&'r Translation),
    /// A part of it, or perhaps.
    Partly,
}

/// Where DNAT rules send what is asked.
pub(super) fn translated<'r>(
    rules: &'r [CompiledRule],
    asked: &AskedTraffic,
    from: &AddressSet,
    to: &AddressSet,
) -> Translated<'r> {
    let parts = decide_by(rules, asked, from, to, |rule| rule.translation.is_some());
    let of = |part: &Decided| rules.get(part.rule?)?.translation.as_ref();
    let is_plain = |part: &Decided| part.doubts.is_empty();
    match parts.as_slice() {
        [only] if is_plain(only) => of(only).map_or(Translated::No, Translated::Into),
        parts
            if parts
                .iter()
                .all(|part| part.rule.is_none() && is_plain(part)) =>
        {
            Translated::No
        }
        _ => Translated::Partly,
    }
}

impl Decided {
    /// The same behind the doubts of what was looked at before.
    fn after(mut self, before: &Self) -> Self {
        self.doubts.splice(0..0, before.doubts.iter().cloned());
        self
    }
}

/// The pieces that the rules of some kind decide, and what they leave.
fn decide_by(
    rules: &[CompiledRule],
    asked: &AskedTraffic,
    from: &AddressSet,
    to: &AddressSet,
    is_asked: impl Fn(&CompiledRule) -> bool,
) -> Vec<Decided> {
    let mut open = Vec::new();
    // No traffic goes from one family to the other.
    for (from, to) in [
        only_v4(from).zip(only_v4(to)),
        only_v6(from).zip(only_v6(to)),
    ]
    .into_iter()
    .flatten()
    {
        let doubts = Vec::new();
        open.push(Piece { from, to, doubts });
    }
    let mut decided = Vec::new();
    for (place, rule) in rules.iter().enumerate() {
        if open.is_empty() || open.len() + decided.len() > MOST_PIECES {
            break;
        }
        if !rule.looks(asked.direction) || !is_asked(rule) {
            continue;
        }
        let (doubt, parts) = match rule.fit(asked) {
            TrafficFit::No => continue,
            TrafficFit::Yes => (None, Vec::new()),
            TrafficFit::Perhaps(why, parts) => (Some(why), parts),
        };
        let cut = RuleCut {
            rules,
            asked,
            place,
            rule,
            doubt,
            parts,
        };
        let mut left = Vec::with_capacity(open.len());
        for piece in open {
            cut.apply(piece, &mut left, &mut decided);
        }
        open = left;
    }
    decided.extend(open.into_iter().map(|piece| Decided {
        rule: None,
        from: piece.from,
        to: piece.to,
        doubts: piece.doubts,
    }));
    decided
}

fn only_v4(set: &AddressSet) -> Option<AddressSet> {
    (!set.v4.is_empty()).then(|| AddressSet {
        v4: set.v4.clone(),
        ..AddressSet::default()
    })
}

fn only_v6(set: &AddressSet) -> Option<AddressSet> {
    (!set.v6.is_empty()).then(|| AddressSet {
        v6: set.v6.clone(),
        ..AddressSet::default()
    })
}

/// One rule laid over pieces.
struct RuleCut<'a> {
    rules: &'a [CompiledRule],
    asked: &'a AskedTraffic,
    place: usize,
    rule: &'a CompiledRule,
    doubt: Option<Arc<Doubt>>,
    /// The parts of the traffic that it is about; none where it is about all of it.
    parts: Vec<TrafficPart<'a>>,
}

impl RuleCut<'_> {
    fn apply(&self, piece: Piece, left: &mut Vec<Piece>, decided: &mut Vec<Decided>) {
        let host = self.asked.host.as_deref();
        if self.has_passed(&piece) {
            left.push(piece);
            return;
        }
        let (but_from, but_to) = self.passed(&piece);
        let sure_from = self.rule.from.sure(&piece.from, None);
        let perhaps_from = self.rule.from.perhaps(&piece.from, None, &but_from);
        let all_from = joined(&sure_from, perhaps_from.as_ref());
        if all_from.is_empty() {
            left.push(piece);
            return;
        }
        let sure_to = self.rule.to.sure(&piece.to, host);
        let perhaps_to = self.rule.to.perhaps(&piece.to, host, &but_to);
        let all_to = joined(&sure_to, perhaps_to.as_ref());
        if all_to.is_empty() {
            left.push(piece);
            return;
        }
        let outside = piece.from.difference(&all_from);
        push(left, outside, piece.to.clone(), &piece.doubts);
        let outside = piece.to.difference(&all_to);
        push(left, all_from.clone(), outside, &piece.doubts);
        let why = match (&self.doubt, self.rule.effect) {
            (Some(why), _) => Some(Arc::clone(why)),
            (None, RuleEffect::Unknown) => Some(Doubt::new(
                ReasonKind::UnreadRow,
                "what it does is not understood",
            )),
            (None, _) => None,
        };
        if let Some(why) = why {
            let doubts = self.doubts(&piece.doubts, why);
            push(left, all_from, all_to, &doubts);
            return;
        }
        if let Some((_, why)) = &perhaps_from {
            let doubts = self.doubts(&piece.doubts, Arc::clone(why));
            push(
                left,
                all_from.difference(&sure_from),
                all_to.clone(),
                &doubts,
            );
        }
        if let Some((_, why)) = &perhaps_to {
            let doubts = self.doubts(&piece.doubts, Arc::clone(why));
            push(
                left,
                sure_from.clone(),
                all_to.difference(&sure_to),
                &doubts,
            );
        }
        if !sure_from.is_empty() && !sure_to.is_empty() {
            decided.push(Decided {
                rule: Some(self.place),
                from: sure_from,
                to: sure_to,
                doubts: piece.doubts,
            });
        }
    }

    /// Whether a piece is not the part of the traffic that the rule is about: an earlier rule that is
    /// about that part would have decided.
    fn has_passed(&self, piece: &Piece) -> bool {
        let host = self.asked.host.as_deref();
        let mut earlier = piece
            .doubts
            .iter()
            .filter_map(|doubt| self.rules.get(doubt.rule));
        !self.parts.is_empty()
            && earlier.any(|rule| {
                let TrafficFit::Perhaps(_, parts) = rule.fit(self.asked) else {
                    return false;
                };
                let is_held =
                    |part: &TrafficPart<'_>| self.parts.iter().any(|own| part.holds(*own));
                rule.effect != RuleEffect::Unknown
                    && !parts.is_empty()
                    && parts.iter().all(is_held)
                    && rule.from.sure(&piece.from, None) == piece.from
                    && rule.to.sure(&piece.to, host) == piece.to
            })
    }

    /// Sources and destinations that a piece is not in: an earlier rule that is in doubt about one
    /// end alone would have decided, so that what is left of the piece is not at that end.
    fn passed(&self, piece: &Piece) -> (Vec<&RuleSide>, Vec<&RuleSide>) {
        let (mut from, mut to) = (Vec::new(), Vec::new());
        let host = self.asked.host.as_deref();
        let rules = piece
            .doubts
            .iter()
            .filter_map(|doubt| self.rules.get(doubt.rule));
        for rule in rules.filter(|rule| rule.effect != RuleEffect::Unknown) {
            if !matches!(rule.fit(self.asked), TrafficFit::Yes) {
                continue;
            }
            if rule.from.sure(&piece.from, None) == piece.from {
                to.push(&rule.to);
            } else if rule.to.sure(&piece.to, host) == piece.to {
                from.push(&rule.from);
            }
        }
        (from, to)
    }

    fn doubts(&self, known: &[RuleDoubt], why: Arc<Doubt>) -> Vec<RuleDoubt> {
        let mut doubts = known.to_vec();
        let rule = self.place;
        doubts.push(RuleDoubt { rule, why });
        doubts
    }
}

fn joined(sure: &AddressSet, perhaps: Option<&(AddressSet, Arc<Doubt>)>) -> AddressSet {
    match perhaps {
        None => sure.clone(),
        Some((perhaps, _)) => sure.union(perhaps),
    }
}

fn push(left: &mut Vec<Piece>, from: AddressSet, to: AddressSet, doubts: &[RuleDoubt]) {
    if !from.is_empty() && !to.is_empty() {
        let doubts = doubts.to_vec();
        left.push(Piece { from, to, doubts });
    }
}

/// Joins what the same rule decides in the same doubts; a doubt about a rule that would do the same
/// is none.
fn gathered(mut decided: Vec<Decided>, rules: &[CompiledRule]) -> Vec<Decided> {
    for part in &mut decided {
        let own = part.rule.and_then(|place| rules.get(place));
        let own = own.map_or(RuleEffect::Unknown, |rule| rule.effect);
        part.doubts.retain(|doubt| {
            let its = rules.get(doubt.rule).map(|rule| rule.effect);
            its != Some(own) || own == RuleEffect::Unknown
        });
    }
    let key = |part: &Decided| {
        let doubts: Vec<usize> = part.doubts.iter().map(|doubt| doubt.rule).collect();
        (part.rule.unwrap_or(usize::MAX), doubts)
    };
    decided.sort_by_cached_key(key);
    let by_to = fold(decided, |open, part| {
        if open.to != part.to {
            return false;
        }
        open.from = open.from.union(&part.from);
        true
    });
    let by_from = fold(by_to, |open, part| {
        if open.from != part.from {
            return false;
        }
        open.to = open.to.union(&part.to);
        true
    });
    // A rule does the same with both families; what lies across them is never asked.
    fold(by_from, |open, part| {
        let has_v6 = !open.from.v6.is_empty() || !open.to.v6.is_empty();
        let has_v4 = !part.from.v4.is_empty() || !part.to.v4.is_empty();
        if has_v6 || has_v4 {
            return false;
        }
        open.from = open.from.union(&part.from);
        open.to = open.to.union(&part.to);
        true
    })
}

/// Joins parts of one rule with `join`, which says whether it did.
fn fold(parts: Vec<Decided>, join: impl Fn(&mut Decided, &Decided) -> bool) -> Vec<Decided> {
    let same = |one: &Decided, other: &Decided| {
        let doubts = |part: &Decided| part.doubts.iter().map(|it| it.rule).collect::<Vec<_>>();
        one.rule == other.rule && doubts(one) == doubts(other)
    };
    let mut kept: Vec<Decided> = Vec::new();
    for part in parts {
        let mut near = kept.iter_mut().rev().take_while(|open| same(open, &part));
        if !near.any(|open| join(open, &part)) {
            kept.push(part);
        }
    }
    kept
}

/// Whether two sets have an address in common.
pub(super) fn meet(one: &AddressSet, other: &AddressSet) -> bool {
    !common(one, other).is_empty()
}
