//! What was counted of logs, what is asked of it, and what two weeks do to its addresses.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::query::traffic::{
    AgainstRow, BreakdownAnswer, BreakdownQuestion, BreakdownRow, EndRow, LocatedBreakdown,
    RowOrder, ask_breakdown,
};
use crate::text::Safe;
use crate::traffic::{Action, By, End};
use crate::tui::session::Session;
use crate::tui::{AgainstRun, LogsRead};

/// What can be counted by, the widest first.
pub const BYS: [By; 4] = [By::Service, By::Tag, By::Region, By::Rule];

/// Which hits count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    pub is_denied: bool,
    pub is_nowhere: bool,
    pub is_changed: bool,
}

impl Limits {
    /// The only action whose records count.
    fn action(self) -> Option<Action> {
        self.is_denied.then_some(Action::Deny)
    }

    /// The limits in words.
    pub fn words(self) -> Vec<&'static str> {
        let words = [
            (self.is_denied, "denied"),
            (self.is_nowhere, "in no tag"),
            (self.is_changed, "affected"),
        ];
        words.iter().filter(|it| it.0).map(|it| it.1).collect()
    }
}

/// What the weeks do to the addresses.
#[derive(Debug, Default)]
pub enum WeekEffect {
    /// There is nothing to ask it of.
    #[default]
    Unasked,
    Running,
    Failed(Safe),
    Ready(Box<AgainstRun>),
}

/// Counts, and what is asked of them.
#[derive(Debug)]
pub struct TrafficModel {
    read: Option<Counted>,
    effect: WeekEffect,
    /// Of the addresses that the weeks change the place of the row that says so.
    changes: BTreeMap<End, usize>,
    changed: BTreeSet<End>,
    by: By,
    limits: Limits,
    order: RowOrder,
    answer: BreakdownAnswer,
}

#[derive(Debug)]
struct Counted {
    logs: Box<LogsRead>,
    located: LocatedBreakdown,
}

impl TrafficModel {
    pub fn new() -> Self {
        Self {
            read: None,
            effect: WeekEffect::Unasked,
            changes: BTreeMap::new(),
            changed: BTreeSet::new(),
            by: By::Service,
            limits: Limits::default(),
            order: RowOrder::Hits,
            answer: BreakdownAnswer::default(),
        }
    }

    /// Takes what was counted, in place of what was there.
    pub fn take(&mut self, logs: Box<LogsRead>, session: &Session) {
        let located = LocatedBreakdown::new(Arc::clone(&logs.counts), &session.dataset);
        self.take_effect(WeekEffect::Unasked);
        self.limits = Limits::default();
        // What this log does not say is not asked of it.
        if self.by == By::Rule && logs.said.rules == 0 {
            self.by = By::Service;
        }
        self.read = Some(Counted { logs, located });
    }

    /// Another week is on screen: where the addresses belong in it. False where that cannot be told
    /// without the logs.
    pub fn locate(&mut self, session: &Session) -> bool {
        let Some(read) = &mut self.read else {
            return true;
        };
        let is_same = read.logs.week == session.dataset.info().content_hash;
        if !is_same && read.logs.counts.late() > 0 {
            return false;
        }
        read.located = LocatedBreakdown::new(Arc::clone(&read.logs.counts), &session.dataset);
        true
    }

    /// Nothing is counted any more.
    pub fn clear(&mut self) {
        self.read = None;
        self.answer = BreakdownAnswer::default();
        self.take_effect(WeekEffect::Unasked);
    }

    /// The weeks are compared anew; what is known of others stays until that is done.
    pub fn expect_effect(&mut self) {
        if !matches!(self.effect, WeekEffect::Ready(_)) {
            self.effect = WeekEffect::Running;
        }
    }

    pub fn take_effect(&mut self, effect: WeekEffect) {
        self.effect = effect;
        let rows = self.run().map_or(&[][..], |run| &run.answer.rows);
        let changes: BTreeMap<End, usize> = rows.iter().map(|row| row.end).zip(0..).collect();
        self.changed = changes.keys().copied().collect();
        self.changes = changes;
        self.limits.is_changed &= !self.changed.is_empty();
    }

    /// Asks the counts.
    pub fn ask(&mut self, filter: &str, session: &Session) {
        let Some(read) = &self.read else { return };
        let question = BreakdownQuestion {
            by: self.by,
            action: self.limits.action(),
            is_nowhere: self.limits.is_nowhere,
            changed: &self.changed,
            is_changed_only: self.limits.is_changed,
            filter,
            order: self.order,
        };
        self.answer = ask_breakdown(&question, &read.located, &session.dataset);
    }

