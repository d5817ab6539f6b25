//! Verdicts over rule sets against an evaluator that asks one address after the other: a universe of
//! 64 addresses, four ports, two protocols.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use tagscope::query::rules::verdict::{
    CheckpointAnswer, Party, Tester, Verdict, VerdictAnswer, VerdictQuestion,
};
use tagscope::rules::{Direction, Entry, Protocol};
use tagscope::space::{AddressSet, Family, Span};

use crate::rules_universe::{
    ALWAYS, EACH, ENTRIES, Held, PRIVATE, PUBLIC, TAGS, answered, any_holds, in_tag, is_in,
    is_private, known, of_ip_group, text, to_host, universe,
};

#[derive(Debug, Clone)]
struct Made {
    is_out: bool,
    allows: bool,
    /// Any, TCP, UDP.
    protocol: u8,
    ports: (u16, u16),
    from: Vec<usize>,
    to: Vec<usize>,
}

fn made() -> impl Strategy<Value = Made> {
    let entries = || prop::collection::vec(0..ENTRIES.len(), 1..3);
    (
        any::<bool>(),
        any::<bool>(),
        0u8..3,
        0u16..4,
        0u16..4,
        entries(),
        entries(),
    )
        .prop_map(|(is_out, allows, protocol, low, high, from, to)| Made {
            is_out,
            allows,
            protocol,
            ports: (low.min(high), low.max(high)),
            from,
            to,
        })
}

impl Made {
    fn protocol_name(&self) -> &'static str {
        ["*", "Tcp", "Udp"][usize::from(self.protocol)]
    }

    fn matches(&self, from: u32, to: u32, asked: Asked) -> Held {
        let is_about = (self.protocol == 0 || self.protocol == asked.protocol)
            && (self.ports.0..=self.ports.1).contains(&asked.port);
        known(is_about) & any_holds(&self.from, from, true) & any_holds(&self.to, to, false)
    }

    fn security_rule(&self, place: usize) -> Value {
        let side = |entries: &[usize]| -> (Vec<&str>, Vec<Value>) {
            let plain = entries
                .iter()
                .map(|&it| ENTRIES[it])
                .filter(|it| *it != "group")
                .collect();
            let groups = entries
                .iter()
                .filter(|it| ENTRIES[**it] == "group")
                .map(|_| json!({"id": "/x/applicationSecurityGroups/g"}))
                .collect();
            (plain, groups)
        };
        let ((from, from_groups), (to, to_groups)) = (side(&self.from), side(&self.to));
        json!({"name": format!("r{place}"), "priority": 100 + place, "direction": if self.is_out { "Outbound" } else { "Inbound" },
            "access": if self.allows { "Allow" } else { "Deny" }, "protocol": self.protocol_name(),
            "sourceAddressPrefixes": from, "sourceApplicationSecurityGroups": from_groups, "sourcePortRange": "*",
            "destinationAddressPrefixes": to, "destinationApplicationSecurityGroups": to_groups,
            "destinationPortRange": format!("{}-{}", self.ports.0, self.ports.1)})
    }
}

#[derive(Debug, Clone, Copy)]
struct Asked {
    port: u16,
    /// TCP 1, UDP 2.
    protocol: u8,
    is_out: bool,
}

/// One end of a question: the text, and which addresses it has.
const ENDS: [(&str, u32, u8); 7] = [
    ("203.0.113.5", PUBLIC + 5, 32),
    ("10.0.0.3", PRIVATE + 3, 32),
    ("203.0.113.0/27", PUBLIC, 27),
    ("203.0.113.8/29", PUBLIC + 8, 29),
    ("10.0.0.0/27", PRIVATE, 27),
    ("10.0.0.8/29", PRIVATE + 8, 29),
    ("Beta", 0, 0),
];

fn end(place: usize) -> (Party, Vec<u32>) {
    let (name, first, length) = ENDS[place];
    if length == 0 {
        return (
            Party::Tag(name.to_owned()),
            universe().filter(|&it| in_tag(it, name)).collect(),
        );
    }
    let span = Entry::parse(name).span().unwrap();
    (
        Party::Span(span),
        universe().filter(|&it| is_in(it, first, length)).collect(),
    )
}

fn protocol(asked: Asked) -> Protocol {
    if asked.protocol == 1 {
        Protocol::Tcp
    } else {
        Protocol::Udp
    }
}

