//! Scripts of `az` commands. Options as in `az acr network-rule`, `az network nsg rule`, `az network
//! firewall policy rule-collection-group collection`, `az network ip-group`, `az network route-table
//! route`.

use std::fmt::Write as _;

use crate::query::rules::make::header;
use crate::query::rules::make::job::{MadeRule, MakeJob, Remote};
use crate::query::rules::make::properties::{
    address, description, direction_word, firewall_protocol, ports, split,
};
use crate::query::rules::make::{Hop, MakeRefusal, Resource};
use crate::rules::Direction;
use crate::text::{AzCommand, az_word};

/// The script.
///
/// # Errors
/// A name of which no command can be made.
pub(super) fn script(job: &MakeJob<'_>, resource: Resource) -> Result<String, MakeRefusal> {
    let mut out = "#!/usr/bin/env bash\n".to_owned();
    out.push_str(&header::comments(job, "#"));
    out.push('\n');
    for line in remarks(job, resource) {
        let _ = writeln!(out, "# {line}");
    }
    out.push_str("set -euo pipefail\n\n");
    for (name, value, what) in variables(job, resource) {
        let line = match value {
            Some(value) => format!("{name}={}", az_word(&value)?),
            None => format!(": \"${{{name}:?{what}}}\""),
        };
        out.push_str(&line);
        out.push('\n');
    }
    for (place, line) in commands(job, resource).into_iter().enumerate() {
        // One line each: they stand together.
        if place == 0 || resource != Resource::Registry {
            out.push('\n');
        }
        out.push_str(&line.finish()?);
        out.push('\n');
    }
    Ok(out)
}

