//! The options of `rules` and what stands below it.

use std::path::PathBuf;

use clap::Subcommand;

use crate::cli::args::FormatArgs;
use crate::query::rules::verdict::Trusted;
use crate::rules::{Direction, Protocol};

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
    /// Would this get through: the deciding row, and why
    Test(TestRulesArgs),
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

/// `rules test`.
#[derive(Debug, Clone, clap::Args)]
pub struct TestRulesArgs {
    /// Files of rules, all of which the traffic must pass; - for standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Where it comes from: an address, a CIDR, a range, a subnet's id or a tag
    #[arg(long, value_name = "SOURCE")]
    pub from: Option<String>,
    /// Where it goes: an address, a CIDR, a range, a host name or a tag
    #[arg(long, value_name = "TARGET")]
    pub to: Option<String>,
    /// The destination port; 443 by default
    #[arg(long, value_name = "N")]
    pub port: Option<u16>,
    /// The protocol: tcp (the default), udp, icmp, esp, ah or any
    #[arg(long, value_name = "NAME", value_parser = protocol)]
    pub protocol: Option<Protocol>,
    /// Which rules of a security group: in or out; found from the addresses by default
    #[arg(long, value_name = "WAY", value_parser = direction)]
    pub direction: Option<Direction>,
    /// It comes over a private endpoint of the registry
    #[arg(long, conflicts_with = "trusted_service")]
    pub private_endpoint: bool,
    /// It comes from a service that the registry may trust: container-instances, defender,
    /// machine-learning, import or tasks
    #[arg(long, value_name = "NAME", value_parser = trusted)]
    pub trusted_service: Option<Trusted>,
    /// The form of the answer
    #[command(flatten)]
    pub format: FormatArgs,
}

fn protocol(text: &str) -> Result<Protocol, String> {
    Protocol::parse(text).ok_or_else(|| "one of tcp, udp, icmp, esp, ah, any".to_owned())
}

fn direction(text: &str) -> Result<Direction, String> {
    match text.to_ascii_lowercase().as_str() {
        "in" | "inbound" => Ok(Direction::In),
        "out" | "outbound" => Ok(Direction::Out),
        _ => Err("one of in, out".to_owned()),
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
