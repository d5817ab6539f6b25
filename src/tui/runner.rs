//! Effects → tasks → messages.

mod registry;
mod rules;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use tokio::sync::mpsc::UnboundedSender;
use tokio::task::{JoinHandle, JoinSet};

use crate::azure::{Cloud, Dialect};
use crate::net::resolve;
use crate::query::WeekRecord;
use crate::query::lookup::Host;
use crate::settings::Places;
use crate::source::{self, Step, Updater};
use crate::store::{
    expand_home, keep_watched, profile_names, rule_list_names, write_new, write_over,
};
use crate::text::Safe;
use crate::tui::clipboard::send_to_tmux;
use crate::tui::{About, Effect, Job, Message, Outcome, Outside, WeekHistory};

/// How long a host name may take.
const RESOLVE_LIMIT: Duration = Duration::from_secs(10);
/// Most files that are listed for a completion.
const MAX_FILES: usize = 200;

/// Runs tasks; the newest of a kind ends the one before.
pub struct Runner {
    messages: UnboundedSender<Message>,
    outside: Outside,
    /// Changes of the watch list that are not written yet.
    to_watch: Arc<Mutex<Vec<(String, bool)>>>,
    running: Vec<(Job, JoinHandle<()>)>,
}

impl Runner {
    /// Outcomes go to `messages`.
    pub fn new(messages: UnboundedSender<Message>, outside: Outside) -> Self {
        Self {
            messages,
            outside,
            to_watch: Arc::default(),
            running: Vec::new(),
        }
    }

    /// Starts what an effect asks for; effects on the terminal are the loop's.
    pub fn start(&mut self, effect: Effect) {
        match effect {
            Effect::Resolve { ticket, host } => {
                let task = async move {
                    match resolve(&host, RESOLVE_LIMIT).await {
                        Ok(found) => Outcome::Resolved(Host::from(found)),
                        Err(error) => Outcome::Failed(Safe::from(error.to_string())),
                    }
                };
                self.replace(Job::Resolve, self.spawn(Job::Resolve, ticket, task));
            }
            Effect::Open { ticket, request } => {
                self.block(Job::Open, ticket, move || open(&request));
            }
            Effect::Suggest {
                ticket,
                about,
                within,
            } => {
                let folder = match about {
                    About::RuleLists => self.outside.rule_lists.clone(),
                    _ => self.outside.profiles.clone(),
                };
                self.block(Job::Suggest, ticket, move || {
                    suggest(&about, &within, folder.as_deref())
                });
            }
            Effect::Load { ticket, name } => {
                let folder = self.outside.profiles.clone();
                self.block(Job::Registry, ticket, move || {
                    registry::load(folder.as_deref(), &name)
                });
            }
            Effect::Save {
                ticket,
                name,
                profile,
            } => {
                let folder = self.outside.profiles.clone();
                self.block(Job::Save, ticket, move || {
                    registry::save(folder.as_deref(), &name, &profile)
                });
            }
            Effect::Import { ticket, path } => {
                self.block(Job::Registry, ticket, move || registry::import(&path));
            }
            Effect::Weeks { ticket, within } => {
                self.block(Job::Weeks, ticket, move || weeks(&within));
            }
            Effect::Compare {
                ticket,
                base,
                target,
            } => self.block(Job::Compare, ticket, move || compare(&base, &target)),
            Effect::WeekHistory {
                ticket,
                within,
                until,
            } => self.block(Job::WeekHistory, ticket, move || {
                read_week_history(&within, until)
            }),
            Effect::Probe { ticket, targets } => {
                let task = registry::probe(
                    ticket,
                    targets,
                    self.outside.places.clone(),
                    self.messages.clone(),
                );
                self.replace(Job::Probe, self.spawn(Job::Probe, ticket, task));
            }
            Effect::Stop(job) => self.stop(job),
            Effect::Update { ticket, within } => {
                let places = self.outside.places.clone();
                let messages = self.messages.clone();
                self.block(Job::Update, ticket, move || {
                    update(&within, &places, ticket, &messages)
                });
            }
            Effect::Watch { name, is_watched } => {
                let file = self.outside.watch_file.clone();
                let queue = Arc::clone(&self.to_watch);
                if let Ok(mut changes) = queue.lock() {
                    changes.push((name, is_watched));
                }
                self.block(Job::Watch, 0, move || watch(file.as_deref(), &queue));
            }
            Effect::Copy { ticket, text, .. } => {
                self.block(Job::Copy, ticket, move || copy(&text));
            }
            Effect::Export {
                ticket,
                path,
                bytes,
                is_over,
            } => self.block(Job::Export, ticket, move || export(&path, &bytes, is_over)),
            Effect::Quit | Effect::Suspend => {}
            effect => self.start_for_rules(effect),
        }
    }

