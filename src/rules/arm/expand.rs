//! Walks the resources of a template: loops, conditions and children.

use std::collections::BTreeSet;
use std::rc::Rc;

use serde_json::{Map, Value};

use crate::rules::arm::evaluate::{COPIES, Evaluator};
use crate::rules::arm::handed::level;
use crate::rules::arm::ids::{self, Level, Target};
use crate::rules::arm::outputs;
use crate::rules::arm::scope::{Env, Given, Loop, Scope, key};
use crate::rules::arm::value::Data;
use crate::rules::arm::{ArmGap, ArmGapKind, ArmResource, ArmTemplate, Limits, MOST_COPIES, texts};

/// Most gaps that are kept.
const MOST_GAPS: usize = 1_000;
/// Most types that are gathered from what was not followed.
const MOST_TYPES: usize = 1_000;
/// Most characters of what a gap shows.
const MOST_SHOWN: usize = 120;
/// Values that a resource counts for, whatever is in it.
const VALUES_A_RESOURCE: usize = 4;

const RESOURCES: &str = "the resources of a file";
const GAPS: &str = "the gaps of a file";

/// Keys of a resource that are written as readers look for them.
const KEYS: [&str; 9] = [
    "type",
    "name",
    "id",
    "location",
    "properties",
    "scope",
    "tags",
    "sku",
    "zones",
];

/// What the resources of a list have in common.
#[derive(Clone)]
pub(super) struct Frame {
    /// What expressions are evaluated in.
    pub(super) scope: usize,
    /// Loops around them.
    pub(super) loops: Vec<Loop>,
    /// Where they go.
    pub(super) target: Rc<Target>,
    /// What decides whether they are there.
    pub(super) condition: Option<Rc<str>>,
    /// How many deployments they are in.
    pub(super) level: usize,
    parent: Option<Rc<Parent>>,
}

/// The resource that others stand in.
struct Parent {
    kind: Data,
    name: Data,
}

impl Frame {
    /// Resources of a template.
    pub(super) fn new(scope: usize, target: Target) -> Self {
        Self {
            scope,
            loops: Vec::new(),
            target: Rc::new(target),
            condition: None,
            level: 0,
            parent: None,
        }
    }

    /// What expressions of these resources are evaluated in.
    pub(super) fn env(&self) -> Env<'_> {
        Env {
            loops: &self.loops,
            ..Env::of(self.scope)
        }
    }
}

/// Whether a resource is there.
enum Presence {
    Sure,
    Open(Rc<str>),
    Absent,
}

/// Expands one file.
pub(super) struct Expander<'a> {
    pub(super) eval: Evaluator<'a>,
    pub(super) deployments: usize,
    given: &'a Map<String, Value>,
    most_resources: usize,
    out: ArmTemplate,
    /// Bounds that are met once and for all.
    met: BTreeSet<&'static str>,
}

impl<'a> Expander<'a> {
    pub(super) fn new(given: &'a Map<String, Value>, limits: Limits) -> Self {
        Self {
            eval: Evaluator::new(limits, outputs::known),
            deployments: 0,
            given,
            most_resources: limits.resources,
            out: ArmTemplate::default(),
            met: BTreeSet::new(),
        }
    }

    /// A whole file.
    pub(super) fn file(mut self, template: &'a Value, place: &str) -> ArmTemplate {
        let Some(map) = template.as_object() else {
            return self.out;
        };
        let target = Target::unknown(level(map).unwrap_or(Level::Group));
        let mut scope = Scope::new(map, String::new(), target.clone());
        let given = self.given.iter();
        scope.given = given
            .map(|(name, value)| (name.to_ascii_lowercase(), Given::Plain(value)))
            .collect();
        let scope = self.eval.add(scope);
        self.resources(map, place, &Frame::new(scope, target));
        self.out
    }

    /// The member `resources` of a template or of a resource.
    pub(super) fn resources(&mut self, map: &'a Map<String, Value>, place: &str, frame: &Frame) {
        let Some(resources) = key(map, "resources") else {
            return;
        };
        let dot = if place.is_empty() { "" } else { "." };
        let place = format!("{place}{dot}resources");
        match resources {
            Value::Null => {}
            Value::Array(list) => {
                for (number, resource) in list.iter().enumerate() {
                    self.resource(resource, &format!("{place}[{number}]"), frame);
                }
            }
            Value::Object(map) => {
                for (name, resource) in map {
                    self.resource(resource, &format!("{place}.{name}"), frame);
                }
            }
            other => self.gap(&place, &shown(other), ArmGapKind::Unresolved),
        }
    }

