//! What to mind with a plan.
//!
//! An id is that of the fact in the acceptance table where it has one, else a word.

use crate::azure::Certainty;
use crate::azure::Cloud;
use crate::azure::registry::{Client, CloudDomains, Profile, Sku, Switch};
use crate::query::endpoints::EndpointRow;
use crate::query::endpoints::outbound::FIRST_PARTY;
use crate::query::endpoints::tags::Tags;

/// How much a sentence matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Level {
    /// The plan does not work like this.
    Error,
    /// Something breaks or stays open.
    Warning,
    /// Good to know.
    Info,
}

impl Level {
    /// The word for a screen.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }

    /// A mark that needs no colour.
    #[must_use]
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Error => "✗",
            Self::Warning => "!",
            Self::Info => "·",
        }
    }
}

/// A sentence about a plan.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct EndpointsAdvice {
    /// How much it matters.
    pub level: Level,
    /// Stable name.
    pub id: &'static str,
    /// The sentence.
    pub text: String,
}

/// Everything to mind, errors first.
pub(super) fn advise(
    profile: &Profile,
    rows: &[EndpointRow],
    tags: &Tags<'_>,
) -> Vec<EndpointsAdvice> {
    let mut advisor = Advisor {
        profile,
        rows,
        tags,
        list: Vec::new(),
    };
    advisor.tier();
    advisor.regions();
    advisor.layers();
    advisor.regional();
    advisor.private_link();
    advisor.public_access();
    advisor.network_rules();
    advisor.dual_stack();
    advisor.clients();
    advisor.callers();
    advisor.microsoft();
    advisor.tags();
    advisor.cloud();
    advisor.list.sort_by_key(|advice| advice.level);
    advisor.list
}

struct Advisor<'a> {
    profile: &'a Profile,
    rows: &'a [EndpointRow],
    tags: &'a Tags<'a>,
    list: Vec<EndpointsAdvice>,
}

