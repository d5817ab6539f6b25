//! What one registry needs opened: hosts, ports, reasons, service tags, and what to mind.

mod advice;
mod compare;
mod inbound;
mod outbound;
mod private;
mod record;
mod table;
mod tags;
mod words;

pub use advice::{EndpointsAdvice, Level, legend};
pub use compare::EndpointsComparison;
pub use private::{DnsRecord, PrivateLink};
pub use record::EndpointsRecord;
pub use table::{EndpointsTable, TicketTable};
pub use words::{NoRegion, region_named};

use crate::azure::Certainty;
use crate::azure::Facts;
use crate::azure::registry::{Client, Profile};
use crate::query::Dataset;
use crate::query::endpoints::tags::Tags;
use crate::query::probe::{ProbeCheck, ProbeTarget};

/// Which way a connection goes, and for whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum EndpointGroup {
    /// From the clients to Azure.
    Outbound,
    /// From the registry to something of the user's.
    Inbound,
    /// From the subnet of an agent pool to Azure.
    AgentPool,
}

impl EndpointGroup {
    /// Every group, in order.
    pub const ALL: [Self; 3] = [Self::Outbound, Self::Inbound, Self::AgentPool];

    /// The heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Outbound => "outbound: what the clients must reach",
            Self::Inbound => "inbound: what the registry must reach",
            Self::AgentPool => "agent pool: what its subnet must reach",
        }
    }

    /// One word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Outbound => "outbound",
            Self::Inbound => "inbound",
            Self::AgentPool => "agentPool",
        }
    }
}

/// One thing to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointRow {
    /// Which way.
    pub group: EndpointGroup,
    /// Stable name of the kind of row: `global`, `data`, `blob`.
    pub id: &'static str,
    /// The host name, perhaps a wildcard; `None` where only a tag is known.
    pub host: Option<String>,
    /// What is reached, where that is no host: the user's own end, or the tag.
    pub peer: Option<&'static str>,
    /// ARM name of the region.
    pub region: Option<String>,
    /// TCP port.
    pub port: u16,
    /// Why.
    pub purpose: String,
    /// Who of the chosen clients needs it.
    pub clients: Vec<Client>,
    /// Whether one of them cannot do without.
    pub is_required: bool,
    /// How well the host name is known.
    pub certainty: Certainty,
    /// Service tags: destinations of outbound rows, sources of inbound ones.
    pub tags: Vec<String>,
    /// How well the tags are known.
    pub tags_certainty: Certainty,
    /// IPv4 and IPv6 prefixes of the tags in the week at hand, each once.
    pub prefixes: Option<[usize; 2]>,
    /// The document that says so.
    pub source: &'static str,
}

impl EndpointRow {
    /// The host, or what stands in its place.
    #[must_use]
    pub fn shown(&self) -> &str {
        match (&self.host, self.peer) {
            (Some(host), _) => host,
            (None, Some(peer)) => peer,
            (None, None) => "–",
        }
    }

    /// Whether its name or its tags are assumed.
    #[must_use]
    pub fn is_assumed(&self) -> bool {
        let tags = (!self.tags.is_empty()).then_some(self.tags_certainty);
        tags.is_some_and(|it| it == Certainty::Assumed) || self.certainty == Certainty::Assumed
    }

    /// Whether the host can be asked: a name without placeholder or wildcard.
    #[must_use]
    pub fn probed_host(&self) -> Option<&str> {
        let host = self.host.as_deref()?;
        (!host.contains(['*', '<'])).then_some(host)
    }

    /// Whether `GET /v2/` is answered there.
    #[must_use]
    pub fn is_login_server(&self) -> bool {
        matches!(self.id, "global" | "regional")
    }

    /// `required`, `if used`.
    #[must_use]
    pub const fn need(&self) -> &'static str {
        if self.is_required {
            "required"
        } else {
            "if used"
        }
    }

    /// Titles of the clients that need it.
    #[must_use]
    pub fn needed_by(&self) -> String {
        if self.clients.is_empty() {
            return "whoever signs in, pulls or pushes".to_owned();
        }
        let titles: Vec<&str> = self.clients.iter().map(|client| client.title()).collect();
        titles.join(", ")
    }
}

