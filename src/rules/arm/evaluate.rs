//! Evaluates texts, values of a document and expressions, within bounds for a whole file.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::rules::arm::expression::{Broken, Expr, Step};
use crate::rules::arm::ids;
use crate::rules::arm::objects::{self, Found};
use crate::rules::arm::scope::{Env, Kind, Loop, Scope, key};
use crate::rules::arm::value::{Data, Members};
use crate::rules::arm::{Limits, MOST_COPIES, functions};

/// Most characters of an expression, as Azure has it.
const MOST_CHARACTERS: usize = 24_576;
/// Most evaluations inside each other.
const MOST_DEPTH: usize = 160;
/// What of a value's size counts as one step.
const SIZE_A_STEP: usize = 32;

/// Names of bounds.
const CHARACTERS: &str = "the characters of an expression";
const DEPTH: &str = "the depth of an expression";
const STEPS: &str = "the steps of a file";
const VALUES: &str = "the values of a file";
pub(super) const COPIES: &str = "the copies of a loop";

/// Gives the outputs of the deployment that a value names in a scope.
pub(super) type Outputs<'a> = fn(&mut Evaluator<'a>, &Data, usize) -> Option<Members>;

/// Evaluates for one file.
pub(super) struct Evaluator<'a> {
    pub(super) scopes: Vec<Scope<'a>>,
    /// By scope, kind and name in lower case; none while it is being evaluated.
    pub(super) memo: BTreeMap<(usize, Kind, String), Option<Data>>,
    /// What deployments give back, by scope and number; none while it is being evaluated.
    pub(super) outputs: BTreeMap<(usize, usize), Option<Members>>,
    outputs_of: Outputs<'a>,
    steps: usize,
    values: usize,
    is_full: bool,
    depth: usize,
    /// Names of bounds that were met since somebody looked.
    pub(super) bounds: BTreeSet<&'static str>,
}

impl<'a> Evaluator<'a> {
    pub(super) fn new(limits: Limits, outputs_of: Outputs<'a>) -> Self {
        Self {
            scopes: Vec::new(),
            memo: BTreeMap::new(),
            outputs: BTreeMap::new(),
            outputs_of,
            steps: limits.steps,
            values: limits.values,
            is_full: false,
            depth: 0,
            bounds: BTreeSet::new(),
        }
    }

    /// Adds a scope; its number.
    pub(super) fn add(&mut self, scope: Scope<'a>) -> usize {
        let names = scope.parameters.len() + scope.variables.len();
        self.read(names);
        self.scopes.push(scope);
        self.scopes.len() - 1
    }

    /// Counts values; false where there are too many.
    pub(super) fn read(&mut self, count: usize) -> bool {
        let rest = self.values.checked_sub(count);
        self.values = rest.unwrap_or(0);
        if rest.is_none() {
            self.is_full = true;
            self.bounds.insert(VALUES);
        }
        rest.is_some()
    }

    /// Whether there were too many values: what was read since then is not whole.
    pub(super) fn is_full(&self) -> bool {
        self.is_full
    }

    /// Counts steps; false where there are too many.
    pub(super) fn spend(&mut self, count: usize) -> bool {
        let rest = self.steps.checked_sub(count);
        self.steps = rest.unwrap_or(0);
        if rest.is_none() {
            self.bounds.insert(STEPS);
        }
        rest.is_some()
    }

    /// Goes a level down; false where it is deep enough.
    fn enter(&mut self) -> bool {
        if self.depth >= MOST_DEPTH {
            self.bounds.insert(DEPTH);
            return false;
        }
        self.depth += 1;
        true
    }

    /// A value of a document, every expression in it evaluated.
    pub(super) fn json(&mut self, value: &Value, env: Env<'_>) -> Data {
        if !self.read(1) {
            return Data::Null;
        }
        match value {
            Value::Null => Data::Null,
            Value::Bool(is) => Data::Bool(*is),
            Value::Number(number) => Data::number(number),
            Value::String(text) => self.text(text, env),
            Value::Array(_) | Value::Object(_) if !self.enter() => Data::open("deep()"),
            Value::Array(list) => {
                let items = list.iter().map(|item| self.json(item, env)).collect();
                self.depth -= 1;
                Data::list(items)
            }
            Value::Object(map) => {
                let data = self.object(map, env);
                self.depth -= 1;
                data
            }
        }
    }

