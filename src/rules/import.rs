//! A file → its rule sets, recognised by shape and never by name.

mod acr;
mod beside;
mod firewall;
mod list;
mod node;
mod nsg;
mod route;

use serde_json::Value;

use crate::rules::RuleFile;
use crate::rules::import::node::Node;
use crate::rules::ruleset::Flaw;
use crate::text::Safe;

/// Most bytes of a file.
pub const MAX_RULES: u64 = 64 << 20;
/// Most resources of a file.
const MOST_SETS: usize = 1_000;
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
    /// JSON of something else.
    #[error(
        "is {found}, and no rules: expected are az acr show, az acr network-rule list, az network nsg show or rule list, rule collection groups of Azure Firewall, IP groups, route tables, ARM exports of these, or a list with one address, CIDR, range or tag a line"
    )]
    Other {
        /// What it is instead.
        found: Safe,
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

/// Reads a file: JSON of any known shape, or a list.
///
/// # Errors
/// What it is instead.
pub fn read_rules(bytes: &[u8]) -> Result<RuleFile, NoRules> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| NoRules::NotText)?;
    let first = text.trim_start().chars().next().ok_or(NoRules::Empty)?;
    if !matches!(first, '{' | '[') {
        return list::read(text);
    }
    let value: Value = serde_json::from_str(text).map_err(|error| NoRules::NotJson {
        reason: Safe::from(error.to_string()),
    })?;
    let mut file = RuleFile::default();
    take(&value, "", &mut file);
    file.flaws.truncate(MOST_FLAWS);
    if file.sets.is_empty() && file.subnets.is_empty() {
        let found = Safe::from(node::described(&value));
        return Err(NoRules::Other { found });
    }
    Ok(file)
}

/// Takes the resources of a value; what is none is a flaw with its place.
fn take(value: &Value, place: &str, file: &mut RuleFile) {
    let Value::Array(list) = value else {
        take_object(value, place, file);
        return;
    };
    // The rules of a security group and the routes of a table also come alone.
    if nsg::are_rules(list) {
        file.sets.push(nsg::of_rules(list, place));
    } else if route::are_routes(list) {
        file.sets.push(route::of_routes(list, place));
    } else if !list.is_empty() && list.iter().all(Value::is_string) {
        file.sets.push(list::of_strings(list, place));
    } else {
        for (number, value) in list.iter().enumerate().take(MOST_SETS) {
            take_object(value, &format!("{place}[{number}]"), file);
        }
    }
}

fn take_object(value: &Value, place: &str, file: &mut RuleFile) {
    if let Some(node) = Node::of(value, place) {
        if let Some(usage) = acr::usage(&node) {
            // Limits belong to the registry that was read before, or stand alone.
            match file
                .sets
                .iter_mut()
                .rev()
                .find(|set| set.kind == usage.kind)
            {
                Some(set) => set.registry.usage = usage.registry.usage,
                None => file.sets.push(usage),
            }
            return;
        }
        if let Some((key, list)) = node.contents() {
            let place = format!("{place}{}{key}", if place.is_empty() { "" } else { "." });
            take(list, &place, file);
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
            if file.sets.len() < MOST_SETS {
                file.sets.push(set);
            }
            return;
        }
        if let Some(subnet) = beside::subnet(&node) {
            file.subnets.push(subnet);
            return;
        }
    }
    if file.flaws.len() < MOST_FLAWS {
        file.flaws.push(Flaw {
            place: if place.is_empty() {
                "the document".to_owned()
            } else {
                place.to_owned()
            },
            found: Safe::from(node::described(value)),
            expected: "a registry, security group, firewall rules, an IP group, a route table or a subnet",
        });
    }
}

#[cfg(test)]
mod tests;
