//! A file → its rule sets, recognised by shape and never by name.

mod acr;
mod children;
mod effective;
mod firewall;
mod list;
mod network;
mod node;
mod nsg;
mod refusal;
mod route;
mod table;
mod types;

use serde_json::Value;

use crate::rules::arm::{self, ArmGapKind, ArmTemplate};
use crate::rules::import::node::Node;
use crate::rules::import::refusal::foreign;
use crate::rules::import::types::Relevance;
use crate::rules::ruleset::{Flaw, FlawPart};
use crate::rules::terraform::{self, TerraformFile};
use crate::rules::{RuleFile, RuleSet, RuleSetKind};
use crate::text::{Safe, counted, decode};

pub use refusal::NoRules;

/// Most bytes of a file.
pub const MAX_RULES: u64 = 32 << 20;
/// What a part of a document can be.
const KNOWN: &str =
    "a registry, security group, firewall rules, an IP group, a route table or a subnet";
/// Most values of a document; a parsed value takes far more memory than it takes bytes.
const MOST_VALUES: usize = 4_000_000;
/// Most objects of a document.
const MOST_OBJECTS: usize = 500_000;
/// Most resources of a file.
const MOST_SETS: usize = 1_000;
/// Most rows of a file; what comes after is one flaw.
const MOST_ROWS: usize = 200_000;
/// Most flaws that are kept.
const MOST_FLAWS: usize = 200;

/// How a file is read beside what it says itself.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions<'a> {
    /// The column of a table that is the list, by its name or number.
    pub column: Option<&'a str>,
    /// Values of the parameters of a template.
    pub parameters: Option<&'a Parameters>,
}

/// Values of the parameters of templates, by name.
pub type Parameters = serde_json::Map<String, Value>;

/// A file before it is known what is in it; its text is parsed once.
#[derive(Debug, Clone)]
pub enum RuleDocument {
    /// JSON.
    Json(Value),
    /// Lines of text.
    Lines(String),
}

/// Reads a file: JSON of any known shape, or a list; UTF-8 or UTF-16.
///
/// # Errors
/// What it is instead.
pub fn read_rules(bytes: &[u8]) -> Result<RuleFile, NoRules> {
    RuleDocument::parse(bytes)?.rules(&ReadOptions::default())
}

impl RuleDocument {
    /// Tells JSON from lines, and parses it.
    ///
    /// # Errors
    /// It is neither, or something that is known to hold no rules.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoRules> {
        let text = decode(bytes).map_err(|_| NoRules::NotText)?;
        let start = text.trim_start();
        let first = start.chars().next().ok_or(NoRules::Empty)?;
        if let Some(found) = foreign(start) {
            return Err(found);
        }
        if matches!(first, '{' | '[' | '/') {
            parsed(&text).map(Self::Json)
        } else {
            Ok(Self::Lines(text.into_owned()))
        }
    }

    /// The values of a file of parameters; `None` where it is something else.
    #[must_use]
    pub fn parameters(&self) -> Option<Parameters> {
        match self {
            Self::Json(value) => arm::parameters_of(value),
            Self::Lines(_) => None,
        }
    }

    /// The rules.
    ///
    /// # Errors
    /// What it is instead, or that there is no such column.
    pub fn rules(&self, options: &ReadOptions<'_>) -> Result<RuleFile, NoRules> {
        match self {
            Self::Lines(text) => list::read(text, options.column),
            Self::Json(_) if self.parameters().is_some() => Err(NoRules::Parameters),
            Self::Json(value) => of_json(value, options),
        }
    }
}

fn of_json(value: &Value, options: &ReadOptions<'_>) -> Result<RuleFile, NoRules> {
    let mut notes = Vec::new();
    let expanded = arm::is_template(value).then(|| {
        let nothing = Parameters::new();
        let mut template = arm::expand(value, "", options.parameters.unwrap_or(&nothing));
        for resource in &mut template.resources {
            if let Some(key) = types::complete(&mut resource.value)
                && notes.len() < MOST_FLAWS
            {
                let note = format!("{} has no {key}: taken as none", resource.place);
                notes.push(Safe::from(note));
            }
        }
        template
    });
    let shown = terraform::is_terraform(value).then(|| terraform::resources(value));
    let mut reading = Reading::default();
    match (&expanded, &shown) {
        (Some(template), _) => reading.template(template),
        (_, Some(shown)) => reading.terraform(shown),
        _ => reading.take(value, ""),
    }
    let mut file = reading.close();
    file.notes.extend(notes);
    let is_empty = file.sets.is_empty()
        && file.subnets.is_empty()
        && file.networks.is_empty()
        && file.private_endpoints.is_empty()
        && file.policies.is_empty();
    // What may hold rules in it is said, not refused.
    let is_followed = expanded.is_some() || shown.is_some();
    if !is_empty || is_followed && !file.flaws.is_empty() {
        return Ok(file);
    }
    let found = match &expanded {
        Some(_) => Safe::new("a template without network rules, with the values that it has"),
        None => Safe::from(node::described(value)),
    };
    Err(NoRules::Other { found })
}

