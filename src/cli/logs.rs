//! Logs that are named, opened one after the other: those that can be read are answered.

use std::io::{self, IsTerminal, Read};

use crate::cli::args::LogArgs;
use crate::cli::console::say;
use crate::cli::{Context, Exit, Failure};
use crate::store::{Input, ReadError, Stream, files_below, open_stream};
use crate::text::Safe;
use crate::traffic::unpacked;

/// Threads where none are asked for.
const MOST_THREADS: usize = 8;

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
}

impl Logs {
    /// The logs that were named, those below named folders among them; standard input where none was.
    ///
    /// # Errors
    /// Nothing was named and nobody pipes anything, or standard input is wanted twice.
    pub fn named(args: &LogArgs, context: &Context) -> Result<Self, Failure> {
        if args.files.is_empty() {
            if io::stdin().is_terminal() {
                let text = "nothing to read: name a log, or pipe one in";
                return Err(Failure::said(text.to_owned()));
            }
            context.expect_stdin("the log")?;
            let inputs = vec![Ok(Input::Stdin)];
            return Ok(Self { inputs });
        }
        context.check_stdin(&args.files)?;
        let mut inputs = Vec::new();
        for path in &args.files {
            if path.is_dir() {
                match files_below(path) {
                    Ok(files) => inputs.extend(files.iter().map(|file| Ok(Input::new(file)))),
                    Err(error) => inputs.push(Err(error)),
                }
            } else {
                inputs.push(Ok(Input::new(path)));
            }
        }
        Ok(Self { inputs })
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
        mut read: impl FnMut(&Safe, Box<dyn Read + Send>) -> Result<(), Broken>,
    ) -> Result<Exit, Failure> {
        let mut exit = Exit::Done;
        for input in self.inputs {
            let (name, ended) = match input {
                Ok(input) => {
                    let name = input.shown();
                    let ended = match open_stream(&input) {
                        Ok(Stream { bytes, .. }) => match unpacked(bytes) {
                            Ok(bytes) => read(&name, bytes),
                            Err(error) => Err(Broken::Read(error)),
                        },
                        Err(error) => Err(Broken::Other(error.into())),
                    };
                    (name, ended)
                }
                Err(error) => (Safe::default(), Err(Broken::Other(error.into()))),
            };
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

/// How many threads work on a log.
pub fn threads(args: &LogArgs) -> usize {
    let all = || std::thread::available_parallelism().map_or(1, |all| all.get().min(MOST_THREADS));
    args.jobs.map_or_else(all, |jobs| jobs.get().min(256))
}
