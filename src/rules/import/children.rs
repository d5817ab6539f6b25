//! Rules and routes that an exported template lists as resources of their own, mostly besides the
//! group or table that lists them too.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::rules::RuleSetKind;
use crate::rules::import::node::Node;
use crate::rules::import::{nsg, route};
use crate::rules::ruleset::{Flaw, RuleSet};
use crate::text::Safe;

const ROUTE: &str = "routeTables/routes";

/// Adds each to the set that it belongs to, where that is among the known ones and lacks it; the others
/// make sets of their own, one for each parent.
pub(super) fn sets(
    children: &[(&Value, String, Option<Flaw>)],
    known: &mut [RuleSet],
) -> Vec<RuleSet> {
    let mut parents: BTreeMap<(RuleSetKind, &str), Vec<RuleSet>> = BTreeMap::new();
    for (value, place, flaw) in children {
        let Some(node) = Node::of(value, place) else {
            continue;
        };
        let (parent, name) = parts(node.name());
        let own = std::slice::from_ref(*value);
        let mut set = if node.is_type(ROUTE) {
            route::of_routes(own, place)
        } else {
            nsg::of_rules(own, place)
        };
        for row in set.rows.iter_mut().filter(|row| !row.is_default) {
            row.name = Safe::new(name);
            row.place.clone_from(place);
            row.flaws.extend(flaw.clone());
        }
        let is_parent = |other: &&mut RuleSet| {
            other.kind == set.kind
                && parts(other.name.as_str()).0 == parent
                && is_of(node.id().as_deref(), other.id.as_deref())
        };
        match known.iter_mut().find(is_parent) {
            Some(known) if holds(known, &set) => {}
            Some(known) => add(known, set),
            None => parents.entry((set.kind, parent)).or_default().push(set),
        }
    }
    let joined = parents.into_iter().filter_map(|((_, parent), sets)| {
        let mut sets = sets.into_iter();
        let mut all = sets.next()?;
        if !parent.is_empty() {
            all.name = Safe::new(parent);
        }
        for set in sets {
            add(&mut all, set);
        }
        Some(all)
    });
    let mut joined: Vec<RuleSet> = joined.collect();
    for set in known.iter_mut().chain(&mut joined) {
        if set.kind == RuleSetKind::Nsg {
            nsg::sort(&mut set.rows);
        }
    }
    joined
}

/// Whether a resource may be of another, as far as both have an ID: groups of two resource groups may
/// have one name.
fn is_of(id: Option<&str>, parent: Option<&str>) -> bool {
    let (Some(id), Some(parent)) = (id, parent) else {
        return true;
    };
    let head = id.get(..parent.len());
    head.is_some_and(|head| head.eq_ignore_ascii_case(parent))
}

fn add(to: &mut RuleSet, set: RuleSet) {
    let own = set.rows.into_iter().filter(|row| !row.is_default);
    to.rows.extend(own);
}

/// Whether a set has every row of another, as far as name, priority and direction say.
fn holds(set: &RuleSet, other: &RuleSet) -> bool {
    let mut own = other.rows.iter().filter(|row| !row.is_default);
    own.all(|row| {
        set.rows.iter().any(|known| {
            known.name == row.name
                && known.priority == row.priority
                && known.direction == row.direction
                && known.access == row.access
        })
    })
}

/// The parent and the own name in `parent/name`, also as a template writes it:
/// `[concat(parameters('group'), '/name')]`.
fn parts(name: &str) -> (&str, &str) {
    let inner = name
        .strip_prefix("[concat(")
        .and_then(|rest| rest.strip_suffix(")]"));
    let bare = inner.unwrap_or_else(|| {
        let inner = name.strip_prefix('[');
        inner
            .and_then(|rest| rest.strip_suffix(']'))
            .unwrap_or(name)
    });
    let (parent, own) = match bare.rsplit_once('/') {
        Some((parent, own)) => (parent, own),
        None => (bare, bare),
    };
    let is_mark = |c: char| matches!(c, '\'' | ',' | ' ');
    (parent.trim_matches(is_mark), own.trim_matches(is_mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_children_are_told_apart() {
        for (name, expected) in [
            ("nsg1/web", ("nsg1", "web")),
            (
                "[concat(parameters('nsg'), '/web')]",
                ("parameters('nsg')", "web"),
            ),
            (
                "[parameters('nsg')]",
                ("parameters('nsg')", "parameters('nsg')"),
            ),
            ("web", ("web", "web")),
        ] {
            assert_eq!(parts(name), expected, "{name}");
        }
    }
}
