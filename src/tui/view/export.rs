//! A view as a file: its forms, and how an answer is written in one of them.

use serde::Serialize;

use crate::query::Sheet;
use crate::report::{Formulas, write_csv, write_json, write_json_line, write_markdown, write_tabs};
use crate::text::Safe;
use crate::tui::overlay::Export;

/// What a view says of which nothing can be fitted or made into rules.
pub const NOTHING: &str =
    "rules are made from tags, a plan or rules: 1, 3 or 4 opens a view with them";
/// What a view says of which nothing can be fitted.
pub const NOT_FITTED: &str = "tags and rules are fitted: 1 or 4 opens a view with them";

/// The forms of a table.
pub const TABLE: [(&str, &str); 4] = [
    ("csv", "this view as a table"),
    ("json", "this view as the document of --json"),
    ("md", "this view as a table for a ticket"),
    ("txt", "this view as columns with tabs"),
];
/// The same, the text for a ticket first.
pub const TICKET: [(&str, &str); 4] = [
    ("md", "this view as a text for a ticket"),
    ("csv", "this view as a table"),
    ("json", "this view as the document of --json"),
    ("txt", "this view as columns with tabs"),
];

/// The same of a comparison.
pub const REVIEW: [(&str, &str); 4] = [
    ("md", "these changes as a review for a ticket"),
    ("csv", "these changes as a table"),
    ("json", "these changes as the document of --json"),
    ("txt", "these changes as columns with tabs"),
];

/// The forms with their names: all of one base.
pub fn exports(name: &str, forms: &[(&'static str, &'static str)]) -> Vec<Export> {
    let export = |&(form, title): &(&'static str, &'static str)| Export {
        title,
        form,
        name: format!("{name}.{form}"),
    };
    forms.iter().map(export).collect()
}

/// An answer in the form that a file's ending names.
///
/// # Errors
/// No such form.
pub fn written(sheet: &impl Sheet, record: &impl Serialize, form: &str) -> Result<Vec<u8>, Safe> {
    let mut bytes = Vec::new();
    let done = match form {
        "csv" => write_csv(sheet, true, Formulas::Kept, &mut bytes),
        "json" => write_json(record, &mut bytes),
        "jsonl" => write_json_line(record, &mut bytes),
        "md" | "markdown" => write_markdown(sheet, true, &mut bytes),
        "txt" | "tsv" => write_tabs(sheet, false, Formulas::Kept, &mut bytes),
        _ => return Err(unknown_form()),
    };
    done.map(|()| bytes)
        .map_err(|error| Safe::from(error.to_string()))
}

/// What is said of a file's ending that names no form.
pub fn unknown_form() -> Safe {
    Safe::new("the file's ending says the form: .csv, .json, .jsonl, .md, .txt")
}
