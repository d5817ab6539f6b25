//! The state of the dashboard, and how a message changes it.

use jiff::civil::Date;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::azure::Facts;
use crate::query::{Dataset, Topic};
use crate::text::{Safe, cut_end};
use crate::tui::frame::{draw_footer, draw_header, draw_status};
use crate::tui::layout::{self, Room, SMALLEST};
use crate::tui::overlay::Help;
use crate::tui::view::{LookupView, Request, Session, TagsView};
use crate::tui::{Chord, Command, Effect, Message, Place, Theme, command_for};

/// What the dashboard starts with.
#[derive(Debug)]
pub struct Startup {
    /// The week.
    pub dataset: Dataset,
    /// The tables beside it.
    pub facts: Facts,
    /// The colours.
    pub theme: Theme,
    /// Today, for the age of the data.
    pub today: Date,
    /// Whether the network is forbidden.
    pub is_offline: bool,
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
    today: Date,
    screen: Rect,
    topic: Topic,
    tags: TagsView,
    lookup: LookupView,
    help: Option<Help>,
    status: Safe,
}

impl App {
    /// The view Tags on the given data.
    #[must_use]
    pub fn new(startup: Startup) -> Self {
        let session = Session {
            dataset: startup.dataset,
            facts: startup.facts,
            is_offline: startup.is_offline,
        };
        let (width, height) = startup.size;
        Self {
            tags: TagsView::new(&session),
            lookup: LookupView::new(),
            session,
            theme: startup.theme,
            today: startup.today,
            screen: Rect::new(0, 0, width, height),
            topic: Topic::Tags,
            help: None,
            status: Safe::new(&startup.greeting),
        }
    }

    /// What has the keys.
    #[must_use]
    pub fn place(&self) -> Place {
        match (&self.help, self.topic) {
            (Some(_), _) => Place::Help,
            (None, Topic::Tags) => self.tags.place(),
            (None, Topic::Lookup) => self.lookup.place(),
        }
    }

    /// Takes a message; gives what is to be done outside.
    pub fn update(&mut self, message: Message) -> Vec<Effect> {
        match message {
            Message::Key(chord) => return self.key(chord),
            Message::Paste(text) => self.paste(&text),
            Message::Resize(width, height) => {
                self.screen = Rect::new(0, 0, width, height);
                let body = self.body();
                self.tags.settle(body, &self.session);
                self.lookup.settle(body);
            }
            Message::Done { ticket, outcome } => self.lookup.done(ticket, outcome, &self.session),
        }
        Vec::new()
    }

    fn body(&self) -> Rect {
        layout::frame(self.screen).body
    }

    fn key(&mut self, chord: Chord) -> Vec<Effect> {
        self.status = Safe::default();
        let place = self.place();
        if let Some(command) = command_for(place, chord) {
            return self.run(command);
        }
        match self.topic {
            Topic::Tags => self.tags.key(chord, &self.session),
            Topic::Lookup => self.lookup.key(chord, &self.session),
        }
        Vec::new()
    }

    /// The overlay, else the screen, else the program.
    fn run(&mut self, command: Command) -> Vec<Effect> {
        match command {
            Command::Quit => return vec![Effect::Quit],
            Command::Suspend => return vec![Effect::Suspend],
            _ => {}
        }
        let body = self.body();
        if let Some(help) = &mut self.help {
            match command {
                Command::Back => self.help = None,
                command => help.run(command, body),
            }
            return Vec::new();
        }
        let requests = match self.topic {
            Topic::Tags => self.tags.run(command, body, &self.session),
            Topic::Lookup => self.lookup.run(command, body, &self.session),
        };
        let Some(requests) = requests else {
            self.run_own(command);
            return Vec::new();
        };
        requests
            .into_iter()
            .filter_map(|request| self.grant(request))
            .collect()
    }

    fn run_own(&mut self, command: Command) {
        match command {
            Command::Help => self.help = Some(Help::new(self.place())),
            Command::ViewTags => self.open(Topic::Tags),
            Command::ViewLookup => self.open(Topic::Lookup),
            Command::NextView => self.open(neighbour(self.topic, 1)),
            Command::PreviousView => self.open(neighbour(self.topic, Topic::ALL.len() - 1)),
            _ => {}
        }
    }

    fn open(&mut self, topic: Topic) {
        self.topic = topic;
        if topic == Topic::Lookup {
            self.lookup.enter();
        }
    }

    fn grant(&mut self, request: Request) -> Option<Effect> {
        let body = self.body();
        match request {
            Request::ShowTag(name) => {
                self.tags.show(&name, &self.session);
                self.tags.settle(body, &self.session);
                self.topic = Topic::Tags;
            }
            Request::LookUp(span) => {
                self.lookup.look_up(span, &self.session);
                self.lookup.settle(body);
                self.topic = Topic::Lookup;
            }
            Request::Say(text) => self.status = Safe::from(text),
            Request::Do(effect) => return Some(effect),
        }
        None
    }

    /// Into the input that has the keys, letter by letter; else to Lookup.
    fn paste(&mut self, text: &str) {
        self.help = None;
        if self.place() == Place::FilterInput {
            for letter in text.lines().next().unwrap_or("").chars().take(256) {
                self.tags
                    .key(Chord::plain(crate::tui::Key::Char(letter)), &self.session);
            }
        } else {
            self.lookup.paste(text, &self.session);
            self.topic = Topic::Lookup;
        }
        let body = self.body();
        self.tags.settle(body, &self.session);
        self.lookup.settle(body);
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
        let age = self.session.dataset.age(self.today);
        draw_header(
            frame,
            areas.header,
            self.topic,
            &self.session.dataset,
            age,
            &self.theme,
        );
        match self.topic {
            Topic::Tags => self
                .tags
                .draw(frame, areas.body, &self.session, &self.theme),
            Topic::Lookup => self
                .lookup
                .draw(frame, areas.body, &self.session, &self.theme),
        }
        draw_status(frame, areas.status, self.status.as_str(), &self.theme);
        draw_footer(frame, areas.footer, self.place(), &self.theme);
        if let Some(help) = &self.help {
            help.draw(frame, areas.body, &self.theme);
        }
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
