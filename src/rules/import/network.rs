//! What is read beside rules: virtual networks, their subnets and private endpoints, firewall policies.

use serde_json::Value;

use crate::azure::SubnetId;
use crate::rules::import::node::{Node, Notes, member};
use crate::rules::ruleset::{
    EndpointPolicies, FirewallPolicy, Flaw, Network, PrivateEndpoint, Subnet, SubnetLink,
    ThreatIntel,
};
use crate::rules::{Entry, is_expression};
use crate::text::Safe;

/// `az network vnet subnet show`; what of it is not understood joins the file's flaws. Without an ID
/// of its own it has the one of its network, with its name.
pub(super) fn subnet(
    node: &Node<'_>,
    network: Option<&str>,
    flaws: &mut Vec<Flaw>,
) -> Option<Subnet> {
    const KEY: &str = "serviceEndpoints";
    let id = match (node.text("id"), network) {
        (Some(id), _) => id.to_owned(),
        (None, Some(network)) => format!("{network}/subnets/{}", node.name()),
        (None, None) => return None,
    };
    let id = SubnetId::of_document(&id).ok()?;
    let keys = [KEY, "addressPrefix", "addressPrefixes"];
    if !keys.iter().any(|key| node.has(key)) {
        return None;
    }
    let mut service_endpoints = Vec::new();
    let list = node.list_or_flaw(KEY, "a list of service endpoints", flaws);
    for (number, value) in list.into_iter().flatten().enumerate() {
        match member(value, "service").unwrap_or(value).as_str() {
            Some(service) => service_endpoints.push(Safe::new(service)),
            None => flaws.push(Flaw {
                place: format!("{}[{number}]", node.at(KEY)),
                ..node.flaw(KEY, value, "a service endpoint")
            }),
        }
    }
    let mut linked = |key: &str| {
        let Some(value) = node.get(key) else {
            return SubnetLink::None;
        };
        let id = member(value, "id").unwrap_or(value).as_str();
        if let Some(id) = id.filter(|id| !is_expression(id)) {
            return SubnetLink::To(id.to_owned());
        }
        flaws.push(node.flaw(key, value, "the id of a resource"));
        SubnetLink::Open
    };
    let security_group = linked("networkSecurityGroup");
    let route_table = linked("routeTable");
    let listed = node.list("privateEndpoints");
    Some(Subnet {
        policies: endpoint_policies(node, flaws),
        private_endpoints: listed.map_or(0, Vec::len),
        id,
        service_endpoints,
        prefixes: prefixes(node, flaws),
        security_group,
        route_table,
    })
}

/// Which rules hold for private endpoints; none where it does not say, as it is by default.
fn endpoint_policies(node: &Node<'_>, flaws: &mut Vec<Flaw>) -> EndpointPolicies {
    const KEY: &str = "privateEndpointNetworkPolicies";
    let Some(value) = node.get(KEY) else {
        return EndpointPolicies::OFF;
    };
    let known = value.as_str().and_then(EndpointPolicies::of);
    known.unwrap_or_else(|| {
        let expected = "Disabled, Enabled, NetworkSecurityGroupEnabled or RouteTableEnabled";
        flaws.push(node.flaw(KEY, value, expected));
        EndpointPolicies::UNKNOWN
    })
}

