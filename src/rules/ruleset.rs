//! Normalised rule sets.

use std::borrow::Cow;

use crate::azure::{PlatformTag, SubnetId};
use crate::rules::{Entry, Hop, Ports, Protocol, RuleSetKind};
use crate::space::Block;
use crate::text::Safe;

/// Which way a row looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Direction {
    /// Into the network, the registry.
    In,
    /// Out of the network.
    Out,
}

impl Direction {
    /// The word of flags and tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
        }
    }
}

/// What a row does with what it matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// Lets it through.
    Allow,
    /// Stops it.
    Deny,
    /// Sends it somewhere: the next hop of a route.
    Route(Hop),
    /// Stands for addresses only: an IP group, a list.
    Listed,
    /// Not understood, so no verdict may rest on it.
    Unread,
}

impl Access {
    /// The word for a screen.
    #[must_use]
    pub fn word(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
            Self::Route(hop) => return Cow::Owned(hop.to_string()),
            Self::Listed => "listed",
            Self::Unread => "not understood",
        })
    }
}

/// When Azure Firewall looks at a rule: every rule of a stage before any of the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// Address translation (DNAT).
    Translation,
    /// Network rules.
    Network,
    /// Application rules.
    Application,
}

impl Stage {
    /// The word for a screen.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Translation => "translation",
            Self::Network => "network",
            Self::Application => "application",
        }
    }
}

/// Where an entry stands in the text of a list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EntryPlace {
    /// The line, from 1.
    pub line: usize,
    /// Its bytes in the line.
    pub span: std::ops::Range<usize>,
}

/// A CIDR that was written with an address inside of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cleared {
    /// Where: a path within the document, or a line.
    pub place: String,
    /// As written.
    pub written: Safe,
    /// What it is read as.
    pub read: Block,
}

/// Something in a file that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// Where: a path within the document, or a line.
    pub place: String,
    /// What is there.
    pub found: Safe,
    /// What was expected.
    pub expected: &'static str,
    /// What of a row it leaves open.
    pub part: FlawPart,
}

/// What of a row is not known where something in it could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlawPart {
    /// All of it.
    Whole,
    /// One of its entries, which says so itself.
    Entry,
    /// Where traffic comes from.
    Source,
    /// Where it goes.
    Destination,
    /// Which way it looks.
    Direction,
    /// The subnet that a rule of a registry names.
    Subnet,
    /// Ports, protocols, the action and the like.
    Other,
}

impl FlawPart {
    /// What a key of a row is about; one of azurerm or of PowerShell too.
    #[must_use]
    pub fn of(key: &str) -> Self {
        let key = key.to_ascii_lowercase();
        let ends = ["destination", "target", "fqdn", "address", "ip"];
        if key == "direction" {
            Self::Direction
        } else if key.contains("port") || key.contains("protocol") {
            Self::Other
        } else if key.starts_with("source") {
            Self::Source
        } else if ends.iter().any(|start| key.starts_with(start)) {
            Self::Destination
        } else {
            Self::Other
        }
    }
}

impl Flaw {
    /// What is wrong, without the place.
    #[must_use]
    pub fn sentence(&self) -> String {
        let expected = self.expected;
        match self.found.as_str() {
            "nothing" | "null" | "" => format!("missing; expected {expected}"),
            found => format!("{found} is not understood; expected {expected}"),
        }
    }
}

/// Where a DNAT rule sends what it matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translated {
    /// The address, or the host name.
    pub to: Entry,
    /// The port; `None` where it was not understood.
    pub port: Option<u16>,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its name, or what stands in its place.
    pub name: Safe,
    /// Where it stands in the document.
    pub place: String,
    /// The rule collection of a firewall that it is in.
    pub collection: Option<Safe>,
    /// Lower comes first.
    pub priority: Option<u32>,
    /// Which way it looks.
    pub direction: Direction,
    /// What it does.
    pub access: Access,
    /// Protocols; any of them.
    pub protocols: Vec<Protocol>,
    /// Where it comes from; any of them.
    pub sources: Vec<Entry>,
    /// Source ports.
    pub source_ports: Ports,
    /// Where it goes; any of them.
    pub destinations: Vec<Entry>,
    /// Destination ports.
    pub ports: Ports,
    /// Whether Azure made it.
    pub is_default: bool,
    /// Of Azure Firewall: when it is looked at.
    pub stage: Option<Stage>,
    /// Of a DNAT rule: where it sends what it matches.
    pub translated: Option<Translated>,
    /// The tag that a list of addresses stands for, where its file says so.
    pub stands_for: Option<String>,
    /// Whether its file says that the addresses stand for no tag.
    pub is_of_no_tag: bool,
    /// CIDRs that hold more than the address they are written with.
    pub cleared: Vec<Cleared>,
    /// Tags of the platform in the spelling of the classic model, as written.
    pub classic: Vec<(Safe, PlatformTag)>,
    /// Of a list that is no table where each destination stands in the text.
    pub written: Vec<EntryPlace>,
    /// What of it could not be read.
    pub flaws: Vec<Flaw>,
}

