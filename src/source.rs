//! Which data is in use.

mod annals;
mod around;
mod at_hand;
mod choose;
mod import;
mod probing;
mod update;

pub use annals::{Annals, annals, until};
pub use around::{base_of, older_weeks};
pub use at_hand::{Publication, publications, week_before, weeks};
pub use choose::{Request, SourceError, WeekChoice, open};
pub use import::{ImportError, Importer, Keep, PATIENCE};
pub use probing::probe_options;
pub use update::{Backfilled, Giver, Hear, Step, UpdateError, Updated, Updater};
