//! How a run ends.

use std::io;
use std::process::ExitCode;

use color_eyre::eyre::Report;

use crate::source::UpdateError;

/// Exit codes of the contract; the greater rank wins when several apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Exit {
    /// 0: done, found, no difference.
    Done,
    /// 1: the answer is "no".
    No,
    /// 3: older than `--max-age`.
    Stale,
    /// 4: the network or a server failed.
    Network,
    /// 2: usage, bad input, damaged file, or any other failure.
    Failed,
    /// 130: Ctrl-C.
    Interrupted,
}

impl Exit {
    /// The code.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::No => 1,
            Self::Failed => 2,
            Self::Stale => 3,
            Self::Network => 4,
            Self::Interrupted => 130,
        }
    }

    /// The one that counts: 130, 2, 4, 3, 1, 0 in that order.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let rank = |exit: Self| match exit {
            Self::Done => 0,
            Self::No => 1,
            Self::Stale => 2,
            Self::Network => 3,
            Self::Failed => 4,
            Self::Interrupted => 5,
        };
        if rank(self) >= rank(other) {
            self
        } else {
            other
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Why a run ended early, with its exit code.
#[derive(Debug)]
pub struct Failure {
    /// The code.
    pub exit: Exit,
    /// The chain of causes.
    pub report: Report,
}

impl Failure {
    /// A failure of the network.
    pub fn network(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self {
            exit: Exit::Network,
            report: Report::new(error),
        }
    }

    /// A failure in a sentence.
    #[must_use]
    pub fn said(sentence: String) -> Self {
        Self {
            exit: Exit::Failed,
            report: Report::msg(sentence),
        }
    }

    /// Whether the reader of our output has gone away.
    #[must_use]
    pub fn is_broken_pipe(&self) -> bool {
        self.report.chain().any(|cause| {
            let io = cause.downcast_ref::<io::Error>();
            io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
        })
    }

    /// The chain on one line: `tagscope: what: why`.
    #[must_use]
    pub fn sentence(&self) -> String {
        let causes: Vec<String> = self.report.chain().map(ToString::to_string).collect();
        let text = crate::text::clean(&causes.join(": ")).into_owned();
        format!("tagscope: {text}")
    }
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        let report = Report::new(error);
        let is_network = report
            .downcast_ref::<UpdateError>()
            .is_some_and(UpdateError::is_network);
        let exit = if is_network {
            Exit::Network
        } else {
            Exit::Failed
        };
        Self { exit, report }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_rank_2_4_3_1() {
        let order = [
            Exit::Done,
            Exit::No,
            Exit::Stale,
            Exit::Network,
            Exit::Failed,
        ];
        assert_eq!(order.map(Exit::code), [0, 1, 3, 4, 2]);
        for (place, &lower) in order.iter().enumerate() {
            for &higher in &order[place..] {
                assert_eq!((lower.or(higher), higher.or(lower)), (higher, higher));
            }
        }
    }
}
