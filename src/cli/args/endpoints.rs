//! The options of `endpoints`.

use std::path::PathBuf;

use crate::azure::registry::{Client, Sku};

/// `endpoints`.
#[derive(Debug, Clone, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub struct EndpointsArgs {
    /// The registry: a name, a login server or another of its hosts, an image, a URL or a resource ID;
    /// also mcr.microsoft.com
    #[arg(
        value_name = "REGISTRY|IMAGE|LOGIN_SERVER",
        required_unless_present_any = ["from", "mcr"]
    )]
    pub registry: Option<String>,
    /// A region of the registry, in any spelling; once for each
    #[arg(long = "region", value_name = "REGION", value_delimiter = ',')]
    pub regions: Vec<String>,
    /// The region in which it was made
    #[arg(long, value_name = "REGION")]
    pub home: Option<String>,
    /// The tier: basic, standard or premium
    #[arg(long, value_name = "SKU", value_parser = sku)]
    pub sku: Option<Sku>,
    /// With dedicated data endpoints
    #[arg(long)]
    pub data_endpoints: bool,
    /// With regional endpoints
    #[arg(long)]
    pub regional_endpoints: bool,
    /// Reached over private endpoints
    #[arg(long)]
    pub private_link: bool,
    /// With IPv4 and IPv6 on the public endpoints
    #[arg(long)]
    pub dual_stack: bool,
    /// Who uses it: pull (default), push, cli, tasks, agent-pool, import, webhook, connected,
    /// iot-edge, server, ci-agent; once for each
    #[arg(long = "client", value_name = "CLIENT", value_parser = client, value_delimiter = ',')]
    pub clients: Vec<Client>,
    /// The clients also pull Microsoft's images; without a registry, these alone
    #[arg(long)]
    pub mcr: bool,
    /// Take the registry from what az acr show, show-endpoints or replication list printed; - for
    /// standard input, once for each file
    #[arg(long, value_name = "FILE")]
    pub from: Vec<PathBuf>,
    /// Ask the network whether each host is reached, and what the registry answers
    #[arg(long)]
    pub probe: bool,
    /// What the options add and replace, against the registry without them
    #[arg(long, conflicts_with = "probe")]
    pub compare: bool,
    /// Write the prefixes of the tags out, in JSON
    #[arg(long)]
    pub prefixes: bool,
}

pub(super) fn sku(text: &str) -> Result<Sku, String> {
    Sku::parse(text).ok_or_else(|| "tiers are basic, standard and premium".to_owned())
}

pub(super) fn client(text: &str) -> Result<Client, String> {
    Client::parse(text).ok_or_else(|| {
        let flags: Vec<&str> = Client::ALL.iter().map(|client| client.flag()).collect();
        format!("clients are {}", flags.join(", "))
    })
}
