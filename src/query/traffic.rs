//! What was counted of logs, as tables.

mod against;
mod breakdown;
mod span;
mod suggest;
mod top;
mod touched;

pub use against::{AgainstAnswer, AgainstRow, Change, addresses_of, ask_against};
pub use breakdown::{
    BreakdownAnswer, BreakdownQuestion, BreakdownRow, EndRow, LocatedBreakdown, RowOrder,
    ask_breakdown,
};
pub use span::{far_from, said_span};
pub use suggest::{SeenTraffic, SuggestAnswer, SuggestedTag, suggest};
pub use top::{NOWHERE, TopAnswer, TopQuestion, TopRow, ask, share};
pub use touched::{TouchAnswer, TouchEffect, TouchQuestion, TouchRecord, TouchRow};
