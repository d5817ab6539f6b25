//! What a deployment hands to the template in it: where it goes, and the values of its parameters.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::rules::arm::evaluate::Evaluator;
use crate::rules::arm::ids::{Level, Target};
use crate::rules::arm::objects::{self, Found};
use crate::rules::arm::schema;
use crate::rules::arm::scope::{Env, Given, key};
use crate::rules::arm::value::{Data, member};

/// What a template is deployed to, by its schema.
pub(super) fn level(template: &Map<String, Value>) -> Option<Level> {
    let schema = schema(template)?;
    let levels = [
        ("/subscriptiondeploymenttemplate", Level::Subscription),
        ("/managementgroupdeploymenttemplate", Level::ManagementGroup),
        ("/tenantdeploymenttemplate", Level::Tenant),
        ("/deploymenttemplate", Level::Group),
    ];
    let mut levels = levels.into_iter();
    levels
        .find(|(name, _)| schema.contains(name))
        .map(|(_, level)| level)
}

/// Whether the template sees its own names, not those around it.
pub(super) fn is_inner(
    eval: &mut Evaluator<'_>,
    properties: &Map<String, Value>,
    env: Env<'_>,
) -> bool {
    let options = key(properties, "expressionEvaluationOptions").and_then(Value::as_object);
    let Some(scope) = options.and_then(|options| key(options, "scope")) else {
        return false;
    };
    let scope = eval.json(scope, env);
    scope
        .as_text()
        .is_some_and(|scope| scope.eq_ignore_ascii_case("inner"))
}

/// Where a deployment goes that is in another one.
pub(super) fn target(
    eval: &mut Evaluator<'_>,
    map: &Map<String, Value>,
    template: &Map<String, Value>,
    (around, env): (&Target, Env<'_>),
) -> Target {
    let mut target = Target::clone(around);
    let own = level(template);
    if let Some(subscription) = key(map, "subscriptionId") {
        target.subscription = eval.json(subscription, env);
        target.level = own.unwrap_or(Level::Subscription);
    }
    if let Some(group) = key(map, "resourceGroup") {
        target.group = eval.json(group, env);
        target.level = Level::Group;
    } else if let Some(own) = own {
        target.level = own;
    }
    target
}

/// The values of parameters, evaluated around the deployment.
pub(super) fn given<'a>(
    eval: &mut Evaluator<'a>,
    properties: &Map<String, Value>,
    place: &str,
    env: Env<'_>,
) -> BTreeMap<String, Given<'a>> {
    let Some(parameters) = key(properties, "parameters") else {
        return BTreeMap::new();
    };
    let parameters = eval.json(parameters, env);
    let Some(members) = parameters.as_object() else {
        return BTreeMap::new();
    };
    let mut given = BTreeMap::new();
    for (name, handed) in members {
        let secret = || {
            let name = Data::text(format!("{place}/{name}"));
            Data::call("parameters", &[name])
        };
        if let Some(data) = value_of(handed, secret) {
            given.insert(name.to_ascii_lowercase(), Given::Made(data));
        }
    }
    given
}

/// What is handed in; nothing where nothing is. A secret is unknown.
fn value_of(handed: &Data, secret: impl FnOnce() -> Data) -> Option<Data> {
    match handed {
        Data::Object(object) => {
            let is_secret = || member(&object.members, "reference").is_some();
            let value = member(&object.members, "value").cloned();
            value.or_else(|| is_secret().then(secret))
        }
        Data::Open(open) => {
            let value = Data::text("value");
            match objects::step(handed, &value) {
                Found::Value(value) => Some(value),
                Found::Nothing | Found::Unknown => Some(Data::open(format!("{}.value", open.text))),
            }
        }
        _ => None,
    }
}
