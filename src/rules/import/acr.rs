//! Network rules of a registry: `az acr show`, the ARM resource, `az acr network-rule list`, and the
//! limits of `az acr show-usage`.

use serde_json::Value;

use crate::azure::SubnetId;
use crate::rules::Entry;
use crate::rules::RuleSetKind;
use crate::rules::import::node::{Node, brief, member};
use crate::rules::ruleset::{
    Access, Cleared, Connection, Direction, Flaw, FlawPart, RegistryFacts, Row, RuleSet,
};
use crate::text::{Safe, clean};

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

/// States of a private endpoint.
const STATES: [&str; 4] = ["Approved", "Pending", "Rejected", "Disconnected"];
/// Whether Tasks pass.
const TASKS: &str = "networkRuleBypassAllowedForTasks";
/// What the network rules of storage accounts, key vaults, databases and namespaces have beside
/// theirs, and a registry's never.
const OTHERS: [&str; 7] = [
    "bypass",
    "resourceAccessRules",
    "ipv6Rules",
    "trustedServiceAccessEnabled",
    "isVirtualNetworkFilterEnabled",
    "documentEndpoint",
    "vaultUri",
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
        node.is_whole("Microsoft.ContainerRegistry/registries") || node.has("loginServer");
    // The rules of other resources look alike.
    let is_bare = node.has("ipRules")
        && (node.has("virtualNetworkRules") || !is_registry)
        && !OTHERS.iter().any(|key| node.has(key));
    if !is_registry && !is_bare {
        return None;
    }
    let name = match node.name() {
        "" => node.text("loginServer").unwrap_or("network rules"),
        name => name,
    };
    let mut set = RuleSet {
        id: node.id(),
        ..RuleSet::new(RuleSetKind::Acr, name)
    };
    let rules = match node.get("networkRuleSet") {
        Some(value) => {
            let rules = Node::of(value, &node.at("networkRuleSet"));
            let keys = ["defaultAction", "ipRules", "virtualNetworkRules"];
            let is_known = |rules: &Node<'_>| keys.iter().any(|key| rules.has(key));
            if !rules.as_ref().is_some_and(is_known) {
                let expected = "an object with defaultAction, ipRules and virtualNetworkRules";
                set.flaws.push(node.flaw("networkRuleSet", value, expected));
            }
            rules
        }
        None if is_bare => None,
        None => {
            if !node.has("networkRuleSet") && !node.has("loginServer") {
                let expected = "the rules: az acr show prints them";
                set.flaws.push(node.missing("networkRuleSet", expected));
            }
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
            part: if is_subnet {
                FlawPart::Subnet
            } else {
                FlawPart::Whole
            },
        });
        row.sources = vec![Entry::Unread(found)];
    };
    let text = keys
        .iter()
        .find_map(|key| member(value, key).and_then(Value::as_str))
        .or_else(|| value.as_str());
    match text {
        None => unread(&mut row, Safe::from(brief(value))),
        Some(text) => {
            row.name = Safe::new(text);
            if let Some(read) = Entry::cleared(text).filter(|_| !is_subnet) {
                row.cleared.push(Cleared {
                    place: row.place.clone(),
                    written: Safe::new(text.trim()),
                    read,
                });
            }
            let entry = if is_subnet {
                SubnetId::of_document(text).ok().map(Entry::Subnet)
            } else {
                Some(Entry::parse(text)).filter(|entry| entry.span().is_some())
            };
            match entry {
                Some(entry) => row.sources = vec![entry],
                None => unread(&mut row, Safe::new(text)),
            }
        }
    }
    let action = member(value, "action").filter(|action| !action.is_null());
    let is_allow = |action: &Value| {
        let word = action.as_str();
        word.is_some_and(|word| word.eq_ignore_ascii_case("allow"))
    };
    if let Some(action) = action.filter(|action| !is_allow(action)) {
        row.access = Access::Unread;
        row.flaws.push(Flaw {
            place: row.place.clone(),
            found: action
                .as_str()
                .map_or_else(|| Safe::from(brief(action)), Safe::new),
            expected: "the action Allow, the only one of a registry's rules",
            part: FlawPart::Whole,
        });
    }
    row
}