    fn object(&mut self, map: &Map<String, Value>, env: Env<'_>) -> Data {
        let mut members = Members::new();
        for (name, value) in map {
            let Some(copies) = copies(name, value) else {
                let name = self.text(name, env);
                let value = self.json(value, env);
                members.insert(key_of(&name), value);
                continue;
            };
            for copy in copies {
                let name = key(copy, "name").unwrap_or(&Value::Null);
                let name = self.json(name, env);
                let list = self.copied(copy, env);
                members.insert(key_of(&name), list);
            }
        }
        Data::object(members)
    }

    /// The list that an entry of `copy` makes.
    pub(super) fn copied(&mut self, copy: &Map<String, Value>, env: Env<'_>) -> Data {
        let name = key(copy, "name")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let input = key(copy, "input").unwrap_or(&Value::Null);
        let count = key(copy, "count").unwrap_or(&Value::Null);
        let count = self.json(count, env);
        let most = match count.as_int() {
            Some(count) if (0..=MOST_COPIES).contains(&count) => count,
            is_known => {
                if is_known.is_some() {
                    self.bounds.insert(COPIES);
                }
                let input = self.json(input, env);
                return Data::call("copy", &[Data::text(name), count, input]);
            }
        };
        let mut items = Vec::new();
        let mut loops = env.loops.to_vec();
        for index in 0..most {
            loops.push(Loop {
                name: name.to_owned(),
                index,
                is_resource: false,
            });
            let round = Env {
                loops: &loops,
                ..env
            };
            items.push(self.json(input, round));
            loops.pop();
        }
        Data::list(items)
    }

    /// A text of a document.
    pub(super) fn text(&mut self, text: &str, env: Env<'_>) -> Data {
        self.read(text.len() / 64);
        if let Some(rest) = text.strip_prefix("[[") {
            return Data::text(format!("[{rest}"));
        }
        let inner = text.strip_prefix('[');
        let Some(inner) = inner.and_then(|text| text.strip_suffix(']')) else {
            return Data::text(text);
        };
        if text.len() > MOST_CHARACTERS {
            self.bounds.insert(CHARACTERS);
            return Data::text(text);
        }
        if !self.spend(1 + text.len() / 64) {
            return Data::open(inner);
        }
        match Expr::parse(inner) {
            Ok(expr) => self.eval(&expr, env),
            Err(Broken::TooDeep) => {
                self.bounds.insert(DEPTH);
                Data::open(inner)
            }
            Err(Broken::Unclosed) => Data::text(text),
        }
    }

    /// An expression.
    pub(super) fn eval(&mut self, expr: &Expr, env: Env<'_>) -> Data {
        match expr {
            Expr::Text(text) => return Data::Text(text.clone()),
            Expr::Int(number) => return Data::Int(*number),
            Expr::Call { .. } | Expr::Path { .. } => {}
        }
        if !self.spend(1) || !self.enter() {
            return unevaluated(expr);
        }
        let data = match expr {
            Expr::Call { name, args } => self.call(name, args, env),
            Expr::Path { base, steps } => self.path(base, steps, env),
            Expr::Text(_) | Expr::Int(_) => Data::Null,
        };
        self.depth -= 1;
        data
    }

    fn path(&mut self, base: &Expr, steps: &[Step], env: Env<'_>) -> Data {
        let mut at = self.eval(base, env);
        for step in steps {
            let key = self.eval(&step.key, env);
            at = match objects::step(&at, &key) {
                Found::Value(value) => value,
                Found::Nothing if step.safe => Data::Null,
                Found::Nothing | Found::Unknown => {
                    self.spend(1 + at.size() / SIZE_A_STEP);
                    let text = at.written() + &step_text(&key, step.safe);
                    Data::open(text)
                }
            };
        }
        at
    }

