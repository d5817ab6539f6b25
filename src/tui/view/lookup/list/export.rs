//! The table of several queries as a file: what `tagscope lookup` writes for the same text.

use std::io;

use crate::query::Dataset;
use crate::query::lookup::{ListEntry, LookupAnswer, PlatformRecord, Query, QueryPlace, ask};
use crate::query::{WeekRecord, show};
use crate::report::{Format, LookupWriter, MarkdownAnswers, Md, write_json, write_json_line};
use crate::text::Safe;
use crate::tui::session::Session;
use crate::tui::view::lookup::list::QueryList;

/// Most bytes of a file; blocks may name every prefix there is, each time anew.
const MOST: usize = 64 << 20;

/// Writes one entry after the other.
struct ListFile<'a> {
    session: &'a Session,
    week: &'a WeekRecord,
    format: Format,
    writer: LookupWriter<'a>,
    bytes: Vec<u8>,
    /// What is written so far as Markdown.
    page: MarkdownAnswers,
    written: usize,
}

/// The file in the form that its ending names.
pub fn bytes(list: &QueryList, form: &str, session: &Session) -> Result<Vec<u8>, Safe> {
    let format = match form {
        "csv" => Format::Csv,
        "json" => Format::Json,
        "jsonl" => Format::Jsonl,
        "md" | "markdown" => Format::Markdown,
        "txt" | "tsv" => Format::Text,
        _ => return Err(crate::tui::view::export::unknown_form()),
    };
    let week = session.dataset.record();
    let (dataset, specials) = (&session.dataset, &session.facts.specials);
    let mut file = ListFile {
        session,
        week: &week,
        format,
        writer: LookupWriter::new(dataset, specials, Some(&week), format, false),
        bytes: Vec::new(),
        page: MarkdownAnswers::default(),
        written: 0,
    };
    for item in &list.items {
        // Documents of an array have their order.
        let has_place = list.is_pasted && format != Format::Json;
        let place = has_place.then_some(item.place);
        file.entry(&item.entry, place)
            .map_err(|error| Safe::from(error.to_string()))?;
        if file.bytes.len() > MOST {
            let text = "the blocks hold too many prefixes for a file from here; tagscope lookup - \
                        writes any number";
            return Err(Safe::new(text));
        }
    }
    if format == Format::Json {
        file.close(list.len());
    }
    Ok(file.bytes)
}

impl ListFile<'_> {
    fn entry(&mut self, entry: &ListEntry, place: Option<QueryPlace>) -> io::Result<()> {
        match entry {
            ListEntry::Span(query) => self.query(query, place),
            ListEntry::Tag(tag, text) => self.tag(*tag, text, place),
            ListEntry::Platform(tag, text) => match self.format {
                Format::Json | Format::Jsonl => {
                    self.document(&PlatformRecord::of(*tag, text, place))
                }
                Format::Markdown => {
                    let sentence = Md::text(&tag.sentence(text));
                    self.page.sentence(&sentence, &mut self.bytes)
                }
                Format::Text | Format::Csv => {
                    let answer = LookupAnswer::of_name(tag.name(), text, None);
                    self.writer.write(&answer, place, &mut self.bytes)
                }
            },
            // A problem, which is said and not written.
            ListEntry::Host(_) | ListEntry::Wrong(..) | ListEntry::Nothing(..) => Ok(()),
        }
    }

    fn query(&mut self, query: &Query, place: Option<QueryPlace>) -> io::Result<()> {
        let dataset = &self.session.dataset;
        let answer = ask(query, dataset, &self.session.facts.specials);
        match self.format {
            Format::Json => self.document(&answer.record(Some(self.week), place, dataset)),
            Format::Markdown => self.table(&answer, dataset),
            _ => self.writer.write(&answer, place, &mut self.bytes),
        }
    }

    fn tag(
        &mut self,
        tag: crate::index::TagId,
        text: &str,
        place: Option<QueryPlace>,
    ) -> io::Result<()> {
        let session = self.session;
        let (row, about) = (
            session.dataset.view().tag(tag),
            show::ask(tag, &session.dataset, &session.facts),
        );
        let Some((row, about)) = row.zip(about) else {
            return Ok(());
        };
        let answer = LookupAnswer::of_name(row.name, text, Some(tag));
        match self.format {
            Format::Json | Format::Jsonl => {
                let week = Some(self.week);
                self.document(&about.lookup_record(text, place, week, &session.dataset))
            }
            Format::Markdown => self.table(&answer, &session.dataset),
            Format::Text | Format::Csv => self.writer.write(&answer, place, &mut self.bytes),
        }
    }

    fn table(&mut self, answer: &LookupAnswer, dataset: &Dataset) -> io::Result<()> {
        self.page.sheet(&answer.sheet(dataset), &mut self.bytes)
    }

    fn document(&mut self, record: &impl serde::Serialize) -> io::Result<()> {
        if self.format == Format::Jsonl {
            return write_json_line(record, &mut self.bytes);
        }
        self.written += 1;
        let before: &[u8] = if self.written == 1 { b"[\n" } else { b",\n" };
        self.bytes.extend_from_slice(before);
        write_json(record, &mut self.bytes)
    }

    /// Several documents are an array, even an empty one; a single answer to one query is itself.
    fn close(&mut self, asked: usize) {
        match (self.written, asked) {
            (0, _) => self.bytes.extend_from_slice(b"[]\n"),
            (1, 1) => drop(self.bytes.drain(..2)),
            _ => self.bytes.extend_from_slice(b"]\n"),
        }
    }
}
