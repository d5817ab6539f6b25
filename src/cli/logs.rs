//! Logs that are named, opened one after the other: those that can be read are answered.

use std::io::{self, IsTerminal, Read};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::cli::args::{FamilyArgs, FieldArgs, RecordArgs};
use crate::cli::console::{overwrite, say};
use crate::cli::{Context, Exit, Failure};
use crate::platform::heed_interrupt;
use crate::source::{LogProgress, log_threads, logs_named, open_log_bytes};
use crate::store::{Input, ReadError};
use crate::text::Safe;
use crate::traffic::log::{LogKind, Unread};
use crate::traffic::{Counted, Counter, Filter, Reading, Said, Sets, open_log};

/// Why a log is not read to its end.
pub enum Broken {
    /// The log cannot be read.
    Read(io::Error),
    /// The answer cannot be written.
    Write(io::Error),
    /// Anything else.
    Other(Failure),
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Self::Read(error)
    }
}

/// The logs of a run.
pub struct Logs {
    inputs: Vec<Result<Input, ReadError>>,
    /// Set by Ctrl-C, where that does not end the program at once.
    interrupt: Option<Arc<AtomicBool>>,
}

impl Logs {
    /// The logs that were named, those below named folders among them; standard input where none was.
    ///
    /// # Errors
    /// Nothing was named and nobody pipes anything, or standard input is wanted twice.
    pub fn named(files: &[PathBuf], context: &Context) -> Result<Self, Failure> {
        if files.is_empty() {
            if io::stdin().is_terminal() {
                let text = "nothing to read: name a log, or pipe one in";
                return Err(Failure::said(text.to_owned()));
            }
            context.expect_stdin("the log")?;
            let inputs = vec![Ok(Input::Stdin)];
            let interrupt = None;
            return Ok(Self { inputs, interrupt });
        }
        context.check_stdin(files)?;
        Ok(Self {
            inputs: logs_named(files),
            interrupt: None,
        })
    }

    /// Ends what is being written whole where Ctrl-C comes.
    ///
    /// # Errors
    /// The system's.
    pub fn ending_whole(self) -> Result<Self, Failure> {
        Ok(Self {
            interrupt: Some(heed_interrupt(GRACE)?),
            ..self
        })
    }

    /// Whether there are several, so that answers say of which they are.
    pub fn are_several(&self) -> bool {
        self.inputs.len() > 1
    }

    /// Reads each; what cannot be read is said, and the others are read nevertheless.
    ///
    /// # Errors
    /// The answer cannot be written.
    pub fn each(
        self,
        shows_progress: bool,
        mut read: impl FnMut(&Safe, Box<dyn Read + Send>) -> Result<(), Broken>,
    ) -> Result<Exit, Failure> {
        let mut exit = Exit::Done;
        for input in self.inputs {
            let (name, ended) = match input {
                Ok(input) => {
                    let name = input.shown();
                    let is_shown = shows_progress && io::stderr().is_terminal();
                    let interrupt = self.interrupt.clone();
                    let show = move |progress: &LogProgress| {
                        if is_set(interrupt.as_ref()) {
                            return Err(io::Error::other(Interrupted));
                        }
                        if is_shown && progress.length.is_some_and(|length| length > LARGE) {
                            overwrite(&progress.shown());
                        }
                        Ok(())
                    };
                    let ended = match open_log_bytes(&input, show) {
                        Ok(Ok(bytes)) => read(&name, bytes),
                        Ok(Err(error)) => Err(Broken::Read(error)),
                        Err(error) => Err(Broken::Other(error.into())),
                    };
                    if is_shown {
                        overwrite("");
                    }
                    (name, ended)
                }
                Err(error) => (Safe::default(), Err(Broken::Other(error.into()))),
            };
            if is_set(self.interrupt.as_ref()) {
                return Ok(Exit::Interrupted);
            }
            match ended {
                Ok(()) => {}
                Err(Broken::Read(error)) => {
                    say(&format!("tagscope: cannot read {name} to its end: {error}"));
                    exit = exit.or(Exit::Failed);
                }
                Err(Broken::Write(error)) => return Err(error.into()),
                Err(Broken::Other(failure)) => {
                    say(&failure.sentence());
                    exit = exit.or(failure.exit);
                }
            }
        }
        Ok(exit)
    }
}

