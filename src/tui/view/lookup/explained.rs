//! A pasted failure's explanation, below the answer for its address.

use std::sync::Arc;

use ratatui::style::Style;
use ratatui::text::{Line as Drawn, Span};

use crate::query::explain::{
    Complaint, ExplainAnswer, ExplainExtent, ExplainLine, ask, one_line, recognise,
};
use crate::query::names::WeekNames;
use crate::report::{write_explained, write_explained_markdown, write_json, write_json_line};
use crate::text::{Safe, clean, pad, width, wrap};
use crate::tui::component::Reply;
use crate::tui::session::Session;
use crate::tui::view::Copied;
use crate::tui::view::lookup::LookupView;
use crate::tui::view::lookup::history::{PastQuery, Pasted};
use crate::tui::view::lookup::paste::PastedText;
use crate::tui::view::lookup::state::LookupState;
use crate::tui::widget::List;
use crate::tui::{Command, Place, Theme};

/// Longest text that goes onto a command line, in bytes.
const MAX_ARGUMENT: usize = 4000;
/// What the keys do with an explanation.
const HINT: &str = "Y copies all commands, y this line, C the text as tagscope explain";

/// Its explanation, as the screen shows it.
#[derive(Debug)]
pub struct ExplainedText {
    pasted: Arc<Pasted>,
    answer: ExplainAnswer,
    rows: Vec<Row>,
    /// What the rows were made for.
    fitted: Option<(usize, String)>,
}

/// A line on the screen.
#[derive(Debug)]
struct Row {
    text: String,
    look: RowLook,
    /// What `y` copies: all of the line of which this row is a part.
    whole: Arc<str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RowLook {
    Hint,
    Head,
    Text,
    Command,
}

impl ExplainedText {
    /// The explanation of a text; `None` when it is no failure of a registry.
    pub fn of(text: &str, session: &Session) -> Option<Self> {
        let complaints = recognise(text);
        if complaints.is_empty() {
            return None;
        }
        let text = text.to_owned();
        Some(Self::again(Arc::new(Pasted { text, complaints }), session))
    }

    /// The explanation of a text that is being typed; of one word only where it is a code.
    pub fn typed(text: &str, session: &Session) -> Option<Self> {
        let is_text = text.contains(' ') || text.contains('_');
        is_text.then(|| Self::of(text, session)).flatten()
    }

    /// The same explanation over other data.
    pub fn again(pasted: Arc<Pasted>, session: &Session) -> Self {
        let answer = ask(&pasted.complaints, Some(&session.dataset));
        Self {
            pasted,
            answer,
            rows: Vec::new(),
            fitted: None,
        }
    }

    /// What it was made of.
    pub fn pasted(&self) -> Arc<Pasted> {
        Arc::clone(&self.pasted)
    }

    /// The explanation in a few words.
    pub fn headline(&self) -> String {
        let titles = self
            .answer
            .complaints
            .iter()
            .map(|found| found.title.as_str());
        titles.collect::<Vec<_>>().join(" · ")
    }

    /// Makes the rows for so many columns, below what is said of the query.
    fn fit(&mut self, columns: usize, said: String) {
        let wanted = Some((columns, said));
        if self.fitted == wanted {
            return;
        }
        self.fitted = wanted;
        self.rows.clear();
        if let Some((_, said)) = self.fitted.clone().filter(|(_, said)| !said.is_empty()) {
            self.push(&said, ("", &said), RowLook::Hint, columns);
        }
        self.push(HINT, ("", HINT), RowLook::Hint, columns);
        let mut clients: Vec<_> = self
            .pasted
            .complaints
            .iter()
            .map(|one| one.client)
            .collect();
        clients.dedup();
        // The tags of the one address stand above.
        let extent = match clients.as_slice() {
            [_] => ExplainExtent::WithoutTags,
            _ => ExplainExtent::Whole,
        };
        for line in self.answer.lines(extent) {
            match &line {
                ExplainLine::Blank => self.push("", ("", ""), RowLook::Text, columns),
                ExplainLine::Title(text) => self.push(text, ("", text), RowLook::Head, columns),
                ExplainLine::Head(text) => self.push(text, ("", text), RowLook::Head, columns),
                ExplainLine::Text(text) => self.push(text, ("  ", text), RowLook::Text, columns),
                ExplainLine::Command(text) => {
                    self.push(text, ("    ", text), RowLook::Command, columns);
                }
                ExplainLine::Item(mark, text) => {
                    let head = format!("  {mark} ");
                    self.push(text, (&head, text), RowLook::Text, columns);
                }
                ExplainLine::Fact(name, text) => {
                    let columns_of_name = if name.starts_with('<') { 17 } else { 9 };
                    let head = format!("  {} ", pad(name, columns_of_name, false));
                    self.push(text, (&head, text), RowLook::Text, columns);
                }
            }
        }
    }

