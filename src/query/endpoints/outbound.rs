//! What the clients must reach.

use crate::azure::Certainty;
use crate::azure::Cloud;
use crate::azure::registry::{Client, CloudDomains, NamedHost, Profile, Switch};
use crate::query::endpoints::tags::Tags;
use crate::query::endpoints::{EndpointGroup, EndpointRow};

const REGISTRY: &str = "AzureContainerRegistry";
const STORAGE: &str = "Storage";
pub(super) const FIRST_PARTY: &str = "AzureFrontDoor.FirstParty";

/// Where the facts stand, by the name of the document.
pub(super) mod source {
    pub const ENDPOINTS: &str = "container-registry-endpoint-reference";
    pub const FIREWALL: &str = "container-registry-firewall-access-rules";
    pub const DATA: &str = "container-registry-dedicated-data-endpoints";
    pub const CLI: &str = "azure-cli: cloud endpoints";
    pub const MICROSOFT: &str = "microsoft/containerregistry: client firewall rules";
    pub const TAGS: &str = "container-registry-service-tag";
    pub const CONNECTED: &str = "intro-connected-registry";
    pub const AGENT_POOL: &str = "tasks-agent-pools";
    pub const USE: &str = "known from use, no document";
}

pub(super) fn rows(profile: &Profile, tags: &Tags<'_>) -> Vec<EndpointRow> {
    let plan = Plan {
        profile,
        tags,
        domains: CloudDomains::of(profile.cloud),
    };
    if profile.is_microsoft {
        return plan.microsoft();
    }
    let mut rows = vec![plan.global()];
    rows.extend(plan.regional());
    rows.extend(plan.layers());
    rows.push(plan.certificate());
    rows.extend(plan.build());
    rows.extend(plan.management());
    rows.extend(plan.microsoft());
    rows
}

struct Plan<'a> {
    profile: &'a Profile,
    tags: &'a Tags<'a>,
    domains: CloudDomains,
}

