//! Which data is in use.

mod around;
mod at_hand;
mod choose;
mod history_store;
mod import;
mod probing;
mod update;

pub use around::{base_of, older_weeks};
pub use at_hand::{Publication, publications, week_before, weeks};
pub use choose::{Request, SourceError, WeekChoice, open};
pub use history_store::{StoredHistory, stored_history, until};
pub use import::{ImportError, Importer, Keep, PATIENCE};
pub use probing::probe_options;
pub use update::{Backfilled, Giver, Hear, Step, UpdateError, Updated, Updater};
