//! The JSON document of an explanation.

use std::net::IpAddr;

use crate::azure::Certainty;
use crate::azure::Cloud;
use crate::query::explain::{
    Answer, Client, ClientTag, Explained, Placeholder, Registry, Said, Scope, Step,
};
use crate::query::{SCHEMA_VERSION, WeekRecord};
use crate::text::Safe;

/// The JSON document of an explanation; without any complaint for a text that is none.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Record<'a> {
    schema_version: u32,
    week: Option<&'a WeekRecord>,
    complaints: Vec<ComplaintRecord<'a>>,
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct ComplaintRecord<'a> {
    id: &'static str,
    title: &'static str,
    meaning: &'a str,
    registry: Option<RegistryRecord<'a>>,
    image: Option<&'a str>,
    host: Option<&'a str>,
    client: Option<ClientRecord<'a>>,
    causes: &'a [Said],
    checks: &'a [Step],
    changes: &'a [Step],
    alternatives: &'a [Step],
    verify: &'a [Step],
    would_not_help: &'a [Said],
    notes: &'a [Said],
    placeholders: &'a [Placeholder],
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct RegistryRecord<'a> {
    login_server: Option<&'a str>,
    name: Option<&'a str>,
    name_certainty: Option<Certainty>,
    cloud: Option<Cloud>,
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct ClientRecord<'a> {
    address: IpAddr,
    scope: Scope,
    azure: Option<bool>,
    region: Option<&'a str>,
    tags: Option<Vec<TagRecord<'a>>>,
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct TagRecord<'a> {
    tag: &'a str,
    prefix: String,
    region: &'a str,
    system_service: &'a str,
}

impl Answer {
    /// The answer as its JSON document.
    #[must_use]
    pub fn record<'a>(&'a self, week: Option<&'a WeekRecord>) -> Record<'a> {
        Record {
            schema_version: SCHEMA_VERSION,
            week,
            complaints: self.complaints.iter().map(complaint).collect(),
        }
    }
}

fn complaint(explained: &Explained) -> ComplaintRecord<'_> {
    ComplaintRecord {
        id: explained.id,
        title: explained.title,
        meaning: &explained.meaning,
        registry: explained.registry.as_ref().map(registry),
        image: explained.image.as_ref().map(Safe::as_str),
        host: explained.host.as_ref().map(Safe::as_str),
        client: explained.client.as_ref().map(client),
        causes: &explained.causes,
        checks: &explained.checks,
        changes: &explained.changes,
        alternatives: &explained.alternatives,
        verify: &explained.verify,
        would_not_help: &explained.would_not_help,
        notes: &explained.notes,
        placeholders: &explained.placeholders,
    }
}

fn registry(registry: &Registry) -> RegistryRecord<'_> {
    let certainty = if registry.is_assumed {
        Certainty::Assumed
    } else {
        Certainty::Documented
    };
    RegistryRecord {
        login_server: registry.login_server.as_ref().map(Safe::as_str),
        name: registry.name.as_deref(),
        name_certainty: registry.name.as_ref().map(|_| certainty),
        cloud: registry.cloud,
    }
}

fn client(client: &Client) -> ClientRecord<'_> {
    let tags = client
        .tags
        .as_ref()
        .map(|tags| tags.iter().map(tag).collect());
    ClientRecord {
        address: client.address,
        scope: client.scope,
        azure: client.is_azure(),
        region: client.region(),
        tags,
    }
}

fn tag(tag: &ClientTag) -> TagRecord<'_> {
    TagRecord {
        tag: &tag.tag,
        prefix: tag.prefix.to_string(),
        region: &tag.region,
        system_service: &tag.system_service,
    }
}
