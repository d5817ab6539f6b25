//! Documents that rules are read from: one with nothing wrong, and what differs.

use serde_json::{Value, json};

pub fn subnet(subscription: &str, name: &str) -> String {
    format!(
        "/subscriptions/{subscription}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/{name}"
    )
}

/// A registry with one public IP rule and nothing wrong, and what differs.
pub fn registry(changes: &Value) -> Value {
    let mut base = json!({
        "id": "/subscriptions/0000/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/contoso",
        "name": "contoso", "location": "westeurope", "sku": {"name": "Premium"},
        "loginServer": "contoso.azurecr.io", "publicNetworkAccess": "Enabled",
        "networkRuleBypassOptions": "None",
        "networkRuleSet": rules("Deny", &["8.8.8.8"], &[]),
        "privateEndpointConnections": []
    });
    for (key, value) in changes.as_object().unwrap() {
        base[key] = value.clone();
    }
    base
}

pub fn rules(default: &str, addresses: &[&str], subnets: &[&str]) -> Value {
    let addresses: Vec<Value> = addresses.iter().map(|it| json!({"value": it})).collect();
    let subnets: Vec<Value> = subnets
        .iter()
        .map(|it| json!({"virtualNetworkSubnetResourceId": it}))
        .collect();
    json!({"defaultAction": default, "ipRules": addresses, "virtualNetworkRules": subnets})
}

/// A registry with IP rules.
pub fn addresses(list: &[&str]) -> Value {
    registry(&json!({"networkRuleSet": rules("Deny", list, &[])}))
}

/// A registry with one subnet rule, and what differs.
pub fn with_subnet(changes: &Value) -> Value {
    let id = subnet("0000", "build");
    let mut base = json!({"networkRuleSet": rules("Deny", &[], &[&id])});
    for (key, value) in changes.as_object().unwrap() {
        base[key] = value.clone();
    }
    registry(&base)
}

pub fn endpoint(status: &str) -> Value {
    json!([{"name": "pe", "privateLinkServiceConnectionState": {"status": status}}])
}

pub fn described(endpoints: &[&str]) -> Value {
    let endpoints: Vec<Value> = endpoints.iter().map(|it| json!({"service": it})).collect();
    json!({"id": subnet("0000", "build"), "addressPrefix": "10.0.0.0/24", "serviceEndpoints": endpoints})
}

pub fn many(count: usize) -> Vec<String> {
    // Every other address, so that no two are neighbours.
    (0..count)
        .map(|it| format!("9.{}.{}.{}", it / 16_384, it / 128 % 128, it % 128 * 2))
        .collect()
}

pub fn strs(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}

/// A row of a security group: name, priority, direction, access, from, to, port.
pub fn row(
    (name, priority): (&str, u32),
    (direction, access): (&str, &str),
    from: &[&str],
    to: &[&str],
    port: &str,
) -> Value {
    json!({"name": name, "priority": priority, "direction": direction, "access": access, "protocol": "Tcp",
        "sourceAddressPrefixes": from, "sourcePortRange": "*", "destinationAddressPrefixes": to, "destinationPortRange": port})
}

pub fn allow_in(from: &[&str]) -> Value {
    row(
        ("in", 200),
        ("Inbound", "Allow"),
        from,
        &["10.0.0.4"],
        "443",
    )
}

pub fn allow_out(to: &[&str]) -> Value {
    row(
        ("out", 200),
        ("Outbound", "Allow"),
        &["10.0.0.4"],
        to,
        "443",
    )
}

pub fn deny_out(priority: u32, to: &[&str]) -> Value {
    row(("no", priority), ("Outbound", "Deny"), &["*"], to, "*")
}

pub fn nsg(rows: &[Value]) -> Value {
    json!({"name": "nsg1", "securityRules": rows})
}

pub fn one(row: Value) -> Value {
    nsg(&[row])
}

pub fn change(mut row: Value, key: &str, value: Value) -> Value {
    row[key] = value;
    row
}

pub const REGION: [&str; 5] = [
    "20.38.108.0/23",
    "20.60.26.0/23",
    "20.60.222.0/23",
    "20.150.8.0/23",
    "20.150.37.0/24",
];

/// A rule of a policy's collection.
pub fn rule(changes: &Value) -> Value {
    let mut base = json!({"name": "r", "ruleType": "NetworkRule", "ipProtocols": ["TCP"], "sourceAddresses": ["10.0.0.0/24"],
        "destinationAddresses": ["8.8.8.8"], "destinationPorts": ["443"]});
    for (key, value) in changes.as_object().unwrap() {
        base[key] = value.clone();
    }
    base
}

pub fn firewall(kind: &str, rules: &[Value]) -> Value {
    json!({"name": "group", "priority": 100, "ruleCollections": [{"name": "c", "priority": 200, "ruleCollectionType": kind,
        "action": {"type": "Allow"}, "rules": rules}]})
}

pub fn to(list: &[&str]) -> Value {
    firewall(
        "FirewallPolicyFilterRuleCollection",
        &[rule(&json!({"destinationAddresses": list}))],
    )
}

pub fn ip_group(list: &[&str]) -> Value {
    json!({"id": "/x/ipGroups/g", "name": "g", "type": "Microsoft.Network/ipGroups", "ipAddresses": list})
}

pub fn table(routes: &[&str]) -> Value {
    let routes: Vec<Value> = routes
        .iter()
        .enumerate()
        .map(|(number, to)| json!({"name": format!("r{number}"), "addressPrefix": to, "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.0.0.9"}))
        .collect();
    json!({"name": "table", "routes": routes})
}