/// What a checkpoint says of one pair: row, whether it gets through, whether that is certain. Exactly one
/// part has the pair.
fn said(checkpoint: &CheckpointAnswer, from: u32, to: u32) -> (String, bool, bool) {
    let has = |set: &Option<AddressSet>, address: u32| {
        set.as_ref()
            .is_none_or(|set| set.v4.contains(u128::from(address)))
    };
    if checkpoint.parts.is_empty() {
        return (
            checkpoint.row.to_string(),
            checkpoint.verdict == Verdict::Allow,
            checkpoint.verdict.is_certain(),
        );
    }
    let parts: Vec<_> = checkpoint
        .parts
        .iter()
        .filter(|part| has(&part.from, from) && has(&part.to, to))
        .collect();
    assert_eq!(
        parts.len(),
        1,
        "{} {}: {checkpoint:#?}",
        text(from),
        text(to)
    );
    (
        parts[0].row.to_string(),
        parts[0].verdict == Verdict::Allow,
        parts[0].verdict.is_certain(),
    )
}

/// What rows make of one pair.
#[derive(Debug)]
struct Expected {
    /// The first row that matches in every case.
    row: String,
    /// The effects of the rows up to there that match in some case.
    seen: BTreeSet<bool>,
    /// The effects in the cases, one by one.
    exact: BTreeSet<bool>,
}

impl Expected {
    /// Where every row matches or does not.
    fn plain((row, allows, is_certain): (String, bool, bool)) -> Self {
        let seen = if is_certain {
            BTreeSet::from([allows])
        } else {
            BTreeSet::from([true, false])
        };
        let exact = seen.clone();
        Self { row, seen, exact }
    }

    /// An answer may be as sure as the cases allow, and is at least as sure as the rows do if each of
    /// them could match without the others.
    fn check(&self, (row, allows, is_certain): &(String, bool, bool)) {
        assert_eq!(row, &self.row);
        assert!(*is_certain || self.seen.len() > 1, "{self:?}");
        let said = BTreeSet::from([*allows]);
        assert!(!is_certain || self.exact == said, "{self:?} {allows}");
    }

    fn allows(&self) -> bool {
        self.seen == BTreeSet::from([true])
    }
}

/// First match, case by case.
fn first_match(rows: impl Iterator<Item = (String, Held, bool)>) -> Expected {
    let (mut seen, mut exact) = (BTreeSet::new(), BTreeSet::new());
    let mut open = ALWAYS;
    for (row, matched, allows) in rows {
        if matched != 0 {
            seen.insert(allows);
        }
        if matched & open != 0 {
            exact.insert(allows);
        }
        open &= !matched;
        if matched == ALWAYS {
            return Expected { row, seen, exact };
        }
    }
    panic!("no row decides");
}

fn group(rules: &[Made], from: u32, to: u32, asked: Asked) -> Expected {
    let own = rules
        .iter()
        .enumerate()
        .filter(|(_, rule)| rule.is_out == asked.is_out);
    let own = own.map(|(place, rule)| {
        (
            format!("r{place}"),
            rule.matches(from, to, asked),
            rule.allows,
        )
    });
    let inside = known(is_private(from) && is_private(to));
    let defaults = if asked.is_out {
        vec![
            ("AllowVnetOutBound", inside, true),
            ("AllowInternetOutBound", known(!is_private(to)), true),
            ("DenyAllOutBound", ALWAYS, false),
        ]
    } else {
        vec![
            ("AllowVnetInBound", inside, true),
            ("DenyAllInBound", ALWAYS, false),
        ]
    };
    first_match(
        own.chain(
            defaults
                .into_iter()
                .map(|(name, matched, allows)| (name.to_owned(), matched, allows)),
        ),
    )
}