fn parsed(text: &str) -> Result<Value, NoRules> {
    let count = |byte: u8| text.bytes().filter(|&own| own == byte).count();
    for (byte, what, limit) in [
        (b',', "values", MOST_VALUES),
        (b'{', "objects", MOST_OBJECTS),
    ] {
        if count(byte) > limit {
            return Err(NoRules::TooMany { what, limit });
        }
    }
    serde_json::from_str(text)
        .or_else(|error| lenient(text).ok_or(error))
        .map_err(|error| {
            let reason = error.to_string();
            if reason.starts_with("recursion limit") {
                return NoRules::TooDeep;
            }
            NoRules::NotJson {
                reason: Safe::from(reason),
            }
        })
}

/// A template as people write it: with comments, and texts over several lines.
fn lenient(text: &str) -> Option<Value> {
    let options = jsonc_parser::ParseOptions {
        allow_comments: true,
        allow_trailing_commas: true,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
    };
    jsonc_parser::parse_to_serde_value(text, &options).ok()?
}

/// A document while it is taken apart.
#[derive(Default)]
struct Reading<'a> {
    file: RuleFile,
    rows: usize,
    /// Rules and routes that an export lists beside the group or table that they belong to.
    children: Vec<Child<'a>>,
    /// Resources that have no say in what gets through.
    without_rules: usize,
    /// Flaws that are counted only.
    more: usize,
}

/// A rule or a route by itself, its place, and why it may not be there.
type Child<'a> = (&'a Value, String, Option<Flaw>);

/// Reads a resource, where it is one of its kind.
type Reader = for<'a, 'b> fn(&'b Node<'a>) -> Option<RuleSet>;

impl<'a> Reading<'a> {
    /// Takes the resources of a value; what is none is a flaw with its place.
    fn take(&mut self, value: &'a Value, place: &str) {
        let Value::Array(list) = value else {
            self.object(value, place);
            return;
        };
        // The rules of a security group and the routes of a table also come alone.
        if nsg::are_rules(list) {
            self.push(nsg::of_rules(list, place), place);
        } else if route::are_routes(list) {
            self.push(route::of_routes(list, place), place);
        } else if let Some(set) = firewall::of_parts(list, place) {
            self.push(set, place);
        } else if !list.is_empty() && list.iter().all(Value::is_string) {
            self.push(list::of_strings(list, place), place);
        } else {
            for (number, value) in list.iter().enumerate() {
                self.object(value, &format!("{place}[{number}]"));
            }
        }
    }

    fn template(&mut self, template: &'a ArmTemplate) {
        for resource in &template.resources {
            let (sets, children) = (self.file.sets.len(), self.children.len());
            self.object(&resource.value, &resource.place);
            let Some(condition) = &resource.condition else {
                continue;
            };
            // Whether it is there at all is not known.
            let flaw = Flaw {
                place: format!("{}.condition", resource.place),
                found: Safe::from(format!("[{condition}]")),
                expected: "true or false",
                part: FlawPart::Whole,
            };
            if let Some(set) = self.file.sets.get_mut(sets) {
                set.flaws.push(flaw);
            } else if let Some((_, _, own)) = self.children.get_mut(children) {
                *own = Some(flaw);
            }
        }
        for gap in &template.gaps {
            if types::have_no_say(&gap.types) {
                self.without_rules += 1;
                continue;
            }
            let expected = match gap.why {
                ArmGapKind::Linked => "a template within the file, not a link to one",
                ArmGapKind::Unresolved => "a list of resources",
                ArmGapKind::Bound(bound) => bound,
            };
            self.flaw(&gap.place, || Safe::new(&gap.found), expected);
        }
    }

    fn terraform(&mut self, shown: &'a TerraformFile) {
        for resource in &shown.resources {
            self.object(&resource.value, &resource.place);
        }
        for gap in &shown.gaps {
            self.flaw(&gap.place, || Safe::new(&gap.found), KNOWN);
        }
    }

    fn object(&mut self, value: &'a Value, place: &str) {
        let Some(node) = Node::of(value, place) else {
            self.flaw(place, || Safe::from(node::described(value)), KNOWN);
            return;
        };
        match node.resource_type() {
            Some(resource_type) => self.typed(value, &node, &resource_type),
            None => self.untyped(value, &node),
        }
    }

