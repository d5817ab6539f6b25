//! Azure Firewall: rule collection groups of a policy, classic rule collections, IP groups.

use serde_json::Value;

use crate::rules::RuleSetKind;
use crate::rules::import::node::{Node, Notes, brief, member};
use crate::rules::import::nsg::priority;
use crate::rules::ruleset::{Access, Direction, Flaw, FlawPart, Row, RuleSet, Stage, Translated};
use crate::rules::{Entry, Ports, Protocol};
use crate::text::Safe;

/// A rule collection group of a policy.
pub(super) fn read(node: &Node<'_>) -> Option<RuleSet> {
    let key = ["ruleCollections", "ruleCollection"]
        .into_iter()
        .find(|key| node.has(key))?;
    let collections = node.get(key)?;
    let mut flaws = Vec::new();
    let mut rows = Vec::new();
    let rank = priority(node, &mut flaws);
    match collections {
        Value::Array(list) => {
            for (number, value) in list.iter().enumerate() {
                let place = format!("{}[{number}]", node.at(key));
                collection(value, &place, None, &mut rows, &mut flaws);
            }
        }
        other => flaws.push(node.flaw(key, other, "a list of rule collections")),
    }
    Some(RuleSet {
        is_collection_group: true,
        ..set(node, rank, rows, flaws)
    })
}

/// Rule collections alone, or rules without their collection, of which nobody knows what they do.
pub(super) fn of_parts(list: &[Value], place: &str) -> Option<RuleSet> {
    let is_collection = |value: &Value| {
        let kind = member(value, "ruleCollectionType");
        member(value, "rules").is_some() && kind.or_else(|| member(value, "action")).is_some()
    };
    let is_rule = |value: &Value| member(value, "ruleType").is_some();
    if list.is_empty() || !(list.iter().all(is_collection) || list.iter().all(is_rule)) {
        return None;
    }
    let (mut rows, mut flaws) = (Vec::new(), Vec::new());
    for (number, value) in list.iter().enumerate() {
        let place = format!("{place}[{number}]");
        if is_collection(value) {
            collection(value, &place, None, &mut rows, &mut flaws);
        } else {
            let (stage, mut row) = rule(value, &place, None, false, &Access::Unread);
            row.stage = Some(stage);
            rows.push((stage, 0, row));
        }
    }
    rows.sort_by_key(|(stage, priority, _)| (*stage, *priority));
    Some(RuleSet {
        rows: rows.into_iter().map(|(_, _, row)| row).collect(),
        flaws,
        ..RuleSet::new(RuleSetKind::Firewall, "firewall rules")
    })
}

/// The collections of a classic firewall, by kind.
pub(super) fn classic(node: &Node<'_>) -> Option<RuleSet> {
    let kinds = [
        ("natRuleCollections", Stage::Translation),
        ("networkRuleCollections", Stage::Network),
        ("applicationRuleCollections", Stage::Application),
    ];
    if !kinds.iter().any(|(key, _)| node.has(key)) {
        return None;
    }
    let mut flaws = Vec::new();
    let mut rows = Vec::new();
    for (key, stage) in kinds {
        let list = node.list_or_flaw(key, "a list of rule collections", &mut flaws);
        for (number, value) in list.into_iter().flatten().enumerate() {
            let place = format!("{}[{number}]", node.at(key));
            collection(value, &place, Some(stage), &mut rows, &mut flaws);
        }
    }
    Some(set(node, None, rows, flaws))
}

/// An IP group: addresses only.
pub(super) fn ip_group(node: &Node<'_>) -> Option<RuleSet> {
    if !node.has("ipAddresses") && !node.is_whole("ipGroups") {
        return None;
    }
    let mut notes = Notes::default();
    if !node.has("ipAddresses") && !node.has("ipAddress") {
        let expected = "the addresses: az network ip-group show prints them";
        notes.flaws.push(node.missing("ipAddresses", expected));
    }
    let entries = node.entries("ipAddress", "ipAddresses", &mut notes);
    let mut row = Row::new(
        node.name(),
        node.at("ipAddresses"),
        Direction::Out,
        Access::Listed,
    );
    row.destinations = entries;
    row.flaws = notes.flaws;
    row.cleared = notes.cleared;
    let name = match node.name() {
        "" => "IP group",
        name => name,
    };
    Some(RuleSet {
        id: node.id(),
        rows: vec![row],
        ..RuleSet::new(RuleSetKind::IpGroup, name)
    })
}