    /// Wraps a line; what follows the first row is indented as far as its text.
    fn push(&mut self, whole: &str, (head, text): (&str, &str), look: RowLook, columns: usize) {
        let whole: Arc<str> = Arc::from(whole);
        let indent = width(head).min(columns / 2);
        let room = columns.saturating_sub(indent).max(1);
        let head = crate::text::cut_end(head, indent).into_owned();
        for (place, text) in wrap(&clean(text), room).into_iter().enumerate() {
            let start = if place == 0 {
                head.clone()
            } else {
                " ".repeat(indent)
            };
            self.rows.push(Row {
                text: start + &text,
                look,
                whole: Arc::clone(&whole),
            });
        }
    }

    /// Rows.
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// A row in `room` columns; `selected` is the style of the selected one.
    pub fn draw(
        &self,
        row: usize,
        room: usize,
        theme: &Theme,
        selected: Option<Style>,
    ) -> Option<Drawn<'static>> {
        let row = self.rows.get(row)?;
        let style = selected.unwrap_or(match row.look {
            RowLook::Hint => theme.muted,
            RowLook::Head => theme.head,
            RowLook::Text => theme.text,
            RowLook::Command => theme.accent,
        });
        Some(Drawn::from(Span::styled(
            pad(&row.text, room, false),
            style,
        )))
    }

    /// What a copy takes; `row` is the selected one of these rows.
    fn copy(&self, what: Copied, row: Option<usize>, session: &Session) -> Option<Reply> {
        let (text, what) = match what {
            Copied::Command => return Some(self.command(session)),
            Copied::Rows => (self.answer.script(), "the commands".to_owned()),
            Copied::Cell => {
                let row = self.rows.get(row?)?;
                (row.whole.to_string(), row.whole.to_string())
            }
        };
        if text.is_empty() {
            let text = "there is nothing here to copy".to_owned();
            return Some(Reply::say(text));
        }
        Some(Reply::Copy { text, what })
    }

    /// `tagscope explain` with the text; a long one must be piped in.
    fn command(&self, session: &Session) -> Reply {
        let line = one_line(&self.pasted.text);
        // What a terminal has broken in the midst of a name stays broken.
        let is_same = |(one, other): (&Complaint, &Complaint)| one.is_like(other);
        let read = recognise(&line);
        let mut pairs = read.iter().zip(&self.pasted.complaints);
        let text = if read.len() == self.pasted.complaints.len() && pairs.all(is_same) {
            line
        } else {
            self.pasted.text.trim().to_owned()
        };
        if text.len() > MAX_ARGUMENT {
            return Reply::Copy {
                text: session.command_line(&["explain"]),
                what: "tagscope explain; the text is too long for a line, pipe it in".to_owned(),
            };
        }
        // A dash in front would be read as an option.
        let text = if text.starts_with('-') {
            format!(" {text}")
        } else {
            text
        };
        Reply::Copy {
            text: session.command_line(&["explain", &text]),
            what: "tagscope explain with the text".to_owned(),
        }
    }
}

impl LookupView {
    /// Whether the text in the input is what is explained, not the query of a pasted text.
    pub(super) fn is_typed_failure(&self) -> bool {
        let explained = self.explained.as_ref();
        explained.is_some_and(|explained| explained.pasted.text.trim() == self.input.value().trim())
    }

    /// A letter typed into the query would end its explanation, or take a list away.
    pub(super) const fn first_place(&self) -> Place {
        if self.explained.is_some() || self.pasted_list.is_some() {
            Place::Results
        } else {
            Place::QueryInput
        }
    }

