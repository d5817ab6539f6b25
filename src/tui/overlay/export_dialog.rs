//! What is selected, as a file: the view as a table, or rules for a target, with a preview.

mod draw;
mod preview;

use std::path::{Path, PathBuf};

use ratatui::layout::Rect;
use tui_input::Input;

use crate::query::rules::fit;
use crate::query::rules::make::{Form, Options, Selection, Target};
use crate::rules::Direction;
use crate::space::Family;
use crate::store::expand_home;
use crate::text::{Safe, matches_words};
use crate::tui::overlay::{Fit, Step};
use crate::tui::view::{Scope, Session};
use crate::tui::widget::{List, edit};
use crate::tui::{Chord, Command, Place};

use preview::Preview;

/// What rules are made from.
#[derive(Debug)]
pub enum Source {
    /// Tags, a plan, the entries of rules.
    Selection(Box<Selection>),
    /// The best cover of some addresses within so many CIDRs; `words` select the addresses.
    Cover {
        /// The covers by any number of CIDRs.
        answer: Box<fit::Answer>,
        /// The most CIDRs there may be.
        limit: usize,
        /// The greatest share of extra addresses.
        most: Option<fit::Percent>,
        /// The rows whose remote ends the addresses are.
        rows: Option<Box<Selection>>,
        /// The words of the command line that select the same addresses.
        words: Vec<String>,
    },
}

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
pub enum Choice {
    /// The view, by the place of its form.
    Export(usize),
    /// Rules.
    Target(Target),
}

/// What the keys move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pane {
    Choices,
    Text,
}

/// The name of the file that is being typed.
#[derive(Debug)]
struct FileLine {
    input: Input,
    /// The file that is there already and would be written over.
    over: Option<PathBuf>,
}

impl FileLine {
    fn path(&self) -> PathBuf {
        expand_home(&PathBuf::from(self.input.value().trim()))
    }
}

/// What can be written over a view.
#[derive(Debug)]
pub struct ExportDialog {
    title: String,
    exports: Vec<Export>,
    source: Option<Source>,
    /// Why there is no source.
    without: &'static str,
    options: Options,
    filter: Input,
    is_filtering: bool,
    found: Vec<Choice>,
    list: List,
    pane: Pane,
    text: List,
    is_zoomed: bool,
    preview: Preview,
    file: Option<FileLine>,
    /// Whether the tags are all watched ones, where there are tags; and what else there is.
    scope: Option<Scope>,
    scope_note: String,
    /// What lies beneath and comes back.
    behind: Option<Box<Fit>>,
}

impl ExportDialog {
    /// The forms of the view, then the targets.
    #[must_use]
    pub fn new(title: String, exports: Vec<Export>, source: Option<Source>) -> Self {
        let mut dialog = Self {
            title,
            exports,
            source,
            without: "",
            options: Options::default(),
            filter: Input::default(),
            is_filtering: false,
            found: Vec::new(),
            list: List::default(),
            pane: Pane::Choices,
            text: List::default(),
            is_zoomed: false,
            preview: Preview::default(),
            file: None,
            scope: None,
            scope_note: String::new(),
            behind: None,
        };
        dialog.search();
        dialog
    }

    /// Says why no rules can be made from what is selected.
    #[must_use]
    pub const fn without(mut self, why: &'static str) -> Self {
        self.without = why;
        self
    }

    /// Says which of the tags these are.
    #[must_use]
    pub fn scoped(mut self, scope: Scope, note: String) -> Self {
        self.scope = Some(scope);
        self.scope_note = note;
        self
    }

    /// Which of the tags these are.
    #[must_use]
    pub const fn scope(&self) -> Option<Scope> {
        self.scope
    }

    /// What is chosen, and how rules are written.
    #[must_use]
    pub fn bookmark(&self) -> (Option<Choice>, Options) {
        (self.chosen(), self.options.clone())
    }

    /// Back to what was chosen.
    pub fn restore(&mut self, choice: Option<Choice>, options: Options) {
        self.options = options;
        let place = self.found.iter().position(|&it| Some(it) == choice);
        self.list.selected = place.unwrap_or(0);
    }

