//! A host name → its aliases and addresses, from DNS and from the system at once.
//!
//! The system's answer is what an application sees (it knows the hosts file and the search list);
//! only DNS tells the aliases. Each half may fail alone; the other half's answer is then used.

mod dns;
mod error;
mod system;

use std::collections::HashSet;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

pub use crate::net::resolve::error::ResolveError;
use crate::text::{HostName, Safe};

/// Most aliases that are followed and kept.
pub const MAX_CHAIN: usize = 16;
/// Most addresses in each list of a [`Resolution`].
pub const MAX_ADDRESSES: usize = 256;

/// What a host name leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// The name asked for, in lower case, without the final dot.
    pub host: Safe,
    /// The targets of the aliases (CNAME) in order, without `host`; at most [`MAX_CHAIN`].
    ///
    /// A byte that is no printable ASCII is written `\DDD`, decimal, as in zone files.
    pub chain: Vec<Safe>,
    /// What an application sees: the system's answer, or that of DNS where the system has none.
    ///
    /// Distinct, never empty, at most [`MAX_ADDRESSES`].
    pub addresses: Vec<IpAddr>,
    /// Addresses that the system has (hosts file, local resolver) and DNS has not.
    ///
    /// Empty where either of the two was not asked or gave no answer.
    pub only_system: Vec<IpAddr>,
    /// Addresses that DNS has and the system has not; empty as for `only_system`.
    pub only_dns: Vec<IpAddr>,
    /// Why DNS gave no answer; aliases and differences are then unknown, not absent.
    pub dns_failure: Option<ResolveError>,
}

/// Resolves `host` with the system's name servers and the system's own resolver, within `limit`.
///
/// Must be called inside a tokio runtime that has its I/O and time drivers.
///
/// # Errors
///
/// When `host` is not a host name, does not exist, has no address, or nobody answers within
/// `limit`: see [`ResolveError`].
pub async fn resolve(host: &str, limit: Duration) -> Result<Resolution, ResolveError> {
    HostResolver::new().resolve(host, limit).await
}

/// Whom to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostResolver {
    servers: Servers,
    ask_system: bool,
}

/// The name servers of the DNS half.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Servers {
    /// Those of the system, read anew at each question: networks change.
    System,
    /// These, over UDP and TCP.
    These(Vec<SocketAddr>),
}

/// The DNS half's answer.
#[derive(Debug, Default, PartialEq, Eq)]
struct DnsAnswer {
    chain: Vec<Safe>,
    addresses: Vec<IpAddr>,
}

impl Default for HostResolver {
    fn default() -> Self {
        Self::new()
    }
}

impl HostResolver {
    /// Asks the system's name servers and the system's own resolver.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            servers: Servers::System,
            ask_system: true,
        }
    }

    /// Asks these name servers, and the system's own resolver only if `ask_system`.
    #[must_use]
    pub fn with_servers(servers: &[SocketAddr], ask_system: bool) -> Self {
        Self {
            servers: Servers::These(servers.to_vec()),
            ask_system,
        }
    }

    /// Resolves `host`; returns after `limit` at the latest.
    ///
    /// DNS is asked for the name as it is, without the search list; the system as an application
    /// would ask it. Must be called inside a tokio runtime that has its I/O and time drivers.
    ///
    /// # Errors
    ///
    /// As for [`resolve`].
    pub async fn resolve(&self, host: &str, limit: Duration) -> Result<Resolution, ResolveError> {
        let name = HostName::new(host).map_err(|flaw| ResolveError::not_a_name(host, flaw))?;
        let system = async {
            if self.ask_system {
                Some(system::ask(&name, limit).await)
            } else {
                None
            }
        };
        let begun = Instant::now();
        let (dns, system) = tokio::join!(dns::ask(&self.servers, &name, limit), system);
        let found = combine(name.safe(), dns, system);
        let (host, ms) = (name.safe(), begun.elapsed().as_millis());
        match &found {
            Ok(found) => {
                let addresses = found.addresses.len();
                tracing::info!(%host, addresses, ms, "name");
            }
            Err(why) => tracing::warn!(%host, %why, ms, "name"),
        }
        found
    }
}

/// One answer from the two halves; `None` is a system that was not asked.
fn combine(
    host: Safe,
    dns: Result<DnsAnswer, ResolveError>,
    system: Option<Result<Vec<IpAddr>, ResolveError>>,
) -> Result<Resolution, ResolveError> {
    let compared = known(&dns, |answer| &answer.addresses)
        .zip(system.as_ref().and_then(|half| known(half, |found| found)));
    let (only_system, only_dns) = compared
        .map(|(dns, system)| (missing_in(dns, system), missing_in(system, dns)))
        .unwrap_or_default();
    let (answer, dns_failure) = match dns {
        Ok(answer) => (answer, None),
        Err(error) => (DnsAnswer::default(), Some(error)),
    };
    let (found, system_failure) = match system {
        Some(Ok(found)) => (found, None),
        Some(Err(error)) => (Vec::new(), Some(error)),
        None => (Vec::new(), None),
    };
    let mut addresses = if found.is_empty() {
        answer.addresses
    } else {
        found
    };
    if addresses.is_empty() {
        let failures = [dns_failure, system_failure];
        return Err(ResolveError::most_telling(failures, host));
    }
    addresses.truncate(MAX_ADDRESSES);
    Ok(Resolution {
        host,
        chain: answer.chain,
        addresses,
        only_system,
        only_dns,
        dns_failure,
    })
}

