//! Queries from standard input: every address of every line.

use std::io::Read;
use std::net::IpAddr;

use crate::cli::lookup::lines::{Line, LineReader, MAX_LINE};
use crate::cli::lookup::{Limit, LookupJob};
use crate::cli::{Exit, Failure};
use crate::query::lookup::{ListEntry, ListItem, ListReader, QueryPlace};
use crate::report::Format;

impl LookupJob<'_> {
    /// Looks up every address, CIDR and range of every line; a name only where it is the whole line.
    pub(super) fn stream(&mut self, input: impl Read) -> Result<(), Failure> {
        self.is_list = true;
        let mut lines = LineReader::new(input);
        let mut list = ListReader::default();
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
            match line {
                Line::Text(text) if self.plain(text, number)? => {
                    if let Some(item) = list.end_head(Some(text), self.names) {
                        self.item(&item)?;
                    }
                }
                Line::Text(text) => {
                    let items = list.line(text, number, self.names);
                    self.items(&items, text, number)?;
                }
                Line::TooLong => {
                    let text = format!("longer than {MAX_LINE} bytes, not read");
                    self.problem(number, None, &text);
                }
            }
        }
        match list.end_head(None, self.names) {
            Some(item) => self.item(&item),
            None => Ok(()),
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
        self.write_plain(address, line, place)
    }

    /// Writes an address as its rows are kept; whether that was possible.
    fn write_plain(
        &mut self,
        address: IpAddr,
        text: &str,
        place: QueryPlace,
    ) -> Result<bool, Failure> {
        if !self.is_streamed() {
            return Ok(false);
        }
        let out = self.console.out();
        let Some(best) = self.writer.write_address(address, text, Some(place), out)? else {
            return Ok(false);
        };
        self.asked += 1;
        self.written += 1;
        self.tally.add_tag(best);
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

    /// Looks up what a line holds.
    fn items(&mut self, items: &[ListItem], line: &str, number: usize) -> Result<(), Failure> {
        let of_line = items.iter().filter(|item| item.place.line == number);
        let mut queries = of_line.filter_map(|item| match &item.entry {
            ListEntry::Span(query) => Some((query, item.place.column)),
            _ => None,
        });
        // A line before it that turned out to be no head is a problem of its own.
        if self.args.strict
            && let Some((query, column)) = queries.next()
            && (queries.next().is_some() || !is_whole(&query.text, line))
        {
            for item in items.iter().filter(|item| item.place.line != number) {
                self.item(item)?;
            }
            self.problem(
                number,
                Some(column),
                "more than one query, or words beside it",
            );
            return Ok(());
        }
        items.iter().try_for_each(|item| self.item(item))
    }

    fn item(&mut self, item: &ListItem) -> Result<(), Failure> {
        let place = item.place;
        match &item.entry {
            ListEntry::Span(query) => {
                self.problems.read(query.readings);
                match query.plain_address() {
                    Some(address) if self.write_plain(address, &query.text, place)? => Ok(()),
                    _ => self.query(query, Some(place)),
                }
            }
            ListEntry::Tag(tag, text) => self.tag(*tag, text, Some(place)),
            ListEntry::Platform(tag, text) => self.platform(*tag, text, Some(place)),
            ListEntry::Host(query) | ListEntry::Nothing(_, Some(query)) if self.args.resolve => {
                self.query(query, Some(place))
            }
            ListEntry::Host(query) => {
                let host = query.canonical();
                let text = format!("{host} is a host name; --resolve asks the network for it");
                self.problem(place.line, None, &text);
                Ok(())
            }
            ListEntry::Wrong(_, reason) => {
                self.problem(place.line, Some(place.column), reason.as_str());
                Ok(())
            }
            ListEntry::Nothing(text, _) => {
                self.problem(place.line, None, &format!("no address in \"{text}\""));
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

/// Whether a text is all of its line, but for white space and quotes.
fn is_whole(text: &str, line: &str) -> bool {
    line.trim_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'') == text
}
