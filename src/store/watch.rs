//! The watch list: names of tags, one a line, beside the settings.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::store::{Input, Paths, read_bounded};
use crate::text::clean;

/// Largest list that is read.
const MAX_BYTES: u64 = 4 << 20;
const HEAD: &str =
    "# Tags that tagscope watches, one a line: Space in the dashboard, diff --watched\n";

/// Where the list is; `None` without a home.
#[must_use]
pub fn watch_file(paths: &Paths) -> Option<PathBuf> {
    let config = paths.config.as_deref()?;
    Some(config.with_file_name("watched.txt"))
}

/// The watched names; none where there is no list yet.
///
/// # Errors
/// A list that is there and cannot be read.
pub fn read_watched(file: &Path) -> Result<BTreeSet<String>, crate::store::ReadError> {
    if !file.exists() {
        return Ok(BTreeSet::new());
    }
    let bytes = read_bounded(&Input::File(file.to_owned()), MAX_BYTES)?;
    let text = String::from_utf8_lossy(&bytes);
    let lines = text.lines().map(str::trim);
    let names = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    Ok(names.map(|name| clean(name).into_owned()).collect())
}

/// Writes the list, whole or not at all.
///
/// # Errors
/// What the system says.
pub fn write_watched(file: &Path, names: &BTreeSet<String>) -> io::Result<()> {
    let mut text = HEAD.to_owned();
    for name in names {
        text.push_str(name);
        text.push('\n');
    }
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    crate::store::archive::write_whole(file, text.as_bytes())
}
