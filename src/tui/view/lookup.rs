//! Lookup: one input, and its answer as you type.

mod copy;
mod draw;
mod explained;
mod history;
mod lines;

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;
use tui_input::Input;

use crate::index::TagId;
use crate::query::ViewTopic;
use crate::query::history::Since;
use crate::query::lookup::{
    HostLookup, LookupAnswer, Query, QueryError, QueryKind, Subject, ask, ask_host,
};
use crate::text::Safe;
use crate::tui::component::{
    Component, Cx, Enter, Look, Mark, Marks, News, Reply, Scope, Screen, Taken, pasted_line,
};
use crate::tui::ex_command::ExCommand;
use crate::tui::keymap::OwnWords;
use crate::tui::layout::{inside, top};
use crate::tui::overlay::{ExportDialog, Fit};
use crate::tui::session::Session;
use crate::tui::view::Copied;
use crate::tui::view::export::{NOT_FITTED, NOTHING, written};
use crate::tui::widget::{List, MAX_INPUT, edit};
use crate::tui::{Chord, Command, Key, Mouse, MouseKind, Outcome, Place, Task};

use explained::{ExplainedText, Pasted};
use history::History;
use lines::{AnswerLine, Lines};

/// Longest pasted text that is read, in characters.
const MAX_PASTE: usize = 65_536;

/// The state of the view Lookup.
#[derive(Debug)]
pub struct LookupView {
    input: Input,
    state: LookupState,
    /// What the answer shows, line by line; empty without an answer.
    lines: Lines,
    list: List,
    place: Place,
    history: History,
    /// A host and what it resolved to; that is looked up again in other data.
    resolved: Option<(Subject, HostLookup)>,
    /// Since when each tag has held the address, by its place in the answer's matches.
    since: Vec<(TagId, Since)>,
    /// Whether the list has moved on past the last line with a tag.
    is_past_end: bool,
    /// What the pasted text means, where it is a failure of a registry.
    explained: Option<ExplainedText>,
    marks: Marks<LookupBookmark>,
}

/// Where the user is in Lookup.
#[derive(Debug, Clone, PartialEq)]
struct LookupBookmark {
    query: String,
    row: usize,
    place: Place,
    pasted: Option<Arc<Pasted>>,
}

/// What is known of the typed text.
#[derive(Debug)]
enum LookupState {
    /// Nothing is typed.
    Empty,
    /// The text asks for nothing, yet.
    Unread(QueryError),
    /// A host that has not been asked for.
    Waiting(Query),
    /// A host that the network is being asked for.
    Asking(Query),
    /// The network did not answer.
    Failed(Safe),
    /// An answer.
    Found(Box<LookupAnswer>),
}

impl LookupView {
    /// Nothing typed; the input has the keys.
    #[must_use]
    pub fn new() -> Self {
        Self {
            input: Input::default(),
            state: LookupState::Empty,
            lines: Lines::default(),
            list: List::default(),
            place: Place::QueryInput,
            history: History::default(),
            resolved: None,
            since: Vec::new(),
            is_past_end: false,
            explained: None,
            marks: Marks::default(),
        }
    }

    /// Where the user is.
    #[must_use]
    fn bookmark(&self) -> LookupBookmark {
        LookupBookmark {
            query: self.input.value().to_owned(),
            row: self.list.selected,
            place: self.place,
            pasted: self.explained.as_ref().map(ExplainedText::pasted),
        }
    }

    /// Back to where the user was.
    fn restore(&mut self, bookmark: &LookupBookmark, session: &Session) {
        if self.input.value() != bookmark.query {
            self.input = Input::new(bookmark.query.clone());
            self.ask(session);
        }
        self.explain_again(bookmark, session);
        self.list.selected = bookmark.row;
        self.skip_quiet(false);
        self.place = bookmark.place;
    }

    /// Asks the same of other data; a host's addresses stay what they were.
    fn reload(&mut self, bookmark: &LookupBookmark, session: &Session) {
        let now = Query::parse(self.input.value(), session.dataset.cloud()).ok();
        if let (LookupState::Asking(asked), Some(now)) = (&self.state, &now)
            && asked.subject == now.subject
        {
            return;
        }
        let resolved = self.resolved.take();
        self.ask(session);
        if let (Some((subject, host)), LookupState::Waiting(query)) = (resolved, &self.state)
            && subject == query.subject
        {
            self.found(&query.clone(), host, session);
        }
        self.explain_again(bookmark, session);
        self.list.selected = bookmark.row;
        self.skip_quiet(false);
        self.place = bookmark.place;
    }

