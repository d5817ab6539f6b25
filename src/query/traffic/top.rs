//! The tags, services, addresses, … of a log, most hit first.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::index::{Node, TagId, View};
use crate::query::lines::{Lines, of_week};
use crate::query::lookup::TallyBy;
use crate::query::{Cell, ColumnSpec, Dataset, SCHEMA_VERSION, Sheet, WeekRecord};
use crate::space::Block;
use crate::text::Safe;
use crate::traffic::{By, Counts, Holder, Key, Said, Sets, Tally};

/// What is asked of counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TopQuestion {
    /// What is counted by.
    pub by: By,
    /// Whether an address counts for each of its tags rather than the most specific.
    pub is_every: bool,
    /// How many rows there are at most.
    pub most: Option<usize>,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TopRow {
    /// A tag, a service, an address, …
    pub name: String,
    /// The most specific tag, of an address or a prefix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// Occurrences of an address, or records of flows.
    pub hits: u64,
    /// Different addresses; null where they are not told apart.
    pub addresses: Option<u64>,
    /// Bytes from the source; null where the log has none.
    pub bytes_sent: Option<u64>,
    /// Bytes to the source; null where the log has none.
    pub bytes_received: Option<u64>,
    /// Of all hits at public addresses, 0 to 1.
    pub share: f64,
}

/// The counts as a table.
#[derive(Debug, Clone, PartialEq)]
pub struct TopAnswer {
    /// The question.
    pub question: TopQuestion,
    /// Most hits first.
    pub rows: Vec<TopRow>,
    /// How many rows are left out.
    pub left_out: usize,
    /// Hits at public addresses.
    pub hits: u64,
    /// Hits at addresses that are not public.
    pub inside: u64,
    columns: Vec<ColumnSpec>,
}

/// Counts as rows.
#[must_use]
pub fn ask(question: TopQuestion, tally: &Tally, said: &Said, sets: &Sets<'_>) -> TopAnswer {
    let view = sets.view();
    let total = tally.total();
    let mut named: BTreeMap<(String, Option<String>), Counts> = BTreeMap::new();
    let mut add = |name: String, tag: Option<String>, counts: &Counts| {
        named.entry((name, tag)).or_default().add(counts);
    };
    let by = question.by;
    match by {
        By::Tag | By::Set | By::Region | By::Service => {
            for (node, counts) in tally.nodes(sets) {
                for name in names_of(question, &view, node) {
                    add(name, None, counts);
                }
            }
            for (place, [alone, both]) in tally.others() {
                let tags = other_names(question, sets, place);
                for (at, name) in tags.into_iter().enumerate() {
                    // What is in a tag of Azure counts for that, and for others with --every alone.
                    if alone.hits > 0 && (question.is_every || at == 0) {
                        add(name.clone(), None, alone);
                    }
                    if question.is_every && both.hits > 0 {
                        add(name, None, both);
                    }
                }
            }
            if tally.nowhere().hits > 0 {
                add(NOWHERE.to_owned(), None, tally.nowhere());
            }
        }
        By::Address | By::Prefix | By::Rule | By::Port | By::Action => {
            for (key, counts) in tally.keys() {
                let (name, tag) = key_names(key, sets);
                add(name, tag, counts);
            }
            if tally.rest().hits > 0 {
                add(REST.to_owned(), None, tally.rest());
            }
        }
    }
    let mut named: Vec<_> = named
        .into_iter()
        .map(|((name, tag), counts)| (name, tag, counts))
        .collect();
    named.sort_by_key(|(_, _, counts)| std::cmp::Reverse(counts.hits));
    let inside = tally.inside().hits;
    TopAnswer::of(question, named, (total, inside), said.bytes > 0)
}

impl TopAnswer {
    /// The answer of what was counted, in this order; the numbers are all hits at public addresses, and
    /// those at others.
    #[must_use]
    pub fn of(
        question: TopQuestion,
        named: Vec<(String, Option<String>, Counts)>,
        (hits, inside): (u64, u64),
        has_bytes: bool,
    ) -> Self {
        let by = question.by;
        let has_addresses = !matches!(by, By::Address | By::Rule | By::Port | By::Action);
        let most = question.most.unwrap_or(usize::MAX);
        let left_out = named.len().saturating_sub(most);
        let rows = named.into_iter().take(most);
        let rows = rows.map(|(name, tag, counts)| TopRow {
            name,
            tag,
            hits: counts.hits,
            addresses: has_addresses.then_some(counts.addresses),
            bytes_sent: has_bytes.then_some(counts.sent),
            bytes_received: has_bytes.then_some(counts.received),
            share: share(counts.hits, hits),
        });
        Self {
            question,
            rows: rows.collect(),
            left_out,
            hits,
            inside,
            columns: columns(by, has_addresses, has_bytes),
        }
    }
}

/// What stands for public addresses in no tag.
pub const NOWHERE: &str = "in no tag";
/// What stands for keys that found no room.
pub const REST: &str = "others";
/// What stands for records that do not say it.
pub const UNSAID: &str = "not said";

