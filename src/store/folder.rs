//! Writing a folder: whole or not at all.
//!
//! Its files are written beside its place, under a name that nobody can guess, and take the place at
//! once: where a folder is there already both change places, so that a reader finds one or the other.

use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;
use tempfile::{Builder, TempDir};

use crate::store::whole::{UNFINISHED, folder};

/// Writes a folder of these files, perhaps in place of another one, which goes with all that is in it.
///
/// # Errors
/// What the system says; then the folder is as it was.
pub fn write_folder<'a>(
    path: &Path,
    files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
) -> io::Result<()> {
    // A link stays one.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let parent = folder(&path).to_owned();
    fs::create_dir_all(&parent)?;
    let part = unfinished(&parent)?;
    for (name, bytes) in files {
        let mut file = File::create_new(part.path().join(name))?;
        file.write_all(bytes)?;
        file.sync_all()?;
    }
    File::open(part.path())?.sync_all()?;
    if path.symlink_metadata().is_ok() {
        exchange(part, &path, &parent)?;
    } else {
        fs::rename(part.path(), &path)?;
        // It is not there any more under this name.
        let _ = part.keep();
    }
    // Not every file system syncs a folder, and the files are there.
    let _ = File::open(&parent).and_then(|folder| folder.sync_all());
    Ok(())
}

/// A new folder that goes away unless it is kept.
fn unfinished(parent: &Path) -> io::Result<TempDir> {
    Builder::new()
        .prefix(".tagscope-")
        .suffix(UNFINISHED)
        .rand_bytes(12)
        // What the mask leaves of these, as for any new folder.
        .permissions(Permissions::from_mode(0o777))
        .tempdir_in(parent)
}

/// Puts a folder in place of another one, and takes that away.
fn exchange(part: TempDir, path: &Path, parent: &Path) -> io::Result<()> {
    fs::set_permissions(part.path(), fs::metadata(path)?.permissions())?;
    match renameat_with(CWD, part.path(), CWD, path, RenameFlags::EXCHANGE) {
        // The older one has the name that goes away.
        Ok(()) => Ok(()),
        Err(Errno::NOSYS | Errno::INVAL | Errno::NOTSUP) => {
            // Where names cannot be exchanged there is none for a moment.
            let aside = unfinished(parent)?;
            let older = aside.path().join("older");
            fs::rename(path, &older)?;
            if let Err(error) = fs::rename(part.path(), path) {
                fs::rename(&older, path)?;
                return Err(error);
            }
            let _ = part.keep();
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn a_folder_takes_the_place_of_another_whole_and_nothing_is_left_beside_it() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("out");
        write_folder(&path, [("a", &b"1"[..]), ("b", b"2")]).unwrap();
        assert_eq!(names(&path), ["a", "b"]);
        fs::set_permissions(&path, Permissions::from_mode(0o750)).unwrap();
        write_folder(&path, [("b", &b"3"[..])]).unwrap();
        assert_eq!(
            (names(&path), names(home.path())),
            (vec!["b".to_owned()], vec!["out".to_owned()])
        );
        assert_eq!(fs::read(path.join("b")).unwrap(), b"3");
        let rights = fs::metadata(&path).unwrap().permissions();
        assert_eq!(rights.mode() & 0o777, 0o750);
    }

    #[test]
    fn a_folder_that_cannot_be_written_leaves_the_older_one_and_nothing_beside_it() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("out");
        write_folder(&path, [("a", &b"1"[..])]).unwrap();
        let failed = write_folder(&path, [("a", &b"2"[..]), ("no/such/folder", b"3")]);
        assert!(failed.is_err());
        assert_eq!(names(home.path()), ["out"]);
        assert_eq!(fs::read(path.join("a")).unwrap(), b"1");
    }

    #[test]
    fn a_link_to_a_folder_stays_one() {
        let home = tempfile::tempdir().unwrap();
        let (path, link) = (home.path().join("out"), home.path().join("link"));
        fs::create_dir(&path).unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        write_folder(&link, [("a", &b"1"[..])]).unwrap();
        assert!(link.is_symlink());
        assert_eq!(names(&path), ["a"]);
    }
}
