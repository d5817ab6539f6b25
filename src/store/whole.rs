//! Writing a file: whole or not at all.
//!
//! What is unfinished lies beside its place under a name that nobody can guess, so that nothing can
//! be planted there, and is taken away again where writing fails. A program that is killed leaves it
//! behind; it ends with [`UNFINISHED`].

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

use crate::platform::{ORDINARY, PRIVATE, oddity, sync_folder, with_rights};

/// What the name of an unfinished file ends with.
pub const UNFINISHED: &str = ".part";

/// Writes a new file, never over another one.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`], or what the system says.
pub fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if path.symlink_metadata().is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let part = unfinished(path, bytes, None)?;
    part.as_file().sync_all()?;
    match part.persist_noclobber(path) {
        Ok(_) => Ok(()),
        Err(refused) if refused.error.kind() == io::ErrorKind::AlreadyExists => Err(refused.error),
        // Some file systems can only rename.
        Err(refused) => moved(refused.file, path),
    }
}

/// Writes a file, perhaps over another one, with the rights that it had. A link stays one.
///
/// # Errors
/// What the system says; a pipe or a device is not written to.
pub fn write_over(path: &Path, bytes: &[u8]) -> io::Result<()> {
    over(path, bytes, None)
}

/// The same, with rights for the owner alone whatever it had.
///
/// # Errors
/// As [`write_over`].
pub fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    over(path, bytes, Some(PRIVATE))
}

fn over(path: &Path, bytes: &[u8], mode: Option<u32>) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if let Some(what) = fs::metadata(&path).ok().as_ref().and_then(oddity) {
        return Err(io::Error::other(format!("it is {what}, not a file")));
    }
    replace(&path, bytes, mode)?;
    // Not every file system syncs a folder, and the file is there.
    let _ = sync_folder(folder(&path));
    Ok(())
}

/// Writes a file of the program's own, and the folder that it lies in; both survive a loss of power.
/// A link in its place gives way.
///
/// # Errors
/// What the system says.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder(path))?;
    replace(path, bytes, None)?;
    sync_folder(folder(path))
}

/// Writes what can be made again. No sync: what a crash leaves fails its checksums.
///
/// # Errors
/// What the system says.
pub fn write_cache(path: &Path, bytes: &[u8]) -> io::Result<()> {
    moved(unfinished(path, bytes, None)?, path)
}

/// `mode` is what it is to have; else it has what the older one had.
fn replace(path: &Path, bytes: &[u8], mode: Option<u32>) -> io::Result<()> {
    let part = unfinished(path, bytes, mode)?;
    if let Ok(older) = path.symlink_metadata()
        && older.is_file()
        && mode.is_none()
    {
        part.as_file().set_permissions(older.permissions())?;
    }
    part.as_file().sync_all()?;
    moved(part, path)
}

fn moved(part: NamedTempFile, path: &Path) -> io::Result<()> {
    part.persist(path).map_err(|refused| refused.error)?;
    Ok(())
}

/// A new file beside the place with these bytes; it goes away unless it is moved.
fn unfinished(path: &Path, bytes: &[u8], mode: Option<u32>) -> io::Result<NamedTempFile> {
    path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut builder = Builder::new();
    builder
        .prefix(".tagscope-")
        .suffix(UNFINISHED)
        .rand_bytes(12);
    with_rights(&mut builder, mode.unwrap_or(ORDINARY));
    let mut part = builder.tempfile_in(folder(path))?;
    part.write_all(bytes)?;
    Ok(part)
}

