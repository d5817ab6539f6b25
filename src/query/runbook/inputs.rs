//! What is known of the registry and its clients, and what stands for the rest.

use std::net::IpAddr;

use crate::azure::Cloud;
use crate::azure::registry::CloudDomains;
use crate::azure::subnet::{self, SubnetId};
use crate::query::explain::{AddressScope, Part};
use crate::space::{Block, BlockError, Family};
use crate::text::{Safe, WordRefusal, az_word};

/// What a runbook is filled in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inputs {
    /// The cloud.
    pub cloud: Cloud,
    /// The registry's resource name.
    pub registry: Option<String>,
    /// Its login server, where it is not the name with the cloud's suffix.
    pub login_server: Option<String>,
    /// The registry's subscription.
    pub registry_subscription: Option<String>,
    /// The resource group of a trial.
    pub resource_group: Option<String>,
    /// The subnet of the clients.
    pub subnet: Option<SubnetId>,
    /// The subnet of the agent pool, where it is another one.
    pub agent_subnet: Option<SubnetId>,
    /// The network security group of the agent pool's subnet.
    pub security_group: Option<String>,
    /// The agent pool.
    pub pool: Pool,
    /// The registry's regions, by their names in host names: home region and replicas.
    pub regions: Vec<String>,
    /// Whether the registry has private endpoints.
    pub is_private_link: bool,
    /// The public address or range of the clients.
    pub client_address: Option<Block>,
}

/// An agent pool.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pool {
    /// Its name.
    pub name: Option<String>,
    /// Its size.
    pub tier: Tier,
}

/// The size of an agent pool's machines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Tier {
    /// 2 vCPU, 3 GB.
    S1,
    /// 4 vCPU, 8 GB.
    #[default]
    S2,
    /// 8 vCPU, 16 GB.
    S3,
    /// 64 vCPU, 216 GB, isolated.
    I6,
}

impl Tier {
    /// Every tier, the smallest first.
    pub const ALL: [Self; 4] = [Self::S1, Self::S2, Self::S3, Self::I6];

    /// The name for the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::S1 => "S1",
            Self::S2 => "S2",
            Self::S3 => "S3",
            Self::I6 => "I6",
        }
    }

    /// The tier of a name, without regard to case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_named = |tier: &Self| tier.word().eq_ignore_ascii_case(text.trim());
        Self::ALL.into_iter().find(is_named)
    }
}

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InputError {
    /// No subscription.
    #[error("\"{text}\" is no subscription ID: a GUID; az account show --query id prints it")]
    Subscription {
        /// What was given.
        text: Safe,
    },
    /// No address.
    #[error(transparent)]
    Address(#[from] BlockError),
    /// An address that no rule takes.
    #[error("{block} is IPv6, and rules of a registry take IPv4 only")]
    Family {
        /// The address.
        block: Block,
    },
}

/// A subscription's ID.
///
/// # Errors
/// [`InputError::Subscription`].
pub fn subscription(text: &str) -> Result<String, InputError> {
    subnet::guid(text.trim()).map_err(|_| InputError::Subscription {
        text: Safe::new(text),
    })
}

/// An address or a range that a rule of a registry can hold.
///
/// # Errors
/// [`InputError::Address`] or [`InputError::Family`].
pub fn address(text: &str) -> Result<Block, InputError> {
    let text = text.trim();
    let block = match text.parse::<IpAddr>() {
        Ok(address) => Block::of(address),
        Err(_) => Block::parse(text)?.0,
    };
    match block.family() {
        Family::V4 => Ok(block),
        Family::V6 => Err(InputError::Family { block }),
    }
}

/// What stands for a value that is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blank {
    Registry,
    LoginServer,
    RegistrySubscription,
    ResourceGroup,
    NetworkSubscription,
    NetworkGroup,
    Network,
    Subnet,
    SubnetId,
    SecurityGroup,
    Pool,
    Address,
    Region,
}

impl Blank {
    pub const ALL: [Self; 13] = [
        Self::Registry,
        Self::LoginServer,
        Self::RegistrySubscription,
        Self::ResourceGroup,
        Self::NetworkSubscription,
        Self::NetworkGroup,
        Self::Network,
        Self::Subnet,
        Self::SubnetId,
        Self::SecurityGroup,
        Self::Pool,
        Self::Address,
        Self::Region,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Registry => "<registry>",
            Self::LoginServer => "<login-server>",
            Self::RegistrySubscription => "<registry-subscription>",
            Self::ResourceGroup => "<resource-group>",
            Self::NetworkSubscription => "<network-subscription>",
            Self::NetworkGroup => "<network-resource-group>",
            Self::Network => "<network>",
            Self::Subnet => "<subnet>",
            Self::SubnetId => "<subnet-id>",
            Self::SecurityGroup => "<security-group>",
            Self::Pool => "<pool>",
            Self::Address => "<address>",
            Self::Region => "<region>",
        }
    }

    pub const fn what(self) -> &'static str {
        match self {
            Self::Registry => "the registry's resource name",
            Self::LoginServer => "the registry's login server, in lower case",
            Self::RegistrySubscription => "the subscription of the registry, ID or name",
            Self::ResourceGroup => "the resource group of the trial",
            Self::NetworkSubscription => "the subscription of the virtual network, ID or name",
            Self::NetworkGroup => "the resource group of the virtual network",
            Self::Network => "the virtual network's name: az network vnet list --query '[].name'",
            Self::Subnet => "the subnet's name",
            Self::SubnetId => "the subnet's resource ID: /subscriptions/…/subnets/…",
            Self::SecurityGroup => "the network security group of the subnet",
            Self::Pool => "a name for the agent pool",
            Self::Address => "the clients' public IPv4 address or range",
            Self::Region => "each region of the registry, as in westeurope",
        }
    }
}

