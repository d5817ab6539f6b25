//! Collections of rules that stand in a firewall itself: one firewall for all of its collections.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::rules::terraform::block::{blocks, given, is_open, put, renamed, text};
use crate::rules::terraform::modules::Instance;
use crate::rules::terraform::{TerraformFile, firewall, path, properties};

/// The list of a firewall that a type's collections stand in.
fn list(kind: &str) -> Option<&'static str> {
    match kind {
        "azurerm_firewall_network_rule_collection" => Some("networkRuleCollections"),
        "azurerm_firewall_application_rule_collection" => Some("applicationRuleCollections"),
        "azurerm_firewall_nat_rule_collection" => Some("natRuleCollections"),
        _ => None,
    }
}

/// Names of a resource group and of a firewall in it, in lower case.
type Home = (String, String);

fn home(block: &Map<String, Value>, name: &str) -> Home {
    let lower = |key| {
        let text = block.get(key).and_then(Value::as_str);
        text.unwrap_or_default().to_ascii_lowercase()
    };
    (lower("resource_group_name"), lower(name))
}

/// Puts collections into their firewalls; those of firewalls elsewhere make one.
pub(super) fn collect(instances: &[Instance], file: &mut TerraformFile) {
    let mut firewalls: BTreeMap<Home, usize> = BTreeMap::new();
    let places: BTreeMap<&str, usize> = file
        .resources
        .iter()
        .enumerate()
        .map(|(number, resource)| (resource.place.as_str(), number))
        .collect();
    for instance in instances {
        let place = places.get(instance.place.as_str());
        if let Some(place) = place.filter(|_| instance.kind == "azurerm_firewall") {
            firewalls.insert(home(&instance.values, "name"), *place);
        }
    }
    for instance in instances {
        let Some(key) = list(&instance.kind) else {
            continue;
        };
        let block = &instance.values;
        let number = *firewalls
            .entry(home(block, "azure_firewall_name"))
            .or_insert_with(|| {
                file.push(elsewhere(block), &instance.place);
                file.resources.len() - 1
            });
        let resource = file.resources.get_mut(number);
        let properties = resource.and_then(|resource| properties(&mut resource.value));
        let list = properties.map(|properties| properties.entry(key).or_insert_with(|| json!([])));
        if let Some(list) = list.and_then(Value::as_array_mut) {
            list.push(collection(block));
        }
    }
}

/// A firewall that stands in another file.
fn elsewhere(block: &Map<String, Value>) -> Value {
    let name = block.get("azure_firewall_name").and_then(Value::as_str);
    let name = name.unwrap_or_default();
    let mut value = json!({
        "type": "Microsoft.Network/azureFirewalls",
        "name": name,
        "properties": {}
    });
    let id = id(block, name);
    if let (Some(map), Some(id)) = (value.as_object_mut(), id) {
        map.insert("id".to_owned(), json!(id));
    }
    value
}

/// The firewall's id: what stands before the collection in its own, or what its names make.
fn id(block: &Map<String, Value>, name: &str) -> Option<String> {
    if let Some(id) = text(block, "id") {
        let (before, _) = id.rsplit_once('/')?;
        return Some(before.rsplit_once('/')?.0.to_owned());
    }
    if name.is_empty() || is_open(name) {
        return None;
    }
    let group = path::group(text(block, "resource_group_name")?);
    let kind = "providers/Microsoft.Network/azureFirewalls";
    Some(format!("{group}/{kind}/{name}"))
}

fn collection(block: &Map<String, Value>) -> Value {
    let mut properties = renamed(block, &[("priority", "priority")]);
    put(&mut properties, "action", firewall::action(block));
    let rules = blocks(block, "rule", firewall::classic_rule);
    let rules = rules.unwrap_or_else(|| json!([]));
    properties.insert("rules".to_owned(), rules);
    json!({ "name": given(block, "name"), "properties": properties })
}
