//! Route tables: `az network route-table show`, `az network route-table route list`, the ARM resource.

use serde_json::Value;

use crate::rules::Entry;
use crate::rules::import::node::{Node, Notes, brief};
use crate::rules::ruleset::{Access, Direction, Flaw, RegistryFacts, Row, RuleSet, RuleSetKind};
use crate::text::Safe;

/// Kinds of next hops.
const HOPS: [&str; 5] = [
    "VirtualAppliance",
    "VirtualNetworkGateway",
    "VnetLocal",
    "Internet",
    "None",
];

pub(super) fn read(node: &Node<'_>) -> Option<RuleSet> {
    if !node.has("routes") && !node.is_whole("routeTables") {
        return None;
    }
    let mut set = set(node.name(), node.id());
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
    let mut set = set("routes", None);
    set.rows = routes(list, place);
    set
}

fn set(name: &str, id: Option<String>) -> RuleSet {
    RuleSet {
        kind: RuleSetKind::RouteTable,
        name: Safe::new(if name.is_empty() { "route table" } else { name }),
        id,
        priority: None,
        rows: Vec::new(),
        registry: RegistryFacts::default(),
        flaws: Vec::new(),
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
        });
        row.destinations = vec![Entry::Unread(Safe::new("nothing"))];
    }
    let hop = node.text("nextHopType").unwrap_or_default();
    match HOPS.iter().find(|known| known.eq_ignore_ascii_case(hop)) {
        Some(known) => {
            let address = node.text_or_flaw("nextHopIpAddress", &mut flaws);
            let address = address.unwrap_or_default();
            let text = if address.is_empty() {
                (*known).to_owned()
            } else {
                format!("{known} {}", Safe::new(address))
            };
            row.access = Access::Route(text);
        }
        None => flaws.push(Flaw {
            place: node.at("nextHopType"),
            found: Safe::new(if hop.is_empty() { "nothing" } else { hop }),
            expected: "VirtualAppliance, VirtualNetworkGateway, VnetLocal, Internet or None",
        }),
    }
    row.flaws = flaws;
    row
}
