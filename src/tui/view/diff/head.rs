//! The lines above the panes: the two weeks, and what it comes to.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use crate::query::diff::Part;
use crate::text::{cut_end, wrap};
use crate::tui::Theme;
use crate::tui::layout::top;
use crate::tui::view::diff::{DiffState, DiffView};
use crate::tui::widget::signed;

/// What the two weeks are and what it comes to, in lines of this width.
pub fn summary(view: &DiffView, room: usize) -> Vec<String> {
    let text = match &view.state {
        DiffState::Idle | DiffState::Loading => "opening the weeks …".to_owned(),
        DiffState::Failed(reason) => reason.to_string(),
        DiffState::Ready(compared) => {
            let (shown, all) = (&compared.shown, &compared.all);
            let part = Part::Shown {
                has_echoes: view.scope.has_noise,
            };
            let headline = shown.headline(all, part, [&compared.base, &compared.target]);
            format!("{}  {headline}", compared.label)
        }
    };
    wrap(&text, room)
}

pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &DiffView, theme: &Theme) {
    let room = usize::from(area.width).saturating_sub(2);
    let mut lines = summary(view, room);
    let most = usize::from(view.head_height(area));
    // What has no room is not cut without a word.
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            *last = cut_end(&format!("{last} …"), room).into_owned();
        }
    }
    let style = match view.state {
        DiffState::Failed(_) => theme.warn,
        _ => theme.head,
    };
    let lines: Vec<Line<'_>> = lines
        .into_iter()
        .map(|line| Line::from(signed(&format!(" {line}"), style, theme)))
        .collect();
    let (head, _) = top(area, view.head_height(area));
    frame.render_widget(Paragraph::new(lines), head);
}
