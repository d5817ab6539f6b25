//! How rules are written.

use std::net::IpAddr;

use crate::query::rules::make::Target;
use crate::rules::{Direction, Entry, HopKind, Ports, Protocol};
use crate::space::{Block, Family};

/// How a selection is written where the target leaves a choice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum MakeForm {
    /// Host names of a plan for a firewall, else tags where they can be used, else prefixes.
    #[default]
    Best,
    /// Tags, and a refusal where one cannot be used.
    Tags,
    /// Prefixes.
    Prefixes,
}

/// Where a route leads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Hop {
    /// Straight to the Internet.
    #[default]
    Internet,
    /// The gateway of the virtual network.
    Gateway,
    /// The virtual network.
    Network,
    /// Nowhere: what goes there is dropped.
    Nowhere,
    /// An appliance.
    Appliance(IpAddr),
}

impl Hop {
    /// Those that have a name.
    pub const KNOWN: [Self; 4] = [Self::Internet, Self::Gateway, Self::Network, Self::Nowhere];

    /// The kind, as Azure names it.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Internet => HopKind::Internet,
            Self::Gateway => HopKind::Gateway,
            Self::Network => HopKind::Local,
            Self::Nowhere => HopKind::Nowhere,
            Self::Appliance(_) => HopKind::Appliance,
        }
        .name()
    }

    /// Reads Azure's names in any case, or the address of an appliance.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(address) = text.parse() {
            return Some(Self::Appliance(address));
        }
        let is_it = |hop: &Self| hop.kind().eq_ignore_ascii_case(text);
        Self::KNOWN.into_iter().find(is_it)
    }
}

/// Where the variables of a file of Terraform are declared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Variables {
    /// In the file.
    #[default]
    Declared,
    /// In another file of the same folder.
    Elsewhere,
}

/// Everything besides the target and the selection; the default is what most people want.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MakeOptions {
    /// Tags, prefixes or the best of them.
    pub form: MakeForm,
    /// One family only.
    pub family: Option<Family>,
    /// One entry for each published prefix, instead of the fewest with the same addresses.
    pub is_as_published: bool,
    /// What the rules, the set or the list is called.
    pub name: Option<String>,
    /// The first priority.
    pub priority: Option<u32>,
    /// Which way it goes; the target knows best.
    pub direction: Option<Direction>,
    /// Ports of the remote end; 443, or what the plan says.
    pub ports: Option<Ports>,
    /// The protocol; TCP.
    pub protocol: Option<Protocol>,
    /// The local end of rules with two ends.
    pub peer: Option<Entry>,
    /// Where routes lead.
    pub hop: Hop,
    /// The resource group.
    pub resource_group: Option<String>,
    /// What the rules go into: a registry, a security group, a policy, an IP group, a route table, a
    /// table of nftables.
    pub resource: Option<String>,
    /// Where variables are declared.
    pub variables: Variables,
}

impl MakeOptions {
    /// The families that are written for a target.
    #[must_use]
    pub fn families(&self, target: Target) -> Vec<Family> {
        // Both ends of a rule, and a route and its next hop, are of one family.
        let near = match (&self.peer, self.hop) {
            (Some(Entry::Span(span)), _) => Some(span.family()),
            (_, Hop::Appliance(address)) => Some(Block::of(address).family()),
            _ => None,
        };
        let is_written = |family: &&Family| {
            self.family.is_none_or(|only| only == **family)
                && near.is_none_or(|only| only == **family)
        };
        target
            .families()
            .iter()
            .filter(is_written)
            .copied()
            .collect()
    }

    /// The options as words of the command line.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        let mut flag = |flag: &str, is_on: bool| {
            if is_on {
                words.push(flag.to_owned());
            }
        };
        flag("--tags", self.form == MakeForm::Tags);
        flag("--prefixes", self.form == MakeForm::Prefixes);
        flag("--ipv4", self.family == Some(Family::V4));
        flag("--ipv6", self.family == Some(Family::V6));
        flag("--as-published", self.is_as_published);
        flag("--no-variables", self.variables == Variables::Elsewhere);
        let direction = self.direction.map(|direction| match direction {
            Direction::In => "in".to_owned(),
            Direction::Out => "out".to_owned(),
        });
        let hop = (self.hop != Hop::default()).then(|| match self.hop {
            Hop::Appliance(address) => address.to_string(),
            hop => hop.kind().to_owned(),
        });
        let ports = self.ports.as_ref().map(ToString::to_string);
        for (option, value) in [
            ("--name", self.name.clone()),
            ("--priority", self.priority.map(|it| it.to_string())),
            ("--direction", direction),
            ("--port", ports),
            (
                "--protocol",
                self.protocol.map(|it| match it {
                    Protocol::Any => "any".to_owned(),
                    other => other.name().to_ascii_lowercase(),
                }),
            ),
            ("--peer", self.peer.as_ref().map(ToString::to_string)),
            ("--next-hop", hop),
            ("--resource-group", self.resource_group.clone()),
            ("--resource", self.resource.clone()),
        ] {
            if let Some(value) = value {
                words.extend([option.to_owned(), value]);
            }
        }
        words
    }
}