    pub fn logs(&self) -> Option<&LogsRead> {
        self.read.as_ref().map(|read| &*read.logs)
    }

    pub const fn answer(&self) -> &BreakdownAnswer {
        &self.answer
    }

    pub fn rows(&self) -> &[BreakdownRow] {
        &self.answer.rows
    }

    /// The addresses of a row, most hits first.
    pub fn ends(&self, row: usize) -> Vec<EndRow> {
        let read = self.read.as_ref();
        read.map_or_else(Vec::new, |read| self.answer.addresses(row, &read.located))
    }

    pub fn located(&self) -> Option<&LocatedBreakdown> {
        self.read.as_ref().map(|read| &read.located)
    }

    /// The rules of an address by name.
    pub fn rules_of(&self, end: End) -> Vec<String> {
        let located = self.located();
        located.map_or_else(Vec::new, |it| it.rules_of(end, self.limits.action()))
    }

    pub const fn by(&self) -> By {
        self.by
    }

    pub const fn limits(&self) -> Limits {
        self.limits
    }

    pub const fn order(&self) -> RowOrder {
        self.order
    }

    pub const fn run(&self) -> Option<&AgainstRun> {
        match &self.effect {
            WeekEffect::Ready(run) => Some(run),
            _ => None,
        }
    }

    /// What the weeks do to an address, where they do something.
    pub fn change(&self, end: End) -> Option<&AgainstRow> {
        self.run()?.answer.rows.get(*self.changes.get(&end)?)
    }

    pub fn has_bytes(&self) -> bool {
        self.logs().is_some_and(|logs| logs.said.bytes > 0)
    }

    pub fn has_actions(&self) -> bool {
        self.logs().is_some_and(|logs| logs.said.actions > 0)
    }

    /// Counts by something else.
    ///
    /// # Errors
    /// Why these logs cannot.
    pub fn count_by(&mut self, by: By) -> Result<(), &'static str> {
        if by == By::Rule && self.logs().is_some_and(|logs| logs.said.rules == 0) {
            return Err("the log names no rules");
        }
        self.by = by;
        Ok(())
    }

    /// What comes after what is counted by, of what these logs say.
    pub fn next_by(&self) -> By {
        let at = BYS.iter().position(|by| *by == self.by).unwrap_or(0);
        let next = BYS.get(at + 1).copied().unwrap_or(By::Service);
        match self.logs() {
            Some(logs) if next == By::Rule && logs.said.rules == 0 => By::Service,
            _ => next,
        }
    }

    pub fn next_order(&mut self) {
        self.order = match self.order {
            RowOrder::Hits if self.has_bytes() => RowOrder::Bytes,
            RowOrder::Hits | RowOrder::Bytes => RowOrder::Addresses,
            RowOrder::Addresses => RowOrder::Name,
            RowOrder::Name => RowOrder::Hits,
        };
    }

    pub const fn restore(&mut self, by: By, limits: Limits) {
        self.by = by;
        self.limits = limits;
    }

    /// # Errors
    /// Why the log cannot answer that.
    pub fn toggle_denied(&mut self) -> Result<(), &'static str> {
        if !self.has_actions() {
            return Err("the log does not say what was allowed or denied");
        }
        self.limits.is_denied = !self.limits.is_denied;
        Ok(())
    }

    pub const fn toggle_nowhere(&mut self) {
        self.limits.is_nowhere = !self.limits.is_nowhere;
    }

    /// # Errors
    /// Why there is nothing to show.
    pub fn toggle_changed(&mut self) -> Result<(), String> {
        match &self.effect {
            WeekEffect::Unasked | WeekEffect::Running => {
                return Err("the weeks are still being compared".to_owned());
            }
            WeekEffect::Failed(reason) => return Err(reason.to_string()),
            WeekEffect::Ready(run) if run.answer.rows.is_empty() => {
                return Err(format!(
                    "{}: no address of the log is in other tags; c shows what changed for the row",
                    run.label
                ));
            }
            WeekEffect::Ready(_) => self.limits.is_changed = !self.limits.is_changed,
        }
        Ok(())
    }

    /// All hits again; false where they are there.
    pub fn clear_limits(&mut self) -> bool {
        std::mem::take(&mut self.limits) != Limits::default()
    }
}
