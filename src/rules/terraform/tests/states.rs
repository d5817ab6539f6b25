//! States: each type, modules, and what stands in two places.

use serde_json::{Value, json};

use crate::rules::terraform::resources;
use crate::rules::terraform::tests::{GROUP, of, one, resource, state};

fn nsg(rules: &Value) -> Value {
    json!({
        "id": format!("{GROUP}/networkSecurityGroups/web"),
        "name": "web",
        "resource_group_name": "rg",
        "location": "westeurope",
        "security_rule": rules
    })
}

#[test]
fn a_security_group_has_its_rules() {
    let rule = json!({
        "name": "in",
        "description": "",
        "priority": 100,
        "direction": "Inbound",
        "access": "Allow",
        "protocol": "Tcp",
        "source_port_range": "*",
        "source_port_ranges": [],
        "source_address_prefix": "",
        "source_address_prefixes": ["10.0.0.0/8"],
        "destination_port_range": "443",
        "destination_port_ranges": null,
        "destination_address_prefix": "VirtualNetwork",
        "source_application_security_group_ids": ["/a"]
    });
    assert_eq!(
        one("azurerm_network_security_group", &nsg(&json!([rule]))),
        json!({
            "type": "Microsoft.Network/networkSecurityGroups",
            "name": "web",
            "id": format!("{GROUP}/networkSecurityGroups/web"),
            "location": "westeurope",
            "properties": { "securityRules": [{ "name": "in", "properties": {
                "priority": 100,
                "direction": "Inbound",
                "access": "Allow",
                "protocol": "Tcp",
                "sourcePortRange": "*",
                "sourceAddressPrefixes": ["10.0.0.0/8"],
                "destinationPortRange": "443",
                "destinationAddressPrefix": "VirtualNetwork",
                "sourceApplicationSecurityGroups": [{ "id": "/a" }]
            } }] }
        })
    );
}

#[test]
fn rules_and_routes_are_children() {
    let values = json!({
        "name": "in",
        "resource_group_name": "rg",
        "network_security_group_name": "web",
        "priority": 100
    });
    let rule = one("azurerm_network_security_rule", &values);
    assert_eq!(rule["name"], "web/in");
    assert_eq!(
        rule["type"],
        "Microsoft.Network/networkSecurityGroups/securityRules"
    );
    assert_eq!(rule["properties"], json!({ "priority": 100 }));
    let values = json!({
        "name": "out",
        "route_table_name": "table",
        "address_prefix": "0.0.0.0/0",
        "next_hop_type": "VirtualAppliance",
        "next_hop_in_ip_address": "10.0.0.4"
    });
    let route = one("azurerm_route", &values);
    assert_eq!(route["name"], "table/out");
    assert_eq!(
        route["properties"],
        json!({
            "addressPrefix": "0.0.0.0/0",
            "nextHopType": "VirtualAppliance",
            "nextHopIpAddress": "10.0.0.4"
        })
    );
    let values =
        json!({ "name": "table", "route": [values], "bgp_route_propagation_enabled": false });
    let table = one("azurerm_route_table", &values);
    assert_eq!(table["properties"]["routes"][0]["name"], "out");
    assert_eq!(
        table["properties"]["routes"][0]["properties"],
        route["properties"]
    );
    assert_eq!(table["properties"]["disableBgpRoutePropagation"], true);
}

