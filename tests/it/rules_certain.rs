//! A verdict that is certain is right: each kind of file and of way that was once answered wrongly.

use serde_json::{Value, json};

use crate::program::{Ran, run_with};
use crate::rules_test::{answer, asked, says};
use crate::rules_test_nsg::{group, rule};

/// A resource as ARM has it.
pub fn resource(kind: &str, name: &str, properties: &Value) -> Value {
    json!({"type": format!("Microsoft.Network/{kind}"), "apiVersion": "2024-05-01", "name": name, "location": "westeurope", "properties": properties})
}

/// A rule as ARM has it.
pub fn arm_rule(name: &str, priority: u32, access: &str, from: &str, port: &str) -> Value {
    json!({"name": name, "properties": {"priority": priority, "direction": "Inbound", "access": access, "protocol": "Tcp",
        "sourceAddressPrefix": from, "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": port}})
}

pub fn template(resources: &Value) -> Value {
    json!({"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0", "resources": resources})
}

/// A template within another, as Bicep builds a module.
fn nested(name: &str, resources: &Value) -> Value {
    json!({"type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": name,
        "properties": {"mode": "Incremental", "expressionEvaluationOptions": {"scope": "inner"}, "template": template(resources)}})
}

fn show(text: impl Into<Vec<u8>>) -> Ran {
    run_with(&["rules", "show", "-", "--json"], text)
}

const WEB: [&str; 6] = ["--from", "8.8.8.8", "--to", "10.0.0.4", "--port", "443"];

#[test]
fn modules_of_a_template_are_read() {
    let open = resource(
        "networkSecurityGroups",
        "front",
        &json!({"securityRules": [arm_rule("web", 100, "Allow", "*", "443")]}),
    );
    let closed = resource(
        "networkSecurityGroups",
        "back",
        &json!({"securityRules": [arm_rule("none", 100, "Deny", "*", "*")]}),
    );
    let both = template(&json!([open, nested("backModule", &json!([closed]))]));
    let found = answer(&both, &WEB, ("depends", false, "none"));
    assert_eq!(found["reasons"][0]["id"], "path-unknown");
    assert_eq!(found["gates"].as_array().unwrap().len(), 2);
    // Where both deny, it does not matter which of them is in force.
    let twice = template(&json!([closed, nested("backModule", &json!([closed]))]));
    answer(&twice, &WEB, ("deny", true, "none"));
    // A template behind a link may hold another one.
    let linked = json!({"type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "far",
        "properties": {"mode": "Incremental", "templateLink": {"uri": "https://example.org/nsg.json"}}});
    let found = answer(
        &template(&json!([open, linked])),
        &WEB,
        ("depends", false, "web"),
    );
    assert_eq!(found["reasons"][0]["id"], "unread-resource");
    answer(
        &template(&json!([closed, linked])),
        &WEB,
        ("deny", true, "none"),
    );
}

#[test]
fn symbolic_names_copies_and_parameters_are_read() {
    let symbolic = json!({"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "languageVersion": "2.0", "contentVersion": "1.0.0.0",
        "parameters": {"source": {"type": "string", "defaultValue": "203.0.113.0/24"}, "ports": {"type": "array", "defaultValue": ["443", "8443"]}},
        "resources": {"front": {"type": "Microsoft.Network/networkSecurityGroups", "apiVersion": "2024-05-01", "name": "front", "properties": {
            "copy": [{"name": "securityRules", "count": "[length(parameters('ports'))]", "input": {"name": "[format('web{0}', copyIndex('securityRules'))]", "properties": {
                "priority": "[add(100, copyIndex('securityRules'))]", "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "sourcePortRange": "*",
                "sourceAddressPrefix": "[parameters('source')]", "destinationAddressPrefix": "*", "destinationPortRange": "[parameters('ports')[copyIndex('securityRules')]]"}}}]}}}});
    for (port, verdict, row) in [
        ("443", "allow", "web0"),
        ("8443", "allow", "web1"),
        ("22", "deny", "DenyAllInBound"),
    ] {
        let args = ["--from", "203.0.113.9", "--to", "10.0.0.4", "--port", port];
        answer(&symbolic, &args, (verdict, true, row));
    }
}

