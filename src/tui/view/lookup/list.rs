//! Several queries as a table: one line each, and what is counted over all.

mod draw;
mod export;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::index::TagId;
use crate::query::Cell;
use crate::query::lookup::{
    ListEntry, ListItem, Match, Query, Relation, Tally, TallyBy, ask_best, read_list,
};
use crate::query::names::WeekNames;
use crate::text::{Safe, clean, counted, first_of, plural, width};
use crate::tui::keymap::OwnWords;
use crate::tui::session::Session;
use crate::tui::widget::List;
use crate::tui::{Command, Theme};

/// Lines with something wrong that are named above the table.
const WRONG_NAMED: usize = 5;

/// Said of a line in which nothing is found.
const NO_ADDRESS: &str = "no address in it";

/// Most columns of what was not understood.
const MOST_OF_WRONG: usize = 18;

/// What the keys do with a line of a list.
pub const LIST_WORDS: OwnWords = &[(Command::Open, "look up"), (Command::CopyRows, "copy all")];

/// Several queries, each with its most specific tag.
#[derive(Debug)]
pub struct QueryList {
    /// Whether it stands where no command line can repeat it.
    is_pasted: bool,
    items: Vec<ListItem>,
    rows: Vec<ListRow>,
    /// How many there are of what, the most wanted first.
    headline: Vec<String>,
    /// `by tag`, and the counts, greatest first.
    counts: Vec<(&'static str, Vec<String>)>,
    widths: Widths,
}

/// Columns of the widest cells.
#[derive(Debug, Default)]
struct Widths {
    line: usize,
    query: usize,
    prefix: usize,
    tag: usize,
    region: usize,
    service: usize,
}

/// A line of the table.
#[derive(Debug)]
struct ListRow {
    query: String,
    found: RowFound,
}

/// What a query is in.
#[derive(Debug)]
enum RowFound {
    /// Its most specific tag.
    In(Match),
    /// It is a tag.
    Tag(TagId),
    /// It is in none, or is no address.
    Said(String),
    /// It was not understood.
    Wrong(Safe),
}

impl QueryList {
    /// The list of a typed text.
    pub fn typed(text: &str, session: &Session) -> Self {
        let names = WeekNames::new(&session.dataset);
        Self::new(read_list(text, names), session)
    }

    /// The list of a pasted text.
    pub fn pasted(text: &str, session: &Session) -> Self {
        let mut list = Self::typed(text, session);
        list.is_pasted = true;
        list.widths.line = list
            .items
            .iter()
            .map(|item| item.place.line.to_string().len())
            .max()
            .map_or(0, |width| width.max("line".len()));
        list
    }

    fn new(items: Vec<ListItem>, session: &Session) -> Self {
        let mut tally = Tally::default();
        let rows: Vec<ListRow> = items
            .iter()
            .map(|item| ListRow::of(&item.entry, &mut tally, session))
            .collect();
        let is_long = items.last().is_some_and(|last| last.place.line > 1);
        Self {
            headline: headline(&items, &tally, is_long),
            counts: counts(&tally, session),
            widths: Widths::of(&rows, session),
            is_pasted: false,
            items,
            rows,
        }
    }

    /// Lines of the table.
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// What a pasted text is called in the input.
    pub fn name_of(text: &str) -> String {
        let lines = crate::text::lines(text).filter(|line| {
            text.get(line.clone())
                .is_some_and(|it| !it.trim().is_empty())
        });
        let count = lines.count();
        let lines = plural(count, "line", "lines");
        format!("{} {lines} pasted", Cell::Number(count).shown())
    }

    /// How many queries there are, how many are in a tag, what is wrong, and what else there is
    /// room for.
    pub fn headline(&self, room: usize) -> String {
        let text = |count: usize| {
            let parts: Vec<&str> = self.headline.iter().take(count).map(|it| &**it).collect();
            parts.join(" · ")
        };
        let counts = (1..=self.headline.len()).rev();
        let mut texts = counts.map(text);
        texts
            .find(|text| width(text) <= room)
            .unwrap_or_else(|| text(1))
    }

    /// Whether a text that was pasted is a list: at least two lines, and two things to look up.
    pub fn is_list(text: &str, names: WeekNames<'_>) -> bool {
        let asked = |item: &ListItem| !item.entry.is_problem();
        let mut known = read_list(text, names).into_iter().filter(asked);
        known.nth(1).is_some() && crate::text::lines(text.trim()).nth(1).is_some()
    }

