//! Would this get through? The deciding row, and why.
//!
//! Rules are asked with sets of addresses, not with single ones: an address, a CIDR and a whole tag
//! are the same question. A row that is not understood, or that addresses cannot decide, never counts
//! as matched and never as passed over: where it could turn the answer, the answer depends.

mod answer;
mod checkpoint;
mod compile;
mod first;
mod gaps;
mod lines;
mod outcome;
mod path;
mod phrase;
mod question;
mod reason;
mod record;
mod registry;
mod run;

pub use crate::query::rules::resolve::ReasonKind;
pub use answer::{CheckpointAnswer, SkippedCheckpoint, Understood, VerdictAnswer, VerdictPart};
pub use lines::VerdictLine;
pub use outcome::Verdict;
pub use phrase::PhraseError;
pub use question::{End, PORT, Party, PartyError, RegistryPath, Trusted, VerdictQuestion};
pub use reason::Reason;
pub use record::VerdictRecord;

use std::sync::Arc;

use crate::azure::PlatformTag;
use crate::query::rules::resolve::{NetworkPlaces, SideResolver, everything, is_within};
use crate::query::rules::verdict::answer::touches;
use crate::query::rules::verdict::checkpoint::Checkpoint;
use crate::query::rules::verdict::compile::checkpoints;
use crate::query::rules::verdict::first::{AskedTraffic, CompiledRule, Translated, translated};
use crate::query::rules::verdict::gaps::{at_the_other_end, gaps, not_led, open_choice};
use crate::query::rules::verdict::path::{NetworkPath, Stands};
use crate::query::rules::verdict::registry::CompiledRegistry;
use crate::query::rules::verdict::run::Run;
use crate::query::rules::{AddressResolver, LoadedFile};
use crate::rules::{Direction, Protocol};
use crate::space::{AddressSet, Parts};
use crate::text::Safe;

/// The tag of registries' addresses.
const REGISTRIES: &str = "AzureContainerRegistry";

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuestionError {
    /// Nothing but limits, subnets and the like.
    #[error("the files hold no rules that could let anything through")]
    NoRules,
    /// A tag with nothing in it.
    #[error("{text} has no addresses in this week")]
    Empty {
        /// The tag.
        text: Safe,
    },
    /// No checkpoint could be asked.
    #[error("{why}")]
    Skipped {
        /// The first reason.
        why: &'static str,
    },
}

/// Rules of some files in one week, ready to be asked many times.
#[derive(Debug, Clone)]
pub struct Tester {
    checkpoints: Vec<Checkpoint>,
    places: NetworkPlaces,
    /// Parts of the files that may hold rules and were not read.
    gaps: Vec<Reason>,
}

/// Would this get through these files' rules?
///
/// # Errors
/// What is missing in the files or in the question.
pub fn ask(
    question: &VerdictQuestion,
    files: &[LoadedFile],
    addresses: &AddressResolver<'_>,
) -> Result<VerdictAnswer, QuestionError> {
    Tester::new(files, addresses).ask(question, addresses)
}

impl Tester {
    /// Resolves every row once.
    #[must_use]
    pub fn new(files: &[LoadedFile], addresses: &AddressResolver<'_>) -> Self {
        let places = NetworkPlaces::new(files);
        let mut resolver = SideResolver::new(addresses, &places, files);
        let checkpoints = checkpoints(files, &mut resolver);
        Self {
            checkpoints,
            places,
            gaps: gaps(files),
        }
    }

    /// Would this get through?
    ///
    /// # Errors
    /// What is missing in the files or in the question.
    pub fn ask(
        &self,
        question: &VerdictQuestion,
        addresses: &AddressResolver<'_>,
    ) -> Result<VerdictAnswer, QuestionError> {
        if self.checkpoints.is_empty() {
            return Err(QuestionError::NoRules);
        }
        let from = self.addresses(question.from.as_ref(), addresses)?;
        let to = match question.private_host() {
            Some(host) => Some(self.at_private_endpoint(host)),
            None => self.addresses(question.to.as_ref(), addresses)?,
        };
        let of_registries = of_registries(addresses);
        let path = NetworkPath::new(
            question,
            from.as_ref(),
            path::is_registry(
                question,
                to.as_ref(),
                of_registries.as_ref(),
                self.registries(),
            ),
            &self.places.inside,
        );
        let direction = question
            .direction
            .unwrap_or_else(|| self.direction(question, &path, from.as_ref(), to.as_ref()));
        let asked = AskedTraffic {
            port: question.port.unwrap_or(PORT),
            protocol: question.protocol.unwrap_or(Protocol::Tcp),
            direction,
            host: match &question.to {
                Some(Party::Host { name, .. }) => Some(name.clone()),
                _ => None,
            },
        };
        let mut run = Run {
            tester: self,
            question,
            behind: self.behind(&asked, from.as_ref(), to.as_ref()),
            asked: asked.clone(),
            from,
            to,
            of_registries,
            path,
            assumed: Vec::new(),
        };
        run.assume_defaults();
        let mut stands = Vec::new();
        let (mut answers, mut skipped) = (Vec::new(), Vec::new());
        for checkpoint in run.in_order() {
            let mut outward = None;
            for way in run.ways(checkpoint) {
                run.asked.direction = way;
                match run.checkpoint(checkpoint) {
                    Ok(answer) => {
                        let place = run.stands(checkpoint);
                        let is_second = way != direction;
                        if is_second && place != Stands::Here {
                            answers.extend(at_the_other_end(answer, outward));
                            stands.resize(answers.len(), place);
                            continue;
                        }
                        outward = Some(answer.verdict);
                        answers.push(answer);
                        stands.push(place);
                    }
                    Err(why) => skipped.push(SkippedCheckpoint {
                        path: checkpoint.path.clone(),
                        kind: checkpoint.kind,
                        set: checkpoint.name.clone(),
                        why,
                    }),
                }
            }
        }
        run.asked.direction = direction;
        let led = run.led(&answers, &stands);
        not_led(led, &mut answers, &mut stands, &mut skipped);
        if let (true, Some(first)) = (answers.is_empty(), skipped.first()) {
            return Err(QuestionError::Skipped { why: first.why });
        }
        open_choice(&mut answers, &stands);
        let text = |party: &Option<Party>| party.as_ref().map(|it| Safe::from(it.text()));
        let mut assumed = run.assumed;
        dedup(&mut assumed);
        Ok(VerdictAnswer {
            asked: Understood {
                from: text(&question.from),
                to: text(&question.to),
                port: asked.port,
                protocol: asked.protocol,
                direction,
            },
            checkpoints: answers,
            skipped,
            assumed,
            gaps: self.gaps.clone(),
        })
    }

