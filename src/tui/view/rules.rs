//! Rules: files at the left, their rows in evaluation order, one row in full, what is wrong, and
//! whether what is typed would get through.

mod areas;
mod columns;
mod copy;
mod detail;
mod export;
mod files;
mod head;
mod loaded_rules;
mod notes;
mod patch;
mod picked;
mod pointer;
mod rows;
mod tasks;
mod trial;

use std::collections::BTreeSet;

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::query::ViewTopic;
use crate::query::endpoints::{self, ask};
use crate::query::names::{resolve, tag_of};
use crate::store::{KeptState, KeptView};
use crate::text::Safe;
use crate::tui::component::{
    Component, Cx, Enter, Look, Mark, Marks, News, Reply, Scope, Screen, Taken,
};
use crate::tui::ex_command::ExCommand;
use crate::tui::layout::inside;
use crate::tui::overlay::{ExportDialog, Fit, Reference};
use crate::tui::session::Session;
use crate::tui::view::Copied;
use crate::tui::widget::{FilterLine, List};
use crate::tui::{Chord, Command, Mouse, Outcome, Place};

use detail::DetailLayoutCache;
use loaded_rules::{LoadedRules, WeekEffect};
use notes::{HostNotes, NotesLayoutCache};
use rows::RowLine;
use trial::Trial;

pub use patch::PatchChapter;

/// The state of the view Rules.
#[derive(Debug)]
pub struct RulesView {
    loaded_rules: LoadedRules,
    /// Which files' rows are shown.
    picked: Picked,
    filter: FilterLine,
    is_affected_only: bool,
    test: Trial,
    /// Whether the detail shows the verdict in place of the selected row.
    is_verdict: bool,
    lines: Vec<RowLine>,
    file_list: List,
    row_list: List,
    detail_list: List,
    note_list: List,
    /// Tags whose prefixes are shown.
    unfolded: BTreeSet<String>,
    /// The selected row before the files changed, and of which version of them it is.
    chosen_word: Option<(u64, String)>,
    /// The place from which the detail was opened.
    came_from: Place,
    /// The notes for one width and version.
    notes_layout: NotesLayoutCache,
    detail_layout: DetailLayoutCache,
    /// The plan that is held against the rules.
    plan: Option<endpoints::EndpointsAnswer>,
    host_notes: Option<HostNotes>,
    place: Place,
    is_zoomed: bool,
    /// The name under which the files were saved or loaded last.
    saved_as: Option<String>,
    /// Why files are being read, where they are.
    reading: Option<Pending>,
    marks: Marks<RulesBookmark>,
}

/// Rules are needed.
const NO_RULES: &str = "no rules are open yet: o opens a file";

/// Why files are being read.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Pending {
    /// They are opened.
    Open(Vec<std::path::PathBuf>),
    /// They were open at the end of the last run.
    Back(Vec<std::path::PathBuf>),
    /// A saved list names them.
    Load(String),
    /// They have changed on disk.
    Again,
}

/// Which rows are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Picked {
    All,
    /// A file, by its place.
    File(usize),
    /// A set of a file.
    Set(usize, usize),
}

/// Where the user is in Rules; the files themselves are kept by the view.
#[derive(Debug, Clone, PartialEq)]
struct RulesBookmark {
    chosen: Option<String>,
    place: Place,
}

