//! One side of a row as addresses and names that are compared.

use std::collections::HashMap;
use std::rc::Rc;

use crate::azure::{PlatformTag, Special, SpecialKind, Specials};
use crate::index::TagId;
use crate::query::rules::AddressResolver;
use crate::rules::{Entry, holds_host};
use crate::space::{AddressSet, Family, Ranges, Span};

/// What a side matches: everything, or addresses and names.
#[derive(Debug, Clone, Default)]
pub(super) struct SideMatch {
    /// Everything.
    pub is_any: bool,
    /// What is known of its addresses; public ones for `Internet`.
    pub addresses: Rc<AddressSet>,
    /// The addresses that are written out.
    pub own: Rc<AddressSet>,
    /// What has no addresses, in lower case, ascending.
    atoms: Vec<Entry>,
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
            || self.atoms.iter().any(|atom| other.has(atom))
            || other.atoms.iter().any(|atom| self.has(atom))
            || meets(&self.addresses.v4, &other.addresses.v4, steps)
            || meets(&self.addresses.v6, &other.addresses.v6, steps)
    }

    /// Whether every IPv4 address, `Internet` or everything is in it.
    pub fn is_open(&self) -> bool {
        self.is_any || self.is_internet() || is_whole(&self.addresses.v4, Family::V4)
    }

    /// Whether it names `Internet`.
    pub fn is_internet(&self) -> bool {
        self.atoms.contains(&Entry::Platform(PlatformTag::Internet))
    }

    /// Whether it matches nothing at all.
    pub fn is_empty(&self) -> bool {
        !self.is_any && self.atoms.is_empty() && self.addresses.is_empty()
    }

    fn has(&self, atom: &Entry) -> bool {
        if self.atoms.binary_search(atom).is_ok() {
            return true;
        }
        let Entry::Fqdn(host) = atom else {
            return false;
        };
        self.atoms.iter().any(|own| match own {
            Entry::Fqdn(pattern) => holds_host(pattern, host),
            _ => false,
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
    resolver: &'a AddressResolver<'a>,
    specials: &'a Specials,
    places: HashMap<&'a [Entry], usize>,
    list: Vec<Rc<SideMatch>>,
    tags: HashMap<&'a str, Option<TagId>>,
    groups: HashMap<&'a str, Option<Rc<AddressSet>>>,
    public: Rc<AddressSet>,
    private: AddressSet,
}

impl<'a> Sides<'a> {
    pub fn new(resolver: &'a AddressResolver<'a>, specials: &'a Specials) -> Self {
        let private = specials.addresses(|kind| kind.is_inside() || kind.is_of_nobody());
        Self {
            resolver,
            specials,
            places: HashMap::new(),
            list: Vec::new(),
            tags: HashMap::new(),
            groups: HashMap::new(),
            public: Rc::new(others(&private)),
            private,
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
        let known = self.resolver;
        *self.tags.entry(name).or_insert_with(|| known.tag(name))
    }

    /// The addresses of an IP group, looked up once; `None` when it is in none of the files.
    pub fn group(&mut self, entry: &'a Entry) -> Option<Rc<AddressSet>> {
        let Entry::IpGroup(id) = entry else {
            return None;
        };
        let known = self.resolver;
        let found = self.groups.entry(id);
        found.or_insert_with(|| known.addresses(entry)).clone()
    }

    /// A number for what these entries match; equal entries have equal numbers.
    pub fn place(&mut self, entries: &'a [Entry]) -> usize {
        if let Some(&place) = self.places.get(entries) {
            return place;
        }
        let side = self.make(entries);
        let place = self.list.len();
        self.list.push(Rc::new(side));
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

    fn make(&mut self, entries: &'a [Entry]) -> SideMatch {
        let own = AddressSet::from_spans(entries.iter().filter_map(Entry::span));
        let own = Rc::new(own);
        let mut sets: Vec<Rc<AddressSet>> = Vec::new();
        let mut atoms = Vec::new();
        let mut is_any = false;
        for entry in entries {
            match entry {
                Entry::Any => is_any = true,
                Entry::Span(_) => {}
                Entry::Platform(PlatformTag::Internet) => {
                    sets.push(Rc::clone(&self.public));
                    atoms.push(entry.clone());
                }
                Entry::Tag(name) => {
                    let tag = self.tag(name);
                    let set = tag.map(|tag| self.resolver.addresses_of(tag));
                    match set.filter(|set| !set.is_empty()) {
                        Some(set) => sets.push(set),
                        None => atoms.push(Entry::Tag(name.to_ascii_lowercase())),
                    }
                }
                Entry::IpGroup(id) => {
                    let set = self.group(entry);
                    match set.filter(|set| !set.is_empty()) {
                        Some(set) => sets.push(set),
                        None => atoms.push(Entry::IpGroup(id.to_ascii_lowercase())),
                    }
                }
                other => atoms.push(lower(other)),
            }
        }
        if !own.is_empty() {
            sets.push(Rc::clone(&own));
        }
        atoms.sort_unstable();
        atoms.dedup();
        let addresses = match sets.as_slice() {
            [] => Rc::default(),
            [only] => Rc::clone(only),
            several => Rc::new(
                several
                    .iter()
                    .fold(AddressSet::default(), |all, set| all.union(set)),
            ),
        };
        is_any |= is_whole(&addresses.v4, Family::V4) && is_whole(&addresses.v6, Family::V6);
        SideMatch {
            is_any,
            addresses,
            own,
            atoms,
        }
    }
}

/// Azure ignores the case of names.
fn lower(entry: &Entry) -> Entry {
    match entry {
        Entry::Fqdn(text) => Entry::Fqdn(text.to_ascii_lowercase()),
        Entry::FqdnTag(text) => Entry::FqdnTag(text.to_ascii_lowercase()),
        Entry::SecurityGroup(text) => Entry::SecurityGroup(text.to_ascii_lowercase()),
        Entry::Subnet(id) => Entry::Subnet(id.lower()),
        other => other.clone(),
    }
}

/// Addresses but these.
fn others(than: &AddressSet) -> AddressSet {
    let all = [Family::V4, Family::V6]
        .into_iter()
        .filter_map(|family| Span::new(family, 0, family.max()));
    AddressSet::from_spans(all).difference(than)
}
