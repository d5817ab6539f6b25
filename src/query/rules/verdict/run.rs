//! One question on its way through the checkpoints of some files.

use crate::query::rules::resolve::{NETWORK, PastRules, assumed, everything, is_within};
use crate::query::rules::verdict::Tester;
use crate::query::rules::verdict::answer::{
    CheckpointAnswer, CheckpointAsk, decided, touches, within_families,
};
use crate::query::rules::verdict::checkpoint::{Axis, Checkpoint};
use crate::query::rules::verdict::first::{AskedTraffic, decide};
use crate::query::rules::verdict::gaps::{Led, perhaps_past};
use crate::query::rules::verdict::path::{self, NetworkPath, Stands};
use crate::query::rules::verdict::question::{End, PORT, Party, RegistryPath, VerdictQuestion};
use crate::query::rules::verdict::registry::CompiledRegistry;
use crate::rules::{Direction, RuleSetKind};
use crate::space::{AddressSet, Count};
use crate::text::Safe;

const NO_SOURCE: &str = "a registry's rules look at where traffic comes from: give --from";
const NO_TARGET: &str = "a route table looks at where traffic goes: give --to";
const NO_END: &str = "nothing to ask: give --from or --to";
const OTHER_END: &str =
    "the traffic goes elsewhere: a registry's rules stand before the registry alone";
const BEHIND: &str = "inbound to a public address: a security group sees the private address behind it, which may be any of VirtualNetwork";
const FAMILIES: &str = "one end is IPv4, the other IPv6";

/// One question on its way through the checkpoints.
pub(super) struct Run<'a> {
    pub tester: &'a Tester,
    pub question: &'a VerdictQuestion,
    pub asked: AskedTraffic,
    /// Where a firewall sends it: the address and the port that a security group sees.
    pub behind: Option<(AddressSet, u16)>,
    pub from: Option<AddressSet>,
    pub to: Option<AddressSet>,
    /// The addresses that registries have in this week.
    pub of_registries: Option<AddressSet>,
    pub path: NetworkPath,
    pub assumed: Vec<String>,
}

impl<'a> Run<'a> {
    /// Checkpoints in the files' order; of several security groups the network interface's first on the
    /// way out.
    pub fn in_order(&self) -> Vec<&'a Checkpoint> {
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
    pub fn assume_defaults(&mut self) {
        if self.on_path().any(|it| it.kind.has_two_ends()) {
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
        let of_endpoint = self.question.private_host();
        let is_known = of_endpoint.is_some_and(|name| !self.at_endpoint(name).is_empty());
        if self.question.registry_path == RegistryPath::PrivateEndpoint
            && !is_known
            && self.has(&[RuleSetKind::Nsg, RuleSetKind::RouteTable])
        {
            self.assumed.push("network policies are on in the subnet of the private endpoint: else security groups and routes do not apply to it".to_owned());
        }
    }

    /// Where a host's private endpoints are, as far as the files say.
    fn at_endpoint(&self, host: &str) -> AddressSet {
        self.tester.places.private.of_host(host)
    }

    pub fn checkpoint(
        &mut self,
        checkpoint: &'a Checkpoint,
    ) -> Result<CheckpointAnswer, &'static str> {
        if !self.path.meets(checkpoint.kind) {
            return Err(path::NOT_MET);
        }
        if self.stands(checkpoint) == Stands::Elsewhere {
            return Err(path::ELSEWHERE);
        }
        let past = self.past_rules(checkpoint);
        if matches!(past, PastRules::Surely) {
            return Err(path::NO_POLICIES);
        }
        let mut notes = checkpoint.assumed.clone();
        let mut answer = if let Some(registry) = &checkpoint.registry {
            self.registry(checkpoint, registry, &mut notes)?
        } else {
            let ends = self.ends(checkpoint, &mut notes)?;
            self.by_address(checkpoint, &ends, &mut notes)?
        };
        if let PastRules::Perhaps(place) = past {
            perhaps_past(&mut answer, place);
        }
        self.assumed.append(&mut notes);
        Ok(answer)
    }

