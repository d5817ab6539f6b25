//! A log's counts by tag, service, region or rule, and the addresses behind each: asked of what was
//! counted once, of any week.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::index::{Node, TagId};
use crate::query::Dataset;
use crate::query::tags::span_of;
use crate::query::traffic::suggest::SeenTraffic;
use crate::query::traffic::top::{
    NOWHERE, REST, TopAnswer, TopQuestion, UNSAID, names_of, rule_name,
};
use crate::space::Span;
use crate::text::matches_words;
use crate::traffic::{Action, Breakdown, By, Counts, End, Entry, NO_RULE, OTHER_RULES, Said, Who};

/// What was counted, and where its addresses belong in a week.
#[derive(Debug, Clone)]
pub struct LocatedBreakdown {
    counts: Arc<Breakdown>,
    /// Of each entry by its place; what is not public is in none.
    nodes: Vec<Option<Node>>,
}

impl LocatedBreakdown {
    /// Finds the addresses in a week. Those that found no room belong where they did in the week that
    /// they were counted with.
    #[must_use]
    pub fn new(counts: Arc<Breakdown>, dataset: &Dataset) -> Self {
        let view = dataset.view();
        let answers: Vec<Node> = view.nodes().collect();
        let node = |entry: &Entry| match entry.who {
            Who::Address(family, bits) => {
                let node = view.lookup(family, bits);
                (!node.is_none()).then_some(node)
            }
            Who::Late(place) => place.and_then(|place| answers.get(place).copied()),
            Who::Inside => None,
        };
        let nodes = counts.entries().iter().map(node).collect();
        Self { counts, nodes }
    }

    /// The rules of an address by name, of records with this action where one is named; nothing where
    /// the log names none.
    #[must_use]
    pub fn rules_of(&self, end: End, action: Option<Action>) -> Vec<String> {
        let rules: BTreeSet<u32> = self.counts.rules_of(end, action).collect();
        let rules = rules.into_iter().filter(|rule| *rule != NO_RULE);
        rules.map(|rule| shown_rule(&self.counts, rule)).collect()
    }

    /// What was counted.
    #[must_use]
    pub const fn counts(&self) -> &Arc<Breakdown> {
        &self.counts
    }

    fn entries(&self) -> impl Iterator<Item = (usize, &Entry, Option<Node>)> {
        let entries = self.counts.entries().iter().zip(&self.nodes);
        entries
            .enumerate()
            .filter(|(_, (entry, _))| entry.who != Who::Inside)
            .map(|(place, (entry, node))| (place, entry, *node))
    }
}

/// How rows are ordered; what is equal in that stays in the order of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RowOrder {
    /// Most hits first.
    #[default]
    Hits,
    /// Most bytes first.
    Bytes,
    /// Most addresses first.
    Addresses,
    /// By name.
    Name,
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct BreakdownQuestion<'a> {
    /// Tag, service, region or rule.
    pub by: By,
    /// Only records with this action.
    pub action: Option<Action>,
    /// Only what is in no tag.
    pub is_nowhere: bool,
    /// Addresses whose tags two weeks change, where that is known.
    pub changed: &'a BTreeSet<End>,
    /// Only these.
    pub is_changed_only: bool,
    /// Words of a row's name, or an address or a CIDR that rows have addresses of.
    pub filter: &'a str,
    /// The order of the rows.
    pub order: RowOrder,
}

/// What is counted of a tag, a service, a region or a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreakdownRow {
    /// What it is called.
    pub name: String,
    /// Whether these are public addresses in no tag.
    pub is_nowhere: bool,
    /// The counts.
    pub counts: Counts,
    /// Hits that were denied.
    pub denied: u64,
    /// Addresses whose tags two weeks change.
    pub changed: u64,
    /// Hits at addresses that cannot be listed.
    pub late: u64,
}

/// An address of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndRow {
    /// The address.
    pub end: End,
    /// Its counts.
    pub counts: Counts,
    /// Hits that were denied.
    pub denied: u64,
    /// Its answer in the week; `None` in no tag.
    pub node: Option<Node>,
}

/// The rows, and which entry counts to which.
#[derive(Debug, Clone, Default)]
pub struct BreakdownAnswer {
    /// In the wanted order.
    pub rows: Vec<BreakdownRow>,
    /// Hits at public addresses with the wanted action.
    pub hits: u64,
    /// Hits at other addresses with the wanted action.
    pub inside: u64,
    /// Different addresses of the rows.
    pub addresses: u64,
    /// Of each entry the place of its row, where it has one.
    row_of: Vec<Option<usize>>,
}

