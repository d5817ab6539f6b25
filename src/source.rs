//! Which data is in use.

mod at_hand;
mod choose;
mod import;

pub use at_hand::{chronicle, weeks};
pub use choose::{Request, SourceError, WeekChoice, open};
pub use import::{ImportError, Importer, Keep, PATIENCE};
