//! The addresses behind the selected row.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use crate::query::traffic::{EndRow, NOWHERE};
use crate::text::{bytes, cut_end, first_of, pad, plural, width, wrap};
use crate::traffic::By;
use crate::tui::layout::{inside, top};
use crate::tui::session::Session;
use crate::tui::view::traffic::TrafficView;
use crate::tui::view::traffic::head::number;
use crate::tui::widget::{Pane, draw_pane, draw_scroll_mark};
use crate::tui::{Place, Theme};

/// Most lines about the row.
const MOST_NOTES: u16 = 5;
/// Most lines about the selected address.
const MOST_FOOT: u16 = 9;
/// Rules of an address that are named.
const MOST_RULES: usize = 3;

/// The pane's parts: the row, its addresses, and the selected address in full.
struct Parts {
    head: Rect,
    list: Rect,
    foot: Rect,
}

fn parts(area: Rect, view: &TrafficView, session: &Session) -> Parts {
    let body = inside(area);
    let room = usize::from(body.width);
    let lines = |lines: Vec<String>| u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let head = lines(notes(view, room)).min(MOST_NOTES);
    let (head, rest) = top(body, head.min(body.height.saturating_sub(3)));
    let foot = lines(explanation(view, session, room)).min(MOST_FOOT);
    let foot = foot.min(rest.height.saturating_sub(3));
    let (list, foot) = top(rest, rest.height - foot);
    Parts { head, list, foot }
}

/// The area of the addresses on the screen.
pub fn list_area(area: Rect, view: &TrafficView, session: &Session) -> Rect {
    parts(area, view, session).list
}

/// What is to be said of the row beside its addresses.
fn notes(view: &TrafficView, room: usize) -> Vec<String> {
    let Some(row) = view.row() else {
        return Vec::new();
    };
    let addresses = row.counts.addresses;
    let noun = plural(addresses, "address", "addresses");
    let mut parts = vec![format!("{} {noun}", number(addresses))];
    if row.counts.sent + row.counts.received > 0 {
        let (sent, received) = (bytes(row.counts.sent), bytes(row.counts.received));
        parts.push(format!("{sent} sent, {received} received"));
    }
    if row.denied > 0 {
        parts.push(format!("{} denied", number(row.denied)));
    }
    if row.late > 0 {
        parts.push(format!(
            "{} hits at addresses that are not listed",
            number(row.late)
        ));
    }
    if let Some(run) = view.model.run() {
        let text = match row.changed {
            0 => format!("{}: no address affected", run.label),
            changed => format!("{}: {} affected", run.label, number(changed)),
        };
        parts.push(text);
    }
    wrap(&parts.join(" · "), room)
}

fn hits(count: u64) -> String {
    format!("{} {}", number(count), plural(count, "hit", "hits"))
}

/// What an address is beside its numbers: what the weeks do to it, else its tag.
fn about(end: &EndRow, view: &TrafficView, session: &Session) -> String {
    if let Some(change) = view.model.change(end.end) {
        let before = change.before.first();
        return before.map_or_else(|| format!("was {NOWHERE}"), |tag| format!("was in {tag}"));
    }
    match tag_name(end, session) {
        Some(_) if view.model.by() == By::Tag => String::new(),
        Some(name) => name,
        None if view.row().is_some_and(|row| row.is_nowhere) => String::new(),
        None => NOWHERE.to_owned(),
    }
}

/// The most specific tag of an address.
pub fn tag_name(end: &EndRow, session: &Session) -> Option<String> {
    let tag = session.dataset.view().tag(end.tag(&session.dataset)?)?;
    Some(tag.name.to_owned())
}

