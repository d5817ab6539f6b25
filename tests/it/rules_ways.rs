//! Which rules a packet meets on its way, and as what: what was once certain and wrong.

use serde_json::{Value, json};

use crate::rules_certain::{arm_rule, resource, template};
use crate::rules_test::{answer, asked, says};
use crate::rules_test_nsg::{group, rule};

fn id(kind: &str, name: &str) -> Value {
    json!({"id": format!("[resourceId('Microsoft.Network/{kind}', '{name}')]")})
}

fn nsg(name: &str, rules: &[Value]) -> Value {
    resource(
        "networkSecurityGroups",
        name,
        &json!({"securityRules": rules}),
    )
}

fn allow(port: &str) -> Value {
    arm_rule("allow", 200, "Allow", "*", port)
}

fn deny(priority: u32) -> Value {
    arm_rule("deny", priority, "Deny", "*", "*")
}

/// A network of 10.0.0.0/16 with its subnets: name, third octet, what they have.
fn network(subnets: &[(&str, u8, Value)]) -> Value {
    let subnets = subnets.iter().map(|(name, octet, has)| {
        let mut properties = json!({"addressPrefix": format!("10.0.{octet}.0/24")});
        let own = properties.as_object_mut().unwrap();
        own.extend(has.as_object().unwrap().clone());
        json!({"name": name, "properties": properties})
    });
    let subnets: Vec<Value> = subnets.collect();
    resource(
        "virtualNetworks",
        "v",
        &json!({"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": subnets}),
    )
}

fn table(prefix: &str, hop: &str) -> Value {
    let mut route = json!({"addressPrefix": prefix, "nextHopType": hop});
    if hop == "VirtualAppliance" {
        route["nextHopIpAddress"] = json!("10.0.9.4");
    }
    resource(
        "routeTables",
        "r",
        &json!({"routes": [{"name": "x", "properties": route}]}),
    )
}

fn firewall(collection: &Value) -> Value {
    resource(
        "firewallPolicies/ruleCollectionGroups",
        "p/g",
        &json!({"priority": 100, "ruleCollections": [collection]}),
    )
}

fn with(parameters: &Value, mut template: Value) -> Value {
    template["parameters"] = parameters.clone();
    template
}

const IN: [&str; 4] = ["--from", "8.8.8.8", "--to", "10.0.1.4"];

#[test]
fn a_group_behind_a_firewall_sees_the_packet_as_it_was_sent_on() {
    let dnat = firewall(
        &json!({"ruleCollectionType": "FirewallPolicyNatRuleCollection", "name": "d", "priority": 100, "action": {"type": "DNAT"}, "rules": [
        {"ruleType": "NatRule", "name": "x", "sourceAddresses": ["*"], "destinationAddresses": ["20.1.1.1"], "destinationPorts": ["443"], "ipProtocols": ["TCP"],
         "translatedAddress": "10.0.1.4", "translatedPort": "8443"}]}),
    );
    let subnet = network(&[(
        "s1",
        1,
        json!({"networkSecurityGroup": id("networkSecurityGroups", "n")}),
    )]);
    let args = ["--from", "8.8.8.8", "--to", "20.1.1.1", "--port", "443"];
    let closed = template(&json!([nsg("n", &[allow("443"), deny(300)]), subnet, dnat]));
    answer(&closed, &args, ("deny", true, "deny"));
    let open = template(&json!([
        nsg("n", &[allow("8443"), deny(300)]),
        subnet,
        dnat
    ]));
    let found = asked(&open, &[&args[..], &["--json"]].concat()).json();
    assert_eq!(
        (&found["verdict"], &found["certain"]),
        (&json!("allow"), &json!(true)),
        "{found:#}"
    );
}

#[test]
fn inside_a_network_the_destination_has_a_group_too() {
    let files = template(&json!([
        nsg("n", &[]),
        nsg("m", &[deny(100)]),
        network(&[
            (
                "s1",
                1,
                json!({"networkSecurityGroup": id("networkSecurityGroups", "n")})
            ),
            (
                "s2",
                2,
                json!({"networkSecurityGroup": id("networkSecurityGroups", "m")})
            ),
        ]),
    ]));
    answer(
        &files,
        &["--from", "10.0.1.4", "--to", "10.0.2.4"],
        ("deny", true, "deny"),
    );
    // Nothing says whether a group alone is the source's or the destination's.
    let alone = group(
        "g",
        &[rule("no", 100, "Inbound", "Deny", "10.0.0.0/8", "10.0.0.4")],
    );
    let found = answer(
        &alone,
        &["--from", "10.1.0.4", "--to", "10.0.0.4"],
        ("depends", false, "no"),
    );
    assert_eq!(found["reasons"][0]["id"], "path-unknown");
}

