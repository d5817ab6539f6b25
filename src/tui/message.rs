//! What comes in and what goes out of [`crate::tui::App`], as plain data.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::Date;

use crate::azure::registry::{Imported, Profile};
use crate::query::Dataset;
use crate::query::lookup::Host;
use crate::query::probe::{HostProbe, Target};
use crate::query::rules;
use crate::query::rules::impact;
use crate::source::{Publication, Request, Updated};
use crate::store::{Loaded, RuleList, Stamp};
use crate::text::Safe;
use crate::tui::{Chord, Clipboard, WeekHistory};

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
        /// The ticket of the effect that started it.
        ticket: u64,
        /// In words.
        text: Safe,
    },
    /// A host of a probe has answered, or has not.
    Probed {
        /// The ticket of the effect that started the probe.
        ticket: u64,
        /// The place of the host among those that were to be asked.
        place: usize,
        /// What came back.
        probe: Box<HostProbe>,
    },
    /// A task has ended.
    Done {
        /// What the task was for.
        job: Job,
        /// The ticket of the effect that started it.
        ticket: u64,
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
}

/// Something to be done outside of the state.
///
/// The ticket comes back with the outcome; an older one is dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// End the program.
    Quit,
    /// Stop the process until it is continued.
    Suspend,
    /// Ask the network for the addresses of a host.
    Resolve {
        /// Comes back with the outcome.
        ticket: u64,
        /// The host name.
        host: String,
    },
    /// Open other data.
    Open {
        /// Comes back with the outcome.
        ticket: u64,
        /// Which data.
        request: Request,
    },
    /// List what could be named.
    Suggest {
        /// Comes back with the outcome.
        ticket: u64,
        /// Among what.
        about: About,
        /// The cloud on screen and the data folder.
        within: Request,
    },
    /// List the weeks at hand.
    Weeks {
        /// Comes back with the outcome.
        ticket: u64,
        /// Of which cloud, and the data folder.
        within: Request,
    },
    /// Open two weeks.
    Compare {
        /// Comes back with the outcome.
        ticket: u64,
        /// The older one, mostly.
        base: Request,
        /// The newer one.
        target: Request,
    },
    /// Fetch the newest publication; asks the network.
    Update {
        /// Comes back with the outcome.
        ticket: u64,
        /// Which cloud, and the data folder.
        within: Request,
    },
    /// Read all weeks at hand.
    WeekHistory {
        /// Comes back with the outcome.
        ticket: u64,
        /// Of which cloud, and the data folder.
        within: Request,
        /// Only weeks up to this date.
        until: Option<Date>,
    },
    /// Load a saved registry.
    Load {
        /// Comes back with the outcome.
        ticket: u64,
        /// Under which name it was saved.
        name: String,
    },
    /// Save a registry.
    Save {
        /// Comes back with the outcome.
        ticket: u64,
        /// Under which name.
        name: String,
        /// The registry.
        profile: Box<Profile>,
    },
    /// Read what `az acr` printed of a registry.
    Import {
        /// Comes back with the outcome.
        ticket: u64,
        /// The file.
        path: PathBuf,
    },
    /// Ask hosts whether they can be reached; asks the network.
    Probe {
        /// Comes back with each answer and with the outcome.
        ticket: u64,
        /// The hosts.
        targets: Vec<Target>,
    },
    /// Read files of rules.
    ReadRules {
        /// Comes back with the outcome.
        ticket: u64,
        /// Which.
        from: RulesFrom,
    },
    /// Wait until one of some files is another than it was.
    WatchRules {
        /// Comes back with the outcome.
        ticket: u64,
        /// The files, and what they were.
        files: Vec<(PathBuf, Option<Stamp>)>,
    },
    /// Save a list of rule files.
    SaveRules {
        /// Comes back with the outcome.
        ticket: u64,
        /// Under which name.
        name: String,
        /// The list.
        list: RuleList,
    },
    /// What two weeks do to rules.
    Impact {
        /// Comes back with the outcome.
        ticket: u64,
        /// The rules.
        rules: Arc<Vec<rules::Loaded>>,
        /// Tags that lists of addresses stand for.
        stands_for: Vec<String>,
        /// Older and newer; `None` for the week on screen and the one before it.
        weeks: Option<[Request; 2]>,
        /// What opened the week on screen.
        within: Request,
    },
    /// End a task without its outcome.
    Stop(Job),
    /// Keep whether a tag is watched.
    Watch {
        /// The tag.
        name: String,
        /// Whether it is watched from now on.
        is_watched: bool,
    },
    /// Hand a text to the clipboard.
    Copy {
        /// Comes back with the outcome.
        ticket: u64,
        /// The text, cleaned.
        text: String,
        /// By which way.
        way: Clipboard,
    },
    /// Write a file, whole or not at all.
    Export {
        /// Comes back with the outcome.
        ticket: u64,
        /// Where.
        path: PathBuf,
        /// The file's content.
        bytes: Vec<u8>,
        /// Whether a file that exists is written over; else it is left as it is.
        is_over: bool,
    },
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
    pub stamp: Option<Stamp>,
    /// What is in it, and its text; or why it cannot be read.
    pub found: Result<(rules::Loaded, Option<String>), Safe>,
}

/// What two weeks do to rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImpactRun {
    /// Row by row.
    pub answer: impact::Answer,
    /// The older week.
    pub base: Dataset,
    /// The newer week.
    pub target: Dataset,
    /// What names both on a command line.
    pub words: [String; 2],
    /// What was stated of the rules and does not fit them.
    pub notes: Vec<Safe>,
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
    /// Files of rules whose path begins with this text.
    RuleFiles(String),
}

/// How a task ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The host's names and addresses.
    Resolved(Host),
    /// The data.
    Opened(Box<Dataset>),
    /// What could be named, in order.
    Suggested(Vec<String>),
    /// The weeks, newest first, and what was set aside.
    Listed(Vec<Publication>, Vec<Safe>),
    /// Two weeks.
    Compared(Box<[Dataset; 2]>),
    /// All weeks at hand, and what was set aside.
    WeekHistory(Box<WeekHistory>, Vec<Safe>),
    /// A saved registry.
    Loaded(Box<Loaded>),
    /// What a document says of a registry.
    Imported(Box<Imported>),
    /// Files of rules, and the list that named them.
    RulesRead(Vec<RulesRead>, Option<RuleList>),
    /// What two weeks do to rules.
    Impact(Box<ImpactRun>),
    /// What became of an update.
    Updated(Box<Updated>),
    /// It is done; a sentence about it.
    Finished(Safe),
    /// The file to write exists and is left as it is; a sentence about it.
    Exists(Safe),
    /// A sentence about what failed.
    Failed(Safe),
}