    /// Takes a text as the query; of an error text that is what it names, and of a list the first
    /// line. Gives what was left aside, in words.
    fn take_paste(&mut self, text: &str, session: &Session) -> Option<Safe> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let line: String = words.join(" ").chars().take(MAX_PASTE).collect();
        let read = Query::parse(&line, session.dataset.cloud()).ok();
        let note = read.as_ref().and_then(|query| query.notes.first().cloned());
        let query = read.map_or(line, |query| query.text);
        let query: String = query.chars().take(MAX_INPUT).collect();
        self.set_query(&query, session);
        self.explained = ExplainedText::of(text, session);
        self.place = self.first_place();
        note
    }

    /// Takes a typed text as the query; the answer has the keys.
    fn set_query(&mut self, text: &str, session: &Session) {
        self.history.push(self.input.value());
        self.input = Input::new(text.to_owned());
        self.explained = None;
        self.history.push(text);
        self.ask(session);
        self.place = match self.state {
            LookupState::Found(_) => Place::Results,
            _ => Place::QueryInput,
        };
    }

    fn ask(&mut self, session: &Session) {
        self.resolved = None;
        self.is_past_end = false;
        self.list = List::default();
        let text = self.input.value();
        self.state = match Query::parse(text, session.dataset.cloud()) {
            _ if text.trim().is_empty() => LookupState::Empty,
            Err(error) => LookupState::Unread(error),
            Ok(query) => match query.subject {
                Subject::Host(..) => LookupState::Waiting(query),
                Subject::Span(..) => LookupState::Found(Box::new(ask(
                    &query,
                    &session.dataset,
                    &session.facts.specials,
                ))),
            },
        };
        self.lines = match &self.state {
            LookupState::Found(answer) => lines::of(answer, session),
            _ => Lines::default(),
        };
        self.refresh_week_history(session);
        self.skip_quiet(false);
    }

    /// What the weeks at hand say of an address: since when its tags have held it.
    fn refresh_week_history(&mut self, session: &Session) {
        self.since.clear();
        let (LookupState::Found(answer), Some(past)) = (&self.state, &session.week_history) else {
            return;
        };
        let Some(span) = answer.span.filter(|_| answer.kind == QueryKind::Address) else {
            return;
        };
        let view = session.dataset.view();
        let tags = answer.matches.iter().map(|found| found.tag);
        let tags: Vec<TagId> = tags.collect();
        let names: Vec<&str> = tags
            .iter()
            .map(|&tag| view.tag(tag).map_or("", |row| row.name))
            .collect();
        let since = past.since(span, session.dataset.info().content_hash, &names);
        let known = tags.into_iter().zip(since);
        self.since = known
            .filter_map(|(tag, since)| Some((tag, since?)))
            .collect();
    }

    fn found(&mut self, query: &Query, host: HostLookup, session: &Session) {
        let specials = &session.facts.specials;
        let answer = ask_host(query, &host, &session.dataset, specials);
        self.lines = lines::of(&answer, session);
        self.state = LookupState::Found(Box::new(answer));
        self.resolved = Some((query.subject.clone(), host));
        self.skip_quiet(false);
    }

    fn show_query(&mut self, text: String, session: &Session) {
        self.input = Input::new(text);
        self.explained = None;
        self.ask(session);
    }

    /// The answer gets the keys; an answered query is remembered.
    fn leave(&mut self) {
        if matches!(self.state, LookupState::Found(_)) {
            self.history.push(self.input.value());
        }
        self.place = Place::Results;
    }

    /// Moves the selection by a command; false when it is no movement.
    fn step(&mut self, command: Command, area: Rect) -> bool {
        let before = self.list;
        let rows = rows_of(area);
        if !self.list.run(command, self.rows(), rows) {
            return false;
        }
        if self.explained.is_some() {
            self.turn_page(command, before, rows);
            return true;
        }
        let is_back = self.list.selected < before.selected;
        self.skip_quiet(is_back);
        // No tag is further down, but lines are: a host's addresses that are in none.
        let is_stuck = !is_back && self.list.selected == before.selected;
        let highest = self.lines.len().saturating_sub(rows);
        self.is_past_end = is_stuck && command != Command::First && command != Command::Up;
        if self.is_past_end {
            self.list.offset = (before.offset + 1).min(highest);
        }
        true
    }

    /// To the tag of the selected line.
    fn follow(&self, session: &Session) -> Reply {
        let tag = self.line(self.list.selected).and_then(|line| line.tag());
        match tag.and_then(|tag| session.dataset.view().tag(tag)) {
            Some(row) => Reply::show_tag(row.name.to_owned()),
            None => Reply::say("no tag on this line".to_owned()),
        }
    }

    /// Enter in the input: a host is asked for, an answer gets the keys.
    fn enter_query(&mut self, cx: &mut Cx<'_>) {
        self.history.push(self.input.value());
        match std::mem::replace(&mut self.state, LookupState::Empty) {
            LookupState::Waiting(query) if cx.session.is_offline => {
                self.state = LookupState::Waiting(query);
                cx.say("a host name needs the network, and --offline forbids it");
            }
            LookupState::Waiting(query) => {
                let host = match &query.subject {
                    Subject::Host(_, host) => host.clone(),
                    Subject::Span(_, span) => span.to_string(),
                };
                self.state = LookupState::Asking(query);
                cx.start(Task::Resolve { host });
            }
            LookupState::Failed(_) => {
                self.ask(cx.session);
                self.enter_query(cx);
            }
            other => {
                if matches!(other, LookupState::Found(_)) {
                    self.place = Place::Results;
                }
                self.state = other;
            }
        }
    }

    /// A line of the answer.
    fn line(&self, row: usize) -> Option<AnswerLine> {
        match &self.state {
            LookupState::Found(answer) => self.lines.get(row, answer),
            _ => None,
        }
    }

    fn has_tag(&self, row: usize) -> bool {
        self.line(row).is_some_and(|line| line.tag().is_some())
    }

    /// Moves on past lines without a tag, in the direction of the last step where possible.
    fn skip_quiet(&mut self, is_back: bool) {
        // Every line of an explanation can be copied.
        if self.explained.is_some() {
            return;
        }
        let has_tag = |row: &usize| self.has_tag(*row);
        let (from, end) = (self.list.selected, self.lines.len());
        let ahead = || (from..end).find(has_tag);
        let behind = || (0..=from).rev().find(has_tag);
        let found = if is_back {
            behind().or_else(ahead)
        } else {
            ahead().or_else(behind)
        };
        self.list.selected = found.unwrap_or(from);
    }
}

