//! Every command that works at a place, found by typing letters of its help.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph};
use tui_input::Input;

use crate::text::{cut_end, pad, ranked, width};
use crate::tui::ex_command::{EX_WORDS, ExArgument};
use crate::tui::layout::{inside, top};
use crate::tui::overlay::Step;
use crate::tui::widget::{List, Pane, draw_input, draw_pane, draw_scroll_mark, edit};
use crate::tui::{Chord, Command, Place, Theme, keymap};

/// The list of commands over a view.
#[derive(Debug)]
pub struct Palette {
    entries: Vec<Entry>,
    input: Input,
    /// Places of the entries that fit what is typed, best first.
    found: Vec<usize>,
    list: List,
}

/// A command, its keys, and what it does.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    keys: String,
    text: String,
    step: Step,
}

impl Palette {
    /// The commands that work at a place, then the words of the command line.
    #[must_use]
    pub fn new(place: Place) -> Self {
        let bound = keymap::at(place)
            .filter(|binding| binding.command != Command::Palette)
            .map(|binding| Entry {
                keys: binding.chords.join(" "),
                text: binding.help.to_owned(),
                step: Step::Run(binding.command),
            });
        let is_bound = |command| keymap::at(place).any(|binding| binding.command == command);
        let words = EX_WORDS
            .iter()
            .filter(
                |word| !matches!(word.argument, ExArgument::Nothing(command) if is_bound(command)),
            )
            .map(|word| Entry {
                keys: format!(":{}", word.name),
                text: word.help.to_owned(),
                step: match word.argument {
                    ExArgument::Nothing(_) => Step::Execute(word.name.to_owned()),
                    _ => Step::Type(format!("{} ", word.name)),
                },
            });
        let mut palette = Self {
            entries: bound.chain(words).collect(),
            input: Input::default(),
            found: Vec::new(),
            list: List::default(),
        };
        palette.search();
        palette
    }

    fn search(&mut self) {
        let texts: Vec<String> = self
            .entries
            .iter()
            .map(|entry| format!("{} {}", entry.text, entry.keys))
            .collect();
        self.found = ranked(self.input.value(), texts.iter().map(String::as_str));
        self.list = List::default();
    }

    /// A key that no command took: text to search for.
    pub fn key(&mut self, chord: Chord) {
        if edit(&mut self.input, chord) {
            self.search();
        }
    }

    /// Runs a command of the palette.
    pub fn run(&mut self, command: Command, area: Rect) -> Step {
        match command {
            Command::Back => Step::Close,
            Command::Open => self.chosen(),
            command => {
                self.list.run(command, self.found.len(), rows_of(area));
                Step::Stay
            }
        }
    }

    /// What the selected entry does.
    fn chosen(&self) -> Step {
        let place = self.found.get(self.list.selected);
        place
            .and_then(|&place| self.entries.get(place))
            .map_or(Step::Stay, |entry| entry.step.clone())
    }

    /// A click on a row runs it; one beside the palette closes it.
    pub fn click(&mut self, area: Rect, column: u16, row: u16) -> Step {
        let rows = top(inside(popup(area)), 1).1;
        let place = (column, row).into();
        if rows.contains(place) {
            let clicked = self.list.offset + usize::from(row - rows.y);
            if clicked >= self.found.len() {
                return Step::Stay;
            }
            self.list.selected = clicked;
            return self.chosen();
        }
        if popup(area).contains(place) {
            Step::Stay
        } else {
            Step::Close
        }
    }

    /// Brings the list into its area.
    pub fn settle(&mut self, area: Rect) {
        self.list.settle(self.found.len(), rows_of(area));
    }

    /// Draws it over the middle of the body.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, theme: &Theme) {
        let area = popup(area);
        frame.render_widget(Clear, area);
        let pane = Pane {
            title: "Commands",
            note: "Enter runs, Esc closes",
            has_focus: true,
        };
        let (line, rows) = top(draw_pane(frame, area, &pane, theme), 1);
        let hint = "letters of a command";
        draw_input(frame, line, ("> ", hint), &self.input, true, theme);
        if self.found.is_empty() {
            let text = Span::styled("no command has these letters", theme.warn);
            frame.render_widget(Paragraph::new(text), rows);
            return;
        }
        let shown = self
            .list
            .visible(self.found.len(), usize::from(rows.height));
        draw_scroll_mark(frame, area, &shown, self.found.len(), theme);
        let room = usize::from(rows.width);
        let lines: Vec<Line<'_>> = shown
            .filter_map(|row| Some((row, self.entries.get(*self.found.get(row)?)?)))
            .map(|(row, entry)| {
                let left = room.saturating_sub(width(&entry.keys) + 1);
                let text = pad(&cut_end(&entry.text, left), left, false);
                let is_selected = row == self.list.selected;
                let style = |plain| {
                    if is_selected { theme.selected } else { plain }
                };
                Line::from(vec![
                    Span::styled(text + " ", style(theme.text)),
                    Span::styled(entry.keys.clone(), style(theme.key)),
                ])
            })
            .collect();
        frame.render_widget(Paragraph::new(lines), rows);
    }
}

fn rows_of(area: Rect) -> usize {
    usize::from(inside(popup(area)).height.saturating_sub(1))
}

/// The upper middle of the body.
fn popup(area: Rect) -> Rect {
    let width = area.width.min(76);
    Rect {
        x: area.x + (area.width - width) / 2,
        width,
        height: area.height.min(22),
        ..area
    }
}