/// `az network private-endpoint show`.
pub(super) fn private_endpoint(node: &Node<'_>) -> Option<PrivateEndpoint> {
    const LINKS: [&str; 2] = [
        "privateLinkServiceConnections",
        "manualPrivateLinkServiceConnections",
    ];
    if !node.is_type("privateEndpoints") && !node.has(LINKS[0]) {
        return None;
    }
    let inner = |key: &str| {
        let values = node.list(key).into_iter().flatten();
        let place = node.at(key);
        values.filter_map(move |value| Node::of(value, &place))
    };
    let mut addresses = Vec::new();
    for config in inner("customDnsConfigs") {
        let host = config.text("fqdn").map(Safe::new);
        let texts = config.list("ipAddresses").into_iter().flatten();
        let texts = texts.filter_map(Value::as_str);
        addresses.extend(texts.map(|text| (host.clone(), Entry::parse(text))));
    }
    for config in inner("ipConfigurations") {
        let text = config.text("privateIPAddress");
        addresses.extend(text.map(|text| (None, Entry::parse(text))));
    }
    let links = LINKS.into_iter().flat_map(inner);
    let targets = links.filter_map(|link| link.text("privateLinkServiceId").map(Safe::new));
    let subnet = node.get("subnet").and_then(|subnet| member(subnet, "id"));
    let subnet = subnet.and_then(Value::as_str);
    Some(PrivateEndpoint {
        name: Safe::new(node.name()),
        subnet: subnet.and_then(|id| SubnetId::of_document(id).ok()),
        addresses,
        targets: targets.collect(),
    })
}

fn prefixes(node: &Node<'_>, flaws: &mut Vec<Flaw>) -> Vec<Entry> {
    let mut notes = Notes::default();
    let prefixes = node.entries("addressPrefix", "addressPrefixes", &mut notes);
    flaws.append(&mut notes.flaws);
    prefixes
}

/// A virtual network, and the list of its subnets.
pub(super) fn network<'a>(
    node: &Node<'a>,
    flaws: &mut Vec<Flaw>,
) -> Option<(Network, &'a [Value])> {
    let is_one = node.is_type("virtualNetworks") || node.has("addressSpace");
    if !is_one {
        return None;
    }
    let place = node.at("addressSpace");
    let space = node.get("addressSpace");
    let space = space.and_then(|space| Node::of(space, &place));
    let mut peers = Vec::new();
    for peer in node.list("virtualNetworkPeerings").into_iter().flatten() {
        let Some(peer) = Node::of(peer, &node.at("virtualNetworkPeerings")) else {
            continue;
        };
        let space = peer.get("remoteVirtualNetworkAddressSpace");
        let space = space.or_else(|| peer.get("remoteAddressSpace"));
        if let Some(space) = space.and_then(|space| Node::of(space, &peer.place)) {
            peers.extend(prefixes(&space, flaws));
        }
    }
    let network = Network {
        name: Safe::new(node.name()),
        prefixes: space.map_or_else(Vec::new, |space| prefixes(&space, flaws)),
        peers,
    };
    let subnets = node.list("subnets").map_or(&[][..], Vec::as_slice);
    Some((network, subnets))
}

/// What a firewall policy says beside its rules.
pub(super) fn policy(node: &Node<'_>) -> Option<FirewallPolicy> {
    if !node.is_type("firewallPolicies") && !node.is_type("azureFirewalls") {
        return None;
    }
    let mode = |value: Option<&Value>| {
        let word = value?.as_str();
        let is = |known: &str| word.is_some_and(|word| word.eq_ignore_ascii_case(known));
        Some(match () {
            () if is("off") => ThreatIntel::Off,
            () if is("alert") => ThreatIntel::Alert,
            () if is("deny") => ThreatIntel::Deny,
            () => ThreatIntel::Unread,
        })
    };
    let base = node.get("basePolicy").and_then(|base| member(base, "id"));
    let intrusion = node.get("intrusionDetection");
    Some(FirewallPolicy {
        name: Safe::new(node.name()),
        id: node.id(),
        threat_intel: mode(node.get("threatIntelMode")),
        intrusion: mode(intrusion.and_then(|it| member(it, "mode"))),
        base: base.and_then(Value::as_str).map(Safe::new),
    })
}

/// The security group that a network interface names.
pub(super) fn interface(node: &Node<'_>) -> Option<String> {
    let group = node.get("networkSecurityGroup")?;
    let id = member(group, "id")?.as_str()?;
    node.is_type("networkInterfaces").then(|| id.to_owned())
}
