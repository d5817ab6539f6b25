//! What symbolic tags, subnets and names stand for as addresses.

use std::collections::HashMap;
use std::sync::Arc;

use crate::azure::{PlatformTag, SpecialKind, Specials, SubnetId};
use crate::query::rules::verdict::reason::{Doubt, PARAMETERS, ReasonKind};
use crate::query::rules::verdict::side::{Open, RuleSide, common};
use crate::query::rules::{AddressResolver, LoadedFile};
use crate::rules::{Access, Entry, RuleSetKind, SubnetLink};
use crate::space::{AddressSet, Block, Family, Ranges, cover};
use crate::text::clean;

/// The service endpoint of registries.
const ENDPOINT: &str = "Microsoft.ContainerRegistry";

/// What is said where `VirtualNetwork` matters.
pub(super) const NETWORK: &str = "VirtualNetwork is taken for the private addresses (RFC 1918, fc00::/7) and the prefixes of the networks and subnets among the files";
/// What is said where `Internet` matters.
pub(super) const INTERNET: &str =
    "Internet is taken for every public address outside VirtualNetwork and 168.63.129.16";

/// A subnet that a file describes.
#[derive(Debug, Clone)]
pub(super) struct Described {
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
pub(super) struct NetworkPlaces {
    pub network: Arc<AddressSet>,
    pub internet: Arc<AddressSet>,
    /// Prefixes of user routes, a default route too, which `VirtualNetwork` may have as well.
    pub routed: Arc<AddressSet>,
    /// Shared, link-local, multicast and reserved ones, of which no document says whether `Internet` has
    /// them.
    pub between: Arc<AddressSet>,
    /// What never reaches a public endpoint with this address.
    pub inside: Arc<AddressSet>,
    pub subnets: Vec<Described>,
    /// Address spaces of the networks that are described, and of their peers.
    pub spaces: Vec<Block>,
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
        let routed = AddressSet::from_spans(prefixes).intersection(&outside);
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
            platform: Arc::new(platform),
            metadata: Arc::new(of(SpecialKind::Metadata)),
        }
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

/// Every address of both families.
pub(super) fn everything() -> AddressSet {
    AddressSet {
        v4: Ranges::from_runs(vec![(0, Family::V4.max())]),
        v6: Ranges::from_runs(vec![(0, Family::V6.max())]),
    }
}

/// What is assumed of a symbolic tag.
pub(super) fn assumed(symbol: PlatformTag) -> Option<&'static str> {
    match symbol {
        PlatformTag::VirtualNetwork => Some(NETWORK),
        PlatformTag::Internet => Some(INTERNET),
        PlatformTag::PlatformDns => Some("AzurePlatformDNS is taken for 168.63.129.16"),
        PlatformTag::PlatformImds => Some("AzurePlatformIMDS is taken for 169.254.169.254"),
        PlatformTag::AzureLoadBalancer | PlatformTag::PlatformLkm => None,
    }
}

/// Resolves entries into sides; each tag once.
pub(super) struct SideResolver<'a> {
    addresses: &'a AddressResolver<'a>,
    pub places: &'a NetworkPlaces,
    /// IP groups that were not wholly understood, by name in lower case.
    odd_groups: Vec<String>,
    tags: HashMap<String, Option<Arc<AddressSet>>>,
}

impl<'a> SideResolver<'a> {
    pub fn new(
        addresses: &'a AddressResolver<'a>,
        places: &'a NetworkPlaces,
        files: &[LoadedFile],
    ) -> Self {
        let sets = files.iter().flat_map(|loaded| &loaded.file.sets);
        let groups = sets.filter(|set| set.kind == RuleSetKind::IpGroup);
        let odd = groups.filter(|set| {
            let mut rows = set.rows.iter();
            !set.flaws.is_empty()
                || rows.any(|row| row.destinations.iter().any(|entry| entry.span().is_none()))
        });
        Self {
            addresses,
            places,
            odd_groups: odd.map(|set| set.name.as_str().to_lowercase()).collect(),
            tags: HashMap::new(),
        }
    }

    /// The week's facts.
    pub const fn addresses(&self) -> &'a AddressResolver<'a> {
        self.addresses
    }

    /// The addresses of a tag; `None` when the week has none of this name.
    pub fn tag(&mut self, name: &str) -> Option<Arc<AddressSet>> {
        let known = self.addresses;
        let made = || {
            let addresses = known.addresses_of(known.tag(name)?);
            Some(Arc::new(AddressSet::clone(&addresses)))
        };
        let key = name.to_ascii_lowercase();
        self.tags.entry(key).or_insert_with(made).clone()
    }

