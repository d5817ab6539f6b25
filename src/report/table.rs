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
    let shown: Vec<usize> = (0..sheet.columns().len())
        .filter(|column| !style.hidden.contains(column))
        .collect();
    let head = |column: usize| {
        sheet
            .columns()
            .get(column)
            .map_or("", |column| column.title)
    };
    let mut widths: Vec<usize> = shown.iter().map(|&column| width(head(column))).collect();
    let rows: Vec<Vec<String>> = (0..sheet.len())
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
    if let Some(limit) = style.width {
        narrow(&mut widths, &shown, sheet, limit);
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
    Ok(())
}

/// Takes columns from the widest names until the table fits.
fn narrow(widths: &mut [usize], shown: &[usize], sheet: &impl Sheet, limit: usize) {
    loop {
        let total: usize = widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
        let Some(excess) = total.checked_sub(limit).filter(|&excess| excess > 0) else {
            return;
        };
        let may_shrink = |place: usize| {
            let column = shown
                .get(place)
                .and_then(|&column| sheet.columns().get(column));
            column.is_some_and(|column| column.cut != Cut::Never)
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
