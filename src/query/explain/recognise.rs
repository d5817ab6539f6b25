//! A pasted text → the failures in it, each with the one problem that fits its evidence.
//!
//! Sentences, statuses and refusals are gathered into failures: what stands on one line belongs
//! together, and what one problem explains away belongs to it, if both are about the same registry,
//! image and address.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use crate::query::explain::endpoints;
use crate::query::explain::evidence::{Evidence, StatusMention, Told, within};
use crate::query::explain::names::{HostMention, NamedRegistry, Role};
use crate::query::explain::phrases::{MarkKind, Proof};
use crate::query::explain::reader::TextReading;
use crate::query::explain::refusal::{ClientRefusal, refusals};
use crate::query::explain::table::{decide, outranks};
use crate::text::Safe;

/// A failure that a text tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// What has failed.
    pub problem: Problem,
    /// What else the text tells of, which the problem explains or outranks.
    pub also: Vec<Problem>,
    /// The registry, where the text names one.
    pub registry: Option<NamedRegistry>,
    /// The image, where the text names one.
    pub image: Option<Safe>,
    /// The address that the registry saw.
    pub client: Option<IpAddr>,
    /// The address that the client connected to.
    pub server: Option<IpAddr>,
    /// The host that failed, where it is another than the login server.
    pub host: Option<Safe>,
    /// The statuses of HTTP, in order.
    pub statuses: Vec<u16>,
    /// The lines on which it begins, from 1; several where it was told again.
    pub lines: Vec<usize>,
    pub(super) facts: Facts,
}

/// What else the evidence of a failure holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Facts {
    /// The words of the table.
    pub words: BTreeSet<&'static str>,
    /// The host of the sentence, whatever it is.
    pub named_host: Option<Safe>,
    /// The registry from which an image was to be imported.
    pub source: Option<String>,
    /// What Azure did not take as an address or a tag.
    pub value: Option<Safe>,
    /// A subnet's service endpoints.
    pub services: Vec<Safe>,
}

/// What has failed, by its id in `assets/problems.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Problem(&'static str);

impl Problem {
    /// Which failure it is, for scripts: `registry-denied`, `health:CMK_ERROR`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        self.0
    }
}

/// Bytes within which one failure makes another a part of it.
const SAME: usize = 2000;
/// Programs that a person signs in.
const CLIENTS: [&str; 8] = [
    "docker", "buildkit", "helm", "oras", "crane", "podman", "flux", "ctr",
];
/// Programs whose nodes pull by themselves.
const HOSTED: [&str; 5] = [
    "kubelet",
    "container-apps",
    "app-service",
    "functions",
    "container-instances",
];

/// The failures that a text tells of, equal ones once, in the order of the text; none for any
/// other text.
///
/// At most [`MAX_TEXT`](crate::query::explain::MAX_TEXT) bytes are read.
#[must_use]
pub fn recognise(text: &str) -> Vec<Complaint> {
    let mut groups: Vec<Complaint> = Vec::new();
    let mut places: BTreeMap<(Problem, Option<IpAddr>), Vec<usize>> = BTreeMap::new();
    for complaint in recognise_each(text) {
        let known = places.entry((complaint.problem, complaint.address()));
        let known = known.or_default();
        let same = known.iter().rev().copied().find(|&place| {
            groups.get(place).is_some_and(|one| {
                one.registry == complaint.registry
                    || one.registry.is_none()
                    || complaint.registry.is_none()
            })
        });
        match same.and_then(|place| groups.get_mut(place)) {
            Some(same) => same.take_in(complaint),
            None => {
                known.push(groups.len());
                groups.push(complaint);
            }
        }
    }
    groups
}

/// Every failure of a text, also those that are told again.
#[must_use]
pub fn recognise_each(text: &str) -> Vec<Complaint> {
    if let Some(services) = endpoints::services(text) {
        let mut complaint = Complaint::of("service-endpoints", 1);
        if endpoints::has_registry(&services) {
            complaint.facts.words.insert("has-service");
        }
        complaint.facts.services = services;
        return vec![complaint];
    }
    let reading = TextReading::new(text);
    let evidence = Evidence::of(&reading, text);
    let mut failures = Failures::of(&evidence);
    failures.absorb();
    let complaints: Vec<Complaint> = failures
        .list
        .iter()
        .filter_map(|failure| evidence.complaint(failure))
        .collect();
    if complaints.is_empty() {
        return evidence.recognised().into_iter().collect();
    }
    complaints
}

