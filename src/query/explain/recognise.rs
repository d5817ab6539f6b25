//! A pasted text → the failures in it.

use std::net::IpAddr;

use crate::query::explain::codes::HealthCode;
use crate::query::explain::endpoints;
use crate::query::explain::names::{HostMention, NamedRegistry, Role, names};
use crate::query::explain::reader::TextReading;
use crate::query::explain::refusal::{self, ClientRefusal};
use crate::query::explain::signs::{CLIENTS, Proof, SIGNS, TITLES};
use crate::text::Safe;

/// A failure that a text tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// What has failed.
    pub problem: Problem,
    /// The registry, where the text names one.
    pub registry: Option<NamedRegistry>,
    /// The image, where the text names one.
    pub image: Option<Safe>,
    /// The address that the registry saw.
    pub client: Option<IpAddr>,
    /// The host that failed, where it is another than the login server.
    pub host: Option<Safe>,
}

/// What has failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The registry names the address that it refuses.
    Denied,
    /// 403 without an address.
    Forbidden,
    /// A host name has no address.
    Dns,
    /// No answer in time.
    Timeout,
    /// The proxy did not let the connection through.
    Proxy,
    /// The certificate is not accepted.
    Certificate,
    /// Nothing listens, or something refuses on the way.
    Refused,
    /// The connection was cut.
    Reset,
    /// No way to the host.
    Unreachable,
    /// 401: the network is open.
    Unauthorized,
    /// 429.
    Throttled,
    /// Docker Hub's own limit.
    DockerHub,
    /// Microsoft's registry, or a proxy in its place, refuses.
    Microsoft,
    /// The layers did not come: their host was not reached.
    DataEndpoint,
    /// The layers did not come: their host, or a proxy in its place, refuses.
    DataForbidden,
    /// A code of `az acr check-health`.
    Health(HealthCode),
    /// A rule for a subnet cannot be saved.
    SubnetRule,
    /// The subnet's subscription does not know registries.
    Subscription,
    /// The portal has no such setting.
    Portal,
    /// A list of a subnet's service endpoints; these are its services.
    ServiceEndpoints(Vec<Safe>),
}

/// Bytes around a phrase that are taken for the same failure.
const NEAR: usize = 800;
/// Bytes within which one failure makes another a part of it.
const SAME: usize = 2000;
/// Places at which one phrase is looked at.
const MOST_PLACES: usize = 40;
/// Failures that are told of one text.
const MOST: usize = 24;

/// The failures that a text tells of, in the order of the text; none for any other text.
///
/// At most [`MAX_TEXT`](crate::query::explain::MAX_TEXT) bytes are read.
#[must_use]
pub fn recognise(text: &str) -> Vec<Complaint> {
    if let Some(services) = endpoints::services(text) {
        return vec![Complaint {
            problem: Problem::ServiceEndpoints(services),
            registry: None,
            image: None,
            client: None,
            host: None,
        }];
    }
    let reading = TextReading::new(text);
    let mut seen = Evidence {
        names: names(&reading.spaced),
        reading: &reading,
    };
    let has_registry =
        |seen: &Evidence<'_>| seen.names.iter().any(|named| named.registry.is_some());
    if !has_registry(&seen) {
        let joined = names(&TextReading::joined(text));
        if joined.iter().any(|named| named.registry.is_some()) {
            seen.names = joined;
        }
    }
    seen.complaints()
}

/// A phrase at a place.
struct Event {
    at: usize,
    end: usize,
    problem: Problem,
    client: Option<IpAddr>,
    /// It is about a host from which layers come.
    is_layer: bool,
}

struct Evidence<'a> {
    names: Vec<HostMention>,
    reading: &'a TextReading,
}

