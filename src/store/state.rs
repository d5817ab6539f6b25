//! What comes back at the next start of the dashboard: the view, its filters, the files of rules and
//! the queries that were answered, in one file of TOML beside the watch list.
//!
//! Several dashboards share the file: each writes it whole under a lock, and adds its queries to those
//! that are there. It never has a week, a registry or a pasted text.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::query::ViewTopic;
use crate::query::tags::{RegionChoice, Sort};
use crate::store::file_lock::FileLock;
use crate::store::whole::write_private;
use crate::store::{Input, Paths, ReadError, read_bounded};
use crate::text::{Safe, clean, cut_end};

const VERSION: u32 = 1;
/// Largest file that is read.
const MAX_BYTES: u64 = 1 << 20;
/// Most queries that are kept.
pub const MOST_QUERIES: usize = 200;
/// Most files of rules that are kept.
pub const MOST_RULE_FILES: usize = 32;
/// Longest query or filter that is kept, in characters.
const LONGEST: usize = 1024;
const HEAD: &str = "# What tagscope's dashboard brings back at its next start; --fresh starts without it, and\n\
                    # state = \"off\" in the settings keeps nothing.\n";

/// What comes back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeptState {
    /// The view and what is filtered.
    pub view: KeptView,
    /// Queries that were answered, newest last.
    pub queries: Vec<String>,
}

/// The view and what is filtered, as the last dashboard that ended had them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeptView {
    /// The open view.
    pub topic: Option<ViewTopic>,
    /// The table of tags.
    pub tags: KeptTags,
    /// The filter of Endpoints.
    pub endpoints: String,
    /// The filter of Rules.
    pub rules: String,
    /// The filter of Diff.
    pub diff: String,
    /// The open files of rules, absolute.
    pub rule_files: Vec<PathBuf>,
}

/// What the table of tags shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeptTags {
    /// Its filter.
    pub filter: String,
    /// Its regions.
    pub region: RegionChoice,
    /// Its order.
    pub sort: Sort,
    /// Whether the order is turned around.
    pub is_reversed: bool,
}

/// What is to be written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StateChanges {
    /// The view in place of the one that is kept; `None` leaves that.
    pub view: Option<KeptView>,
    /// Queries that were answered since the last time, newest last.
    pub queries: Vec<String>,
    /// Whether what is kept is dropped first.
    pub is_anew: bool,
}

/// Why a state is not read or kept.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The file cannot be read or written.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It can be read, and is something else.
    #[error("{path} is damaged: {reason}")]
    Shape {
        /// The path.
        path: Safe,
        /// What is wrong.
        reason: Safe,
    },
    /// A file of another program's version.
    #[error("{path} has version {version}, and this tagscope knows {VERSION}; --fresh replaces it")]
    Version {
        /// The path.
        path: Safe,
        /// The file's version.
        version: u32,
    },
}

/// A file as it is written.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct File {
    version: u32,
    /// The view by its verb.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    view: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    rule_files: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    queries: Vec<String>,
    #[serde(default)]
    tags: TagsTable,
    #[serde(default)]
    endpoints: FilterTable,
    #[serde(default)]
    rules: FilterTable,
    #[serde(default)]
    diff: FilterTable,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
