//! The selected change: a service in sum, or a tag's rows with what they mean.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::query::diff::{DiffRow, DiffSign, TagChange};
use crate::text::{cut_end, pad, width, wrap};
use crate::tui::layout::{inside, top};
use crate::tui::view::diff::changes::{ChangeLine, ServiceLine};
use crate::tui::view::diff::{ComparedWeeks, DiffView};
use crate::tui::widget::{Pane, draw_pane, draw_scroll_mark, signed};
use crate::tui::{Place, Theme};

/// Most lines of notes about the tag.
const MOST_NOTES: u16 = 6;
/// Most lines about the selected row.
const MOST_FOOT: u16 = 4;

/// The pane's parts: sums and notes, rows, and the selected row in full.
struct Parts {
    head: Rect,
    list: Rect,
    foot: Rect,
}

fn parts(area: Rect, view: &DiffView) -> Parts {
    let body = inside(area);
    let room = usize::from(body.width);
    let lines = |text: Vec<String>| u16::try_from(text.len()).unwrap_or(u16::MAX);
    let notes = lines(notes(view, room)).min(MOST_NOTES);
    let foot = lines(explanation(view, room)).min(MOST_FOOT);
    let (head, rest) = top(body, notes.min(body.height.saturating_sub(3)));
    let foot = foot.min(rest.height.saturating_sub(3));
    let (list, foot) = top(rest, rest.height - foot);
    Parts { head, list, foot }
}

/// Rows that fit.
pub fn rows_of(area: Rect, view: &DiffView) -> usize {
    usize::from(parts(area, view).list.height)
}

/// The area of the rows on the screen.
pub fn list_area(area: Rect, view: &DiffView) -> Rect {
    parts(area, view).list
}

/// What is to be said of the tag beside its rows.
fn notes(view: &DiffView, room: usize) -> Vec<String> {
    let (Some(tag), Some(compared)) = (view.selected_tag(), view.compared()) else {
        return Vec::new();
    };
    let mut lines = wrap(&sums(tag, compared), room);
    let note = tag.note();
    if !note.is_empty() {
        lines.extend(wrap(&note, room));
    }
    let touched = view.touched_sentence(&tag.name);
    if !touched.is_empty() {
        lines.extend(wrap(&touched, room));
    }
    let hidden = tag.added.len() + tag.removed.len() - view.rows().len();
    if hidden > 0 {
        let text = if hidden == 1 {
            "1 row without effect is hidden; w shows it".to_owned()
        } else {
            format!("{hidden} rows without effect are hidden; w shows them")
        };
        lines.extend(wrap(&text, room));
    }
    lines
}

fn sums(tag: &TagChange, compared: &ComparedWeeks) -> String {
    let [v4_gained, v6_gained] = tag.gained;
    let [v4_lost, v6_lost] = tag.lost;
    let numbers = tag.numbers_listed();
    let est = compared.target.numbers().estimated();
    let mut parts = vec![format!("{} · number {numbers}{est}", tag.status.word())];
    for (family, gained, lost) in [("v4", v4_gained, v4_lost), ("v6", v6_gained, v6_lost)] {
        if !(gained.is_zero() && lost.is_zero()) {
            parts.push(format!("{family} +{} −{}", gained.short(), lost.short()));
        }
    }
    parts.join(" · ")
}

/// The selected row in full, while the pane has the keys.
fn explanation(view: &DiffView, room: usize) -> Vec<String> {
    if view.place != Place::ChangeRows {
        return Vec::new();
    }
    let (Some(row), Some(compared)) = (view.selected_row(), view.compared()) else {
        return Vec::new();
    };
    let meaning = compared.shown.meaning(row);
    let count = row.prefix.count().short();
    let mut text = format!("{} · {count} addresses · {meaning}", row.prefix);
    let repetition = compared.shown.repetition(row);
    if !repetition.is_empty() {
        text = format!("{text} · {repetition}");
    }
    wrap(&text, room)
}

pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &DiffView, theme: &Theme) {
    if area.is_empty() {
        return;
    }
    let has_focus = view.place == Place::ChangeRows;
    let line = view.lines.get(view.change_list.selected);
    let (Some(compared), Some(line)) = (view.compared(), line) else {
        let pane = Pane {
            title: "no change selected",
            note: "",
            has_focus,
        };
        draw_pane(frame, area, &pane, theme);
        return;
    };
    let tag = match line {
        ChangeLine::Service(service) => {
            return draw_service(frame, area, service, has_focus, theme);
        }
        ChangeLine::Tag { place, .. } => compared.shown.tags.get(*place),
    };
    let Some(tag) = tag else { return };
    let note = format!("+{} −{} rows", tag.added.len(), tag.removed.len());
    let pane = Pane {
        title: &tag.name,
        note: &note,
        has_focus,
    };
    draw_pane(frame, area, &pane, theme);
    let parts = parts(area, view);
    let room = usize::from(parts.head.width);
    let styled = |lines: Vec<String>, height: u16, style| {
        let lines = lines.into_iter().take(usize::from(height));
        let lines = lines.map(|line| Line::from(signed(&line, style, theme)));
        Paragraph::new(lines.collect::<Vec<_>>())
    };
    let head = styled(notes(view, room), parts.head.height, theme.head);
    frame.render_widget(head, parts.head);
    draw_rows(frame, parts.list, view, compared, has_focus, theme);
    let foot = styled(explanation(view, room), parts.foot.height, theme.text);
    frame.render_widget(foot, parts.foot);
    let rows = view.rows().len();
    let shown = view.row_list.visible(rows, usize::from(parts.list.height));
    draw_scroll_mark(frame, area, &shown, rows, theme);
}

fn draw_rows(
    frame: &mut Frame<'_>,
    area: Rect,
    view: &DiffView,
    compared: &ComparedWeeks,
    has_focus: bool,
    theme: &Theme,
) {
    let rows = view.rows();
    if rows.is_empty() {
        let text = "no row changed an address";
        frame.render_widget(Paragraph::new(Span::styled(text, theme.muted)), area);
        return;
    }
    let room = usize::from(area.width);
    let shown = view.row_list.visible(rows.len(), usize::from(area.height));
    let texts = |row: &DiffRow| (row.prefix.to_string(), row.prefix.count().short());
    let visible = || rows.get(shown.clone()).unwrap_or(&[]).iter();
    let widest = |pick: fn(&(String, String)) -> &str| {
        visible()
            .map(|row| width(pick(&texts(row))))
            .max()
            .unwrap_or(0)
    };
    let (prefix_width, size_width) = (widest(|cells| &cells.0), widest(|cells| &cells.1));
    let lines: Vec<Line<'_>> = visible()
        .zip(shown.clone())
        .map(|(row, place)| {
            let (prefix, size) = texts(row);
            let sign = match row.sign {
                DiffSign::Added => '+',
                DiffSign::Removed => '−',
            };
            let text = format!(
                "{sign} {} {} {}",
                pad(&prefix, prefix_width, false),
                pad(&size, size_width, true),
                compared.shown.meaning(row)
            );
            let text = pad(&cut_end(&text, room), room, false).clone();
            let ordinary = match (row.has_effect(), row.sign) {
                (false, _) => theme.muted,
                (true, DiffSign::Added) => theme.gained,
                (true, DiffSign::Removed) => theme.lost,
            };
            let style = if place == view.row_list.selected {
                theme.selected_in(has_focus)
            } else {
                ordinary
            };
            Line::from(Span::styled(text, style))
        })
        .collect();
    frame.render_widget(Paragraph::new(lines), area);
}

fn draw_service(
    frame: &mut Frame<'_>,
    area: Rect,
    service: &ServiceLine,
    has_focus: bool,
    theme: &Theme,
) {
    let pane = Pane {
        title: &service.name,
        note: "the whole service",
        has_focus,
    };
    let body = draw_pane(frame, area, &pane, theme);
    let room = usize::from(body.width);
    let [added, removed] = service.rows;
    let mut lines = vec![
        format!("{} changed tags", service.tags),
        format!("distinct rows +{added} −{removed}"),
    ];
    for (place, family) in ["IPv4", "IPv6"].into_iter().enumerate() {
        let of = |counts: &[crate::space::Count; 2]| {
            counts.get(place).copied().unwrap_or_default().short()
        };
        lines.push(format!(
            "{family} addresses +{} −{}",
            of(&service.gained),
            of(&service.lost)
        ));
    }
    let note = "addresses of all tags of the service together: what one of them had before, or has \
                still, is neither gained nor lost";
    let hint = if service.is_open {
        "Enter folds it"
    } else {
        "Enter lists its tags"
    };
    let texts = lines.iter().map(|line| (line.clone(), theme.text));
    let notes = wrap(note, room).into_iter().map(|line| (line, theme.muted));
    let hints = [String::new(), hint.to_owned()].map(|line| (line, theme.muted));
    let lines: Vec<Line<'_>> = texts
        .chain(notes)
        .chain(hints)
        .map(|(line, style)| Line::from(signed(&line, style, theme)))
        .collect();
    frame.render_widget(Paragraph::new(lines), body);
}
