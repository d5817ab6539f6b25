//! Diff: publications at the left, what changed between two of them, and the rows of one tag.

mod areas;
mod changes;
mod copy;
mod export;
mod head;
mod owner;
mod pair;
mod pointer;
mod rows;
mod steps;
mod weeks;

use std::collections::BTreeSet;

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::query::Dataset;
use crate::query::ViewTopic;
use crate::query::diff::{DiffAnswer, DiffQuestion, DiffRow, GroupOrder, TagChange, ask};
use crate::query::tags;
use crate::source::Publication;
use crate::store::{KeptState, KeptView};
use crate::text::Safe;
use crate::tui::component::{
    Component, Cx, Enter, Look, Mark, Marks, News, Reply, Scope, Screen, Taken,
};
use crate::tui::ex_command::ExCommand;
use crate::tui::layout::inside;
use crate::tui::overlay::{ExportDialog, Fit};
use crate::tui::session::Session;
use crate::tui::session::Touched;
use crate::tui::view::Copied;
use crate::tui::view::export::NOT_FITTED;
use crate::tui::widget::{FilterLine, List};
use crate::tui::{Chord, Command, Job, Mouse, Outcome, Place, Task};

use changes::{ChangeLine, Chosen};
use pair::ChosenWeeks;

/// The state of the view Diff.
#[derive(Debug)]
pub struct DiffView {
    /// The publications at hand, newest first.
    weeks: Vec<Publication>,
    week_list: List,
    /// Which two are compared, or are to be.
    pair: ChosenWeeks,
    state: DiffState,
    filter: FilterLine,
    /// What a value of the filter cannot be.
    flaw: Option<String>,
    order: GroupOrder,
    scope: Shown,
    /// Services that are open without a filter.
    unfolded: BTreeSet<String>,
    /// Services that are closed under a filter, which opens all.
    folded: BTreeSet<String>,
    notes: Vec<Safe>,
    /// What the open rules have to do with.
    touched: Touched,
    marks: Marks<DiffBookmark>,
    lines: Vec<ChangeLine>,
    /// What the widest cell of each column of the lines takes.
    widest: [usize; 4],
    change_list: List,
    row_list: List,
    place: Place,
    is_zoomed: bool,
}

/// Which changes are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Shown {
    /// Rows without effect, echoes and `AzureCloud` too.
    has_noise: bool,
    /// Only tags with other addresses.
    is_addresses: bool,
    /// Whose tags.
    owner: TagFilter,
}

/// Whose tags are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum TagFilter {
    #[default]
    All,
    /// Watched ones.
    Watched,
    /// Those that the open rules have to do with.
    Rules,
}

/// What is known of the two weeks.
#[derive(Debug)]
enum DiffState {
    /// Nobody has asked yet.
    Idle,
    /// The weeks are being listed or opened.
    Loading,
    /// There is nothing to compare.
    Failed(Safe),
    /// Both weeks and what changed.
    Ready(Box<ComparedWeeks>),
}

/// Both weeks and what changed between them.
#[derive(Debug)]
struct ComparedWeeks {
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
    all: DiffAnswer,
    /// What the filter and the noise leave.
    shown: DiffAnswer,
}

