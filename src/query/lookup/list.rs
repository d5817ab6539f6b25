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
    /// Meant as an address and none: what stood there, and why.
    Wrong(Safe, Safe),
    /// A line without an address, as it is shown; a single word may be a registry's name.
    Nothing(Safe, Option<Query>),
}

impl ListEntry {
    /// Whether it asks for nothing.
    #[must_use]
    pub const fn is_problem(&self) -> bool {
        matches!(self, Self::Wrong(..) | Self::Nothing(..))
    }
}

/// Words of which one is in the head of a table with one column.
const HEADS: [&str; 9] = [
    "ip", "address", "addr", "cidr", "prefix", "range", "subnet", "network", "source",
];
/// Longest head.
const LONGEST_HEAD: usize = 200;

/// Reads a list line by line: every address, CIDR and range of every line; a name only where it is the
/// whole line. Empty lines, `#` comments, brackets and a table's head are nothing.
#[derive(Debug, Default)]
pub struct ListReader {
    /// The first line, while it may be the head of a table.
    head: Option<(usize, String)>,
    has_begun: bool,
}

impl ListReader {
    /// What stands in a line; before it what stands in the first one, where that is no head.
    pub fn line(&mut self, line: &str, number: usize, names: WeekNames<'_>) -> Vec<ListItem> {
        let trimmed = line.trim();
        // Brackets of JSON and the like hold nothing.
        let is_sign = |c: char| c.is_ascii_punctuation() || c.is_whitespace();
        if trimmed.starts_with('#') || trimmed.chars().all(is_sign) {
            return Vec::new();
        }
        let found = of_line(line, number);
        let next = (!found.is_empty()).then_some(trimmed);
        let is_first = !self.has_begun;
        let mut all: Vec<ListItem> = self.end_head(next, names).into_iter().collect();
        if next.is_some() {
            all.extend(found);
        } else if is_first && trimmed.len() <= LONGEST_HEAD {
            self.head = Some((number, trimmed.to_owned()));
        } else {
            all.push(of_name(trimmed, number, names));
        }
        all
    }

    /// What the first line is, where it is no head of a table that goes on with `next`: a line with
    /// addresses, or none.
    pub fn end_head(&mut self, next: Option<&str>, names: WeekNames<'_>) -> Option<ListItem> {
        self.has_begun = true;
        let (number, head) = self.head.take()?;
        let is_head = next.is_some_and(|next| is_head(&head, next));
        (!is_head).then(|| of_name(&head, number, names))
    }
}

/// Everything in a list.
#[must_use]
pub fn read_list(text: &str, names: WeekNames<'_>) -> Vec<ListItem> {
    let mut list = ListReader::default();
    let mut all = Vec::new();
    for (number, line) in (1..).zip(lines(text)) {
        all.extend(list.line(text.get(line).unwrap_or_default(), number, names));
    }
    all.extend(list.end_head(None, names));
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
            Err(error) => ListEntry::Wrong(
                shown(line.get(found.span).unwrap_or_default()),
                Safe::from(error.to_string()),
            ),
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
fn of_name(text: &str, line: usize, names: WeekNames<'_>) -> ListItem {
    let nothing = |registry| ListEntry::Nothing(shown(text), registry);
    let name = names.resolve(text);
    let entry = match (&name, tag_of(&name)) {
        (_, Some(tag)) => ListEntry::Tag(tag, text.to_owned()),
        (Name::Platform(tag), _) => ListEntry::Platform(*tag, text.to_owned()),
        _ if text.contains(char::is_whitespace) => nothing(None),
        _ => match Query::parse(text, names.dataset().cloud()) {
            Ok(query) => match &query.subject {
                Subject::Host(..) if text.contains('.') => ListEntry::Host(query),
                _ => nothing(Some(query)),
            },
            Err(error @ QueryError::Wrong { .. }) => {
                ListEntry::Wrong(shown(text), Safe::from(error.to_string()))
            }
            Err(_) => nothing(None),
        },
    };
    let place = QueryPlace { line, column: 1 };
    ListItem { place, entry }
}

fn shown(text: &str) -> Safe {
    let head: String = text.chars().take(200).collect();
    Safe::new(&cut_middle(&clean(head.trim()), 60))
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
