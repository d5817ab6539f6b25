//! The keys that mean something in Diff alone.

use crate::tui::keymap::{Binding, bind};
use crate::tui::{Command, Place};

use Place::{ChangeRows, Changes, Weeks};

const DIFF: &[Place] = &[Weeks, Changes, ChangeRows];

/// Every binding of Diff alone.
pub const BINDINGS: &[Binding] = &[
    bind(
        Command::Open,
        &["Enter"],
        &[Weeks],
        "compare this week with the one before it, or with the base",
        Some(("compare", &[Weeks])),
    ),
    bind(
        Command::Open,
        &["Enter"],
        &[Changes],
        "fold or unfold the service; go to the tag's rows",
        Some(("open", &[Changes])),
    ),
    bind(
        Command::Open,
        &["Enter"],
        &[ChangeRows],
        "look the prefix up",
        Some(("look up", &[ChangeRows])),
    ),
    bind(
        Command::MarkBase,
        &["b"],
        &[Weeks],
        "keep this week as the base; again lets it follow the target",
        Some(("base", &[Weeks])),
    ),
    bind(
        Command::Filter,
        &["/"],
        DIFF,
        "filter the changes: words, !word, an address or a CIDR",
        Some(("filter", &[Changes])),
    ),
    bind(
        Command::NextChange,
        &["n"],
        DIFF,
        "the next changed tag",
        Some(("next change", &[Changes, ChangeRows])),
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
        Some(("older", &[Changes])),
    ),
    bind(
        Command::NewerWeek,
        &["}"],
        DIFF,
        "the week after",
        Some(("newer", &[Changes])),
    ),
    bind(
        Command::Noise,
        &["w"],
        DIFF,
        "show covered rows, echoes and AzureCloud too, or hide them",
        Some(("all rows", &[Changes, ChangeRows])),
    ),
    bind(
        Command::ShowTag,
        &["t"],
        &[Changes, ChangeRows],
        "show the tag in Tags",
        Some(("tag", &[ChangeRows])),
    ),
    bind(
        Command::Sort,
        &["s"],
        &[Changes],
        "services by addresses changed, and by name again",
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
        &[Changes, ChangeRows],
        "copy the tag's rows with + and -",
        Some(("copy rows", &[ChangeRows])),
    ),
    bind(
        Command::Mark,
        &["Space"],
        &[Changes, ChangeRows],
        "watch the tag, or no longer",
        None,
    ),
    bind(
        Command::AddressesOnly,
        &["A"],
        DIFF,
        "only tags whose addresses changed, and all again",
        None,
    ),
    bind(
        Command::MyRules,
        &["a"],
        DIFF,
        "only tags that the open rules have to do with (◆), and all again",
        Some(("my rules", &[Changes])),
    ),
    bind(
        Command::WatchedOnly,
        &["W"],
        DIFF,
        "only watched tags, and all again",
        None,
    ),
];
