//! What is known of one registry, and who uses it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::azure::registry::{CloudDomains, Imported, RegistryName};
use crate::azure::{Cloud, Regions};

/// A service tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sku {
    /// The closed first tier.
    Classic,
    /// For trying out.
    Basic,
    /// For most.
    Standard,
    /// With every network feature.
    Premium,
}

impl Sku {
    /// The tiers that can be chosen.
    pub const ALL: [Self; 3] = [Self::Basic, Self::Standard, Self::Premium];

    /// The name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Classic => "Classic",
            Self::Basic => "Basic",
            Self::Standard => "Standard",
            Self::Premium => "Premium",
        }
    }

    /// The name that flags take.
    #[must_use]
    pub const fn flag(self) -> &'static str {
        match self {
            Self::Classic => "classic",
            Self::Basic => "basic",
            Self::Standard => "standard",
            Self::Premium => "premium",
        }
    }

    /// Reads the name, ignoring case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Classic, Self::Basic, Self::Standard, Self::Premium]
            .into_iter()
            .find(|sku| sku.name().eq_ignore_ascii_case(text))
    }
}

/// What can be switched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Switch {
    /// Layers come from a host of the registry's own in each region.
    DataEndpoints,
    /// Each replica has a login server of its own.
    RegionalEndpoints,
    /// Clients reach it over private endpoints in their network.
    PrivateLink,
    /// The public endpoints have IPv6 addresses too.
    DualStack,
    /// The clients also pull Microsoft's images.
    MicrosoftImages,
}

impl Switch {
    /// Every switch.
    pub const ALL: [Self; 5] = [
        Self::DataEndpoints,
        Self::RegionalEndpoints,
        Self::PrivateLink,
        Self::DualStack,
        Self::MicrosoftImages,
    ];

    /// The name on a screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::DataEndpoints => "data endpoints",
            Self::RegionalEndpoints => "regional endpoints",
            Self::PrivateLink => "private link",
            Self::DualStack => "IPv4 and IPv6",
            Self::MicrosoftImages => "Microsoft images",
        }
    }

    /// The option of the command line.
    #[must_use]
    pub const fn flag(self) -> &'static str {
        match self {
            Self::DataEndpoints => "--data-endpoints",
            Self::RegionalEndpoints => "--regional-endpoints",
            Self::PrivateLink => "--private-link",
            Self::DualStack => "--dual-stack",
            Self::MicrosoftImages => "--mcr",
        }
    }

    /// Whether it belongs to the registry and needs the Premium tier.
    #[must_use]
    pub const fn is_premium(self) -> bool {
        !matches!(self, Self::MicrosoftImages)
    }
}

/// Who uses the registry, and for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Client {
    /// docker, containerd or a kubelet pulls.
    Pull,
    /// docker pushes.
    Push,
    /// `az acr login` and other `az acr` commands.
    Cli,
    /// `az acr build` and other tasks on shared agents.
    Tasks,
    /// Tasks on agents in a subnet of one's own.
    AgentPool,
    /// `az acr import` from another registry.
    Import,
    /// The registry calls a web address.
    Webhook,
    /// A connected registry on premises.
    Connected,
    /// Edge devices behind a proxy.
    IotEdge,
    /// A server without other ways out that pulls and pushes.
    Server,
    /// A build agent that signs in, pulls and pushes.
    CiAgent,
}

impl Client {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::Pull,
        Self::Push,
        Self::Cli,
        Self::Tasks,
        Self::AgentPool,
        Self::Import,
        Self::Webhook,
        Self::Connected,
        Self::IotEdge,
        Self::Server,
        Self::CiAgent,
    ];

    /// The name that flags take.
    #[must_use]
    pub const fn flag(self) -> &'static str {
        match self {
            Self::Pull => "pull",
            Self::Push => "push",
            Self::Cli => "cli",
            Self::Tasks => "tasks",
            Self::AgentPool => "agent-pool",
            Self::Import => "import",
            Self::Webhook => "webhook",
            Self::Connected => "connected",
            Self::IotEdge => "iot-edge",
            Self::Server => "server",
            Self::CiAgent => "ci-agent",
        }
    }

    /// In words, for a screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Pull => "docker and AKS pull",
            Self::Push => "docker push",
            Self::Cli => "az acr login",
            Self::Tasks => "az acr build and tasks",
            Self::AgentPool => "agent pool",
            Self::Import => "az acr import",
            Self::Webhook => "webhook",
            Self::Connected => "connected registry",
            Self::IotEdge => "IoT Edge behind a proxy",
            Self::Server => "locked-down server",
            Self::CiAgent => "CI agent",
        }
    }

    /// Reads a flag, ignoring case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        Self::ALL
            .into_iter()
            .find(|client| client.flag().eq_ignore_ascii_case(text))
    }

    /// Whether it downloads layers.
    #[must_use]
    pub const fn pulls(self) -> bool {
        matches!(
            self,
            Self::Pull | Self::IotEdge | Self::Server | Self::CiAgent
        )
    }

    /// Whether it signs in with Microsoft Entra and asks the management endpoint.
    #[must_use]
    pub const fn manages(self) -> bool {
        matches!(self, Self::Cli | Self::Tasks | Self::Import | Self::CiAgent)
    }

    /// Whether it opens connections to the registry itself.
    #[must_use]
    pub const fn calls(self) -> bool {
        !matches!(self, Self::Webhook | Self::AgentPool | Self::Import)
    }
}