/// What a reader must know.
fn remarks(job: &MakeJob<'_>, resource: Resource) -> Vec<&'static str> {
    match resource {
        Resource::Registry => vec![
            "Adds rules and removes none. They act once the default action is Deny, which needs Premium:",
            "  az acr update --name \"$REGISTRY\" --default-action Deny",
        ],
        Resource::SecurityGroup => vec![
            "Creates these rules or writes them anew; other rules stay. A priority is free once per direction.",
        ],
        Resource::Firewall => {
            vec!["The rule collection group is there, and its collections of these names are not."]
        }
        Resource::IpGroup => vec!["Creates the IP group, or replaces what is in it."],
        Resource::RouteTable if job.routes.is_empty() => Vec::new(),
        Resource::RouteTable => {
            vec!["Creates these routes or writes them anew; other routes stay."]
        }
    }
}

/// Variables of the script: name, value where it was given, what belongs there.
fn variables(
    job: &MakeJob<'_>,
    resource: Resource,
) -> Vec<(&'static str, Option<String>, &'static str)> {
    let name = job.options.resource.clone();
    let group = job.options.resource_group.clone();
    let own = match resource {
        // The name of a registry is unique.
        Resource::Registry => return vec![("REGISTRY", name, "the registry that lets them in")],
        Resource::SecurityGroup => ("SECURITY_GROUP", name, "the network security group"),
        Resource::Firewall => ("FIREWALL_POLICY", name, "the firewall policy"),
        Resource::IpGroup => ("IP_GROUP", name, "the IP group"),
        Resource::RouteTable => ("ROUTE_TABLE", name, "the route table"),
    };
    let mut all = vec![("RESOURCE_GROUP", group, "the resource group"), own];
    if resource == Resource::Firewall {
        all.push(("RULE_COLLECTION_GROUP", None, "the rule collection group"));
    }
    all
}

fn commands(job: &MakeJob<'_>, resource: Resource) -> Vec<AzCommand> {
    match resource {
        Resource::Registry => registry(job),
        Resource::SecurityGroup => job
            .rules
            .iter()
            .map(|rule| security_rule(job, rule))
            .collect(),
        Resource::Firewall => firewall(job),
        Resource::IpGroup => vec![ip_group(job)],
        Resource::RouteTable => routes(job),
    }
}

fn registry(job: &MakeJob<'_>) -> Vec<AzCommand> {
    let line = || AzCommand::on_one_line("az acr network-rule add --name \"$REGISTRY\"");
    let subnets = job.selection.subnets.iter();
    let subnets = subnets.map(|id| line().with("--subnet", &id.to_string()));
    let addresses = job.blocks.iter();
    let addresses = addresses.map(|&block| line().with("--ip-address", &address(block)));
    subnets.chain(addresses).collect()
}

fn security_rule(job: &MakeJob<'_>, rule: &MadeRule) -> AzCommand {
    let line = AzCommand::over_lines("az network nsg rule create")
        .with_word("--resource-group", "\"$RESOURCE_GROUP\"")
        .with_word("--nsg-name", "\"$SECURITY_GROUP\"")
        .with("--name", &rule.name)
        .with_word("--priority", &rule.priority.to_string())
        .with_word("--direction", direction_word(job.direction))
        .with_word("--access", "Allow")
        .with("--protocol", rule.protocol.name());
    let why = description(rule);
    let line = if why.is_empty() {
        line
    } else {
        line.with("--description", &why)
    };
    let local = vec![job.peer()];
    let remote = rule.remote.texts();
    let (source, destination) = match job.direction {
        Direction::In => (remote, local),
        Direction::Out => (local, remote),
    };
    line.with_all("--source-address-prefixes", &source)
        .with_word("--source-port-ranges", "'*'")
        .with_all("--destination-address-prefixes", &destination)
        .with_all("--destination-port-ranges", &ports(&rule.ports, "*"))
}

fn firewall(job: &MakeJob<'_>) -> Vec<AzCommand> {
    const GROUP: &str = "az network firewall policy rule-collection-group";
    let at = |line: AzCommand| {
        line.with_word("--resource-group", "\"$RESOURCE_GROUP\"")
            .with_word("--policy-name", "\"$FIREWALL_POLICY\"")
            .with_word("--rule-collection-group-name", "\"$RULE_COLLECTION_GROUP\"")
    };
    let mut lines = Vec::new();
    for (priority, collection, rules) in split(job) {
        for (place, rule) in rules.into_iter().enumerate() {
            // The first rule comes with its collection.
            let line = if place == 0 {
                at(AzCommand::over_lines(&format!(
                    "{GROUP} collection add-filter-collection"
                )))
                .with("--name", &collection)
                .with_word("--collection-priority", &priority.to_string())
                .with_word("--action", "Allow")
                .with("--rule-name", &rule.name)
            } else {
                at(AzCommand::over_lines(&format!(
                    "{GROUP} collection rule add"
                )))
                .with("--collection-name", &collection)
                .with("--name", &rule.name)
            };
            let line = match &rule.remote {
                Remote::Hosts(hosts) => {
                    let protocols = ports(&rule.ports, "443");
                    let protocols = protocols.iter().map(|port| format!("Https={port}"));
                    let protocols: Vec<String> = protocols.collect();
                    line.with_word("--rule-type", "ApplicationRule")
                        .with_all("--source-addresses", &[job.peer()])
                        .with_all("--protocols", &protocols)
                        .with_all("--target-fqdns", hosts)
                }
                remote => line
                    .with_word("--rule-type", "NetworkRule")
                    .with_word("--ip-protocols", firewall_protocol(rule.protocol))
                    .with_all("--source-addresses", &[job.peer()])
                    .with_all("--destination-addresses", &remote.texts())
                    .with_all("--destination-ports", &ports(&rule.ports, "*")),
            };
            lines.push(line);
        }
    }
    lines
}

fn ip_group(job: &MakeJob<'_>) -> AzCommand {
    let entries: Vec<String> = job.blocks.iter().map(ToString::to_string).collect();
    AzCommand::over_lines("az network ip-group create")
        .with_word("--resource-group", "\"$RESOURCE_GROUP\"")
        .with_word("--name", "\"$IP_GROUP\"")
        .with_all("--ip-addresses", &entries)
}

fn routes(job: &MakeJob<'_>) -> Vec<AzCommand> {
    let route = |route: &crate::query::rules::make::job::MadeRoute| {
        let line = AzCommand::over_lines("az network route-table route create")
            .with_word("--resource-group", "\"$RESOURCE_GROUP\"")
            .with_word("--route-table-name", "\"$ROUTE_TABLE\"")
            .with("--name", &route.name)
            .with("--address-prefix", &route.to)
            .with_word("--next-hop-type", job.options.hop.kind());
        match job.options.hop {
            Hop::Appliance(address) => {
                line.with_word("--next-hop-ip-address", &address.to_string())
            }
            _ => line,
        }
    };
    job.routes.iter().map(route).collect()
}
