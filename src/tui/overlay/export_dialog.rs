//! What is selected, as a file: the view as a table, or rules for a target, with a preview.

mod choices;
mod draw;
mod preview;
mod turns;

use std::path::{Path, PathBuf};

use ratatui::Frame;
use ratatui::layout::Rect;
use tui_input::Input;

use crate::query::ViewTopic;
use crate::query::rules::fit;
use crate::query::rules::make::{MakeOptions, Selection, Target};
use crate::space::Family;
use crate::store::expand_home;
use crate::text::Safe;
use crate::tui::component::{
    Component, Cx, Keep, Layer, Look, NewFile, News, Origin, Reply, Scope, Screen, Taken,
};
use crate::tui::keymap::OwnWords;
use crate::tui::overlay::scope::{no_tags_of, other_scope};
use crate::tui::session::Session;
use crate::tui::widget::{List, edit};
use crate::tui::{Chord, Command, Mouse, Outcome, Place, Written};

use choices::Choices;
use preview::Preview;
use turns::{next_direction, next_form};

pub use choices::{Export, ExportChoice};
pub use turns::next_family;

/// What rules are made from.
#[derive(Debug)]
pub enum ExportSource {
    /// Tags, a plan, the entries of rules.
    Selection(Box<Selection>),
    /// The best cover of some addresses within so many CIDRs; `words` select the addresses.
    Cover {
        /// The covers by any number of CIDRs.
        answer: Box<fit::FitAnswer>,
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

/// What the keys move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ExportPane {
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
    choices: Choices,
    source: Option<ExportSource>,
    /// Why there is no source.
    without: &'static str,
    options: MakeOptions,
    pane: ExportPane,
    text: List,
    is_zoomed: bool,
    preview: Preview,
    file: Option<FileLine>,
    /// Whether the tags are all watched ones, where there are tags; and what else there is.
    scope: Option<Scope>,
    scope_note: String,
}

impl ExportDialog {
    /// The forms of the view, then the targets.
    #[must_use]
    pub fn new(title: String, exports: Vec<Export>, source: Option<ExportSource>) -> Self {
        Self {
            title,
            choices: Choices::new(exports, source.is_some()),
            source,
            without: "",
            options: MakeOptions::default(),
            pane: ExportPane::Choices,
            text: List::default(),
            is_zoomed: false,
            preview: Preview::default(),
            file: None,
            scope: None,
            scope_note: String::new(),
        }
    }

    /// What a view gives; `target` is chosen where there is one, else what was written last.
    ///
    /// # Errors
    /// Why it gives nothing, or no rules for the target.
    pub fn over(
        screen: &dyn Screen,
        target: Option<Target>,
        session: &Session,
    ) -> Result<Self, Safe> {
        let mut dialog = screen.offer(Scope::Fitting, session)?;
        match target {
            Some(target) => dialog.choose(target)?,
            None => dialog.choose_again(session),
        }
        Ok(dialog)
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

    /// Of a cover, which is of one family or of both.
    #[must_use]
    pub fn of_cover(mut self, family: Option<Family>) -> Self {
        self.options.family = family;
        self
    }

    /// Begins where something was written last.
    pub fn choose_again(&mut self, session: &Session) {
        if let Some(target) = session.board.last_target {
            // Without a source the views are all there is.
            let _ = self.choose(target);
        }
    }

    /// Begins on a target.
    ///
    /// # Errors
    /// Why there is none.
    fn choose(&mut self, target: Target) -> Result<(), Safe> {
        if self.choices.choose(ExportChoice::Target(target)) {
            Ok(())
        } else {
            Err(Safe::new(self.without))
        }
    }

    /// The target that is chosen; none for a view.
    fn target(&self) -> Option<Target> {
        match self.choices.chosen()? {
            ExportChoice::Target(target) => Some(target),
            ExportChoice::Export(_) => None,
        }
    }

    /// The same on the watched tags, or on the selected one alone.
    fn rescope(&mut self, cx: &mut Cx<'_>) {
        let Some(other) = other_scope(self.scope, cx) else {
            return;
        };
        match cx.under.map(|screen| screen.offer(other, cx.session)) {
            // Without a watched tag it is the selected one.
            Some(Ok(mut dialog)) if dialog.scope == Some(other) => {
                if let Some(chosen) = self.choices.chosen() {
                    dialog.choices.choose(chosen);
                }
                dialog.options = self.options.clone();
                dialog.pane = self.pane;
                *self = dialog;
            }
            Some(Err(reason)) => cx.reply(Reply::Say(reason)),
            Some(Ok(_)) | None => cx.say(no_tags_of(other)),
        }
    }

    /// The form in which the view is to be previewed, unless that is known.
    fn wanted(&self) -> Option<&'static str> {
        match self.choices.chosen()? {
            ExportChoice::Export(place) if !self.is_known() => {
                self.choices.export(place).map(|it| it.form)
            }
            _ => None,
        }
    }