impl Inputs {
    /// Nothing known but the cloud.
    #[must_use]
    pub fn new(cloud: Cloud) -> Self {
        Self {
            cloud,
            registry: None,
            login_server: None,
            registry_subscription: None,
            resource_group: None,
            subnet: None,
            agent_subnet: None,
            security_group: None,
            pool: Pool::default(),
            regions: Vec::new(),
            is_private_link: false,
            client_address: None,
        }
    }

    /// The first name of which no command is made.
    pub(super) fn refused(&self) -> Option<WordRefusal> {
        let subnets = self.subnet.iter().chain(&self.agent_subnet);
        let of_subnets = subnets.flat_map(|id| {
            [
                id.subscription(),
                id.resource_group(),
                id.network(),
                id.name(),
            ]
        });
        let names = [
            &self.registry,
            &self.login_server,
            &self.registry_subscription,
            &self.resource_group,
            &self.security_group,
            &self.pool.name,
        ];
        let names = names.into_iter().flatten().chain(&self.regions);
        let mut names = names.map(String::as_str).chain(of_subnets);
        names.find_map(|name| az_word(name).err())
    }

    pub(super) fn name(&self) -> &str {
        or(self.registry.as_deref(), Blank::Registry)
    }

    /// The login server, lower case, with the cloud's suffix.
    pub(super) fn login(&self) -> String {
        let with_suffix = |label: &str| {
            let label = label.to_lowercase();
            if label.contains('.') {
                return label;
            }
            format!("{label}.{}", CloudDomains::of(self.cloud).registry.name)
        };
        let known = self.login_server.as_deref().or(self.registry.as_deref());
        known.map_or_else(|| Blank::LoginServer.name().to_owned(), with_suffix)
    }

    /// Hosts of the layers: one for each region.
    pub(super) fn data_hosts(&self) -> Vec<String> {
        let login = self.login();
        let label = login.split('.').next().unwrap_or(&login);
        let host = |region: &str| {
            format!(
                "{label}.{region}.data.{}",
                CloudDomains::of(self.cloud).registry.name
            )
        };
        if self.regions.is_empty() {
            return vec![host(Blank::Region.name())];
        }
        let regions = self.regions.iter();
        regions.map(|region| host(&region.to_lowercase())).collect()
    }

    /// The address as a rule has it: a single one without its length.
    pub(super) fn address(&self) -> String {
        match self.client_address {
            Some(block) => {
                let text = block.to_string();
                text.strip_suffix("/32")
                    .map_or_else(|| text.clone(), str::to_owned)
            }
            None => Blank::Address.name().to_owned(),
        }
    }

    /// Why a rule for the address would let nobody in, or everybody.
    pub(super) fn unfit_address(&self) -> Option<String> {
        let block = self.client_address?;
        let address = self.address();
        if block.length() == 0 {
            return Some(format!(
                "{address} is every address: to refuse everybody else leaves nobody to refuse. Take \
                 the range under which the clients leave their network."
            ));
        }
        let or_subnet = if self.has_service_endpoints() {
            ", or restrict-to-subnet"
        } else {
            ""
        };
        (AddressScope::inner_part(block.span()) == Part::All).then(|| {
            format!(
                "{address} is not public: rules act on the public endpoint, which never sees it, so \
                 that everybody would be shut out. Take the address under which the clients leave \
                 their network{or_subnet}."
            )
        })
    }

    /// Whether some addresses of the range are such as no public endpoint ever sees.
    pub(super) fn is_partly_inner(&self) -> bool {
        let part = self
            .client_address
            .map(|block| AddressScope::inner_part(block.span()));
        part == Some(Part::Some)
    }

    /// Whether subnets have service endpoints for registries in this cloud.
    pub(super) const fn has_service_endpoints(&self) -> bool {
        CloudDomains::of(self.cloud).has_service_endpoints
    }

    /// The login server's label, where it is another than the registry's name.
    pub(super) fn hashed_label(&self) -> Option<String> {
        let login = self.login();
        let label = login.split('.').next()?;
        let name = self.registry.as_deref()?;
        (!label.eq_ignore_ascii_case(name)).then(|| label.to_owned())
    }

    /// Whether the network is known to be in another subscription than the registry.
    pub(super) fn is_other_subscription(&self) -> bool {
        let network = self.subnet.as_ref().map(SubnetId::subscription);
        let registry = self.registry_subscription.as_deref();
        network
            .zip(registry)
            .is_some_and(|(a, b)| !a.eq_ignore_ascii_case(b))
    }
}

/// The value, or what stands for it.
pub fn or(value: Option<&str>, blank: Blank) -> &str {
    value.unwrap_or(blank.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ipv4_addresses_fit_into_a_rule() {
        assert_eq!(
            address("203.0.113.9").unwrap().to_string(),
            "203.0.113.9/32"
        );
        assert!(
            address("2001:db8::1")
                .unwrap_err()
                .to_string()
                .contains("IPv4 only")
        );
        assert!(address("203.0.113.999").is_err());
        assert!(
            subscription("not-a-guid")
                .unwrap_err()
                .to_string()
                .contains("a GUID")
        );
    }
}
