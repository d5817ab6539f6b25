//! Documents that nobody prints in good faith: bounds hold, nothing panics.

use serde_json::{Value, json};

use crate::rules::terraform::tests::{resource, state};
use crate::rules::terraform::{is_terraform, resources};

#[test]
fn deep_modules_end() {
    let mut module = json!({ "resources": [resource("azurerm_ip_group", "g", &json!({}))] });
    for _ in 0..70 {
        module = json!({ "child_modules": [module] });
    }
    let file = resources(&json!({ "format_version": "1", "values": { "root_module": module } }));
    assert_eq!(file.resources, []);
    assert_eq!(file.gaps[0].found, "modules deeper than are read");
}

#[test]
fn gaps_and_texts_are_bounded() {
    let list: Vec<Value> = (0..2_000).map(Value::from).collect();
    let file = resources(&state(&list));
    assert_eq!(file.gaps.len(), 1_000);
    assert_eq!(file.gaps[999].found, "more gaps than are told");
    let group = resource("azurerm_ip_group", "g", &json!({ "name": "g" }));
    let key = "k".repeat(100_000);
    let mut document = state(&[group]);
    document["resource_changes"] = json!([{
        "address": "azurerm_ip_group.g",
        "change": { "after_unknown": { key: [true, true] } }
    }]);
    let text = format!("{:?}", resources(&document));
    assert!(text.len() < 10_000, "{}", text.len());
}

#[test]
fn references_in_circles_end() {
    let link = resource("azurerm_subnet_route_table_association", "l", &json!({}));
    let round = json!({ "references": ["module.m.out", "module.m"] });
    let document = json!({
        "format_version": "1",
        "planned_values": { "root_module": { "resources": [link] } },
        "resource_changes": [{
            "address": "azurerm_subnet_route_table_association.l",
            "change": { "after_unknown": { "subnet_id": true, "route_table_id": true } }
        }],
        "configuration": { "root_module": {
            "resources": [{
                "address": "azurerm_subnet_route_table_association.l",
                "expressions": { "subnet_id": round, "route_table_id": round }
            }],
            "module_calls": { "m": {
                "expressions": { "in": round },
                "module": { "outputs": { "out": { "expression": { "references": ["var.in"] } } } }
            } }
        } }
    });
    assert_eq!(resources(&document).gaps.len(), 1);
}

/// A generator of numbers that are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most as u64).unwrap()
    }
}

/// A document with everything in it.
fn seed() -> Value {
    let kinds = [
        "azurerm_network_security_group",
        "azurerm_network_security_rule",
        "azurerm_route_table",
        "azurerm_firewall",
        "azurerm_firewall_nat_rule_collection",
        "azurerm_firewall_policy_rule_collection_group",
        "azurerm_ip_group",
        "azurerm_ip_group_cidr",
        "azurerm_container_registry",
        "azurerm_virtual_network",
        "azurerm_subnet",
        "azurerm_subnet_route_table_association",
        "azapi_resource",
        "azapi_update_resource",
        "random_id",
    ];
    let rule = json!({ "name": "r", "source_ip_groups": [null], "protocols": [{ "port": 1 }] });
    let collection = json!([{ "name": "c", "action": "Allow", "rule": [rule] }]);
    let id = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/it";
    let values = json!({
        "id": id, "name": "it", "resource_group_name": "rg", "subnet_id": id, "ip_group_id": id,
        "network_security_group_name": "it", "azure_firewall_name": "it", "cidr": "10.0.0.1",
        "security_rule": [rule], "route": [rule], "subnet": [{ "id": id, "name": "it" }],
        "network_rule_collection": collection, "rule": [rule], "cidrs": ["10.0.0.0/8"],
        "network_rule_set": [{ "ip_rule": [{ "ip_range": "1.1.1.1" }] }],
        "virtual_network_name": "it", "type": "Microsoft.Network/x@1", "body": { "properties": {} }
    });
    let unknown = json!({
        "route_table_id": true, "firewall_policy_id": true, "parent_id": true, "id": true,
        "network_rule_collection": [{ "rule": [{ "source_ip_groups": [true] }] }]
    });
    let list = kinds.map(|kind| resource(kind, "it", &values));
    let changes = kinds.map(|kind| {
        json!({
            "address": format!("{kind}.it"), "type": kind,
            "change": { "actions": ["delete", "create"], "before": values, "after_unknown": unknown }
        })
    });
    let to = json!({ "references": ["azurerm_route_table.it.id", "azurerm_route_table.it", "each.key"] });
    let configured = kinds.map(|kind| {
        json!({ "address": format!("{kind}.it"), "expressions": { "route_table_id": to, "parent_id": to } })
    });
    json!({
        "format_version": "1.2",
        "planned_values": { "root_module": {
            "resources": list,
            "child_modules": [{ "address": "module.a[0]", "resources": list }]
        } },
        "resource_changes": changes,
        "configuration": { "root_module": {
            "resources": configured,
            "module_calls": { "a": { "module": { "resources": configured } } }
        } }
    })
}

/// Puts something else somewhere into a value.
fn mutate(value: &mut Value, dice: &mut Dice) {
    let others = [
        json!(null),
        json!(true),
        json!(-1),
        json!(""),
        json!("[x known after apply]"),
        json!("module.a[\"b.c\"].ä"),
        json!([]),
        json!([null, true, {}]),
        json!({}),
        json!({ "references": ["var.a", 1, "module."] }),
    ];
    let below = match value {
        Value::Array(list) if !list.is_empty() => {
            let number = dice.below(list.len());
            list.get_mut(number)
        }
        Value::Object(map) if !map.is_empty() => {
            let number = dice.below(map.len());
            map.values_mut().nth(number)
        }
        _ => None,
    };
    match below {
        Some(below) if dice.below(8) > 0 => mutate(below, dice),
        _ => *value = others[dice.below(others.len())].clone(),
    }
}

#[test]
fn no_mutation_panics() {
    let seed = seed();
    let mut dice = Dice(0x1234_5678_9abc_def1);
    let mut read = 0;
    for _ in 0..150 {
        let mut document = seed.clone();
        for _ in 0..=dice.below(6) {
            mutate(&mut document, &mut dice);
        }
        let _ = is_terraform(&document);
        let file = resources(&document);
        read += file.resources.len();
        for resource in &file.resources {
            assert!(resource.value["type"].is_string(), "{resource:?}");
            assert!(resource.value["name"].is_string(), "{resource:?}");
        }
    }
    assert!(read > 500, "{read}");
}