impl Advisor<'_> {
    fn say(&mut self, level: Level, id: &'static str, text: impl Into<String>) {
        self.list.push(EndpointsAdvice {
            level,
            id,
            text: text.into(),
        });
    }

    fn has_row(&self, id: &str) -> bool {
        self.rows.iter().any(|row| row.id == id)
    }

    fn is_for(&self, client: Client) -> bool {
        self.profile.clients.contains(&client)
    }

    fn tier(&mut self) {
        let premium: Vec<&str> = self
            .profile
            .switches
            .iter()
            .filter(|switch| switch.is_premium())
            .map(|switch| switch.title())
            .collect();
        match self.profile.sku {
            Some(Sku::Premium) => {}
            Some(sku) => {
                if !premium.is_empty() {
                    self.say(
                        Level::Error,
                        "D2",
                        format!(
                            "{} need the Premium tier, and this registry is {}: the plan is for after the upgrade",
                            premium.join(" and "),
                            sku.name()
                        ),
                    );
                }
                if self.profile.regions.len() > 1 {
                    let text = format!(
                        "several regions need the Premium tier (geo-replication); a {} registry has one",
                        sku.name()
                    );
                    self.say(Level::Error, "D3", text);
                }
                if self.is_for(Client::Connected) {
                    let text = "a connected registry needs a parent of the Premium tier";
                    self.say(Level::Error, "connected", text);
                }
            }
            None if !premium.is_empty() || self.profile.regions.len() > 1 => {
                let text = "no tier was given; what is planned here needs Premium";
                self.say(Level::Info, "D2", text);
            }
            None => {}
        }
    }

    fn regions(&mut self) {
        let regions = &self.profile.regions;
        let per_region = [Switch::DataEndpoints, Switch::RegionalEndpoints]
            .into_iter()
            .any(|switch| self.profile.has(switch))
            || self.profile.has(Switch::PrivateLink);
        if regions.is_empty() && per_region {
            let text = "names with <region> exist once per region: add the regions of the registry";
            self.say(Level::Error, "B5", text);
        } else if regions.is_empty() {
            let text =
                "no region was given: the tags of all regions are named; regions make them smaller";
            self.say(Level::Info, "A1", text);
        }
        if regions.len() > 1 && !self.profile.has(Switch::PrivateLink) {
            let text = format!(
                "any of the {} replicas may answer the global name, and layers come from the same region: open all of them for every client",
                regions.len()
            );
            self.say(Level::Warning, "B5", text);
        }
        if self.profile.label != self.profile.name {
            let text = "data and regional names are built with the hash of the login server, which no document confirms: read them with az acr show-endpoints";
            if self.is_built("data") || self.is_built("regional") {
                self.say(Level::Warning, "name-hash", text);
            }
        }
    }

    fn is_built(&self, id: &str) -> bool {
        let mut rows = self.rows.iter().filter(|row| row.id == id);
        rows.any(|row| row.certainty == Certainty::Assumed)
    }

    fn layers(&mut self) {
        let blob = CloudDomains::of(self.profile.cloud).blob.name;
        if self.has_row("blob") {
            self.say(
                Level::Warning,
                "B9",
                format!("*.{blob} opens the storage accounts of all of Azure's customers, not of this registry alone"),
            );
            let premium = if self.profile.sku == Some(Sku::Premium) {
                ""
            } else {
                " (Premium tier)"
            };
            self.say(
                Level::Info,
                "B8",
                format!(
                    "dedicated data endpoints{premium} replace the wildcard by one host a region"
                ),
            );
        }
        if self.profile.has(Switch::DataEndpoints) && self.has_row("data") {
            let last = if self.has_row("build") {
                "keep the wildcard for az acr build alone"
            } else {
                "close the wildcard"
            };
            self.say(
                Level::Warning,
                "B18",
                format!(
                    "where data endpoints are not on yet, switching them on breaks clients whose firewall allows *.{blob} only: 1. open every data row here at every client, 2. az acr update --name {} --data-endpoint-enabled true, 3. pull from each region, 4. {last}",
                    self.profile.name
                ),
            );
        }
        if self.has_row("data") && !self.profile.has(Switch::PrivateLink) {
            let text = "no document names the tags of data endpoints; AzureContainerRegistry and Storage of the region are assumed. A rule by host name is certain";
            self.say(Level::Info, "data-tags", text);
        }
        if self.has_row("cert") {
            let text = "the bare domain of the certificate has no documented tag: it takes a rule by host name";
            self.say(Level::Info, "B3", text);
        }
    }

    fn regional(&mut self) {
        if !self.profile.has(Switch::RegionalEndpoints) {
            return;
        }
        let text = "each regional endpoint is a login server of its own: sign in again when a client changes from one to another. Preview; Azure CLI 2.86.0 or later";
        self.say(Level::Info, "B6", text);
    }

    fn private_link(&mut self) {
        if !self.profile.has(Switch::PrivateLink) {
            return;
        }
        let text = "private link and service endpoints cannot be combined";
        let has_none = self.profile.cloud != Cloud::Public;
        match self.profile.subnet_rules {
            Some(count) if count > 0 => {
                let text =
                    format!("{text}: remove the {count} subnet rules of this registry first");
                self.say(Level::Error, "C3", text);
            }
            // Elsewhere there are no service endpoints for registries.
            _ if has_none => {}
            _ => {
                let text = format!("{text}: list the network rules and remove those of subnets");
                self.say(Level::Warning, "C3", text);
            }
        }
        self.say(
            Level::Info,
            "B9",
            "the registry's names lead to private addresses of your subnet, which are in no service tag; a proxy still needs every name. Clients that stay outside need the plan without private link",
        );
        self.say(
            Level::Info,
            "D8",
            "private endpoints need the private DNS zone linked to each network, rules of the subnet where its network policies are on, and VPN or ExpressRoute for clients on premises",
        );
        let text = "Azure Bastion is not supported with a registry's private endpoint; an endpoint with fixed addresses cannot gain replicas";
        self.say(Level::Info, "private-link", text);
    }

    fn public_access(&mut self) {
        if self.profile.public_access != Some(false) {
            return;
        }
        if !self.profile.has(Switch::PrivateLink) {
            let text = "public access is off: without private link nothing reaches this registry, service endpoints included";
            self.say(Level::Error, "E12", text);
        }
        self.say(
            Level::Warning,
            "C10",
            "public access is off: Azure DevOps Services cannot reach the registry; its own agents cannot use private endpoints, self-hosted ones in the network can",
        );
        self.say(
            Level::Info,
            "C9",
            "public access is off: trusted services such as Defender for Cloud get in only with the bypass for them",
        );
        self.say(
            Level::Info,
            "C12",
            "public access is off: the portal and az list repositories from inside the network only",
        );
        if self.is_for(Client::Tasks) {
            let text = "public access is off: az acr build and tasks on shared agents are refused; an agent pool in the network works";
            self.say(Level::Error, "E14", text);
        }
    }

    /// Rules of the registry itself, where a document tells them.
    fn network_rules(&mut self) {
        if self.profile.denies != Some(true) {
            return;
        }
        let count = |count: Option<usize>| count.unwrap_or(0);
        let text = format!(
            "this registry lets in only what its own network rules name ({} for addresses, {} for subnets): the clients' public addresses or subnets must be among them, besides what is opened here",
            count(self.profile.address_rules),
            count(self.profile.subnet_rules)
        );
        self.say(Level::Warning, "C17", text);
    }

    fn dual_stack(&mut self) {
        if !self.profile.has(Switch::DualStack) {
            if self
                .rows
                .iter()
                .any(|row| row.prefixes.is_some_and(|[_, v6]| v6 > 0))
            {
                let text = "registries answer over IPv4 unless IPv4 and IPv6 was chosen for them; the tags hold IPv6 prefixes all the same";
                self.say(Level::Info, "ipv6", text);
            }
            return;
        }
        if !self.profile.has(Switch::DataEndpoints) {
            let text = "IPv4 and IPv6 needs dedicated data endpoints";
            self.say(Level::Error, "ipv6", text);
        }
        let text = "IPv4 and IPv6 is a preview (Azure CLI 2.87.0 or later) of the public endpoints; lists of addresses need the IPv6 prefixes too";
        self.say(Level::Warning, "ipv6", text);
        if self.is_for(Client::Tasks) || self.is_for(Client::AgentPool) {
            let text = "tasks do not work with IPv4 and IPv6";
            self.say(Level::Error, "ipv6", text);
        }
    }

    fn clients(&mut self) {
        if self.is_for(Client::Connected) && !self.profile.has(Switch::DataEndpoints) {
            let text = "a connected registry syncs through the data endpoint of its parent's home region: dedicated data endpoints must be on";
            self.say(Level::Error, "connected", text);
        }
        if self.is_for(Client::Connected)
            && self.profile.home.is_none()
            && !self.profile.regions.is_empty()
        {
            let text = "no home region was given; the first region is taken for it";
            self.say(Level::Warning, "connected", text);
        }
        if self.is_for(Client::AgentPool) {
            let own =
                if self.profile.cloud == Cloud::Public && !self.profile.has(Switch::PrivateLink) {
                    "Microsoft.ContainerRegistry, "
                } else {
                    ""
                };
            let text = format!(
                "service endpoints of the pool's subnet: Microsoft.AzureActiveDirectory, {own}Microsoft.EventHub, Microsoft.KeyVault, Microsoft.Storage; there is none for Azure Monitor. The rules above are needed all the same"
            );
            self.say(Level::Info, "E17", text);
            let text = "images that tasks pull from elsewhere (Docker Hub, NuGet, mcr.microsoft.com) need rules of their own; DNS of the subnet must not use 172.17.0.0/16";
            self.say(Level::Info, "E15", text);
        }
        if self.is_for(Client::Cli) && !self.profile.has(Switch::MicrosoftImages) {
            let text = "az acr check-health pulls an image from Microsoft's registry: add Microsoft images if you run it";
            self.say(Level::Info, "E19", text);
        }
        let is_outside = [Client::Connected, Client::IotEdge, Client::Server]
            .into_iter()
            .any(|client| self.is_for(client));
        if is_outside {
            let text = "from on premises service endpoints do not work; private link does, over VPN or ExpressRoute";
            self.say(Level::Info, "E21", text);
        }
    }

    /// What the registry calls.
    fn callers(&mut self) {
        if self.is_for(Client::Webhook) {
            let text = "the receiver must be reachable from the internet: let it authenticate requests. A webhook is of the registry or of a repository and tag, and of one replica";
            self.say(Level::Warning, "A4", text);
        }
        if self.is_for(Client::Import) {
            let text = "a source registry with network rules must let trusted services in; one without public access is named by its resource id";
            self.say(Level::Info, "A3", text);
        }
        if self.is_for(Client::Tasks) {
            let text = "tasks on shared agents are refused (403) by a registry with network rules, unless its bypass for tasks is on; an agent pool is let in by its subnet";
            self.say(Level::Warning, "E14", text);
        }
        if self
            .rows
            .iter()
            .any(|row| row.group == super::EndpointGroup::Inbound)
        {
            let text = "everybody's registries send from AzureContainerRegistry: an inbound rule by tag keeps others out, not other customers";
            self.say(Level::Warning, "A8", text);
        }
    }

    fn microsoft(&mut self) {
        if !self.profile.has(Switch::MicrosoftImages) {
            return;
        }
        let has_both = self
            .rows
            .iter()
            .any(|row| row.tags.iter().any(|tag| tag == FIRST_PARTY));
        let text = if has_both {
            "Microsoft's registry needs two tags, MicrosoftContainerRegistry and AzureFrontDoor.FirstParty: one alone is not enough"
        } else {
            "Microsoft's registry may answer from Front Door, for which this cloud publishes no tag (AzureFrontDoor.FirstParty): open it by host name"
        };
        self.say(Level::Warning, "B19", text);
    }

    fn tags(&mut self) {
        let mut names: Vec<&str> = self
            .rows
            .iter()
            .flat_map(|row| row.tags.iter().map(String::as_str))
            .collect();
        if names.is_empty() {
            return;
        }
        names.sort_unstable();
        names.dedup();
        let unusable = self.tags.unusable(&names);
        if !unusable.is_empty() {
            let text = format!(
                "published without features, so for reading and not for rules: {}; use the tag without the region there",
                unusable.join(", ")
            );
            self.say(Level::Warning, "features", text);
        }
        self.missing(&names);
        let text = "in network security groups and Azure Firewall use the tags: Azure keeps them current. Lists of addresses change with the weekly publication";
        self.say(Level::Info, "B11", text);
        let text = "review the rules with each week (tagscope diff), and watch the traffic with Azure Monitor or Network Watcher";
        self.say(Level::Info, "A9", text);
    }

    /// Regions for which the week has no tag of its own.
    fn missing(&mut self, names: &[&str]) {
        let regions = &self.profile.regions;
        if self.tags.dataset.is_none() || regions.is_empty() {
            return;
        }
        let bases = ["AzureContainerRegistry", "Storage"];
        let whole: Vec<&str> = bases
            .into_iter()
            .filter(|base| names.contains(base) && !self.is_for(Client::AgentPool))
            .collect();
        if !whole.is_empty() {
            let text = format!(
                "the week has no tag of its own for some of these regions: {} is named without a region",
                whole.join(" and ")
            );
            self.say(Level::Info, "A1", text);
        }
    }

    fn cloud(&mut self) {
        match self.profile.cloud {
            Cloud::Public => {}
            Cloud::AzureGovernment | Cloud::China => {
                let text = "service endpoints for registries do not exist in this cloud";
                self.say(Level::Info, "C8", text);
                if self.is_built("data") || self.is_built("regional") {
                    let text = "names of data and regional endpoints follow the public pattern; no document confirms them for this cloud: read them with az acr show-endpoints";
                    self.say(Level::Warning, "cloud-names", text);
                }
            }
            Cloud::AzureGermany => {
                let text = "this cloud is closed; its names are kept for old rules";
                self.say(Level::Warning, "closed", text);
            }
        }
        if self.tags.dataset.is_none() {
            let text = "no week of this cloud is at hand: tags are named as usual, and their prefixes are not counted";
            self.say(Level::Info, "no-week", text);
        }
    }
}
