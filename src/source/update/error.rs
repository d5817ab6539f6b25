//! Why nothing new is held: a sentence for each cause, and whether the network is to blame.

use std::path::{Path, PathBuf};

use crate::azure::{Dialect, DocumentError, Doubt};
use crate::net::FetchError;
use crate::source::SourceError;
use crate::source::update::discovery::TOKEN_VARIABLE;
use crate::store::{ArchiveError, ReadError};
use crate::text::Safe;

/// Why nothing new is held.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    /// The network is forbidden.
    #[error(
        "the network is forbidden (--offline, TAGSCOPE_OFFLINE or the settings): nothing was asked; --from FILE needs none"
    )]
    Offline,
    /// There is nowhere to keep it.
    #[error("no folder to keep it in: there is no home folder; name one with --data-dir")]
    NoFolder,
    /// The fetch failed.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// What came is no document of service tags.
    #[error("{} cannot be used; what is held stays", giver.what(origin))]
    Document {
        /// Where it came from.
        origin: Safe,
        /// Who gave it.
        giver: Giver,
        /// What it is instead.
        source: DocumentError,
    },
    /// What came may not take its place by itself.
    #[error("{} is not taken: {doubt}{}", giver.what(origin), advice(doubt, aside.as_deref()))]
    Doubt {
        /// Where it came from.
        origin: Safe,
        /// Who gave it.
        giver: Giver,
        /// Why.
        doubt: Box<Doubt>,
        /// Where it was put, where a person may accept it.
        aside: Option<PathBuf>,
    },
    /// A published file where an answer of the API belongs, or the other way round.
    #[error("what {origin} sent is {}", other_kind(*found))]
    OtherKind {
        /// Where it came from.
        origin: Safe,
        /// What it is.
        found: Dialect,
    },
    /// Nothing says of which date it is.
    #[error("{origin} has no date in its name: say it with --date 2026-10-19")]
    NoDate {
        /// Where it came from.
        origin: Safe,
    },
    /// A file cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The archive cannot be written.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// What is held cannot be opened.
    #[error("what is held cannot be opened")]
    Source(#[from] SourceError),
    /// No token for the API.
    #[error(
        "no access token for the Discovery API: set {TOKEN_VARIABLE}, or sign in with `az login` ({reason})"
    )]
    NoToken {
        /// What `az` said.
        reason: Safe,
    },
    /// The runtime cannot start.
    #[error("the fetch cannot be started")]
    Runtime(#[from] std::io::Error),
}

/// Who gave a document: a server that failed is another matter than a file that was named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Giver {
    /// A server.
    Server,
    /// The user, as a file.
    File,
}

impl Giver {
    fn what(self, origin: &Safe) -> String {
        match self {
            Self::Server => format!("what {origin} sent"),
            Self::File => origin.to_string(),
        }
    }
}

fn advice(doubt: &Doubt, aside: Option<&Path>) -> String {
    match aside {
        Some(path) => format!(
            "; it is put aside at {}: look at it, then `tagscope import` with that path takes it \
             (`tagscope update --force` would have)",
            path.display()
        ),
        None if doubt.can_be_forced() => "; the same command with --force takes it".to_owned(),
        None => "; what is held stays".to_owned(),
    }
}

const fn other_kind(found: Dialect) -> &'static str {
    match found {
        Dialect::Api => {
            "an answer of the Discovery API and no published file; `tagscope update --from` with \
             its address keeps it as what it is"
        }
        Dialect::File => {
            "a published file and no answer of the Discovery API; check management_url in the \
             settings"
        }
    }
}

impl UpdateError {
    /// Whether the network or a server failed, rather than what was asked or this machine.
    #[must_use]
    pub const fn is_network(&self) -> bool {
        match self {
            Self::Fetch(error) => error.is_network(),
            Self::Document { giver, .. } | Self::Doubt { giver, .. } => {
                matches!(giver, Giver::Server)
            }
            Self::OtherKind { .. } => true,
            _ => false,
        }
    }
}