    /// Takes the view in the form that was wanted.
    fn show(&mut self, found: Result<Vec<u8>, Safe>) {
        let Some(choice) = self.choices.chosen() else {
            return;
        };
        let title = self.choices.words_of(choice).1;
        let name = match choice {
            ExportChoice::Export(place) => {
                self.choices.export(place).map(|export| export.name.clone())
            }
            ExportChoice::Target(_) => None,
        };
        let name = name.unwrap_or_default();
        self.preview = Preview::of_view(self.asked(choice), title, found.map(|it| (it, name)));
        self.text = List::default();
    }

    fn is_view(&self) -> bool {
        matches!(self.choices.chosen(), Some(ExportChoice::Export(_)))
    }

    const fn is_cover(&self) -> bool {
        matches!(self.source, Some(ExportSource::Cover { .. }))
    }

    const fn turn_pane(&mut self) {
        self.pane = match self.pane {
            ExportPane::Choices => ExportPane::Text,
            ExportPane::Text => ExportPane::Choices,
        };
        self.is_zoomed = false;
    }

    /// The line for the file's name, with a name to begin with.
    fn type_name(&mut self, cx: &mut Cx<'_>) {
        match self.preview.name() {
            Ok(name) => {
                self.file = Some(FileLine {
                    input: Input::new(name.to_owned()),
                    over: None,
                });
            }
            Err(reason) => cx.say(format!("nothing to write: {reason}")),
        }
    }

    fn run_file(&mut self, command: Command, cx: &mut Cx<'_>) {
        let target = self.target();
        let Some(file) = &mut self.file else {
            return;
        };
        match command {
            Command::Back if file.over.is_some() => file.over = None,
            Command::Back => self.file = None,
            Command::Open | Command::WriteOver => {
                if file.input.value().trim().is_empty() {
                    return cx.say("type the name of a file");
                }
                let path = file.path();
                if let Some(bytes) = self.preview.bytes() {
                    cx.reply(Reply::Write(NewFile {
                        is_over: file.over.as_ref() == Some(&path),
                        path,
                        bytes: bytes.to_vec(),
                        origin: Origin::Dialog(target),
                    }));
                }
            }
            _ => {}
        }
    }

    /// Whether this file is being written from here.
    fn is_writing(&self, path: &Path) -> bool {
        self.file.as_ref().is_some_and(|file| file.path() == path)
    }

    /// The view may be another now.
    fn forget_view(&mut self) {
        if self.file.is_none() && self.is_view() {
            self.preview = Preview::default();
        }
    }

    /// The wheel moves what is under it.
    fn wheel(&mut self, command: Command, mouse: Mouse, cx: &mut Cx<'_>) {
        if self.file.is_some() {
            return;
        }
        let areas = self.areas(cx.body);
        let place = (mouse.column, mouse.row).into();
        let pane = if areas.text.contains(place) {
            ExportPane::Text
        } else if areas.choices.contains(place) {
            ExportPane::Choices
        } else {
            return;
        };
        let before = std::mem::replace(&mut self.pane, pane);
        self.run(command, cx);
        self.pane = before;
    }