impl Row {
    /// A row that matches everything.
    #[must_use]
    pub fn new(name: &str, place: String, direction: Direction, access: Access) -> Self {
        Self {
            name: Safe::new(name),
            place,
            collection: None,
            priority: None,
            direction,
            access,
            protocols: vec![Protocol::Any],
            sources: vec![Entry::Any],
            source_ports: Ports::all(),
            destinations: vec![Entry::Any],
            ports: Ports::all(),
            is_default: false,
            stage: None,
            translated: None,
            stands_for: None,
            is_of_no_tag: false,
            cleared: Vec::new(),
            classic: Vec::new(),
            written: Vec::new(),
            flaws: Vec::new(),
        }
    }

    /// Sources and destinations.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.sources.iter().chain(&self.destinations)
    }

    /// What it does, in a word.
    #[must_use]
    pub fn does(&self) -> Cow<'static, str> {
        match self.stage {
            Some(Stage::Translation) => Cow::Borrowed("translate"),
            _ => self.access.word(),
        }
    }

    /// Whether something in it was not understood.
    #[must_use]
    pub fn is_unread(&self) -> bool {
        self.access == Access::Unread
            || !self.flaws.is_empty()
            || self
                .entries()
                .any(|entry| matches!(entry, Entry::Unread(_) | Entry::Unresolved(_)))
    }
}

/// What a registry's document says besides its rules; `None` is what it does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegistryFacts {
    /// The login server.
    pub login_server: Option<String>,
    /// The tier.
    pub sku: Option<Safe>,
    /// The home region.
    pub location: Option<Safe>,
    /// Whether public access is on.
    pub public_access: Option<bool>,
    /// Whether what no rule matches is let in.
    pub default_allows: Option<bool>,
    /// Whether trusted services pass.
    pub trusts_services: Option<bool>,
    /// Whether tasks pass as trusted services.
    pub trusts_tasks: Option<bool>,
    /// Private endpoints, by state.
    pub connections: Option<Vec<Connection>>,
    /// Limits from `az acr show-usage`: name, limit, current value.
    pub usage: Vec<(Safe, u64, u64)>,
}

impl RegistryFacts {
    /// A private endpoint over which it is reached.
    #[must_use]
    pub fn approved(&self) -> Option<&Connection> {
        let mut connections = self.connections.iter().flatten();
        connections.find(|connection| connection.is_approved)
    }
}

/// A private endpoint of a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Its name.
    pub name: Safe,
    /// Whether it is approved.
    pub is_approved: bool,
    /// The state's word.
    pub status: Safe,
}

/// Where a security group or a route table is in force, as far as its file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applies {
    /// Subnets.
    pub subnets: Vec<SubnetId>,
    /// How many network interfaces.
    pub interfaces: usize,
}

/// What a virtual network says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    /// Its name.
    pub name: Safe,
    /// Its address space.
    pub prefixes: Vec<Entry>,
    /// The address spaces of its peers.
    pub peers: Vec<Entry>,
}

/// What a subnet says of its security group or its route table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum SubnetLink {
    /// Nothing.
    #[default]
    None,
    /// The resource's ID.
    To(String),
    /// Something that has no value yet, or was not understood.
    Open,
}

/// What Azure Firewall does with what Microsoft's threat intelligence knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThreatIntel {
    /// Nothing.
    Off,
    /// Writes it down.
    Alert,
    /// Stops it, before any rule.
    Deny,
    /// Not understood.
    Unread,
}

