//! One network in every form in which it is printed, built or planned: the same rules from all.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use tagscope::rules::{Parameters, ReadOptions, RuleDocument, RuleFile};

/// A rule of the model.
#[derive(Debug, Clone)]
struct ModelRule {
    is_inbound: bool,
    allows: bool,
    protocol: usize,
    from: Vec<usize>,
    to: usize,
    port: usize,
}

#[derive(Debug, Clone)]
struct Model {
    rules: Vec<ModelRule>,
    /// Prefixes and hops of routes.
    routes: Vec<(usize, usize)>,
}

const PROTOCOLS: [&str; 3] = ["Tcp", "Udp", "*"];
const ADDRESSES: [&str; 4] = ["10.0.0.0/24", "203.0.113.9", "198.51.100.0/25", "192.0.2.7"];
const TARGETS: [&str; 4] = ["*", "VirtualNetwork", "Storage.WestEurope", "10.1.0.4"];
const PORTS: [&str; 3] = ["443", "8000-8010", "*"];
const PREFIXES: [&str; 3] = ["0.0.0.0/0", "10.0.0.0/8", "192.0.2.0/24"];
const HOPS: [&str; 3] = ["Internet", "None", "VirtualAppliance"];

fn model() -> impl Strategy<Value = Model> {
    let rule = (
        any::<bool>(),
        any::<bool>(),
        0..PROTOCOLS.len(),
        prop::collection::btree_set(0..ADDRESSES.len(), 1..3),
        0..TARGETS.len(),
        0..PORTS.len(),
    );
    let rule = rule.prop_map(|(is_inbound, allows, protocol, from, to, port)| ModelRule {
        is_inbound,
        allows,
        protocol,
        from: from.into_iter().collect(),
        to,
        port,
    });
    let route = (0..PREFIXES.len(), 0..HOPS.len());
    (
        prop::collection::vec(rule, 1..5),
        prop::collection::vec(route, 0..3),
    )
        .prop_map(|(rules, routes)| Model { rules, routes })
}

/// The properties of a rule as ARM has them.
fn properties(rule: &ModelRule, priority: usize) -> Value {
    let mut all = json!({"priority": priority, "direction": if rule.is_inbound { "Inbound" } else { "Outbound" },
        "access": if rule.allows { "Allow" } else { "Deny" }, "protocol": PROTOCOLS[rule.protocol], "sourcePortRange": "*",
        "destinationAddressPrefix": TARGETS[rule.to], "destinationPortRange": PORTS[rule.port]});
    match rule.from.as_slice() {
        [one] => all["sourceAddressPrefix"] = json!(ADDRESSES[*one]),
        many => {
            let texts: Vec<&str> = many.iter().map(|&it| ADDRESSES[it]).collect();
            all["sourceAddressPrefixes"] = json!(texts);
        }
    }
    all
}

fn hop(place: usize) -> Value {
    let mut all = json!({"nextHopType": HOPS[place]});
    if HOPS[place] == "VirtualAppliance" {
        all["nextHopIpAddress"] = json!("10.9.0.4");
    }
    all
}

fn joined(mut one: Value, other: &Value) -> Value {
    let other = other.as_object().unwrap().clone();
    one.as_object_mut().unwrap().extend(other);
    one
}

impl Model {
    /// Name and properties of each rule.
    fn rules(&self) -> Vec<(String, Value)> {
        let rules = self.rules.iter().enumerate();
        rules
            .map(|(place, rule)| (format!("r{place}"), properties(rule, 100 + place)))
            .collect()
    }

    fn routes(&self) -> Vec<(String, Value)> {
        let routes = self.routes.iter().enumerate();
        routes
            .map(|(place, &(prefix, to))| {
                let prefix = json!({"addressPrefix": PREFIXES[prefix]});
                (format!("t{place}"), joined(prefix, &hop(to)))
            })
            .collect()
    }
}

fn flat(list: &[(String, Value)]) -> Vec<Value> {
    let flat = list.iter();
    flat.map(|(name, properties)| joined(json!({"name": name}), properties))
        .collect()
}

fn deep(list: &[(String, Value)]) -> Vec<Value> {
    let deep = list.iter();
    deep.map(|(name, properties)| json!({"name": name, "properties": properties}))
        .collect()
}

fn resource(kind: &str, name: &str, properties: &Value) -> Value {
    json!({"type": format!("Microsoft.Network/{kind}"), "apiVersion": "2024-05-01", "name": name, "properties": properties})
}

/// Group and table as ARM has them.
fn resources(model: &Model) -> Vec<Value> {
    vec![
        resource(
            "networkSecurityGroups",
            "n",
            &json!({"securityRules": deep(&model.rules())}),
        ),
        resource(
            "routeTables",
            "t",
            &json!({"routes": deep(&model.routes())}),
        ),
    ]
}

fn template(parameters: &Value, variables: &Value, resources: &Value) -> Value {
    json!({"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
        "parameters": parameters, "variables": variables, "resources": resources})
}

