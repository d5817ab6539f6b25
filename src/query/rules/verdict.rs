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
mod places;
mod question;
mod reason;
mod record;
mod registry;
mod side;

pub use answer::{CheckpointAnswer, SkippedCheckpoint, Understood, VerdictAnswer, VerdictPart};
pub use lines::VerdictLine;
pub use outcome::Verdict;
pub use phrase::PhraseError;
pub use question::{End, PORT, Party, PartyError, RegistryPath, Trusted, VerdictQuestion};
pub use reason::{Reason, ReasonKind};
pub use record::VerdictRecord;

use crate::azure::PlatformTag;
use crate::query::rules::verdict::answer::{CheckpointAsk, decided, touches, within_families};
use crate::query::rules::verdict::checkpoint::{Axis, Checkpoint};
use crate::query::rules::verdict::compile::checkpoints;
use crate::query::rules::verdict::first::{AskedTraffic, decide};
use crate::query::rules::verdict::gaps::{gaps, open_choice};
use crate::query::rules::verdict::path::{NetworkPath, Stands};
use crate::query::rules::verdict::places::{
    NetworkPlaces, SideResolver, assumed, everything, is_within,
};
use crate::query::rules::verdict::registry::CompiledRegistry;
use crate::query::rules::{AddressResolver, LoadedFile};
use crate::rules::{Direction, Protocol, RuleSetKind};
use crate::space::AddressSet;
use crate::text::Safe;

const NO_SOURCE: &str = "a registry's rules look at where traffic comes from: give --from";
const NO_TARGET: &str = "a route table looks at where traffic goes: give --to";
const NO_END: &str = "nothing to ask: give --from or --to";
const OTHER_END: &str =
    "the traffic goes elsewhere: a registry's rules stand before the registry alone";
const BEHIND: &str = "inbound to a public address: a security group sees the private address behind it, which may be any of VirtualNetwork";
const FAMILIES: &str = "one end is IPv4, the other IPv6";

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
        let to = self.addresses(question.to.as_ref(), addresses)?;
        let of_registries = addresses
            .tag(REGISTRIES)
            .map(|tag| AddressSet::clone(&addresses.addresses_of(tag)));
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
            asked: &asked,
            from,
            to,
            of_registries,
            path,
            assumed: Vec::new(),
        };
        run.assume_defaults();
        let mut unplaced = Vec::new();
        let (mut answers, mut skipped) = (Vec::new(), Vec::new());
        for checkpoint in run.in_order() {
            match run.checkpoint(checkpoint) {
                Ok(answer) => {
                    unplaced.push(run.stands(checkpoint) == Stands::Perhaps);
                    answers.push(answer);
                }
                Err(why) => skipped.push(SkippedCheckpoint {
                    path: checkpoint.path.clone(),
                    kind: checkpoint.kind,
                    set: checkpoint.name.clone(),
                    why,
                }),
            }
        }
        if let (true, Some(first)) = (answers.is_empty(), skipped.first()) {
            return Err(QuestionError::Skipped { why: first.why });
        }
        open_choice(&mut answers, &unplaced);
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

/// One question on its way through the checkpoints.
struct Run<'a> {
    tester: &'a Tester,
    question: &'a VerdictQuestion,
    asked: &'a AskedTraffic,
    from: Option<AddressSet>,
    to: Option<AddressSet>,
    /// The addresses that registries have in this week.
    of_registries: Option<AddressSet>,
    path: NetworkPath,
    assumed: Vec<String>,
}

