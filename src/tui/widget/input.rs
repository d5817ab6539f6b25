//! A line of text being typed.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use tui_input::{Input, InputRequest};

use crate::text::{clean, cut_end, width};
use crate::tui::{Chord, Key, Theme};

/// Longest text that an input takes, in characters.
pub const MAX_INPUT: usize = 1024;

/// Changes the text by a key; true when the text itself has changed.
pub fn edit(input: &mut Input, chord: Chord) -> bool {
    let request = match (chord.key, chord.has_ctrl, chord.has_alt) {
        (Key::Char(letter), false, false) if input.value().chars().count() < MAX_INPUT => {
            InputRequest::InsertChar(letter)
        }
        (Key::Backspace, false, false) | (Key::Char('h'), true, false) => {
            InputRequest::DeletePrevChar
        }
        (Key::Delete, false, false) | (Key::Char('d'), true, false) => InputRequest::DeleteNextChar,
        (Key::Char('w'), true, false) | (Key::Backspace, _, true) => InputRequest::DeletePrevWord,
        (Key::Char('u'), true, false) => InputRequest::DeleteLine,
        (Key::Char('k'), true, false) => InputRequest::DeleteTillEnd,
        (Key::Left, false, false) | (Key::Char('b'), true, false) => InputRequest::GoToPrevChar,
        (Key::Right, false, false) | (Key::Char('f'), true, false) => InputRequest::GoToNextChar,
        (Key::Left, _, _) | (Key::Char('b'), _, true) => InputRequest::GoToPrevWord,
        (Key::Right, _, _) | (Key::Char('f'), _, true) => InputRequest::GoToNextWord,
        (Key::Home, _, _) | (Key::Char('a'), true, false) => InputRequest::GoToStart,
        (Key::End, _, _) | (Key::Char('e'), true, false) => InputRequest::GoToEnd,
        _ => return false,
    };
    input.handle(request).is_some_and(|change| change.value)
}

/// Draws a label and the text; with the keys, also the cursor. An empty input shows `hint`.
pub fn draw_input(
    frame: &mut Frame<'_>,
    area: Rect,
    label: (&str, &str),
    input: &Input,
    has_focus: bool,
    theme: &Theme,
) {
    draw_text(frame, area, label, (input, false), has_focus, theme);
}

/// The same of a text that may be selected as a whole.
pub fn draw_text(
    frame: &mut Frame<'_>,
    area: Rect,
    (label, hint): (&str, &str),
    (input, is_selected): (&Input, bool),
    has_focus: bool,
    theme: &Theme,
) {
    if area.is_empty() {
        return;
    }
    let room = usize::from(area.width).saturating_sub(width(label) + 1);
    // Cleaning may widen the text, so the part before the cursor is measured after cleaning.
    let before: String = input.value().chars().take(input.cursor()).collect();
    let before = clean(&before).into_owned();
    let text = clean(input.value());
    let skip = width(&before).saturating_sub(room.saturating_sub(1));
    let mut used = 0;
    let shown: String = text
        .chars()
        .skip_while(|c| {
            let is_skipped = used < skip;
            used += width(c.encode_utf8(&mut [0; 4]));
            is_skipped
        })
        .collect();
    let body = if input.value().is_empty() {
        Span::styled(cut_end(hint, room).into_owned(), theme.muted)
    } else {
        let style = if is_selected {
            theme.selected
        } else {
            theme.text
        };
        Span::styled(cut_end(&shown, room).into_owned(), style)
    };
    let style = if has_focus { theme.accent } else { theme.muted };
    let line = Line::from(vec![Span::styled(label.to_owned(), style), body]);
    frame.render_widget(Paragraph::new(line), area);
    if has_focus {
        let column = width(label) + width(&before).saturating_sub(skip);
        let column = u16::try_from(column)
            .unwrap_or(u16::MAX)
            .min(area.width.saturating_sub(1));
        frame.set_cursor_position(Position::new(area.x + column, area.y));
    }
}
