//! Which data is in use.

mod at_hand;
mod choose;
mod import;
mod update;

pub use at_hand::{Publication, chronicle, publications, weeks};
pub use choose::{Request, SourceError, WeekChoice, open};
pub use import::{ImportError, Importer, Keep, PATIENCE};
pub use update::{Backfilled, Hear, Step, UpdateError, Updated, Updater};
