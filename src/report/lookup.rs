//! Lookups one after the other, as they stream through.
//!
//! What a row or document says of a tag is the same for every address in it: it is rendered once, so
//! that a long list is mostly copied.

use std::cell::OnceCell;
use std::io::{self, Write};
use std::net::IpAddr;
use std::ops::Range;
use std::rc::Rc;

use crate::azure::Numbers;
use crate::azure::Specials;
use crate::index::{Hit, TagId, View};
use crate::query::lookup::{LookupAnswer, Match, QueryPlace, Relation};
use crate::query::{Cell, ColumnSpec, Dataset, Sheet, WeekRecord};
use crate::report::{Form, Format, Formulas, write_csv, write_json_line, write_tabs};
use crate::space::{AddressSet, Block, Family, Span, bits};

/// Longest query that is written without a look at what it holds.
const PLAIN: usize = 45;
/// Where a range of columns goes to the last.
const ALL: usize = usize::MAX;

/// Writes lookups as rows or documents.
pub struct LookupWriter<'a> {
    view: View<'a>,
    dataset: &'a Dataset,
    specials: &'a Specials,
    /// Addresses of which more is to be said than their tags; a list asks for them.
    special: OnceCell<AddressSet>,
    week: Option<&'a WeekRecord>,
    format: Format,
    formulas: Formulas,
    is_best: bool,
    has_head: bool,
    /// Whether tab-separated rows have a head.
    wants_tab_head: bool,
    kept: Kept,
    /// The answer that is being put together.
    line: Vec<u8>,
}

/// What is the same in many answers.
#[derive(Default)]
struct Kept {
    /// What is said of each tag, as far as it was needed.
    tags: Vec<Option<Rc<Around>>>,
    /// What stands around a row's prefix, by its family and length.
    prefixes: Vec<Option<Rc<Around>>>,
    /// What stands around the matches of a document.
    matches: Option<Rc<Around>>,
}

