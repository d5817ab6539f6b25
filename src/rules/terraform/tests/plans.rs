//! Plans: what is not known before apply, and what it refers to.

use serde_json::{Value, json};

use crate::rules::terraform::tests::{of, resource};
use crate::rules::terraform::{TerraformFile, resources};

/// A plan that makes these resources; each with what is unknown and the expressions of its ids.
fn plan(list: &[(Value, Value, Value)]) -> Value {
    let changes = list.iter().map(|(resource, unknown, _)| {
        json!({
            "address": resource["address"],
            "type": resource["type"],
            "change": { "actions": ["create"], "after_unknown": unknown }
        })
    });
    let configured = list.iter().map(|(resource, _, references)| {
        let local = format!(
            "{}.{}",
            resource["type"].as_str().unwrap(),
            resource["name"].as_str().unwrap()
        );
        json!({ "address": local, "expressions": references })
    });
    json!({
        "format_version": "1.2",
        "planned_values": { "root_module": {
            "resources": list.iter().map(|it| it.0.clone()).collect::<Vec<_>>()
        } },
        "resource_changes": changes.collect::<Vec<_>>(),
        "configuration": { "root_module": { "resources": configured.collect::<Vec<_>>() } }
    })
}

fn read(list: &[(Value, Value, Value)]) -> TerraformFile {
    let file = resources(&plan(list));
    assert_eq!(file.gaps, []);
    file
}

fn to(name: &str) -> Value {
    let (bare, _) = name.rsplit_once('.').unwrap();
    json!({ "references": [name, bare] })
}

const NETWORK: &str =
    "/subscriptions/{subscriptionId}/resourceGroups/rg/providers/Microsoft.Network";

#[test]
fn unknown_values_are_texts_wherever_they_are() {
    let rule =
        json!({ "name": "in", "source_address_prefixes": ["10.0.0.0/8", null], "priority": 1 });
    let group = resource(
        "azurerm_network_security_group",
        "web",
        &json!({ "name": "web", "resource_group_name": "rg", "security_rule": [rule] }),
    );
    let unknown = json!({
        "id": true,
        "security_rule": [{
            "destination_address_prefix": true,
            "source_address_prefixes": [false, true]
        }]
    });
    let table = resource("azurerm_route_table", "t", &json!({ "name": "t" }));
    let file = read(&[
        (group, unknown, json!({})),
        (table, json!({ "id": true, "route": true }), json!({})),
    ]);
    let value = &file.resources[0].value;
    assert_eq!(value["id"], format!("{NETWORK}/networkSecurityGroups/web"));
    let place = "azurerm_network_security_group.web.security_rule[0]";
    assert_eq!(
        value["properties"]["securityRules"][0]["properties"],
        json!({
            "sourceAddressPrefixes": [
                "10.0.0.0/8",
                format!("[{place}.source_address_prefixes[1] known after apply]")
            ],
            "destinationAddressPrefix":
                format!("[{place}.destination_address_prefix known after apply]"),
            "priority": 1
        })
    );
    let table = &file.resources[1].value;
    assert_eq!(table["id"], "[azurerm_route_table.t.id known after apply]");
    assert_eq!(
        table["properties"]["routes"],
        "[azurerm_route_table.t.route known after apply]"
    );
}

#[test]
fn an_unknown_list_is_the_rules_that_are_resources() {
    let group = resource(
        "azurerm_network_security_group",
        "web",
        &json!({ "name": "web", "resource_group_name": "rg" }),
    );
    let rule = resource(
        "azurerm_network_security_rule",
        "in",
        &json!({
            "name": "in", "network_security_group_name": "web", "resource_group_name": "rg"
        }),
    );
    let file = read(&[
        (
            group,
            json!({ "id": true, "security_rule": true }),
            json!({}),
        ),
        (rule, json!({ "id": true }), json!({})),
    ]);
    let rules = &file.resources[0].value["properties"]["securityRules"];
    let id = format!("{NETWORK}/networkSecurityGroups/web/securityRules/in");
    assert_eq!(
        *rules,
        json!([{ "name": "in", "id": id, "properties": {} }])
    );
}

