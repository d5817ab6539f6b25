//! Private endpoints: where the rules of their subnet hold for them, and where not.

use serde_json::{Value, json};

use crate::rules_certain::{arm_rule, resource, template};
use crate::rules_test::{answer, asked, says};

const NETWORK: &str = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/g/providers/Microsoft.Network";
const REGISTRY: &str = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/contoso";
/// From a subnet with a route table to the private endpoint.
const TO_ENDPOINT: [&str; 4] = ["--from", "10.0.1.4", "--to", "10.0.9.5"];
const OVER_IT: [&str; 5] = [
    "--from",
    "10.0.1.4",
    "--to",
    "contoso.azurecr.io",
    "--private-endpoint",
];

fn linked(kind: &str, name: &str) -> Value {
    json!({"id": format!("{NETWORK}/{kind}/{name}")})
}

fn of(kind: &str, name: &str, properties: &Value) -> Value {
    let mut found = resource(kind, name, properties);
    found["id"] = json!(format!("{NETWORK}/{kind}/{name}"));
    found
}

/// A subnet of clients and one of private endpoints, whose group denies all that comes in.
pub fn network(endpoints: &Value) -> Vec<Value> {
    let mut own = json!({
        "addressPrefix": "10.0.9.0/24",
        "networkSecurityGroup": linked("networkSecurityGroups", "closed"),
    });
    own.as_object_mut()
        .unwrap()
        .extend(endpoints.as_object().unwrap().clone());
    let clients = json!({"addressPrefix": "10.0.1.0/24", "routeTable": linked("routeTables", "r")});
    let subnet = |name: &str, properties: Value| {
        let id = format!("{NETWORK}/virtualNetworks/v/subnets/{name}");
        json!({"id": id, "name": name, "properties": properties})
    };
    let deny = arm_rule("no", 100, "Deny", "*", "*");
    vec![
        of(
            "networkSecurityGroups",
            "closed",
            &json!({"securityRules": [deny]}),
        ),
        of(
            "virtualNetworks",
            "v",
            &json!({
                "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
                "subnets": [subnet("clients", clients), subnet("endpoints", own)],
            }),
        ),
    ]
}

/// What `az network private-endpoint show` prints, as ARM has it.
fn endpoint(addresses: &Value) -> Value {
    of(
        "privateEndpoints",
        "pe1",
        &json!({
            "subnet": {"id": format!("{NETWORK}/virtualNetworks/v/subnets/endpoints")},
            "privateLinkServiceConnections": [{"name": "c", "properties": {
                "privateLinkServiceId": REGISTRY, "groupIds": ["registry"]}}],
            "customDnsConfigs": addresses,
        }),
    )
}

pub fn at(address: &str) -> Value {
    endpoint(&json!([
        {"fqdn": "contoso.azurecr.io", "ipAddresses": [address]},
        {"fqdn": "contoso.westeurope.data.azurecr.io", "ipAddresses": ["10.0.9.6"]},
    ]))
}

fn routes(prefix: &str) -> Value {
    let route = json!({"addressPrefix": prefix, "nextHopType": "None"});
    of(
        "routeTables",
        "r",
        &json!({"routes": [{"name": "drop", "properties": route}]}),
    )
}

fn files(parts: &[Value], more: &[Value]) -> Value {
    template(&json!([parts, more].concat()))
}

#[test]
fn a_group_holds_for_a_private_endpoint_only_where_the_policies_of_its_subnet_say_so() {
    let by = |word: &str| {
        let policies = json!({"privateEndpointNetworkPolicies": word});
        asked(
            &files(&network(&policies), &[at("10.0.9.5")]),
            &[&TO_ENDPOINT[..], &["--json"]].concat(),
        )
    };
    for word in ["Enabled", "NetworkSecurityGroupEnabled"] {
        let found = by(word).json();
        assert_eq!(found["verdict"], "deny", "{word}: {found:#}");
        assert_eq!(found["certain"], true, "{word}: {found:#}");
    }
    for word in ["Disabled", "RouteTableEnabled"] {
        let found = by(word);
        assert_eq!(found.code, 2, "{word}: {}", found.err);
        assert!(
            found.err.contains("privateEndpointNetworkPolicies"),
            "{word}: {}",
            found.err
        );
    }
    // Not said: they are off. Not understood: either.
    let plain = asked(
        &files(&network(&json!({})), &[at("10.0.9.5")]),
        &[&TO_ENDPOINT[..], &["--json"]].concat(),
    );
    assert_eq!(plain.code, 2, "{}", plain.err);
    let odd = json!({"privateEndpointNetworkPolicies": "Perhaps"});
    let odd = files(&network(&odd), &[at("10.0.9.5")]);
    answer(&odd, &TO_ENDPOINT, ("depends", false, "no"));
}

