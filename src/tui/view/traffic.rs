//! Traffic: what is counted by at the left, the counts of logs in the middle, and the addresses behind
//! the selected row.

mod areas;
mod by;
mod copy;
mod ends;
mod export;
mod head;
mod jumps;
mod model;
mod pointer;
mod rows;

use std::path::PathBuf;

use ratatui::Frame;

use crate::query::traffic::{BreakdownRow, EndRow, far_from};
use crate::query::{Cell, ViewTopic};
use crate::store::{KeptState, KeptView};
use crate::text::{Safe, counted};
use crate::traffic::By;
use crate::tui::component::{
    Component, Cx, Enter, Look, Mark, Marks, News, Reply, Scope, Screen, Taken,
};
use crate::tui::ex_command::ExCommand;
use crate::tui::keymap::OwnWords;
use crate::tui::layout::inside;
use crate::tui::overlay::{ExportDialog, Fit};
use crate::tui::session::Session;
use crate::tui::view::Copied;
use crate::tui::widget::{FilterLine, List};
use crate::tui::{Chord, Command, Job, LogsRead, Mouse, Outcome, Place, Task};

use areas::{areas, neighbour};
use head::NO_LOGS;
use model::{BYS, Limits, TrafficModel, WeekEffect};

/// The state of the view Traffic.
#[derive(Debug)]
pub struct TrafficView {
    model: TrafficModel,
    /// What is being read.
    reading: Option<ReadingLogs>,
    /// Why logs could not be read.
    failed: Option<Safe>,
    /// That the log is much older or newer than the week.
    far: Option<String>,
    filter: FilterLine,
    by_list: List,
    row_list: List,
    /// The addresses of the selected row.
    ends: Vec<EndRow>,
    end_list: List,
    place: Place,
    is_zoomed: bool,
    marks: Marks<TrafficBookmark>,
}

/// Logs that are being read.
#[derive(Debug)]
struct ReadingLogs {
    paths: Vec<PathBuf>,
    /// How far it is, in words.
    progress: Safe,
}

/// Where the user is in Traffic, by names that outlive a change of data.
#[derive(Debug, Clone)]
struct TrafficBookmark {
    by: By,
    limits: Limits,
    filter: String,
    row: Option<String>,
    end: usize,
    place: Place,
}

