//! Why a host name leads nowhere.

use std::time::Duration;

use crate::text::{NameFlaw, Safe, cut_end};

/// Why a host name could not be resolved; each text says what to do next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResolveError {
    /// The text cannot be a host name; nobody was asked.
    #[error("\"{name}\" is not a host name: {flaw}")]
    NotAName {
        /// The text as given, cut to 80 columns.
        name: Safe,
        /// What is wrong with it.
        flaw: NameFlaw,
    },
    /// The name does not exist, and somebody who should know said so.
    #[error("no host is named {name}: check the spelling, or ask from a network that knows it")]
    NoSuchHost {
        /// The name asked for.
        name: Safe,
    },
    /// The name exists, but no address does; aliases that go in circles end here too.
    #[error("{name} exists but leads to no address: check the name, or the aliases behind it")]
    NoAddress {
        /// The name asked for.
        name: Safe,
    },
    /// A name server answered that it cannot answer.
    #[error(
        "the name server gave no answer for {name} ({reason}): try again, or from another network"
    )]
    Server {
        /// The name asked for.
        name: Safe,
        /// The server's code in words.
        reason: Safe,
    },
    /// No name server could be reached, or what came back was no answer.
    #[error("could not ask for {name} ({reason}): check the network connection")]
    Network {
        /// The name asked for.
        name: Safe,
        /// The system's words.
        reason: Safe,
    },
    /// The system names no name server.
    #[error("no name server to ask for {name} ({reason}): check the system's DNS settings")]
    NoServer {
        /// The name asked for.
        name: Safe,
        /// The system's words.
        reason: Safe,
    },
    /// Nobody answered in time.
    #[error("no answer for {name} within {limit:?}: check the network, or allow more time")]
    Timeout {
        /// The name asked for.
        name: Safe,
        /// The time that was allowed.
        limit: Duration,
    },
}

impl ResolveError {
    pub(super) fn not_a_name(text: &str, flaw: NameFlaw) -> Self {
        // Cut before cleaning: an argument may be megabytes.
        let head: String = text.chars().take(200).collect();
        let name = Safe::new(&cut_end(Safe::new(&head).as_str(), 80));
        Self::NotAName { name, flaw }
    }

    /// Whether this is knowledge about the name and not a failure to ask.
    pub(super) const fn is_negative(&self) -> bool {
        matches!(self, Self::NoSuchHost { .. } | Self::NoAddress { .. })
    }

    /// The one of `failures` that tells most; among equals the first.
    pub(super) fn most_telling(
        failures: impl IntoIterator<Item = Option<Self>>,
        name: Safe,
    ) -> Self {
        let failures = failures.into_iter().flatten();
        let best = failures.min_by_key(Self::vagueness);
        best.unwrap_or(Self::NoAddress { name })
    }

    const fn vagueness(&self) -> u8 {
        match self {
            Self::NotAName { .. } => 0,
            Self::NoAddress { .. } => 1,
            Self::NoSuchHost { .. } => 2,
            Self::Server { .. } => 3,
            Self::Network { .. } => 4,
            Self::NoServer { .. } => 5,
            Self::Timeout { .. } => 6,
        }
    }
}
