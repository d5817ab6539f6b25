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
    /// What a publication does to each row, with the patch; exit 1 when a row is affected
    Impact(ImpactArgs),
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

/// `rules impact`.
#[derive(Debug, Clone, clap::Args)]
#[command(
    after_help = "Exit codes: 0 no row lacks addresses or has stale ones (a row with a service tag \
                  that changed is followed by Azure and counts as unaffected), 1 some row does."
)]
pub struct ImpactArgs {
    /// Files of rules, recognised by shape, - for standard input; then perhaps the older and the
    /// newer week: a date, latest, previous or the path of a published JSON
    #[arg(value_name = "FILE|WEEK", required = true)]
    pub args: Vec<PathBuf>,
    /// The older week; default the one before the newer
    #[arg(long, value_name = "WEEK")]
    pub base: Option<String>,
    /// The newer week; default the newest
    #[arg(long, value_name = "WEEK")]
    pub target: Option<String>,
    /// Compare this week with the newest, and say in which weeks each row's tags changed
    #[arg(long, value_name = "DATE", conflicts_with_all = ["base", "target"])]
    pub since: Option<String>,
    /// The tag that plain lists, IP groups and registry rules stand for, or one row's; else it is
    /// taken from `# tag: NAME` in a list or found by the addresses; once for each
    #[arg(long, value_name = "[ROW=]TAG")]
    pub stands_for: Vec<String>,
    /// Show rows to which nothing happens too
    #[arg(long)]
    pub all: bool,
    /// Print the changes alone: a new list for a single list, else a script
    #[arg(long, conflicts_with = "all")]
    pub patch: bool,
    /// The form of the answer
    #[command(flatten)]
    pub format: FormatArgs,
}
