//! Answers as bytes: text, JSON, CSV, Markdown.

mod delimited;
mod json;
mod markdown;
mod review;
mod table;
mod ticket;

pub use delimited::{write_csv, write_tabs};
pub use json::{write_json, write_json_line};
pub use markdown::write_markdown;
pub use review::{Named, write_review};
pub use table::{TableStyle, write_table};
pub use ticket::write_ticket;

/// The forms in which an answer can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Columns for people, tabs for pipes.
    Text,
    /// One indented document.
    Json,
    /// One document a line.
    Jsonl,
    /// Comma-separated values with a head.
    Csv,
    /// A table for a ticket or a pull request.
    Markdown,
}
