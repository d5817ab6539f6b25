//! The counts by tag, service, region or rule, with bars.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::query::Cell;
use crate::query::traffic::{BreakdownRow, RowOrder, share};
use crate::text::{bytes, cut_middle, pad, width, wrap};
use crate::traffic::By;
use crate::tui::layout::{inside, top};
use crate::tui::view::traffic::TrafficView;
use crate::tui::view::traffic::head::number;
use crate::tui::view::traffic::model::TrafficModel;
use crate::tui::widget::{FILTER_HINT, List, Pane, bar, draw_pane, draw_scroll_mark};
use crate::tui::{Place, Theme};

/// The cells of a row: name, hits, share, addresses, bytes, denied, affected by the week; what is not known of a log
/// has no column.
type Cells = [String; 7];

/// The place of the bar, behind the share.
const BAR: usize = 3;
/// The least and the most columns of a bar.
const BAR_WIDTH: (usize, usize) = (5, 24);
/// The column that goes where the bar would have no room: the addresses stand beside it too.
const ADDRESSES: usize = 3;
/// Columns that go, the first one first, where a name would be cut.
const LESS: [usize; 2] = [4, 5];
/// The least columns of a name.
const LEAST_NAME: usize = 12;

/// Rows of the list that fit below the input and the head.
pub fn height_of(area: Rect, view: &TrafficView) -> usize {
    usize::from(list_area(area, view).height)
}

/// The area of the rows on the screen.
pub fn list_area(area: Rect, view: &TrafficView) -> Rect {
    let (_, list) = top(inside(area), 1 + u16::from(has_input(view)));
    list
}

fn has_input(view: &TrafficView) -> bool {
    view.place == Place::TrafficFilter || !view.filter.value().is_empty()
}

pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &TrafficView, theme: &Theme) {
    if area.is_empty() {
        return;
    }
    let is_typed = view.place == Place::TrafficFilter;
    let has_focus = view.place == Place::TrafficRows || is_typed;
    let (title, note) = titles(view);
    let pane = Pane {
        title: &title,
        note: &note,
        has_focus,
    };
    let mut body = draw_pane(frame, area, &pane, theme);
    if has_input(view) {
        body = view
            .filter
            .draw_above(frame, body, FILTER_HINT, is_typed, theme);
    }
    if view.model.logs().is_none() {
        return;
    }
    let rows = view.model.rows();
    if rows.is_empty() {
        let lines = wrap(nothing(view), usize::from(body.width)).into_iter();
        let lines: Vec<_> = lines.map(|line| Line::styled(line, theme.warn)).collect();
        frame.render_widget(Paragraph::new(lines), body);
        return;
    }
    let columns = Columns::of(&view.model, usize::from(body.width));
    let heads = heads(view.model.by());
    let mut lines = vec![Line::styled(columns.line(&heads, "").concat(), theme.head)];
    let shown = view
        .row_list
        .visible(rows.len(), usize::from(body.height.saturating_sub(1)));
    let most = rows.iter().map(|row| row.counts.hits).max().unwrap_or(0);
    for (place, row) in rows.iter().enumerate().skip(shown.start).take(shown.len()) {
        let cells = cells(row, &view.model);
        let eighths = eighths(row.counts.hits, most, columns.bar);
        let parts = columns.line(&cells, &bar(eighths, columns.bar));
        if place == view.row_list.selected {
            let text = pad(&parts.concat(), usize::from(body.width), false);
            lines.push(Line::styled(text, theme.selected_in(has_focus)));
        } else {
            lines.push(styled(parts, row, theme));
        }
    }
    frame.render_widget(Paragraph::new(lines), body);
    draw_scroll_mark(frame, area, &shown, rows.len(), theme);
}

/// The parts of a line with the bar, each in its look.
fn styled(parts: Vec<String>, row: &BreakdownRow, theme: &Theme) -> Line<'static> {
    let look = |place: usize| -> Style {
        match place {
            BAR => theme.bar,
            6 if row.denied > 0 => theme.deny,
            7 if row.changed > 0 => theme.warn,
            _ if row.is_nowhere => theme.muted,
            _ => theme.text,
        }
    };
    let parts = parts.into_iter().enumerate();
    parts
        .map(|(place, text)| Span::styled(text, look(place)))
        .collect()
}

fn eighths(hits: u64, most: u64, room: usize) -> usize {
    let room = u128::try_from(room).unwrap_or(0);
    let part = (u128::from(hits) * room * 8).div_ceil(u128::from(most.max(1)));
    usize::try_from(part).unwrap_or(0)
}

