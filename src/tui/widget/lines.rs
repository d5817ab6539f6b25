//! Lines of text in a pane, each with its tone, one of them selected.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::text::{cut_end, pad};
use crate::tui::Theme;
use crate::tui::theme::Tone;
use crate::tui::widget::{List, Pane, draw_pane, draw_scroll_mark};

/// Draws a pane and the visible of its lines; the selected one stands out while the pane has the
/// keys, and where `is_kept` also when another has them.
pub fn draw_lines(
    frame: &mut Frame<'_>,
    area: Rect,
    pane: &Pane<'_>,
    lines: &[(String, Tone)],
    (list, is_kept): (List, bool),
    theme: &Theme,
) {
    if area.is_empty() {
        return;
    }
    let body = draw_pane(frame, area, pane, theme);
    let room = usize::from(body.width);
    let shown = list.visible(lines.len(), usize::from(body.height));
    let drawn: Vec<Line<'_>> = lines
        .iter()
        .enumerate()
        .skip(shown.start)
        .take(shown.len())
        .map(|(place, (text, tone))| {
            let style = if place == list.selected && (pane.has_focus || is_kept) {
                theme.selected_in(pane.has_focus)
            } else {
                tone.style(theme)
            };
            let text = pad(&cut_end(text, room), room, false);
            Line::from(Span::styled(text, style))
        })
        .collect();
    frame.render_widget(Paragraph::new(drawn), body);
    draw_scroll_mark(frame, area, &shown, lines.len(), theme);
}