fn set(
    node: &Node<'_>,
    priority: Option<u32>,
    mut rows: Vec<(Stage, u32, Row)>,
    flaws: Vec<Flaw>,
) -> RuleSet {
    // Translation, network and application rules in this order, each by priority.
    rows.sort_by_key(|(stage, priority, _)| (*stage, *priority));
    let name = match node.name() {
        "" => "firewall rules",
        name => name,
    };
    RuleSet {
        id: node.id(),
        priority,
        rows: rows.into_iter().map(|(_, _, row)| row).collect(),
        flaws,
        ..RuleSet::new(RuleSetKind::Firewall, name)
    }
}

fn collection(
    value: &Value,
    place: &str,
    kind: Option<Stage>,
    rows: &mut Vec<(Stage, u32, Row)>,
    flaws: &mut Vec<Flaw>,
) {
    let Some(node) = Node::of(value, place) else {
        flaws.push(Flaw {
            place: place.to_owned(),
            found: Safe::from(brief(value)),
            expected: "a rule collection",
            part: FlawPart::Whole,
        });
        return;
    };
    let rank = priority(&node, flaws);
    let action = node.get("action");
    let action = action.and_then(|action| {
        let kind = member(action, "type").unwrap_or(action);
        kind.as_str()
    });
    let is_translation = kind == Some(Stage::Translation)
        || node
            .text("ruleCollectionType")
            .is_some_and(|kind| kind.to_ascii_lowercase().contains("nat"));
    let access = match action {
        Some(word) if word.eq_ignore_ascii_case("allow") => Access::Allow,
        Some(word) if word.eq_ignore_ascii_case("deny") => Access::Deny,
        _ => Access::Unread,
    };
    let collection = node.name_or_flaw(flaws);
    for (key, expected) in [("rules", "a list of rules"), ("priority", "a whole number")] {
        if !node.has(key) {
            flaws.push(node.missing(key, expected));
        }
    }
    let rules = node.list_or_flaw("rules", "a list of rules", flaws);
    for (number, value) in rules.into_iter().flatten().enumerate() {
        let place = format!("{}[{number}]", node.at("rules"));
        let (stage, mut row) = rule(value, &place, kind, is_translation, &access);
        row.priority = rank;
        row.collection = Some(Safe::new(collection)).filter(|name| !name.as_str().is_empty());
        if row.name.as_str().is_empty() {
            row.name = Safe::new(collection);
        }
        row.stage = Some(stage);
        rows.push((stage, rank.unwrap_or(u32::MAX), row));
    }
}

fn rule(
    value: &Value,
    place: &str,
    kind: Option<Stage>,
    is_translation: bool,
    access: &Access,
) -> (Stage, Row) {
    let mut row = Row::new("", place.to_owned(), Direction::Out, access.clone());
    let Some(node) = Node::of(value, place) else {
        row.access = Access::Unread;
        row.flaws.push(Flaw {
            place: place.to_owned(),
            found: Safe::from(brief(value)),
            expected: "a rule",
            part: FlawPart::Whole,
        });
        return (kind.unwrap_or(Stage::Network), row);
    };
    let mut notes = Notes::default();
    row.name = Safe::new(node.name_or_flaw(&mut notes.flaws));
    let word = node
        .text("ruleType")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let stage = match kind {
        Some(stage) => stage,
        None if is_translation || word == "natrule" => Stage::Translation,
        None if word == "applicationrule" => Stage::Application,
        None => Stage::Network,
    };
    if kind.is_none() && !["natrule", "applicationrule", "networkrule"].contains(&word.as_str()) {
        notes.flaws.push(Flaw {
            place: node.at("ruleType"),
            found: Safe::new(if word.is_empty() { "nothing" } else { &word }),
            expected: "NetworkRule, ApplicationRule or NatRule",
            part: FlawPart::of("ruleType"),
        });
    }
    row.sources = node.entries("sourceAddress", "sourceAddresses", &mut notes);
    let groups = node.ids("sourceIpGroups", &mut notes.flaws);
    row.sources.extend(groups.into_iter().map(Entry::IpGroup));
    if stage == Stage::Application {
        application(&node, &mut row, &mut notes);
    } else {
        network(&node, &mut row, &mut notes);
    }
    if row.sources.is_empty() {
        row.sources.push(Entry::Any);
        let flaw = node.missing("sourceAddresses", "source addresses or IP groups");
        notes.flaws.push(flaw);
    }
    if row.destinations.is_empty() {
        notes.flaws.push(Flaw {
            place: place.to_owned(),
            found: Safe::new("no destination"),
            expected: "destination addresses, IP groups or host names",
            part: FlawPart::Whole,
        });
    }
    if stage == Stage::Translation {
        // What it matches is let in, but for what a network rule denies.
        row.access = Access::Allow;
        row.direction = Direction::In;
        row.translated = translated(&node, &mut notes);
    } else if *access == Access::Unread {
        notes.flaws.push(Flaw {
            place: place.to_owned(),
            found: Safe::new("no action"),
            expected: "the action Allow or Deny in its collection",
            part: FlawPart::Whole,
        });
    }
    row.flaws = notes.flaws;
    row.cleared = notes.cleared;
    (stage, row)
}

