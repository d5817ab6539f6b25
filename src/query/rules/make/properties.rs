//! Properties of Azure's resources, as templates and Bicep share them. Names from the resource types of
//! `Microsoft.Network` and `Microsoft.ContainerRegistry`.

use crate::query::rules::make::Hop;
use crate::query::rules::make::header::ascii;
use crate::query::rules::make::job::{MadeRoute, MadeRule, MakeJob, Remote};
use crate::query::rules::make::tree::{Tree, text, texts};
use crate::rules::{Direction, Ports, Protocol};

/// Characters of a rule's description.
const MOST_DESCRIPTION: usize = 140;

/// What a plan needs a rule for; empty where nobody said.
pub(super) fn description(rule: &MadeRule) -> String {
    ascii(&rule.why).chars().take(MOST_DESCRIPTION).collect()
}

/// Ports as texts: `443`, `80-90`, `*`.
pub(super) fn ports(ports: &Ports, every: &str) -> Vec<String> {
    if ports.is_all() {
        return vec![every.to_owned()];
    }
    let runs = ports.runs().iter();
    runs.map(|&(first, last)| {
        if first == last {
            first.to_string()
        } else {
            format!("{first}-{last}")
        }
    })
    .collect()
}

/// Protocols as Azure Firewall names them.
pub(super) const fn firewall_protocol(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Tcp => "TCP",
        Protocol::Udp => "UDP",
        Protocol::Icmp => "ICMP",
        Protocol::Any | Protocol::Esp | Protocol::Ah => "Any",
    }
}

pub(super) const fn direction_word(direction: Direction) -> &'static str {
    match direction {
        Direction::In => "Inbound",
        Direction::Out => "Outbound",
    }
}

/// A rule of a security group.
pub(super) fn security_rule(job: &MakeJob<'_>, rule: &MadeRule) -> Tree {
    let mut members = Vec::new();
    let why = description(rule);
    if !why.is_empty() {
        members.push(("description", text(why)));
    }
    members.push(("priority", Tree::Number(rule.priority)));
    members.push(("direction", text(direction_word(job.direction))));
    members.push(("access", text("Allow")));
    members.push(("protocol", text(rule.protocol.name())));
    let remote = |single, plural| match &rule.remote {
        Remote::Tag(tag) => (single, text(tag.clone())),
        remote => (plural, texts(remote.texts())),
    };
    let local = |single| (single, text(job.peer()));
    members.push(match job.direction {
        Direction::In => remote("sourceAddressPrefix", "sourceAddressPrefixes"),
        Direction::Out => local("sourceAddressPrefix"),
    });
    members.push(("sourcePortRange", text("*")));
    members.push(match job.direction {
        Direction::In => local("destinationAddressPrefix"),
        Direction::Out => remote("destinationAddressPrefix", "destinationAddressPrefixes"),
    });
    let mut ports = ports(&rule.ports, "*");
    members.push(match (ports.len(), ports.pop()) {
        (1, Some(port)) => ("destinationPortRange", text(port)),
        (_, last) => {
            ports.extend(last);
            ("destinationPortRanges", texts(ports))
        }
    });
    Tree::Object(members)
}

/// The rule collections of a firewall: network rules, then application rules.
pub(super) fn collections(job: &MakeJob<'_>) -> Tree {
    let collection = |(priority, name, rules): (u32, String, Vec<&MadeRule>)| {
        let rules = rules.into_iter().map(|rule| firewall_rule(job, rule));
        Tree::Object(vec![
            (
                "ruleCollectionType",
                text("FirewallPolicyFilterRuleCollection"),
            ),
            ("name", text(name)),
            ("priority", Tree::Number(priority)),
            ("action", Tree::Object(vec![("type", text("Allow"))])),
            ("rules", Tree::List(rules.collect())),
        ])
    };
    Tree::List(split(job).into_iter().map(collection).collect())
}

/// Rules by kind, since a collection holds one kind: priority, name, rules.
pub(super) fn split<'a>(job: &'a MakeJob<'_>) -> Vec<(u32, String, Vec<&'a MadeRule>)> {
    let is_application = |rule: &&MadeRule| matches!(rule.remote, Remote::Hosts(_));
    let (application, network): (Vec<&MadeRule>, Vec<&MadeRule>) =
        job.rules.iter().partition(is_application);
    let base = job.azure_base();
    let name = |end: &str| {
        let room = crate::rules::limits::NAME - end.len();
        let head: String = base.chars().take(room).collect();
        format!("{}{end}", head.trim_end_matches(['.', '-']))
    };
    let first = job.first_priority();
    let mut parts = vec![
        (first, name("-network"), network),
        (first, name("-application"), application),
    ];
    parts.retain(|(_, _, rules)| !rules.is_empty());
    for ((priority, _, _), number) in parts.iter_mut().zip(0..) {
        *priority += number;
    }
    parts
}

fn firewall_rule(job: &MakeJob<'_>, rule: &MadeRule) -> Tree {
    let mut members = vec![("name", text(rule.name.clone()))];
    let why = description(rule);
    if !why.is_empty() {
        members.push(("description", text(why)));
    }
    let sources = ("sourceAddresses", texts([job.peer()]));
    if let Remote::Hosts(hosts) = &rule.remote {
        let protocol = |&(port, _): &(u16, u16)| {
            Tree::Object(vec![
                ("protocolType", text("Https")),
                ("port", Tree::Number(u32::from(port))),
            ])
        };
        let protocols = rule.ports.runs().iter().map(protocol).collect();
        members.extend([
            ("ruleType", text("ApplicationRule")),
            sources,
            ("protocols", Tree::List(protocols)),
            ("targetFqdns", texts(hosts.clone())),
        ]);
    } else {
        members.extend([
            ("ruleType", text("NetworkRule")),
            (
                "ipProtocols",
                texts([firewall_protocol(rule.protocol).to_owned()]),
            ),
            sources,
            ("destinationAddresses", texts(rule.remote.texts())),
            ("destinationPorts", texts(ports(&rule.ports, "*"))),
        ]);
    }
    Tree::Object(members)
}

/// A route with its name.
pub(super) fn route(job: &MakeJob<'_>, route: &MadeRoute) -> Tree {
    let mut members = vec![
        ("addressPrefix", text(route.to.clone())),
        ("nextHopType", text(job.options.hop.kind())),
    ];
    if let Hop::Appliance(address) = job.options.hop {
        members.push(("nextHopIpAddress", text(address.to_string())));
    }
    Tree::Object(vec![
        ("name", text(route.name.clone())),
        ("properties", Tree::Object(members)),
    ])
}

/// An IP rule's address: one alone has no length.
pub(super) fn address(block: crate::space::Block) -> String {
    block.span().to_string()
}