/// What is written before and behind something.
struct Around {
    before: Vec<u8>,
    behind: Vec<u8>,
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
        let view = dataset.view();
        Self {
            view,
            dataset,
            specials,
            special: OnceCell::new(),
            week,
            format,
            formulas: Formulas::default(),
            is_best,
            has_head: false,
            wants_tab_head: false,
            kept: Kept::default(),
            line: Vec::new(),
        }
    }

    /// The same in this form.
    #[must_use]
    pub fn with_form(self, form: Form) -> Self {
        Self {
            formulas: form.formulas,
            wants_tab_head: form.has_tab_head,
            ..self
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
                write_csv(
                    &Part::new(&sheet, 0..ALL, place),
                    has_head,
                    self.formulas,
                    out,
                )
            }
            _ => {
                let has_head = self.wants_tab_head && !std::mem::replace(&mut self.has_head, true);
                write_tabs(&sheet, has_head, self.formulas, out)
            }
        }
    }

    /// Writes the head of CSV where no answer has brought it; with columns for places where answers
    /// would have them.
    ///
    /// # Errors
    /// The writer's.
    pub fn finish(&mut self, has_places: bool, out: &mut impl Write) -> io::Result<()> {
        if self.format != Format::Csv || self.has_head {
            return Ok(());
        }
        self.has_head = true;
        let nothing = LookupAnswer::of_name("", "", None);
        let sheet = nothing.sheet(self.dataset);
        let place = has_places.then_some(QueryPlace { line: 1, column: 1 });
        let head = Part {
            has_rows: false,
            ..Part::new(&sheet, 0..ALL, place)
        };
        write_csv(&head, true, self.formulas, out)
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
    ) -> io::Result<Option<TagId>> {
        let (family, number) = bits(address);
        let mut hits = self.view.hits(self.view.lookup(family, number));
        let Some(best) = hits.next() else {
            return Ok(None);
        };
        let special = || self.specials.addresses(|_| true);
        let is_special = self.special.get_or_init(special).holds(Span::of(address));
        let is_ordinary = !is_special && self.dataset.others().is_empty();
        let is_plain = text.len() <= PLAIN && is_ordinary;
        let wants_head = self.format == Format::Csv || self.wants_tab_head;
        if !is_plain || wants_head && !self.has_head && self.format != Format::Jsonl {
            return Ok(None);
        }
        self.line.clear();
        let is_best = self.is_best;
        let others = hits.filter(move |_| !is_best);
        let all = std::iter::once(best).chain(others);
        if self.format == Format::Jsonl {
            self.document(address, text, place, all)?;
        } else {
            for hit in all {
                self.row(address, text, place, hit)?;
            }
        }
        out.write_all(&self.line)?;
        Ok(Some(best.tag))
    }

    /// A row: the query, the address of a host, the prefix, its size, then what is said of the tag.
    fn row(
        &mut self,
        address: IpAddr,
        text: &str,
        place: Option<QueryPlace>,
        hit: Hit,
    ) -> io::Result<()> {
        let found = found(address, hit);
        let prefix = match self.kept.prefix(found.prefix) {
            Some(prefix) => prefix,
            None => self.keep_prefix(found)?,
        };
        let tag = match self.kept.tag(hit.tag) {
            Some(tag) => tag,
            None => self.keep_tag(found)?,
        };
        let line = &mut self.line;
        push_query(line, address, text);
        line.extend_from_slice(&prefix.before);
        push_block(line, found.prefix);
        line.extend_from_slice(&prefix.behind);
        line.extend_from_slice(&tag.behind);
        if let Some(place) = place.filter(|_| self.format == Format::Csv) {
            line.push(b',');
            push_number(line, place.line);
            line.push(b',');
            push_number(line, place.column);
        }
        line.push(if self.format == Format::Csv {
            b','
        } else {
            b'\t'
        });
        line.extend_from_slice(&tag.before);
        line.push(b'\n');
        Ok(())
    }

    fn keep_tag(&mut self, found: Match) -> io::Result<Rc<Around>> {
        let around = Around {
            before: self.numbers(found).as_bytes().to_vec(),
            behind: self.cells(found, 4..ALL)?,
        };
        Ok(self.kept.keep_tag(found.tag, around))
    }

    /// Between the query and the prefix stands the address of a host, behind it its size.
    fn keep_prefix(&mut self, found: Match) -> io::Result<Rc<Around>> {
        let separator: &[u8] = if self.format == Format::Csv {
            b","
        } else {
            b"\t"
        };
        let between = |cells: Vec<u8>| [separator, &cells, separator].concat();
        let around = Rc::new(Around {
            before: between(self.cells(found, 1..2)?),
            behind: between(self.cells(found, 3..4)?),
        });
        keep(&mut self.kept.prefixes, place(found.prefix), &around);
        Ok(around)
    }

    /// Where a match's changeNumber is from.
    fn numbers(&self, found: Match) -> &'static str {
        let answer = LookupAnswer::of_match(found);
        let numbers = answer.sheet(self.dataset).numbers(0);
        numbers.map_or("", Numbers::word)
    }

    /// Some columns of a match, as a row has them.
    fn cells(&self, found: Match, columns: Range<usize>) -> io::Result<Vec<u8>> {
        let answer = LookupAnswer::of_match(found);
        let sheet = answer.sheet(self.dataset);
        let part = Part::new(&sheet, columns, None).inner();
        let mut bytes = Vec::new();
        if self.format == Format::Csv {
            write_csv(&part, false, self.formulas, &mut bytes)?;
        } else {
            write_tabs(&part, false, self.formulas, &mut bytes)?;
        }
        bytes.pop();
        // A record of one empty field is quoted, lest it be an empty line.
        if bytes == b"\"\"" {
            bytes.clear();
        }
        Ok(bytes)
    }

    /// A document: the query and its place, then what is said of each tag, with its prefix within.
    fn document(
        &mut self,
        address: IpAddr,
        text: &str,
        place: Option<QueryPlace>,
        hits: impl Iterator<Item = Hit>,
    ) -> io::Result<()> {
        self.line
            .extend_from_slice(b"{\"schemaVersion\":1,\"query\":\"");
        push_query(&mut self.line, address, text);
        self.line.extend_from_slice(b"\",\"text\":\"");
        self.line.extend_from_slice(text.as_bytes());
        self.line.push(b'"');
        if let Some(place) = place {
            self.line.extend_from_slice(b",\"line\":");
            push_number(&mut self.line, place.line);
            self.line.extend_from_slice(b",\"column\":");
            push_number(&mut self.line, place.column);
        }
        self.line.push(b',');
        for (number, hit) in hits.enumerate() {
            let tag = match self.kept.tag(hit.tag) {
                Some(tag) => tag,
                None => self.keep_match(found(address, hit))?,
            };
            match (number, &self.kept.matches) {
                (0, Some(matches)) => self.line.extend_from_slice(&matches.before),
                _ => self.line.push(b','),
            }
            self.line.extend_from_slice(&tag.before);
            push_block(&mut self.line, found(address, hit).prefix);
            self.line.extend_from_slice(&tag.behind);
        }
        if let Some(matches) = &self.kept.matches {
            self.line.extend_from_slice(&matches.behind);
        }
        Ok(())
    }

    /// Takes a document with one match apart: at the match, and within it at the prefix. What is
    /// searched for has quotes, which a string has only escaped.
    fn keep_match(&mut self, found: Match) -> io::Result<Rc<Around>> {
        let answer = LookupAnswer::of_match(found);
        let mut document = Vec::new();
        write_json_line(&answer.found_record(self.week, self.dataset), &mut document)?;
        let document = document.get(1..).unwrap_or_default();
        let (before, matches) = split(document, b"\"matches\":[")?;
        let (matches, behind) = matches.split_at(split(matches, b"],\"nearest\":")?.0.len());
        if self.kept.matches.is_none() {
            let mut before = before.to_vec();
            before.extend_from_slice(b"\"matches\":[");
            self.kept.matches = Some(Rc::new(Around {
                before,
                behind: behind.to_vec(),
            }));
        }
        let name = b"\"prefix\":\"";
        let prefix = format!("{}\"", found.prefix);
        let (before, _) = split(matches, &[name, prefix.as_bytes()].concat())?;
        let (before, behind) = matches.split_at(before.len() + name.len());
        let behind = behind.get(prefix.len() - 1..).unwrap_or_default();
        let around = Around {
            before: before.to_vec(),
            behind: behind.to_vec(),
        };
        Ok(self.kept.keep_tag(found.tag, around))
    }
}

