//! What is wrong with rules: findings, each with its place, its reason and a way out.
//!
//! A finding that rests on something not understood is not made: what could not be read is a
//! finding of its own.

mod addresses;
mod catalogue;
mod families;
mod firewall;
mod hosts;
mod nsg;
mod order;
mod other_weeks;
mod record;
mod registry;
mod rest;
mod routes;
mod side;
mod tags;
mod tenants;

pub use addresses::{holders, now};
pub use catalogue::{Check, Checks, ChecksRecord, catalogue, find, nearest};
pub use other_weeks::{OtherWeeks, has_unknown_tags, other_weeks};
pub use record::{CheckRecord, CheckTable};

use std::collections::HashMap;
use std::fmt::Display;

use crate::azure::{Certainty, Facts};
use crate::query::endpoints::Level;
use crate::query::rules::check::side::Sides;
use crate::query::rules::resolve::{NetworkPlaces, SideResolver};
use crate::query::rules::{AddressResolver, LoadedFile};
use crate::query::{Dataset, WeekRecord};
use crate::rules::{Entry, Flaw, Row, RuleSet, RuleSetKind};
use crate::space::Span;
use crate::text::{Safe, clean, first_of};

/// Where a finding belongs, by place in the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FindingPosition {
    /// The file.
    pub file: usize,
    /// The set in it; `None` for the file as a whole.
    pub set: Option<usize>,
    /// The row in the set; `None` for the set as a whole.
    pub row: Option<usize>,
}

/// One thing that is wrong, or good to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was looked for.
    pub check: &'static Check,
    /// Where.
    pub position: FindingPosition,
    /// The file's path.
    pub file: Safe,
    /// The set's name; empty for the file as a whole.
    pub set: Safe,
    /// The row's name.
    pub row: Option<Safe>,
    /// Where it stands in the document; empty for a set as a whole.
    pub place: String,
    /// What is so here, beside the check's title; clean, may be empty.
    pub detail: String,
    /// What to do here, clean.
    pub fix: String,
}

impl Finding {
    /// How much it matters.
    #[must_use]
    pub const fn level(&self) -> Level {
        self.check.level
    }

    /// Whether it is about an allow row that lets in or out what nobody meant.
    #[must_use]
    pub fn is_of_width(&self) -> bool {
        self.check.id == catalogue::WIDER.id
    }

    /// Whether no document says so.
    #[must_use]
    pub fn is_assumed(&self) -> bool {
        self.check.certainty == Certainty::Assumed
    }

    /// Says what to do here instead of in general.
    fn fix(&mut self, text: &str) {
        self.fix = clean(text).into_owned();
    }
}

/// What was found, in the order of the files; within a set the worst first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckAnswer {
    /// The week in which tags were looked up.
    pub week: WeekRecord,
    /// Everything that was found.
    pub findings: Vec<Finding>,
}

impl CheckAnswer {
    /// Findings of this level or worse.
    pub fn from_level(&self, level: Level) -> impl Iterator<Item = &Finding> {
        let is_listed = move |finding: &&Finding| finding.level() <= level;
        self.findings.iter().filter(is_listed)
    }

    /// How many findings have exactly this level.
    #[must_use]
    pub fn count(&self, level: Level) -> usize {
        self.from_level(level)
            .filter(|finding| finding.level() == level)
            .count()
    }
}

/// Checks some files against a week.
#[must_use]
pub fn ask(files: &[LoadedFile], resolver: &AddressResolver<'_>, facts: &Facts) -> CheckAnswer {
    ask_with_other_weeks(files, resolver, facts, &OtherWeeks::default())
}

/// The same, where it was looked up in which other weeks unknown tags are.
#[must_use]
pub fn ask_with_other_weeks(
    files: &[LoadedFile],
    resolver: &AddressResolver<'_>,
    facts: &Facts,
    other_weeks: &OtherWeeks,
) -> CheckAnswer {
    let places = NetworkPlaces::new(files);
    let mut checker = Checker {
        files,
        resolver,
        other_weeks,
        sides: Sides::new(SideResolver::new(resolver, &places, files), &facts.specials),
        near: HashMap::new(),
        regions: registry::regions(files, resolver.dataset(), facts),
        findings: Vec::new(),
        position: FindingPosition {
            file: 0,
            set: None,
            row: None,
        },
    };
    for (number, loaded) in files.iter().enumerate() {
        checker.position.file = number;
        checker.position.set = None;
        for flaw in &loaded.file.flaws {
            checker.unread(None, flaw);
        }
        registry::subnets(&mut checker, &loaded.file.subnets);
        for (number, set) in loaded.file.sets.iter().enumerate() {
            checker.position.set = Some(number);
            checker.set(set);
        }
    }
    firewall::groups_of_policies(&mut checker);
    order::firewalls(&mut checker);
    let mut findings = checker.findings;
    // Stable: findings of one level stay in the order of the rows.
    findings.sort_by_key(|it| {
        (
            it.position.file,
            it.position.set,
            it.level(),
            it.position.row,
        )
    });
    CheckAnswer {
        week: resolver.dataset().record(),
        findings,
    }
}

/// Where findings are gathered, and what they are made from.
struct Checker<'a> {
    files: &'a [LoadedFile],
    resolver: &'a AddressResolver<'a>,
    other_weeks: &'a OtherWeeks,
    sides: Sides<'a>,
    /// Names near unknown tags.
    near: HashMap<&'a str, Vec<String>>,
    /// Regions of the registries, as tags end.
    regions: Vec<String>,
    findings: Vec<Finding>,
    position: FindingPosition,
}

