//! What was counted of logs, as tables.

mod against;
mod suggest;
mod top;

pub use against::{AgainstAnswer, AgainstRow, Change, ask_against};
pub use suggest::{SuggestAnswer, SuggestedTag, suggest};
pub use top::{TopAnswer, TopQuestion, TopRow, ask};
