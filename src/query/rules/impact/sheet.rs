//! The rows as a table.

use crate::query::rules::impact::{Followed, ImpactAnswer, ImpactStatus, RowImpact, SetImpact};
use crate::query::{Cell, ColumnSpec, Sheet};
use crate::space::{AddressSet, Block};
use crate::text::first_of;

/// What becomes of each row.
pub struct ImpactTable<'a> {
    rows: Vec<(&'a SetImpact, &'a RowImpact)>,
    /// Prefixes that a cell names; the rest is counted.
    most: usize,
}

impl ImpactAnswer {
    /// A table of the rows of which something becomes, or of all.
    #[must_use]
    pub fn table(&self, has_all: bool) -> ImpactTable<'_> {
        let is_shown = |row: &RowImpact| has_all || row.status != ImpactStatus::Unaffected;
        ImpactTable {
            rows: self.rows().filter(|(_, row)| is_shown(row)).collect(),
            most: usize::MAX,
        }
    }

    /// The same with a few prefixes in a cell.
    #[must_use]
    pub fn short_table(&self, has_all: bool) -> ImpactTable<'_> {
        ImpactTable {
            most: ImpactTable::SHORT,
            ..self.table(has_all)
        }
    }
}

impl ImpactTable<'_> {
    /// Prefixes that a cell of a short table names.
    pub const SHORT: usize = 3;
}

impl Sheet for ImpactTable<'_> {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 10] = [
            ColumnSpec::text("file", "file"),
            ColumnSpec::whole("kind", "kind"),
            ColumnSpec::text("set", "set"),
            ColumnSpec::text("row", "row"),
            ColumnSpec::whole("status", "status"),
            ColumnSpec::list("tags", "tags"),
            ColumnSpec::list("missing", "missing"),
            ColumnSpec::list("stale", "stale"),
            ColumnSpec::list("moved to", "movedTo"),
            ColumnSpec::list("why", "why"),
        ];
        &COLUMNS
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let Some((set, row)) = self.rows.get(row) else {
            return Cell::None;
        };
        match column {
            0 => Cell::text(set.path.as_str()),
            1 => Cell::text(set.kind.word()),
            2 => Cell::text(set.name.as_str()),
            3 => Cell::text(row.name.as_str()),
            4 => Cell::text(row.status.words()),
            5 => Cell::text(row.tags.join(" ")),
            6 => Cell::text(named(&row.missing, self.most)),
            7 => Cell::text(named(&row.stale, self.most)),
            8 => Cell::text(moved(row, self.most)),
            9 => Cell::text(row.why()),
            _ => Cell::None,
        }
    }
}

fn named(blocks: &[Block], most: usize) -> String {
    first_of(blocks, most, " ")
}

fn moved(row: &RowImpact, most: usize) -> String {
    let parts = row.moved.iter();
    let texts: Vec<String> = parts
        .map(|moved| format!("{}: {}", moved.tag, named(&moved.prefixes, most)))
        .collect();
    texts.join("; ")
}

impl RowImpact {
    /// What the row stands for, what Azure follows and what else is to be known, in one line.
    #[must_use]
    pub fn why(&self) -> String {
        let tag_match = self.matches.iter().map(super::TagMatch::sentence);
        let followed = self.followed.iter().map(Followed::sentence);
        let mut texts: Vec<String> = tag_match.chain(followed).collect();
        texts.extend(self.notes.iter().cloned());
        if let Some(dates) = self.changed_in.as_ref().filter(|dates| !dates.is_empty()) {
            let dates: Vec<String> = dates.iter().map(|date| date.said()).collect();
            texts.push(format!("changed in {}", dates.join(", ")));
        }
        texts.dedup();
        texts.join("; ")
    }
}

impl Followed {
    /// As a sentence: `Storage gained 256 and lost 0 IPv4 addresses, Azure follows`.
    #[must_use]
    pub fn sentence(&self) -> String {
        let count = |set: &AddressSet| {
            let (v4, v6) = (set.v4.count(), set.v6.count());
            match (v4.is_zero(), v6.is_zero()) {
                (_, true) => v4.short(),
                (true, false) => format!("{} (IPv6)", v6.short()),
                (false, false) => format!("{} (IPv4) and {} (IPv6)", v4.short(), v6.short()),
            }
        };
        format!(
            "{}: {} addresses gained, {} lost, Azure follows",
            self.tag,
            count(&self.gained),
            count(&self.lost)
        )
    }
}
