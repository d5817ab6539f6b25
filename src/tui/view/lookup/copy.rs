//! What `y`, `Y`, `C` and the export take from Lookup.

use crate::index::TagId;
use crate::query::Cell;
use crate::space::Block;
use crate::tui::component::Reply;
use crate::tui::session::Session;
use crate::tui::view::Copied;
use crate::tui::view::lookup::lines::AnswerLine;
use crate::tui::view::lookup::{LookupState, LookupView};

impl LookupView {
    /// What a copy takes: the tag or the row of the selected line, or the query as a command.
    pub fn copy(&self, what: Copied, session: &Session) -> Reply {
        if let Some(request) = self.copy_explained(what, session) {
            return request;
        }
        if let Some(list) = self.table()
            && what == Copied::Rows
        {
            let what = format!("{} rows", list.len());
            let text = list.copied(session);
            return Reply::Copy { text, what };
        }
        let is_pasted = self.pasted_list.is_some() && self.explained.is_none();
        if is_pasted && what == Copied::Command {
            let text = "a pasted list has no command line; tagscope lookup - reads one from \
                        standard input, x writes the table";
            return Reply::say(text);
        }
        let copied = match what {
            Copied::Command => self.command(session),
            Copied::Cell => match self.table() {
                Some(list) => list.cell(self.list.selected, session),
                None => self.selected_tag(session).map(str::to_owned),
            },
            Copied::Rows => self.row(session),
        };
        match copied {
            Some(text) => Reply::Copy {
                what: text.replace('\t', " "),
                text,
            },
            None => Reply::say("there is nothing here to copy".to_owned()),
        }
    }

    fn selected_tag<'a>(&self, session: &'a Session) -> Option<&'a str> {
        let tag = self.line(self.list.selected)?.tag()?;
        Some(session.dataset.view().tag(tag)?.name)
    }

    fn command(&self, session: &Session) -> Option<String> {
        let query = self.input.value().trim();
        let is_query = !matches!(self.state, LookupState::Empty | LookupState::Unread(_));
        is_query.then(|| session.command_line(&["lookup", query]))
    }

    /// The selected line, tab-separated: prefix, tag, region, service, number.
    fn row(&self, session: &Session) -> Option<String> {
        let (tag, prefix): (TagId, Option<Block>) = match self.line(self.list.selected)? {
            AnswerLine::Match { found, .. } => (found.tag, Some(found.prefix)),
            AnswerLine::Near(near) => (near.hit.tag, Some(near.hit.prefix)),
            AnswerLine::Coverage { tag, .. } | AnswerLine::Fact { tag, .. } => (tag, None),
            AnswerLine::Heading(_) | AnswerLine::Note(_) | AnswerLine::Blank => return None,
        };
        let row = session.dataset.view().tag(tag)?;
        let number = Cell::Change(row.change_number, session.dataset.numbers());
        let prefix = prefix.map_or(String::new(), |prefix| prefix.to_string());
        let cells = [
            &prefix,
            row.name,
            row.region,
            row.system_service,
            &number.plain(),
        ];
        Some(cells.join("\t"))
    }

    /// The command line to go on with for an export.
    pub fn export_name(session: &Session) -> String {
        let date = session.dataset.info().date;
        let date = date.map_or(String::new(), |date| format!("-{date}"));
        format!("lookup{date}")
    }
}
