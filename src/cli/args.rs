//! Flags and verbs, as the contract names them.

mod endpoints;
mod export;
mod fit;
mod format;
mod guide;
mod lookup;
mod make;
mod rules;
mod runbook;
mod schema;
mod traffic;
mod update;

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use jiff::civil::Date;

use crate::azure::{Cloud, Feature, parse_date};
use crate::cli::Failure;
use crate::cli::pager::Paging;
use crate::query::tags::Sort;
use crate::report::{Form, Format, LEAST_BYTES};
use crate::settings::ColorChoice;
use crate::source::WeekChoice;

pub use endpoints::EndpointsArgs;
pub use export::ExportArgs;
pub use fit::FitArgs;
pub use format::{FormatArgs, FormatName, only_matching};
pub use guide::GuideArgs;
pub use lookup::LookupArgs;
pub use make::MakeArgs;
pub use rules::{
    CheckRulesArgs, ImpactArgs, PROTOCOLS, RuleFileArgs, RulesArgs, RulesVerb, ShowRulesArgs,
    TestRulesArgs, WAYS,
};
pub use runbook::RunbookArgs;
pub use schema::SchemaArgs;
pub use traffic::{
    AnnotateArgs, FamilyArgs, FieldArgs, GrepArgs, PrivateChoice, RecordArgs, TopArgs, TouchArgs,
    log_kind,
};
pub use update::{ImportArgs, UpdateArgs};

/// Azure service tags in the terminal: by region, by address, offline.
#[derive(Debug, Clone, Parser)]
#[command(
    name = "tagscope",
    version,
    before_help = EXAMPLES,
    after_help = "Exit codes: 0 done or found, 1 the answer is no, 2 bad input or failure, \
                  3 data older than --max-age, 4 network.",
    max_term_width = 100
)]
pub struct Args {
    /// Options of every verb.
    #[command(flatten)]
    pub globals: Globals,
    /// Options of the dashboard.
    #[command(flatten)]
    pub dashboard: DashboardArgs,
    /// What to do; without a verb the dashboard opens.
    #[command(subcommand)]
    pub verb: Option<Verb>,
}

/// Options without a verb.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct DashboardArgs {
    /// Start the dashboard without the view, filters, queries and files of rules of the last one
    #[arg(long)]
    pub fresh: bool,
}

const EXAMPLES: &str = "\
Examples:
  tagscope                                        the dashboard, on the embedded week
  tagscope lookup 20.38.116.38                    which tags hold this address
  tagscope lookup - --format csv < addresses.txt  a list, one per line
  docker pull contoso.azurecr.io/app 2>&1 | tagscope explain     why it failed
  tagscope tags registry --region westeurope      find a tag
  tagscope endpoints contoso --region westeurope  what a container registry needs opened
  tagscope update && tagscope diff                what the newest week changed
  tagscope tags prefixes Storage.WestEurope --ipv4 --aggregate
  tagscope --file ServiceTags_Public_20251028.json tags show AzureContainerRegistry
";

