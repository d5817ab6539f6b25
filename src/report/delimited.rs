//! Values separated by commas or tabs.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::azure::Numbers;
use crate::query::{NUMBERS_KEY, Sheet};

/// What is done with cells that a spreadsheet would calculate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Formulas {
    /// They are written as they are.
    #[default]
    Kept,
    /// An apostrophe goes before them, so that they stay text.
    Quoted,
}

impl Formulas {
    fn cell(self, text: Cow<'_, str>) -> Cow<'_, str> {
        match self {
            Self::Quoted if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => {
                Cow::Owned(format!("'{text}"))
            }
            _ => text,
        }
    }
}

/// Writes comma-separated values; the head (JSON keys) only when asked, so that several sheets
/// can follow one head.
///
/// # Errors
/// The writer's.
pub fn write_csv(
    sheet: &impl Sheet,
    has_head: bool,
    formulas: Formulas,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    if has_head {
        writer.write_record(keys(sheet)).map_err(cause)?;
    }
    for row in 0..sheet.len() {
        for column in 0..sheet.columns().len() {
            let cell = sheet.cell(row, column);
            let text = formulas.cell(cell.plain());
            writer.write_field(text.as_ref()).map_err(cause)?;
        }
        if sheet.has_numbers() {
            let numbers = sheet.numbers(row).map_or("", Numbers::word);
            writer.write_field(numbers).map_err(cause)?;
        }
        writer.write_record(None::<&[u8]>).map_err(cause)?;
    }
    writer.flush()
}

/// The writer's own error: wrapped in csv's, a broken pipe would not be known as one.
fn cause(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        kind => io::Error::other(format!("{kind:?}")),
    }
}

/// The heads of a file's columns.
fn keys(sheet: &impl Sheet) -> impl Iterator<Item = &'static str> {
    let keys = sheet.columns().iter().map(|column| column.key);
    keys.chain(sheet.has_numbers().then_some(NUMBERS_KEY))
}

/// Writes tab-separated values without decoration, for `cut` and `awk`; nothing is `-`. The head only
/// when asked.
///
/// # Errors
/// The writer's.
pub fn write_tabs(
    sheet: &impl Sheet,
    has_head: bool,
    formulas: Formulas,
    out: &mut impl Write,
) -> io::Result<()> {
    if has_head {
        let keys: Vec<&str> = keys(sheet).collect();
        writeln!(out, "{}", keys.join("\t"))?;
    }
    for row in 0..sheet.len() {
        for column in 0..sheet.columns().len() {
            if column > 0 {
                out.write_all(b"\t")?;
            }
            let cell = sheet.cell(row, column);
            let text = formulas.cell(cell.plain());
            out.write_all(if text.is_empty() {
                b"-"
            } else {
                text.as_bytes()
            })?;
        }
        if sheet.has_numbers() {
            let numbers = sheet.numbers(row).map_or("-", Numbers::word);
            write!(out, "\t{numbers}")?;
        }
        out.write_all(b"\n")?;
    }
    Ok(())
}