#[test]
fn names_follow_what_they_refer_to() {
    let place = resource("azurerm_resource_group", "rg", &json!({}));
    let group = resource(
        "azurerm_network_security_group",
        "web",
        &json!({ "name": "web", "security_rule": [] }),
    );
    let rule = resource(
        "azurerm_network_security_rule",
        "in",
        &json!({ "name": "in", "network_security_group_name": "web" }),
    );
    let unknown = json!({ "id": true, "resource_group_name": true });
    let references = json!({ "resource_group_name": to("azurerm_resource_group.rg.name") });
    let file = read(&[
        (place, json!({ "id": true, "name": true }), json!({})),
        (group, unknown.clone(), references.clone()),
        (rule, unknown, references),
    ]);
    let rules = &file.resources[1].value["properties"]["securityRules"];
    assert_eq!(rules[0]["name"], "in");
}

#[test]
fn masked_values_are_texts() {
    let mut group = resource(
        "azurerm_ip_group",
        "g",
        &json!({ "name": "g", "cidrs": ["10.0.0.0/8", "(sensitive value)"], "location": null }),
    );
    group["sensitive_values"] = json!({ "cidrs": [true, true], "location": true });
    let file = read(&[(group, json!({}), json!({}))]);
    let value = &file.resources[0].value;
    assert_eq!(
        value["properties"]["ipAddresses"],
        json!(["10.0.0.0/8", "[azurerm_ip_group.g.cidrs[1] sensitive]"])
    );
    assert_eq!(value["location"], "[azurerm_ip_group.g.location sensitive]");
}

#[test]
fn links_follow_what_ids_refer_to() {
    let subnet = resource(
        "azurerm_subnet",
        "s",
        &json!({ "name": "s", "virtual_network_name": "v", "resource_group_name": "rg" }),
    );
    let group = resource(
        "azurerm_network_security_group",
        "n",
        &json!({ "name": "n" }),
    );
    let link = resource(
        "azurerm_subnet_network_security_group_association",
        "l",
        &json!({}),
    );
    let unknown = json!({ "subnet_id": true, "network_security_group_id": true });
    let references = json!({
        "subnet_id": to("azurerm_subnet.s.id"),
        "network_security_group_id": to("azurerm_network_security_group.n.id")
    });
    let id = json!({ "id": true });
    let file = read(&[
        (link, unknown, references),
        (subnet, id.clone(), json!({})),
        (group, id, json!({})),
    ]);
    assert_eq!(file.resources.len(), 2);
    let subnet = of(&file, "/subnets");
    assert_eq!(
        subnet["id"],
        format!("{NETWORK}/virtualNetworks/v/subnets/s")
    );
    let group = of(&file, "/networkSecurityGroups");
    assert_eq!(
        group["id"],
        "[azurerm_network_security_group.n.id known after apply]"
    );
    let target = &subnet["properties"]["networkSecurityGroup"];
    assert_eq!(target["id"], group["id"]);
}

#[test]
fn a_link_that_refers_to_more_is_a_gap() {
    let link = resource("azurerm_subnet_route_table_association", "l", &json!({}));
    let unknown = json!({ "subnet_id": true, "route_table_id": true });
    for references in [
        json!({}),
        json!({ "subnet_id": { "references": ["azurerm_subnet.a.id", "azurerm_subnet.a", "var.b"] } }),
        json!({ "subnet_id": { "references": ["local.subnet"] } }),
        json!({ "subnet_id": { "references": ["azurerm_subnet.none.id", "azurerm_subnet.none"] } }),
    ] {
        let file = resources(&plan(&[(link.clone(), unknown.clone(), references)]));
        assert_eq!(file.resources, []);
        let place = "azurerm_subnet_route_table_association.l";
        assert_eq!(file.gaps[0].place, place);
        let found = format!("subnet_id [{place}.subnet_id known after apply]");
        assert!(file.gaps[0].found.ends_with(&found), "{:?}", file.gaps);
    }
}

