//! Changed tags and changed rows as tables.

use crate::azure::Numbers;
use crate::query::diff::{DiffAnswer, DiffGroup, DiffRow, DiffStatus, GroupOrder, TagChange};
use crate::query::{Cell, ColumnSpec, Dataset, Sheet};
use crate::space::Count;

impl DiffAnswer {
    /// The changed tags as a table, one line a tag.
    #[must_use]
    pub fn sheet<'a>(&'a self, base: &'a Dataset, target: &'a Dataset) -> DiffTable<'a> {
        DiffTable {
            tags: &self.tags,
            numbers: [base.numbers(), target.numbers()],
        }
    }

    /// The changed tags below their services, for people.
    #[must_use]
    pub fn folded<'a>(
        &'a self,
        base: &'a Dataset,
        target: &'a Dataset,
        order: GroupOrder,
    ) -> Folded<'a> {
        let mut lines = Vec::new();
        for group in self.groups(order) {
            match group.tags.as_slice() {
                [tag] => lines.push(Line::Alone(tag)),
                tags => {
                    let tags = tags.to_vec();
                    lines.push(Line::Group(group));
                    lines.extend(tags.into_iter().map(Line::Below));
                }
            }
        }
        Folded {
            lines,
            weeks: [base, target],
        }
    }

    /// The changed rows as a table, one line a row: by tag, then by prefix.
    #[must_use]
    pub fn row_sheet(&self) -> RowTable<'_> {
        let rows = self
            .tags
            .iter()
            .flat_map(|tag| tag.rows().map(move |row| (tag, row)));
        RowTable {
            answer: self,
            rows: rows.collect(),
        }
    }
}

/// Changed tags as a table.
pub struct DiffTable<'a> {
    tags: &'a [TagChange],
    numbers: [Numbers; 2],
}

impl Sheet for DiffTable<'_> {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 15] = [
            ColumnSpec::text("tag", "name"),
            ColumnSpec::whole("status", "status"),
            ColumnSpec::change("from", "changeNumberFrom"),
            ColumnSpec::change("to", "changeNumberTo"),
            ColumnSpec::number("rows +", "prefixesAdded"),
            ColumnSpec::number("rows −", "prefixesRemoved"),
            ColumnSpec::number("v4 gained", "gainedV4"),
            ColumnSpec::number("v4 lost", "lostV4"),
            ColumnSpec::number("v6 gained", "gainedV6"),
            ColumnSpec::number("v6 lost", "lostV6"),
            ColumnSpec::list("properties", "attributes"),
            ColumnSpec::whole("consistent", "consistent"),
            ColumnSpec::list("repeats", "echoOf"),
            ColumnSpec::text("renamed from", "renamedFrom"),
            ColumnSpec::text("renamed to", "renamedTo"),
        ];
        &COLUMNS
    }

    fn len(&self) -> usize {
        self.tags.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let Some(tag) = self.tags.get(row) else {
            return Cell::None;
        };
        let renamed = |status: DiffStatus| {
            let name = tag.renamed.as_deref().filter(|_| tag.status == status);
            name.map_or(Cell::None, Cell::text)
        };
        match column {
            0 => Cell::text(tag.name.as_str()),
            1 => Cell::text(tag.status.word()),
            2 => Cell::Change(tag.numbers[0], self.numbers[0]),
            3 => Cell::Change(tag.numbers[1], self.numbers[1]),
            4 => Cell::Number(tag.added.len()),
            5 => Cell::Number(tag.removed.len()),
            6 => Cell::Count(tag.gained[0]),
            7 => Cell::Count(tag.lost[0]),
            8 => Cell::Count(tag.gained[1]),
            9 => Cell::Count(tag.lost[1]),
            10 => {
                let names = tag.changed_attributes().map(|attribute| attribute.name);
                Cell::text(names.collect::<Vec<_>>().join(" "))
            }
            11 => Cell::text(if tag.is_consistent { "yes" } else { "no" }),
            12 => Cell::text(tag.echo_of.join(" ")),
            13 => renamed(DiffStatus::Added),
            14 => renamed(DiffStatus::Removed),
            _ => Cell::None,
        }
    }
}

/// Changed tags below their services.
pub struct Folded<'a> {
    lines: Vec<Line<'a>>,
    weeks: [&'a Dataset; 2],
}

