//! What stands in a text, typed and with its place: hosts, sentences, statuses, addresses.

use std::net::IpAddr;

use crate::query::explain::names::{HostMention, Role, names};
use crate::query::explain::phrases::{Mark, MarkKind, Phrases, Proof};
use crate::query::explain::reader::TextReading;
use crate::query::explain::refusal::refusals;
use crate::query::explain::table::at_host;
use crate::text::{What, items};

/// Bytes around a sentence that are taken for the same failure.
const NEAR: usize = 800;

/// Everything that a text says.
pub(super) struct Evidence<'a> {
    pub reading: &'a TextReading,
    /// In order, as all that follows.
    pub hosts: Vec<HostMention>,
    pub marks: Vec<Mark>,
    pub statuses: Vec<StatusMention>,
    /// Addresses that a client connected to.
    pub servers: Vec<(usize, IpAddr)>,
}

/// A status of HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StatusMention {
    pub at: usize,
    pub status: u16,
    pub word: &'static str,
}

/// A problem that a sentence, a status or a refusal tells of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told<'a> {
    pub at: usize,
    pub line: usize,
    pub id: &'static str,
    /// Which sentence it is.
    pub phrase: usize,
    /// The host that it is about.
    pub host: Option<&'a HostMention>,
    /// A word of evidence besides: the status, or that the text is cut.
    pub word: Option<&'static str>,
    /// The address that the registry saw.
    pub client: Option<IpAddr>,
    /// Other things than registries say it too.
    pub is_loose: bool,
}

impl<'a> Evidence<'a> {
    /// Reads a text once for each kind.
    pub fn of(reading: &'a TextReading, text: &str) -> Self {
        let mut hosts = names(&reading.spaced);
        let has_registry = |hosts: &[HostMention]| hosts.iter().any(|one| one.registry.is_some());
        if !has_registry(&hosts) {
            let joined = names(&TextReading::joined(text));
            if has_registry(&joined) {
                hosts = joined;
            }
        }
        Self {
            reading,
            hosts,
            marks: Phrases::embedded().marks(reading),
            statuses: statuses(&reading.lower),
            servers: servers(&reading.spaced),
        }
    }

    /// What sentences, statuses and refusals tell of, in order.
    pub fn told(&self) -> Vec<Told<'_>> {
        let phrases = Phrases::embedded();
        let of_marks = self.marks.iter().filter_map(|mark| {
            let MarkKind::Problem(proof) = mark.kind else {
                return None;
            };
            let told = self.tell((mark.at, mark.end), mark.id, proof)?;
            let phrase = mark.phrase;
            Some(Told { phrase, ..told })
        });
        let of_statuses = self.statuses.iter().filter_map(|status| {
            let span = (status.at, status.at + status.word.len());
            let told = self.tell(span, phrases.status(status.status)?, Proof::Registry)?;
            let (phrase, word) = (usize::from(status.status) << 16, Some(status.word));
            Some(Told {
                phrase,
                word,
                ..told
            })
        });
        let refusals = refusals(&self.reading.lower).into_iter();
        let of_refusals = refusals.filter_map(|refusal| {
            let proof = if refusal.is_sure {
                Proof::None
            } else {
                Proof::Registry
            };
            let told = self.tell((refusal.at, refusal.end), "registry-denied", proof)?;
            Some(Told {
                word: refusal.is_cut.then_some("cut"),
                client: refusal.client,
                ..told
            })
        });
        let all = of_marks.chain(of_statuses).chain(of_refusals);
        let mut told: Vec<Told<'_>> = all.collect();
        if told.is_empty() {
            let whole = phrases.whole(self.reading);
            told.extend(whole.and_then(|id| self.tell((0, 0), id, Proof::None)));
        }
        told.sort_by_key(|told| told.at);
        told
    }

    /// What a sentence tells of, if it is about a registry.
    fn tell(&self, (at, end): (usize, usize), id: &'static str, proof: Proof) -> Option<Told<'_>> {
        if !self.is_near(at, end, proof) {
            return None;
        }
        let host = self.failing(end);
        Some(Told {
            at,
            line: self.reading.line(at),
            id: at_host(id, host.map(|host| host.role)),
            phrase: usize::MAX,
            host,
            word: None,
            client: None,
            is_loose: proof == Proof::Registry,
        })
    }

    /// The host that a sentence is about: the last one before it, else the first behind it.
    fn failing(&self, end: usize) -> Option<&HostMention> {
        let near = self.hosts_around(end, NEAR);
        // `lookup` stands before its host.
        let before = near.partition_point(|host| host.at <= end + 1);
        near.get(before.checked_sub(1).unwrap_or(before))
    }

    /// Whether a sentence is about a registry.
    fn is_near(&self, at: usize, end: usize, proof: Proof) -> bool {
        if proof == Proof::None {
            return true;
        }
        // Docker Hub's failure is none of the registry that is spoken of besides.
        if self
            .failing(end)
            .is_some_and(|host| host.role == Role::Foreign)
        {
            return false;
        }
        let near = self.hosts_around(at, NEAR);
        let has = |roles: &[Role]| near.iter().any(|host| roles.contains(&host.role));
        if has(&[Role::Registry, Role::Data, Role::Microsoft, Role::Layers]) {
            return true;
        }
        if has(&[Role::Foreign]) {
            return false;
        }
        let marks = within(&self.marks, |mark| mark.at, at, NEAR);
        marks.iter().any(|mark| mark.kind == MarkKind::Client)
            || (proof == Proof::NoOther && near.is_empty())
    }

    /// The hosts within so many bytes.
    pub fn hosts_around(&self, at: usize, bytes: usize) -> &[HostMention] {
        within(&self.hosts, |host| host.at, at, bytes)
    }
}