#[test]
fn what_has_no_value_leaves_the_answer_open_until_it_is_given() {
    let open = json!({"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
        "parameters": {"source": {"type": "string"}},
        "resources": [resource("networkSecurityGroups", "front", &json!({"securityRules": [arm_rule("web", 100, "Allow", "[parameters('source')]", "443")]}))]});
    let found = answer(&open, &WEB, ("depends", false, "DenyAllInBound"));
    assert_eq!(found["reasons"][0]["id"], "unresolved");
    says(&found, "reasons", &["--parameters"]);
    let folder = tempfile::tempdir().unwrap();
    let values = folder.path().join("values.json");
    let file = |source: &str| {
        json!({"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#", "contentVersion": "1.0.0.0",
            "parameters": {"source": {"value": source}}})
        .to_string()
    };
    let values_text = values.to_str().unwrap();
    for (source, verdict) in [("8.8.8.0/24", "allow"), ("203.0.113.0/24", "deny")] {
        std::fs::write(&values, file(source)).unwrap();
        let given = asked(
            &open,
            &[&WEB[..], &["--parameters", values_text, "--json"]].concat(),
        );
        assert_eq!(given.json()["verdict"], verdict, "{source}");
        let beside = asked(&open, &[&WEB[..], &[values_text, "--json"]].concat());
        assert_eq!(beside.json(), given.json());
    }
    run_with(&["rules", "show", "-"], file("8.8.8.8")).is_refused(&["--parameters"]);
}

#[test]
fn keys_have_no_case_and_comments_are_read() {
    let fire = r#"{ // a firewall of its own
      "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
      "resources": [{"type": "Microsoft.Network/azureFirewalls", "apiVersion": "2019-06-01", "name": "fw", "properties": {
        "NetworkRuleCollections": [{"Name": "Time", "properties": {"Priority": 300, "Action": {"Type": "Allow"}, /* one rule */
          "Rules": [{"Name": "Time", "Protocols": ["Any"], "SourceAddresses": ["*"], "DestinationAddresses": ["*"], "DestinationPorts": ["123"]}]}}]}}]}"#;
    let args = [
        "rules", "test", "-", "--from", "10.0.0.4", "--to", "8.8.8.8", "--json", "--port",
    ];
    for (port, verdict) in [("123", "allow"), ("443", "deny")] {
        let ran = run_with(&[&args[..], &[port]].concat(), fire);
        assert_eq!(ran.json()["verdict"], verdict, "{ran:?}");
        assert_eq!(ran.json()["certain"], true);
    }
}

#[test]
fn what_powershell_prints_is_read() {
    let printed = json!({"SecurityRules": [{"Protocol": "Tcp", "SourcePortRange": ["*"], "DestinationPortRange": ["443"], "SourceAddressPrefix": ["203.0.113.0/24"],
        "DestinationAddressPrefix": ["*"], "Access": "Allow", "Priority": 100, "Direction": "Inbound", "Name": "web", "ProvisioningState": "Succeeded"}],
        "DefaultSecurityRules": [], "NetworkInterfaces": [], "Subnets": [], "Name": "n1", "Type": "Microsoft.Network/networkSecurityGroups",
        "Id": "/subscriptions/0/resourceGroups/r/providers/Microsoft.Network/networkSecurityGroups/n1"});
    let args = ["--from", "203.0.113.9", "--to", "10.0.0.4"];
    let found = answer(&printed, &args, ("allow", true, "web"));
    assert_eq!(found["set"], "n1");
    answer(&printed, &WEB, ("deny", true, "DenyAllInBound"));
}

#[test]
fn what_is_no_set_of_rules_is_refused_by_what_it_is() {
    let table =
        "Name    Priority    Access\n------  ----------  --------\nweb     100         Allow\n";
    show(table).is_refused(&["-o json"]);
    for yaml in [
        "id: /subscriptions/x\nname: n\nsecurityRules:\n- name: a\n",
        "- access: Allow\n  direction: Inbound\n",
        "---\nname: n\n",
    ] {
        show(yaml).is_refused(&["YAML", "-o json"]);
    }
    show("resource \"azurerm_network_security_group\" \"n\" {\n}\n")
        .is_refused(&["terraform show -json"]);
    let storage = json!({"bypass": "AzureServices", "defaultAction": "Deny", "ipRules": [{"action": "Allow", "ipAddressOrRange": "20.33.192.0/24"}],
        "ipv6Rules": [], "resourceAccessRules": [], "virtualNetworkRules": []});
    show(storage.to_string()).is_refused(&["storage account"]);
    let typed = json!({"type": "Microsoft.DocumentDB/databaseAccounts", "name": "c", "properties": {"ipRules": [{"ipAddressOrRange": "8.8.8.8"}], "virtualNetworkRules": []}});
    show(typed.to_string()).is_refused(&["Microsoft.DocumentDB/databaseAccounts"]);
}

