//! The state of the dashboard, and one turn of it: a message goes to what has the keys, what that
//! replies is carried out, the screen and its layers are settled, and the effects go out.

mod data;
mod drawing;
mod files;
mod layers;
mod memory;
mod screens;
mod startup;

use std::collections::VecDeque;

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::query::rules::make::Target;
use crate::query::{Dataset, ViewTopic};
use crate::source;
use crate::store::KeptState;
use crate::text::Safe;
use crate::tui::component::{
    Component, Cx, Enter, Keep, Layer, Mark, News, Origin, Reply, Screen, Taken,
};
use crate::tui::ex_command::{ExCommand, Reach};
use crate::tui::frame::{Pointed, pointed};
use crate::tui::jobs::{Jobs, Owner};
use crate::tui::keymap::OwnWords;
use crate::tui::layout::{self, Room};
use crate::tui::overlay::{ExportDialog, Fit, Help, Palette, Prompt, Reference};
use crate::tui::session::{Board, Session};
use crate::tui::{
    Chord, Clipboard, Colours, Command, Effect, Job, Message, Mouse, MouseKind, Outcome, Place,
    Task, Ticket, Written, command_for,
};

use data::{Data, Next};
use files::Files;
use layers::{Layers, Trail};
use memory::Memory;
use screens::Screens;

pub use startup::{Startup, StateStart};

/// Most replies of one turn: more of them go in a circle.
const MOST_REPLIES: usize = 64;

/// The dashboard.
#[derive(Debug)]
pub struct App {
    session: Session,
    colours: Colours,
    clipboard: Clipboard,
    has_shell: bool,
    screen: Rect,
    screens: Screens,
    layers: Layers,
    /// Where the last jump began.
    trail: Option<Trail>,
    jobs: Jobs,
    /// What is still to be carried out in this turn.
    replies: VecDeque<Reply>,
    status: Safe,
    /// Whether the newest week is fetched at the start.
    updates_at_start: bool,
    data: Data,
    files: Files,
    memory: Memory,
}

impl App {
    /// The first view on the given data.
    #[must_use]
    pub fn new(startup: Startup) -> Self {
        let session = Session {
            dataset: startup.dataset,
            request: startup.request,
            facts: startup.facts,
            is_offline: startup.is_offline,
            today: startup.today,
            week_history: None,
            watched: startup.watched,
            board: Board::default(),
        };
        let (width, height) = startup.size;
        Self {
            screens: Screens::new(&session),
            session,
            colours: startup.colours,
            clipboard: startup.clipboard,
            has_shell: startup.has_shell,
            screen: Rect::new(0, 0, width, height),
            layers: Layers::default(),
            trail: None,
            jobs: Jobs::default(),
            replies: VecDeque::new(),
            status: Safe::new(&startup.greeting),
            updates_at_start: startup.updates_at_start,
            data: Data::default(),
            files: Files::default(),
            memory: Memory::new(startup.state),
        }
    }

    /// What is to be done once the first frame is on screen.
    pub fn begin(&mut self) -> Vec<Effect> {
        if let Some(state) = self.memory.begin(&mut self.jobs) {
            self.bring_back(&state);
            self.turn();
        }
        Data::read_history(&self.session, &mut self.jobs);
        if self.updates_at_start && !self.session.is_offline {
            self.status = Data::fetch(&self.session, &mut self.jobs);
        }
        self.jobs.take_effects()
    }

    /// What has the keys.
    #[must_use]
    pub fn place(&self) -> Place {
        match self.layers.top() {
            Some(layer) => layer.place(),
            None => self.screens.open().place(),
        }
    }

    /// What is to be kept of this run.
    pub fn end(&mut self) -> Vec<Effect> {
        self.memory.keep(&mut self.screens, &mut self.jobs, true);
        self.jobs.take_effects()
    }

