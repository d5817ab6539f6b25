//! The normalised rows of rule files.

use std::borrow::Cow;

use serde::Serialize;

use crate::query::lines::{Lines, RecordLine};
use crate::query::names::WeekNames;
use crate::query::rules::{LoadedFile, order};
use crate::query::{Cell, ColumnSpec, Dataset, SCHEMA_VERSION, Sheet, WeekRecord};
use crate::rules::{Direction, Entry, Flaw, Row, RuleSet, RuleSetKind, Stage};
use crate::text::{Safe, first_of};

/// Names of a cell; the rest is counted.
const MOST_NAMED: usize = 6;

/// Every row of some files, in evaluation order.
pub struct RulesTable<'a> {
    rows: Vec<(&'a LoadedFile, &'a RuleSet, &'a Row)>,
}

impl<'a> RulesTable<'a> {
    /// The rows of some files.
    #[must_use]
    pub fn new(files: &'a [LoadedFile]) -> Self {
        let rows = order::all(files).into_iter().filter_map(|position| {
            let (set, row) = order::at(files, position)?;
            Some((files.get(position.0)?, set, row))
        });
        Self {
            rows: rows.collect(),
        }
    }
}

impl Sheet for RulesTable<'_> {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 12] = [
            ColumnSpec::text("file", "file"),
            ColumnSpec::whole("kind", "kind"),
            ColumnSpec::text("set", "set"),
            ColumnSpec::number("priority", "priority"),
            ColumnSpec::text("row", "row"),
            ColumnSpec::whole("direction", "direction"),
            ColumnSpec::whole("access", "access"),
            ColumnSpec::whole("protocol", "protocol"),
            ColumnSpec::list("from", "sources"),
            ColumnSpec::list("to", "destinations"),
            ColumnSpec::whole("ports", "ports"),
            ColumnSpec::list("not understood", "flaws"),
        ];
        &COLUMNS
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let Some((loaded, set, row)) = self.rows.get(row) else {
            return Cell::None;
        };
        match column {
            0 => Cell::text(loaded.path.as_str()),
            1 => Cell::text(set.kind.word()),
            2 => Cell::text(set.name.as_str()),
            3 => Cell::text(row.priority.map_or_else(String::new, |it| it.to_string())),
            4 => Cell::text(row.name.as_str()),
            5 => Cell::text(
                row.stage
                    .map_or_else(|| direction_word(set.kind, row.direction), Stage::word),
            ),
            6 => Cell::text(row.does()),
            7 => Cell::text(protocols(row)),
            8 => Cell::text(entries(&row.sources)),
            9 => Cell::text(entries(&row.destinations)),
            10 => Cell::text(row.ports.to_string()),
            11 => Cell::text(flaws(&row.flaws)),
            _ => Cell::None,
        }
    }
}

/// The direction, where the kind has one.
#[must_use]
pub const fn direction_word(kind: RuleSetKind, direction: Direction) -> &'static str {
    match direction {
        _ if kind.has_members() => "",
        Direction::In => "in",
        Direction::Out => "out",
    }
}

/// Protocols by name.
#[must_use]
pub fn protocols(row: &Row) -> String {
    let names: Vec<&str> = row.protocols.iter().map(|it| it.name()).collect();
    names.join(",")
}

/// The first entries by name, and how many more there are.
#[must_use]
pub fn entries(list: &[Entry]) -> String {
    first_of(list, MOST_NAMED, " ")
}

/// Flaws as one text.
#[must_use]
pub fn flaws(list: &[Flaw]) -> String {
    let texts: Vec<String> = list
        .iter()
        .map(|flaw| format!("{}: {}", flaw.place, flaw.sentence()))
        .collect();
    texts.join("; ")
}

/// The JSON document.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RulesRecord<'a> {
    schema_version: u32,
    week: WeekRecord,
    files: Vec<RuleFileRecord<'a>>,
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleFileRecord<'a> {
    path: &'a str,
    sets: Vec<SetRecord<'a>>,
    flaws: Vec<FlawRecord<'a>>,
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct SetRecord<'a> {
    kind: RuleSetKind,
    name: &'a str,
    id: Option<&'a str>,
    /// Of a rule collection group.
    #[serde(skip_serializing_if = "Option::is_none")]
    priority: Option<u32>,
    rows: Vec<RuleRowRecord<'a>>,
    flaws: Vec<FlawRecord<'a>>,
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleRowRecord<'a> {
    row: &'a str,
    place: &'a str,
    priority: Option<u32>,
    direction: Direction,
    access: Cow<'static, str>,
    /// Of Azure Firewall.
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<Stage>,
    /// Of Azure Firewall.
    #[serde(skip_serializing_if = "Option::is_none")]
    collection: Option<&'a str>,
    protocols: Vec<&'static str>,
    sources: Vec<EntryRecord>,
    source_ports: String,
    destinations: Vec<EntryRecord>,
    ports: String,
    #[serde(rename = "default")]
    is_default: bool,
    stands_for: Option<&'a str>,
    flaws: Vec<FlawRecord<'a>>,
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct EntryRecord {
    kind: &'static str,
    text: String,
    /// Prefixes of a tag in the week; 0 when the week has no such tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    prefixes: Option<usize>,
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct FlawRecord<'a> {
    place: &'a str,
    found: &'a str,
    expected: &'a str,
}

