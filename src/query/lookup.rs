//! Which tags hold an address, a block, a range or a host.

mod answer;
mod extract;
mod parse;
mod record;
mod special;
mod words;

pub use answer::{
    Coverage, HostAddress, HostLookup, LookupAnswer, LookupTable, Match, Relation, TagCoverage,
    ask, ask_host,
};
pub(in crate::query) use extract::client_address;
pub use parse::{Query, QueryError, QueryKind, Subject};
pub use record::LookupRecord;

pub(in crate::query) use extract::{HELP, unescaped};
