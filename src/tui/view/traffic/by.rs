//! What is counted by.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::text::pad;
use crate::traffic::By;
use crate::tui::theme::Tone;
use crate::tui::view::traffic::TrafficView;
use crate::tui::view::traffic::model::BYS;
use crate::tui::widget::{Pane, draw_lines};
use crate::tui::{Place, Theme};

pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &TrafficView, theme: &Theme) {
    let has_focus = view.place == Place::CountBy;
    let pane = Pane {
        title: "Count by",
        note: "",
        has_focus,
    };
    let lines: Vec<(String, Tone)> = BYS.iter().map(|by| line(*by, view)).collect();
    draw_lines(frame, area, &pane, &lines, (view.by_list, true), theme);
}

/// The word; how many rows there are of what is counted by now.
fn line(by: By, view: &TrafficView) -> (String, Tone) {
    let is_own = by == view.model.by() && view.model.logs().is_some();
    let lacks = by == By::Rule && view.model.logs().is_some_and(|logs| logs.said.rules == 0);
    if lacks {
        return (format!("  {} (none)", by.word()), Tone::Muted);
    }
    let count = if is_own {
        view.model.rows().len().to_string()
    } else {
        String::new()
    };
    let mark = if is_own { "▸" } else { " " };
    (
        format!("{mark} {}{count}", pad(by.word(), 8, false)),
        Tone::Plain,
    )
}
