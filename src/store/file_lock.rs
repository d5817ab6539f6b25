//! The right to write, one program at a time: a lock on a file beside what is written.
//!
//! The system gives it back when the program dies. The file holds the number of the program that has
//! the lock, for those that wait.

use std::fmt;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::platform::{open_lock, read_start, write_start};
use crate::store::ReadError;
use crate::text::Safe;

/// How often a held lock is tried again.
const RETRY: Duration = Duration::from_millis(50);
/// How long is waited without a word.
const SILENCE: Duration = Duration::from_secs(1);

/// Who holds a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    /// The program's number, where the file of the lock has one.
    pub pid: Option<u32>,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pid {
            Some(pid) => write!(f, "another tagscope (pid {pid})"),
            None => f.write_str("another tagscope"),
        }
    }
}

/// Hears, once, whom is waited for.
pub type Waiting<'a> = dyn FnMut(Holder) + 'a;

/// A lock that is held until it is dropped.
#[derive(Debug)]
pub struct FileLock(File);

impl FileLock {
    /// Takes the lock of this name beside a file, whose folder is made where there is none.
    ///
    /// # Errors
    /// [`ReadError::Busy`] where another program keeps it for longer than `patience`, or what the
    /// system says of the file.
    pub fn beside(file: &Path, name: &str, patience: Duration) -> Result<Self, ReadError> {
        let failed = |source| ReadError::Io {
            path: Safe::new(&file.to_string_lossy()),
            source,
        };
        let folder = file.parent().map_or(Ok(()), fs::create_dir_all);
        folder.map_err(failed)?;
        let path = file.with_file_name(name);
        let lock = Self::take(&path, patience, &mut |_| {}).map_err(failed)?;
        lock.ok_or_else(|| ReadError::Busy {
            path: Safe::new(&path.to_string_lossy()),
            seconds: patience.as_secs(),
        })
    }

    /// Takes the lock of a file, which is made where there is none; `None` where another program
    /// keeps it for longer than `patience`. `waiting` is told after a second.
    ///
    /// # Errors
    /// What the system says.
    pub fn take(
        path: &Path,
        patience: Duration,
        waiting: &mut Waiting<'_>,
    ) -> io::Result<Option<Self>> {
        let file = open_lock(path)?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::other("it is not a file"));
        }
        let start = Instant::now();
        let mut is_told = false;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(source)) => return Err(source),
                Err(TryLockError::WouldBlock) if start.elapsed() >= patience => return Ok(None),
                Err(TryLockError::WouldBlock) => {
                    if start.elapsed() >= SILENCE && !std::mem::replace(&mut is_told, true) {
                        waiting(holder(&file));
                    }
                    std::thread::sleep(RETRY);
                }
            }
        }
        // Only those that wait miss it.
        let number = format!("{}\n", std::process::id());
        let _ = file
            .set_len(0)
            .and_then(|()| write_start(&file, number.as_bytes()));
        Ok(Some(Self(file)))
    }
}

impl Drop for FileLock {
    fn drop(&mut self) {
        let _ = self.0.set_len(0);
    }
}

fn holder(file: &File) -> Holder {
    let mut bytes = [0; 16];
    let count = read_start(file, &mut bytes).unwrap_or(0);
    let text = bytes.get(..count).unwrap_or_default();
    let text = std::str::from_utf8(text).unwrap_or_default();
    Holder {
        pid: text.trim().parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_waits_for_a_second_hears_once_for_whom() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join(".lock");
        let mut heard = Vec::new();
        let held = FileLock::take(&path, Duration::ZERO, &mut |holder| heard.push(holder));
        let held = held.unwrap().unwrap();
        let mut wait = |patience| {
            let taken = FileLock::take(&path, patience, &mut |holder| heard.push(holder));
            taken.unwrap().is_some()
        };
        assert!(!wait(SILENCE / 4));
        assert!(!wait(SILENCE * 3 / 2));
        drop(held);
        assert!(wait(Duration::ZERO));
        let pid = Some(std::process::id());
        assert_eq!(heard, [Holder { pid }]);
        let said = format!("another tagscope (pid {})", std::process::id());
        assert_eq!(heard[0].to_string(), said);
    }

    #[test]
    fn a_lock_is_no_link_and_no_folder_and_what_a_link_leads_to_stays() {
        let home = tempfile::tempdir().unwrap();
        let (link, theirs) = (home.path().join(".lock"), home.path().join("theirs"));
        fs::write(&theirs, "text").unwrap();
        std::os::unix::fs::symlink(&theirs, &link).unwrap();
        let taken = |path: &Path| FileLock::take(path, Duration::ZERO, &mut |_| {});
        assert!(taken(&link).is_err());
        assert_eq!(fs::read(&theirs).unwrap(), b"text");
        assert!(taken(home.path()).is_err());
    }
}
