//! What comes in and what goes out of [`crate::tui::App`], as plain data.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::Date;

use crate::azure::ContentHash;
use crate::azure::registry::{Imported, Profile};
use crate::query::Dataset;
use crate::query::lookup::HostLookup;
use crate::query::probe::{HostProbe, ProbeTarget};
use crate::query::rules;
use crate::query::rules::impact;
use crate::query::traffic::AgainstAnswer;
use crate::source::{Publication, Request, Updated};
use crate::store::{FileStamp, KeptState, LoadedProfile, RuleList, StateChanges};
use crate::text::Safe;
use crate::traffic::log::LogKind;
use crate::traffic::{Breakdown, Said};
use crate::tui::{Chord, Command, WeekHistory};

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// A key.
    Key(Chord),
    /// A pasted text.
    Paste(String),
    /// A button or the wheel of the mouse.
    Mouse(Mouse),
    /// The terminal has this many columns and rows.
    Resize(u16, u16),
    /// How far a task is.
    Progress {
        /// What the task is for.
        job: Job,
        /// The ticket of the task.
        ticket: Ticket,
        /// In words.
        text: Safe,
    },
    /// A host of a probe has answered, or has not.
    Probed {
        /// The ticket of the probe.
        ticket: Ticket,
        /// The place of the host among those that were to be asked.
        place: usize,
        /// What came back.
        probe: Box<HostProbe>,
    },
    /// A task has ended.
    Done {
        /// The ticket of the task.
        ticket: Ticket,
        /// How it ended.
        outcome: Outcome,
    },
}

/// What the mouse did, and in which cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mouse {
    /// What it did.
    pub kind: MouseKind,
    /// Column of the screen, from 0.
    pub column: u16,
    /// Row of the screen, from 0.
    pub row: u16,
}

impl Mouse {
    /// What a turn of the wheel does to a list; `None` for a press.
    #[must_use]
    pub const fn wheel(self) -> Option<Command> {
        match self.kind {
            MouseKind::WheelUp => Some(Command::Up),
            MouseKind::WheelDown => Some(Command::Down),
            MouseKind::Press => None,
        }
    }
}

/// What the mouse did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MouseKind {
    /// The left button went down.
    Press,
    /// The wheel turned away from the user.
    WheelUp,
    /// The wheel turned towards the user.
    WheelDown,
}

/// The number of a task; it comes back with what the task says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ticket(pub u64);

/// What a task is for; the newest of a kind counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Job {
    /// A host's addresses.
    Resolve,
    /// Other data.
    Open,
    /// Completions that need the disk.
    Suggest,
    /// The clipboard.
    Copy,
    /// A file.
    Export,
    /// The weeks at hand.
    Weeks,
    /// Two weeks.
    Compare,
    /// The watch list.
    Watch,
    /// What was kept of the last run.
    StateRead,
    /// What comes back at the next start.
    StateKeep,
    /// The newest publication.
    Update,
    /// All weeks at hand.
    WeekHistory,
    /// A saved registry, or a document of one.
    Registry,
    /// A registry that is being saved.
    Save,
    /// The hosts of a plan.
    Probe,
    /// Files of rules.
    Rules,
    /// Whether files of rules change.
    RulesWatch,
    /// A list of rule files that is being saved.
    RulesSave,
    /// What two weeks do to rules.
    Impact,
    /// Logs.
    Logs,
    /// What two weeks do to the addresses of logs.
    Against,
}

impl Job {
    /// What is being written or sent is not taken back by a newer task, and its end is told.
    #[must_use]
    pub const fn is_finished_anyway(self) -> bool {
        matches!(
            self,
            Self::Copy
                | Self::Export
                | Self::Watch
                | Self::StateKeep
                | Self::Update
                | Self::Save
                | Self::RulesSave
        )
    }
}

/// Something to be done outside of the state.
#[expect(
    clippy::large_enum_variant,
    reason = "a turn has a few effects at most"
)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// End the program.
    Quit,
    /// Stop the process until it is continued.
    Suspend,
    /// Hand a text to the terminal's clipboard.
    Osc52(String),
    /// Start a task.
    Start {
        /// Comes back with the outcome.
        ticket: Ticket,
        task: Task,
    },
    /// End a task without its outcome.
    Stop(Job),
}

