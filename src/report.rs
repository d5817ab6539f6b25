//! Answers as bytes: text, JSON, CSV, Markdown.

mod bold;
mod bounded;
mod delimited;
mod explained;
mod findings;
mod fit;
mod flows;
mod impact;
mod impact_text;
mod json;
mod lookup;
mod markdown;
mod md;
mod reference;
mod review;
mod runbook;
mod table;
mod ticket;
mod verdict;

pub use bold::bold;
pub use bounded::LEAST_BYTES;
pub use delimited::{Formulas, write_csv, write_tabs};
pub use explained::{write_explained, write_explained_markdown};
pub use findings::{write_check, write_findings, write_findings_markdown};
pub use fit::{write_fit, write_fit_markdown};
pub use flows::write_flows_markdown;
pub use impact::{Texts, write_impact, write_patch};
pub use impact_text::write_impact_text;
pub use json::{write_json, write_json_line};
pub use lookup::LookupWriter;
pub use markdown::{MarkdownAnswers, MarkdownPage, write_markdown};
pub use md::Md;
pub use reference::write_topics;
pub use review::{NamedWeeks, write_review};
pub use runbook::write_runbook;
pub use table::{TableStyle, write_table};
pub use ticket::write_ticket;
pub use verdict::write_verdict_markdown;

/// The forms in which an answer can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Columns for people, tabs for pipes.
    Text,
    /// One indented document.
    Json,
    /// One record a line.
    Jsonl,
    /// Comma-separated values with a head.
    Csv,
    /// A table for a ticket or a pull request.
    Markdown,
}

/// How an answer is written.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// The format; text where none was asked for.
    pub format: Format,
    /// Whether one was asked for.
    pub is_given: bool,
    /// What is done with cells that a spreadsheet would calculate.
    pub formulas: Formulas,
    /// Whether tab-separated rows have a head.
    pub has_tab_head: bool,
    /// Whether lines of JSON leave the week out.
    pub is_slim: bool,
}