    /// All addresses in parts: those of one part fare alike, whatever is asked.
    #[must_use]
    pub fn parts(&self, addresses: &AddressResolver<'_>) -> Parts {
        let rules = self.checkpoints.iter().flat_map(|it| &it.rules);
        let sets = rules.flat_map(CompiledRule::address_sets).cloned();
        let registries = of_registries(addresses).map(Arc::new);
        let sets: Vec<Arc<AddressSet>> = sets
            .chain(self.places.address_sets())
            .chain(registries)
            .collect();
        Parts::of(sets.iter().map(AsRef::as_ref))
    }

    /// Where DNAT sends what comes in; nothing where it goes on as it is, or only a part does not.
    fn behind(
        &self,
        asked: &AskedTraffic,
        from: Option<&AddressSet>,
        to: Option<&AddressSet>,
    ) -> Option<(AddressSet, u16)> {
        let (from, to) = from.zip(to)?;
        if asked.direction != Direction::In {
            return None;
        }
        self.checkpoints.iter().find_map(|checkpoint| {
            match translated(&checkpoint.rules, asked, from, to) {
                Translated::Into(target) => Some((AddressSet::clone(&target.to), target.port)),
                Translated::No | Translated::Partly => None,
            }
        })
    }

    /// The addresses of one end; `None` where it was not given.
    fn addresses(
        &self,
        party: Option<&Party>,
        addresses: &AddressResolver<'_>,
    ) -> Result<Option<AddressSet>, QuestionError> {
        let Some(party) = party else {
            return Ok(None);
        };
        let set = match party {
            Party::Any => everything(),
            Party::Span(span) => AddressSet::from_spans([*span]),
            Party::Tag(name) => addresses
                .tag(name)
                .map(|tag| AddressSet::clone(&addresses.addresses_of(tag)))
                .unwrap_or_default(),
            Party::Platform(symbol) => {
                let set = self.places.symbol(*symbol);
                let set = set.unwrap_or_else(|| self.places.internet.clone());
                AddressSet::clone(&set)
            }
            Party::Subnet(id) => {
                let found = self.places.subnet(id).map(|it| &it.addresses);
                let found = found.filter(|set| !set.is_empty());
                AddressSet::clone(found.unwrap_or(&self.places.network))
            }
            Party::Host { addresses, .. } => addresses
                .clone()
                .unwrap_or_else(|| AddressSet::clone(&self.places.internet)),
        };
        if set.is_empty() {
            let text = Safe::from(party.text());
            return Err(QuestionError::Empty { text });
        }
        Ok(Some(set))
    }

    /// Where a host is reached over a private endpoint: anywhere in the network where the files do not say.
    fn at_private_endpoint(&self, host: &str) -> AddressSet {
        let known = self.places.private.of_host(host);
        if known.is_empty() {
            return AddressSet::clone(&self.places.network);
        }
        known
    }

    fn registries(&self) -> impl Iterator<Item = &CompiledRegistry> {
        self.checkpoints
            .iter()
            .filter_map(|checkpoint| checkpoint.registry.as_ref())
    }

    /// Out of the network from a private address or a subnet, or to a public address from nowhere
    /// said; else into it.
    fn direction(
        &self,
        question: &VerdictQuestion,
        path: &NetworkPath,
        from: Option<&AddressSet>,
        to: Option<&AddressSet>,
    ) -> Direction {
        let is_out = match (&question.from, from) {
            (Some(Party::Subnet(_) | Party::Platform(PlatformTag::VirtualNetwork)), _) => true,
            _ if path.is_cut() => true,
            (None, _) if question.registry_path == RegistryPath::PrivateEndpoint => true,
            (_, Some(from)) => is_within(from, &self.places.network),
            (_, None) => to.is_some_and(|to| !touches(Some(to), &self.places.network)),
        };
        if is_out {
            Direction::Out
        } else {
            Direction::In
        }
    }
}

/// The addresses that registries have in this week.
fn of_registries(addresses: &AddressResolver<'_>) -> Option<AddressSet> {
    let tag = addresses.tag(REGISTRIES)?;
    Some(AddressSet::clone(&addresses.addresses_of(tag)))
}

/// Drops repeats, keeping the first of each.
fn dedup(texts: &mut Vec<String>) {
    let mut seen = std::collections::HashSet::new();
    texts.retain(|text| seen.insert(text.clone()));
}