    /// Starts what the view Rules asks for.
    fn start_for_rules(&mut self, effect: Effect) {
        match effect {
            Effect::ReadRules { ticket, from } => {
                let folder = self.outside.rule_lists.clone();
                self.block(Job::Rules, ticket, move || {
                    rules::read(&from, folder.as_deref())
                });
            }
            Effect::WatchRules { ticket, files } => {
                let task = rules::watch(files, rules::GLANCE);
                self.replace(Job::RulesWatch, self.spawn(Job::RulesWatch, ticket, task));
            }
            Effect::SaveRules { ticket, name, list } => {
                let folder = self.outside.rule_lists.clone();
                self.block(Job::RulesSave, ticket, move || {
                    rules::save(folder.as_deref(), &name, &list)
                });
            }
            Effect::Impact {
                ticket,
                rules,
                stands_for,
                weeks,
                within,
            } => self.block(Job::Impact, ticket, move || {
                rules::impact(&rules, &stands_for, weeks, &within)
            }),
            _ => {}
        }
    }

    /// Writes what must not be lost with the end.
    pub fn finish(&self) {
        let waits = self
            .to_watch
            .lock()
            .is_ok_and(|changes| !changes.is_empty());
        if waits {
            let _ = watch(self.outside.watch_file.as_deref(), &self.to_watch);
        }
    }

    fn block(&mut self, job: Job, ticket: u64, work: impl FnOnce() -> Outcome + Send + 'static) {
        let task = async move {
            let work = tokio::task::spawn_blocking(work);
            work.await.unwrap_or_else(|_| Outcome::Failed(broken(job)))
        };
        self.replace(job, self.spawn(job, ticket, task));
    }

    fn replace(&mut self, job: Job, task: JoinHandle<()>) {
        // What is being written or sent is not taken back, and its end is told.
        if matches!(
            job,
            Job::Copy | Job::Export | Job::Watch | Job::Update | Job::Save | Job::RulesSave
        ) {
            return;
        }
        self.stop(job);
        self.running.push((job, task));
    }

    fn stop(&mut self, job: Job) {
        for (_, older) in self.running.extract_if(.., |(other, _)| *other == job) {
            older.abort();
        }
    }

    /// A panic in the task becomes a sentence.
    fn spawn(
        &self,
        job: Job,
        ticket: u64,
        task: impl Future<Output = Outcome> + Send + 'static,
    ) -> JoinHandle<()> {
        let messages = self.messages.clone();
        tokio::spawn(async move {
            // A set, since it ends the task when this one is ended.
            let mut work = JoinSet::new();
            work.spawn(task);
            let outcome = match work.join_next().await {
                Some(Ok(outcome)) => outcome,
                Some(Err(_)) | None => Outcome::Failed(broken(job)),
            };
            // The loop has ended when nobody listens.
            let _ = messages.send(Message::Done {
                job,
                ticket,
                outcome,
            });
        })
    }
}