/// The plan of one registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointsAnswer {
    /// The registry, as it was understood.
    pub profile: Profile,
    /// Every row, by group.
    pub rows: Vec<EndpointRow>,
    /// Names and addresses of private endpoints, when private link is on.
    pub private_link: Option<PrivateLink>,
    /// What to mind, errors first.
    pub advice: Vec<EndpointsAdvice>,
}

/// Plans what a registry needs; `dataset` is a week of the registry's cloud, where one is at hand.
#[must_use]
pub fn ask(profile: &Profile, dataset: Option<&Dataset>, facts: &Facts) -> EndpointsAnswer {
    let dataset = dataset.filter(|dataset| dataset.cloud() == profile.cloud);
    let tags = Tags::new(profile, dataset, facts);
    let mut rows = outbound::rows(profile, &tags);
    rows.extend(inbound::rows(profile, &tags));
    rows.extend(inbound::agent_pool(profile, &tags));
    let advice = advice::advise(profile, &rows, &tags);
    EndpointsAnswer {
        profile: profile.clone(),
        private_link: PrivateLink::of(profile),
        rows,
        advice,
    }
}

impl EndpointsAnswer {
    /// Rows of a group.
    pub fn of_group(&self, group: EndpointGroup) -> impl Iterator<Item = &EndpointRow> {
        self.rows.iter().filter(move |row| row.group == group)
    }

    /// The hosts that can be asked whether they are reached, each once.
    #[must_use]
    pub fn targets(&self) -> Vec<ProbeTarget> {
        let mut targets: Vec<ProbeTarget> = Vec::new();
        for row in self.of_group(EndpointGroup::Outbound) {
            let Some(host) = row.probed_host() else {
                continue;
            };
            if !targets.iter().any(|target| target.host == host) {
                targets.push(ProbeTarget {
                    host: host.to_owned(),
                    port: row.port,
                    check: if row.is_login_server() {
                        ProbeCheck::Registry
                    } else {
                        ProbeCheck::Tls
                    },
                });
            }
        }
        targets
    }

    /// The names of all tags in the plan, each once.
    #[must_use]
    pub fn tag_names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for tag in self.rows.iter().flat_map(|row| &row.tags) {
            if !names.contains(&tag.as_str()) {
                names.push(tag.as_str());
            }
        }
        names
    }

    /// The registry in one line: `contoso · Premium · West Europe, East US · data endpoints on`.
    #[must_use]
    pub fn headline(&self, facts: &Facts) -> String {
        let profile = &self.profile;
        let mut parts = vec![profile.login_server()];
        if !profile.is_microsoft {
            parts.extend(self.described(facts));
        }
        let clients: Vec<&str> = profile
            .clients
            .iter()
            .map(|client| client.title())
            .collect();
        parts.push(format!("for {}", clients.join(", ")));
        parts.join(" · ")
    }

    /// Tier, regions and what is on or off, in words.
    fn described(&self, facts: &Facts) -> Vec<String> {
        let profile = &self.profile;
        let mut parts = vec![match profile.sku {
            Some(sku) => sku.name().to_owned(),
            None => "tier not given".to_owned(),
        }];
        let names: Vec<&str> = profile
            .regions
            .iter()
            .map(|name| {
                let found = facts.regions.find(profile.cloud, name);
                found.map_or(name.as_str(), |region| region.display_name.as_str())
            })
            .collect();
        parts.push(if names.is_empty() {
            "no region given".to_owned()
        } else {
            names.join(", ")
        });
        for switch in &profile.switches {
            parts.push(format!("{} on", switch.title()));
        }
        if profile.public_access == Some(false) {
            parts.push("public access off".to_owned());
        }
        parts
    }
}