#[test]
fn resources_without_rules_are_counted_and_others_leave_it_open() {
    let open = resource(
        "networkSecurityGroups",
        "n",
        &json!({"securityRules": [arm_rule("web", 100, "Allow", "*", "443")]}),
    );
    let zone = resource("privateDnsZones", "z", &json!({}));
    let found = answer(
        &template(&json!([open, zone])),
        &WEB,
        ("allow", true, "web"),
    );
    assert_eq!(found["reasons"], json!([]));
    let ran = run_with(
        &["rules", "check", "-", "--level", "info", "--json"],
        template(&json!([open, zone])).to_string(),
    );
    assert!(!ran.out.contains("\"unread\""), "{ran:?}");
    let admin = resource(
        "networkManagers/securityAdminConfigurations",
        "m/a",
        &json!({}),
    );
    let found = answer(
        &template(&json!([open, admin])),
        &WEB,
        ("depends", false, "web"),
    );
    assert_eq!(found["reasons"][0]["id"], "unread-resource");
}

fn dnat(port: &str, deny: Option<&str>) -> Value {
    let nat = json!({"ruleCollectionType": "FirewallPolicyNatRuleCollection", "name": "d", "priority": 100, "action": {"type": "DNAT"}, "rules": [
        {"ruleType": "NatRule", "name": "dn", "ipProtocols": ["TCP"], "sourceAddresses": ["*"], "destinationAddresses": ["20.1.1.1"], "destinationPorts": ["443"],
         "translatedAddress": "10.0.1.4", "translatedPort": port}]});
    let mut collections = vec![nat];
    collections.extend(deny.map(|from| json!({"ruleCollectionType": "FirewallPolicyFilterRuleCollection", "name": "n", "priority": 200, "action": {"type": "Deny"}, "rules": [
        {"ruleType": "NetworkRule", "name": "bad", "ipProtocols": ["TCP"], "sourceAddresses": [from], "destinationAddresses": ["10.0.1.4"], "destinationPorts": ["8443"]}]})));
    json!({"name": "g", "priority": 100, "type": "Microsoft.Network/FirewallPolicies/RuleCollectionGroups", "ruleCollections": collections})
}

#[test]
fn what_is_translated_gets_in_unless_a_network_rule_denies_it_behind() {
    let args = ["--from", "8.8.8.8", "--to", "20.1.1.1", "--port", "443"];
    let found = answer(&dnat("8443", None), &args, ("allow", true, "dn"));
    says(&found, "because", &["10.0.1.4:8443"]);
    answer(
        &dnat("8443", Some("8.0.0.0/8")),
        &args,
        ("deny", true, "bad"),
    );
    answer(
        &dnat("8443", Some("9.0.0.0/8")),
        &args,
        ("allow", true, "dn"),
    );
    // It is the translated port that network rules see.
    answer(
        &dnat("443", Some("8.0.0.0/8")),
        &args,
        ("allow", true, "dn"),
    );
    let other = ["--from", "8.8.8.8", "--to", "20.1.1.2", "--port", "443"];
    answer(&dnat("8443", None), &other, ("deny", true, "no rule"));
}

