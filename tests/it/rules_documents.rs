//! One document of each kind of rules, as Azure CLI prints it.

use serde_json::{Value, json};

pub const SUBNET: &str =
    "/subscriptions/0/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s";

/// `az acr show`.
pub fn registry() -> Value {
    json!({
        "id": "/subscriptions/0/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/contoso",
        "name": "contoso", "type": "Microsoft.ContainerRegistry/registries", "location": "westeurope",
        "sku": {"name": "Premium", "tier": "Premium"},
        "loginServer": "contoso.azurecr.io", "publicNetworkAccess": "Enabled",
        "networkRuleBypassOptions": "AzureServices", "networkRuleBypassAllowedForTasks": false,
        "networkRuleSet": {"defaultAction": "Deny",
            "ipRules": [{"action": "Allow", "ipAddressOrRange": "203.0.113.7"},
                {"action": "Allow", "ipAddressOrRange": "198.51.100.0/24"}],
            "virtualNetworkRules": [{"action": "Allow", "virtualNetworkResourceId": SUBNET}]},
        "privateEndpointConnections": [{"name": "pe",
            "privateLinkServiceConnectionState": {"status": "Approved", "description": "", "actionsRequired": "None"}}]
    })
}

/// `az acr show-usage`.
pub fn usage() -> Value {
    json!({"value": [
        {"name": "IPRules", "limit": 200, "currentValue": 2, "unit": "Count"},
        {"name": "VNetRules", "limit": 100, "currentValue": 1, "unit": "Count"}
    ]})
}

/// `az network nsg show`.
pub fn group() -> Value {
    json!({
        "id": "/subscriptions/0/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/nsg1",
        "name": "nsg1", "type": "Microsoft.Network/networkSecurityGroups", "location": "westeurope",
        "securityRules": [
            {"name": "out", "priority": 200, "direction": "Outbound", "access": "Allow", "protocol": "Tcp",
             "sourceAddressPrefix": "VirtualNetwork", "sourceAddressPrefixes": [], "sourcePortRange": "*", "sourcePortRanges": [],
             "destinationAddressPrefix": null, "destinationAddressPrefixes": ["20.38.108.0/23", "8.8.8.8"],
             "destinationPortRange": null, "destinationPortRanges": ["443", "8000-8010"],
             "sourceApplicationSecurityGroups": null, "destinationApplicationSecurityGroups": null, "description": null},
            {"name": "in", "priority": 300, "direction": "Inbound", "access": "Deny", "protocol": "*",
             "sourceAddressPrefix": "AzureDevOps", "sourceAddressPrefixes": [], "sourcePortRange": "*", "sourcePortRanges": [],
             "destinationAddressPrefix": "", "destinationAddressPrefixes": [],
             "destinationApplicationSecurityGroups": [{"id": "/x/applicationSecurityGroups/web"}],
             "destinationPortRange": "443", "destinationPortRanges": []}
        ],
        "defaultSecurityRules": [], "subnets": [{"id": SUBNET}], "networkInterfaces": null
    })
}

/// `az network firewall policy rule-collection-group show`.
pub fn policy() -> Value {
    let source = json!(["10.0.0.0/24"]);
    json!({
        "id": "/subscriptions/0/resourceGroups/rg/providers/Microsoft.Network/firewallPolicies/p/ruleCollectionGroups/g",
        "name": "g", "priority": 300,
        "ruleCollections": [
            {"name": "apps", "priority": 300, "ruleCollectionType": "FirewallPolicyFilterRuleCollection", "action": {"type": "Allow"},
             "rules": [{"name": "acr", "ruleType": "ApplicationRule", "sourceAddresses": source, "sourceIpGroups": [],
                "targetFqdns": ["contoso.azurecr.io"], "fqdnTags": [], "protocols": [{"port": 443, "protocolType": "Https"}]}]},
            {"name": "net", "priority": 200, "ruleCollectionType": "FirewallPolicyFilterRuleCollection", "action": {"type": "Deny"},
             "rules": [{"name": "n", "ruleType": "NetworkRule", "ipProtocols": ["TCP"], "sourceAddresses": [],
                "sourceIpGroups": ["/x/ipGroups/office"], "destinationAddresses": ["Storage.WestEurope", "8.8.8.8"],
                "destinationIpGroups": [], "destinationFqdns": [], "destinationPorts": ["443"]}]},
            {"name": "nat", "priority": 100, "ruleCollectionType": "FirewallPolicyNatRuleCollection", "action": {"type": "DNAT"},
             "rules": [{"name": "d", "ruleType": "NatRule", "ipProtocols": ["TCP"], "sourceAddresses": ["*"],
                "destinationAddresses": ["203.0.113.4"], "destinationPorts": ["22"], "translatedAddress": "10.0.0.4", "translatedPort": "22"}]}
        ]
    })
}

