//! The address that a registry saw, and the tags that hold it.

use std::net::IpAddr;

use crate::azure::{Special, SpecialKind, Specials};
use crate::query::Dataset;
use crate::space::{AddressSet, Block, Span};

/// The address that the registry saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenClient {
    /// The address; IPv4 where it was mapped into IPv6.
    pub address: IpAddr,
    /// Where such addresses are in use.
    pub scope: AddressScope,
    /// What the address is, where it is not one of the internet.
    pub special: Option<Special>,
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
    /// By no client: 0.0.0.0/8, multicast, 240.0.0.0/4, Azure's platform.
    Reserved,
}

impl AddressScope {
    /// Addresses for documents count as public: in the texts that carry them they stand for such.
    const fn of(kind: SpecialKind) -> Self {
        match kind {
            SpecialKind::SharedAddress => Self::Shared,
            SpecialKind::Private | SpecialKind::Loopback | SpecialKind::LinkLocal => Self::Private,
            SpecialKind::Platform | SpecialKind::Metadata => Self::Reserved,
            _ if kind.is_of_nobody() => Self::Reserved,
            _ => Self::Public,
        }
    }

    /// Whether some, or all, of these addresses are not on the internet.
    pub(in crate::query) fn inner_part(span: Span) -> Part {
        let inner = Specials::embedded().addresses(|kind| Self::of(kind) != Self::Public);
        let common = inner.intersection(&AddressSet::from_spans([span]));
        if common.is_empty() {
            Part::None
        } else if common.holds(span) {
            Part::All
        } else {
            Part::Some
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

impl SeenClient {
    /// Looks the address up.
    pub(super) fn of(address: IpAddr, dataset: Option<&Dataset>, specials: &Specials) -> Self {
        let special = specials.of_address(address);
        let scope = special.map_or(AddressScope::Public, |it| AddressScope::of(it.kind));
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
            scope,
            special: special.filter(|_| scope != AddressScope::Public).cloned(),
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
        if let Some(special) = &self.special {
            let nobody = if self.scope == AddressScope::Reserved {
                ", which no client has"
            } else {
                ""
            };
            return format!("{} · {}{nobody}", self.address, special.words());
        }
        let kind = match self.is_azure() {
            Some(true) => "an address of Azure",
            Some(false) => "in no tag of the week: not known as Azure's",
            None => "a public address; its tags are not known without a week",
        };
        let Some(region) = self.region() else {
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
        let specials = Specials::embedded();
        for (text, scope) in [
            ("203.0.113.9", AddressScope::Public),
            ("168.63.129.16", AddressScope::Reserved),
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
            let client = SeenClient::of(text.parse().unwrap(), None, &specials);
            assert_eq!(client.scope, scope, "{text}");
            let is_public = scope == AddressScope::Public;
            assert_eq!(client.special.is_none(), is_public, "{text}");
        }
    }

    #[test]
    fn a_range_is_within_or_partly_within_a_network() {
        for (text, part) in [
            ("203.0.113.0/24", Part::None),
            ("10.1.0.0/16", Part::All),
            ("172.16.0.0/12", Part::All),
            ("172.0.0.0/8", Part::Some),
            ("168.63.0.0/16", Part::Some),
            ("224.0.0.0/3", Part::All),
            ("0.0.0.0/0", Part::Some),
        ] {
            let block = Block::parse(text).unwrap().0;
            assert_eq!(AddressScope::inner_part(block.span()), part, "{text}");
        }
    }

    #[test]
    fn without_a_week_nothing_is_said_of_a_public_address() {
        let specials = Specials::embedded();
        let client = SeenClient::of("203.0.113.9".parse().unwrap(), None, &specials);
        assert_eq!((client.is_azure(), client.tags), (None, None));
        let client = SeenClient::of("10.0.0.1".parse().unwrap(), None, &specials);
        assert_eq!(client.is_azure(), Some(false));
    }
    #[test]
    fn a_special_address_is_called_what_it_is() {
        let specials = Specials::embedded();
        for (text, words) in [
            ("10.1.0.4", "a private address (10.0.0.0/8)"),
            (
                "100.64.0.1",
                "an address shared behind a provider's NAT (100.64.0.0/10)",
            ),
            (
                "168.63.129.16",
                "the address of the Azure platform, which no client has",
            ),
        ] {
            let client = SeenClient::of(text.parse().unwrap(), None, &specials);
            assert_eq!(client.words(), format!("{text} · {words}"));
        }
    }
}
