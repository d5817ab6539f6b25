//! Which tags hold an address, a block, a range or a host.

mod answer;
mod extract;
mod parse;
mod words;

pub use answer::{
    Answer, Coverage, Host, HostAddress, Match, Record, Relation, Table, TagCoverage, ask, ask_host,
};
pub(in crate::query) use extract::client_address;
pub use parse::{Kind, Query, QueryError, Subject};

pub(in crate::query) use extract::{HELP, unescaped};
