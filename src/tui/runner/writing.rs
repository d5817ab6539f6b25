//! Files that are being written: the end of the dashboard gives them a moment, and never waits long.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::text::Safe;

/// How long the end of the dashboard waits for all that is being written.
pub const LAST_WAIT: Duration = Duration::from_millis(300);

/// What is being written; a copy is the same list.
#[derive(Clone, Default)]
pub struct Writing(Arc<Shared>);

#[derive(Default)]
struct Shared {
    /// Each in words.
    now: Mutex<Vec<&'static str>>,
    /// Told when one has ended.
    ended: Condvar,
}

/// Stands for what is being written until it is dropped.
pub struct Written {
    what: &'static str,
    writing: Writing,
}

impl Writing {
    /// From now on this is being written.
    pub fn begin(&self, what: &'static str) -> Written {
        self.now().push(what);
        Written {
            what,
            writing: self.clone(),
        }
    }

    /// Gives it a moment; what is not written then, in a sentence.
    pub fn finish(&self, until: Instant) -> Option<Safe> {
        let mut now = self.now();
        while !now.is_empty() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let text = format!("not finished, the disk is slow: {}", now.join(", "));
                return Some(Safe::from(text));
            }
            let woken = self.0.ended.wait_timeout(now, left);
            now = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        None
    }

    /// Nobody keeps it while something is read or written.
    fn now(&self) -> MutexGuard<'_, Vec<&'static str>> {
        self.0.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        let mut now = self.writing.now();
        if let Some(place) = now.iter().position(|what| *what == self.what) {
            now.swap_remove(place);
        }
        drop(now);
        self.writing.0.ended.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_waits_a_moment_for_what_is_written_and_names_what_is_not() {
        let writing = Writing::default();
        let finish = || writing.finish(Instant::now() + LAST_WAIT);
        assert_eq!(finish(), None);
        let (slow, soon) = (writing.begin("the export"), writing.begin("the copy"));
        drop(soon);
        let start = Instant::now();
        let said = finish().unwrap();
        assert_eq!(said.as_str(), "not finished, the disk is slow: the export");
        assert!(start.elapsed() >= LAST_WAIT);
        let (sender, is_waiting) = std::sync::mpsc::channel();
        let ended = std::thread::spawn(move || {
            is_waiting.recv().unwrap();
            drop(slow);
        });
        sender.send(()).unwrap();
        ended.join().unwrap();
        assert_eq!(finish(), None);
    }
}
