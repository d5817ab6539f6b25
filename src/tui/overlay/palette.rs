//! Every command that works at a place, found by typing letters of its help.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph};
use tui_input::Input;

use crate::text::{cut_end, matches_words, pad, ranked, width};
use crate::tui::component::{Component, Cx, Keep, Layer, Look, News, Reply, Taken};
use crate::tui::ex_command::ExCommand;
use crate::tui::ex_words::{EX_WORDS, ExArgument};
use crate::tui::layout::{inside, top};
use crate::tui::widget::{List, Pane, draw_input, draw_pane, draw_scroll_mark, edit};
use crate::tui::{Chord, Command, Mouse, Outcome, Place, keymap};

/// The list of commands over a view.
#[derive(Debug)]
pub struct Palette {
    entries: Vec<PaletteEntry>,
    input: Input,
    /// Places of the entries that fit what is typed, best first.
    found: Vec<usize>,
    list: List,
}

/// A command, its keys, and what it does.
#[derive(Debug, Clone, PartialEq, Eq)]
struct PaletteEntry {
    keys: String,
    text: String,
    /// Other words by which it is looked for.
    other: &'static str,
    choice: PaletteChoice,
}

/// What an entry does.
#[derive(Debug, Clone, PartialEq, Eq)]
enum PaletteChoice {
    Run(Command),
    /// The word is a command by itself.
    Go(Command),
    /// The word needs more behind it.
    Type(String),
}

impl Palette {
    /// The commands that work at a place, then the words of the command line.
    #[must_use]
    pub fn new(place: Place) -> Self {
        let bound = keymap::at(place)
            .filter(|binding| binding.command != Command::Palette)
            .map(|binding| PaletteEntry {
                keys: binding.chords.join(" "),
                text: binding.help.to_owned(),
                other: binding.command.other_words(),
                choice: PaletteChoice::Run(binding.command),
            });
        let is_bound = |command| keymap::at(place).any(|binding| binding.command == command);
        let words = EX_WORDS
            .iter()
            .filter(
                |order| !matches!(order.argument, ExArgument::Nothing(command) if is_bound(command)),
            )
            .map(|order| PaletteEntry {
                keys: format!(":{}", order.name),
                text: order.help.to_owned(),
                other: "",
                choice: match order.argument {
                    ExArgument::Nothing(command) => PaletteChoice::Go(command),
                    _ => PaletteChoice::Type(format!("{} ", order.name)),
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
        let typed = self.input.value();
        let texts: Vec<String> = self
            .entries
            .iter()
            .map(|entry| format!("{} {}", entry.text, entry.keys))
            .collect();
        let scattered = ranked(typed, texts.iter().map(String::as_str));
        let has_words = |place: usize| {
            let text = texts.get(place).map_or("", String::as_str);
            let other = self.entries.get(place).map_or("", |entry| entry.other);
            (
                matches_words(typed, &[text]),
                matches_words(typed, &[text, other]),
            )
        };
        // What has the words first, then what has other words for it, then scattered letters.
        let rest =
            (0..texts.len()).filter(|place| !scattered.contains(place) && has_words(*place).1);
        let mut found: Vec<usize> = scattered.iter().copied().chain(rest).collect();
        found.sort_by_key(|&place| match has_words(place) {
            (true, _) => 0,
            (false, true) => 1,
            (false, false) => 2,
        });
        self.found = found;
        self.list = List::default();
    }

    /// Closes the palette and does what the selected entry says.
    fn choose(&self, cx: &mut Cx<'_>) {
        let entry = self.found.get(self.list.selected);
        let Some(entry) = entry.and_then(|&place| self.entries.get(place)) else {
            return;
        };
        cx.reply(Reply::Pop);
        cx.reply(match &entry.choice {
            PaletteChoice::Run(command) => Reply::Run(*command),
            PaletteChoice::Go(command) => Reply::Go(ExCommand::of(*command)),
            PaletteChoice::Type(line) => Reply::Type(line.clone()),
        });
    }
}

impl Component for Palette {
    fn place(&self) -> Place {
        Place::Palette
    }

    fn run(&mut self, command: Command, cx: &mut Cx<'_>) -> Taken {
        match command {
            Command::Back => cx.reply(Reply::Pop),
            Command::Open => self.choose(cx),
            command => {
                self.list.run(command, self.found.len(), rows_of(cx.body));
            }
        }
        Taken::Yes
    }

    fn key(&mut self, chord: Chord, _: &mut Cx<'_>) {
        if edit(&mut self.input, chord) {
            self.search();
        }
    }

    /// A click on a row runs it; one beside the palette closes it.
    fn mouse(&mut self, mouse: Mouse, cx: &mut Cx<'_>) {
        if let Some(command) = mouse.wheel() {
            self.run(command, cx);
            return;
        }
        let rows = top(inside(popup(cx.body)), 1).1;
        let place = (mouse.column, mouse.row).into();
        if rows.contains(place) {
            let clicked = self.list.offset + usize::from(mouse.row - rows.y);
            if clicked < self.found.len() {
                self.list.selected = clicked;
                self.choose(cx);
            }
        } else if !popup(cx.body).contains(place) {
            cx.reply(Reply::Pop);
        }
    }

    fn settle(&mut self, cx: &mut Cx<'_>) {
        self.list.settle(self.found.len(), rows_of(cx.body));
    }

    fn draw(&self, frame: &mut Frame<'_>, look: &Look<'_>) {
        let (area, theme) = (look.body, look.theme);
        let area = popup(area);
        frame.render_widget(Clear, area);
        let pane = Pane {
            title: "Commands",
            note: "Enter runs, Esc closes",
            has_focus: true,
        };
        let (line, rows) = top(draw_pane(frame, area, &pane, theme), 1);
        let hint = "what you want to do: terraform, copy, nsg …";
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

    fn done(&mut self, _: Outcome, _: &mut Cx<'_>) {}
}

impl Layer for Palette {
    fn learn(&mut self, _: &News, _: &mut Cx<'_>) -> Keep {
        Keep::Open
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
