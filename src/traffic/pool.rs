//! Pieces of a stream to a few threads, and their results back in order.
//!
//! A piece and its result stay together in a slot that is used again, so that memory is bounded by the
//! slots. The thread that asks for the results writes them.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::traffic::chunks::{Chunk, Chunks};

/// Slots beside those that the threads work on.
const SPARE: usize = 2;

/// A piece and what came of it.
#[derive(Debug, Default)]
pub struct Slot<T> {
    /// The piece.
    pub chunk: Chunk,
    /// What came of it.
    pub result: T,
}

/// Whether more results are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// They are.
    More,
    /// The answer is known.
    Enough,
}

/// What the threads share.
struct Shared<T> {
    free: Vec<Slot<T>>,
    /// By the number of the piece.
    done: BTreeMap<usize, Slot<T>>,
    /// How many pieces were taken by the caller.
    taken: usize,
    /// How many there are, once that is known.
    end: Option<usize>,
    error: Option<io::Error>,
    is_enough: bool,
}

/// Where the threads meet.
struct Meeting<T> {
    shared: Mutex<Shared<T>>,
    /// Something has changed.
    news: Condvar,
}

impl<T> Meeting<T> {
    fn lock(&self) -> MutexGuard<'_, Shared<T>> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until something is there.
    fn wait<V>(&self, mut find: impl FnMut(&mut Shared<T>) -> Option<V>) -> V {
        let mut shared = self.lock();
        loop {
            if let Some(found) = find(&mut shared) {
                return found;
            }
            let waited = self.news.wait(shared);
            shared = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn tell(&self, change: impl FnOnce(&mut Shared<T>)) {
        change(&mut self.lock());
        self.news.notify_all();
    }
}

/// Works on the pieces of a stream with one thread a state, and hands each result on in the order of the
/// pieces; the states come back.
///
/// # Errors
/// What `sink` says, or the stream's error once the results before it were handed on.
pub fn in_order<R, S, T, E>(
    chunks: Chunks<R>,
    states: Vec<S>,
    work: impl Fn(&mut S, &Chunk, &mut T) + Sync,
    mut sink: impl FnMut(&mut Slot<T>) -> Result<Next, E>,
) -> Result<Vec<S>, E>
where
    R: Read + Send,
    S: Send,
    T: Send + Default,
    E: From<io::Error>,
{
    let slots = (0..states.len() + SPARE).map(|_| Slot::default());
    let meeting = Meeting {
        shared: Mutex::new(Shared {
            free: slots.collect(),
            done: BTreeMap::new(),
            taken: 0,
            end: None,
            error: None,
            is_enough: false,
        }),
        news: Condvar::new(),
    };
    let source = Mutex::new((chunks, 0));
    std::thread::scope(|scope| {
        let begin = |state: S| {
            let (meeting, source, work) = (&meeting, &source, &work);
            scope.spawn(move || worker(meeting, source, state, work))
        };
        let threads: Vec<_> = states.into_iter().map(begin).collect();
        let handed = hand_on(&meeting, &mut sink);
        meeting.tell(|shared| shared.is_enough = true);
        let ends = threads.into_iter().map(|thread| match thread.join() {
            Ok(state) => state,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        let states = ends.collect();
        handed.map(|()| states)
    })
}

/// Says that a thread has ended by a panic, so that nobody waits for it.
struct Alarm<'a, T>(&'a Meeting<T>);

impl<T> Drop for Alarm<'_, T> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.tell(|shared| shared.is_enough = true);
        }
    }
}

/// One thread: takes a free slot, reads a piece into it, works on it.
fn worker<R: Read, S, T>(
    meeting: &Meeting<T>,
    source: &Mutex<(Chunks<R>, usize)>,
    mut state: S,
    work: impl Fn(&mut S, &Chunk, &mut T),
) -> S {
    let alarm = Alarm(meeting);
    loop {
        let slot = meeting.wait(|shared| {
            if shared.is_enough {
                return Some(None);
            }
            shared.free.pop().map(Some)
        });
        let Some(mut slot) = slot else { break };
        let mut reading = source.lock().unwrap_or_else(PoisonError::into_inner);
        let (chunks, count) = &mut *reading;
        let read = chunks.next_chunk(&mut slot.chunk);
        let number = *count;
        if !matches!(read, Ok(true)) {
            meeting.tell(|shared| {
                shared.end.get_or_insert(number);
                if let Err(error) = read {
                    shared.error.get_or_insert(error);
                }
                shared.is_enough |= shared.end == Some(shared.taken);
                shared.free.push(slot);
            });
            break;
        }
        *count += 1;
        if slot.chunk.is_large() {
            // One at a time, whatever comes: the room of one long line is all that there is.
            work(&mut state, &slot.chunk, &mut slot.result);
            meeting.tell(|shared| _ = shared.done.insert(number, slot));
            meeting.wait(|shared| (shared.is_enough || shared.taken > number).then_some(()));
            drop(reading);
        } else {
            drop(reading);
            work(&mut state, &slot.chunk, &mut slot.result);
            meeting.tell(|shared| _ = shared.done.insert(number, slot));
        }
    }
    drop(alarm);
    state
}

/// Takes the results in order.
fn hand_on<T, E: From<io::Error>>(
    meeting: &Meeting<T>,
    sink: &mut impl FnMut(&mut Slot<T>) -> Result<Next, E>,
) -> Result<(), E> {
    let mut number = 0;
    loop {
        let slot = meeting.wait(|shared| match shared.done.remove(&number) {
            Some(slot) => Some(Some(slot)),
            None if shared.is_enough || shared.end == Some(number) => Some(None),
            None => None,
        });
        let Some(mut slot) = slot else { break };
        let next = sink(&mut slot)?;
        slot.chunk.shrink();
        number += 1;
        meeting.tell(|shared| {
            shared.taken = number;
            shared.free.push(slot);
        });
        if next == Next::Enough {
            return Ok(());
        }
    }
    match meeting.lock().error.take() {
        Some(error) => Err(error.into()),
        None => Ok(()),
    }
}
