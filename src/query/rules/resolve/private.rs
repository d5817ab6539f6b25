//! Where private endpoints are, as far as the files say: at their addresses the rules of their subnet hold
//! only where its network policies say so.

use std::sync::Arc;

use crate::query::rules::LoadedFile;
use crate::query::rules::resolve::is_within;
use crate::query::rules::resolve::side::common;
use crate::rules::{EndpointPolicies, Entry, PrivateEndpoint, Subnet};
use crate::space::AddressSet;
use crate::text::Safe;

/// Addresses of a private endpoint, or of a subnet that has some.
#[derive(Debug, Clone)]
pub(in crate::query::rules) struct PrivatePlace {
    /// The endpoint or the subnet, in words.
    pub name: String,
    pub addresses: Arc<AddressSet>,
    /// Whether each address is an endpoint's, and not perhaps only.
    pub is_known: bool,
    pub policies: EndpointPolicies,
}

/// Whether traffic ends at a private endpoint for which its subnet's rules do not hold.
#[derive(Debug, Clone, Copy)]
pub(in crate::query::rules) enum PastRules<'p> {
    No,
    /// All of it.
    Surely,
    /// Some of it, or that is not known.
    Perhaps(&'p PrivatePlace),
}

/// Every place of a private endpoint.
#[derive(Debug, Clone, Default)]
pub(in crate::query::rules) struct PrivatePlaces {
    pub places: Vec<PrivatePlace>,
    endpoints: Vec<PrivateEndpoint>,
}

impl PrivatePlaces {
    pub fn new(files: &[LoadedFile]) -> Self {
        let endpoints = files.iter().flat_map(|it| &it.file.private_endpoints);
        let endpoints: Vec<PrivateEndpoint> = endpoints.cloned().collect();
        let subnets = || files.iter().flat_map(|it| &it.file.subnets);
        let mut places = Vec::new();
        for endpoint in &endpoints {
            let addresses = addresses_of(endpoint);
            if addresses.is_empty() {
                continue;
            }
            let subnet = subnets().find(|subnet| is_in(endpoint, subnet));
            places.push(PrivatePlace {
                name: format!("private endpoint {}", endpoint.name),
                addresses: Arc::new(addresses),
                is_known: true,
                policies: subnet.map_or(EndpointPolicies::UNKNOWN, |subnet| subnet.policies),
            });
        }
        for subnet in subnets() {
            let own = || endpoints.iter().filter(|it| is_in(it, subnet));
            let known = own().filter(|it| !addresses_of(it).is_empty()).count();
            if own().count().max(subnet.private_endpoints) == known {
                continue;
            }
            let all = prefixes_of(subnet);
            let rest = own().fold(all, |rest, it| rest.difference(&addresses_of(it)));
            places.push(PrivatePlace {
                name: format!("a private endpoint in subnet {}", subnet.id.name()),
                addresses: Arc::new(rest),
                is_known: false,
                policies: subnet.policies,
            });
        }
        Self { places, endpoints }
    }

    /// Every set by which it tells addresses apart.
    pub fn address_sets(&self) -> impl Iterator<Item = Arc<AddressSet>> {
        let Self { places, endpoints } = self;
        let places = places.iter().map(|place| Arc::clone(&place.addresses));
        let endpoints = endpoints.iter().map(|it| Arc::new(addresses_of(it)));
        places.chain(endpoints)
    }

    /// Whether a security group in front of a destination is not asked.
    pub fn past_groups(&self, to: Option<&AddressSet>) -> PastRules<'_> {
        let Some(to) = to else {
            return PastRules::No;
        };
        let mut met = self.places.iter().filter(|place| {
            place.policies.groups != Some(true) && !common(to, &place.addresses).is_empty()
        });
        match met.next() {
            None => PastRules::No,
            Some(place)
                if place.is_known
                    && place.policies.groups == Some(false)
                    && is_within(to, &place.addresses) =>
            {
                PastRules::Surely
            }
            Some(place) => PastRules::Perhaps(place),
        }
    }

    /// The addresses at which a host is reached over private endpoints; empty where the files do not say.
    pub fn of_host(&self, host: &str) -> AddressSet {
        let label = host.split('.').next().unwrap_or(host);
        let is_target = |endpoint: &PrivateEndpoint| {
            let mut targets = endpoint.targets.iter();
            targets.any(|id| is_registry(id.as_str(), label))
        };
        let is_host = |own: &Safe| own.as_str().eq_ignore_ascii_case(host);
        let mut spans = Vec::new();
        for endpoint in &self.endpoints {
            let has_hosts = endpoint.addresses.iter().any(|(own, _)| own.is_some());
            let of_host = endpoint.addresses.iter().filter(|(own, _)| match own {
                Some(own) => is_host(own),
                None => !has_hosts && is_target(endpoint),
            });
            spans.extend(of_host.filter_map(|(_, entry)| entry.span()));
        }
        AddressSet::from_spans(spans)
    }
}

/// Whether an ID is that of the registry with this name.
fn is_registry(id: &str, name: &str) -> bool {
    let mut parts = id.rsplit('/');
    let mut is_next = |word: &str| parts.next().is_some_and(|it| it.eq_ignore_ascii_case(word));
    is_next(name) && is_next("registries")
}

fn addresses_of(endpoint: &PrivateEndpoint) -> AddressSet {
    let entries = endpoint.addresses.iter();
    AddressSet::from_spans(entries.filter_map(|(_, entry)| entry.span()))
}

fn prefixes_of(subnet: &Subnet) -> AddressSet {
    AddressSet::from_spans(subnet.prefixes.iter().filter_map(Entry::span))
}

/// By its ID, or where it names none by its addresses.
fn is_in(endpoint: &PrivateEndpoint, subnet: &Subnet) -> bool {
    match &endpoint.subnet {
        Some(id) => id.is_same(&subnet.id),
        None => is_within(&addresses_of(endpoint), &prefixes_of(subnet)),
    }
}
