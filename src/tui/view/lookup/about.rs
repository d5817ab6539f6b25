//! What is known of the selected tag, where the answer leaves room for it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::widgets::Paragraph;

use crate::index::TagId;
use crate::query::show::{self, ShowAnswer};
use crate::tui::layout::top;
use crate::tui::session::Session;
use crate::tui::view::about::{AboutLines, property_line};
use crate::tui::widget::{Pane, draw_pane};
use crate::tui::{TagTimeline, Theme, WeekHistory};

/// Rows of the pane with its border.
const ROWS: u16 = 13;

/// A tag, explained.
#[derive(Debug, Default)]
pub struct AboutTag {
    detail: Option<ShowAnswer>,
    timeline: Option<TagTimeline>,
}

impl AboutTag {
    /// What is known of it is out of date.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// Explains a tag, unless it is explained already.
    pub fn settle(&mut self, tag: Option<TagId>, session: &Session) {
        if self.detail.as_ref().map(|detail| detail.tag) == tag {
            return;
        }
        self.detail = tag.and_then(|tag| show::ask(tag, &session.dataset, &session.facts));
        let name = tag
            .and_then(|tag| session.dataset.view().tag(tag))
            .map(|row| row.name);
        let history = session.week_history.as_ref();
        self.timeline = history
            .zip(name)
            .and_then(|(history, name): (&WeekHistory, _)| history.tag(name));
    }

    /// Draws it at the end of an area where an answer of so many lines leaves room for it; gives
    /// the rest.
    pub fn draw(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        lines: usize,
        session: &Session,
        theme: &Theme,
    ) -> Rect {
        let answer = u16::try_from(lines).unwrap_or(u16::MAX).saturating_add(2);
        let row = self
            .detail
            .as_ref()
            .and_then(|detail| session.dataset.view().tag(detail.tag));
        let (Some(detail), Some(row)) = (&self.detail, row) else {
            return area;
        };
        if area.height < answer.saturating_add(ROWS) {
            return area;
        }
        let (rest, own) = top(area, area.height - ROWS);
        let pane = Pane {
            title: row.name,
            note: "Enter goes there",
            has_focus: false,
        };
        let body = draw_pane(frame, own, &pane, theme);
        let room = usize::from(body.width);
        let about = AboutLines {
            detail,
            timeline: self.timeline.as_ref(),
            numbers: session.dataset.numbers(),
        };
        let mut lines = about.lines(&row, room, theme);
        let touched = &session.board.touched;
        if !touched.files.is_empty() {
            let rules = touched.tags.get(&row.name.to_ascii_lowercase());
            let rules = rules.map_or("none names it or lists its addresses".to_owned(), |rules| {
                rules.join(", ")
            });
            lines.push(property_line("rules", &rules, room, theme));
        }
        if session.watched.contains(row.name) {
            lines.push(property_line("watched", "yes", room, theme));
        }
        frame.render_widget(Paragraph::new(lines), body);
        rest
    }
}
