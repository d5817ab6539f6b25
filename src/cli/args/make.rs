//! The options of `rules make`.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::azure::SubnetId;
use crate::azure::registry::{Client, Sku};
use crate::cli::args::EndpointsArgs;
use crate::cli::args::endpoints::{client, sku};
use crate::cli::args::fit::percent;
use crate::cli::args::rules::{direction, protocol};
use crate::query::rules::fit::Percent;
use crate::query::rules::make::{Hop, MakeForm, MakeOptions, Target, Variables};
use crate::rules::{Direction, Entry, Ports, Protocol};
use crate::space::Family;

/// `rules make`.
#[derive(Debug, Clone, clap::Args)]
#[command(
    after_help = "Exit codes: 0 made, or with --check in sync; 1 with --check drifted, or more extra addresses than --max-extra; 2 refused \
                        for a limit of the target, or with --check not made by tagscope for this kind."
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub struct MakeArgs {
    /// What the rules are for; without it the kinds are listed
    #[arg(value_name = "KIND", value_parser = kinds(), hide_possible_values = true)]
    pub kind: Option<Target>,
    /// Tags by name, in any spelling of their regions; globs too
    #[arg(long = "tag", value_name = "TAG", num_args = 1..)]
    pub tags: Vec<String>,
    /// Each tag of the week in a file of its own, in the folder of --output, with an index; for lists
    #[arg(long, requires = "output", conflicts_with_all = ["tags", "list", "registry", "subnets", "fit", "check", "name"])]
    pub all: bool,
    /// Each family in a file of its own
    #[arg(long, requires = "all", conflicts_with_all = ["ipv4", "ipv6"])]
    pub split_families: bool,
    /// The addresses and tags in this file: a list, an IP group, a route table, a registry's rules; of a
    /// security group's and a firewall's rows that allow the far ends, with their ports; @NAME for a saved
    /// list, - for standard input
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub list: Vec<PathBuf>,
    /// A cover of the tags and files within so many CIDRs, with the fewest extra addresses
    #[arg(long, value_name = "N", conflicts_with_all = ["only_tags", "as_published"])]
    pub fit: Option<usize>,
    /// Refuse a cover with more extra addresses than this many percent of those asked for, in a family
    #[arg(long, value_name = "PERCENT", value_parser = percent, requires = "fit")]
    pub max_extra: Option<Percent>,
    /// The plan of a registry: a name, a login server, an image or a URL
    #[arg(long, value_name = "NAME")]
    pub registry: Option<String>,
    /// The registry of the plan
    #[command(flatten)]
    pub plan: PlanArgs,
    /// Also let a subnet into a registry, by its resource ID; for az-acr, once for each
    #[arg(long = "subnet", value_name = "ID", value_parser = subnet)]
    pub subnets: Vec<SubnetId>,
    /// Prefixes where tags or host names could be used
    #[arg(long, conflicts_with = "only_tags")]
    pub prefixes: bool,
    /// Tags alone: no host names, and a refusal where a tag cannot be used
    #[arg(long = "tags")]
    pub only_tags: bool,
    /// IPv4 only, as prefixes
    #[arg(long, conflicts_with_all = ["ipv6", "only_tags"])]
    pub ipv4: bool,
    /// IPv6 only, as prefixes
    #[arg(long, conflicts_with = "only_tags")]
    pub ipv6: bool,
    /// Join prefixes without a change of addresses, which is the default
    #[arg(long, conflicts_with = "as_published")]
    pub aggregate: bool,
    /// One entry for each published prefix
    #[arg(long)]
    pub as_published: bool,
    /// What the rules, the set or the variable is called; from the tag, the file or the registry by
    /// default
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// The first priority of a security group's rules, or a firewall's collection; 200 by default
    #[arg(long, value_name = "N")]
    pub priority: Option<u32>,
    /// Which way: in or out; the kind knows best, then the rows
    #[arg(long, value_name = "WAY", value_parser = direction)]
    pub direction: Option<Direction>,
    /// Ports of rules: 443 (the default), 8000-8010, * for all; once for each; rows have their own
    #[arg(long = "port", value_name = "PORT", value_delimiter = ',')]
    pub ports: Vec<String>,
    /// The protocol of rules: tcp (the default), udp, icmp, esp, ah or any; rows have their own
    #[arg(long, value_name = "PROTOCOL", value_parser = protocol)]
    pub protocol: Option<Protocol>,
    /// The near end of rules: an address, a CIDR or *; `VirtualNetwork` by default in security groups,
    /// * in firewalls
    #[arg(long, value_name = "ADDRESS", value_parser = peer)]
    pub peer: Option<Entry>,
    /// Where routes lead: Internet (the default), `VirtualNetworkGateway`, `VnetLocal`, None, or the
    /// address of an appliance
    #[arg(long, value_name = "HOP", value_parser = hop)]
    pub next_hop: Option<Hop>,
    /// The resource group; a variable of the file by default
    #[arg(long, value_name = "GROUP")]
    pub resource_group: Option<String>,
    /// What the rules go into: the registry, security group, policy, IP group, route table, or table of
    /// nftables; a variable of the file by default
    #[arg(long, value_name = "NAME")]
    pub resource: Option<String>,
    /// In Terraform leave the declarations of variables out, for files that live together
    #[arg(long)]
    pub no_variables: bool,
    /// The same, and declare in this file of Terraform the variables that it does not declare yet
    #[arg(long, value_name = "FILE", conflicts_with = "check")]
    pub variables: Option<PathBuf>,
    /// Write a file, whole or not at all; with --all a folder
    #[arg(long, value_name = "FILE", conflicts_with = "check")]
    pub output: Option<PathBuf>,
    /// Write over a file that is there
    #[arg(long, requires = "output")]
    pub force: bool,
    /// Compare a file with what would be made: in sync, drifted or foreign; - for standard input
    #[arg(long, value_name = "FILE")]
    pub check: Option<PathBuf>,
}

