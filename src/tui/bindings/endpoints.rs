//! The keys that mean something in Endpoints alone.

use crate::tui::keymap::{Binding, bind};
use crate::tui::{Command, Place};

use Place::{Advice, Plan, PlanDetail, Profile, RegionList, RegistryInput};

const ENDPOINTS: &[Place] = &[Profile, Plan, PlanDetail, Advice];

/// Every binding of Endpoints alone.
pub const BINDINGS: &[Binding] = &[
    bind(
        Command::Open,
        &["Enter"],
        &[RegistryInput],
        "plan this registry",
        Some(("plan it", &[RegistryInput])),
    ),
    bind(
        Command::Back,
        &["Esc"],
        &[RegistryInput],
        "leave the input; the registry stays what it was",
        Some(("leave", &[RegistryInput])),
    ),
    bind(
        Command::NextPane,
        &["Tab", "↓"],
        &[RegistryInput],
        "to the profile",
        Some(("to profile", &[RegistryInput])),
    ),
    bind(
        Command::Open,
        &["Enter"],
        &[Profile],
        "change it: type the registry, list the regions, the next cloud or tier",
        Some(("change", &[Profile])),
    ),
    bind(
        Command::Toggle,
        &["Space"],
        &[Profile],
        "switch it on or off; the next cloud or tier",
        Some(("on/off", &[Profile])),
    ),
    bind(
        Command::Open,
        &["Enter"],
        &[RegionList],
        "take the region or leave it out, and type the next; as home region: take it",
        Some(("take", &[RegionList])),
    ),
    bind(
        Command::Toggle,
        &["Space"],
        &[RegionList],
        "take the region, or leave it out; a letter of a name that is typed",
        Some(("on/off", &[RegionList])),
    ),
    bind(
        Command::MakeHome,
        &["H"],
        &[RegionList],
        "make it the home region",
        Some(("home", &[RegionList])),
    ),
    bind(
        Command::Back,
        &["Esc"],
        &[RegionList],
        "clear the filter, then close the list",
        Some(("close", &[RegionList])),
    ),
    bind(
        Command::NextPane,
        &["Tab"],
        &[RegionList],
        "close the list and go to the plan",
        Some(("plan", &[RegionList])),
    ),
    bind(
        Command::Open,
        &["Enter"],
        &[Plan],
        "go to the row's tags and prefixes",
        Some(("detail", &[Plan])),
    ),
    bind(
        Command::Open,
        &["Enter"],
        &[PlanDetail],
        "show the tag in Tags; look the prefix up",
        Some(("follow", &[PlanDetail])),
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
        "write the plan: a firewall ticket, a table, rules for Terraform …",
        Some(("write", &[Profile, Plan, Advice])),
    ),
    bind(
        Command::BeforeAfter,
        &["b"],
        ENDPOINTS,
        "what the selected switch, or all that is on, adds and removes; again: the plan",
        Some(("before/after", &[Profile, Plan])),
    ),
    bind(
        Command::Probe,
        &["p"],
        ENDPOINTS,
        "ask every host of the plan whether it can be reached (asks the network)",
        Some(("probe", &[Plan, PlanDetail])),
    ),
    bind(
        Command::Filter,
        &["/"],
        ENDPOINTS,
        "filter the plan: words, !word",
        Some(("filter", &[Plan])),
    ),
    bind(
        Command::ShowTag,
        &["t"],
        &[Plan, PlanDetail],
        "show the row's tag in Tags",
        Some(("tag", &[Plan])),
    ),
    bind(
        Command::Runbooks,
        &["r"],
        ENDPOINTS,
        "runbooks: sequences of commands, filled in for this registry",
        Some(("runbooks", &[Advice])),
    ),
    bind(
        Command::Save,
        &["W"],
        ENDPOINTS,
        "save the registry under a name",
        Some(("save", &[Profile])),
    ),
    bind(
        Command::Load,
        &["L"],
        ENDPOINTS,
        "open a saved registry",
        Some(("load", &[Profile])),
    ),
    bind(
        Command::CopyCell,
        &["y"],
        ENDPOINTS,
        "copy the login server, the host, the tag or prefix, the sentence",
        Some(("copy", &[PlanDetail])),
    ),
    bind(
        Command::CopyRows,
        &["Y"],
        ENDPOINTS,
        "copy all rows: host:port and why; in the detail all prefixes; all advice",
        Some(("copy rows", &[Plan])),
    ),
];
