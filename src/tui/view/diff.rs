//! Diff: publications at the left, what changed between two of them, and the rows of one tag.

mod areas;
mod changes;
mod copy;
mod owner;
mod pair;
mod pointer;
mod rows;
mod steps;
mod weeks;

use std::collections::{BTreeMap, BTreeSet};

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use tui_input::Input;

use crate::query::Dataset;
use crate::query::diff::{Answer, GroupOrder, Question, Row, TagChange, ask};
use crate::query::tags;
use crate::source::Publication;
use crate::text::{Safe, wrap};
use crate::tui::layout::{inside, top};
use crate::tui::view::{Copied, Request, Session};
use crate::tui::widget::{List, edit};
use crate::tui::{Chord, Command, Effect, Outcome, Place, Theme};

use changes::{ChangeLine, Chosen};
use pair::Pair;

/// The state of the view Diff.
#[derive(Debug)]
pub struct DiffView {
    /// The publications at hand, newest first.
    weeks: Vec<Publication>,
    week_list: List,
    /// Which two are compared, or are to be.
    pair: Pair,
    state: State,
    filter: Input,
    order: GroupOrder,
    scope: Scope,
    /// Services that are open without a filter.
    unfolded: BTreeSet<String>,
    /// Services that are closed under a filter, which opens all.
    folded: BTreeSet<String>,
    notes: Vec<Safe>,
    /// What the open rules have to do with.
    touched: Touched,
    lines: Vec<ChangeLine>,
    change_list: List,
    row_list: List,
    place: Place,
    is_zoomed: bool,
    /// The newest ticket; outcomes of older ones are dropped.
    ticket: u64,
}

/// Which changes are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Scope {
    /// Rows without effect, echoes and `AzureCloud` too.
    has_noise: bool,
    /// Only tags with other addresses.
    is_addresses: bool,
    /// Whose tags.
    owner: Owner,
}

/// What the open rules have to do with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Touched {
    /// Tags in lower case, and the rows that name them or list their addresses.
    pub tags: BTreeMap<String, Vec<String>>,
    /// The files of rules.
    pub files: Vec<String>,
}

/// Whose tags are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Owner {
    #[default]
    All,
    /// Watched ones.
    Watched,
    /// Those that the open rules have to do with.
    Rules,
}

/// What is known of the two weeks.
#[derive(Debug)]
enum State {
    /// Nobody has asked yet.
    Idle,
    /// The weeks are being listed or opened.
    Loading,
    /// There is nothing to compare.
    Failed(Safe),
    /// Both weeks and what changed.
    Ready(Box<Compared>),
}

/// Both weeks and what changed between them.
#[derive(Debug)]
struct Compared {
    /// Both weeks for people.
    label: String,
    /// Both weeks for a command line.
    words: Vec<String>,
    /// Both dates for a file's name.
    dates: String,
    /// What opens both.
    requests: Option<[crate::source::Request; 2]>,
    base: Dataset,
    target: Dataset,
    /// Everything.
    all: Answer,
    /// What the filter and the noise leave.
    shown: Answer,
}

/// Where the user is in Diff, by names that outlive a change of data.
#[derive(Debug, Clone, PartialEq)]
pub struct DiffBookmark {
    filter: String,
    tag: Option<String>,
    place: Place,
}

