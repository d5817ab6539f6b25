//! The remote ends of rows: where what is let out goes, where what is let in comes from, what a list holds.
//!
//! Of rules with two ends only rows that allow count, and never Azure's own. A tag counts with its
//! addresses, an IP group with those of the file that holds it. What has no addresses is left out, and
//! said.

use std::collections::{BTreeMap, BTreeSet};

use crate::query::rules::AddressResolver;
use crate::rules::{Access, Direction, Entry, HopKind, Row, RuleSet};
use crate::space::AddressSet;
use crate::text::{clean, first_of};

/// A row, and the set that it is of.
pub type PickedRow<'a> = (&'a RuleSet, &'a Row);

/// Names in a sentence.
const MOST_NAMED: usize = 3;

/// The rows that count: none of Azure's own, none that denies, drops or is not understood.
pub fn counted<'a>(rows: &'a [PickedRow<'a>]) -> impl Iterator<Item = PickedRow<'a>> {
    let rows = rows.iter().copied();
    let is_let_through = |row: &Row| match &row.access {
        Access::Deny | Access::Unread => false,
        Access::Route(hop) => hop.kind != HopKind::Nowhere,
        Access::Allow | Access::Listed => true,
    };
    rows.filter(move |(_, row)| !row.is_default && is_let_through(row))
}

/// The entries of the remote end; of a list all there are.
#[must_use]
pub fn remote_end(row: &Row) -> &[Entry] {
    match row.direction {
        Direction::In => &row.sources,
        Direction::Out => &row.destinations,
    }
}

/// The entries of the local end, which lists do not have.
#[must_use]
pub fn local_end(row: &Row) -> &[Entry] {
    match row.direction {
        Direction::In => &row.destinations,
        Direction::Out => &row.sources,
    }
}

/// How many of the rows that count and have two ends let in, and how many let out.
#[must_use]
pub fn directions(rows: &[PickedRow<'_>]) -> [usize; 2] {
    [Direction::In, Direction::Out].map(|direction| {
        let rows = counted(rows).filter(|(set, _)| set.kind.has_two_ends());
        rows.filter(|(_, row)| row.direction == direction).count()
    })
}

/// The addresses of the remote ends of all rows that count.
#[must_use]
pub fn remote_addresses(resolver: &AddressResolver<'_>, rows: &[PickedRow<'_>]) -> AddressSet {
    let entries = || counted(rows).flat_map(|(_, row)| remote_end(row));
    let spans = AddressSet::from_spans(entries().filter_map(Entry::span));
    let names: BTreeSet<&Entry> = entries().filter(|it| it.span().is_none()).collect();
    let names = names
        .into_iter()
        .filter_map(|entry| resolver.addresses(entry));
    names.fold(spans, |all, addresses| all.union(&addresses))
}

/// What is left out, by reason.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Skipped(BTreeMap<SkipReason, BTreeSet<String>>);

/// Why something is left out; in the order in which it is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum SkipReason {
    Denies,
    Drops,
    Hop,
    Unread,
    Any,
    Platform,
    Tag,
    Group,
    SecurityGroup,
    Host,
    Subnet,
    NotUnderstood,
}

impl SkipReason {
    const fn sentence(self) -> &'static str {
        match self {
            Self::Denies => "left out, since it denies",
            Self::Drops => "left out, since the route drops it",
            Self::Hop => "its next hop is not taken over, --next-hop says where routes lead",
            Self::Unread => "left out, since what the row does is not understood",
            Self::Any => "left out, since the row is about any address",
            Self::Platform => "left out, since it has no published addresses",
            Self::Tag => "left out, since this week has no such tag",
            Self::Group => "left out, since its addresses are in none of the files",
            Self::SecurityGroup => "left out, since it names machines and no addresses",
            Self::Host => "left out, since host names are no addresses",
            Self::Subnet => "left out, since it is a subnet; --subnet names one for az-acr",
            Self::NotUnderstood => "left out, since it is not understood",
        }
    }
}

impl Skipped {
    /// What is left out of some rows.
    #[must_use]
    pub fn of(resolver: &AddressResolver<'_>, rows: &[PickedRow<'_>]) -> Self {
        let mut skipped = Self::default();
        for (_, row) in rows.iter().filter(|(_, row)| !row.is_default) {
            match &row.access {
                Access::Deny => skipped.add(SkipReason::Denies, row.name.as_str()),
                Access::Unread => skipped.add(SkipReason::Unread, row.name.as_str()),
                Access::Route(hop) if hop.kind == HopKind::Nowhere => {
                    skipped.add(SkipReason::Drops, row.name.as_str());
                }
                access => {
                    if matches!(access, Access::Route(hop) if hop.kind != HopKind::Internet) {
                        skipped.add(SkipReason::Hop, row.name.as_str());
                    }
                    for entry in remote_end(row) {
                        skipped.entry(resolver, row, entry);
                    }
                }
            }
        }
        skipped
    }

    fn entry(&mut self, resolver: &AddressResolver<'_>, row: &Row, entry: &Entry) {
        let why = match entry {
            Entry::Span(_) => return,
            Entry::Any => return self.add(SkipReason::Any, row.name.as_str()),
            Entry::Tag(name) if resolver.tag(name).is_some() => return,
            Entry::IpGroup(_) if resolver.addresses(entry).is_some() => return,
            Entry::Tag(_) => SkipReason::Tag,
            Entry::IpGroup(_) => SkipReason::Group,
            Entry::Platform(_) => SkipReason::Platform,
            Entry::SecurityGroup(_) => SkipReason::SecurityGroup,
            Entry::Fqdn(_) | Entry::FqdnTag(_) | Entry::Url(_) | Entry::WebCategory(_) => {
                SkipReason::Host
            }
            Entry::Subnet(_) => SkipReason::Subnet,
            Entry::Unread(text) | Entry::Unresolved(text) => {
                return self.add(SkipReason::NotUnderstood, text.as_str());
            }
        };
        self.add(why, &entry.to_string());
    }

    fn add(&mut self, why: SkipReason, what: &str) {
        self.0
            .entry(why)
            .or_default()
            .insert(clean(what).into_owned());
    }

    /// A sentence for each reason, with what it is about.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let sentence = |(why, names): (&SkipReason, &BTreeSet<String>)| {
            let named = named(names.iter().map(String::as_str));
            format!("{}: {named}", why.sentence())
        };
        self.0.iter().map(sentence).collect()
    }
}

/// A few names; the rest is counted.
#[must_use]
pub fn named<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    first_of(names, MOST_NAMED, ", ")
}
