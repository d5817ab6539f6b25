//! Which tags hold an address, a block, a range or a host.

mod answer;
mod asked;
mod extract;
mod found;
mod list;
mod parse;
mod record;
mod special;
mod tally;
mod within;
mod words;

pub use answer::{
    Coverage, HostAddress, HostLookup, LookupAnswer, LookupTable, TagCoverage, ask, ask_best,
    ask_host,
};
pub use asked::{Asked, AskedError, Within, read};
pub(in crate::query) use extract::client_address;
pub use found::{AlsoMatch, Match, Relation};
pub use list::{ListEntry, ListItem, ListReader, read_list};
pub use parse::{Query, QueryError, QueryKind, Subject};
pub use record::{FoundRecord, LookupRecord, QueryPlace};
pub use tally::{Tally, TallyAnswer, TallyBy, TallyRow};
pub use within::{PlatformRecord, WithinAnswer, WithinRow, ask_within};

pub(in crate::query) use extract::{HELP, unescaped};
