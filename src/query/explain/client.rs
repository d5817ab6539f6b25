//! The address that a registry saw, and the tags that hold it.

use std::net::IpAddr;

use crate::query::Dataset;
use crate::space::{Block, Span};

/// The address that the registry saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The address; IPv4 where it was mapped into IPv6.
    pub address: IpAddr,
    /// Where such addresses are in use.
    pub scope: Scope,
    /// The tags that hold it, most specific first; `None` without a week.
    pub tags: Option<Vec<ClientTag>>,
}

/// A tag that holds the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientTag {
    /// Its name.
    pub tag: String,
    /// Its prefix that holds the address.
    pub prefix: Block,
    /// Its region; empty for none.
    pub region: String,
    /// Its service; empty for all of the cloud.
    pub system_service: String,
}

/// Where an address is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Scope {
    /// On the internet.
    Public,
    /// Within a network: also loopback, link-local and unique local addresses.
    Private,
    /// Between a provider and its customers: 100.64.0.0/10.
    Shared,
}

impl Scope {
    fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(v4) => {
                let [first, second, ..] = v4.octets();
                if first == 100 && second & 0b1100_0000 == 64 {
                    Self::Shared
                } else if v4.is_private() || v4.is_loopback() || v4.is_link_local() {
                    Self::Private
                } else {
                    Self::Public
                }
            }
            IpAddr::V6(v6) => {
                let is_inside = v6.is_unique_local() || v6.is_loopback();
                if is_inside || v6.is_unicast_link_local() {
                    Self::Private
                } else {
                    Self::Public
                }
            }
        }
    }
}

impl Client {
    /// Looks the address up.
    pub(super) fn of(address: IpAddr, dataset: Option<&Dataset>) -> Self {
        let tags = dataset.map(|dataset| {
            let view = dataset.view();
            view.covering(Span::of(address))
                .filter_map(|hit| {
                    let row = view.tag(hit.tag)?;
                    Some(ClientTag {
                        tag: row.name.to_owned(),
                        prefix: hit.prefix,
                        region: row.region.to_owned(),
                        system_service: row.system_service.to_owned(),
                    })
                })
                .collect()
        });
        Self {
            address,
            scope: Scope::of(address),
            tags,
        }
    }

    /// Whether it is an address of Azure; `None` where that is not known.
    #[must_use]
    pub fn is_azure(&self) -> Option<bool> {
        match self.scope {
            Scope::Private | Scope::Shared => Some(false),
            Scope::Public => self.tags.as_ref().map(|tags| !tags.is_empty()),
        }
    }

    /// The region of the most specific tag that has one.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        let mut regions = self.tags.iter().flatten().map(|tag| tag.region.as_str());
        regions.find(|region| !region.is_empty())
    }

    /// Whether a tag of this service holds it, whatever the tag's region.
    pub(super) fn is_in(&self, service: &str) -> bool {
        self.tags.iter().flatten().any(|tag| {
            let head = tag.tag.get(..service.len());
            let rest = tag.tag.get(service.len()..).unwrap_or("");
            head.is_some_and(|head| head.eq_ignore_ascii_case(service))
                && (rest.is_empty() || rest.starts_with('.'))
        })
    }

    /// The most specific tag that is one of a service, not of all of the cloud.
    pub(super) fn service(&self) -> Option<&ClientTag> {
        let mut tags = self.tags.iter().flatten();
        tags.find(|tag| !tag.system_service.is_empty())
    }

    /// What the address is, in a few words.
    #[must_use]
    pub fn words(&self) -> String {
        let kind = match (self.scope, self.is_azure()) {
            (Scope::Private, _) => "a private address",
            (Scope::Shared, _) => "an address shared behind a provider's NAT (100.64.0.0/10)",
            (Scope::Public, Some(true)) => "an address of Azure",
            (Scope::Public, Some(false)) => "in no tag of the week: not known as Azure's",
            (Scope::Public, None) => "a public address; its tags are not known without a week",
        };
        let Some(region) = self.region().filter(|_| self.scope == Scope::Public) else {
            return format!("{} · {kind}", self.address);
        };
        format!("{} · {kind}, {region}", self.address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scope_of_an_address_follows_from_its_range() {
        for (text, scope) in [
            ("203.0.113.9", Scope::Public),
            ("2603:1030::4", Scope::Public),
            ("10.1.2.3", Scope::Private),
            ("172.31.0.1", Scope::Private),
            ("192.168.0.1", Scope::Private),
            ("127.0.0.1", Scope::Private),
            ("169.254.1.1", Scope::Private),
            ("fd00::1", Scope::Private),
            ("fe80::1", Scope::Private),
            ("100.64.0.1", Scope::Shared),
            ("100.128.0.1", Scope::Public),
        ] {
            assert_eq!(Scope::of(text.parse().unwrap()), scope, "{text}");
        }
    }

    #[test]
    fn without_a_week_nothing_is_said_of_a_public_address() {
        let client = Client::of("203.0.113.9".parse().unwrap(), None);
        assert_eq!((client.is_azure(), client.tags), (None, None));
        let client = Client::of("10.0.0.1".parse().unwrap(), None);
        assert_eq!(client.is_azure(), Some(false));
    }
}