    fn call(&mut self, name: &str, args: &[Expr], env: Env<'_>) -> Data {
        let lower = name.to_ascii_lowercase();
        match (lower.as_str(), args) {
            ("parameters", [name]) => match self.eval(name, env) {
                Data::Text(name) => self.parameter(&name, env),
                other => Data::call("parameters", &[other]),
            },
            ("variables", [name]) => match self.eval(name, env) {
                Data::Text(name) => self.variable(&name, env),
                other => Data::call("variables", &[other]),
            },
            ("if", [condition, yes, no]) => self.choice(condition, yes, no, env),
            ("and", _) => self.logic("and", false, args, env),
            ("or", _) => self.logic("or", true, args, env),
            ("copyindex", _) => self.copy_index(args, env),
            ("lambda", _) => self.open_lambda(args, env),
            ("lambdavariables", [Expr::Text(name)]) => {
                let local = env.locals.and_then(|locals| locals.find(name));
                let open = || Data::call("lambdaVariables", &[Data::text(name.clone())]);
                local.cloned().unwrap_or_else(open)
            }
            _ => self.with_lambda(&lower, args, env).unwrap_or_else(|| {
                let args = args.iter().map(|arg| self.eval(arg, env)).collect();
                self.eager(name, &lower, args, env)
            }),
        }
    }

    /// A function whose arguments are all evaluated.
    fn eager(&mut self, name: &str, lower: &str, mut args: Vec<Data>, env: Env<'_>) -> Data {
        let size: usize = args.iter().map(Data::size).sum();
        self.spend(size / SIZE_A_STEP);
        if lower.contains('.') {
            return self.own(name, lower, &args, env);
        }
        let known = match args.as_slice() {
            [first, ..] if lower == "reference" => (self.outputs_of)(self, first, env.scope),
            _ => None,
        };
        let Some(scope) = self.scopes.get(env.scope) else {
            return functions::call(name, &args);
        };
        if lower.ends_with("resourceid") {
            let id = ids::call(lower, &args, &scope.home);
            return id.unwrap_or_else(|| Data::call(canonical_id(lower, name), &args));
        }
        match (lower, args.as_mut_slice()) {
            ("subscription", []) => return scope.home.subscription_object(),
            ("resourcegroup", []) => return scope.home.group_object(),
            ("deployment", []) if scope.label.is_empty() => return Data::open("deployment()"),
            ("deployment", []) => return Data::call("deployment", &[Data::text(&*scope.label)]),
            ("reference" | "references" | "resourceinfo", [first, ..]) => {
                if let Some(text) = first.as_text().filter(|text| !text.contains('/')) {
                    *first = Data::text(scope.labelled(text));
                }
            }
            _ => {}
        }
        match (functions::call(name, &args), known) {
            (Data::Open(open), Some(known)) => {
                let outputs = Data::partly(format!("{}.outputs", open.text), known);
                let known = Members::from([("outputs".into(), outputs)]);
                Data::partly(open.text.clone(), known)
            }
            (made, _) => made,
        }
    }

    /// Evaluates the branch that counts; both where that is not known.
    fn choice(&mut self, condition: &Expr, yes: &Expr, no: &Expr, env: Env<'_>) -> Data {
        let condition = self.eval(condition, env);
        match condition.as_bool() {
            Some(true) => self.eval(yes, env),
            Some(false) => self.eval(no, env),
            None => {
                let (yes, no) = (self.eval(yes, env), self.eval(no, env));
                self.spend((yes.size() + no.size()) / SIZE_A_STEP);
                match yes.same(&no) {
                    Some(true) => yes,
                    _ => Data::call("if", &[condition, yes, no]),
                }
            }
        }
    }

    /// `and`, `or`: one argument can decide; those that only the deployment knows stay.
    fn logic(&mut self, name: &str, decisive: bool, args: &[Expr], env: Env<'_>) -> Data {
        let mut open: Vec<Data> = Vec::new();
        for arg in args {
            let arg = self.eval(arg, env);
            match arg.as_bool() {
                Some(is) if is == decisive => return Data::Bool(decisive),
                Some(_) => {}
                None if open.iter().any(|other| other.same(&arg) == Some(true)) => {}
                None => open.push(arg),
            }
        }
        match open.as_slice() {
            [] => Data::Bool(!decisive),
            [only] => only.clone(),
            _ => Data::call(name, &open),
        }
    }

