//! One side of a rule as sets of addresses: those that it holds for sure, and those that it may
//! hold.

use std::sync::Arc;

use crate::query::rules::resolve::doubt::{Doubt, ReasonKind};
use crate::rules::{Entry, holds_host};
use crate::space::{AddressSet, Ranges};

/// Most names in a sentence.
const MOST_NAMED: usize = 3;

/// What a rule names as its source or its destination.
#[derive(Debug, Clone, Default)]
pub(in crate::query::rules) struct RuleSide {
    /// Whether it holds every address.
    pub is_all: bool,
    /// Addresses under the name that the rule has for them; `None` for addresses as such.
    pub sets: Vec<(Option<String>, Arc<AddressSet>)>,
    /// Host names, perhaps with a wildcard in front.
    pub hosts: Vec<String>,
    /// What may hold more than is known.
    pub open: Vec<Open>,
}

/// What cannot be resolved into addresses.
#[derive(Debug, Clone)]
pub(in crate::query::rules) struct Open {
    /// Where its addresses lie at most; `None` for anywhere.
    pub within: Option<Arc<AddressSet>>,
    /// Why it cannot be resolved.
    pub why: Arc<Doubt>,
    /// What it is, in lower case: equal unknowns are equal. `None` for what is equal to nothing.
    pub atom: Option<Entry>,
}

impl RuleSide {
    /// Every address.
    pub fn all() -> Self {
        Self {
            is_all: true,
            ..Self::default()
        }
    }

    /// The addresses of a set.
    pub fn of(set: Arc<AddressSet>) -> Self {
        Self {
            sets: vec![(None, set)],
            ..Self::default()
        }
    }

    /// What of it lies within a set.
    pub fn only(&self, set: &Arc<AddressSet>) -> Self {
        let cut = |own: &AddressSet| Arc::new(common(own, set));
        let mut sets: Vec<(Option<String>, Arc<AddressSet>)> = Vec::new();
        if self.is_all {
            sets.push((Some("any".to_owned()), Arc::clone(set)));
        }
        let own = self.sets.iter();
        sets.extend(own.map(|(name, own)| (name.clone(), cut(own))));
        let open = self.open.iter().map(|open| Open {
            within: Some(open.within.as_deref().map_or_else(|| Arc::clone(set), cut)),
            why: Arc::clone(&open.why),
            atom: open.atom.clone(),
        });
        Self {
            is_all: false,
            sets,
            hosts: self.hosts.clone(),
            open: open.collect(),
        }
    }

    /// Every set by which it tells addresses apart.
    pub fn address_sets(&self) -> impl Iterator<Item = &Arc<AddressSet>> {
        let Self {
            is_all: _,
            sets,
            hosts: _,
            open,
        } = self;
        let sets = sets.iter().map(|(_, set)| set);
        sets.chain(open.iter().filter_map(|open| open.within.as_ref()))
    }

    /// The part of some addresses that it holds for sure.
    pub fn sure(&self, of: &AddressSet, host: Option<&str>) -> AddressSet {
        if self.is_all || host.is_some_and(|host| self.names(host) == NameMatch::Yes) {
            return of.clone();
        }
        let mut held = AddressSet::default();
        for (_, set) in &self.sets {
            let part = common(of, set);
            if !part.is_empty() {
                held = held.union(&part);
            }
        }
        held
    }

    /// The part of some addresses that it may hold, and why that is not known. What is unknown in
    /// other sides that are known not to hold them does not count.
    pub fn perhaps(
        &self,
        of: &AddressSet,
        host: Option<&str>,
        but: &[&Self],
    ) -> Option<(AddressSet, Arc<Doubt>)> {
        if self.is_all {
            return None;
        }
        let mut held = AddressSet::default();
        let mut first: Option<Arc<Doubt>> = None;
        for open in &self.open {
            if but.iter().any(|but| but.has(open)) {
                continue;
            }
            let part = match &open.within {
                None => of.clone(),
                Some(set) => common(of, set),
            };
            if !part.is_empty() {
                held = held.union(&part);
                first.get_or_insert_with(|| Arc::clone(&open.why));
            }
        }
        if let Some(why) = self.host_doubt(host, but) {
            held = of.clone();
            first.get_or_insert(why);
        }
        first.map(|why| (held, why))
    }

    /// Whether the same unknown is in it.
    fn has(&self, other: &Open) -> bool {
        let is_same = |own: &Open| own.atom == other.atom;
        other.atom.is_some() && self.open.iter().any(is_same)
    }

    /// Why a host name of the rule leaves it open whether it is meant.
    fn host_doubt(&self, host: Option<&str>, but: &[&Self]) -> Option<Arc<Doubt>> {
        let is_held = |name: &String| {
            let mut patterns = but.iter().flat_map(|but| &but.hosts);
            patterns.any(|pattern| named(pattern, name) == NameMatch::Yes)
        };
        let first = self.hosts.iter().find(|name| !is_held(name))?;
        match host {
            None => Some(Doubt::settled(
                ReasonKind::UnknownName,
                format!("it goes by host name ({})", self.host_words(first)),
                "--to with the host's name",
            )),
            Some(host) if self.names(host) == NameMatch::Partly => Some(Doubt::new(
                ReasonKind::PartOfRow,
                format!("it names only a part of {host}"),
            )),
            Some(_) => None,
        }
    }