#[test]
fn routes_in_force_are_all_there_are_and_those_that_are_not_active_do_nothing() {
    let effective = json!({"value": [
        {"addressPrefix": ["192.168.0.0/16"], "hasBgpOverride": false, "name": null, "nextHopIpAddress": ["192.0.2.4"], "nextHopType": "VirtualNetworkGateway", "source": "VirtualNetworkGateway", "state": "Invalid"},
        {"addressPrefix": ["192.168.0.0/16"], "hasBgpOverride": false, "name": "hole", "nextHopIpAddress": [], "nextHopType": "None", "source": "User", "state": "Active"},
        {"addressPrefix": ["10.0.0.0/16"], "hasBgpOverride": false, "name": null, "nextHopIpAddress": [], "nextHopType": "VnetLocal", "source": "Default", "state": "Active"},
        {"addressPrefix": ["0.0.0.0/0"], "hasBgpOverride": false, "name": null, "nextHopIpAddress": [], "nextHopType": "Internet", "source": "Default", "state": "Active"}]});
    answer(&effective, &["--to", "192.168.4.4"], ("deny", true, "hole"));
    answer(
        &effective,
        &["--to", "10.0.0.9"],
        ("allow", true, "Default"),
    );
    answer(&effective, &["--to", "8.8.8.8"], ("allow", true, "Default"));
    let ran = run_with(
        &["rules", "check", "-", "--level", "info", "--json"],
        effective.to_string(),
    );
    assert_eq!(ran.json()["findings"], json!([]), "{ran:?}");
}

#[test]
fn the_rules_in_force_come_with_their_addresses() {
    let effective = json!({"value": [{"association": {"subnet": {"id": "/subscriptions/0/resourceGroups/r/providers/Microsoft.Network/virtualNetworks/v/subnets/a"}},
        "networkSecurityGroup": {"id": "/subscriptions/0/resourceGroups/r/providers/Microsoft.Network/networkSecurityGroups/web"},
        "effectiveSecurityRules": [
            {"access": "Deny", "destinationAddressPrefix": "0.0.0.0/0", "destinationPortRange": "0-65535", "direction": "Inbound", "name": "defaultSecurityRules/DenyAllInBound",
             "priority": 65500, "protocol": "All", "sourceAddressPrefix": "0.0.0.0/0", "sourcePortRange": "0-65535"},
            {"access": "Allow", "destinationAddressPrefix": "0.0.0.0/0", "destinationPortRange": "443-443", "direction": "Inbound", "name": "securityRules/feed",
             "priority": 100, "protocol": "Tcp", "sourceAddressPrefix": "Storage", "expandedSourceAddressPrefix": ["203.0.113.0/28"], "sourcePortRange": "0-65535"}]}]});
    let found = answer(
        &effective,
        &["--from", "203.0.113.4", "--to", "10.0.0.4"],
        ("allow", true, "feed"),
    );
    assert_eq!(found["set"], "web");
    answer(&effective, &WEB, ("deny", true, "DenyAllInBound"));
}

#[test]
fn the_platform_is_subject_to_no_security_group_that_does_not_name_it() {
    let closed = group("g", &[rule("none", 4096, "Outbound", "Deny", "*", "*")]);
    let dns = [
        "--from",
        "10.0.0.4",
        "--to",
        "168.63.129.16",
        "--port",
        "53",
        "--protocol",
        "udp",
    ];
    let metadata = [
        "--from",
        "10.0.0.4",
        "--to",
        "169.254.169.254",
        "--port",
        "80",
    ];
    answer(&closed, &dns, ("allow", true, "Azure platform"));
    answer(&closed, &metadata, ("allow", true, "Azure platform"));
    answer(
        &closed,
        &["--from", "10.0.0.4", "--to", "8.8.8.8"],
        ("deny", true, "none"),
    );
    let named = group(
        "g",
        &[rule(
            "no-dns",
            4096,
            "Outbound",
            "Deny",
            "*",
            "AzurePlatformDNS",
        )],
    );
    let dns = ["--from", "10.0.0.4", "--to", "168.63.129.16"];
    answer(&named, &dns, ("deny", true, "no-dns"));
    answer(&named, &metadata, ("allow", true, "Azure platform"));
}

