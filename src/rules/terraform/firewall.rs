//! Firewalls, their policies, groups of rule collections and IP groups.

use serde_json::{Map, Value, json};

use crate::rules::terraform::block::{blocks, element, given, inside, link, put, renamed, single};

type Block = Map<String, Value>;

/// What rules have in common, whatever they filter.
const RULE: [(&str, &str); 8] = [
    ("description", "description"),
    ("source_addresses", "sourceAddresses"),
    ("source_ip_groups", "sourceIpGroups"),
    ("destination_addresses", "destinationAddresses"),
    ("destination_ip_groups", "destinationIpGroups"),
    ("destination_ports", "destinationPorts"),
    ("translated_address", "translatedAddress"),
    ("translated_port", "translatedPort"),
];

/// A firewall; the classic collections of its rules are resources of their own.
pub(super) fn firewall(block: &Block) -> Block {
    let mut properties = renamed(block, &[("threat_intel_mode", "threatIntelMode")]);
    let sku = renamed(block, &[("sku_name", "name"), ("sku_tier", "tier")]);
    if !sku.is_empty() {
        properties.insert("sku".to_owned(), Value::Object(sku));
    }
    let policy = link(block, "firewall_policy_id");
    put(&mut properties, "firewallPolicy", policy);
    let hub = single(block, "virtual_hub").and_then(|hub| link(hub, "virtual_hub_id"));
    put(&mut properties, "virtualHub", hub);
    let addresses = blocks(block, "ip_configuration", |block| {
        let mut properties = renamed(block, &[("private_ip_address", "privateIPAddress")]);
        put(&mut properties, "subnet", link(block, "subnet_id"));
        let public = link(block, "public_ip_address_id");
        put(&mut properties, "publicIPAddress", public);
        element(block, properties)
    });
    put(&mut properties, "ipConfigurations", addresses);
    inside(properties)
}

/// A policy without its rules.
pub(super) fn policy(block: &Block) -> Block {
    let mut properties = renamed(block, &[("threat_intelligence_mode", "threatIntelMode")]);
    put(&mut properties, "basePolicy", link(block, "base_policy_id"));
    let tier = given(block, "sku").map(|tier| json!({ "tier": tier }));
    put(&mut properties, "sku", tier);
    let allowed = single(block, "threat_intelligence_allowlist").map(|block| {
        let names = [("fqdns", "fqdns"), ("ip_addresses", "ipAddresses")];
        Value::Object(renamed(block, &names))
    });
    put(&mut properties, "threatIntelWhitelist", allowed);
    let detection = single(block, "intrusion_detection")
        .map(|block| Value::Object(renamed(block, &[("mode", "mode")])));
    put(&mut properties, "intrusionDetection", detection);
    inside(properties)
}

/// A group of rule collections of a policy.
pub(super) fn group(block: &Block) -> Block {
    let mut properties = renamed(block, &[("priority", "priority")]);
    let kinds = [
        ("nat_rule_collection", "NatRule"),
        ("network_rule_collection", "NetworkRule"),
        ("application_rule_collection", "ApplicationRule"),
    ];
    let mut collections = Vec::new();
    for (key, kind) in kinds {
        match blocks(block, key, |block| collection(block, kind)) {
            Some(Value::Array(list)) => collections.extend(list),
            Some(unknown) => collections.push(unknown),
            None => {}
        }
    }
    let collections = match collections.as_slice() {
        [Value::String(unknown)] => Value::String(unknown.clone()),
        _ => Value::Array(collections),
    };
    properties.insert("ruleCollections".to_owned(), collections);
    inside(properties)
}

fn collection(block: &Block, kind: &str) -> Value {
    let mut members = renamed(block, &[("name", "name"), ("priority", "priority")]);
    let is_translation = kind == "NatRule";
    let word = if is_translation {
        "FirewallPolicyNatRuleCollection"
    } else {
        "FirewallPolicyFilterRuleCollection"
    };
    members.insert("ruleCollectionType".to_owned(), json!(word));
    put(&mut members, "action", action(block));
    let rules = blocks(block, "rule", |block| {
        let mut rule = renamed(block, &[("name", "name")]);
        rule.insert("ruleType".to_owned(), json!(kind));
        rule.extend(renamed(block, &RULE));
        match kind {
            "ApplicationRule" => rule.extend(application(block)),
            _ => rule.extend(transport(block)),
        }
        Value::Object(rule)
    });
    let rules = rules.unwrap_or_else(|| json!([]));
    members.insert("rules".to_owned(), rules);
    Value::Object(members)
}

/// What a collection does, as ARM writes it.
pub(super) fn action(block: &Block) -> Option<Value> {
    given(block, "action").map(|action| json!({ "type": action }))
}

/// What only rules of networks and translations have.
fn transport(block: &Block) -> Block {
    let names = [
        ("protocols", "ipProtocols"),
        ("destination_fqdns", "destinationFqdns"),
        ("translated_fqdn", "translatedFqdn"),
    ];
    let mut rule = renamed(block, &names);
    let address = given(block, "destination_address").map(|address| json!([address]));
    put(&mut rule, "destinationAddresses", address);
    rule
}

/// What only rules of applications have.
fn application(block: &Block) -> Block {
    let names = [
        ("destination_fqdns", "targetFqdns"),
        ("destination_urls", "targetUrls"),
        ("destination_fqdn_tags", "fqdnTags"),
        ("web_categories", "webCategories"),
        ("terminate_tls", "terminateTLS"),
    ];
    let mut rule = renamed(block, &names);
    put(&mut rule, "protocols", protocols(block, "protocols"));
    rule
}

fn protocols(block: &Block, key: &str) -> Option<Value> {
    blocks(block, key, |block| {
        let names = [("type", "protocolType"), ("port", "port")];
        Value::Object(renamed(block, &names))
    })
}

/// A rule of a classic collection.
pub(super) fn classic_rule(block: &Block) -> Value {
    let mut rule = renamed(block, &[("name", "name")]);
    rule.extend(renamed(block, &RULE));
    let names = [
        ("destination_fqdns", "destinationFqdns"),
        ("translated_fqdn", "translatedFqdn"),
        ("protocols", "protocols"),
        ("target_fqdns", "targetFqdns"),
        ("fqdn_tags", "fqdnTags"),
    ];
    rule.extend(renamed(block, &names));
    put(&mut rule, "protocols", protocols(block, "protocol"));
    Value::Object(rule)
}

/// An IP group.
pub(super) fn ip_group(block: &Block) -> Block {
    let addresses = given(block, "cidrs").cloned();
    let mut properties = Block::new();
    let addresses = addresses.unwrap_or_else(|| json!([]));
    properties.insert("ipAddresses".to_owned(), addresses);
    inside(properties)
}
