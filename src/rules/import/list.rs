//! Plain lists: one address, CIDR, range or tag a line; `#` begins a comment, and `# tag: NAME` says
//! which tag the lines below stand for (`# tag: none` that they stand for none).
//!
//! A line holds addresses, or tags, and no other word: any word looks like a tag, and the remark in the
//! second column of a table would become a service's every address. Of a table one column is read.

use std::ops::Range;

use serde_json::Value;

use crate::rules::Entry;
use crate::rules::RuleSetKind;
use crate::rules::import::NoRules;
use crate::rules::import::table::TableColumn;
use crate::rules::ruleset::{
    Access, Cleared, Direction, EntryPlace, Flaw, FlawPart, Row, RuleFile, RuleSet,
};
use crate::space::{Block, Span};
use crate::text::{Reading, Safe, What, items, lines};

/// Most flaws of a list that are kept; all of them are still not understood.
const MOST_FLAWS: usize = 100;

/// Most entries of a list.
const MOST_ENTRIES: usize = 1_000_000;
/// Most sections of a list.
const MOST_SECTIONS: usize = 100_000;

/// Reads a list; of a table the column of addresses, or the one that is called `column` or has its
/// number.
pub(super) fn read(text: &str, column: Option<&str>) -> Result<RuleFile, NoRules> {
    let split = |line: &str| match line.split_once('#') {
        Some((body, comment)) => (body.len(), Some(comment.to_owned())),
        None => (line.len(), None),
    };
    let all: Vec<(usize, &str, Option<String>)> = (1..)
        .zip(lines(text))
        .map(|(number, span)| {
            let line = text.get(span).unwrap_or_default();
            let (length, comment) = split(line);
            (number, line.get(..length).unwrap_or_default(), comment)
        })
        .collect();
    let bodies: Vec<(usize, &str)> = all
        .iter()
        .map(|&(number, body, _)| (number, body))
        .filter(|(_, body)| !body.trim().is_empty())
        .collect();
    let table = TableColumn::of(&bodies, column)?;
    let mut list = ListReader::default();
    for (number, body, comment) in &all {
        if body.trim().is_empty() {
            if let Some(comment) = comment {
                list.section(*number, comment);
            }
            continue;
        }
        match &table {
            Some(table) if table.head == Some(*number) => {}
            Some(table) => {
                let (column, cell) = table.cell(body).unwrap_or((1, body));
                list.entries(*number, column, cell)?;
                list.row.written.clear();
            }
            None => list.entries(*number, 1, body)?,
        }
    }
    list.close();
    if !list.has_entry {
        let found = bodies.first();
        return Err(NoRules::NoEntry {
            line: found.map_or(1, |(line, _)| *line),
            found: Safe::from(short(found.map_or("", |(_, body)| body.trim()))),
        });
    }
    let note = table.map(|table| Safe::from(format!("a table, read by its {}", of_column(&table))));
    Ok(RuleFile {
        sets: vec![set(list.rows)],
        notes: note.into_iter().collect(),
        ..RuleFile::default()
    })
}

fn of_column(table: &TableColumn) -> String {
    match table.head {
        Some(_) => format!("column \"{}\"", table.name),
        None => table.name.to_string(),
    }
}

/// The sections of a list as they are read.
struct ListReader {
    rows: Vec<Row>,
    row: Row,
    has_entry: bool,
    count: usize,
}

impl Default for ListReader {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            row: start(1, None),
            has_entry: false,
            count: 0,
        }
    }
}

impl ListReader {
    /// A comment that says which tag the lines below stand for begins a section.
    fn section(&mut self, number: usize, comment: &str) {
        if let Some(tag) = tag_in(comment) {
            let mut next = start(number, Some(tag).filter(|tag| !tag.is_empty()));
            next.is_of_no_tag = says_none(comment);
            push(std::mem::replace(&mut self.row, next), &mut self.rows);
        }
    }

    fn close(&mut self) {
        push(
            std::mem::replace(&mut self.row, start(1, None)),
            &mut self.rows,
        );
    }

    /// The entries of a line or a cell that begins at a column: addresses, CIDRs and ranges, or tags,
    /// and nothing else.
    fn entries(&mut self, line: usize, column: usize, text: &str) -> Result<(), NoRules> {
        let place = |at: usize| column + text.get(..at).unwrap_or_default().chars().count();
        let mut at = 0;
        let mut has_items = false;
        for found in items(text) {
            has_items = true;
            between(line, text, at..found.span.start, &place)?;
            at = found.span.end;
            let written = text.get(found.span.clone()).unwrap_or_default();
            let span = match found.what {
                What::Address(address) => Some(Span::of(address)),
                What::Block(address, length) => {
                    let block = Block::around(address, length);
                    if found.readings.has(Reading::HostBits) {
                        self.row.cleared.push(Cleared {
                            place: format!("line {line}"),
                            written: Safe::new(written),
                            read: block,
                        });
                    }
                    Some(block.span())
                }
                What::Range(first, last) => Span::between(first, last),
                What::Wrong(_) | What::Word => None,
            };
            // A port or a number behind an address is no part of an entry.
            let is_plain = found.aside.is_empty() || found.readings.has(Reading::Zone);
            match span.filter(|_| is_plain) {
                Some(span) => self.add(Entry::Span(span), line, found.span.clone())?,
                None => return Err(word(line, place(found.span.start), written)),
            }
        }
        if has_items {
            return between(line, text, at..text.len(), &place);
        }
        for (at, cell) in cells_of(text) {
            match Entry::parse(cell.trim_matches(['"', '\'', '`'])) {
                entry @ (Entry::Any | Entry::Tag(_) | Entry::Platform(_)) => {
                    self.add(entry, line, at..at + cell.len())?;
                }
                _ => return Err(word(line, place(at), cell)),
            }
        }
        Ok(())
    }

