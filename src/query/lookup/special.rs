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
    /// What else is to be said.
    pub notes: Vec<Safe>,
    /// The IPv4 address that is meant instead.
    instead: Option<IpAddr>,
}

impl SpecialUse {
    pub fn of(span: Span, specials: &Specials) -> Self {
        let mut found = Self {
            whole: specials.of(span).cloned(),
            ..Self::default()
        };
        if found.whole.is_none() {
            let parts = specials.within(span);
            if !parts.is_empty() {
                let names = first_of(parts.iter().map(|part| part.title()), LISTED, ", ");
                found.note(format!("a part of it is not on the internet: {names}"));
            }
        } else if span.first() == span.last() {
            found.embedded(span, specials);
        }
        found
    }

    fn embedded(&mut self, span: Span, specials: &Specials) {
        let IpAddr::V6(address) = span.family().address(span.first()) else {
            return;
        };
        let Some((v4, kind)) = embedded_v4(address) else {
            return;
        };
        let v4 = IpAddr::V4(v4);
        let what = specials.of_address(v4);
        let what = what.map_or(String::new(), |inner| format!(", {}", inner.words()));
        if kind == SpecialKind::Nat64 {
            self.instead = Some(v4);
            self.note(format!("looked up as the IPv4 address in it: {v4}{what}"));
        } else {
            self.note(format!("the IPv4 address in it is {v4}{what}"));
        }
    }

    fn note(&mut self, text: String) {
        self.notes.push(Safe::from(text));
    }

    /// The addresses that tags are asked for.
    pub fn looked_up(&self, span: Span) -> Span {
        self.instead.map_or(span, Span::of)
    }

    /// Whether tags could hold the addresses.
    pub fn is_public(&self) -> bool {
        self.whole.as_ref().is_none_or(|whole| whole.is_public)
    }

    /// What is said beside tags: a tag that lists addresses for documents knows better.
    pub fn beside(self, has_tags: bool) -> Option<Special> {
        let knows_better = |it: &Special| has_tags && it.kind == SpecialKind::Documentation;
        self.whole.filter(|whole| !knows_better(whole))
    }
}

impl LookupAnswer {
    /// What is said before the tags: what the addresses are, and how the query was read.
    pub fn said(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let special = self.special.iter().map(|it| Cow::Owned(it.sentence()));
        let notes = self.notes.iter();
        let notes = notes.map(|note| Cow::Borrowed(note.as_str()));
        let hosts = self.addresses.iter().filter_map(|host| {
            let special = host.special.as_ref()?;
            Some(Cow::Owned(format!(
                "{}: {}",
                host.address,
                special.sentence()
            )))
        });
        special.chain(notes).chain(hosts)
    }
}
