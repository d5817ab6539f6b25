//! Tasks of the view Rules: files, saved lists, changes on disk, two weeks.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::query::rules;
use crate::source::{ImpactQuestion, Request, read_rule_file};
use crate::store::{
    FileStamp, Input, RuleList, RuleListError, expand_home, load_rule_list, save_rule_list,
};
use crate::text::{Safe, counted};
use crate::tui::runner::chain;
use crate::tui::runner::weeks::TwoWeeks;
use crate::tui::{ImpactRun, RulesFrom, RulesRead};

/// How often files are looked at: their dates, not what is in them.
pub const GLANCE: Duration = Duration::from_secs(2);

/// What was read, and the list that named it.
type Read = (Vec<RulesRead>, Option<RuleList>);

pub fn read(from: &RulesFrom, folder: Option<&Path>) -> Result<Read, Safe> {
    match from {
        RulesFrom::Files(paths) => Ok((paths.iter().map(read_one).collect(), None)),
        RulesFrom::Saved(name) => {
            let folder = folder.ok_or(RuleListError::NoFolder);
            let list = folder.and_then(|folder| load_rule_list(folder, name));
            let list = list.map_err(|error| chain(&error))?;
            Ok((list.files.iter().map(read_one).collect(), Some(list)))
        }
    }
}

fn read_one(path: impl AsRef<Path>) -> RulesRead {
    let path = expand_home(path.as_ref());
    // The same file by two names is one file, and a list outlives the folder that it was made in.
    let whole = std::fs::canonicalize(&path).or_else(|_| std::path::absolute(&path));
    let path = whole.unwrap_or(path);
    // Before it is read: what changes in between is seen afterwards.
    let stamp = FileStamp::of(&path);
    let found = read_rule_file(Input::File(path.clone()));
    let found = found.map(|(loaded, bytes)| (loaded, String::from_utf8(bytes).ok()));
    let found = found.map_err(|error| chain(&error));
    RulesRead { path, stamp, found }
}

/// Comes back when one of the files is another than it was.
pub async fn watch(files: Vec<(PathBuf, Option<FileStamp>)>, every: Duration) {
    let files = Arc::new(files);
    loop {
        tokio::time::sleep(every).await;
        let own = Arc::clone(&files);
        // A file on a network drive may let its reader wait.
        let has_changed = tokio::task::spawn_blocking(move || {
            own.iter()
                .any(|(path, stamp)| FileStamp::of(path) != *stamp)
        });
        if has_changed.await.unwrap_or(false) {
            return;
        }
    }
}

pub fn save(folder: Option<&Path>, name: &str, list: &RuleList) -> Result<Safe, Safe> {
    let folder = folder.ok_or(RuleListError::NoFolder);
    match folder.and_then(|folder| save_rule_list(folder, name, list)) {
        Ok(is_replaced) => {
            let over = if is_replaced {
                " in place of what was saved before"
            } else {
                ""
            };
            let files = counted(list.files.len(), "file", "files");
            let text = format!("saved {files} as {name}{over}; :load {name} opens them");
            Ok(Safe::from(text))
        }
        Err(error) => Err(chain(&error)),
    }
}

/// What two weeks do to rules; the week on screen and the one before it where none are named.
pub fn impact(
    files: &[rules::LoadedFile],
    stands_for: &[String],
    weeks: Option<[Request; 2]>,
    within: &Request,
) -> Result<ImpactRun, Safe> {
    let TwoWeeks {
        base,
        target,
        words,
    } = TwoWeeks::open(weeks, within)?;
    let question = ImpactQuestion {
        files,
        weeks: [&base, &target],
        stated: &[],
        kept: stands_for,
        within,
    };
    let (notes, answer) = question.ask();
    let answer = answer.map_err(|error| chain(&error))?;
    Ok(ImpactRun {
        answer,
        base,
        target,
        words,
        notes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "203.0.113.0/24\n";

    #[test]
    fn a_file_that_is_no_rules_is_among_the_others_with_its_reason() {
        let home = tempfile::tempdir().unwrap();
        let [good, bad, none] = ["good.txt", "bad.json", "none"].map(|name| home.path().join(name));
        std::fs::write(&good, LIST).unwrap();
        std::fs::write(&bad, "{}").unwrap();
        let from = RulesFrom::Files(vec![good.clone(), bad, none]);
        let Ok((found, None)) = read(&from, None) else {
            panic!("nothing read");
        };
        let [good, bad, none] = found.as_slice() else {
            panic!("{found:?}");
        };
        assert_eq!(good.found.as_ref().unwrap().1.as_deref(), Some(LIST));
        assert!(good.stamp.is_some());
        assert!(
            bad.found
                .as_ref()
                .unwrap_err()
                .as_str()
                .contains("bad.json")
        );
        assert!(
            none.found
                .as_ref()
                .unwrap_err()
                .as_str()
                .contains("cannot read")
        );
        assert_eq!(none.stamp, None);
    }

    #[test]
    fn a_saved_list_is_read_by_its_name() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("rules");
        let file = home.path().join("list.txt");
        std::fs::write(&file, LIST).unwrap();
        let list = RuleList {
            files: vec![file],
            stands_for: vec!["Storage".to_owned()],
        };
        let said = |saved: Result<Safe, Safe>| match saved {
            Ok(text) | Err(text) => text.to_string(),
        };
        let text = said(save(Some(&folder), "prod", &list));
        assert!(text.contains("saved 1 file as prod; :load prod"), "{text}");
        let text = said(save(Some(&folder), "prod", &list));
        assert!(text.contains("in place of"), "{text}");
        let saved = RulesFrom::Saved("prod".to_owned());
        let Ok((found, Some(again))) = read(&saved, Some(&folder)) else {
            panic!("nothing read");
        };
        assert_eq!(again, list);
        assert!(found.iter().all(|one| one.found.is_ok()));
        let unread = read(&saved, None).unwrap_err();
        assert!(unread.as_str().contains("no home folder"));
        assert!(said(save(None, "prod", &list)).contains("no home folder"));
    }

    #[tokio::test]
    async fn a_change_on_disk_is_seen() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("list.txt");
        std::fs::write(&file, LIST).unwrap();
        let stamp = FileStamp::of(&file);
        std::fs::write(&file, "203.0.113.0/25 203.0.113.128/25\n").unwrap();
        watch(vec![(file, stamp)], Duration::from_millis(1)).await;
    }
}
