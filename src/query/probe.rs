//! What a host answers when it is asked: reached, refused, or somebody else in its place.
//!
//! The asking itself is not done here; this judges what came back, adds up the addresses of a host
//! and says it in words. Nothing of this claims that a pull works: it is about the way there.

mod judge;
mod record;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::net::IpAddr;
use std::time::Duration;

use jiff::civil::Date;

pub use crate::query::probe::judge::{Judgement, ProbeReply, judge};
pub use crate::query::probe::record::{
    AddressProbeRecord, Holding, ProbeRecord, TlsRecord, holding,
};
use crate::text::{Safe, plural};

/// Issuers seen at Azure's own hosts; another one may be a proxy whose root is trusted here.
const USUAL_ISSUERS: [&str; 2] = ["Microsoft", "DigiCert"];

/// A host to ask.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ProbeTarget {
    /// Its name; never a wildcard.
    pub host: String,
    /// The port, which is 443 in every plan.
    pub port: u16,
    /// What is asked there.
    pub check: ProbeCheck,
}

/// What a host is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProbeCheck {
    /// `GET /v2/`, to which a registry answers with its challenge.
    Registry,
    /// `GET /` over TLS with a valid certificate: any answer of HTTP will do.
    Tls,
}

impl ProbeCheck {
    /// The path that is asked for.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Registry => "/v2/",
            Self::Tls => "/",
        }
    }
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ProbeVerdict {
    /// Reached, and not refused.
    Allowed,
    /// Reached, and refused by the registry's network rules.
    Denied,
    /// Not reached: no name, no connection, no TLS that can be trusted, no answer.
    Unreachable,
    /// Somebody answered, but not as the host that was meant.
    NotARegistry,
}

impl ProbeVerdict {
    /// In the order in which the verdict of one address decides that of the host.
    ///
    /// A client goes on to the next address where one cannot be reached, not where one refuses.
    const DECIDING: [Self; 4] = [
        Self::Denied,
        Self::NotARegistry,
        Self::Allowed,
        Self::Unreachable,
    ];

    /// The word for text and screen.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
            Self::Unreachable => "unreachable",
            Self::NotARegistry => "not a registry",
        }
    }
}

/// What asking a host brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostProbe {
    /// The name asked for.
    pub host: Safe,
    /// The aliases behind it, in order.
    pub chain: Vec<Safe>,
    /// Why the aliases are unknown; `None` where they are known, or nobody was asked for them.
    pub chain_failure: Option<Safe>,
    /// What each address answered, in the resolver's order; one without address behind a proxy.
    pub addresses: Vec<AddressProbe>,
    /// Further addresses of the host, which were not asked.
    pub untried: usize,
    /// The proxy that led there, without name and password.
    pub proxy: Option<Safe>,
    /// Why nothing was tried at all.
    pub failure: Option<Safe>,
}

/// What one address answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressProbe {
    /// The address; `None` where a proxy found it.
    pub address: Option<IpAddr>,
    /// Time until the connection stood; `None` where none did, and behind a proxy.
    pub tcp: Option<Duration>,
    /// The certificate that was shown, whether or not it was accepted.
    pub tls: Option<TlsFacts>,
    /// The status of the answer.
    pub http: Option<u16>,
    /// How it ended.
    pub verdict: ProbeVerdict,
    /// The client's address as the registry saw it, where it refused.
    pub client_address: Option<IpAddr>,
    /// The cause in words, without the verdict's own word.
    pub why: Safe,
}

/// The certificate that a host has shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFacts {
    /// Who issued it: the common name, and the organisation where it says more.
    pub issuer: Safe,
    /// For whom, in the same form.
    pub subject: Safe,
    /// Its last day, in UTC.
    pub not_after: Date,
    /// Whether it names the host that was asked for.
    pub names_match: bool,
    /// Whether issuer and dates were accepted, whatever the name.
    pub is_trusted: bool,
}

impl AddressProbe {
    /// What an unusual issuer of an accepted certificate may mean; else nothing.
    fn doubt(&self) -> String {
        let foreign = self.tls.as_ref().filter(|tls| !tls.is_usual());
        foreign.map_or_else(String::new, |tls| {
            format!(
                "; its certificate is issued by \"{}\", which is trusted here: a proxy may open TLS",
                tls.issuer
            )
        })
    }
}