/// Keys as PowerShell writes them, and texts as its lists of one.
fn pascal(value: &Value) -> Value {
    const LISTS: [&str; 4] = [
        "sourceAddressPrefix",
        "destinationAddressPrefix",
        "sourcePortRange",
        "destinationPortRange",
    ];
    match value {
        Value::Object(object) => {
            let members = object.iter().map(|(key, value)| {
                let key = key
                    .strip_suffix("es")
                    .filter(|_| key.ends_with("Prefixes"))
                    .unwrap_or(key);
                let value =
                    if LISTS.contains(&key) && value.is_string() && object.contains_key("priority")
                    {
                        json!([value])
                    } else {
                        pascal(value)
                    };
                let (first, rest) = key.split_at(1);
                (first.to_uppercase() + rest, value)
            });
            Value::Object(members.collect())
        }
        Value::Array(list) => list.iter().map(pascal).collect(),
        other => other.clone(),
    }
}

/// Every text of the rules as a parameter: what the template says, and the values.
fn parameterized(value: &Value, values: &mut Map<String, Value>) -> Value {
    match value {
        Value::String(text) => {
            let name = format!("p{}", values.len());
            values.insert(name.clone(), json!(text));
            json!(format!("[parameters('{name}')]"))
        }
        Value::Array(list) => list.iter().map(|it| parameterized(it, values)).collect(),
        Value::Object(object) => {
            let members = object.iter().map(|(key, value)| {
                let is_fixed = ["type", "name", "apiVersion"].contains(&key.as_str());
                let value = if is_fixed {
                    value.clone()
                } else {
                    parameterized(value, values)
                };
                (key.clone(), value)
            });
            Value::Object(members.collect())
        }
        other => other.clone(),
    }
}

fn snake(key: &str) -> String {
    key.chars()
        .flat_map(|c| {
            let underline = c.is_ascii_uppercase().then_some('_');
            underline.into_iter().chain(c.to_lowercase())
        })
        .collect()
}

fn terraform(model: &Model) -> Value {
    let block = |list: &[(String, Value)]| -> Vec<Value> {
        flat(list)
            .iter()
            .map(|rule| {
                let members = rule.as_object().unwrap().iter();
                let members = members.map(|(key, value)| match key.as_str() {
                    "nextHopIpAddress" => ("next_hop_in_ip_address".to_owned(), value.clone()),
                    key => (snake(key), value.clone()),
                });
                Value::Object(members.collect())
            })
            .collect()
    };
    let resource = |kind: &str, values: Value| json!({"address": format!("{kind}.x"), "mode": "managed", "type": kind, "name": "x", "values": values});
    json!({"root_module": {"resources": [resource("azurerm_route_table", json!({"name": "t", "resource_group_name": "g", "route": block(&model.routes())}))],
        "child_modules": [{"address": "module.m", "resources": [resource("azurerm_network_security_group",
            json!({"name": "n", "resource_group_name": "g", "security_rule": block(&model.rules())}))]}]}})
}