#[test]
fn a_rule_that_may_not_be_there_leaves_the_answer_open() {
    let conditional = |kind: &str, name: &str, properties: &Value| {
        let mut resource = resource(kind, name, properties);
        resource["condition"] = json!("[parameters('on')]");
        resource
    };
    let on = json!({"on": {"type": "bool"}});
    let child = conditional(
        "networkSecurityGroups/securityRules",
        "n/d",
        &deny(100)["properties"],
    );
    let files = with(&on, template(&json!([nsg("n", &[allow("443")]), child])));
    let found = answer(&files, &IN, ("depends", false, "allow"));
    assert_eq!(found["reasons"][0]["id"], "unresolved");
    let route = conditional(
        "routeTables/routes",
        "r/y",
        &json!({"addressPrefix": "8.8.8.0/24", "nextHopType": "None"}),
    );
    let files = with(
        &on,
        template(&json!([table("0.0.0.0/0", "Internet"), route])),
    );
    answer(
        &files,
        &["--from", "10.0.1.4", "--to", "8.8.8.8"],
        ("depends", false, "x"),
    );
}

#[test]
fn a_firewall_is_asked_where_a_route_leads_there() {
    let allows = firewall(
        &json!({"ruleCollectionType": "FirewallPolicyFilterRuleCollection", "name": "n", "priority": 100, "action": {"type": "Allow"}, "rules": [
        {"ruleType": "NetworkRule", "name": "out", "ipProtocols": ["TCP"], "sourceAddresses": ["10.0.1.0/24"], "destinationAddresses": ["8.8.8.8"], "destinationPorts": ["443"]}]}),
    );
    let files = template(&json!([
        allows,
        table("0.0.0.0/0", "VirtualAppliance"),
        network(&[
            ("s1", 1, json!({"routeTable": id("routeTables", "r")})),
            ("s3", 3, json!({})),
        ]),
    ]));
    answer(
        &files,
        &["--from", "10.0.1.4", "--to", "8.8.8.8"],
        ("allow", true, "x"),
    );
    answer(
        &files,
        &["--from", "10.0.1.4", "--to", "9.9.9.9"],
        ("deny", true, "no rule"),
    );
    let found = answer(
        &files,
        &["--from", "10.0.1.4", "--to", "10.0.3.4"],
        ("allow", true, "virtual network"),
    );
    says(&found, "skipped", &["no route leads to a firewall"]);
    // From a subnet without a table nothing here is on the way.
    let other = asked(&files, &["--from", "10.0.3.4", "--to", "8.8.8.8"]);
    assert_eq!(other.code, 2, "{other:?}");
}

#[test]
fn a_link_without_a_value_leaves_it_open_which_group_is_in_force() {
    let files = with(
        &json!({"group": {"type": "string"}}),
        template(&json!([
            nsg("k", &[allow("443")]),
            nsg("n", &[deny(100)]),
            network(&[
                (
                    "s1",
                    1,
                    json!({"networkSecurityGroup": {"id": "[parameters('group')]"}})
                ),
                (
                    "s2",
                    2,
                    json!({"networkSecurityGroup": id("networkSecurityGroups", "n")})
                ),
            ]),
        ])),
    );
    let found = answer(&files, &IN, ("depends", false, "deny"));
    assert_eq!(found["reasons"][0]["id"], "path-unknown");
}

#[test]
fn a_value_of_a_vault_is_given_and_stays_open() {
    let files = with(
        &json!({"s": {"type": "string", "defaultValue": "9.9.9.9"}}),
        template(&json!([nsg(
            "n",
            &[
                arm_rule("d", 100, "Deny", "[parameters('s')]", "*"),
                allow("443")
            ]
        )])),
    );
    answer(&files, &IN, ("allow", true, "allow"));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("values.json");
    let values = json!({"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#", "contentVersion": "1.0.0.0",
        "parameters": {"s": {"reference": {"keyVault": {"id": "/x"}, "secretName": "y"}}}});
    std::fs::write(&path, values.to_string()).unwrap();
    let given = ["--parameters", path.to_str().unwrap()];
    answer(
        &files,
        &[&IN[..], &given].concat(),
        ("depends", false, "allow"),
    );
}