impl TrafficView {
    /// Nothing is read yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            model: TrafficModel::new(),
            reading: None,
            failed: None,
            far: None,
            filter: FilterLine::default(),
            by_list: List::default(),
            row_list: List::default(),
            ends: Vec::new(),
            end_list: List::default(),
            place: Place::TrafficRows,
            is_zoomed: false,
            marks: Marks::default(),
        }
    }

    /// Counts logs; what is on screen stays until that is done.
    fn read(&mut self, paths: Vec<PathBuf>, cx: &mut Cx<'_>) {
        cx.start(Task::ReadLogs {
            paths: paths.clone(),
            dataset: Box::new(cx.session.dataset.clone()),
        });
        self.failed = None;
        self.reading = Some(ReadingLogs {
            paths,
            progress: Safe::default(),
        });
    }

    /// What is being read is read no further.
    fn stop(&mut self, cx: &mut Cx<'_>) {
        self.reading = None;
        cx.stop(Job::Logs);
        cx.say(if self.model.logs().is_some() {
            "stopped; the counts are those from before"
        } else {
            "stopped; o takes the names of logs"
        });
    }

    fn take(&mut self, logs: Box<LogsRead>, cx: &mut Cx<'_>) {
        let session = cx.session;
        self.reading = None;
        self.filter.clear();
        self.model.take(logs, session);
        if !self.locate(cx) {
            return;
        }
        (self.row_list, self.end_list) = (List::default(), List::default());
        self.ask(session);
        if let Some(logs) = self.model.logs() {
            let files = counted(logs.files, "log", "logs");
            let problems = match logs.problems.len() {
                0 => String::new(),
                count => format!(", {}", counted(count, "problem", "problems")),
            };
            cx.say(format!("counted: {files}{problems}"));
        }
        self.ask_weeks(cx);
    }

    /// Finds the addresses in the week on screen, or reads the logs again where that needs them.
    fn locate(&mut self, cx: &mut Cx<'_>) -> bool {
        let is_located = self.model.locate(cx.session);
        let paths = self.model.logs().map(|logs| logs.paths.clone());
        self.far = None;
        if is_located {
            let span = self.model.logs().and_then(|logs| logs.said.span);
            self.far = far_from(span, &cx.session.dataset);
        } else if let Some(paths) = paths {
            self.model.clear();
            self.read(paths, cx);
        }
        is_located
    }

    /// Holds the addresses against the weeks of Diff, else against the week on screen and the one before
    /// it.
    fn ask_weeks(&mut self, cx: &mut Cx<'_>) {
        let Some(located) = self.model.located() else {
            return cx.forget(Job::Against);
        };
        cx.start(Task::Against {
            counts: located.counts().clone(),
            weeks: cx.session.board.weeks.clone(),
            within: cx.session.request.clone(),
        });
        self.model.expect_effect();
    }

    /// Asks again; the selection stays on its row.
    fn ask(&mut self, session: &Session) {
        let before = self.row().map(|row| row.name.clone());
        self.model.ask(self.filter.value(), session);
        self.choose(before.as_deref());
    }

    fn choose(&mut self, name: Option<&str>) {
        let end = self.end().map(|end| end.end);
        rows::choose(&mut self.row_list, &self.model, name);
        self.list_ends();
        let place = self.ends.iter().position(|own| Some(own.end) == end);
        self.end_list.selected = place.unwrap_or(0);
        let by = BYS.iter().position(|by| *by == self.model.by());
        self.by_list.selected = by.unwrap_or(0);
    }

    fn list_ends(&mut self) {
        self.ends = self.model.ends(self.row_list.selected);
        self.end_list = List::default();
    }

    /// The selected row.
    fn row(&self) -> Option<&BreakdownRow> {
        self.model.rows().get(self.row_list.selected)
    }

    /// The selected address.
    fn end(&self) -> Option<&EndRow> {
        self.ends.get(self.end_list.selected)
    }

    fn count_by(&mut self, by: By, cx: &mut Cx<'_>) {
        if let Err(reason) = self.model.count_by(by) {
            cx.say(reason);
        }
        self.filter.clear();
        self.ask(cx.session);
        if self.place == Place::TrafficAddresses {
            self.place = Place::TrafficRows;
        }
    }

    fn count_by_selected(&mut self, cx: &mut Cx<'_>) {
        if let Some(by) = BYS.get(self.by_list.selected) {
            self.count_by(*by, cx);
        }
    }

    /// One level up: out of the input, the reading, the zoom, a pane, the filter, what is limited.
    fn back(&mut self, cx: &mut Cx<'_>) {
        match self.place {
            Place::TrafficFilter => self.place = Place::TrafficRows,
            _ if self.reading.is_some() => self.stop(cx),
            _ if self.is_zoomed => self.is_zoomed = false,
            Place::TrafficAddresses | Place::CountBy => self.place = Place::TrafficRows,
            _ if self.filter.clear() || self.model.clear_limits() => self.ask(cx.session),
            _ => cx.say("nothing to go back to; q quits"),
        }
    }

    fn open(&mut self, cx: &mut Cx<'_>) {
        match self.place {
            Place::CountBy | Place::TrafficFilter => self.place = Place::TrafficRows,
            Place::TrafficAddresses => match self.end() {
                Some(end) => cx.reply(Reply::Go(ExCommand::LookUp(end.address()))),
                None => cx.say("no address is selected"),
            },
            _ if self.model.logs().is_none() => cx.reply(Reply::Type("log ".to_owned())),
            _ if self.ends.is_empty() => cx.say("there are no addresses to list"),
            _ => self.place = Place::TrafficAddresses,
        }
    }

    fn toggle(&mut self, command: Command, cx: &mut Cx<'_>) {
        let done = match command {
            Command::DeniedOnly => self.model.toggle_denied().map_err(str::to_owned),
            Command::ChangedOnly => self.model.toggle_changed(),
            _ => {
                self.model.toggle_nowhere();
                Ok(())
            }
        };
        match done {
            Ok(()) => self.ask(cx.session),
            Err(reason) => cx.say(reason),
        }
    }

    fn scroll(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        let areas = areas(self, cx.body);
        match self.place {
            Place::CountBy => {
                let before = self.by_list.selected;
                let height = usize::from(inside(areas.by).height);
                let is_movement = self.by_list.run(command, BYS.len(), height);
                if self.by_list.selected != before {
                    self.count_by_selected(cx);
                }
                is_movement
            }
            Place::TrafficAddresses => {
                let height = ends::list_area(areas.ends, self, cx.session).height;
                let rows = self.ends.len();
                self.end_list.run(command, rows, usize::from(height))
            }
            _ => {
                let before = self.row_list.selected;
                let height = rows::height_of(areas.rows, self);
                let rows = self.model.rows().len();
                let is_movement = self.row_list.run(command, rows, height);
                if self.row_list.selected != before {
                    self.list_ends();
                }
                is_movement
            }
        }
    }

    fn bookmark(&self) -> TrafficBookmark {
        TrafficBookmark {
            by: self.model.by(),
            limits: self.model.limits(),
            filter: self.filter.value().to_owned(),
            row: self.row().map(|row| row.name.clone()),
            end: self.end_list.selected,
            place: self.place,
        }
    }

    /// How many addresses the weeks change, in a sentence; `None` while that is not known.
    fn sentence(&self) -> Option<String> {
        let run = self.model.run()?;
        let (changed, all) = (run.answer.rows.len(), run.answer.addresses);
        let [changed, all] = [changed, all].map(|count| Cell::Number(count).shown().into_owned());
        Some(if run.answer.rows.is_empty() {
            format!("{}: no address affected", run.label)
        } else {
            format!(
                "{}: {changed} of {all} addresses affected, a shows them",
                run.label
            )
        })
    }
}

