//! The state of the dashboard, and how a message changes it.

mod execute;
mod export;
mod fits;
mod outcomes;
mod paste;
mod pointer;
mod rules;

use std::collections::BTreeSet;
use std::path::PathBuf;

use jiff::civil::Date;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::azure::Facts;
use crate::query::rules::make::Target;
use crate::query::{Dataset, Topic};
use crate::source;
use crate::text::{Safe, cut_end};
use crate::tui::frame::{draw_footer, draw_header, draw_status};
use crate::tui::layout::{self, Room, SMALLEST};
use crate::tui::overlay::{Fit, Help, Overlay, Palette, Prompt, Reference, Step};
use crate::tui::view::{
    Bookmark, DiffView, EndpointsView, LookupView, Request, RulesView, Scope, Session, TagsView,
};
use crate::tui::{
    About, Chord, Clipboard, Command, Effect, Job, Key, Message, Place, Theme, command_for,
};

/// What the dashboard starts with.
#[derive(Debug)]
pub struct Startup {
    /// The week.
    pub dataset: Dataset,
    /// What the week was opened with.
    pub request: source::Request,
    /// The tables beside it.
    pub facts: Facts,
    /// The colours.
    pub theme: Theme,
    /// The way to the clipboard.
    pub clipboard: Clipboard,
    /// Today, for the age of the data.
    pub today: Date,
    /// Whether the network is forbidden.
    pub is_offline: bool,
    /// Names of watched tags.
    pub watched: BTreeSet<String>,
    /// Whether a shell is there to come back from.
    pub has_shell: bool,
    /// Whether the newest week is fetched at the start.
    pub updates_at_start: bool,
    /// Said in the status line at first; may be empty.
    pub greeting: String,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
}

/// The dashboard.
#[derive(Debug)]
pub struct App {
    session: Session,
    theme: Theme,
    clipboard: Clipboard,
    has_shell: bool,
    screen: Rect,
    topic: Topic,
    tags: TagsView,
    lookup: LookupView,
    endpoints: EndpointsView,
    rules: RulesView,
    diff: DiffView,
    overlay: Option<Overlay>,
    /// What lies beneath the help and comes back.
    beneath: Option<Overlay>,
    /// The target of the file that was written last; none for a view.
    last_target: Option<Target>,
    /// The covers from which a tag or an address was followed.
    left_fit: Option<Box<Fit>>,
    status: Safe,
    /// Where the last jump began.
    last: Option<Bookmark>,
    /// The newest ticket of the program's own tasks.
    ticket: u64,
    /// The data that is being opened, and for which ticket.
    opening: Option<(u64, source::Request)>,
    /// The completions that are being listed, and for which ticket.
    asking: Option<(u64, About)>,
    /// The ticket of the newest copy.
    copying: Option<u64>,
    /// The ticket of the newest export, and its file.
    exporting: Option<(u64, PathBuf)>,
    /// The ticket of the update that runs.
    updating: Option<u64>,
    /// The ticket of the reading of all weeks.
    history_ticket: Option<u64>,
    /// Whether the newest week is fetched at the start.
    updates_at_start: bool,
    /// Said with the data that is being opened.
    news: String,
}

