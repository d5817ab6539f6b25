//! The options of `import` and `update`.

use std::path::PathBuf;

use jiff::civil::Date;

use crate::cli::args::date;

/// `import`.
#[derive(Debug, Clone, clap::Args)]
pub struct ImportArgs {
    /// Files, gzip too, and folders; - for standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// The publication date of a file whose name has none
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub date: Option<Date>,
    /// Keep a publication that is dated more than a week ahead of today as well
    #[arg(long)]
    pub force: bool,
}

/// `update`.
#[derive(Debug, Clone, clap::Args)]
pub struct UpdateArgs {
    /// Take this URL or file instead of looking for the newest one
    #[arg(long, value_name = "URL|FILE", conflicts_with_all = ["backfill", "from_api"])]
    pub from: Option<String>,
    /// The publication date of a --from whose name has none
    #[arg(long, value_name = "DATE", value_parser = date, requires = "from")]
    pub date: Option<Date>,
    /// Also fetch the weeks before, this many back from today, where they are not kept yet
    #[arg(long, value_name = "N", conflicts_with = "from_api")]
    pub backfill: Option<u16>,
    /// Where earlier weeks are: a URL with {cloud} and {date}
    #[arg(long, value_name = "URL", requires = "backfill")]
    pub template: Option<String>,
    /// Ask the Service Tag Discovery API instead; it is behind the file, and kept apart
    #[arg(long, requires_all = ["subscription", "location"])]
    pub from_api: bool,
    /// The subscription that may ask the API
    #[arg(long, value_name = "ID")]
    pub subscription: Option<String>,
    /// The region whose endpoint is asked; the answer differs by it
    #[arg(long, value_name = "REGION")]
    pub location: Option<String>,
    /// Accept a publication that is older or much smaller than what is held
    #[arg(long)]
    pub force: bool,
}