/// What an answer of the week counts as.
pub fn names_of(question: TopQuestion, view: &View<'_>, node: Node) -> Vec<String> {
    let tags: Vec<TagId> = view.hits(node).map(|hit| hit.tag).collect();
    let name = |tag: &TagId| view.tag(*tag).map_or("", |row| row.name);
    let by = match question.by {
        By::Set => return vec![tags.iter().map(name).collect::<Vec<_>>().join(", ")],
        By::Region => TallyBy::Region,
        By::Service => TallyBy::Service,
        _ => TallyBy::Tag,
    };
    let most = if question.is_every { usize::MAX } else { 1 };
    let names = tags
        .iter()
        .take(most)
        .map(|tag| by.of(view, *tag).to_owned());
    let mut names: Vec<String> = names.collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// What a range of others counts as: they have neither regions nor services, so it is always their tags.
fn other_names(question: TopQuestion, sets: &Sets<'_>, place: usize) -> Vec<String> {
    let hits = sets.others().into_iter().flat_map(|it| it.hits(place));
    let mut names: Vec<String> = hits.map(|hit| hit.tag.to_owned()).collect();
    if question.by == By::Set {
        return vec![names.join(", ")];
    }
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}

/// What a key is called, and the tag of its addresses.
fn key_names(key: &Key, sets: &Sets<'_>) -> (String, Option<String>) {
    let tag = |holder: &Holder| match *holder {
        Holder::Tags(place) => {
            let view = sets.view();
            let hit = view.hits(view.nodes().nth(place)?).next()?;
            Some(view.tag(hit.tag)?.name.to_owned())
        }
        Holder::Other(place) => Some(sets.others()?.hits(place).next()?.tag.to_owned()),
    };
    match key {
        Key::Address(family, bits, holder) => {
            let tag = holder.as_ref().and_then(tag);
            let tag = tag.unwrap_or_else(|| NOWHERE.to_owned());
            (family.address(*bits).to_string(), Some(tag))
        }
        Key::Prefix(family, first, length, holder) => (
            Block::holding(*family, *first, *length).to_string(),
            tag(holder),
        ),
        Key::Nowhere => (NOWHERE.to_owned(), None),
        Key::Rule(rule) => (rule_name(rule), None),
        Key::Port(port) => (port.to_string(), None),
        Key::Action(action) => (action.word().to_owned(), None),
        Key::Unsaid => (UNSAID.to_owned(), None),
    }
}

/// A rule's name as it can be shown.
pub fn rule_name(rule: &[u8]) -> String {
    Safe::new(&String::from_utf8_lossy(rule)).to_string()
}

/// A part of hits, 0 to 1.
#[must_use]
pub fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "a share needs no more than its first digits"
    )]
    let share = part as f64 / whole as f64;
    share
}

fn columns(by: By, has_addresses: bool, has_bytes: bool) -> Vec<ColumnSpec> {
    let mut columns = vec![ColumnSpec::name(by.word(), "name")];
    if matches!(by, By::Address | By::Prefix) {
        columns.push(ColumnSpec::text("tag", "tag"));
    }
    columns.push(ColumnSpec::number("hits", "hits"));
    if has_addresses {
        columns.push(ColumnSpec::number("addresses", "addresses"));
    }
    if has_bytes {
        columns.push(ColumnSpec::number("bytes sent", "bytesSent"));
        columns.push(ColumnSpec::number("bytes received", "bytesReceived"));
    }
    columns.push(ColumnSpec::number("share", "share"));
    columns
}

impl Sheet for TopAnswer {
    fn columns(&self) -> &[ColumnSpec] {
        &self.columns
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let key = self.columns.get(column).map(|column| column.key);
        let (Some(row), Some(key)) = (self.rows.get(row), key) else {
            return Cell::None;
        };
        match key {
            "name" => Cell::text(row.name.as_str()),
            "tag" => row.tag.as_deref().map_or(Cell::None, Cell::text),
            "hits" => Cell::counted(row.hits),
            "addresses" => row.addresses.map_or(Cell::None, Cell::counted),
            "bytesSent" => row.bytes_sent.map_or(Cell::None, Cell::counted),
            "bytesReceived" => row.bytes_received.map_or(Cell::None, Cell::counted),
            "share" => Cell::Share(row.share),
            _ => Cell::None,
        }
    }
}

/// The JSON document.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TopRecord<'a> {
    schema_version: u32,
    week: WeekRecord,
    by: &'static str,
    hits: u64,
    private_hits: u64,
    left_out: usize,
    rows: &'a [TopRow],
}

impl TopAnswer {
    /// The JSON document.
    #[must_use]
    pub fn record(&self, dataset: &Dataset) -> TopRecord<'_> {
        TopRecord {
            schema_version: SCHEMA_VERSION,
            week: dataset.record(),
            by: self.question.by.word(),
            hits: self.hits,
            private_hits: self.inside,
            left_out: self.left_out,
            rows: &self.rows,
        }
    }
}

impl Lines for TopRecord<'_> {
    fn lines(&self, is_slim: bool) -> impl Iterator<Item = impl Serialize> {
        of_week(&self.week, self.rows, is_slim)
    }
}
