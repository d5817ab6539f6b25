//! The two weeks that something is held against.

use crate::query::Dataset;
use crate::source::{self, Request, base_of};
use crate::text::Safe;
use crate::tui::runner::chain;

/// Two weeks, the older first.
pub struct TwoWeeks {
    pub base: Dataset,
    pub target: Dataset,
    /// What names both on a command line.
    pub words: [String; 2],
}

impl TwoWeeks {
    /// Opens them; the week on screen and the one before it where none are named.
    pub fn open(weeks: Option<[Request; 2]>, within: &Request) -> Result<Self, Safe> {
        let open = |request: &Request| source::open(request).map_err(|error| chain(&error));
        let (requests, target) = if let Some([base, target]) = weeks {
            let opened = open(&target)?;
            ([base, target], opened)
        } else {
            let target = open(within)?;
            let base = base_of(&target, within).map_err(|error| chain(&error))?;
            ([base, within.clone()], target)
        };
        let [from, _] = &requests;
        Ok(Self {
            base: open(from)?,
            target,
            words: requests.map(|request| word(&request)),
        })
    }
}

/// What names a week on a command line.
fn word(request: &Request) -> String {
    match &request.file {
        Some(file) => file.to_string_lossy().into_owned(),
        None => request.week.flag().unwrap_or_else(|| "latest".to_owned()),
    }
}