/// Options that stand before or after the verb.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Global options")]
#[expect(clippy::doc_markdown, reason = "it is the text of --help")]
pub struct Globals {
    /// Which cloud: public (default), usgov, china, germany; also the file's and Azure CLI's names;
    /// all for update and weeks
    #[arg(long, global = true, value_name = "CLOUD", value_parser = cloud)]
    pub cloud: Option<CloudArg>,
    /// Which publication: a date, latest, previous or embedded
    #[arg(long, visible_alias = "at", global = true, value_name = "WEEK", value_parser = week, conflicts_with = "file")]
    pub week: Option<WeekChoice>,
    /// Use this published JSON (either dialect, .gz too, - for standard input)
    #[arg(long, global = true, value_name = "PATH")]
    pub file: Option<PathBuf>,
    /// Ranges that are not Azure's beside its tags: a list of CIDRs (own:NAME), or what AWS, Google
    /// Cloud, Cloudflare, GitHub, Microsoft 365 or Oracle publish (NAME:service); once for each
    #[arg(long, global = true, value_name = "NAME=FILE", value_parser = also)]
    pub also: Vec<(String, PathBuf)>,
    /// Exit 3 when the data is older than this many days (it still answers)
    #[arg(long, global = true, value_name = "DAYS")]
    pub max_age: Option<u32>,
    /// Forbid every use of the network
    #[arg(long, global = true)]
    pub offline: bool,
    /// Colour the text output
    #[arg(long, global = true, value_name = "WHEN", value_parser = color)]
    pub color: Option<ColorChoice>,
    /// Show the answer of a verb in $PAGER (less): never by default
    #[arg(long, global = true, value_enum, value_name = "WHEN")]
    pub paging: Option<Paging>,
    /// Theme of the dashboard: default, safe, mono, light, dark, auto
    #[arg(long, global = true, value_name = "THEME")]
    pub theme: Option<String>,
    /// The folder for what the program keeps
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// The settings file
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The form of the answer
    #[command(flatten)]
    pub format: FormatArgs,
    /// No notes, on how something was read and on what is old; failures are said
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Write a log for whoever helps to this file; RUST_LOG (error, warn, info, debug, trace or
    /// tagscope::net=trace) says how much
    #[arg(long, global = true, value_name = "PATH")]
    pub log_file: Option<PathBuf>,
}

/// The verbs.
#[derive(Debug, Clone, Subcommand)]
pub enum Verb {
    /// Which tags hold an address, a CIDR, a range a-b or a host
    Lookup(LookupArgs),
    /// What the text of a failed pull, login or health check means, and what to change
    Explain(ExplainArgs),
    /// List tags, show one, or print prefixes
    Tags(TagsArgs),
    /// List the regions of the week
    Regions,
    /// What one container registry needs opened
    Endpoints(EndpointsArgs),
    /// Imported network rules: what they are, what is wrong with them
    Rules(RulesArgs),
    /// Every line of a log as it was, each address with its tag
    Annotate(AnnotateArgs),
    /// The lines of a log that hold an address of a tag
    Grep(Box<GrepArgs>),
    /// The tags, services, addresses or rules of a log, most hit first
    Top(Box<TopArgs>),
    /// The week's tags for an engine: tables, and the statements that load and join them
    Export(ExportArgs),
    /// What changed between two weeks
    Diff(DiffArgs),
    /// When a tag or an address came, changed and left, over all weeks at hand
    History(HistoryArgs),
    /// The weeks at hand, newest first; verify, prune, path
    Weeks(WeeksArgs),
    /// Keep published files, gzip too, or folders of them
    Import(ImportArgs),
    /// Fetch the newest publication and keep it
    Update(UpdateArgs),
    /// Facts about container registries: tiers, limits, names, sign-in, networks
    Reference(ReferenceArgs),
    /// Commands for a task around a registry's network, filled in
    Runbook(Box<RunbookArgs>),
    /// The data in use, its age and origin, paths and versions
    Info,
    /// The settings in force
    Config(ConfigArgs),
    /// The JSON Schema of what a verb prints; with --format jsonl of a line of it
    Schema(SchemaArgs),
    /// The pages of the guide, which need no network
    Guide(GuideArgs),
    /// Completions for a shell
    Completions(CompletionsArgs),
    /// The manual page of the program or of a verb, in roff
    Man(ManArgs),
}

/// `explain`.
#[derive(Debug, Clone, clap::Args)]
pub struct ExplainArgs {
    /// The text, in quotes; - or a pipe reads it from standard input
    #[arg(value_name = "TEXT")]
    pub text: Vec<String>,
}

/// `tags` and what stands below it.
#[derive(Debug, Clone, clap::Args)]
#[command(
    disable_help_subcommand = true,
    override_usage = "tagscope tags [OPTIONS] [PATTERN]\n       tagscope tags [OPTIONS] <COMMAND>"
)]
pub struct TagsArgs {
    /// What stands below it.
    #[command(subcommand)]
    pub verb: Option<TagsVerb>,
    /// The list.
    #[command(flatten)]
    pub list: ListArgs,
}

/// Verbs below `tags`.
#[derive(Debug, Clone, Subcommand)]
pub enum TagsVerb {
    /// Everything about one tag
    Show(ShowArgs),
    /// The prefixes of tags, one CIDR a line
    Prefixes(PrefixesArgs),
}

/// `tags [PATTERN]`.
#[derive(Debug, Clone, clap::Args)]
pub struct ListArgs {
    /// A glob or a substring of the name, without regard to case
    #[arg(value_name = "PATTERN")]
    pub pattern: Option<String>,
    /// Only tags of this region, in any spelling, or of any of a list: a,b
    #[arg(long = "region", value_name = "REGION", value_delimiter = ',')]
    pub regions: Vec<String>,
    /// Only tags of this service, or of any of a list: a systemService or a tag name without its
    /// region
    #[arg(long = "service", value_name = "SERVICE", value_delimiter = ',')]
    pub services: Vec<String>,
    /// Only tags that can be used there, or in all of a list: API, NSG, UDR, FW or VSE
    #[arg(long = "feature", value_name = "FEATURE", value_parser = feature, value_delimiter = ',')]
    pub features: Vec<Feature>,
    /// Only tags with all these words and no !word in name, region or service, that hold these
    /// addresses, and feature:nsg, region:westeurope, service:storage, changed:4w, watched: what /
    /// takes in Tags
    #[arg(long, value_name = "WORDS")]
    pub filter: Option<String>,
    /// The order: name, changeNumber, prefixes, addresses, region or service
    #[arg(long, value_name = "COLUMN", value_parser = sort, default_value = "name", hide_default_value = true)]
    pub sort: Sort,
    /// Turn the order around
    #[arg(long)]
    pub reverse: bool,
}

