//! The lines above the panes: the two weeks, and what it comes to.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::text::wrap;
use crate::tui::Theme;
use crate::tui::layout::top;
use crate::tui::view::diff::{DiffView, Owner, State};

/// What the two weeks are and what it comes to, in lines of this width.
pub fn summary(view: &DiffView, room: usize) -> Vec<String> {
    let text = match &view.state {
        State::Idle | State::Loading => "opening the weeks …".to_owned(),
        State::Failed(reason) => reason.to_string(),
        State::Ready(compared) => {
            let is_part = !view.filter.value().trim().is_empty()
                || view.scope.owner != Owner::All
                || view.scope.is_addresses;
            let answer = &compared.shown;
            let what = if is_part && !answer.tags.is_empty() {
                "of the tags below: "
            } else {
                ""
            };
            let sentence = answer.sentence(&compared.base, &compared.target);
            // The same as the copied command and the written review say.
            let without = if view.scope.has_noise || compared.all.tags.is_empty() {
                ""
            } else {
                "; without AzureCloud, which w shows"
            };
            format!("{}  {what}{sentence}{without}", compared.label)
        }
    };
    wrap(&text, room)
}

pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &DiffView, theme: &Theme) {
    let lines = summary(view, usize::from(area.width).saturating_sub(2));
    let style = match view.state {
        State::Failed(_) => theme.warn,
        _ => theme.head,
    };
    let lines: Vec<Line<'_>> = lines
        .into_iter()
        .map(|line| Line::from(Span::styled(format!(" {line}"), style)))
        .collect();
    let (head, _) = top(area, view.head_height(area.width));
    frame.render_widget(Paragraph::new(lines), head);
}