/// The folder that a file lies in.
pub(super) fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let name = |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name();
        let mut names: Vec<String> = entries
            .map(|entry| name(entry).into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    type Writer = fn(&Path, &[u8]) -> io::Result<()>;
    const WRITERS: [Writer; 4] = [write_new, write_over, write_whole, write_cache];

    #[test]
    fn a_file_is_whole_alone_and_as_readable_as_any_other() {
        for write in WRITERS {
            let home = tempfile::tempdir().unwrap();
            let (path, other) = (home.path().join("a"), home.path().join("b"));
            write(&path, b"content").unwrap();
            fs::write(&other, "").unwrap();
            let rights = |path| fs::metadata(path).unwrap().permissions();
            assert_eq!(rights(&path), rights(&other));
            assert_eq!(fs::read(&path).unwrap(), b"content");
            assert_eq!(names(home.path()), ["a", "b"]);
        }
    }

    #[test]
    fn a_file_that_is_written_over_keeps_its_rights() {
        for write in [write_over, write_whole] {
            let home = tempfile::tempdir().unwrap();
            let path = home.path().join("a");
            for mode in [0o600, 0o640, 0o444] {
                let _ = fs::remove_file(&path);
                fs::write(&path, "older").unwrap();
                fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
                write(&path, b"newer").unwrap();
                let rights = fs::metadata(&path).unwrap().permissions();
                assert_eq!(rights.mode() & 0o777, mode);
                assert_eq!(fs::read(&path).unwrap(), b"newer");
            }
        }
    }

    #[test]
    fn a_private_file_is_its_owners_alone_whatever_it_was() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a");
        for text in ["new", "again"] {
            write_private(&path, text.as_bytes()).unwrap();
            let rights = fs::metadata(&path).unwrap().permissions();
            assert_eq!(rights.mode() & 0o777, 0o600);
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
            fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        }
        assert_eq!(names(home.path()), ["a"]);
    }

    /// Names as they were made once, of the program's number and a count, can be guessed.
    #[test]
    fn a_link_that_was_planted_beside_the_place_is_not_followed() {
        for write in WRITERS {
            let home = tempfile::tempdir().unwrap();
            let (folder, outside) = (home.path().join("in"), home.path().join("outside"));
            fs::create_dir(&folder).unwrap();
            fs::write(&outside, "theirs").unwrap();
            let program = std::process::id();
            for count in 0..300 {
                for name in [
                    format!(".a.{program}-{count}.part"),
                    format!(".a.{program}.{count}.part"),
                    format!(".tagscope-{program}-{count}.part"),
                ] {
                    symlink(&outside, folder.join(name)).unwrap();
                }
            }
            let planted = names(&folder).len();
            write(&folder.join("a"), b"content").unwrap();
            assert_eq!(fs::read(&outside).unwrap(), b"theirs");
            assert_eq!(names(&folder).len(), planted + 1);
        }
    }

    #[test]
    fn a_link_in_the_place_itself_stays_only_where_a_user_has_named_it() {
        let home = tempfile::tempdir().unwrap();
        let (outside, link) = (home.path().join("outside"), home.path().join("link"));
        let plant = || {
            let _ = fs::remove_file(&link);
            fs::write(&outside, "older").unwrap();
            symlink(&outside, &link).unwrap();
        };
        plant();
        write_over(&link, b"newer").unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read(&outside).unwrap(), b"newer");
        for write in [write_whole, write_cache] {
            plant();
            write(&link, b"newer").unwrap();
            assert!(!link.is_symlink());
            assert_eq!(fs::read(&outside).unwrap(), b"older");
        }
        plant();
        let refused = write_new(&link, b"newer").unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&outside).unwrap(), b"older");
    }

    #[test]
    fn what_is_no_file_is_not_written_over_and_nothing_is_left() {
        let home = tempfile::tempdir().unwrap();
        let socket = home.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        let refused = write_over(&socket, b"x").unwrap_err();
        assert_eq!(refused.to_string(), "it is a socket, not a file");
        // Something in the way: then the unfinished file goes away too.
        fs::create_dir_all(home.path().join("taken/full")).unwrap();
        for write in [write_over, write_whole, write_cache] {
            assert!(write(&home.path().join("taken"), b"x").is_err());
        }
        assert_eq!(names(home.path()), ["socket", "taken"]);
    }
}
