//! Tasks of the view Rules: files, saved lists, changes on disk, two weeks.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::azure::decompress;
use crate::query::rules::impact::{Options, Stated, ask, usable, wants_older};
use crate::query::rules::{self, Loaded};
use crate::rules::{MAX_RULES, read_rules};
use crate::source::{self, Request, base_of, older_weeks};
use crate::store::{
    Input, RuleList, Stamp, expand_home, load_rule_list, read_bounded, save_rule_list,
};
use crate::text::{Safe, counted};
use crate::tui::runner::chain;
use crate::tui::{ImpactRun, RulesFrom, RulesRead};

/// What is said where lists would be kept beside the settings, and there is no place for those.
const HOMELESS: &str = "there is no home folder to keep lists of rules in";
/// How often files are looked at: their dates, not what is in them.
pub const GLANCE: Duration = Duration::from_secs(2);

/// What was read, and the list that named it.
type Read = (Vec<RulesRead>, Option<RuleList>);

pub fn read(from: &RulesFrom, folder: Option<&Path>) -> Result<Read, Safe> {
    match from {
        RulesFrom::Files(paths) => Ok((paths.iter().map(read_one).collect(), None)),
        RulesFrom::Saved(name) => {
            let Some(folder) = folder else {
                return Err(Safe::new(HOMELESS));
            };
            match load_rule_list(folder, name) {
                Ok(list) => Ok((list.files.iter().map(read_one).collect(), Some(list))),
                Err(error) => Err(chain(&error)),
            }
        }
    }
}

fn read_one(path: impl AsRef<Path>) -> RulesRead {
    let path = expand_home(path.as_ref());
    // The same file by two names is one file, and a list outlives the folder that it was made in.
    let whole = std::fs::canonicalize(&path).or_else(|_| std::path::absolute(&path));
    let path = whole.unwrap_or(path);
    // Before it is read: what changes in between is seen afterwards.
    let stamp = Stamp::of(&path);
    let found = content(&path);
    RulesRead { path, stamp, found }
}

fn content(path: &Path) -> Result<(Loaded, Option<String>), Safe> {
    let input = Input::File(path.to_owned());
    let bytes = read_bounded(&input, MAX_RULES).map_err(|error| chain(&error))?;
    let bytes = decompress(bytes).map_err(|error| chain(&error))?;
    let path = input.shown();
    if u64::try_from(bytes.len()).is_ok_and(|length| length > MAX_RULES) {
        let most = MAX_RULES >> 20;
        let text = format!("{path} unpacks to more than {most} MiB, which no file of rules has");
        return Err(Safe::from(text));
    }
    let file = read_rules(&bytes).map_err(|error| Safe::from(format!("{path} {error}")))?;
    let text = String::from_utf8(bytes).ok();
    Ok((Loaded { path, file }, text))
}

/// Comes back when one of the files is another than it was.
pub async fn watch(files: Vec<(PathBuf, Option<Stamp>)>, every: Duration) {
    let files = Arc::new(files);
    loop {
        tokio::time::sleep(every).await;
        let own = Arc::clone(&files);
        // A file on a network drive may let its reader wait.
        let has_changed = tokio::task::spawn_blocking(move || {
            own.iter().any(|(path, stamp)| Stamp::of(path) != *stamp)
        });
        if has_changed.await.unwrap_or(false) {
            return;
        }
    }
}

pub fn save(folder: Option<&Path>, name: &str, list: &RuleList) -> Result<Safe, Safe> {
    let Some(folder) = folder else {
        return Err(Safe::new(HOMELESS));
    };
    match save_rule_list(folder, name, list) {
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
    files: &[rules::Loaded],
    stands_for: &[String],
    weeks: Option<[Request; 2]>,
    within: &Request,
) -> Result<ImpactRun, Safe> {
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
    let base = open(from)?;
    let stated = stands_for.iter().map(|text| Stated::parse(text)).collect();
    // What was stated of a row that is gone must not hide what becomes of the others.
    let (stated, notes) = usable(stated, files, &base, &target);
    let older = if wants_older(files, &base, &target, &stated) {
        older_weeks(&base, within)
    } else {
        Vec::new()
    };
    let options = Options {
        stated: &stated,
        older: &older,
    };
    let answer = ask(files, &base, &target, options).map_err(|error| chain(&error))?;
    Ok(ImpactRun {
        answer,
        base,
        target,
        words: requests.map(|request| word(&request)),
        notes,
    })
}

/// What names a week on a command line.
fn word(request: &Request) -> String {
    match &request.file {
        Some(file) => file.to_string_lossy().into_owned(),
        None => request.week.flag().unwrap_or_else(|| "latest".to_owned()),
    }
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
        let stamp = Stamp::of(&file);
        std::fs::write(&file, "203.0.113.0/25 203.0.113.128/25\n").unwrap();
        watch(vec![(file, stamp)], Duration::from_millis(1)).await;
    }
}
