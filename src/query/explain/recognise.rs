//! A pasted text → the failures in it, each with the one problem that fits its evidence.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use crate::query::explain::endpoints;
use crate::query::explain::evidence::{Evidence, within};
use crate::query::explain::failures::{Failure, SAME, failures};
use crate::query::explain::names::{NamedRegistry, Role};
use crate::query::explain::phrases::MarkKind;
use crate::query::explain::reader::TextReading;
use crate::query::explain::table::decide;
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
        let is_same = |one: &Complaint| {
            one.registry == complaint.registry
                || one.registry.is_none()
                || complaint.registry.is_none()
        };
        let mut same = known.iter().rev().copied();
        let same = same.find(|&place| groups.get(place).is_some_and(is_same));
        if let Some(same) = same.and_then(|place| groups.get_mut(place)) {
            same.take_in(complaint);
        } else {
            known.push(groups.len());
            groups.push(complaint);
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
    let failures = failures(&evidence);
    let complaints = failures.iter();
    complaints
        .filter_map(|failure| evidence.complaint(failure))
        .collect()
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

    /// Whether another is the same failure, wherever it stands.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        self.problem == other.problem
            && self.registry == other.registry
            && self.image == other.image
            && self.address() == other.address()
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

impl Evidence<'_> {
    /// Gathers what else is known of a failure, and decides which problem it is.
    fn complaint(&self, failure: &Failure<'_>) -> Option<Complaint> {
        let (from, to) = failure.span;
        let middle = usize::midpoint(from, to);
        let reach = SAME + (to - from) / 2;
        let is_here = |at: usize| {
            let (first, last) = failure.lines;
            (first..=last).contains(&self.reading.line(at))
        };
        let mut complaint = Complaint::of("recognised", failure.lines.0);
        let mut words = failure.words.clone();
        let marks = within(&self.marks, |mark| mark.at, middle, reach).iter();
        let marks = marks.filter(|mark| !matches!(mark.kind, MarkKind::Problem(_)));
        words.extend(marks.map(|mark| mark.id));
        let statuses = within(&self.statuses, |it| it.at, middle, reach).iter();
        for status in statuses.filter(|status| is_here(status.at)) {
            words.insert(status.word);
            complaint.statuses.push(status.status);
        }
        complaint.statuses.dedup();
        let by_distance = |(at, _): &&(usize, IpAddr)| (!is_here(*at), at.abs_diff(middle));
        let servers = within(&self.servers, |(at, _)| *at, middle, reach).iter();
        // A row of a log is about its own addresses.
        let is_row = failure.told.contains(&"firewall-log") && !failure.is_loose;
        let servers = servers.filter(|(at, _)| !is_row || is_here(*at));
        complaint.server = servers.min_by_key(by_distance).map(|(_, it)| *it);
        complaint.registry.clone_from(&failure.registry);
        complaint.image = failure.image.cloned();
        complaint.client = failure.client;
        complaint.facts.value = self.refused_value(from);
        let role = failure.host.map(|host| host.role);
        if let Some(host) = failure.host {
            if role != Some(Role::Foreign) && (is_here(host.at) || failure.is_loose) {
                complaint.facts.named_host = Some(host.host.clone());
            }
            let is_shown = !matches!(host.role, Role::Registry | Role::Foreign);
            complaint.host = is_shown.then(|| host.host.clone());
        }
        let is_other = matches!(role, Some(Role::Microsoft | Role::Layers));
        if complaint.registry.is_none() && !is_other {
            complaint.registry = self.named_registry();
        }
        let host = failure.host.map_or("", |host| host.host.as_str());
        let is_of = |programs: &[&str]| programs.iter().any(|it| words.contains(it));
        let more = [
            ("hosted", is_of(&HOSTED)),
            ("client", is_of(&CLIENTS)),
            (
                "token",
                failure.told.iter().any(|id| id.ends_with("_TOKEN_ERROR")),
            ),
            ("server", complaint.server.is_some()),
            ("server-private", complaint.server.is_some_and(is_private)),
            ("private-name", host.contains(".privatelink.")),
            ("registry-host", role == Some(Role::Registry)),
            ("named-host", complaint.facts.named_host.is_some()),
            ("value", complaint.facts.value.is_some()),
        ];
        words.extend(more.into_iter().filter(|it| it.1).map(|it| it.0));
        if words.contains("import") {
            self.import(&mut complaint, failure, &mut words);
        }
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
        let Some(target) = self.named_registry() else {
            return;
        };
        let is_target = |registry: &&NamedRegistry| registry.name == target.name;
        if failure.registry.as_ref().is_some_and(|it| is_target(&it)) {
            words.insert("at-target");
        }
        let registries = || self.hosts.iter().filter_map(|host| host.registry.as_ref());
        let source = registries().find(|it| it.name.is_some() && !is_target(it));
        if let Some(source) = source {
            words.insert("source-registry");
            complaint.facts.source.clone_from(&source.name);
        }
        let login = registries().find(is_target).cloned();
        complaint.registry = Some(login.unwrap_or(target));
    }

    /// The registry that is named without its login server: behind an option of `az acr`, else in
    /// a sentence or the path of a resource.
    fn named_registry(&self) -> Option<NamedRegistry> {
        let text = self.reading.spaced.as_str();
        let option = || {
            let mut words = text.split(' ').skip_while(|&word| word != "acr");
            words.find(|word| matches!(*word, "--name" | "-n" | "--registry" | "-r"))?;
            NamedRegistry::named(words.next()?)
        };
        let behind = |words: &str| {
            let (_, rest) = text.split_once(words)?;
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric());
            NamedRegistry::named(rest.get(..end.unwrap_or(rest.len()))?)
        };
        let sentences = ["registry '", "/registries/", "for the registry "];
        option().or_else(|| sentences.iter().find_map(|words| behind(words)))
    }

    /// What Azure did not take as an address or a tag.
    fn refused_value(&self, at: usize) -> Option<Safe> {
        const BEFORE: [&str; 3] = [
            "Value provided: ",
            "destination address ",
            "Address prefix ",
        ];
        const BEHIND: [&str; 7] = [" is not ", " of resource ", " Code: ", "\\", "\"", ",", "}"];
        let near = within(&self.marks, |mark| mark.at, at, SAME);
        near.iter().find(|mark| mark.id == "address-prefix")?;
        let text = self.reading.spaced.as_str();
        let rest = BEFORE.iter().find_map(|words| text.split_once(words))?.1;
        let ends = BEHIND.iter().filter_map(|words| rest.find(words));
        let end = ends.fold(rest.floor_char_boundary(80), usize::min);
        let words: Vec<&str> = rest.get(..end)?.split(' ').take(3).collect();
        let value = words.join(" ");
        let value = value.trim_matches(['.', '\'', ' ']);
        (!value.is_empty()).then(|| Safe::new(value))
    }
}

/// Whether an address is one of a network of one's own.
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_private(),
        IpAddr::V6(address) => address.is_unique_local(),
    }
}
