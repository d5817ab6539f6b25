//! One side of a row as addresses and names that are compared.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use crate::azure::{PlatformTag, Special, SpecialKind, Specials};
use crate::index::TagId;
use crate::query::rules::resolve::{RuleSide, SideResolver, atom};
use crate::rules::{Entry, holds_host};
use crate::space::{AddressSet, Family, Ranges, Span};

/// What a side matches: everything, or addresses and what has no known ones.
#[derive(Debug, Clone, Default)]
pub(super) struct SideMatch {
    /// Everything.
    pub is_any: bool,
    /// The addresses that it has for sure.
    pub addresses: Arc<AddressSet>,
    /// The addresses that are written out.
    pub own: Arc<AddressSet>,
    /// What it may have besides.
    pub atoms: Vec<Atom>,
    /// The symbolic tags in it.
    platform: Vec<PlatformTag>,
}

/// What has no addresses, or more than are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Atom {
    /// What it is; `None` for what is equal to nothing.
    entry: Option<Entry>,
    /// Where its addresses lie at most; `None` for anywhere.
    within: Option<Arc<AddressSet>>,
}

impl SideMatch {
    /// Whether it matches everything that the other matches.
    pub fn holds(&self, other: &Self) -> bool {
        if self.is_any || other.is_any {
            return self.is_any;
        }
        holds(&self.addresses, &other.addresses) && other.atoms.iter().all(|atom| self.has(atom))
    }

    /// Whether both match something in common, as far as is known; `steps` bounds the work.
    pub fn meets(&self, other: &Self, steps: &mut usize) -> bool {
        self.is_any
            || other.is_any
            || self.atoms.iter().any(|atom| other.names(atom))
            || other.atoms.iter().any(|atom| self.names(atom))
            || meets(&self.addresses.v4, &other.addresses.v4, steps)
            || meets(&self.addresses.v6, &other.addresses.v6, steps)
    }

    /// Whether both may match something in common, whatever the unknowns in them are.
    pub fn may_meet(&self, other: &Self, steps: &mut usize) -> bool {
        self.meets(other, steps) || self.may_reach(other, steps) || other.may_reach(self, steps)
    }

    /// Whether an unknown in it may be what the other matches; two host names are known.
    fn may_reach(&self, other: &Self, steps: &mut usize) -> bool {
        let is_host = |atom: &Atom| matches!(atom.entry, Some(Entry::Fqdn(_)));
        self.atoms.iter().any(|atom| {
            let mut others = other.atoms.iter();
            others.any(|it| !is_host(atom) || !is_host(it))
                || match &atom.within {
                    None => other.is_any || !other.addresses.is_empty(),
                    Some(within) => {
                        meets(&within.v4, &other.addresses.v4, steps)
                            || meets(&within.v6, &other.addresses.v6, steps)
                    }
                }
        })
    }

    /// Whether every IPv4 address, `Internet` or everything is in it.
    pub fn is_open(&self) -> bool {
        let is_internet = self.platform.contains(&PlatformTag::Internet);
        self.is_any || is_internet || is_whole(&self.addresses.v4, Family::V4)
    }

    /// Whether it names a symbolic tag.
    pub fn is_platform(&self, tag: PlatformTag) -> bool {
        self.platform.contains(&tag)
    }

    /// Whether it matches nothing at all.
    pub fn is_empty(&self) -> bool {
        !self.is_any && self.atoms.is_empty() && self.addresses.is_empty()
    }

    /// Whether it matches all that an unknown can be.
    pub fn has(&self, atom: &Atom) -> bool {
        let is_within = |set: &Arc<AddressSet>| holds(&self.addresses, set);
        self.is_any || atom.within.as_ref().is_some_and(is_within) || self.names(atom)
    }

    /// Whether the same unknown, or one that holds it, is in it.
    fn names(&self, atom: &Atom) -> bool {
        let Some(entry) = &atom.entry else {
            return false;
        };
        self.atoms.iter().any(|own| match (&own.entry, entry) {
            (Some(Entry::Fqdn(pattern)), Entry::Fqdn(host)) => holds_host(pattern, host),
            (Some(own), entry) => own == entry,
            (None, _) => false,
        })
    }
}

fn is_whole(ranges: &Ranges, family: Family) -> bool {
    ranges.runs() == [(0, family.max())]
}

/// Whether one set has all addresses of another; the ends are looked at first, since most pairs
/// differ there.
pub(super) fn holds(set: &AddressSet, other: &AddressSet) -> bool {
    [Family::V4, Family::V6].into_iter().all(|family| {
        let (own, runs) = (set.family(family).runs(), other.family(family).runs());
        let (Some(&(first, _)), Some(&(_, last))) = (runs.first(), runs.last()) else {
            return true;
        };
        let is_within = own.first().is_some_and(|&(low, _)| low <= first)
            && own.last().is_some_and(|&(_, high)| last <= high);
        is_within
            && runs.iter().all(|&(first, last)| {
                Span::new(family, first, last).is_some_and(|span| set.holds(span))
            })
    })
}