    /// What the keys for copies take while an explanation is shown.
    pub const fn explained_words(&self) -> &'static [(Command, &'static str)] {
        match self.explained {
            Some(_) => &[
                (Command::CopyCell, "copy line"),
                (Command::CopyRows, "copy commands"),
            ],
            None => &[],
        }
    }

    /// Takes a pasted text: a list, what an error text names, or one query. Gives what was left
    /// aside, in words.
    pub(super) fn take_paste(&mut self, text: &str, session: &Session) -> Option<Safe> {
        let explained = ExplainedText::of(text, session);
        let is_failure = explained.is_some();
        let names = WeekNames::new(&session.dataset);
        let read = PastedText::read(text, is_failure, names);
        self.remember();
        self.put(PastQuery {
            is_pasted: true,
            list: read.list,
            ..PastQuery::typed(read.query)
        });
        self.ask(session);
        self.explained = explained;
        self.history.push(&self.query());
        self.place = self.first_place();
        read.note
    }

    /// The explanation of before, over the data of now.
    pub(super) fn explain_again(&mut self, pasted: Option<Arc<Pasted>>, session: &Session) {
        self.explained = pasted.map(|pasted| ExplainedText::again(pasted, session));
    }

    /// Whether a host waits for the network to be asked.
    pub(super) const fn is_unresolved(&self) -> bool {
        matches!(self.state, LookupState::Waiting(_) | LookupState::Failed(_))
    }

    /// A page of an explanation is read from its top: the rows move with the selection.
    pub(super) fn turn_page(&mut self, command: Command, before: List, height: usize) {
        let is_page = matches!(
            command,
            Command::PageUp | Command::PageDown | Command::HalfPageUp | Command::HalfPageDown
        );
        if is_page {
            let (from, to) = (before.selected, self.list.selected);
            self.list.offset = (before.offset + to).saturating_sub(from);
            self.list.settle(self.rows(), height);
        }
    }

    /// Makes the explanation's rows fit into so many columns.
    pub(super) fn fit_explained(&mut self, columns: usize) {
        let said = match &self.state {
            LookupState::Empty
            | LookupState::Unread(_)
            | LookupState::Found(_)
            | LookupState::Within(_)
            | LookupState::Named(_)
            | LookupState::Several(_) => String::new(),
            LookupState::Waiting(query) => {
                format!("{}: Enter asks the network for its addresses", query.text)
            }
            LookupState::Asking(query) => format!("{}: asking the network …", query.text),
            LookupState::Failed(reason) => format!("{reason}; Enter asks again"),
        };
        if let Some(explained) = &mut self.explained {
            explained.fit(columns, said);
        }
    }

    /// All rows: of the answer, a blank one, of the explanation.
    pub(super) fn rows(&self) -> usize {
        if let Some(list) = self.table() {
            return list.len();
        }
        let explained = self.explained.as_ref().map_or(0, ExplainedText::len);
        self.explained_from() + explained
    }

    /// The first row of the explanation.
    pub(super) fn explained_from(&self) -> usize {
        let gap = self.explained.is_some() && !self.lines.is_empty();
        self.lines.len() + usize::from(gap)
    }

    /// What a copy takes of the explanation; `None` leaves it to the answer.
    pub(super) fn copy_explained(&self, what: Copied, session: &Session) -> Option<Reply> {
        let row = self.list.selected.checked_sub(self.explained_from());
        self.explained.as_ref()?.copy(what, row, session)
    }

    /// The explanation as a file; `None` leaves it to the answer, as for a table.
    pub fn exported_explanation(&self, form: &str, session: &Session) -> Option<Vec<u8>> {
        let answer = &self.explained.as_ref()?.answer;
        let week = session.dataset.record();
        let record = answer.record(Some(&week));
        let mut bytes = Vec::new();
        let written = match form {
            "md" | "markdown" => write_explained_markdown(answer, &mut bytes),
            "txt" => write_explained(answer, None, false, &mut bytes),
            "json" => write_json(&record, &mut bytes),
            "jsonl" => write_json_line(&record, &mut bytes),
            _ => return None,
        };
        written.ok().map(|()| bytes)
    }
}