impl Complaint {
    fn of(problem: &'static str, line: usize) -> Self {
        Self {
            problem: Problem(problem),
            also: Vec::new(),
            registry: None,
            image: None,
            client: None,
            server: None,
            host: None,
            statuses: Vec::new(),
            lines: vec![line],
            facts: Facts::default(),
        }
    }

    /// The address that tells it from others.
    fn address(&self) -> Option<IpAddr> {
        let is_by_server = self.problem.id() == "firewall-log";
        self.client.or(self.server.filter(|_| is_by_server))
    }

    /// Takes in the same failure once more.
    fn take_in(&mut self, again: Self) {
        self.registry = self.registry.take().or(again.registry);
        self.image = self.image.take().or(again.image);
        self.host = self.host.take().or(again.host);
        self.server = self.server.or(again.server);
        self.lines.extend(again.lines);
        let new = again.also.into_iter().filter(|id| !self.also.contains(id));
        let new: Vec<Problem> = new.collect();
        self.also.extend(new);
    }
}

/// Sentences that are one failure.
struct Failure<'a> {
    told: Vec<&'static str>,
    words: BTreeSet<&'static str>,
    statuses: Vec<u16>,
    /// Where it begins and ends.
    span: (usize, usize),
    line: usize,
    last_line: usize,
    client: Option<IpAddr>,
    registry: Option<NamedRegistry>,
    image: Option<&'a Safe>,
    host: Option<&'a HostMention>,
    /// Its host is another registry's.
    is_foreign: bool,
    /// The words of its sentences hold for other logs too.
    is_loose: bool,
    /// Another try follows.
    is_retried: bool,
}

struct Failures<'a> {
    list: Vec<Failure<'a>>,
}

/// A sentence, a status or a refusal, and the address that it names.
struct Event<'a> {
    told: Told<'a>,
    client: Option<IpAddr>,
    is_cut: bool,
}

impl<'a> Failures<'a> {
    fn of(evidence: &'a Evidence<'a>) -> Self {
        let mut events: Vec<Event<'a>> = evidence
            .told()
            .into_iter()
            .map(|told| Event {
                told,
                client: None,
                is_cut: false,
            })
            .collect();
        let refusals = refusals(&evidence.reading.lower).into_iter();
        let meant = refusals.filter(|refusal| {
            refusal.is_sure || evidence.is_near(refusal.at, refusal.end, Proof::Registry)
        });
        events.extend(meant.map(
            |ClientRefusal {
                 at,
                 end,
                 client,
                 is_cut,
                 ..
             }| Event {
                told: Told {
                    at,
                    line: evidence.reading.line(at),
                    id: "registry-denied",
                    host: evidence.failing(end),
                    status: None,
                    is_loose: false,
                },
                client,
                is_cut,
            },
        ));
        events.sort_by_key(|event| event.told.at);
        let mut failures = Self { list: Vec::new() };
        for event in &events {
            failures.take(event, evidence);
        }
        failures
    }

