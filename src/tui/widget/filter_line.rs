//! The filter above a list: entered with its text selected, left with it kept.

use ratatui::Frame;
use ratatui::layout::Rect;
use tui_input::Input;

use crate::tui::layout::top;
use crate::tui::widget::input::{draw_text, edit};
use crate::tui::{Chord, Key, Theme};

/// What the filters of rows take.
pub const FILTER_HINT: &str = "words, !word, an address or a CIDR";

/// A text that filters, and whether all of it is selected: then typing replaces it.
#[derive(Debug, Clone, Default)]
pub struct FilterLine {
    input: Input,
    is_selected: bool,
}

impl FilterLine {
    /// A filter that is not being typed.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            input: Input::new(text.into()),
            is_selected: false,
        }
    }

    /// The text as it was typed.
    #[must_use]
    pub fn value(&self) -> &str {
        self.input.value()
    }

    /// Whether it leaves everything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.value().trim().is_empty()
    }

    /// It is entered: the next letter replaces what stands there.
    pub fn enter(&mut self) {
        self.is_selected = !self.value().is_empty();
    }

    /// Takes the text away; true where there was one.
    pub fn clear(&mut self) -> bool {
        let had_text = !self.value().is_empty();
        self.input.reset();
        self.is_selected = false;
        had_text
    }

    /// Changes the text by a key; true when the text itself has changed.
    pub fn edit(&mut self, chord: Chord) -> bool {
        if !std::mem::take(&mut self.is_selected) {
            return edit(&mut self.input, chord);
        }
        match chord.key {
            Key::Backspace | Key::Delete => self.clear(),
            Key::Char(_) if !chord.has_ctrl && !chord.has_alt => {
                self.input.reset();
                // A letter that changes nothing else has still taken the text away.
                edit(&mut self.input, chord);
                true
            }
            _ => edit(&mut self.input, chord),
        }
    }

    /// Draws it in one line.
    pub fn draw(
        &self,
        frame: &mut Frame<'_>,
        line: Rect,
        label: (&str, &str),
        has_focus: bool,
        theme: &Theme,
    ) {
        let text = (&self.input, self.is_selected && has_focus);
        draw_text(frame, line, label, text, has_focus, theme);
    }

    /// Draws it in the first line of an area, and gives the rest of it.
    pub fn draw_above(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        hint: &str,
        has_focus: bool,
        theme: &Theme,
    ) -> Rect {
        let (line, rest) = top(area, 1);
        self.draw(frame, line, ("/", hint), has_focus, theme);
        rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(filter: &mut FilterLine, text: &str) {
        for letter in text.chars() {
            filter.edit(Chord::plain(Key::Char(letter)));
        }
    }

    #[test]
    fn typing_after_entering_replaces_and_moving_first_keeps() {
        let mut filter = FilterLine::new("storage");
        filter.enter();
        typed(&mut filter, "sql");
        assert_eq!(filter.value(), "sql");

        filter.enter();
        assert!(!filter.edit(Chord::plain(Key::End)));
        typed(&mut filter, " we");
        assert_eq!(filter.value(), "sql we");

        filter.enter();
        assert!(filter.edit(Chord::plain(Key::Backspace)));
        assert_eq!(filter.value(), "");
        assert!(!filter.clear());
    }
}
