//! A registry beside its rules about addresses: what passes without them, subnets, the default
//! action.

use std::sync::Arc;

use crate::azure::SubnetId;
use crate::query::rules::resolve::NetworkPlaces;
use crate::query::rules::resolve::{Doubt, ReasonKind};
use crate::query::rules::verdict::first::RuleEffect;
use crate::query::rules::verdict::question::{RegistryPath, Trusted};
use crate::rules::{Access, Entry, FlawPart, RegistryFacts as Facts, Row, RuleSet};

/// The public address that traffic from inside leaves with is not in the files.
pub(super) fn own_address() -> Arc<Doubt> {
    Doubt::settled(
        ReasonKind::AddressUnknown,
        "it arrives with the public address that its traffic leaves with",
        "--from with that address",
    )
}

/// What a registry has besides addresses.
#[derive(Debug, Clone)]
pub(super) struct CompiledRegistry {
    pub facts: Facts,
    /// What is done with what no rule matches.
    pub default: RuleEffect,
    pub subnets: Vec<(SubnetId, Row)>,
    /// Why rules that were not understood leave subnets in doubt.
    odd_subnet: Option<Arc<Doubt>>,
    pub has_addresses: bool,
    /// What of the file could not be read.
    pub flaw: Option<Arc<Doubt>>,
}

/// What is decided without looking at addresses, or for all addresses of a subnet.
#[derive(Debug, Clone)]
pub(super) struct Decision {
    pub effect: RuleEffect,
    pub row: String,
    pub place: String,
    pub because: String,
    pub unsure: Option<Arc<Doubt>>,
    pub assumed: Vec<String>,
}

impl CompiledRegistry {
    /// Whether a host name may be the registry's: the file does not say its login server, or it
    /// [has](Self::has_host) the host.
    pub(super) fn is_host(&self, name: &str) -> bool {
        self.facts.login_server.is_none() || self.has_host(name)
    }

    /// Whether a host name is the login server that the file says, or one of its endpoints.
    pub(super) fn has_host(&self, name: &str) -> bool {
        self.facts.login_server.as_ref().is_some_and(|own| {
            let own = own.to_ascii_lowercase();
            let label = own.split('.').next().unwrap_or(&own);
            name == own || name.starts_with(&format!("{label}."))
        })
    }
}

impl Decision {
    fn new(effect: RuleEffect, row: &str, because: impl Into<String>) -> Self {
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

fn unread(place: &str) -> Arc<Doubt> {
    Doubt::new(ReasonKind::UnreadRow, format!("{place} is not understood"))
}

/// Whether a file is the registry, not its rules alone.
pub(super) fn is_whole(set: &RuleSet) -> bool {
    let facts = &set.registry;
    facts.login_server.is_some() || facts.sku.is_some() || facts.public_access.is_some()
}

/// Public access is off.
pub(super) fn closed() -> Decision {
    Decision::new(
        RuleEffect::Deny,
        "publicNetworkAccess Disabled",
        "public access is off: only private endpoints are served; rules and service endpoints do not count",
    )
}

impl CompiledRegistry {
    /// The facts of a registry; what they leave open is added to `assumed`.
    pub fn new(set: &RuleSet, assumed: &mut Vec<String>) -> Self {
        let facts = set.registry.clone();
        let is_whole = is_whole(set);
        let default = match facts.default_allows {
            Some(true) => RuleEffect::Allow,
            Some(false) => RuleEffect::Deny,
            None if is_whole && set.rows.is_empty() => {
                assumed.push(
                    "the default action is Allow, as it is without a rule set: the file has none"
                        .to_owned(),
                );
                RuleEffect::Allow
            }
            None => {
                assumed.push("the default action is Deny: the file does not say (az acr network-rule list never does, az acr show does)".to_owned());
                RuleEffect::Deny
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
                None if row.flaws.iter().any(|flaw| flaw.part == FlawPart::Subnet) => {
                    odd_subnet = Some(unread(&row.place));
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
            flaw: set.flaws.first().map(|flaw| unread(&flaw.place)),
        }
    }

    pub fn by_default(&self) -> Decision {
        if self.default == RuleEffect::Allow {
            let because = "every network is let in: the default action is Allow, and rules make no difference";
            return Decision::new(RuleEffect::Allow, "defaultAction Allow", because);
        }
        Decision::new(
            RuleEffect::Deny,
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
        const UNCHECKED: &str =
            "traffic over an approved private endpoint is never checked against rules";
        if let Some(open) = self.facts.approved() {
            let row = format!("private endpoint {}", open.name);
            return Decision::new(RuleEffect::Allow, &row, UNCHECKED);
        }
        if let Some(connections) = &self.facts.connections {
            let states: Vec<String> = connections
                .iter()
                .map(|it| format!("{} is {}", it.name, it.status))
                .collect();
            let because = if states.is_empty() {
                "the registry has no private endpoint".to_owned()
            } else {
                format!("no private endpoint is approved: {}", states.join(", "))
            };
            return Decision::new(RuleEffect::Deny, "private endpoints", because);
        }
        let mut decision = Decision::new(RuleEffect::Allow, "private endpoint", UNCHECKED);
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
        Some(Decision::new(RuleEffect::Allow, row, because))
    }

    /// A client of unknown address.
    pub fn nameless(&self) -> Decision {
        if self.facts.public_access == Some(false) {
            return closed();
        }
        let mut decision = self.by_default();
        if decision.effect == RuleEffect::Deny && self.has_addresses {
            decision.unsure = Some(Doubt::settled(
                ReasonKind::AddressUnknown,
                "an IP rule may hold its address",
                "--from with that address",
            ));
        }
        decision
    }

    /// All clients in a subnet.
    pub fn of_subnet(&self, id: &SubnetId, places: &NetworkPlaces) -> Decision {
        if self.facts.public_access == Some(false) {
            return closed();
        }
        if self.default == RuleEffect::Allow {
            return self.by_default();
        }
        let described = places.subnet(id);
        let has_endpoint = described.map(|it| it.has_endpoint);
        let listed = self.subnets.iter().find(|(known, _)| known.is_same(id));
        let own_address = || self.has_addresses.then(own_address);
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
        if decision.effect == RuleEffect::Deny && decision.unsure.is_none() {
            decision.unsure.clone_from(&self.odd_subnet);
        }
        decision
    }

    fn admitted(&self, row: &Row, because: String) -> Decision {
        let mut decision = Decision::new(RuleEffect::Allow, row.name.as_str(), because);
        decision.place.clone_from(&row.place);
        if row.access != Access::Allow {
            decision.unsure = Some(Doubt::new(
                ReasonKind::UnreadRow,
                "its action is not understood",
            ));
        }
        let login = self.facts.login_server.as_deref().unwrap_or_default();
        let end = login.rsplit('.').next().unwrap_or_default();
        if ["us", "cn"].iter().any(|it| end.eq_ignore_ascii_case(it)) {
            decision.unsure = Some(Doubt::new(
                ReasonKind::NotModelled,
                "registries have no service endpoints in Azure Government and Azure China",
            ));
        }
        decision
    }

    /// What a private address may come over besides.
    pub fn note(&self) -> Option<String> {
        let open = self.facts.approved()?;
        Some(format!(
            "the traffic does not come over the private endpoint {}, where it would pass unchecked (--private-endpoint)",
            open.name
        ))
    }
}
