//! What deployments inside a template give back: `reference('network').outputs.subnet.value`.

use serde_json::Value;

use crate::rules::arm::evaluate::Evaluator;
use crate::rules::arm::handed::{given, is_inner, target};
use crate::rules::arm::scope::{Env, Scope, key};
use crate::rules::arm::value::{Data, Members};

/// The type of a deployment, as ids have it.
const DEPLOYMENTS: &str = "/microsoft.resources/deployments/";

/// The outputs of a deployment that an expression names by its symbol, its name or its id.
pub(super) fn known(eval: &mut Evaluator<'_>, named: &Data, scope: usize) -> Option<Members> {
    let number = place_of(eval, named, scope)?;
    if !eval.outputs.contains_key(&(scope, number)) {
        // One that asks for itself has none.
        eval.outputs.insert((scope, number), None);
        let made = outputs(eval, scope, number);
        eval.outputs.insert((scope, number), made);
    }
    eval.outputs.get(&(scope, number))?.clone()
}

/// The only deployment of a scope that is meant.
fn place_of(eval: &mut Evaluator<'_>, named: &Data, scope: usize) -> Option<usize> {
    let text = |data: &Data| match data {
        Data::Text(text) => Some(text.to_ascii_lowercase()),
        Data::Open(open) => open.placed().map(|text| text.to_ascii_lowercase()),
        _ => None,
    };
    let count = eval.scopes.get(scope)?.nested.len();
    let asked = text(named);
    let id = asked
        .as_deref()
        .and_then(|text| text.rsplit_once(DEPLOYMENTS));
    let mut found = Vec::new();
    for number in 0..count {
        let own = eval.scopes.get(scope)?.nested.get(number)?;
        let is_symbol = own.symbol.is_some() && own.symbol == named.as_text();
        let name = key(own.map, "name").unwrap_or(&Value::Null);
        let name = eval.json(name, Env::of(scope));
        let is_it = is_symbol
            || match (&id, text(&name)) {
                (Some((_, own)), Some(name)) => *own == name,
                (None, _) => name.same(named) == Some(true),
                (Some(_), None) => false,
            };
        if is_it {
            found.push(number);
        }
    }
    match found.as_slice() {
        [only] => Some(*only),
        _ => None,
    }
}

/// The outputs, each with its value.
fn outputs(eval: &mut Evaluator<'_>, scope: usize, number: usize) -> Option<Members> {
    let around = eval.scopes.get(scope)?;
    let own = around.nested.get(number)?;
    let (map, place, home) = (own.map, own.place.clone(), around.home.clone());
    let properties = key(map, "properties")?.as_object()?;
    if key(properties, "templateLink").is_some_and(|link| !link.is_null()) {
        return None;
    }
    let template = key(properties, "template")?.as_object()?;
    let declared = key(template, "outputs")?.as_object()?;
    let env = Env::of(scope);
    let inside = if is_inner(eval, properties, env) {
        let target = target(eval, map, template, (&home, env));
        let given = given(eval, properties, &place, env);
        let mut inner = Scope::new(template, place, target);
        inner.given = given;
        eval.add(inner)
    } else {
        scope
    };
    let mut outputs = Members::new();
    for (name, output) in declared {
        let value = output.as_object().and_then(|output| key(output, "value"));
        if let Some(value) = value {
            let value = eval.json(value, Env::of(inside));
            let members = Members::from([("value".into(), value)]);
            outputs.insert(name.as_str().into(), Data::object(members));
        }
    }
    Some(outputs)
}
