//! What the registry's service reaches at the user's, and what the subnet of an agent pool reaches.

use crate::azure::Certainty;
use crate::azure::registry::{Client, Profile};
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
    let services = [
        ("AzureKeyVault", 443, "Key Vault", true),
        ("Storage", 443, "Storage", true),
        ("EventHub", 443, "Event Hubs", true),
        ("AzureActiveDirectory", 443, "Microsoft Entra", true),
        ("AzureMonitor", 443, "Azure Monitor", true),
        (
            "AzureMonitor",
            12000,
            "Azure Monitor diagnostics; without it the pool runs, but writes no diagnostic logs",
            false,
        ),
    ];
    services
        .into_iter()
        .map(|(tag, port, purpose, is_required)| {
            let names = tags.present(&[tag]);
            EndpointRow {
                group: EndpointGroup::AgentPool,
                id: "agent-pool",
                host: None,
                peer: Some(tag),
                region: None,
                port,
                purpose: purpose.to_owned(),
                clients: vec![Client::AgentPool],
                is_required,
                certainty: Certainty::Documented,
                prefixes: tags.prefixes(&names),
                tags: names,
                tags_certainty: Certainty::Documented,
                source: source::AGENT_POOL,
            }
        })
        .collect()
}