/// What `endpoints` takes too, with `--registry`.
#[derive(Debug, Clone, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub struct PlanArgs {
    /// A region of the registry, in any spelling; once for each
    #[arg(
        long = "region",
        value_name = "REGION",
        value_delimiter = ',',
        requires = "registry"
    )]
    regions: Vec<String>,
    /// The region in which it was made
    #[arg(long, value_name = "REGION", requires = "registry")]
    home: Option<String>,
    /// The tier: basic, standard or premium
    #[arg(long, value_name = "SKU", value_parser = sku, requires = "registry")]
    sku: Option<Sku>,
    /// With dedicated data endpoints
    #[arg(long, requires = "registry")]
    data_endpoints: bool,
    /// With regional endpoints
    #[arg(long, requires = "registry")]
    regional_endpoints: bool,
    /// Reached over private endpoints
    #[arg(long, requires = "registry")]
    private_link: bool,
    /// With IPv4 and IPv6 on the public endpoints
    #[arg(long, requires = "registry")]
    dual_stack: bool,
    /// Who uses it, as in `endpoints`; once for each
    #[arg(long = "client", value_name = "CLIENT", value_parser = client, value_delimiter = ',', requires = "registry")]
    clients: Vec<Client>,
    /// The clients also pull Microsoft's images
    #[arg(long, requires = "registry")]
    mcr: bool,
}

impl MakeArgs {
    /// Whether something is to be made rules of.
    #[must_use]
    pub const fn selects(&self) -> bool {
        let has_addresses = !self.tags.is_empty() || !self.list.is_empty();
        has_addresses
            || self.all
            || self.registry.is_some()
            || !self.subnets.is_empty()
            || self.fit.is_some()
    }

    /// The registry of the plan as `endpoints` takes it.
    #[must_use]
    pub fn endpoints(&self) -> EndpointsArgs {
        let plan = &self.plan;
        EndpointsArgs {
            registry: self.registry.clone(),
            regions: plan.regions.clone(),
            home: plan.home.clone(),
            sku: plan.sku,
            data_endpoints: plan.data_endpoints,
            regional_endpoints: plan.regional_endpoints,
            private_link: plan.private_link,
            dual_stack: plan.dual_stack,
            clients: plan.clients.clone(),
            mcr: plan.mcr,
            from: Vec::new(),
            probe: false,
            compare: false,
            prefixes: false,
        }
    }

    /// How the rules are written.
    ///
    /// # Errors
    /// A port that is none.
    pub fn options(&self) -> Result<MakeOptions, crate::text::Safe> {
        let ports = self.ports.iter().map(String::as_str);
        let ports = (!self.ports.is_empty()).then(|| Ports::parse(ports));
        Ok(MakeOptions {
            form: match (self.prefixes, self.only_tags) {
                (true, _) => MakeForm::Prefixes,
                (_, true) => MakeForm::Tags,
                _ => MakeForm::Best,
            },
            family: match (self.ipv4, self.ipv6) {
                (true, _) => Some(Family::V4),
                (_, true) => Some(Family::V6),
                _ => None,
            },
            is_as_published: self.as_published,
            name: self.name.clone(),
            priority: self.priority,
            direction: self.direction,
            ports: ports.transpose()?,
            protocol: self.protocol,
            peer: self.peer.clone(),
            hop: self.next_hop.unwrap_or_default(),
            resource_group: self.resource_group.clone(),
            resource: self.resource.clone(),
            variables: if self.no_variables || self.variables.is_some() {
                Variables::Elsewhere
            } else {
                Variables::Declared
            },
        })
    }
}

/// The words of the kinds, for completions too.
fn kinds() -> impl TypedValueParser<Value = Target> {
    let words = Target::ALL.map(|target| PossibleValue::new(target.word()).help(target.title()));
    PossibleValuesParser::new(words)
        .try_map(|word| Target::parse(&word).ok_or_else(|| format!("no kind {word}")))
}

fn subnet(text: &str) -> Result<SubnetId, String> {
    SubnetId::of_document(text).map_err(|error| error.to_string())
}

fn peer(text: &str) -> Result<Entry, String> {
    match Entry::parse(text) {
        Entry::Span(span) if span.block().is_none() => {
            Err("a range is no CIDR: one rule for each CIDR of it".to_owned())
        }
        entry @ (Entry::Any | Entry::Span(_) | Entry::Platform(_)) => Ok(entry),
        _ => Err("an address, a CIDR, * or VirtualNetwork".to_owned()),
    }
}

fn hop(text: &str) -> Result<Hop, String> {
    Hop::parse(text).ok_or_else(|| {
        "one of Internet, VirtualNetworkGateway, VnetLocal, None, or an address".to_owned()
    })
}