/// A host that a document names, with its region where the document says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedHost {
    /// ARM name of the region.
    pub region: Option<String>,
    /// The host.
    pub host: String,
}

/// One registry and its users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// First label of the login server.
    pub label: String,
    /// The resource's name.
    pub name: String,
    /// The cloud.
    pub cloud: Cloud,
    /// The tier, where it was told.
    pub sku: Option<Sku>,
    /// Where the registry was made, where that was told; ARM name.
    pub home: Option<String>,
    /// Every region, the home region first; ARM names.
    pub regions: Vec<String>,
    /// What is switched on.
    pub switches: BTreeSet<Switch>,
    /// Who uses it.
    pub clients: BTreeSet<Client>,
    /// Data endpoints as a document names them; they win over built names.
    #[serde(default)]
    pub data_hosts: Vec<NamedHost>,
    /// Regional endpoints as a document names them; they win over built names.
    #[serde(default)]
    pub regional_hosts: Vec<NamedHost>,
    /// `false` where a document says that public access is off.
    pub public_access: Option<bool>,
    /// Rules for subnets, where a document says how many.
    pub subnet_rules: Option<usize>,
    /// Rules for addresses, where a document says how many.
    #[serde(default)]
    pub address_rules: Option<usize>,
    /// Whether what no rule names is refused, where a document says so.
    #[serde(default)]
    pub denies: Option<bool>,
    /// Whether trusted services pass the network rules, where a document says so.
    #[serde(default)]
    pub trusts_services: Option<bool>,
    /// Whether tasks pass them too, where a document says so.
    #[serde(default)]
    pub trusts_tasks: Option<bool>,
    /// Microsoft's own registry alone, and no registry of a customer.
    #[serde(default)]
    pub is_microsoft: bool,
}

impl Profile {
    /// A registry of which only the name is known, and that is pulled from.
    #[must_use]
    pub fn new(name: &RegistryName, cloud: Cloud) -> Self {
        let mut profile = Self::named(&name.label, &name.name, cloud);
        profile.see_host(name);
        profile
    }

    /// Microsoft's own registry of a cloud, which is pulled from.
    #[must_use]
    pub fn microsoft(cloud: Cloud) -> Self {
        let host = CloudDomains::of(cloud).microsoft.name;
        let label = host.split('.').next().unwrap_or(host);
        Self {
            switches: BTreeSet::from([Switch::MicrosoftImages]),
            is_microsoft: true,
            ..Self::named(label, label, cloud)
        }
    }

    fn named(label: &str, name: &str, cloud: Cloud) -> Self {
        Self {
            label: label.to_owned(),
            name: name.to_owned(),
            cloud,
            sku: None,
            home: None,
            regions: Vec::new(),
            switches: BTreeSet::new(),
            clients: BTreeSet::from([Client::Pull]),
            data_hosts: Vec::new(),
            regional_hosts: Vec::new(),
            public_access: None,
            subnet_rules: None,
            address_rules: None,
            denies: None,
            trusts_services: None,
            trusts_tasks: None,
            is_microsoft: false,
        }
    }

    /// The login server.
    #[must_use]
    pub fn login_server(&self) -> String {
        let domains = CloudDomains::of(self.cloud);
        if self.is_microsoft {
            return domains.microsoft.name.to_owned();
        }
        format!("{}.{}", self.label, domains.registry.name)
    }

    /// Switches on what a host that was given as the name belongs to.
    pub fn see_host(&mut self, name: &RegistryName) {
        for &switch in &name.switches {
            self.set(switch, true);
        }
    }

    /// Whether clients come over private endpoints: private link, or nothing else gets in.
    #[must_use]
    pub fn is_private(&self) -> bool {
        self.has(Switch::PrivateLink) || self.public_access == Some(false)
    }