/// What runs beside the dashboard and comes back with an [`Outcome`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// Ask the network for the addresses of a host.
    Resolve { host: String },
    /// Open other data.
    Open { request: Request },
    /// List what could be named; `within` has the cloud on screen and the data folder.
    Suggest { about: About, within: Request },
    /// List the weeks at hand of a cloud.
    Weeks { within: Request },
    /// Open two weeks; the base is the older one, mostly.
    Compare { base: Request, target: Request },
    /// Fetch the newest publication; asks the network.
    Update { within: Request },
    /// Read all weeks at hand of a cloud, up to a date.
    WeekHistory {
        within: Request,
        until: Option<Date>,
    },
    /// Load a saved registry.
    Load { name: String },
    /// Save a registry.
    Save { name: String, profile: Box<Profile> },
    /// Read what `az acr` printed of a registry.
    Import { path: PathBuf },
    /// Ask hosts whether they can be reached; asks the network.
    Probe { targets: Vec<ProbeTarget> },
    /// Read files of rules.
    ReadRules { from: RulesFrom },
    /// Wait until one of some files is another than it was.
    WatchRules {
        files: Vec<(PathBuf, Option<FileStamp>)>,
    },
    /// Save a list of rule files.
    SaveRules { name: String, list: RuleList },
    /// What two weeks do to rules.
    Impact {
        rules: Arc<Vec<rules::LoadedFile>>,
        /// Tags that lists of addresses stand for.
        stands_for: Vec<String>,
        /// Older and newer; `None` for the week on screen and the one before it.
        weeks: Option<[Request; 2]>,
        /// What opened the week on screen.
        within: Request,
    },
    /// Count logs, with the week on screen.
    ReadLogs {
        paths: Vec<PathBuf>,
        dataset: Box<Dataset>,
    },
    /// What two weeks do to the addresses of logs.
    Against {
        counts: Arc<Breakdown>,
        /// Older and newer; `None` for the week on screen and the one before it.
        weeks: Option<[Request; 2]>,
        /// What opened the week on screen.
        within: Request,
    },
    /// Keep whether a tag is watched.
    Watch {
        name: String,
        /// Whether it is watched from now on.
        is_watched: bool,
    },
    /// Read what was kept of the last run.
    ReadState,
    /// Keep what comes back at the next start.
    KeepState { changes: Box<StateChanges> },
    /// Hand a clean text to tmux.
    Copy { text: String },
    /// Write a file, whole or not at all.
    Export {
        path: PathBuf,
        bytes: Vec<u8>,
        /// Whether a file that exists is written over; else it is left as it is.
        is_over: bool,
    },
}

impl Task {
    /// What it is for.
    #[must_use]
    pub const fn job(&self) -> Job {
        match self {
            Self::Resolve { .. } => Job::Resolve,
            Self::Open { .. } => Job::Open,
            Self::Suggest { .. } => Job::Suggest,
            Self::Weeks { .. } => Job::Weeks,
            Self::Compare { .. } => Job::Compare,
            Self::Update { .. } => Job::Update,
            Self::WeekHistory { .. } => Job::WeekHistory,
            Self::Load { .. } | Self::Import { .. } => Job::Registry,
            Self::Save { .. } => Job::Save,
            Self::Probe { .. } => Job::Probe,
            Self::ReadRules { .. } => Job::Rules,
            Self::WatchRules { .. } => Job::RulesWatch,
            Self::SaveRules { .. } => Job::RulesSave,
            Self::Impact { .. } => Job::Impact,
            Self::ReadLogs { .. } => Job::Logs,
            Self::Against { .. } => Job::Against,
            Self::Watch { .. } => Job::Watch,
            Self::ReadState => Job::StateRead,
            Self::KeepState { .. } => Job::StateKeep,
            Self::Copy { .. } => Job::Copy,
            Self::Export { .. } => Job::Export,
        }
    }
}

