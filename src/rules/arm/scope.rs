//! Names that an expression can use: parameters, variables, functions, loops and what lambdas bind.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::rules::arm::ids::Target;
use crate::rules::arm::value::Data;

/// Declared names in lower case, with how they are written and what they stand for.
type Names<'a> = BTreeMap<String, (&'a str, &'a Value)>;

/// What a memo is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Of a template.
    Parameter,
    /// Of a template.
    Variable,
}

/// The value of a parameter that is handed in.
pub(super) enum Given<'a> {
    /// From a parameter file; nothing in it is evaluated.
    Plain(&'a Value),
    /// From a deployment, evaluated in the scope around it.
    Made(Data),
}

/// The names of one template.
pub(super) struct Scope<'a> {
    /// Where the template stands; empty for a file's own. Tells its unknowns from those of others.
    pub(super) label: String,
    /// Where `resourceId` looks.
    pub(super) home: Target,
    /// By name in lower case.
    pub(super) given: BTreeMap<String, Given<'a>>,
    /// Declarations.
    pub(super) parameters: Names<'a>,
    /// Declarations, those with copies apart.
    pub(super) variables: Names<'a>,
    /// Entries of `copy` among the variables.
    pub(super) copies: Names<'a>,
    functions: Names<'a>,
    definitions: Names<'a>,
    /// Deployments among its resources.
    pub(super) nested: Vec<Nested<'a>>,
}

impl<'a> Scope<'a> {
    /// Reads the declarations of a template.
    pub(super) fn new(template: &'a Map<String, Value>, label: String, home: Target) -> Self {
        let variables = key(template, "variables").and_then(Value::as_object);
        let copies = variables.and_then(|map| key(map, "copy"));
        // Where its resources stand.
        let place = if label.is_empty() {
            String::new()
        } else {
            format!("{label}.properties.template.")
        };
        Self {
            nested: self::nested(template, &place),
            label,
            home,
            given: BTreeMap::new(),
            parameters: names(key(template, "parameters")),
            variables: names(key(template, "variables")),
            copies: copies.map(entries).unwrap_or_default(),
            functions: functions(key(template, "functions")),
            definitions: names(key(template, "definitions")),
        }
    }

    /// A function of the template by `space.name`, in lower case.
    pub(super) fn function(&self, name: &str) -> Option<&'a Value> {
        self.functions.get(name).map(|(_, function)| *function)
    }

    /// Whether a parameter without a value is null.
    pub(super) fn is_nullable(&self, declaration: &Map<String, Value>) -> bool {
        let says_so =
            |map: &Map<String, Value>| key(map, "nullable").and_then(Value::as_bool) == Some(true);
        if says_so(declaration) {
            return true;
        }
        let reference = key(declaration, "$ref").and_then(Value::as_str);
        let name = reference.and_then(|path| path.strip_prefix("#/definitions/"));
        let definition = name.and_then(|name| self.definitions.get(&name.to_ascii_lowercase()));
        let map = definition.and_then(|(_, definition)| definition.as_object());
        map.is_some_and(says_so)
    }

    /// The name as it is told from those of other templates.
    pub(super) fn labelled(&self, name: &str) -> String {
        if self.label.is_empty() {
            name.to_owned()
        } else {
            format!("{}/{name}", self.label)
        }
    }
}

/// A deployment of a template that is no loop.
pub(super) struct Nested<'a> {
    /// How other resources call it, where resources have such names.
    pub(super) symbol: Option<&'a str>,
    /// It.
    pub(super) map: &'a Map<String, Value>,
    /// Where it stands.
    pub(super) place: String,
}