/// What is said of a task that panicked.
fn broken(job: Job) -> Safe {
    let what = match job {
        Job::Resolve => "the lookup",
        Job::Open => "opening the data",
        Job::Suggest => "the completion",
        Job::Copy => "the copy",
        Job::Export => "the export",
        Job::Weeks => "listing the weeks",
        Job::Compare => "opening the weeks",
        Job::Watch => "keeping the watch list",
        Job::Update => "the update",
        Job::WeekHistory => "reading the weeks",
        Job::Registry => "reading the registry",
        Job::Save => "saving the registry",
        Job::Probe => "the probe",
        Job::Rules => "reading the rules",
        Job::RulesWatch => "looking for changed rules",
        Job::RulesSave => "saving the list of rules",
        Job::Impact => "holding the rules against the weeks",
    };
    Safe::from(format!("{what} failed inside the program"))
}

fn open(request: &source::Request) -> Outcome {
    match source::open(request) {
        Ok(dataset) => Outcome::Opened(Box::new(dataset)),
        Err(error) => Outcome::Failed(chain(&error)),
    }
}

/// An error and its causes on one line.
fn chain(error: &dyn std::error::Error) -> Safe {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        text = format!("{text}: {next}");
        cause = next.source();
    }
    Safe::from(text)
}

fn weeks(within: &source::Request) -> Outcome {
    match source::publications(within) {
        Ok((weeks, notes)) => Outcome::Listed(weeks, notes),
        Err(error) => Outcome::Failed(chain(&error)),
    }
}

fn read_week_history(within: &source::Request, until: Option<Date>) -> Outcome {
    let stored = match source::stored_history(within) {
        Ok(stored) => stored,
        Err(error) => return Outcome::Failed(chain(&error)),
    };
    let chronicle = match until.map(|date| source::until(&stored.chronicle, date)) {
        None => stored.chronicle,
        Some(Ok(chronicle)) => chronicle,
        Some(Err(error)) => return Outcome::Failed(chain(&error)),
    };
    match WeekHistory::new(chronicle) {
        Ok(history) => Outcome::WeekHistory(Box::new(history), stored.notes),
        Err(error) => Outcome::Failed(chain(&error)),
    }
}

fn compare(base: &source::Request, target: &source::Request) -> Outcome {
    match (source::open(base), source::open(target)) {
        (Ok(base), Ok(target)) => Outcome::Compared(Box::new([base, target])),
        (Err(error), _) | (_, Err(error)) => Outcome::Failed(chain(&error)),
    }
}

/// How often a running fetch is told at most.
const PROGRESS: Duration = Duration::from_millis(250);

fn update(
    within: &source::Request,
    places: &Places,
    ticket: u64,
    messages: &UnboundedSender<Message>,
) -> Outcome {
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let mut told: Option<Instant> = None;
    let mut damage = Vec::new();
    let mut hear = |step: Step| {
        // A line of progress is gone at once; this is said at the end.
        if let Step::Damage { note } = step {
            damage.push(note);
            return;
        }
        if told.is_some_and(|told| told.elapsed() < PROGRESS) {
            return;
        }
        told = Some(Instant::now());
        let text = Safe::from(step.shown());
        // The loop has ended when nobody listens.
        let _ = messages.send(Message::Progress {
            job: Job::Update,
            ticket,
            text,
        });
    };
    let cloud = within.cloud.unwrap_or(Cloud::Public);
    let updater = Updater::new(within, places, today);
    match updater.and_then(|updater| updater.latest(cloud, &mut hear)) {
        Ok(mut done) => {
            done.notes.splice(0..0, damage);
            Outcome::Updated(Box::new(done))
        }
        Err(error) => Outcome::Failed(chain(&error)),
    }
}