    /// An element: one resource, or one of each round of its loop.
    fn resource(&mut self, resource: &'a Value, place: &str, frame: &Frame) {
        let Some(map) = resource.as_object() else {
            return self.gap(place, &shown(resource), ArmGapKind::Unresolved);
        };
        let Some(copy) = key(map, "copy").filter(|copy| !copy.is_null()) else {
            return self.instance(map, place, frame);
        };
        let count = copy.as_object().and_then(|copy| key(copy, "count"));
        let count = self.eval.json(count.unwrap_or(&Value::Null), frame.env());
        let Some(count) = count.as_int().filter(|count| *count >= 0) else {
            let found = self.uncounted(map, &count, frame);
            self.gap(place, &found, ArmGapKind::Unresolved);
            if let Some(gap) = self.out.gaps.last_mut() {
                gap.types = types_in(resource);
            }
            return;
        };
        if count > MOST_COPIES {
            self.gap(place, &count.to_string(), ArmGapKind::Bound(COPIES));
        }
        let name = copy.as_object().and_then(|copy| key(copy, "name"));
        let name = name.and_then(Value::as_str).unwrap_or_default();
        let mut frame = frame.clone();
        for index in 0..count.min(MOST_COPIES) {
            frame.loops.push(Loop {
                name: name.to_owned(),
                index,
                is_resource: true,
            });
            self.instance(map, &format!("{place} (copy {index})"), &frame);
            frame.loops.pop();
        }
    }

    /// What a loop would make, and how often.
    fn uncounted(&mut self, map: &'a Map<String, Value>, count: &Data, frame: &Frame) -> String {
        let kind = key(map, "type").map_or(Data::Null, |kind| self.eval.json(kind, frame.env()));
        let Parent { kind, .. } = full(kind, Data::Null, frame.parent.as_deref());
        let (kind, count) = (self.eval.export(&kind), self.eval.export(count));
        format!("{} × {}", shown(&kind), shown(&count))
    }

    fn instance(&mut self, map: &'a Map<String, Value>, place: &str, frame: &Frame) {
        let is_existing = key(map, "existing").and_then(Value::as_bool) == Some(true);
        if !is_existing {
            if self.out.resources.len() >= self.most_resources {
                self.bound(place, RESOURCES);
                return;
            }
            if !self.eval.read(VALUES_A_RESOURCE) {
                self.drain(place);
                return;
            }
        }
        let own = key(map, "type").map_or(Data::Null, |kind| self.eval.json(kind, frame.env()));
        let is_deployment = own
            .as_text()
            .is_some_and(|kind| kind.eq_ignore_ascii_case("Microsoft.Resources/deployments"));
        let presence = if is_existing {
            Presence::Absent
        } else {
            self.presence(map, frame)
        };
        if is_deployment {
            let mut frame = frame.clone();
            match presence {
                Presence::Absent => return,
                Presence::Open(condition) => frame.condition = Some(condition),
                Presence::Sure => {}
            }
            self.deployment(map, place, &frame);
            return self.drain(place);
        }
        let name = key(map, "name").map_or(Data::Null, |name| self.eval.json(name, frame.env()));
        let this = full(own, name, frame.parent.as_deref());
        match presence {
            Presence::Absent => {}
            Presence::Open(condition) => self.push(map, &this, place, Some(&condition), frame),
            Presence::Sure => self.push(map, &this, place, None, frame),
        }
        self.drain(place);
        if key(map, "resources").is_some() {
            let frame = Frame {
                parent: Some(Rc::new(this)),
                ..frame.clone()
            };
            self.resources(map, place, &frame);
        }
    }

    fn presence(&mut self, map: &'a Map<String, Value>, frame: &Frame) -> Presence {
        let around = frame.condition.clone();
        let own = key(map, "condition").map_or(Data::Bool(true), |condition| {
            self.eval.json(condition, frame.env())
        });
        let own: Option<Rc<str>> = match own.as_bool() {
            Some(true) => None,
            Some(false) => return Presence::Absent,
            None => Some(own.written().into()),
        };
        match (around, own) {
            (None, None) => Presence::Sure,
            (Some(one), Some(two)) if one != two => {
                let (one, two) = (Data::open(one.as_ref()), Data::open(two.as_ref()));
                Presence::Open(Data::call("and", &[one, two]).written().into())
            }
            (Some(one), _) | (None, Some(one)) => Presence::Open(one),
        }
    }

