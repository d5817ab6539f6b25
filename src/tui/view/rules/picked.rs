//! What of the rules is fitted and written: the row with the cursor where it has two ends, else its
//! list; among the files all that is shown.

use crate::query::rules::AddressResolver;
use crate::query::rules::fit::FitQuestion;
use crate::query::rules::make::Selection;
use crate::query::rules::remote_end::{PickedRow as Row, directions, remote_addresses};
use crate::rules::{RuleSet, RuleSetKind};
use crate::text::Safe;
use crate::tui::Place;
use crate::tui::session::Session;
use crate::tui::view::Words;
use crate::tui::view::rules::loaded_rules::Position;
use crate::tui::view::rules::{Picked, RulesView};

/// Rows under a name.
#[derive(Debug)]
struct RowSelection<'a> {
    title: String,
    rows: Vec<Row<'a>>,
    words: Words,
}

impl RulesView {
    /// What is taken; `None` where no rules are open, or none is selected.
    fn taken(&self) -> Option<RowSelection<'_>> {
        if self.place == Place::RuleFiles {
            return self.taken_files();
        }
        let position = self.selected()?;
        let set = self.loaded_rules.set(position)?;
        if set.kind.has_two_ends() {
            let row = self.loaded_rules.row(position)?;
            return Some(RowSelection {
                title: row.name.to_string(),
                rows: vec![(set, row)],
                words: Words::default(),
            });
        }
        Some(RowSelection {
            title: self.title_of(position, set),
            rows: rows_of(set),
            words: self.words_of_set(position),
        })
    }

    fn taken_files(&self) -> Option<RowSelection<'_>> {
        let (title, sets, words) = match self.picked {
            Picked::Set(file, set) => {
                let file = self.loaded_rules.loaded_place(file)?;
                let position = Position {
                    file,
                    set,
                    row: None,
                };
                let own = self.loaded_rules.set(position)?;
                let title = self.title_of(position, own);
                (title, vec![own], self.words_of_set(position))
            }
            Picked::File(place) => {
                let loaded = self
                    .loaded_rules
                    .loaded
                    .get(self.loaded_rules.loaded_place(place)?)?;
                let title = match loaded.file.sets.as_slice() {
                    [set] if set.kind != RuleSetKind::List => set.name.to_string(),
                    _ => file_name(&loaded.path),
                };
                (
                    title,
                    loaded.file.sets.iter().collect(),
                    Words::of_files(self.words_of_files()),
                )
            }
            Picked::All => {
                let sets = self
                    .loaded_rules
                    .loaded
                    .iter()
                    .flat_map(|loaded| &loaded.file.sets);
                let words = Words::of_files(self.words_of_files());
                ("all open rules".to_owned(), sets.collect(), words)
            }
        };
        let rows: Vec<Row<'_>> = sets.into_iter().flat_map(rows_of).collect();
        (!self.loaded_rules.loaded.is_empty()).then_some(RowSelection { title, rows, words })
    }

    /// The name of a set; of the only list of a file that file's.
    fn title_of(&self, position: Position, set: &RuleSet) -> String {
        match self.loaded_rules.loaded.get(position.file) {
            Some(loaded) if set.kind == RuleSetKind::List && loaded.file.sets.len() == 1 => {
                file_name(&loaded.path)
            }
            _ => set.name.to_string(),
        }
    }

    /// The words of a set: its file, where that holds nothing else.
    fn words_of_set(&self, position: Position) -> Words {
        let is_alone = self
            .loaded_rules
            .loaded
            .get(position.file)
            .is_some_and(|loaded| loaded.file.sets.len() == 1);
        let mut files = self
            .loaded_rules
            .files
            .iter()
            .filter(|file| file.has_content());
        let path = files.nth(position.file).filter(|_| is_alone);
        path.map_or_else(Words::default, |file| {
            Words::of_files(vec![file.path.to_string_lossy().into_owned()])
        })
    }

    /// What is written as rules, with its name.
    #[must_use]
    pub fn written_rows(&self, session: &Session) -> Option<(String, Selection)> {
        let taken = self.taken()?;
        let resolver = AddressResolver::new(&session.dataset, &self.loaded_rules.loaded);
        let words = taken.words.of_make();
        let selection = Selection::of_rules(&resolver, &taken.title, &taken.rows, words);
        Some((taken.title, selection))
    }

    /// What is fitted, what selects the same on the command line, and what the rows say besides.
    ///
    /// # Errors
    /// Why nothing of it can be fitted.
    pub fn fitted(&self, session: &Session) -> Result<(FitQuestion, Words, Selection), String> {
        let taken = self.taken().ok_or("no rule is selected")?;
        let title = &taken.title;
        let [inward, outward] = directions(&taken.rows);
        if inward > 0 && outward > 0 {
            return Err(format!(
                "{title}: {inward} rules let in and {outward} let out; select one of them"
            ));
        }
        let resolver = AddressResolver::new(&session.dataset, &self.loaded_rules.loaded);
        let addresses = remote_addresses(&resolver, &taken.rows);
        let rows = Selection::of_rules(&resolver, title, &taken.rows, Vec::new());
        if addresses.is_empty() {
            let why = rows.notes.join("; ");
            let why = if why.is_empty() {
                "it lists none"
            } else {
                &why
            };
            return Err(format!("{title} has no addresses to fit: {why}"));
        }
        let question = FitQuestion {
            lists: vec![(Safe::new(title), addresses)],
            ..FitQuestion::default()
        };
        Ok((question, taken.words, rows))
    }
}

/// The name of a path.
fn file_name(path: &Safe) -> String {
    let name = path.as_str().rsplit(['/', '\\']).next();
    name.unwrap_or_default().to_owned()
}

fn rows_of(set: &RuleSet) -> Vec<Row<'_>> {
    set.rows.iter().map(|row| (set, row)).collect()
}