/// What a firewall or its policy says beside its rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirewallPolicy {
    /// Its name.
    pub name: Safe,
    /// Its resource id.
    pub id: Option<String>,
    /// The mode of threat intelligence, where it is said.
    pub threat_intel: Option<ThreatIntel>,
    /// The mode of intrusion detection, where it is said.
    pub intrusion: Option<ThreatIntel>,
    /// The policy whose rules come before its own.
    pub base: Option<Safe>,
}

/// What `az network vnet subnet show` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subnet {
    /// Which subnet.
    pub id: SubnetId,
    /// Its service endpoints.
    pub service_endpoints: Vec<Safe>,
    /// Its addresses.
    pub prefixes: Vec<Entry>,
    /// Its security group.
    pub security_group: SubnetLink,
    /// Its route table.
    pub route_table: SubnetLink,
    /// What holds for the private endpoints in it.
    pub policies: EndpointPolicies,
    /// How many private endpoints it names.
    pub private_endpoints: usize,
}

/// Which of a subnet's rules hold for the private endpoints in it: its `privateEndpointNetworkPolicies`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndpointPolicies {
    /// Those of security groups; `None` is not known.
    pub groups: Option<bool>,
    /// Those of route tables; `None` is not known.
    pub routes: Option<bool>,
}

impl EndpointPolicies {
    /// None hold, as it is by default.
    pub const OFF: Self = Self {
        groups: Some(false),
        routes: Some(false),
    };

    /// Of a value that was not understood.
    pub const UNKNOWN: Self = Self {
        groups: None,
        routes: None,
    };

    /// What a word says.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        let is = |known: &str| word.eq_ignore_ascii_case(known);
        let (groups, routes) = match () {
            () if is("Disabled") => (false, false),
            () if is("Enabled") => (true, true),
            () if is("NetworkSecurityGroupEnabled") => (true, false),
            () if is("RouteTableEnabled") => (false, true),
            () => return None,
        };
        Some(Self {
            groups: Some(groups),
            routes: Some(routes),
        })
    }
}

/// A private endpoint: an interface with private addresses that stands for a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivateEndpoint {
    /// Its name.
    pub name: Safe,
    /// Where it is.
    pub subnet: Option<SubnetId>,
    /// Its addresses, where they are said, with the host that has each, where that is said.
    pub addresses: Vec<(Option<Safe>, Entry)>,
    /// The IDs of what it stands for.
    pub targets: Vec<Safe>,
}

/// One resource, or one list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSet {
    /// What it is.
    pub kind: RuleSetKind,
    /// Its name.
    pub name: Safe,
    /// Its resource id.
    pub id: Option<String>,
    /// Of a rule collection group of Azure Firewall: lower comes first.
    pub priority: Option<u32>,
    /// Rules in evaluation order; of a security group inbound first.
    pub rows: Vec<Row>,
    /// Whether it lists what is in force, Azure's own rules and routes among it.
    pub is_effective: bool,
    /// Of a firewall's rules: whether they are a rule collection group of a policy, and so have commands
    /// of their own.
    pub is_collection_group: bool,
    /// Where it is in force.
    pub applies: Applies,
    /// What a registry says besides.
    pub registry: RegistryFacts,
    /// What could not be read outside of rows.
    pub flaws: Vec<Flaw>,
}

impl RuleSet {
    /// A set without rows.
    #[must_use]
    pub fn new(kind: RuleSetKind, name: &str) -> Self {
        Self {
            kind,
            name: Safe::new(name),
            id: None,
            priority: None,
            rows: Vec::new(),
            is_effective: false,
            is_collection_group: false,
            applies: Applies::default(),
            registry: RegistryFacts::default(),
            flaws: Vec::new(),
        }
    }
}

/// Everything in one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleFile {
    /// The resources, in the file's order.
    pub sets: Vec<RuleSet>,
    /// Subnets that are described beside them.
    pub subnets: Vec<Subnet>,
    /// Virtual networks that are described beside them.
    pub networks: Vec<Network>,
    /// The security groups that network interfaces beside them name, by ID.
    pub interface_groups: Vec<String>,
    /// Firewall policies that are described beside their groups.
    pub policies: Vec<FirewallPolicy>,
    /// Private endpoints that are described beside them.
    pub private_endpoints: Vec<PrivateEndpoint>,
    /// Parts that may hold rules and were not understood.
    pub flaws: Vec<Flaw>,
    /// How it was read, where that is not plain.
    pub notes: Vec<Safe>,
}
