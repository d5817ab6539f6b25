//! The sortable table of tags.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::azure::Feature;
use crate::query::Cell;
use crate::query::tags::RegionChoice;
use crate::text::{clean, width, wrap};
use crate::tui::layout::inside;
use crate::tui::session::Session;
use crate::tui::view::tags::TagsView;
use crate::tui::widget::{
    self, Grid, GridColumn, MARK_WIDTH, Pane, draw_grid, draw_pane, draw_scroll_mark,
};
use crate::tui::{Place, Theme};

/// What the filter takes.
const HINT: &str = "words, !word, address, feature:nsg, region: service: changed:4w watched";

/// The row of the head, counted from the top of the pane's inside.
pub fn head_row(view: &TagsView) -> usize {
    usize::from(has_input(view))
}

/// The place in the sheet of the column at `x`, counted from the left of the pane's inside.
pub fn column_at(view: &TagsView, pane: Rect, session: &Session, x: u16) -> Option<usize> {
    let has_marks = !session.watched.is_empty();
    let room = usize::from(inside(pane).width);
    let name = longest_name(view, rows_of(pane, view), session);
    widget::column_at(&columns(room, has_marks, name), has_marks, x)
}

/// Columns of the longest name on screen.
fn longest_name(view: &TagsView, height: usize, session: &Session) -> usize {
    let data = session.dataset.view();
    let shown = view.table.visible(view.answer.tags.len(), height);
    let tags = view.answer.tags.get(shown).unwrap_or_default().iter();
    tags.filter_map(|&tag| data.tag(tag))
        .map(|row| width(&clean(row.name)))
        .max()
        .unwrap_or(0)
}

/// Rows that fit into the table's pane.
pub fn rows_of(area: Rect, view: &TagsView) -> usize {
    let body = inside(area);
    let taken = 1 + u16::from(has_input(view));
    usize::from(body.height.saturating_sub(taken))
}

fn has_input(view: &TagsView) -> bool {
    view.place == Place::FilterInput || !view.filter.value().is_empty()
}

/// The columns that fit: place in the sheet and width, the name taking what is left. No name is cut
/// while another column can give way.
fn columns(room: usize, has_marks: bool, name: usize) -> Vec<GridColumn> {
    /// By importance: place, width.
    const WANTED: [(usize, usize); 8] = [
        (3, 6),
        (4, 6),
        (5, 6),
        (6, 12),
        (1, 18),
        (8, 14),
        (7, 12),
        (2, 20),
    ];
    /// The name gets at least this much before the next column comes.
    const NAME: usize = 24;
    let marks = if has_marks { MARK_WIDTH } else { 0 };
    let mut left = room.saturating_sub(marks + name.max(NAME));
    let room = room.saturating_sub(marks);
    let mut shown = Vec::new();
    for (place, width) in WANTED {
        let Some(rest) = left.checked_sub(width + 1) else {
            break;
        };
        left = rest;
        shown.push(GridColumn { place, width });
    }
    shown.sort_by_key(|column| column.place);
    let used: usize = shown.iter().map(|column| column.width + 1).sum();
    let name = GridColumn {
        place: 0,
        width: room.saturating_sub(used),
    };
    std::iter::once(name).chain(shown).collect()
}

pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &TagsView, session: &Session, theme: &Theme) {
    let number = |number: usize| Cell::Number(number).shown().into_owned();
    let (found, all) = (view.answer.tags.len(), session.dataset.view().tag_count());
    let chosen = view.regions.chosen_name();
    let chosen = chosen.filter(|_| *view.question.region() != RegionChoice::All);
    let region = chosen.map_or(String::new(), |name| format!(" · {name}"));
    let marks = match session.watched.len() {
        0 => String::new(),
        marks => format!(" · {marks} watched"),
    };
    let title = format!("Tags {}/{}{region}{marks}", number(found), number(all));
    // Names ascend at first, numbers descend.
    let is_ascending = view.question.sort.is_ascending() != view.question.is_reversed;
    let arrow = if is_ascending { "↑" } else { "↓" };
    let note = format!("by {} {arrow}", view.question.sort.word());
    let has_focus = matches!(view.place, Place::Table | Place::FilterInput);
    let pane = Pane {
        title: &title,
        note: &note,
        has_focus,
    };
    let mut body = draw_pane(frame, area, &pane, theme);
    if has_input(view) {
        let is_typed = view.place == Place::FilterInput;
        body = view.filter.draw_above(frame, body, HINT, is_typed, theme);
    }
    if view.answer.tags.is_empty() {
        draw_nothing(frame, body, view, theme);
        return;
    }
    if let Some(note) = &view.answer.note {
        let lines = wrap(note, usize::from(body.width));
        let height = u16::try_from(lines.len())
            .unwrap_or(u16::MAX)
            .min(body.height);
        let lines: Vec<Line<'_>> = lines
            .into_iter()
            .map(|line| Line::from(Span::styled(line, theme.muted)))
            .collect();
        frame.render_widget(Paragraph::new(lines), body);
        body = Rect {
            y: body.y + height,
            height: body.height - height,
            ..body
        };
    }
    let sheet = view.answer.sheet(&session.dataset);
    let has_marks = !session.watched.is_empty();
    let name = longest_name(view, rows_of(area, view), session);
    let columns = columns(usize::from(body.width), has_marks, name);
    let data = session.dataset.view();
    let is_marked = |row: usize| {
        let tag = view.answer.tags.get(row).and_then(|&tag| data.tag(tag));
        tag.is_some_and(|tag| session.watched.contains(tag.name))
    };
    let selected = theme.selected_in(has_focus);
    let grid = Grid {
        sheet: &sheet,
        columns: &columns,
        list: view.table,
        selected,
        is_marked: has_marks.then_some(&is_marked),
    };
    let shown = draw_grid(frame, body, &grid, theme);
    draw_scroll_mark(frame, area, &shown, found, theme);
}

/// A word of a filter that is no name but what tags can be used for.
fn feature_in(filter: &str) -> Option<String> {
    let mut words = filter.split_whitespace();
    let word = words.find(|word| Feature::parse(word).is_some())?;
    Some(word.to_ascii_lowercase())
}

/// Why the table is empty, and what to do.
fn draw_nothing(frame: &mut Frame<'_>, area: Rect, view: &TagsView, theme: &Theme) {
    let why = match (&view.answer.flaw, view.near.as_slice()) {
        (Some(flaw), _) => flaw.clone(),
        (None, near) => {
            let feature = feature_in(view.filter.value());
            let feature =
                feature.map(|word| format!("feature:{word} lists the tags published for it"));
            let closest = (!near.is_empty()).then(|| format!("closest: {}", near.join(", ")));
            let parts = [Some("no tag matches".to_owned()), feature, closest];
            parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
        }
    };
    let room = usize::from(area.width);
    let mut lines: Vec<Line<'_>> = wrap(&why, room)
        .into_iter()
        .map(|line| Line::from(Span::styled(line, theme.warn)))
        .collect();
    let hint = "Esc clears the filter, then the region";
    lines.push(Line::from(Span::styled(hint, theme.muted)));
    frame.render_widget(Paragraph::new(lines), area);
}
