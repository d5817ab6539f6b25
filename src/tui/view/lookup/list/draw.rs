//! How the table of several queries looks.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::query::lookup::ListItem;
use crate::text::{cut_end, cut_middle, pad, width};
use crate::tui::Theme;
use crate::tui::session::Session;
use crate::tui::view::lookup::list::{ListRow, QueryList, RowFound};
use crate::tui::widget::List;

/// Least rows of the pane in which the counts have room.
const COUNTED: usize = 8;
/// Least columns of a query and of a tag.
const LEAST: usize = 15;

/// Columns of each cell; 0 leaves it out.
struct Columns {
    line: usize,
    query: usize,
    prefix: usize,
    tag: usize,
    region: usize,
    service: usize,
}

/// Rows above the first line of the table: the counts and the head.
pub fn rows_above(list: &QueryList, height: usize) -> usize {
    match height {
        0..3 => 0,
        3..COUNTED => 1,
        _ => list.counts.len() + 1,
    }
}

/// Draws the counts, the head and the visible lines.
pub fn draw(
    (list, at): (&QueryList, List),
    frame: &mut Frame<'_>,
    area: Rect,
    session: &Session,
    (theme, selected): (&Theme, Style),
) -> std::ops::Range<usize> {
    let (room, height) = (usize::from(area.width), usize::from(area.height));
    let above = rows_above(list, height);
    let columns = columns(list, room);
    let mut lines = Vec::new();
    if above > 1 {
        for (title, counts) in &list.counts {
            let title = pad(title, "by service  ".len(), false);
            let counts = fitting(counts, room.saturating_sub(width(&title)));
            lines.push(Line::from(vec![
                Span::styled(title, theme.muted),
                Span::styled(counts, theme.text),
            ]));
        }
    }
    if above > 0 {
        let heads = ["line", "query", "prefix", "tag", "region", "service"];
        let text = row_text(&columns, heads);
        lines.push(Line::from(Span::styled(
            cut_end(&text, room).into_owned(),
            theme.head,
        )));
    }
    let shown = at.visible(list.len(), height.saturating_sub(above));
    let visible = list.rows.iter().zip(&list.items).enumerate();
    for (place, (row, item)) in visible.skip(shown.start).take(shown.len()) {
        let text = line_text(row, item, &columns, room, session);
        let style = match &row.found {
            _ if place == at.selected => selected,
            RowFound::Wrong(_) => theme.bad,
            RowFound::Said(_) => theme.muted,
            RowFound::In(_) | RowFound::Tag(_) => theme.text,
        };
        lines.push(Line::from(Span::styled(pad(&text, room, false), style)));
    }
    frame.render_widget(Paragraph::new(lines), area);
    shown
}

/// The columns that fit: query and tag whole, then region, service and prefix.
fn columns(list: &QueryList, room: usize) -> Columns {
    let widths = &list.widths;
    let line = if widths.line > 0 { widths.line + 1 } else { 0 };
    let room = room.saturating_sub(line);
    let tag = widths.tag.min(room.saturating_sub(LEAST + 1).max(LEAST));
    let query = widths.query.min(room.saturating_sub(tag + 1));
    let mut left = room.saturating_sub(query + 1 + tag);
    let mut optional = |width: usize| {
        let Some(rest) = left.checked_sub(width + 1) else {
            return 0;
        };
        left = rest;
        width
    };
    let region = optional(widths.region);
    let service = if region > 0 {
        optional(widths.service)
    } else {
        0
    };
    let prefix = if service > 0 {
        optional(widths.prefix)
    } else {
        0
    };
    Columns {
        line: widths.line,
        query,
        prefix,
        tag,
        region,
        service,
    }
}

fn line_text(
    row: &ListRow,
    item: &ListItem,
    columns: &Columns,
    room: usize,
    session: &Session,
) -> String {
    let number = item.place.line.to_string();
    let [prefix, tag, region, service] = row.cells(session);
    let has_tag = row.tag().is_some();
    let or_none = |text: String| {
        if text.is_empty() {
            "–".to_owned()
        } else {
            text
        }
    };
    if has_tag {
        let (prefix, region, service) = (or_none(prefix), or_none(region), or_none(service));
        let cells = [&*number, &*row.query, &*prefix, &*tag, &*region, &*service];
        return row_text(columns, cells);
    }
    // What is said instead of a tag has the room of all that follows.
    let cells = [
        &*number,
        &*row.query,
        if columns.prefix > 0 { "–" } else { "" },
    ];
    let mut text = cells_text(columns, cells);
    let rest = room.saturating_sub(width(&text));
    text.push_str(&cut_end(&tag, rest));
    text
}

fn row_text(columns: &Columns, cells: [&str; 6]) -> String {
    let [line, query, prefix, tag, region, service] = cells;
    let mut text = cells_text(columns, [line, query, prefix]);
    for (cell, columns) in [
        (tag, columns.tag),
        (region, columns.region),
        (service, columns.service),
    ] {
        if columns > 0 {
            text.push_str(&pad(&cut_middle(cell, columns), columns, false));
            text.push(' ');
        }
    }
    text.truncate(text.trim_end().len());
    text
}

/// Line, query and prefix, and the room behind them.
fn cells_text(columns: &Columns, [line, query, prefix]: [&str; 3]) -> String {
    let mut text = String::new();
    for (cell, columns, is_right) in [
        (line, columns.line, true),
        (query, columns.query, false),
        (prefix, columns.prefix, false),
    ] {
        if columns > 0 {
            text.push_str(&pad(&cut_middle(cell, columns), columns, is_right));
            text.push(' ');
        }
    }
    text
}

/// As many counts as there is room for, and how many more there are.
fn fitting(counts: &[String], room: usize) -> String {
    let text = |count: usize| crate::text::first_of(counts, count, " · ");
    let fits = |count: &usize| width(&text(*count)) <= room;
    let most = counts.len().min(room / 4 + 1);
    let best = (1..=most).rev().find(fits).unwrap_or(1);
    cut_end(&text(best), room).into_owned()
}