#[test]
fn an_address_of_a_subnet_with_private_endpoints_may_be_one_of_them() {
    let named = json!({
        "privateEndpointNetworkPolicies": "Disabled",
        "privateEndpoints": [linked("privateEndpoints", "pe1")],
    });
    let found = answer(
        &files(&network(&named), &[]),
        &TO_ENDPOINT,
        ("depends", false, "no"),
    );
    assert_eq!(found["reasons"][0]["id"], "path-unknown", "{found:#}");
    says(
        &found,
        "reasons",
        &["subnet endpoints", "privateEndpointNetworkPolicies"],
    );
    // The endpoint is somewhere else in the subnet, and the only one.
    answer(
        &files(&network(&named), &[at("10.0.9.77")]),
        &TO_ENDPOINT,
        ("deny", true, "no"),
    );
    // One without addresses may be anywhere in it.
    let open = files(&network(&named), &[endpoint(&json!([]))]);
    answer(&open, &TO_ENDPOINT, ("depends", false, "no"));
    // Nothing says that there are any.
    let none = json!({"privateEndpointNetworkPolicies": "Disabled", "privateEndpoints": []});
    let none = files(&network(&none), &[]);
    answer(&none, &TO_ENDPOINT, ("deny", true, "no"));
}

#[test]
fn the_route_of_a_private_endpoint_is_longer_than_those_of_a_table() {
    let ask = |policies: &str, prefix: &str| {
        let policies = json!({"privateEndpointNetworkPolicies": policies});
        let mut parts = network(&policies);
        parts.remove(0);
        let found = asked(
            &files(&parts, &[at("10.0.9.5"), routes(prefix)]),
            &[&TO_ENDPOINT[..], &["--json"]].concat(),
        );
        let found = found.json();
        (
            found["verdict"].as_str().unwrap().to_owned(),
            found["certain"].as_bool().unwrap(),
        )
    };
    let allow = ("allow".to_owned(), true);
    assert_eq!(ask("Disabled", "10.0.9.0/24"), allow);
    assert_eq!(ask("Disabled", "10.0.9.5/31"), allow);
    assert_eq!(ask("NetworkSecurityGroupEnabled", "10.0.0.0/16"), allow);
    // A route of the same length is the table's.
    let deny = ("deny".to_owned(), true);
    assert_eq!(ask("Disabled", "10.0.9.5/32"), deny);
    let depends = ("depends".to_owned(), false);
    assert_eq!(ask("Enabled", "10.0.9.0/24"), depends);
    assert_eq!(ask("RouteTableEnabled", "10.0.9.0/24"), depends);
}

#[test]
fn a_registry_over_its_private_endpoint_is_reached_at_the_addresses_of_that() {
    let registry = json!({
        "type": "Microsoft.ContainerRegistry/registries", "name": "contoso",
        "id": REGISTRY, "sku": {"name": "Premium"}, "properties": {
            "loginServer": "contoso.azurecr.io", "publicNetworkAccess": "Disabled",
            "privateEndpointConnections": [{"name": "c", "properties": {
                "privateLinkServiceConnectionState": {"status": "Approved"}}}]}
    });
    let on = json!({"privateEndpointNetworkPolicies": "Enabled"});
    let off = json!({"privateEndpointNetworkPolicies": "Disabled"});
    let with = |policies: &Value| {
        files(
            &network(policies),
            &[at("10.0.9.5"), routes("0.0.0.0/0"), registry.clone()],
        )
    };
    answer(&with(&on), &OVER_IT, ("deny", true, "no"));
    let found = asked(&with(&off), &[&OVER_IT[..], &["--json"]].concat()).json();
    assert_eq!(found["verdict"], "allow", "{found:#}");
    assert_eq!(found["certain"], true, "{found:#}");
    let said = found.to_string();
    assert!(
        !said.contains("documented service tag"),
        "it has no public address there: {found:#}"
    );
    // Without a description of the endpoint it may be anywhere in the network.
    let unknown = files(&network(&off), &[registry]);
    let found = asked(&unknown, &[&OVER_IT[..], &["--json"]].concat()).json();
    says(&found, "assumed", &["az network private-endpoint show"]);
}
