//! Would the flows of logs get through these rules? Each different flow is asked once.

mod judge;
mod record;
mod table;

use std::cmp::Reverse;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::query::Dataset;
use crate::query::rules::verdict::{Verdict, VerdictQuestion};
use crate::query::rules::{AddressResolver, LoadedFile};
use crate::rules::{Direction, Protocol};
use crate::space::Count;
use crate::text::{Safe, counted};
use crate::traffic::{Distinct, FlowCounts};

pub use judge::Decider;
pub use record::FlowsRecord;
pub use table::{DecidersTable, FlowsTable};

use judge::Judge;

/// A flow, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowRow {
    /// Where it comes from; nothing where that is not known.
    pub from: Option<Safe>,
    /// Where it goes.
    pub to: Option<Safe>,
    /// The port that was meant.
    pub port: Option<u16>,
    /// The protocol.
    pub protocol: Option<Protocol>,
    /// Which way, where the log says it.
    pub direction: Option<Direction>,
    /// How often it occurs.
    pub counts: FlowCounts,
    /// What decides.
    pub decider: Arc<Decider>,
    /// What decides in the rules that it is held against.
    pub before: Option<Arc<Decider>>,
}

/// What the log says became of a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Logged {
    /// It got through each time.
    Allow,
    /// It never did.
    Deny,
    /// Both occur.
    Both,
}

impl Logged {
    /// The word of tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Allow => "allowed",
            Self::Deny => "denied",
            Self::Both => "both",
        }
    }
}

/// What new rules change for a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum FlowChange {
    /// It got through for sure, and is denied.
    NewlyDenied,
    /// It got through for sure, and that is open now.
    NewlyOpen,
    /// It was open and is denied.
    OpenDenied,
    /// It gets through for sure, and did not.
    NewlyAllowed,
    /// It was denied and is open.
    DeniedOpen,
}

impl FlowChange {
    /// What became of a verdict; nothing where it is the same.
    #[must_use]
    pub const fn of(before: Verdict, now: Verdict) -> Option<Self> {
        Some(match (before, now) {
            (Verdict::Allow, Verdict::Deny) => Self::NewlyDenied,
            (Verdict::Allow, Verdict::Depends) => Self::NewlyOpen,
            (Verdict::Deny | Verdict::Depends, Verdict::Allow) => Self::NewlyAllowed,
            (Verdict::Depends, Verdict::Deny) => Self::OpenDenied,
            (Verdict::Deny, Verdict::Depends) => Self::DeniedOpen,
            (Verdict::Allow, Verdict::Allow)
            | (Verdict::Deny, Verdict::Deny)
            | (Verdict::Depends, Verdict::Depends) => return None,
        })
    }

    /// The words of tables.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::NewlyDenied => "newly denied",
            Self::NewlyOpen => "allowed, now depends",
            Self::NewlyAllowed => "newly allowed",
            Self::OpenDenied => "depended, now denied",
            Self::DeniedOpen => "denied, now depends",
        }
    }

    /// Whether traffic that gets through today is or may be cut off.
    #[must_use]
    pub const fn is_harm(self) -> bool {
        matches!(self, Self::NewlyDenied | Self::NewlyOpen | Self::OpenDenied)
    }
}

/// Flows and their records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct FlowTally {
    /// Different flows.
    pub flows: u64,
    /// Records.
    pub records: u64,
}

impl FlowTally {
    const fn add(&mut self, counts: &FlowCounts) {
        self.flows += 1;
        self.records += counts.hits;
    }
}

/// The verdicts of all flows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowsAnswer {
    /// What is or may be cut off first, then by how often it occurs.
    pub flows: Vec<FlowRow>,
    /// Whether they were held against other rules too.
    pub is_against: bool,
    /// Records of flows that were too many to be told apart.
    pub beyond: u64,
    /// Flows of which no protocol is said, and the one of the question is taken.
    pub without_protocol: u64,
    /// Ends that name nothing, each with what is wrong.
    pub wrong: Vec<String>,
}

/// Asks rules about every flow; `otherwise` says what records do not, `against` are other rules, those of
/// today perhaps.
#[must_use]
pub fn ask(
    otherwise: &VerdictQuestion,
    flows: &Distinct,
    dataset: &Dataset,
    files: &[LoadedFile],
    against: Option<&[LoadedFile]>,
) -> FlowsAnswer {
    let resolver = AddressResolver::new(dataset, files);
    let mut judge = Judge::new(otherwise, flows, files, &resolver);
    let other = against.unwrap_or_default();
    let other_resolver = AddressResolver::new(dataset, other);
    let mut before = against.map(|_| Judge::new(otherwise, flows, other, &other_resolver));
    let mut without_protocol = 0;
    let mut rows: Vec<FlowRow> = flows
        .flows()
        .map(|(key, counts)| {
            without_protocol += u64::from(key.protocol.is_none());
            FlowRow {
                from: judge.name(key.from),
                to: judge.name(key.to),
                port: key.port.or(otherwise.port),
                protocol: judge.protocol(key.protocol),
                direction: judge.direction(key.direction),
                counts: *counts,
                decider: judge.decide(&key),
                before: before.as_mut().map(|before| before.decide(&key)),
            }
        })
        .collect();
    rows.sort_by_cached_key(|row| {
        let order = (row.rank(), Reverse(row.counts.hits));
        (order, row.port, row.from.clone(), row.to.clone())
    });
    FlowsAnswer {
        flows: rows,
        is_against: against.is_some(),
        beyond: flows.beyond(),
        without_protocol,
        wrong: judge.wrong(),
    }
}

