//! Security groups: `az network nsg show`, `az network nsg rule list`, the ARM resource.

use serde_json::Value;

use crate::azure::{PlatformTag, SubnetId};
use crate::rules::Entry;
use crate::rules::Protocol;
use crate::rules::RuleSetKind;
use crate::rules::import::node::{Node, Notes, brief, member};
use crate::rules::ruleset::{Access, Applies, Direction, Flaw, FlawPart, Row, RuleSet};
use crate::text::Safe;

pub(super) fn read(node: &Node<'_>) -> Option<RuleSet> {
    if !node.has("securityRules") && !node.is_whole("networkSecurityGroups") {
        return None;
    }
    let mut flaws = Vec::new();
    if !node.has("securityRules") {
        flaws.push(node.missing(
            "securityRules",
            "the rules: az network nsg show prints them",
        ));
    }
    let mut rows = Vec::new();
    for (key, is_default) in [("securityRules", false), ("defaultSecurityRules", true)] {
        match node.get(key) {
            None => {}
            Some(Value::Array(list)) => rows.extend(rules(list, &node.at(key), is_default)),
            Some(other) => flaws.push(node.flaw(key, other, "a list of rules")),
        }
    }
    Some(RuleSet {
        applies: applies(node),
        ..set(node.name(), node.id(), rows, flaws)
    })
}

/// The subnets and network interfaces that a group or a route table names.
pub(super) fn applies(node: &Node<'_>) -> Applies {
    let ids = node.list("subnets").into_iter().flatten();
    let ids = ids.filter_map(|value| member(value, "id").unwrap_or(value).as_str());
    Applies {
        subnets: ids
            .filter_map(|id| SubnetId::of_document(id).ok())
            .collect(),
        interfaces: node.list("networkInterfaces").map_or(0, Vec::len),
    }
}

/// A list of rules alone; every one has a priority, a direction and an access.
pub(super) fn are_rules(list: &[Value]) -> bool {
    let is_rule =
        |node: &Node<'_>| node.has("priority") && node.has("access") && node.has("direction");
    // An export may list some rules among other resources.
    let is_other = |node: &Node<'_>| node.text("type").is_some() && !node.is_type("securityRules");
    let nodes = || list.iter().filter_map(|value| Node::of(value, ""));
    nodes().any(|node| is_rule(&node)) && !nodes().any(|node| is_other(&node))
}

pub(super) fn of_rules(list: &[Value], place: &str) -> RuleSet {
    set(
        "security rules",
        None,
        rules(list, place, false),
        Vec::new(),
    )
}

fn set(name: &str, id: Option<String>, mut rows: Vec<Row>, flaws: Vec<Flaw>) -> RuleSet {
    // Azure's own rules are in every group, whether the document lists them or not.
    for (direction, priority, default) in defaults() {
        let has_it = rows
            .iter()
            .any(|row| row.direction == direction && row.priority == Some(priority));
        if !has_it {
            rows.push(default);
        }
    }
    sort(&mut rows);
    let name = if name.is_empty() {
        "security group"
    } else {
        name
    };
    RuleSet {
        id,
        rows,
        flaws,
        ..RuleSet::new(RuleSetKind::Nsg, name)
    }
}

/// Puts rows in evaluation order.
pub(super) fn sort(rows: &mut [Row]) {
    rows.sort_by_key(|row| (row.direction, row.priority.unwrap_or(u32::MAX)));
}

fn defaults() -> Vec<(Direction, u32, Row)> {
    use Direction::{In, Out};
    let network = || Entry::Platform(PlatformTag::VirtualNetwork);
    let list = [
        (
            In,
            65000,
            "AllowVnetInBound",
            Access::Allow,
            network(),
            network(),
        ),
        (
            In,
            65001,
            "AllowAzureLoadBalancerInBound",
            Access::Allow,
            Entry::Platform(PlatformTag::AzureLoadBalancer),
            Entry::Any,
        ),
        (
            In,
            65500,
            "DenyAllInBound",
            Access::Deny,
            Entry::Any,
            Entry::Any,
        ),
        (
            Out,
            65000,
            "AllowVnetOutBound",
            Access::Allow,
            network(),
            network(),
        ),
        (
            Out,
            65001,
            "AllowInternetOutBound",
            Access::Allow,
            Entry::Any,
            Entry::Platform(PlatformTag::Internet),
        ),
        (
            Out,
            65500,
            "DenyAllOutBound",
            Access::Deny,
            Entry::Any,
            Entry::Any,
        ),
    ];
    list.into_iter()
        .map(|(direction, priority, name, access, source, destination)| {
            let mut row = Row::new(name, "Azure's default".to_owned(), direction, access);
            row.priority = Some(priority);
            row.sources = vec![source];
            row.destinations = vec![destination];
            row.is_default = true;
            (direction, priority, row)
        })
        .collect()
}

fn rules(list: &[Value], place: &str, is_default: bool) -> Vec<Row> {
    list.iter()
        .enumerate()
        .map(|(number, value)| rule(value, format!("{place}[{number}]"), is_default))
        .collect()
}

/// Rules that are in force: their names begin with where they are from, and tags come with the
/// addresses that they had.
pub(super) fn effective_rules(list: &[Value], place: &str) -> Vec<Row> {
    let mut rows = rules(list, place, false);
    for (row, value) in rows.iter_mut().zip(list) {
        if let Some((from, name)) = row.name.as_str().split_once('/') {
            row.is_default = from.eq_ignore_ascii_case("defaultSecurityRules");
            row.name = Safe::new(name);
        }
        let Some(node) = Node::of(value, &row.place) else {
            continue;
        };
        for (key, side) in [
            ("expandedSourceAddressPrefix", &mut row.sources),
            ("expandedDestinationAddressPrefix", &mut row.destinations),
        ] {
            let mut notes = Notes::default();
            let expanded = node.entries(key, "", &mut notes);
            if !expanded.is_empty() {
                *side = expanded;
                row.flaws.append(&mut notes.flaws);
            }
        }
    }
    rows
}