impl App {
    /// The view Tags on the given data.
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
        };
        let (width, height) = startup.size;
        Self {
            tags: TagsView::new(&session),
            lookup: LookupView::new(),
            endpoints: EndpointsView::new(),
            rules: RulesView::new(),
            diff: DiffView::new(),
            session,
            theme: startup.theme,
            clipboard: startup.clipboard,
            has_shell: startup.has_shell,
            screen: Rect::new(0, 0, width, height),
            topic: Topic::Tags,
            overlay: None,
            beneath: None,
            last_target: None,
            left_fit: None,
            status: Safe::new(&startup.greeting),
            last: None,
            ticket: 0,
            opening: None,
            asking: None,
            copying: None,
            exporting: None,
            updating: None,
            history_ticket: None,
            updates_at_start: startup.updates_at_start,
            news: String::new(),
        }
    }

    /// What is to be done once the first frame is on screen.
    pub fn begin(&mut self) -> Vec<Effect> {
        let mut effects = vec![self.read_week_history()];
        if self.updates_at_start && !self.session.is_offline {
            effects.extend(self.fetch());
        }
        effects
    }

    /// Reads all weeks of the cloud on screen.
    fn read_week_history(&mut self) -> Effect {
        let ticket = self.next_ticket();
        self.history_ticket = Some(ticket);
        let cloud = self.session.dataset.cloud();
        Effect::WeekHistory {
            ticket,
            within: self.session.request.newest_of(Some(cloud)),
            until: self.session.as_of(),
        }
    }

    /// What has the keys.
    #[must_use]
    pub fn place(&self) -> Place {
        match &self.overlay {
            Some(overlay) => overlay.place(),
            None => self.view_place(),
        }
    }

    /// What has the keys in the open view.
    const fn view_place(&self) -> Place {
        match self.topic {
            Topic::Tags => self.tags.place(),
            Topic::Lookup => self.lookup.place(),
            Topic::Endpoints => self.endpoints.place(),
            Topic::Rules => self.rules.place(),
            Topic::Diff => self.diff.place(),
        }
    }

    /// Takes a message; gives what is to be done outside.
    pub fn update(&mut self, message: Message) -> Vec<Effect> {
        let mut effects = self.react(message);
        // Whatever has changed the registry: its hosts are others now.
        if let Some(stop) = self.endpoints.take_stop() {
            self.say("the probe was stopped: the registry has changed; p asks again");
            effects.push(stop);
        }
        effects
    }

    fn react(&mut self, message: Message) -> Vec<Effect> {
        match message {
            Message::Key(chord) => return self.key(chord),
            Message::Mouse(mouse) => return self.mouse(mouse),
            Message::Paste(text) => return self.paste(&text),
            Message::Resize(width, height) => {
                self.screen = Rect::new(0, 0, width, height);
                self.settle();
            }
            Message::Progress { job, ticket, text } => {
                if job == Job::Update && self.updating == Some(ticket) {
                    self.status = text;
                }
            }
            Message::Probed {
                ticket,
                place,
                probe,
            } => {
                self.endpoints.probed(ticket, place, *probe);
                self.settle();
            }
            Message::Done {
                job,
                ticket,
                outcome,
            } => return self.done(job, ticket, outcome),
        }
        Vec::new()
    }

    fn body(&self) -> Rect {
        layout::frame(self.screen).body
    }

    /// Brings every list into its area.
    fn settle(&mut self) {
        let body = self.body();
        self.tags.settle(body, &self.session);
        self.lookup.settle(body);
        self.endpoints.settle(body, &self.session);
        // It may have thousands of rows, which nobody sees from elsewhere.
        if self.topic == Topic::Rules {
            self.rules.settle(body, &self.session);
        }
        self.diff.settle(body);
        match &mut self.overlay {
            Some(Overlay::Palette(palette)) => palette.settle(body),
            Some(Overlay::Prompt(prompt)) => prompt.settle(body),
            Some(Overlay::Reference(reference)) => reference.settle(body),
            Some(Overlay::Fit(fit)) => fit.settle(body),
            Some(Overlay::Export(dialog)) => dialog.settle(body, &self.session),
            Some(Overlay::Help(_)) | None => {}
        }
        self.preview();
    }

    const fn next_ticket(&mut self) -> u64 {
        self.ticket += 1;
        self.ticket
    }

    fn key(&mut self, chord: Chord) -> Vec<Effect> {
        self.status = Safe::default();
        if let Some(command) = command_for(self.place(), chord) {
            return self.run(command);
        }
        let has_changed = match &mut self.overlay {
            Some(Overlay::Help(help)) => {
                help.key(chord);
                false
            }
            Some(Overlay::Palette(palette)) => {
                palette.key(chord);
                false
            }
            Some(Overlay::Reference(reference)) => {
                reference.key(chord);
                false
            }
            Some(Overlay::Fit(fit)) => {
                fit.key(chord, &self.session);
                self.settle();
                false
            }
            Some(Overlay::Export(dialog)) => {
                dialog.key(chord);
                self.settle();
                false
            }
            // As in vim: deleting the colon leaves the line.
            Some(Overlay::Prompt(prompt)) if prompt.is_empty() && chord.key == Key::Backspace => {
                self.overlay = None;
                false
            }
            Some(Overlay::Prompt(prompt)) => prompt.key(chord, &self.session),
            None => {
                match self.topic {
                    Topic::Tags => self.tags.key(chord, &self.session),
                    Topic::Lookup => self.lookup.key(chord, &self.session),
                    Topic::Endpoints => self.endpoints.key(chord, &self.session),
                    Topic::Rules => self.rules.key(chord, &self.session),
                    Topic::Diff => self.diff.key(chord, &self.session),
                }
                self.settle();
                false
            }
        };
        if has_changed {
            self.ask_for_completions()
        } else {
            Vec::new()
        }
    }

    /// The overlay, else the screen, else the program.
    fn run(&mut self, command: Command) -> Vec<Effect> {
        match command {
            Command::Quit => return vec![Effect::Quit],
            Command::Help if matches!(self.overlay, Some(Overlay::Fit(_) | Overlay::Export(_))) => {
                self.help_over();
                return Vec::new();
            }
            Command::Suspend if self.has_shell => return vec![Effect::Suspend],
            Command::Suspend => {
                self.say("there is no shell to go to: this terminal runs tagscope alone");
                return Vec::new();
            }
            _ => {}
        }
        let body = self.body();
        let step = match &mut self.overlay {
            Some(Overlay::Help(help)) => help.run(command, body),
            Some(Overlay::Palette(palette)) => palette.run(command, body),
            Some(Overlay::Prompt(prompt)) => prompt.run(command, &self.session),
            Some(Overlay::Reference(reference)) => reference.run(command, body),
            Some(Overlay::Fit(fit)) => fit.run(command, body, &self.session),
            Some(Overlay::Export(dialog)) => dialog.run(command, body, &self.session),
            None => return self.run_in_view(command),
        };
        self.take(step)
    }

    /// What an overlay wants.
    fn take(&mut self, step: Step) -> Vec<Effect> {
        let mut left = None;
        match step {
            Step::Close => self.close_overlay(),
            Step::Run(_) | Step::Type(_) | Step::Execute(_) => {
                self.beneath = None;
                if let Some(Overlay::Fit(fit)) = self.overlay.take() {
                    left = Some(fit);
                }
            }
            Step::Export => self.export_cover(),
            Step::Rescope => self.rescope(),
            Step::Stay | Step::Copy { .. } | Step::Say(_) | Step::Write { .. } => {}
        }
        self.settle();
        match step {
            Step::Stay => self.ask_for_completions(),
            Step::Close | Step::Export | Step::Rescope => Vec::new(),
            Step::Say(text) => {
                self.say(&text);
                Vec::new()
            }
            Step::Write {
                path,
                bytes,
                is_over,
            } => self.write(path, bytes, is_over),
            Step::Run(command) => self.run(command),
            Step::Type(line) => self.open_prompt(line),
            Step::Execute(line) => {
                let effects = self.execute_line(line);
                self.left_fit = left;
                effects
            }
            Step::Copy { text, what } => self.copy(&text, &what),
        }
    }

    fn run_in_view(&mut self, command: Command) -> Vec<Effect> {
        let body = self.body();
        let requests = match self.topic {
            Topic::Tags => self.tags.run(command, body, &self.session),
            Topic::Lookup => self.lookup.run(command, body, &self.session),
            Topic::Endpoints => self.endpoints.run(command, body, &self.session),
            Topic::Rules => self.rules.run(command, body, &self.session),
            Topic::Diff => self.diff.run(command, body, &self.session),
        };
        match requests {
            Some(requests) => self.grant_all(requests),
            None => self.run_own(command),
        }
    }

    fn run_own(&mut self, command: Command) -> Vec<Effect> {
        match command {
            Command::Help => self.overlay = Some(Overlay::Help(Help::new(self.view_place()))),
            Command::Reference => self.overlay = Some(Overlay::Reference(Reference::new())),
            Command::Runbooks => {
                let inputs = self.endpoints.inputs(&self.session);
                self.overlay = Some(Overlay::Reference(Reference::runbooks(&inputs)));
            }
            Command::Palette => {
                self.overlay = Some(Overlay::Palette(Palette::new(self.view_place())));
            }
            Command::CommandLine => return self.open_prompt(String::new()),
            Command::LastPlace => return self.swap_last(),
            Command::ViewTags => return self.open(Topic::Tags),
            Command::ViewLookup => return self.open(Topic::Lookup),
            Command::ViewEndpoints => return self.open(Topic::Endpoints),
            Command::ViewRules => return self.open(Topic::Rules),
            Command::ViewDiff => return self.open(Topic::Diff),
            Command::TestPlan => self.test_plan(),
            Command::Patch => self.show_patch(),
            Command::Export => return self.open_export(None, Scope::Fitting),
            Command::Fit => return self.open_fit("", Scope::Fitting),
            Command::Update => return self.fetch(),
            Command::NextView => return self.open(neighbour(self.topic, 1)),
            Command::PreviousView => {
                return self.open(neighbour(self.topic, Topic::ALL.len() - 1));
            }
            _ => {}
        }
        Vec::new()
    }

    fn open_prompt(&mut self, line: String) -> Vec<Effect> {
        self.overlay = Some(Overlay::Prompt(Prompt::new(line, &self.session)));
        self.ask_for_completions()
    }

    /// The completions that the disk knows, unless they are being listed already.
    fn ask_for_completions(&mut self) -> Vec<Effect> {
        let Some(Overlay::Prompt(prompt)) = &self.overlay else {
            return Vec::new();
        };
        let Some(about) = prompt.missing() else {
            return Vec::new();
        };
        if self
            .asking
            .as_ref()
            .is_some_and(|(_, asked)| *asked == about)
        {
            return Vec::new();
        }
        let ticket = self.next_ticket();
        self.asking = Some((ticket, about.clone()));
        let cloud = Some(self.session.dataset.cloud());
        vec![Effect::Suggest {
            ticket,
            about: match about {
                About::Registries if self.topic == Topic::Rules => About::RuleLists,
                about => about,
            },
            within: self.session.request.newest_of(cloud),
        }]
    }

    fn open(&mut self, topic: Topic) -> Vec<Effect> {
        let is_open = topic == self.topic;
        if !is_open {
            self.leave();
        } else if topic == Topic::Tags {
            self.tags.enter();
        }
        self.topic = topic;
        let effect = match topic {
            Topic::Tags => None,
            Topic::Rules => {
                let request = self.rules.enter(is_open);
                return self.grant_all(request.into_iter().collect());
            }
            Topic::Lookup => {
                self.lookup.enter();
                None
            }
            Topic::Endpoints => {
                self.endpoints.enter(is_open);
                None
            }
            Topic::Diff => self.diff.enter(&self.session),
        };
        self.settle();
        effect.into_iter().collect()
    }

    fn say(&mut self, text: &str) {
        self.status = Safe::new(text);
    }

    fn grant_all(&mut self, requests: Vec<Request>) -> Vec<Effect> {
        let effects = requests.into_iter().flat_map(|request| self.grant(request));
        let effects = effects.collect();
        self.settle();
        effects
    }

    fn grant(&mut self, request: Request) -> Vec<Effect> {
        match request {
            Request::ShowTag(name) => {
                self.leave();
                self.tags.show(&name, &self.session);
                self.topic = Topic::Tags;
            }
            Request::LookUp(span) => {
                self.leave();
                self.lookup.look_up(span, &self.session);
                self.topic = Topic::Lookup;
            }
            Request::Say(text) => self.status = Safe::from(text),
            Request::Copy { text, what } => return self.copy(&text, &what),
            Request::Type(line) => return self.open_prompt(line),
            Request::Watch(name) => return self.watch(name),
            Request::RulesChanged => return self.rules_changed(),
            Request::Do(effect) => return vec![effect],
        }
        Vec::new()
    }

    /// Draws the whole frame.
    pub fn draw(&self, frame: &mut Frame<'_>) {
        // Between a resize and its message the buffer is what there is to draw on.
        let screen = frame.area();
        if layout::room(screen) == Room::None {
            draw_too_small(frame, screen, &self.theme);
            return;
        }
        let areas = layout::frame(screen);
        let (session, theme) = (&self.session, &self.theme);
        let age = session.dataset.age(session.today);
        draw_header(
            frame,
            areas.header,
            self.topic,
            &session.dataset,
            age,
            theme,
        );
        match self.topic {
            Topic::Tags => self.tags.draw(frame, areas.body, session, theme),
            Topic::Lookup => self.lookup.draw(frame, areas.body, session, theme),
            Topic::Endpoints => self.endpoints.draw(frame, areas.body, session, theme),
            Topic::Rules => self.rules.draw(frame, areas.body, theme),
            Topic::Diff => self.diff.draw(frame, areas.body, session, theme),
        }
        draw_footer(frame, areas.footer, self.footer_place(), theme);
        match &self.overlay {
            Some(Overlay::Help(help)) => help.draw(frame, areas.body, theme),
            Some(Overlay::Palette(palette)) => palette.draw(frame, areas.body, theme),
            Some(Overlay::Prompt(prompt)) => {
                draw_status(frame, areas.status, self.status.as_str(), theme);
                prompt.draw(frame, areas.body, areas.status, theme);
                return;
            }
            Some(Overlay::Reference(reference)) => reference.draw(frame, areas.body, theme),
            Some(Overlay::Fit(fit)) => fit.draw(frame, areas.body, theme),
            Some(Overlay::Export(dialog)) => dialog.draw(frame, areas.body, theme),
            None => {}
        }
        draw_status(frame, areas.status, self.status.as_str(), theme);
    }
}

fn neighbour(topic: Topic, step: usize) -> Topic {
    let place = Topic::ALL
        .iter()
        .position(|&other| other == topic)
        .unwrap_or(0);
    Topic::ALL
        .get((place + step) % Topic::ALL.len())
        .copied()
        .unwrap_or(topic)
}

fn draw_too_small(frame: &mut Frame<'_>, screen: Rect, theme: &Theme) {
    let (width, height) = SMALLEST;
    let texts = [
        "tagscope".to_owned(),
        format!("needs {width}x{height}"),
        "Ctrl-c quits".to_owned(),
    ];
    let lines: Vec<Line<'_>> = texts
        .iter()
        .map(|text| {
            let text = cut_end(text, usize::from(screen.width)).into_owned();
            Line::from(Span::styled(text, theme.text))
        })
        .collect();
    frame.render_widget(Paragraph::new(lines), screen);
}