    fn add(&mut self, entry: Entry, line: usize, span: Range<usize>) -> Result<(), NoRules> {
        self.count += 1;
        self.has_entry = true;
        if self.count > MOST_ENTRIES || self.rows.len() > MOST_SECTIONS {
            return Err(NoRules::TooMany {
                what: "entries or sections",
                limit: MOST_ENTRIES,
            });
        }
        self.row.destinations.push(entry);
        self.row.written.push(EntryPlace { line, span });
        Ok(())
    }
}

/// Between entries stand signs alone.
fn between(
    line: usize,
    text: &str,
    gap: Range<usize>,
    place: &impl Fn(usize) -> usize,
) -> Result<(), NoRules> {
    let part = text.get(gap.clone()).unwrap_or_default();
    let is_word = |c: char| c.is_alphanumeric() || c == '*';
    let Some(start) = part.find(is_word) else {
        return Ok(());
    };
    let rest = part.get(start..).unwrap_or_default();
    let found = rest
        .split([',', ';', ' ', '\t', '"'])
        .next()
        .unwrap_or(rest);
    Err(NoRules::Beside {
        line,
        column: place(gap.start + start),
        found: Safe::from(short(found)),
    })
}

fn word(line: usize, column: usize, found: &str) -> NoRules {
    NoRules::Word {
        line,
        column,
        found: Safe::from(short(found)),
    }
}

/// What stands between commas, semicolons and tabs, and where it starts.
fn cells_of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split([',', ';', '\t']).filter_map(move |part| {
        let start = at + part.len() - part.trim_start().len();
        at += part.len() + 1;
        let cell = part.trim();
        // The sign of a list in YAML or Markdown.
        let bare = cell.strip_prefix("- ").map_or(cell, str::trim_start);
        (!bare.is_empty()).then_some((start + cell.len() - bare.len(), bare))
    })
}

/// A JSON list of texts.
pub(super) fn of_strings(list: &[Value], place: &str) -> RuleSet {
    let mut row = start(1, None);
    row.place = if place.is_empty() {
        "the list".to_owned()
    } else {
        place.to_owned()
    };
    for (number, text) in list.iter().filter_map(Value::as_str).enumerate() {
        let entry = Entry::parse(text);
        if let Some(read) = Entry::cleared(text) {
            row.cleared.push(Cleared {
                place: format!("{place}[{number}]"),
                written: Safe::new(text.trim()),
                read,
            });
        }
        if let Entry::Unread(found) = &entry
            && row.flaws.len() < MOST_FLAWS
        {
            row.flaws.push(Flaw {
                place: format!("{place}[{number}]"),
                found: found.clone(),
                expected: "an address, a CIDR, a range or a tag",
                part: FlawPart::Entry,
            });
        }
        row.destinations.push(entry);
    }
    set(vec![row])
}

fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

/// Whether a comment says that the lines below stand for no tag, and not only for none that is known.
fn says_none(comment: &str) -> bool {
    let word = comment.split_once(':');
    word.is_some_and(|(_, word)| word.trim().eq_ignore_ascii_case("none"))
}

/// The tag that the lines below stand for; empty where they stand for none.
fn tag_in(comment: &str) -> Option<String> {
    let (key, name) = comment.trim().split_once(':')?;
    if !key.trim().eq_ignore_ascii_case("tag") {
        return None;
    }
    match name.trim() {
        "" | "-" => Some(String::new()),
        none if none.eq_ignore_ascii_case("none") => Some(String::new()),
        name => matches!(Entry::parse(name), Entry::Tag(_)).then(|| name.to_owned()),
    }
}

fn start(line: usize, stands_for: Option<String>) -> Row {
    let name = stands_for.clone().unwrap_or_else(|| format!("line {line}"));
    let mut row = Row::new(
        &name,
        format!("line {line}"),
        Direction::Out,
        Access::Listed,
    );
    row.destinations.clear();
    row.stands_for = stands_for;
    row
}

fn push(row: Row, rows: &mut Vec<Row>) {
    // A section without entries still stands for its tag: everything is missing in it.
    if !row.destinations.is_empty() || row.stands_for.is_some() {
        rows.push(row);
    }
}

fn set(rows: Vec<Row>) -> RuleSet {
    RuleSet {
        rows,
        ..RuleSet::new(RuleSetKind::List, "list")
    }
}