impl FlowsAnswer {
    /// The flows that match, and their records.
    pub fn tally(&self, mut is_meant: impl FnMut(&FlowRow) -> bool) -> FlowTally {
        let mut tally = FlowTally::default();
        for row in self.flows.iter().filter(|row| is_meant(row)) {
            tally.add(&row.counts);
        }
        tally
    }

    /// The flows with a verdict.
    #[must_use]
    pub fn of_verdict(&self, verdict: Verdict) -> FlowTally {
        self.tally(|row| row.decider.verdict == verdict)
    }

    /// Whether everything gets through for sure; against other rules, whether nothing is or may be cut
    /// off that got through.
    #[must_use]
    pub fn is_good(&self) -> bool {
        let is_bad = |row: &FlowRow| {
            if self.is_against {
                row.change().is_some_and(FlowChange::is_harm)
            } else {
                row.decider.verdict != Verdict::Allow
            }
        };
        self.beyond == 0 && !self.flows.iter().any(is_bad)
    }

    /// Whether a reader is to look at a flow: it changes, or where nothing is held against it does not
    /// get through or is logged otherwise.
    #[must_use]
    pub fn is_noted(&self, row: &FlowRow) -> bool {
        if self.is_against {
            row.change().is_some()
        } else {
            row.decider.verdict != Verdict::Allow || row.differs()
        }
    }

    /// All of it in a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let all = self.tally(|_| true);
        let grouped = |count: u64| Count::new(count.into()).grouped();
        let mut text = format!(
            "{} in {}: ",
            counted(all.flows, "flow", "flows"),
            counted(all.records, "record", "records")
        );
        let verdicts = [Verdict::Allow, Verdict::Deny, Verdict::Depends];
        let said = verdicts.map(|verdict| {
            let flows = self.of_verdict(verdict).flows;
            match (verdict, flows) {
                (Verdict::Depends, 1) => "1 depends".to_owned(),
                (Verdict::Depends, flows) => format!("{} depend", grouped(flows)),
                (verdict, flows) => format!("{} {}", grouped(flows), verdict.word()),
            }
        });
        text.push_str(&said.join(", "));
        if self.is_against {
            let of = |meant: FlowChange| self.tally(|row| row.change() == Some(meant)).flows;
            let may = self.tally(|row| {
                let change = row.change();
                change.is_some_and(|it| it.is_harm() && it != FlowChange::NewlyDenied)
            });
            let [denied, allowed] = [FlowChange::NewlyDenied, FlowChange::NewlyAllowed].map(of);
            _ = write!(text, "; {} newly denied, ", grouped(denied));
            if may.flows > 0 {
                _ = write!(text, "{} perhaps denied, ", grouped(may.flows));
            }
            _ = write!(text, "{} newly allowed", grouped(allowed));
        }
        let differ = self.tally(FlowRow::differs).flows;
        if differ > 0 {
            let they = counted(differ, "flow", "flows");
            _ = write!(text, "; the log says otherwise of {they}");
        }
        text
    }
}

impl FlowRow {
    /// What other rules change for it.
    #[must_use]
    pub fn change(&self) -> Option<FlowChange> {
        FlowChange::of(self.before.as_ref()?.verdict, self.decider.verdict)
    }

    /// Whether the log says something else than the rules do for sure.
    #[must_use]
    pub fn differs(&self) -> bool {
        matches!(
            (self.logged(), self.decider.verdict),
            (Some(Logged::Allow | Logged::Both), Verdict::Deny)
                | (Some(Logged::Deny | Logged::Both), Verdict::Allow)
        )
    }

    /// What stands above others: changes, the worst first, then what does not get through.
    fn rank(&self) -> (bool, Option<FlowChange>, u8) {
        let change = self.change();
        let verdict = match self.decider.verdict {
            Verdict::Deny => 0,
            Verdict::Depends => 1,
            Verdict::Allow => 2,
        };
        (change.is_none(), change, verdict)
    }

    /// What the log says became of it; nothing where it does not say.
    #[must_use]
    pub const fn logged(&self) -> Option<Logged> {
        match (self.counts.allowed, self.counts.denied) {
            (0, 0) => None,
            (_, 0) => Some(Logged::Allow),
            (0, _) => Some(Logged::Deny),
            _ => Some(Logged::Both),
        }
    }
}
