//! Effects → tasks → messages.

mod completions;
mod logs;
mod registry;
mod rules;
mod saving;
mod state;
mod thread;
mod watched;
mod weeks;
mod writing;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::civil::Date;

use tokio::runtime::Handle;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::{JoinHandle, JoinSet};

use crate::azure::Cloud;
use crate::net::resolve;
use crate::query::Dataset;
use crate::query::lookup::HostLookup;
use crate::settings::FetchPlaces;
use crate::source::{self, UpdateStep, Updated, Updater, WriteFileError};
use crate::store::StateChanges;
use crate::text::Safe;
use crate::tui::clipboard::send_to_tmux;
use crate::tui::runner::saving::{Changes, PATIENCE, Unsaved};
use crate::tui::runner::state::KeptChanges;
use crate::tui::runner::watched::WatchChanges;
use crate::tui::runner::writing::{LAST_WAIT, Writing};
use crate::tui::{About, Job, Message, Outcome, Outside, Task, Ticket, WeekHistory, Written};

pub use state::unread;
pub use thread::TaskThread;

/// How long a host name may take.
const RESOLVE_LIMIT: Duration = Duration::from_secs(10);

/// Runs tasks; the newest of a kind ends the one before.
pub struct Runner {
    tasks: Handle,
    messages: UnboundedSender<Message>,
    outside: Outside,
    watched: Unsaved<WatchChanges>,
    kept: Unsaved<KeptChanges>,
    writing: Writing,
    running: Vec<(Job, JoinHandle<()>)>,
}

impl Runner {
    /// Runs on `tasks`; outcomes go to `messages`.
    pub fn new(tasks: Handle, messages: UnboundedSender<Message>, outside: Outside) -> Self {
        Self {
            tasks,
            messages,
            outside,
            watched: Unsaved::default(),
            kept: Unsaved::default(),
            writing: Writing::default(),
            running: Vec::new(),
        }
    }

    /// Starts a task.
    pub fn start(&mut self, ticket: Ticket, task: Task) {
        let job = task.job();
        let outside = &self.outside;
        let (profiles, lists) = (outside.profiles.clone(), outside.rule_lists.clone());
        match task {
            Task::Resolve { host } => {
                self.run(job, ticket, async move {
                    let found = resolve(&host, RESOLVE_LIMIT).await;
                    let host = found.map(HostLookup::from);
                    Outcome::Resolved(host.map_err(|error| Safe::from(error.to_string())))
                });
            }
            Task::Open { request } => self.block(job, ticket, move || {
                let opened = source::open(&request).map(Box::new);
                Outcome::Opened(opened.map_err(|error| chain(&error)))
            }),
            Task::Suggest { about, within } => self.block(job, ticket, move || {
                let folder = match about {
                    About::RuleLists => lists,
                    _ => profiles,
                };
                let found = completions::list(&about, &within, folder.as_deref());
                Outcome::Suggested(found.map(|found| (about, found)))
            }),
            Task::Weeks { within } => self.block(job, ticket, move || {
                Outcome::Listed(source::publications(&within).map_err(|error| chain(&error)))
            }),
            Task::Compare { base, target } => self.block(job, ticket, move || {
                Outcome::Compared(compare(&base, &target))
            }),
            Task::Update { within } => {
                let (places, messages) = (outside.places.clone(), self.messages.clone());
                self.block(job, ticket, move || {
                    Outcome::Updated(update(&within, &places, ticket, &messages))
                });
            }
            Task::WeekHistory { within, until } => self.block(job, ticket, move || {
                Outcome::WeekHistory(week_history(&within, until))
            }),
            Task::Load { name } => self.block(job, ticket, move || {
                let loaded = registry::load(profiles.as_deref(), &name);
                Outcome::Loaded(loaded.map(|loaded| (name, Box::new(loaded))))
            }),
            Task::Save { name, profile } => self.block(job, ticket, move || {
                let saved = registry::save(profiles.as_deref(), &name, &profile);
                Outcome::Saved(saved.map(|text| (name, text)))
            }),
            Task::Import { path } => self.block(job, ticket, move || {
                Outcome::Imported(registry::import(&path).map(Box::new))
            }),
            Task::Probe { targets } => {
                let (places, messages) = (outside.places.clone(), self.messages.clone());
                self.run(job, ticket, async move {
                    Outcome::Probed(registry::probe(ticket, targets, places, messages).await)
                });
            }
            Task::ReadRules { from } => self.block(job, ticket, move || {
                Outcome::RulesRead(rules::read(&from, lists.as_deref()))
            }),
            Task::WatchRules { files } => self.run(job, ticket, async move {
                rules::watch(files, rules::GLANCE).await;
                Outcome::RulesChanged(Ok(()))
            }),
            Task::SaveRules { name, list } => self.block(job, ticket, move || {
                let saved = rules::save(lists.as_deref(), &name, &list);
                Outcome::RulesSaved(saved.map(|text| (name, text)))
            }),
            Task::Impact {
                rules,
                stands_for,
                weeks,
                within,
            } => self.block(job, ticket, move || {
                let run = rules::impact(&rules, &stands_for, weeks, &within);
                Outcome::Impact(run.map(Box::new))
            }),
            Task::ReadLogs { paths, dataset } => self.read_logs(ticket, paths, dataset),
            Task::Against {
                counts,
                weeks,
                within,
            } => self.block(job, ticket, move || {
                Outcome::Against(logs::against(&counts, weeks, &within))
            }),
            Task::Watch { name, is_watched } => self.watch(ticket, name, is_watched),
            Task::ReadState => {
                let file = outside.state_file.clone();
                self.block(job, ticket, move || {
                    Outcome::StateRead(state::read(file.as_deref()))
                });
            }
            Task::KeepState { changes } => self.keep_state(ticket, *changes),
            Task::Copy { text } => self.block(job, ticket, move || Outcome::Copied(copy(&text))),
            Task::Export {
                path,
                bytes,
                is_over,
            } => self.block(job, ticket, move || {
                Outcome::Written(export(&path, &bytes, is_over))
            }),
        }
    }

