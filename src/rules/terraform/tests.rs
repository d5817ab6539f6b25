//! States and plans, and what they become.

use serde_json::{Value, json};

use crate::rules::terraform::{TerraformFile, is_terraform, limited, resources};

mod hostile;
mod plans;
mod states;

/// A resource as Terraform prints it.
fn resource(kind: &str, name: &str, values: &Value) -> Value {
    json!({
        "address": format!("{kind}.{name}"),
        "mode": "managed",
        "type": kind,
        "name": name,
        "values": values
    })
}

/// A state of these resources.
fn state(list: &[Value]) -> Value {
    json!({ "format_version": "1.0", "values": { "root_module": { "resources": list } } })
}

/// What a state of one resource becomes.
fn one(kind: &str, values: &Value) -> Value {
    let file = resources(&state(&[resource(kind, "it", values)]));
    assert_eq!(file.gaps, []);
    assert_eq!(file.resources.len(), 1, "{file:?}");
    file.resources[0].value.clone()
}

/// The resource of a type.
fn of<'f>(file: &'f TerraformFile, kind: &str) -> &'f Value {
    let all = file.resources.iter().map(|resource| &resource.value);
    let mut all = all.filter(|value| value["type"].as_str().unwrap().ends_with(kind));
    let found = all.next().unwrap();
    assert_eq!(all.next(), None, "{kind}");
    found
}

const GROUP: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network";

#[test]
fn states_and_plans_are_known_by_shape() {
    for (value, is) in [
        (json!({ "format_version": "1.0", "values": {} }), true),
        (
            json!({ "format_version": "1.2", "planned_values": {} }),
            true,
        ),
        (json!({ "format_version": "1.0" }), false),
        (json!({ "format_version": 1, "values": {} }), false),
        (json!({ "format_version": "1.0", "values": [] }), false),
        (json!({ "version": 4, "resources": [] }), false),
        (json!([]), false),
    ] {
        assert_eq!(is_terraform(&value), is, "{value}");
    }
}

#[test]
fn a_file_of_many_resources_is_read_in_part() {
    let list: Vec<Value> = (0..5)
        .map(|number| resource("azurerm_ip_group", &number.to_string(), &json!({})))
        .collect();
    let file = limited(&state(&list), 3);
    assert_eq!(file.resources.len(), 3);
    assert_eq!(file.gaps[0].found, "more resources than are read");
    assert_eq!(file.gaps.len(), 1);
}
