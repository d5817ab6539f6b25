//! What comes back at the next start: read when the dashboard begins, and kept while it runs.

use std::path::Path;
use std::time::Duration;

use crate::store::{KeptState, StateChanges, StateError, keep_state, read_state};
use crate::text::Safe;
use crate::tui::runner::chain;
use crate::tui::runner::saving::Changes;

/// How long changes are gathered before they are written.
pub const PAUSE: Duration = Duration::from_secs(2);

/// What is to be kept.
#[derive(Debug, Clone, Default)]
pub struct KeptChanges(pub StateChanges);

impl Changes for KeptChanges {
    const NOT_SAVED: &'static str = "the view, filters and queries are not kept";
    const NO_HOME: &'static str =
        "the view, filters and queries are not kept: there is no home folder";

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn add(&mut self, newer: Self) {
        self.0.add(newer.0);
    }

    fn save(&self, file: &Path, patience: Duration) -> Result<(), Safe> {
        keep_state(file, &self.0, patience).map_err(|error| chain(&error))
    }
}

pub fn read(file: Option<&Path>) -> Result<Box<KeptState>, Safe> {
    let state = file.map_or_else(|| Ok(KeptState::default()), read_state);
    state.map(Box::new).map_err(|error| unread(&error))
}

/// What is said where nothing comes back.
#[must_use]
pub fn unread(error: &StateError) -> Safe {
    let reason = chain(error);
    Safe::from(format!(
        "the last view and queries do not come back: {reason}"
    ))
}
