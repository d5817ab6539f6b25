//! The keys that mean something in Rules alone.

use crate::tui::binding::{Binding, bind};
use crate::tui::place::Where;
use crate::tui::{Command, Place};

use Place::{RuleDetail, RuleFiles, RuleNotes, RuleRows, RuleTest};

const RULES: Where = Where::These(&[RuleFiles, RuleRows, RuleDetail, RuleNotes]);

/// Every binding of Rules alone.
pub const BINDINGS: &[Binding] = &[
    bind(
        Command::Open,
        &["Enter"],
        Where::These(&[RuleFiles]),
        "go to the rules; without a file open one",
        Some(("rules", Where::These(&[RuleFiles]))),
    ),
    bind(
        Command::Open,
        &["Enter"],
        Where::These(&[RuleRows]),
        "go to the rule in full: tags, what the week does to it, findings",
        Some(("detail", Where::These(&[RuleRows]))),
    ),
    bind(
        Command::Open,
        &["Enter"],
        Where::These(&[RuleDetail]),
        "unfold the tag; look the prefix up",
        Some(("follow", Where::These(&[RuleDetail]))),
    ),
    bind(
        Command::Open,
        &["Enter"],
        Where::These(&[RuleNotes]),
        "go to the finding's rule; the verdict of the host in full",
        Some(("follow", Where::These(&[RuleNotes]))),
    ),
    bind(
        Command::Open,
        &["Enter"],
        Where::These(&[RuleTest]),
        "go to the verdict in full",
        Some(("verdict", Where::These(&[RuleTest]))),
    ),
    bind(
        Command::Back,
        &["Esc"],
        Where::These(&[RuleTest]),
        "leave the question; on a rule Esc forgets it",
        Some(("leave", Where::These(&[RuleTest]))),
    ),
    bind(
        Command::NextPane,
        &["Tab", "↓"],
        Where::These(&[RuleTest]),
        "to the verdict",
        None,
    ),
    bind(
        Command::AddRules,
        &["o"],
        RULES,
        "open files of rules",
        Some(("open file", Where::These(&[RuleFiles]))),
    ),
    bind(
        Command::DropRules,
        &["d", "Del"],
        Where::These(&[RuleFiles]),
        "close the file; it stays on disk",
        Some(("close", Where::These(&[RuleFiles]))),
    ),
    bind(
        Command::TestRules,
        &["i"],
        RULES,
        "type a question: would this get through?",
        Some(("test", Where::These(&[RuleFiles, RuleRows, RuleDetail]))),
    ),
    bind(
        Command::Filter,
        &["/"],
        RULES,
        "filter the rules: words, !word, an address or a CIDR",
        Some(("filter", Where::These(&[RuleRows]))),
    ),
    bind(
        Command::NextChange,
        &["n"],
        RULES,
        "the next rule that the week affects",
        Some(("next affected", Where::These(&[RuleRows]))),
    ),
    bind(
        Command::PreviousChange,
        &["N"],
        RULES,
        "the affected rule before",
        None,
    ),
    bind(
        Command::AffectedOnly,
        &["a"],
        RULES,
        "only affected rules; all again",
        Some(("only affected", Where::These(&[RuleRows]))),
    ),
    bind(
        Command::Patch,
        &["p"],
        RULES,
        "the patch: what to change, as commands or as lines of a list",
        Some(("patch", Where::These(&[RuleRows, RuleDetail, RuleNotes]))),
    ),
    bind(
        Command::TestPlan,
        &["P"],
        Where::These(&[
            RuleFiles,
            RuleRows,
            RuleDetail,
            RuleNotes,
            Place::Profile,
            Place::Plan,
            Place::PlanDetail,
            Place::Advice,
        ]),
        "test the plan: which hosts of the registry the rules would stop",
        Some(("plan hosts", Where::These(&[RuleNotes]))),
    ),
    bind(
        Command::ShowTag,
        &["t"],
        Where::These(&[RuleRows, RuleDetail]),
        "show the tag in Tags",
        Some(("tag", Where::These(&[RuleDetail]))),
    ),
    bind(
        Command::Save,
        &["W"],
        RULES,
        "save the list of open files under a name",
        Some(("save", Where::These(&[RuleFiles]))),
    ),
    bind(
        Command::Load,
        &["L"],
        RULES,
        "open a saved list of files in place of these",
        Some(("load", Where::These(&[RuleFiles]))),
    ),
    bind(
        Command::NextPane,
        &["Tab", "l", "→"],
        RULES,
        "next pane: files, rules, detail, findings",
        Some(("pane", Where::These(&[RuleFiles, RuleDetail, RuleNotes]))),
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
        "copy the path, the rule's name, the tag or prefix, the finding",
        Some(("copy", Where::These(&[RuleDetail, RuleNotes]))),
    ),
    bind(
        Command::CopyRows,
        &["Y"],
        RULES,
        "copy all rules; in the detail all of it; all findings",
        None,
    ),
    bind(
        Command::Export,
        &["x"],
        RULES,
        "export: the week's effect, the patch, or the rule for another target",
        Some(("export", Where::These(&[RuleRows, RuleNotes]))),
    ),
];