impl Component for TrafficView {
    fn place(&self) -> Place {
        self.place
    }

    fn run(&mut self, command: Command, cx: &mut Cx<'_>) -> Taken {
        let session = cx.session;
        let needs_logs = matches!(
            command,
            Command::Filter
                | Command::DeniedOnly
                | Command::NowhereOnly
                | Command::ChangedOnly
                | Command::ShowTag
                | Command::ShowChanges
                | Command::ShowRules
                | Command::Sort
                | Command::CopyCell
                | Command::CopyRows
                | Command::CopyCommand
        );
        if needs_logs && self.model.logs().is_none() {
            cx.say(NO_LOGS);
            return Taken::Yes;
        }
        match command {
            Command::AddLogs => cx.reply(Reply::Type("log ".to_owned())),
            Command::CountByNext => self.count_by(self.model.next_by(), cx),
            Command::Filter => {
                self.filter.enter();
                self.place = Place::TrafficFilter;
            }
            Command::Sort => {
                self.model.next_order();
                self.ask(session);
            }
            Command::DeniedOnly | Command::NowhereOnly | Command::ChangedOnly => {
                self.toggle(command, cx);
            }
            Command::ShowTag => cx.reply(jumps::tags(self, session)),
            Command::ShowChanges => cx.reply(jumps::changes(self, session)),
            Command::ShowRules => cx.reply(jumps::rules(self, session)),
            Command::Zoom => self.is_zoomed = !self.is_zoomed,
            Command::CopyCell => cx.reply(copy::copy(self, Copied::Cell, session)),
            Command::CopyRows => cx.reply(copy::copy(self, Copied::Rows, session)),
            Command::CopyCommand => cx.reply(copy::copy(self, Copied::Command, session)),
            Command::NextPane => self.place = neighbour(self.place, true),
            Command::PreviousPane => self.place = neighbour(self.place, false),
            Command::Back => self.back(cx),
            Command::Open => self.open(cx),
            _ => return Taken::from(self.scroll(command, cx)),
        }
        Taken::Yes
    }

    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) {
        if self.place == Place::TrafficFilter && self.filter.edit(chord) {
            self.ask(cx.session);
        }
    }

    fn mouse(&mut self, mouse: Mouse, cx: &mut Cx<'_>) {
        pointer::point(self, mouse, cx);
    }

    fn settle(&mut self, cx: &mut Cx<'_>) {
        let areas = areas(self, cx.body);
        let by = usize::from(inside(areas.by).height);
        self.by_list.settle(BYS.len(), by);
        let height = rows::height_of(areas.rows, self);
        self.row_list.settle(self.model.rows().len(), height);
        let height = ends::list_area(areas.ends, self, cx.session).height;
        self.end_list.settle(self.ends.len(), usize::from(height));
    }

    fn draw(&self, frame: &mut Frame<'_>, look: &Look<'_>) {
        let (session, theme) = (look.session, look.theme);
        let areas = areas(self, look.body);
        head::draw(frame, areas.head, self, theme);
        by::draw(frame, areas.by, self, theme);
        rows::draw(frame, areas.rows, self, theme);
        ends::draw(frame, areas.ends, self, session, theme);
    }

    fn done(&mut self, outcome: Outcome, cx: &mut Cx<'_>) {
        match outcome {
            Outcome::LogsRead(Ok(logs)) => self.take(logs, cx),
            Outcome::LogsRead(Err(reason)) => {
                self.reading = None;
                // On the open view the head says it.
                if !cx.is_open() {
                    cx.reply(Reply::Say(reason.clone()));
                }
                self.failed = Some(reason);
            }
            Outcome::Against(run) => {
                self.model.take_effect(match run {
                    Ok(run) => WeekEffect::Ready(run),
                    Err(reason) => WeekEffect::Failed(reason),
                });
                self.ask(cx.session);
                if let Some(text) = self.sentence().filter(|_| cx.is_open()) {
                    // What was said of the logs is not read yet.
                    cx.add(text);
                }
            }
            _ => {}
        }
    }
}