/// The deployments of a template whose resources stand at a place.
fn nested<'a>(template: &'a Map<String, Value>, place: &str) -> Vec<Nested<'a>> {
    let mut found = Vec::new();
    let mut take = |symbol: Option<&'a str>, resource: &'a Value, place: String| {
        let Some(map) = resource.as_object() else {
            return;
        };
        let kind = key(map, "type").and_then(Value::as_str);
        let is_deployment =
            kind.is_some_and(|kind| kind.eq_ignore_ascii_case("Microsoft.Resources/deployments"));
        let is_loop = key(map, "copy").is_some_and(|copy| !copy.is_null());
        if is_deployment && !is_loop {
            found.push(Nested { symbol, map, place });
        }
    };
    match key(template, "resources") {
        Some(Value::Array(list)) => {
            for (number, resource) in list.iter().enumerate() {
                take(None, resource, format!("{place}resources[{number}]"));
            }
        }
        Some(Value::Object(map)) => {
            for (name, resource) in map {
                take(Some(name), resource, format!("{place}resources.{name}"));
            }
        }
        _ => {}
    }
    found
}

/// One round of a copy loop.
#[derive(Debug, Clone)]
pub(super) struct Loop {
    /// What `copyIndex` calls it.
    pub(super) name: String,
    /// From 0.
    pub(super) index: i64,
    /// Whether it makes resources; only those are meant by `copyIndex` without a name.
    pub(super) is_resource: bool,
}

/// What a lambda's parameters stand for.
pub(super) struct Locals<'e> {
    /// Names as written.
    pub(super) names: Vec<(String, Data)>,
    /// Those of the lambda around it.
    pub(super) next: Option<&'e Locals<'e>>,
}

impl Locals<'_> {
    /// The innermost of a name.
    pub(super) fn find(&self, name: &str) -> Option<&Data> {
        let mut names = self.names.iter();
        let own = names.find(|(known, _)| known.eq_ignore_ascii_case(name));
        match (own, self.next) {
            (Some((_, data)), _) => Some(data),
            (None, Some(next)) => next.find(name),
            (None, None) => None,
        }
    }
}

/// What an expression is evaluated in.
#[derive(Clone, Copy)]
pub(super) struct Env<'e> {
    /// The number of a scope.
    pub(super) scope: usize,
    /// The innermost last.
    pub(super) loops: &'e [Loop],
    /// Of lambdas.
    pub(super) locals: Option<&'e Locals<'e>>,
    /// Of a function of the template, by name in lower case.
    pub(super) arguments: Option<&'e BTreeMap<String, Data>>,
}

impl Env<'_> {
    /// A scope and nothing else.
    pub(super) fn of(scope: usize) -> Self {
        Self {
            scope,
            loops: &[],
            locals: None,
            arguments: None,
        }
    }
}

/// The value of a key, ignoring case.
pub(super) fn key<'v>(map: &'v Map<String, Value>, name: &str) -> Option<&'v Value> {
    map.get(name).or_else(|| {
        let mut entries = map.iter();
        let is_it = |(key, _): &(&String, &Value)| key.eq_ignore_ascii_case(name);
        entries.find(is_it).map(|(_, value)| value)
    })
}

fn names(value: Option<&Value>) -> Names<'_> {
    let map = value.and_then(Value::as_object);
    let entries = map.into_iter().flatten();
    entries
        .map(|(name, value)| (name.to_ascii_lowercase(), (name.as_str(), value)))
        .collect()
}

/// Entries of a list by their `name`.
fn entries(list: &Value) -> Names<'_> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(|entry| {
        let name = key(entry.as_object()?, "name")?.as_str()?;
        Some((name.to_ascii_lowercase(), (name, entry)))
    })
    .collect()
}

/// Functions of all namespaces by `space.name`.
fn functions(spaces: Option<&Value>) -> Names<'_> {
    let mut all = Names::new();
    for space in spaces.and_then(Value::as_array).into_iter().flatten() {
        let Some(space) = space.as_object() else {
            continue;
        };
        let Some(name) = key(space, "namespace").and_then(Value::as_str) else {
            continue;
        };
        for (member, (written, value)) in names(key(space, "members")) {
            let name = format!("{}.{member}", name.to_ascii_lowercase());
            all.insert(name, (written, value));
        }
    }
    all
}
