//! Columns for people.

use std::io::{self, Write};

use crate::query::{Align, Cut, Sheet};
use crate::report::bold;
use crate::text::{pad, width};

/// How a table is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TableStyle {
    /// Columns of the terminal; names are cut to fit. `None`: nothing is cut.
    pub width: Option<usize>,
    /// Whether the head is set off by an escape sequence.
    pub has_color: bool,
    /// Columns left out, by place.
    pub hidden: &'static [usize],
}

/// Spaces between columns.
const GAP: usize = 2;
/// A cut column keeps at least this much.
const LEAST: usize = 12;

/// Writes a head and aligned columns.
///
/// # Errors
/// The writer's.
pub fn write_table(sheet: &impl Sheet, style: TableStyle, out: &mut impl Write) -> io::Result<()> {
    let mut shown: Vec<usize> = (0..sheet.columns().len())
        .filter(|column| !style.hidden.contains(column))
        .collect();
    let head = |column: usize| {
        sheet
            .columns()
            .get(column)
            .map_or("", |column| column.title)
    };
    let mut widths: Vec<usize> = shown.iter().map(|&column| width(head(column))).collect();
    let mut rows: Vec<Vec<String>> = (0..sheet.len())
        .map(|row| {
            let cells = shown
                .iter()
                .map(|&column| sheet.cell(row, column).shown().into_owned());
            cells.collect()
        })
        .collect();
    for row in &rows {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = (*widest).max(width(cell));
        }
    }
    let mut left_out = Vec::new();
    if let Some(limit) = style.width {
        shrink(&mut widths, &shown, sheet, limit, &[Cut::Middle, Cut::End]);
        left_out = leave_out(&mut widths, &mut shown, &mut rows, sheet, limit);
        shrink(&mut widths, &shown, sheet, limit, &[Cut::Last]);
    }
    let heads: Vec<String> = shown
        .iter()
        .map(|&column| head(column).to_owned())
        .collect();
    let (on, off) = bold(style.has_color);
    writeln!(out, "{on}{}{off}", line(&heads, &widths, &shown, sheet))?;
    for row in &rows {
        writeln!(out, "{}", line(row, &widths, &shown, sheet))?;
    }
    if !left_out.is_empty() {
        let names = left_out.join(", ");
        writeln!(out, "not shown, too narrow: {names}; -o csv has them")?;
    }
    Ok(())
}

/// Leaves columns out from the right while the table has no room; never the first, nor the names that it
/// is about.
fn leave_out(
    widths: &mut Vec<usize>,
    shown: &mut Vec<usize>,
    rows: &mut [Vec<String>],
    sheet: &impl Sheet,
    limit: usize,
) -> Vec<&'static str> {
    let mut titles = Vec::new();
    let has_subject = |shown: &[usize]| {
        let mut columns = shown
            .iter()
            .filter_map(|&column| sheet.columns().get(column));
        columns.any(|column| column.cut == Cut::Last)
    };
    if !has_subject(shown) {
        return titles;
    }
    while excess(widths, limit).is_some() {
        let is_free = |place: &usize| {
            let column = shown
                .get(*place)
                .and_then(|&column| sheet.columns().get(column));
            column.is_some_and(|column| column.cut != Cut::Last)
        };
        let Some(place) = (1..shown.len()).rev().find(is_free) else {
            break;
        };
        let column = shown.remove(place);
        widths.remove(place);
        for row in rows.iter_mut() {
            row.remove(place);
        }
        titles.extend(sheet.columns().get(column).map(|column| column.title));
    }
    titles.reverse();
    titles
}

/// Columns by which a table is too wide.
fn excess(widths: &[usize], limit: usize) -> Option<usize> {
    let total: usize = widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
    total.checked_sub(limit).filter(|&excess| excess > 0)
}

/// Takes columns from the widest cells that may be cut so until the table fits.
fn shrink(widths: &mut [usize], shown: &[usize], sheet: &impl Sheet, limit: usize, cuts: &[Cut]) {
    while let Some(excess) = excess(widths, limit) {
        let may_shrink = |place: usize| {
            let column = shown
                .get(place)
                .and_then(|&column| sheet.columns().get(column));
            column.is_some_and(|column| cuts.contains(&column.cut))
        };
        let widest = widths
            .iter_mut()
            .enumerate()
            .filter(|(place, width)| may_shrink(*place) && **width > LEAST)
            .max_by_key(|(_, width)| **width);
        match widest {
            Some((_, width)) => *width -= excess.min((*width - LEAST).div_ceil(4)),
            None => return,
        }
    }
}

fn line(cells: &[String], widths: &[usize], shown: &[usize], sheet: &impl Sheet) -> String {
    let mut out = String::new();
    for ((cell, &columns), &column) in cells.iter().zip(widths).zip(shown) {
        if !out.is_empty() {
            out.push_str(&" ".repeat(GAP));
        }
        if let Some(column) = sheet.columns().get(column) {
            let cell = column.fit(cell, columns);
            out.push_str(&pad(&cell, columns, column.align == Align::Right));
        }
    }
    out.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{Cell, ColumnSpec};

    struct Names;

    impl Sheet for Names {
        fn columns(&self) -> &[ColumnSpec] {
            const COLUMNS: [ColumnSpec; 4] = [
                ColumnSpec::name("tag", "name"),
                ColumnSpec::text("service", "systemService"),
                ColumnSpec::number("number", "changeNumber"),
                ColumnSpec::whole("features", "networkFeatures"),
            ];
            &COLUMNS
        }

        fn len(&self) -> usize {
            1
        }

        fn cell(&self, _: usize, column: usize) -> Cell<'_> {
            match column {
                0 => Cell::text("AzureContainerRegistry.CanadaEast"),
                1 => Cell::text("AzureContainerRegistry"),
                2 => Cell::Number(17),
                _ => Cell::text("API NSG UDR FW VSE"),
            }
        }
    }

    fn table(columns: usize) -> Vec<String> {
        let style = TableStyle {
            width: Some(columns),
            ..TableStyle::default()
        };
        let mut out = Vec::new();
        write_table(&Names, style, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn the_names_of_a_table_are_cut_when_nothing_else_can_give_way() {
        for columns in [30, 35, 50, 60, 72, 80, 120] {
            let lines = table(columns);
            let is_whole = lines[1].contains("AzureContainerRegistry.CanadaEast");
            assert_eq!(is_whole, columns > 33, "{columns}: {lines:#?}");
            let cells = lines.iter().take(2);
            let widest = cells.map(|line| width(line)).max().unwrap();
            assert!(widest <= columns, "{columns}: {lines:#?}");
        }
        // What is not shown is said.
        assert_eq!(table(120).len(), 2);
        let said = table(60).pop().unwrap();
        assert_eq!(said, "not shown, too narrow: features; -o csv has them");
    }
}
