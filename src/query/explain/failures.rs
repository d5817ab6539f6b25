//! Sentences, statuses and refusals → failures: what stands on one line belongs together, and what
//! one problem explains away belongs to it, if both are about the same registry, image and address.

use std::collections::BTreeSet;
use std::net::IpAddr;

use crate::query::explain::NamedRegistry;
use crate::query::explain::evidence::{Evidence, Told, within};
use crate::query::explain::names::{HostMention, Role};
use crate::query::explain::phrases::MarkKind;
use crate::query::explain::table::outranks;
use crate::text::Safe;

/// Bytes within which one failure makes another a part of it.
pub(super) const SAME: usize = 2000;
/// Failures of which a sentence may be one more word.
const RECENT: usize = 8;

/// How Azure CLI begins the lines behind an error of Azure.
const DETAILS: [&str; 3] = ["code:", "message:", "exceptiondetails:"];

/// Sentences that are one failure.
pub(super) struct Failure<'a> {
    pub told: Vec<&'static str>,
    pub words: BTreeSet<&'static str>,
    /// Where it begins and ends.
    pub span: (usize, usize),
    /// Its first and its last line.
    pub lines: (usize, usize),
    pub client: Option<IpAddr>,
    pub registry: Option<NamedRegistry>,
    pub image: Option<&'a Safe>,
    pub host: Option<&'a HostMention>,
    /// The words of its sentences hold for other logs too.
    pub is_loose: bool,
    phrases: Vec<usize>,
    /// Its host is another registry's.
    is_foreign: bool,
    /// Another try follows.
    is_retried: bool,
}

/// The failures of a text, in order.
pub(super) fn failures<'a>(evidence: &'a Evidence<'a>) -> Vec<Failure<'a>> {
    let mut failures: Vec<Failure<'a>> = Vec::new();
    for told in evidence.told() {
        let new = Failure::of(&told, evidence);
        let recent = failures.len().saturating_sub(RECENT);
        let mut recent = failures.iter_mut().skip(recent).rev();
        match recent.find(|failure| failure.takes(&new)) {
            Some(failure) => failure.take(new),
            None => failures.push(new),
        }
    }
    if failures.is_empty() {
        failures.extend(evidence.unknown().map(|told| Failure::of(&told, evidence)));
    }
    absorb(&mut failures);
    failures
}

/// Leaves out what a failure nearby explains away.
fn absorb(failures: &mut Vec<Failure<'_>>) {
    let is_left = |failure: &Failure<'_>| {
        let near = within(failures, |it| it.span.0, failure.span.0, SAME);
        !near.iter().any(|other| other.explains(failure))
    };
    let left: Vec<bool> = failures.iter().map(is_left).collect();
    let mut left = left.into_iter();
    failures.retain(|_| left.next().unwrap_or(true));
}

impl<'a> Failure<'a> {
    /// A failure of one sentence.
    fn of(told: &Told<'a>, evidence: &'a Evidence<'a>) -> Self {
        let is_here = |host: &HostMention| evidence.reading.line(host.at) == told.line;
        let is_foreign = told
            .host
            .is_some_and(|host| host.role == Role::Foreign && is_here(host));
        let marks = within(&evidence.marks, |mark| mark.at, told.at, SAME);
        let mut retries = marks.iter().filter(|mark| mark.id == "retry");
        let (registry, image) = evidence.subject(told, is_foreign);
        // What repeats the line above is no sentence of its own.
        let is_detail = evidence.reading.begins(told.line, &DETAILS);
        Self {
            told: vec![told.id],
            words: [told.id].into_iter().chain(told.word).collect(),
            span: (told.at, told.at),
            lines: (told.line, told.line),
            client: told.client,
            registry,
            image,
            host: told.host,
            is_loose: told.is_loose,
            phrases: if is_detail {
                Vec::new()
            } else {
                vec![told.phrase]
            },
            is_foreign,
            is_retried: retries.any(|mark| evidence.reading.line(mark.at) == told.line),
        }
    }

    /// Whether both may be about the same: what both name is equal.
    fn is_of(&self, other: &Self) -> bool {
        is_one(self.client.as_ref(), other.client.as_ref())
            && is_one(self.registry.as_ref(), other.registry.as_ref())
            && is_one(self.image, other.image)
    }