#[test]
fn groups_of_rules_have_ids_of_policies_and_ip_groups() {
    let base = json!({ "name": "p", "resource_group_name": "rg" });
    let policy = resource("azurerm_firewall_policy", "p", &base);
    let addresses = resource("azurerm_ip_group", "a", &base);
    let more = resource("azurerm_ip_group", "b", &json!({ "name": "b" }));
    let group = resource(
        "azurerm_firewall_policy_rule_collection_group",
        "g",
        &json!({ "name": "g", "network_rule_collection": [{
            "name": "c", "rule": [{ "name": "r", "source_ip_groups": [null, null] }]
        }] }),
    );
    let unknown = json!({
        "id": true,
        "firewall_policy_id": true,
        "network_rule_collection": [{ "rule": [{ "source_ip_groups": [true, true] }] }]
    });
    let groups = json!({ "references": [
        "azurerm_ip_group.a.id", "azurerm_ip_group.a", "azurerm_ip_group.b.id", "azurerm_ip_group.b"
    ] });
    let references = json!({
        "firewall_policy_id": to("azurerm_firewall_policy.p.id"),
        "network_rule_collection": [{ "rule": [{ "source_ip_groups": groups }] }]
    });
    let id = json!({ "id": true });
    let file = read(&[
        (group, unknown, references),
        (policy, id.clone(), json!({})),
        (addresses, id.clone(), json!({})),
        (more, id, json!({})),
    ]);
    let group = of(&file, "/ruleCollectionGroups");
    let policy = format!("{NETWORK}/firewallPolicies/p");
    assert_eq!(group["id"], format!("{policy}/ruleCollectionGroups/g"));
    assert_eq!(group["name"], "p/g");
    let rule = &group["properties"]["ruleCollections"][0]["rules"][0];
    assert_eq!(
        rule["sourceIpGroups"],
        json!([
            format!("{NETWORK}/ipGroups/p"),
            "[azurerm_ip_group.b.id known after apply]"
        ])
    );
}

#[test]
fn references_go_through_modules_and_keys() {
    let subnet = |key: &str| {
        json!({
            "address": format!("module.net.azurerm_subnet.s[\"{key}\"]"),
            "mode": "managed", "type": "azurerm_subnet", "name": "s", "index": key,
            "values": { "name": key, "virtual_network_name": "v", "resource_group_name": "rg" }
        })
    };
    let link = |kind: &str, key: &str| {
        json!({
            "address": format!("module.net.azurerm_subnet_{kind}_association.l[\"{key}\"]"),
            "mode": "managed", "type": format!("azurerm_subnet_{kind}_association"),
            "name": "l", "index": key, "values": {}
        })
    };
    let table = resource(
        "azurerm_route_table",
        "t",
        &json!({ "name": "t", "resource_group_name": "rg" }),
    );
    let unknown = |address: &str, keys: &[&str]| {
        let members = keys.iter().map(|key| ((*key).to_owned(), json!(true)));
        let unknown: Value = Value::Object(members.collect());
        json!({ "address": address, "change": { "actions": ["create"], "after_unknown": unknown } })
    };
    let outputs = json!({ "table": { "expression": { "references": ["var.table"] } } });
    let links = json!({
        "subnet_id": { "references": ["azurerm_subnet.s", "each.key"] },
        "route_table_id": { "references": ["module.inner.table", "module.inner"] }
    });
    let inner = json!({
        "expressions": { "table": { "references": ["var.route_table_id"] } },
        "module": { "outputs": outputs }
    });
    let net = json!({
        "expressions": { "route_table_id": to("azurerm_route_table.t.id") },
        "module": {
            "resources": [{
                "address": "azurerm_subnet_route_table_association.l", "expressions": links
            }],
            "module_calls": { "inner": inner }
        }
    });
    let place = "module.net.azurerm_subnet_route_table_association.l[\"b\"]";
    let document = json!({
        "format_version": "1.2",
        "planned_values": { "root_module": {
            "resources": [table],
            "child_modules": [{
                "address": "module.net",
                "resources": [subnet("a"), subnet("b"), link("route_table", "b")]
            }]
        } },
        "resource_changes": [
            unknown("azurerm_route_table.t", &["id"]),
            unknown("module.net.azurerm_subnet.s[\"a\"]", &["id"]),
            unknown("module.net.azurerm_subnet.s[\"b\"]", &["id"]),
            unknown(place, &["subnet_id", "route_table_id"])
        ],
        "configuration": { "root_module": { "module_calls": { "net": net } } }
    });
    let file = resources(&document);
    assert_eq!(file.gaps, []);
    assert_eq!(file.resources.len(), 3);
    assert_eq!(file.resources[1].value["properties"], json!({}));
    assert_eq!(
        file.resources[2].value["properties"],
        json!({ "routeTable": { "id": format!("{NETWORK}/routeTables/t") } })
    );
}

