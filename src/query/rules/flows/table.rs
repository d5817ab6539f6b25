//! The verdicts of flows as tables.

use crate::query::rules::flows::judge::Decider;
use crate::query::rules::flows::{FlowRow, FlowTally, FlowsAnswer};
use crate::query::rules::verdict::Verdict;
use crate::query::{Cell, ColumnSpec, Sheet};
use crate::text::Safe;

/// The flows, a row each.
#[derive(Debug, Clone)]
pub struct FlowsTable<'a> {
    rows: Vec<&'a FlowRow>,
    columns: Vec<ColumnSpec>,
    left_out: usize,
}

/// What decides, a row each, with how much it does.
#[derive(Debug, Clone)]
pub struct DecidersTable<'a> {
    rows: Vec<(&'a Decider, FlowTally)>,
}

impl FlowsAnswer {
    /// The first flows of which something is to be said.
    #[must_use]
    pub fn table(
        &self,
        is_meant: impl Fn(&FlowRow) -> bool,
        most: Option<usize>,
    ) -> FlowsTable<'_> {
        let all = self.flows.iter().filter(|row| is_meant(row));
        let mut rows: Vec<&FlowRow> = all.collect();
        let left_out = rows.len().saturating_sub(most.unwrap_or(usize::MAX));
        rows.truncate(rows.len() - left_out);
        let is_against = self.is_against;
        let columns = COLUMNS
            .iter()
            .filter(|column| is_against || column.key != "change");
        FlowsTable {
            rows,
            columns: columns.copied().collect(),
            left_out,
        }
    }

    /// What decides, denials first, then by how many records.
    #[must_use]
    pub fn deciders(&self) -> DecidersTable<'_> {
        let mut rows: Vec<(&Decider, FlowTally)> = Vec::new();
        let mut places = std::collections::HashMap::new();
        for flow in &self.flows {
            let decider: &Decider = &flow.decider;
            let place = *places.entry(decider).or_insert_with(|| {
                rows.push((decider, FlowTally::default()));
                rows.len() - 1
            });
            if let Some((_, tally)) = rows.get_mut(place) {
                tally.add(&flow.counts);
            }
        }
        let rank = |verdict| match verdict {
            Verdict::Deny => 0,
            Verdict::Depends => 1,
            Verdict::Allow => 2,
        };
        rows.sort_by_key(|(decider, tally)| {
            (rank(decider.verdict), std::cmp::Reverse(tally.records))
        });
        DecidersTable { rows }
    }
}

const COLUMNS: [ColumnSpec; 14] = [
    ColumnSpec::name("from", "from"),
    ColumnSpec::name("to", "to"),
    ColumnSpec::number("port", "port"),
    ColumnSpec::whole("protocol", "protocol"),
    ColumnSpec::whole("direction", "direction"),
    ColumnSpec::number("hits", "hits"),
    ColumnSpec::number("bytes sent", "bytesSent"),
    ColumnSpec::number("bytes received", "bytesReceived"),
    ColumnSpec::whole("logged", "logged"),
    ColumnSpec::whole("change", "change"),
    ColumnSpec::whole("verdict", "verdict"),
    ColumnSpec::text("rule set", "set"),
    ColumnSpec::text("row", "row"),
    ColumnSpec::list("why", "why"),
];

impl FlowsTable<'_> {
    /// Without the columns that say nothing.
    #[must_use]
    pub fn narrow(mut self) -> Self {
        let all = std::mem::take(&mut self.columns);
        let says = |column: &ColumnSpec| {
            let mut cells = self.rows.iter().map(|row| cell(row, column.key));
            cells.any(|cell| !matches!(cell, Cell::None | Cell::Number(0)))
        };
        self.columns = all.into_iter().filter(says).collect();
        self
    }

    /// How many more there are.
    #[must_use]
    pub const fn left_out(&self) -> usize {
        self.left_out
    }
}

impl<'a> DecidersTable<'a> {
    /// The rows.
    #[must_use]
    pub fn rows(&self) -> &[(&'a Decider, FlowTally)] {
        &self.rows
    }
}

fn cell<'a>(row: &'a FlowRow, key: &str) -> Cell<'a> {
    let end = |end: &'a Option<Safe>| {
        end.as_ref()
            .map_or(Cell::None, |it| Cell::text(it.as_str()))
    };
    match key {
        "from" => end(&row.from),
        "to" => end(&row.to),
        "port" => row
            .port
            .map_or(Cell::None, |port| Cell::counted(port.into())),
        "protocol" => row.protocol.map_or(Cell::None, |it| Cell::text(it.name())),
        "direction" => row.direction.map_or(Cell::None, |it| Cell::text(it.word())),
        "hits" => Cell::counted(row.counts.hits),
        "bytesSent" => Cell::counted(row.counts.sent),
        "bytesReceived" => Cell::counted(row.counts.received),
        "logged" => row.logged().map_or(Cell::None, |it| Cell::text(it.word())),
        "change" => row.change().map_or(Cell::None, |it| Cell::text(it.words())),
        "verdict" => Cell::text(row.decider.verdict.word()),
        "set" => Cell::text(row.decider.set.as_str()),
        "row" => Cell::text(row.decider.row.as_str()),
        "why" => Cell::text(row.decider.why.as_str()),
        _ => Cell::None,
    }
}

impl Sheet for FlowsTable<'_> {
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
        cell(row, key)
    }
}

impl Sheet for DecidersTable<'_> {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 6] = [
            ColumnSpec::whole("verdict", "verdict"),
            ColumnSpec::text("rule set", "set"),
            ColumnSpec::name("row", "row"),
            ColumnSpec::number("flows", "flows"),
            ColumnSpec::number("records", "records"),
            ColumnSpec::list("why", "why"),
        ];
        &COLUMNS
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let Some(&(decider, tally)) = self.rows.get(row) else {
            return Cell::None;
        };
        match column {
            0 => Cell::text(decider.verdict.word()),
            1 => Cell::text(decider.set.as_str()),
            2 => Cell::text(decider.row.as_str()),
            3 => Cell::counted(tally.flows),
            4 => Cell::counted(tally.records),
            5 => Cell::text(decider.why.as_str()),
            _ => Cell::None,
        }
    }
}
