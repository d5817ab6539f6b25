//! Ids of resources, also those that only the deployment knows in whole.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::rules::terraform::azapi;
use crate::rules::terraform::block::{is_open, text};
use crate::rules::terraform::kinds::{self, Kind, Meaning};
use crate::rules::terraform::modules::Instance;
use crate::rules::terraform::path::group;
use crate::rules::terraform::references::References;

/// What references to an id and to a name end with.
const ID: &str = ".id";
const NAME: &str = ".name";
/// How often ids are put into what makes other ids.
const MOST_ROUNDS: usize = 8;
/// Most levels of blocks.
const MOST_LEVELS: usize = 4;
/// Attributes that are lists of ids.
const LISTS: [&str; 2] = ["source_ip_groups", "destination_ip_groups"];
/// Blocks whose order a plan keeps.
const BLOCKS: [&str; 5] = [
    "application_rule_collection",
    "ip_configuration",
    "nat_rule_collection",
    "network_rule_collection",
    "rule",
];

/// Values by address and attribute.
type Known = BTreeMap<(String, &'static str), String>;

/// Finds the ids of all resources, and puts them where others refer to them.
pub(super) fn settle(document: &Value, instances: &mut [Instance]) {
    let references = References::of(document);
    for _ in 0..MOST_ROUNDS {
        let mut is_changed = false;
        for instance in &mut *instances {
            if !is_unknown(&instance.values, "id") {
                continue;
            }
            if let Some(id) = made(instance) {
                instance.values.insert("id".to_owned(), Value::String(id));
                is_changed = true;
            }
        }
        let known = known(instances);
        for instance in &mut *instances {
            is_changed |= refer(instance, &references, &known);
        }
        if !is_changed {
            return;
        }
    }
}

fn is_unknown(block: &Map<String, Value>, key: &str) -> bool {
    block.get(key).and_then(Value::as_str).is_some_and(is_open)
}

/// Ids and names by address and attribute, unknown ones among them.
fn known(instances: &[Instance]) -> Known {
    let mut known = BTreeMap::new();
    for instance in instances {
        for (attribute, key) in [(ID, "id"), (NAME, "name")] {
            if let Some(text) = instance.values.get(key).and_then(Value::as_str) {
                known.insert((instance.address.clone(), attribute), text.to_owned());
            }
        }
    }
    known
}

/// Puts ids and names of others in; whether there was one.
fn refer(instance: &mut Instance, references: &References<'_>, known: &Known) -> bool {
    let Some((site, expressions)) = references.written(instance) else {
        return false;
    };
    let index = instance.index.as_ref();
    let mut is_changed = false;
    for (key, value) in &mut instance.values {
        let Some(expression) = expressions.get(key) else {
            continue;
        };
        let find = |expression, attribute| {
            let targets = references.targets(expression, attribute, &site, index)?;
            let texts = targets.into_iter();
            let texts = texts.map(|target| known.get(&(target, attribute)).cloned());
            texts.collect::<Option<Vec<String>>>()
        };
        is_changed |= put(key, value, expression, &find, 0);
    }
    is_changed
}

/// Puts texts where an attribute, a list of ids or a block in a list has unknown ones.
fn put<'a>(
    key: &str,
    value: &mut Value,
    expression: &'a Value,
    find: &impl Fn(&'a Value, &'static str) -> Option<Vec<String>>,
    level: usize,
) -> bool {
    let is_id = |item: &Value| item.as_str().is_some_and(is_open);
    match value {
        Value::String(text) if is_open(text) => {
            let attribute = match key {
                _ if key.ends_with("_id") => ID,
                _ if key.ends_with("_name") => NAME,
                _ => return false,
            };
            match find(expression, attribute).as_deref() {
                Some([id]) if id != text => {
                    text.clone_from(id);
                    true
                }
                _ => false,
            }
        }
        // In which order they stand does not matter to a rule.
        Value::Array(list) if LISTS.contains(&key) && list.iter().all(is_id) => {
            let ids = find(expression, ID).filter(|ids| ids.len() == list.len());
            let ids = ids.map(|ids| ids.into_iter().map(Value::String).collect());
            let ids = ids.filter(|ids| ids != list);
            let is_changed = ids.is_some();
            *list = ids.unwrap_or_else(|| std::mem::take(list));
            is_changed
        }
        Value::Array(list) if BLOCKS.contains(&key) && level < MOST_LEVELS => {
            let expressions = expression.as_array();
            let Some(expressions) = expressions.filter(|it| it.len() == list.len()) else {
                return false;
            };
            let mut is_changed = false;
            for (block, expressions) in list.iter_mut().zip(expressions) {
                for (key, value) in block.as_object_mut().into_iter().flatten() {
                    if let Some(expression) = expressions.get(key) {
                        is_changed |= put(key, value, expression, find, level + 1);
                    }
                }
            }
            is_changed
        }
        _ => false,
    }
}

/// The id that a resource will have.
fn made(instance: &Instance) -> Option<String> {
    let block = &instance.values;
    match kinds::meaning(&instance.kind) {
        Meaning::Azapi => azapi::id(block),
        Meaning::Kind(kind) => of_kind(kind, block),
        Meaning::Group => Some(group(text(block, "name")?)),
        _ => None,
    }
}

fn of_kind(kind: &Kind, block: &Map<String, Value>) -> Option<String> {
    let mut types = kind.arm.split('/');
    let provider = types.next()?;
    if !kind.parent.is_empty() {
        let parent = text(block, kind.parent)?;
        let name = text(block, kind.names.first()?)?;
        return Some(format!("{parent}/{}/{name}", types.next_back()?));
    }
    let group = group(text(block, "resource_group_name")?);
    let mut id = format!("{group}/providers/{provider}");
    for (step, key) in types.zip(kind.names) {
        for part in [step, text(block, key)?] {
            id.push('/');
            id.push_str(part);
        }
    }
    Some(id)
}

/// The name of a resource, those of its parents before it.
pub(super) fn name(kind: &Kind, block: &Map<String, Value>) -> String {
    let own = |key: &&str| block.get(*key).and_then(Value::as_str).unwrap_or_default();
    let mut names: Vec<&str> = kind.names.iter().map(own).collect();
    let parent = text(block, kind.parent).and_then(|id| id.rsplit('/').next());
    if let Some(parent) = parent {
        names.insert(0, parent);
    }
    names.join("/")
}
