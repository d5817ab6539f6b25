//! What can be written: the forms of the view and the targets of rules, by groups; letters find one.

use crate::query::rules::make::Target;
use crate::text::matches_words;
use crate::tui::widget::{FilterLine, List};
use crate::tui::{Chord, Command};

/// The view as a file of this name; its ending says the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// What is in it.
    pub title: &'static str,
    /// `csv`, `json` and so on.
    pub form: &'static str,
    /// The name.
    pub name: String,
}

/// A thing that can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportChoice {
    /// The view, by the place of its form.
    Export(usize),
    /// Rules.
    Target(Target),
}

/// A line of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportLine {
    /// What stands below it; cannot be selected.
    Heading(&'static str),
    Choice(ExportChoice),
}

impl ExportLine {
    const fn choice(self) -> Option<ExportChoice> {
        match self {
            Self::Choice(choice) => Some(choice),
            Self::Heading(_) => None,
        }
    }
}

/// The list of what can be written.
#[derive(Debug)]
pub struct Choices {
    exports: Vec<Export>,
    /// Whether rules can be made.
    has_rules: bool,
    pub filter: FilterLine,
    found: Vec<ExportLine>,
    list: List,
}

impl Choices {
    /// The forms of a view, and every target where rules can be made.
    pub fn new(exports: Vec<Export>, has_rules: bool) -> Self {
        let mut choices = Self {
            exports,
            has_rules,
            filter: FilterLine::default(),
            found: Vec::new(),
            list: List::default(),
        };
        choices.search();
        choices
    }

    /// The lines that what is typed leaves, and the chosen one.
    pub fn lines(&self) -> (&[ExportLine], List) {
        (&self.found, self.list)
    }

    pub const fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// A form of the view.
    pub fn export(&self, place: usize) -> Option<&Export> {
        self.exports.get(place)
    }

    /// What is chosen; nothing where nothing is found.
    pub fn chosen(&self) -> Option<ExportChoice> {
        self.found.get(self.list.selected)?.choice()
    }

    /// Chooses it; false where it is not listed.
    pub fn choose(&mut self, choice: ExportChoice) -> bool {
        let is_it = |line: &ExportLine| line.choice() == Some(choice);
        let place = self.found.iter().position(is_it);
        self.list.selected = place.unwrap_or(self.list.selected);
        place.is_some()
    }

    /// A press on a line: it is chosen; true where it was already.
    pub fn press(&mut self, line: usize) -> bool {
        let row = line + self.list.offset;
        let is_choice = self.found.get(row).is_some_and(|it| it.choice().is_some());
        let is_again = is_choice && row == self.list.selected;
        if is_choice {
            self.list.selected = row;
        }
        is_again
    }

    pub fn run(&mut self, command: Command, height: usize) {
        let before = self.list.selected;
        self.list.run(command, self.found.len(), height);
        self.skip_headings(self.list.selected < before);
    }

    pub fn edit(&mut self, chord: Chord) {
        if self.filter.edit(chord) {
            self.search();
        }
    }

    pub fn enter_filter(&mut self) {
        self.filter.enter();
    }

    /// Everything is listed again; false where it is already.
    pub fn clear_filter(&mut self) -> bool {
        let is_cleared = self.filter.clear();
        if is_cleared {
            self.search();
        }
        is_cleared
    }

    pub fn settle(&mut self, height: usize) {
        self.list.settle(self.found.len(), height);
        // The heading above the first choice is shown with it.
        if self.list.offset == 1 {
            self.list.offset = 0;
        }
    }

    fn search(&mut self) {
        let exports = (0..self.exports.len()).map(ExportChoice::Export);
        let targets = Target::ALL.into_iter().map(ExportChoice::Target);
        let targets = targets.filter(|_| self.has_rules);
        let words = self.filter.value();
        let mut found = Vec::new();
        let mut heading = "";
        for choice in exports.chain(targets) {
            let (word, title) = self.words_of(choice);
            let group = match choice {
                ExportChoice::Export(_) => "This view",
                ExportChoice::Target(target) => target.group(),
            };
            if !matches_words(words, &[&word, &title, group]) {
                continue;
            }
            if group != heading {
                heading = group;
                found.push(ExportLine::Heading(group));
            }
            found.push(ExportLine::Choice(choice));
        }
        self.found = found;
        self.list = List::default();
        self.skip_headings(false);
    }

    /// Headings cannot be chosen.
    fn skip_headings(&mut self, is_back: bool) {
        let found = &self.found;
        let is_choice = |row: usize| found.get(row).is_some_and(|it| it.choice().is_some());
        self.list.skip(found.len(), is_back, is_choice);
    }

    /// The word and the title of a choice.
    pub fn words_of(&self, choice: ExportChoice) -> (String, String) {
        match choice {
            ExportChoice::Export(place) => match self.exports.get(place) {
                Some(export) => (format!("view .{}", export.form), export.title.to_owned()),
                None => (String::new(), String::new()),
            },
            ExportChoice::Target(target) => (target.word().to_owned(), target.title()),
        }
    }
}