impl Component for LookupView {
    fn place(&self) -> Place {
        self.place
    }

    fn run(&mut self, command: Command, cx: &mut Cx<'_>) -> Taken {
        let session = cx.session;
        match (command, self.place) {
            (Command::OlderQuery, _) => {
                let older = self.history.older(self.input.value()).map(str::to_owned);
                match older {
                    Some(older) => self.show_query(older, session),
                    None => cx.say("no older query"),
                }
            }
            (Command::NewerQuery, _) if self.history.is_walking() => {
                let newer = self.history.newer().map(str::to_owned);
                self.show_query(newer.unwrap_or_default(), session);
            }
            (Command::CopyCell, _) => cx.reply(self.copy(Copied::Cell, session)),
            (Command::CopyRows, _) => cx.reply(self.copy(Copied::Rows, session)),
            (Command::CopyCommand, _) => cx.reply(self.copy(Copied::Command, session)),
            (Command::Export, _) => cx.reply(Self::export_name(session)),
            (
                Command::NextPane | Command::PreviousPane | Command::NewerQuery | Command::Back,
                Place::QueryInput,
            ) => self.leave(),
            (Command::NextPane | Command::PreviousPane | Command::Query, _) => {
                self.place = Place::QueryInput;
            }
            (Command::Back, _) if self.input.value().is_empty() => {
                cx.say("nothing to go back to; q quits");
            }
            (Command::Back, _) => {
                self.input.reset();
                self.explained = None;
                self.ask(session);
                self.place = Place::QueryInput;
            }
            (Command::Open, Place::QueryInput) => self.enter_query(cx),
            (Command::Open, _) if self.explained.is_some() && self.is_unresolved() => {
                self.enter_query(cx);
            }
            (Command::Open, _) => cx.reply(self.follow(session)),
            _ => return Taken::from(self.step(command, cx.body)),
        }
        Taken::Yes
    }

    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) {
        if self.place == Place::QueryInput && edit(&mut self.input, chord) {
            self.history.stop();
            self.explained = None;
            self.ask(cx.session);
        }
    }

    /// A word goes into what is typed; a text of several words is a query of its own.
    fn paste(&mut self, text: &str, cx: &mut Cx<'_>) -> Taken {
        let is_word = text.split_whitespace().nth(1).is_none();
        let has_query = !self.input.value().is_empty();
        if self.place != Place::QueryInput || !has_query || !is_word {
            return Taken::No;
        }
        for letter in pasted_line(text).chars() {
            self.key(Chord::plain(Key::Char(letter)), cx);
        }
        Taken::Yes
    }

    /// A press on the input or on a line; the wheel moves the lines.
    fn mouse(&mut self, mouse: Mouse, cx: &mut Cx<'_>) {
        let (line, rest) = top(cx.body, 1);
        let body = inside(rest);
        match mouse.kind {
            MouseKind::WheelUp | MouseKind::WheelDown => {
                let command = if mouse.kind == MouseKind::WheelUp {
                    Command::Up
                } else {
                    Command::Down
                };
                for _ in 0..3 {
                    self.step(command, cx.body);
                }
            }
            MouseKind::Press if line.contains((mouse.column, mouse.row).into()) => {
                self.place = Place::QueryInput;
            }
            MouseKind::Press if body.contains((mouse.column, mouse.row).into()) => {
                let row = self.list.offset + usize::from(mouse.row - body.y);
                let has_tag = self.has_tag(row);
                let is_again = has_tag && row == self.list.selected;
                let had_keys = self.place == Place::Results;
                self.leave();
                if has_tag {
                    self.list.selected = row;
                }
                if is_again && had_keys {
                    cx.reply(self.follow(cx.session));
                }
            }
            MouseKind::Press => {}
        }
    }

    fn settle(&mut self, cx: &mut Cx<'_>) {
        let area = cx.body;
        self.fit_explained(usize::from(inside(area).width));
        self.list.settle(self.rows(), rows_of(area));
        // The lines above the first tag explain it: keep them on screen while it is selected.
        let first = (0..self.lines.len()).find(|&row| self.has_tag(row));
        let is_first = first == Some(self.list.selected) && !self.is_past_end;
        if is_first && self.list.selected < rows_of(area) {
            self.list.offset = 0;
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, look: &Look<'_>) {
        draw::draw(self, frame, look);
    }

    fn done(&mut self, outcome: Outcome, cx: &mut Cx<'_>) {
        // Another text may have been typed since.
        let (LookupState::Asking(query), Outcome::Resolved(found)) = (&self.state, outcome) else {
            return;
        };
        match found {
            Ok(host) => {
                self.found(&query.clone(), host, cx.session);
                self.place = Place::Results;
            }
            Err(reason) => self.state = LookupState::Failed(reason),
        }
    }
}

