//! What can have the keys, the screens, one a view, and the layers over them; and what they answer
//! the program with.

use std::collections::VecDeque;
use std::fmt;
use std::path::PathBuf;

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::azure::registry::Profile;
use crate::query::ViewTopic;
use crate::query::probe::HostProbe;
use crate::query::rules::make::Target;
use crate::source::Request;
use crate::space::Span;
use crate::store::{KeptState, KeptView};
use crate::text::Safe;
use crate::tui::ex_command::ExCommand;
use crate::tui::jobs::{Jobs, Owner};
use crate::tui::keymap::OwnWords;
use crate::tui::layout;
use crate::tui::overlay::{ExportDialog, Fit};
use crate::tui::session::{Board, Session, Touched};
use crate::tui::{About, Chord, Command, Job, Key, Mouse, Outcome, Place, Task, Theme, Written};

/// Most letters of a pasted line that an input takes.
const MOST_PASTED: usize = 256;

/// What can have the keys.
pub trait Component: fmt::Debug {
    /// The pane or the input with the keys.
    fn place(&self) -> Place;

    /// Runs a command, unless it is none of this component's.
    fn run(&mut self, command: Command, cx: &mut Cx<'_>) -> Taken;

    /// A key that no binding took: text.
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>);

    /// The mouse over the body.
    fn mouse(&mut self, mouse: Mouse, cx: &mut Cx<'_>);

    /// A pasted text: its first line goes into the input that has the keys.
    fn paste(&mut self, text: &str, cx: &mut Cx<'_>) -> Taken {
        if !self.place().is_input() {
            return Taken::No;
        }
        for letter in pasted_line(text).chars() {
            self.key(Chord::plain(Key::Char(letter)), cx);
        }
        Taken::Yes
    }

    /// Lays out and clamps; once a turn, after everything else.
    fn settle(&mut self, cx: &mut Cx<'_>);

    /// Draws into the body.
    fn draw(&self, frame: &mut Frame<'_>, look: &Look<'_>);

    /// A task that was started here has ended, and none has been started in its place.
    fn done(&mut self, outcome: Outcome, cx: &mut Cx<'_>);
}

/// A view.
pub trait Screen: Component {
    /// What it is about.
    fn topic(&self) -> ViewTopic;

    /// It comes on screen, or its key is pressed again.
    fn enter(&mut self, how: Enter, cx: &mut Cx<'_>);

    /// Carries out a typed command or a jump that is this view's.
    fn execute(&mut self, command: ExCommand, cx: &mut Cx<'_>);

    /// Notes where the user is.
    fn mark(&mut self, mark: Mark, session: &Session);

    /// Back to where the user was; a jump's mark is then where the user was before.
    fn to_mark(&mut self, mark: Mark, session: &Session);

    /// Something has changed for all.
    fn learn(&mut self, news: &News, cx: &mut Cx<'_>);

    /// A host of its probe has answered, or has not.
    fn hear(&mut self, _place: usize, _probe: HostProbe) {}

    /// How far a task of this view is; the status line has it unless the view takes it.
    fn progress(&mut self, _text: &Safe) -> Taken {
        Taken::No
    }

    /// The answer on screen as a file of this form.
    ///
    /// # Errors
    /// Why there is none.
    fn export(&self, form: &str, session: &Session) -> Result<Vec<u8>, Safe>;

    /// What can be written of it.
    ///
    /// # Errors
    /// Why nothing can.
    fn offer(&self, scope: Scope, session: &Session) -> Result<ExportDialog, Safe>;

    /// What can be fitted into few CIDRs.
    ///
    /// # Errors
    /// Why nothing can.
    fn fit(&self, scope: Scope, session: &Session) -> Result<Fit, Safe>;

    /// Enters what comes back at the next start, but for queries.
    fn keep(&self, view: &mut KeptView);

    /// The queries that were answered since the last time, newest last; at the end the one in the
    /// input too.
    fn take_asked(&mut self, _is_end: bool) -> Vec<String> {
        Vec::new()
    }

    /// Takes what the last run has kept; what is empty there stays as it is.
    fn bring_back(&mut self, state: &KeptState, cx: &mut Cx<'_>);

    /// Commands that the footer names by other words here.
    fn footer_words(&self) -> OwnWords {
        &[]
    }
}

/// What lies over a screen.
pub trait Layer: Component {
    /// Something has changed for all.
    fn learn(&mut self, news: &News, cx: &mut Cx<'_>) -> Keep;

    /// Commands that the footer names by other words here; none for what does nothing here.
    fn footer_words(&self) -> OwnWords {
        &[]
    }

    /// Whether it is drawn over the status line too.
    fn takes_status_line(&self) -> bool {
        false
    }

    /// Whether a jump from here comes back to it.
    fn outlives_jump(&self) -> bool {
        false
    }
}

/// Whether a command was this component's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    Yes,
    No,
}

impl From<bool> for Taken {
    fn from(is_taken: bool) -> Self {
        if is_taken { Self::Yes } else { Self::No }
    }
}

/// Whether a layer still has its subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    Open,
    Closed,
}

/// How a screen comes to be on top.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enter {
    /// By its key, from another view.
    Opened,
    /// By its key, where it is open already.
    Again,
    /// By `-`.
    Returned,
}

/// Why a screen notes where the user is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A jump begins.
    Jump,
    /// The data is about to be another.
    Data,
}

/// Which tags are fitted and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All watched ones where the cursor is on one or somebody has marked one just now; else, and
    /// among its prefixes, the selected one.
    Fitting,
    Watched,
    Selected,
}

/// Where the user was: a screen's own spots, by why they were noted.
#[derive(Debug)]
pub struct Marks<B> {
    jump: Option<B>,
    data: Option<B>,
}

impl<B> Default for Marks<B> {
    fn default() -> Self {
        Self {
            jump: None,
            data: None,
        }
    }
}

impl<B> Marks<B> {
    /// Notes a spot.
    pub fn note(&mut self, mark: Mark, spot: B) {
        match mark {
            Mark::Jump => self.jump = Some(spot),
            Mark::Data => self.data = Some(spot),
        }
    }

    /// The spot to go to; a jump's is then where the user is now.
    pub fn take(&mut self, mark: Mark, now: B) -> Option<B> {
        match mark {
            Mark::Jump => self.jump.replace(now),
            Mark::Data => self.data.take(),
        }
    }
}

/// What drawing reads.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    pub body: Rect,
    /// The line below the body, which the command line takes.
    pub status: Rect,
    pub session: &'a Session,
    pub theme: &'a Theme,
}

/// What a component has at hand while it reacts.
#[derive(Debug)]
pub struct Cx<'a> {
    pub body: Rect,
    pub session: &'a Session,
    /// The view that is open.
    pub open: ViewTopic,
    /// Of a layer: the screen under it.
    pub under: Option<&'a dyn Screen>,
    pub(in crate::tui) owner: Owner,
    pub(in crate::tui) replies: &'a mut VecDeque<Reply>,
    pub(in crate::tui) jobs: &'a mut Jobs,
}

impl<'a> Cx<'a> {
    /// What a view has at hand that is open, on such a screen.
    pub fn of_view(
        screen: Rect,
        session: &'a Session,
        open: ViewTopic,
        (replies, jobs): (&'a mut VecDeque<Reply>, &'a mut Jobs),
    ) -> Self {
        Self {
            body: layout::frame(screen).body,
            session,
            open,
            under: None,
            owner: Owner::Screen(open),
            replies,
            jobs,
        }
    }

