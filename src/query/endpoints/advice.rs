//! What to mind with a plan.
//!
//! An id is that of the fact in the acceptance table where it has one, else a word.

mod access;
mod agents;
mod legend;
mod week;

pub use legend::legend;

use crate::azure::Certainty;
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
    if !profile.is_microsoft {
        advisor.registry();
    }
    advisor.microsoft();
    week::advise(&mut advisor);
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
    fn registry(&mut self) {
        self.tier();
        self.regions();
        self.layers();
        self.regional();
        access::advise(self);
        self.clients();
        agents::advise(self);
        self.callers();
    }

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
                if self.is_for(Client::AgentPool) {
                    let text = format!(
                        "agent pools need the Premium tier, and this registry is {}",
                        sku.name()
                    );
                    self.say(Level::Error, "agent-pool", text);
                }
            }
            None if !premium.is_empty()
                || self.profile.regions.len() > 1
                || self.is_for(Client::Connected)
                || self.is_for(Client::AgentPool) =>
            {
                let text = "no tier was given; what is planned here needs Premium";
                self.say(Level::Info, "D2", text);
            }
            None => {}
        }
    }

    fn regions(&mut self) {
        let regions = &self.profile.regions;
        let per_region =
            self.profile.has_data_endpoints() || self.profile.has(Switch::RegionalEndpoints);
        if regions.is_empty() && per_region {
            let text = "names with <region> exist once per region: add the regions of the registry";
            self.say(Level::Error, "B5", text);
        } else if regions.is_empty() {
            let text =
                "no region was given: the tags of all regions are named; regions make them smaller";
            self.say(Level::Info, "A1", text);
        }
        if regions.len() > 1 && !self.profile.is_private() {
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
        // A document that names the hosts tells that they are on.
        let is_new = self.profile.data_hosts.is_empty() && !self.profile.is_private();
        if self.has_row("data") && is_new {
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
        if self.has_row("data") && !self.profile.is_private() {
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

    fn clients(&mut self) {
        if self.is_for(Client::Connected) && !self.profile.has_data_endpoints() {
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
}
