//! Every key, where it works and what it does: the one table behind keys, footer, help and palette.

mod diff;
mod endpoints;
mod export;
mod reference;
mod rules;
mod views;

use crate::tui::keymap::{Binding, bind};
use crate::tui::{Command, Place};

use Place::{
    Advice, ChangeFilter, ChangeRows, Changes, CommandInput, Detail, Export, ExportFile,
    ExportFilter, FilterInput, Fit, Help, HelpInput, Map, Palette, Plan, PlanDetail, PlanFilter,
    Profile, QueryInput, Reference, ReferenceInput, RegionList, Regions, RegistryInput, Results,
    RuleDetail, RuleFiles, RuleFilter, RuleNotes, RuleRows, RuleTest, Table, Weeks,
};

/// Lists whose rows the letters move.
const LISTS: &[Place] = &[
    Regions, Table, Detail, Results, Profile, Plan, PlanDetail, Advice, RuleFiles, RuleRows,
    RuleDetail, RuleNotes, Weeks, Changes, ChangeRows, Help, Reference, Fit, Export,
];
/// Lists under an input.
const LISTED: &[Place] = &[RegionList, CommandInput, Palette];
/// Everything in the views but the inputs.
const PANES: &[Place] = &[
    Regions, Map, Table, Detail, Results, Profile, Plan, PlanDetail, Advice, RuleFiles, RuleRows,
    RuleDetail, RuleNotes, Weeks, Changes, ChangeRows,
];
/// Panes that stand side by side; those of Endpoints have keys of their own for it.
const SIDES: &[Place] = &[Regions, Table, Detail, Results, Weeks, Changes, ChangeRows];
/// What is written as it is on screen, and not as rules.
const EXPORTED: &[Place] = &[Results, Weeks, Changes, ChangeRows];
/// Inputs of the views.
const INPUTS: &[Place] = &[
    QueryInput,
    RegistryInput,
    FilterInput,
    PlanFilter,
    RuleTest,
    RuleFilter,
    ChangeFilter,
];
/// Inputs of filters.
const FILTERS: &[Place] = &[FilterInput, PlanFilter, RuleFilter, ChangeFilter];
const TAGS: &[Place] = &[Regions, Table, Detail];
/// Everything in the views.
const OPEN: &[Place] = &[
    Regions,
    Map,
    Table,
    Detail,
    Results,
    Profile,
    Plan,
    PlanDetail,
    Advice,
    RuleFiles,
    RuleRows,
    RuleDetail,
    RuleNotes,
    Weeks,
    Changes,
    ChangeRows,
    FilterInput,
    QueryInput,
    RegistryInput,
    PlanFilter,
    RuleTest,
    RuleFilter,
    ChangeFilter,
];

/// Every binding; the footer keeps this order and drops its end where there is no room.
pub fn bindings() -> impl Iterator<Item = &'static Binding> {
    let own = diff::BINDINGS.iter().chain(endpoints::BINDINGS);
    let own = own.chain(rules::BINDINGS).chain(export::BINDINGS);
    let overlay = reference::BINDINGS.iter();
    own.chain(BINDINGS).chain(views::BINDINGS).chain(overlay)
}