impl<'a> Checker<'a> {
    fn set(&mut self, set: &'a RuleSet) {
        self.flaws(set);
        tags::check(self, set);
        addresses::check(self, set);
        match set.kind {
            RuleSetKind::Acr => {
                registry::check(self, set);
                order::check(self, set);
            }
            RuleSetKind::Nsg => {
                nsg::check(self, set);
                order::check(self, set);
            }
            // Groups of a policy are compared all together, after the last of them.
            RuleSetKind::Firewall => firewall::check(self, set),
            RuleSetKind::IpGroup => firewall::group(self, set),
            RuleSetKind::RouteTable => routes::check(self, set),
            RuleSetKind::List => {}
        }
    }

    /// What could not be read in a set and its rows.
    fn flaws(&mut self, set: &RuleSet) {
        for flaw in &set.flaws {
            self.unread(None, flaw);
        }
        for (number, row) in set.rows.iter().enumerate() {
            if registry::is_bad_subnet(set, row) {
                continue;
            }
            for flaw in &row.flaws {
                self.unread(Some(number), flaw);
            }
            self.cleared(set, number, row);
            if row.flaws.is_empty() && row.is_unread() {
                self.unflawed(set, number, row);
            }
        }
    }

    /// CIDRs that hold more than the address they are written with.
    fn cleared(&mut self, set: &RuleSet, number: usize, row: &Row) {
        if row.cleared.is_empty() {
            return;
        }
        let texts = row.cleared.iter();
        let texts = texts.map(|it| format!("{} is read as {}", it.written, it.read));
        let text = several(texts);
        let finding = self.row(set, number, &catalogue::HOST_BITS, &text);
        if let [only] = row.cleared.as_slice() {
            finding.place.clone_from(&only.place);
            let alone = only.written.as_str().split('/').next().unwrap_or_default();
            let fix = format!(
                "Write {}, or {alone} if only that address is meant.",
                only.read
            );
            finding.fix(&fix);
        }
    }

    /// A row that is not understood though nothing in it is wrong.
    fn unflawed(&mut self, set: &RuleSet, number: usize, row: &Row) {
        let is_open = |it: &&Entry| matches!(it, Entry::Unresolved(_));
        let open: Vec<&Entry> = row.entries().filter(is_open).collect();
        if !open.is_empty() {
            self.row(set, number, &catalogue::UNRESOLVED, &several(open));
            return;
        }
        let entry = row.entries().find(|it| matches!(it, Entry::Unread(_)));
        let what = entry.map_or_else(|| "its action".to_owned(), ToString::to_string);
        self.row(set, number, &catalogue::UNREAD, &what);
    }

    fn unread(&mut self, row: Option<usize>, flaw: &Flaw) {
        let is_open = crate::rules::is_expression(flaw.found.as_str());
        let (check, text) = if is_open {
            (&catalogue::UNRESOLVED, flaw.found.to_string())
        } else {
            let text = format!("{}; expected {}", flaw.found, flaw.expected);
            (&catalogue::UNREAD, text)
        };
        let finding = match (self.current(), row) {
            (Some(set), Some(row)) => self.row(set, row, check, &text),
            _ => self.note(check, &text),
        };
        finding.place.clone_from(&flaw.place);
    }

    /// Says that no packet comes from some of a row's sources; whether there are any such.
    fn of_nobody(
        &mut self,
        set: &RuleSet,
        number: usize,
        spans: impl Iterator<Item = Span>,
    ) -> bool {
        let named = spans.filter_map(|span| {
            let special = self.sides.of_nobody(span)?;
            Some(format!("{span} is of {}", special.title()))
        });
        let named: Vec<String> = named.collect();
        if named.is_empty() {
            return false;
        }
        self.row(set, number, &catalogue::OF_NOBODY, &several(named));
        true
    }

    /// The set at hand.
    fn current(&self) -> Option<&'a RuleSet> {
        self.files
            .get(self.position.file)?
            .file
            .sets
            .get(self.position.set?)
    }

    /// A finding about the set at hand, or about the file.
    fn note(&mut self, check: &'static Check, text: &str) -> &mut Finding {
        let file = self.files.get(self.position.file);
        let finding = Finding {
            check,
            position: FindingPosition {
                row: None,
                ..self.position
            },
            file: file.map_or_else(|| Safe::new(""), |file| file.path.clone()),
            set: self
                .current()
                .map_or_else(|| Safe::new(""), |set| set.name.clone()),
            row: None,
            place: String::new(),
            detail: clean(text).into_owned(),
            fix: check.fix.to_owned(),
        };
        self.findings.push(finding);
        let last = self.findings.len() - 1;
        #[expect(clippy::indexing_slicing, reason = "pushed above")]
        &mut self.findings[last]
    }

    /// A finding about a row of the set at hand.
    fn row(
        &mut self,
        set: &RuleSet,
        row: usize,
        check: &'static Check,
        text: &str,
    ) -> &mut Finding {
        let finding = self.note(check, text);
        finding.position.row = Some(row);
        if let Some(row) = set.rows.get(row) {
            finding.row = Some(row.name.clone());
            finding.place.clone_from(&row.place);
        }
        finding
    }

    const fn dataset(&self) -> &'a Dataset {
        self.resolver.dataset()
    }
}

/// A row as other rows' findings name it.
fn named(row: &Row) -> String {
    match row.priority {
        Some(priority) => format!("\"{}\" (priority {priority})", row.name),
        None => format!("\"{}\"", row.name),
    }
}

/// The first few of a list, and how many more there are.
fn several<T: Display>(list: impl IntoIterator<Item = T>) -> String {
    first_of(list, 4, ", ")
}
