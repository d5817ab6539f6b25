//! Options of the verbs that go through logs.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::ValueEnum;

use crate::azure::parse_date;
use crate::cli::args::{FormatName, only_matching};
use crate::space::Family;
use crate::traffic::log::{LogKind, Roles};
use crate::traffic::{Action, By, Direction, Pick, iso};

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
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
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
    /// Only the addresses of this field: its number in each line, from 1; of a table also its name
    #[arg(short, long, value_name = "N|NAME")]
    pub field: Option<String>,
    /// What separates the fields of a line, one byte or tab; spaces and tabs where none is given
    #[arg(short, long, value_name = "BYTE", value_parser = delimiter)]
    pub delimiter: Option<u8>,
    /// A table with a head, its cells separated by commas or -d: a column more for each column of
    /// addresses, called like it and _tag
    #[arg(long, conflicts_with_all = ["format", "template", "ndjson"])]
    pub csv: bool,
    /// The same with tabs
    #[arg(long, conflicts_with_all = ["format", "template", "ndjson", "csv", "delimiter"])]
    pub tsv: bool,
    /// Lines of JSON: a field more behind each field of an address, called like it and _tag
    #[arg(long, conflicts_with_all = ["format", "template", "field", "delimiter"])]
    pub ndjson: bool,
    /// With --ndjson: the field that has the address, by the names that lead to it: a.b
    #[arg(long, value_name = "PATH", requires = "ndjson")]
    pub key: Option<String>,
    /// Hand each line on as soon as it is there
    #[arg(long)]
    pub line_buffered: bool,
}

/// Where in a log the addresses are that count.
#[derive(Debug, Clone, clap::Args)]
pub struct FieldArgs {
    /// Only the addresses of this field: the number of a field of each line, from 1, or the name of a
    /// column or of a field of JSON
    #[arg(short, long, value_name = "N|NAME")]
    pub field: Option<String>,
    /// What separates the fields of a line, one byte or tab; spaces and tabs where none is given
    #[arg(short, long, value_name = "BYTE", value_parser = delimiter)]
    pub delimiter: Option<u8>,
    /// What the log is, where it is not known by how it begins: flow, firewall, json, csv, tsv, access,
    /// iptables, conntrack or text
    #[arg(long, value_name = "LOG", value_parser = log_kind)]
    pub input: Option<LogKind>,
}

impl FieldArgs {
    /// The field of a line by its number.
    #[must_use]
    pub fn pick(&self) -> Option<Pick> {
        let number: usize = self.field.as_deref()?.parse().ok()?;
        Some(Pick {
            place: number.checked_sub(1)?,
            delimiter: self.delimiter,
        })
    }

    /// The fields that mean something: all by their names, or the one that was named.
    #[must_use]
    pub fn roles(&self) -> Roles {
        match self.pick() {
            Some(_) => Roles::default(),
            None => Roles::new(self.field.as_deref()),
        }
    }
}

/// Logs that changes are held against.
#[derive(Debug, Clone, clap::Args)]
pub struct TouchArgs {
    /// Only the changes that touch addresses of this log, with how often it has them, most hit first;
    /// once for each, - for standard input
    #[arg(long, value_name = "FILE")]
    pub traffic: Vec<PathBuf>,
    /// With --traffic: what the log is, where it is not known by how it begins: flow, firewall, json, csv,
    /// tsv, access, iptables, conntrack or text
    #[arg(long, value_name = "LOG", value_parser = log_kind, requires = "traffic")]
    pub input: Option<LogKind>,
}

/// Which records count.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct RecordArgs {
    /// Only what was allowed, or denied
    #[arg(long, value_name = "allow|deny", value_parser = action)]
    pub action: Option<Action>,
    /// Only what came in, or went out
    #[arg(long, value_name = "in|out", value_parser = direction)]
    pub direction: Option<Direction>,
    /// From this time on, by the log: 2026-10-19 or 2026-10-19T05:00:00Z
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub since: Option<i64>,
    /// Up to this time; a date alone is its last moment
    #[arg(long, value_name = "TIME", value_parser = last_moment)]
    pub until: Option<i64>,
}