impl Kept {
    fn tag(&self, tag: TagId) -> Option<Rc<Around>> {
        self.tags.get(tag.place())?.clone()
    }

    fn keep_tag(&mut self, tag: TagId, around: Around) -> Rc<Around> {
        let around = Rc::new(around);
        keep(&mut self.tags, tag.place(), &around);
        around
    }

    fn prefix(&self, prefix: Block) -> Option<Rc<Around>> {
        self.prefixes.get(place(prefix))?.clone()
    }
}

fn keep(all: &mut Vec<Option<Rc<Around>>>, place: usize, around: &Rc<Around>) {
    if all.len() <= place {
        all.resize(place + 1, None);
    }
    if let Some(slot) = all.get_mut(place) {
        *slot = Some(Rc::clone(around));
    }
}

/// The place of a prefix's family and length among [`Kept::prefixes`].
fn place(prefix: Block) -> usize {
    let below = match prefix.family() {
        Family::V4 => 0,
        Family::V6 => usize::from(Family::V4.bits()) + 1,
    };
    below + usize::from(prefix.length())
}

fn found(address: IpAddr, hit: Hit) -> Match {
    let (family, number) = bits(address);
    Match {
        tag: hit.tag,
        prefix: Block::holding(family, number, hit.length),
        relation: Relation::Covers,
    }
}

/// What stands before and behind a text within another.
fn split<'a>(bytes: &'a [u8], by: &[u8]) -> io::Result<(&'a [u8], &'a [u8])> {
    let missing = || io::Error::other("a document without its matches");
    let place = memchr::memmem::find(bytes, by).ok_or_else(missing)?;
    let (before, behind) = bytes.split_at(place);
    Ok((before, behind.get(by.len()..).unwrap_or_default()))
}

/// The address as it is usually written; an IPv4 address has one form.
fn push_query(line: &mut Vec<u8>, address: IpAddr, text: &str) {
    match address {
        IpAddr::V4(_) => line.extend_from_slice(text.as_bytes()),
        IpAddr::V6(address) => line.extend_from_slice(address.to_string().as_bytes()),
    }
}

fn push_block(line: &mut Vec<u8>, block: Block) {
    match block.family().address(block.first()) {
        IpAddr::V4(address) => {
            for (place, octet) in address.octets().into_iter().enumerate() {
                if place > 0 {
                    line.push(b'.');
                }
                push_octet(line, octet);
            }
            line.push(b'/');
            push_octet(line, block.length());
        }
        IpAddr::V6(_) => line.extend_from_slice(block.to_string().as_bytes()),
    }
}

/// A small number, of which a row has five.
fn push_octet(line: &mut Vec<u8>, octet: u8) {
    let digits = [
        b'0' + octet / 100,
        b'0' + octet / 10 % 10,
        b'0' + octet % 10,
    ];
    let from = usize::from(octet < 100) + usize::from(octet < 10);
    line.extend_from_slice(digits.get(from..).unwrap_or_default());
}

fn push_number(line: &mut Vec<u8>, number: impl itoa::Integer) {
    line.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// Some columns of a table, and the place of the query behind the last.
struct Part<'a, S> {
    sheet: &'a S,
    from: usize,
    own: usize,
    columns: Vec<ColumnSpec>,
    place: Option<QueryPlace>,
    /// Whether a row ends with it.
    is_last: bool,
    /// Whether there is more than the head.
    has_rows: bool,
}

impl<'a, S: Sheet> Part<'a, S> {
    fn new(sheet: &'a S, kept: Range<usize>, place: Option<QueryPlace>) -> Self {
        let from = kept.start;
        let kept = from..kept.end.min(sheet.columns().len());
        let mut columns = sheet.columns().get(kept).unwrap_or_default().to_vec();
        let own = columns.len();
        if place.is_some() {
            columns.push(ColumnSpec::number("line", "line"));
            columns.push(ColumnSpec::number("column", "column"));
        }
        Self {
            sheet,
            from,
            own,
            columns,
            place,
            is_last: true,
            has_rows: true,
        }
    }

    /// A part with which no row ends.
    fn inner(self) -> Self {
        Self {
            is_last: false,
            ..self
        }
    }
}

impl<S: Sheet> Sheet for Part<'_, S> {
    fn columns(&self) -> &[ColumnSpec] {
        &self.columns
    }

    fn len(&self) -> usize {
        if self.has_rows { self.sheet.len() } else { 0 }
    }

    fn has_numbers(&self) -> bool {
        self.is_last && self.columns.iter().any(|column| column.is_change)
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        match (column.checked_sub(self.own), self.place) {
            (None, _) => self.sheet.cell(row, column + self.from),
            (Some(0), Some(place)) => Cell::Number(place.line),
            (Some(1), Some(place)) => Cell::Number(place.column),
            _ => Cell::None,
        }
    }
}