const BINDINGS: &[Binding] = &[
    bind(
        Command::Open,
        &["Enter"],
        &[Regions, Map],
        "go to the region's tags",
        Some(("tags", &[Regions, Map])),
    ),
    bind(
        Command::Open,
        &["Enter"],
        &[Table],
        "go to the tag's prefixes",
        Some(("prefixes", &[Table])),
    ),
    bind(
        Command::Open,
        &["Enter"],
        &[Detail],
        "look the prefix up",
        Some(("look up", &[Detail])),
    ),
    bind(
        Command::Open,
        &["Enter"],
        &[Results],
        "go to the tag",
        Some(("go to tag", &[Results])),
    ),
    bind(
        Command::Open,
        &["Enter"],
        FILTERS,
        "keep the filter and go to the list",
        Some(("keep", FILTERS)),
    ),
    bind(
        Command::Open,
        &["Enter"],
        &[QueryInput],
        "resolve a host name (asks the network); else go to the answer",
        Some(("answer", &[QueryInput])),
    ),
    bind(
        Command::Open,
        &["Enter"],
        &[CommandInput],
        "run the command",
        Some(("run", &[CommandInput])),
    ),
    bind(
        Command::Open,
        &["Enter"],
        &[Palette],
        "run the selected command",
        Some(("run", &[Palette])),
    ),
    bind(
        Command::Open,
        &["Enter"],
        &[HelpInput],
        "keep the search",
        Some(("keep", &[HelpInput])),
    ),
    bind(
        Command::Filter,
        &["/"],
        TAGS,
        "filter the tags: words, !word, an address or a CIDR",
        Some(("filter", &[Regions, Table])),
    ),
    bind(
        Command::Query,
        &["/", "i"],
        &[Results],
        "type a query",
        Some(("query", &[Results])),
    ),
    bind(
        Command::Filter,
        &["/"],
        &[Help],
        "search the help",
        Some(("search", &[Help])),
    ),
    bind(
        Command::CommandLine,
        &[":"],
        PANES,
        "type a command: :tag, :ip, :region, :week, :cloud, :file …",
        Some(("go", PANES)),
    ),
    bind(
        Command::Mark,
        &["Space"],
        &[Table],
        "watch the tag, or no longer, and one row down",
        Some(("watch", &[Table])),
    ),
    bind(
        Command::Fit,
        &["f"],
        &[
            Regions, Map, Table, Detail, RuleFiles, RuleRows, RuleDetail, RuleNotes,
        ],
        "fit the tags, the rule or the list into few CIDRs",
        Some(("fit", &[Table, RuleFiles, RuleRows])),
    ),
    bind(
        Command::Export,
        &["x"],
        &[Regions, Map, Table, Detail],
        "write the view as a table, or the tags as rules: Terraform …",
        Some(("write", &[Table])),
    ),
    bind(
        Command::Back,
        &["Esc"],
        FILTERS,
        "clear the filter",
        Some(("clear", FILTERS)),
    ),
    bind(
        Command::Back,
        &["Esc"],
        &[QueryInput],
        "leave the input",
        Some(("leave", &[QueryInput])),
    ),
    bind(
        Command::Back,
        &["Esc"],
        PANES,
        "one level up: pane, zoom, filter, region",
        Some((
            "back",
            &[
                Map, Detail, PlanDetail, Advice, RuleDetail, RuleNotes, Weeks, ChangeRows,
            ],
        )),
    ),
    bind(
        Command::Back,
        &["Esc", "?", "q"],
        &[Help],
        "close help",
        Some(("close", &[Help])),
    ),
    bind(
        Command::Back,
        &["Esc"],
        &[HelpInput],
        "clear the search",
        Some(("clear", &[HelpInput])),
    ),
    bind(
        Command::Back,
        &["Esc"],
        &[CommandInput, Palette],
        "close",
        Some(("close", &[CommandInput, Palette])),
    ),
    bind(
        Command::Sort,
        &["s"],
        TAGS,
        "sort by the next column",
        Some(("sort", &[Table])),
    ),
    bind(
        Command::Reverse,
        &["S"],
        TAGS,
        "turn the order around",
        None,
    ),
    bind(
        Command::Map,
        &["m"],
        &[Regions, Table, Detail],
        "show the world map",
        Some(("map", &[Regions, Table])),
    ),
    bind(
        Command::Map,
        &["m"],
        &[Map],
        "back from the map to the table",
        Some(("table", &[Map])),
    ),
    bind(
        Command::CopyCell,
        &["y"],
        &[Regions, Map],
        "copy the region's name",
        Some(("copy", &[Regions, Map])),
    ),
    bind(
        Command::CopyCell,
        &["y"],
        &[Table],
        "copy the tag's name; on a watched one all watched names",
        Some(("copy", &[Table])),
    ),
    bind(
        Command::CopyCell,
        &["y"],
        &[Detail],
        "copy the prefix",
        Some(("copy", &[Detail])),
    ),
    bind(
        Command::CopyCell,
        &["y"],
        &[Results],
        "copy the tag's name",
        Some(("copy tag", &[Results])),
    ),
    bind(
        Command::CopyRows,
        &["Y"],
        &[Table, Detail],
        "copy all prefixes of the tag; on a watched one of all watched",
        Some(("copy all", &[Detail])),
    ),
    bind(
        Command::CopyRows,
        &["Y"],
        &[Results],
        "copy the row: prefix, tag, region, service, number",
        Some(("copy row", &[Results])),
    ),
    bind(
        Command::CopyCommand,
        &["C"],
        PANES,
        "copy the command line with the same answer",
        Some(("as command", &[Detail, Results, PlanDetail])),
    ),
    bind(
        Command::Zoom,
        &["+", "e"],
        &[
            Regions, Table, Detail, Profile, Plan, PlanDetail, Advice, RuleFiles, RuleRows,
            RuleDetail, RuleNotes, Weeks, Changes, ChangeRows,
        ],
        "this pane over the whole screen, and back",
        Some(("zoom", &[Detail])),
    ),
    bind(
        Command::Zoom,
        &["+", "e"],
        &[Map],
        "the map over the whole screen, and back",
        Some(("zoom", &[Map])),
    ),
    bind(
        Command::Export,
        &["x"],
        EXPORTED,
        "write the answer to a file: CSV, JSON, Markdown or text",
        Some(("export", &[Changes])),
    ),
    bind(
        Command::Update,
        &["R"],
        PANES,
        "fetch the newest publication (asks the network)",
        Some(("fetch", &[Weeks])),
    ),
    bind(
        Command::LastPlace,
        &["-"],
        PANES,
        "to where the last jump began; again comes back",
        Some(("last place", &[Results])),
    ),
    bind(
        Command::OlderQuery,
        &["↑"],
        &[QueryInput],
        "the query before",
        Some(("history", &[QueryInput])),
    ),
    bind(
        Command::NewerQuery,
        &["↓"],
        &[QueryInput],
        "the query after; from the newest to the answer",
        None,
    ),
    bind(
        Command::NextPane,
        &["Tab"],
        &[QueryInput],
        "to the answer",
        Some(("to answer", &[QueryInput])),
    ),
    bind(
        Command::NextPane,
        &["Tab", "↓"],
        FILTERS,
        "to the list",
        Some(("list", FILTERS)),
    ),
    bind(
        Command::PreviousPane,
        &["Shift-Tab"],
        &[
            QueryInput,
            RegistryInput,
            FilterInput,
            PlanFilter,
            RuleTest,
            RuleFilter,
            ChangeFilter,
        ],
        "to the pane before",
        None,
    ),
    bind(
        Command::NextPane,
        &["Tab", "l", "→"],
        SIDES,
        "next pane",
        Some(("pane", &[Regions, Weeks])),
    ),
    bind(
        Command::PreviousPane,
        &["Shift-Tab", "h", "←"],
        SIDES,
        "previous pane",
        None,
    ),
    bind(
        Command::NextPane,
        &["Tab"],
        &[Map],
        "next pane",
        Some(("pane", &[Map])),
    ),
    bind(
        Command::PreviousPane,
        &["Shift-Tab"],
        &[Map],
        "previous pane",
        None,
    ),
    bind(
        Command::Complete,
        &["Tab", "→"],
        &[CommandInput],
        "take over the selected completion",
        Some(("complete", &[CommandInput])),
    ),
    bind(Command::Up, &["↑", "k"], LISTS, "one row up", None),
    bind(
        Command::Down,
        &["↓", "j"],
        LISTS,
        "one row down",
        Some(("move", &[Help])),
    ),
    bind(Command::Up, &["↑", "Ctrl-p"], LISTED, "one row up", None),
    bind(
        Command::Down,
        &["↓", "Ctrl-n"],
        LISTED,
        "one row down",
        Some(("choose", LISTED)),
    ),
    bind(
        Command::Up,
        &["↑", "k"],
        &[Map],
        "to the next region in the north",
        None,
    ),
    bind(
        Command::Down,
        &["↓", "j"],
        &[Map],
        "to the next region in the south",
        Some(("regions", &[Map])),
    ),
    bind(
        Command::Left,
        &["←", "h"],
        &[Map],
        "to the next region in the west",
        None,
    ),
    bind(
        Command::Right,
        &["→", "l"],
        &[Map],
        "to the next region in the east",
        None,
    ),
    bind(
        Command::PageUp,
        &["PgUp", "Ctrl-b"],
        LISTS,
        "a page up",
        None,
    ),
    bind(
        Command::PageDown,
        &["PgDn", "Ctrl-f"],
        LISTS,
        "a page down",
        None,
    ),
    bind(
        Command::HalfPageUp,
        &["Ctrl-u"],
        LISTS,
        "half a page up",
        None,
    ),
    bind(
        Command::HalfPageDown,
        &["Ctrl-d"],
        LISTS,
        "half a page down",
        None,
    ),
    bind(Command::First, &["g", "Home"], LISTS, "the first row", None),
    bind(Command::Last, &["G", "End"], LISTS, "the last row", None),
    bind(Command::PageUp, &["PgUp"], LISTED, "a page up", None),
    bind(Command::PageDown, &["PgDn"], LISTED, "a page down", None),
    bind(Command::NextView, &["]"], PANES, "next view", None),
    bind(Command::PreviousView, &["["], PANES, "previous view", None),
    bind(
        Command::Palette,
        &["Ctrl-p"],
        OPEN,
        "every command, by typing a part of its name",
        None,
    ),
    bind(
        Command::Help,
        &["?"],
        PANES,
        "what the keys do here",
        Some(("help", PANES)),
    ),
    bind(
        Command::Reference,
        &["K"],
        PANES,
        "facts about registries: tiers, limits, names, sign-in, networks",
        None,
    ),
    bind(
        Command::Suspend,
        &["Ctrl-z"],
        Place::ALL.as_slice(),
        "to the shell; fg comes back",
        None,
    ),
    bind(Command::Quit, &["q"], PANES, "quit", Some(("quit", PANES))),
    bind(
        Command::Quit,
        &["Ctrl-c"],
        Place::ALL.as_slice(),
        "quit",
        Some((
            "quit",
            &[
                QueryInput,
                RegistryInput,
                FilterInput,
                PlanFilter,
                RuleTest,
                RuleFilter,
                ChangeFilter,
                HelpInput,
                ReferenceInput,
                ExportFilter,
                ExportFile,
            ],
        )),
    ),
];