/// Where the user is in Diff, by names that outlive a change of data.
#[derive(Debug, Clone, PartialEq)]
struct DiffBookmark {
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
            pair: ChosenWeeks::default(),
            state: DiffState::Idle,
            filter: FilterLine::default(),
            flaw: None,
            order: GroupOrder::Name,
            scope: Shown::default(),
            unfolded: BTreeSet::new(),
            folded: BTreeSet::new(),
            notes: Vec::new(),
            touched: Touched::default(),
            lines: Vec::new(),
            widest: [0; 4],
            change_list: List::default(),
            row_list: List::default(),
            place: Place::Changes,
            is_zoomed: false,
            marks: Marks::default(),
        }
    }

    fn list_weeks(&mut self, cx: &mut Cx<'_>) {
        let session = cx.session;
        self.state = DiffState::Loading;
        self.lines.clear();
        cx.forget(Job::Compare);
        let within = session.request.newest_of(Some(session.dataset.cloud()));
        cx.start(Task::Weeks { within });
    }

    /// Other data, or more of it: what is listed is out of date, and listed anew where the view is
    /// on screen.
    fn reload(&mut self, cx: &mut Cx<'_>) {
        // What is still on its way is of other data.
        cx.forget(Job::Weeks);
        cx.forget(Job::Compare);
        self.pair = ChosenWeeks::default();
        self.state = DiffState::Idle;
        self.lines.clear();
        if cx.is_open() {
            self.list_weeks(cx);
        }
    }

    /// Opens the chosen weeks; false while one is missing.
    fn open_pair(&mut self, cx: &mut Cx<'_>) -> bool {
        let Some([base, target]) = self.pair.requests() else {
            return false;
        };
        if !matches!(self.state, DiffState::Ready(_)) {
            self.state = DiffState::Loading;
        }
        // In the list of weeks the cursor is where the user put it.
        if self.place != Place::Weeks
            && let Some(place) = self.pair.place_of_target(&self.weeks)
        {
            self.week_list.selected = place;
        }
        cx.forget(Job::Weeks);
        cx.start(Task::Compare { base, target });
        true
    }

    fn take(&mut self, base: Dataset, target: Dataset, session: &Session) {
        match ask(&DiffQuestion::default(), &base, &target) {
            Ok(all) => {
                for week in [&base, &target] {
                    self.notes.extend(week.provenance().notes.iter().cloned());
                }
                let compared = ComparedWeeks {
                    // While other weeks are opened, what is on screen keeps its own names.
                    label: self.pair.shown(),
                    words: self.pair.words(),
                    dates: self.pair.dates(),
                    requests: self.pair.requests(),
                    base,
                    target,
                    shown: DiffAnswer::default(),
                    all,
                };
                let chosen = self.chosen();
                self.state = DiffState::Ready(Box::new(compared));
                self.refilter(&chosen, session);
            }
            Err(error) => self.state = DiffState::Failed(Safe::from(error.to_string())),
        }
    }

    /// Asks again with the filter; the selection stays on its tag.
    fn ask(&mut self, session: &Session) {
        let chosen = self.chosen();
        self.refilter(&chosen, session);
    }

    fn refilter(&mut self, chosen: &Chosen, session: &Session) {
        let question = self.question(session);
        let DiffState::Ready(compared) = &mut self.state else {
            return;
        };
        let weeks = [&compared.base, &compared.target];
        // What a filter asks wrongly finds nothing, and says why.
        let none = DiffQuestion {
            only: Some(BTreeSet::new()),
            ..DiffQuestion::default()
        };
        let (question, flaw) = match question.resolved(weeks, &session.tag_context()) {
            Ok(question) => (question, None),
            Err(flaw) => (none, Some(flaw)),
        };
        self.flaw = flaw;
        match ask(&question, &compared.base, &compared.target) {
            Ok(shown) => {
                compared.shown = shown;
                self.list_changes();
                self.choose(chosen);
            }
            Err(error) => self.state = DiffState::Failed(Safe::from(error.to_string())),
        }
    }

    /// The question of what is on screen.
    fn question(&self, session: &Session) -> DiffQuestion {
        DiffQuestion {
            tags: tags::TagsQuestion {
                filter: self.filter.value().to_owned(),
                ..tags::TagsQuestion::default()
            },
            ignores_azure_cloud: !self.scope.has_noise,
            only: match self.scope.owner {
                TagFilter::All => None,
                TagFilter::Watched => Some(session.watched.clone()),
                TagFilter::Rules => Some(self.touched_names()),
            },
            wants_address_changes: self.scope.is_addresses,
            ..DiffQuestion::default()
        }
    }

    /// What names the two weeks on a command line.
    fn names(&self) -> [String; 2] {
        let words = self.compared().map(|compared| compared.words.clone());
        let mut words = words.unwrap_or_default().into_iter();
        [(); 2].map(|()| words.next().unwrap_or_default())
    }

    const fn compared(&self) -> Option<&ComparedWeeks> {
        match &self.state {
            DiffState::Ready(compared) => Some(compared),
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
    fn rows(&self) -> Vec<&DiffRow> {
        let rows = self.selected_tag().into_iter().flat_map(TagChange::rows);
        rows.filter(|row| self.scope.has_noise || row.has_effect())
            .collect()
    }

    fn selected_row(&self) -> Option<&DiffRow> {
        self.rows().get(self.row_list.selected).copied()
    }

    /// Where the user is.
    #[must_use]
    fn bookmark(&self) -> DiffBookmark {
        DiffBookmark {
            filter: self.filter.value().to_owned(),
            tag: self.selected_name(),
            place: self.place,
        }
    }

    /// Back to where the user was.
    fn restore(&mut self, bookmark: &DiffBookmark, session: &Session) {
        self.filter = FilterLine::new(bookmark.filter.clone());
        self.refilter(&Chosen::Tag(bookmark.tag.clone()), session);
        self.place = bookmark.place;
    }

    fn show_tag(&self, session: &Session) -> Option<Reply> {
        let name = self.selected_name()?;
        if session.dataset.view().find(&name).is_none() {
            let text = format!("{name} is not in the week on screen; :week opens another one");
            return Some(Reply::say(text));
        }
        Some(Reply::show_tag(name))
    }

    /// One level up: out of the input, a pane, the zoom, the filter.
    fn back(&mut self, session: &Session) -> Option<Reply> {
        match self.place {
            Place::ChangeFilter => self.place = Place::Changes,
            _ if self.is_zoomed => self.is_zoomed = false,
            Place::ChangeRows | Place::Weeks => self.place = Place::Changes,
            _ if self.filter.clear() => self.ask(session),
            _ if self.scope.owner != TagFilter::All || self.scope.is_addresses => {
                (self.scope.owner, self.scope.is_addresses) = (TagFilter::All, false);
                self.ask(session);
            }
            _ => return Some(Reply::say("nothing to go back to; q quits".to_owned())),
        }
        None
    }

    fn open(&mut self, cx: &mut Cx<'_>) {
        match self.place {
            Place::Weeks => self.choose_target(cx),
            Place::ChangeFilter => self.place = Place::Changes,
            Place::ChangeRows => {
                let reply = match self.selected_row() {
                    Some(row) => Some(Reply::look_up(row.prefix.span())),
                    None => self.show_tag(cx.session),
                };
                cx.reply_all(reply);
            }
            _ => match self.lines.get(self.change_list.selected) {
                Some(ChangeLine::Service(service)) => {
                    let name = service.name.clone();
                    self.fold(&name);
                }
                Some(ChangeLine::Tag { .. }) => self.place = Place::ChangeRows,
                None => cx.say("no change is selected"),
            },
        }
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
}

impl Component for DiffView {
    fn place(&self) -> Place {
        self.place
    }

    fn run(&mut self, command: Command, cx: &mut Cx<'_>) -> Taken {
        let session = cx.session;
        match command {
            Command::Filter => {
                self.filter.enter();
                self.place = Place::ChangeFilter;
            }
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
            Command::WatchedOnly => cx.reply_all(self.toggle_watched(session)),
            Command::MyRules => cx.reply_all(self.toggle_rules(session)),
            Command::Mark => cx.reply_all(self.selected_name().map(Reply::Watch)),
            Command::MarkBase => self.mark_base(cx),
            Command::OlderWeek => self.move_target(true, cx),
            Command::NewerWeek => self.move_target(false, cx),
            Command::NextChange => cx.reply_all(self.step(true)),
            Command::PreviousChange => cx.reply_all(self.step(false)),
            Command::ShowTag => cx.reply_all(self.show_tag(session)),
            Command::Zoom => self.is_zoomed = !self.is_zoomed,
            Command::CopyCell => cx.reply(self.copy(Copied::Cell, session)),
            Command::CopyRows => cx.reply(self.copy(Copied::Rows, session)),
            Command::CopyCommand => cx.reply(self.copy(Copied::Command, session)),
            Command::NextPane => self.place = self.neighbour(true),
            Command::PreviousPane => self.place = self.neighbour(false),
            Command::Back => cx.reply_all(self.back(session)),
            Command::Open => self.open(cx),
            _ => return Taken::from(self.scroll(command, cx.body)),
        }
        Taken::Yes
    }

    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) {
        if self.place == Place::ChangeFilter && self.filter.edit(chord) {
            self.folded.clear();
            self.ask(cx.session);
        }
    }

    fn mouse(&mut self, mouse: Mouse, cx: &mut Cx<'_>) {
        self.point(mouse, cx);
    }

    fn settle(&mut self, cx: &mut Cx<'_>) {
        let areas = self.areas(cx.body);
        let weeks = usize::from(inside(areas.weeks).height);
        self.week_list.settle(self.weeks.len(), weeks);
        let changes = changes::rows_of(areas.changes, self);
        self.change_list.settle(self.lines.len(), changes);
        let (count, height) = (self.rows().len(), rows::rows_of(areas.rows, self));
        self.row_list.settle(count, height);
    }

    fn draw(&self, frame: &mut Frame<'_>, look: &Look<'_>) {
        let (session, theme) = (look.session, look.theme);
        let areas = self.areas(look.body);
        head::draw(frame, look.body, self, theme);
        weeks::draw(frame, areas.weeks, self, session, theme);
        changes::draw(frame, areas.changes, self, session, theme);
        rows::draw(frame, areas.rows, self, theme);
    }

    fn done(&mut self, outcome: Outcome, cx: &mut Cx<'_>) {
        let before = self.weeks_shown();
        match outcome {
            Outcome::Listed(Ok((weeks, notes))) => {
                self.notes = notes;
                self.weeks = pair::choices(weeks, cx.session);
                match self.pair.settle(&self.weeks, cx.session) {
                    Ok(()) => {
                        self.open_pair(cx);
                    }
                    Err(reason) => self.state = DiffState::Failed(reason),
                }
            }
            Outcome::Compared(Ok(weeks)) => {
                let [base, target] = *weeks;
                self.take(base, target, cx.session);
            }
            Outcome::Listed(Err(reason)) | Outcome::Compared(Err(reason)) => {
                self.state = DiffState::Failed(reason);
            }
            _ => {}
        }
        let weeks = self.weeks_shown();
        if weeks != before {
            cx.reply(Reply::Tell(News::Weeks(weeks)));
        }
        cx.reply_all(Reply::notes(&std::mem::take(&mut self.notes)));
    }
}

impl Screen for DiffView {
    fn topic(&self) -> ViewTopic {
        ViewTopic::Diff
    }

    /// Lists the weeks, unless that was done for this data.
    fn enter(&mut self, how: Enter, cx: &mut Cx<'_>) {
        if how != Enter::Returned {
            self.place = Place::Changes;
        }
        match self.state {
            DiffState::Idle => self.list_weeks(cx),
            // What failed may do better now.
            DiffState::Failed(_) if how != Enter::Returned => self.list_weeks(cx),
            _ => {}
        }
    }

    fn execute(&mut self, command: ExCommand, cx: &mut Cx<'_>) {
        match command {
            ExCommand::Filter(words) | ExCommand::FilterIn(_, words) => {
                self.filter = FilterLine::new(words);
                self.ask(cx.session);
                self.place = Place::Changes;
                if matches!(self.state, DiffState::Idle | DiffState::Failed(_)) {
                    self.list_weeks(cx);
                }
            }
            ExCommand::Diff([base, target]) => {
                self.pair = ChosenWeeks::named(base, target);
                self.list_weeks(cx);
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
            self.restore(&bookmark, session);
        }
    }

    fn learn(&mut self, news: &News, cx: &mut Cx<'_>) {
        match news {
            News::Data => {
                self.reload(cx);
                cx.reply(Reply::Tell(News::Weeks(None)));
            }
            News::Archive => self.reload(cx),
            News::Watched => self.watch_changed(cx.session),
            News::WeekHistory if !self.filter.is_empty() => self.ask(cx.session),
            News::Touched(touched) => self.set_touched(touched.clone(), cx.session),
            _ => {}
        }
    }

    fn keep(&self, view: &mut KeptView) {
        self.filter.value().clone_into(&mut view.diff);
    }

    fn bring_back(&mut self, state: &KeptState, cx: &mut Cx<'_>) {
        if !state.view.diff.is_empty() {
            self.filter = FilterLine::new(state.view.diff.clone());
            self.ask(cx.session);
        }
    }

    fn export(&self, form: &str, _: &Session) -> Result<Vec<u8>, Safe> {
        export::bytes(self, form)
    }

    fn offer(&self, _: Scope, _: &Session) -> Result<ExportDialog, Safe> {
        export::offer(self)
    }

    fn fit(&self, _: Scope, _: &Session) -> Result<Fit, Safe> {
        Err(Safe::new(NOT_FITTED))
    }
}