    /// Whether a query is one of these.
    pub fn has(&self, text: &str, session: &Session) -> bool {
        let is_it = |row| self.query_of(row, session).is_ok_and(|own| own == text);
        (0..self.len()).any(is_it)
    }

    /// The text that asks for a line alone.
    ///
    /// # Errors
    /// Why the line asks for nothing.
    pub fn query_of(&self, row: usize, session: &Session) -> Result<String, Safe> {
        let entry = self.items.get(row).map(|item| &item.entry);
        match entry {
            Some(ListEntry::Span(query)) => {
                // Alone it may be read otherwise than in its line: `10.0.0.9/8`.
                let cloud = session.dataset.cloud();
                let alone = Query::parse(&query.text, cloud);
                let is_same = alone.is_ok_and(|alone| alone.subject == query.subject);
                Ok(if is_same {
                    query.text.clone()
                } else {
                    query.canonical()
                })
            }
            Some(ListEntry::Host(query)) => Ok(query.text.clone()),
            Some(ListEntry::Tag(_, text) | ListEntry::Platform(_, text)) => Ok(text.clone()),
            Some(ListEntry::Wrong(_, reason)) => Err(reason.clone()),
            Some(ListEntry::Nothing(..)) => Err(Safe::new(NO_ADDRESS)),
            None => Err(Safe::new("no query on this line")),
        }
    }

    /// What a copy of a line takes: its tag, else what was asked for.
    pub fn cell(&self, row: usize, session: &Session) -> Option<String> {
        let row = self.rows.get(row)?;
        let tag = row.tag().and_then(|tag| session.dataset.view().tag(tag));
        Some(tag.map_or_else(|| row.query.clone(), |tag| tag.name.to_owned()))
    }

    /// All lines, tab-separated: query, prefix, tag, region, service.
    pub fn copied(&self, session: &Session) -> String {
        let mut text = String::new();
        for row in &self.rows {
            let [prefix, tag, region, service] = row.cells(session);
            let cells = [&*row.query, &*prefix, &*tag, &*region, &*service];
            text.push_str(&cells.join("\t"));
            text.push('\n');
        }
        text
    }

    /// The list as a file of this form.
    pub fn export(&self, form: &str, session: &Session) -> Result<Vec<u8>, Safe> {
        export::bytes(self, form, session)
    }

    /// Rows of the pane above the table's first line.
    pub fn rows_above(&self, height: usize) -> usize {
        draw::rows_above(self, height)
    }

    /// Draws the table; gives the lines on screen.
    pub fn draw(
        &self,
        at: List,
        frame: &mut Frame<'_>,
        area: Rect,
        session: &Session,
        looks: (&Theme, Style),
    ) -> std::ops::Range<usize> {
        draw::draw((self, at), frame, area, session, looks)
    }
}

impl ListRow {
    fn of(entry: &ListEntry, tally: &mut Tally, session: &Session) -> Self {
        let (query, found) = match entry {
            ListEntry::Span(query) => {
                let specials = &session.facts.specials;
                let (best, special) = ask_best(query, &session.dataset, specials);
                tally.add_best(best);
                let found = match (best, special) {
                    (Some(best), _) => RowFound::In(best),
                    (None, Some(special)) => RowFound::Said(special.title()),
                    (None, None) => RowFound::Said("in no tag".to_owned()),
                };
                (query.canonical(), found)
            }
            ListEntry::Host(query) => {
                let said = "a host name; Enter, then Enter asks the network";
                (query.canonical(), RowFound::Said(said.to_owned()))
            }
            ListEntry::Tag(tag, text) => {
                let row = session.dataset.view().tag(*tag);
                let name = row.map_or(text.as_str(), |row| row.name);
                (name.to_owned(), RowFound::Tag(*tag))
            }
            ListEntry::Platform(tag, _) => {
                let said = format!("a tag of the platform: {}", tag.meaning());
                (tag.name().to_owned(), RowFound::Said(said))
            }
            ListEntry::Wrong(text, reason) => {
                (text.as_str().to_owned(), RowFound::Wrong(reason.clone()))
            }
            ListEntry::Nothing(text, _) => {
                let reason = Safe::new(NO_ADDRESS);
                (text.as_str().to_owned(), RowFound::Wrong(reason))
            }
        };
        let query = clean(&query).into_owned();
        Self { query, found }
    }

