//! Lookup: one input, and its answer as you type.

mod about;
mod copy;
mod draw;
mod explained;
mod history;
mod lines;
mod list;
mod paste;
mod state;

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;
use tui_input::Input;

use crate::index::TagId;
use crate::query::ViewTopic;
use crate::query::history::Since;
use crate::query::lookup::{HostLookup, Query, Subject, ask_host};
use crate::store::{KeptState, KeptView};
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
use crate::tui::view::export::{NOT_FITTED, NOTHING, TABLE, exports};
use crate::tui::widget::{List, edit};
use crate::tui::{Chord, Command, Key, Mouse, MouseKind, Outcome, Place, Task};

use about::AboutTag;
use draw::rows_of;
use explained::ExplainedText;
use history::{History, PastQuery};
use lines::{AnswerLine, Lines};
use list::{LIST_WORDS, QueryList};
use state::{LookupBookmark, LookupState};

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
    /// Whether what stands in the input was pasted, if only in part.
    is_pasted: bool,
    /// A host and what it resolved to; that is looked up again in other data.
    resolved: Option<(Subject, HostLookup)>,
    /// Since when each tag has held the address, by its place in the answer's matches.
    since: Vec<(TagId, Since)>,
    /// Whether the list has moved on past the last line with a tag.
    is_past_end: bool,
    /// What the pasted text means, where it is a failure of a registry.
    explained: Option<ExplainedText>,
    /// A text that was pasted as a list; the input is empty then.
    pasted_list: Option<Arc<str>>,
    /// Where in a list the query was opened.
    list_place: Option<LookupBookmark>,
    about: AboutTag,
    marks: Marks<LookupBookmark>,
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
            is_pasted: false,
            resolved: None,
            since: Vec::new(),
            is_past_end: false,
            explained: None,
            pasted_list: None,
            list_place: None,
            about: AboutTag::default(),
            marks: Marks::default(),
        }
    }

    /// Where the user is.
    #[must_use]
    fn bookmark(&self) -> LookupBookmark {
        LookupBookmark {
            query: self.query(),
            row: self.list.selected,
            place: self.place,
        }
    }

    /// Where the user is in a list, if in one.
    fn place_in_list(&self) -> Option<LookupBookmark> {
        self.table().map(|_| self.bookmark())
    }

    /// The table of several queries; an explanation comes before it.
    const fn table(&self) -> Option<&QueryList> {
        match (&self.state, &self.explained) {
            (LookupState::Several(list), None) => Some(list),
            _ => None,
        }
    }

    /// Back to where the user was.
    fn restore(&mut self, bookmark: &LookupBookmark, session: &Session) {
        let list_place = self.place_in_list();
        let is_other = self.input.value() != bookmark.query.text;
        if is_other || self.pasted_list != bookmark.query.list {
            self.show_query(bookmark.query.clone(), session);
            self.list_place = list_place.filter(|_| self.table().is_none());
        }
        self.go_to(bookmark, session);
    }

    /// To the line of the answer.
    fn go_to(&mut self, bookmark: &LookupBookmark, session: &Session) {
        self.explain_again(bookmark.query.failure.clone(), session);
        self.list.selected = bookmark.row;
        self.skip_quiet(false);
        self.place = bookmark.place;
    }

    /// Asks the same of other data; a host's addresses stay what they were.
    fn reload(&mut self, bookmark: &LookupBookmark, session: &Session) {
        if let LookupState::Asking(asked) = &self.state {
            let now = LookupState::of(self.input.value(), session);
            if matches!(&now, LookupState::Waiting(now) if now.subject == asked.subject) {
                return;
            }
        }
        let resolved = self.resolved.take();
        self.ask(session);
        if let (Some((subject, host)), LookupState::Waiting(query)) = (resolved, &self.state)
            && subject == query.subject
        {
            self.found(&query.clone(), host, session);
        }
        self.go_to(bookmark, session);
    }

    /// Takes a typed text as the query; the answer has the keys.
    fn set_query(&mut self, text: &str, session: &Session) {
        self.remember();
        let is_pasted = self.is_pasted && self.table().is_some_and(|list| list.has(text, session));
        let list_place = self.place_in_list().or(self.list_place.take());
        self.put(PastQuery::typed(text));
        (self.list_place, self.is_pasted) = (list_place, is_pasted);
        self.ask(session);
        self.remember();
        self.place = if self.state.is_answered() {
            Place::Results
        } else {
            Place::QueryInput
        };
    }

    /// Puts a query into the input; what was pasted before is gone.
    fn put(&mut self, query: PastQuery) {
        self.input = Input::new(query.text);
        self.is_pasted = query.is_pasted;
        self.explained = None;
        self.pasted_list = query.list;
        self.list_place = None;
    }

    fn ask(&mut self, session: &Session) {
        self.resolved = None;
        self.is_past_end = false;
        self.list = List::default();
        self.state = match &self.pasted_list {
            Some(pasted) => LookupState::Several(Box::new(QueryList::pasted(pasted, session))),
            None => LookupState::of(self.input.value(), session),
        };
        self.lines = lines::of_state(&self.state, session);
        self.refresh_week_history(session);
        self.skip_quiet(false);
    }

    /// What the weeks at hand say of an address: since when its tags have held it.
    fn refresh_week_history(&mut self, session: &Session) {
        let answer = self.state.answer();
        self.since = answer.map_or_else(Vec::new, |answer| lines::since_of(answer, session));
    }

    fn found(&mut self, query: &Query, host: HostLookup, session: &Session) {
        let specials = &session.facts.specials;
        let answer = ask_host(query, &host, &session.dataset, specials);
        self.lines = lines::of(&answer, session);
        self.state = LookupState::Found(Box::new(answer));
        self.resolved = Some((query.subject.clone(), host));
        self.skip_quiet(false);
    }

    fn show_query(&mut self, query: PastQuery, session: &Session) {
        let failure = query.failure.clone();
        self.put(query);
        self.ask(session);
        self.explain_again(failure, session);
    }

    /// What is asked for, whole.
    fn query(&self) -> PastQuery {
        PastQuery {
            text: self.input.value().to_owned(),
            is_pasted: self.is_pasted,
            list: self.pasted_list.clone(),
            failure: self.explained.as_ref().map(ExplainedText::pasted),
        }
    }

    /// Remembers the query in the input.
    fn remember(&mut self) {
        self.history.push(&self.query());
        self.keep_asked();
    }

    /// The query in the input comes back at the next start where it was answered and is no failure.
    fn keep_asked(&mut self) {
        if self.state.is_answered() && self.explained.is_none() {
            self.history.push_asked(&self.query());
        }
    }

    /// The answer gets the keys; an answered query is remembered.
    fn leave(&mut self) {
        if self.state.is_answered() {
            self.remember();
        }
        self.place = Place::Results;
    }

    /// Moves the selection by a command; false when it is no movement.
    fn step(&mut self, command: Command, area: Rect) -> bool {
        let before = self.list;
        let rows = self.rows_in(area);
        if !self.list.run(command, self.rows(), rows) {
            return false;
        }
        if self.table().is_some() {
            return true;
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

    /// To the tag of the selected line; of a list to its query.
    fn follow(&self, session: &Session) -> Reply {
        if let Some(list) = self.table() {
            return match list.query_of(self.list.selected, session) {
                Ok(text) => Reply::Go(ExCommand::LookUp(text)),
                Err(reason) => Reply::Say(reason),
            };
        }
        let tag = self.line(self.list.selected).and_then(|line| line.tag());
        match tag.and_then(|tag| session.dataset.view().tag(tag)) {
            Some(row) => Reply::show_tag(row.name.to_owned()),
            None => Reply::say("no tag on this line".to_owned()),
        }
    }

    /// Enter in the input: a host is asked for, an answer gets the keys.
    fn enter_query(&mut self, cx: &mut Cx<'_>) {
        self.remember();
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
                if other.is_answered() {
                    self.place = Place::Results;
                }
                self.state = other;
            }
        }
    }

    /// A line of the answer.
    fn line(&self, row: usize) -> Option<AnswerLine> {
        self.lines.get(row, self.state.answer()?)
    }

    /// Rows of the pane above the first line that moves.
    fn rows_above(&self, area: Rect) -> usize {
        self.table()
            .map_or(0, |list| list.rows_above(rows_of(area)))
    }

    /// Lines of the answer that fit.
    fn rows_in(&self, area: Rect) -> usize {
        rows_of(area) - self.rows_above(area)
    }

    fn has_tag(&self, row: usize) -> bool {
        self.line(row).is_some_and(|line| line.tag().is_some())
    }

    /// Moves on past lines without a tag, in the direction of the last step where possible.
    fn skip_quiet(&mut self, is_back: bool) {
        // Every line of an explanation can be copied.
        if self.explained.is_some() || self.table().is_some() {
            return;
        }
        if let Some(answer) = self.state.answer() {
            let from = self.list.selected;
            self.list.selected = self.lines.tag_near(from, is_back, answer);
        }
    }
}

