//! Options of the verbs that go through logs.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::ValueEnum;

use crate::cli::args::{FormatName, only_matching};
use crate::space::Family;

/// What every verb that goes through logs takes.
#[derive(Debug, Clone, clap::Args)]
pub struct LogArgs {
    /// Logs, packed with gzip or not, and folders of them; - or none reads standard input
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// How much is done at once; all processors, up to 8, where none is given
    #[arg(short, long, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,
    /// The addresses that count
    #[command(flatten)]
    pub family: FamilyArgs,
}

/// Addresses of one family.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct FamilyArgs {
    /// IPv4 only
    #[arg(short = '4', long, conflicts_with = "ipv6")]
    ipv4: bool,
    /// IPv6 only
    #[arg(short = '6', long)]
    ipv6: bool,
}

impl FamilyArgs {
    /// The only family that is meant.
    #[must_use]
    pub const fn only(self) -> Option<Family> {
        match (self.ipv4, self.ipv6) {
            (true, _) => Some(Family::V4),
            (_, true) => Some(Family::V6),
            _ => None,
        }
    }
}

/// What is done with addresses that are not public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PrivateChoice {
    /// The same as with others that are in no tag.
    Keep,
    /// They are passed over.
    Skip,
}

/// `annotate`.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = ANNOTATE_EXAMPLES)]
pub struct AnnotateArgs {
    /// What is read.
    #[command(flatten)]
    pub log: LogArgs,
    /// What is written for an address, with {addr}, {tag}, {tags}, {region}, {service} and {prefix}
    #[arg(
        short,
        long,
        value_name = "TEXT",
        conflicts_with = "all_tags",
        default_value = "{addr}<{tag}>",
        hide_default_value = true
    )]
    pub template: String,
    /// All tags of an address, the most specific first
    #[arg(long)]
    pub all_tags: bool,
    /// Only the addresses, one a line, each with its tag behind a tab
    #[arg(id = "format", short = 'o', long = "only-matching", action = clap::ArgAction::SetTrue, value_parser = only_matching)]
    pub only: FormatName,
    /// What is written in place of a tag where there is none; else such addresses stay as they are
    #[arg(long, value_name = "TEXT")]
    pub null: Option<String>,
    /// Whether private and other addresses that are not public are passed over
    #[arg(
        long,
        value_enum,
        value_name = "keep|skip",
        default_value = "keep",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub private: PrivateChoice,
    /// Hand each line on as soon as it is there
    #[arg(long)]
    pub line_buffered: bool,
}

const ANNOTATE_EXAMPLES: &str = "\
Examples:
  tagscope annotate access.log | less
  kubectl logs -f deploy/web | tagscope annotate --line-buffered
  tagscope annotate -o access.log.gz | cut -f2 | sort | uniq -c
  tagscope annotate -t '{addr}[{tag}|{region}]' --null nowhere fw.json
";