/// `tags show`.
#[derive(Debug, Clone, clap::Args)]
pub struct ShowArgs {
    /// The tag's name, in any spelling of its region
    #[arg(value_name = "TAG")]
    pub name: String,
}

/// `tags prefixes`.
#[derive(Debug, Clone, clap::Args)]
pub struct PrefixesArgs {
    /// Names of tags, in any spelling of their regions; globs too
    #[arg(value_name = "TAG", required = true)]
    pub names: Vec<String>,
    /// IPv4 only
    #[arg(long, conflicts_with = "ipv6")]
    pub ipv4: bool,
    /// IPv6 only
    #[arg(long)]
    pub ipv6: bool,
    /// Join what can be joined without a change of addresses
    #[arg(long)]
    pub aggregate: bool,
}

/// `diff`.
#[derive(Debug, Clone, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub struct DiffArgs {
    /// The older week: a date, latest, previous, or the path of a JSON [default: previous]
    #[arg(value_name = "BASE")]
    pub base: Option<String>,
    /// The newer week [default: latest]
    #[arg(value_name = "TARGET")]
    pub target: Option<String>,
    /// Compare with the week of this date, or the last before it
    #[arg(long, value_name = "DATE", value_parser = date, conflicts_with_all = ["base", "target"])]
    pub since: Option<Date>,
    /// Only this tag, in any spelling, else tags that match this glob or substring; any of a list
    #[arg(long = "tag", value_name = "PATTERN", value_delimiter = ',')]
    pub tags: Vec<String>,
    /// Only tags of this region, in any spelling, or of any of a list: a,b
    #[arg(long = "region", value_name = "REGION", value_delimiter = ',')]
    pub regions: Vec<String>,
    /// Only tags of this service, or of any of a list: a systemService or a tag name without its
    /// region
    #[arg(long = "service", value_name = "SERVICE", value_delimiter = ',')]
    pub services: Vec<String>,
    /// Only tags with all these words and no !word in name, region or service, or tags that changed
    /// at this address or CIDR: what / takes in the dashboard
    #[arg(long, value_name = "WORDS")]
    pub filter: Option<String>,
    /// Only the tags of the watch list: Space in the dashboard
    #[arg(long)]
    pub watched: bool,
    /// Only tags that these files of rules name or list the addresses of; once for each file
    #[arg(long, value_name = "FILE", conflicts_with = "watched")]
    pub rules: Vec<PathBuf>,
    /// Leave the tags of all of the cloud and of its regions out, which repeat the others
    #[arg(long)]
    pub ignore_azurecloud: bool,
    /// Only tags with other addresses than before
    #[arg(long)]
    pub address_changes: bool,
    /// How much room Markdown has.
    #[command(flatten)]
    pub page: PageArgs,
    /// One line for each changed row instead of each tag; JSON has them anyway
    #[arg(long, conflicts_with = "traffic")]
    pub rows: bool,
    /// Exit 1 when anything differs; with --traffic when a change touches traffic
    #[arg(long)]
    pub exit_code: bool,
    /// The logs that the changes are held against.
    #[command(flatten)]
    pub logs: TouchArgs,
}

/// `history`.
#[derive(Debug, Clone, clap::Args)]
pub struct HistoryArgs {
    /// A tag's name without regard to case, an address, a CIDR or a range a-b
    #[arg(value_name = "TAG|ADDRESS|CIDR")]
    pub subject: String,
}

/// `weeks` and what stands below it.
#[derive(Debug, Clone, clap::Args)]
#[command(disable_help_subcommand = true)]
pub struct WeeksArgs {
    /// What stands below it.
    #[command(subcommand)]
    pub verb: Option<WeeksVerb>,
}

/// Verbs below `weeks`.
#[derive(Debug, Clone, Subcommand)]
pub enum WeeksVerb {
    /// Read every archived publication and compare it with its name and checksums
    Verify,
    /// Remove archived publications; those that come with the program stay
    Prune(PruneArgs),
    /// Print the folder of the archive
    Path,
}

/// `weeks prune`.
#[derive(Debug, Clone, clap::Args)]
#[command(group(clap::ArgGroup::new("what").required(true).args(["keep", "before"])))]
pub struct PruneArgs {
    /// Keep this many of each cloud and kind, the newest
    #[arg(long, value_name = "N")]
    pub keep: Option<usize>,
    /// Remove what was published before this date
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub before: Option<Date>,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
}

