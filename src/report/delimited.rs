//! Values separated by commas or tabs.

use std::io::{self, Write};

use crate::query::Sheet;

/// Writes comma-separated values; the head (JSON keys) only when asked, so that several sheets
/// can follow one head.
///
/// # Errors
/// The writer's.
pub fn write_csv(sheet: &impl Sheet, has_head: bool, out: &mut impl Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    if has_head {
        let keys = sheet.columns().iter().map(|column| column.key);
        writer.write_record(keys).map_err(cause)?;
    }
    for row in 0..sheet.len() {
        for column in 0..sheet.columns().len() {
            let cell = sheet.cell(row, column);
            writer.write_field(cell.plain().as_ref()).map_err(cause)?;
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

/// Writes tab-separated values without a head or decoration, for `cut` and `awk`; nothing is `-`.
///
/// # Errors
/// The writer's.
pub fn write_tabs(sheet: &impl Sheet, out: &mut impl Write) -> io::Result<()> {
    for row in 0..sheet.len() {
        for column in 0..sheet.columns().len() {
            if column > 0 {
                out.write_all(b"\t")?;
            }
            let cell = sheet.cell(row, column);
            let text = cell.plain();
            out.write_all(if text.is_empty() {
                b"-"
            } else {
                text.as_bytes()
            })?;
        }
        out.write_all(b"\n")?;
    }
    Ok(())
}
