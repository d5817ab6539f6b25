//! What is asked of the network by name: addresses and aliases of a host.
//!
//! Nothing here runs unless a person asks for a host; everything is bounded in time, in names and
//! in addresses, and all text from outside is [`Safe`](crate::text::Safe).

mod resolve;

pub use resolve::{
    MAX_ADDRESSES, MAX_CHAIN, NameFlaw, Resolution, ResolveError, Resolver, resolve,
};

use crate::query::lookup::Host;
use crate::text::Safe;

impl From<Resolution> for Host {
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
