//! A bordered area with titles.

use ratatui::Frame;
use ratatui::layout::{Alignment, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Paragraph};

use crate::query::Cell;
use crate::text::{clean, cut_end, cut_middle, width};
use crate::tui::Theme;
use crate::tui::layout::inside;

/// What stands on a pane's border.
pub struct Pane<'a> {
    /// At the left.
    pub title: &'a str,
    /// At the right; dropped when there is no room.
    pub note: &'a str,
    /// Whether the pane has the keys.
    pub has_focus: bool,
}

/// Draws the border and gives the area inside.
pub fn draw_pane(frame: &mut Frame<'_>, area: Rect, pane: &Pane<'_>, theme: &Theme) -> Rect {
    let room = usize::from(area.width.saturating_sub(4));
    let title = clean(pane.title);
    let title = cut_middle(&title, room);
    let style = if pane.has_focus {
        theme.focus
    } else {
        theme.border
    };
    let title_style = if pane.has_focus {
        theme.accent
    } else {
        theme.head
    };
    let mut block = Block::bordered()
        .border_type(if pane.has_focus {
            BorderType::Thick
        } else {
            BorderType::Plain
        })
        .border_style(style)
        .title(Line::from(if title.is_empty() {
            Vec::new()
        } else {
            vec![
                Span::raw(" "),
                Span::styled(title.to_string(), title_style),
                Span::raw(" "),
            ]
        }));
    let left = room.saturating_sub(width(&title) + 3);
    if !pane.note.is_empty() && width(pane.note) <= left {
        let note = Span::styled(format!(" {} ", clean(pane.note)), theme.muted);
        block = block.title(Line::from(note).alignment(Alignment::Right));
    }
    frame.render_widget(block, area);
    inside(area)
}

/// Writes `1–12 of 3,321` on the bottom border: which rows are on screen.
pub fn draw_scroll_mark(
    frame: &mut Frame<'_>,
    area: Rect,
    shown: &std::ops::Range<usize>,
    rows: usize,
    theme: &Theme,
) {
    if shown.is_empty() || shown.len() >= rows || area.height < 3 {
        return;
    }
    let [first, last, rows] = [shown.start + 1, shown.end, rows].map(Cell::Number);
    let text = format!(" {}–{} of {} ", first.shown(), last.shown(), rows.shown());
    let text = cut_end(&text, usize::from(area.width.saturating_sub(2))).into_owned();
    let columns = u16::try_from(width(&text)).unwrap_or(0);
    let place = Rect {
        x: (area.x + area.width).saturating_sub(columns + 2),
        y: area.y + area.height - 1,
        width: columns,
        height: 1,
    };
    frame.render_widget(Paragraph::new(Span::styled(text, theme.muted)), place);
}