fn meets(one: &Ranges, other: &Ranges, steps: &mut usize) -> bool {
    let (few, many) = if one.runs().len() <= other.runs().len() {
        (one.runs(), other.runs())
    } else {
        (other.runs(), one.runs())
    };
    let (Some(&(low, _)), Some(&(_, high))) = (many.first(), many.last()) else {
        return false;
    };
    let from = few.partition_point(|&(_, last)| last < low);
    for &(first, last) in few.iter().skip(from) {
        if first > high || *steps == 0 {
            return false;
        }
        *steps -= 1;
        let place = many.partition_point(|&(_, end)| end < first);
        if many.get(place).is_some_and(|&(start, _)| start <= last) {
            return true;
        }
    }
    false
}

/// Sides by their entries: many rows name the same.
pub(super) struct Sides<'a> {
    resolver: SideResolver<'a>,
    specials: &'a Specials,
    places: HashMap<&'a [Entry], usize>,
    list: Vec<Rc<SideMatch>>,
    tags: HashMap<&'a str, Option<TagId>>,
    groups: HashMap<&'a str, bool>,
    private: AddressSet,
}

impl<'a> Sides<'a> {
    pub fn new(resolver: SideResolver<'a>, specials: &'a Specials) -> Self {
        Self {
            resolver,
            specials,
            places: HashMap::new(),
            list: Vec::new(),
            tags: HashMap::new(),
            groups: HashMap::new(),
            private: specials.addresses(|kind| kind.is_inside() || kind.is_of_nobody()),
        }
    }

    /// Addresses that no client of the Internet has.
    pub const fn private(&self) -> &AddressSet {
        &self.private
    }

    /// What these addresses are, where no packet ever comes to Azure from any of them.
    pub fn of_nobody(&self, span: Span) -> Option<&'a Special> {
        let special = self.specials.of(span)?;
        let is_of_nobody = special.kind.is_of_nobody()
            || matches!(
                special.kind,
                SpecialKind::Documentation | SpecialKind::Loopback | SpecialKind::LinkLocal
            );
        is_of_nobody.then_some(special)
    }

    /// The tag of a name, looked up once.
    pub fn tag(&mut self, name: &'a str) -> Option<TagId> {
        let known = self.resolver.addresses();
        *self.tags.entry(name).or_insert_with(|| known.tag(name))
    }

    /// Whether an IP group is among the files, looked up once.
    pub fn has_group(&mut self, entry: &'a Entry) -> bool {
        let Entry::IpGroup(id) = entry else {
            return false;
        };
        let known = self.resolver.addresses();
        let found = self.groups.entry(id);
        *found.or_insert_with(|| known.addresses(entry).is_some())
    }

    /// A number for what these entries match; equal entries have equal numbers.
    pub fn place(&mut self, entries: &'a [Entry]) -> usize {
        if let Some(&place) = self.places.get(entries) {
            return place;
        }
        let side = self.resolver.side(entries, &mut Vec::new());
        let place = self.list.len();
        self.list.push(Rc::new(matched(&side, entries)));
        self.places.insert(entries, place);
        place
    }

    /// What entries match.
    pub fn of(&mut self, entries: &'a [Entry]) -> Rc<SideMatch> {
        let place = self.place(entries);
        self.at(place)
    }

    /// What a number of [`Self::place`] stands for.
    pub fn at(&self, place: usize) -> Rc<SideMatch> {
        self.list.get(place).map(Rc::clone).unwrap_or_default()
    }
}

/// A resolved side as one set of addresses and what is unknown of it.
fn matched(side: &RuleSide, entries: &[Entry]) -> SideMatch {
    let sets: Vec<&Arc<AddressSet>> = side.sets.iter().map(|(_, set)| set).collect();
    let addresses = match sets.as_slice() {
        [] => Arc::default(),
        [only] => Arc::clone(only),
        several => Arc::new(
            several
                .iter()
                .fold(AddressSet::default(), |all, set| all.union(set)),
        ),
    };
    let own = side.sets.iter().find(|(name, _)| name.is_none());
    let open = side.open.iter().map(|open| Atom {
        entry: open.atom.clone(),
        within: open.within.clone(),
    });
    let hosts = side.hosts.iter().map(|host| Atom {
        entry: atom(&Entry::Fqdn(host.clone())),
        within: None,
    });
    let mut platform = Vec::new();
    for entry in entries {
        if let Entry::Platform(tag) = entry {
            platform.push(*tag);
        }
    }
    let is_whole = is_whole(&addresses.v4, Family::V4) && is_whole(&addresses.v6, Family::V6);
    SideMatch {
        is_any: side.is_all || is_whole,
        own: own.map(|(_, set)| Arc::clone(set)).unwrap_or_default(),
        addresses,
        atoms: open.chain(hosts).collect(),
        platform,
    }
}