    /// Asks something of the program.
    pub fn reply(&mut self, reply: Reply) {
        self.replies.push_back(reply);
    }

    /// Asks several things of the program, in order.
    pub fn reply_all(&mut self, replies: impl IntoIterator<Item = Reply>) {
        self.replies.extend(replies);
    }

    /// Says something in the status line.
    pub fn say(&mut self, text: impl Into<String>) {
        self.reply(Reply::say(text));
    }

    /// Says something behind what is said already.
    pub fn add(&mut self, text: impl Into<String>) {
        self.reply(Reply::Add(Safe::from(text.into())));
    }

    /// Starts a task; its end comes to [`Component::done`].
    pub fn start(&mut self, task: Task) {
        self.jobs.start(self.owner, task);
    }

    /// Ends a task without its outcome.
    pub fn stop(&mut self, job: Job) {
        self.jobs.stop(job);
    }

    /// Lets a task run, and drops its outcome.
    pub fn forget(&mut self, job: Job) {
        self.jobs.forget(job);
    }

    /// Whether these completions are being listed.
    #[must_use]
    pub fn is_listing(&self, about: &About) -> bool {
        self.jobs.is_listing(about)
    }

    /// Whether this screen is open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.owner == Owner::Screen(self.open)
    }
}

/// What an input takes of a pasted text.
pub fn pasted_line(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or("");
    line.chars().take(MOST_PASTED).collect()
}

