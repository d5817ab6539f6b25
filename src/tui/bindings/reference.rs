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
        &["Esc"],
        Where::These(&[Reference]),
        "clear the search, then close",
        Some(("close", Where::These(&[Reference]))),
    ),
    bind(
        Command::Close,
        &["q", "K"],
        Where::These(&[Reference]),
        "close the reference",
        None,
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
        "leave the search; its words stay",
        Some(("leave", Where::These(&[ReferenceInput]))),
    ),
];