struct TagsTable {
    #[serde(skip_serializing_if = "String::is_empty")]
    filter: String,
    /// A published property or `none`; nothing for all.
    #[serde(skip_serializing_if = "String::is_empty")]
    region: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    sort: String,
    #[serde(skip_serializing_if = "is_not")]
    reversed: bool,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct FilterTable {
    #[serde(skip_serializing_if = "String::is_empty")]
    filter: String,
}

/// What every version has.
#[derive(Deserialize)]
struct Head {
    version: u32,
}

/// The word for tags without a region.
const NO_REGION: &str = "none";

/// Where the state is; `None` without a home.
#[must_use]
pub fn state_file(paths: &Paths) -> Option<PathBuf> {
    Some(paths.beside.as_deref()?.join("state.toml"))
}

/// What is kept; nothing where there is no file yet.
///
/// # Errors
/// [`StateError`] for a file that is there and cannot be used.
pub fn read_state(file: &Path) -> Result<KeptState, StateError> {
    if file.symlink_metadata().is_err() {
        return Ok(KeptState::default());
    }
    let bytes = read_bounded(&Input::File(file.to_owned()), MAX_BYTES)?;
    let path = || Safe::new(&file.to_string_lossy());
    let shape = |reason: &str| StateError::Shape {
        path: path(),
        reason: Safe::new(&cut_end(&clean(reason), 200)),
    };
    let text = std::str::from_utf8(&bytes).map_err(|error| shape(&error.to_string()))?;
    let head: Head = toml::from_str(text).map_err(|error| shape(error.message()))?;
    if head.version != VERSION {
        let version = head.version;
        return Err(StateError::Version {
            path: path(),
            version,
        });
    }
    let file: File = toml::from_str(text).map_err(|error| shape(error.message()))?;
    Ok(file.into_state())
}

/// Writes changes into the file, which nobody but its owner can read; what another dashboard has
/// asked meanwhile stays. The file is written whole or not at all, by one program at a time, for
/// which others wait for `patience` at most. Nothing is written where nothing differs.
///
/// # Errors
/// [`StateError`]; a file of another version and what is no file are left as they are.
pub fn keep_state(
    file: &Path,
    changes: &StateChanges,
    patience: Duration,
) -> Result<(), StateError> {
    let _lock = FileLock::beside(file, ".state.lock", patience)?;
    let older = if changes.is_anew {
        None
    } else {
        match read_state(file) {
            Ok(state) => Some(state),
            // What is damaged was said at the start, and has nothing to lose.
            Err(StateError::Shape { .. } | StateError::Read(ReadError::TooLarge { .. })) => None,
            Err(error) => return Err(error),
        }
    };
    let newer = older.clone().unwrap_or_default().with(changes);
    if older.as_ref() == Some(&newer) {
        return Ok(());
    }
    let text = toml::to_string(&File::of(newer)).map_err(|error| StateError::Shape {
        path: Safe::new(&file.to_string_lossy()),
        reason: Safe::from(error.to_string()),
    })?;
    let written = write_private(file, (HEAD.to_owned() + &text).as_bytes());
    let failed = |source| ReadError::Io {
        path: Safe::new(&file.to_string_lossy()),
        source,
    };
    Ok(written.map_err(failed)?)
}

impl StateChanges {
    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds what came later.
    pub fn add(&mut self, newer: Self) {
        self.view = newer.view.or(self.view.take());
        self.is_anew |= newer.is_anew;
        ask_again(&mut self.queries, newer.queries);
    }
}

impl KeptState {
    fn with(mut self, changes: &StateChanges) -> Self {
        if let Some(view) = &changes.view {
            self.view.clone_from(view);
        }
        ask_again(&mut self.queries, changes.queries.iter().cloned());
        self
    }
}

/// Puts queries behind the others, each once and no more than are kept.
fn ask_again(queries: &mut Vec<String>, newer: impl IntoIterator<Item = String>) {
    for query in newer {
        queries.retain(|other| *other != query);
        queries.push(query);
        if queries.len() > MOST_QUERIES {
            queries.remove(0);
        }
    }
}

/// Whether a text is short enough to be kept, and shows as it is.
fn is_kept(text: &str) -> bool {
    text.chars().nth(LONGEST).is_none() && clean(text) == text
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands a reference over"
)]
const fn is_not(is_on: &bool) -> bool {
    !*is_on
}

impl File {
    /// What cannot be kept is left out.
    fn of(state: KeptState) -> Self {
        let KeptState { view, queries } = state;
        let filter = |text: String| FilterTable {
            filter: if is_kept(&text) { text } else { String::new() },
        };
        let sort = view.tags.sort;
        Self {
            version: VERSION,
            view: view.topic.map_or("", ViewTopic::verb).to_owned(),
            rule_files: paths(view.rule_files.iter().filter_map(|path| path.to_str())),
            queries: queries.into_iter().filter(|query| is_kept(query)).collect(),
            tags: TagsTable {
                filter: filter(view.tags.filter).filter,
                region: match view.tags.region {
                    RegionChoice::All => String::new(),
                    RegionChoice::NotRegional => NO_REGION.to_owned(),
                    RegionChoice::Property(property) => property,
                },
                sort: if sort == Sort::default() {
                    String::new()
                } else {
                    sort.word().to_owned()
                },
                reversed: view.tags.is_reversed,
            },
            endpoints: filter(view.endpoints),
            rules: filter(view.rules),
            diff: filter(view.diff),
        }
    }