impl Screen for TrafficView {
    fn topic(&self) -> ViewTopic {
        ViewTopic::Traffic
    }

    fn enter(&mut self, how: Enter, _: &mut Cx<'_>) {
        if how == Enter::Again {
            self.place = Place::TrafficRows;
        }
    }

    fn execute(&mut self, command: ExCommand, cx: &mut Cx<'_>) {
        match command {
            ExCommand::Logs(paths) => {
                self.place = Place::TrafficRows;
                self.read(paths, cx);
            }
            ExCommand::Filter(words) => {
                self.filter = FilterLine::new(words);
                self.ask(cx.session);
                self.place = Place::TrafficRows;
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
            self.filter = FilterLine::new(bookmark.filter);
            self.model.restore(bookmark.by, bookmark.limits);
            self.ask(session);
            self.choose(bookmark.row.as_deref());
            self.end_list.selected = bookmark.end;
            self.place = bookmark.place;
        }
    }

    fn learn(&mut self, news: &News, cx: &mut Cx<'_>) {
        match news {
            News::Data if self.locate(cx) => self.ask(cx.session),
            // Diff says so of other data too.
            News::Weeks(_) => self.ask_weeks(cx),
            _ => {}
        }
    }

    fn progress(&mut self, text: &Safe) -> Taken {
        if let Some(reading) = &mut self.reading {
            reading.progress = text.clone();
        }
        Taken::from(self.reading.is_some())
    }

    // Logs may be large: the next start reads none of them by itself.
    fn keep(&self, _: &mut KeptView) {}

    fn bring_back(&mut self, _: &KeptState, _: &mut Cx<'_>) {}

    fn export(&self, form: &str, session: &Session) -> Result<Vec<u8>, Safe> {
        export::bytes(self, form, session)
    }

    fn offer(&self, _: Scope, session: &Session) -> Result<ExportDialog, Safe> {
        export::offer(self, session)
    }

    fn fit(&self, _: Scope, session: &Session) -> Result<Fit, Safe> {
        export::fit(self, session)
    }

    fn footer_words(&self) -> OwnWords {
        match self.model.logs() {
            None => WITHOUT_LOGS,
            Some(_) if self.place == Place::CountBy => &[],
            Some(_) => WITH_LOGS,
        }
    }
}

/// With nothing counted there is one thing to do.
const WITHOUT_LOGS: OwnWords = &[
    (Command::Open, ""),
    (Command::CountByNext, ""),
    (Command::ChangedOnly, ""),
    (Command::ShowChanges, ""),
    (Command::Export, ""),
    (Command::DeniedOnly, ""),
    (Command::NowhereOnly, ""),
];
/// Other logs are for the pane that has room to say it.
const WITH_LOGS: OwnWords = &[(Command::AddLogs, "")];
