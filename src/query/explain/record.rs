//! The JSON document of an explanation.

use std::net::IpAddr;

use crate::azure::{Certainty, Cloud, Special};
use crate::query::explain::{
    AddressScope, AdvicePlaceholder, AdviceStep, AlsoSeen, ClientTag, ExplainAnswer, Explained,
    NamedRegistry, SeenClient, Sentence,
};
use crate::query::{SCHEMA_VERSION, WeekRecord};
use crate::text::Safe;

/// The JSON document of an explanation; without any complaint for a text that is none.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplainRecord<'a> {
    schema_version: u32,
    week: Option<&'a WeekRecord>,
    complaints: Vec<ComplaintRecord<'a>>,
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct ComplaintRecord<'a> {
    id: &'static str,
    title: &'a str,
    meaning: &'a str,
    registry: Option<RegistryRecord<'a>>,
    image: Option<&'a str>,
    host: Option<&'a str>,
    client: Option<ClientRecord<'a>>,
    server: Option<ClientRecord<'a>>,
    program: Option<&'static str>,
    statuses: &'a [u16],
    count: usize,
    line: usize,
    also_seen: &'a [AlsoSeen],
    causes: &'a [Sentence],
    checks: &'a [AdviceStep],
    changes: &'a [AdviceStep],
    alternatives: &'a [AdviceStep],
    verify: &'a [AdviceStep],
    would_not_help: &'a [Sentence],
    notes: &'a [Sentence],
    placeholders: &'a [AdvicePlaceholder],
    documents: &'a [&'static str],
}

/// One failure of a text as a line of JSON.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FailureRecord<'a> {
    schema_version: u32,
    /// Left out of a short line.
    #[serde(flatten)]
    head: Option<KnownWeek<'a>>,
    problem: &'static str,
    #[serde(flatten)]
    complaint: ComplaintRecord<'a>,
}

/// The week, or that there is none.
#[derive(Debug, Clone, Copy, serde::Serialize)]
struct KnownWeek<'a> {
    week: Option<&'a WeekRecord>,
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
    scope: AddressScope,
    #[serde(skip_serializing_if = "Option::is_none")]
    special: Option<&'a Special>,
    azure: Option<bool>,
    region: Option<&'a str>,
    tags: Option<Vec<ClientTagRecord<'a>>>,
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct ClientTagRecord<'a> {
    tag: &'a str,
    prefix: String,
    region: &'a str,
    system_service: &'a str,
}

impl ExplainAnswer {
    /// The answer as its JSON document.
    #[must_use]
    pub fn record<'a>(&'a self, week: Option<&'a WeekRecord>) -> ExplainRecord<'a> {
        ExplainRecord {
            schema_version: SCHEMA_VERSION,
            week,
            complaints: self.complaints.iter().map(complaint).collect(),
        }
    }

    /// Each failure as a document of its own; `is_slim` leaves the week out.
    pub fn records<'a>(
        &'a self,
        week: Option<&'a WeekRecord>,
        is_slim: bool,
    ) -> impl Iterator<Item = FailureRecord<'a>> {
        self.complaints.iter().map(move |explained| FailureRecord {
            schema_version: SCHEMA_VERSION,
            head: (!is_slim).then_some(KnownWeek { week }),
            problem: explained.id,
            complaint: complaint(explained),
        })
    }
}

fn complaint(explained: &Explained) -> ComplaintRecord<'_> {
    ComplaintRecord {
        id: explained.id,
        title: &explained.title,
        meaning: &explained.meaning,
        registry: explained.registry.as_ref().map(registry),
        image: explained.image.as_ref().map(Safe::as_str),
        host: explained.host.as_ref().map(Safe::as_str),
        client: explained.client.as_ref().map(client),
        server: explained.server.as_ref().map(client),
        program: explained.program,
        statuses: &explained.statuses,
        count: explained.lines.len(),
        line: explained.lines.first().copied().unwrap_or(1),
        also_seen: &explained.also,
        causes: &explained.causes,
        checks: &explained.checks,
        changes: &explained.changes,
        alternatives: &explained.alternatives,
        verify: &explained.verify,
        would_not_help: &explained.would_not_help,
        notes: &explained.notes,
        placeholders: &explained.placeholders,
        documents: &explained.documents,
    }
}

fn registry(registry: &NamedRegistry) -> RegistryRecord<'_> {
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

fn client(client: &SeenClient) -> ClientRecord<'_> {
    let tags = client
        .tags
        .as_ref()
        .map(|tags| tags.iter().map(tag).collect());
    ClientRecord {
        address: client.address,
        scope: client.scope,
        special: client.special.as_ref(),
        azure: client.is_azure(),
        region: client.region(),
        tags,
    }
}

fn tag(tag: &ClientTag) -> ClientTagRecord<'_> {
    ClientTagRecord {
        tag: &tag.tag,
        prefix: tag.prefix.to_string(),
        region: &tag.region,
        system_service: &tag.system_service,
    }
}
