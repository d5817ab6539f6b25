//! Expands deployment templates, so that a reader of rules sees plain resources.
//!
//! A template goes in as JSON: from `bicep build`, an export, or written by hand. Loops, conditions,
//! child resources and nested deployments are followed, expressions are evaluated as far as the file and
//! its parameters allow. What only a deployment knows stays a text in brackets, `[parameters('x')]`;
//! two equal unknowns are two equal texts. No text of a template is an error: what is not followed is a
//! gap, and everything is bounded.

mod canonical;
mod cidr;
mod evaluate;
mod expand;
mod expression;
#[cfg(test)]
mod function_tests;
mod functions;
mod handed;
#[cfg(test)]
mod hostile_tests;
mod ids;
mod lambda;
mod lists;
mod names;
mod nested;
mod numbers;
mod objects;
mod open;
mod outputs;
mod scope;
#[cfg(test)]
mod table_tests;
#[cfg(test)]
mod template_tests;
mod texts;
mod value;

use serde_json::{Map, Value};

use crate::rules::arm::expand::Expander;
use crate::rules::arm::scope::key;

/// Most copies of a loop, as Azure has it.
const MOST_COPIES: i64 = 800;
/// Most bytes of a text that is made.
const MOST_TEXT: usize = 1 << 20;

/// What a file may cost.
#[derive(Clone, Copy)]
struct Limits {
    /// Most evaluations.
    steps: usize,
    /// Most values that are read and written.
    values: usize,
    /// Most resources.
    resources: usize,
}

const LIMITS: Limits = Limits {
    steps: 1_000_000,
    values: 8_000_000,
    resources: 200_000,
};

/// One resource of a template, its expressions evaluated as far as they can be.
#[derive(Debug, Clone, PartialEq)]
pub struct ArmResource {
    /// Without loops, conditions and children; it has an `id` if its type and name are resolved. Where
    /// the deployment goes is written `{subscriptionId}` and `{resourceGroup}`.
    pub value: Value,
    /// The path in the document: `resources[1].properties.template.resources[0] (copy 2)`.
    pub place: String,
    /// The expression that decides whether it is there, without brackets; nothing where it surely is.
    pub condition: Option<String>,
}

/// Something of a template that was not followed and may hold rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArmGap {
    /// The path in the document.
    pub place: String,
    /// What stands there, in a few characters.
    pub found: String,
    /// What kept it from being followed.
    pub why: ArmGapKind,
    /// The types of the resources in it; none where they are not known.
    pub types: Vec<String>,
}

/// Why something was not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArmGapKind {
    /// The template is in another file.
    Linked,
    /// A list of resources, a nested template or the count of a loop is an expression that stays open.
    Unresolved,
    /// A bound was met; its name in words.
    Bound(&'static str),
}

/// What a template holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ArmTemplate {
    /// Those that are or may be there, in the document's order; the existing ones are not among them.
    pub resources: Vec<ArmResource>,
    /// What was not followed.
    pub gaps: Vec<ArmGap>,
}

/// Whether a document is a deployment template, of whatever it is deployed to.
#[must_use]
pub fn is_template(value: &Value) -> bool {
    let Some(map) = value.as_object() else {
        return false;
    };
    if schema(map).is_some_and(|schema| schema.contains("deploymenttemplate")) {
        return true;
    }
    key(map, "resources").is_some() && key(map, "contentVersion").is_some()
}

/// The values of a parameter file, by name as written; nothing where it is no such file. Secrets that
/// are only referred to are left out.
#[must_use]
pub fn parameters_of(value: &Value) -> Option<Map<String, Value>> {
    let map = value.as_object()?;
    let schema = schema(map);
    let is_named = schema
        .as_ref()
        .is_some_and(|schema| schema.contains("deploymentparameters"));
    if !is_named && (schema.is_some() || key(map, "resources").is_some()) {
        return None;
    }
    let parameters = key(map, "parameters")?.as_object()?;
    let is_known = |name: &String| {
        let known = ["value", "reference", "metadata"];
        known.iter().any(|known| name.eq_ignore_ascii_case(known))
    };
    let is_value = |value: &Value| {
        let map = value.as_object();
        map.is_some_and(|map| !map.is_empty() && map.keys().all(is_known))
    };
    if !is_named && (parameters.is_empty() || !parameters.values().all(is_value)) {
        return None;
    }
    let values = parameters.iter().filter_map(|(name, value)| {
        let map = value.as_object()?;
        // What a vault holds is given too, and stays open.
        let value = key(map, "value").or_else(|| key(map, REFERENCE).map(|_| value))?;
        Some((name.clone(), value.clone()))
    });
    Some(values.collect())
}

/// The key of a value that a vault holds.
const REFERENCE: &str = "reference";

/// Whether a given value is one that a vault holds.
fn is_reference(value: &Value) -> bool {
    let map = value.as_object();
    map.is_some_and(|map| map.len() == 1 && key(map, REFERENCE).is_some_and(Value::is_object))
}

/// Expands a template. `place` is where it stands in its document, empty for a whole file; `given` are
/// values of parameters by name, ignoring case, in which nothing is evaluated.
#[must_use]
pub fn expand(template: &Value, place: &str, given: &Map<String, Value>) -> ArmTemplate {
    Expander::new(given, LIMITS).file(template, place)
}

/// The schema's name in lower case.
fn schema(map: &Map<String, Value>) -> Option<String> {
    let schema = key(map, "$schema")?.as_str()?;
    Some(schema.to_ascii_lowercase())
}
