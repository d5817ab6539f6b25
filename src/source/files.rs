//! Files that a person names: read within their limits, written whole or not at all.

use std::io;
use std::path::Path;

use crate::azure::registry::{Imported, MAX_DOCUMENT, UnknownShape, read_document};
use crate::azure::{DocumentError, Regions, decompress};
use crate::query::rules::LoadedFile;
use crate::rules::{MAX_RULES, NoRules, Parameters, ReadOptions, RuleDocument};
use crate::store::{Input, ReadError, read_bounded, write_new, write_over};
use crate::text::Safe;

/// Why a file that should hold rules or a registry is not taken.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("{path}")]
    Packed { path: Safe, source: DocumentError },
    #[error("{path} unpacks to more than {} MiB, which no file of rules has", MAX_RULES >> 20)]
    TooLarge { path: Safe },
    #[error("{path} {reason}")]
    NoRules { path: Safe, reason: NoRules },
    #[error("{path} holds no parameters of a template")]
    NoParameters { path: Safe },
    #[error("{path} {reason}")]
    NoRegistry { path: Safe, reason: UnknownShape },
}

/// Why a file is not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteFileError {
    #[error("{path} is a folder; name a file in it")]
    Folder { path: Safe },
    /// Nobody has said that it may be written over.
    #[error("{path} is there already and stays as it is")]
    Exists { path: Safe },
    #[error("cannot write {path}")]
    System { path: Safe, source: io::Error },
}

/// A file of rules with what is in it once it is unpacked, or why it is not taken.
pub type ReadRules = Result<(LoadedFile, Vec<u8>), FileError>;

/// Reads files of rules. Files of parameters, among them or in `parameters`, give the expressions of
/// templates their values.
///
/// # Errors
/// [`FileError`] names the file of parameters; one of rules stands in its place.
pub fn read_rule_files(
    inputs: &[Input],
    column: Option<&str>,
    parameters: &[Input],
) -> Result<Vec<ReadRules>, FileError> {
    let parse = |input: &Input| {
        let (path, bytes) = (input.shown(), read_unpacked(input)?);
        match RuleDocument::parse(&bytes) {
            Ok(document) => Ok((path, bytes, document)),
            Err(reason) => Err(FileError::NoRules { path, reason }),
        }
    };
    let mut values = Parameters::new();
    for input in parameters {
        let (path, _, document) = parse(input)?;
        let found = document.parameters();
        values.extend(found.ok_or(FileError::NoParameters { path })?);
    }
    let mut files = Vec::new();
    for input in inputs {
        let file = parse(input);
        match file.as_ref().ok().and_then(|file| file.2.parameters()) {
            Some(found) if inputs.len() > 1 => values.extend(found),
            _ => files.push(file),
        }
    }
    let options = ReadOptions {
        column,
        parameters: Some(&values),
    };
    let read =
        |(path, bytes, document): (Safe, Vec<u8>, RuleDocument)| match document.rules(&options) {
            Ok(file) => Ok((LoadedFile { path, file }, bytes)),
            Err(reason) => Err(FileError::NoRules { path, reason }),
        };
    let files = files.into_iter().map(|file| file.and_then(read));
    Ok(files.collect())
}

/// Reads one file of rules.
///
/// # Errors
/// [`FileError`] names the file.
pub fn read_rule_file(input: Input) -> Result<(LoadedFile, Vec<u8>), FileError> {
    let path = input.shown();
    let mut files = read_rule_files(&[input], None, &[])?;
    let reason = NoRules::Empty;
    files
        .pop()
        .unwrap_or(Err(FileError::NoRules { path, reason }))
}

/// Reads a file, packed or not.
fn read_unpacked(input: &Input) -> Result<Vec<u8>, FileError> {
    let path = input.shown();
    let bytes = read_bounded(input, MAX_RULES)?;
    let bytes = decompress(bytes).map_err(|source| FileError::Packed {
        path: path.clone(),
        source,
    })?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > MAX_RULES) {
        return Err(FileError::TooLarge { path });
    }
    Ok(bytes)
}

/// Reads a document about a registry, as `az acr` prints it.
///
/// # Errors
/// [`FileError`] names the file.
pub fn read_registry(input: &Input, regions: &Regions) -> Result<Imported, FileError> {
    let bytes = read_bounded(input, MAX_DOCUMENT)?;
    read_document(&bytes, regions).map_err(|reason| FileError::NoRegistry {
        path: input.shown(),
        reason,
    })
}

/// Writes a file, over another one only when somebody has said so; the answer is its path.
///
/// # Errors
/// [`WriteFileError`] names the file.
pub fn write_file(path: &Path, bytes: &[u8], is_over: bool) -> Result<Safe, WriteFileError> {
    let shown = Safe::new(&path.to_string_lossy());
    if path.is_dir() {
        return Err(WriteFileError::Folder { path: shown });
    }
    let written = if is_over {
        write_over(path, bytes)
    } else {
        write_new(path, bytes)
    };
    match written {
        Ok(()) => Ok(shown),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            Err(WriteFileError::Exists { path: shown })
        }
        Err(source) => Err(WriteFileError::System {
            path: shown,
            source,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_over_only_when_that_was_said() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rules.json");
        write_file(&path, b"a", false).unwrap();
        let again = write_file(&path, b"b", false);
        assert!(matches!(again, Err(WriteFileError::Exists { .. })));
        assert_eq!(std::fs::read(&path).unwrap(), b"a");
        write_file(&path, b"b", true).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"b");
        let into = write_file(folder.path(), b"c", true);
        assert!(matches!(into, Err(WriteFileError::Folder { .. })));
    }

    #[test]
    fn a_file_that_is_not_taken_is_named_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("odd.json.gz");
        let said = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            let error = read_rule_file(Input::new(&path)).unwrap_err();
            let cause = std::error::Error::source(&error);
            let cause = cause.map_or_else(String::new, |cause| format!(": {cause}"));
            format!("{error}{cause}")
        };
        for (bytes, why) in [(&b"\x1f\x8bx"[..], "gzip"), (b"", "empty")] {
            let said = said(bytes);
            assert!(said.contains(why), "{said}");
            assert_eq!(said.matches("odd.json.gz").count(), 1, "{said}");
        }
    }
}
