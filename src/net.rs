//! What is asked of the network: addresses and aliases of a host, and the publications.
//!
//! Nothing here runs unless a person asks for it, or has set that it should; everything is bounded
//! in time and in size, and all text from outside is [`Safe`](crate::text::Safe). Nothing is kept:
//! what becomes of a document that was fetched is not decided here.

mod api;
mod body;
mod busy;
mod client;
mod diagnose;
mod error;
mod fetched;
mod hosts;
mod lookup;
mod options;
mod page;
mod probe;
mod publisher;
mod resolve;
mod token;
mod words;

pub use api::{ApiView, join_pages};
pub use client::check_roots;
pub use error::FetchError;
pub use fetched::{FetchProgress, FetchRoute, Fetched, HeldDocument, Latest, Report};
pub use options::{Limits, NetOptions, Proxy, Trust};
pub use page::{Link, links};
pub use probe::{ProbeOptions, probe, probe_all};
pub use publisher::Publisher;
pub use resolve::{HostResolver, MAX_ADDRESSES, MAX_CHAIN, Resolution, ResolveError, resolve};
pub use token::Token;

use crate::query::lookup::HostLookup;
use crate::text::Safe;

impl From<Resolution> for HostLookup {
    fn from(found: Resolution) -> Self {
        Self {
            chain: found.chain,
            addresses: found.addresses,
            only_system: found.only_system,
            only_dns: found.only_dns,
            dns_failure: found.dns_failure.map(|error| Safe::from(error.to_string())),
        }
    }
}
