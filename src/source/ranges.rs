//! Ranges that are not Azure's, out of files.

use std::path::PathBuf;

use crate::azure::decompress;
use crate::ranges::{OtherRanges, RangesError};
use crate::rules::MAX_RULES;
use crate::source::FileError;
use crate::store::{Input, read_bounded};
use crate::text::Safe;

/// Why ranges are not taken.
#[derive(Debug, thiserror::Error)]
pub enum RangeFileError {
    /// The file.
    #[error(transparent)]
    File(#[from] FileError),
    /// What is in it.
    #[error("{path} {source}")]
    Ranges {
        /// The file.
        path: Safe,
        /// Why.
        source: RangesError,
    },
}

/// Reads files of ranges, each under its name.
///
/// # Errors
/// [`RangeFileError`] names the file.
pub fn read_ranges(files: &[(String, PathBuf)]) -> Result<OtherRanges, RangeFileError> {
    let mut ranges = OtherRanges::default();
    for (name, path) in files {
        let input = Input::new(path);
        let path = input.shown();
        let bytes = read_bounded(&input, MAX_RULES).map_err(FileError::from)?;
        let bytes = decompress(bytes).map_err(|source| FileError::Packed {
            path: path.clone(),
            source,
        })?;
        let added = ranges.add(name, &bytes);
        added.map_err(|source| RangeFileError::Ranges { path, source })?;
    }
    Ok(ranges)
}