    fn host_words(&self, first: &str) -> String {
        match self.hosts.len() {
            1 => first.to_owned(),
            count => format!("{first} and {} more", count - 1),
        }
    }

    /// Whether its host names are about this one.
    fn names(&self, host: &str) -> NameMatch {
        let all = self.hosts.iter().map(|pattern| named(pattern, host));
        all.max().unwrap_or(NameMatch::No)
    }

    /// What in it holds these addresses, in a few words.
    pub fn words(&self, of: &AddressSet, host: Option<&str>) -> String {
        if let Some(host) = host {
            let is_named = |pattern: &&String| named(pattern, host) == NameMatch::Yes;
            if let Some(pattern) = self.hosts.iter().find(is_named) {
                return pattern.clone();
            }
        }
        if self.is_all {
            return "any".to_owned();
        }
        let mut names = Vec::new();
        for (name, set) in &self.sets {
            if common(of, set).is_empty() {
                continue;
            }
            match name {
                Some(name) => names.push(name.clone()),
                None => names.extend(runs_that_meet(set, of)),
            }
            if names.len() > MOST_NAMED {
                break;
            }
        }
        if names.len() > MOST_NAMED {
            names.truncate(MOST_NAMED);
            names.push("…".to_owned());
        }
        names.join(", ")
    }
}

/// Whether a pattern of a rule is about a host name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum NameMatch {
    No,
    /// The question has a wildcard, and the pattern only some of its names.
    Partly,
    Yes,
}

/// How a pattern lies to a name, which may be a pattern too; case is ignored.
fn named(pattern: &str, host: &str) -> NameMatch {
    let (pattern, host) = (pattern.to_ascii_lowercase(), host.to_ascii_lowercase());
    if holds_host(&pattern, &host) {
        return NameMatch::Yes;
    }
    if let Some(end) = host.strip_prefix('*')
        && pattern.len() > end.len()
        && pattern.ends_with(end)
    {
        return NameMatch::Partly;
    }
    NameMatch::No
}

fn runs_that_meet(set: &AddressSet, of: &AddressSet) -> Vec<String> {
    use crate::space::{Family, Span};
    let mut texts = Vec::new();
    for family in [Family::V4, Family::V6] {
        let mine = set.family(family).runs();
        for &(first, last) in of.family(family).runs() {
            let start = mine.partition_point(|run| run.1 < first);
            let met = mine.iter().skip(start);
            let met = met.take_while(|run| run.0 <= last).take(MOST_NAMED + 1);
            let spans = met.filter_map(|&(first, last)| Span::new(family, first, last));
            texts.extend(spans.map(|span| span.to_string()));
            if texts.len() > MOST_NAMED {
                return texts;
            }
        }
    }
    texts.dedup();
    texts
}

/// Addresses in both sets; quick where one of them has few runs, as an address has.
pub(in crate::query::rules) fn common(one: &AddressSet, other: &AddressSet) -> AddressSet {
    AddressSet {
        v4: cut(&one.v4, &other.v4),
        v6: cut(&one.v6, &other.v6),
    }
}

fn cut(one: &Ranges, other: &Ranges) -> Ranges {
    let (few, many) = if one.runs().len() <= other.runs().len() {
        (one.runs(), other.runs())
    } else {
        (other.runs(), one.runs())
    };
    if few.len() > many.len() / 16 {
        return one.intersection(other);
    }
    let mut runs = Vec::new();
    for &(first, last) in few {
        let start = many.partition_point(|run| run.1 < first);
        let met = many.iter().skip(start).take_while(|run| run.0 <= last);
        runs.extend(met.map(|run| (run.0.max(first), run.1.min(last))));
    }
    Ranges::from_runs(runs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_stands_for_any_number_of_characters_in_front() {
        for (pattern, host, expected) in [
            ("contoso.azurecr.io", "Contoso.azurecr.io", NameMatch::Yes),
            ("*.azurecr.io", "contoso.azurecr.io", NameMatch::Yes),
            ("*azurecr.io", "azurecr.io", NameMatch::Yes),
            ("*.azurecr.io", "azurecr.io", NameMatch::No),
            ("*", "azurecr.io", NameMatch::Yes),
            ("azurecr.io", "contoso.azurecr.io", NameMatch::No),
            (
                "*.blob.core.windows.net",
                "*.blob.core.windows.net",
                NameMatch::Yes,
            ),
            (
                "*.core.windows.net",
                "*.blob.core.windows.net",
                NameMatch::Yes,
            ),
            (
                "x.blob.core.windows.net",
                "*.blob.core.windows.net",
                NameMatch::Partly,
            ),
        ] {
            assert_eq!(named(pattern, host), expected, "{pattern} {host}");
        }
    }
}