    fn copy_text(&self) -> Reply {
        match (self.preview.bytes(), self.choices.chosen()) {
            (Some(bytes), Some(choice)) => Reply::Copy {
                text: String::from_utf8_lossy(bytes).into_owned(),
                what: format!(
                    "{}, {} lines",
                    self.choices.words_of(choice).0,
                    self.preview.lines()
                ),
            },
            _ => Reply::say("there is nothing here to copy"),
        }
    }

    /// The command line that writes the same.
    fn copy_command(&self, session: &Session) -> Reply {
        let Some(ExportChoice::Target(target)) = self.choices.chosen() else {
            let text = "the view has its command line outside of this list: Esc, then C";
            return Reply::say(text);
        };
        let Some(words) = self.preview.words().filter(|words| !words.is_empty()) else {
            return Reply::say("no command line selects the same");
        };
        let head = ["rules", "make", target.word()].map(str::to_owned);
        let words: Vec<String> = head.iter().chain(words).cloned().collect();
        let line = session.command_line(&words);
        Reply::Copy {
            text: line.clone(),
            what: line,
        }
    }

    /// How far the text can be moved.
    fn highest(&self, body: Rect) -> usize {
        let area = self.areas(body).text;
        let lines = self.text_lines(area).len();
        lines.saturating_sub(draw::height(area))
    }

    /// What the preview would be of.
    fn asked(&self, choice: ExportChoice) -> preview::PreviewKey {
        let MakeOptions {
            form,
            direction,
            family,
            ..
        } = self.options;
        (choice, form, direction, family)
    }

    /// Whether the preview is of what is chosen.
    fn is_known(&self) -> bool {
        self.choices
            .chosen()
            .is_some_and(|choice| self.preview.is_of(self.asked(choice)))
    }
}

impl Component for ExportDialog {
    fn place(&self) -> Place {
        match &self.file {
            Some(file) if file.over.is_some() => Place::ExportOver,
            Some(_) => Place::ExportFile,
            None if self.pane == ExportPane::Text => Place::ExportText,
            None => Place::Export,
        }
    }

    fn run(&mut self, command: Command, cx: &mut Cx<'_>) -> Taken {
        match command {
            Command::Help | Command::View(_) => return Taken::No,
            command if self.file.is_some() => self.run_file(command, cx),
            Command::Back if self.is_zoomed => self.is_zoomed = false,
            Command::Back if self.pane == ExportPane::Text => self.pane = ExportPane::Choices,
            Command::Back if self.choices.clear_filter() => {}
            Command::Back | Command::Close => cx.reply(Reply::Pop),
            Command::Filter => {
                self.choices.enter_filter();
                self.is_zoomed = false;
                self.pane = ExportPane::Choices;
            }
            Command::NextPane | Command::PreviousPane => self.turn_pane(),
            Command::Zoom => {
                self.is_zoomed = !self.is_zoomed;
                self.pane = ExportPane::Text;
            }
            Command::Open => self.type_name(cx),
            Command::WatchedOnly if self.is_cover() => {
                cx.say("Esc goes back to the covers: w there");
            }
            Command::WatchedOnly => self.rescope(cx),
            Command::RuleForm | Command::RuleDirection | Command::Families if self.is_view() => {
                cx.say("that is for rules: choose a target below the views");
            }
            Command::RuleForm if self.is_cover() => {
                cx.say("a cover is prefixes, in every form");
            }
            Command::RuleForm => self.options.form = next_form(self.options.form),
            Command::RuleDirection => {
                self.options.direction = next_direction(self.options.direction);
            }
            Command::Families => self.options.family = next_family(self.options.family),
            Command::CopyCell | Command::CopyRows => cx.reply(self.copy_text()),
            Command::CopyCommand => cx.reply(self.copy_command(cx.session)),
            command => {
                let areas = self.areas(cx.body);
                if self.pane == ExportPane::Choices {
                    self.choices.run(command, draw::height(areas.choices));
                } else {
                    let highest = self.highest(cx.body);
                    let mut first = List {
                        selected: self.text.offset,
                        offset: 0,
                    };
                    first.run(command, highest + 1, draw::height(areas.text));
                    self.text.offset = first.selected;
                }
            }
        }
        Taken::Yes
    }

