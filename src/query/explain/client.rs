//! The address that a registry saw, and the tags that hold it.

use std::net::{IpAddr, Ipv4Addr};

use crate::query::Dataset;
use crate::space::{Block, Family, Span};

/// The address that the registry saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenClient {
    /// The address; IPv4 where it was mapped into IPv6.
    pub address: IpAddr,
    /// Where such addresses are in use.
    pub scope: AddressScope,
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
pub enum AddressScope {
    /// On the internet.
    Public,
    /// Within a network: also loopback, link-local and unique local addresses.
    Private,
    /// Between a provider and its customers: 100.64.0.0/10.
    Shared,
    /// By no client: 0.0.0.0/8, multicast, 240.0.0.0/4.
    Reserved,
}

/// IPv4 ranges that are not on the internet: first address, bits of its prefix, scope.
const INNER: [(Ipv4Addr, u8, AddressScope); 9] = [
    (Ipv4Addr::UNSPECIFIED, 8, AddressScope::Reserved),
    (Ipv4Addr::new(10, 0, 0, 0), 8, AddressScope::Private),
    (Ipv4Addr::new(100, 64, 0, 0), 10, AddressScope::Shared),
    (Ipv4Addr::new(127, 0, 0, 0), 8, AddressScope::Private),
    (Ipv4Addr::new(169, 254, 0, 0), 16, AddressScope::Private),
    (Ipv4Addr::new(172, 16, 0, 0), 12, AddressScope::Private),
    (Ipv4Addr::new(192, 168, 0, 0), 16, AddressScope::Private),
    (Ipv4Addr::new(224, 0, 0, 0), 4, AddressScope::Reserved),
    (Ipv4Addr::new(240, 0, 0, 0), 4, AddressScope::Reserved),
];

impl AddressScope {
    fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(_) => {
                let span = Span::of(address);
                let mut inner = inner();
                let found = inner.find(|(block, _)| block.contains(span));
                found.map_or(Self::Public, |(_, scope)| scope)
            }
            IpAddr::V6(v6) => {
                let is_inside = v6.is_unique_local() || v6.is_loopback();
                if is_inside || v6.is_unicast_link_local() {
                    Self::Private
                } else if v6.is_multicast() || v6.is_unspecified() {
                    Self::Reserved
                } else {
                    Self::Public
                }
            }
        }
    }

    /// Whether some, or all, of these IPv4 addresses are not on the internet.
    pub(in crate::query) fn inner_part(span: Span) -> Part {
        if inner().any(|(block, _)| block.contains(span)) {
            Part::All
        } else if inner().any(|(block, _)| block.span().meets(span)) {
            Part::Some
        } else {
            Part::None
        }
    }
}

/// How much of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::query) enum Part {
    None,
    Some,
    All,
}

fn inner() -> impl Iterator<Item = (Block, AddressScope)> {
    let block = |(address, length, scope): (Ipv4Addr, u8, AddressScope)| {
        let first = u128::from(address.to_bits());
        (Block::holding(Family::V4, first, length), scope)
    };
    INNER.into_iter().map(block)
}

impl SeenClient {
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
            scope: AddressScope::of(address),
            tags,
        }
    }

    /// Whether it is an address of Azure; `None` where that is not known.
    #[must_use]
    pub fn is_azure(&self) -> Option<bool> {
        match self.scope {
            AddressScope::Private | AddressScope::Shared | AddressScope::Reserved => Some(false),
            AddressScope::Public => self.tags.as_ref().map(|tags| !tags.is_empty()),
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
            (AddressScope::Private, _) => "a private address",
            (AddressScope::Shared, _) => {
                "an address shared behind a provider's NAT (100.64.0.0/10)"
            }
            (AddressScope::Reserved, _) => "an address that no client has",
            (AddressScope::Public, Some(true)) => "an address of Azure",
            (AddressScope::Public, Some(false)) => "in no tag of the week: not known as Azure's",
            (AddressScope::Public, None) => {
                "a public address; its tags are not known without a week"
            }
        };
        let Some(region) = self.region().filter(|_| self.scope == AddressScope::Public) else {
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
            ("203.0.113.9", AddressScope::Public),
            ("2603:1030::4", AddressScope::Public),
            ("10.1.2.3", AddressScope::Private),
            ("172.31.0.1", AddressScope::Private),
            ("192.168.0.1", AddressScope::Private),
            ("127.0.0.1", AddressScope::Private),
            ("169.254.1.1", AddressScope::Private),
            ("fd00::1", AddressScope::Private),
            ("fe80::1", AddressScope::Private),
            ("100.64.0.1", AddressScope::Shared),
            ("100.128.0.1", AddressScope::Public),
            ("0.0.0.0", AddressScope::Reserved),
            ("224.0.0.1", AddressScope::Reserved),
            ("255.255.255.255", AddressScope::Reserved),
            ("ff02::1", AddressScope::Reserved),
            ("::", AddressScope::Reserved),
        ] {
            assert_eq!(AddressScope::of(text.parse().unwrap()), scope, "{text}");
        }
    }

    #[test]
    fn a_range_is_within_or_partly_within_a_network() {
        for (text, part) in [
            ("203.0.113.0/24", Part::None),
            ("10.1.0.0/16", Part::All),
            ("172.16.0.0/12", Part::All),
            ("172.0.0.0/8", Part::Some),
            ("0.0.0.0/0", Part::Some),
        ] {
            let block = Block::parse(text).unwrap().0;
            assert_eq!(AddressScope::inner_part(block.span()), part, "{text}");
        }
    }

    #[test]
    fn without_a_week_nothing_is_said_of_a_public_address() {
        let client = SeenClient::of("203.0.113.9".parse().unwrap(), None);
        assert_eq!((client.is_azure(), client.tags), (None, None));
        let client = SeenClient::of("10.0.0.1".parse().unwrap(), None);
        assert_eq!(client.is_azure(), Some(false));
    }
}
