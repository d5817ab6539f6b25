//! A registry's network rules: what passes without them, subnets, addresses, the default action.
//!
//! No document states the order in one place; it is put together from several, and said so.

use std::sync::Arc;

use crate::azure::SubnetId;
use crate::query::rules::verdict::compile::{Checkpoint, flawed};
use crate::query::rules::verdict::first::{Effect, Reason, Rule, meet};
use crate::query::rules::verdict::places::{Places, Resolver};
use crate::query::rules::verdict::question::{RegistryPath, Trusted};
use crate::query::rules::verdict::side::Open;
use crate::rules::{Access, Entry, Registry as Facts, Row, RuleSet};
use crate::space::AddressSet;

/// What is said of every answer.
const ORDER: &str = "the order of a registry's checks (private endpoint, public access, trusted services, subnets, addresses, default action) is put together from several documents";
const OWN_ADDRESS: &str =
    "it arrives with the public address that its traffic leaves with: ask with that one";

/// What a registry has besides addresses.
#[derive(Debug, Clone)]
pub(super) struct Registry {
    facts: Facts,
    /// What is done with what no rule matches.
    default: Effect,
    subnets: Vec<(SubnetId, Row)>,
    /// Why rules that were not understood leave subnets in doubt.
    odd_subnet: Option<String>,
    has_addresses: bool,
    /// Whether the file is the registry, not its rules alone.
    is_whole: bool,
    /// What of the file could not be read.
    pub flaw: Option<String>,
}

/// What is decided without looking at addresses, or for all addresses of a subnet.
#[derive(Debug, Clone)]
pub(super) struct Decision {
    pub effect: Effect,
    pub row: String,
    pub place: String,
    pub because: String,
    pub unsure: Option<String>,
    pub assumed: Vec<String>,
}

impl Registry {
    /// Whether a host name may be the registry's: its login server, or one of its endpoints.
    pub(super) fn is_host(&self, name: &str) -> bool {
        let Some(own) = &self.facts.login_server else {
            return true;
        };
        let own = own.to_ascii_lowercase();
        let label = own.split('.').next().unwrap_or(&own);
        name == own || name.starts_with(&format!("{label}."))
    }
}

impl Decision {
    fn new(effect: Effect, row: &str, because: impl Into<String>) -> Self {
        Self {
            effect,
            row: row.to_owned(),
            place: String::new(),
            because: because.into(),
            unsure: None,
            assumed: Vec::new(),
        }
    }
}

/// What `az acr show-usage` alone makes is no rule set.
pub(super) fn is_limits_alone(set: &RuleSet) -> bool {
    set.rows.is_empty() && set.flaws.is_empty() && !is_whole(set) && !set.registry.usage.is_empty()
}

fn is_whole(set: &RuleSet) -> bool {
    let facts = &set.registry;
    facts.login_server.is_some() || facts.sku.is_some() || facts.public_access.is_some()
}

/// Makes rules about addresses of a registry's network rules.
pub(super) fn compile(set: &RuleSet, resolver: &mut Resolver<'_>, checkpoint: &mut Checkpoint) {
    let registry = Registry::new(set, checkpoint);
    checkpoint.rules.extend(flawed(set));
    let public = match registry.facts.public_access {
        Some(true) => "public access is Enabled",
        Some(false) => "public access is Disabled",
        None => {
            checkpoint
                .assumed
                .push("public access is on, as it is by default: the file does not say".to_owned());
            "public access is taken as Enabled"
        }
    };
    checkpoint.before.push(public.to_owned());
    if registry.facts.public_access == Some(false) {
        checkpoint.rules.push(from_decision(closed()));
    } else if registry.default == Effect::Allow {
        checkpoint.rules.extend(odd_actions(set, resolver));
        checkpoint.rules.push(from_decision(registry.by_default()));
    } else {
        checkpoint.rules.extend(odd_actions(set, resolver));
        subnets(&registry, resolver.places, checkpoint);
        inside(&registry, resolver.places, checkpoint);
        addresses(set, &registry, resolver, checkpoint);
        checkpoint.rules.push(from_decision(registry.by_default()));
    }
    checkpoint.assumed.push(ORDER.to_owned());
    checkpoint.registry = Some(registry);
}

