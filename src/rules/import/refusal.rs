//! Why a file holds no rules.

use crate::text::Safe;

/// Why a file holds no rules.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoRules {
    /// Nothing but blanks.
    #[error("is empty")]
    Empty,
    /// Not text.
    #[error("is not UTF-8 text")]
    NotText,
    /// It begins as JSON and is none.
    #[error("is not JSON ({reason})")]
    NotJson {
        /// The parser's words.
        reason: Safe,
    },
    /// JSON that a parser would follow too far.
    #[error("is nested more than 127 levels deep, which no file of rules is")]
    TooDeep,
    /// What `az -o table` prints.
    #[error(
        "is a table for people, which leaves out what rules have: az … -o json prints what is read"
    )]
    Table,
    /// Terraform's own language.
    #[error("is Terraform's language: terraform show -json prints what is read")]
    Terraform,
    /// Values of a template's parameters.
    #[error("holds the parameters of a template: give it with --parameters, beside the template")]
    Parameters,
    /// More than is read.
    #[error("has more than {limit} {what}, which no file of rules has")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The bound.
        limit: usize,
    },
    /// Text or JSON of something else.
    #[error(
        "is {found}, and no rules: expected are az acr show, az acr network-rule list, az network nsg show or rule list, rule collection groups of Azure Firewall, IP groups, route tables, ARM exports of these, or a list with one address, CIDR, range or tag a line"
    )]
    Other {
        /// What it is instead.
        found: Safe,
    },
    /// The other format of Azure CLI.
    #[error("is YAML, which is not read: the same command with -o json prints what is")]
    Yaml,
    /// A list with a word beside addresses.
    #[error(
        "has \"{found}\" in line {line}, column {column}, beside other words: a line holds tags, or addresses, CIDRs and ranges"
    )]
    Beside {
        /// The line, from 1.
        line: usize,
        /// The column of the word, from 1.
        column: usize,
        /// The word.
        found: Safe,
    },
    /// A list with a word that is no entry.
    #[error(
        "has \"{found}\" in line {line}, column {column}, which is no address, CIDR, range or tag"
    )]
    Word {
        /// The line, from 1.
        line: usize,
        /// The column of the word, from 1.
        column: usize,
        /// The word.
        found: Safe,
    },
    /// A table of which several columns could be the list.
    #[error(
        "is a table with several columns that could be the list ({names}): name one with --column"
    )]
    Columns {
        /// Their names.
        names: Safe,
    },
    /// A column that there is not.
    #[error("has no column \"{typed}\": {known}")]
    NoColumn {
        /// What was asked for.
        typed: Safe,
        /// The columns.
        known: Safe,
    },
    /// A list without any entry.
    #[error("has no address, CIDR, range or tag in any of its lines; line {line} is \"{found}\"")]
    NoEntry {
        /// The first line that is something.
        line: usize,
        /// What it is.
        found: Safe,
    },
}

/// What a text is that is neither JSON nor a list, by how it begins.
pub(super) fn foreign(start: &str) -> Option<NoRules> {
    let other = |found: String| {
        let found = Safe::from(found);
        Some(NoRules::Other { found })
    };
    if start.starts_with('<') {
        return other("an HTML or XML page".to_owned());
    }
    if start.starts_with('"') || ["true", "false", "null"].contains(&start.trim_end()) {
        return other("a single JSON value".to_owned());
    }
    let mut lines = start.lines();
    let line = lines.next().unwrap_or_default();
    let is_rule =
        |line: &str| line.contains("--") && line.bytes().all(|b| matches!(b, b'-' | b' '));
    if lines.next().is_some_and(is_rule) {
        return Some(NoRules::Table);
    }
    if [
        "resource \"",
        "terraform {",
        "module \"",
        "provider \"",
        "variable \"",
        "locals {",
    ]
    .iter()
    .any(|word| line.starts_with(word))
    {
        return Some(NoRules::Terraform);
    }
    let begins = |word: &str| {
        let head = line.get(..word.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(word))
    };
    let said = ["error:", "error ", "warning:", "az:", "traceback", "usage:"];
    let line: String = line.chars().take(60).collect();
    if said.into_iter().any(begins) {
        return other(format!("a message (\"{line}\")"));
    }
    is_yaml(start).then_some(NoRules::Yaml)
}

/// Whether a text begins as a document or with two keys, each with a value or alone.
fn is_yaml(start: &str) -> bool {
    let is_key = |line: &str| {
        let line = line.trim_start().trim_start_matches("- ");
        let Some((key, rest)) = line.split_once(':') else {
            return false;
        };
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        key.starts_with(|c: char| c.is_ascii_alphabetic())
            && key.chars().all(is_word)
            && (rest.is_empty() || rest.starts_with(' '))
    };
    let mut lines = start.lines().filter(|line| !line.trim().is_empty());
    let first = lines.next().unwrap_or_default();
    first.trim_end() == "---" || is_key(first) && lines.next().is_some_and(is_key)
}