    /// Whether layers come from hosts of its own: data endpoints, which private link brings along.
    #[must_use]
    pub fn has_data_endpoints(&self) -> bool {
        self.has(Switch::DataEndpoints) || self.is_private()
    }

    /// Whether something is switched on.
    #[must_use]
    pub fn has(&self, switch: Switch) -> bool {
        self.switches.contains(&switch)
    }

    /// Switches something on or off.
    pub fn set(&mut self, switch: Switch, is_on: bool) {
        if is_on {
            self.switches.insert(switch);
        } else {
            self.switches.remove(&switch);
        }
    }

    /// Adds a region (ARM name), once.
    pub fn add_region(&mut self, region: &str) {
        if !self.regions.iter().any(|known| known == region) {
            self.regions.push(region.to_owned());
        }
    }

    /// Makes a region (ARM name) the home region, which stands first.
    pub fn set_home(&mut self, region: &str) {
        self.regions.retain(|known| known != region);
        self.regions.insert(0, region.to_owned());
        self.home = Some(region.to_owned());
    }

    /// Leaves a region out.
    pub fn remove_region(&mut self, region: &str) {
        self.regions.retain(|known| known != region);
        if self.home.as_deref() == Some(region) {
            self.home = None;
        }
    }

    /// Forgets what only documents say: they are of one registry in one cloud.
    pub fn forget_documents(&mut self) {
        self.data_hosts.clear();
        self.regional_hosts.clear();
        self.public_access = None;
        self.subnet_rules = None;
        self.address_rules = None;
        self.denies = None;
        self.trusts_services = None;
        self.trusts_tasks = None;
    }

    /// Moves to a cloud; returns the regions that it does not have, which are left out.
    pub fn move_to(&mut self, cloud: Cloud, regions: &Regions) -> Vec<String> {
        if self.cloud == cloud {
            return Vec::new();
        }
        self.forget_documents();
        self.cloud = cloud;
        let is_known = |name: &String| regions.find(cloud, name).is_some();
        let (_, gone): (Vec<_>, Vec<_>) = self.regions.iter().cloned().partition(is_known);
        for region in &gone {
            self.remove_region(region);
        }
        gone
    }

    /// Takes over what a document says.
    pub fn take(&mut self, document: &Imported) {
        self.sku = document.sku.or(self.sku);
        for region in &document.regions {
            self.add_region(region);
        }
        if let Some(home) = &document.home {
            self.set_home(home);
        }
        let switches: &BTreeMap<Switch, bool> = &document.switches;
        for (&switch, &is_on) in switches {
            self.set(switch, is_on);
        }
        for (own, told) in [
            (&mut self.data_hosts, &document.data_hosts),
            (&mut self.regional_hosts, &document.regional_hosts),
        ] {
            if !told.is_empty() {
                own.clone_from(told);
            }
        }
        self.public_access = document.public_access.or(self.public_access);
        self.subnet_rules = document.subnet_rules.or(self.subnet_rules);
        self.address_rules = document.address_rules.or(self.address_rules);
        self.denies = document.denies.or(self.denies);
        self.trusts_services = document.trusts_services.or(self.trusts_services);
        self.trusts_tasks = document.trusts_tasks.or(self.trusts_tasks);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for client in Client::ALL {
            assert_eq!(Client::parse(&client.flag().to_uppercase()), Some(client));
            let json = serde_json::to_value(client).unwrap();
            assert_eq!(json, client.flag());
        }
        for sku in Sku::ALL {
            assert_eq!(Sku::parse(&sku.name().to_lowercase()), Some(sku));
        }
    }

    #[test]
    fn the_home_region_stands_first_and_once() {
        let name = RegistryName::parse("contoso").unwrap();
        let mut profile = Profile::new(&name, Cloud::Public);
        profile.add_region("eastus");
        profile.add_region("westeurope");
        profile.add_region("eastus");
        profile.set_home("westeurope");
        assert_eq!(profile.regions, ["westeurope", "eastus"]);
        profile.remove_region("westeurope");
        assert_eq!(
            (profile.home, profile.regions),
            (None, vec!["eastus".to_owned()])
        );
    }

    #[test]
    fn what_documents_said_of_one_registry_is_not_said_of_another() {
        let name = RegistryName::parse("contoso").unwrap();
        let mut profile = Profile::new(&name, Cloud::Public);
        profile.take(&Imported {
            public_access: Some(true),
            subnet_rules: Some(1),
            address_rules: Some(2),
            denies: Some(true),
            trusts_services: Some(true),
            trusts_tasks: Some(true),
            ..Imported::default()
        });
        profile.forget_documents();
        assert_eq!(profile, Profile::new(&name, Cloud::Public));
    }
}
