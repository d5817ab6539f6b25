//! The keys that mean something in Rules alone.

use crate::tui::keymap::{Binding, bind};
use crate::tui::{Command, Place};

use Place::{RuleDetail, RuleFiles, RuleNotes, RuleRows, RuleTest};

const RULES: &[Place] = &[RuleFiles, RuleRows, RuleDetail, RuleNotes];

/// Every binding of Rules alone.
pub const BINDINGS: &[Binding] = &[
    bind(
        Command::Open,
        &["Enter"],
        &[RuleFiles],
        "go to the rows; without a file open one",
        Some(("rows", &[RuleFiles])),
    ),
    bind(
        Command::Open,
        &["Enter"],
        &[RuleRows],
        "go to the row in full: tags, what the week does to it, findings",
        Some(("detail", &[RuleRows])),
    ),
    bind(
        Command::Open,
        &["Enter"],
        &[RuleDetail],
        "unfold the tag; look the prefix up",
        Some(("follow", &[RuleDetail])),
    ),
    bind(
        Command::Open,
        &["Enter"],
        &[RuleNotes],
        "go to the finding's row; the verdict of the host in full",
        Some(("follow", &[RuleNotes])),
    ),
    bind(
        Command::Open,
        &["Enter"],
        &[RuleTest],
        "go to the verdict in full",
        Some(("verdict", &[RuleTest])),
    ),
    bind(
        Command::Back,
        &["Esc"],
        &[RuleTest],
        "leave the question; on a row Esc forgets it",
        Some(("leave", &[RuleTest])),
    ),
    bind(
        Command::NextPane,
        &["Tab", "↓"],
        &[RuleTest],
        "to the verdict",
        None,
    ),
    bind(
        Command::AddRules,
        &["o"],
        RULES,
        "open files of rules",
        Some(("open file", &[RuleFiles])),
    ),
    bind(
        Command::DropRules,
        &["d", "Del"],
        &[RuleFiles],
        "close the file; it stays on disk",
        Some(("close", &[RuleFiles])),
    ),
    bind(
        Command::TestRules,
        &["i"],
        RULES,
        "type a question: would this get through?",
        Some(("test", &[RuleFiles, RuleRows, RuleDetail])),
    ),
    bind(
        Command::Filter,
        &["/"],
        RULES,
        "filter the rows: words, !word, an address or a CIDR",
        Some(("filter", &[RuleRows])),
    ),
    bind(
        Command::NextChange,
        &["n"],
        RULES,
        "the next row to which the week does something",
        Some(("next hit", &[RuleRows])),
    ),
    bind(
        Command::PreviousChange,
        &["N"],
        RULES,
        "the row before to which the week does something",
        None,
    ),
    bind(
        Command::AffectedOnly,
        &["a"],
        RULES,
        "only rows to which the week does something, and all again",
        Some(("hits only", &[RuleRows])),
    ),
    bind(
        Command::Patch,
        &["p"],
        RULES,
        "the patch: what to change, as commands or as lines of a list",
        Some(("patch", &[RuleRows, RuleDetail, RuleNotes])),
    ),
    bind(
        Command::TestPlan,
        &["P"],
        &[
            RuleFiles,
            RuleRows,
            RuleDetail,
            RuleNotes,
            Place::Profile,
            Place::Plan,
            Place::PlanDetail,
            Place::Advice,
        ],
        "which hosts of the registry's plan would the rules stop",
        Some(("plan hosts", &[RuleNotes])),
    ),
    bind(
        Command::ShowTag,
        &["t"],
        &[RuleRows, RuleDetail],
        "show the tag in Tags",
        Some(("tag", &[RuleDetail])),
    ),
    bind(
        Command::Save,
        &["W"],
        RULES,
        "save the list of open files under a name",
        Some(("save", &[RuleFiles])),
    ),
    bind(
        Command::Load,
        &["L"],
        RULES,
        "open a saved list of files in place of these",
        Some(("load", &[RuleFiles])),
    ),
    bind(
        Command::NextPane,
        &["Tab", "l", "→"],
        RULES,
        "next pane: files, rows, detail, findings",
        Some(("pane", &[RuleFiles, RuleDetail, RuleNotes])),
    ),
    bind(
        Command::PreviousPane,
        &["Shift-Tab", "h", "←"],
        RULES,
        "previous pane",
        None,
    ),
    bind(
        Command::CopyCell,
        &["y"],
        RULES,
        "copy the path, the row's name, the tag or prefix, the finding",
        Some(("copy", &[RuleDetail, RuleNotes])),
    ),
    bind(
        Command::CopyRows,
        &["Y"],
        RULES,
        "copy all rows; in the detail all of it; all findings",
        None,
    ),
    bind(
        Command::Export,
        &["x"],
        RULES,
        "write the week's effect, the patch, or the rule for another target",
        Some(("write", &[RuleRows, RuleNotes])),
    ),
];
