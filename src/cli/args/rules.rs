//! The options of `rules` and what stands below it.

use std::path::PathBuf;

use clap::Subcommand;

use crate::cli::args::FormatArgs;

/// `rules` and what stands below it.
#[derive(Debug, Clone, clap::Args)]
pub struct RulesArgs {
    /// What stands below it.
    #[command(subcommand)]
    pub verb: RulesVerb,
}

/// Verbs below `rules`.
#[derive(Debug, Clone, Subcommand)]
pub enum RulesVerb {
    /// The normalised rows in evaluation order
    Show(ShowRulesArgs),
}

/// `rules show`.
#[derive(Debug, Clone, clap::Args)]
pub struct ShowRulesArgs {
    /// Files of rules, recognised by shape; - for standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// The form of the answer
    #[command(flatten)]
    pub format: FormatArgs,
}
