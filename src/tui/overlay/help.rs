//! What the keys do, from the keymap.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph};

use crate::text::{cut_end, pad};
use crate::tui::layout::inside;
use crate::tui::widget::{List, Pane, draw_pane, draw_scroll_mark};
use crate::tui::{Command, Place, Theme, keymap};

/// The help over a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Help {
    lines: Vec<HelpLine>,
    list: List,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum HelpLine {
    Heading(&'static str),
    Key(String, &'static str),
    Text(&'static str),
    Blank,
}

/// What a reader of the screens must know beside the keys.
const NOTES: [&str; 4] = [
    "†  the number is derived: counted from 2026-07-06 by the weeks in which the tag changed",
    "–  nothing is published there",
    "≈2^n  a rounded number of addresses; exact digits are in the verbs' JSON and CSV",
    "everything here is also a verb for scripts: tagscope --help",
];

impl Help {
    /// Help for a place first, then for the others.
    #[must_use]
    pub fn new(place: Place) -> Self {
        let mut lines = Vec::new();
        let others = Place::ALL
            .into_iter()
            .filter(|&other| other != place && other != Place::Help);
        for place in std::iter::once(place).chain(others) {
            lines.push(HelpLine::Heading(place.title()));
            for binding in keymap::at(place) {
                lines.push(HelpLine::Key(binding.chords.join(" "), binding.help));
            }
            lines.push(HelpLine::Blank);
        }
        lines.push(HelpLine::Heading("Signs"));
        lines.extend(NOTES.map(HelpLine::Text));
        Self {
            lines,
            list: List::default(),
        }
    }

    /// Moves; anything else is not for help.
    pub fn run(&mut self, command: Command, area: Rect) {
        let height = usize::from(inside(popup(area)).height);
        let highest = self.lines.len().saturating_sub(height);
        // The text moves, not a selection: the top line is what is "selected".
        let mut top = List {
            selected: self.list.offset,
            offset: 0,
        };
        top.run(command, highest + 1, height);
        self.list.offset = top.selected;
    }

    /// Draws it over the middle of the body.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, theme: &Theme) {
        let area = popup(area);
        frame.render_widget(Clear, area);
        let pane = Pane {
            title: "Help",
            note: "Esc closes",
            has_focus: true,
        };
        let body = draw_pane(frame, area, &pane, theme);
        let highest = self.lines.len().saturating_sub(usize::from(body.height));
        let list = List {
            offset: self.list.offset.min(highest),
            ..self.list
        };
        let shown = list.visible(self.lines.len(), usize::from(body.height));
        draw_scroll_mark(frame, area, &shown, self.lines.len(), theme);
        let room = usize::from(body.width);
        let lines: Vec<Line<'_>> = self
            .lines
            .iter()
            .skip(shown.start)
            .take(shown.len())
            .map(|line| match line {
                HelpLine::Heading(text) => Line::from(Span::styled(*text, theme.accent)),
                HelpLine::Key(keys, text) => Line::from(vec![
                    Span::styled(pad(&format!("  {keys}"), 18, false), theme.key),
                    Span::styled(cut_end(text, room.saturating_sub(18)), theme.text),
                ]),
                HelpLine::Text(text) => Line::from(Span::styled(
                    format!("  {}", cut_end(text, room.saturating_sub(2))),
                    theme.text,
                )),
                HelpLine::Blank => Line::default(),
            })
            .collect();
        frame.render_widget(Paragraph::new(lines), body);
    }
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
