//! Rows of rules and lists as a selection: their remote ends, with what the rows say of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::azure::PlatformTag;
use crate::query::rules::AddressResolver;
use crate::query::rules::make::selection::{Selection, TagRequest, address_request, tag_request};
use crate::query::rules::remote_end::{PickedRow, Skipped, counted, local_end, named, remote_end};
use crate::rules::{Direction, Entry, Ports, Protocol, Row, RuleSet, RuleSetKind};
use crate::space::{AddressSet, Block, cover};

/// What rows of rules say besides their ends; lists leave it to the user.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Traffic {
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
    has_local: bool,
}

#[derive(Default)]
struct Found {
    /// By tag; ports of several rows become one list.
    tags: BTreeMap<(String, Option<Traffic>), Part>,
    /// By name; other ports are another rule, so that no address gets a port that no row gives it.
    addresses: BTreeMap<(String, Option<Traffic>, Option<Ports>), Part>,
}

impl Selection {
    /// The remote ends of rows: tags as tags, addresses under the title, or under the names of their sets
    /// where there are several. Azure's own rows and those that deny are left out. `words` select the
    /// same on the command line.
    #[must_use]
    pub fn of_rules(
        resolver: &AddressResolver<'_>,
        title: &str,
        rows: &[PickedRow<'_>],
        words: Vec<String>,
    ) -> Self {
        let dataset = resolver.dataset();
        let mut sets = rows.iter().map(|(set, _)| *set);
        let first = sets.next();
        let is_one = sets.all(|set| first.is_some_and(|first| std::ptr::eq(first, set)));
        let mut found = Found::default();
        for (set, row) in counted(rows) {
            let name = if is_one || set.kind == RuleSetKind::List {
                title
            } else {
                set.name.as_str()
            };
            found.take(resolver, name, set, row);
        }
        let mut selection = Self::new(title, dataset);
        selection.words = words;
        selection.notes = Skipped::of(resolver, rows).sentences();
        selection.requests = found.requests(resolver);
        selection
    }

    /// This and another selection of the same week; a tag that both want alike is wanted once.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        "selection".clone_into(&mut self.title);
        self.words.extend(other.words);
        self.notes.extend(other.notes);
        self.requests.extend(other.requests);
        let order = |request: &TagRequest| {
            let traffic = (request.direction, request.protocol, request.ports.clone());
            (!request.is_tag, request.name.clone(), traffic)
        };
        self.requests.sort_by_cached_key(order);
        self.requests
            .dedup_by(|one, other| one.is_tag && order(one) == order(other));
        self
    }
}

impl Found {
    fn take(&mut self, resolver: &AddressResolver<'_>, name: &str, set: &RuleSet, row: &Row) {
        if !set.kind.has_two_ends() {
            return self.entries(resolver, name, None, row);
        }
        let is_any = row.protocols.contains(&Protocol::Any);
        let any = [Protocol::Any];
        let protocols: &[Protocol] = if is_any { &any } else { &row.protocols };
        for &protocol in protocols {
            let direction = row.direction;
            let traffic = Traffic {
                direction,
                protocol,
            };
            self.entries(resolver, name, Some(&traffic), row);
        }
    }

    fn entries(
        &mut self,
        resolver: &AddressResolver<'_>,
        name: &str,
        traffic: Option<&Traffic>,
        row: &Row,
    ) {
        let ports = traffic.map(|_| row.ports.clone());
        let mut blocks = BTreeSet::new();
        for entry in remote_end(row) {
            match entry {
                Entry::Span(span) => blocks.extend(cover(*span)),
                Entry::IpGroup(_) => {
                    let addresses = resolver.addresses(entry);
                    blocks.extend(addresses.iter().flat_map(|it| AddressSet::cover(it)));
                }
                Entry::Tag(tag) => {
                    let view = resolver.dataset().view();
                    let tag = resolver.tag(tag).and_then(|tag| view.tag(tag));
                    let Some(tag) = tag else { continue };
                    let key = (tag.name.to_owned(), traffic.cloned());
                    let part = self.tags.entry(key).or_default();
                    part.add(traffic.is_some(), row);
                    part.ports = match (part.ports.take(), &ports) {
                        (Some(known), Some(more)) => Some(known.union(more)),
                        (known, more) => known.or_else(|| more.clone()),
                    };
                }
                _ => {}
            }
        }
        if !blocks.is_empty() {
            let key = (name.to_owned(), traffic.cloned(), ports.clone());
            let part = self.addresses.entry(key).or_default();
            part.add(traffic.is_some(), row);
            part.ports = ports;
            part.blocks.extend(blocks);
        }
    }

    fn requests(self, resolver: &AddressResolver<'_>) -> Vec<TagRequest> {
        let dataset = resolver.dataset();
        let tags = self.tags.into_iter().filter_map(|((name, traffic), part)| {
            let request = tag_request(dataset, resolver.tag(&name)?)?;
            Some(part.over(request, traffic.as_ref()))
        });
        let addresses = self
            .addresses
            .into_iter()
            .map(|((name, traffic, _), mut part)| {
                let blocks = std::mem::take(&mut part.blocks).into_iter().collect();
                part.over(address_request(&name, blocks), traffic.as_ref())
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
        self.has_local |= !row.source_ports.is_all() || local_end(row).iter().any(is_narrow);
    }

    fn over(self, request: TagRequest, traffic: Option<&Traffic>) -> TagRequest {
        let rows = named(self.rows.iter().map(String::as_str));
        TagRequest {
            ports: self.ports,
            direction: traffic.map(|traffic| traffic.direction),
            protocol: traffic.map(|traffic| traffic.protocol),
            why: if rows.is_empty() {
                rows
            } else {
                format!("from {rows}")
            },
            has_local: self.has_local,
            ..request
        }
    }
}

/// Whether a local end is less than what rules are made with.
fn is_narrow(entry: &Entry) -> bool {
    !matches!(
        entry,
        Entry::Any | Entry::Platform(PlatformTag::VirtualNetwork)
    )
}
