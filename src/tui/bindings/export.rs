//! The keys of what is fitted and what is written.

use crate::tui::binding::{Binding, bind};
use crate::tui::place::Where;
use crate::tui::{Command, Place};

use Place::{Export, ExportFile, ExportOver, ExportText, Fit};

const DIALOG: Where = Where::These(&[Export, ExportText]);

// Said of the keys of the list, where letters find a target, and of those of the text.
const RULE_FORM: &str = "tags or host names where they can be used, prefixes alone, tags alone";
const RULE_DIRECTION: &str = "rules for what goes out, for what comes in, the target's default";
const FAMILIES: &str = "one family alone or both: IPv4, IPv6";
const WATCHED: &str = "the watched tags, or the selected one alone";
const AS_COMMAND: &str = "copy as a command: the line with the same answer";

/// Every binding of covers and files.
pub const BINDINGS: &[Binding] = &[
    bind(
        Command::Open,
        &["Enter"],
        Where::These(&[Fit]),
        "look the CIDR up; show the tag that has the extra addresses",
        Some(("follow", Where::These(&[Fit]))),
    ),
    bind(
        Command::Export,
        &["x"],
        Where::These(&[Fit]),
        "write the CIDRs for a target: Terraform, nftables, a list …",
        Some(("export", Where::These(&[Fit]))),
    ),
    bind(
        Command::NextPane,
        &["Tab"],
        Where::These(&[Fit]),
        "the CIDRs, whose the extra addresses are",
        Some(("pane", Where::These(&[Fit]))),
    ),
    bind(
        Command::MoreCidrs,
        &["+", "→"],
        Where::These(&[Fit]),
        "the next number of CIDRs with another price",
        Some(("more", Where::These(&[Fit]))),
    ),
    bind(
        Command::FewerCidrs,
        &["-", "←"],
        Where::These(&[Fit]),
        "the number of CIDRs before it",
        Some(("fewer", Where::These(&[Fit]))),
    ),
    bind(
        Command::PreviousPane,
        &["Shift-Tab"],
        Where::These(&[Fit]),
        "the pane before",
        None,
    ),
    bind(
        Command::Families,
        &["v"],
        Where::These(&[Fit]),
        "one family alone or both: IPv4, IPv6",
        Some(("families", Where::These(&[Fit]))),
    ),
    bind(
        Command::WatchedOnly,
        &["w"],
        Where::These(&[Fit]),
        "the watched tags, or the selected one alone",
        Some(("watched", Where::These(&[Fit]))),
    ),
    bind(
        Command::CopyCell,
        &["y"],
        Where::These(&[Fit]),
        "copy the CIDR, the tag",
        None,
    ),
    bind(
        Command::CopyRows,
        &["Y"],
        Where::These(&[Fit]),
        "copy all CIDRs",
        Some(("copy all", Where::These(&[Fit]))),
    ),
    bind(
        Command::Open,
        &["Enter"],
        DIALOG,
        "write it: type the name of a file",
        Some(("write", DIALOG)),
    ),
    bind(
        Command::NextPane,
        &["Tab"],
        Where::These(&[Export]),
        "to the text, where the options have plain letters",
        Some(("text", Where::These(&[Export]))),
    ),
    bind(
        Command::PreviousPane,
        &["Shift-Tab"],
        Where::These(&[Export]),
        "to the text",
        None,
    ),
    bind(
        Command::NextPane,
        &["Tab", "l", "→"],
        Where::These(&[ExportText]),
        "to the list",
        Some(("list", Where::These(&[ExportText]))),
    ),
    bind(
        Command::PreviousPane,
        &["Shift-Tab", "h", "←"],
        Where::These(&[ExportText]),
        "to the list",
        None,
    ),
    bind(
        Command::Filter,
        &["/"],
        DIALOG,
        "find a target: words of its name",
        Some(("find", Where::These(&[ExportText]))),
    ),
    bind(
        Command::RuleForm,
        &["Alt-t"],
        Where::These(&[Export]),
        RULE_FORM,
        Some(("format", Where::These(&[Export]))),
    ),
    bind(
        Command::RuleForm,
        &["t", "Alt-t"],
        Where::These(&[ExportText]),
        RULE_FORM,
        Some(("format", Where::These(&[ExportText]))),
    ),
    bind(
        Command::RuleDirection,
        &["Alt-d"],
        Where::These(&[Export]),
        RULE_DIRECTION,
        Some(("direction", Where::These(&[Export]))),
    ),
    bind(
        Command::RuleDirection,
        &["d", "Alt-d"],
        Where::These(&[ExportText]),
        RULE_DIRECTION,
        Some(("direction", Where::These(&[ExportText]))),
    ),
    bind(
        Command::Families,
        &["Alt-v"],
        Where::These(&[Export]),
        FAMILIES,
        Some(("families", Where::These(&[Export]))),
    ),
    bind(
        Command::Families,
        &["v", "Alt-v"],
        Where::These(&[ExportText]),
        FAMILIES,
        Some(("families", Where::These(&[ExportText]))),
    ),
    bind(
        Command::WatchedOnly,
        &["Alt-w"],
        Where::These(&[Export]),
        WATCHED,
        Some(("watched", Where::These(&[Export]))),
    ),
    bind(
        Command::WatchedOnly,
        &["w", "Alt-w"],
        Where::These(&[ExportText]),
        WATCHED,
        Some(("watched", Where::These(&[ExportText]))),
    ),
    bind(
        Command::CopyCell,
        &["Alt-y"],
        Where::These(&[Export]),
        "copy the text",
        Some(("copy", Where::These(&[Export]))),
    ),
    bind(
        Command::CopyCell,
        &["y", "Y", "Alt-y"],
        Where::These(&[ExportText]),
        "copy the text",
        Some(("copy", Where::These(&[ExportText]))),
    ),
    bind(
        Command::CopyCommand,
        &["Alt-c"],
        Where::These(&[Export]),
        AS_COMMAND,
        None,
    ),
    bind(
        Command::CopyCommand,
        &["C", "Alt-c"],
        Where::These(&[Fit, ExportText]),
        AS_COMMAND,
        Some(("as command", Where::These(&[Fit, ExportText]))),
    ),
    bind(
        Command::Zoom,
        &["+", "e"],
        Where::These(&[ExportText]),
        "the text over the whole screen, and back",
        None,
    ),
    bind(
        Command::Help,
        &["?"],
        Where::These(&[Fit, ExportText]),
        "what the keys do here",
        Some(("help", Where::These(&[Fit, ExportText]))),
    ),
    bind(
        Command::Back,
        &["Esc"],
        Where::These(&[Fit]),
        "clear the number, then close",
        Some(("close", Where::These(&[Fit]))),
    ),
    bind(
        Command::Back,
        &["Esc"],
        Where::These(&[Export]),
        "clear what was typed, then close, or back to the covers",
        Some(("close", Where::These(&[Export]))),
    ),
    bind(
        Command::Back,
        &["Esc"],
        Where::These(&[ExportText]),
        "to the list",
        None,
    ),
    bind(
        Command::Close,
        &["q"],
        Where::These(&[Fit, ExportText]),
        "close",
        Some(("close", Where::These(&[ExportText]))),
    ),
    bind(
        Command::Open,
        &["Enter"],
        Where::These(&[ExportFile]),
        "write the file; one that is there is asked about",
        Some(("write", Where::These(&[ExportFile]))),
    ),
    bind(
        Command::Back,
        &["Esc"],
        Where::These(&[ExportFile]),
        "back without writing",
        Some(("back", Where::These(&[ExportFile]))),
    ),
    bind(
        Command::WriteOver,
        &["y"],
        Where::These(&[ExportOver]),
        "write over the file that is there",
        Some(("write over it", Where::These(&[ExportOver]))),
    ),
    bind(
        Command::Back,
        &["Esc", "n", "q"],
        Where::These(&[ExportOver]),
        "keep the file, type another name",
        Some(("close", Where::These(&[ExportOver]))),
    ),
];