/// Ctrl-C came.
#[derive(Debug, thiserror::Error)]
#[error("interrupted")]
struct Interrupted;

fn is_set(interrupt: Option<&Arc<AtomicBool>>) -> bool {
    interrupt.is_some_and(|interrupt| interrupt.load(Ordering::Relaxed))
}

/// How long a log is waited for once Ctrl-C came.
const GRACE: Duration = Duration::from_secs(1);
/// Logs from this size on have their progress shown to whoever waits.
const LARGE: u64 = 64 << 20;

/// What was read of logs.
pub struct Counting {
    /// What they are, each once.
    pub kinds: Vec<&'static str>,
    /// [`Exit::Failed`] where something could not be read or was not understood.
    pub exit: Exit,
}

impl Logs {
    /// Counts all of them; `needs_records` refuses plain text.
    ///
    /// # Errors
    /// The answer cannot be written.
    pub fn count<C: Counter>(
        self,
        counted: &mut Counted<C>,
        sets: &Sets<'_>,
        reading: &Reading,
        needs_records: bool,
    ) -> Result<Counting, Failure> {
        let (mut kinds, mut has_unread) = (Vec::new(), false);
        let read = self.each(true, |name, bytes| {
            let log = open_log(bytes, reading)?;
            if log.kind == LogKind::Text && needs_records {
                return Err(Broken::plain(name, "no more"));
            }
            if !kinds.contains(&log.kind.words()) {
                kinds.push(log.kind.words());
            }
            let unread = counted.read(log.kind, log.bytes, sets, reading)?;
            has_unread |= say_unread(name, &unread);
            Ok(())
        })?;
        let unread = if has_unread { Exit::Failed } else { Exit::Done };
        let exit = read.or(unread);
        Ok(Counting { kinds, exit })
    }
}

impl Broken {
    /// A log of plain text, where more is needed than it has.
    pub fn plain(name: &Safe, more: &str) -> Self {
        Self::Other(Failure::said(format!(
            "{name} is read as plain text, which has addresses and {more}; --input says what it is where \
             it was not known"
        )))
    }
}

/// Says what was not understood of a log; whether there was anything.
pub fn say_unread(name: &Safe, unread: &Unread) -> bool {
    let sentence = unread.sentence();
    if let Some(sentence) = &sentence {
        say(&format!("tagscope: {name}: {sentence}"));
    }
    sentence.is_some()
}

/// How records are read and chosen.
///
/// # Errors
/// The number of a field is none.
pub fn reading(
    fields: &FieldArgs,
    records: &RecordArgs,
    family: FamilyArgs,
    jobs: Option<NonZeroUsize>,
) -> Result<Reading, Failure> {
    if fields.field.as_deref() == Some("0") {
        let text = "fields are numbered from 1";
        return Err(Failure::said(text.to_owned()));
    }
    Ok(Reading {
        kind: fields.input,
        roles: fields.roles(),
        pick: fields.pick(),
        filter: Filter {
            family: family.only(),
            action: records.action,
            direction: records.direction,
            since: records.since,
            until: records.until,
        },
        threads: log_threads(jobs),
    })
}

/// Says what a log lacks that was asked for; nothing where it has it.
#[must_use]
pub fn lacks(said: &Said, filter: &Filter) -> Option<&'static str> {
    let is_timed = filter.since.is_some() || filter.until.is_some();
    [
        (
            filter.action.is_some(),
            said.actions,
            "what was allowed or denied",
        ),
        (
            filter.direction.is_some(),
            said.directions,
            "which way a flow goes",
        ),
        (is_timed, said.times, "times that can be read"),
    ]
    .into_iter()
    .find(|&(is_asked, count, _)| is_asked && count == 0)
    .map(|(_, _, what)| what)
}