impl Plan<'_> {
    fn row(&self, id: &'static str, host: String, purpose: impl Into<String>) -> EndpointRow {
        EndpointRow {
            group: EndpointGroup::Outbound,
            id,
            host: Some(host),
            peer: None,
            region: None,
            port: 443,
            purpose: purpose.into(),
            clients: self.clients(Client::calls),
            is_required: true,
            certainty: Certainty::Documented,
            tags: Vec::new(),
            tags_certainty: Certainty::Documented,
            prefixes: None,
            source: source::FIREWALL,
        }
    }

    fn clients(&self, holds: impl Fn(Client) -> bool) -> Vec<Client> {
        let all = self.profile.clients.iter().copied();
        all.filter(|&client| holds(client)).collect()
    }

    /// Over private link a name of the registry leads to a private address, which is in no tag.
    fn tagged(&self, row: EndpointRow, tags: Vec<String>) -> EndpointRow {
        if self.profile.is_private() {
            return row;
        }
        let prefixes = self.tags.prefixes(&tags);
        EndpointRow {
            tags,
            prefixes,
            ..row
        }
    }

    fn global(&self) -> EndpointRow {
        let purpose = if self.profile.regions.len() > 1 {
            "sign-in, manifests, push; the nearest replica answers"
        } else {
            "sign-in, manifests, push"
        };
        let row = self.row("global", self.profile.login_server(), purpose);
        let row = EndpointRow {
            is_required: !row.clients.is_empty(),
            certainty: self.domains.registry.certainty,
            source: source::ENDPOINTS,
            ..row
        };
        self.tagged(row, self.tags.everywhere(REGISTRY))
    }

    fn regional(&self) -> Vec<EndpointRow> {
        if !self.profile.has(Switch::RegionalEndpoints) {
            return Vec::new();
        }
        let hosts = hosts(self.profile, "geo", &self.profile.regional_hosts);
        let row = |(region, host, certainty): (Option<String>, String, Certainty)| {
            let purpose = format!(
                "the same against the replica in {}",
                self.place(region.as_deref())
            );
            let row = EndpointRow {
                certainty,
                source: source::ENDPOINTS,
                ..self.row("regional", host, purpose)
            };
            let row = EndpointRow {
                is_required: !row.clients.is_empty(),
                ..row
            };
            let tags = self.of_region(REGISTRY, region.as_deref());
            self.tagged(EndpointRow { region, ..row }, tags)
        };
        hosts.into_iter().map(row).collect()
    }

    /// Where layers come from: the registry's own hosts, or the storage accounts.
    fn layers(&self) -> Vec<EndpointRow> {
        let pulls = self.clients(Client::pulls);
        let connects = self.clients(|client| client == Client::Connected);
        if pulls.is_empty() && connects.is_empty() {
            return Vec::new();
        }
        if !self.profile.has_data_endpoints() {
            if pulls.is_empty() {
                return Vec::new();
            }
            return vec![self.blob(pulls)];
        }
        let home = self.profile.home.as_ref().or(self.profile.regions.first());
        let hosts = hosts(self.profile, "data", &self.profile.data_hosts);
        let row = |(region, host, certainty): (Option<String>, String, Certainty)| {
            let is_home = region.as_ref() == home;
            let mut clients = pulls.clone();
            clients.extend(connects.iter().filter(|_| is_home));
            let place = self.place(region.as_deref());
            let (purpose, document) = if pulls.is_empty() {
                (format!("sync messages, {place}"), source::CONNECTED)
            } else {
                (format!("layers, {place}"), source::DATA)
            };
            let mut tags = self.of_region(REGISTRY, region.as_deref());
            tags.extend(self.of_region(STORAGE, region.as_deref()));
            let row = EndpointRow {
                is_required: !clients.is_empty(),
                clients,
                certainty,
                tags_certainty: Certainty::Assumed,
                source: document,
                ..self.row("data", host, purpose)
            };
            self.tagged(EndpointRow { region, ..row }, tags)
        };
        let rows = hosts.into_iter().map(row);
        rows.filter(|row| row.is_required).collect()
    }

    fn blob(&self, clients: Vec<Client>) -> EndpointRow {
        let purpose = "layers, from a storage account that Azure chooses";
        let row = EndpointRow {
            clients,
            ..self.row("blob", format!("*.{}", self.domains.blob.name), purpose)
        };
        let tags = self.tags.everywhere(STORAGE);
        let prefixes = self.tags.prefixes(&tags);
        EndpointRow {
            tags,
            prefixes,
            ..row
        }
    }

    fn certificate(&self) -> EndpointRow {
        let domain = self.domains.registry;
        let row = self.row(
            "cert",
            domain.name.to_owned(),
            "download of the wildcard certificate for TLS",
        );
        // The document names the domain of the public cloud alone.
        let certainty = match self.profile.cloud {
            Cloud::Public => domain.certainty,
            _ => Certainty::Assumed,
        };
        EndpointRow {
            is_required: !row.clients.is_empty(),
            certainty,
            ..row
        }
    }

    /// `az acr build` uploads the sources; the wildcard is there already when layers need it.
    fn build(&self) -> Option<EndpointRow> {
        let clients = self.clients(|client| client == Client::Tasks);
        let has_wildcard =
            !self.profile.has_data_endpoints() && !self.clients(Client::pulls).is_empty();
        if clients.is_empty() || has_wildcard {
            return None;
        }
        let purpose = "upload of the source context by az acr build";
        let tags = self.tags.everywhere(STORAGE);
        let row = self.row("build", format!("*.{}", self.domains.blob.name), purpose);
        Some(EndpointRow {
            clients,
            certainty: Certainty::Assumed,
            tags_certainty: Certainty::Assumed,
            prefixes: self.tags.prefixes(&tags),
            tags,
            source: source::USE,
            ..row
        })
    }

    fn management(&self) -> Vec<EndpointRow> {
        let clients = self.clients(Client::manages);
        if clients.is_empty() {
            return Vec::new();
        }
        let row = |id, name: &str, purpose: &str, tag: &str, certainty| {
            let tags = self.tags.present(&[tag]);
            EndpointRow {
                clients: clients.clone(),
                certainty,
                prefixes: self.tags.prefixes(&tags),
                tags,
                source: source::CLI,
                ..self.row(id, name.to_owned(), purpose)
            }
        };
        let sign_in = self.domains.sign_in;
        let mut rows = vec![row(
            "entra",
            sign_in.name,
            "sign-in with Microsoft Entra",
            "AzureActiveDirectory",
            sign_in.certainty,
        )];
        if let Some(domain) = self.domains.sign_in_new {
            rows.push(row(
                "entra",
                domain.name,
                "sign-in with Microsoft Entra, newer name",
                "AzureActiveDirectory",
                domain.certainty,
            ));
        }
        let management = self.domains.management;
        rows.push(row(
            "arm",
            management.name,
            "az acr commands and the look-up of the registry's name",
            "AzureResourceManager",
            management.certainty,
        ));
        rows
    }

    fn microsoft(&self) -> Vec<EndpointRow> {
        if !self.profile.has(Switch::MicrosoftImages) {
            return Vec::new();
        }
        let domain = self.domains.microsoft;
        // Only the public cloud publishes Front Door's part.
        let names: &[&str] = match self.profile.cloud {
            Cloud::Public => &["MicrosoftContainerRegistry", FIRST_PARTY],
            _ => &["MicrosoftContainerRegistry"],
        };
        let tags = self.tags.present(names);
        let pulls = |client: Client| {
            client.pulls() || matches!(client, Client::Cli | Client::Tasks | Client::AgentPool)
        };
        let row = |id, host: String, purpose: &str| EndpointRow {
            clients: self.clients(pulls),
            certainty: domain.certainty,
            tags: tags.clone(),
            prefixes: self.tags.prefixes(&tags),
            source: source::MICROSOFT,
            ..self.row(id, host, purpose)
        };
        vec![
            row(
                "mcr",
                domain.name.to_owned(),
                "manifests of Microsoft's images",
            ),
            row(
                "mcr-data",
                format!("*.data.{}", domain.name),
                "layers of Microsoft's images",
            ),
        ]
    }

    fn of_region(&self, base: &str, region: Option<&str>) -> Vec<String> {
        match region {
            Some(region) => vec![self.tags.regional(base, region)],
            None => self.tags.everywhere(base),
        }
    }

    fn place(&self, region: Option<&str>) -> String {
        region.map_or_else(
            || "every region of the registry".to_owned(),
            |region| self.tags.place(region),
        )
    }
}

