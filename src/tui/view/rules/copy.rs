//! What `y`, `Y` and `C` take from Rules.

use std::fmt::Write;

use crate::tui::Place;
use crate::tui::component::Reply;
use crate::tui::session::Session;
use crate::tui::view::Copied;
use crate::tui::view::rules::detail::Item;
use crate::tui::view::rules::loaded_rules::WeekEffect;
use crate::tui::view::rules::{Picked, RulesView};
use crate::tui::view::rules::{columns, rows};

impl RulesView {
    /// What a copy takes, by the pane with the keys.
    pub fn copy(&self, what: Copied, session: &Session) -> Reply {
        let text = match (what, self.place) {
            (Copied::Command, _) => Some(self.command(session)),
            (Copied::Cell, Place::RuleFiles) => self.picked_path(),
            (Copied::Cell, Place::RuleDetail) => self.copied_line(),
            (Copied::Cell, Place::RuleNotes) => self.note_text(),
            (Copied::Cell, _) => self.row_name(),
            (Copied::Rows, Place::RuleDetail) => return self.copy_detail(),
            (Copied::Rows, Place::RuleNotes) => {
                let (text, count) = self.all_notes();
                let what = format!("{count} lines");
                return Reply::Copy { text, what };
            }
            (Copied::Rows, _) => return self.copy_rows(),
        };
        match text.filter(|text| !text.is_empty()) {
            Some(text) => Reply::Copy {
                what: text.clone(),
                text,
            },
            None => Reply::say("there is nothing here to copy".to_owned()),
        }
    }

    fn picked_path(&self) -> Option<String> {
        let file = self.loaded_rules.files.get(self.picked_file()?)?;
        Some(file.path.to_string_lossy().into_owned())
    }

    fn row_name(&self) -> Option<String> {
        let position = self.selected()?;
        let row = self
            .loaded_rules
            .row(position)
            .map(|row| row.name.to_string());
        row.or_else(|| Some(self.loaded_rules.set(position)?.name.to_string()))
    }

    fn copied_line(&self) -> Option<String> {
        let line = self.selected_item()?;
        Some(match &line.item {
            Item::Tag(name) => name.clone(),
            Item::Span(span) => span.to_string(),
            Item::Text(text) => text.clone(),
            Item::Nothing | Item::Fold(_) => line.text.trim().to_owned(),
        })
    }

    /// The lines of the detail, as they are on screen.
    fn copy_detail(&self) -> Reply {
        let lines: Vec<&str> = self
            .detail_layout
            .lines
            .iter()
            .map(|line| line.text.as_str())
            .collect();
        let what = format!("{} lines", lines.len());
        Reply::Copy {
            text: lines.join("\n"),
            what,
        }
    }

    /// The rows on screen: set, priority, name, from, to, ports, what it does, the week's effect.
    fn copy_rows(&self) -> Reply {
        let mut text = String::new();
        let mut count = 0;
        for position in self.lines.iter().filter_map(rows::RowLine::position) {
            let (Some(set), Some(row)) = (
                self.loaded_rules.set(position),
                self.loaded_rules.row(position),
            ) else {
                continue;
            };
            count += 1;
            let effect = self.loaded_rules.row_effect(position);
            let priority = row.priority.map_or_else(String::new, |it| it.to_string());
            // Writing into a text cannot fail.
            let _ = writeln!(
                text,
                "{}\t{priority}\t{}\t{}\t{}\t{}\t{}\t{}",
                set.name,
                row.name,
                columns::entries(&row.sources),
                columns::entries(&row.destinations),
                row.ports,
                row.access.word(),
                effect.map_or_else(String::new, columns::effect_text),
            );
        }
        let what = format!("{count} rules");
        Reply::Copy { text, what }
    }

    /// Whether a tag is stated for one of the rows on screen.
    fn is_stated_here(&self, stated: &str) -> bool {
        let Some((name, _)) = stated.rsplit_once('=') else {
            return true;
        };
        let mut positions = self.lines.iter().filter_map(rows::RowLine::position);
        positions.any(|position| {
            let row = self.loaded_rules.row(position).map(|row| row.name.as_str());
            let set = self.loaded_rules.set(position).map(|set| set.name.as_str());
            row == Some(name) || set == Some(name)
        })
    }

    /// The files of the rows on screen, as words.
    pub fn words_of_files(&self) -> Vec<String> {
        let files = self.loaded_rules.files.iter().enumerate();
        let is_shown = |place: usize| match self.picked {
            Picked::All => true,
            Picked::File(own) | Picked::Set(own, _) => own == place,
        };
        // A file that cannot be read would only be refused.
        let shown = files.filter(|(place, file)| is_shown(*place) && file.has_content());
        let paths = shown.map(|(_, file)| file.path.to_string_lossy().into_owned());
        paths.collect()
    }

    /// The command line with the same answer: of the question its test, of findings the check, of
    /// rows what the weeks do to them.
    #[must_use]
    pub fn command(&self, session: &Session) -> String {
        let verb = |word: &str| {
            let mut words = vec!["rules".to_owned(), word.to_owned()];
            words.extend(self.words_of_files());
            words
        };
        let is_verdict = self.is_verdict || self.place == Place::RuleTest;
        if let Some(question) = self.test.question.as_ref().filter(|_| is_verdict) {
            let mut words = verb("test");
            words.extend(question.words());
            return session.command_line(&words);
        }
        if self.place == Place::RuleNotes {
            return session.command_line(&verb("check"));
        }
        let WeekEffect::Ready(run) = &self.loaded_rules.effect else {
            return session.command_line(&verb("show"));
        };
        let mut words = verb("impact");
        let stated = self.loaded_rules.stands_for.iter();
        for stated in stated.filter(|stated| self.is_stated_here(stated)) {
            words.extend(["--stands-for".to_owned(), stated.clone()]);
        }
        let [base, target] = &run.words;
        words.extend(["--base".to_owned(), base.clone()]);
        words.extend(["--target".to_owned(), target.clone()]);
        Session::command_line_of(&words, run.target.cloud())
    }
}