    /// Writes what must not be lost with the end, all at once; what could not be written is the
    /// answer.
    pub fn finish(&self) -> Option<Safe> {
        let until = Instant::now() + LAST_WAIT;
        let outside = &self.outside;
        let (watch_file, state_file) = (&outside.watch_file, &outside.state_file);
        self.watched.try_last(watch_file.as_deref(), LAST_WAIT);
        self.kept.try_last(state_file.as_deref(), LAST_WAIT);
        let lost = [
            self.writing.finish(until),
            self.watched.finish(watch_file.as_deref(), until),
            self.kept.finish(state_file.as_deref(), until),
        ];
        let lost: Vec<String> = lost.iter().flatten().map(ToString::to_string).collect();
        (!lost.is_empty()).then(|| Safe::from(lost.join("; ")))
    }

    fn read_logs(&mut self, ticket: Ticket, paths: Vec<PathBuf>, dataset: Box<Dataset>) {
        let messages = self.messages.clone();
        self.run(Job::Logs, ticket, async move {
            // Whoever ends this ends the thread too, at the next piece that it reads.
            let stop = logs::Stop::default();
            let hear = Arc::new(logs::Hear::new(ticket, messages, &stop));
            let work = move || Outcome::LogsRead(logs::read(&paths, &dataset, &hear));
            let outcome = on_thread(Job::Logs, work).await;
            drop(stop);
            outcome
        });
    }

    fn watch(&mut self, ticket: Ticket, name: String, is_watched: bool) {
        if self.watched.add(ticket, WatchChanges::of(name, is_watched)) {
            let (watched, file) = (self.watched.clone(), self.outside.watch_file.clone());
            let job = (Job::Watch, ticket);
            self.save(&watched, file, job, Outcome::Watched, Duration::ZERO);
        }
    }

    fn keep_state(&mut self, ticket: Ticket, changes: StateChanges) {
        if self.kept.add(ticket, KeptChanges(changes)) {
            let (kept, file) = (self.kept.clone(), self.outside.state_file.clone());
            let job = (Job::StateKeep, ticket);
            self.save(&kept, file, job, Outcome::StateKept, state::PAUSE);
        }
    }

    /// One task saves what came before and meanwhile, after a pause, and answers for all of it.
    fn save<C: Changes>(
        &mut self,
        unsaved: &Unsaved<C>,
        file: Option<PathBuf>,
        (job, ticket): (Job, Ticket),
        outcome: fn(Result<(), Safe>) -> Outcome,
        pause: Duration,
    ) {
        let (unsaved, messages) = (unsaved.clone(), self.messages.clone());
        let write = move || {
            let (saved, others) = unsaved.write(file.as_deref(), PATIENCE);
            for ticket in others {
                let outcome = outcome(saved.clone());
                // The loop has ended when nobody listens.
                let _ = messages.send(Message::Done { ticket, outcome });
            }
            outcome(saved)
        };
        self.run(job, ticket, async move {
            if !pause.is_zero() {
                tokio::time::sleep(pause).await;
            }
            on_thread(job, write).await
        });
    }

