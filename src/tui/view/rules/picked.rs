//! What of the rules is fitted and written: the row with the cursor where it has two ends, else its
//! list; among the files all that is shown.

use crate::query::rules::Known;
use crate::query::rules::far::{Picked as Row, far_addresses, has_ends};
use crate::query::rules::fit::Question;
use crate::query::rules::make::Selection;
use crate::rules::RuleSet;
use crate::text::Safe;
use crate::tui::Place;
use crate::tui::view::rules::desk::Spot;
use crate::tui::view::rules::{Picked, RulesView};
use crate::tui::view::{Session, Words};

/// Rows under a name.
#[derive(Debug)]
struct Taken<'a> {
    title: String,
    rows: Vec<Row<'a>>,
    words: Words,
}

impl RulesView {
    /// What is taken; `None` where no rules are open, or none is selected.
    fn taken(&self) -> Option<Taken<'_>> {
        if self.place == Place::RuleFiles {
            return self.taken_files();
        }
        let spot = self.selected()?;
        let set = self.desk.set(spot)?;
        if has_ends(set.kind) {
            let row = self.desk.row(spot)?;
            return Some(Taken {
                title: row.name.to_string(),
                rows: vec![(set, row)],
                words: Words::default(),
            });
        }
        Some(Taken {
            title: set.name.to_string(),
            rows: rows_of(set),
            words: self.words_of_set(spot),
        })
    }

    fn taken_files(&self) -> Option<Taken<'_>> {
        let (title, sets, words) = match self.picked {
            Picked::Set(file, set) => {
                let file = self.desk.loaded_place(file)?;
                let spot = Spot {
                    file,
                    set,
                    row: None,
                };
                let own = self.desk.set(spot)?;
                (own.name.to_string(), vec![own], self.words_of_set(spot))
            }
            Picked::File(place) => {
                let loaded = self.desk.loaded.get(self.desk.loaded_place(place)?)?;
                let title = match loaded.file.sets.as_slice() {
                    [set] => set.name.to_string(),
                    _ => loaded.path.to_string(),
                };
                (
                    title,
                    loaded.file.sets.iter().collect(),
                    Words::of_files(self.words_of_files()),
                )
            }
            Picked::All => {
                let sets = self.desk.loaded.iter().flat_map(|loaded| &loaded.file.sets);
                let words = Words::of_files(self.words_of_files());
                ("all open rules".to_owned(), sets.collect(), words)
            }
        };
        let rows: Vec<Row<'_>> = sets.into_iter().flat_map(rows_of).collect();
        (!self.desk.loaded.is_empty()).then_some(Taken { title, rows, words })
    }

    /// The words of a set: its file, where that holds nothing else.
    fn words_of_set(&self, spot: Spot) -> Words {
        let is_alone = self
            .desk
            .loaded
            .get(spot.file)
            .is_some_and(|loaded| loaded.file.sets.len() == 1);
        let mut files = self.desk.files.iter().filter(|file| file.has_content());
        let path = files.nth(spot.file).filter(|_| is_alone);
        path.map_or_else(Words::default, |file| {
            Words::of_files(vec![file.path.to_string_lossy().into_owned()])
        })
    }

    /// What is written as rules, with its name.
    #[must_use]
    pub fn written_rows(&self, session: &Session) -> Option<(String, Selection)> {
        let taken = self.taken()?;
        let known = Known::new(&session.dataset, &self.desk.loaded);
        let words = taken.words.of_make();
        let selection = Selection::of_rules(&known, &taken.title, &taken.rows, words);
        Some((taken.title, selection))
    }

    /// What is fitted, and what selects the same on the command line.
    #[must_use]
    pub fn fit_question(&self, session: &Session) -> Option<(Question, Words)> {
        let taken = self.taken()?;
        let known = Known::new(&session.dataset, &self.desk.loaded);
        let addresses = far_addresses(&known, &taken.rows);
        let question = Question {
            lists: vec![(Safe::new(&taken.title), addresses)],
            ..Question::default()
        };
        Some((question, taken.words))
    }
}

fn rows_of(set: &RuleSet) -> Vec<Row<'_>> {
    set.rows.iter().map(|row| (set, row)).collect()
}