    /// Takes a message; gives what is to be done outside.
    pub fn update(&mut self, message: Message) -> Vec<Effect> {
        self.memory.hear(&message);
        match message {
            Message::Key(chord) => self.key(chord),
            Message::Mouse(mouse) => self.mouse(mouse),
            Message::Paste(text) => self.paste(&text),
            Message::Resize(width, height) => self.screen = Rect::new(0, 0, width, height),
            Message::Progress { job, ticket, text } => match self.jobs.owner(ticket, job) {
                Some(Owner::Screen(topic)) if self.screens.progress(topic, &text) => {}
                Some(_) => self.status = text,
                None => {}
            },
            Message::Probed {
                ticket,
                place,
                probe,
            } => {
                if let Some(Owner::Screen(topic)) = self.jobs.owner(ticket, Job::Probe) {
                    self.screens.of(topic).hear(place, *probe);
                }
            }
            Message::Done { ticket, outcome } => self.done(ticket, outcome),
        }
        self.turn();
        self.memory.keep(&mut self.screens, &mut self.jobs, false);
        self.jobs.take_effects()
    }

    /// Carries out what was replied, then lays everything out, which may reply once more.
    fn turn(&mut self) {
        self.drain();
        self.settle();
        self.drain();
    }

    fn drain(&mut self) {
        let mut count = 0;
        while let Some(reply) = self.replies.pop_front() {
            count += 1;
            debug_assert!(count <= MOST_REPLIES, "replies in a circle: {reply:?}");
            if count > MOST_REPLIES {
                self.replies.clear();
                return;
            }
            self.answer(reply);
        }
    }

    fn answer(&mut self, reply: Reply) {
        match reply {
            Reply::Say(text) => self.status = text,
            Reply::Add(text) => {
                let before = self.status.as_str();
                let between = if before.is_empty() { "" } else { "; " };
                self.status = Safe::from(format!("{before}{between}{text}"));
            }
            Reply::Copy { text, what } => {
                self.status = files::copy(&text, &what, self.clipboard, &mut self.jobs);
            }
            Reply::Type(line) => self.open_prompt(line),
            Reply::Run(command) => self.run(command),
            Reply::Go(command) => self.execute(command),
            Reply::Push(layer) => self.layers.push(layer),
            Reply::Pop => self.layers.pop(),
            Reply::Watch(name) => self.watch(name),
            Reply::Write(file) => self.status = self.files.write(file, &mut self.jobs),
            Reply::Tell(news) => self.tell(&news),
        }
    }

    /// A screen, and what it has at hand.
    fn screen(&mut self, topic: ViewTopic) -> (&mut dyn Screen, Cx<'_>) {
        let out = (&mut self.replies, &mut self.jobs);
        let mut cx = Cx::of_view(self.screen, &self.session, self.screens.topic(), out);
        cx.owner = Owner::Screen(topic);
        (self.screens.of(topic), cx)
    }

    /// The layers, and what they have at hand.
    fn layers(&mut self) -> (&mut Layers, Cx<'_>) {
        let out = (&mut self.replies, &mut self.jobs);
        let mut cx = Cx::of_view(self.screen, &self.session, self.screens.topic(), out);
        (cx.under, cx.owner) = (Some(self.screens.open()), Owner::Layer);
        (&mut self.layers, cx)
    }

    /// What has the keys, and what it has at hand: the topmost layer, else the open screen.
    fn front(&mut self) -> (&mut dyn Component, Cx<'_>) {
        let out = (&mut self.replies, &mut self.jobs);
        let mut cx = Cx::of_view(self.screen, &self.session, self.screens.topic(), out);
        match self.layers.top_mut() {
            Some(layer) => {
                (cx.under, cx.owner) = (Some(self.screens.open()), Owner::Layer);
                (layer, cx)
            }
            None => (self.screens.open_mut(), cx),
        }
    }

    /// Brings every list of the open screen and its layers into its area.
    fn settle(&mut self) {
        let (screen, mut cx) = self.screen(self.screens.topic());
        screen.settle(&mut cx);
        let (layers, mut cx) = self.layers();
        for layer in layers.iter_mut() {
            layer.settle(&mut cx);
        }
    }