fn titles(view: &TrafficView) -> (String, String) {
    let model = &view.model;
    if model.logs().is_none() {
        return ("Counts".to_owned(), String::new());
    }
    let count = Cell::Number(model.rows().len());
    let title = format!("by {} · {}", model.by().word(), count.shown());
    let mut notes = model.limits().words();
    notes.extend(match model.order() {
        RowOrder::Hits => None,
        RowOrder::Bytes => Some("by bytes"),
        RowOrder::Addresses => Some("by addresses"),
        RowOrder::Name => Some("by name"),
    });
    (title, notes.join(" · "))
}

/// Why there are no rows, and what to do.
fn nothing(view: &TrafficView) -> &'static str {
    let limits = view.model.limits();
    if !view.filter.is_empty() {
        "nothing has that; Esc clears the filter"
    } else if limits.is_nowhere {
        "no hit is in no tag; n shows the others"
    } else if limits.is_denied {
        "no hit was denied; d shows the others"
    } else if limits.is_changed {
        "no address is affected; a shows the others"
    } else {
        "there is no public address in it"
    }
}

fn heads(by: By) -> Cells {
    [
        by.word(),
        "hits",
        "share",
        "addresses",
        "bytes",
        "denied",
        "week",
    ]
    .map(str::to_owned)
}

fn cells(row: &BreakdownRow, model: &TrafficModel) -> Cells {
    let counts = &row.counts;
    let share = Cell::Share(share(counts.hits, model.answer().hits));
    [
        row.name.clone(),
        number(counts.hits),
        share.shown().into_owned(),
        number(counts.addresses),
        bytes(counts.sent.saturating_add(counts.received)),
        few(row.denied),
        few(row.changed),
    ]
}

/// A count of what mostly is not.
fn few(count: u64) -> String {
    if count == 0 {
        return "·".to_owned();
    }
    number(count)
}

/// How wide the columns are; those without width are not shown.
#[derive(Debug, Clone, Copy, Default)]
struct Columns {
    widths: [usize; 7],
    bar: usize,
}

impl Columns {
    /// The names get what is left; columns go, then the bar, where a name would be cut.
    fn of(model: &TrafficModel, room: usize) -> Self {
        let heads = heads(model.by());
        let mut widest = heads.each_ref().map(|head| width(head));
        for row in model.rows() {
            for (most, cell) in widest.iter_mut().zip(cells(row, model)) {
                *most = width(&cell).max(*most);
            }
        }
        let [names, others @ ..] = &mut widest;
        let names = *names;
        let [_, _, _, bytes, denied, changed] = others;
        if !model.has_bytes() {
            *bytes = 0;
        }
        if !model.has_actions() {
            *denied = 0;
        }
        if model.run().is_none_or(|run| run.answer.rows.is_empty()) {
            *changed = 0;
        }
        let mut columns = Self {
            widths: widest,
            bar: 0,
        };
        let left = |columns: &Self| {
            let [_, others @ ..] = columns.widths;
            let taken = others.iter().map(|width| width + usize::from(*width > 0));
            room.saturating_sub(taken.sum())
        };
        let wanted = names.max(LEAST_NAME).min(room / 2);
        let with_bar = wanted + 1 + BAR_WIDTH.0;
        let less = [(ADDRESSES, with_bar)].into_iter();
        for (place, wanted) in less.chain(LESS.map(|place| (place, wanted))) {
            if left(&columns) < wanted
                && let Some(width) = columns.widths.get_mut(place)
            {
                *width = 0;
            }
        }
        let left = left(&columns);
        columns.bar = left.saturating_sub(names + 1).min(BAR_WIDTH.1);
        if columns.bar < BAR_WIDTH.0 {
            columns.bar = 0;
        }
        let gap = usize::from(columns.bar > 0);
        let [name, ..] = &mut columns.widths;
        *name = left.saturating_sub(columns.bar + gap);
        columns
    }

    /// The parts of a line at their widths, the bar among them, each but the first with the gap before it.
    fn line(&self, cells: &Cells, bar: &str) -> Vec<String> {
        let mut parts = Vec::with_capacity(cells.len() + 1);
        for (place, (text, width)) in cells.iter().zip(self.widths).enumerate() {
            if place == BAR {
                let gap = if self.bar > 0 { " " } else { "" };
                parts.push(format!("{gap}{}", pad(bar, self.bar, false)));
            }
            let gap = if place > 0 && width > 0 { " " } else { "" };
            let text = if width > 0 {
                pad(&cut_middle(text, width), width, place > 0)
            } else {
                String::new()
            };
            parts.push(format!("{gap}{text}"));
        }
        parts
    }
}

/// Selects a row by its name; the first one where it is gone.
pub fn choose(list: &mut List, model: &TrafficModel, name: Option<&str>) {
    let is_it = |row: &BreakdownRow| name == Some(row.name.as_str());
    list.selected = model.rows().iter().position(is_it).unwrap_or(0);
}
