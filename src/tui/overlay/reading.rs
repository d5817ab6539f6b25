//! A text over a view: a search, a place in it, and how it is drawn.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph};

use crate::tui::component::{Cx, Reply};
use crate::tui::layout::{inside, top};
use crate::tui::widget::{FilterLine, List, Pane, draw_pane, draw_scroll_mark};
use crate::tui::{Chord, Command, Mouse, Theme};

/// A search and a place in a text.
#[derive(Debug, Default)]
pub struct Reading {
    search: FilterLine,
    is_searching: bool,
    /// The selected line, where the text has one, and the line on top.
    pub list: List,
}

/// A text to be drawn.
pub struct Page<'a> {
    /// On the border at the left.
    pub title: &'a str,
    /// On the border at the right.
    pub note: &'a str,
    /// Shown where nothing is typed.
    pub hint: &'a str,
    /// Every line that the search leaves.
    pub lines: Vec<Line<'static>>,
}

impl Reading {
    /// What is searched for.
    pub fn words(&self) -> &str {
        self.search.value()
    }

    /// Whether letters are typed into the search.
    pub const fn is_searching(&self) -> bool {
        self.is_searching
    }

    /// A key that no command took: text for the search; true when it changed.
    pub fn key(&mut self, chord: Chord) -> bool {
        let has_changed = self.is_searching && self.search.edit(chord);
        if has_changed {
            self.list = List::default();
        }
        has_changed
    }

    /// Another text: from its top, without a search.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// Runs what every text has; false for what it is to do itself.
    pub fn run(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        match command {
            Command::Filter => {
                self.search.enter();
                self.is_searching = true;
            }
            Command::Open | Command::NextPane | Command::Back if self.is_searching => {
                self.is_searching = false;
            }
            Command::Back if self.search.clear() => self.list = List::default(),
            Command::Back | Command::Close => cx.reply(Reply::Pop),
            _ => return false,
        }
        true
    }

    /// Moves the text itself, of which no line is selected.
    pub fn scroll(&mut self, command: Command, lines: usize, area: Rect) {
        let highest = lines.saturating_sub(height(area));
        // The line on top is what is "selected".
        let mut first = List {
            selected: self.list.offset,
            offset: 0,
        };
        first.run(command, highest + 1, height(area));
        self.list.offset = first.selected;
    }

    /// Draws it over the middle of the body.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, page: Page<'_>, theme: &Theme) {
        let area = popup(area);
        frame.render_widget(Clear, area);
        let border = Pane {
            title: page.title,
            note: page.note,
            has_focus: true,
        };
        let (line, body) = top(draw_pane(frame, area, &border, theme), 1);
        let label = if self.is_searching { "/" } else { " " };
        let typing = self.is_searching;
        self.search
            .draw(frame, line, (label, page.hint), typing, theme);
        let lines = page.lines;
        if lines.is_empty() {
            let text = Span::styled(" nothing here has these words; Esc clears", theme.warn);
            frame.render_widget(Paragraph::new(text), body);
            return;
        }
        let height = usize::from(body.height);
        let list = List {
            offset: self.list.offset.min(lines.len().saturating_sub(height)),
            ..self.list
        };
        let shown = list.visible(lines.len(), height);
        draw_scroll_mark(frame, area, &shown, lines.len(), theme);
        let visible = lines.into_iter().skip(shown.start).take(shown.len());
        frame.render_widget(Paragraph::new(visible.collect::<Vec<_>>()), body);
    }
}

/// What lies under a click.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clicked {
    /// A line, counted from the first one on screen.
    Line(usize),
    /// The border or the search.
    Edge,
    /// What is beside the text.
    Beside,
}

/// What of a text in this body lies under a click.
pub fn clicked(area: Rect, mouse: Mouse) -> Clicked {
    let place = (mouse.column, mouse.row).into();
    let (_, body) = top(inside(popup(area)), 1);
    if body.contains(place) {
        Clicked::Line(usize::from(mouse.row - body.y))
    } else if popup(area).contains(place) {
        Clicked::Edge
    } else {
        Clicked::Beside
    }
}

/// Columns for a line.
pub fn columns(area: Rect) -> usize {
    usize::from(inside(popup(area)).width)
}

/// Lines on screen, below the search.
pub fn height(area: Rect) -> usize {
    usize::from(inside(popup(area)).height.saturating_sub(1))
}

/// The middle of the body, as wide as the text needs.
fn popup(area: Rect) -> Rect {
    let width = area.width.min(96);
    Rect {
        x: area.x + (area.width - width) / 2,
        width,
        ..area
    }
}
