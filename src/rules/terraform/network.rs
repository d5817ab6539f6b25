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
    subnet
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
