//! The options of `rules` and what stands below it.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use jiff::civil::Date;

use crate::cli::args::{FitArgs, MakeArgs, PageArgs, TouchArgs, date, log_kind};
use crate::query::endpoints::Level;
use crate::query::rules::verdict::Trusted;
use crate::rules::{Direction, Protocol};
use crate::traffic::log::LogKind;

/// `rules` and what stands below it.
#[derive(Debug, Clone, clap::Args)]
pub struct RulesArgs {
    /// What stands below it.
    #[command(subcommand)]
    pub verb: RulesVerb,
    /// How files are read.
    #[command(flatten)]
    pub files: RuleFileArgs,
}

/// How files of rules are read.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct RuleFileArgs {
    /// Of a list that is a table the column of its entries, by its head or from 1
    #[arg(long, value_name = "NAME|N", global = true)]
    pub column: Option<String>,
    /// Values of a template's parameters, as az deployment group create takes them
    #[arg(long, value_name = "FILE", global = true)]
    pub parameters: Vec<PathBuf>,
}

/// Verbs below `rules`.
#[derive(Debug, Clone, Subcommand)]
pub enum RulesVerb {
    /// The normalised rows in evaluation order
    Show(ShowRulesArgs),
    /// Would this get through: the deciding row, and why
    Test(TestRulesArgs),
    /// What is wrong with the rows; exit 1 when something is listed
    Check(CheckRulesArgs),
    /// What a publication does to each row, with the patch; exit 1 when a row is affected
    Impact(ImpactArgs),
    /// The fewest extra addresses within N CIDRs, and whose they are; exit 1 above --max-extra
    Fit(FitArgs),
    /// Rules from tags, files or a registry's plan: az, ARM, Bicep, Terraform, lists, packet filters, proxies
    Make(Box<MakeArgs>),
}

/// `rules show`.
#[derive(Debug, Clone, clap::Args)]
pub struct ShowRulesArgs {
    /// Files of rules, recognised by shape; - for standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
}

/// `rules test`.
#[derive(Debug, Clone, clap::Args)]
#[command(
    after_help = "Exit codes: 0 all of it is allowed for sure, 1 it is denied, in part or perhaps: in JSON \
                  `verdict` is `depends` then, with `reasons`. With --against 1 is: a flow that got \
                  through is or may be denied."
)]
pub struct TestRulesArgs {
    /// Files of rules, all of which the traffic must pass; - for standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Where it comes from: an address, a CIDR, a range, a subnet's id or a tag; several are asked each
    #[arg(long, value_name = "SOURCE", value_delimiter = ',')]
    pub from: Vec<String>,
    /// Where it goes: an address, a CIDR, a range, a host name or a tag; several are asked each
    #[arg(long, value_name = "DESTINATION", value_delimiter = ',')]
    pub to: Vec<String>,
    /// The destination port; 443 by default
    #[arg(long, value_name = "N")]
    pub port: Option<u16>,
    /// The protocol: tcp (the default), udp, icmp, esp, ah or any
    #[arg(long, value_name = "PROTOCOL", value_parser = protocol)]
    pub protocol: Option<Protocol>,
    /// Which rules of a security group: in or out; found from the addresses by default
    #[arg(long, value_name = "WAY", value_parser = direction)]
    pub direction: Option<Direction>,
    /// It comes over a private endpoint of the registry
    #[arg(long, conflicts_with = "trusted_service")]
    pub private_endpoint: bool,
    /// It comes from a service that the registry may trust: container-instances, defender,
    /// machine-learning, import or tasks
    #[arg(long, value_name = "TRUSTED", value_parser = trusted)]
    pub trusted_service: Option<Trusted>,
    /// Asks about every different flow of a log: a flow log, a log of Azure Firewall, a table with the
    /// columns from, to, port and protocol; what records do not say the options above do
    #[arg(long, value_name = "FILE")]
    pub flows: Vec<PathBuf>,
    /// With --flows: rules of today; what those files newly deny and newly allow is listed
    #[arg(long, value_name = "FILE", requires = "flows")]
    pub against: Vec<PathBuf>,
    /// With --flows: what the log is, where it is not known by how it begins: flow, firewall, json, csv,
    /// tsv, access, iptables or conntrack
    #[arg(long, value_name = "LOG", value_parser = log_kind, requires = "flows")]
    pub input: Option<LogKind>,
    /// With --flows: how many of them are listed, 0 for all; 20 in text and Markdown, else all
    #[arg(short = 'n', long, value_name = "N", requires = "flows")]
    pub rows: Option<usize>,
}

/// `rules check`.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Exit codes: 0 nothing of the level or worse is found, 1 something is.")]
pub struct CheckRulesArgs {
    /// Files of rules, recognised by shape; - for standard input
    #[arg(value_name = "FILE", required_unless_present = "explain")]
    pub files: Vec<PathBuf>,
    /// List findings of this level or worse
    #[arg(long, value_enum, value_name = "LEVEL", default_value = "warning")]
    level: LevelName,
    /// What an id means, why it matters and where it is read; without an id all of them
    #[arg(long, value_name = "CHECK", num_args = 0..=1, default_missing_value = "", conflicts_with = "files")]
    pub explain: Option<String>,
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

/// `rules impact`.
#[derive(Debug, Clone, clap::Args)]
#[command(
    after_help = "Exit codes: 0 no row lacks addresses or has stale ones (a row with a service tag \
                  that changed is followed by Azure and counts as unaffected), 1 some row does. With \
                  --traffic 1 is: addresses of the log are among those that a row lacks or has too \
                  much."
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
    /// Compare the newest week with the one of this date, or the last before it, and say in which
    /// weeks each row's tags changed
    #[arg(long, value_name = "DATE", value_parser = date, conflicts_with_all = ["base", "target"])]
    pub since: Option<Date>,
    /// The tag that plain lists, IP groups and registry rules stand for, or one row's; else it is
    /// taken from `# tag: NAME` in a list or found by the addresses; once for each
    #[arg(long, value_name = "[ROW=]TAG")]
    pub stands_for: Vec<String>,
    /// How much room Markdown has.
    #[command(flatten)]
    pub page: PageArgs,
    /// Show rows to which nothing happens too
    #[arg(long, conflicts_with = "traffic")]
    pub all: bool,
    /// Print the changes alone: a new list for a single list, else a script
    #[arg(long, conflicts_with_all = ["all", "traffic"])]
    pub patch: bool,
    /// The logs that the changes are held against.
    #[command(flatten)]
    pub logs: TouchArgs,
}

/// Words of protocols.
pub const PROTOCOLS: [&str; 6] = ["tcp", "udp", "icmp", "esp", "ah", "any"];

/// Words of directions.
pub const WAYS: [&str; 2] = ["in", "out"];

pub(super) fn protocol(text: &str) -> Result<Protocol, String> {
    Protocol::parse(text).ok_or_else(|| format!("one of {}", PROTOCOLS.join(", ")))
}

pub(super) fn direction(text: &str) -> Result<Direction, String> {
    match text.to_ascii_lowercase().as_str() {
        "in" | "inbound" => Ok(Direction::In),
        "out" | "outbound" => Ok(Direction::Out),
        _ => Err(format!("one of {}", WAYS.join(", "))),
    }
}

fn trusted(text: &str) -> Result<Trusted, String> {
    Trusted::parse(text).ok_or_else(|| {
        format!(
            "trusted services are {}; another service, such as App Service or Azure DevOps, is asked by its address with --from",
            Trusted::ALL.map(Trusted::word).join(", ")
        )
    })
}