    /// Work that waits for the disk, on a thread of its own.
    fn block(&mut self, job: Job, ticket: Ticket, work: impl FnOnce() -> Outcome + Send + 'static) {
        let written = match job {
            Job::Export | Job::Save | Job::RulesSave => Some(self.writing.begin(job_in_words(job))),
            _ => None,
        };
        let work = move || {
            let _written = written;
            work()
        };
        self.run(job, ticket, on_thread(job, work));
    }

    fn run(
        &mut self,
        job: Job,
        ticket: Ticket,
        task: impl Future<Output = Outcome> + Send + 'static,
    ) {
        let task = self.spawn(job, ticket, task);
        if !job.is_finished_anyway() {
            self.stop(job);
            self.running.push((job, task));
        }
    }

    /// Ends a task without its outcome.
    pub fn stop(&mut self, job: Job) {
        for (_, older) in self.running.extract_if(.., |(other, _)| *other == job) {
            older.abort();
        }
    }

    /// A panic in the task becomes a sentence.
    fn spawn(
        &self,
        job: Job,
        ticket: Ticket,
        task: impl Future<Output = Outcome> + Send + 'static,
    ) -> JoinHandle<()> {
        let messages = self.messages.clone();
        let begun = Instant::now();
        self.tasks.spawn(async move {
            // A set, since it ends the task when this one is ended.
            let mut work = JoinSet::new();
            work.spawn(task);
            let outcome = match work.join_next().await {
                Some(Ok(outcome)) => outcome,
                Some(Err(_)) | None => Outcome::failed(job, broken(job)),
            };
            let ms = begun.elapsed().as_millis();
            let why = outcome.failure().map(tracing::field::display);
            tracing::info!(?job, ms, why, "task");
            // The loop has ended when nobody listens.
            let _ = messages.send(Message::Done { ticket, outcome });
        })
    }
}

/// Waits for work on a thread of its own; a panic in it becomes a sentence.
async fn on_thread(job: Job, work: impl FnOnce() -> Outcome + Send + 'static) -> Outcome {
    let work = tokio::task::spawn_blocking(work);
    work.await
        .unwrap_or_else(|_| Outcome::failed(job, broken(job)))
}

/// What is said of a task that panicked.
fn broken(job: Job) -> Safe {
    let what = job_in_words(job);
    Safe::from(format!("{what} failed inside the program"))
}

