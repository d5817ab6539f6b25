//! Follows deployments inside a template.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::rules::arm::ArmGapKind;
use crate::rules::arm::evaluate::Evaluator;
use crate::rules::arm::expand::{Expander, Frame, level, shown};
use crate::rules::arm::ids::{Level, Target};
use crate::rules::arm::objects::{self, Found};
use crate::rules::arm::scope::{Env, Given, Scope, key};
use crate::rules::arm::value::{Data, member};

/// Most deployments inside each other.
const MOST_LEVELS: usize = 12;
/// Most deployments of a file.
const MOST_DEPLOYMENTS: usize = 2_000;

const LEVELS: &str = "the levels of deployments";
const DEPLOYMENTS: &str = "the deployments of a file";

impl<'a> Expander<'a> {
    /// The resources of a deployment, in its place.
    pub(super) fn deployment(&mut self, map: &'a Map<String, Value>, place: &str, frame: &Frame) {
        let inside = format!("{place}.properties");
        let properties = key(map, "properties").unwrap_or(&Value::Null);
        let Some(properties) = properties.as_object() else {
            return self.gap(&inside, &shown(properties), ArmGapKind::Unresolved);
        };
        let at = |name: &str| format!("{inside}.{name}");
        if let Some(link) = key(properties, "templateLink").filter(|link| !link.is_null()) {
            let found = self.linked(link, frame);
            return self.gap(&at("templateLink"), &found, ArmGapKind::Linked);
        }
        let template = key(properties, "template").unwrap_or(&Value::Null);
        let Some(template) = template.as_object() else {
            return self.gap(&at("template"), &shown(template), ArmGapKind::Unresolved);
        };
        if frame.level >= MOST_LEVELS {
            return self.bound(&at("template"), LEVELS);
        }
        if self.deployments >= MOST_DEPLOYMENTS {
            return self.bound(&at("template"), DEPLOYMENTS);
        }
        self.deployments += 1;
        let around = (&*frame.target, frame.env());
        let target = target(&mut self.eval, map, template, around);
        let mut within = Frame::new(frame.scope, target.clone());
        within.condition.clone_from(&frame.condition);
        within.level = frame.level + 1;
        if is_inner(&mut self.eval, properties, frame.env()) {
            let given = given(&mut self.eval, properties, place, frame.env());
            let mut scope = Scope::new(template, place.to_owned(), target);
            scope.given = given;
            within.scope = self.eval.add(scope);
        } else {
            within.loops.clone_from(&frame.loops);
        }
        self.resources(template, &at("template"), &within);
    }

    /// Where a linked template is.
    fn linked(&mut self, link: &Value, frame: &Frame) -> String {
        let keys = ["uri", "relativePath", "id"];
        let mut found = keys.iter().filter_map(|name| key(link.as_object()?, name));
        let link = found.next().unwrap_or(link);
        let data = self.eval.json(link, frame.env());
        let value = self.eval.export(&data);
        shown(&value)
    }
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