    /// A side of a rule, and what is assumed of it.
    pub fn side(&mut self, entries: &[Entry], assumed: &mut Vec<String>) -> RuleSide {
        let mut side = RuleSide::default();
        let spans = entries.iter().filter_map(Entry::span);
        let own = AddressSet::from_spans(spans);
        if !own.is_empty() {
            side.sets.push((None, Arc::new(own)));
        }
        for entry in entries {
            self.add(entry, &mut side, assumed);
        }
        if entries.is_empty() {
            let why = Doubt::new(ReasonKind::UnreadRow, "nothing of it could be read");
            side.open.push(Open { within: None, why });
        }
        side
    }

    fn add(&mut self, entry: &Entry, side: &mut RuleSide, assumed: &mut Vec<String>) {
        let found = match entry {
            Entry::Any => {
                side.is_all = true;
                return;
            }
            Entry::Span(_) => return,
            Entry::Fqdn(host) => {
                side.hosts.push(host.clone());
                return;
            }
            Entry::IpGroup(_) => {
                self.group(entry, side);
                return;
            }
            Entry::Tag(name) => self.tag(name).ok_or_else(|| {
                let text = format!("the week has no tag {name}");
                (None, Doubt::new(ReasonKind::UnknownName, text))
            }),
            Entry::Platform(symbol) => {
                if *symbol == PlatformTag::VirtualNetwork && !self.places.routed.is_empty() {
                    side.open.push(Open {
                        within: Some(Arc::clone(&self.places.routed)),
                        why: Doubt::settled(
                            ReasonKind::NotModelled,
                            "VirtualNetwork may have the prefixes of user routes too",
                            "az network nic list-effective-nsg",
                        ),
                    });
                }
                if *symbol == PlatformTag::Internet {
                    side.open.push(Open {
                        within: Some(Arc::clone(&self.places.between)),
                        why: Doubt::new(
                            ReasonKind::NotModelled,
                            "no document says whether Internet has such addresses",
                        ),
                    });
                }
                assumed.extend(self::assumed(*symbol).map(str::to_owned));
                self.places.symbol(*symbol).ok_or_else(|| {
                    let within = Some(Arc::clone(&self.places.internet));
                    let text = format!("{entry} has no published addresses");
                    (within, Doubt::new(ReasonKind::UnknownName, text))
                })
            }
            Entry::Subnet(id) => {
                let found = self.places.subnet(id);
                let found = found.map(|it| Arc::clone(&it.addresses));
                found.ok_or_else(|| (Some(Arc::clone(&self.places.network)), unknown_subnet(id)))
            }
            Entry::SecurityGroup(_) => Err((
                Some(Arc::clone(&self.places.network)),
                Doubt::settled(
                    ReasonKind::UnknownName,
                    format!("{entry} has network interfaces as members, not addresses"),
                    "az network nic list-effective-nsg",
                ),
            )),
            Entry::Url(_) => Err((
                None,
                Doubt::new(
                    ReasonKind::PartOfRow,
                    format!("{entry} is a part of what its host serves"),
                ),
            )),
            Entry::FqdnTag(_) | Entry::WebCategory(_) => Err((
                None,
                Doubt::new(
                    ReasonKind::UnknownName,
                    format!("the host names of {entry} are not published"),
                ),
            )),
            Entry::Unresolved(text) => Err((
                None,
                Doubt::settled(
                    ReasonKind::Unresolved,
                    format!("no value yet for {text}"),
                    PARAMETERS,
                ),
            )),
            Entry::Unread(text) => Err((
                None,
                Doubt::new(
                    ReasonKind::UnreadRow,
                    format!("\"{text}\" is not understood"),
                ),
            )),
        };
        match found {
            Ok(set) => side
                .sets
                .push((Some(clean(&entry.to_string()).into_owned()), set)),
            Err((within, why)) => side.open.push(Open { within, why }),
        }
    }

    fn group(&self, entry: &Entry, side: &mut RuleSide) {
        let shown = clean(&entry.to_string()).into_owned();
        let name = shown.strip_prefix("IP group ").unwrap_or(&shown);
        let found = self.addresses.addresses(entry);
        let why = match &found {
            None => Some(Doubt::settled(
                ReasonKind::UnknownName,
                format!("{shown} is not among the files"),
                format!("az network ip-group show --name {name}"),
            )),
            Some(_) if self.odd_groups.contains(&name.to_lowercase()) => Some(Doubt::new(
                ReasonKind::UnreadRow,
                format!("{shown} is not wholly understood"),
            )),
            Some(_) => None,
        };
        if let Some(set) = found {
            let set = Arc::new(AddressSet::clone(&set));
            side.sets.push((Some(shown), set));
        }
        if let Some(why) = why {
            side.open.push(Open { within: None, why });
        }
    }
}

/// A subnet without its description.
fn unknown_subnet(id: &SubnetId) -> Arc<Doubt> {
    Doubt::settled(
        ReasonKind::UnknownName,
        format!("the addresses of {} are not known", id.name()),
        format!("az network vnet subnet show --ids {id}"),
    )
}

/// Whether every address of a set is in another.
pub(super) fn is_within(one: &AddressSet, other: &AddressSet) -> bool {
    !one.is_empty() && common(one, other) == *one
}
