//! The keys that mean something in Diff alone.

use crate::tui::binding::{Binding, bind};
use crate::tui::place::Where;
use crate::tui::{Command, Place};

use Place::{ChangeRows, Changes, Weeks};

const DIFF: Where = Where::These(&[Weeks, Changes, ChangeRows]);

/// Every binding of Diff alone.
pub const BINDINGS: &[Binding] = &[
    bind(
        Command::Open,
        &["Enter"],
        Where::These(&[Weeks]),
        "compare: this week with the one before it, or with the base",
        Some(("compare", Where::These(&[Weeks]))),
    ),
    bind(
        Command::Open,
        &["Enter"],
        Where::These(&[Changes]),
        "fold or unfold the service; go to the tag's rows",
        Some(("open", Where::These(&[Changes]))),
    ),
    bind(
        Command::Open,
        &["Enter"],
        Where::These(&[ChangeRows]),
        "look the prefix up",
        Some(("look up", Where::These(&[ChangeRows]))),
    ),
    bind(
        Command::MarkBase,
        &["b"],
        Where::These(&[Weeks]),
        "keep as the base: this week; again lets it follow the target",
        Some(("base", Where::These(&[Weeks]))),
    ),
    bind(
        Command::Filter,
        &["/"],
        DIFF,
        "filter the changes: words, !word, a CIDR, feature:nsg, region: …",
        Some(("filter", Where::These(&[Changes]))),
    ),
    bind(
        Command::Export,
        &["x"],
        DIFF,
        "export: the changes as Markdown for a ticket, CSV, JSON or text",
        Some(("export", Where::These(&[Weeks, Changes]))),
    ),
    bind(
        Command::NextChange,
        &["n"],
        DIFF,
        "the next changed tag",
        Some(("next change", Where::These(&[ChangeRows]))),
    ),
    bind(
        Command::PreviousChange,
        &["N"],
        DIFF,
        "the changed tag before",
        None,
    ),
    bind(
        Command::OlderWeek,
        &["{"],
        DIFF,
        "the week before",
        Some(("older", Where::These(&[Changes]))),
    ),
    bind(
        Command::NewerWeek,
        &["}"],
        DIFF,
        "the week after",
        Some(("newer", Where::These(&[Changes]))),
    ),
    bind(
        Command::Noise,
        &["w"],
        DIFF,
        "show all rows: AzureCloud, duplicates and rows without effect too; hide them",
        Some(("all rows", Where::These(&[Changes, ChangeRows]))),
    ),
    bind(
        Command::ShowTag,
        &["t"],
        Where::These(&[Changes, ChangeRows]),
        "show the tag in Tags",
        Some(("tag", Where::These(&[ChangeRows]))),
    ),
    bind(
        Command::Sort,
        &["s"],
        Where::These(&[Changes]),
        "sort services: by addresses changed, and by name again",
        None,
    ),
    bind(
        Command::CopyCell,
        &["y"],
        DIFF,
        "copy the date, the name, the prefix",
        None,
    ),
    bind(
        Command::CopyRows,
        &["Y"],
        Where::These(&[Changes, ChangeRows]),
        "copy the tag's rows with + and -",
        Some(("copy rows", Where::These(&[ChangeRows]))),
    ),
    bind(
        Command::Mark,
        &["Space"],
        Where::These(&[Changes, ChangeRows]),
        "toggle watch: of the tag",
        None,
    ),
    bind(
        Command::AddressesOnly,
        &["A"],
        DIFF,
        "only changed addresses: tags whose addresses changed; all again",
        None,
    ),
    bind(
        Command::MyRules,
        &["a"],
        DIFF,
        "only tags of my rules: those that the open rules have to do with (◆); all again",
        Some(("my rules", Where::These(&[Changes]))),
    ),
    bind(
        Command::WatchedOnly,
        &["W"],
        DIFF,
        "only watched tags; all again",
        None,
    ),
];