impl Screen for LookupView {
    fn topic(&self) -> ViewTopic {
        ViewTopic::Lookup
    }

    /// The input has the keys; an explanation where there is one.
    fn enter(&mut self, how: Enter, _: &mut Cx<'_>) {
        if how != Enter::Returned {
            self.place = self.first_place();
        }
    }

    fn execute(&mut self, command: ExCommand, cx: &mut Cx<'_>) {
        match command {
            ExCommand::LookUp(text) => self.set_query(&text, cx.session),
            ExCommand::Pasted(text) => {
                let note = self.take_paste(&text, cx.session);
                cx.reply_all(note.map(Reply::Say));
            }
            _ => {}
        }
    }

    fn mark(&mut self, mark: Mark, _: &Session) {
        self.marks.note(mark, self.bookmark());
    }

    fn to_mark(&mut self, mark: Mark, session: &Session) {
        let own = self.bookmark();
        if let Some(bookmark) = self.marks.take(mark, own) {
            match mark {
                Mark::Jump => self.restore(&bookmark, session),
                Mark::Data => self.reload(&bookmark, session),
            }
        }
    }

    fn learn(&mut self, news: &News, cx: &mut Cx<'_>) {
        match news {
            News::Data => self.to_mark(Mark::Data, cx.session),
            News::WeekHistory => self.refresh_week_history(cx.session),
            _ => {}
        }
    }

    fn export(&self, form: &str, session: &Session) -> Result<Vec<u8>, Safe> {
        if let Some(bytes) = self.exported_explanation(form, session) {
            return Ok(bytes);
        }
        let LookupState::Found(answer) = &self.state else {
            return Err(Safe::new("there is no answer yet to write"));
        };
        let dataset = &session.dataset;
        let week = dataset.record();
        let record = answer.record(Some(&week), None, dataset);
        written(&answer.sheet(dataset), &record, form)
    }

    fn offer(&self, _: Scope, _: &Session) -> Result<ExportDialog, Safe> {
        Err(Safe::new(NOTHING))
    }

    fn fit(&self, _: Scope, _: &Session) -> Result<Fit, Safe> {
        Err(Safe::new(NOT_FITTED))
    }

    fn footer_words(&self) -> OwnWords {
        match self.place {
            Place::Results => self.explained_words(),
            _ => &[],
        }
    }
}

/// Lines of the answer that fit.
fn rows_of(area: Rect) -> usize {
    let (_, rest) = top(area, 1);
    usize::from(inside(rest).height)
}