fn network(node: &Node<'_>, row: &mut Row, notes: &mut Notes) {
    row.destinations = node.entries("destinationAddress", "destinationAddresses", notes);
    let flaws = &mut notes.flaws;
    let groups = node.ids("destinationIpGroups", flaws).into_iter();
    row.destinations.extend(groups.map(Entry::IpGroup));
    let hosts = node.texts("destinationFqdn", "destinationFqdns", flaws);
    row.destinations
        .extend(hosts.into_iter().map(|host| Entry::Fqdn(clean(host.value))));
    row.ports = node.ports("destinationPort", "destinationPorts", flaws);
    let key = if node.has("ipProtocols") {
        "ipProtocols"
    } else {
        "protocols"
    };
    let mut protocols = Vec::new();
    for text in node.texts("ipProtocol", key, flaws) {
        match Protocol::parse(text.value) {
            Some(protocol) => protocols.push(protocol),
            None => flaws.push(Flaw {
                place: text.place(node),
                found: Safe::new(text.value),
                expected: "TCP, UDP, ICMP or Any",
                part: FlawPart::Other,
            }),
        }
    }
    if protocols.is_empty() && node.is_blank(key) {
        flaws.push(node.missing(key, "TCP, UDP, ICMP or Any"));
    }
    if !protocols.is_empty() {
        row.protocols = protocols;
    }
    if node.is_blank("destinationPort") && node.is_blank("destinationPorts") {
        flaws.push(node.missing("destinationPorts", "ports, or *"));
    }
}

/// The target of a DNAT rule: an address or a host name, and a port.
fn translated(node: &Node<'_>, notes: &mut Notes) -> Option<Translated> {
    let mut targets = node.entries("translatedAddress", "", notes);
    let flaws = &mut notes.flaws;
    let hosts = node.texts("translatedFqdn", "", flaws);
    targets.extend(hosts.into_iter().map(|host| Entry::Fqdn(clean(host.value))));
    let port = match node.get("translatedPort") {
        Some(Value::Number(number)) => number.as_u64().and_then(|port| u16::try_from(port).ok()),
        Some(Value::String(text)) => text.trim().parse().ok(),
        _ => None,
    };
    if port.is_none() {
        flaws.push(match node.get("translatedPort") {
            Some(value) => node.flaw("translatedPort", value, "a port from 1 to 65535"),
            None => node.missing("translatedPort", "a port from 1 to 65535"),
        });
    }
    let Some(to) = targets.into_iter().next() else {
        flaws.push(node.missing("translatedAddress", "an address or a host name"));
        return None;
    };
    Some(Translated { to, port })
}

fn application(node: &Node<'_>, row: &mut Row, notes: &mut Notes) {
    let flaws = &mut notes.flaws;
    let hosts = node.texts("targetFqdn", "targetFqdns", flaws);
    row.destinations = hosts
        .into_iter()
        .map(|host| Entry::Fqdn(clean(host.value)))
        .collect();
    let tags = node.texts("fqdnTag", "fqdnTags", flaws);
    row.destinations
        .extend(tags.into_iter().map(|tag| Entry::FqdnTag(clean(tag.value))));
    let urls = node.texts("", "targetUrls", flaws).into_iter();
    row.destinations
        .extend(urls.map(|text| Entry::Url(clean(text.value))));
    let categories = node.texts("", "webCategories", flaws).into_iter();
    row.destinations
        .extend(categories.map(|text| Entry::WebCategory(clean(text.value))));
    row.protocols = vec![Protocol::Tcp];
    if node.is_blank("protocols") {
        flaws.push(node.missing("protocols", "a list of protocols with ports"));
    }
    let mut ports: Vec<String> = Vec::new();
    let list = node.list_or_flaw("protocols", "a list of protocols with ports", flaws);
    for (number, value) in list.into_iter().flatten().enumerate() {
        match member(value, "port") {
            Some(port) => ports.push(port.to_string()),
            None => flaws.push(Flaw {
                place: format!("{}[{number}]", node.at("protocols")),
                ..node.flaw("protocols", value, "a protocol with a port")
            }),
        }
    }
    match Ports::parse(ports.iter().map(String::as_str)) {
        Ok(ports) => row.ports = ports,
        Err(found) => flaws.push(Flaw {
            place: node.at("protocols"),
            found,
            expected: "a port from 0 to 65535",
            part: FlawPart::of("protocols"),
        }),
    }
}

fn clean(text: &str) -> String {
    Safe::new(text).as_str().to_lowercase()
}