/// Rows with an action that is none of a registry's.
fn odd_actions(set: &RuleSet, resolver: &mut Resolver<'_>) -> Vec<Rule> {
    let odd = set.rows.iter().filter(|row| row.access == Access::Unread);
    odd.map(|row| {
        let mut rule = Rule::new(row.name.as_str(), Effect::Unknown, Reason::Match);
        rule.place.clone_from(&row.place);
        rule.from = resolver.side(&row.sources, &mut rule.assumed);
        rule.doubt = Some(Arc::from("its action is not understood"));
        rule
    })
    .collect()
}

/// Subnets that a file describes.
fn subnets(registry: &Registry, places: &Places, checkpoint: &mut Checkpoint) {
    for subnet in &places.subnets {
        let decision = registry.of_subnet(&subnet.id, places);
        let mut rule = from_decision(decision);
        rule.from.is_all = false;
        rule.from.sets = vec![(
            Some(subnet.id.name().to_owned()),
            Arc::clone(&subnet.addresses),
        )];
        let is_twin = |other: &&crate::query::rules::verdict::places::Described| {
            !other.id.is_same(&subnet.id) && meet(&other.addresses, &subnet.addresses)
        };
        if let Some(twin) = places.subnets.iter().find(is_twin) {
            let why = format!("subnet {} has such addresses too", twin.id.name());
            rule.doubt = Some(Arc::from(why));
        } else {
            rule.notes.push(format!(
                "private addresses of the prefixes of {} are in that subnet",
                subnet.id.name()
            ));
        }
        checkpoint.rules.push(rule);
    }
}

/// Private addresses of no known subnet.
fn inside(registry: &Registry, places: &Places, checkpoint: &mut Checkpoint) {
    let mut decision = registry.by_default();
    decision.because = String::from(
        "a private address reaches the public endpoint from a listed subnet only; else it arrives with another address",
    );
    if let Some((id, _)) = registry.subnets.first() {
        decision.unsure = Some(format!(
            "it may be in the listed subnet {}: ask with the subnet's id, or add az network vnet subnet show to the files",
            id.name()
        ));
    } else if registry.has_addresses {
        decision.unsure = Some(OWN_ADDRESS.to_owned());
    }
    let mut rule = from_decision(decision);
    rule.from.is_all = false;
    rule.from.sets = vec![(None, Arc::clone(&places.inside))];
    checkpoint.rules.push(rule);
}

fn addresses(
    set: &RuleSet,
    registry: &Registry,
    resolver: &mut Resolver<'_>,
    checkpoint: &mut Checkpoint,
) {
    for row in &set.rows {
        let is_subnet = row.sources.iter().any(|it| matches!(it, Entry::Subnet(_)));
        if is_subnet || row.access != Access::Allow {
            continue;
        }
        let mut rule = Rule::new(row.name.as_str(), Effect::Allow, Reason::Entry);
        rule.place.clone_from(&row.place);
        rule.from = resolver.side(&row.sources, &mut rule.assumed);
        let spans = row.sources.iter().filter_map(Entry::span);
        let wide = AddressSet::from_spans(spans);
        if !wide.v6.is_empty() {
            let v4 = AddressSet {
                v4: wide.v4,
                ..AddressSet::default()
            };
            let v6 = AddressSet {
                v6: wide.v6,
                ..AddressSet::default()
            };
            rule.from.sets = vec![(None, Arc::new(v4))];
            rule.from.open.push(Open {
                within: Some(Arc::new(v6)),
                why: Arc::from("IP rules are for IPv4"),
            });
        }
        if !registry.subnets.is_empty() {
            rule.notes.push("a client with a listed address is in no subnet with the service endpoint: from there it would arrive with its private address, and the IP rule would not match".to_owned());
        }
        checkpoint.rules.push(rule);
    }
}

fn from_decision(decision: Decision) -> Rule {
    let reason = Reason::Said(decision.because);
    let mut rule = Rule::new(&decision.row, decision.effect, reason);
    rule.place = decision.place;
    rule.unsure = decision.unsure;
    rule.notes = decision.assumed;
    rule
}

fn closed() -> Decision {
    Decision::new(
        Effect::Deny,
        "publicNetworkAccess Disabled",
        "public access is off: only private endpoints are served; rules and service endpoints do not count",
    )
}