#[test]
fn a_rule_of_its_own_stands_in_its_group_once() {
    let rule = |name: &str, priority: u32| {
        json!({
            "name": name,
            "resource_group_name": "RG",
            "network_security_group_name": "WEB",
            "priority": priority
        })
    };
    let group = nsg(&json!([{ "name": "IN", "priority": 9 }, { "name": "old", "priority": 8 }]));
    let mut document = state(&[
        resource("azurerm_network_security_group", "web", &group),
        resource("azurerm_network_security_rule", "in", &rule("in", 100)),
        resource("azurerm_network_security_rule", "new", &rule("new", 200)),
    ]);
    let file = resources(&document);
    let names = |value: &Value| {
        let list = value["properties"]["securityRules"].as_array().unwrap();
        let names = list
            .iter()
            .map(|it| it["name"].as_str().unwrap().to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(names(&file.resources[0].value), ["old", "in", "new"]);
    assert_eq!(file.resources.len(), 3);
    document["resource_changes"] = json!([{
        "address": "azurerm_network_security_rule.old",
        "type": "azurerm_network_security_rule",
        "change": { "actions": ["delete"], "before": rule("old", 8) }
    }]);
    let file = resources(&document);
    assert_eq!(names(&file.resources[0].value), ["in", "new"]);
    // What was a resource of its own becomes one of the group's own rules.
    let changes = document["resource_changes"].as_array_mut().unwrap();
    changes.push(json!({
        "address": "azurerm_network_security_group.web",
        "type": "azurerm_network_security_group",
        "change": { "actions": ["update"], "before": nsg(&json!([])), "after": group }
    }));
    let file = resources(&document);
    assert_eq!(names(&file.resources[0].value), ["old", "in", "new"]);
}

#[test]
fn a_rule_collection_group_has_three_kinds_of_rules() {
    let values = json!({
        "id": format!("{GROUP}/firewallPolicies/p/ruleCollectionGroups/g"),
        "name": "g",
        "firewall_policy_id": format!("{GROUP}/firewallPolicies/p"),
        "priority": 500,
        "application_rule_collection": [{
            "name": "a", "action": "Deny", "priority": 500,
            "rule": [{
                "name": "r",
                "protocols": [{ "type": "Https", "port": 443 }],
                "source_addresses": ["*"],
                "destination_fqdns": ["*.example.com"],
                "destination_urls": [],
                "destination_fqdn_tags": ["AzureBackup"],
                "web_categories": ["Gambling"]
            }]
        }],
        "network_rule_collection": [{
            "name": "n", "action": "Allow", "priority": 400,
            "rule": [{
                "name": "r",
                "protocols": ["TCP", "UDP"],
                "source_ip_groups": ["/g"],
                "destination_addresses": ["Storage"],
                "destination_ip_groups": [],
                "destination_fqdns": ["time.windows.com"],
                "destination_ports": ["80", "1000-2000"]
            }]
        }],
        "nat_rule_collection": [{
            "name": "d", "action": "Dnat", "priority": 300,
            "rule": [{
                "name": "r",
                "protocols": ["TCP"],
                "source_addresses": ["*"],
                "destination_address": "20.0.0.1",
                "destination_ports": ["80"],
                "translated_address": "10.0.0.1",
                "translated_port": 8080
            }]
        }]
    });
    let group = one("azurerm_firewall_policy_rule_collection_group", &values);
    assert_eq!(group["name"], "p/g");
    let collections = &group["properties"]["ruleCollections"];
    assert_eq!(
        collections[0],
        json!({
            "name": "d",
            "priority": 300,
            "ruleCollectionType": "FirewallPolicyNatRuleCollection",
            "action": { "type": "Dnat" },
            "rules": [{
                "name": "r",
                "ruleType": "NatRule",
                "ipProtocols": ["TCP"],
                "sourceAddresses": ["*"],
                "destinationAddresses": ["20.0.0.1"],
                "destinationPorts": ["80"],
                "translatedAddress": "10.0.0.1",
                "translatedPort": 8080
            }]
        })
    );
    assert_eq!(
        collections[1]["rules"][0],
        json!({
            "name": "r",
            "ruleType": "NetworkRule",
            "ipProtocols": ["TCP", "UDP"],
            "sourceIpGroups": ["/g"],
            "destinationAddresses": ["Storage"],
            "destinationFqdns": ["time.windows.com"],
            "destinationPorts": ["80", "1000-2000"]
        })
    );
    assert_eq!(
        collections[2]["rules"][0],
        json!({
            "name": "r",
            "ruleType": "ApplicationRule",
            "protocols": [{ "protocolType": "Https", "port": 443 }],
            "sourceAddresses": ["*"],
            "targetFqdns": ["*.example.com"],
            "fqdnTags": ["AzureBackup"],
            "webCategories": ["Gambling"]
        })
    );
    let kind = "FirewallPolicyFilterRuleCollection";
    assert_eq!(collections[2]["ruleCollectionType"], kind);
}

#[test]
fn classic_collections_are_one_firewall() {
    let collection = |firewall: &str, rule: Value| {
        json!({
            "id": format!("{GROUP}/azureFirewalls/{firewall}/someRuleCollections/c"),
            "name": "c",
            "azure_firewall_name": firewall,
            "resource_group_name": "rg",
            "priority": 100,
            "action": "Allow",
            "rule": [rule]
        })
    };
    let firewall = json!({
        "name": "f", "resource_group_name": "RG", "threat_intel_mode": "Deny",
        "sku_name": "AZFW_VNet", "firewall_policy_id": ""
    });
    let network = json!({ "name": "n", "protocols": ["TCP"], "destination_ports": ["1"] });
    let web = json!({
        "name": "w", "target_fqdns": ["a.b"], "protocol": [{ "type": "Http", "port": 80 }]
    });
    let nat = json!({ "name": "t", "translated_address": "10.0.0.1", "translated_port": "80" });
    let file = resources(&state(&[
        resource(
            "azurerm_firewall_network_rule_collection",
            "a",
            &collection("F", network),
        ),
        resource("azurerm_firewall", "f", &firewall),
        resource(
            "azurerm_firewall_application_rule_collection",
            "b",
            &collection("f", web),
        ),
        resource(
            "azurerm_firewall_nat_rule_collection",
            "c",
            &collection("other", nat),
        ),
    ]));
    assert_eq!(file.resources.len(), 2);
    let own = &file.resources[0].value["properties"];
    assert_eq!(own["threatIntelMode"], "Deny");
    assert_eq!(own["sku"], json!({ "name": "AZFW_VNet" }));
    assert_eq!(
        own["networkRuleCollections"],
        json!([{ "name": "c", "properties": {
            "priority": 100,
            "action": { "type": "Allow" },
            "rules": [{ "name": "n", "protocols": ["TCP"], "destinationPorts": ["1"] }]
        } }])
    );
    let rules = &own["applicationRuleCollections"][0]["properties"]["rules"];
    let protocols = json!([{ "protocolType": "Http", "port": 80 }]);
    assert_eq!(
        rules[0],
        json!({ "name": "w", "targetFqdns": ["a.b"], "protocols": protocols })
    );
    let other = &file.resources[1];
    assert_eq!(other.place, "azurerm_firewall_nat_rule_collection.c");
    assert_eq!(other.value["name"], "other");
    assert_eq!(other.value["id"], format!("{GROUP}/azureFirewalls/other"));
    let rules = &other.value["properties"]["natRuleCollections"][0]["properties"]["rules"];
    assert_eq!(rules[0]["translatedPort"], "80");
}

#[test]
fn policies_and_ip_groups_are_shaped() {
    let values = json!({
        "name": "p",
        "base_policy_id": "/base",
        "threat_intelligence_mode": "Alert",
        "threat_intelligence_allowlist": [{ "fqdns": ["a.b"], "ip_addresses": null }]
    });
    assert_eq!(
        one("azurerm_firewall_policy", &values)["properties"],
        json!({
            "basePolicy": { "id": "/base" },
            "threatIntelMode": "Alert",
            "threatIntelWhitelist": { "fqdns": ["a.b"] }
        })
    );
    let id = format!("{GROUP}/ipGroups/g");
    let group = json!({ "name": "g", "id": id, "cidrs": ["10.0.0.0/8"] });
    let part = |cidr: &str| json!({ "ip_group_id": id.to_uppercase(), "cidr": cidr });
    let elsewhere = json!({ "ip_group_id": format!("{GROUP}/ipGroups/h"), "cidr": "10.3.0.1" });
    let file = resources(&state(&[
        resource("azurerm_ip_group_cidr", "a", &part("10.0.0.0/8")),
        resource("azurerm_ip_group_cidr", "b", &part("10.1.0.1")),
        resource("azurerm_ip_group", "g", &group),
        resource("azurerm_ip_group_cidr", "c", &elsewhere),
        resource("azurerm_ip_group_cidr", "d", &json!({ "cidr": "1.1.1.1" })),
    ]));
    let addresses = |number: usize| &file.resources[number].value["properties"]["ipAddresses"];
    assert_eq!(*addresses(0), json!(["10.0.0.0/8", "10.1.0.1"]));
    assert_eq!(*addresses(1), json!(["10.3.0.1"]));
    assert_eq!(file.resources[1].value["name"], "h");
    let gone = json!({ "ip_group_id": id, "cidr": "10.0.0.0/8" });
    let mut document = state(&[resource("azurerm_ip_group", "g", &group)]);
    document["resource_changes"] = json!([{
        "type": "azurerm_ip_group_cidr",
        "change": { "actions": ["delete"], "before": gone }
    }]);
    let without = resources(&document);
    assert_eq!(
        without.resources[0].value["properties"]["ipAddresses"],
        json!([])
    );
    assert_eq!(file.gaps[0].place, "azurerm_ip_group_cidr.d");
    assert_eq!(
        file.gaps[0].found,
        "azurerm_ip_group_cidr with ip_group_id nothing"
    );
}

#[test]
fn a_registry_has_its_rules() {
    let values = json!({
        "name": "r",
        "location": "westeurope",
        "sku": "Premium",
        "login_server": "r.azurecr.io",
        "public_network_access_enabled": true,
        "network_rule_bypass_option": "None",
        "data_endpoint_enabled": false,
        "network_rule_set": [{
            "default_action": "Deny",
            "ip_rule": [{ "action": "Allow", "ip_range": "20.0.0.0/24" }],
            "virtual_network": [{ "action": "Allow", "subnet_id": "/s" }]
        }]
    });
    assert_eq!(
        one("azurerm_container_registry", &values),
        json!({
            "type": "Microsoft.ContainerRegistry/registries",
            "name": "r",
            "location": "westeurope",
            "sku": { "name": "Premium" },
            "properties": {
                "loginServer": "r.azurecr.io",
                "publicNetworkAccess": "Enabled",
                "networkRuleBypassOptions": "None",
                "dataEndpointEnabled": false,
                "networkRuleSet": {
                    "defaultAction": "Deny",
                    "ipRules": [{ "action": "Allow", "value": "20.0.0.0/24" }],
                    "virtualNetworkRules": [{ "action": "Allow", "id": "/s" }]
                }
            }
        })
    );
    let values = json!({ "network_rule_set": [], "public_network_access_enabled": false });
    let registry = one("azurerm_container_registry", &values);
    assert_eq!(
        registry["properties"],
        json!({ "networkRuleSet": null, "publicNetworkAccess": "Disabled" })
    );
}

#[test]
fn links_stand_in_subnets() {
    let subnet = |name: &str| format!("{GROUP}/virtualNetworks/v/subnets/{name}");
    let network = json!({
        "name": "v",
        "resource_group_name": "rg",
        "address_space": ["10.0.0.0/8"],
        "subnet": [
            { "id": subnet("a"), "name": "a", "security_group": "/n0" },
            { "id": subnet("b"), "name": "b", "security_group": "/nb", "address_prefixes": ["10.9.0.0/24"] }
        ]
    });
    let own = json!({
        "id": subnet("a"),
        "name": "a",
        "resource_group_name": "rg",
        "virtual_network_name": "v",
        "address_prefixes": ["10.0.0.0/24"],
        "service_endpoints": ["Microsoft.ContainerRegistry"]
    });
    let link = |name: &str, key: &str, id: &str| json!({ "subnet_id": subnet(name), key: id });
    let mut list = vec![
        resource("azurerm_virtual_network", "v", &network),
        resource("azurerm_subnet", "a", &own),
    ];
    let file = resources(&state(&list));
    assert_eq!(
        file.resources[0].value["properties"]["subnets"],
        json!([{ "id": subnet("b"), "name": "b", "properties": {
            "addressPrefixes": ["10.9.0.0/24"], "networkSecurityGroup": { "id": "/nb" }
        } }])
    );
    let properties = &file.resources[1].value["properties"];
    assert_eq!(properties["networkSecurityGroup"], json!({ "id": "/n0" }));
    list.push(resource(
        "azurerm_subnet_network_security_group_association",
        "a",
        &link("A", "network_security_group_id", "/n"),
    ));
    list.push(resource(
        "azurerm_subnet_route_table_association",
        "c",
        &link("c", "route_table_id", "/t"),
    ));
    list.push(resource(
        "azurerm_subnet_route_table_association",
        "d",
        &json!({ "subnet_id": subnet("d") }),
    ));
    let file = resources(&state(&list));
    assert_eq!(file.resources[1].value["name"], "v/a");
    assert_eq!(
        file.resources[1].value["properties"],
        json!({
            "addressPrefixes": ["10.0.0.0/24"],
            "serviceEndpoints": [{ "service": "Microsoft.ContainerRegistry" }],
            "networkSecurityGroup": { "id": "/n" }
        })
    );
    assert_eq!(
        file.resources[2].value,
        json!({
            "type": "Microsoft.Network/virtualNetworks/subnets",
            "name": "v/c",
            "id": subnet("c"),
            "properties": { "routeTable": { "id": "/t" } }
        })
    );
    assert_eq!(file.gaps.len(), 1);
    assert_eq!(
        file.gaps[0].place,
        "azurerm_subnet_route_table_association.d"
    );
}

#[test]
fn azapi_resources_are_passed_on() {
    let id = format!("{GROUP}/networkSecurityGroups/n/securityRules/r");
    let body = json!({ "properties": { "priority": 100 }, "name": "other" });
    for body in [body.clone(), json!(body.to_string())] {
        let values = json!({
            "type": "Microsoft.Network/networkSecurityGroups/securityRules@2024-05-01",
            "name": "r",
            "id": id,
            "location": "westeurope",
            "body": body
        });
        assert_eq!(
            one("azapi_resource", &values),
            json!({
                "type": "Microsoft.Network/networkSecurityGroups/securityRules",
                "name": "n/r",
                "id": id,
                "location": "westeurope",
                "properties": { "priority": 100 }
            })
        );
    }
}

#[test]
fn an_update_changes_the_resource_that_it_is_of() {
    let id =
        "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/r";
    let registry = json!({ "id": id, "name": "r", "sku": "Premium", "network_rule_set": [] });
    let update = json!({
        "type": "Microsoft.ContainerRegistry/registries@2023-07-01",
        "resource_id": id.to_uppercase(),
        "body": { "properties": { "publicNetworkAccess": "Disabled" } }
    });
    let file = resources(&state(&[
        resource("azapi_update_resource", "u", &update),
        resource("azurerm_container_registry", "r", &registry),
    ]));
    assert_eq!(file.resources.len(), 1);
    let value = &file.resources[0].value;
    assert_eq!(value["name"], "r");
    assert_eq!(
        value["properties"],
        json!({ "networkRuleSet": null, "publicNetworkAccess": "Disabled" })
    );
    let file = resources(&state(&[resource("azapi_update_resource", "u", &update)]));
    let kind = "Microsoft.ContainerRegistry/registries";
    assert_eq!(of(&file, kind)["properties"], update["body"]["properties"]);
}

#[test]
fn modules_data_and_other_types_are_there() {
    let hub = json!({ "name": "h", "id": "/hub" });
    let mut data = resource("azurerm_network_security_group", "d", &nsg(&json!([])));
    data["mode"] = json!("data");
    data["address"] = json!("data.azurerm_network_security_group.d");
    let mut client = resource("azurerm_client_config", "c", &json!({}));
    client["mode"] = json!("data");
    let mut nameless = resource("azurerm_ip_group", "x", &json!({ "name": "x" }));
    nameless["address"] = json!(null);
    let document = json!({
        "format_version": "1.0",
        "values": { "root_module": {
            "resources": [
                resource("azuread_group", "g", &json!({ "display_name": "people" })),
                resource("azurerm_virtual_hub_routing_intent", "i", &hub),
                resource("azurerm_network_manager_admin_rule", "a", &hub),
                resource("azurerm_network_manager_network_group", "n", &hub),
                resource("azurerm_resource_group_template_deployment", "t", &hub),
                client,
                data
            ],
            "child_modules": [{
                "address": "module.net[\"a.b\"]",
                "child_modules": [{ "resources": [nameless] }]
            }]
        } }
    });
    let file = resources(&document);
    let seen = file.resources.iter().map(|resource| {
        let kind = resource.value["type"].as_str().unwrap();
        (kind, resource.place.as_str())
    });
    assert_eq!(
        seen.collect::<Vec<_>>(),
        [
            ("Terraform/azuread_group", "azuread_group.g"),
            (
                "Microsoft.Network/virtualHubs",
                "azurerm_virtual_hub_routing_intent.i"
            ),
            (
                "Microsoft.Network/networkManagers/securityAdminConfigurations",
                "azurerm_network_manager_admin_rule.a"
            ),
            (
                "Terraform/azurerm_network_manager_network_group",
                "azurerm_network_manager_network_group.n"
            ),
            (
                "Microsoft.Network/networkSecurityGroups",
                "data.azurerm_network_security_group.d"
            ),
            (
                "Microsoft.Network/ipGroups",
                "values.root_module.child_modules[0].child_modules[0].resources[0]"
            ),
        ]
    );
    assert_eq!(file.resources[0].value["name"], "g");
    assert_eq!(file.gaps.len(), 1);
    let place = "azurerm_resource_group_template_deployment.t";
    assert_eq!(file.gaps[0].place, place);
}
