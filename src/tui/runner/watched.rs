//! Changes of the watch list on their way to its file.
//!
//! The file is shared with other programs, one of which may hold its lock for as long as it likes.
//! So the thread of the screen only ever adds a change; one task at a time writes, and waits for the
//! lock within bounds. What could not be saved stays, and is tried again with the next change.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::store::keep_watched;
use crate::text::Safe;
use crate::tui::Ticket;
use crate::tui::runner::chain;
use crate::tui::runner::writing::LAST_WAIT;

/// How long a task waits for another program.
pub const PATIENCE: Duration = Duration::from_secs(3);

/// Changes that are not saved yet; a copy is the same list.
#[derive(Clone, Default)]
pub struct Unsaved(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// Told when a task has ended.
    ended: Condvar,
}

#[derive(Default)]
struct State {
    /// Whether each tag is watched from now on.
    changes: BTreeMap<String, bool>,
    is_writing: bool,
    /// Changes that the task on its way takes along.
    waiting: Vec<Ticket>,
    /// Why the last task could not save them.
    why: Safe,
}

impl State {
    /// The task on its way has ended; the tickets for which it answers.
    fn end(&mut self) -> Vec<Ticket> {
        self.is_writing = false;
        std::mem::take(&mut self.waiting)
    }
}

impl Unsaved {
    /// Adds a change; true where a task is to be started that [writes](Self::write). Else the one on
    /// its way takes it along, and answers for its ticket too.
    pub fn add(&self, ticket: Ticket, name: String, is_watched: bool) -> bool {
        let mut state = self.state();
        state.changes.insert(name, is_watched);
        let is_first = !std::mem::replace(&mut state.is_writing, true);
        if !is_first {
            state.waiting.push(ticket);
        }
        is_first
    }

    /// Writes until nothing is left, or until something cannot be saved: then `patience` is over, or
    /// the disk refuses. Beside it stand the tickets that are answered too.
    pub fn write(
        &self,
        file: Option<&Path>,
        patience: Duration,
    ) -> (Result<(), Safe>, Vec<Ticket>) {
        let _end = EndOfTask(self);
        loop {
            let mut state = self.state();
            let changes = std::mem::take(&mut state.changes);
            if changes.is_empty() {
                return (Ok(()), state.end());
            }
            let Some(file) = file else {
                let text = "watched until the end: there is no home folder to keep the list in";
                return (Err(Safe::new(text)), state.end());
            };
            drop(state);
            let list: Vec<(String, bool)> = changes.clone().into_iter().collect();
            if let Err(error) = keep_watched(file, &list, patience) {
                let mut state = self.state();
                for (name, is_watched) in changes {
                    // What came meanwhile is newer.
                    state.changes.entry(name).or_insert(is_watched);
                }
                let why = format!("the watch list is not saved: {}", chain(&error));
                state.why = Safe::from(why);
                return (Err(state.why.clone()), state.end());
            }
        }
    }

    /// Gives a last try and a task on its way a moment; what is lost with the end, if something is.
    pub fn finish(&self, file: Option<&Path>) -> Option<Safe> {
        let file = file?.to_owned();
        let mut state = self.state();
        if !state.changes.is_empty() && !state.is_writing {
            state.is_writing = true;
            let unsaved = self.clone();
            std::thread::spawn(move || unsaved.write(Some(&file), LAST_WAIT));
        }
        let start = Instant::now();
        while state.is_writing {
            let left = LAST_WAIT.saturating_sub(start.elapsed());
            if left.is_zero() {
                let text =
                    "the watch list is not saved: another program holds it, or the disk is slow";
                return Some(Safe::new(text));
            }
            let woken = self.0.ended.wait_timeout(state, left);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        let is_lost = !state.changes.is_empty();
        is_lost.then(|| state.why.clone())
    }

    /// Nobody keeps it while something is read or written.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells that a task has ended, also where it panicked.
struct EndOfTask<'a>(&'a Unsaved);

impl Drop for EndOfTask<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.state().is_writing = false;
        }
        self.0.0.ended.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;
    use crate::store::read_watched;

    fn names(file: &Path) -> Vec<String> {
        read_watched(file).unwrap().into_iter().collect()
    }

    #[test]
    fn one_task_writes_what_came_before_and_meanwhile_and_answers_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("watched.txt");
        let unsaved = Unsaved::default();
        let add = |ticket, name: &str, is_watched| {
            unsaved.add(Ticket(ticket), name.to_owned(), is_watched)
        };
        let write = |file| unsaved.write(file, Duration::ZERO);
        assert!(add(1, "Sql", true));
        for (ticket, name, is_watched) in [
            (2, "Storage", true),
            (3, "Sql", false),
            (4, "AzureCloud", true),
        ] {
            assert!(!add(ticket, name, is_watched), "one is enough");
        }
        let others = [2, 3, 4].map(Ticket).to_vec();
        assert_eq!(write(Some(&file)), (Ok(()), others));
        assert_eq!(names(&file), ["AzureCloud", "Storage"]);
        assert!(add(5, "Sql", true));
        assert_eq!(write(Some(&file)), (Ok(()), Vec::new()));
        assert_eq!(unsaved.finish(Some(&file)), None);
        assert_eq!(names(&file), ["AzureCloud", "Sql", "Storage"]);
        assert!(add(6, "Sql", false));
        assert!(write(None).0.is_err());
        assert_eq!(unsaved.finish(None), None);
    }

    #[test]
    fn what_could_not_be_saved_is_tried_again_and_the_end_never_waits_long() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("watched.txt");
        let lock = File::create(folder.path().join(".watched.lock")).unwrap();
        lock.lock().unwrap();
        let unsaved = Unsaved::default();
        let add = |ticket, name: &str| unsaved.add(Ticket(ticket), name.to_owned(), true);
        assert!(add(1, "Sql") && !add(2, "Sql"));
        let (saved, others) = unsaved.write(Some(&file), Duration::ZERO);
        let said = saved.unwrap_err();
        assert!(said.as_str().contains(".watched.lock"), "{said}");
        assert_eq!(others, [Ticket(2)]);
        let start = Instant::now();
        let lost = unsaved.finish(Some(&file)).unwrap();
        assert!(lost.as_str().contains("not saved"), "{lost}");
        assert!(start.elapsed() < PATIENCE, "the end waited for the lock");
        drop(lock);
        // The task of the end may still be on its way, and then takes this one along.
        if add(3, "Storage") {
            assert_eq!(unsaved.write(Some(&file), PATIENCE).0, Ok(()));
        }
        assert!((0..20).any(|_| unsaved.finish(Some(&file)).is_none()));
        assert_eq!(names(&file), ["Sql", "Storage"]);
    }
}
