//! The form of an answer.

use clap::ValueEnum;

use crate::report::{Form, Format, Formulas};

/// The form of an answer.
#[derive(Debug, Clone, Default, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub struct FormatArgs {
    /// The form of the answer
    #[arg(
        long,
        short = 'o',
        global = true,
        value_enum,
        ignore_case = true,
        value_name = "FORMAT"
    )]
    format: Option<FormatName>,
    /// Short for --format json
    #[arg(long, global = true, conflicts_with = "format")]
    json: bool,
    /// In CSV and tab-separated text put an apostrophe before cells that begin with =, +, - or @,
    /// which a spreadsheet would calculate
    #[arg(long, global = true)]
    csv_safe: bool,
    /// Put a head before tab-separated rows, as CSV has one
    #[arg(long, global = true)]
    header: bool,
    /// In JSON lines leave the week out of each
    #[arg(long, global = true)]
    slim: bool,
}

impl FormatArgs {
    /// The form that was asked for; text by default.
    #[must_use]
    pub const fn form(&self) -> Form {
        Form {
            format: match self.format {
                Some(FormatName::Json) => Format::Json,
                Some(FormatName::Jsonl) => Format::Jsonl,
                Some(FormatName::Csv) => Format::Csv,
                Some(FormatName::Markdown) => Format::Markdown,
                None if self.json => Format::Json,
                Some(FormatName::Text | FormatName::Matching | FormatName::Unasked) | None => {
                    Format::Text
                }
            },
            is_given: self.json
                || !matches!(
                    self.format,
                    None | Some(FormatName::Matching | FormatName::Unasked)
                ),
            formulas: if self.csv_safe {
                Formulas::Quoted
            } else {
                Formulas::Kept
            },
            has_tab_head: self.header,
            is_slim: self.slim,
        }
    }
}

/// [`Format`] as clap lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FormatName {
    /// Columns, or tabs in a pipe.
    Text,
    /// One document.
    Json,
    /// One record a line.
    Jsonl,
    /// Comma-separated values.
    Csv,
    /// A table.
    Markdown,
    /// No format: `-o` as grep has it, in the verbs that go through logs.
    #[value(skip)]
    Matching,
    /// No format: that `-o` was not given.
    #[value(skip)]
    Unasked,
}

/// Reads `-o` of the verbs that go through logs.
///
/// # Errors
/// None for what clap hands it.
#[expect(clippy::unnecessary_wraps, reason = "the shape that clap calls")]
pub fn only_matching(given: &str) -> Result<FormatName, String> {
    Ok(match given {
        "true" => FormatName::Matching,
        _ => FormatName::Unasked,
    })
}
