//! Tables for tickets and pull requests.

use std::io::{self, Write};

use crate::query::{Align, Sheet};
use crate::report::review::escaped;

/// Writes a table; nothing in a cell is taken for markup, and nothing at all is `–`.
///
/// # Errors
/// The writer's.
pub fn write_markdown(sheet: &impl Sheet, has_head: bool, out: &mut impl Write) -> io::Result<()> {
    if has_head {
        let heads = sheet
            .columns()
            .iter()
            .map(|column| format!(" {} |", column.title));
        writeln!(out, "|{}", heads.collect::<String>())?;
        let rules = sheet.columns().iter().map(|column| match column.align {
            Align::Left => "---|",
            Align::Right => "---:|",
        });
        writeln!(out, "|{}", rules.collect::<String>())?;
    }
    for row in 0..sheet.len() {
        out.write_all(b"|")?;
        for column in 0..sheet.columns().len() {
            let cell = sheet.cell(row, column);
            let text = cell.shown();
            write!(out, " {} |", escaped(&text))?;
        }
        out.write_all(b"\n")?;
    }
    Ok(())
}
