//! Changes as commands of Azure CLI. Options as in `az acr network-rule`, `az network nsg rule
//! update`, `az network ip-group update`, `az network route-table route` and `az network firewall
//! policy rule-collection-group collection rule update`.

use crate::query::rules::impact::entries::new_entries;
use crate::query::rules::impact::{ListChange, Patch, RowSide};
use crate::rules::{Access, Row, RuleSet, limits};
use crate::space::Block;
use crate::text::AzCommand;

/// Resource group and subscription, from the resource's id.
fn at(line: AzCommand, set: &RuleSet) -> AzCommand {
    let group = part(set, "resourceGroups").unwrap_or("<resource-group>");
    in_subscription(line.with("--resource-group", group), set)
}

fn in_subscription(line: AzCommand, set: &RuleSet) -> AzCommand {
    match part(set, "subscriptions") {
        Some(subscription) => line.with("--subscription", subscription),
        None => line,
    }
}

/// What follows a word in a resource id.
fn part<'a>(set: &'a RuleSet, word: &str) -> Option<&'a str> {
    let mut parts = set.id.as_deref()?.split('/');
    parts.find(|part| part.eq_ignore_ascii_case(word))?;
    parts.next().filter(|part| !part.is_empty())
}

/// The name of a resource; a set without id may carry the reader's own word instead of a name.
fn name_of<'a>(set: &'a RuleSet, stand_ins: &[&str], unknown: &'a str) -> &'a str {
    let name = set.name.as_str();
    if set.id.is_none() && stand_ins.contains(&name) {
        unknown
    } else {
        name
    }
}

/// `az acr network-rule add` and `remove`, one address a command.
pub fn registry(set: &RuleSet, changes: &[ListChange]) -> Patch {
    let Some(change) = changes.first() else {
        return Patch::default();
    };
    let name = name_of(set, &["network rules"], "<registry>");
    // The login server stands in for a name that the document does not give.
    let name = name.split(['.', '-']).next().unwrap_or(name);
    let line = |verb: &str, address: &str| {
        let line = AzCommand::on_one_line(&format!("az acr network-rule {verb}"));
        let line = in_subscription(line.with("--name", name), set);
        line.with("--ip-address", address).finish()
    };
    let added: Vec<_> = change
        .added
        .iter()
        .map(|&block| line("add", &address(block)))
        .collect();
    let gone = change
        .removed
        .iter()
        .filter_map(|&(row, _)| set.rows.get(row));
    // Azure compares the text of the rule.
    let removed: Vec<_> = gone
        .map(|row| line("remove", row.name.as_str().trim()))
        .collect();
    let limit = set
        .registry
        .usage
        .iter()
        .find(|(name, ..)| name.as_str() == "IPRules");
    let limit = limit.map_or(limits::IP_RULES, |&(_, limit, _)| {
        usize::try_from(limit).unwrap_or(usize::MAX)
    });
    let now = set
        .rows
        .iter()
        .filter(|row| row.sources.iter().any(|entry| entry.span().is_some()));
    let now = now.count();
    let after = (now + added.len()).saturating_sub(removed.len());
    let mut patch = Patch::default();
    if after > limit {
        patch.notes.push(format!(
            "{name} would have {after} IP rules and may have {limit}: a wider range, a subnet rule \
             or a private endpoint is needed"
        ));
    }
    // New rules come first, so that nothing is cut off; but for a full registry.
    let [first, then] = if now + added.len() > limit {
        [removed, added]
    } else {
        [added, removed]
    };
    for line in first.into_iter().chain(then) {
        patch.push(line);
    }
    patch
}

/// An address alone is written without its length.
fn address(block: Block) -> String {
    block.span().to_string()
}

/// `az network nsg rule update` with the whole new list, or `delete` where nothing is left.
pub fn security_group(set: &RuleSet, changes: &[ListChange]) -> Patch {
    let group = name_of(
        set,
        &["security rules", "security group"],
        "<security-group>",
    );
    let mut patch = Patch::default();
    each_row(set, changes, &mut patch, |row, sides, patch| {
        let line = |verb: &str| {
            let verb = format!("az network nsg rule {verb}");
            let line = at(AzCommand::on_one_line(&verb), set).with("--nsg-name", group);
            line.with("--name", row.name.as_str())
        };
        if sides.iter().any(|(_, entries)| entries.is_empty()) {
            patch.push(line("delete").finish());
            let name = &row.name;
            patch
                .notes
                .push(format!("nothing is left of rule {name}: it goes"));
            return;
        }
        let mut line = line("update");
        for (side, entries) in sides {
            let option = match side {
                RowSide::Source => "--source-address-prefixes",
                RowSide::Destination => "--destination-address-prefixes",
            };
            let most = limits::RULE_PREFIXES;
            if entries.len() > most {
                patch.notes.push(format!(
                    "rule {} would have {} prefixes on one side and may have {most}: use \
                     the service tag or several rules",
                    row.name,
                    entries.len()
                ));
            }
            line = line.with_all(option, entries);
        }
        patch.push(line.finish());
    });
    patch
}

