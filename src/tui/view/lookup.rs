//! Lookup: one input, and its answer as you type.

mod copy;
mod explained;
mod history;
mod lines;

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span as TextSpan};
use ratatui::widgets::Paragraph;
use tui_input::Input;

use crate::index::TagId;
use crate::query::history::Since;
use crate::query::lookup::{Answer, Host, Kind, Query, QueryError, Subject, ask, ask_host};
use crate::space::Span;
use crate::text::{Safe, cut_end};
use crate::tui::layout::{inside, top};
use crate::tui::view::{Copied, Request, Session};
use crate::tui::widget::{List, MAX_INPUT, Pane, draw_input, draw_pane, draw_scroll_mark, edit};
use crate::tui::{Chord, Command, Effect, Mouse, MouseKind, Outcome, Place, Theme};

use explained::{Explained, Pasted};
use history::History;
use lines::{AnswerLine, Lines};

/// Longest pasted text that is read, in characters.
const MAX_PASTE: usize = 65_536;

/// The state of the view Lookup.
#[derive(Debug)]
pub struct LookupView {
    input: Input,
    state: State,
    /// What the answer shows, line by line; empty without an answer.
    lines: Lines,
    list: List,
    place: Place,
    /// The newest ticket; outcomes of older ones are dropped.
    ticket: u64,
    history: History,
    /// A host and what it resolved to; that is looked up again in other data.
    resolved: Option<(Subject, Host)>,
    /// Since when each tag has held the address, by its place in the answer's matches.
    since: Vec<(TagId, Since)>,
    /// Whether the list has moved on past the last line with a tag.
    is_past_end: bool,
    /// What the pasted text means, where it is a failure of a registry.
    explained: Option<Explained>,
}

/// Where the user is in Lookup.
#[derive(Debug, Clone, PartialEq)]
pub struct LookupBookmark {
    query: String,
    row: usize,
    place: Place,
    pasted: Option<Arc<Pasted>>,
}

/// What is known of the typed text.
#[derive(Debug)]
enum State {
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
    Found(Box<Answer>),
}

impl LookupView {
    /// Nothing typed; the input has the keys.
    #[must_use]
    pub fn new() -> Self {
        Self {
            input: Input::default(),
            state: State::Empty,
            lines: Lines::default(),
            list: List::default(),
            place: Place::QueryInput,
            ticket: 0,
            history: History::default(),
            resolved: None,
            since: Vec::new(),
            is_past_end: false,
            explained: None,
        }
    }

    /// What has the keys.
    #[must_use]
    pub const fn place(&self) -> Place {
        self.place
    }

    /// Gives the keys to the input, as when the view is entered; to an explanation where one is.
    pub fn enter(&mut self) {
        self.place = self.first_place();
    }

    /// Whether something is typed.
    #[must_use]
    pub fn has_query(&self) -> bool {
        !self.input.value().is_empty()
    }

    /// Where the user is.
    #[must_use]
    pub fn bookmark(&self) -> LookupBookmark {
        LookupBookmark {
            query: self.input.value().to_owned(),
            row: self.list.selected,
            place: self.place,
            pasted: self.explained.as_ref().map(Explained::pasted),
        }
    }

    /// Back to where the user was.
    pub fn restore(&mut self, bookmark: &LookupBookmark, session: &Session) {
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
    pub fn reload(&mut self, bookmark: &LookupBookmark, session: &Session) {
        let now = Query::parse(self.input.value(), session.dataset.cloud()).ok();
        if let (State::Asking(asked), Some(now)) = (&self.state, &now)
            && asked.subject == now.subject
        {
            return;
        }
        let resolved = self.resolved.take();
        self.ask(session);
        if let (Some((subject, host)), State::Waiting(query)) = (resolved, &self.state)
            && subject == query.subject
        {
            self.found(&query.clone(), host, session);
        }
        self.explain_again(bookmark, session);
        self.list.selected = bookmark.row;
        self.skip_quiet(false);
        self.place = bookmark.place;
    }

    /// Looks addresses up that were chosen elsewhere.
    pub fn look_up(&mut self, span: Span, session: &Session) {
        self.set_query(&span.to_string(), session);
        self.place = Place::Results;
    }

    /// Takes a text as the query; of an error text that is what it names, and of a list the first
    /// line. Gives what was left aside, in words.
    pub fn paste(&mut self, text: &str, session: &Session) -> Option<Safe> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let line: String = words.join(" ").chars().take(MAX_PASTE).collect();
        let read = Query::parse(&line, session.dataset.cloud()).ok();
        let note = read.as_ref().and_then(|query| query.notes.first().cloned());
        let query = read.map_or(line, |query| query.text);
        let query: String = query.chars().take(MAX_INPUT).collect();
        self.set_query(&query, session);
        self.explained = Explained::of(text, session);
        self.place = self.first_place();
        note
    }