fn whole(checkpoint: &CheckpointAnswer, found: &[Expected]) {
    let is_allowed = checkpoint.verdict == Verdict::Allow;
    if found.iter().all(Expected::allows) {
        assert!(is_allowed, "{checkpoint:#?}");
    }
    if is_allowed {
        assert!(
            found.iter().all(|it| !it.exact.contains(&false)),
            "{checkpoint:#?}"
        );
    }
    let is_denied = |it: &Expected| it.seen == BTreeSet::from([false]);
    if found.iter().any(is_denied) {
        assert!(checkpoint.verdict.is_certain(), "{checkpoint:#?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_security_group_answers_as_address_by_address(
        rules in prop::collection::vec(made(), 0..7), from in 0..ENDS.len(), to in 0..ENDS.len(),
        port in 0u16..4, protocol_number in 1u8..3, is_out in any::<bool>(),
    ) {
        let list: Vec<Value> = rules.iter().enumerate().map(|(place, rule)| rule.security_rule(place)).collect();
        let asked = Asked { port, protocol: protocol_number, is_out };
        let ((from, sources), (to, targets)) = (end(from), end(to));
        let question = VerdictQuestion {
            from: Some(from), to: Some(to), port: Some(port), protocol: Some(protocol(asked)),
            direction: Some(if is_out { Direction::Out } else { Direction::In }), ..VerdictQuestion::default()
        };
        let answer = answered(&json!({"name": "g", "securityRules": list}), &question);
        let checkpoint = &answer.checkpoints[0];
        let mut all = Vec::new();
        if !is_out && !sources.iter().all(|&it| is_private(it)) && targets.iter().all(|&it| !is_private(it)) {
            // What comes in by a public address goes to some private one behind it.
            for &from in &sources {
                all.extend(universe().filter(|&it| is_private(it)).map(|to| group(&rules, from, to, asked)));
            }
            if checkpoint.verdict == Verdict::Allow {
                prop_assert!(all.iter().all(|it| !it.exact.contains(&false)), "{checkpoint:#?}");
            }
            if checkpoint.verdict == Verdict::Deny {
                prop_assert!(all.iter().any(|it| !it.exact.contains(&true)), "{checkpoint:#?}");
            }
            return Ok(());
        }
        for &from in &sources {
            for &to in &targets {
                let expected = group(&rules, from, to, asked);
                expected.check(&said(checkpoint, from, to));
                all.push(expected);
            }
        }
        whole(checkpoint, &all);
    }

    #[test]
    fn a_firewall_answers_as_address_by_address(
        rules in prop::collection::vec((made(), 0u32..3, any::<bool>(), 0usize..4), 0..7), from in 0..ENDS.len(), to in 0..ENDS.len() + HOSTS.len(),
        port in 0u16..4, protocol_number in 1u8..3,
    ) {
        let asked = Asked { port, protocol: protocol_number, is_out: true };
        let (from, sources) = end(from);
        let (to, targets, host) = match to.checked_sub(ENDS.len()) {
            None => { let (party, targets) = end(to); (party, targets, None) }
            Some(host) => {
                let name = HOSTS[host];
                let span = Span::new(Family::V4, u128::from(PUBLIC), u128::from(PUBLIC + EACH - 1)).unwrap();
                let addresses = Some(AddressSet::from_spans([span]));
                (Party::Host { name: name.to_owned(), addresses, tags: Vec::new() }, (PUBLIC..PUBLIC + EACH).collect(), Some(name))
            }
        };
        let question = VerdictQuestion { from: Some(from), to: Some(to), port: Some(port), protocol: Some(protocol(asked)), ..VerdictQuestion::default() };
        let answer = answered(&policy(&rules), &question);
        let checkpoint = &answer.checkpoints[0];
        prop_assert_eq!(answer.checkpoints.len(), 1);
        let mut all = Vec::new();
        for &from in &sources {
            for &to in &targets {
                let expected = firewall(&rules, from, to, asked, host);
                expected.check(&said(checkpoint, from, to));
                all.push(expected);
            }
        }
        whole(checkpoint, &all);
    }

    #[test]
    fn a_route_table_answers_as_address_by_address(
        routes in prop::collection::vec((0..ROUTES.len(), any::<bool>()), 0..9), to in 0..ENDS.len(),
    ) {
        let (to, targets) = end(to);
        let list: Vec<Value> = routes.iter().enumerate().map(|(place, &(prefix, drops))| {
            let (name, first, length) = ROUTES[prefix];
            let prefix = if name.is_empty() { format!("{}/{length}", text(first)) } else { name.to_owned() };
            json!({"name": format!("r{place}"), "addressPrefix": prefix, "nextHopType": if drops { "None" } else { "Internet" }})
        }).collect();
        let question = VerdictQuestion { to: Some(to), ..VerdictQuestion::default() };
        let answer = answered(&json!({"name": "rt", "routes": list}), &question);
        let checkpoint = &answer.checkpoints[0];
        let mut all = Vec::new();
        for &to in &targets {
            let expected = Expected::plain(route(&routes, to));
            expected.check(&said(checkpoint, 0, to));
            all.push(expected);
        }
        whole(checkpoint, &all);
    }

    #[test]
    fn a_registry_answers_as_address_by_address(
        default in 0u8..3, is_public in any::<bool>(), listed in prop::collection::vec(0u32..4, 0..3),
        described in prop::collection::vec((0u32..4, any::<bool>()), 0..4),
        addresses in prop::collection::vec((0..EACH, 28u8..33), 0..5), from in 0..ENDS.len(),
    ) {
        let mut described = described;
        described.sort_unstable();
        described.dedup_by_key(|it| it.0);
        let set = Set { allows: default == 0, is_public, listed, described, addresses };
        let mut files = vec![json!({"name": "r", "loginServer": "r.azurecr.io", "publicNetworkAccess": if is_public { "Enabled" } else { "Disabled" },
            "networkRuleSet": {"defaultAction": if set.allows { "Allow" } else { "Deny" },
                "ipRules": set.addresses.iter().map(|&(at, length)| json!({"value": format!("{}/{length}", text(PUBLIC + at))})).collect::<Vec<_>>(),
                "virtualNetworkRules": set.listed.iter().map(|&it| json!({"id": subnet_id(it)})).collect::<Vec<_>>()}})];
        files.extend(set.described.iter().map(|&(number, has)| {
            let endpoints = if has { json!([{"service": "microsoft.containerregistry"}]) } else { json!([]) };
            json!({"id": subnet_id(number), "addressPrefix": format!("{}/29", text(PRIVATE + 8 * number)), "serviceEndpoints": endpoints})
        }));
        let (from, sources) = end(from);
        let answer = answered(&Value::Array(files), &VerdictQuestion { from: Some(from), ..VerdictQuestion::default() });
        let checkpoint = &answer.checkpoints[0];
        for from in sources {
            let (_, allows, is_certain) = said(checkpoint, from, 0);
            prop_assert_eq!((allows, is_certain), set.admits(from), "{} {:#?}", text(from), set);
        }
    }
}

#[test]
fn compiled_rules_go_to_another_thread() {
    fn moves<T: Send + Sync + 'static>() {}
    moves::<Tester>();
    moves::<VerdictAnswer>();
}

const HOSTS: [&str; 3] = ["a.example.net", "b.example.net", "other.org"];
const PATTERNS: [&str; 4] = ["a.example.net", "*.example.net", "*", "none.org"];

/// Rule, priority of its collection, whether it is an application rule, its pattern.
type FirewallRule = (Made, u32, bool, usize);

fn policy(rules: &[FirewallRule]) -> Value {
    let id = |number: u32| format!("/x/firewallPolicies/p/ruleCollectionGroups/g{number}");
    let list = rules.iter().enumerate().map(|(place, (made, priority, is_application, pattern))| {
        let plain = |entries: &[usize]| -> Vec<&str> { entries.iter().map(|&it| ENTRIES[it]).filter(|it| *it != "group").collect() };
        let groups = |entries: &[usize]| -> Vec<&str> { entries.iter().filter(|it| ENTRIES[**it] == "group").map(|_| "/x/ipGroups/nowhere").collect() };
        let rule = if *is_application {
            json!({"name": format!("r{place}"), "ruleType": "ApplicationRule", "sourceAddresses": plain(&made.from), "sourceIpGroups": groups(&made.from),
                "targetFqdns": [PATTERNS[*pattern]], "protocols": (made.ports.0..=made.ports.1).map(|port| json!({"protocolType": "Https", "port": port})).collect::<Vec<_>>()})
        } else {
            json!({"name": format!("r{place}"), "ruleType": "NetworkRule", "ipProtocols": [made.protocol_name()],
                "sourceAddresses": plain(&made.from), "sourceIpGroups": groups(&made.from), "destinationAddresses": plain(&made.to), "destinationIpGroups": groups(&made.to),
                "destinationPorts": [format!("{}-{}", made.ports.0, made.ports.1)]})
        };
        // Each rule is a group of its own; the number of the group breaks ties.
        json!({"id": id(u32::try_from(place).unwrap()), "name": format!("g{place}"), "priority": 100 + priority,
            "ruleCollections": [{"name": "c", "priority": 100, "action": {"type": if made.allows { "Allow" } else { "Deny" }}, "rules": [rule]}]})
    });
    let mut list: Vec<Value> = list.collect();
    list.push(json!({"id": id(99), "name": "empty", "priority": 999, "ruleCollections": []}));
    Value::Array(list)
}

fn firewall(
    rules: &[FirewallRule],
    from: u32,
    to: u32,
    asked: Asked,
    host: Option<&str>,
) -> Expected {
    // An unknown IP group may hold any address.
    let side = |entries: &[usize], address: u32, is_source: bool| {
        let (groups, others): (Vec<usize>, Vec<usize>) = entries
            .iter()
            .partition(|&&entry| ENTRIES[entry] == "group");
        let group = if groups.is_empty() {
            0
        } else {
            of_ip_group(is_source)
        };
        group | any_holds(&others, address, is_source)
    };
    let mut order: Vec<usize> = (0..rules.len()).collect();
    order.sort_by_key(|&place| (rules[place].2, rules[place].1, place));
    let rows = order.into_iter().map(|place| {
        let (made, _, is_application, pattern) = &rules[place];
        let port = (made.ports.0..=made.ports.1).contains(&asked.port);
        let matched = if *is_application {
            let named = match (host, PATTERNS[*pattern]) {
                (_, "*") if host.is_some() => ALWAYS,
                (Some(host), "*.example.net") => known(host.ends_with(".example.net")),
                (Some(host), pattern) => known(host == pattern),
                // Hosts 0 and 1 are two below example.net, 2 is none.org, 3 another; 4 has no name.
                (None, "a.example.net") => to_host(0),
                (None, "*.example.net") => to_host(0) | to_host(1),
                (None, "none.org") => to_host(2),
                (None, _) => ALWAYS & !to_host(4),
            };
            // They are for what goes out of the network.
            let is_about = port && asked.protocol == 1 && is_private(from);
            known(is_about) & side(&made.from, from, true) & named
        } else {
            let is_about = port && (made.protocol == 0 || made.protocol == asked.protocol);
            known(is_about) & side(&made.from, from, true) & side(&made.to, to, false)
        };
        (format!("r{place}"), matched, made.allows)
    });
    first_match(rows.chain([("no rule".to_owned(), ALWAYS, false)]))
}

/// Tags by name, prefixes without one.
const ROUTES: [(&str, u32, u8); 10] = [
    ("", 0, 0),
    ("", PUBLIC, 28),
    ("", PUBLIC, 29),
    ("", PUBLIC + 16, 30),
    ("", PRIVATE, 29),
    ("Alpha", 0, 0),
    ("Alpha.WestEurope", 0, 0),
    ("AzureCloud", 0, 0),
    ("AzureCloud.westeurope", 0, 0),
    ("Beta", 0, 0),
];

fn route(routes: &[(usize, bool)], to: u32) -> (String, bool, bool) {
    let mut best: Option<((u8, u8), usize)> = None;
    for (place, &(prefix, _)) in routes.iter().enumerate() {
        let (name, first, length) = ROUTES[prefix];
        // Written out, regional tag, tag, region of the cloud, cloud.
        let rank = match name {
            "" => 4,
            "Alpha.WestEurope" => 3,
            "AzureCloud.westeurope" => 1,
            "AzureCloud" => 0,
            _ => 2,
        };
        let own = [(first, length)];
        let prefixes = TAGS
            .iter()
            .find(|tag| tag.0 == name)
            .map_or(&own[..], |tag| tag.2);
        for &(first, length) in prefixes {
            let holds = length == 0 || is_in(to, first, length);
            if holds && best.is_none_or(|(known, _)| (length, rank) > known) {
                best = Some(((length, rank), place));
            }
        }
    }
    match best {
        // Nothing says which prefix the network has: it may be longer than a route that drops.
        Some((_, place)) if routes[place].1 => (format!("r{place}"), false, !is_private(to)),
        Some((_, place)) => (format!("r{place}"), true, true),
        None => ("no route".to_owned(), !is_private(to), !is_private(to)),
    }
}

#[derive(Debug)]
struct Set {
    allows: bool,
    is_public: bool,
    listed: Vec<u32>,
    /// Subnets of eight private addresses each, and whether they have the service endpoint.
    described: Vec<(u32, bool)>,
    addresses: Vec<(u32, u8)>,
}

fn subnet_id(number: u32) -> String {
    format!(
        "/subscriptions/0/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/s{number}"
    )
}

impl Set {
    /// Whether it lets an address in, and whether that is certain.
    fn admits(&self, from: u32) -> (bool, bool) {
        if !self.is_public {
            return (false, true);
        }
        if self.allows {
            return (true, true);
        }
        if !is_private(from) {
            let mut rules = self.addresses.iter();
            return (
                rules.any(|&(at, length)| is_in(from, PUBLIC + at, length)),
                true,
            );
        }
        let number = (from - PRIVATE) / 8;
        // With the service endpoint the address is the private one; else it is not known.
        let without = (false, self.addresses.is_empty());
        match self.described.iter().find(|it| it.0 == number) {
            Some((_, true)) => (self.listed.contains(&number), true),
            Some((_, false)) => without,
            None => (false, without.1 && self.listed.is_empty()),
        }
    }
}