/// Keeps all changes that wait, in order; of tasks at once the first takes those of the others.
fn watch(file: Option<&Path>, queue: &Mutex<Vec<(String, bool)>>) -> Outcome {
    let Some(file) = file else {
        let text = "watched until the end: there is no home folder to keep the list in";
        return Outcome::Failed(Safe::new(text));
    };
    // Held while writing, so that what comes later is written later.
    let Ok(mut changes) = queue.lock() else {
        return Outcome::Failed(broken(Job::Watch));
    };
    if changes.is_empty() {
        return Outcome::Finished(Safe::default());
    }
    let kept = keep_watched(file, &changes);
    changes.clear();
    match kept {
        Ok(()) => Outcome::Finished(Safe::default()),
        Err(error) => Outcome::Failed(Safe::from(format!(
            "the watch list is not kept: {}",
            chain(&error)
        ))),
    }
}

fn suggest(about: &About, within: &source::Request, profiles: Option<&Path>) -> Outcome {
    match about {
        About::Registries => Outcome::Suggested(profiles.map_or_else(Vec::new, profile_names)),
        About::Weeks => match source::weeks(within) {
            Ok(listing) => Outcome::Suggested(named(&listing.weeks)),
            Err(error) => Outcome::Failed(chain(&error)),
        },
        About::RuleLists => Outcome::Suggested(profiles.map_or_else(Vec::new, rule_list_names)),
        About::Files(typed) => Outcome::Suggested(files(typed, &[".json", ".gz"])),
        About::RuleFiles(typed) => Outcome::Suggested(files(typed, &[""])),
    }
}