enum Line<'a> {
    /// A service with several changed tags.
    Group(DiffGroup<'a>),
    /// One of them.
    Below(&'a TagChange),
    /// The only changed tag of its service.
    Alone(&'a TagChange),
}

impl Folded<'_> {
    fn tag(&self, tag: &TagChange, column: usize) -> Cell<'static> {
        let [base, target] = self.weeks;
        match column {
            1 => Cell::text(tag.status.word()),
            2 => Cell::text(tag.numbers_shown(base, target)),
            3 => signed(tag.added.len(), tag.removed.len()),
            4 => balance(tag.gained[0], tag.lost[0]),
            5 => balance(tag.gained[1], tag.lost[1]),
            6 => Cell::text(tag.note()),
            _ => Cell::None,
        }
    }
}

impl Sheet for Folded<'_> {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 7] = [
            ColumnSpec::text("service / tag", "name"),
            ColumnSpec::whole("status", "status"),
            ColumnSpec::number("number", "changeNumber"),
            ColumnSpec::number("rows", "prefixes"),
            ColumnSpec::number("IPv4", "addressesV4"),
            ColumnSpec::number("IPv6", "addressesV6"),
            ColumnSpec::list("note", "note"),
        ];
        &COLUMNS
    }

    fn len(&self) -> usize {
        self.lines.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        match (self.lines.get(row), column) {
            (Some(Line::Alone(tag)), 0) => Cell::text(tag.name.as_str()),
            (Some(Line::Below(tag)), 0) => Cell::text(format!("· {}", tag.name)),
            (Some(Line::Alone(tag) | Line::Below(tag)), _) => self.tag(tag, column),
            (Some(Line::Group(group)), 0) => Cell::text(group.service),
            (Some(Line::Group(group)), 1) => Cell::text(format!("{} tags", group.tags.len())),
            (Some(Line::Group(group)), 3) => signed(group.prefixes_added, group.prefixes_removed),
            (Some(Line::Group(group)), 4) => balance(group.gained[0], group.lost[0]),
            (Some(Line::Group(group)), 5) => balance(group.gained[1], group.lost[1]),
            _ => Cell::None,
        }
    }
}

fn signed(added: usize, removed: usize) -> Cell<'static> {
    if added + removed == 0 {
        return Cell::None;
    }
    let [added, removed] = [added, removed].map(|rows| Cell::Number(rows).shown().into_owned());
    Cell::text(format!("+{added} −{removed}"))
}

fn balance(gained: Count, lost: Count) -> Cell<'static> {
    if gained.is_zero() && lost.is_zero() {
        return Cell::None;
    }
    Cell::text(format!("+{} −{}", gained.short(), lost.short()))
}

/// Changed rows as a table.
pub struct RowTable<'a> {
    answer: &'a DiffAnswer,
    rows: Vec<(&'a TagChange, &'a DiffRow)>,
}

impl Sheet for RowTable<'_> {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 9] = [
            ColumnSpec::text("tag", "tag"),
            ColumnSpec::whole("sign", "sign"),
            ColumnSpec::whole("prefix", "prefix"),
            ColumnSpec::whole("effect", "effect"),
            ColumnSpec::number("addresses", "addresses"),
            ColumnSpec::list("moved to", "movedTo"),
            ColumnSpec::list("moved from", "movedFrom"),
            ColumnSpec::whole("covered by", "coveredBy"),
            ColumnSpec::list("repeats", "echoOf"),
        ];
        &COLUMNS
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let Some(&(tag, row)) = self.rows.get(row) else {
            return Cell::None;
        };
        let moved = |sign| {
            let names = self.answer.moved(row).filter(|_| row.sign == sign);
            Cell::text(names.collect::<Vec<_>>().join(" "))
        };
        match column {
            0 => Cell::text(tag.name.as_str()),
            1 => Cell::text(row.sign.glyph()),
            2 => Cell::text(row.prefix.to_string()),
            3 => Cell::text(row.effect()),
            4 => Cell::Count(row.changes),
            5 => moved(super::DiffSign::Removed),
            6 => moved(super::DiffSign::Added),
            7 => row
                .covered_by()
                .map_or(Cell::None, |block| Cell::text(block.to_string())),
            8 => Cell::text(self.answer.echo_of(row).collect::<Vec<_>>().join(" ")),
            _ => Cell::None,
        }
    }
}
