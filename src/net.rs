//! What is asked of the network by name: addresses and aliases of a host.
//!
//! Nothing here runs unless a person asks for a host; everything is bounded in time, in names and
//! in addresses, and all text from outside is [`Safe`](crate::text::Safe).

mod resolve;

pub use resolve::{
    MAX_ADDRESSES, MAX_CHAIN, NameFlaw, Resolution, ResolveError, Resolver, resolve,
};
