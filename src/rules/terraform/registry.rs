//! Container registries.

use serde_json::{Map, Value, json};

use crate::rules::terraform::block::{blocks, given, inside, put, renamed};

type Block = Map<String, Value>;

/// A registry with its network rules.
pub(super) fn registry(block: &Block) -> Block {
    let names = [
        ("login_server", "loginServer"),
        ("network_rule_bypass_option", "networkRuleBypassOptions"),
        (
            "network_rule_bypass_for_tasks_enabled",
            "networkRuleBypassAllowedForTasks",
        ),
        ("data_endpoint_enabled", "dataEndpointEnabled"),
        ("data_endpoint_host_names", "dataEndpointHostNames"),
        ("admin_enabled", "adminUserEnabled"),
        ("anonymous_pull_enabled", "anonymousPullEnabled"),
    ];
    let mut properties = renamed(block, &names);
    let access = given(block, "public_network_access_enabled").map(|is_on| match is_on {
        Value::Bool(true) => json!("Enabled"),
        Value::Bool(false) => json!("Disabled"),
        other => other.clone(),
    });
    put(&mut properties, "publicNetworkAccess", access);
    // A registry's data source does not tell rules.
    if block.contains_key("network_rule_set") {
        let rules = rules(block).unwrap_or(Value::Null);
        properties.insert("networkRuleSet".to_owned(), rules);
    }
    let mut members = inside(properties);
    let sku = given(block, "sku").map(|name| json!({ "name": name }));
    put(&mut members, "sku", sku);
    members
}

fn rules(block: &Block) -> Option<Value> {
    let sets = blocks(block, "network_rule_set", |block| {
        let mut set = renamed(block, &[("default_action", "defaultAction")]);
        let addresses = blocks(block, "ip_rule", |rule| {
            let names = [("action", "action"), ("ip_range", "value")];
            Value::Object(renamed(rule, &names))
        });
        let addresses = addresses.unwrap_or_else(|| json!([]));
        set.insert("ipRules".to_owned(), addresses);
        let subnets = blocks(block, "virtual_network", |rule| {
            let names = [("action", "action"), ("subnet_id", "id")];
            Value::Object(renamed(rule, &names))
        });
        let subnets = subnets.unwrap_or_else(|| json!([]));
        set.insert("virtualNetworkRules".to_owned(), subnets);
        Value::Object(set)
    });
    match sets? {
        Value::Array(list) => list.into_iter().next(),
        other => Some(other),
    }
}
