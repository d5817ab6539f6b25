//! Which tags hold an address, a block, a range or a host.

mod answer;
mod extract;
mod parse;
mod special;
mod words;

pub use answer::{
    Coverage, HostAddress, HostLookup, LookupAnswer, LookupRecord, LookupTable, Match, Relation,
    TagCoverage, ask, ask_host,
};
pub(in crate::query) use extract::client_address;
pub use parse::{Query, QueryError, QueryKind, Subject};

pub(in crate::query) use extract::{HELP, unescaped};
