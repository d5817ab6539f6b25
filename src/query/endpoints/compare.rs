//! What an option adds to a plan and takes from it.

use crate::azure::registry::{Profile, Switch};
use crate::query::endpoints::{EndpointRow, EndpointsAnswer};
use crate::query::{Cell, ColumnSpec, Sheet};

/// Two plans of one registry, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointsComparison<'a> {
    /// Rows of the later plan alone.
    pub added: Vec<&'a EndpointRow>,
    /// Rows of the earlier plan alone.
    pub removed: Vec<&'a EndpointRow>,
    /// Rows of both plans whose tags differ: before, after.
    pub changed: Vec<(&'a EndpointRow, &'a EndpointRow)>,
    /// Rows of both plans.
    pub kept: usize,
}

impl Profile {
    /// The registry before its options were switched on.
    #[must_use]
    pub fn before(&self) -> Self {
        let registry: Vec<Switch> = Switch::ALL
            .into_iter()
            .filter(|switch| switch.is_premium())
            .collect();
        let mut profile = self.without(&registry);
        // Without private link a registry that lets nobody else in would be none.
        profile.public_access = None;
        profile
    }

    /// The registry with some options off.
    #[must_use]
    pub fn without(&self, switches: &[Switch]) -> Self {
        let mut profile = self.clone();
        for &switch in switches {
            profile.set(switch, false);
        }
        profile
    }
}

impl<'a> EndpointsComparison<'a> {
    /// Compares two plans; rows are the same when they open the same thing.
    #[must_use]
    pub fn of(before: &'a EndpointsAnswer, after: &'a EndpointsAnswer) -> Self {
        let mut found = Self {
            added: Vec::new(),
            removed: Vec::new(),
            changed: Vec::new(),
            kept: 0,
        };
        for row in &after.rows {
            match before.rows.iter().find(|old| is_same(old, row)) {
                None => found.added.push(row),
                Some(old) => {
                    found.kept += 1;
                    if old.tags != row.tags {
                        found.changed.push((old, row));
                    }
                }
            }
        }
        let is_gone = |old: &&EndpointRow| !after.rows.iter().any(|row| is_same(old, row));
        found.removed = before.rows.iter().filter(is_gone).collect();
        found
    }

    /// Whether the plans open the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

fn is_same(one: &EndpointRow, other: &EndpointRow) -> bool {
    let key = |row: &EndpointRow| (row.group, row.shown().to_owned(), row.port);
    key(one) == key(other)
}

impl EndpointsComparison<'_> {
    /// The differences as a table: what is opened, what can be closed, what gets other tags.
    #[must_use]
    pub fn sheet(&self) -> Differences<'_> {
        let added = self.added.iter().map(|row| ("+", *row, None));
        let removed = self.removed.iter().map(|row| ("-", *row, None));
        let changed = self
            .changed
            .iter()
            .map(|(old, row)| ("~", *row, Some(*old)));
        Differences {
            rows: added.chain(removed).chain(changed).collect(),
        }
    }
}

/// The differences of two plans as a table.
pub struct Differences<'a> {
    rows: Vec<(&'static str, &'a EndpointRow, Option<&'a EndpointRow>)>,
}

impl Sheet for Differences<'_> {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 9] = [
            ColumnSpec::whole("", "change"),
            ColumnSpec::whole("group", "group"),
            ColumnSpec::whole("host", "fqdn"),
            ColumnSpec::number("port", "port"),
            ColumnSpec::text("why", "purpose"),
            ColumnSpec::list("service tags", "serviceTags"),
            ColumnSpec::list("tags before", "serviceTagsBefore"),
            ColumnSpec::whole("name is", "certainty"),
            ColumnSpec::whole("tags are", "serviceTagsCertainty"),
        ];
        &COLUMNS
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let Some((mark, row, old)) = self.rows.get(row) else {
            return Cell::None;
        };
        match column {
            0 => Cell::text(*mark),
            1 => Cell::text(row.group.word()),
            2 => Cell::text(row.shown()),
            3 => Cell::text(row.port.to_string()),
            4 => Cell::text(row.purpose.as_str()),
            5 => Cell::text(row.tags.join(" ")),
            6 => old.map_or(Cell::None, |old| Cell::text(old.tags.join(" "))),
            7 => Cell::text(row.certainty.word()),
            8 if row.tags.is_empty() => Cell::None,
            8 => Cell::text(row.tags_certainty.word()),
            _ => Cell::None,
        }
    }
}
