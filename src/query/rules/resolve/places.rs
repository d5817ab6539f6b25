//! What the files say of the network: its address spaces, its subnets, what symbolic tags stand for.

use std::sync::Arc;

use crate::azure::{PlatformTag, SpecialKind, Specials, SubnetId};
use crate::query::rules::LoadedFile;
use crate::query::rules::resolve::private::PrivatePlaces;
use crate::query::rules::resolve::side::common;
use crate::rules::{Access, Entry, RuleSetKind, SubnetLink};
use crate::space::{AddressSet, Block, Family, Ranges, cover};

/// The service endpoint of registries.
const ENDPOINT: &str = "Microsoft.ContainerRegistry";

/// What is said where `VirtualNetwork` matters.
pub(in crate::query::rules) const NETWORK: &str = "VirtualNetwork is taken for the private addresses (RFC 1918, fc00::/7) and the prefixes of the networks and subnets among the files";
/// What is said where `Internet` matters.
const INTERNET: &str =
    "Internet is taken for every public address outside VirtualNetwork and 168.63.129.16";

/// A subnet that a file describes.
#[derive(Debug, Clone)]
pub(in crate::query::rules) struct Described {
    pub id: SubnetId,
    pub addresses: Arc<AddressSet>,
    /// Whether it has the service endpoint of registries.
    pub has_endpoint: bool,
    /// Whether it has any service endpoint.
    pub has_endpoints: bool,
    /// Whether its security group, or its route table, has no value yet.
    pub is_open: [bool; 2],
}

/// What is known of the network.
#[derive(Debug, Clone)]
pub(in crate::query::rules) struct NetworkPlaces {
    pub network: Arc<AddressSet>,
    pub internet: Arc<AddressSet>,
    /// Prefixes of user routes, a default route too, which `VirtualNetwork` may have as well; every address
    /// outside where some of them are not known.
    pub routed: Arc<AddressSet>,
    /// Shared, link-local, multicast and reserved ones, of which no document says whether `Internet` has
    /// them.
    pub between: Arc<AddressSet>,
    /// What never reaches a public endpoint with this address.
    pub inside: Arc<AddressSet>,
    pub subnets: Vec<Described>,
    /// Address spaces of the networks that are described, and of their peers.
    pub spaces: Vec<Block>,
    pub private: PrivatePlaces,
    /// Where the probes of load balancers and the name servers are.
    platform: Arc<AddressSet>,
    /// Where the metadata service is.
    metadata: Arc<AddressSet>,
}

impl NetworkPlaces {
    pub fn new(files: &[LoadedFile]) -> Self {
        let described = files.iter().flat_map(|loaded| &loaded.file.subnets);
        let subnets: Vec<Described> = described
            .map(|subnet| {
                let spans = subnet.prefixes.iter().filter_map(Entry::span);
                let mut endpoints = subnet.service_endpoints.iter();
                Described {
                    id: subnet.id.clone(),
                    addresses: Arc::new(AddressSet::from_spans(spans)),
                    has_endpoints: !subnet.service_endpoints.is_empty(),
                    is_open: [&subnet.security_group, &subnet.route_table]
                        .map(|link| *link == SubnetLink::Open),
                    has_endpoint: endpoints.any(|it| it.as_str().eq_ignore_ascii_case(ENDPOINT)),
                }
            })
            .collect();
        let specials = Specials::embedded();
        let of = |kind| specials.addresses(|other| other == kind);
        let private = of(SpecialKind::Private);
        let networks = files.iter().flat_map(|loaded| &loaded.file.networks);
        let spaces: Vec<Block> = networks
            .flat_map(|network| network.prefixes.iter().chain(&network.peers))
            .filter_map(Entry::span)
            .flat_map(cover)
            .collect();
        let space = AddressSet::from_spans(spaces.iter().map(|block| block.span()));
        let network = subnets.iter().fold(private.union(&space), |all, subnet| {
            all.union(&subnet.addresses)
        });
        let outside = everything().difference(&network);
        let tables = files.iter().flat_map(|loaded| &loaded.file.sets);
        let tables = tables.filter(|set| set.kind == RuleSetKind::RouteTable && !set.is_effective);
        let rows = tables.flat_map(|set| &set.rows);
        let rows = rows.filter(|row| matches!(row.access, Access::Route(_)));
        let prefixes = rows
            .flat_map(|row| &row.destinations)
            .filter_map(Entry::span);
        let routed = if has_unknown_routes(files) {
            outside.clone()
        } else {
            AddressSet::from_spans(prefixes).intersection(&outside)
        };
        let is_odd = |kind: SpecialKind| {
            (kind.is_inside() || kind.is_of_nobody()) && kind != SpecialKind::Platform
        };
        let between = specials.addresses(is_odd).intersection(&outside);
        let platform = of(SpecialKind::Platform);
        // The platform's address is in tags, and reached like a public one.
        let is_local = |kind: SpecialKind| kind.is_inside() && kind != SpecialKind::Platform;
        Self {
            inside: Arc::new(network.union(&specials.addresses(is_local))),
            internet: Arc::new(outside.difference(&platform).difference(&between)),
            between: Arc::new(between),
            routed: Arc::new(routed),
            network: Arc::new(network),
            subnets,
            spaces,
            private: PrivatePlaces::new(files),
            platform: Arc::new(platform),
            metadata: Arc::new(of(SpecialKind::Metadata)),
        }
    }

