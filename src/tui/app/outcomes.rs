//! What comes back from tasks, each to the view that asked.

use crate::text::Safe;
use crate::tui::app::App;
use crate::tui::overlay::Overlay;
use crate::tui::{Effect, Job, Outcome};

impl App {
    /// Takes the outcome of a task, unless it is too late.
    pub(super) fn done(&mut self, job: Job, ticket: u64, outcome: Outcome) -> Vec<Effect> {
        let (mut next, mut effects) = (None, Vec::new());
        let is_export = job == Job::Export;
        match (job, outcome) {
            (Job::Resolve, outcome) => self.lookup.done(ticket, outcome, &self.session),
            (Job::Open, outcome) => return self.opened(ticket, outcome),
            (Job::Weeks | Job::Compare, outcome) => {
                let before = self.diff.weeks_shown();
                next = self.diff.done(ticket, outcome, &self.session);
                if self.rules.has_rules() && self.diff.weeks_shown() != before {
                    effects.extend(self.hold_rules());
                }
                let notes = self.diff.take_notes();
                self.say_notes(&notes);
            }
            (Job::Registry | Job::Save, outcome) => {
                if let Some(text) = self.endpoints.done(ticket, outcome, &self.session) {
                    self.status = text;
                }
            }
            (Job::Rules | Job::RulesWatch | Job::RulesSave | Job::Impact, outcome) => {
                effects = self.rules_done(job, ticket, outcome);
            }
            (Job::Probe, outcome) => {
                let failure = match outcome {
                    Outcome::Failed(reason) => Some(reason),
                    _ => None,
                };
                if let Some(text) = self.endpoints.probes_done(ticket, failure) {
                    self.status = text;
                }
            }
            (Job::Watch, Outcome::Failed(text)) => self.status = text,
            (Job::Update, outcome) => return self.updated(ticket, outcome),
            (Job::WeekHistory, Outcome::WeekHistory(history, notes)) => {
                let is_asked = self
                    .history_ticket
                    .take_if(|asked| *asked == ticket)
                    .is_some();
                if is_asked && history.cloud() == self.session.dataset.cloud() {
                    self.say_notes(&notes);
                    self.session.week_history = Some(*history);
                    self.tags.refresh_week_history(&self.session);
                    self.lookup.refresh_week_history(&self.session);
                }
            }
            (Job::Suggest, Outcome::Suggested(found)) => {
                let asked = self.asking.take_if(|(asked, _)| *asked == ticket);
                if let (Some((_, about)), Some(Overlay::Prompt(prompt))) =
                    (asked, &mut self.overlay)
                {
                    prompt.learn(about, found, &self.session);
                }
            }
            (Job::Export, outcome) => self.written(ticket, outcome),
            (Job::Copy, Outcome::Failed(text)) if self.copying == Some(ticket) => {
                self.status = text;
            }
            (Job::WeekHistory, _) => {
                self.history_ticket.take_if(|asked| *asked == ticket);
            }
            (Job::Suggest | Job::Copy | Job::Watch, _) => {}
        }
        if let (false, Some(Overlay::Export(dialog))) = (is_export, &mut self.overlay) {
            dialog.forget_view();
        }
        self.settle();
        effects.extend(next);
        effects
    }

    /// Says what was set aside on the way, once.
    pub(super) fn say_notes(&mut self, notes: &[Safe]) {
        if !notes.is_empty() {
            let texts: Vec<&str> = notes.iter().map(Safe::as_str).collect();
            self.status = Safe::from(texts.join("; "));
        }
    }

    /// Watches a tag, or no longer, and keeps the list.
    pub(super) fn watch(&mut self, name: String) -> Vec<Effect> {
        let watched = &mut self.session.watched;
        let is_watched = !watched.remove(&name);
        if is_watched {
            watched.insert(name.clone());
        }
        self.diff.watch_changed(&self.session);
        vec![Effect::Watch { name, is_watched }]
    }
}
