//! What Azure says is in force at a network interface: security rules and routes.

use serde_json::Value;

use crate::rules::RuleSetKind;
use crate::rules::import::node::{Node, member};
use crate::rules::import::nsg;
use crate::rules::ruleset::RuleSet;

/// `az network nic list-effective-nsg`: the rules of one group. All of them are listed, and tags with
/// the addresses that they had.
pub(super) fn rules(node: &Node<'_>) -> Option<RuleSet> {
    const KEY: &str = "effectiveSecurityRules";
    if !node.has(KEY) {
        return None;
    }
    let mut flaws = Vec::new();
    let list = node.list_or_flaw(KEY, "a list of rules", &mut flaws);
    let list = list.map_or(&[][..], Vec::as_slice);
    let mut rows = nsg::effective_rules(list, &node.at(KEY));
    nsg::sort(&mut rows);
    let group = node.get("networkSecurityGroup");
    let id = group.and_then(|group| member(group, "id"));
    let id = id.and_then(Value::as_str);
    let name = id.and_then(|id| id.rsplit('/').next());
    Some(RuleSet {
        id: id.map(str::to_owned),
        rows,
        is_effective: true,
        flaws,
        ..RuleSet::new(RuleSetKind::Nsg, name.unwrap_or("effective security rules"))
    })
}