/// The rows of some files, with the tags of a week.
#[must_use]
pub fn record<'a>(files: &'a [LoadedFile], dataset: &Dataset) -> RulesRecord<'a> {
    let names = WeekNames::new(dataset);
    let files = files.iter().map(|loaded| RuleFileRecord {
        path: loaded.path.as_str(),
        sets: loaded
            .file
            .sets
            .iter()
            .map(|set| set_record(set, names, dataset))
            .collect(),
        flaws: flaw_records(&loaded.file.flaws),
    });
    RulesRecord {
        schema_version: SCHEMA_VERSION,
        week: dataset.record(),
        files: files.collect(),
    }
}

fn set_record<'a>(set: &'a RuleSet, names: WeekNames<'_>, dataset: &Dataset) -> SetRecord<'a> {
    let rows = set.rows.iter().map(|row| RuleRowRecord {
        row: row.name.as_str(),
        place: &row.place,
        priority: row.priority,
        direction: row.direction,
        access: row.does(),
        stage: row.stage,
        collection: row.collection.as_ref().map(Safe::as_str),
        protocols: row.protocols.iter().map(|it| it.name()).collect(),
        sources: entry_records(&row.sources, names, dataset),
        source_ports: row.source_ports.to_string(),
        destinations: entry_records(&row.destinations, names, dataset),
        ports: row.ports.to_string(),
        is_default: row.is_default,
        stands_for: row.stands_for.as_deref(),
        flaws: flaw_records(&row.flaws),
    });
    SetRecord {
        kind: set.kind,
        name: set.name.as_str(),
        id: set.id.as_deref(),
        priority: set.priority,
        rows: rows.collect(),
        flaws: flaw_records(&set.flaws),
    }
}

fn entry_records(list: &[Entry], names: WeekNames<'_>, dataset: &Dataset) -> Vec<EntryRecord> {
    let view = dataset.view();
    list.iter()
        .map(|entry| {
            let kind = match entry {
                Entry::Any => "any",
                Entry::Span(_) => "addresses",
                Entry::Tag(_) => "tag",
                Entry::Platform(_) => "symbol",
                Entry::Fqdn(_) => "fqdn",
                Entry::FqdnTag(_) => "fqdnTag",
                Entry::Url(_) => "url",
                Entry::WebCategory(_) => "webCategory",
                Entry::IpGroup(_) => "ipGroup",
                Entry::SecurityGroup(_) => "securityGroup",
                Entry::Subnet(_) => "subnet",
                Entry::Unresolved(_) => "unresolved",
                Entry::Unread(_) => "unread",
            };
            let prefixes = entry.tag().map(|name| {
                let tag = names.tag(name).and_then(|tag| view.tag(tag));
                tag.map_or(0, |tag| tag.prefixes())
            });
            EntryRecord {
                kind,
                text: entry.to_string(),
                prefixes,
            }
        })
        .collect()
}

fn flaw_records(list: &[Flaw]) -> Vec<FlawRecord<'_>> {
    list.iter()
        .map(|flaw| FlawRecord {
            place: &flaw.place,
            found: flaw.found.as_str(),
            expected: flaw.expected,
        })
        .collect()
}

/// What all rows of a rule set have in common.
#[derive(Debug, Clone, Copy, serde::Serialize)]
struct OfSet<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    week: Option<&'a WeekRecord>,
    path: &'a str,
    kind: RuleSetKind,
    set: &'a str,
}

impl Lines for RulesRecord<'_> {
    fn lines(&self, is_slim: bool) -> impl Iterator<Item = impl Serialize> {
        let sets = self.files.iter();
        let sets = sets.flat_map(|file| file.sets.iter().map(move |set| (file.path, set)));
        sets.flat_map(move |(path, set)| {
            let head = Some(OfSet {
                week: (!is_slim).then_some(&self.week),
                path,
                kind: set.kind,
                set: set.name,
            });
            set.rows.iter().map(move |row| RecordLine::new(head, row))
        })
    }
}