/// The addresses of a half that answered; "there is none" is an answer.
fn known<T>(
    half: &Result<T, ResolveError>,
    addresses: impl Fn(&T) -> &Vec<IpAddr>,
) -> Option<&[IpAddr]> {
    match half {
        Ok(answer) => Some(addresses(answer)),
        Err(error) if error.is_negative() => Some(&[]),
        Err(_) => None,
    }
}

/// Those of `there` that are not `here`, capped.
fn missing_in(here: &[IpAddr], there: &[IpAddr]) -> Vec<IpAddr> {
    let here: HashSet<&IpAddr> = here.iter().collect();
    let missing = there.iter().filter(|address| !here.contains(address));
    missing.take(MAX_ADDRESSES).copied().collect()
}

/// Each address once, in order of its first appearance.
fn distinct(addresses: impl IntoIterator<Item = IpAddr>) -> Vec<IpAddr> {
    let mut seen = HashSet::new();
    let addresses = addresses.into_iter();
    addresses.filter(|address| seen.insert(*address)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ips(list: &[&str]) -> Vec<IpAddr> {
        list.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[expect(
        clippy::unnecessary_wraps,
        reason = "the shape that the code under test takes"
    )]
    fn dns(list: &[&str]) -> Result<DnsAnswer, ResolveError> {
        Ok(DnsAnswer {
            chain: vec![Safe::new("alias.example")],
            addresses: ips(list),
        })
    }

    fn name() -> Safe {
        Safe::new("host.example")
    }

    fn nobody() -> ResolveError {
        ResolveError::NoSuchHost { name: name() }
    }

    fn late() -> ResolveError {
        let limit = Duration::from_secs(1);
        ResolveError::Timeout {
            name: name(),
            limit,
        }
    }

    #[test]
    fn the_system_is_what_an_application_sees() {
        let system = Some(Ok(ips(&["192.0.2.9", "192.0.2.1"])));
        let both = combine(name(), dns(&["192.0.2.1", "192.0.2.2"]), system).unwrap();
        assert_eq!(both.addresses, ips(&["192.0.2.9", "192.0.2.1"]));
        assert_eq!(both.only_system, ips(&["192.0.2.9"]));
        assert_eq!(both.only_dns, ips(&["192.0.2.2"]));
        assert_eq!(both.chain, [Safe::new("alias.example")]);
        assert_eq!(both.dns_failure, None);
    }

    #[test]
    fn no_such_host_is_an_answer_and_silence_is_not() {
        let hosts_file = combine(name(), Err(nobody()), Some(Ok(ips(&["10.0.0.1"])))).unwrap();
        assert_eq!(hosts_file.only_system, ips(&["10.0.0.1"]));
        assert_eq!(hosts_file.dns_failure, Some(nobody()));
        let silent = combine(name(), Err(late()), Some(Ok(ips(&["10.0.0.1"])))).unwrap();
        assert_eq!(silent.addresses, ips(&["10.0.0.1"]));
        assert!(silent.only_system.is_empty());
        let only_dns = combine(name(), dns(&["192.0.2.1"]), Some(Err(nobody()))).unwrap();
        assert_eq!(only_dns.addresses, ips(&["192.0.2.1"]));
        assert_eq!(only_dns.only_dns, ips(&["192.0.2.1"]));
        let unknown = combine(name(), dns(&["192.0.2.1"]), Some(Err(late()))).unwrap();
        assert!(unknown.only_dns.is_empty());
    }

    #[test]
    fn of_two_failures_the_more_telling_is_told() {
        for (dns, system) in [(nobody(), late()), (late(), nobody())] {
            assert_eq!(combine(name(), Err(dns), Some(Err(system))), Err(nobody()));
        }
        assert_eq!(combine(name(), Err(late()), None), Err(late()));
    }

    #[test]
    fn lists_are_distinct_and_capped() {
        let many = (0..1000_u32).map(|n| IpAddr::from(n.to_be_bytes()));
        let many = distinct(many.clone().chain(many));
        assert_eq!(many.len(), 1000);
        let answer = combine(name(), dns(&["::1"]), Some(Ok(many))).unwrap();
        assert_eq!(answer.addresses.len(), MAX_ADDRESSES);
        assert_eq!(answer.only_system.len(), MAX_ADDRESSES);
        assert_eq!(answer.only_dns, ips(&["::1"]));
    }
}
