//! Options of `runbook`.

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::query::runbook::{self, RunbookKind, SubnetId, Tier};
use crate::space::Block;

/// `runbook`.
#[derive(Debug, Clone, clap::Args)]
pub struct RunbookArgs {
    /// Which one; without it they are listed
    #[arg(value_name = "KIND", value_parser = kinds())]
    pub kind: Option<RunbookKind>,
    /// The registry: its resource name or login server
    #[arg(long, value_name = "NAME")]
    pub registry: Option<String>,
    /// The subnet of the clients: /subscriptions/…/subnets/…
    #[arg(long, value_name = "ID", value_parser = SubnetId::parse)]
    pub subnet: Option<SubnetId>,
    /// The subnet of the agent pool, where it is another one
    #[arg(long, value_name = "ID", value_parser = SubnetId::parse)]
    pub agent_subnet: Option<SubnetId>,
    /// The network security group of the agent pool's subnet
    #[arg(long, value_name = "GROUP")]
    pub security_group: Option<String>,
    /// The clients' public IPv4 address or CIDR
    #[arg(long, value_name = "ADDRESS", value_parser = runbook::address)]
    pub address: Option<Block>,
    /// A region of the registry, in any spelling; a list, or once for each
    #[arg(long = "region", value_name = "REGION", value_delimiter = ',')]
    pub regions: Vec<String>,
    /// The resource group of the trial
    #[arg(long, value_name = "GROUP")]
    pub resource_group: Option<String>,
    /// The registry's subscription
    #[arg(long, value_name = "ID", value_parser = runbook::subscription)]
    pub registry_subscription: Option<String>,
    /// The agent pool's name
    #[arg(long, value_name = "NAME")]
    pub pool: Option<String>,
    /// The agent pool's size: S1, S2, S3 or I6
    #[arg(long, value_name = "TIER", value_parser = tier, default_value = "S2", hide_default_value = true)]
    pub tier: Tier,
    /// The registry has private endpoints
    #[arg(long)]
    pub private_link: bool,
}

/// The words of the runbooks, for completions too.
fn kinds() -> impl TypedValueParser<Value = RunbookKind> {
    PossibleValuesParser::new(RunbookKind::ALL.map(RunbookKind::word))
        .try_map(|word| RunbookKind::parse(&word).ok_or_else(|| format!("no runbook {word}")))
}

fn tier(text: &str) -> Result<Tier, String> {
    Tier::parse(text).ok_or_else(|| format!("one of {}", Tier::ALL.map(Tier::word).join(", ")))
}
