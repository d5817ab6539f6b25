//! Which tasks are under way, who asked for them, and what goes out of a turn.
//!
//! A task that is replaced or forgotten has no owner, so its outcome is dropped.

use crate::query::ViewTopic;
use crate::tui::{About, Effect, Job, Task, Ticket};

/// Who is told how a task ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The program itself.
    App,
    /// A view, whether it is open or not.
    Screen(ViewTopic),
    /// The topmost layer.
    Layer,
}

/// The tasks under way, and the effects of this turn.
#[derive(Debug, Default)]
pub struct Jobs {
    last: u64,
    running: Vec<Running>,
    effects: Vec<Effect>,
}

#[derive(Debug)]
struct Running {
    ticket: Ticket,
    job: Job,
    owner: Owner,
    /// What completions are listed for.
    about: Option<About>,
}

impl Jobs {
    /// Starts a task. The newest of a job wins, but what is written or sent is told to its end.
    pub fn start(&mut self, owner: Owner, task: Task) {
        self.last += 1;
        let (ticket, job) = (Ticket(self.last), task.job());
        if !job.is_finished_anyway() {
            self.forget(job);
        }
        let about = match &task {
            Task::Suggest { about, .. } => Some(about.clone()),
            _ => None,
        };
        self.running.push(Running {
            ticket,
            job,
            owner,
            about,
        });
        self.effects.push(Effect::Start { ticket, task });
    }

    /// Ends a task without its outcome.
    pub fn stop(&mut self, job: Job) {
        self.forget(job);
        self.effects.push(Effect::Stop(job));
    }

    /// Drops the outcome of a task, which may go on.
    pub fn forget(&mut self, job: Job) {
        self.running.retain(|running| running.job != job);
    }

    /// The owner of a task that has ended; `None` when nobody waits for it.
    pub fn take(&mut self, ticket: Ticket, job: Job) -> Option<Owner> {
        let is_it = |running: &mut Running| running.ticket == ticket && running.job == job;
        self.running
            .extract_if(.., is_it)
            .last()
            .map(|running| running.owner)
    }

    /// The owner of a task that goes on.
    pub fn owner(&self, ticket: Ticket, job: Job) -> Option<Owner> {
        let is_it = |running: &&Running| running.ticket == ticket && running.job == job;
        self.running.iter().find(is_it).map(|running| running.owner)
    }

    /// Whether a task of a job is under way.
    pub fn is_running(&self, job: Job) -> bool {
        self.running.iter().any(|running| running.job == job)
    }

    /// Whether these completions are being listed.
    pub fn is_listing(&self, about: &About) -> bool {
        self.running
            .iter()
            .any(|running| running.about.as_ref() == Some(about))
    }

    /// What the terminal is asked for, in order with the tasks.
    pub fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// What this turn asks for outside.
    pub fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }
}