/// What is said besides the rules.
fn describe(node: &Node<'_>, set: &mut RuleSet) {
    let flaws = &mut set.flaws;
    let sku = node.get("sku").and_then(|value| {
        let name = member(value, "name").unwrap_or(value);
        if !name.is_string() {
            flaws.push(node.flaw("sku", value, "the name of a tier"));
        }
        name.as_str()
    });
    let registry = &mut set.registry;
    let server = node.text_or_flaw("loginServer", flaws);
    registry.login_server = server.map(|text| clean(text).into_owned());
    registry.sku = sku.map(Safe::new);
    registry.location = node.text_or_flaw("location", flaws).map(Safe::new);
    registry.public_access = switch(node, "publicNetworkAccess", ["Enabled", "Disabled"], flaws);
    registry.trusts_services = switch(
        node,
        "networkRuleBypassOptions",
        ["AzureServices", "None"],
        flaws,
    );
    registry.trusts_tasks = node.get(TASKS).and_then(|value| {
        if !value.is_boolean() {
            flaws.push(node.flaw(TASKS, value, "true or false"));
        }
        value.as_bool()
    });
    registry.connections = connections(node, flaws);
}

/// Private endpoints, whatever their state.
fn connections(node: &Node<'_>, flaws: &mut Vec<Flaw>) -> Option<Vec<Connection>> {
    const KEY: &str = "privateEndpointConnections";
    let list = node.list_or_flaw(KEY, "a list of private endpoints", flaws)?;
    let mut found = Vec::new();
    for (number, value) in list.iter().enumerate() {
        let place = format!("{}[{number}]", node.at(KEY));
        let Some(inner) = Node::of(value, &place) else {
            flaws.push(Flaw {
                place,
                ..node.flaw(KEY, value, "a private endpoint")
            });
            continue;
        };
        let state = inner.get("privateLinkServiceConnectionState");
        let status = state.and_then(|state| member(state, "status"));
        let word = status.and_then(Value::as_str);
        let is_state = |word: &str| STATES.iter().any(|it| it.eq_ignore_ascii_case(word));
        if !word.is_some_and(is_state) {
            let value = status.or(state).unwrap_or(&Value::Null);
            let expected = "the status Approved, Pending, Rejected or Disconnected";
            flaws.push(inner.flaw("privateLinkServiceConnectionState", value, expected));
        }
        let word = word.unwrap_or("unknown");
        found.push(Connection {
            name: Safe::new(inner.name()),
            is_approved: word.eq_ignore_ascii_case("approved"),
            status: Safe::new(word),
        });
    }
    Some(found)
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
    let read = |value: &Value| {
        let name = value.get("name")?.as_str()?;
        let limit = value.get("limit")?.as_u64()?;
        let current = value.get("currentValue")?.as_u64()?;
        Some((Safe::new(name), limit, current))
    };
    let mut usage: Vec<(Safe, u64, u64)> = Vec::new();
    let mut flaws = Vec::new();
    for (number, value) in list.iter().enumerate() {
        match read(value) {
            Some(limit) if USAGES.contains(&limit.0.as_str()) => usage.push(limit),
            None if flaws.len() < USAGES.len() => flaws.push(Flaw {
                place: format!("{}[{number}]", node.at("value")),
                ..node.flaw("value", value, "a name, a limit and a current value")
            }),
            // Limits of other names are none of ours.
            _ => {}
        }
    }
    (!usage.is_empty()).then(|| RuleSet {
        registry: RegistryFacts {
            usage,
            ..RegistryFacts::default()
        },
        flaws,
        ..RuleSet::new(RuleSetKind::Acr, "limits")
    })
}