#[test]
fn data_of_the_state_before_and_deferred_resources_count() {
    let mut data = resource(
        "azurerm_ip_group",
        "g",
        &json!({ "name": "g", "cidrs": ["1.1.1.1"] }),
    );
    data["mode"] = json!("data");
    let old = resource("azurerm_ip_group", "old", &json!({ "name": "old" }));
    let mut document = plan(&[]);
    document["prior_state"] = json!({ "values": { "root_module": { "resources": [data, old] } } });
    document["deferred_changes"] = json!([
        { "reason": "x", "resource_change": { "address": "azurerm_route.r", "type": "azurerm_route" } },
        { "reason": "x", "resource_change": { "address": "random_id.r", "type": "random_id" } }
    ]);
    let file = resources(&document);
    assert_eq!(file.resources.len(), 1);
    assert_eq!(file.resources[0].value["name"], "g");
    assert_eq!(file.gaps.len(), 1);
    assert_eq!(file.gaps[0].place, "azurerm_route.r");
}

#[test]
fn azapi_ids_follow_their_parents() {
    let group = resource("azurerm_resource_group", "rg", &json!({ "name": "rg" }));
    let outer = resource(
        "azapi_resource",
        "n",
        &json!({ "type": "Microsoft.Network/networkSecurityGroups@2024-05-01", "name": "n" }),
    );
    let inner = resource(
        "azapi_resource",
        "r",
        &json!({
            "type": "Microsoft.Network/networkSecurityGroups/securityRules@2024-05-01",
            "name": "r",
            "body": { "properties": { "priority": 100 } }
        }),
    );
    let unknown = json!({
        "id": true, "parent_id": true, "output": true, "body": { "properties": { "access": true } }
    });
    let file = read(&[
        (
            inner,
            unknown,
            json!({ "parent_id": to("azapi_resource.n.id") }),
        ),
        (
            outer,
            json!({ "id": true, "parent_id": true, "body": true }),
            json!({ "parent_id": to("azurerm_resource_group.rg.id") }),
        ),
        (group, json!({ "id": true }), json!({})),
    ]);
    let rule = of(&file, "/securityRules");
    assert_eq!(rule["name"], "n/r");
    let id = format!("{NETWORK}/networkSecurityGroups/n/securityRules/r");
    assert_eq!(rule["id"], id);
    assert_eq!(
        rule["properties"],
        json!({
            "priority": 100,
            "access": "[azapi_resource.r.body.properties.access known after apply]"
        })
    );
    assert_eq!(
        of(&file, "/networkSecurityGroups")["properties"],
        "[azapi_resource.n.body known after apply]"
    );
}
