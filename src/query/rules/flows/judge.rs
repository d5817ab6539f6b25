//! Rules that are asked about one flow after the other.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::query::rules::verdict::{End, PORT, Party, Tester, Verdict, VerdictQuestion};
use crate::query::rules::{AddressResolver, LoadedFile};
use crate::rules::{Direction, Protocol};
use crate::space::{Parts, Span};
use crate::text::Safe;
use crate::traffic::{self, Distinct, FlowEnd, FlowKey};

/// What is said where a record has no port.
const NO_PORT: &str = "the record has no port: --port says which is meant";
/// What is said of a protocol that rules do not tell apart.
const NO_PROTOCOL: &str = "its protocol is none that rules tell apart";

/// What decides a flow.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Decider {
    /// Whether it gets through.
    pub verdict: Verdict,
    /// The file; empty where no rule set decides.
    pub path: Safe,
    /// The rule set.
    pub set: Safe,
    /// The row.
    pub row: Safe,
    /// Where the row stands in its file.
    pub place: String,
    /// Where it depends: on what.
    pub why: String,
}

impl Decider {
    fn open(why: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Depends,
            path: Safe::default(),
            set: Safe::default(),
            row: Safe::default(),
            place: String::new(),
            why: why.into(),
        }
    }
}

/// An end as far as rules tell it from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Class {
    Unsaid,
    Part(usize),
    Name(u32),
}

/// A flow as far as rules tell it from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct FlowClass {
    ends: [Class; 2],
    port: Option<u16>,
    protocol: Option<traffic::Protocol>,
    direction: Option<traffic::Direction>,
}

/// Some rules, and what they have answered.
pub struct Judge<'a> {
    /// What records do not say.
    otherwise: &'a VerdictQuestion,
    flows: &'a Distinct,
    resolver: &'a AddressResolver<'a>,
    tester: Tester,
    parts: Parts,
    parties: HashMap<(u32, End), Result<Party, String>>,
    known: HashMap<FlowClass, Arc<Decider>>,
    /// Each decider once.
    deciders: HashSet<Arc<Decider>>,
}

impl<'a> Judge<'a> {
    pub fn new(
        otherwise: &'a VerdictQuestion,
        flows: &'a Distinct,
        files: &[LoadedFile],
        resolver: &'a AddressResolver<'a>,
    ) -> Self {
        let tester = Tester::new(files, resolver);
        Self {
            otherwise,
            flows,
            resolver,
            parts: tester.parts(resolver),
            tester,
            parties: HashMap::new(),
            known: HashMap::new(),
            deciders: HashSet::new(),
        }
    }

    /// What decides a flow: asked once of all that no rule tells apart.
    pub fn decide(&mut self, key: &FlowKey) -> Arc<Decider> {
        let class = FlowClass {
            ends: [self.class(key.from), self.class(key.to)],
            port: key.port,
            protocol: key.protocol,
            direction: key.direction,
        };
        if let Some(known) = self.known.get(&class) {
            return Arc::clone(known);
        }
        let decider = match self.question(key) {
            Ok(question) => self.ask(&question),
            Err(why) => Decider::open(why),
        };
        let own = Arc::new(decider);
        let own = self.deciders.get(&own).map_or(own, Arc::clone);
        self.deciders.insert(Arc::clone(&own));
        self.known.insert(class, Arc::clone(&own));
        own
    }

    fn class(&self, end: FlowEnd) -> Class {
        match end {
            FlowEnd::Unsaid => Class::Unsaid,
            FlowEnd::Address((family, bits)) => Class::Part(self.parts.class(family, bits)),
            FlowEnd::Name(place) => Class::Name(place),
        }
    }

    fn ask(&self, question: &VerdictQuestion) -> Decider {
        let answer = match self.tester.ask(question, self.resolver) {
            Ok(answer) => answer,
            Err(error) => return Decider::open(error.to_string()),
        };
        let verdict = answer.verdict();
        let why = answer.reasons().first().map(|reason| reason.line());
        let why = why.unwrap_or_default();
        match answer.deciding() {
            None => Decider::open(why),
            Some(deciding) => Decider {
                verdict,
                path: deciding.path.clone(),
                set: deciding.set.clone(),
                row: deciding.row.clone(),
                place: deciding.place.clone(),
                why,
            },
        }
    }

    /// The flow as a question.
    fn question(&mut self, key: &FlowKey) -> Result<VerdictQuestion, String> {
        let otherwise = self.otherwise;
        let protocol = self.protocol(key.protocol).ok_or(NO_PROTOCOL)?;
        let has_ports = matches!(protocol, Protocol::Tcp | Protocol::Udp);
        let port = match key.port.or(otherwise.port) {
            None if has_ports => return Err(NO_PORT.to_owned()),
            port => port.unwrap_or(PORT),
        };
        Ok(VerdictQuestion {
            from: self.party(key.from, End::From)?,
            to: self.party(key.to, End::To)?,
            port: Some(port),
            protocol: Some(protocol),
            direction: self.direction(key.direction),
            registry_path: otherwise.registry_path,
        })
    }

    /// The protocol of a record in the words of rules, that of the question where it says none; nothing
    /// where rules have no word for it.
    pub fn protocol(&self, said: Option<traffic::Protocol>) -> Option<Protocol> {
        Some(match said {
            None => self.otherwise.protocol.unwrap_or(Protocol::Tcp),
            Some(traffic::Protocol::Tcp) => Protocol::Tcp,
            Some(traffic::Protocol::Udp) => Protocol::Udp,
            Some(traffic::Protocol::Icmp) => Protocol::Icmp,
            Some(traffic::Protocol::Esp) => Protocol::Esp,
            Some(traffic::Protocol::Ah) => Protocol::Ah,
            Some(traffic::Protocol::Other) => return None,
        })
    }

    /// The direction of a record; that of the question where it says none.
    pub fn direction(&self, said: Option<traffic::Direction>) -> Option<Direction> {
        match said {
            Some(traffic::Direction::In) => Some(Direction::In),
            Some(traffic::Direction::Out) => Some(Direction::Out),
            None => self.otherwise.direction,
        }
    }

    fn party(&mut self, end: FlowEnd, of: End) -> Result<Option<Party>, String> {
        let otherwise = match of {
            End::From => &self.otherwise.from,
            End::To => &self.otherwise.to,
        };
        match end {
            FlowEnd::Unsaid => Ok(otherwise.clone()),
            FlowEnd::Address((family, bits)) => {
                Ok(Some(Party::Span(Span::of(family.address(bits)))))
            }
            FlowEnd::Name(place) => {
                let known = self.parties.entry((place, of)).or_insert_with(|| {
                    let text = String::from_utf8_lossy(self.flows.name(place));
                    let party = Party::parse(&text, of, self.resolver);
                    party.map_err(|error| error.to_string())
                });
                known.clone().map(Some)
            }
        }
    }

    /// An end in words.
    pub fn name(&self, end: FlowEnd) -> Option<Safe> {
        Some(match end {
            FlowEnd::Unsaid => return None,
            FlowEnd::Address((family, bits)) => Safe::from(family.address(bits).to_string()),
            FlowEnd::Name(place) => Safe::new(&String::from_utf8_lossy(self.flows.name(place))),
        })
    }

    /// What is wrong with names of ends, each once.
    pub fn wrong(&self) -> Vec<String> {
        let parties = self.parties.values();
        let wrong = parties.filter_map(|party| party.as_ref().err().cloned());
        let mut wrong: Vec<String> = wrong.collect();
        wrong.sort_unstable();
        wrong.dedup();
        wrong
    }
}