impl<'a> Run<'a> {
    /// Checkpoints in the files' order; of several security groups the network interface's first on the
    /// way out.
    fn in_order(&self) -> Vec<&'a Checkpoint> {
        let mut checkpoints: Vec<&Checkpoint> = self.tester.checkpoints.iter().collect();
        let is_group = |checkpoint: &&Checkpoint| checkpoint.kind == RuleSetKind::Nsg;
        if self.asked.direction == Direction::Out {
            let mut groups: Vec<&Checkpoint> = checkpoints
                .iter()
                .copied()
                .filter(|it| is_group(it))
                .collect();
            for checkpoint in checkpoints
                .iter_mut()
                .filter(|checkpoint| is_group(checkpoint))
            {
                if let Some(next) = groups.pop() {
                    *checkpoint = next;
                }
            }
        }
        checkpoints
    }

    /// Checkpoints that the traffic meets.
    fn on_path(&self) -> impl Iterator<Item = &'a Checkpoint> {
        let checkpoints = self.tester.checkpoints.iter();
        checkpoints.filter(|checkpoint| self.path.meets(checkpoint.kind))
    }

    fn has(&self, kinds: &[RuleSetKind]) -> bool {
        self.on_path()
            .any(|checkpoint| kinds.contains(&checkpoint.kind))
    }

    /// What a question leaves open.
    fn assume_defaults(&mut self) {
        if self.has(&[RuleSetKind::Nsg, RuleSetKind::Firewall]) {
            let port = self.question.port.is_none();
            let protocol = self.question.protocol.is_none();
            let port = port.then(|| format!("port {PORT}"));
            let protocol = protocol.then(|| "Tcp".to_owned());
            let words: Vec<String> = protocol.into_iter().chain(port).collect();
            if !words.is_empty() {
                let words = words.join(", ");
                self.assumed.push(format!("{words}: the question has none"));
            }
        }
        let ends = [&self.question.from, &self.question.to];
        for end in ends.into_iter().flatten() {
            if let Party::Platform(symbol) = end {
                self.assumed.extend(assumed(*symbol).map(str::to_owned));
            }
        }
        let groups = self.on_path();
        let groups: Vec<&Checkpoint> = groups
            .filter(|checkpoint| checkpoint.kind == RuleSetKind::Nsg)
            .collect();
        if let [subnet, interface, ..] = groups.as_slice()
            && subnet.path != interface.path
        {
            self.assumed.push(format!(
                "the security groups stand in the order subnet ({}), network interface ({}): all of them must allow",
                subnet.name, interface.name
            ));
        }
        if self.question.registry_path == RegistryPath::PrivateEndpoint
            && self.has(&[RuleSetKind::Nsg, RuleSetKind::RouteTable])
        {
            self.assumed.push("network policies are on in the subnet of the private endpoint: else security groups and routes do not apply to it".to_owned());
        }
    }

    fn checkpoint(&mut self, checkpoint: &'a Checkpoint) -> Result<CheckpointAnswer, &'static str> {
        if !self.path.meets(checkpoint.kind) {
            return Err(path::NOT_MET);
        }
        if self.stands(checkpoint) == Stands::Elsewhere {
            return Err(path::ELSEWHERE);
        }
        let mut notes = checkpoint.assumed.clone();
        let answer = if let Some(registry) = &checkpoint.registry {
            self.registry(checkpoint, registry, &mut notes)?
        } else {
            let ends = self.ends(checkpoint, &mut notes)?;
            self.by_address(checkpoint, &ends, &mut notes)?
        };
        self.assumed.append(&mut notes);
        Ok(answer)
    }

    /// Whether a security group or a route table is in force where the traffic starts or ends.
    fn stands(&self, checkpoint: &Checkpoint) -> Stands {
        let is_out = self.asked.direction == Direction::Out;
        let (party, set) = if is_out || checkpoint.kind == RuleSetKind::RouteTable {
            (&self.question.from, &self.from)
        } else {
            (&self.question.to, &self.to)
        };
        path::stands(
            checkpoint,
            party.as_ref(),
            set.as_ref(),
            &self.tester.places,
        )
    }

    fn registry(
        &self,
        checkpoint: &Checkpoint,
        registry: &CompiledRegistry,
        notes: &mut Vec<String>,
    ) -> Result<CheckpointAnswer, &'static str> {
        if !self.goes_to(registry, &checkpoint.name, notes) {
            return Err(OTHER_END);
        }
        let mut steps = Vec::new();
        let by_way = registry.by_path(self.question.registry_path, &mut steps, notes);
        let found = match (by_way, &self.question.from) {
            (Some(decision), _) => Some(decision),
            (None, Some(Party::Subnet(id))) => {
                steps.extend(checkpoint.before.iter().cloned());
                Some(registry.of_subnet(id, &self.tester.places))
            }
            (None, None) if self.question.registry_path == RegistryPath::Public => {
                return Err(NO_SOURCE);
            }
            (None, None) => Some(registry.nameless()),
            (None, Some(_)) => None,
        };
        if self.question.registry_path == RegistryPath::Public {
            notes.extend(registry.note());
        }
        if let Some(decision) = found {
            notes.extend(decision.assumed.iter().cloned());
            return Ok(decided(checkpoint, &decision, steps));
        }
        let ends = self.ends(checkpoint, notes)?;
        let mut answer = self.by_address(checkpoint, &ends, notes)?;
        steps.append(&mut answer.steps);
        answer.steps = steps;
        Ok(answer)
    }

    /// Whether the traffic may go to a registry: by its name, or to an address that registries have.
    fn goes_to(&self, registry: &CompiledRegistry, name: &Safe, notes: &mut Vec<String>) -> bool {
        let is_known = match &self.question.to {
            None | Some(Party::Any) => return true,
            Some(Party::Host { name, .. }) => return registry.is_host(name),
            Some(Party::Platform(_) | Party::Subnet(_)) => false,
            Some(Party::Tag(_) | Party::Span(_)) => {
                let (Some(to), Some(all)) = (&self.to, &self.of_registries) else {
                    return true;
                };
                touches(Some(to), all)
            }
        };
        if is_known {
            notes.push(format!(
                "the destination is taken for the registry {name}: any registry may have such an address"
            ));
        }
        is_known
    }

    fn by_address(
        &self,
        checkpoint: &Checkpoint,
        ends: &Ends,
        notes: &mut Vec<String>,
    ) -> Result<CheckpointAnswer, &'static str> {
        // No traffic goes from one family to the other.
        let from = within_families(&ends.from, &ends.to);
        let to = within_families(&ends.to, &ends.from);
        let is_named =
            |party: &Option<Party>| matches!(party, Some(Party::Span(_) | Party::Tag(_)));
        let is_cut = is_named(&self.question.from) && from != ends.from
            || is_named(&self.question.to) && to != ends.to;
        if is_cut && checkpoint.axis == Axis::Both {
            let family = if from.v6.is_empty() { "IPv4" } else { "IPv6" };
            notes.push(format!("{family} only: one end has no other address"));
        }
        let found = decide(&checkpoint.rules, self.asked, &from, &to);
        let ask = CheckpointAsk {
            checkpoint,
            asked: self.asked,
            from,
            to,
            is_to: ends.is_to,
            is_open: ends.is_open,
        };
        ask.answer(&found, notes).ok_or(FAMILIES)
    }

    /// The addresses with which a checkpoint is asked.
    fn ends(&self, checkpoint: &Checkpoint, notes: &mut Vec<String>) -> Result<Ends, &'static str> {
        let is_out = self.asked.direction == Direction::Out;
        let (has_from, has_to) = (self.from.is_some(), self.to.is_some());
        match checkpoint.axis {
            Axis::From => self.one_end(End::From, NO_SOURCE, notes),
            Axis::To => self.one_end(End::To, NO_TARGET, notes),
            Axis::Peer if has_to && (is_out || !has_from) => self.one_end(End::To, NO_END, notes),
            Axis::Peer => self.one_end(End::From, NO_END, notes),
            Axis::Both if !has_from && !has_to => Err(NO_END),
            Axis::Both => {
                let mut is_open = self.note_end(self.question.from.as_ref(), notes);
                is_open |= self.note_end(self.question.to.as_ref(), notes);
                let (from, mut to) = (self.path.own(checkpoint.kind, notes), self.to.clone());
                let from = from.or_else(|| self.from.clone());
                let network = &self.tester.places.network;
                let is_public = |to: &AddressSet| !touches(Some(to), network);
                let is_group = checkpoint.kind == RuleSetKind::Nsg;
                let is_inside = from.as_ref().is_some_and(|from| is_within(from, network));
                let is_from_outside = is_group && !is_out && !is_inside;
                if is_from_outside && to.as_ref().is_some_and(is_public) {
                    // A security group sees the private address behind the public one.
                    notes.push(BEHIND.to_owned());
                    to = Some(AddressSet::clone(network));
                    is_open = true;
                }
                Ok(Ends {
                    from: from.unwrap_or_else(|| self.open_end("--from", is_out, notes)),
                    to: to.unwrap_or_else(|| self.open_end("--to", !is_out, notes)),
                    is_to: false,
                    is_open: is_open || !has_from || !has_to,
                })
            }
        }
    }

    /// One end for a checkpoint that looks at no other.
    fn one_end(
        &self,
        end: End,
        missing: &'static str,
        notes: &mut Vec<String>,
    ) -> Result<Ends, &'static str> {
        let (set, party) = match end {
            End::From => (&self.from, &self.question.from),
            End::To => (&self.to, &self.question.to),
        };
        Ok(Ends {
            from: set.clone().ok_or(missing)?,
            to: everything(),
            is_to: end == End::To,
            is_open: self.note_end(party.as_ref(), notes),
        })
    }

    /// The end that the question leaves open: the network's own side, or anything.
    fn open_end(&self, flag: &str, is_own: bool, notes: &mut Vec<String>) -> AddressSet {
        if is_own {
            notes.push(format!("without {flag}, any address of VirtualNetwork"));
            notes.push(places::NETWORK.to_owned());
            AddressSet::clone(&self.tester.places.network)
        } else {
            notes.push(format!("without {flag}, any address"));
            everything()
        }
    }

    /// Says what is taken for the addresses of an end that has none of its own, and whether it is
    /// such an end.
    fn note_end(&self, party: Option<&Party>, notes: &mut Vec<String>) -> bool {
        match party {
            Some(Party::Subnet(id)) => {
                let found = self.tester.places.subnet(id);
                let is_open = found.is_none_or(|subnet| subnet.addresses.is_empty());
                if is_open {
                    notes.push(format!(
                        "subnet {} may have any address of VirtualNetwork: its description (az network vnet subnet show) is not among the files",
                        id.name()
                    ));
                }
                is_open
            }
            Some(Party::Host { name, tags, .. }) if !tags.is_empty() => {
                notes.push(format!(
                    "{name} has one of the IPv4 addresses of {}, its documented service tag: names are not resolved here",
                    tags.join(" and ")
                ));
                true
            }
            Some(Party::Host {
                name,
                addresses: None,
                ..
            }) => {
                notes.push(format!(
                    "{name} may have any public address: names are not resolved here"
                ));
                true
            }
            _ => false,
        }
    }
}

/// The addresses with which a checkpoint is asked.
struct Ends {
    from: AddressSet,
    to: AddressSet,
    /// Whether a checkpoint of one side is asked with the destination.
    is_to: bool,
    /// Whether the traffic has one of the addresses, and which is not known.
    is_open: bool,
}

/// Drops repeats, keeping the first of each.
fn dedup(texts: &mut Vec<String>) {
    let mut seen = std::collections::HashSet::new();
    texts.retain(|text| seen.insert(text.clone()));
}
