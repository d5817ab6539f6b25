//! Lookup: one input, and its answer as you type.

mod lines;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span as TextSpan};
use ratatui::widgets::Paragraph;
use tui_input::Input;

use crate::query::lookup::{Answer, Host, Query, QueryError, Subject, ask, ask_host};
use crate::space::Span;
use crate::text::{Safe, cut_end};
use crate::tui::layout::{inside, top};
use crate::tui::view::{Request, Session};
use crate::tui::widget::{List, Pane, draw_input, draw_pane, draw_scroll_mark, edit};
use crate::tui::{Chord, Command, Effect, Outcome, Place, Theme};

use lines::AnswerLine;

/// The state of the view Lookup.
#[derive(Debug)]
pub struct LookupView {
    input: Input,
    state: State,
    /// What the answer shows, line by line; empty without an answer.
    lines: Vec<AnswerLine>,
    list: List,
    place: Place,
    /// The newest ticket; outcomes of older ones are dropped.
    ticket: u64,
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
            lines: Vec::new(),
            list: List::default(),
            place: Place::QueryInput,
            ticket: 0,
        }
    }

    /// What has the keys.
    #[must_use]
    pub const fn place(&self) -> Place {
        self.place
    }

    /// Gives the keys to the input, as when the view is entered.
    pub fn enter(&mut self) {
        self.place = Place::QueryInput;
    }

    /// Looks addresses up that were chosen elsewhere.
    pub fn look_up(&mut self, span: Span, session: &Session) {
        self.input = Input::new(span.to_string());
        self.ask(session);
        self.place = Place::Results;
    }

    /// Takes a pasted text as the query: its first line that is not empty.
    pub fn paste(&mut self, text: &str, session: &Session) {
        let line = text
            .lines()
            .map(str::trim)
            .find(|line| !line.is_empty())
            .unwrap_or("");
        self.input = Input::new(line.chars().take(1024).collect());
        self.ask(session);
        self.place = Place::QueryInput;
    }

    fn ask(&mut self, session: &Session) {
        // Whatever the network still answers belongs to another text.
        self.ticket += 1;
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
            _ => Vec::new(),
        };
        self.skip_quiet(false);
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
            Outcome::Resolved(host) => self.found(&query.clone(), &host, session),
            Outcome::Failed(reason) => self.state = State::Failed(reason),
        }
    }

    fn found(&mut self, query: &Query, host: &Host, session: &Session) {
        let answer = ask_host(query, host, &session.dataset);
        self.lines = lines::of(&answer, session);
        self.state = State::Found(Box::new(answer));
        self.place = Place::Results;
        self.skip_quiet(false);
    }

    /// A key that no command took: text for the input.
    pub fn key(&mut self, chord: Chord, session: &Session) {
        if self.place == Place::QueryInput && edit(&mut self.input, chord) {
            self.ask(session);
        }
    }

    /// Runs a command of this view; `None` when it is not this view's.
    pub fn run(&mut self, command: Command, area: Rect, session: &Session) -> Option<Vec<Request>> {
        let mut requests = Vec::new();
        match (command, self.place) {
            (Command::NextPane | Command::PreviousPane, Place::QueryInput) => {
                self.place = Place::Results;
            }
            (Command::NextPane | Command::PreviousPane | Command::Query, _) => {
                self.place = Place::QueryInput;
            }
            (Command::Back, Place::QueryInput) => self.place = Place::Results,
            (Command::Back, _) if self.input.value().is_empty() => {
                requests.push(Request::Say("nothing to go back to; q quits".to_owned()));
            }
            (Command::Back, _) => {
                self.input.reset();
                self.ask(session);
                self.place = Place::QueryInput;
            }
            (Command::Open, Place::QueryInput) => requests.extend(self.enter_query(session)),
            (Command::Open, _) => {
                let tag = self.lines.get(self.list.selected).and_then(AnswerLine::tag);
                let row = tag.and_then(|tag| session.dataset.view().tag(tag));
                match row {
                    Some(row) => requests.push(Request::ShowTag(row.name.to_owned())),
                    None => requests.push(Request::Say("no tag on this line".to_owned())),
                }
            }
            _ => {
                let height = rows_of(area);
                let before = self.list.selected;
                if !self.list.run(command, self.lines.len(), height) {
                    return None;
                }
                self.skip_quiet(self.list.selected < before);
            }
        }
        self.settle(area);
        Some(requests)
    }

    /// Enter in the input: a host is asked for, an answer gets the keys.
    fn enter_query(&mut self, session: &Session) -> Option<Request> {
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

    /// Moves on past lines without a tag, in the direction of the last step where possible.
    fn skip_quiet(&mut self, is_back: bool) {
        let has_tag = |row: &usize| {
            self.lines
                .get(*row)
                .is_some_and(|line| line.tag().is_some())
        };
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
        self.list.settle(self.lines.len(), rows_of(area));
        // The lines above the first tag explain it: keep them on screen while it is selected.
        let first = self.lines.iter().position(|line| line.tag().is_some());
        if first == Some(self.list.selected) && self.list.selected < rows_of(area) {
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
        let date = session.dataset.info().date;
        let note = date.map_or(String::new(), |date| format!("as of {date}"));
        let pane = Pane {
            title: &title,
            note: &note,
            has_focus: !is_typing,
        };
        let body = draw_pane(frame, rest, &pane, theme);
        if self.lines.is_empty() {
            self.draw_hint(frame, body, theme);
            return;
        }
        let shown = self
            .list
            .visible(self.lines.len(), usize::from(body.height));
        draw_scroll_mark(frame, rest, &shown, self.lines.len(), theme);
        let selected = if is_typing {
            theme.selected_elsewhere
        } else {
            theme.selected
        };
        let drawn: Vec<Line<'_>> = shown
            .filter_map(|row| Some((row, self.lines.get(row)?)))
            .map(|(row, line)| {
                let is_selected = row == self.list.selected && line.tag().is_some();
                line.draw(
                    usize::from(body.width),
                    session,
                    theme,
                    is_selected.then_some(selected),
                )
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
