//! A file → its rule sets, recognised by shape and never by name.

mod acr;
mod children;
mod firewall;
mod list;
mod node;
mod nsg;
mod route;
mod subnets;
mod table;

use serde_json::Value;

use crate::rules::import::node::Node;
use crate::rules::ruleset::Flaw;
use crate::rules::{RuleFile, RuleSet};
use crate::text::{Safe, decode};

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

/// Why a file holds no rules.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoRules {
    /// Nothing but blanks.
    #[error("is empty")]
    Empty,
    /// Not text.
    #[error("is not UTF-8 text")]
    NotText,
    /// It begins as JSON and is none.
    #[error("is not JSON ({reason})")]
    NotJson {
        /// The parser's words.
        reason: Safe,
    },
    /// JSON that a parser would follow too far.
    #[error("is nested more than 127 levels deep, which no file of rules is")]
    TooDeep,
    /// More than is read.
    #[error("has more than {limit} {what}, which no file of rules has")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The bound.
        limit: usize,
    },
    /// Text or JSON of something else.
    #[error(
        "is {found}, and no rules: expected are az acr show, az acr network-rule list, az network nsg show or rule list, rule collection groups of Azure Firewall, IP groups, route tables, ARM exports of these, or a list with one address, CIDR, range or tag a line"
    )]
    Other {
        /// What it is instead.
        found: Safe,
    },
    /// A list with a word beside addresses.
    #[error(
        "has \"{found}\" in line {line}, column {column}, beside other words: a line holds tags, or addresses, CIDRs and ranges"
    )]
    Beside {
        /// The line, from 1.
        line: usize,
        /// The column of the word, from 1.
        column: usize,
        /// The word.
        found: Safe,
    },
    /// A list with a word that is no entry.
    #[error(
        "has \"{found}\" in line {line}, column {column}, which is no address, CIDR, range or tag"
    )]
    Word {
        /// The line, from 1.
        line: usize,
        /// The column of the word, from 1.
        column: usize,
        /// The word.
        found: Safe,
    },
    /// A table of which several columns could be the list.
    #[error(
        "is a table with several columns that could be the list ({names}): name one with --column"
    )]
    Columns {
        /// Their names.
        names: Safe,
    },
    /// A column that there is not.
    #[error("has no column \"{typed}\": {known}")]
    NoColumn {
        /// What was asked for.
        typed: Safe,
        /// The columns.
        known: Safe,
    },
    /// A list without any entry.
    #[error("has no address, CIDR, range or tag in any of its lines; line {line} is \"{found}\"")]
    NoEntry {
        /// The first line that is something.
        line: usize,
        /// What it is.
        found: Safe,
    },
}

/// Reads a file: JSON of any known shape, or a list; UTF-8 or UTF-16.
///
/// # Errors
/// What it is instead.
pub fn read_rules(bytes: &[u8]) -> Result<RuleFile, NoRules> {
    read_rules_by(bytes, None)
}

/// The same, where a column of a table is named, or its number given.
///
/// # Errors
/// What it is instead, or that there is no such column.
pub fn read_rules_by(bytes: &[u8], column: Option<&str>) -> Result<RuleFile, NoRules> {
    let text = decode(bytes).map_err(|_| NoRules::NotText)?;
    let start = text.trim_start();
    let first = start.chars().next().ok_or(NoRules::Empty)?;
    if let Some(found) = foreign(start) {
        let found = Safe::from(found);
        return Err(NoRules::Other { found });
    }
    if !matches!(first, '{' | '[') {
        return list::read(&text, column);
    }
    let value = parsed(&text)?;
    let mut reading = Reading::default();
    reading.take(&value, "");
    let file = reading.close();
    if file.sets.is_empty() && file.subnets.is_empty() {
        let found = Safe::from(node::described(&value));
        return Err(NoRules::Other { found });
    }
    Ok(file)
}

/// What a text is that is neither JSON nor a list, by how it begins.
fn foreign(start: &str) -> Option<String> {
    if start.starts_with('<') {
        return Some("an HTML or XML page".to_owned());
    }
    if start.starts_with('"') || ["true", "false", "null"].contains(&start.trim_end()) {
        return Some("a single JSON value".to_owned());
    }
    let line = start.lines().next().unwrap_or_default();
    let begins = |word: &str| {
        let head = line.get(..word.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(word))
    };
    let said = ["error:", "error ", "warning:", "az:", "traceback", "usage:"];
    let line: String = line.chars().take(60).collect();
    said.into_iter()
        .any(begins)
        .then(|| format!("a message (\"{line}\")"))
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
    serde_json::from_str(text).map_err(|error| {
        let reason = error.to_string();
        if reason.starts_with("recursion limit") {
            return NoRules::TooDeep;
        }
        NoRules::NotJson {
            reason: Safe::from(reason),
        }
    })
}

/// A document while it is taken apart.
#[derive(Default)]
struct Reading<'a> {
    file: RuleFile,
    rows: usize,
    /// Rules and routes that an export lists beside the group or table that they belong to.
    children: Vec<(&'a Value, String)>,
    /// Flaws that are counted only.
    more: usize,
}

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
        } else if !list.is_empty() && list.iter().all(Value::is_string) {
            self.push(list::of_strings(list, place), place);
        } else {
            for (number, value) in list.iter().enumerate() {
                self.object(value, &format!("{place}[{number}]"));
            }
        }
    }

    fn object(&mut self, value: &'a Value, place: &str) {
        let Some(node) = Node::of(value, place) else {
            self.flaw(place, || Safe::from(node::described(value)), KNOWN);
            return;
        };
        if let Some(usage) = acr::usage(&node) {
            self.usage(usage);
            return;
        }
        if children::is_child(&node) {
            self.children.push((value, place.to_owned()));
            return;
        }
        let readers = [
            acr::read,
            nsg::read,
            firewall::read,
            firewall::classic,
            firewall::ip_group,
            route::read,
        ];
        if let Some(set) = readers.iter().find_map(|read| read(&node)) {
            self.push(set, place);
            // Older templates nest resources in each other.
            if let Some((key @ "resources", list)) = node.contents() {
                self.take(list, &node.at(key));
            }
            return;
        }
        if let Some((key, list)) = node.contents() {
            self.take(list, &node.at(key));
            return;
        }
        if let Some((key, list)) = subnets::subnets_of(&node) {
            for (number, value) in list.iter().enumerate() {
                let place = format!("{}[{number}]", node.at(key));
                self.subnet(value, &place);
            }
            return;
        }
        self.subnet(value, place);
    }

    fn subnet(&mut self, value: &Value, place: &str) {
        let mut flaws = Vec::new();
        let found = Node::of(value, place).and_then(|node| subnets::subnet(&node, &mut flaws));
        match found {
            Some(subnet) => self.file.subnets.push(subnet),
            None => self.flaw(place, || Safe::from(node::described(value)), KNOWN),
        }
        for flaw in flaws {
            self.flaw(&flaw.place, || flaw.found.clone(), flaw.expected);
        }
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
            });
        }
        self.file
    }
}

#[cfg(test)]
mod tests;