    /// Keeps a resource.
    fn push(
        &mut self,
        map: &'a Map<String, Value>,
        this: &Parent,
        place: &str,
        condition: Option<&str>,
        frame: &Frame,
    ) {
        let mut value = Map::new();
        for (name, member) in map {
            let is = |known: &str| name.eq_ignore_ascii_case(known);
            if ["copy", "condition", "resources", "existing"]
                .into_iter()
                .any(is)
            {
                continue;
            }
            let data = match name {
                name if name.eq_ignore_ascii_case("type") => this.kind.clone(),
                name if name.eq_ignore_ascii_case("name") => this.name.clone(),
                _ => self.eval.json(member, frame.env()),
            };
            let name = KEYS.into_iter().find(|known| is(known)).unwrap_or(name);
            let member = self.eval.export(&data);
            value.insert(name.to_owned(), member);
        }
        if !value.contains_key("id")
            && !value.contains_key("scope")
            && let Some(id) = id(this, &frame.target)
        {
            let id = self.eval.export(&id);
            value.insert("id".to_owned(), id);
        }
        if self.eval.is_full() {
            return;
        }
        self.out.resources.push(ArmResource {
            value: Value::Object(value),
            place: place.to_owned(),
            condition: condition.map(str::to_owned),
        });
    }

    /// Notes the bounds that the evaluation met.
    fn drain(&mut self, place: &str) {
        for bound in std::mem::take(&mut self.eval.bounds) {
            self.bound(place, bound);
        }
    }

    /// Notes a bound; those of a whole file once.
    pub(super) fn bound(&mut self, place: &str, bound: &'static str) {
        if bound.ends_with("of a file") && !self.met.insert(bound) {
            return;
        }
        self.gap(place, "", ArmGapKind::Bound(bound));
    }

    pub(super) fn gap(&mut self, place: &str, found: &str, why: ArmGapKind) {
        let (place, found) = match self.out.gaps.len() {
            MOST_GAPS.. => return,
            number if number + 1 == MOST_GAPS => {
                let why = ArmGapKind::Bound(GAPS);
                let (place, found) = (place.to_owned(), String::new());
                let types = Vec::new();
                return self.out.gaps.push(ArmGap {
                    place,
                    found,
                    why,
                    types,
                });
            }
            _ => (place.to_owned(), found.to_owned()),
        };
        let types = Vec::new();
        self.out.gaps.push(ArmGap {
            place,
            found,
            why,
            types,
        });
    }
}

/// The types of a resource and of what is in it, as far as all of them stand there; a deployment
/// counts by its template.
fn types_in(resource: &Value) -> Vec<String> {
    let mut types = Vec::new();
    let mut left = vec![resource];
    while let Some(value) = left.pop() {
        match value {
            Value::Array(list) => left.extend(list),
            Value::Object(map) => {
                let properties = key(map, "properties").and_then(Value::as_object);
                let has_template =
                    properties.is_some_and(|it| key(it, "template").is_some_and(Value::is_object));
                match key(map, "type").and_then(Value::as_str) {
                    Some(kind) if kind.contains('/') && !has_template => {
                        types.push(kind.to_owned());
                    }
                    _ => {}
                }
                left.extend(map.values());
            }
            _ => {}
        }
        if types.len() > MOST_TYPES {
            return Vec::new();
        }
    }
    types
}

/// A value in a few characters.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.chars().take(MOST_SHOWN).collect(),
        Value::Array(list) => format!("a list of {}", list.len()),
        Value::Object(map) => format!("an object of {}", map.len()),
        other => other.to_string(),
    }
}

/// Type and name, those of the parent before them.
fn full(kind: Data, name: Data, parent: Option<&Parent>) -> Parent {
    let Some(parent) = parent else {
        return Parent { kind, name };
    };
    let own = kind.as_text().map(str::to_ascii_lowercase);
    let around = parent.kind.as_text().map(str::to_ascii_lowercase);
    if let (Some(own), Some(around)) = (&own, &around)
        && own
            .strip_prefix(around.as_str())
            .is_some_and(|rest| rest.starts_with('/'))
    {
        return Parent { kind, name };
    }
    let slash = || Data::text("/");
    Parent {
        kind: ids::join(&[parent.kind.clone(), slash(), kind]),
        name: ids::join(&[parent.name.clone(), slash(), name]),
    }
}

/// The id of a resource whose type and name are resolved.
fn id(this: &Parent, target: &Target) -> Option<Data> {
    let kind = this.kind.as_text()?;
    if kind.eq_ignore_ascii_case("Microsoft.Resources/resourceGroups") {
        return None;
    }
    let names = texts::split(&[this.name.clone(), Data::text("/")])?;
    target.id(kind, names.as_list()?)
}
