//! The selected tag: what it is for, its properties, its prefixes.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::query::Sheet;
use crate::text::{cut_end, cut_middle, pad, width};
use crate::tui::layout::{inside, top};
use crate::tui::session::Session;
use crate::tui::view::about::{AboutLines, purpose_lines};
use crate::tui::view::tags::TagsView;
use crate::tui::widget::{Grid, GridColumn, Pane, draw_grid, draw_pane, draw_scroll_mark};
use crate::tui::{Place, Theme};

/// The pane's parts: purpose and properties, prefixes, and what else holds the selected one.
struct Parts {
    head: Rect,
    list: Rect,
    foot: Rect,
}

/// Lines of the foot: a heading and three tags.
const FOOT: u16 = 4;
/// The foot is there where at least this many lines are left for the prefixes.
const LIST_OVER_FOOT: u16 = 6;

fn parts(area: Rect, view: &TagsView) -> Parts {
    let body = inside(area);
    let (head, rest) = top(body, head_height(body, view));
    let foot = if view.place == Place::Detail && rest.height >= FOOT + LIST_OVER_FOOT {
        FOOT
    } else {
        0
    };
    let (list, foot) = top(rest, rest.height - foot);
    Parts { head, list, foot }
}

/// Rows that fit under the properties, the head excluded.
pub fn rows_of(area: Rect, view: &TagsView) -> usize {
    usize::from(parts(area, view).list.height.saturating_sub(1))
}

/// The row of the first prefix, counted from the top of the pane's inside.
pub fn first_row(area: Rect, view: &TagsView) -> usize {
    usize::from(parts(area, view).head.height) + 1
}

/// The row after the last prefix on screen, counted from the top of the pane's inside.
pub fn end_row(area: Rect, view: &TagsView) -> usize {
    let parts = parts(area, view);
    usize::from(parts.head.height + parts.list.height)
}

/// Lines for purpose and properties: all of them where at least four prefixes fit below, else
/// what fits; none while a low pane has the keys.
fn head_height(body: Rect, view: &TagsView) -> u16 {
    let Some(detail) = &view.detail else {
        return 0;
    };
    let purpose = detail.purpose.as_ref().map_or(0, |purpose| {
        purpose_lines(purpose, usize::from(body.width)).len()
    });
    let timeline = u16::from(view.timeline.is_some());
    let wanted = u16::try_from(purpose).unwrap_or(0) + 6 + timeline + 1;
    if body.height >= wanted + 5 {
        wanted
    } else if view.place == Place::Detail {
        0
    } else {
        wanted.min(body.height)
    }
}

pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &TagsView, session: &Session, theme: &Theme) {
    let has_focus = view.place == Place::Detail;
    let row = view
        .detail
        .as_ref()
        .and_then(|detail| session.dataset.view().tag(detail.tag));
    let (Some(detail), Some(row)) = (&view.detail, row) else {
        let pane = Pane {
            title: "no tag selected",
            note: "",
            has_focus,
        };
        draw_pane(frame, area, &pane, theme);
        return;
    };
    let pane = Pane {
        title: row.name,
        note: "",
        has_focus,
    };
    let body = draw_pane(frame, area, &pane, theme);
    let Parts { head, list, foot } = parts(area, view);
    let about = AboutLines {
        detail,
        timeline: view.timeline.as_ref(),
        numbers: session.dataset.numbers(),
    };
    let lines = about.lines(&row, usize::from(body.width), theme);
    frame.render_widget(Paragraph::new(lines), head);
    if row.prefixes() == 0 {
        let text = Span::styled("the tag is published without prefixes", theme.warn);
        frame.render_widget(Paragraph::new(text), list);
        return;
    }
    let sheet = detail.sheet(&session.dataset);
    let columns = columns(
        &sheet,
        view,
        usize::from(list.height),
        usize::from(body.width),
    );
    let grid = Grid {
        sheet: &sheet,
        columns: &columns,
        list: view.prefixes,
        selected: theme.selected_in(has_focus),
        is_marked: None,
    };
    let shown = draw_grid(frame, list, &grid, theme);
    draw_scroll_mark(frame, area, &shown, row.prefixes(), theme);
    draw_foot(frame, foot, view, session, theme);
}

/// What else holds the selected prefix, narrow first, by the prefixes that do.
fn draw_foot(frame: &mut Frame<'_>, area: Rect, view: &TagsView, session: &Session, theme: &Theme) {
    let data = session.dataset.view();
    let block = view
        .selected()
        .and_then(|tag| data.nth_prefix(tag, view.prefixes.selected));
    let Some(block) = block.filter(|_| !area.is_empty()) else {
        return;
    };
    let others: Vec<_> = data
        .covering(block.span())
        .filter(|hit| Some(hit.tag) != view.selected())
        .collect();
    let room = usize::from(area.width);
    let heading = match others.len() {
        0 => format!("{block} is in no other tag"),
        count if count < usize::from(FOOT) => format!("{block} is also in"),
        count => format!("{block} is also in {count}, the narrowest"),
    };
    let mut lines = vec![Line::from(Span::styled(
        cut_end(&heading, room).into_owned(),
        theme.head,
    ))];
    for hit in others.iter().take(usize::from(FOOT) - 1) {
        let name = data.tag(hit.tag).map_or("", |row| row.name);
        let prefix = hit.prefix.to_string();
        let left = room.saturating_sub(width(&prefix) + 1);
        let name = pad(&cut_middle(name, left), left, false);
        lines.push(Line::from(Span::styled(
            format!("{name} {prefix}"),
            theme.text,
        )));
    }
    frame.render_widget(Paragraph::new(lines), area);
}

/// As wide as the visible prefixes and sizes need; what else covers them where that leaves room.
fn columns(sheet: &impl Sheet, view: &TagsView, height: usize, room: usize) -> Vec<GridColumn> {
    /// Below this many columns a list of tags says nothing.
    const LEAST: usize = 10;
    let shown = view.prefixes.visible(sheet.len(), height.saturating_sub(1));
    let widest = |column: usize| {
        let head = sheet
            .columns()
            .get(column)
            .map_or(0, |column| width(column.title));
        let cells = shown
            .clone()
            .map(|row| width(&sheet.cell(row, column).shown()));
        cells.max().unwrap_or(0).max(head)
    };
    let prefix = widest(0).min(room);
    let size = widest(1).min(room.saturating_sub(prefix + 1));
    let rest = room.saturating_sub(prefix + size + 2);
    let mut columns = vec![
        GridColumn {
            place: 0,
            width: prefix,
        },
        GridColumn {
            place: 1,
            width: size,
        },
    ];
    if rest >= LEAST {
        columns.push(GridColumn {
            place: 2,
            width: rest,
        });
    }
    columns
}