impl TlsFacts {
    /// Whether the issuer is one of those seen at Azure's own hosts.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        let issuer = self.issuer.as_str();
        USUAL_ISSUERS.iter().any(|usual| issuer.contains(usual))
    }
}

impl HostProbe {
    /// A host of which nothing was tried.
    #[must_use]
    pub fn failed(host: &str, failure: Safe) -> Self {
        Self {
            host: Safe::new(host),
            failure: Some(failure),
            ..Self::default()
        }
    }

    /// One verdict over all addresses: a refusal or a stranger at one of them decides; else one
    /// that was reached is enough.
    #[must_use]
    pub fn verdict(&self) -> ProbeVerdict {
        let has = |verdict: &ProbeVerdict| self.count(*verdict) > 0;
        let decided = ProbeVerdict::DECIDING.into_iter().find(has);
        decided.unwrap_or(ProbeVerdict::Unreachable)
    }

    /// The client's address as the registry saw it, where it refused.
    #[must_use]
    pub fn client_address(&self) -> Option<IpAddr> {
        self.addresses.iter().find_map(|one| one.client_address)
    }

    /// Whether the name leads through a zone of private link.
    #[must_use]
    pub fn private_link(&self) -> bool {
        self.names()
            .any(|name| name.split('.').any(|label| label == "privatelink"))
    }

    /// The region that the names tell, as they spell it; the last alias is asked first, since it
    /// stands nearest to the machine that answers.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.names().find_map(region_in)
    }

    /// The whole in plain words.
    #[must_use]
    pub fn sentence(&self) -> String {
        if let Some(failure) = &self.failure {
            return failure.to_string();
        }
        let verdict = self.verdict();
        let Some(first) = self.addresses.iter().find(|one| one.verdict == verdict) else {
            return "no address was tried".to_owned();
        };
        let mut text = match verdict {
            ProbeVerdict::Allowed => format!("allowed: {}{}", first.why, first.doubt()),
            ProbeVerdict::Denied => first.why.to_string(),
            ProbeVerdict::Unreachable => format!("unreachable: {}", first.why),
            ProbeVerdict::NotARegistry => format!("not what was asked for: {}", first.why),
        };
        text.push_str(&self.tally());
        if let Some(proxy) = &self.proxy {
            text = format!("through the proxy {proxy}: {text}");
        }
        if self.untried > 0 {
            let noun = plural(self.untried, "address was", "addresses were");
            // Writing to a string cannot fail.
            let _ = write!(text, "; {} further {noun} not tried", self.untried);
        }
        text
    }

    /// How many addresses ended how, where there are several.
    fn tally(&self) -> String {
        let all = self.addresses.len();
        if all < 2 {
            return String::new();
        }
        let counts: Vec<String> = ProbeVerdict::DECIDING
            .into_iter()
            .map(|verdict| (self.count(verdict), verdict.word()))
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        if counts.len() < 2 {
            return format!("; so are all {all} addresses");
        }
        format!("; of {all} addresses {}", counts.join(", "))
    }

    fn count(&self, verdict: ProbeVerdict) -> usize {
        let alike = self.addresses.iter().filter(|one| one.verdict == verdict);
        alike.count()
    }

    /// The aliases from the last to the first, then the host's own name.
    fn names(&self) -> impl Iterator<Item = &str> {
        let chain = self.chain.iter().rev();
        chain.chain([&self.host]).map(Safe::as_str)
    }
}

/// The label before `cloudapp`, `data` or `geo`, in names of the forms that Azure gives.
fn region_in(name: &str) -> Option<&str> {
    let mut labels = name.split('.').peekable();
    while let Some(label) = labels.next() {
        let is_word = label.len() > 3 && label.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let rest: Vec<&str> = labels.clone().collect();
        let is_place = match rest.split_first() {
            Some((&"cloudapp", zone)) => {
                matches!(
                    zone,
                    ["azure", "com"] | ["usgovcloudapi", "net"] | ["chinacloudapi", "cn"]
                )
            }
            Some((&("data" | "geo"), ["privatelink", "azurecr", _] | ["azurecr", _])) => true,
            _ => false,
        };
        if is_word && is_place {
            return Some(label);
        }
    }
    None
}