/// The selected address in full, while the pane has the keys.
fn explanation(view: &TrafficView, session: &Session, room: usize) -> Vec<String> {
    let (Some(end), Place::TrafficAddresses) = (view.end(), view.place) else {
        return Vec::new();
    };
    let place = match tag_name(end, session) {
        Some(tag) => format!("{} in {tag}", end.address()),
        None => format!("{} {NOWHERE}", end.address()),
    };
    let mut parts = vec![place, hits(end.counts.hits)];
    if end.denied > 0 {
        parts.push(format!("{} denied", number(end.denied)));
    }
    if end.counts.sent + end.counts.received > 0 {
        let (sent, received) = (bytes(end.counts.sent), bytes(end.counts.received));
        parts.push(format!("{sent} sent, {received} received"));
    }
    let rules = view.model.rules_of(end.end);
    if !rules.is_empty() {
        parts.push(format!("by {}", first_of(rules, MOST_RULES, ", ")));
    }
    if let (Some(change), Some(run)) = (view.model.change(end.end), view.model.run()) {
        let tags = |tags: &[String]| match tags {
            [] => NOWHERE.to_owned(),
            tags => tags.join(", "),
        };
        let (before, after) = (tags(&change.before), tags(&change.after));
        parts.push(format!("{}: was {before}, is {after}", run.label));
    }
    wrap(&parts.join(" · "), room)
}

pub fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    view: &TrafficView,
    session: &Session,
    theme: &Theme,
) {
    if area.is_empty() {
        return;
    }
    let has_focus = view.place == Place::TrafficAddresses;
    let row = view.row();
    let title = row.map_or("Addresses", |row| row.name.as_str());
    let note = row.map_or_else(String::new, |row| hits(row.counts.hits));
    let pane = Pane {
        title,
        note: &note,
        has_focus,
    };
    draw_pane(frame, area, &pane, theme);
    let parts = parts(area, view, session);
    let room = usize::from(parts.list.width);
    let text = |mut lines: Vec<String>, height: u16, style| {
        // What has no room is not cut without a word.
        if lines.len() > usize::from(height) {
            lines.truncate(usize::from(height));
            if let Some(last) = lines.last_mut() {
                *last = cut_end(&format!("{last} …"), room).into_owned();
            }
        }
        let lines = lines.into_iter().map(|line| Line::styled(line, style));
        Paragraph::new(lines.collect::<Vec<_>>())
    };
    let head = text(notes(view, room), parts.head.height, theme.muted);
    frame.render_widget(head, parts.head);
    draw_list(frame, parts.list, view, session, theme);
    let foot = explanation(view, session, room);
    frame.render_widget(text(foot, parts.foot.height, theme.text), parts.foot);
    let ends = view.ends.len();
    let shown = view.end_list.visible(ends, usize::from(parts.list.height));
    draw_scroll_mark(frame, area, &shown, ends, theme);
}

fn draw_list(
    frame: &mut Frame<'_>,
    area: Rect,
    view: &TrafficView,
    session: &Session,
    theme: &Theme,
) {
    let room = usize::from(area.width);
    let shown = view
        .end_list
        .visible(view.ends.len(), usize::from(area.height));
    let visible = || view.ends.iter().skip(shown.start).take(shown.len());
    let volume = |end: &EndRow| bytes(end.counts.sent.saturating_add(end.counts.received));
    let widest = |text: &dyn Fn(&EndRow) -> String| visible().map(|end| width(&text(end))).max();
    let address_width = widest(&EndRow::address).unwrap_or(0);
    let hits_width = widest(&|end| number(end.counts.hits)).unwrap_or(0);
    let about_width = widest(&|end| about(end, view, session)).unwrap_or(0);
    let bytes_width = widest(&volume).filter(|bytes| {
        // What it is stays whole first.
        let taken = address_width + hits_width + about_width + 2;
        view.model.has_bytes() && taken + bytes < room
    });
    let has_focus = view.place == Place::TrafficAddresses;
    let line = |(place, end): (usize, &EndRow)| {
        let hits = number(end.counts.hits);
        let mut text = format!(
            "{} {}",
            pad(&end.address(), address_width, false),
            pad(&hits, hits_width, true)
        );
        if let Some(width) = bytes_width {
            text.push(' ');
            text.push_str(&pad(&volume(end), width, true));
        }
        text.push(' ');
        text.push_str(&about(end, view, session));
        let text = pad(&cut_end(&text, room), room, false);
        let style = if place == view.end_list.selected {
            theme.selected_in(has_focus)
        } else if view.model.change(end.end).is_some() {
            theme.warn
        } else if end.denied == end.counts.hits {
            theme.deny
        } else {
            theme.text
        };
        Line::styled(text, style)
    };
    let lines: Vec<Line<'_>> = (shown.start..).zip(visible()).map(line).collect();
    frame.render_widget(Paragraph::new(lines), area);
}