    const fn tag(&self) -> Option<TagId> {
        match &self.found {
            RowFound::In(found) => Some(found.tag),
            RowFound::Tag(tag) => Some(*tag),
            RowFound::Said(_) | RowFound::Wrong(_) => None,
        }
    }

    /// Prefix, tag, region, service; what is said instead stands where the tag does.
    fn cells(&self, session: &Session) -> [String; 4] {
        let prefix = match &self.found {
            RowFound::In(found) => found.prefix.to_string(),
            _ => String::new(),
        };
        let row = self.tag().and_then(|tag| session.dataset.view().tag(tag));
        match (row, &self.found) {
            (Some(row), found) => [
                prefix,
                match found {
                    // Of a block it may be a small part.
                    RowFound::In(found) if found.relation != Relation::Covers => {
                        format!("part: {}", row.name)
                    }
                    _ => row.name.to_owned(),
                },
                row.region.into(),
                row.system_service.into(),
            ],
            (None, RowFound::Said(text)) => [prefix, text.clone(), String::new(), String::new()],
            (None, RowFound::Wrong(reason)) => {
                [prefix, reason.to_string(), String::new(), String::new()]
            }
            (None, _) => [prefix, String::new(), String::new(), String::new()],
        }
    }
}

impl Widths {
    fn of(rows: &[ListRow], session: &Session) -> Self {
        let mut widths = Self {
            query: "query".len(),
            prefix: "prefix".len(),
            tag: "tag".len(),
            region: "region".len(),
            service: "service".len(),
            ..Self::default()
        };
        for row in rows {
            // What is wrong leaves its room to the others.
            let most = match row.found {
                RowFound::Wrong(_) => MOST_OF_WRONG,
                _ => usize::MAX,
            };
            widths.query = widths.query.max(width(&row.query).min(most));
            if row.tag().is_none() {
                continue;
            }
            let [prefix, tag, region, service] = row.cells(session);
            widths.prefix = widths.prefix.max(width(&prefix));
            widths.tag = widths.tag.max(width(&tag));
            widths.region = widths.region.max(width(&region));
            widths.service = widths.service.max(width(&service));
        }
        widths
    }
}

fn headline(items: &[ListItem], tally: &Tally, is_long: bool) -> Vec<String> {
    let shown = |count: usize| Cell::Number(count).shown().into_owned();
    let number = |count: u64| shown(usize::try_from(count).unwrap_or(usize::MAX));
    let number_of = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let none = tally.in_none();
    let all = match items.len() {
        1 => "1 query".to_owned(),
        all => format!("{} queries", shown(all)),
    };
    let mut parts = vec![all, format!("{} in a tag", number(tally.total() - none))];
    let wrong = items.iter().filter(|item| item.entry.is_problem());
    let wrong: Vec<usize> = wrong.map(|item| item.place.line).collect();
    if !wrong.is_empty() {
        let word = plural(wrong.len(), "line", "lines");
        let lines = first_of(&wrong, WRONG_NAMED, ", ");
        let lines = if is_long {
            format!(" ({word} {lines})")
        } else {
            String::new()
        };
        parts.push(format!("{} not understood{lines}", shown(wrong.len())));
    }
    if none > 0 {
        parts.push(format!("{} in none", number(none)));
    }
    let count = |is: fn(&ListEntry) -> bool| items.iter().filter(|item| is(&item.entry)).count();
    let names = count(|it| matches!(it, ListEntry::Tag(..) | ListEntry::Platform(..)));
    if names > 0 {
        parts.push(counted(number_of(names), "name of a tag", "names of tags"));
    }
    let hosts = count(|it| matches!(it, ListEntry::Host(_)));
    if hosts > 0 {
        parts.push(counted(
            number_of(hosts),
            "host not asked",
            "hosts not asked",
        ));
    }
    parts
}

fn counts(tally: &Tally, session: &Session) -> Vec<(&'static str, Vec<String>)> {
    let kinds = [(TallyBy::Tag, "by tag"), (TallyBy::Service, "by service")];
    let counts = kinds.map(|(by, title)| {
        let rows = tally.rows(&[by], &session.dataset).rows;
        // What is in none is the last, and stands in the headline.
        let found = rows.len() - usize::from(tally.in_none() > 0);
        let shown = |row: &crate::query::lookup::TallyRow| format!("{} {}", row.name, row.queries);
        (title, rows.iter().take(found).map(shown).collect())
    });
    let filled = |(_, counts): &(_, Vec<String>)| !counts.is_empty();
    counts.into_iter().filter(filled).collect()
}
