//! What is certain while parts of a network are hidden is so when they are seen.

use proptest::prelude::*;
use serde_json::{Value, json};
use tagscope::query::rules::verdict::{Party, Verdict, VerdictQuestion};
use tagscope::rules::{Direction, Entry, Protocol};

use crate::rules_forms::worlds;
use crate::rules_universe::{ENTRIES, answered};

/// A rule: from, to, whether it allows, whether it is for every port.
type SoundRule = (usize, usize, bool, bool);

#[derive(Debug, Clone)]
pub struct World {
    group: Vec<SoundRule>,
    firewall: Vec<SoundRule>,
    /// Prefix and whether the route drops.
    routes: Vec<(usize, bool)>,
    /// Which texts become expressions, which resources are hidden, and how.
    open: Vec<bool>,
    hidden: [usize; 3],
}

const PREFIXES: [&str; 4] = [
    "0.0.0.0/0",
    "203.0.113.0/28",
    "203.0.113.4/30",
    "198.51.100.0/24",
];
/// How many of the entries are addresses, which a firewall takes on both sides.
const PLAIN: usize = 6;
const FROM: [&str; 3] = ["10.0.0.3", "10.0.0.0/28", "10.0.0.20"];
const TO: [&str; 4] = [
    "203.0.113.5",
    "203.0.113.0/29",
    "203.0.113.20",
    "198.51.100.7",
];

pub fn world() -> impl Strategy<Value = World> {
    let rule = |names: usize| (0..names, 0..names, any::<bool>(), any::<bool>());
    (
        prop::collection::vec(rule(ENTRIES.len() - 3), 0..4),
        prop::collection::vec(rule(PLAIN), 0..4),
        prop::collection::vec((0..PREFIXES.len(), any::<bool>()), 0..3),
        prop::collection::vec(prop::bool::weighted(0.2), 32),
        prop::array::uniform3(0usize..6),
    )
        .prop_map(|(group, firewall, routes, open, hidden)| World {
            group,
            firewall,
            routes,
            open,
            hidden,
        })
}

fn resource(kind: &str, name: &str, properties: &Value) -> Value {
    json!({"type": format!("Microsoft.Network/{kind}"), "apiVersion": "2024-05-01", "name": name, "properties": properties})
}

fn port(is_all: bool) -> &'static str {
    if is_all { "*" } else { "80" }
}

const fn access(allows: bool) -> &'static str {
    if allows { "Allow" } else { "Deny" }
}

impl World {
    fn resources(&self) -> [Value; 3] {
        let rules = self.group.iter().enumerate().map(|(place, &(from, to, allows, is_all))| {
            json!({"name": format!("r{place}"), "properties": {"priority": 100 + place, "direction": "Outbound", "access": access(allows), "protocol": "Tcp",
                "sourcePortRange": "*", "sourceAddressPrefix": ENTRIES[from], "destinationAddressPrefix": ENTRIES[to], "destinationPortRange": port(is_all)}})
        });
        let rules: Vec<Value> = rules.collect();
        let collections = self.firewall.iter().enumerate().map(|(place, &(from, to, allows, is_all))| {
            json!({"name": format!("c{place}"), "ruleCollectionType": "FirewallPolicyFilterRuleCollection", "priority": 100 + place, "action": {"type": access(allows)},
                "rules": [{"name": format!("f{place}"), "ruleType": "NetworkRule", "ipProtocols": ["TCP"], "sourceAddresses": [ENTRIES[from]],
                    "destinationAddresses": [ENTRIES[to]], "destinationPorts": [port(is_all)]}]})
        });
        let collections: Vec<Value> = collections.collect();
        let routes = self.routes.iter().enumerate().map(|(place, &(prefix, drops))| {
            json!({"name": format!("t{place}"), "properties": {"addressPrefix": PREFIXES[prefix], "nextHopType": if drops { "None" } else { "Internet" }}})
        });
        let routes: Vec<Value> = routes.collect();
        [
            resource(
                "networkSecurityGroups",
                "n",
                &json!({"securityRules": rules}),
            ),
            resource(
                "firewallPolicies/ruleCollectionGroups",
                "p/g",
                &json!({"priority": 100, "ruleCollections": collections}),
            ),
            resource("routeTables", "t", &json!({"routes": routes})),
        ]
    }

    /// Some of the texts as parameters without a value, some resources where they are not read.
    pub fn partly(&self) -> Vec<Value> {
        let mut open = self.open.iter().copied().cycle();
        let mut places = 0;
        let resources = self.resources().into_iter().zip(self.hidden);
        resources
            .map(|(mut resource, how)| {
                opened(&mut resource["properties"], &mut open, &mut places);
                match how {
                    // A type that nobody knows may be anything that is met on the way.
                    0 => {
                        resource["type"] = json!("Microsoft.Network/somethingNew");
                        resource
                    }
                    1 => json!({"type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "far",
                        "properties": {"mode": "Incremental", "templateLink": {"uri": "https://example.org/t.json"}}}),
                    _ => resource,
                }
            })
            .collect()
    }
}

/// Values of rules and routes as expressions, as the flags say.
fn opened(value: &mut Value, open: &mut impl Iterator<Item = bool>, places: &mut usize) {
    const KEYS: [&str; 9] = [
        "sourceAddressPrefix",
        "destinationAddressPrefix",
        "destinationPortRange",
        "access",
        "priority",
        "addressPrefix",
        "nextHopType",
        "sourceAddresses",
        "destinationAddresses",
    ];
    match value {
        Value::Array(list) => list.iter_mut().for_each(|it| opened(it, open, places)),
        Value::Object(object) => {
            for (key, value) in object {
                if KEYS.contains(&key.as_str()) {
                    if open.next() == Some(true) {
                        *places += 1;
                        *value = json!(format!("[parameters('p{places}')]"));
                    }
                } else {
                    opened(value, open, places);
                }
            }
        }
        _ => {}
    }
}

pub fn template(resources: &[Value]) -> Value {
    let parameters: serde_json::Map<String, Value> = (1..64)
        .map(|place| (format!("p{place}"), json!({"type": "string"})))
        .collect();
    json!({"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
        "parameters": parameters, "resources": resources})
}

proptest! {
    #![proptest_config(ProptestConfig { cases: worlds(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_certain_stays_so_when_more_is_known(world in world(), from in 0..FROM.len(), to in 0..TO.len(), is_web in any::<bool>()) {
        let party = |text: &str| Some(Party::Span(Entry::parse(text).span().unwrap()));
        let question = VerdictQuestion {
            from: party(FROM[from]),
            to: party(TO[to]),
            port: Some(if is_web { 80 } else { 443 }),
            protocol: Some(Protocol::Tcp),
            direction: Some(Direction::Out),
            ..VerdictQuestion::default()
        };
        let whole = answered(&template(&world.resources()), &question);
        let parts = world.partly();
        // With nothing left there is nothing to ask.
        prop_assume!(parts.iter().zip(world.hidden).any(|(_, how)| how > 1));
        let part = answered(&template(&parts), &question);
        if part.verdict() == Verdict::Depends {
            prop_assert!(!part.reasons().is_empty(), "{part:#?}");
        } else {
            prop_assert_eq!(part.verdict(), whole.verdict(), "{:#} {:#?}", template(&parts), part);
            prop_assert!(part.reasons().is_empty());
        }
    }
}