/// A firewall with rules of its own.
pub fn classic() -> Value {
    json!({"name": "fw", "properties": {
        "networkRuleCollections": [{"name": "net", "properties": {"priority": 200, "action": {"type": "Allow"},
            "rules": [{"name": "r", "protocols": ["TCP"], "sourceAddresses": ["*"], "destinationAddresses": ["AzureContainerRegistry"], "destinationPorts": ["443"]}]}}],
        "applicationRuleCollections": [{"name": "apps", "properties": {"priority": 100, "action": {"type": "Allow"},
            "rules": [{"name": "a", "protocols": [{"port": 443, "protocolType": "Https"}], "sourceAddresses": ["*"], "targetFqdns": ["mcr.microsoft.com"]}]}}]
    }})
}

/// `az network ip-group show`.
pub fn ip_group() -> Value {
    json!({"id": "/x/ipGroups/office", "name": "office", "type": "Microsoft.Network/ipGroups",
        "ipAddresses": ["203.0.113.9", "203.0.113.16/28", "203.0.113.40-203.0.113.50"]})
}

/// `az network route-table show`.
pub fn routes() -> Value {
    json!({"name": "rt", "type": "Microsoft.Network/routeTables", "routes": [
        {"name": "acr", "addressPrefix": "AzureContainerRegistry.WestEurope", "nextHopType": "Internet", "nextHopIpAddress": null},
        {"name": "all", "addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.0.0.4"}
    ]})
}

/// `az network vnet subnet show`.
pub fn subnet() -> Value {
    json!({"id": SUBNET, "name": "s", "addressPrefix": "10.0.0.0/24",
        "serviceEndpoints": [{"service": "Microsoft.ContainerRegistry", "locations": ["*"]}]})
}

/// One of each kind.
pub fn all() -> Vec<(&'static str, Value)> {
    vec![
        ("registry", registry()),
        ("group", group()),
        ("policy", policy()),
        ("classic", classic()),
        ("ip group", ip_group()),
        ("routes", routes()),
        ("subnet beside", json!([registry(), usage(), subnet()])),
        (
            "export",
            arm(&[registry(), group(), policy(), ip_group(), routes()]),
        ),
    ]
}

/// A resource as ARM has it: everything but these keys is below `properties`.
pub fn nested(flat: &Value) -> Value {
    let mut outer = serde_json::Map::new();
    let mut inner = serde_json::Map::new();
    for (key, value) in flat.as_object().unwrap() {
        let is_outer = ["id", "name", "type", "location", "sku"].contains(&key.as_str());
        let map = if is_outer { &mut outer } else { &mut inner };
        map.insert(key.clone(), value.clone());
    }
    // Rules, routes and connections are resources themselves.
    for key in [
        "securityRules",
        "defaultSecurityRules",
        "routes",
        "privateEndpointConnections",
    ] {
        if let Some(Value::Array(list)) = inner.get_mut(key) {
            for it in list {
                *it = nested(it);
            }
        }
    }
    outer.insert("properties".to_owned(), Value::Object(inner));
    Value::Object(outer)
}

/// An exported template.
pub fn arm(resources: &[Value]) -> Value {
    let resources: Vec<Value> = resources.iter().map(nested).collect();
    json!({"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0", "parameters": {}, "variables": {}, "resources": resources})
}
