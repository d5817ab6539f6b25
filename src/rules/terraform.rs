//! Reads what `terraform show -json` prints, so that a reader of rules sees plain resources.
//!
//! A state or a plan goes in; resources come out as ARM has them. What is only known after apply stays a
//! text in brackets, `[azurerm_ip_group.web.cidrs known after apply]`; two equal unknowns are two equal
//! texts. An id that is not known yet is written as Azure will make it, with `{subscriptionId}`, where
//! the names in it are known. Nothing is an error: what is not followed is a gap, everything is bounded.

mod azapi;
mod block;
mod classic;
mod firewall;
mod ids;
mod kinds;
mod links;
mod modules;
mod network;
mod parts;
mod path;
mod references;
mod registry;
#[cfg(test)]
mod tests;
mod unknown;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::rules::terraform::block::text;
use crate::rules::terraform::kinds::Meaning;
use crate::rules::terraform::modules::Instance;
use crate::rules::terraform::parts::Parts;

/// Most gaps that are kept.
const MOST_GAPS: usize = 1_000;
/// Most resources of a file.
const MOST_RESOURCES: usize = 200_000;

/// One resource of a state or plan.
#[derive(Debug, Clone, PartialEq)]
pub struct TerraformResource {
    /// With `type`, `name` and, where it is known, `id`; rules are in `properties` as ARM has them.
    pub value: Value,
    /// The resource's address, `module.net.azurerm_network_security_group.web`, or its path in the
    /// document.
    pub place: String,
}

/// Something that was not followed and may hold or move rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerraformGap {
    /// The resource's address, or its path in the document.
    pub place: String,
    /// What stands there, in a few words.
    pub found: String,
}

/// What a state or plan holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TerraformFile {
    /// In the document's order.
    pub resources: Vec<TerraformResource>,
    /// What was not followed.
    pub gaps: Vec<TerraformGap>,
}

impl TerraformFile {
    fn push(&mut self, value: Value, place: &str) {
        let place = place.to_owned();
        self.resources.push(TerraformResource { value, place });
    }

    fn gap(&mut self, place: &str, found: &str) {
        let found = match self.gaps.len() {
            MOST_GAPS.. => return,
            number if number + 1 == MOST_GAPS => "more gaps than are told",
            _ => found,
        };
        let (place, found) = (place.to_owned(), found.to_owned());
        self.gaps.push(TerraformGap { place, found });
    }
}

/// Whether a document is a state or a plan: `format_version` beside `values` or `planned_values`.
#[must_use]
pub fn is_terraform(value: &Value) -> bool {
    let has = |key| value.get(key).is_some_and(Value::is_object);
    let version = value.get("format_version");
    version.is_some_and(Value::is_string) && (has("values") || has("planned_values"))
}

/// The resources of a state, or those that are there once a plan is applied.
#[must_use]
pub fn resources(value: &Value) -> TerraformFile {
    limited(value, MOST_RESOURCES)
}

fn limited(document: &Value, most: usize) -> TerraformFile {
    let mut file = TerraformFile::default();
    let mut instances = modules::instances(document, most, &mut file);
    ids::settle(document, &mut instances);
    for instance in &instances {
        if let Some(value) = shaped(instance) {
            file.push(value, &instance.place);
        } else if matches!(kinds::meaning(&instance.kind), Meaning::Template) {
            let found = format!("a template in {}", instance.kind);
            file.gap(&instance.place, &found);
        }
    }
    classic::collect(&instances, &mut file);
    let mut parts = Parts::of(document, &instances);
    parts::join(&instances, &mut parts, &mut file);
    links::tie(&instances, &parts, &mut file);
    file
}

/// A resource as ARM has it; none where it is a part of others or has nothing to say.
fn shaped(instance: &Instance) -> Option<Value> {
    let block = &instance.values;
    match kinds::meaning(&instance.kind) {
        Meaning::Kind(kind) => {
            let mut value = (kind.members)(block);
            value.insert("type".to_owned(), json!(kind.arm));
            value.insert("name".to_owned(), json!(ids::name(kind, block)));
            for key in ["id", "location"] {
                if let Some(text) = block.get(key).and_then(Value::as_str) {
                    value.insert(key.to_owned(), json!(text));
                }
            }
            Some(Value::Object(value))
        }
        Meaning::Part | Meaning::Template => None,
        Meaning::Azapi => azapi::resource(block),
        Meaning::Other(kind) => Some(bare(kind, instance)),
        Meaning::Group | Meaning::Nothing if instance.is_data => None,
        Meaning::Group | Meaning::Nothing => {
            let kind = format!("Terraform/{}", instance.kind);
            Some(bare(&kind, instance))
        }
    }
}

/// A resource of which nothing but type, name and id is told.
fn bare(kind: &str, instance: &Instance) -> Value {
    let name = text(&instance.values, "name").unwrap_or(&instance.name);
    let mut value = json!({ "type": kind, "name": name });
    if let (Some(id), Some(map)) = (text(&instance.values, "id"), value.as_object_mut()) {
        map.insert("id".to_owned(), json!(id));
    }
    value
}

/// Where resources of a file stand in its list, by id in lower case.
fn places(file: &TerraformFile) -> BTreeMap<String, usize> {
    let mut places = BTreeMap::new();
    for (number, resource) in file.resources.iter().enumerate() {
        if let Some(id) = resource.value.get("id").and_then(Value::as_str) {
            places.entry(id.to_ascii_lowercase()).or_insert(number);
        }
    }
    places
}

/// The properties of a resource, made where there are none.
fn properties(value: &mut Value) -> Option<&mut Map<String, Value>> {
    let map = value.as_object_mut()?;
    let properties = map.entry("properties").or_insert_with(|| json!({}));
    properties.as_object_mut()
}
