//! The keys that mean something in Endpoints alone.

use crate::tui::binding::{Binding, bind};
use crate::tui::place::Where;
use crate::tui::{Command, Place};

use Place::{Advice, Plan, PlanDetail, Profile, RegionList, RegistryInput};

const ENDPOINTS: Where = Where::These(&[Profile, Plan, PlanDetail, Advice]);

/// Every binding of Endpoints alone.
pub const BINDINGS: &[Binding] = &[
    bind(
        Command::Open,
        &["Enter"],
        Where::These(&[RegistryInput]),
        "plan this registry",
        Some(("plan it", Where::These(&[RegistryInput]))),
    ),
    bind(
        Command::Back,
        &["Esc"],
        Where::These(&[RegistryInput]),
        "leave the input; the registry stays what it was",
        Some(("leave", Where::These(&[RegistryInput]))),
    ),
    bind(
        Command::NextPane,
        &["Tab", "↓"],
        Where::These(&[RegistryInput]),
        "to the profile",
        Some(("to profile", Where::These(&[RegistryInput]))),
    ),
    bind(
        Command::Open,
        &["Enter"],
        Where::These(&[Profile]),
        "change it: type the registry, list the regions, the next cloud or tier",
        Some(("change", Where::These(&[Profile]))),
    ),
    bind(
        Command::Toggle,
        &["Space"],
        Where::These(&[Profile]),
        "switch it on or off; the next cloud or tier",
        Some(("on/off", Where::These(&[Profile]))),
    ),
    bind(
        Command::Open,
        &["Enter"],
        Where::These(&[RegionList]),
        "take the region or leave it out, and type the next; as home region: take it",
        Some(("take", Where::These(&[RegionList]))),
    ),
    bind(
        Command::Toggle,
        &["Space"],
        Where::These(&[RegionList]),
        "take the region, or leave it out; a blank of a name that is typed",
        Some(("on/off", Where::These(&[RegionList]))),
    ),
    bind(
        Command::MakeHome,
        &["H"],
        Where::These(&[RegionList]),
        "make it the home region",
        Some(("home", Where::These(&[RegionList]))),
    ),
    bind(
        Command::Back,
        &["Esc"],
        Where::These(&[RegionList]),
        "clear the filter, then close the list",
        Some(("close", Where::These(&[RegionList]))),
    ),
    bind(
        Command::NextPane,
        &["Tab"],
        Where::These(&[RegionList]),
        "close the list and go to the plan",
        Some(("plan", Where::These(&[RegionList]))),
    ),
    bind(
        Command::Open,
        &["Enter"],
        Where::These(&[Plan]),
        "go to the row's tags and prefixes",
        Some(("detail", Where::These(&[Plan]))),
    ),
    bind(
        Command::Open,
        &["Enter"],
        Where::These(&[PlanDetail]),
        "show the tag in Tags; look the prefix up",
        Some(("follow", Where::These(&[PlanDetail]))),
    ),
    bind(
        Command::NextPane,
        &["Tab", "l", "→"],
        ENDPOINTS,
        "next pane: profile, plan, detail, advice",
        Some(("pane", ENDPOINTS)),
    ),
    bind(
        Command::PreviousPane,
        &["Shift-Tab", "h", "←"],
        ENDPOINTS,
        "previous pane",
        None,
    ),
    bind(
        Command::Export,
        &["x"],
        ENDPOINTS,
        "export: a firewall ticket, a table, rules for Terraform …",
        Some(("export", Where::These(&[Profile, Plan, Advice]))),
    ),
    bind(
        Command::BeforeAfter,
        &["b"],
        ENDPOINTS,
        "before and after: what the selected switch, or all that is on, adds and removes",
        Some(("before/after", Where::These(&[Profile, Plan]))),
    ),
    bind(
        Command::Probe,
        &["p"],
        ENDPOINTS,
        "probe: ask every host of the plan whether it can be reached (asks the network)",
        Some(("probe", Where::These(&[Plan, PlanDetail]))),
    ),
    bind(
        Command::Undo,
        &["u"],
        ENDPOINTS,
        "undo: the last change of the registry",
        Some(("undo", Where::These(&[Profile]))),
    ),
    bind(
        Command::Filter,
        &["/"],
        ENDPOINTS,
        "filter the plan: words, !word",
        Some(("filter", Where::These(&[Plan]))),
    ),
    bind(
        Command::ShowTag,
        &["t"],
        Where::These(&[Plan, PlanDetail]),
        "show the row's tag in Tags",
        Some(("tag", Where::These(&[Plan]))),
    ),
    bind(
        Command::Runbooks,
        &["r"],
        ENDPOINTS,
        "runbooks: sequences of commands, filled in for this registry",
        Some(("runbooks", Where::These(&[Advice]))),
    ),
    bind(
        Command::Save,
        &["W"],
        ENDPOINTS,
        "save the registry under a name",
        Some(("save", Where::These(&[Profile]))),
    ),
    bind(
        Command::Load,
        &["L"],
        ENDPOINTS,
        "open a saved registry",
        Some(("load", Where::These(&[Profile]))),
    ),
    bind(
        Command::CopyCell,
        &["y"],
        ENDPOINTS,
        "copy the login server, the host, the tag or prefix, the sentence",
        Some(("copy", Where::These(&[PlanDetail]))),
    ),
    bind(
        Command::CopyRows,
        &["Y"],
        ENDPOINTS,
        "copy all rows: host:port and why; in the detail all prefixes; all advice",
        Some(("copy rows", Where::These(&[Plan]))),
    ),
];
