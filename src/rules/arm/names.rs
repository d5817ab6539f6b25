//! Looks up what a template declares: parameters, variables and functions.
//!
//! A name is evaluated once for its scope; one that needs itself stays open.

use serde_json::Value;

use crate::rules::arm::evaluate::Evaluator;
use crate::rules::arm::is_reference;
use crate::rules::arm::scope::{Env, Given, Kind, key};
use crate::rules::arm::value::Data;

impl Evaluator<'_> {
    /// The value of a parameter.
    pub(super) fn parameter(&mut self, name: &str, env: Env<'_>) -> Data {
        let lower = name.to_ascii_lowercase();
        if let Some(arguments) = env.arguments {
            let argument = arguments.get(&lower).cloned();
            return argument.unwrap_or_else(|| Data::call("parameters", &[Data::text(name)]));
        }
        self.remembered(Kind::Parameter, name, lower, env.scope)
    }

    /// The value of a variable.
    pub(super) fn variable(&mut self, name: &str, env: Env<'_>) -> Data {
        let lower = name.to_ascii_lowercase();
        self.remembered(Kind::Variable, name, lower, env.scope)
    }

    /// Evaluates a name of a scope once; a cycle stays open.
    fn remembered(&mut self, kind: Kind, name: &str, lower: String, scope: usize) -> Data {
        let key = (scope, kind, lower);
        if let Some(Some(data)) = self.memo.get(&key) {
            return data.clone();
        }
        let open = self.unknown(kind, name, &key.2, scope);
        if self.memo.contains_key(&key) {
            return open;
        }
        self.memo.insert(key.clone(), None);
        let data = match kind {
            Kind::Parameter => self.parameter_value(&key.2, scope),
            Kind::Variable => self.variable_value(&key.2, scope),
        };
        // Two of them are never equal, so each keeps its own name.
        let is_new =
            |data: &Data| matches!(data, Data::Open(open) if open.text.contains("newGuid("));
        let data = data.filter(|data| !is_new(data)).unwrap_or(open);
        self.memo.insert(key, Some(data.clone()));
        data
    }

    fn unknown(&self, kind: Kind, name: &str, lower: &str, scope: usize) -> Data {
        let scope = self.scopes.get(scope);
        let (function, names) = match kind {
            Kind::Parameter => ("parameters", scope.map(|scope| &scope.parameters)),
            Kind::Variable => ("variables", scope.map(|scope| &scope.variables)),
        };
        let declared = names.and_then(|names| names.get(lower));
        let name = declared.map_or(name, |(written, _)| written);
        let name = scope.map(|scope| scope.labelled(name)).unwrap_or_default();
        Data::call(function, &[Data::text(name)])
    }

    /// What is handed in, the default, or null where that is allowed.
    fn parameter_value(&mut self, lower: &str, number: usize) -> Option<Data> {
        let scope = self.scopes.get(number)?;
        let declaration = scope.parameters.get(lower);
        let declaration = declaration.and_then(|(_, declaration)| declaration.as_object());
        let default = declaration.and_then(|map| key(map, "defaultValue"));
        let is_nullable = declaration.is_some_and(|map| scope.is_nullable(map));
        let given = match scope.given.get(lower) {
            Some(Given::Plain(value)) if is_reference(value) => return None,
            Some(Given::Plain(value)) => Some(Data::plain(value)),
            Some(Given::Made(data)) => Some(data.clone()),
            None => None,
        };
        match (given, default) {
            (Some(Data::Null) | None, Some(default)) => Some(self.json(default, Env::of(number))),
            (Some(given), _) => Some(given),
            (None, None) => is_nullable.then_some(Data::Null),
        }
    }

    fn variable_value(&mut self, lower: &str, number: usize) -> Option<Data> {
        let scope = self.scopes.get(number)?;
        let env = Env::of(number);
        if let Some((_, copy)) = scope.copies.get(lower) {
            return Some(self.copied(copy.as_object()?, env));
        }
        let (_, value) = *scope.variables.get(lower)?;
        Some(self.json(value, env))
    }

    /// A function that the template declares.
    pub(super) fn own(&mut self, name: &str, lower: &str, args: &[Data], env: Env<'_>) -> Data {
        let scope = self.scopes.get(env.scope);
        let function = scope.and_then(|scope| scope.function(lower)?.as_object());
        let output = function.and_then(|map| key(map, "output")?.as_object());
        let value = output.and_then(|map| key(map, "value"));
        let (Some(function), Some(value)) = (function, value) else {
            return Data::call(name, args);
        };
        let names = key(function, "parameters").and_then(Value::as_array);
        let names = names.into_iter().flatten().filter_map(|parameter| {
            let name = key(parameter.as_object()?, "name")?.as_str()?;
            Some(name.to_ascii_lowercase())
        });
        let arguments = names.zip(args.iter().cloned()).collect();
        let inside = Env {
            arguments: Some(&arguments),
            ..Env::of(env.scope)
        };
        self.json(value, inside)
    }
}
