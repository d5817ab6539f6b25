//! Tags that a week does not have and another week has: when they were there, and who has their
//! addresses now.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::azure::{Name, Names, Week};
use crate::index::{Chronicle, ChronicleError, Contents, WeekEntry};
use crate::query::names::names_of_chronicle;
use crate::query::rules::AddressResolver;
use crate::query::rules::check::{holders, now};
use crate::space::{AddressSet, Block};

/// Weeks that are unpacked to compare addresses.
const MOST_WEEKS: usize = 4;

/// A tag of other weeks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoneTag {
    /// Its published name.
    pub name: String,
    /// When it was there, and who has its addresses now.
    pub text: String,
}

/// The tags of other weeks at hand; make one for many names.
pub struct OtherWeeksTags<'a> {
    resolver: &'a AddressResolver<'a>,
    chronicle: &'a Chronicle,
    contents: Contents<'a>,
    names: Names,
    /// Weeks that were unpacked to compare addresses.
    weeks: HashMap<usize, Week>,
}

impl<'a> OtherWeeksTags<'a> {
    /// Reads the weeks; `None` where they are of another cloud than the week at hand.
    ///
    /// # Errors
    /// [`ChronicleError::Damaged`].
    pub fn new(
        resolver: &'a AddressResolver<'a>,
        chronicle: &'a Chronicle,
    ) -> Result<Option<Self>, ChronicleError> {
        if chronicle.cloud() != resolver.dataset().cloud() {
            return Ok(None);
        }
        let contents = chronicle.contents()?;
        let names = names_of_chronicle(&contents, chronicle.cloud(), None);
        Ok(Some(Self {
            resolver,
            chronicle,
            contents,
            names,
            weeks: HashMap::new(),
        }))
    }

    /// What is known of a name in any spelling; `None` where no week has it.
    ///
    /// # Errors
    /// [`ChronicleError::Damaged`].
    pub fn find(&mut self, typed: &str) -> Result<Option<GoneTag>, ChronicleError> {
        let Name::Tag { name, .. } = self.names.resolve(typed) else {
            return Ok(None);
        };
        let Some(tag) = self.contents.tags.iter().find(|tag| tag.name == name) else {
            return Ok(None);
        };
        let entries = self.chronicle.entries();
        let own = self.resolver.dataset().info().date;
        let have = || {
            let all = entries.iter().enumerate();
            all.filter(|(place, _)| tag.at(*place).is_some())
        };
        let found = |text: String| GoneTag {
            name: name.clone(),
            text,
        };
        let Some((place, entry)) = have().rfind(|(_, entry)| is_before(entry.date, own)) else {
            let first = have().next();
            return Ok(
                first.map(|(_, entry)| found(format!("first in the week of {}", shown(entry))))
            );
        };
        let mut text = format!("last in the week of {}", shown(entry));
        let next = entries.get(place + 1);
        if let Some(next) = next.filter(|next| next.date.is_some() && next.date <= own) {
            text = format!("{text}, gone since {}", shown(next));
        }
        if self.weeks.len() < MOST_WEEKS && !self.weeks.contains_key(&place) {
            self.weeks.insert(place, self.chronicle.week(place)?);
        }
        let week = self.weeks.get(&place);
        let old = week.and_then(|week| week.tags.iter().find(|it| it.name == name));
        let now = old.and_then(|old| {
            let set = AddressSet::from_spans(old.prefixes.iter().copied().map(Block::span));
            let like = now(self.resolver, &set, old.prefixes.len());
            like.or_else(|| holders(self.resolver, &set))
        });
        if let Some(now) = now {
            text = format!("{text}; {now}");
        }
        Ok(Some(found(text)))
    }
}

fn is_before(date: Option<Date>, own: Option<Date>) -> bool {
    match (date, own) {
        (Some(date), Some(own)) => date < own,
        (Some(_), None) => true,
        (None, _) => false,
    }
}

fn shown(entry: &WeekEntry) -> String {
    entry.said()
}
