//! What comes back at the next start: what has changed of it goes out as one task at a time, and what
//! was pasted never does.

use std::collections::BTreeSet;

use crate::query::ViewTopic;
use crate::store::{KeptState, KeptView, StateChanges};
use crate::text::Safe;
use crate::tui::app::screens::Screens;
use crate::tui::app::startup::StateStart;
use crate::tui::ex_command::ExCommand;
use crate::tui::jobs::{Jobs, Owner};
use crate::tui::{Job, Message, MouseKind, Place, Task};

/// What is kept, and what of that is not written yet.
#[derive(Debug)]
pub struct Memory {
    phase: Phase,
    /// What was handed out last.
    view: KeptView,
    /// Whether this run has changed anything of it.
    is_changed: bool,
    /// Whether what is kept is still to be dropped.
    is_anew: bool,
    has_failed: bool,
    pasted: PastedTexts,
}

/// What was pasted into inputs.
#[derive(Debug, Default)]
struct PastedTexts {
    /// Views with a filter that was pasted, if only in part.
    filters: BTreeSet<ViewTopic>,
    /// Whether something was pasted into the command line that is open.
    is_line: bool,
    /// Queries that the command line was given by a paste.
    queries: BTreeSet<String>,
}

#[derive(Debug)]
enum Phase {
    Off,
    /// It comes back with the first frame.
    Start(Box<KeptState>),
    /// A task reads it; whether somebody has done something meanwhile.
    Reading {
        is_touched: bool,
    },
    On,
}

impl Memory {
    pub fn new(start: StateStart) -> Self {
        let is_anew = start == StateStart::Fresh;
        Self {
            phase: match start {
                StateStart::Off => Phase::Off,
                StateStart::Fresh => Phase::On,
                StateStart::Read(state) => Phase::Start(state),
                StateStart::Later => Phase::Reading { is_touched: false },
            },
            view: KeptView::default(),
            is_changed: false,
            is_anew,
            has_failed: false,
            pasted: PastedTexts::default(),
        }
    }

    /// What comes back at once, if something does; else it is read.
    pub fn begin(&mut self, jobs: &mut Jobs) -> Option<Box<KeptState>> {
        match std::mem::replace(&mut self.phase, Phase::On) {
            Phase::Start(state) => return Some(state),
            Phase::On => return Some(Box::default()),
            Phase::Reading { is_touched } => {
                self.phase = Phase::Reading { is_touched };
                jobs.start(Owner::App, Task::ReadState);
            }
            Phase::Off => self.phase = Phase::Off,
        }
        None
    }

    const fn is_on(&self) -> bool {
        !matches!(self.phase, Phase::Off)
    }

    /// Whoever has done something keeps what is on screen.
    pub fn hear(&mut self, message: &Message) {
        if let Phase::Reading { is_touched } = &mut self.phase {
            *is_touched |= match message {
                Message::Key(_) | Message::Paste(_) => true,
                Message::Mouse(mouse) => mouse.kind == MouseKind::Press,
                _ => false,
            };
        }
    }

    /// Something is pasted where the keys go.
    pub fn paste(&mut self, place: Place) {
        if self.is_on() {
            self.pasted.filters.extend(place.topic());
            self.pasted.is_line |= place == Place::CommandInput;
        }
    }

    /// A command is carried out, perhaps one that was pasted.
    pub fn execute(&mut self, command: &ExCommand, open: ViewTopic) {
        if !std::mem::take(&mut self.pasted.is_line) {
            return;
        }
        match command {
            ExCommand::LookUp(query) => {
                self.pasted.queries.insert(query.trim().to_owned());
            }
            ExCommand::Filter(_) => {
                self.pasted.filters.insert(open);
            }
            _ => {}
        }
    }

    /// What was read, as far as it comes back now, and what to say of it.
    pub fn take_read(
        &mut self,
        read: Result<Box<KeptState>, Safe>,
    ) -> (Box<KeptState>, Option<Safe>) {
        let was = std::mem::replace(&mut self.phase, Phase::On);
        let (mut state, said) = match read {
            Ok(state) => (state, None),
            Err(reason) => (Box::default(), Some(reason)),
        };
        if matches!(was, Phase::Reading { is_touched: true }) {
            state.view = KeptView {
                rule_files: state.view.rule_files,
                ..KeptView::default()
            };
        }
        (state, said)
    }

    /// Whether nothing has been said of it in this run.
    pub const fn is_first_failure(&mut self) -> bool {
        !std::mem::replace(&mut self.has_failed, true)
    }

    /// What is there now is kept already.
    pub fn note(&mut self, screens: &mut Screens) {
        self.view = self.view_of(screens);
    }

    /// Keeps what has changed, unless that is under way; at the end all of it.
    pub fn keep(&mut self, screens: &mut Screens, jobs: &mut Jobs, is_end: bool) {
        if self.is_on()
            && (is_end || !jobs.is_running(Job::StateKeep))
            && let Some(changes) = self.changes(screens, is_end)
        {
            jobs.start(Owner::App, Task::KeepState { changes });
        }
    }

    /// What has changed since the last time; at the end the view that this run leaves.
    fn changes(&mut self, screens: &mut Screens, is_end: bool) -> Option<Box<StateChanges>> {
        let is_reading = matches!(self.phase, Phase::Reading { .. });
        // What this run shows is less than what is kept.
        if is_reading && !is_end {
            return None;
        }
        let mut changes = StateChanges::default();
        for topic in ViewTopic::ALL {
            changes.queries.extend(screens.of(topic).take_asked(is_end));
        }
        changes
            .queries
            .retain(|query| !self.pasted.queries.contains(query));
        if !is_reading {
            let view = self.view_of(screens);
            let is_other = view != self.view;
            self.is_changed |= is_other;
            if is_other || is_end && self.is_changed {
                self.view.clone_from(&view);
                changes.view = Some(view);
            }
        }
        if is_end || !changes.is_empty() {
            changes.is_anew = std::mem::take(&mut self.is_anew);
        }
        (!changes.is_empty()).then(|| Box::new(changes))
    }

    /// The view and its filters, less what was pasted.
    fn view_of(&mut self, screens: &mut Screens) -> KeptView {
        let mut view = KeptView {
            topic: Some(screens.topic()),
            ..KeptView::default()
        };
        for topic in ViewTopic::ALL {
            screens.of(topic).keep(&mut view);
        }
        self.pasted.filters.retain(|topic| {
            let filter = match topic {
                ViewTopic::Tags => &mut view.tags.filter,
                ViewTopic::Endpoints => &mut view.endpoints,
                ViewTopic::Rules => &mut view.rules,
                ViewTopic::Diff => &mut view.diff,
                // Their filters are not kept.
                ViewTopic::Lookup | ViewTopic::Traffic => return false,
            };
            let is_there = !filter.is_empty();
            filter.clear();
            is_there
        });
        view
    }
}