    fn key(&mut self, chord: Chord, _: &mut Cx<'_>) {
        if let Some(file) = &mut self.file {
            // Whether to write over it is a question of its own.
            if file.over.is_none() {
                edit(&mut file.input, chord);
            }
        } else if self.pane == ExportPane::Choices {
            self.choices.edit(chord);
        }
    }

    /// A click selects a choice, one on the selected choice asks for a name; beside a line it moves
    /// the keys. The wheel moves what is under it.
    fn mouse(&mut self, mouse: Mouse, cx: &mut Cx<'_>) {
        if let Some(command) = mouse.wheel() {
            return self.wheel(command, mouse, cx);
        }
        if self.file.is_some() {
            return;
        }
        let areas = self.areas(cx.body);
        let (column, row) = (mouse.column, mouse.row);
        if areas.text.contains((column, row).into()) {
            self.pane = ExportPane::Text;
        } else if let Some(line) = draw::line_at(areas.choices, column, row) {
            self.pane = ExportPane::Choices;
            if self.choices.press(line) {
                self.type_name(cx);
            }
        }
    }

    /// Makes the rules that are chosen, or takes the view.
    fn settle(&mut self, cx: &mut Cx<'_>) {
        let areas = self.areas(cx.body);
        self.choices.settle(draw::height(areas.choices));
        if self.choices.is_empty() {
            self.preview = Preview::default();
        }
        if !self.is_known()
            && let Some(choice @ ExportChoice::Target(target)) = self.choices.chosen()
            && let Some(source) = &self.source
        {
            let asked = self.asked(choice);
            self.preview = Preview::of_rules(asked, target, source, &self.options, cx.session);
            self.text = List::default();
        }
        self.text.offset = self.text.offset.min(self.highest(cx.body));
        if let (Some(form), Some(screen)) = (self.wanted(), cx.under) {
            self.show(screen.export(form, cx.session));
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, look: &Look<'_>) {
        self.draw_in(frame, look.body, look.theme);
    }

    fn done(&mut self, _: Outcome, _: &mut Cx<'_>) {}
}

/// Without rules there are no options of them.
const VIEW_ALONE: OwnWords = &[
    (Command::RuleForm, ""),
    (Command::RuleDirection, ""),
    (Command::Families, ""),
    (Command::WatchedOnly, ""),
    (Command::CopyCommand, ""),
];

impl Layer for ExportDialog {
    fn footer_words(&self) -> OwnWords {
        if self.is_view() { VIEW_ALONE } else { &[] }
    }

    /// What was to be written of other data or rules is closed.
    fn learn(&mut self, news: &News, cx: &mut Cx<'_>) -> Keep {
        let is_other = match news {
            News::Data => true,
            News::Rules => cx.open == ViewTopic::Rules,
            News::Written(path, written) if self.is_writing(path) => {
                return match written {
                    Written::Done(_) => Keep::Closed,
                    Written::Exists(_) => {
                        let shown = Safe::new(&path.to_string_lossy());
                        cx.say(format!("{shown} is there already; nothing is written yet"));
                        if let Some(file) = &mut self.file {
                            file.over = Some(path.clone());
                        }
                        Keep::Open
                    }
                };
            }
            News::Written(..) => return Keep::Open,
            _ => false,
        };
        if is_other {
            cx.add("nothing was written: x offers it anew");
            return Keep::Closed;
        }
        self.forget_view();
        Keep::Open
    }
}