#[test]
fn routes_of_azure_itself_come_before_a_default_route() {
    let mut network = network(&[(
        "s1",
        1,
        json!({"routeTable": id("routeTables", "r"), "serviceEndpoints": [{"service": "Microsoft.Storage"}]}),
    )]);
    network["properties"]["virtualNetworkPeerings"] = json!([{"name": "p", "properties": {"remoteAddressSpace": {"addressPrefixes": ["10.50.0.0/16"]}, "peeringState": "Connected"}}]);
    let files = template(&json!([table("0.0.0.0/0", "None"), network]));
    for (to, expected) in [
        ("168.63.129.16", ("allow", true, "Azure platform")),
        ("169.254.169.254", ("allow", true, "Azure platform")),
        ("10.50.0.4", ("allow", true, "virtual network")),
        ("8.8.8.8", ("depends", false, "x")),
    ] {
        answer(&files, &["--from", "10.0.1.4", "--to", to], expected);
    }
}

#[test]
fn intrusion_detection_that_stops_leaves_it_open() {
    let policy = |mode: &str| {
        template(&json!([
            resource(
                "firewallPolicies",
                "p",
                &json!({"threatIntelMode": "Off", "intrusionDetection": {"mode": mode}})
            ),
            firewall(
                &json!({"ruleCollectionType": "FirewallPolicyFilterRuleCollection", "name": "n", "priority": 100, "action": {"type": "Allow"}, "rules": [
                {"ruleType": "NetworkRule", "name": "out", "ipProtocols": ["TCP"], "sourceAddresses": ["*"], "destinationAddresses": ["8.8.8.8"], "destinationPorts": ["443"]}]})
            ),
        ]))
    };
    let args = ["--from", "10.0.1.4", "--to", "8.8.8.8"];
    answer(&policy("Alert"), &args, ("allow", true, "out"));
    answer(&policy("Deny"), &args, ("depends", false, "out"));
}

#[test]
fn a_group_of_an_interface_is_not_that_of_its_subnet() {
    let interface = resource(
        "networkInterfaces",
        "nic",
        &json!({"networkSecurityGroup": id("networkSecurityGroups", "m"), "ipConfigurations": []}),
    );
    let files = template(&json!([
        nsg("n", &[allow("443")]),
        nsg("m", &[deny(100)]),
        network(&[(
            "s1",
            1,
            json!({"networkSecurityGroup": id("networkSecurityGroups", "n")})
        )]),
        interface,
    ]));
    let found = answer(&files, &IN, ("depends", false, "deny"));
    assert_eq!(found["reasons"][0]["id"], "path-unknown");
}

#[test]
fn a_network_needs_no_firewall_for_its_own_traffic() {
    let closed = firewall(
        &json!({"ruleCollectionType": "FirewallPolicyFilterRuleCollection", "name": "n", "priority": 100, "action": {"type": "Deny"}, "rules": [
        {"ruleType": "NetworkRule", "name": "no", "ipProtocols": ["Any"], "sourceAddresses": ["*"], "destinationAddresses": ["*"], "destinationPorts": ["*"]}]}),
    );
    let files = template(&json!([closed, network(&[("s3", 3, json!({}))])]));
    let inside = asked(&files, &["--from", "10.0.3.4", "--to", "10.0.3.5"]);
    assert_eq!(inside.code, 2, "{inside:?}");
    // What leaves it is taken to go through.
    answer(
        &files,
        &["--from", "10.0.3.4", "--to", "8.8.8.8"],
        ("deny", true, "no"),
    );
}

#[test]
fn virtual_network_may_have_a_default_route() {
    let subnet = network(&[(
        "s1",
        1,
        json!({"routeTable": id("routeTables", "r"), "networkSecurityGroup": id("networkSecurityGroups", "n")}),
    )]);
    let files = template(&json!([
        nsg("n", &[]),
        table("0.0.0.0/0", "VirtualAppliance"),
        subnet
    ]));
    let found = answer(&files, &IN, ("depends", false, "DenyAllInBound"));
    assert_eq!(found["reasons"][0]["id"], "not-modelled");
    answer(
        &files,
        &["--from", "10.0.1.4", "--to", "8.8.8.8"],
        ("allow", true, "x"),
    );
}

#[test]
fn all_groups_in_force_at_an_interface_count() {
    let group = |name: &str, access: &str| {
        json!({"networkSecurityGroup": {"id": format!("/subscriptions/0/resourceGroups/r/providers/Microsoft.Network/networkSecurityGroups/{name}")}, "effectiveSecurityRules": [
            {"access": access, "destinationAddressPrefix": "0.0.0.0/0", "destinationPortRange": "0-65535", "direction": "Inbound", "name": "securityRules/all",
             "priority": 100, "protocol": "All", "sourceAddressPrefix": "0.0.0.0/0", "sourcePortRange": "0-65535"}]})
    };
    let both = json!({"value": [group("subnet", "Deny"), group("nic", "Allow")]});
    answer(&both, &IN, ("deny", true, "all"));
}
