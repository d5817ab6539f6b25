//! What lies over a view.

mod book;
mod export_dialog;
mod fit;
mod help;
mod palette;
mod prompt;
mod reading;
mod reference;

pub use export_dialog::{Export, ExportDialog, Source};
pub use fit::Fit;
pub use help::Help;
pub use palette::Palette;
pub use prompt::Prompt;
pub use reference::Reference;

use std::path::PathBuf;

use crate::tui::{Command, Place};

/// The overlay that has the keys.
#[derive(Debug)]
pub enum Overlay {
    /// What the keys do.
    Help(Help),
    /// Every command.
    Palette(Palette),
    /// The command line.
    Prompt(Prompt),
    /// Facts about registries, or runbooks.
    Reference(Reference),
    /// The covers of what is selected.
    Fit(Box<Fit>),
    /// What can be written.
    Export(Box<ExportDialog>),
}

/// What an overlay wants after a command or a click.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// To stay.
    Stay,
    /// To be closed.
    Close,
    /// To be closed, and a command to be run.
    Run(Command),
    /// To be closed, and the command line to be opened with this text.
    Type(String),
    /// To stay, and a sentence to be said.
    Say(String),
    /// To give way to what is written of the cover.
    Export,
    /// To be opened again on the watched tags, or on the selected one alone.
    Rescope,
    /// To stay until a file is written.
    Write {
        /// Where.
        path: PathBuf,
        /// The file's content.
        bytes: Vec<u8>,
        /// Whether a file that is there is written over.
        is_over: bool,
    },
    /// To be closed, and a typed line to be executed.
    Execute(String),
    /// To stay, and a text to be copied; `what` is it in a few words.
    Copy {
        /// The text.
        text: String,
        /// What it is, for the status line.
        what: String,
    },
}

impl Overlay {
    /// What has the keys.
    #[must_use]
    pub const fn place(&self) -> Place {
        match self {
            Self::Help(help) => help.place(),
            Self::Palette(_) => Place::Palette,
            Self::Prompt(_) => Place::CommandInput,
            Self::Reference(reference) => reference.place(),
            Self::Fit(_) => Place::Fit,
            Self::Export(dialog) => dialog.place(),
        }
    }
}