/// Asks counts.
#[must_use]
pub fn ask_breakdown(
    question: &BreakdownQuestion<'_>,
    counts: &LocatedBreakdown,
    dataset: &Dataset,
) -> BreakdownAnswer {
    let names = RowNames::new(question.by, counts, dataset);
    let is_wanted = |entry: &Entry| question.action.is_none_or(|it| entry.action == Some(it));
    let span = span_of(question.filter);
    let mut rows: Vec<BreakdownRow> = Vec::new();
    let is_named = |name: &String| span.is_some() || matches_words(question.filter, &[name]);
    let is_named: Vec<bool> = names.names.iter().map(is_named).collect();
    let mut places: Vec<Option<usize>> = vec![None; names.names.len()];
    let mut last: Vec<Option<End>> = Vec::new();
    let mut row_of = vec![None; counts.nodes.len()];
    let mut hits = 0;
    for (place, entry, node) in counts.entries().filter(|(_, entry, _)| is_wanted(entry)) {
        hits += entry.counts.hits;
        let end = end_of(entry);
        let is_changed = end.is_some_and(|end| question.changed.contains(&end));
        let is_kept = (!question.is_nowhere || node.is_none())
            && (!question.is_changed_only || is_changed)
            && span.is_none_or(|span| end.is_some_and(|end| is_in(end, span)));
        if !is_kept {
            continue;
        }
        let name = names.of(entry, node).unwrap_or(usize::MAX);
        let Some(own) = places
            .get_mut(name)
            .filter(|_| is_named.get(name) == Some(&true))
        else {
            continue;
        };
        let own = *own.get_or_insert_with(|| {
            rows.push(BreakdownRow {
                name: names.names.get(name).cloned().unwrap_or_default(),
                is_nowhere: node.is_none() && question.by != By::Rule,
                counts: Counts::default(),
                denied: 0,
                changed: 0,
                late: 0,
            });
            last.push(None);
            rows.len() - 1
        });
        let (Some(row), Some(last)) = (rows.get_mut(own), last.get_mut(own)) else {
            continue;
        };
        row.counts.add(&entry.counts);
        // Entries of an address follow one another.
        if end.is_some() && end != *last {
            row.counts.addresses += 1;
            row.changed += u64::from(is_changed);
            *last = end;
        }
        if end.is_none() {
            row.late += entry.counts.hits;
        }
        if entry.action == Some(Action::Deny) {
            row.denied += entry.counts.hits;
        }
        if let Some(row) = row_of.get_mut(place) {
            *row = Some(own);
        }
    }
    let inside = counts.counts.entries().iter();
    let inside = inside.filter(|entry| entry.who == Who::Inside && is_wanted(entry));
    let mut answer = BreakdownAnswer {
        addresses: 0,
        inside: inside.map(|entry| entry.counts.hits).sum(),
        rows,
        hits,
        row_of,
    };
    answer.addresses = answer.count_addresses(counts);
    answer.sort(question.order);
    answer
}

/// The address of an entry that is kept apart.
const fn end_of(entry: &Entry) -> Option<End> {
    match entry.who {
        Who::Address(family, bits) => Some((family, bits)),
        Who::Late(_) | Who::Inside => None,
    }
}

fn is_in((family, bits): End, span: Span) -> bool {
    span.family() == family && (span.first()..=span.last()).contains(&bits)
}

impl BreakdownAnswer {
    fn sort(&mut self, order: RowOrder) {
        let mut places: Vec<usize> = (0..self.rows.len()).collect();
        let row = |place: usize| self.rows.get(place);
        places.sort_by_cached_key(|&place| {
            let row = row(place);
            let counts = row.map(|row| row.counts).unwrap_or_default();
            let first = match order {
                RowOrder::Hits => counts.hits,
                RowOrder::Bytes => counts.sent + counts.received,
                RowOrder::Addresses => counts.addresses,
                RowOrder::Name => 0,
            };
            (Reverse(first), row.map(|row| row.name.clone()))
        });
        let mut new_of = vec![0; places.len()];
        for (new, old) in places.iter().enumerate() {
            if let Some(own) = new_of.get_mut(*old) {
                *own = new;
            }
        }
        for row in &mut self.row_of {
            *row = row.and_then(|old| new_of.get(old).copied());
        }
        let rows = places
            .iter()
            .filter_map(|&place| self.rows.get(place).cloned());
        self.rows = rows.collect();
    }

    /// Different addresses that count to a row: those of a rule may be those of another.
    fn count_addresses(&self, counts: &LocatedBreakdown) -> u64 {
        let mut last = None;
        let mut all = 0;
        for ((_, entry, _), row) in counts.entries().zip(self.rows_of_entries(counts)) {
            let end = end_of(entry);
            if row.is_some() && end.is_some() && end != last {
                (all, last) = (all + 1, end);
            }
        }
        all
    }

