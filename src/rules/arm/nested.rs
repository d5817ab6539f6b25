//! Follows deployments inside a template.

use serde_json::{Map, Value};

use crate::rules::arm::ArmGapKind;
use crate::rules::arm::expand::{Expander, Frame, shown};
use crate::rules::arm::handed::{given, is_inner, target};
use crate::rules::arm::scope::{Scope, key};

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
