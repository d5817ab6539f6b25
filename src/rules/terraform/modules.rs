//! Walks the modules of a state or plan.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::{Map, Value};

use crate::rules::terraform::TerraformFile;
use crate::rules::terraform::kinds::{self, Meaning};
use crate::rules::terraform::unknown::{Marks, Unknowns};

/// Most modules inside each other.
const MOST_LEVELS: usize = 64;
/// Most bytes of an address.
const MOST_ADDRESS: usize = 500;

/// Where resources stand.
pub(super) struct Module {
    /// The one that calls it; none for the root.
    pub(super) around: Option<Rc<Module>>,
    /// The name of the call.
    pub(super) call: String,
    /// Empty for the root.
    pub(super) address: String,
    level: usize,
}

/// A resource as it stands there.
pub(super) struct Instance {
    /// Empty where there is none.
    pub(super) address: String,
    pub(super) place: String,
    pub(super) kind: String,
    pub(super) name: String,
    /// The key of `count` or `for_each`.
    pub(super) index: Option<Value>,
    /// Whether it is only read.
    pub(super) is_data: bool,
    /// Attributes, every unknown a text.
    pub(super) values: Map<String, Value>,
    pub(super) module: Rc<Module>,
}

/// All resources of a document that mean something to a reader, or may be counted.
pub(super) fn instances(document: &Value, most: usize, file: &mut TerraformFile) -> Vec<Instance> {
    let mut walk = Walk {
        changes: changes(document),
        unknowns: Unknowns::new(),
        found: Vec::new(),
        seen: BTreeSet::new(),
        only_data: false,
        most,
        file,
    };
    let root = Rc::new(Module {
        around: None,
        call: String::new(),
        address: String::new(),
        level: 0,
    });
    let key = if document.get("planned_values").is_some_and(Value::is_object) {
        "planned_values"
    } else {
        "values"
    };
    if let Some(module) = document.get(key).and_then(|it| it.get("root_module")) {
        walk.module(module, &format!("{key}.root_module"), &root);
    }
    // What a plan only reads stands in the state before it.
    let prior = document.get("prior_state").and_then(|it| it.get("values"));
    if let Some(module) = prior.and_then(|it| it.get("root_module")) {
        walk.only_data = true;
        walk.module(module, "prior_state.values.root_module", &root);
    }
    walk.deferred(document);
    walk.found
}

/// The change of each address; of several the one that leaves something there.
fn changes(document: &Value) -> BTreeMap<&str, &Value> {
    let mut changes = BTreeMap::new();
    let list = document.get("resource_changes").and_then(Value::as_array);
    for entry in list.into_iter().flatten() {
        let address = entry.get("address").and_then(Value::as_str);
        let (Some(address), Some(change)) = (address, entry.get("change")) else {
            continue;
        };
        if entry.get("deposed").is_none_or(Value::is_null) && !is_deletion(change) {
            changes.insert(address, change);
        }
    }
    changes
}

/// Whether nothing is left after a change.
pub(super) fn is_deletion(change: &Value) -> bool {
    let actions = change.get("actions").and_then(Value::as_array);
    let is_gone = |word: &str| word == "delete" || word == "forget";
    actions.is_some_and(|actions| {
        let mut words = actions.iter();
        !actions.is_empty() && words.all(|word| word.as_str().is_some_and(is_gone))
    })
}

struct Walk<'a, 'f> {
    changes: BTreeMap<&'a str, &'a Value>,
    unknowns: Unknowns,
    found: Vec<Instance>,
    seen: BTreeSet<String>,
    only_data: bool,
    most: usize,
    file: &'f mut TerraformFile,
}