/// `az network firewall policy rule-collection-group collection rule update`.
pub fn firewall(set: &RuleSet, changes: &[ListChange]) -> Patch {
    let mut patch = Patch::default();
    each_row(set, changes, &mut patch, |row, sides, patch| {
        let is_empty = sides.iter().any(|(_, entries)| entries.is_empty());
        // The rules of a classic firewall can only be made anew.
        if is_empty || !set.is_collection_group {
            for (side, entries) in sides {
                let side = match side {
                    RowSide::Source => "source",
                    RowSide::Destination => "destination",
                };
                patch.notes.push(format!(
                    "rule {} at {}: by hand: its {side} addresses are to be: {}",
                    row.name,
                    row.place,
                    if entries.is_empty() {
                        "none, so that the rule goes".to_owned()
                    } else {
                        entries.join(" ")
                    }
                ));
            }
            return;
        }
        // A template names the group together with its policy.
        let group = name_of(set, &["firewall rules"], "<rule-collection-group>");
        let (policy, group) = group.split_once('/').unwrap_or(("<policy>", group));
        let collection = row
            .collection
            .as_ref()
            .map_or("<collection>", |it| it.as_str());
        let verb = "az network firewall policy rule-collection-group collection rule update";
        let mut line = at(AzCommand::on_one_line(verb), set)
            .with(
                "--policy-name",
                part(set, "firewallPolicies").unwrap_or(policy),
            )
            .with("--rule-collection-group-name", group)
            .with("--collection-name", collection)
            .with("--name", row.name.as_str());
        for (side, entries) in sides {
            let option = match side {
                RowSide::Source => "--source-addresses",
                RowSide::Destination => "--destination-addresses",
            };
            line = line.with_all(option, entries);
        }
        patch.push(line.finish());
    });
    patch
}

/// Calls with each changed row and its new entries by side.
fn each_row(
    set: &RuleSet,
    changes: &[ListChange],
    patch: &mut Patch,
    mut write: impl FnMut(&Row, &[(RowSide, Vec<String>)], &mut Patch),
) {
    for of_row in changes.chunk_by(|one, other| one.rows == other.rows) {
        let place = of_row
            .first()
            .and_then(|change| change.rows.first())
            .copied();
        let Some((place, row)) = place.and_then(|place| Some((place, set.rows.get(place)?))) else {
            continue;
        };
        let sides: Option<Vec<(RowSide, Vec<String>)>> = of_row
            .iter()
            .map(|change| Some((change.side, new_entries(set, place, change)?)))
            .collect();
        match sides {
            Some(sides) => write(row, &sides, patch),
            None => patch.notes.push(format!(
                "rule {}: by hand: it has entries that are not understood",
                row.name
            )),
        }
    }
}

/// `az network ip-group update` with the whole new list.
pub fn ip_group(set: &RuleSet, changes: &[ListChange]) -> Patch {
    let mut patch = Patch::default();
    let Some(change) = changes.first() else {
        return patch;
    };
    let name = name_of(set, &["IP group"], "<ip-group>");
    match new_entries(set, 0, change) {
        Some(entries) if !entries.is_empty() => {
            let most = limits::GROUP_ENTRIES;
            if entries.len() > most {
                patch.notes.push(format!(
                    "{name} would have {} entries and may have {most}: use the service tag \
                     or several groups",
                    entries.len()
                ));
            }
            let line = at(AzCommand::on_one_line("az network ip-group update"), set);
            let line = line
                .with("--name", name)
                .with_all("--ip-addresses", &entries);
            patch.push(line.finish());
        }
        Some(_) => patch
            .notes
            .push(format!("{name}: by hand: nothing is left in it")),
        None => patch.notes.push(format!(
            "{name}: by hand: it has entries that are not understood"
        )),
    }
    patch
}

/// `az network route-table route create` and `delete`, one prefix a command.
pub fn routes(set: &RuleSet, changes: &[ListChange]) -> Patch {
    let mut patch = Patch::default();
    let table = name_of(set, &["routes", "route table"], "<route-table>");
    let line = |verb: &str, name: &str| {
        let verb = format!("az network route-table route {verb}");
        let line = at(AzCommand::on_one_line(&verb), set).with("--route-table-name", table);
        line.with("--name", name)
    };
    let mut names: Vec<String> = set.rows.iter().map(|row| row.name.to_string()).collect();
    let mut count = set.rows.len();
    for change in changes {
        let hop = change.rows.first().and_then(|&row| set.rows.get(row));
        let Some(Access::Route(hop)) = hop.map(|row| &row.access) else {
            patch
                .notes
                .push(format!("{table}: by hand: a next hop is not understood"));
            continue;
        };
        for &block in &change.added {
            let name = new_name(change.tag.as_deref().unwrap_or("route"), block, &names);
            let mut create = line("create", &name)
                .with("--address-prefix", &block.to_string())
                .with("--next-hop-type", hop.kind.name());
            if let Some(address) = &hop.address {
                create = create.with("--next-hop-ip-address", address.as_str());
            }
            patch.push(create.finish());
            names.push(name);
        }
        let mut gone: Vec<usize> = change.removed.iter().map(|&(row, _)| row).collect();
        gone.dedup();
        for &row in &gone {
            if let Some(row) = set.rows.get(row) {
                patch.push(line("delete", row.name.as_str()).finish());
            }
        }
        count = (count + change.added.len()).saturating_sub(gone.len());
    }
    let most = limits::ROUTES;
    if count > most {
        patch.notes.push(format!(
            "{table} would have {count} routes and may have {most}: use the service tag"
        ));
    }
    patch
}

