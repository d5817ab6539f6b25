//! Security groups, route tables, networks and subnets.

use serde_json::{Map, Value, json};

use crate::rules::terraform::block::{blocks, element, given, inside, link, links, put, renamed};

type Block = Map<String, Value>;

/// A security group with the rules that stand in it.
pub(super) fn security_group(block: &Block) -> Block {
    let rules = blocks(block, "security_rule", |rule| element(rule, rule_of(rule)));
    let rules = rules.unwrap_or_else(|| json!([]));
    let mut properties = Block::new();
    properties.insert("securityRules".to_owned(), rules);
    inside(properties)
}

/// A rule by itself.
pub(super) fn security_rule(block: &Block) -> Block {
    inside(rule_of(block))
}

fn rule_of(block: &Block) -> Block {
    let names = [
        ("description", "description"),
        ("protocol", "protocol"),
        ("source_port_range", "sourcePortRange"),
        ("source_port_ranges", "sourcePortRanges"),
        ("destination_port_range", "destinationPortRange"),
        ("destination_port_ranges", "destinationPortRanges"),
        ("source_address_prefix", "sourceAddressPrefix"),
        ("source_address_prefixes", "sourceAddressPrefixes"),
        ("destination_address_prefix", "destinationAddressPrefix"),
        ("destination_address_prefixes", "destinationAddressPrefixes"),
        ("access", "access"),
        ("priority", "priority"),
        ("direction", "direction"),
    ];
    let mut rule = renamed(block, &names);
    for (from, to) in [
        (
            "source_application_security_group_ids",
            "sourceApplicationSecurityGroups",
        ),
        (
            "destination_application_security_group_ids",
            "destinationApplicationSecurityGroups",
        ),
    ] {
        put(&mut rule, to, links(block, from));
    }
    rule
}

/// A route table with the routes that stand in it.
pub(super) fn route_table(block: &Block) -> Block {
    let routes = blocks(block, "route", |route| element(route, route_of(route)));
    let mut properties = Block::new();
    let routes = routes.unwrap_or_else(|| json!([]));
    properties.insert("routes".to_owned(), routes);
    let is_on = match given(block, "bgp_route_propagation_enabled") {
        Some(Value::Bool(is_on)) => Some(Value::Bool(!is_on)),
        Some(other) => Some(other.clone()),
        None => given(block, "disable_bgp_route_propagation").cloned(),
    };
    put(&mut properties, "disableBgpRoutePropagation", is_on);
    inside(properties)
}

/// A route by itself.
pub(super) fn route(block: &Block) -> Block {
    inside(route_of(block))
}

fn route_of(block: &Block) -> Block {
    let names = [
        ("address_prefix", "addressPrefix"),
        ("next_hop_type", "nextHopType"),
        ("next_hop_in_ip_address", "nextHopIpAddress"),
    ];
    renamed(block, &names)
}

/// A network with the subnets that stand in it.
pub(super) fn virtual_network(block: &Block) -> Block {
    let mut properties = Block::new();
    if let Some(space) = given(block, "address_space") {
        let space = json!({ "addressPrefixes": space });
        properties.insert("addressSpace".to_owned(), space);
    }
    let subnets = blocks(block, "subnet", |subnet| element(subnet, subnet_of(subnet)));
    put(&mut properties, "subnets", subnets);
    inside(properties)
}

/// A subnet by itself.
pub(super) fn subnet(block: &Block) -> Block {
    inside(subnet_of(block))
}

fn subnet_of(block: &Block) -> Block {
    let names = [
        ("address_prefix", "addressPrefix"),
        ("address_prefixes", "addressPrefixes"),
    ];
    let mut subnet = renamed(block, &names);
    for (from, to) in [
        ("security_group", "networkSecurityGroup"),
        ("network_security_group_id", "networkSecurityGroup"),
        ("route_table_id", "routeTable"),
    ] {
        put(&mut subnet, to, link(block, from));
    }
    put(&mut subnet, "serviceEndpoints", endpoints(block));
    let policies = "privateEndpointNetworkPolicies";
    put(&mut subnet, policies, endpoint_policies(block));
    subnet
}

/// Which rules hold for private endpoints: a word, or as older versions of the provider have it.
fn endpoint_policies(block: &Block) -> Option<Value> {
    if let Some(word) = given(block, "private_endpoint_network_policies") {
        return Some(word.clone());
    }
    let word = |is_on| Value::from(if is_on { "Enabled" } else { "Disabled" });
    let older = [
        ("private_endpoint_network_policies_enabled", true),
        ("enforce_private_link_endpoint_network_policies", false),
    ];
    older.into_iter().find_map(|(key, on)| {
        Some(match given(block, key)? {
            Value::Bool(is_set) => word(*is_set == on),
            other => other.clone(),
        })
    })
}

/// A private endpoint with its addresses, where it has them already.
pub(super) fn private_endpoint(block: &Block) -> Block {
    let mut properties = Block::new();
    put(&mut properties, "subnet", link(block, "subnet_id"));
    let link_of = |connection: &Block| {
        let names = [("private_connection_resource_id", "privateLinkServiceId")];
        Value::Object(renamed(connection, &names))
    };
    let links = blocks(block, "private_service_connection", link_of);
    put(&mut properties, "privateLinkServiceConnections", links);
    let hosts = blocks(block, "custom_dns_configs", |config| {
        let names = [("fqdn", "fqdn"), ("ip_addresses", "ipAddresses")];
        Value::Object(renamed(config, &names))
    });
    put(&mut properties, "customDnsConfigs", hosts);
    let of_addresses = |connection: &Block| {
        let names = [("private_ip_address", "privateIPAddress")];
        Value::Object(renamed(connection, &names))
    };
    let addresses = ["ip_configuration", "private_service_connection"];
    let addresses = addresses.map(|key| blocks(block, key, of_addresses));
    let addresses: Vec<Value> = addresses
        .into_iter()
        .flatten()
        .filter_map(|list| list.as_array().cloned())
        .flatten()
        .collect();
    properties.insert("ipConfigurations".to_owned(), Value::Array(addresses));
    inside(properties)
}

/// Services by name, or blocks with a name and a network.
fn endpoints(block: &Block) -> Option<Value> {
    let blocks = blocks(block, "service_endpoint", |endpoint| {
        let mut members = renamed(endpoint, &[("service", "service")]);
        let network = link(endpoint, "network_identifier");
        put(&mut members, "networkIdentifier", network);
        Value::Object(members)
    });
    blocks.or_else(|| {
        Some(match given(block, "service_endpoints")? {
            Value::Array(list) => {
                let endpoint = |service| json!({ "service": service });
                list.iter().map(endpoint).collect()
            }
            other => other.clone(),
        })
    })
}
