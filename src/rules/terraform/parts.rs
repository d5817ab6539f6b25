//! Rules, routes and subnets that are resources of their own besides the one that they are in.
//!
//! A state lists a rule in its group too, and a plan may list it there as it was before. So what is a
//! resource of its own, or is no longer one, decides.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::rules::terraform::block::given;
use crate::rules::terraform::kinds::Members;
use crate::rules::terraform::modules::{self, Instance};
use crate::rules::terraform::{TerraformFile, network, properties};

/// A type whose resources stand in those of another.
struct Nested {
    kind: &'static str,
    /// The attribute with the name of the resource that it stands in.
    parent: &'static str,
    parent_kind: &'static str,
    /// The attribute of it that lists them.
    blocks: &'static str,
    /// The list as ARM has it.
    list: &'static str,
    /// What it is in that list; none where it is left out of it.
    element: Option<Members>,
}

const NESTED: [Nested; 3] = [
    Nested {
        kind: "azurerm_network_security_rule",
        parent: "network_security_group_name",
        parent_kind: "azurerm_network_security_group",
        blocks: "security_rule",
        list: "securityRules",
        element: Some(network::security_rule),
    },
    Nested {
        kind: "azurerm_route",
        parent: "route_table_name",
        parent_kind: "azurerm_route_table",
        blocks: "route",
        list: "routes",
        element: Some(network::route),
    },
    Nested {
        kind: "azurerm_subnet",
        parent: "virtual_network_name",
        parent_kind: "azurerm_virtual_network",
        blocks: "subnet",
        list: "subnets",
        element: None,
    },
];

impl Nested {
    /// What a resource of this type stands in.
    fn home(&self, block: &Map<String, Value>) -> Home {
        let group = lower(block, "resource_group_name");
        (self.parent_kind, group, lower(block, self.parent))
    }
}

/// Whether a list is as it was before.
#[derive(PartialEq, Eq)]
enum Listed {
    Before,
    Anew,
}

/// What a change does to the list of a resource that others stand in.
fn list_of(kind: &str, change: &Value) -> Listed {
    let nested = NESTED.iter().find(|nested| nested.parent_kind == kind);
    let key = match nested {
        Some(nested) => nested.blocks,
        None if kind == "azurerm_ip_group" => "cidrs",
        None => return Listed::Before,
    };
    let list = |side| change.get(side).and_then(|values: &Value| values.get(key));
    if list("before") == list("after") {
        Listed::Before
    } else {
        Listed::Anew
    }
}