    /// Words that nobody knows any more say nothing.
    fn into_state(self) -> KeptState {
        let filter = |text: String| if is_kept(&text) { text } else { String::new() };
        let is_it = |topic: &ViewTopic| topic.verb() == self.view;
        let sort = Sort::ALL.into_iter().find(|it| it.word() == self.tags.sort);
        let rule_files = paths(self.rule_files.iter().map(String::as_str));
        let mut queries = Vec::new();
        let shown = |query: &String| !query.trim().is_empty() && is_kept(query);
        ask_again(&mut queries, self.queries.into_iter().filter(shown));
        KeptState {
            view: KeptView {
                topic: ViewTopic::ALL.into_iter().find(is_it),
                tags: KeptTags {
                    filter: filter(self.tags.filter),
                    region: match self.tags.region {
                        region if region.is_empty() => RegionChoice::All,
                        region if region == NO_REGION => RegionChoice::NotRegional,
                        region => RegionChoice::Property(region),
                    },
                    sort: sort.unwrap_or_default(),
                    is_reversed: self.tags.reversed,
                },
                endpoints: filter(self.endpoints.filter),
                rules: filter(self.rules.filter),
                diff: filter(self.diff.filter),
                rule_files: rule_files.into_iter().map(PathBuf::from).collect(),
            },
            queries,
        }
    }
}