#[test]
fn a_network_keeps_its_own_traffic_past_a_default_route() {
    let table = json!({"name": "rt", "type": "Microsoft.Network/routeTables", "routes": [{"name": "def", "addressPrefix": "0.0.0.0/0", "nextHopType": "None"}]});
    let subnet = json!({"id": "/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/virtualNetworks/v/subnets/a", "name": "a",
        "type": "Microsoft.Network/virtualNetworks/subnets", "addressPrefix": "10.0.0.0/24"});
    let inside = ["--from", "10.0.0.4", "--to", "10.0.0.9"];
    answer(
        &json!([table, subnet]),
        &inside,
        ("allow", true, "virtual network"),
    );
    let found = answer(&table, &inside, ("depends", false, "def"));
    assert_eq!(found["reasons"][0]["id"], "path-unknown");
    says(&found, "reasons", &["az network vnet show"]);
    let network = json!({"name": "v", "type": "Microsoft.Network/virtualNetworks", "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": []});
    answer(
        &json!([table, network]),
        &inside,
        ("allow", true, "virtual network"),
    );
    answer(
        &json!([table, network]),
        &["--from", "10.0.0.4", "--to", "8.8.8.8"],
        ("deny", true, "def"),
    );
    // A longer route of the table wins over the network's own.
    let longer = json!({"name": "rt", "routes": [{"name": "hole", "addressPrefix": "10.0.0.0/24", "nextHopType": "None"}]});
    answer(&json!([longer, network]), &inside, ("deny", true, "hole"));
}

#[test]
fn a_group_is_asked_where_it_is_in_force() {
    let id = |kind: &str, name: &str| {
        format!("/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/{kind}/{name}")
    };
    let of_subnet = |name: &str, subnet: &str, rules: &[Value]| {
        let mut group = group(name, rules);
        group["subnets"] = json!([{"id": id("virtualNetworks", &format!("v/subnets/{subnet}"))}]);
        group
    };
    let subnet = |name: &str, prefix: &str| json!({"id": id("virtualNetworks", &format!("v/subnets/{name}")), "name": name, "addressPrefix": prefix});
    let files = json!([
        of_subnet(
            "front",
            "a",
            &[rule("web", 100, "Inbound", "Allow", "*", "*")]
        ),
        of_subnet("back", "b", &[]),
        subnet("a", "10.0.0.0/24"),
        subnet("b", "10.0.1.0/24"),
    ]);
    let found = answer(&files, &WEB, ("allow", true, "web"));
    says(&found, "skipped", &["back", "other subnets"]);
    let args = ["--from", "8.8.8.8", "--to", "10.0.1.4"];
    answer(&files, &args, ("deny", true, "DenyAllInBound"));
}

#[test]
fn inbound_to_a_public_address_is_judged_by_the_private_one_behind() {
    let one = group(
        "g",
        &[rule("web", 100, "Inbound", "Allow", "*", "10.0.0.4")],
    );
    let args = ["--from", "8.8.8.8", "--to", "20.1.1.1"];
    let found = answer(&one, &args, ("depends", false, "DenyAllInBound"));
    assert_eq!(found["reasons"][0]["id"], "address-unknown");
    let every = group("g", &[rule("web", 100, "Inbound", "Allow", "*", "*")]);
    answer(&every, &args, ("allow", true, "web"));
}

#[test]
fn threat_intelligence_and_a_base_policy_come_before_the_rules() {
    let policy = |properties: Value| {
        json!([
            {"type": "Microsoft.Network/firewallPolicies", "name": "p", "id": "/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/firewallPolicies/p", "properties": properties},
            {"name": "g", "priority": 100, "type": "Microsoft.Network/firewallPolicies/ruleCollectionGroups", "ruleCollections": [{"name": "n", "priority": 100, "action": {"type": "Allow"},
                "rules": [{"name": "out", "ruleType": "NetworkRule", "ipProtocols": ["TCP"], "sourceAddresses": ["*"], "destinationAddresses": ["*"], "destinationPorts": ["443"]}]}]}])
    };
    let args = ["--from", "10.0.0.4", "--to", "8.8.8.8"];
    answer(
        &policy(json!({"threatIntelMode": "Alert"})),
        &args,
        ("allow", true, "out"),
    );
    for properties in [
        json!({"threatIntelMode": "Deny"}),
        json!({"threatIntelMode": "Off", "basePolicy": {"id": "/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/firewallPolicies/base"}}),
    ] {
        let found = answer(&policy(properties), &args, ("depends", false, "out"));
        assert_eq!(found["reasons"][0]["id"], "not-modelled");
    }
}