    /// Whether a sentence is one more of this failure.
    fn takes(&self, new: &Self) -> bool {
        let is_health = |id: &&&str| id.starts_with("health:");
        let is_new_check = new
            .told
            .iter()
            .any(|id| is_health(&id) && self.told.iter().filter(is_health).any(|own| own != id));
        if is_new_check || !self.is_of(new) || new.span.0.saturating_sub(self.span.1) > SAME {
            return false;
        }
        if self.lines.1 == new.lines.0 {
            return true;
        }
        let is_again = new.phrases.iter().any(|it| self.phrases.contains(it));
        let mut pairs = self
            .told
            .iter()
            .flat_map(|own| new.told.iter().map(move |id| (own, id)));
        self.is_foreign == new.is_foreign
            && !is_again
            && pairs.any(|(own, id)| own == id || outranks(own, id) || outranks(id, own))
    }

    fn take(&mut self, new: Self) {
        self.told.extend(new.told);
        self.words.extend(new.words);
        self.phrases.extend(new.phrases);
        self.span.1 = new.span.1;
        self.lines.1 = new.lines.1;
        self.client = self.client.or(new.client);
        self.registry = self.registry.take().or(new.registry);
        self.image = self.image.or(new.image);
        self.host = self.host.or(new.host);
    }

    /// Whether this leaves nothing of another failure: it outranks all of that, or it is the
    /// outcome of a later try.
    fn explains(&self, other: &Self) -> bool {
        let is_later = other.is_retried && !self.is_retried && self.span.0 > other.span.0;
        let outranked = |id: &&'static str| self.told.iter().any(|own| outranks(own, id));
        (is_later || other.told.iter().all(outranked))
            && self.is_foreign == other.is_foreign
            && self.is_of(other)
            && !self.told.iter().any(|id| id.starts_with("health:"))
    }
}

/// Whether two may be the same: equal, or one of them unknown.
fn is_one<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
    one.is_none() || other.is_none() || one == other
}

impl Evidence<'_> {
    /// The registry and the image of a sentence: on its line, else the nearest.
    fn subject(&self, told: &Told<'_>, is_foreign: bool) -> (Option<NamedRegistry>, Option<&Safe>) {
        let is_other = |role: Role| matches!(role, Role::Microsoft | Role::Layers);
        if told.host.is_some_and(|host| is_other(host.role)) {
            return (None, None);
        }
        // Of another registry's failure only its own line tells which registry is meant.
        let is_here = |host: &HostMention| self.reading.line(host.at) == told.line;
        let near = self.hosts_around(told.at, SAME);
        let is_unnamed = |host: &HostMention| {
            let named = host.registry.as_ref();
            named.is_none_or(|registry| registry.name.is_none())
        };
        let by_distance = |host: &&HostMention| {
            let distance = host.at.abs_diff(told.at);
            (!is_here(host), is_unnamed(host), distance)
        };
        let has_registry =
            |host: &&HostMention| host.registry.is_some() && (!is_foreign || is_here(host));
        let nearest = near.iter().filter(has_registry).min_by_key(by_distance);
        let registry = nearest.or_else(|| self.hosts.iter().find(has_registry));
        let registry = registry.and_then(|host| host.registry.clone());
        let has_image = |host: &&HostMention| host.image.is_some() && host.registry == registry;
        let image = near.iter().filter(has_image).min_by_key(by_distance);
        (registry, image.and_then(|host| host.image.as_ref()))
    }

    /// A failure of which nothing more is known: a program or a registry, and a word of failure.
    fn unknown(&self) -> Option<Told<'_>> {
        let is_ours = |host: &HostMention| {
            let roles = [Role::Registry, Role::Data, Role::Microsoft, Role::Layers];
            roles.contains(&host.role)
        };
        let is_foreign = self.hosts.iter().any(|host| host.role == Role::Foreign);
        let host = self.hosts.iter().find(|host| is_ours(host));
        let has_client = self.marks.iter().any(|mark| mark.kind == MarkKind::Client);
        if is_foreign || (host.is_none() && !has_client) {
            return None;
        }
        let failed = self.marks.iter().find(|mark| mark.id == "failure");
        let at = failed.map(|mark| mark.at);
        let at = at.or_else(|| self.statuses.first().map(|status| status.at))?;
        Some(Told {
            at,
            line: self.reading.line(at),
            id: "recognised",
            phrase: usize::MAX,
            host,
            word: None,
            client: None,
            is_loose: true,
        })
    }
}
