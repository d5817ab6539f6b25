//! An object of a document: flattened as the command line prints it, or with its `properties` as ARM
//! has it.

use serde_json::{Map, Value};

use crate::rules::entry::{Entry, Ports};
use crate::rules::ruleset::Flaw;
use crate::text::Safe;

/// Most entries of one rule side.
const MOST_ENTRIES: usize = 100_000;

pub(super) struct Node<'a> {
    object: &'a Map<String, Value>,
    inner: Option<&'a Map<String, Value>>,
    pub(super) place: String,
}

impl<'a> Node<'a> {
    pub(super) fn of(value: &'a Value, place: &str) -> Option<Self> {
        let object = value.as_object()?;
        Some(Self {
            object,
            inner: object.get("properties").and_then(Value::as_object),
            place: place.to_owned(),
        })
    }

    /// The value of a key, in `properties` first; null is nothing.
    pub(super) fn get(&self, key: &str) -> Option<&'a Value> {
        let inner = self.inner.and_then(|inner| inner.get(key));
        let value = inner.or_else(|| self.object.get(key))?;
        (!value.is_null()).then_some(value)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.object.contains_key(key) || self.inner.is_some_and(|inner| inner.contains_key(key))
    }

    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.get(key)?.as_str()
    }

    pub(super) fn list(&self, key: &str) -> Option<&'a Vec<Value>> {
        self.get(key)?.as_array()
    }

    pub(super) fn name(&self) -> &'a str {
        self.text("name").unwrap_or_default()
    }

    /// Whether the resource's type ends like this, ignoring case.
    pub(super) fn is_type(&self, end: &str) -> bool {
        let kind = self.text("type").unwrap_or_default();
        kind.len() >= end.len()
            && kind
                .get(kind.len() - end.len()..)
                .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
    }

    /// Where a key stands.
    pub(super) fn at(&self, key: &str) -> String {
        if self.place.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.place)
        }
    }

    /// The elements of a REST answer's or an exported template's list.
    pub(super) fn contents(&self) -> Option<(&'static str, &'a Value)> {
        ["value", "resources", "ruleCollectionGroups"]
            .into_iter()
            .find_map(|key| {
                let value = self.object.get(key)?;
                value.is_array().then_some((key, value))
            })
    }

    /// Texts of a single key and of a list key; a value of another type is a flaw.
    pub(super) fn texts(&self, single: &str, plural: &str, flaws: &mut Vec<Flaw>) -> Vec<&'a str> {
        let mut texts = Vec::new();
        for key in [single, plural] {
            match self.get(key) {
                None => {}
                Some(Value::String(text)) if text.is_empty() => {}
                Some(Value::String(text)) => texts.push(text.as_str()),
                Some(Value::Array(list)) => {
                    for value in list.iter().take(MOST_ENTRIES) {
                        match value.as_str() {
                            Some(text) => texts.push(text),
                            None => flaws.push(self.flaw(key, value, "a text")),
                        }
                    }
                }
                Some(other) => flaws.push(self.flaw(key, other, "a text or a list of texts")),
            }
        }
        texts
    }

    /// Addresses and tags of a single key and of a list key.
    pub(super) fn entries(&self, single: &str, plural: &str, flaws: &mut Vec<Flaw>) -> Vec<Entry> {
        let texts = self.texts(single, plural, flaws);
        texts
            .into_iter()
            .map(|text| {
                let entry = Entry::parse(text);
                if let Entry::Unread(found) = &entry {
                    flaws.push(Flaw {
                        place: self.at(single),
                        found: found.clone(),
                        expected: "an address, a CIDR, a range or a tag",
                    });
                }
                entry
            })
            .collect()
    }

    /// Resource ids in a list of objects with an `id`, or of texts.
    pub(super) fn ids(&self, key: &str) -> Vec<String> {
        let list = self.list(key).into_iter().flatten();
        list.filter_map(|value| {
            let id = value.get("id").unwrap_or(value);
            id.as_str().map(str::to_owned)
        })
        .take(MOST_ENTRIES)
        .collect()
    }

    /// Ports of a single key and of a list key.
    pub(super) fn ports(&self, single: &str, plural: &str, flaws: &mut Vec<Flaw>) -> Ports {
        let texts = self.texts(single, plural, flaws);
        match Ports::parse(texts) {
            Ok(ports) => ports,
            Err(found) => {
                flaws.push(Flaw {
                    place: self.at(single),
                    found,
                    expected: "a port from 0 to 65535, a range of ports, or *",
                });
                Ports::all()
            }
        }
    }

    pub(super) fn flaw(&self, key: &str, value: &Value, expected: &'static str) -> Flaw {
        Flaw {
            place: self.at(key),
            found: Safe::from(brief(value)),
            expected,
        }
    }
}

/// A value in a few characters.
pub(super) fn brief(value: &Value) -> String {
    match value {
        Value::Object(_) | Value::Array(_) => described(value),
        other => other.to_string().chars().take(60).collect(),
    }
}

/// What a JSON value is, for a person who has given the wrong file.
pub(super) fn described(value: &Value) -> String {
    let keys = |object: &Map<String, Value>| {
        let keys: Vec<String> = object
            .keys()
            .take(6)
            .map(|key| key.chars().take(40).collect())
            .collect();
        keys.join(", ")
    };
    match value {
        Value::Object(object) if object.is_empty() => "an empty JSON object".to_owned(),
        Value::Object(object) => format!("a JSON object with {}", keys(object)),
        Value::Array(list) => match list.first() {
            None => "an empty JSON list".to_owned(),
            Some(Value::Object(first)) => format!("a JSON list of objects with {}", keys(first)),
            Some(_) => "a JSON list of other values".to_owned(),
        },
        Value::Null => "null".to_owned(),
        _ => "a single JSON value".to_owned(),
    }
}
