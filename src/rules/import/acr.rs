//! Network rules of a registry: `az acr show`, the ARM resource, `az acr network-rule list`, and the
//! limits of `az acr show-usage`.

use serde_json::Value;

use crate::rules::import::node::{Node, brief};
use crate::rules::ruleset::{Access, Connection, Direction, Flaw, Kind, Registry, Row, RuleSet};
use crate::rules::{Entry, SubnetId};
use crate::text::Safe;

/// Names of limits that only `az acr show-usage` has.
const USAGES: [&str; 8] = [
    "Size",
    "Webhooks",
    "Geo-replications",
    "IPRules",
    "VNetRules",
    "PrivateEndpointConnections",
    "ScopeMaps",
    "Tokens",
];

/// Spellings of an IP rule's address.
const ADDRESS: [&str; 2] = ["value", "ipAddressOrRange"];
/// Spellings of a subnet rule's subnet.
const SUBNET: [&str; 3] = [
    "virtualNetworkSubnetResourceId",
    "virtualNetworkResourceId",
    "id",
];

pub(super) fn read(node: &Node<'_>) -> Option<RuleSet> {
    let is_registry =
        node.is_type("Microsoft.ContainerRegistry/registries") || node.has("loginServer");
    let is_bare = node.has("ipRules") && (node.has("virtualNetworkRules") || !is_registry);
    if !is_registry && !is_bare {
        return None;
    }
    let mut set = RuleSet {
        kind: Kind::Acr,
        name: Safe::new(match node.name() {
            "" => node.text("loginServer").unwrap_or("network rules"),
            name => name,
        }),
        id: node.text("id").map(str::to_owned),
        priority: None,
        rows: Vec::new(),
        registry: Registry::default(),
        flaws: Vec::new(),
    };
    let rules = match node.get("networkRuleSet") {
        Some(value) => Node::of(value, &node.at("networkRuleSet")),
        None if is_bare => None,
        None => {
            describe(node, &mut set);
            return Some(set);
        }
    };
    describe(node, &mut set);
    let rules = rules.as_ref().unwrap_or(node);
    set.registry.default_allows = switch(rules, "defaultAction", ["Allow", "Deny"], &mut set.flaws);
    // Subnets are looked at before addresses.
    for (key, keys, is_subnet) in [
        ("virtualNetworkRules", &SUBNET[..], true),
        ("ipRules", &ADDRESS[..], false),
    ] {
        match rules.get(key) {
            None => {}
            Some(Value::Array(list)) => {
                for (number, value) in list.iter().enumerate() {
                    let place = format!("{}[{number}]", rules.at(key));
                    set.rows.push(rule(value, place, keys, is_subnet));
                }
            }
            Some(other) => set.flaws.push(rules.flaw(key, other, "a list of rules")),
        }
    }
    Some(set)
}

fn rule(value: &Value, place: String, keys: &[&str], is_subnet: bool) -> Row {
    let mut row = Row::new("", place, Direction::In, Access::Allow);
    let expected = if is_subnet {
        "a rule with virtualNetworkSubnetResourceId, virtualNetworkResourceId or id"
    } else {
        "a rule with value or ipAddressOrRange"
    };
    let unread = |row: &mut Row, found: Safe| {
        row.flaws.push(Flaw {
            place: row.place.clone(),
            found: found.clone(),
            expected,
        });
        row.sources = vec![Entry::Unread(found)];
    };
    let text = keys
        .iter()
        .find_map(|key| value.get(key).and_then(Value::as_str))
        .or_else(|| value.as_str());
    match text {
        None => unread(&mut row, Safe::from(brief(value))),
        Some(text) => {
            row.name = Safe::new(text);
            let entry = if is_subnet {
                SubnetId::parse(text).map(Entry::Subnet)
            } else {
                Some(Entry::parse(text)).filter(|entry| entry.span().is_some())
            };
            match entry {
                Some(entry) => row.sources = vec![entry],
                None => unread(&mut row, Safe::new(text)),
            }
        }
    }
    match value.get("action").and_then(Value::as_str) {
        Some(action) if !action.eq_ignore_ascii_case("allow") => {
            row.access = Access::Unread;
            row.flaws.push(Flaw {
                place: row.place.clone(),
                found: Safe::new(action),
                expected: "the action Allow, the only one of a registry's rules",
            });
        }
        _ => {}
    }
    row
}

/// What is said besides the rules.
fn describe(node: &Node<'_>, set: &mut RuleSet) {
    let flaws = &mut set.flaws;
    let sku = node.get("sku").and_then(|sku| match sku {
        Value::Object(sku) => sku.get("name").and_then(Value::as_str),
        other => other.as_str(),
    });
    let registry = &mut set.registry;
    registry.login_server = node.text("loginServer").map(str::to_owned);
    registry.sku = sku.map(Safe::new);
    registry.location = node.text("location").map(Safe::new);
    registry.public_access = switch(node, "publicNetworkAccess", ["Enabled", "Disabled"], flaws);
    registry.trusts_services = switch(
        node,
        "networkRuleBypassOptions",
        ["AzureServices", "None"],
        flaws,
    );
    registry.trusts_tasks = node
        .get("networkRuleBypassAllowedForTasks")
        .and_then(Value::as_bool);
    let connections = node
        .list("privateEndpointConnections")
        .into_iter()
        .flatten();
    registry.connections = connections
        .filter_map(|value| {
            let inner = Node::of(value, "")?;
            let state = inner.get("privateLinkServiceConnectionState");
            let status = state.and_then(|state| state.get("status"));
            let status = status.and_then(Value::as_str).unwrap_or("unknown");
            Some(Connection {
                name: Safe::new(inner.name()),
                is_approved: status.eq_ignore_ascii_case("approved"),
                status: Safe::new(status),
            })
        })
        .collect();
}

/// One of two words, ignoring case: whether it is the first.
fn switch(node: &Node<'_>, key: &str, words: [&str; 2], flaws: &mut Vec<Flaw>) -> Option<bool> {
    let value = node.get(key)?;
    let text = value.as_str().unwrap_or_default();
    let [yes, no] = words.map(|word| word.eq_ignore_ascii_case(text));
    if !yes && !no {
        flaws.push(node.flaw(key, value, "one of the two known words"));
        return None;
    }
    Some(yes)
}

/// `az acr show-usage`: limits and current values.
pub(super) fn usage(node: &Node<'_>) -> Option<RuleSet> {
    let list = node.list("value")?;
    let usage: Vec<(Safe, u64, u64)> = list
        .iter()
        .filter_map(|value| {
            let name = value.get("name")?.as_str()?;
            let limit = value.get("limit")?.as_u64()?;
            let current = value.get("currentValue")?.as_u64()?;
            USAGES
                .contains(&name)
                .then(|| (Safe::new(name), limit, current))
        })
        .collect();
    (!usage.is_empty()).then(|| RuleSet {
        kind: Kind::Acr,
        name: Safe::new("limits"),
        id: None,
        priority: None,
        rows: Vec::new(),
        registry: Registry {
            usage,
            ..Registry::default()
        },
        flaws: Vec::new(),
    })
}