impl RulesView {
    /// No file yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            loaded_rules: LoadedRules::default(),
            picked: Picked::All,
            filter: FilterLine::default(),
            is_affected_only: false,
            test: Trial::default(),
            is_verdict: false,
            lines: Vec::new(),
            file_list: List::default(),
            row_list: List::default(),
            detail_list: List::default(),
            note_list: List::default(),
            unfolded: BTreeSet::new(),
            chosen_word: None,
            came_from: Place::RuleRows,
            notes_layout: NotesLayoutCache::default(),
            detail_layout: DetailLayoutCache::default(),
            plan: None,
            host_notes: None,
            place: Place::RuleFiles,
            is_zoomed: false,
            saved_as: None,
            reading: None,
            marks: Marks::default(),
        }
    }

    /// Whether any rules could be read.
    #[must_use]
    fn has_rules(&self) -> bool {
        !self.loaded_rules.loaded.is_empty()
    }

    /// Where the user is.
    #[must_use]
    fn bookmark(&self) -> RulesBookmark {
        RulesBookmark {
            chosen: self.chosen(),
            place: self.place,
        }
    }

    /// Back to where the user was.
    fn restore(&mut self, bookmark: &RulesBookmark) {
        self.choose(bookmark.chosen.as_deref());
        self.place = if self.loaded_rules.files.is_empty() {
            Place::RuleFiles
        } else {
            bookmark.place
        };
    }

    /// Another week on screen.
    fn reload(&mut self, session: &Session) {
        self.remember_row();
        // The plan of another cloud has other tags.
        let cloud = session.dataset.cloud();
        self.plan.take_if(|plan| plan.profile.cloud != cloud);
        self.loaded_rules.refresh(session);
        self.recount(session);
    }

    /// Keeps the name of the selected row over a change of the files.
    fn remember_row(&mut self) {
        let version = self.loaded_rules.files_version;
        self.chosen_word = self.chosen().map(|word| (version, word));
    }

    /// Lists and asks everything anew.
    fn recount(&mut self, session: &Session) {
        let picks = self.picks();
        if !picks.contains(&self.picked) {
            self.picked = picks.first().copied().unwrap_or(Picked::All);
        }
        let own = picks.iter().position(|&picked| picked == self.picked);
        self.file_list.selected = own.unwrap_or(0);
        self.list_rows(session);
        self.pick_checkpoints(session);
        let was_verdict = self.is_verdict;
        let (detail, row) = (self.detail_list, self.row_list);
        self.try_again(session);
        (self.detail_list, self.row_list) = (detail, row);
        self.is_verdict = was_verdict && self.test.outcome.is_some();
    }

    fn refilter(&mut self, session: &Session) {
        self.is_verdict = false;
        self.detail_list = List::default();
        self.list_rows(session);
    }

    /// To the pane after or before; out of an input as Enter does.
    fn step_pane(&mut self, is_next: bool) {
        match self.place {
            Place::RuleFilter if is_next => self.place = Place::RuleRows,
            Place::RuleTest if is_next => {
                self.place = if self.is_verdict {
                    Place::RuleDetail
                } else {
                    Place::RuleRows
                };
            }
            _ => self.place = self.neighbour(is_next),
        }
    }

    /// The next or the previous row to which something happens.
    fn step(&mut self, is_next: bool) -> Option<Reply> {
        let at = self.row_list.selected;
        let is_hit = |place: &usize| {
            let position = self.lines.get(*place).and_then(RowLine::position);
            position.is_some_and(|position| rows::is_hit(self.loaded_rules.row_effect(position)))
        };
        let found = if is_next {
            (at + 1..self.lines.len()).find(is_hit)
        } else {
            (0..at).rev().find(is_hit)
        };
        let Some(found) = found else {
            let text = match &self.loaded_rules.effect {
                WeekEffect::Ready(_) if !(0..self.lines.len()).any(|row| is_hit(&row)) => {
                    "no rule is affected between these weeks"
                }
                WeekEffect::Ready(_) if is_next => "that is the last affected rule",
                WeekEffect::Ready(_) => "that is the first affected rule",
                WeekEffect::Failed(reason) => reason.as_str(),
                _ => "the weeks are being opened",
            };
            return Some(Reply::say(text.to_owned()));
        };
        self.row_list.selected = found;
        self.is_verdict = false;
        self.detail_list = List::default();
        if !matches!(self.place, Place::RuleDetail) {
            self.place = Place::RuleRows;
        }
        None
    }

    fn show_tag(&self, session: &Session) -> Reply {
        let Some(name) = self.shown_tag() else {
            return Reply::say("the rule names no service tag and copies none".to_owned());
        };
        match tag_of(&resolve(&name, &session.dataset)) {
            Some(_) => Reply::show_tag(name),
            None => Reply::say(format!("{name} is not in the week on screen")),
        }
    }

    /// One level up: out of an input, the zoom, a pane, the verdict, the plan, what is filtered.
    fn back(&mut self, session: &Session) -> Option<Reply> {
        match self.place {
            Place::RuleFilter | Place::RuleTest => self.place = Place::RuleRows,
            _ if self.is_zoomed => self.is_zoomed = false,
            Place::RuleNotes if self.host_notes.is_some() => {
                self.plan = None;
                self.host_notes = None;
                self.note_list = List::default();
            }
            Place::RuleDetail => self.place = self.came_from,
            Place::RuleNotes => self.place = Place::RuleRows,
            _ if self.is_affected_only => {
                self.is_affected_only = false;
                self.refilter(session);
            }
            _ if self.filter.clear() => self.refilter(session),
            _ if self.test.outcome.is_some() => self.put_question(String::new(), session),
            _ => return Some(Reply::say("nothing to go back to; q quits".to_owned())),
        }
        None
    }

    fn open(&mut self, area: Rect, session: &Session) -> Option<Reply> {
        match self.place {
            Place::RuleFiles if self.loaded_rules.files.is_empty() => {
                return Some(Reply::Type("rules ".to_owned()));
            }
            Place::RuleFiles => {
                if let Some(reason) = self.problem() {
                    return Some(Reply::say(reason));
                }
                self.place = Place::RuleRows;
            }
            Place::RuleFilter => self.place = Place::RuleRows,
            Place::RuleTest => {
                self.came_from = Place::RuleTest;
                self.place = if self.is_verdict {
                    Place::RuleDetail
                } else {
                    Place::RuleRows
                };
            }
            Place::RuleRows => {
                if self.selected().is_none() {
                    return Some(Reply::say("no rule is selected".to_owned()));
                }
                self.is_verdict = false;
                self.came_from = Place::RuleRows;
                self.place = Place::RuleDetail;
                self.lay_detail(self.areas(area).detail, session);
                self.detail_list = List {
                    selected: self.first_item(),
                    offset: 0,
                };
            }
            Place::RuleDetail => return self.follow(area, session),
            Place::RuleNotes => return self.follow_note(session),
            _ => {}
        }
        None
    }

    /// Why the file under the cursor cannot be read.
    fn problem(&self) -> Option<String> {
        let file = self.loaded_rules.files.get(self.picked_file()?)?;
        file.problem.as_ref().map(ToString::to_string)
    }

    fn scroll(&mut self, command: Command, area: Rect, session: &Session) -> bool {
        let areas = self.areas(area);
        match self.place {
            Place::RuleFiles => {
                let height = usize::from(inside(areas.files).height);
                let rows = self.picks().len();
                let is_movement = self.file_list.run(command, rows, height);
                self.pick(session);
                is_movement
            }
            Place::RuleRows | Place::RuleFilter => {
                let before = self.row_list.selected;
                let height = usize::from(rows::list_area(areas.rows, self).height);
                if !self.row_list.run(command, self.lines.len(), height) {
                    return false;
                }
                self.skip_headings(self.row_list.selected < before);
                if self.row_list.selected != before {
                    self.detail_list = List::default();
                    self.is_verdict = false;
                }
                true
            }
            Place::RuleDetail => {
                let height = usize::from(inside(areas.detail).height);
                let rows = self.detail_layout.lines.len();
                self.detail_list.run(command, rows, height)
            }
            Place::RuleNotes => self.walk_notes(command, areas.notes),
            _ => false,
        }
    }
}