    fn key(&mut self, chord: Chord) {
        self.status = Safe::default();
        if let Some(command) = command_for(self.place(), chord) {
            return self.run(command);
        }
        let (front, mut cx) = self.front();
        front.key(chord, &mut cx);
    }

    /// What has the keys, else the program.
    fn run(&mut self, command: Command) {
        match command {
            Command::Quit => self.jobs.push(Effect::Quit),
            Command::Suspend if self.has_shell => self.jobs.push(Effect::Suspend),
            Command::Suspend => {
                self.say("there is no shell to go to: this terminal runs tagscope alone");
            }
            command => {
                let (front, mut cx) = self.front();
                if front.run(command, &mut cx) == Taken::No {
                    self.run_own(command);
                }
            }
        }
    }

    fn run_own(&mut self, command: Command) {
        let (open, place) = (self.screens.topic(), self.place());
        match command {
            Command::Help => self.layers.push(Box::new(Help::new(place))),
            Command::Reference => self.layers.push(Box::new(Reference::new())),
            Command::Palette => self.layers.push(Box::new(Palette::new(place))),
            Command::CommandLine => self.open_prompt(String::new()),
            Command::LastPlace => self.swap_last(),
            Command::View(topic) => self.open(topic),
            Command::NextView => self.open(open.neighbour(true)),
            Command::PreviousView => self.open(open.neighbour(false)),
            Command::Export => self.offer(None),
            Command::Fit => self.fit(""),
            Command::Update => self.status = Data::fetch(&self.session, &mut self.jobs),
            // What one view answers wherever it is asked.
            command => {
                if let Some(topic) = command.answered_by().filter(|topic| *topic != open) {
                    let (screen, mut cx) = self.screen(topic);
                    screen.run(command, &mut cx);
                }
            }
        }
    }

    fn open_prompt(&mut self, line: String) {
        let (layers, mut cx) = self.layers();
        let mut prompt = Prompt::new(line, cx.open, cx.session);
        prompt.ask(&mut cx);
        layers.push(Box::new(prompt));
    }

    fn open(&mut self, topic: ViewTopic) {
        if topic == self.screens.topic() && self.layers.top().is_some() {
            return self.layers.clear();
        }
        let how = if topic == self.screens.topic() {
            Enter::Again
        } else {
            self.leap(topic);
            Enter::Opened
        };
        let (screen, mut cx) = self.screen(topic);
        screen.enter(how, &mut cx);
    }

    /// A jump to a view: it begins here.
    fn leap(&mut self, topic: ViewTopic) {
        for topic in ViewTopic::ALL {
            self.screens.of(topic).mark(Mark::Jump, &self.session);
        }
        self.trail = Some(Trail {
            topic: self.screens.topic(),
            layers: self.layers.leave(),
        });
        self.screens.show(topic);
    }

    /// To where the last jump began; the next time back again.
    fn swap_last(&mut self) {
        let Some(trail) = self.trail.take() else {
            self.say("no last place yet: it is where a jump begins");
            return;
        };
        self.trail = Some(Trail {
            topic: self.screens.topic(),
            layers: self.layers.leave(),
        });
        for topic in ViewTopic::ALL {
            self.screens.of(topic).to_mark(Mark::Jump, &self.session);
        }
        self.screens.show(trail.topic);
        self.layers = trail.layers;
        let (screen, mut cx) = self.screen(trail.topic);
        screen.enter(Enter::Returned, &mut cx);
    }

    /// Carries out what a line says, or a jump.
    fn execute(&mut self, command: ExCommand) {
        self.memory.execute(&command, self.screens.topic());
        let topic = match command.reach(self.screens.topic()) {
            Reach::App => return self.execute_own(command),
            Reach::Leap(topic) => {
                self.leap(topic);
                topic
            }
            Reach::Show(topic) => {
                self.screens.show(topic);
                topic
            }
            Reach::Stay(topic) => topic,
        };
        let (screen, mut cx) = self.screen(topic);
        screen.execute(command, &mut cx);
    }

