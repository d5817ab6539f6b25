//! The keys of the reference.

use crate::tui::binding::{Binding, bind};
use crate::tui::place::Where;
use crate::tui::{Command, Place};

use Place::{Reference, ReferenceInput};

pub const BINDINGS: &[Binding] = &[
    bind(
        Command::Open,
        &["Enter"],
        Where::These(&[Reference]),
        "open the topic or the runbook, or fold it",
        Some(("open", Where::These(&[Reference]))),
    ),
    bind(
        Command::Filter,
        &["/"],
        Where::These(&[Reference]),
        "search: all words",
        Some(("search", Where::These(&[Reference]))),
    ),
    bind(
        Command::CopyCell,
        &["y"],
        Where::These(&[Reference]),
        "copy the topic, or the runbook as a script",
        Some(("copy", Where::These(&[Reference]))),
    ),
    bind(
        Command::CopyRows,
        &["Y"],
        Where::These(&[Reference]),
        "copy all that the search leaves",
        Some(("copy all", Where::These(&[Reference]))),
    ),
    bind(
        Command::Back,
        &["Esc", "K", "q"],
        Where::These(&[Reference]),
        "close the reference",
        Some(("close", Where::These(&[Reference]))),
    ),
    bind(
        Command::Open,
        &["Enter"],
        Where::These(&[ReferenceInput]),
        "keep the search and go to the topics",
        Some(("keep", Where::These(&[ReferenceInput]))),
    ),
    bind(
        Command::NextPane,
        &["Tab", "↓"],
        Where::These(&[ReferenceInput]),
        "to the topics",
        None,
    ),
    bind(
        Command::Back,
        &["Esc"],
        Where::These(&[ReferenceInput]),
        "clear the search, all topics again",
        Some(("clear", Where::These(&[ReferenceInput]))),
    ),
];