    /// Adds a sentence to the failure that it belongs to, or begins another.
    fn take(&mut self, event: &Event<'a>, evidence: &'a Evidence<'a>) {
        let told = &event.told;
        let is_foreign = told.host.is_some_and(|host| {
            host.role == Role::Foreign && evidence.reading.line(host.at) == told.line
        });
        let (registry, image) = evidence.subject(told);
        let fits = |failure: &Failure<'a>| {
            let is_subject = told.at.saturating_sub(failure.span.1) <= SAME
                && is_one(failure.client.as_ref(), event.client.as_ref())
                && is_one(failure.registry.as_ref(), registry.as_ref())
                && is_one(failure.image, image);
            let is_health = |id: &str| id.starts_with("health:");
            let is_other_check = is_health(told.id)
                && failure
                    .told
                    .iter()
                    .any(|id| is_health(id) && *id != told.id);
            if !is_subject || is_other_check {
                return false;
            }
            if failure.last_line == told.line {
                return true;
            }
            if failure.is_foreign != is_foreign {
                return false;
            }
            !failure.told.contains(&told.id)
                && failure
                    .told
                    .iter()
                    .any(|id| outranks(id, told.id) || outranks(told.id, id))
        };
        let recent = self.list.len().saturating_sub(8);
        let mut recent = self.list.iter_mut().skip(recent).rev();
        let place = recent.find(|failure| fits(failure));
        let Some(failure) = place else {
            self.list.push(Failure {
                told: vec![told.id],
                words: event.words(),
                statuses: told.status.iter().map(|it| it.status).collect(),
                span: (told.at, told.at),
                line: told.line,
                last_line: told.line,
                client: event.client,
                registry,
                image,
                host: told.host,
                is_foreign,
                is_loose: told.is_loose,
                is_retried: evidence.is_retried(told),
            });
            return;
        };
        failure.told.push(told.id);
        failure.words.extend(event.words());
        failure
            .statuses
            .extend(told.status.iter().map(|it| it.status));
        failure.span.1 = told.at;
        failure.last_line = told.line;
        failure.client = failure.client.or(event.client);
        if failure.registry.is_none() {
            failure.registry = registry;
        }
        failure.image = failure.image.or(image);
        failure.host = failure.host.or(told.host);
    }

    /// Leaves out what a failure nearby explains away.
    fn absorb(&mut self) {
        let mut left = vec![true; self.list.len()];
        for (place, failure) in self.list.iter().enumerate() {
            let near = within(&self.list, |it| it.span.0, failure.span.0, SAME);
            let is_explained = near.iter().any(|other| {
                let explains = |id: &&str| other.told.iter().any(|whole| outranks(whole, id));
                let is_followed =
                    failure.is_retried && !other.is_retried && other.span.0 > failure.span.0;
                (is_followed || failure.told.iter().all(|id| explains(&id)))
                    && failure.is_foreign == other.is_foreign
                    && is_one(failure.registry.as_ref(), other.registry.as_ref())
                    && is_one(failure.image, other.image)
                    && is_one(failure.client.as_ref(), other.client.as_ref())
                    && !other.told.iter().any(|id| id.starts_with("health:"))
            });
            if let Some(left) = left.get_mut(place) {
                *left = !is_explained;
            }
        }
        let mut left = left.into_iter();
        self.list.retain(|_| left.next().unwrap_or(true));
    }
}

impl Event<'_> {
    fn words(&self) -> BTreeSet<&'static str> {
        let status = self.told.status.map(|it| it.word);
        let cut = self.is_cut.then_some("cut");
        [self.told.id]
            .into_iter()
            .chain(status)
            .chain(cut)
            .collect()
    }
}

/// Whether two may be the same: equal, or one of them unknown.
fn is_one<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

impl<'a> Evidence<'a> {
    /// The registry and the image of a sentence: on its line, else the nearest.
    fn subject(&'a self, told: &Told<'_>) -> (Option<NamedRegistry>, Option<&'a Safe>) {
        let is_other = |role: Role| matches!(role, Role::Microsoft | Role::Layers);
        if told.host.is_some_and(|host| is_other(host.role)) {
            return (None, None);
        }
        let is_here = |host: &HostMention| self.reading.line(host.at) == told.line;
        // Of another registry's failure only its own line tells which registry is meant.
        let is_foreign = told
            .host
            .is_some_and(|host| host.role == Role::Foreign && is_here(host));
        let near = self.hosts_around(told.at, SAME);
        let by_distance = |host: &&HostMention| (!is_here(host), host.at.abs_diff(told.at));
        let has_registry =
            |host: &&HostMention| host.registry.is_some() && (!is_foreign || is_here(host));
        let nearest = near.iter().filter(has_registry).min_by_key(by_distance);
        let registry = nearest.or_else(|| self.hosts.iter().find(has_registry));
        let registry = registry.and_then(|host| host.registry.clone());
        let has_image = |host: &&HostMention| host.image.is_some() && host.registry == registry;
        let image = near.iter().filter(has_image).min_by_key(by_distance);
        let image = image.and_then(|host| host.image.as_ref());
        (registry, image)
    }

    /// Whether the line says that another try follows.
    fn is_retried(&self, told: &Told<'_>) -> bool {
        let marks = within(&self.marks, |mark| mark.at, told.at, SAME);
        let mut marks = marks.iter().filter(|mark| mark.id == "retry");
        marks.any(|mark| self.reading.line(mark.at) == told.line)
    }

