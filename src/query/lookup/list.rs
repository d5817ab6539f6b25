//! A text of many lines → what each of them asks for, as in the stream of `lookup -`.

use crate::azure::{Name, PlatformTag};
use crate::index::TagId;
use crate::query::lookup::{Query, QueryError, QueryPlace, Subject};
use crate::query::names::{WeekNames, tag_of};
use crate::text::{Safe, clean, cut_middle, items, lines};

/// Something of a list, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListItem {
    /// Where it begins.
    pub place: QueryPlace,
    /// What it is.
    pub entry: ListEntry,
}

/// What stands at a place of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListEntry {
    /// Addresses.
    Span(Query),
    /// A host, which only the network knows.
    Host(Query),
    /// A tag by its name.
    Tag(TagId, String),
    /// A tag of the platform.
    Platform(PlatformTag, String),
    /// Something that was not understood: what stood there, and why.
    Wrong(Safe, Safe),
}

/// Words of which one is in the head of a table with one column.
const HEADS: [&str; 9] = [
    "ip", "address", "addr", "cidr", "prefix", "range", "subnet", "network", "source",
];
/// Longest head.
const LONGEST_HEAD: usize = 200;

/// Every address, CIDR and range of every line; a name only where it is the whole line. A line in
/// which nothing is found is one wrong entry; empty lines, `#` comments and a table's head are none.
#[must_use]
pub fn read_list(text: &str, names: &WeekNames<'_>) -> Vec<ListItem> {
    let mut all = Vec::new();
    let mut head: Option<(usize, &str)> = None;
    let mut is_first = true;
    for (at, line) in lines(text).enumerate() {
        let line = text.get(line).unwrap_or_default();
        let trimmed = line.trim();
        if trimmed.starts_with('#') || !trimmed.contains(char::is_alphanumeric) {
            continue;
        }
        let found = of_line(line, at + 1);
        let is_name = found.is_empty();
        if let Some((at, text)) = head.take()
            && (is_name || !is_head(text, trimmed))
        {
            all.push(of_name(text, at, names));
        }
        match is_name {
            true if is_first && trimmed.len() <= LONGEST_HEAD => head = Some((at + 1, trimmed)),
            true => all.push(of_name(trimmed, at + 1, names)),
            false => all.extend(found),
        }
        is_first = false;
    }
    all.extend(head.map(|(at, text)| of_name(text, at, names)));
    all
}

fn of_line(line: &str, number: usize) -> Vec<ListItem> {
    let mut column = 1;
    let mut counted = 0;
    let items = items(line).map(|found| {
        // Each part of a long line is counted once.
        let between = line.get(counted..found.span.start).unwrap_or_default();
        column += between.chars().count();
        counted = found.span.start;
        let entry = match Query::of(&found, line, None) {
            Ok(query) => ListEntry::Span(query),
            Err(error) => wrong(line.get(found.span).unwrap_or_default(), error.to_string()),
        };
        let place = QueryPlace {
            line: number,
            column,
        };
        ListItem { place, entry }
    });
    items.collect()
}

/// A line without an address: a tag, or a name that only the network knows.
fn of_name(text: &str, line: usize, names: &WeekNames<'_>) -> ListItem {
    let no_address = || wrong(text, "no address in it".to_owned());
    let name = names.resolve(text);
    let entry = match (&name, tag_of(&name)) {
        (_, Some(tag)) => ListEntry::Tag(tag, text.to_owned()),
        (Name::Platform(tag), _) => ListEntry::Platform(*tag, text.to_owned()),
        _ if text.contains(char::is_whitespace) => no_address(),
        _ => match Query::parse(text, names.dataset().cloud()) {
            Ok(query) => match &query.subject {
                Subject::Host(..) if text.contains('.') => ListEntry::Host(query),
                _ => no_address(),
            },
            Err(error @ QueryError::Wrong { .. }) => wrong(text, error.to_string()),
            Err(_) => no_address(),
        },
    };
    let place = QueryPlace { line, column: 1 };
    ListItem { place, entry }
}

fn wrong(text: &str, reason: String) -> ListEntry {
    let head: String = text.chars().take(200).collect();
    ListEntry::Wrong(
        Safe::new(&cut_middle(&clean(head.trim()), 60)),
        Safe::from(reason),
    )
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