    /// Every set by which it tells addresses apart.
    pub fn address_sets(&self) -> impl Iterator<Item = Arc<AddressSet>> {
        let Self {
            network,
            internet,
            routed,
            between,
            inside,
            subnets,
            spaces,
            private,
            platform,
            metadata,
        } = self;
        let own = [
            network, internet, routed, between, inside, platform, metadata,
        ];
        let spaces = spaces
            .iter()
            .map(|block| AddressSet::from_spans([block.span()]));
        own.map(Arc::clone)
            .into_iter()
            .chain(subnets.iter().map(|subnet| Arc::clone(&subnet.addresses)))
            .chain(spaces.map(Arc::new))
            .chain(private.address_sets())
    }

    /// The addresses at which the platform itself answers.
    pub fn own(&self) -> Arc<AddressSet> {
        Arc::new(self.platform.union(&self.metadata))
    }

    /// The description of a subnet.
    pub fn subnet(&self, id: &SubnetId) -> Option<&Described> {
        self.subnets.iter().find(|subnet| subnet.id.is_same(id))
    }

    /// The addresses of a symbolic tag, where they are known.
    pub fn symbol(&self, symbol: PlatformTag) -> Option<Arc<AddressSet>> {
        Some(match symbol {
            PlatformTag::VirtualNetwork => Arc::clone(&self.network),
            PlatformTag::Internet => Arc::clone(&self.internet),
            PlatformTag::AzureLoadBalancer | PlatformTag::PlatformDns => Arc::clone(&self.platform),
            PlatformTag::PlatformImds => Arc::clone(&self.metadata),
            PlatformTag::PlatformLkm => return None,
        })
    }
}

/// Whether a route is or may be there whose prefix is not known: in what was not read, or by a value
/// that is open.
fn has_unknown_routes(files: &[LoadedFile]) -> bool {
    let mut tables = files
        .iter()
        .flat_map(|loaded| &loaded.file.sets)
        .filter(|set| set.kind == RuleSetKind::RouteTable && !set.is_effective);
    let is_open = |entry: &Entry| matches!(entry, Entry::Unread(_) | Entry::Unresolved(_));
    files.iter().any(|loaded| !loaded.file.flaws.is_empty())
        || tables.any(|set| {
            let mut entries = set.rows.iter().flat_map(|row| &row.destinations);
            !set.flaws.is_empty() || entries.any(is_open)
        })
}

/// Every address of both families.
pub(in crate::query::rules) fn everything() -> AddressSet {
    AddressSet {
        v4: Ranges::from_runs(vec![(0, Family::V4.max())]),
        v6: Ranges::from_runs(vec![(0, Family::V6.max())]),
    }
}

/// What is assumed of a symbolic tag.
pub(in crate::query::rules) fn assumed(symbol: PlatformTag) -> Option<&'static str> {
    match symbol {
        PlatformTag::VirtualNetwork => Some(NETWORK),
        PlatformTag::Internet => Some(INTERNET),
        PlatformTag::PlatformDns => Some("AzurePlatformDNS is taken for 168.63.129.16"),
        PlatformTag::PlatformImds => Some("AzurePlatformIMDS is taken for 169.254.169.254"),
        PlatformTag::AzureLoadBalancer | PlatformTag::PlatformLkm => None,
    }
}

/// Whether every address of a set is in another.
pub(in crate::query::rules) fn is_within(one: &AddressSet, other: &AddressSet) -> bool {
    !one.is_empty() && common(one, other) == *one
}
