//! The keys that open a view.

use crate::query::Topic;
use crate::tui::bindings::{INPUTS, PANES};
use crate::tui::keymap::{Binding, bind};
use crate::tui::{Command, Place};

use Place::{
    ChangeFilter, FilterInput, PlanFilter, QueryInput, RegistryInput, Results, RuleFilter, RuleTest,
};

/// Every binding of the views' numbers.
pub const BINDINGS: &[Binding] = &[
    bind(
        Command::View(Topic::Tags),
        &["1"],
        PANES,
        "view Tags",
        Some(("tags", &[Results])),
    ),
    bind(
        Command::View(Topic::Lookup),
        &["2"],
        PANES,
        "view Lookup",
        None,
    ),
    bind(
        Command::View(Topic::Endpoints),
        &["3"],
        PANES,
        "view Endpoints: what one registry needs opened",
        None,
    ),
    bind(
        Command::View(Topic::Rules),
        &["4"],
        PANES,
        "view Rules: hold rules against a week",
        None,
    ),
    bind(
        Command::View(Topic::Diff),
        &["5"],
        PANES,
        "view Diff: what changed between two weeks",
        None,
    ),
    bind(
        Command::View(Topic::Tags),
        &["Alt-1"],
        INPUTS,
        "view Tags",
        Some(("tags", &[QueryInput, RegistryInput, RuleTest])),
    ),
    bind(
        Command::View(Topic::Lookup),
        &["Alt-2"],
        &[
            RegistryInput,
            FilterInput,
            PlanFilter,
            RuleTest,
            RuleFilter,
            ChangeFilter,
        ],
        "view Lookup",
        None,
    ),
    bind(
        Command::View(Topic::Endpoints),
        &["Alt-3"],
        &[
            QueryInput,
            FilterInput,
            PlanFilter,
            RuleTest,
            RuleFilter,
            ChangeFilter,
        ],
        "view Endpoints",
        None,
    ),
    bind(
        Command::View(Topic::Rules),
        &["Alt-4"],
        &[
            QueryInput,
            RegistryInput,
            FilterInput,
            PlanFilter,
            ChangeFilter,
        ],
        "view Rules",
        None,
    ),
    bind(
        Command::View(Topic::Diff),
        &["Alt-5"],
        &[
            QueryInput,
            RegistryInput,
            FilterInput,
            PlanFilter,
            RuleTest,
            RuleFilter,
        ],
        "view Diff",
        None,
    ),
];
