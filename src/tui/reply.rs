//! What a screen or a layer answers the program with after a key, a click or news.

use std::path::PathBuf;

use crate::azure::registry::Profile;
use crate::query::rules::make::Target;
use crate::source::Request;
use crate::space::Span;
use crate::text::Safe;
use crate::tui::component::Layer;
use crate::tui::ex_command::ExCommand;
use crate::tui::session::Touched;
use crate::tui::{Command, Written};

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