#[test]
fn rules_of_a_base_policy_come_first_whatever_their_priority() {
    let id = |name: &str| {
        format!(
            "/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/firewallPolicies/{name}"
        )
    };
    let network = |name: &str, to: &str| json!({"name": name, "ruleType": "NetworkRule", "ipProtocols": ["TCP"], "sourceAddresses": ["*"], "destinationAddresses": [to], "destinationPorts": ["443"]});
    let collection = |priority: u32, action: &str, rule: Value| json!({"name": "c", "ruleCollectionType": "FirewallPolicyFilterRuleCollection", "priority": priority, "action": {"type": action}, "rules": [rule]});
    let group = |policy: &str, priority: u32, collections: Vec<Value>| json!({"name": format!("{policy}-g"), "id": format!("{}/ruleCollectionGroups/{policy}-g", id(policy)), "priority": priority, "ruleCollections": collections});
    let application = json!({"name": "app-deny", "ruleType": "ApplicationRule", "protocols": [{"protocolType": "Https", "port": 443}], "sourceAddresses": ["*"], "targetFqdns": ["*"]});
    let nat = json!({"name": "c", "ruleCollectionType": "FirewallPolicyNatRuleCollection", "priority": 100, "action": {"type": "Dnat"}, "rules": [
        {"name": "dn", "ruleType": "NatRule", "ipProtocols": ["TCP"], "sourceAddresses": ["*"], "destinationAddresses": ["20.1.1.1"], "destinationPorts": ["443"], "translatedAddress": "10.0.1.4", "translatedPort": "8443"}]});
    let files = json!([
        {"type": "Microsoft.Network/firewallPolicies", "name": "child", "id": id("child"), "properties": {"threatIntelMode": "Off", "basePolicy": {"id": id("BASE")}}},
        {"type": "Microsoft.Network/firewallPolicies", "name": "base", "id": id("base"), "properties": {"threatIntelMode": "Off"}},
        group("child", 100, vec![collection(100, "Allow", network("child-out", "*"))]),
        group("base", 60_000, vec![collection(60_000, "Deny", network("base-deny", "8.8.8.8")), collection(100, "Deny", application), nat])]);
    let from = |to: &'static str| ["--from", "10.0.0.4", "--to", to];
    answer(&files, &from("8.8.8.8"), ("deny", true, "base-deny"));
    // Network rules come before application rules, whoever has them.
    answer(&files, &from("9.9.9.9"), ("allow", true, "child-out"));
    // Translation is a firewall's own.
    answer(
        &files,
        &["--from", "9.9.9.9", "--to", "20.1.1.1"],
        ("allow", true, "child-out"),
    );
}

#[test]
fn a_wildcard_in_front_also_stands_for_nothing() {
    let app = |host: &str| {
        json!({"name": "g", "ruleCollections": [{"name": "a", "priority": 100, "action": {"type": "Allow"}, "rules": [{"name": "app", "ruleType": "ApplicationRule",
            "protocols": [{"protocolType": "Https", "port": 443}], "sourceAddresses": ["10.0.0.0/8"], "targetFqdns": [host]}]}]})
    };
    let args = ["--from", "10.0.0.4", "--to", "contoso.com"];
    answer(&app("*contoso.com"), &args, ("allow", true, "app"));
    answer(&app("*.contoso.com"), &args, ("deny", true, "no rule"));
}

