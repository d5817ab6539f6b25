//! Resources that are written as ARM has them.

use serde_json::{Map, Value, json};

use crate::rules::terraform::block::{given, text};
use crate::rules::terraform::path;

type Block = Map<String, Value>;

/// Members that a body does not decide.
const OWN: [&str; 3] = ["type", "name", "id"];

/// The type without its version.
fn kind(block: &Block) -> Option<&str> {
    let kind = text(block, "type")?;
    Some(kind.split('@').next().unwrap_or(kind))
}

/// A resource as its body says; none where it has no type.
pub(super) fn resource(block: &Block) -> Option<Value> {
    let kind = kind(block)?;
    let mut value = body(block);
    value.insert("type".to_owned(), json!(kind));
    let id = block.get("id").and_then(Value::as_str);
    let named = id.and_then(path::names);
    let name = named.as_deref().or_else(|| block.get("name")?.as_str());
    value.insert("name".to_owned(), json!(name.unwrap_or_default()));
    if let Some(id) = id {
        value.insert("id".to_owned(), json!(id));
    }
    if let Some(location) = given(block, "location") {
        value.entry("location").or_insert_with(|| location.clone());
    }
    Some(Value::Object(value))
}

/// What a body says: an object, JSON as a text, or what is read of an existing resource.
fn body(block: &Block) -> Block {
    let body = ["body", "output"].iter().find_map(|key| given(block, key));
    let body = match body {
        Some(Value::Object(body)) => body.clone(),
        Some(Value::String(text)) => match serde_json::from_str(text) {
            Ok(Value::Object(body)) => body,
            _ => unread(text),
        },
        Some(_) | None => Block::new(),
    };
    let is_said = |key: &String| !OWN.iter().any(|own| key.eq_ignore_ascii_case(own));
    body.into_iter().filter(|(key, _)| is_said(key)).collect()
}

/// A body that only the deployment knows.
fn unread(text: &str) -> Block {
    let mut body = Block::new();
    body.insert("properties".to_owned(), json!(text));
    body
}

/// The id that a resource will have, by its parent's.
pub(super) fn id(block: &Block) -> Option<String> {
    if let Some(id) = text(block, "resource_id") {
        return Some(id.to_owned());
    }
    let (kind, name) = (kind(block)?, text(block, "name")?);
    let parent = text(block, "parent_id")?.trim_end_matches('/');
    let (provider, types) = kind.split_once('/')?;
    match types.rsplit_once('/') {
        Some((_, last)) => Some(format!("{parent}/{last}/{name}")),
        None => Some(format!("{parent}/providers/{provider}/{types}/{name}")),
    }
}
