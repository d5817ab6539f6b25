//! Which hosts of a registry's plan rules would let through.

use crate::azure::PlatformTag;
use crate::azure::registry::Switch;
use crate::query::endpoints::{EndpointGroup, EndpointRow, EndpointsAnswer as Plan};
use crate::query::rules::verdict::{
    Party, QuestionError, Tester, Verdict, VerdictAnswer, VerdictQuestion,
};
use crate::query::rules::{AddressResolver, LoadedFile};
use crate::rules::{Direction, Protocol, RuleSetKind};
use crate::space::{AddressSet, Ranges};

/// A host of a plan, and whether the rules let a client reach it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostVerdict {
    /// The host, or what stands in its place.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Why it is needed.
    pub purpose: String,
    /// Whether a client cannot do without.
    pub is_required: bool,
    /// Its service tags, whose addresses stand for it.
    pub tags: Vec<String>,
    /// Those of them that the week does not have: their addresses are not known.
    pub unknown: Vec<String>,
    /// What was asked.
    pub question: VerdictQuestion,
    /// What the rules say.
    pub answer: Result<VerdictAnswer, QuestionError>,
}

impl HostVerdict {
    /// The verdict in a word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match &self.answer {
            // What is let through of the known tags says nothing of the others.
            Ok(answer) => match answer.verdict() {
                Verdict::Allow if !self.unknown.is_empty() => Verdict::Depends.word(),
                verdict => verdict.word(),
            },
            Err(_) => "not asked",
        }
    }

    /// The deciding row, or why nothing was asked.
    #[must_use]
    pub fn because(&self) -> String {
        let unknown = match self.unknown.as_slice() {
            [] => String::new(),
            names => format!("this week has no tag {}; ", names.join(", ")),
        };
        let text = match &self.answer {
            Ok(answer) => answer.deciding().map_or_else(String::new, |checkpoint| {
                format!(
                    "{}, {}: {}",
                    checkpoint.set, checkpoint.row, checkpoint.because
                )
            }),
            Err(error) => error.to_string(),
        };
        format!("{unknown}{text}")
    }
}

/// Asks rules for every host that clients and agent pools must reach. The addresses of its service
/// tags stand for a host, since none is resolved: IPv4 ones, but for a registry with both families.
/// `from` is where the client is, the network itself where it is not given. A registry's own rules
/// are not asked: they stand before the registry alone, and look at public addresses.
#[must_use]
pub fn ask(
    plan: &Plan,
    from: Option<&Party>,
    files: &[LoadedFile],
    resolver: &AddressResolver<'_>,
) -> Vec<HostVerdict> {
    let mut files = files.to_vec();
    for loaded in &mut files {
        loaded.file.sets.retain(|set| set.kind != RuleSetKind::Acr);
    }
    let tester = Tester::new(&files, resolver);
    let has_v6 = plan.profile.has(Switch::DualStack);
    let network = Party::Platform(PlatformTag::VirtualNetwork);
    let from = from.unwrap_or(&network);
    let rows = plan
        .rows
        .iter()
        .filter(|row| row.group != EndpointGroup::Inbound);
    rows.map(|row| {
        let question = VerdictQuestion {
            from: Some(from.clone()),
            to: Some(party(row, has_v6, resolver)),
            port: Some(row.port),
            protocol: Some(Protocol::Tcp),
            direction: Some(Direction::Out),
            ..VerdictQuestion::default()
        };
        HostVerdict {
            host: row.shown().to_owned(),
            port: row.port,
            purpose: row.purpose.clone(),
            is_required: row.is_required,
            tags: row.tags.clone(),
            unknown: row
                .tags
                .iter()
                .filter(|name| resolver.tag(name).is_none())
                .cloned()
                .collect(),
            answer: tester.ask(&question, resolver),
            question,
        }
    })
    .collect()
}

/// The host with the addresses of its tags, or the tag where no host is known.
fn party(row: &EndpointRow, has_v6: bool, resolver: &AddressResolver<'_>) -> Party {
    let tags = || row.tags.iter().filter_map(|name| resolver.tag(name));
    match &row.host {
        Some(host) => Party::Host {
            name: host.to_ascii_lowercase(),
            addresses: tags()
                .map(|tag| {
                    let mut addresses = AddressSet::clone(&resolver.addresses_of(tag));
                    if !has_v6 {
                        addresses.v6 = Ranges::default();
                    }
                    addresses
                })
                .reduce(|all, own| all.union(&own)),
            tags: Vec::new(),
        },
        None => match row.tags.as_slice() {
            [name, ..] if resolver.tag(name).is_some() => Party::Tag(name.clone()),
            _ => Party::Any,
        },
    }
}