    /// Gathers what else is known of a failure, and decides which problem it is.
    fn complaint(&self, failure: &Failure<'_>) -> Option<Complaint> {
        let (from, to) = failure.span;
        let middle = usize::midpoint(from, to);
        let reach = SAME + (to - from) / 2;
        let mut words = failure.words.clone();
        let marks = within(&self.marks, |mark| mark.at, middle, reach);
        words.extend(
            marks
                .iter()
                .filter(|mark| !matches!(mark.kind, MarkKind::Problem(_)))
                .map(|mark| mark.id),
        );
        let statuses = within(&self.statuses, |it| it.at, middle, reach);
        let same_line = |it: &&StatusMention| {
            let line = self.reading.line(it.at);
            (failure.line..=failure.last_line).contains(&line)
        };
        words.extend(statuses.iter().filter(same_line).map(|it| it.word));
        if HOSTED.iter().any(|program| words.contains(program)) {
            words.insert("hosted");
        }
        if CLIENTS.iter().any(|program| words.contains(program)) {
            words.insert("client");
        }
        if failure.told.iter().any(|id| id.ends_with("_TOKEN_ERROR")) {
            words.insert("token");
        }
        let mut complaint = Complaint::of("recognised", failure.line);
        let by_distance = |(at, _): &&(usize, IpAddr)| {
            (self.reading.line(*at) != failure.line, at.abs_diff(middle))
        };
        let servers = within(&self.servers, |(at, _)| *at, middle, reach);
        complaint.server = servers.iter().min_by_key(by_distance).map(|(_, it)| *it);
        if let Some(server) = complaint.server {
            words.insert("server");
            if is_private(server) {
                words.insert("server-private");
            }
        }
        if let Some(host) = failure.host {
            if host.host.as_str().contains(".privatelink.") {
                words.insert("private-name");
            }
            if host.role == Role::Registry {
                words.insert("registry-host");
            }
            let line = self.reading.line(host.at);
            let is_here = (failure.line..=failure.last_line).contains(&line);
            if host.role != Role::Foreign && (is_here || failure.is_loose) {
                words.insert("named-host");
                complaint.facts.named_host = Some(host.host.clone());
            }
            let is_shown = !matches!(host.role, Role::Registry | Role::Foreign);
            complaint.host = is_shown.then(|| host.host.clone());
        }
        let is_other = failure
            .host
            .is_some_and(|host| matches!(host.role, Role::Microsoft | Role::Layers));
        complaint.registry = failure.registry.clone();
        if complaint.registry.is_none() && !is_other {
            complaint.registry = self.named_registry(from);
        }
        if words.contains("import") {
            self.import(&mut complaint, failure, &mut words);
        }
        complaint.facts.value = self.refused_value(from);
        if complaint.facts.value.is_some() {
            words.insert("value");
        }
        complaint.image = failure.image.cloned();
        complaint.client = failure.client;
        complaint.statuses.clone_from(&failure.statuses);
        complaint.statuses.dedup();
        let (problem, also) = decide(&failure.told, &words)?;
        complaint.problem = Problem(problem);
        complaint.also = also.into_iter().map(Problem).collect();
        complaint.facts.words = words;
        Some(complaint)
    }

    /// Which registry an import goes to, and from where.
    fn import(
        &self,
        complaint: &mut Complaint,
        failure: &Failure<'_>,
        words: &mut BTreeSet<&'static str>,
    ) {
        let Some(target) = self.named_registry(failure.span.0) else {
            return;
        };
        let is_target = |registry: &NamedRegistry| registry.name == target.name;
        if failure.registry.as_ref().is_some_and(is_target) {
            words.insert("at-target");
        }
        let mut registries = self.hosts.iter().filter_map(|host| host.registry.as_ref());
        let source = registries.find(|registry| registry.name.is_some() && !is_target(registry));
        if let Some(source) = source {
            words.insert("source-registry");
            complaint.facts.source.clone_from(&source.name);
        }
        let login = self.hosts.iter().filter_map(|host| host.registry.as_ref());
        let login = login.filter(|registry| is_target(registry)).next();
        complaint.registry = Some(login.cloned().unwrap_or(target));
    }