#[test]
fn what_terraform_shows_is_read() {
    let group = |prefix: Value| {
        json!({"address": "azurerm_network_security_group.web", "mode": "managed", "type": "azurerm_network_security_group", "name": "web", "values": {
            "name": "web", "location": "westeurope", "resource_group_name": "rg", "security_rule": [{"name": "in", "priority": 100, "direction": "Inbound", "access": "Allow",
                "protocol": "Tcp", "source_port_range": "*", "source_address_prefix": prefix, "source_address_prefixes": [], "destination_port_range": "443",
                "destination_port_ranges": [], "destination_address_prefix": "*", "destination_address_prefixes": []}]}})
    };
    let account = json!({"address": "azurerm_storage_account.s", "mode": "managed", "type": "azurerm_storage_account", "name": "s", "values": {"name": "s"}});
    let state = |prefix: &str| {
        json!({"format_version": "1.0", "terraform_version": "1.9.0", "values": {"root_module": {"resources": [account], "child_modules": [
            {"address": "module.net", "resources": [group(json!(prefix))]}]}}})
    };
    answer(&state("8.8.8.0/24"), &WEB, ("allow", true, "in"));
    let found = answer(
        &state("203.0.113.0/24"),
        &WEB,
        ("deny", true, "DenyAllInBound"),
    );
    assert_eq!(found["set"], "web");
    let plan = json!({"format_version": "1.2", "planned_values": {"root_module": {"resources": [group(Value::Null)]}}, "resource_changes": [
        {"address": "azurerm_network_security_group.web", "type": "azurerm_network_security_group",
         "change": {"actions": ["create"], "after_unknown": {"id": true, "security_rule": [{"source_address_prefix": true}]}}}]});
    let found = answer(&plan, &WEB, ("depends", false, "DenyAllInBound"));
    assert_eq!(found["reasons"][0]["id"], "unresolved");
    says(&found, "reasons", &["known after apply"]);
}

#[test]
fn parts_of_rule_sets_are_read_by_themselves() {
    let network = json!({"ruleType": "NetworkRule", "name": "a", "ipProtocols": ["TCP"], "sourceAddresses": ["*"], "destinationAddresses": ["8.8.8.8"], "destinationPorts": ["443"]});
    let collection = json!({"name": "net", "priority": 100, "ruleCollectionType": "FirewallPolicyFilterRuleCollection", "action": {"type": "Allow"}, "rules": [network]});
    let out = ["--from", "10.0.0.4", "--to", "8.8.8.8"];
    for file in [json!([collection]), collection.clone()] {
        answer(&file, &out, ("allow", true, "a"));
    }
    // Nothing says what a rule without its collection does.
    answer(&json!([network]), &out, ("depends", false, "no rule"));
    let web = rule("web", 100, "Inbound", "Allow", "8.8.8.0/24", "*");
    answer(&web, &WEB, ("allow", true, "web"));
    let route = json!({"name": "r", "addressPrefix": "8.8.8.0/24", "nextHopType": "None"});
    answer(&route, &["--to", "8.8.8.8"], ("deny", true, "r"));
}

#[test]
fn several_ends_are_asked_each() {
    let open = group(
        "g",
        &[rule("web", 100, "Inbound", "Allow", "8.8.8.0/24", "*")],
    );
    let ran = asked(
        &open,
        &[
            "--from",
            "8.8.8.8,9.9.9.9",
            "--to",
            "10.0.0.4",
            "--to",
            "10.0.0.5",
            "--json",
        ],
    );
    let answers = ran.json();
    let verdicts: Vec<&str> = answers
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["verdict"].as_str().unwrap())
        .collect();
    assert_eq!(verdicts, ["allow", "allow", "deny", "deny"]);
    assert_eq!(ran.code, 1);
    assert_eq!(answers[0]["ruleSets"][0]["onPath"], true);
    let text = asked(
        &open,
        &["--from", "8.8.8.8,nowhere at all", "--to", "10.0.0.4"],
    );
    assert_eq!(text.code, 2);
    assert!(text.out.contains("g: allowed by web"), "{text:?}");
    assert!(text.err.contains("nowhere at all"), "{text:?}");
}

#[test]
fn of_two_firewalls_in_a_file_either_may_be_on_the_way() {
    let policy = |name: &str, to: &str| {
        json!({"name": "g", "id": format!("/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/firewallPolicies/{name}/ruleCollectionGroups/g"), "priority": 100,
            "ruleCollections": [{"name": "n", "priority": 100, "action": {"type": "Allow"}, "rules": [{"name": "out", "ruleType": "NetworkRule", "ipProtocols": ["TCP"],
                "sourceAddresses": ["*"], "destinationAddresses": [to], "destinationPorts": ["443"]}]}]})
    };
    let both = json!([policy("one", "8.8.8.8"), policy("two", "9.9.9.9")]);
    let args = |to: &'static str| ["--from", "10.0.0.4", "--to", to];
    answer(&both, &args("8.8.8.8"), ("depends", false, "no rule"));
    answer(&both, &args("1.1.1.1"), ("deny", true, "no rule"));
}