impl Registry {
    fn new(set: &RuleSet, checkpoint: &mut Checkpoint) -> Self {
        let facts = set.registry.clone();
        let is_whole = is_whole(set);
        let default = match facts.default_allows {
            Some(true) => Effect::Allow,
            Some(false) => Effect::Deny,
            None if is_whole && set.rows.is_empty() => {
                checkpoint.assumed.push(
                    "the default action is Allow, as it is without a rule set: the file has none"
                        .to_owned(),
                );
                Effect::Allow
            }
            None => {
                checkpoint.assumed.push("the default action is Deny: the file does not say (az acr network-rule list never does, az acr show does)".to_owned());
                Effect::Deny
            }
        };
        let id = |row: &Row| {
            row.sources.iter().find_map(|entry| match entry {
                Entry::Subnet(id) => Some(id.clone()),
                _ => None,
            })
        };
        let (mut subnets, mut has_addresses, mut odd_subnet) = (Vec::new(), false, None);
        for row in &set.rows {
            match id(row) {
                Some(id) => subnets.push((id, row.clone())),
                None if row.place.contains("virtualNetworkRules") => {
                    odd_subnet = Some(format!("{} is not understood", row.place));
                }
                None => has_addresses = true,
            }
        }
        Self {
            facts,
            default,
            subnets,
            odd_subnet,
            has_addresses,
            is_whole,
            flaw: (set.flaws.first()).map(|flaw| format!("{} is not understood", flaw.place)),
        }
    }

    fn by_default(&self) -> Decision {
        if self.default == Effect::Allow {
            let because = "every network is let in: the default action is Allow, and rules make no difference";
            return Decision::new(Effect::Allow, "defaultAction Allow", because);
        }
        Decision::new(
            Effect::Deny,
            "defaultAction Deny",
            "no rule matches, and the default action is Deny",
        )
    }

    /// What is decided by the way that the traffic takes; `None` for one that is looked at by its
    /// address, with the steps that were taken.
    pub fn by_path(
        &self,
        path: RegistryPath,
        steps: &mut Vec<String>,
        assumed: &mut Vec<String>,
    ) -> Option<Decision> {
        match path {
            RegistryPath::Public => None,
            RegistryPath::PrivateEndpoint => Some(self.private()),
            RegistryPath::Trusted(service) => self.trusted(service, steps, assumed),
        }
    }

    fn private(&self) -> Decision {
        let connections = &self.facts.connections;
        if let Some(open) = connections.iter().find(|it| it.is_approved) {
            return Decision::new(
                Effect::Allow,
                &format!("private endpoint {}", open.name),
                "traffic over an approved private endpoint is never checked against rules",
            );
        }
        if self.is_whole {
            let states: Vec<String> = connections
                .iter()
                .map(|it| format!("{} is {}", it.name, it.status))
                .collect();
            let because = if states.is_empty() {
                "the registry has no private endpoint".to_owned()
            } else {
                format!("no private endpoint is approved: {}", states.join(", "))
            };
            return Decision::new(Effect::Deny, "private endpoints", because);
        }
        let mut decision = Decision::new(
            Effect::Allow,
            "private endpoint",
            "traffic over an approved private endpoint is never checked against rules",
        );
        let said = "the private endpoint is approved: the file does not list private endpoints";
        decision.assumed.push(said.to_owned());
        decision
    }