    /// Takes a typed text as the query; the answer has the keys.
    pub fn set_query(&mut self, text: &str, session: &Session) {
        self.history.push(self.input.value());
        self.input = Input::new(text.to_owned());
        self.explained = None;
        self.history.push(text);
        self.ask(session);
        self.place = match self.state {
            State::Found(_) => Place::Results,
            _ => Place::QueryInput,
        };
    }

    fn ask(&mut self, session: &Session) {
        // Whatever the network still answers belongs to another text.
        self.ticket += 1;
        self.resolved = None;
        self.is_past_end = false;
        self.list = List::default();
        let text = self.input.value();
        self.state = match Query::parse(text, session.dataset.cloud()) {
            _ if text.trim().is_empty() => State::Empty,
            Err(error) => State::Unread(error),
            Ok(query) => match query.subject {
                Subject::Host(..) => State::Waiting(query),
                Subject::Span(..) => State::Found(Box::new(ask(&query, &session.dataset))),
            },
        };
        self.lines = match &self.state {
            State::Found(answer) => lines::of(answer, session),
            _ => Lines::default(),
        };
        self.refresh_week_history(session);
        self.skip_quiet(false);
    }

    /// What the weeks at hand say of an address: since when its tags have held it.
    pub fn refresh_week_history(&mut self, session: &Session) {
        self.since.clear();
        let (State::Found(answer), Some(past)) = (&self.state, &session.week_history) else {
            return;
        };
        let Some(span) = answer.span.filter(|_| answer.kind == Kind::Address) else {
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

    /// Takes the outcome of a task, unless it is too late.
    pub fn done(&mut self, ticket: u64, outcome: Outcome, session: &Session) {
        if ticket != self.ticket {
            return;
        }
        let State::Asking(query) = &self.state else {
            return;
        };
        match outcome {
            Outcome::Resolved(host) => {
                self.found(&query.clone(), host, session);
                self.place = Place::Results;
            }
            Outcome::Failed(reason) => self.state = State::Failed(reason),
            _ => {}
        }
    }

    fn found(&mut self, query: &Query, host: Host, session: &Session) {
        let answer = ask_host(query, &host, &session.dataset);
        self.lines = lines::of(&answer, session);
        self.state = State::Found(Box::new(answer));
        self.resolved = Some((query.subject.clone(), host));
        self.skip_quiet(false);
    }

    /// A key that no command took: text for the input.
    pub fn key(&mut self, chord: Chord, session: &Session) {
        if self.place == Place::QueryInput && edit(&mut self.input, chord) {
            self.history.stop();
            self.explained = None;
            self.ask(session);
        }
    }

    /// Runs a command of this view; `None` when it is not this view's.
    pub fn run(&mut self, command: Command, area: Rect, session: &Session) -> Option<Vec<Request>> {
        let mut requests = Vec::new();
        match (command, self.place) {
            (Command::OlderQuery, _) => {
                let older = self.history.older(self.input.value()).map(str::to_owned);
                match older {
                    Some(older) => self.show_query(older, session),
                    None => requests.push(Request::Say("no older query".to_owned())),
                }
            }
            (Command::NewerQuery, _) if self.history.is_walking() => {
                let newer = self.history.newer().map(str::to_owned);
                self.show_query(newer.unwrap_or_default(), session);
            }
            (Command::CopyCell, _) => requests.push(self.copy(Copied::Cell, session)),
            (Command::CopyRows, _) => requests.push(self.copy(Copied::Rows, session)),
            (Command::CopyCommand, _) => requests.push(self.copy(Copied::Command, session)),
            (Command::Export, _) => requests.push(Self::export_name(session)),
            (
                Command::NextPane | Command::PreviousPane | Command::NewerQuery | Command::Back,
                Place::QueryInput,
            ) => self.leave(),
            (Command::NextPane | Command::PreviousPane | Command::Query, _) => {
                self.place = Place::QueryInput;
            }
            (Command::Back, _) if self.input.value().is_empty() => {
                requests.push(Request::Say("nothing to go back to; q quits".to_owned()));
            }
            (Command::Back, _) => {
                self.input.reset();
                self.explained = None;
                self.ask(session);
                self.place = Place::QueryInput;
            }
            (Command::Open, Place::QueryInput) => requests.extend(self.enter_query(session)),
            (Command::Open, _) if self.explained.is_some() && self.is_unresolved() => {
                requests.extend(self.enter_query(session));
            }
            (Command::Open, _) => requests.push(self.follow(session)),
            _ => {
                if !self.step(command, area) {
                    return None;
                }
            }
        }
        self.settle(area);
        Some(requests)
    }

    fn show_query(&mut self, text: String, session: &Session) {
        self.input = Input::new(text);
        self.explained = None;
        self.ask(session);
    }

    /// The answer gets the keys; an answered query is remembered.
    fn leave(&mut self) {
        if matches!(self.state, State::Found(_)) {
            self.history.push(self.input.value());
        }
        self.place = Place::Results;
    }

    /// The mouse: a press on the input or on a line; the wheel moves the lines.
    pub fn mouse(&mut self, mouse: Mouse, area: Rect, session: &Session) -> Vec<Request> {
        let (line, rest) = top(area, 1);
        let body = inside(rest);
        let mut requests = Vec::new();
        match mouse.kind {
            MouseKind::WheelUp | MouseKind::WheelDown => {
                let command = if mouse.kind == MouseKind::WheelUp {
                    Command::Up
                } else {
                    Command::Down
                };
                for _ in 0..3 {
                    self.step(command, area);
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
                    requests.push(self.follow(session));
                }
            }
            MouseKind::Press => {}
        }
        self.settle(area);
        requests
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
    fn follow(&self, session: &Session) -> Request {
        let tag = self.line(self.list.selected).and_then(|line| line.tag());
        match tag.and_then(|tag| session.dataset.view().tag(tag)) {
            Some(row) => Request::ShowTag(row.name.to_owned()),
            None => Request::Say("no tag on this line".to_owned()),
        }
    }

    /// Enter in the input: a host is asked for, an answer gets the keys.
    fn enter_query(&mut self, session: &Session) -> Option<Request> {
        self.history.push(self.input.value());
        match std::mem::replace(&mut self.state, State::Empty) {
            State::Waiting(query) if session.is_offline => {
                self.state = State::Waiting(query);
                let text = "a host name needs the network, and --offline forbids it";
                Some(Request::Say(text.to_owned()))
            }
            State::Waiting(query) => {
                self.ticket += 1;
                let host = match &query.subject {
                    Subject::Host(_, host) => host.clone(),
                    Subject::Span(_, span) => span.to_string(),
                };
                self.state = State::Asking(query);
                Some(Request::Do(Effect::Resolve {
                    ticket: self.ticket,
                    host,
                }))
            }
            State::Failed(_) => {
                self.ask(session);
                self.enter_query(session)
            }
            other => {
                if matches!(other, State::Found(_)) {
                    self.place = Place::Results;
                }
                self.state = other;
                None
            }
        }
    }

    /// A line of the answer.
    fn line(&self, row: usize) -> Option<AnswerLine> {
        match &self.state {
            State::Found(answer) => self.lines.get(row, answer),
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

    /// Brings the list into its area.
    pub fn settle(&mut self, area: Rect) {
        self.fit_explained(usize::from(inside(area).width));
        self.list.settle(self.rows(), rows_of(area));
        // The lines above the first tag explain it: keep them on screen while it is selected.
        let first = (0..self.lines.len()).find(|&row| self.has_tag(row));
        let is_first = first == Some(self.list.selected) && !self.is_past_end;
        if is_first && self.list.selected < rows_of(area) {
            self.list.offset = 0;
        }
    }

    /// Draws the input and the answer.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, session: &Session, theme: &Theme) {
        let (line, rest) = top(area, 1);
        let hint = "an address, a CIDR, a range a-b, a host name, a URL, a registry";
        let is_typing = self.place == Place::QueryInput;
        draw_input(
            frame,
            line,
            (" look up: ", hint),
            &self.input,
            is_typing,
            theme,
        );
        let title = match &self.state {
            State::Found(answer) => answer.headline(),
            State::Empty => "Answer".to_owned(),
            State::Unread(_) => "not a query yet".to_owned(),
            State::Waiting(query) | State::Asking(query) => query.text.clone(),
            State::Failed(_) => "not resolved".to_owned(),
        };
        let title = match &self.explained {
            Some(explained) if self.lines.is_empty() => explained.headline(),
            _ => title,
        };
        let date = session.dataset.info().date;
        let note = date.map_or(String::new(), |date| format!("as of {date}"));
        let pane = Pane {
            title: &title,
            note: &note,
            has_focus: !is_typing,
        };
        let body = draw_pane(frame, rest, &pane, theme);
        if self.rows() == 0 {
            self.draw_hint(frame, body, theme);
            return;
        }
        let shown = self.list.visible(self.rows(), usize::from(body.height));
        draw_scroll_mark(frame, rest, &shown, self.rows(), theme);
        let selected = if is_typing {
            theme.selected_elsewhere
        } else {
            theme.selected
        };
        let room = usize::from(body.width);
        let drawn: Vec<Line<'_>> = shown
            .filter_map(|row| {
                let is_selected = row == self.list.selected;
                let style = is_selected.then_some(selected);
                let Some(line) = self.line(row) else {
                    let explained = self.explained.as_ref()?;
                    let Some(row) = row.checked_sub(self.explained_from()) else {
                        return Some(Line::default());
                    };
                    return explained.draw(row, room, theme, style);
                };
                let style = style.filter(|_| line.tag().is_some() || self.explained.is_some());
                Some(line.draw(room, (session, &self.since), theme, style))
            })
            .collect();
        frame.render_widget(Paragraph::new(drawn), body);
    }

    fn draw_hint(&self, frame: &mut Frame<'_>, area: Rect, theme: &Theme) {
        let (style, texts) = match &self.state {
            State::Empty | State::Found(_) => (
                theme.muted,
                vec![
                    "type or paste; the answer follows every key. For example:".to_owned(),
                    "  20.38.116.38          which tags hold an address".to_owned(),
                    "  20.38.0.0/16          what covers a block, what lies inside, how much"
                        .to_owned(),
                    "  20.38.0.9-20.38.2.1   the same for a range".to_owned(),
                    "  contoso.azurecr.io    a host: Enter asks the network for its addresses"
                        .to_owned(),
                ],
            ),
            State::Unread(error) => (theme.muted, vec![error.to_string()]),
            State::Waiting(query) => {
                let notes = query.notes.iter().map(ToString::to_string);
                let ask = "a host name: Enter asks the network for its addresses".to_owned();
                (theme.text, notes.chain(std::iter::once(ask)).collect())
            }
            State::Asking(_) => (theme.text, vec!["asking the network …".to_owned()]),
            State::Failed(reason) => (
                theme.bad,
                vec![reason.to_string(), "Enter asks again".to_owned()],
            ),
        };
        let room = usize::from(area.width);
        let lines: Vec<Line<'_>> = texts
            .into_iter()
            .map(|text| Line::from(TextSpan::styled(cut_end(&text, room).into_owned(), style)))
            .collect();
        frame.render_widget(Paragraph::new(lines), area);
    }
}

/// Lines of the answer that fit.
fn rows_of(area: Rect) -> usize {
    let (_, rest) = top(area, 1);
    usize::from(inside(rest).height)
}