/// Where rules are read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RulesFrom {
    /// Files.
    Files(Vec<PathBuf>),
    /// A saved list of files.
    Saved(String),
}

/// A file of rules as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulesRead {
    /// The file.
    pub path: PathBuf,
    /// What it was when it was read.
    pub stamp: Option<FileStamp>,
    /// What is in it, and its text; or why it cannot be read.
    pub found: Result<(rules::LoadedFile, Option<String>), Safe>,
}

/// What two weeks do to rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImpactRun {
    /// Row by row.
    pub answer: impact::ImpactAnswer,
    /// The older week.
    pub base: Dataset,
    /// The newer week.
    pub target: Dataset,
    /// What names both on a command line.
    pub words: [String; 2],
    /// What was stated of the rules and does not fit them.
    pub notes: Vec<Safe>,
}

/// What was counted of logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogsRead {
    /// What they were named by.
    pub paths: Vec<PathBuf>,
    /// The week that they were read with.
    pub week: ContentHash,
    /// How many could be read.
    pub files: usize,
    /// What they are.
    pub kinds: Vec<LogKind>,
    /// Their bytes on disk.
    pub bytes: u64,
    /// The counts.
    pub counts: Arc<Breakdown>,
    /// What the records said at all.
    pub said: Said,
    /// What could not be read or was not understood.
    pub problems: Vec<Safe>,
}

/// What two weeks do to the addresses of logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgainstRun {
    /// Every address whose tags differ.
    pub answer: AgainstAnswer,
    /// Both weeks for people.
    pub label: String,
    /// What names the older one on a command line.
    pub base: String,
}

/// What completions are listed for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// The weeks at hand.
    Weeks,
    /// Files whose path begins with this text.
    Files(String),
    /// The saved registries, or in Rules the saved lists.
    Registries,
    /// The saved lists of rule files.
    RuleLists,
    /// Files of any name whose path begins with this text.
    AnyFiles(String),
}

/// How a task ended; a failure is a sentence about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The host's names and addresses.
    Resolved(Result<HostLookup, Safe>),
    /// The data.
    Opened(Result<Box<Dataset>, Safe>),
    /// What could be named, in order.
    Suggested(Result<(About, Vec<String>), Safe>),
    /// The weeks, newest first, and what was set aside.
    Listed(Result<(Vec<Publication>, Vec<Safe>), Safe>),
    /// Two weeks.
    Compared(Result<Box<[Dataset; 2]>, Safe>),
    /// What became of an update.
    Updated(Result<Box<Updated>, Safe>),
    /// All weeks at hand, and what was set aside.
    WeekHistory(Result<(Box<WeekHistory>, Vec<Safe>), Safe>),
    /// A saved registry, under this name.
    Loaded(Result<(String, Box<LoadedProfile>), Safe>),
    /// What a document says of a registry.
    Imported(Result<Box<Imported>, Safe>),
    /// A registry is saved under this name; a sentence about it.
    Saved(Result<(String, Safe), Safe>),
    /// All answers of a probe have come.
    Probed(Result<(), Safe>),
    /// Files of rules, and the list that named them.
    RulesRead(Result<(Vec<RulesRead>, Option<RuleList>), Safe>),
    /// A file of rules is another than it was.
    RulesChanged(Result<(), Safe>),
    /// A list of rule files is saved under this name; a sentence about it.
    RulesSaved(Result<(String, Safe), Safe>),
    /// What two weeks do to rules.
    Impact(Result<Box<ImpactRun>, Safe>),
    /// What was counted of logs.
    LogsRead(Result<Box<LogsRead>, Safe>),
    /// What two weeks do to the addresses of logs.
    Against(Result<Box<AgainstRun>, Safe>),
    /// The watch list is kept.
    Watched(Result<(), Safe>),
    /// What was kept of the last run.
    StateRead(Result<Box<KeptState>, Safe>),
    /// What comes back at the next start is kept.
    StateKept(Result<(), Safe>),
    /// A text is with tmux; a sentence about it.
    Copied(Result<Safe, Safe>),
    /// What became of a file.
    Written(Result<Written, Safe>),
}

