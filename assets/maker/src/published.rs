//! Weeks from published JSON files.

use std::fs;
use std::path::PathBuf;

use color_eyre::eyre::{Context, Result, ensure};
use tagscope::azure::{Week, date_in_name, decompress, parse};

/// Reads every file; a flaw or a missing date is an error, since this is to be embedded.
pub fn weeks(files: &[PathBuf]) -> Result<Vec<Week>> {
    files
        .iter()
        .map(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let bytes = fs::read(path).wrap_err_with(|| format!("reading {}", path.display()))?;
            let document = parse(&decompress(bytes)?, date_in_name(&name))
                .wrap_err_with(|| format!("reading {}", path.display()))?;
            ensure!(document.flaw_count == 0, "{name} has {} flaws", document.flaw_count);
            ensure!(document.week.date.is_some(), "{name} has no date in its name");
            let mut week = document.week;
            week.origin = format!("published file {name}");
            Ok(week)
        })
        .collect()
}
