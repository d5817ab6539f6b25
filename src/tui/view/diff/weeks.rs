//! The publications at hand: date, number, age, how many tags changed, as a bar.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use jiff::civil::Date;

use crate::azure::Age;
use crate::query::Cell;
use crate::source::Publication;
use crate::text::{cut_end, pad};
use crate::tui::session::Session;
use crate::tui::view::diff::DiffView;
use crate::tui::view::diff::pair::WeekRole;
use crate::tui::widget::{Pane, bar, draw_pane, draw_scroll_mark};
use crate::tui::{Place, Theme};

/// From this width on, number and age have room.
const FULL: u16 = 34;
/// Columns of a date and its mark, or the gap behind it.
const DATE: usize = 11;

pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &DiffView, session: &Session, theme: &Theme) {
    if area.is_empty() {
        return;
    }
    let has_focus = view.place == Place::Weeks;
    let count = Cell::Number(view.weeks.len());
    let candidate = has_focus.then_some(view.week_list.selected);
    let roles = view.pair.roles(&view.weeks, candidate);
    let between = roles.iter().filter(|role| **role == WeekRole::Between);
    let title = match between.count() {
        0 => format!("Weeks {}", count.shown()),
        between if area.width < FULL => format!("{} weeks", between + 1),
        between => format!("Weeks {} · {} compared", count.shown(), between + 1),
    };
    let pane = Pane {
        title: &title,
        note: if area.width < FULL {
            "changed"
        } else {
            "number days changed"
        },
        has_focus,
    };
    let body = draw_pane(frame, area, &pane, theme);
    let room = usize::from(body.width);
    let shown = view
        .week_list
        .visible(view.weeks.len(), usize::from(body.height));
    let most = view.weeks.iter().filter_map(|week| week.touched).max();
    let lines: Vec<Line<'_>> = shown
        .clone()
        .filter_map(|row| Some((row, view.weeks.get(row)?, *roles.get(row)?)))
        .map(|(row, week, role)| {
            let (text, bar) = line(week, (role.sign(), session.today), most.unwrap_or(0), room);
            if row == view.week_list.selected {
                let style = theme.selected_in(has_focus);
                return Line::from(Span::styled(pad(&(text + &bar), room, false), style));
            }
            let style = match role {
                WeekRole::Other => theme.text,
                WeekRole::Between => theme.muted,
                WeekRole::Target | WeekRole::Base | WeekRole::MarkedBase => theme.accent,
            };
            Line::from(vec![
                Span::styled(text, style),
                Span::styled(bar, theme.bar),
            ])
        })
        .collect();
    frame.render_widget(Paragraph::new(lines), body);
    draw_scroll_mark(frame, area, &shown, view.weeks.len(), theme);
}

/// Mark, date, root number, age in days, tags changed; and a bar of the same.
fn line(
    week: &Publication,
    (mark, today): (char, Date),
    most: usize,
    room: usize,
) -> (String, String) {
    let record = &week.record;
    let date = record.marked();
    let number = record
        .change_number
        .map_or_else(|| "–".to_owned(), |number| number.to_string());
    let touched = week.touched.map_or_else(String::new, |touched| {
        Cell::Number(touched).shown().into_owned()
    });
    let age = record.day().map(|date| Age::of(date, today));
    let age = age.map_or_else(String::new, |age| match age {
        Age::Old(days) => days.to_string(),
        Age::Ahead(days) => format!("+{days}"),
    });
    let date = pad(&date, DATE, false);
    let touched = pad(&touched, 4, true);
    let text = if room + 2 < usize::from(FULL) {
        format!("{mark} {date}{touched} ")
    } else {
        let (number, age) = (pad(&number, 4, true), pad(&age, 4, true));
        format!("{mark} {date}{number} {age} {touched} ")
    };
    let left = room.saturating_sub(crate::text::width(&text));
    let eighths = match week.touched {
        Some(touched) if most > 0 => (touched * left * 8).div_ceil(most),
        _ => 0,
    };
    (cut_end(&text, room).into_owned(), bar(eighths, left))
}
