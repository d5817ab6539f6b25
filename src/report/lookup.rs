//! Lookups one after the other, as they stream through.
//!
//! Addresses of one prefix differ in nothing but themselves: what stands behind the query in a row or
//! a document is kept for each prefix, so that a long list is mostly copied.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{self, Write};
use std::net::IpAddr;
use std::ops::Range;

use crate::azure::Specials;
use crate::index::{Node, View};
use crate::query::lookup::{LookupAnswer, Match, Query, QueryPlace, ask};
use crate::query::{Cell, ColumnSpec, Dataset, Sheet, WeekRecord};
use crate::report::{Format, write_csv, write_json_line, write_tabs};
use crate::space::{AddressSet, Block, Span, bits};

/// Bytes that are kept; a list over all prefixes takes more and begins anew.
const KEPT: usize = 8 << 20;
/// Longest query that is written without a look at what it holds.
const PLAIN: usize = 45;

/// Writes lookups as rows or documents.
pub struct LookupWriter<'a> {
    view: View<'a>,
    dataset: &'a Dataset,
    specials: &'a Specials,
    /// Addresses of which more is to be said than their tags.
    special: AddressSet,
    week: Option<&'a WeekRecord>,
    format: Format,
    is_best: bool,
    has_head: bool,
    kept: HashMap<(Node, Block), Kept>,
    bytes: Vec<u8>,
    scratch: Vec<u8>,
}

/// What stands behind the query, and the most specific tag.
#[derive(Clone)]
struct Kept {
    bytes: Range<usize>,
    best: Match,
}

impl<'a> LookupWriter<'a> {
    /// Takes the data; without a week the documents of JSON Lines leave it out. With `is_best` a query
    /// has one row.
    #[must_use]
    pub fn new(
        dataset: &'a Dataset,
        specials: &'a Specials,
        week: Option<&'a WeekRecord>,
        format: Format,
        is_best: bool,
    ) -> Self {
        Self {
            view: dataset.view(),
            dataset,
            specials,
            special: specials.addresses(|_| true),
            week,
            format,
            is_best,
            has_head: false,
            kept: HashMap::new(),
            bytes: Vec::new(),
            scratch: Vec::new(),
        }
    }

    /// Writes an answer: tab-separated rows, comma-separated rows with a head, or a document a line.
    /// Only the latter two have a place for `place`.
    ///
    /// # Errors
    /// The writer's.
    pub fn write(
        &mut self,
        answer: &LookupAnswer,
        place: Option<QueryPlace>,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let sheet = answer.sheet(self.dataset);
        match self.format {
            Format::Jsonl => {
                let record = answer.record(self.week, place, self.dataset);
                write_json_line(&record, out)
            }
            Format::Csv => {
                let has_head = !std::mem::replace(&mut self.has_head, true);
                write_csv(&Part::new(&sheet, 0, place), has_head, out)
            }
            _ => write_tabs(&sheet, out),
        }
    }