    /// The row of each entry of a public address, in their order.
    fn rows_of_entries<'a>(
        &'a self,
        counts: &'a LocatedBreakdown,
    ) -> impl Iterator<Item = Option<usize>> {
        let places = counts.entries().map(|(place, ..)| place);
        places.map(|place| self.row_of.get(place).copied().flatten())
    }

    /// The entries of a row, of all rows where none is named.
    fn entries<'a>(
        &'a self,
        row: Option<usize>,
        counts: &'a LocatedBreakdown,
    ) -> impl Iterator<Item = (&'a Entry, Option<Node>)> {
        let all = counts.entries().zip(self.rows_of_entries(counts));
        all.filter(move |(_, own)| own.is_some() && (row.is_none() || *own == row))
            .map(|((_, entry, node), _)| (entry, node))
    }

    /// The addresses of a row, most hits first.
    #[must_use]
    pub fn addresses(&self, row: usize, counts: &LocatedBreakdown) -> Vec<EndRow> {
        let mut found: Vec<EndRow> = Vec::new();
        for (entry, node) in self.entries(Some(row), counts) {
            let Some(end) = end_of(entry) else { continue };
            if found.last().is_none_or(|last| last.end != end) {
                found.push(EndRow {
                    end,
                    counts: Counts {
                        addresses: 1,
                        ..Counts::default()
                    },
                    denied: 0,
                    node,
                });
            }
            let Some(own) = found.last_mut() else {
                continue;
            };
            own.counts.add(&entry.counts);
            if entry.action == Some(Action::Deny) {
                own.denied += entry.counts.hits;
            }
        }
        found.sort_by_key(|row| (Reverse(row.counts.hits), row.end));
        found
    }

    /// What was seen of a row, of all rows where none is named, to find tags that hold it.
    #[must_use]
    pub fn seen(&self, row: Option<usize>, counts: &LocatedBreakdown) -> SeenTraffic {
        let mut nodes: BTreeMap<Node, Counts> = BTreeMap::new();
        let mut nowhere = 0;
        let mut last = None;
        for (entry, node) in self.entries(row, counts) {
            let Some(node) = node else {
                nowhere += entry.counts.hits;
                continue;
            };
            let own = nodes.entry(node).or_default();
            own.add(&entry.counts);
            let end = end_of(entry);
            if end.is_some() && end != last {
                own.addresses += 1;
                last = end;
            }
        }
        SeenTraffic {
            nodes: nodes.into_iter().collect(),
            nowhere,
        }
    }

    /// The rows as the verb writes them.
    #[must_use]
    pub fn top(&self, by: By, said: &Said) -> TopAnswer {
        let rows = self.rows.iter();
        let named = rows.map(|row| (row.name.clone(), None, row.counts));
        let numbers = (self.hits, self.inside);
        TopAnswer::of(question_of(by), named.collect(), numbers, said.bytes > 0)
    }
}

const fn question_of(by: By) -> TopQuestion {
    TopQuestion {
        by,
        is_every: false,
        most: None,
    }
}

/// What entries are called, by numbers: each name is made once.
struct RowNames {
    is_by_rule: bool,
    /// By the place of an answer, the empty one among them.
    of_node: Vec<Option<usize>>,
    of_rule: HashMap<u32, usize>,
    names: Vec<String>,
}

impl RowNames {
    fn new(by: By, counts: &LocatedBreakdown, dataset: &Dataset) -> Self {
        let view = dataset.view();
        let mut names = Self {
            is_by_rule: by == By::Rule,
            of_node: vec![None; view.node_count()],
            of_rule: HashMap::new(),
            names: Vec::new(),
        };
        let mut known: HashMap<String, usize> = HashMap::new();
        for (_, entry, node) in counts.entries() {
            if names.of(entry, node).is_some() {
                continue;
            }
            let name = match node {
                _ if names.is_by_rule => shown_rule(&counts.counts, entry.rule),
                Some(node) => names_of(question_of(by), &view, node).join(", "),
                None => NOWHERE.to_owned(),
            };
            let own = *known.entry(name).or_insert_with_key(|name| {
                names.names.push(name.clone());
                names.names.len() - 1
            });
            if names.is_by_rule {
                names.of_rule.insert(entry.rule, own);
            } else if let Some(place) = names.of_node.get_mut(place_of(node)) {
                *place = Some(own);
            }
        }
        names
    }

    /// The number of an entry's name.
    fn of(&self, entry: &Entry, node: Option<Node>) -> Option<usize> {
        if self.is_by_rule {
            return self.of_rule.get(&entry.rule).copied();
        }
        self.of_node.get(place_of(node)).copied().flatten()
    }
}

/// The place of an answer, the empty one in no tag.
fn place_of(node: Option<Node>) -> usize {
    node.unwrap_or(Node::NONE).place()
}

/// A rule's name as rows have it.
fn shown_rule(counts: &Breakdown, rule: u32) -> String {
    match rule {
        NO_RULE => UNSAID.to_owned(),
        OTHER_RULES => REST.to_owned(),
        rule => rule_name(counts.rule(rule)),
    }
}

impl EndRow {
    /// The address as text.
    #[must_use]
    pub fn address(&self) -> String {
        let (family, bits) = self.end;
        family.address(bits).to_string()
    }

    /// Its most specific tag.
    #[must_use]
    pub fn tag(&self, dataset: &Dataset) -> Option<TagId> {
        let hit = dataset.view().hits(self.node?).next()?;
        Some(hit.tag)
    }
}