/// Absolute paths that show as they are, the last of too many.
fn paths<'a>(paths: impl Iterator<Item = &'a str>) -> Vec<String> {
    let whole = paths.filter(|path| Path::new(path).is_absolute() && clean(path) == *path);
    let mut whole: Vec<String> = whole.map(str::to_owned).collect();
    whole.drain(..whole.len().saturating_sub(MOST_RULE_FILES));
    whole
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn view(filter: &str) -> KeptView {
        KeptView {
            topic: Some(ViewTopic::Diff),
            tags: KeptTags {
                filter: filter.to_owned(),
                region: RegionChoice::NotRegional,
                sort: Sort::Addresses,
                is_reversed: true,
            },
            endpoints: "mcr".to_owned(),
            rules: "out 443".to_owned(),
            diff: "!sql".to_owned(),
            rule_files: vec![PathBuf::from("/srv/nsg one.json")],
        }
    }

    fn asked(queries: &[&str]) -> StateChanges {
        StateChanges {
            queries: queries.iter().map(|&query| query.to_owned()).collect(),
            ..StateChanges::default()
        }
    }

    fn keep(file: &Path, changes: &StateChanges) {
        keep_state(file, changes, Duration::ZERO).unwrap();
    }

    #[test]
    fn what_was_kept_is_read_by_its_owner_alone() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("new/state.toml");
        assert_eq!(read_state(&file).unwrap(), KeptState::default());
        for filter in ["a \"b\" \\ '''", "", "#"] {
            let changes = StateChanges {
                view: Some(view(filter)),
                ..asked(&["20.38.98.7"])
            };
            keep(&file, &changes);
            let state = read_state(&file).unwrap();
            assert_eq!(state.view, view(filter));
            assert_eq!(state.queries, ["20.38.98.7"]);
            let rights = fs::metadata(&file).unwrap().permissions();
            assert_eq!(rights.mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn the_last_view_wins_and_the_queries_of_all_are_kept_by_their_last_use() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("state.toml");
        let viewed = |filter, queries: &[&str]| StateChanges {
            view: Some(view(filter)),
            ..asked(queries)
        };
        keep(&file, &viewed("one", &["a", "b", "c"]));
        keep(&file, &viewed("two", &["d", "a"]));
        keep(&file, &asked(&["b"]));
        let state = read_state(&file).unwrap();
        assert_eq!(state.view, view("two"));
        assert_eq!(state.queries, ["c", "d", "a", "b"]);
        // What does not differ is not written.
        let before = fs::metadata(&file).unwrap().modified().unwrap();
        keep(&file, &viewed("two", &["b"]));
        assert_eq!(fs::metadata(&file).unwrap().modified().unwrap(), before);
        let anew = StateChanges {
            is_anew: true,
            ..asked(&["e"])
        };
        keep(&file, &anew);
        let state = read_state(&file).unwrap();
        assert_eq!(
            (state.view, state.queries),
            (KeptView::default(), vec!["e".to_owned()])
        );
    }

    #[test]
    fn no_more_and_nothing_longer_is_kept_than_is_promised() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("state.toml");
        let many: Vec<String> = (0..300).map(|count| format!("10.0.0.{count}")).collect();
        let [whole, longer] = [1024, 1025].map(|count| "ü".repeat(count));
        let mut changes = asked(&["tab\there", "esc\u{1b}", &longer, &whole]);
        changes.queries.splice(0..0, many);
        let files = (0..40).map(|count| PathBuf::from(format!("/srv/{count}")));
        changes.view = Some(KeptView {
            rule_files: files.chain([PathBuf::from("here")]).collect(),
            diff: longer,
            ..view(&whole)
        });
        keep(&file, &changes);
        let state = read_state(&file).unwrap();
        assert_eq!(state.queries.len(), MOST_QUERIES - 3);
        assert_eq!(state.queries.last(), Some(&whole));
        assert_eq!(state.view.tags.filter, whole);
        assert_eq!(state.view.diff, "");
        let files = &state.view.rule_files;
        assert_eq!(files.len(), MOST_RULE_FILES);
        assert_eq!(files.last(), Some(&PathBuf::from("/srv/39")));
        // Nor is more read where somebody has written more.
        let list = |count: usize| vec!["\"10.0.0.1\", \"x\\u0007\", \"y\""; count].join(",");
        fs::write(&file, format!("version = 1\nqueries = [{}]\n", list(9000))).unwrap();
        assert_eq!(read_state(&file).unwrap().queries, ["10.0.0.1", "y"]);
    }

    #[test]
    fn a_file_that_is_none_of_ours_ends_in_a_sentence() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("state.toml");
        let whole =
            "version = 1\nview = \"moon\"\nlater = 1\n[tags]\nsort = \"moon\"\nregion = \"r\"\n";
        fs::write(&file, whole).unwrap();
        let state = read_state(&file).unwrap();
        assert_eq!((state.view.topic, state.view.tags.sort), (None, Sort::Name));
        for (text, part) in [
            (
                &b"version = 2\nview = 7\n"[..],
                "version 2, and this tagscope knows 1",
            ),
            (b"version = 0\n", "version 0"),
            (b"", "is damaged: "),
            (b"version = 1\nqueries = 7\n", "is damaged: "),
            (b"version = 1\nview = \"ta", "is damaged: "),
            (b"\xff\xfe", "is damaged: "),
        ] {
            fs::write(&file, text).unwrap();
            let error = read_state(&file).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
            let kept = keep_state(&file, &asked(&["a"]), Duration::ZERO);
            let is_left = fs::read(&file).unwrap() == text;
            assert_eq!(
                (kept.is_err(), is_left),
                (part.contains("version"), part.contains("version"))
            );
        }
        fs::write(&file, vec![b'#'; (1 << 20) + 1]).unwrap();
        let error = read_state(&file).unwrap_err().to_string();
        assert!(error.contains("larger than 1 MiB"), "{error}");
        keep(&file, &asked(&["a"]));
        assert_eq!(read_state(&file).unwrap().queries, ["a"]);
    }

    #[test]
    fn a_state_that_another_program_holds_is_left_as_it_is() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("state.toml");
        let lock = fs::File::create(home.path().join(".state.lock")).unwrap();
        lock.lock().unwrap();
        let busy = keep_state(&file, &asked(&["a"]), Duration::ZERO).unwrap_err();
        assert!(
            busy.to_string().contains("held by another program"),
            "{busy}"
        );
        assert!(!file.exists());
    }
}
