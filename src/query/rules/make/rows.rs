//! Rows of rules and lists as a selection: their far ends, with what the rows say of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::query::rules::Known;
use crate::query::rules::far::{Left, Picked, counted, far_end, has_ends, named, near_end};
use crate::query::rules::make::selection::{Selection, Wish, address_wish, wish};
use crate::rules::{Direction, Entry, Kind, Ports, Protocol, Row, RuleSet, Symbol};
use crate::space::{AddressSet, Block, cover};

/// What rows of rules say besides their ends; lists leave it to the user.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Way {
    direction: Direction,
    protocol: Protocol,
}

/// What comes together of several rows.
#[derive(Debug, Default)]
struct Part {
    blocks: BTreeSet<Block>,
    ports: Option<Ports>,
    /// The rows, by name.
    rows: Vec<String>,
    has_near: bool,
}

#[derive(Default)]
struct Found {
    /// By tag; ports of several rows become one list.
    tags: BTreeMap<(String, Option<Way>), Part>,
    /// By name; other ports are another rule, so that no address gets a port that no row gives it.
    addresses: BTreeMap<(String, Option<Way>, Option<Ports>), Part>,
}

impl Selection {
    /// The far ends of rows: tags as tags, addresses under the title, or under the names of their sets
    /// where there are several. Azure's own rows and those that deny are left out. `words` select the
    /// same on the command line.
    #[must_use]
    pub fn of_rules(
        known: &Known<'_>,
        title: &str,
        rows: &[Picked<'_>],
        words: Vec<String>,
    ) -> Self {
        let dataset = known.dataset();
        let mut sets = rows.iter().map(|(set, _)| *set);
        let first = sets.next();
        let is_one = sets.all(|set| first.is_some_and(|first| std::ptr::eq(first, set)));
        let mut found = Found::default();
        for (set, row) in counted(rows) {
            let name = if is_one || set.kind == Kind::List {
                title
            } else {
                set.name.as_str()
            };
            found.take(known, name, set, row);
        }
        let mut selection = Self::new(title, dataset);
        selection.words = words;
        selection.notes = Left::of(known, rows).sentences();
        selection.wishes = found.wishes(known);
        selection
    }

    /// This and another selection of the same week; a tag that both want alike is wanted once.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        "selection".clone_into(&mut self.title);
        self.words.extend(other.words);
        self.notes.extend(other.notes);
        self.wishes.extend(other.wishes);
        let order = |wish: &Wish| {
            let way = (wish.direction, wish.protocol, wish.ports.clone());
            (!wish.is_tag, wish.name.clone(), way)
        };
        self.wishes.sort_by_cached_key(order);
        self.wishes
            .dedup_by(|one, other| one.is_tag && order(one) == order(other));
        self
    }
}

impl Found {
    fn take(&mut self, known: &Known<'_>, name: &str, set: &RuleSet, row: &Row) {
        if !has_ends(set.kind) {
            return self.entries(known, name, None, row);
        }
        let is_any = row.protocols.contains(&Protocol::Any);
        let any = [Protocol::Any];
        let protocols: &[Protocol] = if is_any { &any } else { &row.protocols };
        for &protocol in protocols {
            let direction = row.direction;
            let way = Way {
                direction,
                protocol,
            };
            self.entries(known, name, Some(&way), row);
        }
    }

    fn entries(&mut self, known: &Known<'_>, name: &str, way: Option<&Way>, row: &Row) {
        let ports = way.map(|_| row.ports.clone());
        let mut blocks = BTreeSet::new();
        for entry in far_end(row) {
            match entry {
                Entry::Span(span) => blocks.extend(cover(*span)),
                Entry::IpGroup(_) => {
                    let addresses = known.addresses(entry);
                    blocks.extend(addresses.iter().flat_map(|it| AddressSet::cover(it)));
                }
                Entry::Tag(tag) => {
                    let view = known.dataset().view();
                    let tag = known.tag(tag).and_then(|tag| view.tag(tag));
                    let Some(tag) = tag else { continue };
                    let key = (tag.name.to_owned(), way.cloned());
                    let part = self.tags.entry(key).or_default();
                    part.add(way.is_some(), row);
                    part.ports = match (part.ports.take(), &ports) {
                        (Some(known), Some(more)) => Some(known.union(more)),
                        (known, more) => known.or_else(|| more.clone()),
                    };
                }
                _ => {}
            }
        }
        if !blocks.is_empty() {
            let key = (name.to_owned(), way.cloned(), ports.clone());
            let part = self.addresses.entry(key).or_default();
            part.add(way.is_some(), row);
            part.ports = ports;
            part.blocks.extend(blocks);
        }
    }

    fn wishes(self, known: &Known<'_>) -> Vec<Wish> {
        let dataset = known.dataset();
        let tags = self.tags.into_iter().filter_map(|((name, way), part)| {
            let wish = wish(dataset, known.tag(&name)?)?;
            Some(part.over(wish, way.as_ref()))
        });
        let addresses = self
            .addresses
            .into_iter()
            .map(|((name, way, _), mut part)| {
                let blocks = std::mem::take(&mut part.blocks).into_iter().collect();
                part.over(address_wish(&name, blocks), way.as_ref())
            });
        tags.chain(addresses).collect()
    }
}

impl Part {
    fn add(&mut self, has_ends: bool, row: &Row) {
        if !has_ends {
            return;
        }
        let name = row.name.to_string();
        if self.rows.last() != Some(&name) {
            self.rows.push(name);
        }
        self.has_near |= !row.source_ports.is_all() || near_end(row).iter().any(is_narrow);
    }

    fn over(self, wish: Wish, way: Option<&Way>) -> Wish {
        let rows = named(self.rows.iter().map(String::as_str));
        Wish {
            ports: self.ports,
            direction: way.map(|way| way.direction),
            protocol: way.map(|way| way.protocol),
            why: if rows.is_empty() {
                rows
            } else {
                format!("from {rows}")
            },
            has_near: self.has_near,
            ..wish
        }
    }
}

/// Whether a near end is less than what rules are made with.
fn is_narrow(entry: &Entry) -> bool {
    !matches!(entry, Entry::Any | Entry::Symbol(Symbol::VirtualNetwork))
}