    fn execute_own(&mut self, command: ExCommand) {
        match command {
            ExCommand::Run(command) => self.run(command),
            ExCommand::Week(week) => self.open_data(Data::of_week(week, &self.session)),
            ExCommand::Cloud(cloud) => {
                self.open_data(self.session.request.newest_of(Some(cloud)));
            }
            ExCommand::File(path) => self.open_data(Data::of_file(&path, &self.session)),
            ExCommand::Theme(name) => {
                let said = self.colours.choose(&name);
                self.say(&said);
            }
            ExCommand::Export(path) => {
                match files::typed(&path, self.screens.open(), &self.session) {
                    Ok(file) => self.status = self.files.write(file, &mut self.jobs),
                    Err(reason) => self.status = reason,
                }
            }
            ExCommand::Make(target) => self.offer(Some(target)),
            ExCommand::Fit(limit) => self.fit(&limit),
            // What reaches a screen does not come here.
            _ => {}
        }
    }

    /// Offers what the open view gives to be written.
    fn offer(&mut self, target: Option<Target>) {
        self.push(ExportDialog::over(
            self.screens.open(),
            target,
            &self.session,
        ));
    }

    /// Fits what the open view gives into a number of CIDRs, which may be given.
    fn fit(&mut self, limit: &str) {
        self.push(Fit::over(self.screens.open(), limit, &self.session));
    }

    /// Lays a layer over all, or says why there is none.
    fn push(&mut self, layer: Result<impl Layer + 'static, Safe>) {
        match layer {
            Ok(layer) => self.layers.push(Box::new(layer)),
            Err(reason) => self.status = reason,
        }
    }

    fn say(&mut self, text: &str) {
        self.status = Safe::new(text);
    }

    /// Into the input that has the keys; else to Lookup.
    fn paste(&mut self, text: &str) {
        self.status = Safe::default();
        self.memory.paste(self.place());
        let (front, mut cx) = self.front();
        if front.paste(text, &mut cx) == Taken::No {
            self.layers.clear();
            self.execute(ExCommand::Pasted(text.to_owned()));
        }
    }

    /// What the mouse does, by where it is.
    fn mouse(&mut self, mouse: Mouse) {
        if mouse.kind == MouseKind::Press && layout::room(self.screen) != Room::None {
            self.status = Safe::default();
        }
        let is_over = self.layers.top().is_some();
        let (open, footer) = (self.screens.topic(), self.footer_place());
        match pointed(mouse, self.screen, open, footer, is_over) {
            Pointed::Nothing => {}
            Pointed::Key(command) => self.run(command),
            Pointed::Tab(topic) => self.open(topic),
            Pointed::Body => {
                let (front, mut cx) = self.front();
                front.mouse(mouse, &mut cx);
            }
        }
    }

    /// What has the keys, and what they are called there.
    fn footer_place(&self) -> (Place, OwnWords) {
        let words = match self.layers.top() {
            Some(layer) => layer.footer_words(),
            None => self.screens.open().footer_words(),
        };
        (self.place(), words)
    }

    /// Tells all screens and layers what has changed.
    fn tell(&mut self, news: &News) {
        news.note_on(&mut self.session.board);
        // What was left open there is of other data.
        let in_rules = self.screens.topic() == ViewTopic::Rules;
        let is_other = matches!(news, News::Data) || (matches!(news, News::Rules) && in_rules);
        if let Some(trail) = self.trail.as_mut().filter(|_| is_other) {
            trail.layers.clear();
        }
        for topic in ViewTopic::ALL {
            let (screen, mut cx) = self.screen(topic);
            screen.learn(news, &mut cx);
        }
        let (layers, mut cx) = self.layers();
        layers.retain(|layer| layer.learn(news, &mut cx) == Keep::Open);
    }