    fn trusted(
        &self,
        service: Trusted,
        steps: &mut Vec<String>,
        assumed: &mut Vec<String>,
    ) -> Option<Decision> {
        let name = service.name();
        let by_default = |key: &str, value: &str| {
            format!("{key} is {value}, as it is by default: the file does not say")
        };
        let trusts = self.facts.trusts_services.unwrap_or_else(|| {
            assumed.push(by_default("networkRuleBypassOptions", "AzureServices"));
            true
        });
        let mut trusts_tasks = || {
            self.facts.trusts_tasks.unwrap_or_else(|| {
                assumed.push(by_default("networkRuleBypassAllowedForTasks", "false"));
                false
            })
        };
        let obstacle = if !trusts {
            Some("networkRuleBypassOptions is None")
        } else if service == Trusted::Tasks && !trusts_tasks() {
            Some("networkRuleBypassAllowedForTasks is not true")
        } else if !self.subnets.is_empty() {
            Some("the bypass does not apply to a registry with service endpoints")
        } else {
            None
        };
        if let Some(obstacle) = obstacle {
            steps.push(format!("{name}: no bypass, {obstacle}"));
            return (self.facts.public_access == Some(false)).then(closed);
        }
        if self.facts.public_access == Some(false) {
            assumed.push("the bypass also holds with public access off".to_owned());
        }
        assumed.extend(service.need().map(str::to_owned));
        let because = format!("{name} is a trusted service, and they pass the network rules");
        let row = "networkRuleBypassOptions AzureServices";
        Some(Decision::new(Effect::Allow, row, because))
    }

    /// A client of unknown address.
    pub fn nameless(&self) -> Decision {
        if self.facts.public_access == Some(false) {
            return closed();
        }
        let mut decision = self.by_default();
        if decision.effect == Effect::Deny && self.has_addresses {
            decision.unsure =
                Some("an IP rule may hold its address: give it with --from".to_owned());
        }
        decision
    }

    /// All clients in a subnet.
    pub fn of_subnet(&self, id: &SubnetId, places: &Places) -> Decision {
        if self.facts.public_access == Some(false) {
            return closed();
        }
        if self.default == Effect::Allow {
            return self.by_default();
        }
        let described = places.subnet(id);
        let has_endpoint = described.map(|it| it.has_endpoint);
        let listed = self.subnets.iter().find(|(known, _)| known.is_same(id));
        let own_address = || self.has_addresses.then(|| OWN_ADDRESS.to_owned());
        let name = id.name();
        let mut decision = match (listed, has_endpoint) {
            (Some((_, row)), Some(true)) => self.admitted(row, format!("the rule lists subnet {name}, which has the service endpoint Microsoft.ContainerRegistry: its clients arrive with their private addresses and the identity of the subnet")),
            (Some((_, row)), None) => {
                let mut decision = self.admitted(row, format!("the rule lists subnet {name}, whose clients arrive with their private addresses and the identity of the subnet"));
                decision.assumed.push(format!("subnet {name} has the service endpoint Microsoft.ContainerRegistry: its description (az network vnet subnet show) is not among the files"));
                decision
            }
            (Some((_, row)), Some(false)) => {
                let mut decision = self.by_default();
                decision.because = format!("the rule {} lists subnet {name}, but the subnet lacks the service endpoint Microsoft.ContainerRegistry, so that the rule does not work", row.place);
                decision.unsure = own_address();
                decision
            }
            (None, Some(true)) => {
                let mut decision = self.by_default();
                decision.because = format!("no rule lists subnet {name}; with its service endpoint clients arrive with private addresses, which no IP rule matches, and the default action is Deny");
                decision
            }
            (None, _) => {
                let mut decision = self.by_default();
                decision.because = format!("no rule lists subnet {name}, and the default action is Deny");
                decision.unsure = own_address();
                decision
            }
        };
        if decision.effect == Effect::Deny && decision.unsure.is_none() {
            decision.unsure.clone_from(&self.odd_subnet);
        }
        decision
    }

    fn admitted(&self, row: &Row, because: String) -> Decision {
        let mut decision = Decision::new(Effect::Allow, row.name.as_str(), because);
        decision.place.clone_from(&row.place);
        if row.access != Access::Allow {
            decision.unsure = Some("its action is not understood".to_owned());
        }
        let login = self.facts.login_server.as_deref().unwrap_or_default();
        let end = login.rsplit('.').next().unwrap_or_default();
        if ["us", "cn"].iter().any(|it| end.eq_ignore_ascii_case(it)) {
            decision.unsure = Some(
                "registries have no service endpoints in Azure Government and Azure China"
                    .to_owned(),
            );
        }
        decision
    }

    /// What a private address may come over besides.
    pub fn note(&self) -> Option<String> {
        let open = self.facts.connections.iter().find(|it| it.is_approved)?;
        Some(format!(
            "the traffic does not come over the private endpoint {}, where it would pass unchecked (--private-endpoint)",
            open.name
        ))
    }
}
