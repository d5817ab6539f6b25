//! What an attribute of a plan refers to, where its value is not known yet.
//!
//! The configuration lists what an expression names, never the expression. So only what names ids or one
//! name and nothing else is followed, through variables and outputs of modules.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::rules::terraform::modules::{Instance, Module};

/// Most modules inside each other, and most steps from one to another.
const MOST_LEVELS: usize = 64;
/// Most names of an expression.
const MOST_NAMES: usize = 200;

/// What a configuration says of one module.
struct Configured<'a> {
    /// Expressions by the resource's address in the module.
    resources: BTreeMap<&'a str, &'a Map<String, Value>>,
    /// What is handed to it.
    arguments: Option<&'a Value>,
    outputs: Option<&'a Value>,
    /// Numbers of the modules that it calls.
    calls: BTreeMap<&'a str, usize>,
}

/// The expressions of a configuration; the root module's are the first.
pub(super) struct References<'a> {
    modules: Vec<Configured<'a>>,
}

/// A module as it is called once.
#[derive(Clone)]
pub(super) struct Site {
    /// Numbers of the modules around it and its own, with their addresses.
    path: Vec<(usize, String)>,
}

impl<'a> References<'a> {
    /// Those of a plan; none in a state.
    pub(super) fn of(document: &'a Value) -> Self {
        let mut all = Self {
            modules: Vec::new(),
        };
        let configuration = document.get("configuration");
        if let Some(root) = configuration.and_then(|it| it.get("root_module")) {
            all.module(root, None, 0);
        }
        all
    }

    /// Reads a module; its number.
    fn module(&mut self, module: &'a Value, arguments: Option<&'a Value>, level: usize) -> usize {
        let number = self.modules.len();
        let resources = module.get("resources").and_then(Value::as_array);
        let resources = resources.into_iter().flatten().filter_map(|resource| {
            let address = resource.get("address")?.as_str()?;
            Some((address, resource.get("expressions")?.as_object()?))
        });
        self.modules.push(Configured {
            resources: resources.collect(),
            arguments,
            outputs: module.get("outputs"),
            calls: BTreeMap::new(),
        });
        let calls = module.get("module_calls").and_then(Value::as_object);
        for (call, body) in calls.into_iter().flatten() {
            let inner = body.get("module").filter(|_| level < MOST_LEVELS);
            let inner = inner.map(|it| self.module(it, body.get("expressions"), level + 1));
            if let (Some(inner), Some(own)) = (inner, self.modules.get_mut(number)) {
                own.calls.insert(call, inner);
            }
        }
        number
    }

    /// What a resource's attributes are written as, and where.
    pub(super) fn written(&self, instance: &Instance) -> Option<(Site, &'a Map<String, Value>)> {
        if self.modules.is_empty() {
            return None;
        }
        let data = if instance.is_data { "data." } else { "" };
        let local = format!("{data}{}.{}", instance.kind, instance.name);
        let site = self.site(&instance.module)?;
        let (number, _) = site.path.last()?;
        let resources = &self.modules.get(*number)?.resources;
        let expressions = resources.get(local.as_str())?;
        Some((site, expressions))
    }

    /// The addresses of the resources of which an expression names this attribute, `.id`; `index` is
    /// the own key of the resource that it stands in.
    pub(super) fn targets(
        &self,
        expression: &'a Value,
        attribute: &str,
        site: &Site,
        index: Option<&Value>,
    ) -> Option<Vec<String>> {
        let (things, has_key) = things(expression)?;
        let [_] = things.as_slice() else {
            let (_, address) = site.path.last().filter(|_| !has_key)?;
            let ids = things.iter().map(|name| {
                let is_other = name.starts_with("var.") || name.starts_with("module.");
                let name = name.strip_suffix(attribute).filter(|_| !is_other)?;
                Some(joined(address, name))
            });
            return ids.collect();
        };
        let target = self.followed(expression, attribute, site.clone(), index)?;
        Some(vec![target])
    }

    fn site(&self, module: &Module) -> Option<Site> {
        let Some(around) = &module.around else {
            let path = vec![(0, String::new())];
            return Some(Site { path });
        };
        let site = self.site(around)?;
        self.below(site, &module.call, module.address.clone())
    }

    fn below(&self, mut site: Site, call: &str, address: String) -> Option<Site> {
        let (number, _) = site.path.last()?;
        let number = self.modules.get(*number)?.calls.get(call)?;
        site.path.push((*number, address));
        Some(site)
    }

    /// Follows an expression from module to module.
    fn followed(
        &self,
        mut expression: &'a Value,
        attribute: &str,
        mut site: Site,
        mut index: Option<&Value>,
    ) -> Option<String> {
        for _ in 0..MOST_LEVELS {
            let (things, has_key) = things(expression)?;
            let [path] = things.as_slice() else {
                return None;
            };
            let (number, address) = site.path.last()?;
            let module = self.modules.get(*number)?;
            if let Some(name) = path.strip_prefix("var.") {
                expression = module.arguments?.get(name)?;
                site.path.pop();
            } else if let Some(rest) = path.strip_prefix("module.") {
                let (call, name) = rest.split_once('.')?;
                let address = joined(address, &format!("module.{call}"));
                site = self.below(site, call.split('[').next()?, address)?;
                let (number, _) = site.path.last()?;
                let outputs = self.modules.get(*number)?.outputs?;
                expression = outputs.get(name)?.get("expression")?;
            } else if has_key {
                return one_of_many(path, index?).map(|name| joined(address, &name));
            } else {
                return Some(joined(address, path.strip_suffix(attribute)?));
            }
            // A key belongs to the resource that it stands in.
            index = None;
        }
        None
    }
}

/// The resource with the key of the one that refers to it.
fn one_of_many(path: &str, index: &Value) -> Option<String> {
    let is_bare = path.split('.').count() == 2 && !path.contains('[');
    let is_key = index.is_string() || index.is_number();
    (is_bare && is_key).then(|| format!("{path}[{index}]"))
}

/// A name inside a module.
fn joined(around: &str, name: &str) -> String {
    if around.is_empty() {
        name.to_owned()
    } else {
        format!("{around}.{name}")
    }
}

/// What an expression names, and whether the key of the resource stands beside it.
fn things(expression: &Value) -> Option<(Vec<&str>, bool)> {
    let list = expression.get("references")?.as_array()?;
    if list.len() > MOST_NAMES {
        return None;
    }
    let names: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
    let is_key = |name: &str| name == "each.key" || name == "count.index";
    let has_key = names.iter().any(|name| is_key(name));
    // After `a.b.id` follows `a.b`, which is a part of it.
    let is_part = |name: &str| {
        names.iter().any(|other| {
            let rest = other.strip_prefix(name);
            rest.is_some_and(|rest| rest.starts_with(['.', '[']))
        })
    };
    let mut things: Vec<&str> = Vec::new();
    for name in &names {
        if !is_key(name) && !is_part(name) && !things.contains(name) {
            things.push(name);
        }
    }
    Some((things, has_key))
}
