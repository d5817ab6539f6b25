//! Queries from standard input: every address of every line.

use std::io;

use crate::azure::Name;
use crate::cli::lookup::lines::{Line, LineReader, MAX_LINE};
use crate::cli::lookup::{Limit, LookupJob};
use crate::cli::{Exit, Failure};
use crate::query::lookup::{Query, QueryError, QueryPlace, Subject};
use crate::query::names::tag_of;
use crate::report::Format;
use crate::text::{Found, Safe, What, cut_middle, items};

/// Words of which one is in the head of a table with one column.
const HEADS: [&str; 9] = [
    "ip", "address", "addr", "cidr", "prefix", "range", "subnet", "network", "source",
];
/// Longest head.
const LONGEST_HEAD: usize = 200;

/// The first line, while it may be the head of a table.
struct Head {
    line: usize,
    text: String,
}

impl LookupJob<'_> {
    /// Looks up every address, CIDR and range of every line; a name only where it is the whole line.
    pub(super) fn stdin(&mut self) -> Result<(), Failure> {
        self.is_list = true;
        let mut lines = LineReader::new(io::stdin().lock());
        let mut head: Option<Head> = None;
        let mut is_first = true;
        let mut number = 0;
        loop {
            // The next line may be long in coming, and its writer may wait for these answers.
            if !lines.is_ready() {
                self.console.flush()?;
            }
            let Some(line) = lines.next_line()? else {
                break;
            };
            number += 1;
            let text = match line {
                Line::Text(text) => text,
                Line::TooLong => {
                    let text = format!("longer than {MAX_LINE} bytes, not read");
                    self.problem(number, None, &text);
                    continue;
                }
            };
            if self.plain(text, number)? {
                is_first = false;
                self.end_head(head.take(), text)?;
                continue;
            }
            let trimmed = text.trim();
            // Brackets of JSON and the like hold nothing.
            let is_sign = |c: char| c.is_ascii_punctuation() || c.is_whitespace();
            if trimmed.starts_with('#') || trimmed.chars().all(is_sign) {
                continue;
            }
            let has_items = self.items(text, number)?;
            if has_items {
                self.end_head(head.take(), trimmed)?;
            } else if is_first && trimmed.len() <= LONGEST_HEAD {
                head = Some(Head {
                    line: number,
                    text: trimmed.to_owned(),
                });
            } else {
                if let Some(head) = head.take() {
                    self.name(&head.text, head.line)?;
                }
                self.name(trimmed, number)?;
            }
            is_first = false;
        }
        if let Some(head) = head.take() {
            self.name(&head.text, head.line)?;
        }
        Ok(())
    }

    /// The first line once the next one has addresses: the head of its table, or a name.
    fn end_head(&mut self, head: Option<Head>, next: &str) -> Result<(), Failure> {
        match head {
            Some(head) if !is_head(&head.text, next) => self.name(&head.text, head.line),
            _ => Ok(()),
        }
    }

    /// A line that is an address and nothing else, in the shortest way.
    fn plain(&mut self, line: &str, number: usize) -> Result<bool, Failure> {
        if !self.is_streamed() {
            return Ok(false);
        }
        let Ok(address) = line.parse() else {
            return Ok(false);
        };
        let place = QueryPlace {
            line: number,
            column: 1,
        };
        let found = self
            .writer
            .write_address(address, line, Some(place), self.console.out())?;
        let Some(best) = found else {
            return Ok(false);
        };
        self.asked += 1;
        self.written += 1;
        self.tally.add_tag(best.tag);
        Ok(true)
    }

    /// Whether answers go out as they are, row by row.
    fn is_streamed(&self) -> bool {
        let is_rows = match self.format {
            Format::Jsonl | Format::Csv => true,
            Format::Text => !self.console.is_terminal(),
            Format::Json | Format::Markdown => false,
        };
        is_rows && matches!(self.limit, Limit::None) && self.args.count_by.is_empty()
    }

    /// Looks up what a line holds; whether that was anything.
    fn items(&mut self, line: &str, number: usize) -> Result<bool, Failure> {
        let mut has_items = false;
        for found in items(line) {
            has_items = true;
            let column = 1 + line
                .get(..found.span.start)
                .unwrap_or_default()
                .chars()
                .count();
            if self.args.strict && !is_whole(&found, line) {
                self.problem(
                    number,
                    Some(column),
                    "more than one query, or words beside it",
                );
                return Ok(true);
            }
            let place = QueryPlace {
                line: number,
                column,
            };
            self.problems.read(found.readings);
            let written = line.get(found.span.clone()).unwrap_or_default();
            if let (What::Address(address), true) = (found.what, found.readings.is_plain())
                && self.is_streamed()
                && let Some(best) =
                    self.writer
                        .write_address(address, written, Some(place), self.console.out())?
            {
                self.asked += 1;
                self.written += 1;
                self.tally.add_tag(best.tag);
                continue;
            }
            match Query::of(&found, line, None) {
                Ok(query) => self.query(&query, Some(place))?,
                Err(error) => self.problem(number, Some(column), &error.to_string()),
            }
        }
        Ok(has_items)
    }

    /// A line without an address: a tag, or a name that only the network knows.
    fn name(&mut self, text: &str, number: usize) -> Result<(), Failure> {
        let place = QueryPlace {
            line: number,
            column: 1,
        };
        match self.names.resolve(text) {
            name @ Name::Tag { .. } => {
                if let Some(tag) = tag_of(&name) {
                    return self.tag(tag, text, Some(place));
                }
            }
            Name::Platform(tag) => return self.platform(tag, text, Some(place)),
            _ => {}
        }
        let shown = Safe::new(&cut_middle(text, 60));
        if text.contains(char::is_whitespace) {
            self.problem(number, None, &format!("no address in \"{shown}\""));
            return Ok(());
        }
        match Query::parse(text, self.dataset.cloud()) {
            Ok(query) if self.args.resolve => self.query(&query, Some(place)),
            Ok(query) => {
                let what = match query.subject {
                    Subject::Host(_, host) if text.contains('.') => {
                        format!("{host} is a host name; --resolve asks the network for it")
                    }
                    _ => format!("no address in \"{shown}\""),
                };
                self.problem(number, None, &what);
                Ok(())
            }
            Err(error @ QueryError::Wrong { .. }) => {
                self.problem(number, None, &error.to_string());
                Ok(())
            }
            Err(_) => {
                self.problem(number, None, &format!("no address in \"{shown}\""));
                Ok(())
            }
        }
    }

    fn problem(&mut self, line: usize, column: Option<usize>, text: &str) {
        self.asked += 1;
        self.problems.add(line, column, text);
        self.exit = self.exit.or(Exit::Failed);
    }
}

/// Whether an item is all of its line, but for white space and quotes.
fn is_whole(found: &Found, line: &str) -> bool {
    let before = line.get(..found.span.start).unwrap_or_default();
    let after = line.get(found.span.end..).unwrap_or_default();
    !format!("{before}{after}").contains(|c: char| !c.is_whitespace() && c != '"' && c != '\'')
}

/// Whether a line without an address is the head of the table that goes on with the next.
fn is_head(head: &str, next: &str) -> bool {
    let cells = |line: &str, by: char| line.matches(by).count();
    let is_table = [',', ';', '\t', '|']
        .into_iter()
        .any(|by| cells(head, by) > 0 && cells(head, by) == cells(next, by));
    let head = head.to_ascii_lowercase();
    is_table || HEADS.iter().any(|word| head.contains(word)) && head.split_whitespace().count() <= 3
}