    /// Takes the outcome of a task, unless it is too late.
    fn done(&mut self, ticket: Ticket, outcome: Outcome) {
        match self.jobs.take(ticket, outcome.job()) {
            Some(Owner::App) => self.done_own(outcome),
            Some(Owner::Screen(topic)) => {
                let (screen, mut cx) = self.screen(topic);
                screen.done(outcome, &mut cx);
            }
            Some(Owner::Layer) => {
                let (layers, mut cx) = self.layers();
                if let Some(layer) = layers.top_mut() {
                    layer.done(outcome, &mut cx);
                }
            }
            None => {}
        }
    }

    fn done_own(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Opened(Ok(dataset)) => self.opened(*dataset),
            Outcome::Opened(Err(reason)) => {
                self.data.refused();
                self.status = reason;
            }
            Outcome::Updated(Ok(updated)) => {
                let (text, next) = self.data.updated(&updated, &self.session, &mut self.jobs);
                match next {
                    Next::Nothing => {}
                    Next::Open(request) => self.open_data(request),
                    Next::Archive => self.tell(&News::Archive),
                }
                self.status = text;
            }
            Outcome::WeekHistory(Ok((history, notes))) => {
                if let Some(history) = Data::of_cloud(*history, &self.session) {
                    self.replies.extend(Reply::notes(&notes));
                    self.session.week_history = Some(history);
                    self.tell(&News::WeekHistory);
                }
            }
            Outcome::Written(written) => self.written(written),
            Outcome::StateRead(read) => {
                let (state, said) = self.memory.take_read(read);
                self.bring_back(&state);
                self.replies.extend(said.map(Reply::Add));
            }
            Outcome::StateKept(Err(reason)) if self.memory.is_first_failure() => {
                self.status = reason;
            }
            Outcome::Updated(Err(reason))
            | Outcome::Copied(Err(reason))
            | Outcome::Watched(Err(reason)) => self.status = reason,
            // Nothing follows from the rest.
            _ => {}
        }
    }

    fn open_data(&mut self, request: source::Request) {
        self.data.open(request, &mut self.jobs);
        self.say("opening …");
    }

    /// New data: every view asks again, and the selection stays where it was by name.
    fn opened(&mut self, dataset: Dataset) {
        for topic in ViewTopic::ALL {
            self.screens.of(topic).mark(Mark::Data, &self.session);
        }
        let is_other_history = self.data.opened(dataset, &mut self.session);
        self.status = self.data.sentence(&self.session);
        self.tell(&News::Data);
        self.drain();
        if is_other_history {
            self.session.week_history = None;
            self.tell(&News::WeekHistory);
            Data::read_history(&self.session, &mut self.jobs);
        }
    }

    /// Takes what the last run has kept.
    fn bring_back(&mut self, state: &KeptState) {
        for topic in ViewTopic::ALL {
            let (screen, mut cx) = self.screen(topic);
            screen.bring_back(state, &mut cx);
        }
        if let Some(topic) = state.view.topic {
            self.screens.show(topic);
            let (screen, mut cx) = self.screen(topic);
            screen.enter(Enter::Opened, &mut cx);
        }
        self.memory.note(&mut self.screens);
    }

    /// What became of a file.
    fn written(&mut self, written: Result<Written, Safe>) {
        let Some((path, origin)) = self.files.ended() else {
            return;
        };
        match written {
            Ok(written) => {
                let (Written::Done(text) | Written::Exists(text)) = &written;
                self.status = text.clone();
                if let (Written::Done(_), Origin::Dialog(target)) = (&written, origin) {
                    self.session.board.last_target = target;
                }
                self.tell(&News::Written(path, written));
            }
            Err(reason) => self.status = reason,
        }
    }

    /// Watches a tag, or no longer, and keeps the list.
    fn watch(&mut self, name: String) {
        let is_watched = self.session.watch(&name);
        self.jobs
            .start(Owner::App, Task::Watch { name, is_watched });
        self.tell(&News::Watched);
    }

    /// Draws the whole frame.
    pub fn draw(&self, frame: &mut Frame<'_>) {
        let below = (self.screens.open(), &self.layers);
        let text = (self.footer_place(), self.status.as_str());
        drawing::draw(frame, below, text, &self.session, self.colours.theme());
    }
}