    /// Whether the destination is a private endpoint for which a security group before it does not hold.
    fn past_rules(&self, checkpoint: &Checkpoint) -> PastRules<'a> {
        let is_before = checkpoint.kind == RuleSetKind::Nsg
            && self.asked.direction == Direction::In
            && !checkpoint.is_effective;
        if is_before {
            self.tester.places.private.past_groups(self.to.as_ref())
        } else {
            PastRules::No
        }
    }

    /// Whether a security group sees the traffic as a firewall has sent it on.
    fn is_behind(&self, checkpoint: &Checkpoint) -> bool {
        checkpoint.kind == RuleSetKind::Nsg && self.asked.direction == Direction::In
    }

    /// Which rules of a checkpoint are asked: of a security group both where both ends are inside, as far
    /// as it is in force there.
    pub fn ways(&mut self, checkpoint: &Checkpoint) -> Vec<Direction> {
        let own = self.asked.direction;
        let network = &self.tester.places.network;
        let is_inside =
            |set: &Option<AddressSet>| set.as_ref().is_some_and(|set| is_within(set, network));
        let is_both = checkpoint.kind == RuleSetKind::Nsg
            && self.question.direction.is_none()
            && is_inside(&self.from)
            && is_inside(&self.to);
        if !is_both {
            return vec![own];
        }
        let mut ways = vec![Direction::Out, Direction::In];
        ways.retain(|way| {
            self.asked.direction = *way;
            self.stands(checkpoint) != Stands::Elsewhere
        });
        self.asked.direction = own;
        if ways.is_empty() { vec![own] } else { ways }
    }

    /// Whether routes lead what goes out to a firewall.
    pub fn led(&self, answers: &[CheckpointAnswer], stands: &[Stands]) -> Led {
        let mut checkpoints = self.tester.checkpoints.iter();
        let has_table = checkpoints.any(|it| it.kind == RuleSetKind::RouteTable);
        let network = &self.tester.places.network;
        let is_inside = |from: &AddressSet| is_within(from, network);
        let is_out = self.asked.direction == Direction::Out;
        let tester = self.tester;
        let space = AddressSet::from_spans(tester.places.spaces.iter().map(|block| block.span()));
        let is_of_space =
            |end: &Option<AddressSet>| end.as_ref().is_some_and(|end| is_within(end, &space));
        if !has_table && tester.gaps.is_empty() && is_of_space(&self.from) && is_of_space(&self.to)
        {
            // Azure's own route keeps it inside.
            return Led::Elsewhere;
        }
        // A table may be in what was not read.
        let may_be_table = has_table || !self.tester.gaps.is_empty();
        if !may_be_table || !is_out || !self.from.as_ref().is_some_and(is_inside) {
            return Led::NotSaid;
        }
        let tables = || {
            let all = answers.iter().zip(stands);
            all.filter(|(answer, _)| answer.kind == RuleSetKind::RouteTable)
        };
        if let Some((here, _)) = tables().find(|(_, place)| **place == Stands::Here) {
            return match here.leads {
                Some(true) => Led::There,
                Some(false) => Led::Elsewhere,
                None => Led::Perhaps,
            };
        }
        let mut all = tables().peekable();
        if all.peek().is_none() {
            return if has_table && self.to.is_some() {
                Led::Elsewhere
            } else {
                Led::Perhaps
            };
        }
        if all.all(|(answer, _)| answer.leads == Some(true)) {
            Led::There
        } else {
            Led::Perhaps
        }
    }

    /// Whether a security group or a route table is in force where the traffic starts or ends.
    pub fn stands(&self, checkpoint: &Checkpoint) -> Stands {
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
        let mut asked = self.asked.clone();
        if let (Some((_, port)), true) = (&self.behind, self.is_behind(checkpoint)) {
            asked.port = *port;
        }
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
        let found = decide(&checkpoint.rules, &asked, &from, &to);
        let ask = CheckpointAsk {
            checkpoint,
            asked: &asked,
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
                if let (Some((target, _)), true) = (&self.behind, self.is_behind(checkpoint)) {
                    // It comes from an address of the firewall, or with the one that it had.
                    let from = from.unwrap_or_default().union(network);
                    return Ok(Ends {
                        from,
                        to: target.clone(),
                        is_to: false,
                        is_open: true,
                    });
                }
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
            notes.push(NETWORK.to_owned());
            AddressSet::clone(&self.tester.places.network)
        } else {
            notes.push(format!("without {flag}, any address"));
            everything()
        }
    }

    /// Says what is taken for the addresses of an end that has none of its own, and whether it is
    /// such an end.
    fn note_end(&self, party: Option<&Party>, notes: &mut Vec<String>) -> bool {
        if let (Some(Party::Host { .. }), Some(name)) = (party, self.question.private_host()) {
            let addresses = self.at_endpoint(name);
            notes.push(if addresses.is_empty() {
                format!("{name} is reached at its private endpoint, which may have any address of VirtualNetwork: its description (az network private-endpoint show) is not among the files")
            } else {
                format!("{name} is reached at its private endpoint, as the files describe it")
            });
            return addresses.count() != Count::new(1);
        }
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
