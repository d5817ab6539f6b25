//! What special addresses mean for a lookup.

use std::borrow::Cow;
use std::net::IpAddr;

use crate::azure::special::embedded_v4;
use crate::azure::{Special, SpecialKind, Specials};
use crate::query::lookup::LookupAnswer;
use crate::space::Span;
use crate::text::{Safe, first_of};

/// Special blocks of which a block has a part that are named.
const LISTED: usize = 3;

/// What the addresses of a query are, apart from tags.
#[derive(Debug, Default)]
pub(super) struct SpecialUse {
    whole: Option<Special>,
    /// Where not all of them are special.
    parts: Vec<Special>,
    inside: Option<Embedded>,
}

/// An IPv4 address within an IPv6 address.
#[derive(Debug)]
struct Embedded {
    address: IpAddr,
    special: Option<Special>,
    /// Whether tags are asked for it instead.
    is_meant: bool,
}

impl SpecialUse {
    pub fn of(span: Span, specials: &Specials) -> Self {
        let whole = specials.of(span).cloned();
        // Of all addresses everybody knows that some are special.
        let is_all = span.first() == 0 && span.last() == span.family().max();
        let parts = if whole.is_some() || is_all {
            Vec::new()
        } else {
            specials.within(span).into_iter().cloned().collect()
        };
        let inside = whole.as_ref().and_then(|_| Embedded::of(span, specials));
        Self {
            whole,
            parts,
            inside,
        }
    }

    /// The addresses that tags are asked for.
    pub fn looked_up(&self, span: Span) -> Span {
        let meant = self.inside.as_ref().filter(|inside| inside.is_meant);
        meant.map_or(span, |inside| Span::of(inside.address))
    }

    /// Whether tags could hold the addresses.
    pub fn is_public(&self) -> bool {
        let inside = self.inside.as_ref().and_then(|it| it.special.as_ref());
        let mut both = self.whole.iter().chain(inside);
        both.all(|special| special.is_public)
    }

    /// What is said beside tags: a tag that lists addresses for documents knows better.
    pub fn beside(self, has_tags: bool) -> (Option<Special>, Vec<Safe>) {
        let is_said = |it: &Special| !has_tags || it.kind != SpecialKind::Documentation;
        let mut notes = Vec::new();
        let parts = self.parts.iter().filter(|part| is_said(part));
        let parts: Vec<String> = parts.map(Special::title).collect();
        if !parts.is_empty() {
            let names = first_of(parts, LISTED, "; ");
            notes.push(format!("a part of it is not on the internet: {names}"));
        }
        notes.extend(self.inside.map(|inside| inside.note()));
        let notes = notes.into_iter().map(Safe::from).collect();
        (self.whole.filter(is_said), notes)
    }
}

impl Embedded {
    fn of(span: Span, specials: &Specials) -> Option<Self> {
        let IpAddr::V6(address) = span.family().address(span.first()) else {
            return None;
        };
        let (v4, kind) = embedded_v4(address).filter(|_| span.first() == span.last())?;
        let address = IpAddr::V4(v4);
        Some(Self {
            address,
            special: specials.of_address(address).cloned(),
            is_meant: kind == SpecialKind::Nat64,
        })
    }

    fn note(&self) -> String {
        let special = self.special.as_ref();
        let special = special.map_or(String::new(), |it| format!(", {}", it.words()));
        let address = self.address;
        if self.is_meant {
            format!("looked up as the IPv4 address in it: {address}{special}")
        } else {
            format!("the IPv4 address in it is {address}{special}")
        }
    }
}

impl LookupAnswer {
    /// What the addresses are, a sentence each; said first.
    pub fn meanings(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let special = self.special.iter().map(|it| Cow::Owned(it.sentence()));
        let hosts = self.addresses.iter().filter_map(|host| {
            let sentence = host.special.as_ref()?.sentence();
            Some(Cow::Owned(format!("{}: {sentence}", host.address)))
        });
        special.chain(hosts)
    }
}
