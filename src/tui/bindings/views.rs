//! The keys that open a view.

use crate::query::ViewTopic;
use crate::tui::binding::{Binding, bind};
use crate::tui::place::Where;
use crate::tui::{Command, Place};

use Place::{
    ChangeFilter, QueryInput, RegistryInput, Results, RuleFilter, RuleTest, TrafficFilter,
};

/// Every binding of the views' numbers.
pub const BINDINGS: &[Binding] = &[
    bind(
        Command::View(ViewTopic::Tags),
        &["1"],
        Where::Letters,
        "view Tags",
        Some(("tags", Where::These(&[Results]))),
    ),
    bind(
        Command::View(ViewTopic::Lookup),
        &["2"],
        Where::Letters,
        "view Lookup",
        None,
    ),
    bind(
        Command::View(ViewTopic::Endpoints),
        &["3"],
        Where::Letters,
        "view Endpoints: what one registry needs opened",
        None,
    ),
    bind(
        Command::View(ViewTopic::Rules),
        &["4"],
        Where::Letters,
        "view Rules: hold rules against a week",
        None,
    ),
    bind(
        Command::View(ViewTopic::Diff),
        &["5"],
        Where::Letters,
        "view Diff: what changed between two weeks",
        None,
    ),
    bind(
        Command::View(ViewTopic::Traffic),
        &["6"],
        Where::Letters,
        "view Traffic: what logs have to do with the tags",
        None,
    ),
    bind(
        Command::View(ViewTopic::Tags),
        &["Alt-1"],
        Where::Inputs,
        "view Tags",
        Some(("tags", Where::These(&[QueryInput, RegistryInput, RuleTest]))),
    ),
    bind(
        Command::View(ViewTopic::Lookup),
        &["Alt-2"],
        Where::InputsBut(&[QueryInput]),
        "view Lookup",
        None,
    ),
    bind(
        Command::View(ViewTopic::Endpoints),
        &["Alt-3"],
        Where::InputsBut(&[RegistryInput]),
        "view Endpoints",
        None,
    ),
    bind(
        Command::View(ViewTopic::Rules),
        &["Alt-4"],
        Where::InputsBut(&[RuleTest, RuleFilter]),
        "view Rules",
        None,
    ),
    bind(
        Command::View(ViewTopic::Diff),
        &["Alt-5"],
        Where::InputsBut(&[ChangeFilter]),
        "view Diff",
        None,
    ),
    bind(
        Command::View(ViewTopic::Traffic),
        &["Alt-6"],
        Where::InputsBut(&[TrafficFilter]),
        "view Traffic",
        None,
    ),
];
