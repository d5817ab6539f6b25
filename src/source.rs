//! Which data is in use.

mod around;
mod at_hand;
mod choose;
mod clock;
mod files;
mod folders;
mod history_store;
mod impact;
mod import;
mod probing;
mod ranges;
mod update;

pub use around::{base_of, chronicle_of};
pub use at_hand::{Publication, publications, week_before, week_since, weeks};
pub use choose::{Request, SourceError, WeekChoice, open};
pub use clock::today;
pub use files::{
    FileError, ReadRules, WriteFileError, read_registry, read_rule_file, read_rule_files,
    write_file,
};
pub use folders::{FolderError, FolderState, folder_state, stranger};
pub use history_store::{StoredHistory, stored_history, until};
pub use impact::ImpactQuestion;
pub use import::{ImportError, Importer, PATIENCE, Retention};
pub use probing::{TrustError, check_trust, probe_options};
pub use ranges::{RangeFileError, read_ranges};
pub use update::{Backfilled, Giver, Hear, UpdateError, UpdateStep, Updated, Updater};
