//! Runbooks: filled-in sequences of commands, to be copied whole.
//!
//! What is not known is a placeholder in angle brackets, quoted and listed. Values are quoted for a
//! POSIX shell. The order is the safe one: what lets somebody in comes before what shuts others
//! out, also where the documents have it the other way round.

mod command;
mod data;
mod inputs;
mod lines;
mod pool;
mod record;
mod rules;
mod steps;

pub use crate::azure::{SubnetId, SubnetIdError};
pub use inputs::{InputError, Inputs, Pool, Tier, address, subscription};
pub use lines::{LineKind, RunbookLine};
pub use record::{RunbookList, RunbookRecord};

use crate::azure::Cloud;
use inputs::Blank;

/// What a runbook is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RunbookKind {
    /// Let one subnet in, by a service endpoint, and nobody else.
    RestrictToSubnet,
    /// Let an address or a range in, and nobody else.
    RestrictToAddress,
    /// See whether the registry is reached and lets in.
    Verify,
    /// Take the rules away and let everybody in again.
    RollBack,
    /// A subnet in another subscription than the registry's.
    OtherSubscription,
    /// Tasks in a subnet.
    AgentPool,
    /// What must go before a private endpoint comes.
    BeforePrivateLink,
    /// From the storage wildcard to dedicated data endpoints.
    DataEndpoints,
    /// Delete what a trial left behind.
    CleanUp,
}

impl RunbookKind {
    /// Every kind, as they are listed.
    pub const ALL: [Self; 9] = [
        Self::RestrictToSubnet,
        Self::RestrictToAddress,
        Self::Verify,
        Self::RollBack,
        Self::OtherSubscription,
        Self::AgentPool,
        Self::BeforePrivateLink,
        Self::DataEndpoints,
        Self::CleanUp,
    ];

    /// The word for flags and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::RestrictToSubnet => "restrict-to-subnet",
            Self::RestrictToAddress => "restrict-to-address",
            Self::Verify => "verify",
            Self::RollBack => "roll-back",
            Self::OtherSubscription => "other-subscription",
            Self::AgentPool => "agent-pool",
            Self::BeforePrivateLink => "before-private-link",
            Self::DataEndpoints => "data-endpoints",
            Self::CleanUp => "clean-up",
        }
    }

    /// The kind of a word, without regard to case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_named = |kind: &Self| kind.word().eq_ignore_ascii_case(text.trim());
        Self::ALL.into_iter().find(is_named)
    }

    /// The heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::RestrictToSubnet => "Restrict a registry to a subnet",
            Self::RestrictToAddress => "Restrict a registry to an address or a range",
            Self::Verify => "Verify access to a registry",
            Self::RollBack => "Roll the restriction back",
            Self::OtherSubscription => "Let a subnet of another subscription in",
            Self::AgentPool => "Run Tasks in a subnet: an agent pool",
            Self::BeforePrivateLink => "Before private link: remove the network rules",
            Self::DataEndpoints => "Switch to dedicated data endpoints",
            Self::CleanUp => "Clean up after a trial",
        }
    }

    /// Where most of it is run.
    #[must_use]
    pub const fn site(self) -> Site {
        match self {
            Self::Verify => Site::Client,
            _ => Site::Admin,
        }
    }

    /// When it is the one to take.
    #[must_use]
    pub const fn when(self) -> &'static str {
        match self {
            Self::RestrictToSubnet => {
                "Virtual machines or AKS nodes of one subnet pull; private link, which is recommended \
                 instead, cannot be had."
            }
            Self::RestrictToAddress => {
                "Clients come from known public IPv4 addresses: a proxy, an office, a NAT gateway."
            }
            Self::Verify => "After each change, and when a pull fails.",
            Self::RollBack => "The wrong clients are refused, or the trial is over.",
            Self::OtherSubscription => {
                "The virtual network and the registry are in different subscriptions."
            }
            Self::AgentPool => {
                "The registry has network rules or no public access, so that Tasks on shared runners \
                 get 403."
            }
            Self::BeforePrivateLink => {
                "A private endpoint is to be added: service endpoints and private link exclude each \
                 other."
            }
            Self::DataEndpoints => {
                "A firewall of clients allows all of Azure's blob storage, and is to allow this \
                 registry alone."
            }
            Self::CleanUp => "Everything of the trial is in one resource group.",
        }
    }
}

/// Where the commands of a step are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Site {
    /// Where Azure CLI is signed in as somebody who may change things.
    Admin,
    /// On a client that is to be let in.
    Client,
    /// On a machine that is to be refused.
    Outside,
}