    /// What was recognised of a text that no problem fits: a program or a registry, and a failure.
    fn recognised(&self) -> Option<Complaint> {
        let ids = || self.marks.iter().map(|mark| mark.id);
        let is_foreign = self.hosts.iter().any(|host| host.role == Role::Foreign);
        let failed = self.marks.iter().find(|mark| mark.id == "failure");
        let failed = failed.map(|mark| mark.at);
        let failed = failed.or_else(|| self.statuses.first().map(|status| status.at))?;
        let is_ours = |host: &&HostMention| {
            matches!(
                host.role,
                Role::Registry | Role::Data | Role::Microsoft | Role::Layers
            )
        };
        let host = self.hosts.iter().find(is_ours);
        let has_client = self.marks.iter().any(|mark| mark.kind == MarkKind::Client);
        if is_foreign || (host.is_none() && !has_client) {
            return None;
        }
        let mut complaint = Complaint::of("recognised", self.reading.line(failed));
        complaint.registry = host.and_then(|host| host.registry.clone());
        if complaint.registry.is_none() {
            complaint.registry = self.named_registry(failed);
        }
        complaint.image = self.hosts.iter().find_map(|host| host.image.clone());
        complaint.host = host
            .filter(|host| host.role != Role::Registry)
            .map(|host| host.host.clone());
        complaint.server = self.servers.first().map(|(_, server)| *server);
        complaint.statuses = self.statuses.iter().map(|it| it.status).collect();
        complaint.statuses.dedup();
        let words = ids().chain(self.statuses.iter().map(|it| it.word));
        complaint.facts.words = words.collect();
        if host.is_some_and(|host| host.role == Role::Registry) {
            complaint.facts.words.insert("registry-host");
        }
        Some(complaint)
    }

    /// The registry that is named without its login server, near a place where one can be told.
    fn named_registry(&self, at: usize) -> Option<NamedRegistry> {
        let mut found: Vec<(usize, NamedRegistry)> = Vec::new();
        for words in ["registry'", "/registries/", "fortheregistry"] {
            let places = self.reading.lower.match_indices(words).take(MOST_NAMES);
            found.extend(places.filter_map(|(place, _)| {
                let rest = self.reading.compact.get(place + words.len()..)?;
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric());
                let name = rest.get(..end.unwrap_or(rest.len()))?;
                // Without spaces the next word follows at once.
                let name = if words == "fortheregistry" {
                    self.word_behind("the registry ", place)?
                } else {
                    name
                };
                Some((place, NamedRegistry::named(name)?))
            }));
        }
        let nearest = found
            .into_iter()
            .min_by_key(|(place, _)| place.abs_diff(at));
        let option = || {
            let mut words = self.reading.spaced.split(' ');
            words.find(|&word| word == "acr")?;
            words.find(|word| matches!(*word, "--name" | "-n" | "--registry" | "-r"))?;
            NamedRegistry::named(words.next()?)
        };
        let import = self.marks.iter().any(|mark| mark.id == "import");
        if import && let Some(named) = option() {
            return Some(named);
        }
        nearest.map(|(_, named)| named).or_else(option)
    }

    /// The word behind some words of the spaced text.
    fn word_behind(&self, words: &str, _at: usize) -> Option<&str> {
        let (_, rest) = self.reading.spaced.split_once(words)?;
        rest.split(' ').next()
    }

    /// What Azure did not take as an address or a tag: behind `Value provided:`.
    fn refused_value(&self, at: usize) -> Option<Safe> {
        let near = within(&self.marks, |mark| mark.at, at, SAME);
        near.iter().find(|mark| mark.id == "address-prefix")?;
        let before = [
            "Value provided: ",
            "destination address ",
            "Address prefix ",
        ];
        let mut rests = before.iter().filter_map(|words| {
            let (_, rest) = self.reading.spaced.split_once(words)?;
            Some(rest)
        });
        let rest = rests.next()?;
        let end = rest.find(['\\', '"', ',', '}']).unwrap_or(rest.len());
        let ends = [" is not ", " of resource ", " Code: "];
        let ends = ends.iter().filter_map(|words| rest.find(words));
        let end = ends.fold(end, usize::min);
        let value = rest.get(..end.min(rest.floor_char_boundary(80)))?;
        let words: Vec<&str> = value.split(' ').take(3).collect();
        let value = words.join(" ");
        let value = value.trim_matches(['.', '\'', ' ']);
        (!value.is_empty()).then(|| Safe::new(value))
    }
}

/// Places at which a registry's name is looked for.
const MOST_NAMES: usize = 40;

/// Whether an address is one of a network of one's own.
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_private(),
        IpAddr::V6(address) => address.is_unique_local(),
    }
}
