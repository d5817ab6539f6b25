//! Changes of the watch list on their way to its file.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use crate::store::keep_watched;
use crate::text::Safe;
use crate::tui::runner::chain;
use crate::tui::runner::saving::Changes;

/// Whether each tag is watched from now on.
#[derive(Debug, Clone, Default)]
pub struct WatchChanges(BTreeMap<String, bool>);

impl WatchChanges {
    pub fn of(name: String, is_watched: bool) -> Self {
        Self(BTreeMap::from([(name, is_watched)]))
    }
}

impl Changes for WatchChanges {
    const NOT_SAVED: &'static str = "the watch list is not saved";
    const NO_HOME: &'static str =
        "watched until the end: there is no home folder to keep the list in";

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn add(&mut self, newer: Self) {
        self.0.extend(newer.0);
    }

    fn save(&self, file: &Path, patience: Duration) -> Result<(), Safe> {
        let list: Vec<(String, bool)> = self.0.clone().into_iter().collect();
        keep_watched(file, &list, patience).map_err(|error| chain(&error))
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use std::time::{Duration, Instant};

    use super::*;
    use crate::store::read_watched;
    use crate::tui::Ticket;
    use crate::tui::runner::saving::{PATIENCE, Unsaved};
    use crate::tui::runner::writing::LAST_WAIT;

    type Watching = Unsaved<WatchChanges>;

    /// The end of the dashboard.
    fn finish(unsaved: &Watching, file: Option<&Path>) -> Option<Safe> {
        let until = Instant::now() + LAST_WAIT;
        unsaved.try_last(file, LAST_WAIT);
        unsaved.finish(file, until)
    }

    fn names(file: &Path) -> Vec<String> {
        read_watched(file).unwrap().into_iter().collect()
    }

    #[test]
    fn one_task_writes_what_came_before_and_meanwhile_and_answers_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("watched.txt");
        let unsaved = Watching::default();
        let add = |ticket, name: &str, is_watched| {
            unsaved.add(
                Ticket(ticket),
                WatchChanges::of(name.to_owned(), is_watched),
            )
        };
        let write = |file| unsaved.write(file, Duration::ZERO);
        assert!(add(1, "Sql", true));
        for (ticket, name, is_watched) in [
            (2, "Storage", true),
            (3, "Sql", false),
            (4, "AzureCloud", true),
        ] {
            assert!(!add(ticket, name, is_watched), "one is enough");
        }
        let others = [2, 3, 4].map(Ticket).to_vec();
        assert_eq!(write(Some(&file)), (Ok(()), others));
        assert_eq!(names(&file), ["AzureCloud", "Storage"]);
        assert!(add(5, "Sql", true));
        assert_eq!(write(Some(&file)), (Ok(()), Vec::new()));
        assert_eq!(finish(&unsaved, Some(&file)), None);
        assert_eq!(names(&file), ["AzureCloud", "Sql", "Storage"]);
        assert!(add(6, "Sql", false));
        assert!(write(None).0.is_err());
        assert_eq!(finish(&unsaved, None), None);
    }

    #[test]
    fn what_could_not_be_saved_is_tried_again_and_the_end_never_waits_long() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("watched.txt");
        let lock = File::create(folder.path().join(".watched.lock")).unwrap();
        lock.lock().unwrap();
        let unsaved = Watching::default();
        let change = |name: &str| WatchChanges::of(name.to_owned(), true);
        let add = |ticket, name: &str| unsaved.add(Ticket(ticket), change(name));
        assert!(add(1, "Sql") && !add(2, "Sql"));
        let (saved, others) = unsaved.write(Some(&file), Duration::ZERO);
        let said = saved.unwrap_err();
        assert!(said.as_str().contains(".watched.lock"), "{said}");
        assert_eq!(others, [Ticket(2)]);
        let start = Instant::now();
        let lost = finish(&unsaved, Some(&file)).unwrap();
        assert!(lost.as_str().contains("not saved"), "{lost}");
        assert!(start.elapsed() < PATIENCE, "the end waited for the lock");
        drop(lock);
        // The task of the end may still be on its way, and then takes this one along.
        if add(3, "Storage") {
            assert_eq!(unsaved.write(Some(&file), PATIENCE).0, Ok(()));
        }
        assert!((0..20).any(|_| finish(&unsaved, Some(&file)).is_none()));
        assert_eq!(names(&file), ["Sql", "Storage"]);
    }
}
