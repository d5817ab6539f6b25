//! Changes on their way to a file that several programs share.
//!
//! Another program may hold the file's lock for as long as it likes. So the thread of the screen only
//! ever adds a change; one task at a time writes, and waits for the lock within bounds. What could
//! not be saved stays, and is tried again with the next change.

use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::text::Safe;
use crate::tui::Ticket;

/// How long a task waits for another program.
pub const PATIENCE: Duration = Duration::from_secs(3);

/// What is to be saved in a file.
pub trait Changes: Clone + Default + Send + 'static {
    /// What is not saved, in a sentence.
    const NOT_SAVED: &'static str;
    /// What is said where there is no folder for the file.
    const NO_HOME: &'static str;

    fn is_empty(&self) -> bool;

    /// Adds what came later.
    fn add(&mut self, newer: Self);

    /// Writes it into the file, for whose lock it waits so long.
    fn save(&self, file: &Path, patience: Duration) -> Result<(), Safe>;
}

/// Changes that are not saved yet; a copy is the same list.
#[derive(Clone, Default)]
pub struct Unsaved<C>(Arc<Shared<C>>);

#[derive(Default)]
struct Shared<C> {
    state: Mutex<SavingState<C>>,
    /// Told when a task has ended.
    ended: Condvar,
}

#[derive(Default)]
struct SavingState<C> {
    changes: C,
    turn: Turn,
    /// Changes that the task on its way takes along.
    waiting: Vec<Ticket>,
    /// Why the last task could not save them.
    why: Safe,
}

/// Whose turn it is to write.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Turn {
    #[default]
    Nobody,
    /// A task that has not begun yet.
    Coming,
    /// Somebody who writes.
    Now,
}

impl<C> SavingState<C> {
    /// The task on its way has ended; the tickets for which it answers.
    fn end(&mut self) -> Vec<Ticket> {
        self.turn = Turn::Nobody;
        std::mem::take(&mut self.waiting)
    }
}

impl<C: Changes> Unsaved<C> {
    /// Adds changes; true where a task is to be started that [writes](Self::write). Else the one on
    /// its way takes them along, and answers for their ticket too.
    pub fn add(&self, ticket: Ticket, changes: C) -> bool {
        let mut state = self.state();
        state.changes.add(changes);
        let is_first = state.turn == Turn::Nobody;
        if is_first {
            state.turn = Turn::Coming;
        } else {
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
        if self.begin() {
            self.write_begun(file, patience)
        } else {
            // The end of the dashboard writes in its place.
            (Ok(()), Vec::new())
        }
    }

    /// From now on the caller writes; false where somebody does.
    fn begin(&self) -> bool {
        std::mem::replace(&mut self.state().turn, Turn::Now) != Turn::Now
    }

    fn write_begun(
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
                return (Err(Safe::new(C::NO_HOME)), state.end());
            };
            drop(state);
            if let Err(reason) = changes.save(file, patience) {
                let mut state = self.state();
                // What came meanwhile is newer.
                let newer = std::mem::replace(&mut state.changes, changes);
                state.changes.add(newer);
                state.why = Safe::from(format!("{}: {reason}", C::NOT_SAVED));
                return (Err(state.why.clone()), state.end());
            }
        }
    }

    /// Begins a last try where something is not saved.
    pub fn try_last(&self, file: Option<&Path>, patience: Duration) {
        let is_saved = self.state().changes.is_empty();
        if let (Some(file), false) = (file.map(Path::to_owned), is_saved)
            && self.begin()
        {
            let unsaved = self.clone();
            std::thread::spawn(move || unsaved.write_begun(Some(&file), patience));
        }
    }

    /// Gives the last try and a task on its way a moment; what is lost with the end, if something is.
    pub fn finish(&self, file: Option<&Path>, until: Instant) -> Option<Safe> {
        file?;
        let mut state = self.state();
        while state.turn == Turn::Now {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let why = "another program holds it, or the disk is slow";
                return Some(Safe::from(format!("{}: {why}", C::NOT_SAVED)));
            }
            let woken = self.0.ended.wait_timeout(state, left);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        let is_lost = !state.changes.is_empty();
        is_lost.then(|| state.why.clone())
    }

    /// Nobody keeps it while something is read or written.
    fn state(&self) -> MutexGuard<'_, SavingState<C>> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells that a task has ended, also where it panicked.
struct EndOfTask<'a, C: Changes>(&'a Unsaved<C>);

impl<C: Changes> Drop for EndOfTask<'_, C> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.state().turn = Turn::Nobody;
        }
        self.0.0.ended.notify_all();
    }
}
