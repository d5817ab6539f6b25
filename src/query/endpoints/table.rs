//! The plan as one table.

use crate::azure::Certainty;
use crate::query::endpoints::EndpointRow;
use crate::query::probe::HostProbe;
use crate::query::{Cell, ColumnSpec, Sheet};

/// Rows of a plan.
pub struct EndpointsTable<'a> {
    rows: Vec<&'a EndpointRow>,
    probes: Option<&'a [HostProbe]>,
    is_marked: bool,
}

impl<'a> EndpointsTable<'a> {
    /// Columns that a list under headings leaves out: the group, the id, what is said by marks.
    pub const HIDDEN: &'static [usize] = &[0, 1, 4, 10, 11, 12, 13, 14, 15];

    /// A table of some rows.
    #[must_use]
    pub fn new(rows: impl IntoIterator<Item = &'a EndpointRow>) -> Self {
        Self {
            rows: rows.into_iter().collect(),
            probes: None,
            is_marked: false,
        }
    }

    /// The table for people, in which what is assumed says so behind the host and the tags.
    #[must_use]
    pub fn marked(self) -> Self {
        Self {
            is_marked: true,
            ..self
        }
    }

    /// The table with what the hosts answered.
    #[must_use]
    pub fn probed(self, probes: Option<&'a [HostProbe]>) -> Self {
        Self { probes, ..self }
    }
}

impl Sheet for EndpointsTable<'_> {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 16] = [
            ColumnSpec::whole("group", "group"),
            ColumnSpec::whole("id", "id"),
            ColumnSpec::whole("host", "fqdn"),
            ColumnSpec::number("port", "port"),
            ColumnSpec::whole("protocol", "protocol"),
            ColumnSpec::text("why", "purpose"),
            ColumnSpec::list("service tags", "serviceTags"),
            ColumnSpec::number("v4", "prefixesV4"),
            ColumnSpec::number("v6", "prefixesV6"),
            ColumnSpec::whole("need", "required"),
            ColumnSpec::whole("name is", "certainty"),
            ColumnSpec::whole("tags are", "serviceTagsCertainty"),
            ColumnSpec::whole("region", "region"),
            ColumnSpec::list("needed by", "clients"),
            ColumnSpec::whole("probe", "verdict"),
            ColumnSpec::list("what was found", "probe"),
        ];
        const WITHOUT: usize = 14;
        match self.probes {
            Some(_) => &COLUMNS,
            None => COLUMNS.split_at(WITHOUT).0,
        }
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let Some(row) = self.rows.get(row) else {
            return Cell::None;
        };
        let probe = || {
            let host = row.host.as_deref()?;
            let mut probes = self.probes?.iter();
            probes.find(|probe| probe.host.as_str() == host)
        };
        let prefixes = |family: usize| {
            let count = row.prefixes.and_then(|counts| counts.get(family).copied());
            count.map_or(Cell::None, Cell::Number)
        };
        let mark = |certainty: Certainty| {
            if self.is_marked {
                certainty.suffix()
            } else {
                ""
            }
        };
        match column {
            0 => Cell::text(row.group.word()),
            1 => Cell::text(row.id),
            2 => Cell::text(format!("{}{}", row.shown(), mark(row.certainty))),
            3 => Cell::text(row.port.to_string()),
            4 => Cell::text("Tcp"),
            5 => Cell::text(row.purpose.as_str()),
            6 | 11 if row.tags.is_empty() => Cell::None,
            6 => Cell::text(format!(
                "{}{}",
                row.tags.join(" "),
                mark(row.tags_certainty)
            )),
            7 => prefixes(0),
            8 => prefixes(1),
            9 => Cell::text(row.need()),
            10 => Cell::text(row.certainty.word()),
            11 => Cell::text(row.tags_certainty.word()),
            12 => Cell::text(row.region.as_deref().unwrap_or_default()),
            13 => {
                let flags: Vec<&str> = row.clients.iter().map(|client| client.flag()).collect();
                Cell::text(flags.join(" "))
            }
            14 => probe().map_or(Cell::None, |it| Cell::text(it.verdict().word())),
            15 => probe().map_or(Cell::None, |it| Cell::text(it.sentence())),
            _ => Cell::None,
        }
    }
}

/// Rows of a plan as a ticket shows them; what is assumed says so.
pub struct TicketTable<'a> {
    rows: &'a [&'a EndpointRow],
}

impl<'a> TicketTable<'a> {
    /// A table of some rows.
    #[must_use]
    pub const fn new(rows: &'a [&'a EndpointRow]) -> Self {
        Self { rows }
    }
}

impl Sheet for TicketTable<'_> {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 8] = [
            ColumnSpec::whole("Host", "fqdn"),
            ColumnSpec::number("Port", "port"),
            ColumnSpec::whole("Protocol", "protocol"),
            ColumnSpec::text("Why", "purpose"),
            ColumnSpec::list("Service tags", "serviceTags"),
            ColumnSpec::whole("IPv4, IPv6 prefixes", "prefixes"),
            ColumnSpec::whole("Need", "required"),
            ColumnSpec::list("Needed by", "clients"),
        ];
        &COLUMNS
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let Some(row) = self.rows.get(row) else {
            return Cell::None;
        };
        match column {
            0 => Cell::text(format!("{}{}", row.shown(), row.certainty.suffix())),
            1 => Cell::text(row.port.to_string()),
            2 => Cell::text("TCP"),
            3 => Cell::text(row.purpose.as_str()),
            4 if row.tags.is_empty() => Cell::None,
            4 => Cell::text(format!(
                "{}{}",
                row.tags.join(", "),
                row.tags_certainty.suffix()
            )),
            5 => row
                .prefixes
                .map_or(Cell::None, |[v4, v6]| Cell::text(format!("{v4}, {v6}"))),
            6 => Cell::text(row.need()),
            7 => Cell::text(row.needed_by()),
            _ => Cell::None,
        }
    }
}