/// Type, resource group and name of what others stand in, in lower case.
type Home = (&'static str, String, String);

/// What stands in other resources.
#[derive(Default)]
pub(super) struct Parts {
    /// Names in lower case of those that are there.
    names: BTreeMap<Home, BTreeSet<String>>,
    /// Names in lower case of those that no longer are.
    dropped: BTreeMap<Home, BTreeSet<String>>,
    /// Addresses of resources whose own list is written anew: it is not what stood there before.
    pub(super) rewritten: BTreeSet<String>,
    /// Those that are there.
    elements: BTreeMap<Home, Vec<Value>>,
    /// Subnets as they stand in a network besides the resource that they are.
    pub(super) subnets: Vec<Value>,
    /// Subnets by id in lower case that lose what applies to them.
    pub(super) untied: BTreeSet<String>,
    /// IP groups by id in lower case, and the addresses that they lose.
    pub(super) gone: BTreeMap<String, BTreeSet<String>>,
}

fn lower(block: &Map<String, Value>, key: &str) -> String {
    let text = block.get(key).and_then(Value::as_str);
    text.unwrap_or_default().to_ascii_lowercase()
}

impl Parts {
    /// Those of a document.
    pub(super) fn of(document: &Value, instances: &[Instance]) -> Self {
        let mut parts = Self::default();
        for instance in instances.iter().filter(|instance| !instance.is_data) {
            let nested = NESTED.iter().find(|nested| nested.kind == instance.kind);
            if let Some(nested) = nested {
                parts.add(nested, &instance.values);
            }
        }
        let changes = document.get("resource_changes").and_then(Value::as_array);
        for entry in changes.into_iter().flatten() {
            let kind = entry.get("type").and_then(Value::as_str);
            let (Some(kind), Some(change)) = (kind, entry.get("change")) else {
                continue;
            };
            if modules::is_deletion(change) {
                if let Some(before) = change.get("before").and_then(Value::as_object) {
                    parts.drop(kind, before);
                }
                continue;
            }
            let list = list_of(kind, change);
            if let Some(address) = entry.get("address").filter(|_| list == Listed::Anew) {
                let address = address.as_str().unwrap_or_default();
                parts.rewritten.insert(address.to_owned());
            }
        }
        parts
    }

    /// Notes what is no longer there.
    fn drop(&mut self, kind: &str, before: &Map<String, Value>) {
        if let Some(nested) = NESTED.iter().find(|nested| nested.kind == kind) {
            let names = self.dropped.entry(nested.home(before)).or_default();
            names.insert(lower(before, "name"));
        }
        if kind.starts_with("azurerm_subnet_") && kind.ends_with("_association") {
            self.untied.insert(lower(before, "subnet_id"));
        }
        if kind == "azurerm_ip_group_cidr" {
            let addresses = self.gone.entry(lower(before, "ip_group_id"));
            addresses.or_default().insert(lower(before, "cidr"));
        }
    }

    /// Notes what is there.
    fn add(&mut self, nested: &Nested, block: &Map<String, Value>) {
        let home = nested.home(block);
        let names = self.names.entry(home.clone()).or_default();
        names.insert(lower(block, "name"));
        let elements = self.elements.entry(home).or_default();
        let Some(members) = nested.element else {
            return;
        };
        let mut element = members(block);
        for key in ["name", "id"] {
            if let Some(value) = given(block, key) {
                element.insert(key.to_owned(), value.clone());
            }
        }
        elements.push(Value::Object(element));
    }
}

/// Makes lists of rules, routes and subnets whole.
pub(super) fn join(instances: &[Instance], parts: &mut Parts, file: &mut TerraformFile) {
    let numbers: BTreeMap<String, usize> = file
        .resources
        .iter()
        .enumerate()
        .map(|(number, resource)| (resource.place.clone(), number))
        .collect();
    for instance in instances {
        let mut all = NESTED.iter();
        let Some(nested) = all.find(|nested| nested.parent_kind == instance.kind) else {
            continue;
        };
        let block = &instance.values;
        let group = lower(block, "resource_group_name");
        let home = (nested.parent_kind, group, lower(block, "name"));
        // Of two resources of one name the first has them.
        let mut names = parts.names.remove(&home).unwrap_or_default();
        let dropped = parts.dropped.remove(&home).unwrap_or_default();
        if !parts.rewritten.contains(&instance.address) {
            names.extend(dropped);
        }
        if names.is_empty() {
            continue;
        }
        let number = numbers.get(&instance.place);
        let resource = number.and_then(|number| file.resources.get_mut(*number));
        let Some(properties) = resource.and_then(|resource| properties(&mut resource.value)) else {
            continue;
        };
        let list = properties.entry(nested.list).or_insert_with(|| json!([]));
        // Rules that stand in a group exclude those that are resources: the unknown is those.
        if !list.is_array() && parts.elements.contains_key(&home) {
            *list = json!([]);
        }
        let Some(list) = list.as_array_mut() else {
            continue;
        };
        let is_own = |element: &mut Value| {
            let map = element.as_object();
            map.is_some_and(|map| names.contains(&lower(map, "name")))
        };
        let own = list.extract_if(.., is_own);
        if nested.list == "subnets" {
            parts.subnets.extend(own);
        } else {
            own.for_each(drop);
        }
        let elements = parts.elements.remove(&home);
        list.extend(elements.into_iter().flatten());
    }
}