/// Whether a rule is one of Azure's own, in a list that has both.
fn is_own(node: &Node<'_>, priority: Option<u32>) -> bool {
    node.is_type("defaultSecurityRules") || priority.is_some_and(|priority| priority >= 65_000)
}

fn rule(value: &Value, place: String, is_default: bool) -> Row {
    let Some(node) = Node::of(value, &place) else {
        let mut row = Row::new("–", place.clone(), Direction::In, Access::Unread);
        row.flaws.push(Flaw {
            place,
            found: Safe::from(brief(value)),
            expected: "a rule",
            part: FlawPart::Whole,
        });
        return row;
    };
    let mut notes = Notes::default();
    let name = node.name_or_flaw(&mut notes.flaws);
    let direction = word(
        &node,
        "direction",
        &[("Inbound", Direction::In), ("Outbound", Direction::Out)],
        "Inbound or Outbound",
        &mut notes.flaws,
    );
    let access = word(
        &node,
        "access",
        &[("Allow", Access::Allow), ("Deny", Access::Deny)],
        "Allow or Deny",
        &mut notes.flaws,
    );
    let priority = priority(&node, &mut notes.flaws);
    if priority.is_none() && node.get("priority").is_none() {
        let flaw = node.missing("priority", "a whole number");
        notes.flaws.push(flaw);
    }
    let protocol = protocol(&node, &mut notes.flaws);
    let sources = side(
        &node,
        "sourceAddressPrefix",
        "sourceAddressPrefixes",
        "sourceApplicationSecurityGroups",
        &mut notes,
    );
    let destinations = side(
        &node,
        "destinationAddressPrefix",
        "destinationAddressPrefixes",
        "destinationApplicationSecurityGroups",
        &mut notes,
    );
    let flaws = &mut notes.flaws;
    let keys = ["destinationPortRange", "destinationPortRanges"];
    if keys.iter().all(|key| node.is_blank(key)) {
        flaws.push(node.missing(keys[0], "a port, a range of ports or *"));
    }
    let source_ports = node.ports("sourcePortRange", "sourcePortRanges", flaws);
    let ports = node.ports("destinationPortRange", "destinationPortRanges", flaws);
    let is_default = is_default || is_own(&node, priority);
    Row {
        name: Safe::new(if name.is_empty() { "–" } else { name }),
        collection: None,
        priority,
        direction: direction.unwrap_or(Direction::In),
        access: access.unwrap_or(Access::Unread),
        protocols: vec![protocol.unwrap_or(Protocol::Any)],
        sources,
        source_ports,
        destinations,
        ports,
        is_default,
        stage: None,
        translated: None,
        stands_for: None,
        is_of_no_tag: false,
        cleared: notes.cleared,
        classic: notes.classic,
        written: Vec::new(),
        flaws: notes.flaws,
        place,
    }
}

/// The protocol; none where it was not read.
fn protocol(node: &Node<'_>, flaws: &mut Vec<Flaw>) -> Option<Protocol> {
    let Some(value) = node.get("protocol") else {
        flaws.push(node.missing("protocol", "Tcp, Udp, Icmp, Esp, Ah or *"));
        return None;
    };
    let protocol = value.as_str().and_then(Protocol::parse);
    if protocol.is_none() {
        let flaw = node.flaw("protocol", value, "Tcp, Udp, Icmp, Esp, Ah or *");
        flaws.push(Flaw {
            found: value.as_str().map_or(flaw.found, Safe::new),
            ..flaw
        });
    }
    protocol
}

/// What one side of a rule names.
fn side(
    node: &Node<'_>,
    single: &'static str,
    plural: &'static str,
    groups: &str,
    notes: &mut Notes,
) -> Vec<Entry> {
    let mut entries = node.entries(single, plural, notes);
    let ids = node.ids(groups, &mut notes.flaws);
    entries.extend(ids.into_iter().map(Entry::SecurityGroup));
    if entries.is_empty() {
        notes.flaws.push(Flaw {
            place: node.at(single),
            found: Safe::new("nothing"),
            expected: "an address, a CIDR, a tag, * or a security group",
            part: FlawPart::of(single),
        });
    }
    entries
}

fn word<T: Clone>(
    node: &Node<'_>,
    key: &str,
    words: &[(&str, T)],
    expected: &'static str,
    flaws: &mut Vec<Flaw>,
) -> Option<T> {
    let value = node.get(key);
    let text = value.and_then(Value::as_str).unwrap_or_default();
    let found = words
        .iter()
        .find(|(word, _)| word.eq_ignore_ascii_case(text))
        .map(|(_, value)| value.clone());
    if found.is_none() {
        flaws.push(Flaw {
            place: node.at(key),
            found: match value {
                Some(value) if !value.is_string() => Safe::from(brief(value)),
                _ => Safe::new(if text.is_empty() { "nothing" } else { text }),
            },
            expected,
            part: FlawPart::of(key),
        });
    }
    found
}

pub(super) fn priority(node: &Node<'_>, flaws: &mut Vec<Flaw>) -> Option<u32> {
    let value = node.get("priority")?;
    let number = value
        .as_u64()
        .or_else(|| value.as_str()?.trim().parse().ok())
        .and_then(|number| u32::try_from(number).ok());
    if number.is_none() {
        flaws.push(node.flaw("priority", value, "a whole number"));
    }
    number
}
