//! Options of `lookup`.

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::query::lookup::TallyBy;

/// `lookup`.
#[derive(Debug, Clone, clap::Args)]
pub struct LookupArgs {
    /// Addresses, CIDRs, ranges a-b, host names, URLs, registry names, error texts; - reads lines
    #[arg(value_name = "QUERY")]
    pub queries: Vec<String>,
    /// Keep only matches of this tag, in any spelling, else of tags that match this glob or
    /// substring; of any of a list: a,b
    #[arg(
        long = "tag",
        value_name = "PATTERN",
        value_delimiter = ',',
        conflicts_with = "outside"
    )]
    pub tags: Vec<String>,
    /// Print only the queries that are not in this tag, in any spelling, else in no tag that
    /// matches this glob or substring; in none of a list
    #[arg(long, value_name = "PATTERN", value_delimiter = ',')]
    pub outside: Vec<String>,
    /// One row a query: its most specific tag
    #[arg(long)]
    pub best: bool,
    /// Only how many queries are in each tag, service or region, by their most specific tag
    #[arg(long, value_name = "KIND", value_delimiter = ',', conflicts_with_all = ["best", "outside"])]
    pub count_by: Vec<TallyBy>,
    /// Ask the network for host names from standard input too
    #[arg(long)]
    pub resolve: bool,
    /// Take from standard input only lines that are one query, and name every other line
    #[arg(long)]
    pub strict: bool,
}

impl ValueEnum for TallyBy {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.word()))
    }
}
