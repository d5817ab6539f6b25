//! The options of `rules fit`.

use std::path::PathBuf;

use crate::cli::args::rules::direction;
use crate::query::rules::fit::Percent;
use crate::rules::Direction;

/// `rules fit`.
#[derive(Debug, Clone, clap::Args)]
#[command(
    after_help = "With both families the limit is divided so that neither is given up for the other, IPv4 first, and \
                  more CIDRs make neither worse. Exit codes: 0 done, 1 more extra addresses than --max-extra, \
                  or nothing to fit."
)]
pub struct FitArgs {
    /// Tags, in any spelling of their regions; globs too; - for a list of CIDRs from standard input
    #[arg(value_name = "TAG", required_unless_present = "list")]
    pub tags: Vec<String>,
    /// Also the addresses in this file: a list, an IP group, a route table, a registry's rules; of a
    /// security group's and a firewall's rows that allow the far ends
    #[arg(long, value_name = "FILE")]
    pub list: Vec<PathBuf>,
    /// Which rows of files that allow both ways: in for sources, out for destinations
    #[arg(long, value_name = "WAY", value_parser = direction)]
    pub direction: Option<Direction>,
    /// The most CIDRs
    #[arg(long, value_name = "N")]
    pub limit: usize,
    /// IPv4 only
    #[arg(long, conflicts_with = "ipv6")]
    pub ipv4: bool,
    /// IPv6 only
    #[arg(long)]
    pub ipv6: bool,
    /// Refuse more extra addresses than this many percent of those asked for, in either family
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub max_extra: Option<Percent>,
    /// CIDRs in place already: kept where that costs no address
    #[arg(long, value_name = "FILE")]
    pub keep: Option<PathBuf>,
}

pub(super) fn percent(text: &str) -> Result<Percent, String> {
    Percent::parse(text).ok_or_else(|| "a percentage is written 5 or 2.5".to_owned())
}