/// The items within so many bytes around a place.
pub(super) fn within<T>(list: &[T], place: impl Fn(&T) -> usize, at: usize, bytes: usize) -> &[T] {
    let from = at.saturating_sub(bytes);
    let from = list.partition_point(|one| place(one) < from);
    let rest = list.get(from..).unwrap_or(&[]);
    let len = rest.partition_point(|one| place(one) <= at.saturating_add(bytes));
    rest.get(..len).unwrap_or(&[])
}

/// Statuses that tell of a failure, and what stands behind them.
#[rustfmt::skip]
const STATUSES: [(u16, &str, &str); 14] = [
    (400, "400", "badrequest"), (401, "401", "unauthorized"), (403, "403", "forbidden"),
    (404, "404", "notfound"), (405, "405", "methodnotallowed"), (407, "407", "proxyauthentication"),
    (409, "409", "conflict"), (413, "413", "requestentitytoolarge"),
    (415, "415", "unsupportedmediatype"), (429, "429", "toomanyrequests"),
    (500, "500", "internalservererror"), (502, "502", "badgateway"),
    (503, "503", "serviceunavailable"), (504, "504", "gatewaytimeout"),
];

/// What stands before a status where no other digit may.
#[rustfmt::skip]
const BEFORE: [&str; 12] = [
    "status:", "status", "statuscode:", "statuscode", "statuscode=", "status=", "\"status\":",
    "\"status\":\"", "responsecode:", "responsecode", "httperror", "doesnotindicatesuccess:",
];
const VERSIONS: [&str; 4] = ["http/1.1", "http/1.0", "http/2.0", "http/2"];

/// What stands before the address of a server.
#[rustfmt::skip]
const CONNECTED: [&str; 5] =
    ["at IP", "Trying", "Connecting to", "\"DestinationIp\":\"", "\"DestinationIp\": \""];

/// The statuses of a text in lower case and without spaces.
fn statuses(lower: &str) -> Vec<StatusMention> {
    let mut found = Vec::new();
    for (at, _) in lower.match_indices(['4', '5']) {
        let (head, rest) = lower.split_at(at);
        let known = STATUSES.iter().find(|known| rest.starts_with(known.1));
        let Some(&(status, word, reason)) = known else {
            continue;
        };
        let behind = rest.get(word.len()..).unwrap_or("");
        let is_digit = |c: char| c.is_ascii_digit();
        let is_version = VERSIONS.iter().any(|before| head.ends_with(before));
        if (head.ends_with(is_digit) && !is_version) || behind.starts_with(is_digit) {
            continue;
        }
        let behind = behind.trim_start_matches(['(', ':', '-', ',', '"', '\'']);
        let is_said = is_version || BEFORE.iter().any(|before| head.ends_with(before));
        if is_said || behind.starts_with(reason) {
            found.push(StatusMention { at, status, word });
        }
    }
    found
}

/// The addresses to which a client connected, and where they stand, spaces not counted.
fn servers(spaced: &str) -> Vec<(usize, IpAddr)> {
    let mut found = Vec::new();
    let (mut place, mut gaps) = (0, 0);
    for item in items(spaced) {
        let address = match item.what {
            What::Address(address) => address,
            // `a:1->b:443` may be read as one.
            What::Range(_, last) => last,
            _ => continue,
        };
        let start = item.span.start;
        let gap = spaced.get(place..start).unwrap_or("");
        gaps += gap.matches(' ').count();
        place = start;
        let before = spaced.get(..start).unwrap_or("").trim_end();
        let behind = spaced.get(item.span.end..).unwrap_or("");
        let port = spaced.get(item.aside).unwrap_or("");
        let is_server = [port, behind].iter().any(|text| text.starts_with(":443"))
            || behind.starts_with(" port 443")
            || CONNECTED.iter().any(|words| before.ends_with(words));
        if is_server {
            found.push((start - gaps, address.to_canonical()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_told_from_other_numbers() {
        let of = |text: &str| {
            let dense: String = text.split_whitespace().collect();
            let found = statuses(&dense.to_lowercase());
            found.iter().map(|it| it.status).collect::<Vec<_>>()
        };
        for (text, expected) in [
            (
                "unexpected status from HEAD request: 403 Forbidden",
                &[403][..],
            ),
            ("Response code: 401. Please", &[401]),
            ("response status code 404: manifest", &[404]),
            ("HTTP/2 503", &[503]),
            (
                "received unexpected HTTP status: 500 Internal Server Error",
                &[500],
            ),
            ("\"GET /index.html\" 403 12", &[]),
            ("port=443, 4031 1403 10.4.0.1", &[]),
        ] {
            assert_eq!(of(text), expected, "{text}");
        }
    }

    #[test]
    fn a_server_is_what_was_connected_to() {
        for (text, expected) in [
            ("dial tcp 10.1.0.5:443: i/o timeout", "10.1.0.5"),
            (
                "read tcp 10.0.0.4:51234->20.61.97.129:443: read",
                "20.61.97.129",
            ),
            (
                "DNS lookup to c.azurecr.io at IP 172.30.2.6 : OK",
                "172.30.2.6",
            ),
            ("lookup x on 10.0.0.10:53: read udp", ""),
            ("connect to 10.1.2.3 port 443 failed", "10.1.2.3"),
        ] {
            let found = servers(text)
                .first()
                .map(|(_, address)| address.to_string());
            assert_eq!(found.unwrap_or_default(), expected, "{text}");
        }
    }
}
