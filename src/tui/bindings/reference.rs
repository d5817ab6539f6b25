//! The keys of the reference.

use crate::tui::keymap::{Binding, bind};
use crate::tui::{Command, Place};

use Place::{Reference, ReferenceInput};

pub const BINDINGS: &[Binding] = &[
    bind(
        Command::Open,
        &["Enter"],
        &[Reference],
        "open the topic or the runbook, or fold it",
        Some(("open", &[Reference])),
    ),
    bind(
        Command::Filter,
        &["/"],
        &[Reference],
        "search: all words",
        Some(("search", &[Reference])),
    ),
    bind(
        Command::CopyCell,
        &["y"],
        &[Reference],
        "copy the topic, or the runbook as a script",
        Some(("copy", &[Reference])),
    ),
    bind(
        Command::CopyRows,
        &["Y"],
        &[Reference],
        "copy all that the search leaves",
        Some(("copy all", &[Reference])),
    ),
    bind(
        Command::Back,
        &["Esc", "K", "q"],
        &[Reference],
        "close the reference",
        Some(("close", &[Reference])),
    ),
    bind(
        Command::Open,
        &["Enter"],
        &[ReferenceInput],
        "keep the search and go to the topics",
        Some(("keep", &[ReferenceInput])),
    ),
    bind(
        Command::NextPane,
        &["Tab", "↓"],
        &[ReferenceInput],
        "to the topics",
        None,
    ),
    bind(
        Command::Back,
        &["Esc"],
        &[ReferenceInput],
        "clear the search, all topics again",
        Some(("clear", &[ReferenceInput])),
    ),
];