/// `reference`.
#[derive(Debug, Clone, clap::Args)]
pub struct ReferenceArgs {
    /// A topic, or words that it has; without words the topics are listed
    #[arg(value_name = "WORD")]
    pub words: Vec<String>,
}

/// `config`.
#[derive(Debug, Clone, clap::Args)]
pub struct ConfigArgs {
    /// Print a commented file with every default
    #[arg(long)]
    pub print_default: bool,
}

/// `completions`.
#[derive(Debug, Clone, clap::Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

/// `man`.
#[derive(Debug, Clone, clap::Args)]
pub struct ManArgs {
    /// A verb, as in rules make; the program without one
    #[arg(value_name = "VERB")]
    pub verb: Vec<String>,
    /// Write the pages of the program and of every verb into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "verb")]
    pub output: Option<PathBuf>,
}

/// The room of a page of Markdown.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct PageArgs {
    /// Keep Markdown within so many bytes, 65536 for a comment on GitHub: sections that have no room
    /// are left out and counted
    #[arg(long, value_name = "N", value_parser = max_bytes)]
    max_bytes: Option<usize>,
}

impl PageArgs {
    /// The most bytes of an answer in this form.
    ///
    /// # Errors
    /// It is no Markdown.
    pub fn limit(self, form: Form) -> Result<Option<usize>, Failure> {
        if self.max_bytes.is_some() && form.format != Format::Markdown {
            let text = "--max-bytes is for --format markdown";
            return Err(Failure::said(text.to_owned()));
        }
        Ok(self.max_bytes)
    }
}

impl ListArgs {
    /// Whether anything was given that only the list takes.
    ///
    /// clap's own conflict of arguments and subcommands would refuse global options there too.
    #[must_use]
    pub fn is_given(&self) -> bool {
        self.pattern.is_some()
            || !self.regions.is_empty()
            || !self.services.is_empty()
            || !self.features.is_empty()
            || self.filter.is_some()
            || self.sort != Sort::default()
            || self.reverse
    }
}

/// One cloud, or every one that publishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloudArg {
    /// This one.
    One(Cloud),
    /// All: for `update` and `weeks`.
    All,
}

/// Reads a cloud by any of its names, or `all`.
///
/// # Errors
/// What would be one.
pub fn cloud(text: &str) -> Result<CloudArg, String> {
    if text.eq_ignore_ascii_case("all") {
        return Ok(CloudArg::All);
    }
    Cloud::parse(text).map(CloudArg::One).ok_or_else(|| {
        "known clouds are public, usgov, china and germany; all for update and weeks".to_owned()
    })
}

/// Reads a week as [`WeekChoice::parse`] does.
///
/// # Errors
/// What would be one.
pub fn week(text: &str) -> Result<WeekChoice, String> {
    WeekChoice::parse(text).ok_or_else(|| {
        "a week is a date like 2026-10-19, latest, previous, embedded or api".to_owned()
    })
}

fn also(text: &str) -> Result<(String, PathBuf), String> {
    let named = text.split_once('=');
    let named = named.filter(|(name, path)| !name.is_empty() && !path.is_empty());
    let (name, path) = named.ok_or("a name and a file: office=ranges.txt")?;
    Ok((name.to_owned(), PathBuf::from(path)))
}

fn date(text: &str) -> Result<Date, String> {
    parse_date(text).ok_or_else(|| "a date is written 2026-10-19 or 20261019".to_owned())
}

/// Bytes of a page of Markdown.
fn max_bytes(text: &str) -> Result<usize, String> {
    let bytes = text.parse().ok().filter(|bytes| *bytes >= LEAST_BYTES);
    bytes.ok_or_else(|| format!("a number of bytes, {LEAST_BYTES} at least"))
}

/// Words of [`ColorChoice`].
pub const WHEN: [&str; 3] = ["auto", "always", "never"];

fn color(text: &str) -> Result<ColorChoice, String> {
    ColorChoice::parse(text).ok_or_else(|| format!("one of {}", WHEN.join(", ")))
}

fn feature(text: &str) -> Result<Feature, String> {
    Feature::parse(text).ok_or_else(|| "one of API, NSG, UDR, FW, VSE".to_owned())
}

fn sort(text: &str) -> Result<Sort, String> {
    Sort::ALL
        .into_iter()
        .find(|sort| sort.word().eq_ignore_ascii_case(text))
        .ok_or_else(|| format!("one of {}", Sort::ALL.map(Sort::word).join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn global_options_stand_before_or_after_the_verb() {
        for line in [
            "tagscope --offline lookup 1.1.1.1",
            "tagscope lookup 1.1.1.1 --offline",
        ] {
            let args = Args::try_parse_from(line.split(' ')).unwrap();
            assert!(args.globals.offline, "{line}");
        }
    }
}