impl Component for LookupView {
    fn place(&self) -> Place {
        self.place
    }

    fn run(&mut self, command: Command, cx: &mut Cx<'_>) -> Taken {
        let session = cx.session;
        match (command, self.place) {
            (Command::OlderQuery, _) => match self.history.older(self.query()) {
                Some(older) => self.show_query(older, session),
                None => cx.say("no older query"),
            },
            (Command::NewerQuery, _) if self.history.is_walking() => {
                let newer = self.history.newer().unwrap_or_default();
                self.show_query(newer, session);
            }
            (Command::CopyCell, _) => cx.reply(self.copy(Copied::Cell, session)),
            (Command::CopyRows, _) => cx.reply(self.copy(Copied::Rows, session)),
            (Command::CopyCommand, _) => cx.reply(self.copy(Copied::Command, session)),
            (
                Command::NextPane | Command::PreviousPane | Command::NewerQuery | Command::Back,
                Place::QueryInput,
            ) => self.leave(),
            (Command::NextPane | Command::PreviousPane | Command::Query, _) => {
                self.place = Place::QueryInput;
            }
            (Command::Back, _) if self.list_place.is_some() => {
                if let Some(bookmark) = self.list_place.take() {
                    self.restore(&bookmark, session);
                }
            }
            // The answer stays: nothing is left by accident, and no input is entered.
            (Command::Back, _) => cx.say("/ asks again, - goes to the last place, q quits"),
            // A paste that the terminal does not mark as one goes on behind the end of a line.
            (Command::Open, Place::QueryInput) if self.is_typed_failure() => {
                self.key(Chord::plain(Key::Char(' ')), cx);
                cx.say("explained below; Tab goes there");
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
        if self.place != Place::QueryInput {
            return;
        }
        // A pasted list has no text in the input; a key that deletes takes all of it away.
        let is_edited = edit(&mut self.input, chord);
        let is_taken_away = self.pasted_list.is_some() && chord.key == Key::Backspace;
        if is_edited || is_taken_away {
            self.history.stop();
            // What is typed in place of a list was not pasted with it.
            let had_list = self.pasted_list.take().is_some();
            self.is_pasted &= !had_list && !self.input.value().is_empty();
            self.ask(cx.session);
            self.explained = ExplainedText::typed(self.input.value(), cx.session);
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
        self.is_pasted = true;
        Taken::Yes
    }

    /// A press on the input or on a line; the wheel moves the lines.
    fn mouse(&mut self, mouse: Mouse, cx: &mut Cx<'_>) {
        let (line, rest) = top(cx.body, 1);
        let body = inside(rest);
        match mouse.kind {
            MouseKind::WheelUp | MouseKind::WheelDown => {
                for command in [mouse.wheel(); 3].into_iter().flatten() {
                    self.step(command, cx.body);
                }
            }
            MouseKind::Press if line.contains((mouse.column, mouse.row).into()) => {
                self.place = Place::QueryInput;
            }
            MouseKind::Press if body.contains((mouse.column, mouse.row).into()) => {
                let above = self.rows_above(cx.body);
                let Some(row) = usize::from(mouse.row - body.y).checked_sub(above) else {
                    return self.leave();
                };
                let row = self.list.offset + row;
                let has_tag = match self.table() {
                    Some(list) => row < list.len(),
                    None => self.has_tag(row),
                };
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
        let height = self.rows_in(area);
        self.list.settle(self.rows(), height);
        let line = self.line(self.list.selected).and_then(|line| line.tag());
        let tag = line.filter(|_| self.explained.is_none());
        self.about.settle(tag, cx.session);
        if self.table().is_some() {
            return;
        }
        // The lines above the first tag explain it: keep them on screen while it is selected.
        let first = (0..self.lines.len()).find(|&row| self.has_tag(row));
        let is_first = first == Some(self.list.selected) && !self.is_past_end;
        if is_first && self.list.selected < height {
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
                self.keep_asked();
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
        if matches!(news, News::Data | News::WeekHistory) {
            self.about.forget();
        }
        match news {
            News::Data => self.to_mark(Mark::Data, cx.session),
            News::WeekHistory => self.refresh_week_history(cx.session),
            _ => {}
        }
    }

    // Its queries are asked for by themselves.
    fn keep(&self, _: &mut KeptView) {}

    fn take_asked(&mut self, is_end: bool) -> Vec<String> {
        if is_end {
            self.keep_asked();
        }
        self.history.take_asked()
    }

    fn bring_back(&mut self, state: &KeptState, _: &mut Cx<'_>) {
        self.history.bring_back(&state.queries);
    }

    fn export(&self, form: &str, session: &Session) -> Result<Vec<u8>, Safe> {
        if let Some(bytes) = self.exported_explanation(form, session) {
            return Ok(bytes);
        }
        self.state.export(form, session)
    }

    fn offer(&self, _: Scope, session: &Session) -> Result<ExportDialog, Safe> {
        if !self.state.is_answered() && self.explained.is_none() {
            return Err(Safe::new("there is no answer yet to write"));
        }
        let exports = exports(&Self::export_name(session), &TABLE);
        let title = self.input.value().to_owned();
        Ok(ExportDialog::new(title, exports, None).without(NOTHING))
    }

    fn fit(&self, _: Scope, _: &Session) -> Result<Fit, Safe> {
        Err(Safe::new(NOT_FITTED))
    }

    fn footer_words(&self) -> OwnWords {
        match self.place {
            Place::Results if self.table().is_some() => LIST_WORDS,
            Place::Results => self.explained_words(),
            _ => &[],
        }
    }
}