/// What became of a file; a sentence about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// It is written.
    Done(Safe),
    /// It exists, and is left as it is.
    Exists(Safe),
}

impl Outcome {
    /// What the task was for.
    #[must_use]
    pub const fn job(&self) -> Job {
        match self {
            Self::Resolved(_) => Job::Resolve,
            Self::Opened(_) => Job::Open,
            Self::Suggested(_) => Job::Suggest,
            Self::Listed(_) => Job::Weeks,
            Self::Compared(_) => Job::Compare,
            Self::Updated(_) => Job::Update,
            Self::WeekHistory(_) => Job::WeekHistory,
            Self::Loaded(_) | Self::Imported(_) => Job::Registry,
            Self::Saved(_) => Job::Save,
            Self::Probed(_) => Job::Probe,
            Self::RulesRead(_) => Job::Rules,
            Self::RulesChanged(_) => Job::RulesWatch,
            Self::RulesSaved(_) => Job::RulesSave,
            Self::Impact(_) => Job::Impact,
            Self::LogsRead(_) => Job::Logs,
            Self::Against(_) => Job::Against,
            Self::Watched(_) => Job::Watch,
            Self::StateRead(_) => Job::StateRead,
            Self::StateKept(_) => Job::StateKeep,
            Self::Copied(_) => Job::Copy,
            Self::Written(_) => Job::Export,
        }
    }

    /// Why the task failed, if it did.
    #[must_use]
    pub fn failure(&self) -> Option<&Safe> {
        match self {
            Self::Resolved(done) => done.as_ref().err(),
            Self::Opened(done) => done.as_ref().err(),
            Self::Suggested(done) => done.as_ref().err(),
            Self::Listed(done) => done.as_ref().err(),
            Self::Compared(done) => done.as_ref().err(),
            Self::Updated(done) => done.as_ref().err(),
            Self::WeekHistory(done) => done.as_ref().err(),
            Self::Loaded(done) => done.as_ref().err(),
            Self::Imported(done) => done.as_ref().err(),
            Self::Saved(done) | Self::RulesSaved(done) => done.as_ref().err(),
            Self::RulesRead(done) => done.as_ref().err(),
            Self::Probed(done)
            | Self::RulesChanged(done)
            | Self::Watched(done)
            | Self::StateKept(done) => done.as_ref().err(),
            Self::StateRead(done) => done.as_ref().err(),
            Self::Impact(done) => done.as_ref().err(),
            Self::LogsRead(done) => done.as_ref().err(),
            Self::Against(done) => done.as_ref().err(),
            Self::Copied(done) => done.as_ref().err(),
            Self::Written(done) => done.as_ref().err(),
        }
    }

    /// The failure of a task.
    #[must_use]
    pub fn failed(job: Job, text: Safe) -> Self {
        match job {
            Job::Resolve => Self::Resolved(Err(text)),
            Job::Open => Self::Opened(Err(text)),
            Job::Suggest => Self::Suggested(Err(text)),
            Job::Copy => Self::Copied(Err(text)),
            Job::Export => Self::Written(Err(text)),
            Job::Weeks => Self::Listed(Err(text)),
            Job::Compare => Self::Compared(Err(text)),
            Job::Watch => Self::Watched(Err(text)),
            Job::StateRead => Self::StateRead(Err(text)),
            Job::StateKeep => Self::StateKept(Err(text)),
            Job::Update => Self::Updated(Err(text)),
            Job::WeekHistory => Self::WeekHistory(Err(text)),
            Job::Registry => Self::Loaded(Err(text)),
            Job::Save => Self::Saved(Err(text)),
            Job::Probe => Self::Probed(Err(text)),
            Job::Rules => Self::RulesRead(Err(text)),
            Job::RulesWatch => Self::RulesChanged(Err(text)),
            Job::RulesSave => Self::RulesSaved(Err(text)),
            Job::Impact => Self::Impact(Err(text)),
            Job::Logs => Self::LogsRead(Err(text)),
            Job::Against => Self::Against(Err(text)),
        }
    }
}
