//! What `rules check` says of a row is what `rules test` makes of it, question by question.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use tagscope::azure::Facts;
use tagscope::query::rules::verdict::{Party, Tester, VerdictQuestion};
use tagscope::query::rules::{AddressResolver, LoadedFile, check};
use tagscope::rules::{Direction, Entry, Protocol, read_rules};
use tagscope::text::Safe;

use crate::rules_forms::worlds;
use crate::rules_universe::{ENTRIES, dataset};

/// A row: near entries, far entries, which of the forms of its traffic, whether it allows.
type AgreeRow = (Vec<usize>, Vec<usize>, usize, usize, bool);

/// What a row of a security group names at its end in the network.
const NEAR: [&str; 6] = [
    "*",
    "10.0.0.0/28",
    "10.0.0.3",
    "10.0.0.0/30",
    "VirtualNetwork",
    "10.0.0.0/8",
];
/// Ends in the network, one of each way in which the entries tell them apart.
const NEAR_ENDS: [&str; 8] = [
    "10.0.0.3",
    "10.0.0.1",
    "10.0.0.9",
    "10.0.0.20",
    "172.16.0.1",
    "8.8.4.4",
    "168.63.129.16",
    "fd00::1",
];
/// Ends beyond it, likewise.
const FAR_ENDS: [&str; 14] = [
    "203.0.113.0",
    "203.0.113.5",
    "203.0.113.6",
    "203.0.113.9",
    "203.0.113.16",
    "203.0.113.20",
    "10.0.0.3",
    "10.0.0.5",
    "10.0.0.9",
    "10.0.0.20",
    "10.9.9.9",
    "8.8.8.8",
    "100.64.0.1",
    "2600::1",
];
const PORTS: [&str; 5] = ["*", "80", "443", "80-443", "0-79"];
const ASKED_PORTS: [u16; 4] = [80, 200, 443, 1000];
const PROTOCOLS: [&str; 4] = ["*", "Tcp", "Udp", "Icmp"];
const ASKED_PROTOCOLS: [Protocol; 3] = [Protocol::Tcp, Protocol::Udp, Protocol::Icmp];
const HOSTS: [&str; 6] = [
    "contoso.azurecr.io",
    "*.azurecr.io",
    "*azurecr.io",
    "*",
    "azurecr.io",
    "mcr.microsoft.com",
];
const ASKED_HOSTS: [&str; 5] = [
    "contoso.azurecr.io",
    "azurecr.io",
    "mcr.microsoft.com",
    "www.example.com",
    "other.azurecr.io",
];

fn agree_row(near: usize, far: usize) -> impl Strategy<Value = AgreeRow> {
    (
        prop::collection::vec(0..near, 1..3),
        prop::collection::vec(0..far, 1..3),
        0..PORTS.len(),
        0..PROTOCOLS.len(),
        any::<bool>(),
    )
}

fn sides(entries: &[usize], of: &[&str]) -> Vec<String> {
    entries
        .iter()
        .map(|&entry| of[entry % of.len()].to_owned())
        .collect()
}

fn group(rows: &[AgreeRow], is_in: bool) -> Value {
    let rules = rows.iter().enumerate().map(|(place, (near, far, port, protocol, allows))| {
        let (near, far) = (sides(near, &NEAR), sides(far, &ENTRIES[..13]));
        let (from, to) = if is_in { (far, near) } else { (near, far) };
        json!({"name": format!("r{place}"), "priority": 100 + place, "direction": if is_in { "Inbound" } else { "Outbound" },
            "access": if *allows { "Allow" } else { "Deny" }, "protocol": PROTOCOLS[*protocol], "sourcePortRange": "*",
            "sourceAddressPrefixes": from, "destinationAddressPrefixes": to, "destinationPortRange": PORTS[*port]})
    });
    json!({"name": "n", "type": "Microsoft.Network/networkSecurityGroups", "securityRules": rules.collect::<Vec<_>>()})
}

/// Network rows and, behind them, application rows by host.
fn firewall(rows: &[AgreeRow]) -> Value {
    let collections = rows.iter().enumerate().map(|(place, (near, far, port, protocol, allows))| {
        let near = sides(near, &["*", "10.0.0.0/28", "10.0.0.3", "10.0.0.0/30"]);
        let rule = if place % 2 == 0 {
            let protocol = ["Any", "TCP", "UDP", "ICMP"][*protocol];
            json!({"name": format!("r{place}"), "ruleType": "NetworkRule", "ipProtocols": [protocol],
                "sourceAddresses": near, "destinationAddresses": sides(far, &ENTRIES[..6]), "destinationPorts": [PORTS[*port]]})
        } else {
            json!({"name": format!("r{place}"), "ruleType": "ApplicationRule", "protocols": [{"protocolType": "Https", "port": 443}],
                "sourceAddresses": near, "targetFqdns": sides(far, &HOSTS)})
        };
        json!({"name": format!("c{place}"), "ruleCollectionType": "FirewallPolicyFilterRuleCollection", "priority": 100 + place,
            "action": {"type": if *allows { "Allow" } else { "Deny" }}, "rules": [rule]})
    });
    json!({"name": "g", "type": "Microsoft.Network/firewallPolicies/ruleCollectionGroups", "priority": 100, "ruleCollections": collections.collect::<Vec<_>>()})
}

fn span(text: &str) -> Party {
    Party::Span(Entry::parse(text).span().unwrap())
}