impl Site {
    /// The word in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Client => "client",
            Self::Outside => "outside",
        }
    }

    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Admin => "with Azure CLI, as somebody who may change things",
            Self::Client => "on a client that is to be let in",
            Self::Outside => "on a machine that is to be refused",
        }
    }
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunbookStep {
    /// What it does.
    pub what: String,
    /// Tier and version that it needs; empty for nothing in particular.
    pub needs: &'static str,
    /// Where it is run.
    pub site: Site,
    /// Commands; one that is long goes on in lines after a backslash.
    pub commands: Vec<String>,
    /// What to know beside it.
    pub notes: Vec<String>,
}

/// A value that is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct RunbookPlaceholder {
    /// As it stands in the commands: `<registry>`.
    pub name: &'static str,
    /// What belongs there.
    pub what: &'static str,
}

/// A sequence of commands with all that was known filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runbook {
    /// What it is for.
    pub kind: RunbookKind,
    /// The cloud for which it is written.
    pub cloud: Cloud,
    /// False where the cloud has no such thing; the steps say so and hold no commands.
    pub is_possible: bool,
    /// In order.
    pub steps: Vec<RunbookStep>,
    /// What is still to be filled in.
    pub placeholders: Vec<RunbookPlaceholder>,
}

impl Runbook {
    /// A short name: the kind's word.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        self.kind.word()
    }

    /// Where most of it is run; commands for elsewhere are comments in the script.
    #[must_use]
    pub const fn site(&self) -> Site {
        self.kind.site()
    }
}

/// Writes a runbook of a kind with what is known.
#[must_use]
pub fn make(kind: RunbookKind, inputs: &Inputs) -> Runbook {
    let refusal = refusal(kind, inputs);
    let is_possible = refusal.is_none();
    let steps = refusal.unwrap_or_else(|| {
        let mut steps = steps::cloud(inputs, kind.site());
        steps.extend(match kind {
            RunbookKind::RestrictToSubnet => rules::restrict_to_subnet(inputs),
            RunbookKind::RestrictToAddress => rules::restrict_to_address(inputs),
            RunbookKind::Verify => rules::verify(inputs),
            RunbookKind::RollBack => rules::roll_back(inputs),
            RunbookKind::OtherSubscription => rules::other_subscription(inputs),
            RunbookKind::AgentPool => pool::agent_pool(inputs),
            RunbookKind::BeforePrivateLink => rules::before_private_link(inputs),
            RunbookKind::DataEndpoints => data::data_endpoints(inputs),
            RunbookKind::CleanUp => data::clean_up(inputs),
        });
        steps
    });
    let is_used = |blank: &Blank| {
        let mut commands = steps.iter().flat_map(|step| &step.commands);
        commands.any(|command| command.contains(blank.name()))
    };
    let placeholders = Blank::ALL.into_iter().filter(is_used);
    let placeholders = placeholders.map(|blank| RunbookPlaceholder {
        name: blank.name(),
        what: blank.what(),
    });
    Runbook {
        kind,
        cloud: inputs.cloud,
        is_possible,
        placeholders: placeholders.collect(),
        steps,
    }
}

/// Why this cloud, this registry, a name or this address has no such runbook; `None` where it has.
fn refusal(kind: RunbookKind, inputs: &Inputs) -> Option<Vec<RunbookStep>> {
    let cloud = inputs.cloud;
    let has_endpoints = inputs.has_service_endpoints();
    let is_about_subnets = matches!(
        kind,
        RunbookKind::RestrictToSubnet | RunbookKind::OtherSubscription
    );
    let (what, text) = if cloud == Cloud::AzureGermany {
        let text = "Azure Germany is closed: there is nothing to run these against.";
        (format!("Not in {cloud}"), text.to_owned())
    } else if let Some(refused) = inputs.refused() {
        ("Not with this name".to_owned(), refused.to_string())
    } else if kind == RunbookKind::BeforePrivateLink && !has_endpoints {
        let text = "Service endpoints of registries do not exist in this cloud, so no rule stands in \
                    the way of a private endpoint. IP rules can stay.";
        (format!("Not in {cloud}"), text.to_owned())
    } else if is_about_subnets && !has_endpoints {
        let text = "Service endpoints of registries do not exist in this cloud, so these commands \
                    would fail. Use a private endpoint, or rules for public addresses \
                    (restrict-to-address).";
        (format!("Not in {cloud}"), text.to_owned())
    } else if is_about_subnets && inputs.is_private_link {
        let text = "The registry has private endpoints: private link and service endpoints exclude \
                    each other, and private link is the recommended one. Keep it.";
        ("Not beside private link".to_owned(), text.to_owned())
    } else if kind == RunbookKind::RestrictToAddress {
        let text = inputs.unfit_address()?;
        ("Not with this address".to_owned(), text)
    } else {
        return None;
    };
    Some(vec![RunbookStep::new(&what).note(&text)])
}

#[cfg(test)]
mod tests;