impl Evidence<'_> {
    fn complaints(&self) -> Vec<Complaint> {
        let mut events = self.events();
        events.sort_by_key(|event| event.at);
        let is_part = |event: &Event| {
            events.iter().any(|other| {
                other.at.abs_diff(event.at) <= SAME
                    && if other.is_layer == event.is_layer {
                        is_part_of(&event.problem, &other.problem)
                    } else {
                        // Who gets no layers is often told of an anonymous try besides.
                        other.is_layer && event.problem == Problem::Unauthorized
                    }
            })
        };
        let mut found: Vec<Complaint> = Vec::new();
        for event in events.iter().filter(|event| !is_part(event)) {
            let complaint = self.complaint(event);
            if let Some(same) = found.iter_mut().find(|same| is_same(same, &complaint)) {
                same.registry = same.registry.take().or(complaint.registry);
                same.image = same.image.take().or(complaint.image);
                same.host = same.host.take().or(complaint.host);
            } else if found.len() < MOST {
                found.push(complaint);
            }
        }
        found
    }

    fn events(&self) -> Vec<Event> {
        let mut events: Vec<Event> = refusal::refusals(&self.reading.lower)
            .into_iter()
            .filter(|refusal| {
                !refusal.is_cut || self.is_near(refusal.at, refusal.end, Proof::Registry)
            })
            .map(
                |ClientRefusal {
                     at, end, client, ..
                 }| Event {
                    at,
                    end,
                    problem: Problem::Denied,
                    client,
                    is_layer: false,
                },
            )
            .collect();
        for code in HealthCode::ALL {
            events.extend(self.health(code));
        }
        for sign in &SIGNS {
            let places = places(&self.reading.lower, sign.phrase);
            let ends = places.map(|at| (at, at + sign.phrase.len()));
            let near = ends.filter(|&(at, end)| self.is_near(at, end, sign.proof));
            events.extend(near.map(|(at, end)| Event {
                at,
                end,
                problem: sign.problem.clone(),
                client: None,
                is_layer: self.is_layer(&sign.problem, end),
            }));
        }
        if events.is_empty() {
            let text = self.reading.lower.trim_matches(['.', '!', '"', '\'']);
            let title = TITLES.iter().find(|(title, _)| *title == text);
            events.extend(title.map(|(_, problem)| Event {
                at: 0,
                end: 0,
                problem: problem.clone(),
                client: None,
                is_layer: false,
            }));
        }
        events
    }

    /// Where a code stands as a word of its own, or the sentence that comes with it.
    fn health(&self, code: HealthCode) -> Option<Event> {
        let text = &self.reading.compact;
        let is_word = |&at: &usize| {
            let before = text.get(..at).and_then(|head| head.chars().next_back());
            let behind = text.get(at + code.code().len()..);
            let behind = behind.and_then(|rest| rest.chars().next());
            let is_more = |c: char| c == '_' || c.is_ascii_digit();
            !before.is_some_and(|c| is_more(c) || c.is_ascii_uppercase())
                && !behind.is_some_and(is_more)
        };
        let lower = code.code().to_ascii_lowercase();
        let at = places(text, code.code())
            .find(is_word)
            .or_else(|| (self.reading.lower == lower).then_some(0))
            .or_else(|| match code.sentence() {
                "" => None,
                sentence => places(&self.reading.lower, sentence).next(),
            })?;
        Some(Event {
            at,
            end: at + lower.len(),
            problem: Problem::Health(code),
            client: None,
            is_layer: false,
        })
    }

    /// Whether a failure is one of a host from which layers come.
    fn is_layer(&self, problem: &Problem, end: usize) -> bool {
        let is_of_host = !matches!(
            problem,
            Problem::DockerHub
                | Problem::Throttled
                | Problem::SubnetRule
                | Problem::Subscription
                | Problem::Portal
        );
        let failing = self.failing(end);
        is_of_host && failing.is_some_and(|named| matches!(named.role, Role::Data | Role::Blob))
    }

    /// What the host makes of a failure: layers, or Microsoft's registry instead of one's own.
    fn of_host(&self, event: &Event) -> Problem {
        use Problem::{Forbidden, Refused, Reset, Throttled, Timeout, Unauthorized, Unreachable};
        let failing = self.failing(event.end);
        let is_microsoft = failing.is_some_and(|named| named.role == Role::Microsoft);
        match &event.problem {
            Timeout | Refused | Reset | Unreachable if event.is_layer => Problem::DataEndpoint,
            Forbidden | Unauthorized if event.is_layer => Problem::DataForbidden,
            Forbidden | Unauthorized | Throttled if is_microsoft => Problem::Microsoft,
            problem => problem.clone(),
        }
    }

    /// The host that a phrase is about: the last one before it, else the first behind it.
    fn failing(&self, end: usize) -> Option<&HostMention> {
        let near = self.around(end, NEAR);
        // `lookup` stands before its host.
        let before = near.partition_point(|named| named.at <= end + 1);
        let place = before.checked_sub(1).unwrap_or(before);
        near.get(place)
    }

    /// Whether a phrase is about a registry.
    fn is_near(&self, at: usize, end: usize, proof: Proof) -> bool {
        if proof == Proof::None {
            return true;
        }
        // Docker Hub's failure is none of the registry that is spoken of besides.
        if self
            .failing(end)
            .is_some_and(|named| named.role == Role::Foreign)
        {
            return false;
        }
        let near = self.around(at, NEAR);
        let has = |roles: &[Role]| near.iter().any(|named| roles.contains(&named.role));
        if has(&[Role::Registry, Role::Data, Role::Microsoft]) {
            return true;
        }
        if has(&[Role::Foreign]) {
            return false;
        }
        let text = &self.reading.lower;
        let from = text.floor_char_boundary(at.saturating_sub(NEAR));
        let to = text.floor_char_boundary(at.saturating_add(NEAR).min(text.len()));
        let around = text.get(from..to).unwrap_or("");
        CLIENTS.iter().any(|word| around.contains(word))
            || (proof == Proof::NoOther && near.is_empty())
    }

    /// The hosts within so many bytes.
    fn around(&self, at: usize, bytes: usize) -> &[HostMention] {
        let from = at.saturating_sub(bytes);
        let from = self.names.partition_point(|named| named.at < from);
        let rest = self.names.get(from..).unwrap_or(&[]);
        let len = rest.partition_point(|named| named.at <= at.saturating_add(bytes));
        rest.get(..len).unwrap_or(&[])
    }

    fn complaint(&self, event: &Event) -> Complaint {
        let near = self.around(event.at, SAME);
        let by_distance = |named: &&HostMention| named.at.abs_diff(event.at);
        let is_registry = |named: &&HostMention| named.registry.is_some();
        let nearest = near.iter().filter(is_registry).min_by_key(by_distance);
        let registry = nearest.or_else(|| self.names.iter().find(is_registry));
        let problem = self.of_host(event);
        let is_other = matches!(problem, Problem::Microsoft);
        let registry = registry.filter(|_| !is_other);
        let registry = registry.and_then(|named| named.registry.clone());
        let is_image =
            |named: &&HostMention| !is_other && named.image.is_some() && named.registry == registry;
        let image = near.iter().filter(is_image).min_by_key(by_distance);
        let failing = self.failing(event.end);
        let is_shown = |named: &&HostMention| !matches!(named.role, Role::Registry | Role::Foreign);
        let named_registry = || (!is_other).then(|| self.named_registry()).flatten();
        Complaint {
            problem,
            image: image.and_then(|named| named.image.clone()),
            client: event.client,
            host: failing.filter(is_shown).map(|named| named.host.clone()),
            registry: registry.or_else(named_registry),
        }
    }

    /// The registry behind `registry '…'` or `az acr … --name …`.
    fn named_registry(&self) -> Option<NamedRegistry> {
        let quoted = places(&self.reading.lower, "registry'").find_map(|at| {
            let rest = self.reading.compact.get(at + "registry'".len()..)?;
            NamedRegistry::named(rest.split('\'').next()?)
        });
        quoted.or_else(|| {
            let mut words = self.reading.spaced.split(' ');
            words.find(|&word| word == "acr")?;
            words.find(|word| matches!(*word, "--name" | "-n" | "--registry" | "-r"))?;
            NamedRegistry::named(words.next()?)
        })
    }
}