impl Component for RulesView {
    fn place(&self) -> Place {
        self.place
    }

    fn run(&mut self, command: Command, cx: &mut Cx<'_>) -> Taken {
        let (area, session) = (cx.body, cx.session);
        let needs_rules = matches!(
            command,
            Command::Filter
                | Command::AffectedOnly
                | Command::NextChange
                | Command::PreviousChange
                | Command::TestRules
                | Command::Export
                | Command::CopyCell
                | Command::CopyRows
                | Command::CopyCommand
        );
        if needs_rules && !self.has_rules() {
            cx.say(NO_RULES);
            return Taken::Yes;
        }
        match command {
            Command::Filter => {
                self.filter.enter();
                self.place = Place::RuleFilter;
            }
            Command::TestRules => {
                self.place = Place::RuleTest;
                self.is_verdict = self.test.outcome.is_some();
            }
            Command::TestPlan if session.board.registry.is_none() => {
                cx.say("no registry is planned yet: 3 types its name");
            }
            Command::TestPlan if !self.has_rules() => {
                cx.say("no rules are open yet: 4, then o opens a file");
            }
            Command::TestPlan => cx.reply(Reply::Go(ExCommand::TestPlan)),
            Command::Patch => match self.patch() {
                Ok((weeks, chapters)) => {
                    let patch = Reference::patch(&weeks, chapters);
                    cx.reply(Reply::Push(Box::new(patch)));
                }
                Err(reason) => cx.say(reason),
            },
            Command::AddRules => cx.reply(Reply::Type("rules ".to_owned())),
            Command::DropRules => self.drop_file(cx),
            Command::Save => cx.reply(self.save_name()),
            Command::Load => cx.reply(Reply::Type("load ".to_owned())),
            Command::AffectedOnly => {
                self.is_affected_only = !self.is_affected_only;
                self.refilter(session);
            }
            Command::NextChange => cx.reply_all(self.step(true)),
            Command::PreviousChange => cx.reply_all(self.step(false)),
            Command::ShowTag => cx.reply(self.show_tag(session)),
            Command::Zoom => self.is_zoomed = !self.is_zoomed,
            Command::CopyCell => cx.reply(self.copy(Copied::Cell, session)),
            Command::CopyRows => cx.reply(self.copy(Copied::Rows, session)),
            Command::CopyCommand => cx.reply(self.copy(Copied::Command, session)),
            Command::NextPane => self.step_pane(true),
            Command::PreviousPane => self.step_pane(false),
            Command::Back => cx.reply_all(self.back(session)),
            Command::Open => cx.reply_all(self.open(area, session)),
            _ => return Taken::from(self.scroll(command, area, session)),
        }
        Taken::Yes
    }

    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) {
        match self.place {
            Place::RuleTest => self.type_question(chord, cx.session),
            Place::RuleFilter if self.filter.edit(chord) => self.refilter(cx.session),
            _ => {}
        }
    }

    fn mouse(&mut self, mouse: Mouse, cx: &mut Cx<'_>) {
        cx.reply_all(self.point(mouse, cx.body, cx.session));
    }

    fn settle(&mut self, cx: &mut Cx<'_>) {
        let areas = self.areas(cx.body);
        let files = usize::from(inside(areas.files).height);
        self.file_list.settle(self.picks().len(), files);
        let height = usize::from(rows::list_area(areas.rows, self).height);
        self.row_list.settle(self.lines.len(), height);
        // The heading above the first rows is shown with them.
        if self.row_list.offset == 1 && self.row_list.selected < height {
            self.row_list.offset = 0;
        }
        self.lay_detail(areas.detail, cx.session);
        let height = usize::from(inside(areas.detail).height);
        self.detail_list
            .settle(self.detail_layout.lines.len(), height);
        self.lay_notes(areas.notes);
        let height = usize::from(inside(areas.notes).height);
        self.note_list.settle(self.notes_layout.lines.len(), height);
    }

    fn draw(&self, frame: &mut Frame<'_>, look: &Look<'_>) {
        let areas = self.areas(look.body);
        let theme = look.theme;
        self.draw_head(frame, areas.head, theme);
        files::draw(frame, areas.files, self, theme);
        rows::draw(frame, areas.rows, self, theme);
        detail::draw(frame, areas.detail, self, theme);
        notes::draw(frame, areas.notes, self, theme);
    }

    fn done(&mut self, outcome: Outcome, cx: &mut Cx<'_>) {
        self.take_outcome(outcome, cx);
    }
}