/// What is made of every question: the verdict, and the rows that decide or may decide.
fn asked(file: &LoadedFile, is_in: bool) -> Vec<(String, BTreeSet<String>, BTreeSet<String>)> {
    thread_local! {
        static WEEK: tagscope::query::Dataset = dataset();
    }
    WEEK.with(|week| {
        let files = std::slice::from_ref(file);
        let resolver = AddressResolver::new(week, files);
        let tester = Tester::new(files, &resolver);
        let hosts = ASKED_HOSTS.iter().map(|name| Party::Host {
            name: (*name).to_owned(),
            addresses: None,
            tags: Vec::new(),
        });
        let far: Vec<Party> = FAR_ENDS.iter().map(|text| span(text)).collect();
        let far: Vec<Party> = if is_in {
            far
        } else {
            far.into_iter().chain(hosts).collect()
        };
        let mut answers = Vec::new();
        for near in NEAR_ENDS {
            for far in &far {
                for port in ASKED_PORTS {
                    for protocol in ASKED_PROTOCOLS {
                        let near = span(near);
                        let (from, to) = if is_in {
                            (far.clone(), near)
                        } else {
                            (near, far.clone())
                        };
                        let question = VerdictQuestion {
                            from: Some(from),
                            to: Some(to),
                            port: Some(port),
                            protocol: Some(protocol),
                            direction: Some(if is_in { Direction::In } else { Direction::Out }),
                            ..VerdictQuestion::default()
                        };
                        let Ok(answer) = tester.ask(&question, &resolver) else {
                            continue;
                        };
                        let mut deciding = BTreeSet::new();
                        let mut perhaps = BTreeSet::new();
                        for checkpoint in &answer.checkpoints {
                            if checkpoint.parts.is_empty() {
                                deciding.insert(checkpoint.row.to_string());
                            }
                            let parts = checkpoint.parts.iter();
                            deciding.extend(parts.map(|part| part.row.to_string()));
                            let said = checkpoint.steps.iter().chain([&checkpoint.because]);
                            let said: String = said.map(String::as_str).collect();
                            let reasons = checkpoint
                                .reasons
                                .iter()
                                .chain(checkpoint.parts.iter().flat_map(|part| &part.reasons));
                            let said: String = reasons
                                .map(|reason| format!(" {} {}", reason.text, reason.place))
                                .chain([said])
                                .collect();
                            for place in 0..8 {
                                if said.contains(&format!("r{place}"))
                                    || said.contains(&format!("[{place}]"))
                                {
                                    perhaps.insert(format!("r{place}"));
                                }
                            }
                        }
                        answers.push((answer.verdict().word().to_owned(), deciding, perhaps));
                    }
                }
            }
        }
        answers
    })
}

fn loaded(file: &Value) -> LoadedFile {
    LoadedFile {
        path: Safe::new("test.json"),
        file: read_rules(file.to_string().as_bytes()).unwrap(),
    }
}

/// Rows by what is said of them: never reached or pointless, unnecessary, and whether all were
/// compared.
fn found(file: &LoadedFile) -> (BTreeSet<String>, BTreeSet<String>, bool) {
    let week = dataset();
    let files = std::slice::from_ref(file);
    let answer = check::ask(
        files,
        &AddressResolver::new(&week, files),
        &Facts::embedded(),
    );
    let rows = |ids: &[&str]| {
        let found = answer
            .findings
            .iter()
            .filter(|it| ids.contains(&it.check.id));
        found
            .filter_map(|it| it.row.as_ref())
            .map(ToString::to_string)
            .collect()
    };
    let is_whole = answer.findings.iter().all(|it| it.check.id != "unchecked");
    (
        rows(&["shadowed", "redundant", "duplicate"]),
        rows(&["covered-later"]),
        is_whole,
    )
}

fn agree(
    rows: &[AgreeRow],
    make: impl Fn(&[AgreeRow]) -> Value,
    is_in: bool,
) -> Result<(), TestCaseError> {
    let file = loaded(&make(rows));
    let (pointless, covered, is_whole) = found(&file);
    let answers = asked(&file, is_in);
    prop_assume!(!answers.is_empty());
    for (_, deciding, _) in &answers {
        let wrong: Vec<&String> = deciding.intersection(&pointless).collect();
        prop_assert!(wrong.is_empty(), "{wrong:?} decide: {:#}", make(rows));
    }
    for place in 0..rows.len() {
        let name = format!("r{place}");
        if pointless.contains(&name) || covered.contains(&name) {
            let mut file = file.clone();
            for set in &mut file.file.sets {
                set.rows.retain(|row| row.name.as_str() != name);
            }
            let without = asked(&file, is_in);
            for (with, without) in answers.iter().zip(&without) {
                prop_assert_eq!(&with.0, &without.0, "without {}: {:#}", name, make(rows));
            }
        } else {
            let decides = answers
                .iter()
                .any(|(_, deciding, perhaps)| deciding.contains(&name) || perhaps.contains(&name));
            prop_assert!(
                decides || !is_whole,
                "{} decides nothing: {:#}",
                name,
                make(rows)
            );
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: worlds() / 10, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn check_and_test_agree_about_a_security_group(
        rows in prop::collection::vec(agree_row(NEAR.len(), 13), 2..6), is_in in any::<bool>()
    ) {
        agree(&rows, |rows| group(rows, is_in), is_in)?;
    }

    #[test]
    fn check_and_test_agree_about_a_firewall(rows in prop::collection::vec(agree_row(4, 6), 2..7)) {
        agree(&rows, firewall, false)?;
    }
}