impl Walk<'_, '_> {
    fn module(&mut self, module: &Value, place: &str, known: &Rc<Module>) {
        let resources = module.get("resources").and_then(Value::as_array);
        for (number, resource) in resources.into_iter().flatten().enumerate() {
            if self.found.len() >= self.most {
                return self.file.gap(place, "more resources than are read");
            }
            let place = format!("{place}.resources[{number}]");
            match resource.as_object() {
                Some(map) => self.resource(map, place, known),
                None => self.file.gap(&place, "no resource"),
            }
        }
        let children = module.get("child_modules").and_then(Value::as_array);
        for (number, child) in children.into_iter().flatten().enumerate() {
            let around = if place.len() < MOST_ADDRESS {
                place
            } else {
                "…"
            };
            let place = format!("{around}.child_modules[{number}]");
            if known.level >= MOST_LEVELS {
                return self.file.gap(&place, "modules deeper than are read");
            }
            let inner = Rc::new(inside(known, child));
            self.module(child, &place, &inner);
        }
    }

    fn resource(&mut self, resource: &Map<String, Value>, place: String, module: &Rc<Module>) {
        let word = |key| resource.get(key).and_then(Value::as_str);
        let Some(kind) = word("type") else {
            return self.file.gap(&place, "a resource without a type");
        };
        let is_data = word("mode") == Some("data");
        let address = word("address").filter(|it| !it.is_empty() && it.len() <= MOST_ADDRESS);
        let address = address.unwrap_or_default();
        if self.only_data && (!is_data || self.seen.contains(address)) {
            return;
        }
        if !address.is_empty() {
            self.seen.insert(address.to_owned());
        }
        let values = match kinds::meaning(kind) {
            Meaning::Nothing | Meaning::Group if is_data => return,
            Meaning::Nothing | Meaning::Template => named(resource.get("values")),
            _ => {
                let path = if address.is_empty() { &place } else { address };
                let change = self.changes.get(address);
                let marks = Marks {
                    unknown: change.and_then(|change| change.get("after_unknown")),
                    masked: resource.get("sensitive_values"),
                };
                self.unknowns.fill(path, resource.get("values"), marks)
            }
        };
        self.found.push(Instance {
            address: address.to_owned(),
            place: if address.is_empty() {
                place
            } else {
                address.to_owned()
            },
            kind: kind.to_owned(),
            name: word("name").unwrap_or_default().to_owned(),
            index: resource.get("index").cloned(),
            is_data,
            values,
            module: Rc::clone(module),
        });
    }

    /// Resources that a later plan will make.
    fn deferred(&mut self, document: &Value) {
        let list = document.get("deferred_changes").and_then(Value::as_array);
        for (number, entry) in list.into_iter().flatten().enumerate() {
            let change = entry.get("resource_change").unwrap_or(entry);
            let word = |key| change.get(key).and_then(Value::as_str);
            let kind = word("type").unwrap_or_default();
            if !matches!(kinds::meaning(kind), Meaning::Nothing) {
                let place = format!("deferred_changes[{number}]");
                let place = word("address")
                    .filter(|it| it.len() <= MOST_ADDRESS)
                    .unwrap_or(&place);
                self.file
                    .gap(place, "a resource that is left to a later plan");
            }
        }
    }
}

/// The name alone.
fn named(values: Option<&Value>) -> Map<String, Value> {
    let name = values.and_then(|values| values.get("name"));
    let name = name.filter(|name| name.is_string());
    let members = name.map(|name| ("name".to_owned(), name.clone()));
    members.into_iter().collect()
}

/// A module that another one calls.
fn inside(known: &Rc<Module>, child: &Value) -> Module {
    let address = child.get("address").and_then(Value::as_str);
    let address = address.filter(|it| it.len() <= MOST_ADDRESS).unwrap_or("?");
    let own = address.strip_prefix(&known.address).unwrap_or_default();
    let call = own.trim_start_matches('.').strip_prefix("module.");
    let call = call.and_then(|call| call.split(['[', '.']).next());
    Module {
        around: Some(Rc::clone(known)),
        call: call.unwrap_or_default().to_owned(),
        address: address.to_owned(),
        level: known.level + 1,
    }
}