/// The weeks as `:week` takes them; a date that stands for several has its number behind it.
fn named(weeks: &[WeekRecord]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for week in weeks {
        let Some(date) = &week.date else { continue };
        let name = match (week.kind, week.change_number) {
            (Dialect::Api, _) => format!("api:{date}"),
            (Dialect::File, Some(number)) if names.contains(date) => format!("{date}#{number}"),
            (Dialect::File, _) => date.clone(),
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Folders, and files with one of these endings, whose path begins with what is typed.
fn files(typed: &str, endings: &[&str]) -> Vec<String> {
    let (folder, begin) = match typed.rsplit_once('/') {
        Some((folder, begin)) => (format!("{folder}/"), begin),
        None => (String::new(), typed),
    };
    let path = if folder.is_empty() {
        PathBuf::from(".")
    } else {
        expand_home(Path::new(&folder))
    };
    let Ok(entries) = std::fs::read_dir(path) else {
        return Vec::new();
    };
    let mut found: Vec<String> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let name = entry.file_name().into_string().ok()?;
            let is_hidden = name.starts_with('.') && !begin.starts_with('.');
            if is_hidden || !name.to_lowercase().starts_with(&begin.to_lowercase()) {
                return None;
            }
            let lower = name.to_lowercase();
            let is_document = endings.iter().any(|end| lower.ends_with(end));
            if entry.path().is_dir() {
                Some(format!("{folder}{name}/"))
            } else {
                is_document.then(|| format!("{folder}{name}"))
            }
        })
        .take(MAX_FILES)
        .collect();
    found.sort_unstable();
    found
}

fn copy(text: &str) -> Outcome {
    match send_to_tmux(text) {
        Ok(()) => Outcome::Finished(Safe::from(format!("sent to tmux: {} bytes", text.len()))),
        Err(error) => Outcome::Failed(Safe::from(format!(
            "not sent: {error}; clipboard = \"osc52\" in the settings goes past tmux"
        ))),
    }
}

/// Writes a new file; one that exists is left as it is.
fn export(path: &Path, bytes: &[u8], is_over: bool) -> Outcome {
    // Whole, so that nobody has to know where the program began.
    let whole = std::path::absolute(path);
    let path = whole.as_deref().unwrap_or(path);
    let shown = Safe::new(&path.to_string_lossy());
    if path.is_dir() {
        return Outcome::Failed(Safe::from(format!(
            "{shown} is a folder; name a file in it"
        )));
    }
    let written = if is_over {
        write_over(path, bytes)
    } else {
        write_new(path, bytes)
    };
    match written {
        Ok(()) => Outcome::Finished(Safe::from(format!(
            "written: {shown}, {} bytes",
            bytes.len()
        ))),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Outcome::Exists(Safe::from(
            format!("{shown} exists and is left as it is; :export takes another name"),
        )),
        Err(error) => Outcome::Failed(Safe::from(format!("cannot write {shown}: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outside() -> Outside {
        Outside {
            has_mouse: false,
            watch_file: None,
            profiles: None,
            rule_lists: None,
            places: Places::default(),
        }
    }

    #[tokio::test]
    async fn a_panic_in_a_task_becomes_a_sentence() {
        let (sender, mut messages) = tokio::sync::mpsc::unbounded_channel();
        let mut runner = Runner::new(sender, outside());
        let _task = runner.spawn(Job::Resolve, 7, async {
            assert!(std::hint::black_box(false), "made for the test");
            Outcome::Suggested(Vec::new())
        });
        let failed = |job, ticket, text| Message::Done {
            job,
            ticket,
            outcome: Outcome::Failed(Safe::new(text)),
        };
        let wanted = failed(Job::Resolve, 7, "the lookup failed inside the program");
        assert_eq!(messages.recv().await, Some(wanted));
        runner.block(Job::Open, 8, || {
            assert!(std::hint::black_box(false), "made for the test");
            Outcome::Suggested(Vec::new())
        });
        let wanted = failed(Job::Open, 8, "opening the data failed inside the program");
        assert_eq!(messages.recv().await, Some(wanted));
    }

    #[tokio::test]
    async fn the_end_of_a_task_ends_its_work() {
        let (sender, _messages) = tokio::sync::mpsc::unbounded_channel();
        let (held, released) = tokio::sync::oneshot::channel::<()>();
        let (started, has_started) = tokio::sync::oneshot::channel();
        let task = Runner::new(sender, outside()).spawn(Job::Resolve, 7, async move {
            let _held = held;
            let _ = started.send(());
            std::future::pending::<Outcome>().await
        });
        has_started.await.unwrap();
        task.abort();
        let end = tokio::time::timeout(Duration::from_secs(20), released).await;
        assert!(end.unwrap().is_err(), "the work goes on");
    }

    #[test]
    fn an_export_replaces_a_file_only_when_it_is_told_to() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tags.csv");
        assert!(matches!(export(&path, b"a", false), Outcome::Finished(_)));
        let again = export(&path, b"b", false);
        assert!(matches!(&again, Outcome::Exists(text) if text.as_str().contains("exists")));
        assert_eq!(std::fs::read(&path).unwrap(), b"a");
        // Once somebody has said so.
        assert!(matches!(export(&path, b"b", true), Outcome::Finished(_)));
        assert_eq!(std::fs::read(&path).unwrap(), b"b");
        let nowhere = export(&folder.path().join("no/such.csv"), b"c", false);
        assert!(matches!(&nowhere, Outcome::Failed(text) if text.as_str().contains("no/such.csv")));
    }

    #[test]
    fn files_are_completed_by_their_beginning() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["Tags_a.json", "Tags_b.json.gz", "tags.txt", ".tags.json"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        std::fs::create_dir(folder.path().join("tagsets")).unwrap();
        let typed = folder.path().join("tag");
        let found = files(&typed.to_string_lossy(), &[".json", ".gz"]);
        let names: Vec<&str> = found
            .iter()
            .map(|file| {
                file.rsplit_once("/tmp")
                    .map_or(file.as_str(), |(_, rest)| rest)
            })
            .map(|file| file.trim_end_matches('/').rsplit('/').next().unwrap())
            .collect();
        assert_eq!(names, ["Tags_a.json", "Tags_b.json.gz", "tagsets"]);
        assert!(found[2].ends_with('/'));
    }
}