/// A name that no route of the table has: the tag and the prefix.
fn new_name(tag: &str, block: Block, taken: &[String]) -> String {
    let prefix: String = block
        .to_string()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let room = limits::NAME.saturating_sub(prefix.len() + 5);
    let tag: String = tag.chars().take(room).collect();
    let name = format!("{tag}-{prefix}");
    let is_taken = |name: &String| taken.iter().any(|own| own.eq_ignore_ascii_case(name));
    if !is_taken(&name) {
        return name;
    }
    let others = (2..1_000).map(|number| format!("{name}-{number}"));
    others
        .into_iter()
        .find(|name| !is_taken(name))
        .unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::rules::impact::ListChange;
    use crate::rules::read_rules;

    fn block(text: &str) -> Block {
        Block::parse(text).unwrap().0
    }

    fn change(side: RowSide, removed: &[(usize, usize)], added: &[&str]) -> ListChange {
        ListChange {
            side,
            rows: vec![0],
            removed: removed.to_vec(),
            added: added.iter().map(|text| block(text)).collect(),
            tag: Some("Storage.WestEurope".to_owned()),
        }
    }

    fn set(text: &str) -> RuleSet {
        read_rules(text.as_bytes()).unwrap().sets.remove(0)
    }

    #[test]
    fn a_full_registry_loses_before_it_gains() {
        let rules = r#"[{"name":"contoso","loginServer":"contoso.azurecr.io","networkRuleSet":{"ipRules":[{"value":"192.0.2.1/32"},{"value":"192.0.2.2"}]}},
            {"value":[{"name":"IPRules","limit":2,"currentValue":2}]}]"#;
        let patch = registry(
            &set(rules),
            &[change(RowSide::Source, &[(0, 0)], &["192.0.2.9/32"])],
        );
        assert_eq!(
            patch.commands,
            [
                "az acr network-rule remove --name contoso --ip-address 192.0.2.1/32",
                "az acr network-rule add --name contoso --ip-address 192.0.2.9",
            ]
        );
        assert!(patch.notes.is_empty());
        let more = change(RowSide::Source, &[], &["192.0.2.9/32"]);
        let patch = registry(&set(rules), &[more]);
        assert!(patch.notes[0].contains("3 IP rules and may have 2"));
    }

    #[test]
    fn what_is_not_known_is_to_be_filled_in() {
        let rules = r#"[{"name":"r","priority":100,"direction":"Inbound","access":"Allow","protocol":"*",
            "sourceAddressPrefixes":["192.0.2.1","Internet"],"destinationAddressPrefix":"*","sourcePortRange":"*","destinationPortRange":"*"}]"#;
        let rules = set(rules);
        let patch = security_group(
            &rules,
            &[change(RowSide::Source, &[(0, 0)], &["192.0.2.8/29"])],
        );
        assert_eq!(
            patch.commands,
            [
                "az network nsg rule update --resource-group '<resource-group>' --nsg-name '<security-group>' --name r \
              --source-address-prefixes Internet 192.0.2.8/29"
            ]
        );
        let odd = r#"{"name":"g","ipAddresses":["192.0.2.1","nonsense here"]}"#;
        let patch = ip_group(&set(odd), &[change(RowSide::Destination, &[(0, 0)], &[])]);
        assert!(patch.commands.is_empty() && patch.notes[0].contains("not understood"));
    }

    #[test]
    fn a_classic_firewall_is_changed_by_hand() {
        let rules = r#"{"name":"fw","networkRuleCollections":[{"name":"c","priority":100,"action":{"type":"Allow"},
            "rules":[{"name":"r","protocols":["TCP"],"sourceAddresses":["*"],"destinationAddresses":["192.0.2.1"],"destinationPorts":["443"]}]}]}"#;
        let patch = firewall(
            &set(rules),
            &[change(RowSide::Destination, &[(0, 0)], &["192.0.2.8/29"])],
        );
        assert!(patch.commands.is_empty());
        assert!(patch.notes[0].ends_with("destination addresses are to be: 192.0.2.8/29"));
    }

    #[test]
    fn a_new_route_has_a_name_of_its_own() {
        let taken = ["storage-192-0-2-0-24".to_owned()];
        let name = |tag: &str| new_name(tag, block("192.0.2.0/24"), &taken);
        assert_eq!(name("Web"), "Web-192-0-2-0-24");
        assert_eq!(name("Storage"), "Storage-192-0-2-0-24-2");
        let long = new_name(&"x".repeat(90), block("2001:db8:1234:5678::/64"), &taken);
        assert!(long.len() <= limits::NAME, "{long}");
    }
}
