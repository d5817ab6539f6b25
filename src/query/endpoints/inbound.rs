//! What the registry's service reaches at the user's, and what the subnet of an agent pool reaches.

use crate::azure::Certainty;
use crate::azure::registry::{AgentPool, Client, Profile};
use crate::query::endpoints::outbound::source;
use crate::query::endpoints::tags::Tags;
use crate::query::endpoints::{EndpointGroup, EndpointRow};

/// Rows whose source is the registry.
pub(super) fn rows(profile: &Profile, tags: &Tags<'_>) -> Vec<EndpointRow> {
    let row = |client, id, peer, purpose: &str| {
        if !profile.clients.contains(&client) {
            return None;
        }
        let tags_of = tags.everywhere("AzureContainerRegistry");
        Some(EndpointRow {
            group: EndpointGroup::Inbound,
            id,
            host: None,
            peer: Some(peer),
            region: None,
            port: 443,
            purpose: purpose.to_owned(),
            clients: vec![client],
            is_required: true,
            certainty: Certainty::Documented,
            prefixes: tags.prefixes(&tags_of),
            tags_certainty: if profile.regions.is_empty() {
                Certainty::Documented
            } else {
                // Documents name the whole tag; that a region's traffic stays in its tag is a guess.
                Certainty::Assumed
            },
            tags: tags_of,
            source: source::TAGS,
        })
    };
    [
        row(
            Client::Import,
            "import",
            "the source registry's firewall",
            "the registry downloads images to import",
        ),
        row(
            Client::Webhook,
            "webhook",
            "your webhook's receiver",
            "the registry posts events; each replica for itself",
        ),
        row(
            Client::Tasks,
            "tasks",
            "what your tasks call",
            "tasks on shared agents reach outside resources",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The outbound rules of an agent pool's subnet, by tag.
pub(super) fn agent_pool(profile: &Profile, tags: &Tags<'_>) -> Vec<EndpointRow> {
    if !profile.clients.contains(&Client::AgentPool) {
        return Vec::new();
    }
    let rows = AgentPool::SERVICES.into_iter().flat_map(|service| {
        let names = tags.present(&[service.tag]);
        service.ports.iter().map(move |&port| {
            let purpose = if port == AgentPool::DIAGNOSTICS {
                format!("{}, diagnostics", service.name)
            } else {
                service.name.to_owned()
            };
            EndpointRow {
                group: EndpointGroup::AgentPool,
                id: "agent-pool",
                host: None,
                peer: Some(service.tag),
                region: None,
                port,
                purpose,
                clients: vec![Client::AgentPool],
                is_required: true,
                certainty: Certainty::Documented,
                prefixes: tags.prefixes(&names),
                tags: names.clone(),
                tags_certainty: Certainty::Documented,
                source: source::AGENT_POOL,
            }
        })
    });
    rows.collect()
}
