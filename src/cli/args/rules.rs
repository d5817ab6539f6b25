//! The options of `rules` and what stands below it.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};

use crate::cli::args::FormatArgs;
use crate::query::endpoints::Level;

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
    /// What is wrong with the rows; exit 1 when something is listed
    Check(CheckRulesArgs),
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

/// `rules check`.
#[derive(Debug, Clone, clap::Args)]
pub struct CheckRulesArgs {
    /// Files of rules, recognised by shape; - for standard input
    #[arg(value_name = "FILE", required_unless_present = "explain")]
    pub files: Vec<PathBuf>,
    /// List findings of this level or worse
    #[arg(long, value_enum, value_name = "LEVEL", default_value = "warning")]
    level: LevelName,
    /// What an id means, why it matters and where it is read; without an id all of them
    #[arg(long, value_name = "ID", num_args = 0..=1, default_missing_value = "", conflicts_with = "files")]
    pub explain: Option<String>,
    /// The form of the answer
    #[command(flatten)]
    pub format: FormatArgs,
}

impl CheckRulesArgs {
    /// The least level that is listed.
    #[must_use]
    pub const fn level(&self) -> Level {
        match self.level {
            LevelName::Error => Level::Error,
            LevelName::Warning => Level::Warning,
            LevelName::Info => Level::Info,
        }
    }
}

/// [`Level`] as clap lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LevelName {
    Error,
    Warning,
    Info,
}