    /// Lies over the covers from which it was opened.
    #[must_use]
    pub fn over(mut self, fit: Fit) -> Self {
        self.options.family = fit.family();
        self.behind = Some(Box::new(fit));
        self
    }

    /// Begins on a target.
    ///
    /// # Errors
    /// Why there is none.
    pub fn choose(&mut self, target: Target) -> Result<(), &'static str> {
        let choice = Choice::Target(target);
        let place = self.found.iter().position(|&it| it == choice);
        self.list.selected = place.ok_or(self.without)?;
        Ok(())
    }

    /// The target that is chosen; none for a view.
    #[must_use]
    pub fn target(&self) -> Option<Target> {
        match self.chosen()? {
            Choice::Target(target) => Some(target),
            Choice::Export(_) => None,
        }
    }

    /// What lay beneath.
    pub fn behind(self) -> Option<Fit> {
        self.behind.map(|fit| *fit)
    }

    /// What has the keys.
    #[must_use]
    pub const fn place(&self) -> Place {
        if let Some(file) = &self.file {
            if file.over.is_some() {
                Place::ExportOver
            } else {
                Place::ExportFile
            }
        } else if self.is_filtering {
            Place::ExportFilter
        } else {
            Place::Export
        }
    }

    fn search(&mut self) {
        let exports = (0..self.exports.len()).map(Choice::Export);
        let targets = Target::ALL.into_iter().map(Choice::Target);
        let targets = targets.filter(|_| self.source.is_some());
        let words = self.filter.value();
        let fits = |choice: &Choice| {
            let (word, title) = self.words_of(*choice);
            matches_words(words, &[&word, &title])
        };
        self.found = exports.chain(targets).filter(fits).collect();
        self.list = List::default();
    }

    /// The word and the title of a choice.
    fn words_of(&self, choice: Choice) -> (String, String) {
        match choice {
            Choice::Export(place) => match self.exports.get(place) {
                Some(export) => (format!("view .{}", export.form), export.title.to_owned()),
                None => (String::new(), String::new()),
            },
            Choice::Target(target) => (target.word().to_owned(), target.title()),
        }
    }

    fn chosen(&self) -> Option<Choice> {
        self.found.get(self.list.selected).copied()
    }

    /// The form in which the view is to be previewed, unless that is known.
    #[must_use]
    pub fn wanted(&self) -> Option<&'static str> {
        match self.chosen()? {
            Choice::Export(place) if !self.is_known() => self.exports.get(place).map(|it| it.form),
            _ => None,
        }
    }

    /// Takes the view in the form that was wanted.
    pub fn show(&mut self, found: Result<Vec<u8>, Safe>) {
        let Some(choice) = self.chosen() else { return };
        let title = self.words_of(choice).1;
        let name = match choice {
            Choice::Export(place) => self.exports.get(place).map(|export| export.name.clone()),
            Choice::Target(_) => None,
        };
        let name = name.unwrap_or_default();
        self.preview = Preview::of_view(self.asked(choice), title, found.map(|it| (it, name)));
        self.text = List::default();
    }

    /// A key that no command took: text.
    pub fn key(&mut self, chord: Chord) {
        if let Some(file) = &mut self.file {
            // Whether to write over it is a question of its own.
            if file.over.is_none() {
                edit(&mut file.input, chord);
            }
        } else if self.is_filtering && edit(&mut self.filter, chord) {
            self.search();
        }
    }

    /// Runs a command.
    pub fn run(&mut self, command: Command, body: Rect, session: &Session) -> Step {
        if self.file.is_some() {
            return self.run_file(command);
        }
        match command {
            Command::Back if self.is_filtering => {
                self.filter.reset();
                self.is_filtering = false;
                self.search();
            }
            Command::Open | Command::NextPane if self.is_filtering => self.is_filtering = false,
            Command::Back if self.is_zoomed => self.is_zoomed = false,
            Command::Back if !self.filter.value().is_empty() => {
                self.filter.reset();
                self.search();
            }
            Command::Back => return Step::Close,
            Command::Filter => {
                self.is_filtering = true;
                self.is_zoomed = false;
                self.pane = Pane::Choices;
            }
            Command::NextPane | Command::PreviousPane => self.turn_pane(),
            Command::Zoom => {
                self.is_zoomed = !self.is_zoomed;
                self.pane = Pane::Text;
            }
            Command::Open => return self.type_name(),
            Command::WatchedOnly if self.behind.is_none() => return Step::Rescope,
            Command::WatchedOnly => {
                return Step::Say("Esc goes back to the covers: w there".to_owned());
            }
            Command::RuleForm | Command::RuleDirection | Command::Families if self.is_view() => {
                return Step::Say("that is for rules: choose a target below the views".to_owned());
            }
            Command::RuleForm if self.is_cover() => {
                return Step::Say("a cover is prefixes, in every form".to_owned());
            }
            Command::RuleForm => self.options.form = next_form(self.options.form),
            Command::RuleDirection => {
                self.options.direction = next_direction(self.options.direction)
            }
            Command::Families => self.options.family = next_family(self.options.family),
            Command::CopyCell | Command::CopyRows => return self.copy_text(),
            Command::CopyCommand => return self.copy_command(session),
            command => {
                let areas = self.areas(body);
                if self.pane == Pane::Choices {
                    let height = draw::height(areas.choices);
                    self.list.run(command, self.found.len(), height);
                } else {
                    let highest = self.highest(body);
                    let mut first = List {
                        selected: self.text.offset,
                        offset: 0,
                    };
                    first.run(command, highest + 1, draw::height(areas.text));
                    self.text.offset = first.selected;
                }
            }
        }
        Step::Stay
    }

    fn is_view(&self) -> bool {
        matches!(self.chosen(), Some(Choice::Export(_)))
    }

    const fn is_cover(&self) -> bool {
        matches!(self.source, Some(Source::Cover { .. }))
    }

    const fn turn_pane(&mut self) {
        self.pane = match self.pane {
            Pane::Choices => Pane::Text,
            Pane::Text => Pane::Choices,
        };
        self.is_zoomed = false;
    }

    /// The line for the file's name, with a name to begin with.
    fn type_name(&mut self) -> Step {
        match self.preview.name() {
            Ok(name) => {
                self.file = Some(FileLine {
                    input: Input::new(name.to_owned()),
                    over: None,
                });
                Step::Stay
            }
            Err(reason) => Step::Say(format!("nothing to write: {reason}")),
        }
    }

    fn run_file(&mut self, command: Command) -> Step {
        let Some(file) = &mut self.file else {
            return Step::Stay;
        };
        match command {
            Command::Back if file.over.is_some() => file.over = None,
            Command::Back => self.file = None,
            Command::Open | Command::WriteOver => {
                if file.input.value().trim().is_empty() {
                    return Step::Say("type the name of a file".to_owned());
                }
                let path = file.path();
                if let Some(bytes) = self.preview.bytes() {
                    return Step::Write {
                        is_over: file.over.as_ref() == Some(&path),
                        path,
                        bytes: bytes.to_vec(),
                    };
                }
            }
            _ => {}
        }
        Step::Stay
    }

    /// Whether this file is being written from here.
    pub fn is_writing(&self, path: &Path) -> bool {
        self.file.as_ref().is_some_and(|file| file.path() == path)
    }

    /// The file is there already: it is asked whether to write over it.
    pub fn ask_over(&mut self, path: PathBuf) {
        if let Some(file) = &mut self.file {
            file.over = Some(path);
        }
    }

    /// The view may be another now.
    pub fn forget_view(&mut self) {
        if self.file.is_none() && matches!(self.chosen(), Some(Choice::Export(_))) {
            self.preview = Preview::default();
        }
    }

    /// The wheel moves what is under it.
    pub fn wheel(
        &mut self,
        command: Command,
        body: Rect,
        column: u16,
        row: u16,
        session: &Session,
    ) {
        if self.file.is_some() {
            return;
        }
        let areas = self.areas(body);
        let place = (column, row).into();
        let pane = if areas.text.contains(place) {
            Pane::Text
        } else if areas.choices.contains(place) {
            Pane::Choices
        } else {
            return;
        };
        let before = std::mem::replace(&mut self.pane, pane);
        self.run(command, body, session);
        self.pane = before;
    }

    fn copy_text(&self) -> Step {
        match (self.preview.bytes(), self.chosen()) {
            (Some(bytes), Some(choice)) => Step::Copy {
                text: String::from_utf8_lossy(bytes).into_owned(),
                what: format!(
                    "{}, {} lines",
                    self.words_of(choice).0,
                    self.preview.lines()
                ),
            },
            _ => Step::Say("there is nothing here to copy".to_owned()),
        }
    }

    /// The command line that writes the same.
    fn copy_command(&self, session: &Session) -> Step {
        let Some(Choice::Target(target)) = self.chosen() else {
            let text = "the view has its command line outside of this list: Esc, then C";
            return Step::Say(text.to_owned());
        };
        let Some(words) = self.preview.words().filter(|words| !words.is_empty()) else {
            return Step::Say("no command line selects the same".to_owned());
        };
        let head = ["rules", "make", target.word()].map(str::to_owned);
        let words: Vec<String> = head.iter().chain(words).cloned().collect();
        let line = session.command_line(&words);
        Step::Copy {
            text: line.clone(),
            what: line,
        }
    }

    /// A click selects a choice, one on the selected choice asks for a name; beside a line it moves
    /// the keys.
    pub fn click(&mut self, body: Rect, column: u16, row: u16) -> Step {
        if self.file.is_some() {
            return Step::Stay;
        }
        let areas = self.areas(body);
        let place = (column, row).into();
        if areas.text.contains(place) {
            self.pane = Pane::Text;
        } else if let Some(line) = draw::line_at(areas.choices, column, row) {
            self.pane = Pane::Choices;
            let line = line + self.list.offset;
            if line == self.list.selected {
                return self.type_name();
            }
            if line < self.found.len() {
                self.list.selected = line;
            }
        }
        Step::Stay
    }

    /// Brings the lists into their areas and makes the rules that are chosen.
    pub fn settle(&mut self, body: Rect, session: &Session) {
        let areas = self.areas(body);
        self.list
            .settle(self.found.len(), draw::height(areas.choices));
        if self.found.is_empty() {
            self.preview = Preview::default();
        }
        if !self.is_known()
            && let Some(choice @ Choice::Target(target)) = self.chosen()
            && let Some(source) = &self.source
        {
            let asked = self.asked(choice);
            self.preview = Preview::of_rules(asked, target, source, &self.options, session);
            self.text = List::default();
        }
        self.text.offset = self.text.offset.min(self.highest(body));
    }

    /// How far the text can be moved.
    fn highest(&self, body: Rect) -> usize {
        let area = self.areas(body).text;
        let lines = self.text_lines(area).len();
        lines.saturating_sub(draw::height(area))
    }

    /// What the preview would be of.
    fn asked(&self, choice: Choice) -> preview::Asked {
        let Options {
            form,
            direction,
            family,
            ..
        } = self.options;
        (choice, form, direction, family)
    }

    /// Whether the preview is of what is chosen.
    fn is_known(&self) -> bool {
        self.chosen()
            .is_some_and(|choice| self.preview.is_of(self.asked(choice)))
    }
}

const fn next_form(form: Form) -> Form {
    match form {
        Form::Best => Form::Prefixes,
        Form::Prefixes => Form::Tags,
        Form::Tags => Form::Best,
    }
}

const fn next_direction(direction: Option<Direction>) -> Option<Direction> {
    match direction {
        None => Some(Direction::Out),
        Some(Direction::Out) => Some(Direction::In),
        Some(Direction::In) => None,
    }
}

/// Both, IPv4, IPv6.
pub const fn next_family(family: Option<Family>) -> Option<Family> {
    match family {
        None => Some(Family::V4),
        Some(Family::V4) => Some(Family::V6),
        Some(Family::V6) => None,
    }
}