/// Each form by its name, with the parameter file that it needs.
#[expect(clippy::too_many_lines, reason = "a table")]
fn forms(model: &Model) -> Vec<(&'static str, Value, Option<Value>)> {
    let nothing = json!({});
    let plain = resources(model);
    let literal = template(&nothing, &nothing, &json!(plain));
    let az = |name: &str, kind: &str, key: &str, list: &[(String, Value)]| json!({"name": name, "type": format!("Microsoft.Network/{kind}"), key: flat(list)});
    let group = az(
        "n",
        "networkSecurityGroups",
        "securityRules",
        &model.rules(),
    );
    let table = az("t", "routeTables", "routes", &model.routes());
    let mut values = Map::new();
    let open = parameterized(&json!(plain), &mut values);
    let declared = |has_default: bool| -> Value {
        let members = values.iter().map(|(name, value)| {
            let declared = if has_default {
                json!({"type": "string", "defaultValue": value})
            } else {
                json!({"type": "string"})
            };
            (name.clone(), declared)
        });
        Value::Object(members.collect())
    };
    let given: Map<String, Value> = values
        .iter()
        .map(|(name, value)| (name.clone(), json!({"value": value})))
        .collect();
    let file = json!({"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#", "contentVersion": "1.0.0.0", "parameters": given});
    let variables = json!({"rules": deep(&model.rules()), "routes": deep(&model.routes())});
    let by_variable = json!([
        resource(
            "networkSecurityGroups",
            "n",
            &json!({"securityRules": "[variables('rules')]"})
        ),
        resource(
            "routeTables",
            "[concat('', 't')]",
            &json!({"routes": "[variables('routes')]"})
        ),
    ]);
    let copied = json!([
        resource(
            "networkSecurityGroups",
            "n",
            &json!({"copy": [{"name": "securityRules", "count": "[length(variables('rules'))]",
            "input": "[variables('rules')[copyIndex('securityRules')]]"}]})
        ),
        resource(
            "routeTables",
            "t",
            &json!({"copy": [{"name": "routes", "count": "[length(variables('routes'))]",
            "input": {"name": "[variables('routes')[copyIndex('routes')].name]", "properties": "[variables('routes')[copyIndex('routes')].properties]"}}]})
        ),
    ]);
    let module = |scope: &str, inner: Value| {
        json!({"type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "m",
            "properties": {"mode": "Incremental", "expressionEvaluationOptions": {"scope": scope}, "template": inner}})
    };
    let [group_resource, table_resource] = [&plain[0], &plain[1]];
    let mut children = vec![
        resource("networkSecurityGroups", "n", &json!({"securityRules": []})),
        table_resource.clone(),
    ];
    children.extend(model.rules().iter().map(|(name, properties)| {
        resource(
            "networkSecurityGroups/securityRules",
            &format!("n/{name}"),
            properties,
        )
    }));
    let powershell = |value: &Value| pascal(value);
    vec![
        ("az", json!([group, table]), None),
        ("rest", json!({"value": plain}), None),
        (
            "graph",
            json!({"count": 2, "data": plain, "total_records": 2}),
            None,
        ),
        (
            "powershell",
            json!([powershell(&group), powershell(&table)]),
            None,
        ),
        ("literal", literal.clone(), None),
        ("defaults", template(&declared(true), &nothing, &open), None),
        (
            "parameters",
            template(&declared(false), &nothing, &open),
            Some(file),
        ),
        (
            "variables",
            template(&nothing, &variables, &by_variable),
            None,
        ),
        ("copies", template(&nothing, &variables, &copied), None),
        (
            "inner",
            template(&nothing, &nothing, &json!([module("inner", literal)])),
            None,
        ),
        (
            "outer",
            template(
                &nothing,
                &variables,
                &json!([module("outer", template(&nothing, &nothing, &by_variable))]),
            ),
            None,
        ),
        (
            "symbolic",
            template(
                &nothing,
                &nothing,
                &json!({"one": group_resource, "two": table_resource}),
            ),
            None,
        ),
        (
            "children",
            template(&nothing, &nothing, &json!(children)),
            None,
        ),
        (
            "state",
            json!({"format_version": "1.0", "values": terraform(model)}),
            None,
        ),
        (
            "plan",
            json!({"format_version": "1.2", "planned_values": terraform(model), "resource_changes": []}),
            None,
        ),
    ]
}

/// What a file says, by set, without what differs from form to form.
fn normalized(file: &RuleFile) -> BTreeMap<String, Vec<String>> {
    assert_eq!(file.flaws, []);
    let mut all = BTreeMap::new();
    for set in &file.sets {
        assert_eq!(set.flaws, []);
        let rows = set.rows.iter().filter(|row| !row.is_default);
        let mut rows: Vec<String> = rows
            .map(|row| {
                assert_eq!(row.flaws, []);
                let texts = |entries: &[tagscope::rules::Entry]| {
                    let mut texts: Vec<String> = entries.iter().map(ToString::to_string).collect();
                    texts.sort();
                    texts.join(",")
                };
                format!(
                    "{} {:?} {:?} {:?} {:?} from {} to {} port {}",
                    row.name,
                    row.priority,
                    row.direction,
                    row.access,
                    row.protocols,
                    texts(&row.sources),
                    texts(&row.destinations),
                    row.ports
                )
            })
            .collect();
        rows.sort();
        let known = all.insert(format!("{} {}", set.kind.word(), set.name), rows);
        assert_eq!(known, None, "{} twice", set.name);
    }
    all
}

/// How many networks are written; `TAGSCOPE_WORLDS` says another number.
pub fn worlds() -> u32 {
    let asked = std::env::var("TAGSCOPE_WORLDS").ok();
    asked.and_then(|text| text.parse().ok()).unwrap_or(300)
}

fn parameters_of(file: &Value) -> Parameters {
    let document = RuleDocument::parse(file.to_string().as_bytes()).unwrap();
    document.parameters().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: worlds(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_network_is_the_same_in_every_form(model in model()) {
        let mut first: Option<BTreeMap<String, Vec<String>>> = None;
        for (form, text, file) in forms(&model) {
            let parameters = file.as_ref().map(parameters_of);
            let options = ReadOptions { column: None, parameters: parameters.as_ref() };
            let document = RuleDocument::parse(text.to_string().as_bytes()).unwrap();
            let read = document.rules(&options);
            let read = read.unwrap_or_else(|error| panic!("{form} {error}: {text:#}"));
            let seen = normalized(&read);
            match &first {
                None => {
                    prop_assert_eq!(seen.values().map(Vec::len).sum::<usize>(), model.rules.len() + model.routes.len());
                    first = Some(seen);
                }
                Some(first) => prop_assert_eq!(&seen, first, "{}: {:#}", form, text),
            }
        }
    }
}