const fn job_in_words(job: Job) -> &'static str {
    match job {
        Job::Resolve => "the lookup",
        Job::Open => "opening the data",
        Job::Suggest => "the completion",
        Job::Copy => "the copy",
        Job::Export => "the export",
        Job::Weeks => "listing the weeks",
        Job::Compare => "opening the weeks",
        Job::Watch => "keeping the watch list",
        Job::StateRead => "reading what was kept",
        Job::StateKeep => "keeping the view, filters and queries",
        Job::Update => "the update",
        Job::WeekHistory => "reading the weeks",
        Job::Registry => "reading the registry",
        Job::Save => "saving the registry",
        Job::Probe => "the probe",
        Job::Rules => "reading the rules",
        Job::RulesWatch => "looking for changed rules",
        Job::RulesSave => "saving the list of rules",
        Job::Impact => "holding the rules against the weeks",
        Job::Logs => "reading the logs",
        Job::Against => "comparing the weeks",
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

fn week_history(
    within: &source::Request,
    until: Option<Date>,
) -> Result<(Box<WeekHistory>, Vec<Safe>), Safe> {
    let stored = source::stored_history(within).map_err(|error| chain(&error))?;
    let chronicle = match until {
        Some(date) => source::until(&stored.chronicle, date).map_err(|error| chain(&error))?,
        None => stored.chronicle,
    };
    let history = WeekHistory::new(chronicle).map_err(|error| chain(&error))?;
    Ok((Box::new(history), stored.notes))
}

fn compare(base: &source::Request, target: &source::Request) -> Result<Box<[Dataset; 2]>, Safe> {
    match (source::open(base), source::open(target)) {
        (Ok(base), Ok(target)) => Ok(Box::new([base, target])),
        (Err(error), _) | (_, Err(error)) => Err(chain(&error)),
    }
}

/// How often a running fetch is told at most.
const PROGRESS: Duration = Duration::from_millis(250);

fn update(
    within: &source::Request,
    places: &FetchPlaces,
    ticket: Ticket,
    messages: &UnboundedSender<Message>,
) -> Result<Box<Updated>, Safe> {
    let mut told: Option<Instant> = None;
    let mut damage = Vec::new();
    let mut hear = |step: UpdateStep| {
        // A line of progress is gone at once; this is said at the end.
        if let UpdateStep::Damage { note } = step {
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
    let updater = Updater::new(within, places, source::today());
    match updater.and_then(|updater| updater.latest(cloud, &mut hear)) {
        Ok(mut done) => {
            done.notes.splice(0..0, damage);
            Ok(Box::new(done))
        }
        Err(error) => Err(chain(&error)),
    }
}

fn copy(text: &str) -> Result<Safe, Safe> {
    match send_to_tmux(text) {
        Ok(()) => Ok(Safe::from(format!("sent to tmux: {} bytes", text.len()))),
        Err(error) => Err(Safe::from(format!(
            "not sent: {error}; clipboard = \"osc52\" in the settings goes past tmux"
        ))),
    }
}

/// Writes a file; one that exists is left as it is, unless somebody has said so.
fn export(path: &Path, bytes: &[u8], is_over: bool) -> Result<Written, Safe> {
    // Whole, so that nobody has to know where the program began.
    let whole = std::path::absolute(path);
    let path = whole.as_deref().unwrap_or(path);
    match source::write_file(path, bytes, is_over) {
        Ok(shown) => Ok(Written::Done(Safe::from(format!(
            "written: {shown}, {} bytes",
            bytes.len()
        )))),
        Err(error @ WriteFileError::Exists { .. }) => Ok(Written::Exists(Safe::from(format!(
            "{error}; :export takes another name"
        )))),
        Err(error) => Err(chain(&error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outside() -> Outside {
        Outside {
            has_mouse: false,
            watch_file: None,
            state_file: None,
            asks_background: false,
            profiles: None,
            rule_lists: None,
            places: FetchPlaces::default(),
        }
    }

    #[tokio::test]
    async fn a_panic_in_a_task_becomes_a_sentence() {
        let (sender, mut messages) = tokio::sync::mpsc::unbounded_channel();
        let mut runner = Runner::new(Handle::current(), sender, outside());
        let _task = runner.spawn(Job::Resolve, Ticket(7), async {
            assert!(std::hint::black_box(false), "made for the test");
            Outcome::Suggested(Err(Safe::default()))
        });
        let failed = |job, ticket, text| Message::Done {
            ticket: Ticket(ticket),
            outcome: Outcome::failed(job, Safe::new(text)),
        };
        let wanted = failed(Job::Resolve, 7, "the lookup failed inside the program");
        assert_eq!(messages.recv().await, Some(wanted));
        runner.block(Job::Open, Ticket(8), || {
            assert!(std::hint::black_box(false), "made for the test");
            Outcome::Suggested(Err(Safe::default()))
        });
        let wanted = failed(Job::Open, 8, "opening the data failed inside the program");
        assert_eq!(messages.recv().await, Some(wanted));
    }

    #[tokio::test]
    async fn the_end_of_a_task_ends_its_work() {
        let (sender, _messages) = tokio::sync::mpsc::unbounded_channel();
        let (held, released) = tokio::sync::oneshot::channel::<()>();
        let (started, has_started) = tokio::sync::oneshot::channel();
        let task = Runner::new(Handle::current(), sender, outside()).spawn(
            Job::Resolve,
            Ticket(7),
            async move {
                let _held = held;
                let _ = started.send(());
                std::future::pending::<Outcome>().await
            },
        );
        has_started.await.unwrap();
        task.abort();
        let end = tokio::time::timeout(Duration::from_secs(20), released).await;
        assert!(end.unwrap().is_err(), "the work goes on");
    }

    #[test]
    fn an_export_replaces_a_file_only_when_it_is_told_to() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tags.csv");
        assert!(matches!(export(&path, b"a", false), Ok(Written::Done(_))));
        let again = export(&path, b"b", false);
        assert!(
            matches!(&again, Ok(Written::Exists(text)) if text.as_str().contains("is there already"))
        );
        assert_eq!(std::fs::read(&path).unwrap(), b"a");
        // Once somebody has said so.
        assert!(matches!(export(&path, b"b", true), Ok(Written::Done(_))));
        assert_eq!(std::fs::read(&path).unwrap(), b"b");
        let nowhere = export(&folder.path().join("no/such.csv"), b"c", false);
        assert!(matches!(&nowhere, Err(text) if text.as_str().contains("no/such.csv")));
    }
}