/// Where a phrase stands: the first places.
fn places<'a>(text: &'a str, phrase: &'a str) -> impl Iterator<Item = usize> + 'a {
    text.match_indices(phrase)
        .map(|(at, _)| at)
        .take(MOST_PLACES)
}

/// Of a refused client each address is told once, of anything else each registry.
fn is_same(one: &Complaint, other: &Complaint) -> bool {
    let is_registry =
        one.registry == other.registry || one.registry.is_none() || other.registry.is_none();
    one.problem == other.problem && one.client == other.client && is_registry
}

/// Whether the first is a part or a consequence of the second, when both stand close together.
fn is_part_of(part: &Problem, whole: &Problem) -> bool {
    use HealthCode as Code;
    use Problem::{
        Certificate, Denied, Dns, DockerHub, Forbidden, Health, Proxy, Refused, Reset, Throttled,
        Timeout, Unauthorized, Unreachable,
    };
    match whole {
        Denied => matches!(part, Forbidden | Unauthorized),
        Forbidden | Health(Code::RefreshToken | Code::AccessToken) => {
            matches!(part, Unauthorized)
        }
        Proxy => matches!(part, Dns | Timeout | Refused | Reset | Unreachable),
        Dns => matches!(part, Timeout | Refused | Unreachable),
        Certificate | Timeout | Refused | Reset => matches!(part, Unreachable),
        Health(Code::Forbidden) => matches!(part, Forbidden),
        Health(Code::Dns) => matches!(part, Dns | Unreachable),
        Health(Code::Ssl) => matches!(part, Certificate | Unreachable),
        DockerHub | Health(Code::TooManyRequests) => matches!(part, Throttled),
        _ => false,
    }
}