    /// Writes a plain address that is in a tag as [`LookupWriter::write`] does, and gives its most
    /// specific tag; `None` where it is for [`LookupWriter::write`].
    ///
    /// # Errors
    /// The writer's.
    pub fn write_address(
        &mut self,
        address: IpAddr,
        text: &str,
        place: Option<QueryPlace>,
        out: &mut impl Write,
    ) -> io::Result<Option<Match>> {
        let span = Span::of(address);
        let (family, number) = bits(address);
        let node = self.view.lookup(family, number);
        let Some(longest) = self.view.hits(node).next() else {
            return Ok(None);
        };
        if text.len() > PLAIN || self.special.holds(span) {
            return Ok(None);
        }
        let key = (node, Block::holding(family, number, longest.length));
        let kept = match self.kept.get(&key) {
            Some(kept) => kept.clone(),
            None => match self.keep(address, text)? {
                Some(kept) => {
                    self.kept.insert(key, kept.clone());
                    kept
                }
                None => return Ok(None),
            },
        };
        let behind = self.bytes.get(kept.bytes).unwrap_or_default();
        let best = kept.best;
        // An IPv4 address has one form.
        let query = match address {
            IpAddr::V4(_) => Cow::Borrowed(text),
            IpAddr::V6(_) => Cow::Owned(address.to_string()),
        };
        match self.format {
            Format::Jsonl => {
                out.write_all(b"{\"schemaVersion\":1,\"query\":\"")?;
                out.write_all(query.as_bytes())?;
                out.write_all(b"\",\"text\":\"")?;
                out.write_all(text.as_bytes())?;
                out.write_all(b"\"")?;
                if let Some(place) = place {
                    write!(out, ",\"line\":{},\"column\":{}", place.line, place.column)?;
                }
                out.write_all(b",")?;
                out.write_all(behind.get(1..).unwrap_or_default())?;
            }
            Format::Csv => {
                if !std::mem::replace(&mut self.has_head, true) {
                    let query = Query::of_address(address, text);
                    let answer = ask(&query, self.dataset, self.specials);
                    let sheet = answer.sheet(self.dataset);
                    write_csv(&Part::new(&Head(&sheet), 0, place), true, out)?;
                }
                for row in rows(behind) {
                    out.write_all(query.as_bytes())?;
                    out.write_all(b",")?;
                    match place {
                        None => out.write_all(row)?,
                        Some(place) => {
                            out.write_all(row.strip_suffix(b"\n").unwrap_or(row))?;
                            writeln!(out, ",{},{}", place.line, place.column)?;
                        }
                    }
                }
            }
            _ => {
                for row in rows(behind) {
                    out.write_all(query.as_bytes())?;
                    out.write_all(b"\t")?;
                    out.write_all(row)?;
                }
            }
        }
        Ok(Some(best))
    }

    fn keep(&mut self, address: IpAddr, text: &str) -> io::Result<Option<Kept>> {
        let mut answer = ask(
            &Query::of_address(address, text),
            self.dataset,
            self.specials,
        );
        if self.is_best {
            answer = answer.best_only();
        }
        let Some(best) = answer.best() else {
            return Ok(None);
        };
        self.scratch.clear();
        let sheet = answer.sheet(self.dataset);
        let part = Part::new(&sheet, 1, None);
        match self.format {
            Format::Jsonl => {
                let record = answer.found_record(self.week, self.dataset);
                write_json_line(&record, &mut self.scratch)?;
            }
            Format::Csv => write_csv(&part, false, &mut self.scratch)?,
            _ => write_tabs(&part, &mut self.scratch)?,
        }
        if self.bytes.len() + self.scratch.len() > KEPT {
            self.bytes.clear();
            self.kept.clear();
        }
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&self.scratch);
        Ok(Some(Kept {
            bytes: start..self.bytes.len(),
            best,
        }))
    }
}

/// The lines of some bytes, each with its end.
fn rows(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut at = 0;
    memchr::memchr_iter(b'\n', bytes).filter_map(move |end| {
        let row = bytes.get(at..=end);
        at = end + 1;
        row
    })
}

/// A table without its first columns, and with the place of the query behind the last.
struct Part<'a, S> {
    sheet: &'a S,
    from: usize,
    columns: Vec<ColumnSpec>,
    place: Option<QueryPlace>,
}

impl<'a, S: Sheet> Part<'a, S> {
    fn new(sheet: &'a S, from: usize, place: Option<QueryPlace>) -> Self {
        let mut columns = sheet.columns().get(from..).unwrap_or_default().to_vec();
        if place.is_some() {
            columns.push(ColumnSpec::number("line", "line"));
            columns.push(ColumnSpec::number("column", "column"));
        }
        Self {
            sheet,
            from,
            columns,
            place,
        }
    }
}

impl<S: Sheet> Sheet for Part<'_, S> {
    fn columns(&self) -> &[ColumnSpec] {
        &self.columns
    }

    fn len(&self) -> usize {
        self.sheet.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let own = self.sheet.columns().len() - self.from;
        match (column.checked_sub(own), self.place) {
            (None, _) => self.sheet.cell(row, column + self.from),
            (Some(0), Some(place)) => Cell::Number(place.line),
            (Some(1), Some(place)) => Cell::Number(place.column),
            _ => Cell::None,
        }
    }
}

/// A table without its rows.
struct Head<'a, S>(&'a S);

impl<S: Sheet> Sheet for Head<'_, S> {
    fn columns(&self) -> &[ColumnSpec] {
        self.0.columns()
    }

    fn len(&self) -> usize {
        0
    }

    fn cell(&self, _: usize, _: usize) -> Cell<'_> {
        Cell::None
    }
}