/// What is asked of the program; carried out first in, first out.
#[derive(Debug)]
pub enum Reply {
    /// Say something in the status line.
    Say(Safe),
    /// Say something behind what is said already.
    Add(Safe),
    /// Copy a text; `what` is it in a few words.
    Copy {
        text: String,
        /// What it is, for the status line.
        what: String,
    },
    /// Open the command line with a text to go on with.
    Type(String),
    /// Run a command as if its key had been pressed.
    Run(Command),
    /// Carry out what the command line could say.
    Go(ExCommand),
    /// Lay a layer over all.
    Push(Box<dyn Layer>),
    /// Take the topmost layer away.
    Pop,
    /// Watch a tag, or no longer.
    Watch(String),
    /// Write a file.
    Write(NewFile),
    /// Tell all screens and layers.
    Tell(News),
}

impl Reply {
    /// A sentence for the status line.
    #[must_use]
    pub fn say(text: impl Into<String>) -> Self {
        Self::Say(Safe::from(text.into()))
    }

    /// What was set aside on the way, said once; nothing where nothing was.
    #[must_use]
    pub fn notes(notes: &[Safe]) -> Option<Self> {
        let texts: Vec<&str> = notes.iter().map(Safe::as_str).collect();
        (!texts.is_empty()).then(|| Self::say(texts.join("; ")))
    }

    /// To addresses in the view Lookup.
    #[must_use]
    pub fn look_up(span: Span) -> Self {
        Self::Go(ExCommand::LookUp(span.to_string()))
    }

    /// To a tag in the view Tags.
    #[must_use]
    pub const fn show_tag(name: String) -> Self {
        Self::Go(ExCommand::Tag(name))
    }
}

/// A file to be written whole or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    pub path: PathBuf,
    pub bytes: Vec<u8>,
    /// Whether a file that is there is written over.
    pub is_over: bool,
    pub origin: Origin,
}

/// Where the writing of a file was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    CommandLine,
    /// The dialog, with the target that was chosen; none for a view.
    Dialog(Option<Target>),
}

/// What has changed for all.
#[derive(Debug, Clone)]
pub enum News {
    /// Another week is on screen.
    Data,
    /// More weeks are available.
    Archive,
    /// All weeks have been read, or are of another cloud.
    WeekHistory,
    /// The watch list.
    Watched,
    /// What Diff compares.
    Weeks(Option<[Request; 2]>),
    /// Other files of rules are open.
    Rules,
    /// What the open rules have to do with.
    Touched(Touched),
    /// The registry of Endpoints.
    Registry(Option<Box<Profile>>),
    /// What became of a file.
    Written(PathBuf, Written),
}

impl News {
    /// Notes what others will ask for.
    pub fn note_on(&self, board: &mut Board) {
        match self {
            Self::Weeks(weeks) => board.weeks.clone_from(weeks),
            Self::Touched(touched) => board.touched.clone_from(touched),
            Self::Registry(registry) => board.registry.clone_from(registry),
            Self::Data
            | Self::Archive
            | Self::WeekHistory
            | Self::Watched
            | Self::Rules
            | Self::Written(..) => {}
        }
    }
}
