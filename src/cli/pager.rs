//! Where an answer goes: to standard output, or through a pager.

use std::env;
use std::io::{self, IsTerminal, StdoutLock, Write};
use std::process::{Child, ChildStdin, Stdio};

use clap::ValueEnum;

use crate::platform::shell;

/// When a pager shows the answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Paging {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    #[default]
    Never,
}

/// The pager where the environment names none, and its options where that gives none: it ends at once
/// where all fits, keeps colours, and leaves the text on the screen.
const PAGER: &str = "less";
const OPTIONS: (&str, &str) = ("LESS", "FRX");

/// What an answer is written to.
pub enum Output {
    /// Standard output.
    Plain(StdoutLock<'static>),
    /// A pager in between.
    Paged {
        /// The pager.
        pager: Child,
        /// Its standard input; none once it is closed.
        input: Option<ChildStdin>,
    },
}

impl Output {
    /// Opens standard output, or starts the pager; one that does not start is passed over.
    #[must_use]
    pub fn open(paging: Paging) -> Self {
        let stdout = io::stdout();
        let is_paged = match paging {
            Paging::Auto => stdout.is_terminal(),
            Paging::Always => true,
            Paging::Never => false,
        };
        let started = is_paged.then(start).and_then(Result::ok);
        match started {
            Some(mut pager) => Self::Paged {
                input: pager.stdin.take(),
                pager,
            },
            None => Self::Plain(stdout.lock()),
        }
    }

    /// Waits for the pager, whose user may still read.
    pub fn close(&mut self) {
        if let Self::Paged { pager, input } = self {
            drop(input.take());
            let _ = pager.wait();
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(out) => out.write(bytes),
            Self::Paged {
                input: Some(input), ..
            } => input.write(bytes),
            Self::Paged { input: None, .. } => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(out) => out.flush(),
            Self::Paged {
                input: Some(input), ..
            } => input.flush(),
            Self::Paged { input: None, .. } => Ok(()),
        }
    }
}

/// `$PAGER` may be a program with options, so a shell reads it.
fn start() -> io::Result<Child> {
    let named = env::var_os("PAGER").filter(|pager| !pager.is_empty());
    let mut command = shell(&named.unwrap_or_else(|| PAGER.into()));
    if env::var_os(OPTIONS.0).is_none() {
        command.env(OPTIONS.0, OPTIONS.1);
    }
    command.stdin(Stdio::piped()).spawn()
}
