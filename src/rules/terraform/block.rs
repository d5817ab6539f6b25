//! Attributes and blocks of a resource, and how they become members of an ARM resource.

use serde_json::{Map, Value, json};

/// How the text of an unknown ends.
pub(super) const AFTER_APPLY: &str = " known after apply]";
/// How the text of a masked value ends.
pub(super) const SENSITIVE: &str = " sensitive]";

/// A value that says something: no null, no empty text, no empty list.
pub(super) fn given<'v>(block: &'v Map<String, Value>, key: &str) -> Option<&'v Value> {
    let value = block.get(key)?;
    let is_nothing = match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    };
    (!is_nothing).then_some(value)
}

/// A known text.
pub(super) fn text<'v>(block: &'v Map<String, Value>, key: &str) -> Option<&'v str> {
    let text = given(block, key)?.as_str()?;
    (!is_open(text)).then_some(text)
}

/// Whether a text stands for a value that is not known.
pub(super) fn is_open(text: &str) -> bool {
    text.starts_with('[') && (text.ends_with(AFTER_APPLY) || text.ends_with(SENSITIVE))
}

/// Members that are named otherwise, by both names.
pub(super) fn renamed(block: &Map<String, Value>, names: &[(&str, &str)]) -> Map<String, Value> {
    let mut members = Map::new();
    for (from, to) in names {
        if let Some(value) = given(block, from) {
            members.insert((*to).to_owned(), value.clone());
        }
    }
    members
}

/// The blocks of a name, each as something else; an unknown stays a text.
pub(super) fn blocks(
    block: &Map<String, Value>,
    key: &str,
    each: impl Fn(&Map<String, Value>) -> Value,
) -> Option<Value> {
    let each = |value: &Value| match value {
        Value::Object(block) => each(block),
        other => other.clone(),
    };
    Some(match given(block, key)? {
        Value::Array(list) => list.iter().map(each).collect(),
        Value::Object(block) => Value::Array(vec![each(&Value::Object(block.clone()))]),
        other => other.clone(),
    })
}

/// The one block of a name.
pub(super) fn single<'v>(
    block: &'v Map<String, Value>,
    key: &str,
) -> Option<&'v Map<String, Value>> {
    match given(block, key)? {
        Value::Array(list) => list.first()?.as_object(),
        other => other.as_object(),
    }
}

/// A list of ids as a list of objects.
pub(super) fn links(block: &Map<String, Value>, key: &str) -> Option<Value> {
    let link = |value: &Value| json!({ "id": value });
    Some(match given(block, key)? {
        Value::Array(list) => list.iter().map(link).collect(),
        other => other.clone(),
    })
}

/// An id as an object.
pub(super) fn link(block: &Map<String, Value>, key: &str) -> Option<Value> {
    given(block, key).map(|id| json!({ "id": id }))
}

/// Puts a member where there is a value.
pub(super) fn put(members: &mut Map<String, Value>, key: &str, value: Option<Value>) {
    if let Some(value) = value {
        members.insert(key.to_owned(), value);
    }
}

/// A resource's members: its properties alone.
pub(super) fn inside(properties: Map<String, Value>) -> Map<String, Value> {
    let mut members = Map::new();
    members.insert("properties".to_owned(), Value::Object(properties));
    members
}

/// A named element of a list, with its properties.
pub(super) fn element(block: &Map<String, Value>, properties: Map<String, Value>) -> Value {
    let mut members = inside(properties);
    for key in ["name", "id"] {
        put(&mut members, key, given(block, key).cloned());
    }
    Value::Object(members)
}
