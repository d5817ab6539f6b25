//! Logs that are named: found, opened, unpacked as they come, and how far they are read.

use std::io::{self, Read};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::store::{Input, ReadError, files_below, open_stream};
use crate::traffic::unpacked;

/// Threads where none are asked for.
const MOST_THREADS: usize = 8;
/// How often whoever waits is told how far it is.
const STEP: Duration = Duration::from_millis(250);

/// How many threads work on a log.
#[must_use]
pub fn log_threads(jobs: Option<NonZeroUsize>) -> usize {
    let all = || std::thread::available_parallelism().map_or(1, |all| all.get().min(MOST_THREADS));
    jobs.map_or_else(all, |jobs| jobs.get().min(256))
}

/// The logs that are named, those below named folders in place of the folders.
#[must_use]
pub fn logs_named(paths: &[PathBuf]) -> Vec<Result<Input, ReadError>> {
    let mut inputs = Vec::new();
    for path in paths {
        if path.is_dir() {
            match files_below(path) {
                Ok(files) => inputs.extend(files.iter().map(|file| Ok(Input::new(file)))),
                Err(error) => inputs.push(Err(error)),
            }
        } else {
            inputs.push(Ok(Input::new(path)));
        }
    }
    inputs
}

/// How far logs are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogProgress {
    /// Bytes so far.
    pub read: u64,
    /// All bytes, where that is known.
    pub length: Option<u64>,
    /// How long it has taken.
    pub elapsed: Duration,
}

impl LogProgress {
    /// For a line that is shown while somebody waits.
    #[must_use]
    pub fn shown(&self) -> String {
        let millis = u64::try_from(self.elapsed.as_millis()).unwrap_or(u64::MAX);
        let rate = self.read.saturating_mul(1_000) / millis.max(1);
        let (read, rate_shown) = (self.read / 1_000_000, rate / 1_000_000);
        match self.length {
            Some(length) => format!(
                "{read} of {} MB, {rate_shown} MB/s, {} s left",
                length / 1_000_000,
                length.saturating_sub(self.read) / rate.max(1)
            ),
            None => format!("{read} MB, {rate_shown} MB/s"),
        }
    }
}

/// A log whose reader is told how far it is, a few times a second; an error of his ends it.
struct Watched<F> {
    bytes: Box<dyn Read + Send>,
    progress: LogProgress,
    begun: Instant,
    told: Instant,
    tell: F,
}

/// Opens a log; `tell` hears how far it is.
///
/// # Errors
/// [`ReadError`] where it cannot be opened, and the stream's where it cannot be unpacked.
pub fn open_log_bytes<F>(
    input: &Input,
    tell: F,
) -> Result<io::Result<Box<dyn Read + Send>>, ReadError>
where
    F: FnMut(&LogProgress) -> io::Result<()> + Send + 'static,
{
    let stream = open_stream(input)?;
    let begun = Instant::now();
    Ok(unpacked(Watched {
        bytes: stream.bytes,
        progress: LogProgress {
            read: 0,
            length: stream.length,
            elapsed: Duration::ZERO,
        },
        begun,
        told: begun,
        tell,
    }))
}

impl<F: FnMut(&LogProgress) -> io::Result<()>> Read for Watched<F> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(room)?;
        self.progress.read += u64::try_from(count).unwrap_or(0);
        if self.told.elapsed() >= STEP {
            self.told = Instant::now();
            self.progress.elapsed = self.begun.elapsed();
            (self.tell)(&self.progress)?;
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_in_megabytes_and_seconds() {
        let progress = |read, seconds| LogProgress {
            read,
            length: Some(500_000_000),
            elapsed: Duration::from_secs(seconds),
        };
        let shown = progress(200_000_000, 2).shown();
        assert_eq!(shown, "200 of 500 MB, 100 MB/s, 3 s left");
        // Nothing is read yet, and no time has passed.
        assert!(progress(0, 0).shown().starts_with("0 of 500 MB, 0 MB/s"));
    }

    #[test]
    fn folders_give_their_files_and_what_is_not_there_is_named_when_it_is_opened() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("y=2026");
        std::fs::create_dir(&inner).unwrap();
        std::fs::write(inner.join("PT1H.json"), "{}").unwrap();
        let gone = folder.path().join("gone.log");
        let named = logs_named(&[folder.path().to_owned(), gone.clone()]);
        let named: Vec<Input> = named.into_iter().map(Result::unwrap).collect();
        assert_eq!(
            named,
            [Input::File(inner.join("PT1H.json")), Input::File(gone)]
        );
        assert!(open_log_bytes(&named[0], |_| Ok(())).unwrap().is_ok());
        let refused = open_log_bytes(&named[1], |_| Ok(())).err().unwrap();
        assert!(refused.to_string().contains("gone.log"));
    }
}