impl Screen for RulesView {
    fn topic(&self) -> ViewTopic {
        ViewTopic::Rules
    }

    /// Where it is open already a question can be typed; without rules the name of a file.
    fn enter(&mut self, how: Enter, cx: &mut Cx<'_>) {
        if how != Enter::Again {
            return;
        }
        if self.has_rules() {
            self.place = Place::RuleTest;
            self.is_verdict = self.test.outcome.is_some();
        } else {
            cx.reply(Reply::Type("rules ".to_owned()));
        }
    }

    fn execute(&mut self, command: ExCommand, cx: &mut Cx<'_>) {
        match command {
            ExCommand::Filter(words) | ExCommand::FilterIn(_, words) => {
                self.filter = FilterLine::new(words);
                self.refilter(cx.session);
                if self.has_rules() {
                    self.place = Place::RuleRows;
                }
            }
            ExCommand::Rules(paths) => {
                cx.say("reading …");
                self.read(paths, cx);
            }
            ExCommand::Load(name) => {
                cx.say(format!("opening {} …", Safe::new(&name)));
                self.load(name, cx);
            }
            ExCommand::Save(name) => self.save(name, cx),
            ExCommand::StandsFor(tag) => match self.stands_for(&tag) {
                Ok(text) => {
                    self.ask_weeks(cx);
                    cx.say(text);
                }
                Err(text) => cx.say(text),
            },
            ExCommand::TestPlan => {
                let session = cx.session;
                if let Some(registry) = &session.board.registry {
                    let plan = ask(registry, Some(&session.dataset), &session.facts);
                    self.test_plan(plan, session);
                }
            }
            _ => {}
        }
    }

    fn mark(&mut self, mark: Mark, _: &Session) {
        self.marks.note(mark, self.bookmark());
    }

    fn to_mark(&mut self, mark: Mark, _: &Session) {
        let own = self.bookmark();
        if let Some(bookmark) = self.marks.take(mark, own) {
            self.restore(&bookmark);
        }
    }

    fn learn(&mut self, news: &News, cx: &mut Cx<'_>) {
        match news {
            News::Data => self.reload(cx.session),
            News::Weeks(_) => self.ask_weeks(cx),
            _ => {}
        }
    }

    fn keep(&self, view: &mut KeptView) {
        self.filter.value().clone_into(&mut view.rules);
        view.rule_files = self.paths();
    }

    fn bring_back(&mut self, state: &KeptState, cx: &mut Cx<'_>) {
        if !state.view.rules.is_empty() {
            self.filter = FilterLine::new(state.view.rules.clone());
            self.refilter(cx.session);
        }
        if !state.view.rule_files.is_empty() {
            self.read_back(state.view.rule_files.clone(), cx);
        }
    }

    fn export(&self, form: &str, session: &Session) -> Result<Vec<u8>, Safe> {
        export::bytes(self, form, session)
    }

    fn offer(&self, _: Scope, session: &Session) -> Result<ExportDialog, Safe> {
        export::offer(self, session)
    }

    fn fit(&self, _: Scope, session: &Session) -> Result<Fit, Safe> {
        export::fit(self, session)
    }
}
