//! The plan as a JSON document.

use crate::azure::Certainty;
use crate::azure::Cloud;
use crate::azure::registry::{Client, Sku, Switch};
use crate::query::endpoints::tags::blocks;
use crate::query::endpoints::{
    EndpointGroup, EndpointRow, EndpointsAdvice, EndpointsAnswer, EndpointsComparison, PrivateLink,
};
use crate::query::probe::{HostProbe, ProbeRecord};
use crate::query::{Dataset, SCHEMA_VERSION, WeekRecord};

/// The document.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EndpointsRecord {
    schema_version: u32,
    registry: ProfileRecord,
    week: Option<WeekRecord>,
    endpoints: Vec<EndpointRecord>,
    inbound: Vec<EndpointRecord>,
    agent_pool: Vec<EndpointRecord>,
    private_link_plan: Option<PrivateLink>,
    advice: Vec<EndpointsAdvice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    compare: Option<ComparisonRecord>,
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct ProfileRecord {
    name: String,
    login_server: String,
    cloud: Cloud,
    sku: Option<Sku>,
    home: Option<String>,
    regions: Vec<String>,
    #[serde(flatten)]
    switches: Switches,
    public_access: Option<bool>,
    clients: Vec<Client>,
}

/// One key a switch.
#[derive(Debug, Clone)]
struct Switches(Vec<(Switch, bool)>);

impl serde::Serialize for Switches {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}

/// A row.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct EndpointRecord {
    id: &'static str,
    fqdn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    peer: Option<&'static str>,
    region: Option<String>,
    port: u16,
    protocol: &'static str,
    purpose: String,
    required: bool,
    clients: Vec<Client>,
    certainty: Certainty,
    service_tags: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_tags_before: Option<Vec<String>>,
    service_tags_certainty: Certainty,
    prefixes_v4: Option<usize>,
    prefixes_v6: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prefixes: Option<Vec<String>>,
    source: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    probe: Option<ProbeRecord>,
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct ComparisonRecord {
    options: Vec<Switch>,
    added: Vec<EndpointRecord>,
    removed: Vec<EndpointRecord>,
    changed: Vec<EndpointRecord>,
    kept: usize,
}

impl EndpointsAnswer {
    /// The JSON document; `has_prefixes` writes the prefixes out.
    #[must_use]
    pub fn record(&self, dataset: Option<&Dataset>, has_prefixes: bool) -> EndpointsRecord {
        let profile = &self.profile;
        let entries = |group| {
            let rows = self.of_group(group);
            rows.map(|row| entry(row, dataset.filter(|_| has_prefixes)))
                .collect()
        };
        EndpointsRecord {
            schema_version: SCHEMA_VERSION,
            registry: ProfileRecord {
                name: profile.name.clone(),
                login_server: profile.login_server(),
                cloud: profile.cloud,
                sku: profile.sku,
                home: profile.home.clone(),
                regions: profile.regions.clone(),
                switches: Switches(Switch::ALL.map(|it| (it, profile.has(it))).to_vec()),
                public_access: profile.public_access,
                clients: profile.clients.iter().copied().collect(),
            },
            week: dataset.map(Dataset::record),
            endpoints: entries(EndpointGroup::Outbound),
            inbound: entries(EndpointGroup::Inbound),
            agent_pool: entries(EndpointGroup::AgentPool),
            private_link_plan: self.private_link.clone(),
            advice: self.advice.clone(),
            compare: None,
        }
    }
}

impl EndpointsRecord {
    /// The document with what the hosts answered.
    #[must_use]
    pub fn probed(mut self, probes: &[HostProbe], dataset: Option<&Dataset>) -> Self {
        for entry in &mut self.endpoints {
            let host = entry.fqdn.as_deref();
            let probe = probes.iter().find(|it| Some(it.host.as_str()) == host);
            entry.probe = probe.map(|probe| probe.record(dataset, &entry.service_tags));
        }
        self
    }

    /// The document with what the options of the registry change.
    #[must_use]
    pub fn compared(self, comparison: &EndpointsComparison<'_>, options: Vec<Switch>) -> Self {
        let entries = |rows: &[&EndpointRow]| rows.iter().map(|row| entry(row, None)).collect();
        let changed = comparison.changed.iter().map(|(old, row)| EndpointRecord {
            service_tags_before: Some(old.tags.clone()),
            ..entry(row, None)
        });
        Self {
            compare: Some(ComparisonRecord {
                options,
                added: entries(&comparison.added),
                removed: entries(&comparison.removed),
                changed: changed.collect(),
                kept: comparison.kept,
            }),
            ..self
        }
    }
}

fn entry(row: &EndpointRow, dataset: Option<&Dataset>) -> EndpointRecord {
    let prefixes = dataset.and_then(|dataset| {
        let blocks = blocks(dataset, &row.tags)?;
        Some(blocks.iter().map(ToString::to_string).collect())
    });
    EndpointRecord {
        id: row.id,
        fqdn: row.host.clone(),
        peer: row.peer,
        region: row.region.clone(),
        port: row.port,
        protocol: "Tcp",
        purpose: row.purpose.clone(),
        required: row.is_required,
        clients: row.clients.clone(),
        certainty: row.certainty,
        service_tags: row.tags.clone(),
        service_tags_before: None,
        service_tags_certainty: row.tags_certainty,
        prefixes_v4: row.prefixes.map(|[v4, _]| v4),
        prefixes_v6: row.prefixes.map(|[_, v6]| v6),
        prefixes,
        source: row.source,
        probe: None,
    }
}