    /// A resource that says its type is read as that and as nothing else.
    fn typed(&mut self, value: &'a Value, node: &Node<'a>, resource_type: &str) {
        let place = &node.place;
        let readers: &[Reader] = match types::relevance(resource_type) {
            Relevance::Nothing => {
                self.without_rules += 1;
                self.file.interface_groups.extend(network::interface(node));
                return;
            }
            Relevance::Child => {
                self.children.push((value, place.clone(), None));
                return;
            }
            Relevance::Facts => {
                self.facts(node);
                return;
            }
            Relevance::MayPrecede => &[],
            Relevance::Rules(kind) => match kind {
                RuleSetKind::Acr => &[acr::read],
                RuleSetKind::Nsg => &[nsg::read, effective::rules],
                RuleSetKind::Firewall => &[firewall::read, firewall::classic],
                RuleSetKind::IpGroup => &[firewall::ip_group],
                RuleSetKind::RouteTable => &[route::read],
                RuleSetKind::List => &[],
            },
        };
        let set = readers.iter().find_map(|read| read(node));
        let is_firewall = node.is_type("azureFirewalls");
        if is_firewall {
            self.facts(node);
        }
        match set {
            Some(set) => self.push(set, place),
            // Its rules are those of its policy.
            None if is_firewall => {}
            None => self.flaw(place, || Safe::from(node::described(value)), KNOWN),
        }
    }

    fn untyped(&mut self, value: &'a Value, node: &Node<'a>) {
        if let Some(usage) = acr::usage(node) {
            self.usage(usage);
            return;
        }
        let readers: [Reader; 7] = [
            acr::read,
            nsg::read,
            effective::rules,
            firewall::read,
            firewall::classic,
            firewall::ip_group,
            route::read,
        ];
        if let Some(set) = readers.iter().find_map(|read| read(node)) {
            self.push(set, &node.place);
            return;
        }
        if let Some((key, list)) = node.contents() {
            self.take(list, &node.at(key));
            return;
        }
        // A rule, a route or a collection by itself.
        let own = std::slice::from_ref(value);
        if nsg::are_rules(own) {
            return self.push(nsg::of_rules(own, &node.place), &node.place);
        }
        if route::are_routes(own) {
            return self.push(route::of_routes(own, &node.place), &node.place);
        }
        if let Some(set) = firewall::of_parts(own, &node.place) {
            return self.push(set, &node.place);
        }
        if !self.facts(node) {
            let found = || Safe::from(node::described(value));
            self.flaw(&node.place, found, KNOWN);
        }
    }

    /// What says where rules apply; whether it was understood.
    fn facts(&mut self, node: &Node<'a>) -> bool {
        let mut flaws = Vec::new();
        let mut is_some = true;
        if let Some(policy) = network::policy(node) {
            self.file.policies.push(policy);
        } else if let Some(endpoint) = network::private_endpoint(node) {
            self.file.private_endpoints.push(endpoint);
        } else if let Some((network, subnets)) = network::network(node, &mut flaws) {
            let id = node.id();
            for (number, value) in subnets.iter().enumerate() {
                let place = format!("{}[{number}]", node.at("subnets"));
                let found = Node::of(value, &place)
                    .and_then(|inner| network::subnet(&inner, id.as_deref(), &mut flaws));
                self.file.subnets.extend(found);
            }
            self.file.networks.push(network);
        } else if let Some(subnet) = network::subnet(node, None, &mut flaws) {
            self.file.subnets.push(subnet);
        } else {
            is_some = false;
        }
        for flaw in flaws {
            self.flaw(&flaw.place, || flaw.found.clone(), flaw.expected);
        }
        is_some
    }

    /// Limits belong to the registry that was read before, or stand alone.
    fn usage(&mut self, usage: RuleSet) {
        let mut sets = self.file.sets.iter_mut().rev();
        match sets.find(|set| set.kind == usage.kind) {
            Some(set) => {
                set.registry.usage = usage.registry.usage;
                set.flaws.extend(usage.flaws);
            }
            None => self.file.sets.push(usage),
        }
    }

    fn push(&mut self, set: RuleSet, place: &str) {
        let rows = self.rows + set.rows.len();
        let expected = if self.file.sets.len() >= MOST_SETS {
            "at most 1000 resources"
        } else if rows > MOST_ROWS {
            "at most 200000 rows"
        } else {
            self.rows = rows;
            self.file.sets.push(set);
            return;
        };
        let found = || Safe::from(format!("{} \"{}\"", set.kind.title(), set.name));
        self.flaw(place, found, expected);
    }

    fn flaw(&mut self, place: &str, found: impl Fn() -> Safe, expected: &'static str) {
        if self.file.flaws.len() >= MOST_FLAWS {
            self.more += 1;
            return;
        }
        let place = if place.is_empty() {
            "the document"
        } else {
            place
        };
        self.file.flaws.push(Flaw {
            place: place.to_owned(),
            found: found(),
            expected,
            part: FlawPart::Whole,
        });
    }

    fn close(mut self) -> RuleFile {
        for set in children::sets(&self.children, &mut self.file.sets) {
            self.push(set, "resources");
        }
        if self.more > 0 {
            self.file.flaws.push(Flaw {
                place: "the document".to_owned(),
                found: Safe::from(format!("{} more parts", self.more)),
                expected: KNOWN,
                part: FlawPart::Whole,
            });
        }
        if self.without_rules > 0 {
            let text = counted(
                self.without_rules,
                "resource without network rules",
                "resources without network rules",
            );
            self.file.notes.push(Safe::from(text));
        }
        self.file
    }
}

#[cfg(test)]
mod tests;