impl DiffView {
    /// Nothing listed yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            weeks: Vec::new(),
            week_list: List::default(),
            pair: Pair::default(),
            state: State::Idle,
            filter: Input::default(),
            order: GroupOrder::Name,
            scope: Scope::default(),
            unfolded: BTreeSet::new(),
            folded: BTreeSet::new(),
            notes: Vec::new(),
            touched: Touched::default(),
            lines: Vec::new(),
            change_list: List::default(),
            row_list: List::default(),
            place: Place::Changes,
            is_zoomed: false,
            ticket: 0,
        }
    }

    /// What has the keys.
    #[must_use]
    pub const fn place(&self) -> Place {
        self.place
    }

    /// The view is opened: lists the weeks, unless that was done for this data.
    pub fn enter(&mut self, session: &Session) -> Option<Effect> {
        self.place = Place::Changes;
        match self.state {
            // What failed may do better now.
            State::Failed(_) => Some(self.list_weeks(session)),
            _ => self.wake(session),
        }
    }

    /// The view comes on screen: lists the weeks, unless that was done for this data.
    pub fn wake(&mut self, session: &Session) -> Option<Effect> {
        matches!(self.state, State::Idle).then(|| self.list_weeks(session))
    }

    fn list_weeks(&mut self, session: &Session) -> Effect {
        self.ticket += 1;
        self.state = State::Loading;
        self.lines.clear();
        Effect::Weeks {
            ticket: self.ticket,
            within: session.request.newest_of(Some(session.dataset.cloud())),
        }
    }

    /// Other data, or more of it: what is listed is out of date. The answer is what to do where
    /// the view is on screen.
    pub fn reload(&mut self, is_open: bool, session: &Session) -> Option<Effect> {
        // What is still on its way is of other data.
        self.ticket += 1;
        self.pair = Pair::default();
        self.state = State::Idle;
        self.lines.clear();
        is_open.then(|| self.list_weeks(session))
    }

    /// Compares two weeks that were named, by what opens them.
    pub fn compare(
        &mut self,
        [base, target]: [crate::source::WeekChoice; 2],
        session: &Session,
    ) -> Effect {
        self.pair = Pair::named(base, target);
        self.list_weeks(session)
    }

    /// Takes the outcome of a task, unless it is too late; gives what is to be done next.
    pub fn done(&mut self, ticket: u64, outcome: Outcome, session: &Session) -> Option<Effect> {
        if ticket != self.ticket {
            return None;
        }
        match outcome {
            Outcome::Listed(weeks, notes) => {
                self.notes = notes;
                self.weeks = pair::choices(weeks, session);
                match self.pair.settle(&self.weeks, session) {
                    Ok(()) => return self.open_pair(),
                    Err(reason) => self.state = State::Failed(reason),
                }
            }
            Outcome::Compared(weeks) => {
                let [base, target] = *weeks;
                self.take(base, target, session);
            }
            Outcome::Failed(reason) => self.state = State::Failed(reason),
            _ => {}
        }
        None
    }

    /// What was set aside on the way and is not said yet.
    pub fn take_notes(&mut self) -> Vec<Safe> {
        std::mem::take(&mut self.notes)
    }

    /// Opens the chosen weeks; nothing while one is missing.
    fn open_pair(&mut self) -> Option<Effect> {
        let [base, target] = self.pair.requests()?;
        self.ticket += 1;
        if !matches!(self.state, State::Ready(_)) {
            self.state = State::Loading;
        }
        // In the list of weeks the cursor is where the user put it.
        if self.place != Place::Weeks
            && let Some(place) = self.pair.place_of_target(&self.weeks)
        {
            self.week_list.selected = place;
        }
        Some(Effect::Compare {
            ticket: self.ticket,
            base,
            target,
        })
    }

    fn take(&mut self, base: Dataset, target: Dataset, session: &Session) {
        match ask(&Question::default(), &base, &target) {
            Ok(all) => {
                for week in [&base, &target] {
                    self.notes.extend(week.provenance().notes.iter().cloned());
                }
                let compared = Compared {
                    // While other weeks are opened, what is on screen keeps its own names.
                    label: self.pair.shown(),
                    words: self.pair.words(),
                    dates: self.pair.dates(),
                    requests: self.pair.requests(),
                    base,
                    target,
                    shown: Answer::default(),
                    all,
                };
                let chosen = self.chosen();
                self.state = State::Ready(Box::new(compared));
                self.refilter(&chosen, session);
            }
            Err(error) => self.state = State::Failed(Safe::from(error.to_string())),
        }
    }

    /// Asks again with the filter; the selection stays on its tag.
    fn ask(&mut self, session: &Session) {
        let chosen = self.chosen();
        self.refilter(&chosen, session);
    }

    fn refilter(&mut self, chosen: &Chosen, session: &Session) {
        let question = self.question(session);
        let State::Ready(compared) = &mut self.state else {
            return;
        };
        match ask(&question, &compared.base, &compared.target) {
            Ok(shown) => {
                compared.shown = shown;
                self.list_changes();
                self.choose(chosen);
            }
            Err(error) => self.state = State::Failed(Safe::from(error.to_string())),
        }
    }

    /// The question of what is on screen.
    fn question(&self, session: &Session) -> Question {
        Question {
            tags: tags::Question {
                filter: self.filter.value().to_owned(),
                ..tags::Question::default()
            },
            ignores_azure_cloud: !self.scope.has_noise,
            only: match self.scope.owner {
                Owner::All => None,
                Owner::Watched => Some(session.watched.clone()),
                Owner::Rules => Some(self.touched_names()),
            },
            wants_address_changes: self.scope.is_addresses,
        }
    }

    /// What names the two weeks on a command line.
    #[must_use]
    pub fn names(&self) -> [String; 2] {
        let words = self.compared().map(|compared| compared.words.clone());
        let mut words = words.unwrap_or_default().into_iter();
        [(); 2].map(|()| words.next().unwrap_or_default())
    }

    const fn compared(&self) -> Option<&Compared> {
        match &self.state {
            State::Ready(compared) => Some(compared),
            _ => None,
        }
    }

    /// The tag of the selected line.
    fn selected_tag(&self) -> Option<&TagChange> {
        match self.lines.get(self.change_list.selected)? {
            ChangeLine::Tag { place, .. } => self.compared()?.shown.tags.get(*place),
            ChangeLine::Service(_) => None,
        }
    }

    fn selected_name(&self) -> Option<String> {
        self.selected_tag().map(|tag| tag.name.clone())
    }

    /// The rows of the selected tag that are on screen.
    fn rows(&self) -> Vec<&Row> {
        let rows = self.selected_tag().into_iter().flat_map(TagChange::rows);
        rows.filter(|row| self.scope.has_noise || row.has_effect())
            .collect()
    }

    fn selected_row(&self) -> Option<&Row> {
        self.rows().get(self.row_list.selected).copied()
    }

    /// Where the user is.
    #[must_use]
    pub fn bookmark(&self) -> DiffBookmark {
        DiffBookmark {
            filter: self.filter.value().to_owned(),
            tag: self.selected_name(),
            place: self.place,
        }
    }

    /// Back to where the user was.
    pub fn restore(&mut self, bookmark: &DiffBookmark, session: &Session) {
        self.filter = Input::new(bookmark.filter.clone());
        self.refilter(&Chosen::Tag(bookmark.tag.clone()), session);
        self.place = bookmark.place;
    }

    /// A key that no command took: text for the filter.
    pub fn key(&mut self, chord: Chord, session: &Session) {
        if self.place == Place::ChangeFilter && edit(&mut self.filter, chord) {
            self.folded.clear();
            self.ask(session);
        }
    }

    /// Filters by these words.
    pub fn set_filter(&mut self, words: &str, session: &Session) {
        self.filter = Input::new(words.to_owned());
        self.ask(session);
        self.place = Place::Changes;
    }

    /// Runs a command of this view; `None` when it is not this view's.
    pub fn run(&mut self, command: Command, area: Rect, session: &Session) -> Option<Vec<Request>> {
        let mut requests = Vec::new();
        match command {
            Command::Filter => self.place = Place::ChangeFilter,
            Command::Sort => {
                self.order = match self.order {
                    GroupOrder::Name => GroupOrder::Addresses,
                    GroupOrder::Addresses => GroupOrder::Name,
                };
                let chosen = self.chosen();
                self.list_changes();
                self.choose(&chosen);
            }
            Command::Noise => {
                self.scope.has_noise = !self.scope.has_noise;
                self.ask(session);
            }
            Command::AddressesOnly => {
                self.scope.is_addresses = !self.scope.is_addresses;
                self.ask(session);
            }
            Command::WatchedOnly => requests.extend(self.toggle_watched(session)),
            Command::MyRules => requests.extend(self.toggle_rules(session)),
            Command::Mark => requests.extend(self.selected_name().map(Request::Watch)),
            Command::MarkBase => requests.extend(self.mark_base()),
            Command::OlderWeek => requests.push(self.move_target(true)),
            Command::NewerWeek => requests.push(self.move_target(false)),
            Command::NextChange => requests.extend(self.step(true)),
            Command::PreviousChange => requests.extend(self.step(false)),
            Command::ShowTag => requests.extend(self.show_tag(session)),
            Command::Zoom => self.is_zoomed = !self.is_zoomed,
            Command::CopyCell => requests.push(self.copy(Copied::Cell, session)),
            Command::CopyRows => requests.push(self.copy(Copied::Rows, session)),
            Command::CopyCommand => requests.push(self.copy(Copied::Command, session)),
            Command::Export => requests.push(self.export_name()),
            Command::NextPane => self.place = self.neighbour(true),
            Command::PreviousPane => self.place = self.neighbour(false),
            Command::Back => requests.extend(self.back(session)),
            Command::Open => requests.extend(self.open(session)),
            _ => {
                if !self.scroll(command, area) {
                    return None;
                }
            }
        }
        self.settle(area);
        Some(requests)
    }

    fn show_tag(&self, session: &Session) -> Option<Request> {
        let name = self.selected_name()?;
        if session.dataset.view().find(&name).is_none() {
            let text = format!("{name} is not in the week on screen; :week opens another one");
            return Some(Request::Say(text));
        }
        Some(Request::ShowTag(name))
    }

    /// One level up: out of the input, a pane, the zoom, the filter.
    fn back(&mut self, session: &Session) -> Option<Request> {
        match self.place {
            Place::ChangeFilter => {
                self.filter.reset();
                self.ask(session);
                self.place = Place::Changes;
            }
            _ if self.is_zoomed => self.is_zoomed = false,
            Place::ChangeRows | Place::Weeks => self.place = Place::Changes,
            _ if !self.filter.value().is_empty() => {
                self.filter.reset();
                self.ask(session);
            }
            _ if self.scope.owner != Owner::All || self.scope.is_addresses => {
                (self.scope.owner, self.scope.is_addresses) = (Owner::All, false);
                self.ask(session);
            }
            _ => return Some(Request::Say("nothing to go back to; q quits".to_owned())),
        }
        None
    }

    fn open(&mut self, session: &Session) -> Option<Request> {
        match self.place {
            Place::Weeks => return self.choose_target(),
            Place::ChangeFilter => self.place = Place::Changes,
            Place::ChangeRows => {
                let Some(row) = self.selected_row() else {
                    return self.show_tag(session);
                };
                return Some(Request::LookUp(row.prefix.span()));
            }
            _ => match self.lines.get(self.change_list.selected) {
                Some(ChangeLine::Service(service)) => {
                    let name = service.name.clone();
                    self.fold(&name);
                }
                Some(ChangeLine::Tag { .. }) => self.place = Place::ChangeRows,
                None => return Some(Request::Say("no change is selected".to_owned())),
            },
        }
        None
    }

    fn scroll(&mut self, command: Command, area: Rect) -> bool {
        let areas = self.areas(area);
        match self.place {
            Place::Weeks => {
                let height = usize::from(inside(areas.weeks).height);
                self.week_list.run(command, self.weeks.len(), height)
            }
            Place::ChangeRows => {
                let rows = self.rows().len();
                self.row_list
                    .run(command, rows, rows::rows_of(areas.rows, self))
            }
            _ => {
                let height = changes::rows_of(areas.changes, self);
                let before = self.change_list.selected;
                let is_movement = self.change_list.run(command, self.lines.len(), height);
                if self.change_list.selected != before {
                    self.row_list = List::default();
                }
                is_movement
            }
        }
    }

    /// Brings every list into its area.
    pub fn settle(&mut self, area: Rect) {
        let areas = self.areas(area);
        let weeks = usize::from(inside(areas.weeks).height);
        self.week_list.settle(self.weeks.len(), weeks);
        let changes = changes::rows_of(areas.changes, self);
        self.change_list.settle(self.lines.len(), changes);
        let (count, height) = (self.rows().len(), rows::rows_of(areas.rows, self));
        self.row_list.settle(count, height);
    }

    /// What the two weeks are and what it comes to, in lines of this width.
    fn summary(&self, room: usize) -> Vec<String> {
        let text = match &self.state {
            State::Idle | State::Loading => "opening the weeks …".to_owned(),
            State::Failed(reason) => reason.to_string(),
            State::Ready(compared) => {
                let is_part = !self.filter.value().trim().is_empty()
                    || self.scope.owner != Owner::All
                    || self.scope.is_addresses;
                let answer = &compared.shown;
                let what = if is_part && !answer.tags.is_empty() {
                    "of the tags below: "
                } else {
                    ""
                };
                let sentence = answer.sentence(&compared.base, &compared.target);
                // The same as the copied command and the written review say.
                let without = if self.scope.has_noise || compared.all.tags.is_empty() {
                    ""
                } else {
                    "; without AzureCloud, which w shows"
                };
                format!("{}  {what}{sentence}{without}", compared.label)
            }
        };
        wrap(&text, room)
    }

    /// Draws the summary and the panes.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, session: &Session, theme: &Theme) {
        let lines = self.summary(usize::from(area.width).saturating_sub(2));
        let style = match self.state {
            State::Failed(_) => theme.warn,
            _ => theme.head,
        };
        let lines: Vec<Line<'_>> = lines
            .into_iter()
            .map(|line| Line::from(Span::styled(format!(" {line}"), style)))
            .collect();
        let (head, _) = top(area, self.head_height(area.width));
        frame.render_widget(Paragraph::new(lines), head);
        let areas = self.areas(area);
        weeks::draw(frame, areas.weeks, self, session, theme);
        changes::draw(frame, areas.changes, self, session, theme);
        rows::draw(frame, areas.rows, self, theme);
    }
}