/// One host a region: as a document names it, else built. Without any region a pattern.
pub(super) fn hosts(
    profile: &Profile,
    kind: &str,
    named: &[NamedHost],
) -> Vec<(Option<String>, String, Certainty)> {
    let domains = CloudDomains::of(profile.cloud);
    let mut hosts: Vec<_> = named
        .iter()
        .map(|host| {
            let certainty = Certainty::Documented;
            (host.region.clone(), host.host.clone(), certainty)
        })
        .collect();
    let built = |region: &str| {
        let domain = domains.registry.name;
        format!("{}.{region}.{kind}.{domain}", profile.label)
    };
    // No document says whether these names carry a hash.
    let has_hash = profile.label != profile.name;
    let certainty = if has_hash {
        Certainty::Assumed
    } else {
        domains.pattern
    };
    for region in &profile.regions {
        let is_named = |host: &NamedHost| host.region.as_ref() == Some(region);
        if !named.iter().any(is_named) {
            hosts.push((Some(region.clone()), built(region), certainty));
        }
    }
    if hosts.is_empty() {
        hosts.push((None, built("<region>"), certainty));
    }
    let place = |region: &Option<String>| {
        let own = |name: &String| profile.regions.iter().position(|own| own == name);
        region.as_ref().and_then(own).unwrap_or(usize::MAX)
    };
    hosts.sort_by_key(|(region, _, _)| place(region));
    hosts
}