    /// `copyIndex('loop', 1)`, both arguments optional.
    fn copy_index(&mut self, args: &[Expr], env: Env<'_>) -> Data {
        let args: Vec<Data> = args.iter().map(|arg| self.eval(arg, env)).collect();
        let (name, offset) = match args.as_slice() {
            [] => (None, 0),
            [Data::Int(offset)] => (None, *offset),
            [Data::Text(name)] => (Some(name), 0),
            [Data::Text(name), Data::Int(offset)] => (Some(name), *offset),
            _ => return Data::call("copyIndex", &args),
        };
        let is_it = |round: &&Loop| match name {
            Some(name) => round.name.eq_ignore_ascii_case(name),
            None => round.is_resource,
        };
        let round = env.loops.iter().rev().find(is_it);
        let index = round.and_then(|round| round.index.checked_add(offset));
        index.map_or_else(|| Data::call("copyIndex", &args), Data::Int)
    }

    /// A value as JSON; open ones as texts in brackets.
    pub(super) fn export(&mut self, data: &Data) -> Value {
        if self.read(data.size()) {
            exported(data)
        } else {
            Value::Null
        }
    }
}

/// A value as JSON.
fn exported(data: &Data) -> Value {
    match data {
        Data::Null => Value::Null,
        Data::Bool(is) => Value::Bool(*is),
        Data::Int(number) => Value::from(*number),
        Data::Number(number) => Value::Number(number.clone()),
        Data::Text(text) => Value::String(text.as_ref().to_owned()),
        Data::Open(open) => {
            let placed = open.placed();
            Value::String(placed.unwrap_or_else(|| format!("[{}]", open.text)))
        }
        Data::List(list) => Value::Array(list.items.iter().map(exported).collect()),
        Data::Object(object) => {
            let members = object.members.iter();
            let members = members.map(|(key, value)| (key.as_ref().to_owned(), exported(value)));
            Value::Object(members.collect())
        }
    }
}

/// The key that a value makes.
fn key_of(data: &Data) -> std::rc::Rc<str> {
    match data {
        Data::Text(text) => text.clone(),
        Data::Open(open) => match open.placed() {
            Some(text) => text.into(),
            None => format!("[{}]", open.text).into(),
        },
        other => format!("[{}]", other.written()).into(),
    }
}

/// Entries of a member `copy`, where it is one that makes other members.
fn copies<'v>(name: &str, value: &'v Value) -> Option<Vec<&'v Map<String, Value>>> {
    if !name.eq_ignore_ascii_case("copy") {
        return None;
    }
    let entries = value.as_array()?.iter().map(|entry| {
        let entry = entry.as_object()?;
        let has = |name| key(entry, name).is_some();
        (has("name") && has("count") && has("input")).then_some(entry)
    });
    let entries: Vec<_> = entries.collect::<Option<_>>()?;
    (!entries.is_empty()).then_some(entries)
}

/// The names of id functions as they are written canonically.
fn canonical_id<'n>(lower: &str, name: &'n str) -> &'n str {
    match lower {
        "resourceid" => "resourceId",
        "subscriptionresourceid" => "subscriptionResourceId",
        "tenantresourceid" => "tenantResourceId",
        "extensionresourceid" => "extensionResourceId",
        "managementgroupresourceid" => "managementGroupResourceId",
        _ => name,
    }
}

/// `.name` where a name can stand so, else `['name']`.
fn step_text(key: &Data, safe: bool) -> String {
    let mark = if safe { "?" } else { "" };
    let is_name = |text: &&str| {
        let mut bytes = text.bytes();
        bytes
            .next()
            .is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
            && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    match key.as_text().filter(is_name) {
        Some(name) => format!(".{mark}{name}"),
        None => format!("[{mark}{}]", key.written()),
    }
}

/// An expression that nobody had the time for.
fn unevaluated(expr: &Expr) -> Data {
    let mut text = String::new();
    expr.write(&mut text);
    Data::open(text)
}
