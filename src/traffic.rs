//! Logs of any size: where the addresses are in their bytes, and what is counted of them.
//!
//! Bytes come in, spans and counts go out. Whoever calls opens the files and writes the answers.

mod annotate;
mod breakdown;
mod cells;
mod chunks;
mod count;
mod counter;
mod distinct;
mod flow;
mod json;
pub mod log;
mod packed;
mod parts;
mod pick;
mod pool;
mod scanner;
mod seen;
mod select;
mod sets;
mod tally;
mod template;
mod time;

pub use annotate::Annotator;
pub use breakdown::{Breakdown, BreakdownBuilder, Entry, NO_RULE, OTHER_RULES, Who};
pub use cells::{Beside, JsonKeys, NoColumn, annotate_json, annotate_table};
pub use chunks::{CHUNK, Chunk, Chunks, MAX_LINE, Pieces};
pub use count::{Counted, Filter, Opened, Reading, open_log};
pub use counter::Counter;
pub use distinct::{Distinct, FlowCounts, FlowEnd, FlowKey, MOST_FLOWS};
pub use flow::{Action, Direction, End, Flow, Protocol};
pub use packed::unpacked;
pub use parts::PartTally;
pub use pick::Pick;
pub use pool::{Next, Slot, in_order};
pub use scanner::{Scanner, Spot, spots, whole};
pub use seen::{MOST_V4, MOST_V6, Seen};
pub use select::{Found, Selector, Wanted, line_ends};
pub use sets::{Home, Sets};
pub use tally::{By, Counts, Key, Said, Tally};
pub use template::{Absent, Field, Label, Labels, Part, Template, TemplateError};
pub use time::{access as access_time, epoch, iso};
