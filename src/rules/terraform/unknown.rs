//! Puts a text where a plan does not know a value, or where it is masked.

use serde_json::{Map, Value};

use crate::rules::terraform::block::{AFTER_APPLY, SENSITIVE};

/// Most levels of attributes that are looked into.
const MOST_LEVELS: usize = 64;
/// Most texts of a file that tell where they stand.
const MOST_TEXTS: usize = 100_000;
/// Most bytes of a path in a text.
const MOST_PATH: usize = 600;

/// What a plan says of a value beside the value.
#[derive(Clone, Copy, Default)]
pub(super) struct Marks<'a> {
    /// True, or true somewhere inside.
    pub(super) unknown: Option<&'a Value>,
    /// Likewise.
    pub(super) masked: Option<&'a Value>,
}

impl<'a> Marks<'a> {
    fn member(self, key: &str) -> Self {
        let member = |value: Option<&'a Value>| value.and_then(|value| value.get(key));
        Self {
            unknown: member(self.unknown),
            masked: member(self.masked),
        }
    }

    fn element(self, number: usize) -> Self {
        let element = |value: Option<&'a Value>| value.and_then(|value| value.get(number));
        Self {
            unknown: element(self.unknown),
            masked: element(self.masked),
        }
    }

    fn is_empty(self) -> bool {
        self.unknown.is_none() && self.masked.is_none()
    }
}

/// Writes texts of unknowns for a file.
pub(super) struct Unknowns {
    left: usize,
}

impl Unknowns {
    pub(super) fn new() -> Self {
        Self { left: MOST_TEXTS }
    }

    /// The attributes of a resource, every unknown a text.
    pub(super) fn fill(
        &mut self,
        address: &str,
        values: Option<&Value>,
        marks: Marks<'_>,
    ) -> Map<String, Value> {
        match self.value(values, marks, address, 0) {
            Value::Object(map) => map,
            _ => Map::new(),
        }
    }

    fn value(
        &mut self,
        value: Option<&Value>,
        marks: Marks<'_>,
        path: &str,
        level: usize,
    ) -> Value {
        let value = value.filter(|value| !value.is_null());
        if marks.is_empty() || level > MOST_LEVELS {
            return value.cloned().unwrap_or_default();
        }
        if marks.unknown == Some(&Value::Bool(true)) && value.is_none() {
            return self.text(path, AFTER_APPLY);
        }
        if marks.masked == Some(&Value::Bool(true)) && value.is_none_or(is_masked) {
            return self.text(path, SENSITIVE);
        }
        match (value, marks.unknown) {
            (Some(Value::Array(list)), unknown) => {
                let more = unknown.and_then(Value::as_array).map_or(0, Vec::len);
                let numbers = 0..list.len().max(more);
                let items = numbers.filter_map(|number| {
                    let marks = marks.element(number);
                    let path = below(path, &format!("[{number}]"), marks);
                    let item = self.value(list.get(number), marks, &path, level + 1);
                    (number < list.len() || !item.is_null()).then_some(item)
                });
                Value::Array(items.collect())
            }
            (Some(Value::Object(map)), _) => self.object(map, marks, path, level),
            (None, Some(Value::Object(_))) => {
                let map = self.object(&Map::new(), marks, path, level);
                let is_nothing = map.as_object().is_none_or(Map::is_empty);
                if is_nothing { Value::Null } else { map }
            }
            (None, Some(list @ Value::Array(_))) if has_true(list, level) => {
                self.text(path, AFTER_APPLY)
            }
            (value, _) => value.cloned().unwrap_or_default(),
        }
    }

    fn object(
        &mut self,
        map: &Map<String, Value>,
        marks: Marks<'_>,
        path: &str,
        level: usize,
    ) -> Value {
        let mut members = Map::new();
        for (key, value) in map {
            let marks = marks.member(key);
            let path = below(path, &format!(".{key}"), marks);
            let value = self.value(Some(value), marks, &path, level + 1);
            members.insert(key.clone(), value);
        }
        let trees = [marks.unknown, marks.masked].into_iter().flatten();
        for key in trees.filter_map(Value::as_object).flat_map(Map::keys) {
            if members.contains_key(key) {
                continue;
            }
            let marks = marks.member(key);
            let path = below(path, &format!(".{key}"), marks);
            let value = self.value(None, marks, &path, level + 1);
            if !value.is_null() {
                members.insert(key.clone(), value);
            }
        }
        Value::Object(members)
    }

    fn text(&mut self, path: &str, end: &str) -> Value {
        let path = if self.left == 0 { "…" } else { path };
        self.left = self.left.saturating_sub(1);
        Value::String(format!("[{path}{end}"))
    }
}

/// The path of a part, where anybody will want it.
fn below(path: &str, step: &str, marks: Marks<'_>) -> String {
    if marks.is_empty() {
        return String::new();
    }
    let step = step.chars().take(MOST_PATH);
    let mut path = path.to_owned();
    if path.len() < MOST_PATH {
        path.extend(step);
    }
    path
}

/// Whether a text is what stands for a masked value.
fn is_masked(value: &Value) -> bool {
    value.as_str().is_some_and(|text| {
        let text = text.trim_matches(['(', ')', '[', ']', '<', '>']);
        ["sensitive", "sensitive value", "redacted"]
            .iter()
            .any(|word| text.eq_ignore_ascii_case(word))
    })
}

fn has_true(value: &Value, level: usize) -> bool {
    match value {
        Value::Bool(is) => *is,
        _ if level > MOST_LEVELS => true,
        Value::Array(list) => list.iter().any(|item| has_true(item, level + 1)),
        Value::Object(map) => map.values().any(|item| has_true(item, level + 1)),
        _ => false,
    }
}