/// `grep`.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = GREP_EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of grep")]
pub struct GrepArgs {
    /// The tags, in any spelling, globs too, as a list a,b; then the logs. Without -e, --region,
    /// --service and --nowhere the first word is the tags
    #[arg(value_name = "TAGS|FILE")]
    pub words: Vec<PathBuf>,
    /// Lines with an address of this tag too
    #[arg(short = 'e', long = "tag", value_name = "TAG", value_delimiter = ',')]
    pub tags: Vec<String>,
    /// Lines with an address of a tag of this region
    #[arg(long = "region", value_name = "REGION", value_delimiter = ',')]
    pub regions: Vec<String>,
    /// Lines with an address of a tag of this service
    #[arg(long = "service", value_name = "SERVICE", value_delimiter = ',')]
    pub services: Vec<String>,
    /// Lines with a public address in no tag
    #[arg(long, conflicts_with_all = ["tags", "regions", "services"])]
    pub nowhere: bool,
    /// Lines without any such address
    #[arg(short = 'v', long)]
    pub invert_match: bool,
    /// Only how many lines there are
    #[arg(short, long)]
    pub count: bool,
    /// Only the addresses, one a line
    #[arg(id = "format", short = 'o', long = "only-matching", action = clap::ArgAction::SetTrue, value_parser = only_matching, conflicts_with = "invert_match")]
    pub only: FormatName,
    /// Only the names of logs that have such lines
    #[arg(short = 'l', long)]
    pub files_with_matches: bool,
    /// The number of each line before it
    #[arg(short = 'n', long)]
    pub line_number: bool,
    /// The name of the log before each line; several logs are named anyway
    #[arg(short = 'H', long)]
    pub with_filename: bool,
    /// End after so many lines of a log
    #[arg(short, long, value_name = "N")]
    pub max_count: Option<u64>,
    /// Hand each line on as soon as it is there
    #[arg(long)]
    pub line_buffered: bool,
    /// How much is done at once; all processors, up to 8, where none is given
    #[arg(short, long, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,
    /// The addresses that count
    #[command(flatten)]
    pub family: FamilyArgs,
    /// Where they are
    #[command(flatten)]
    pub fields: FieldArgs,
    /// The records that count
    #[command(flatten)]
    pub records: RecordArgs,
}

/// `top`.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = TOP_EXAMPLES)]
pub struct TopArgs {
    /// What is read
    #[command(flatten)]
    pub log: LogArgs,
    /// What is counted by: tag, set, region, service, address, prefix, rule, port or action
    #[arg(long, value_name = "BY", value_parser = by, default_value = "tag", hide_default_value = true, conflicts_with_all = ["suggest", "against"])]
    pub by: By,
    /// An address counts for its most specific tag alone, which is so anyway
    #[arg(long, conflicts_with = "every")]
    pub first: bool,
    /// An address counts for each of its tags, so that shares are of more than all
    #[arg(long, conflicts_with_all = ["suggest", "against"])]
    pub every: bool,
    /// How many rows; 0 is all
    #[arg(
        short = 'n',
        long,
        value_name = "N",
        default_value = "20",
        hide_default_value = true
    )]
    pub rows: usize,
    /// Where the addresses are
    #[command(flatten)]
    pub fields: FieldArgs,
    /// The records that count
    #[command(flatten)]
    pub records: RecordArgs,
    /// The tags that hold what was seen, with the fewest addresses beyond it
    #[arg(long, conflicts_with = "against")]
    pub suggest: bool,
    /// With --suggest: no more tags than this, for more addresses
    #[arg(long, value_name = "N", requires = "suggest")]
    pub limit: Option<NonZeroUsize>,
    /// The addresses whose tags differ from those in this week: a date, latest, previous, or the path of
    /// a JSON
    #[arg(long, value_name = "WEEK")]
    pub against: Option<String>,
}

fn delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        [byte] => Ok(*byte),
        _ if matches!(text, "tab" | r"\t") => Ok(b'\t'),
        _ => Err("one byte, or tab".to_owned()),
    }
}

/// Finds a word in a list.
fn word<T: Copy>(text: &str, words: &[(&str, T)]) -> Result<T, String> {
    let found = words
        .iter()
        .find(|(word, _)| word.eq_ignore_ascii_case(text));
    found.map(|(_, meant)| *meant).ok_or_else(|| {
        let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        format!("one of {}", words.join(", "))
    })
}

pub fn log_kind(text: &str) -> Result<LogKind, String> {
    word(text, &LogKind::WORDS)
}

fn by(text: &str) -> Result<By, String> {
    word(text, &By::ALL.map(|by| (by.word(), by)))
}

fn action(text: &str) -> Result<Action, String> {
    word(
        text,
        &[Action::Allow, Action::Deny].map(|action| (action.word(), action)),
    )
}

fn direction(text: &str) -> Result<Direction, String> {
    word(text, &[("in", Direction::In), ("out", Direction::Out)])
}

fn moment(text: &str) -> Result<i64, String> {
    let moment = iso(text.as_bytes())
        .or_else(|| parse_date(text).and_then(|date| iso(date.to_string().as_bytes())));
    moment.ok_or_else(|| "a time is written 2026-10-19T05:00:00Z, a date 2026-10-19".to_owned())
}

fn last_moment(text: &str) -> Result<i64, String> {
    let is_date = parse_date(text).is_some();
    moment(text).map(|moment| if is_date { moment + DAY - 1 } else { moment })
}

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

const GREP_EXAMPLES: &str = "\
Examples:
  tagscope grep Storage.WestEurope access.log
  tagscope grep --service AzureKeyVault -c *.log
  tagscope grep --nowhere --action deny PT1H.json
  tagscope grep -o --region westeurope fw.json | sort | uniq -c
";

const TOP_EXAMPLES: &str = "\
Examples:
  tagscope top flow.json --by service
  tagscope top fw.json --action deny
  tagscope top --suggest --direction out logs/
  tagscope top access.log --against previous
";

const ANNOTATE_EXAMPLES: &str = "\
Examples:
  tagscope annotate access.log | less
  kubectl logs -f deploy/web | tagscope annotate --line-buffered
  tagscope annotate -o access.log.gz | cut -f2 | sort | uniq -c
  tagscope annotate -t '{addr}[{tag}|{region}]' --null nowhere fw.json
";
