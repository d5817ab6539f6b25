//! The keys that mean something in Traffic alone.

use crate::tui::binding::{Binding, bind};
use crate::tui::place::Where;
use crate::tui::{Command, Place};

use Place::{CountBy, TrafficAddresses, TrafficRows};

const TRAFFIC: Where = Where::These(&[CountBy, TrafficRows, TrafficAddresses]);
const COUNTS: Where = Where::These(&[TrafficRows, TrafficAddresses]);

/// Every binding of Traffic alone.
pub const BINDINGS: &[Binding] = &[
    bind(
        Command::Open,
        &["Enter"],
        Where::These(&[CountBy]),
        "to the counts",
        Some(("counts", Where::These(&[CountBy]))),
    ),
    bind(
        Command::Open,
        &["Enter"],
        Where::These(&[TrafficRows]),
        "go to the addresses",
        Some(("addresses", Where::These(&[TrafficRows]))),
    ),
    bind(
        Command::Open,
        &["Enter"],
        Where::These(&[TrafficAddresses]),
        "look the address up",
        Some(("look up", Where::These(&[TrafficAddresses]))),
    ),
    bind(
        Command::AddLogs,
        &["o"],
        TRAFFIC,
        "open logs: type their names; they are counted in place of those before",
        Some(("open logs", TRAFFIC)),
    ),
    bind(
        Command::CountByNext,
        &["b"],
        TRAFFIC,
        "count by the next: service, tag, region, rule",
        Some(("by", Where::These(&[TrafficRows]))),
    ),
    bind(
        Command::ChangedOnly,
        &["a"],
        TRAFFIC,
        "only affected: addresses whose tags the weeks of Diff change; all again",
        Some(("affected", COUNTS)),
    ),
    bind(
        Command::ShowChanges,
        &["c"],
        COUNTS,
        "show in Diff: what the weeks changed for it",
        Some(("changes", COUNTS)),
    ),
    bind(
        Command::Export,
        &["x"],
        TRAFFIC,
        "export: the counts as a table, or rules for what is selected",
        Some(("export", TRAFFIC)),
    ),
    bind(
        Command::DeniedOnly,
        &["d"],
        TRAFFIC,
        "only denied: what the log says was not let through; all again",
        Some(("denied", Where::These(&[TrafficRows]))),
    ),
    bind(
        Command::NowhereOnly,
        &["n"],
        TRAFFIC,
        "only in no tag: public addresses that no tag holds; all again",
        Some(("no tag", Where::These(&[TrafficRows]))),
    ),
    bind(
        Command::ShowTag,
        &["t"],
        COUNTS,
        "show in Tags: the tag, or those of the row",
        Some(("tag", Where::These(&[TrafficAddresses]))),
    ),
    bind(
        Command::ShowRules,
        &["r"],
        COUNTS,
        "show in Rules: the rules that hold it, or of this name",
        Some(("rules", Where::These(&[TrafficAddresses]))),
    ),
    bind(
        Command::Filter,
        &["/"],
        TRAFFIC,
        "filter the counts: words, !word, an address or a CIDR",
        Some(("filter", Where::These(&[CountBy]))),
    ),
    bind(
        Command::Sort,
        &["s"],
        TRAFFIC,
        "sort by hits, bytes, addresses, name",
        None,
    ),
    bind(
        Command::Fit,
        &["f"],
        TRAFFIC,
        "fit into few CIDRs: the tags of what is selected",
        None,
    ),
    bind(
        Command::CopyCell,
        &["y"],
        COUNTS,
        "copy the name, the address",
        None,
    ),
    bind(
        Command::CopyRows,
        &["Y"],
        COUNTS,
        "copy all addresses: of the row",
        None,
    ),
    bind(
        Command::Zoom,
        &["+", "e"],
        TRAFFIC,
        "zoom: this pane over the whole screen, and back",
        None,
    ),
];
