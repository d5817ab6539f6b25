//! Route tables: `az network route-table show`, `az network route-table route list`, the ARM resource.

use serde_json::Value;

use crate::rules::RuleSetKind;
use crate::rules::import::node::{Node, Notes, brief, member};
use crate::rules::import::nsg::applies;
use crate::rules::ruleset::{Access, Direction, Flaw, FlawPart, Row, RuleSet};
use crate::rules::{Entry, Hop, HopKind};
use crate::text::Safe;

pub(super) fn read(node: &Node<'_>) -> Option<RuleSet> {
    if !node.has("routes") && !node.is_whole("routeTables") {
        return None;
    }
    let mut set = set(node.name(), node.id());
    set.applies = applies(node);
    match node.get("routes") {
        None if !node.has("routes") => {
            let expected = "the routes: az network route-table show prints them";
            set.flaws.push(node.missing("routes", expected));
        }
        None => {}
        Some(Value::Array(list)) => set.rows = routes(list, &node.at("routes")),
        Some(other) => set
            .flaws
            .push(node.flaw("routes", other, "a list of routes")),
    }
    Some(set)
}

/// A list of routes alone.
pub(super) fn are_routes(list: &[Value]) -> bool {
    // An export may list some routes among other resources.
    let is_other = |node: &Node<'_>| node.text("type").is_some() && !node.is_type("routes");
    let nodes = || list.iter().filter_map(|value| Node::of(value, ""));
    nodes().any(|node| node.has("nextHopType")) && !nodes().any(|node| is_other(&node))
}

pub(super) fn of_routes(list: &[Value], place: &str) -> RuleSet {
    let is_state = |value: &Value| member(value, "state").is_some();
    if list.iter().any(is_state) {
        return effective(list, place);
    }
    let mut set = set("routes", None);
    set.rows = routes(list, place);
    set
}

/// `az network nic show-effective-route-table`: all routes there are, of which those that are not
/// active do nothing.
fn effective(list: &[Value], place: &str) -> RuleSet {
    let mut set = set("effective routes", None);
    set.is_effective = true;
    set.rows = routes(list, place);
    let mut values = list.iter();
    set.rows.retain_mut(|row| {
        let value = values.next();
        let text = |key| value.and_then(|it| member(it, key)).and_then(Value::as_str);
        let state = text("state").unwrap_or_default();
        if !["active", "invalid"]
            .iter()
            .any(|it| state.eq_ignore_ascii_case(it))
        {
            row.flaws.push(Flaw {
                place: row.place.clone(),
                found: Safe::new(state),
                expected: "the state Active or Invalid",
                part: FlawPart::Whole,
            });
        }
        if row.name.as_str() == "–" {
            row.name = Safe::new(text("source").unwrap_or("–"));
        }
        row.is_default = text("source").is_some_and(|it| !it.eq_ignore_ascii_case("user"));
        !state.eq_ignore_ascii_case("invalid")
    });
    set
}

fn set(name: &str, id: Option<String>) -> RuleSet {
    let name = if name.is_empty() { "route table" } else { name };
    RuleSet {
        id,
        ..RuleSet::new(RuleSetKind::RouteTable, name)
    }
}

fn routes(list: &[Value], place: &str) -> Vec<Row> {
    list.iter()
        .enumerate()
        .map(|(number, value)| route(value, format!("{place}[{number}]")))
        .collect()
}

fn route(value: &Value, place: String) -> Row {
    let mut row = Row::new("–", place.clone(), Direction::Out, Access::Unread);
    let Some(node) = Node::of(value, &place) else {
        row.flaws.push(Flaw {
            place,
            found: Safe::from(brief(value)),
            expected: "a route",
            part: FlawPart::Whole,
        });
        return row;
    };
    let mut notes = Notes::default();
    let name = node.name_or_flaw(&mut notes.flaws);
    if !name.is_empty() {
        row.name = Safe::new(name);
    }
    row.destinations = node.entries("addressPrefix", "addressPrefixes", &mut notes);
    row.cleared = notes.cleared;
    let mut flaws = notes.flaws;
    if row.destinations.is_empty() {
        flaws.push(Flaw {
            place: node.at("addressPrefix"),
            found: Safe::new("nothing"),
            expected: "a CIDR or a tag",
            part: FlawPart::of("addressPrefix"),
        });
        row.destinations = vec![Entry::Unread(Safe::new("nothing"))];
    }
    let hop = node.text("nextHopType").unwrap_or_default();
    match HopKind::parse(hop) {
        Some(kind) => {
            let addresses = node.texts("nextHopIpAddress", "", &mut flaws);
            let addresses: Vec<&str> = addresses.iter().map(|text| text.value).collect();
            let address = (!addresses.is_empty()).then(|| Safe::from(addresses.join(", ")));
            if kind == HopKind::Appliance && address.is_none() {
                flaws.push(node.missing("nextHopIpAddress", "the address of the appliance"));
            }
            row.access = Access::Route(Hop { kind, address });
        }
        None => flaws.push(Flaw {
            place: node.at("nextHopType"),
            found: Safe::new(if hop.is_empty() { "nothing" } else { hop }),
            expected: "VirtualAppliance, VirtualNetworkGateway, VnetLocal, Internet or None",
            part: FlawPart::of("nextHopType"),
        }),
    }
    row.flaws = flaws;
    row
}
