//! What `y`, `Y`, `C` and the export take from Diff.

use std::fmt::Write;

use crate::query::Dataset;
use crate::query::diff::DiffAnswer;
use crate::tui::Place;
use crate::tui::component::Reply;
use crate::tui::session::Session;
use crate::tui::view::Copied;
use crate::tui::view::diff::changes::ChangeLine;
use crate::tui::view::diff::{DiffView, TagFilter};

impl DiffView {
    /// What a copy takes: a name, a prefix or a date; all rows of the tag; or the command line.
    pub fn copy(&self, what: Copied, session: &Session) -> Reply {
        let copied = match (what, self.place) {
            (Copied::Command, _) => self.command(session),
            (Copied::Cell, Place::Weeks) => {
                let week = self.weeks.get(self.week_list.selected);
                week.and_then(|week| week.record.date.clone())
            }
            (Copied::Cell, Place::ChangeRows) => {
                self.selected_row().map(|row| row.prefix.to_string())
            }
            (Copied::Cell, _) => match self.lines.get(self.change_list.selected) {
                Some(ChangeLine::Service(service)) => Some(service.name.clone()),
                _ => self.selected_tag().map(|tag| tag.name.clone()),
            },
            (Copied::Rows, _) => return self.copy_rows(),
        };
        match copied {
            Some(text) => Reply::Copy {
                what: text.clone(),
                text,
            },
            None => Reply::say("there is nothing here to copy".to_owned()),
        }
    }

    /// The rows on screen of the selected tag, as a patch lists them.
    fn copy_rows(&self) -> Reply {
        let Some(tag) = self.selected_tag() else {
            return Reply::say("select a tag: its rows are copied".to_owned());
        };
        let rows = self.rows();
        let mut text = String::new();
        for row in &rows {
            // Writing into a text cannot fail.
            let _ = writeln!(text, "{}{}", row.sign.glyph(), row.prefix);
        }
        Reply::Copy {
            text,
            what: format!("{} rows of {}", rows.len(), tag.name),
        }
    }

    fn command(&self, session: &Session) -> Option<String> {
        let compared = self.compared()?;
        let mut words = vec!["diff".to_owned()];
        words.extend(compared.words.iter().cloned());
        let filter = self.filter.value().trim();
        if !filter.is_empty() {
            words.push(format!("--filter={filter}"));
        }
        if !self.scope.has_noise {
            words.push("--ignore-azurecloud".to_owned());
        }
        if self.scope.is_addresses {
            words.push("--address-changes".to_owned());
        }
        match self.scope.owner {
            TagFilter::All => {}
            TagFilter::Watched => words.push("--watched".to_owned()),
            TagFilter::Rules => {
                let files = self.touched.files.iter();
                words.extend(files.map(|file| format!("--rules={file}")));
            }
        }
        if self.place == Place::ChangeRows {
            let tag = self.selected_tag()?;
            words.push(format!("--tag={}", tag.name));
            words.push("--rows".to_owned());
        }
        Some(Session::command_line_of(&words, session.dataset.cloud()))
    }

    /// The command line to go on with for an export.
    pub fn export_name(&self) -> String {
        let dates = self.compared().map_or("", |compared| &compared.dates);
        format!("changes-{dates}")
    }

    /// What is on screen, all that changed, and the two weeks.
    pub fn exported(&self) -> Option<([&DiffAnswer; 2], [&Dataset; 2])> {
        let compared = self.compared()?;
        let answers = [&compared.shown, &compared.all];
        Some((answers, [&compared.base, &compared.target]))
    }
}
