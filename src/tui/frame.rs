//! Header, status line and footer.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph};

use crate::azure::{Age, Cloud, Numbers};
use crate::query::ViewTopic;
use crate::text::{counted, cut_end, width, wrap};
use crate::tui::keymap::{self, Hint, OwnWords};
use crate::tui::layout::{self, Room, SMALLEST};
use crate::tui::session::Session;
use crate::tui::{Command, Mouse, MouseKind, Place, Theme};

/// Columns of a date and its age: `2026-10-19† · OLD 33 days`.
const AGE: usize = 26;

/// The texts of the tabs: nearer to each other where the age of the data has no room else; where they
/// have none themselves, the open one has its name alone.
fn tabs(open: ViewTopic, columns: u16) -> [(ViewTopic, String); ViewTopic::ALL.len()] {
    let columns = usize::from(columns);
    let near = ViewTopic::ALL.map(|topic| format!(" {} {}", topic.number(), topic.title()));
    let used = near.iter().map(|text| width(text)).sum::<usize>();
    let is_narrow = used >= columns;
    let has_gaps = used + near.len() + AGE < columns;
    let mut near = near.into_iter();
    ViewTopic::ALL.map(|topic| {
        let whole = near.next().unwrap_or_default();
        let text = match (is_narrow && topic != open, has_gaps) {
            (true, _) => format!(" {}", topic.number()),
            (false, true) => format!("{whole} "),
            (false, false) => whole,
        };
        (topic, text)
    })
}

/// The view whose tab is at a column.
fn tab_at(open: ViewTopic, columns: u16, column: u16) -> Option<ViewTopic> {
    let mut end = 0;
    let found = tabs(open, columns).into_iter().find(|(_, text)| {
        end += width(text);
        usize::from(column) < end
    });
    found.map(|(topic, _)| topic)
}

/// Tabs at the left; cloud, week, numbers, age and source at the right: where there is no room, the
/// source goes first, then the numbers, and the age last.
pub fn draw_header(
    frame: &mut Frame<'_>,
    area: Rect,
    open: ViewTopic,
    session: &Session,
    theme: &Theme,
) {
    let dataset = &session.dataset;
    let age = dataset.age(session.today);
    let mut spans = Vec::new();
    let mut used = 0;
    for (topic, text) in tabs(open, area.width) {
        used += width(&text);
        let style = if topic == open {
            theme.accent
        } else {
            theme.muted
        };
        spans.push(Span::styled(text, style));
    }
    let info = dataset.info();
    let date = info.marked();
    let number = match (info.change_number, info.numbers) {
        (Some(number), Numbers::Derived) => format!("number {number}, tags' est."),
        (Some(number), _) => format!("number {number}"),
        (None, Numbers::Derived) => "numbers est.".to_owned(),
        (None, numbers) => format!("numbers {}", numbers.word()),
    };
    let is_stale = age.is_some_and(|age| age.is_old() || age.days_ahead().is_some());
    let days = |days: u32| counted(days, "day", "days");
    let (word, age) = match age {
        None => ("", "age unknown".to_owned()),
        Some(Age::Old(old)) if is_stale => ("OLD", format!("OLD {}", days(old))),
        Some(Age::Old(old)) => ("", days(old)),
        Some(Age::Ahead(ahead)) => ("AHEAD", format!("AHEAD {}", days(ahead))),
    };
    let source = dataset.provenance().source.word().to_owned();
    let flaws = match dataset.provenance().flaw_count {
        0 => String::new(),
        1 => "1 problem".to_owned(),
        count => format!("{count} problems"),
    };
    // The highest is left out first. Week and age stay before anything else, and a cloud that is
    // not Public before what is wrong with its file.
    let is_public = info.cloud == Cloud::Public;
    let warn = if is_stale { theme.warn } else { theme.text };
    let mut facts = vec![
        (
            if is_public { 4 } else { 2 },
            info.cloud.to_string(),
            theme.head,
        ),
        (0, date, theme.head),
        (5, number, theme.text),
        (1, age, warn),
        (6, source, theme.text),
        (3, flaws, theme.bad),
    ];
    facts.retain(|(_, text, _)| !text.is_empty());
    let room = usize::from(area.width).saturating_sub(used + 1);
    let length = |facts: &[(i32, String, _)]| {
        facts
            .iter()
            .map(|(_, text, _)| width(text) + 3)
            .sum::<usize>()
            .saturating_sub(3)
    };
    while length(&facts) > room && !facts.is_empty() {
        let least = facts.iter().map(|(rank, ..)| *rank).max();
        facts.retain(|(rank, ..)| Some(*rank) != least);
    }
    // Where only the date has room, it says itself that it is old, or ahead of today.
    if let [(0, date, style)] = facts.as_mut_slice()
        && is_stale
        && room > width(date) + width(word)
    {
        *date = format!("{word} {date}");
        *style = theme.warn;
    }
    let gap = room.saturating_sub(length(&facts));
    spans.push(Span::raw(" ".repeat(gap)));
    for (place, (_, text, style)) in facts.into_iter().enumerate() {
        if place > 0 {
            spans.push(Span::styled(" · ", theme.muted));
        }
        spans.push(Span::styled(text, style));
    }
    frame.render_widget(Paragraph::new(Line::from(spans)), area);
}

/// Most lines of the status.
const STATUS_LINES: usize = 3;

/// What happened and what to do next: one line, or over the end of the body as many as it takes.
pub fn draw_status(frame: &mut Frame<'_>, area: Rect, text: &str, theme: &Theme) {
    let room = usize::from(area.width).saturating_sub(2);
    let mut lines = wrap(text, room);
    if lines.len() > STATUS_LINES {
        lines.truncate(STATUS_LINES);
        if let Some(last) = lines.last_mut() {
            *last = cut_end(&format!("{last} …"), room).into_owned();
        }
    }
    let more = u16::try_from(lines.len().saturating_sub(1)).unwrap_or(0);
    let area = Rect {
        y: area.y.saturating_sub(more),
        height: area.height + more,
        ..area
    };
    let lines: Vec<Line<'_>> = lines
        .into_iter()
        .map(|line| Line::from(Span::styled(format!(" {line}"), theme.warn)))
        .collect();
    frame.render_widget(Clear, area);
    frame.render_widget(Paragraph::new(lines), area);
}

/// The keys that matter now: whole entries only, and the last two (help, a way out) always.
fn hints((place, words): (Place, OwnWords), columns: u16) -> Vec<Hint> {
    let mut hints: Vec<Hint> = keymap::footer(place).collect();
    for hint in &mut hints {
        let own = words.iter().find(|(command, _)| *command == hint.command);
        hint.word = own.map_or(hint.word, |(_, word)| word);
    }
    // What has no word here does nothing here.
    hints.retain(|hint| !hint.word.is_empty());
    let length = |hints: &[Hint]| hints.iter().map(hint_width).sum::<usize>();
    while length(&hints) > usize::from(columns) {
        match hints.len().checked_sub(3) {
            Some(place) => hints.remove(place),
            None => break,
        };
    }
    hints
}

fn hint_width(hint: &Hint) -> usize {
    width(hint.key) + width(hint.word) + 3
}

/// The command whose key stands at a column of the footer.
fn hint_at(place: (Place, OwnWords), columns: u16, column: u16) -> Option<Command> {
    let mut end = 0;
    let found = hints(place, columns).into_iter().find(|hint| {
        end += hint_width(hint);
        usize::from(column) < end
    });
    found.map(|hint| hint.command)
}

/// Draws the keys that matter now.
pub fn draw_footer(frame: &mut Frame<'_>, area: Rect, place: (Place, OwnWords), theme: &Theme) {
    let mut spans = Vec::new();
    for hint in hints(place, area.width) {
        spans.push(Span::styled(format!(" {}", hint.key), theme.key));
        spans.push(Span::styled(format!(" {} ", hint.word), theme.text));
    }
    frame.render_widget(Paragraph::new(Line::from(spans)), area);
}

/// What lies under the mouse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pointed {
    Nothing,
    /// A key of the footer.
    Key(Command),
    Tab(ViewTopic),
    /// The open view, or what lies over it.
    Body,
}

/// What a screen of this size has where the mouse is; `is_over` where a layer lies over the view.
pub fn pointed(
    mouse: Mouse,
    screen: Rect,
    open: ViewTopic,
    footer: (Place, OwnWords),
    is_over: bool,
) -> Pointed {
    if layout::room(screen) == Room::None {
        return Pointed::Nothing;
    }
    let areas = layout::frame(screen);
    let is_press = mouse.kind == MouseKind::Press;
    if is_press && mouse.row == areas.footer.y {
        let hint = hint_at(footer, areas.footer.width, mouse.column);
        return hint.map_or(Pointed::Nothing, Pointed::Key);
    }
    if is_over {
        return Pointed::Body;
    }
    if is_press && mouse.row == areas.header.y {
        let tab = tab_at(open, areas.header.width, mouse.column);
        return tab.map_or(Pointed::Nothing, Pointed::Tab);
    }
    if areas.body.contains((mouse.column, mouse.row).into()) {
        Pointed::Body
    } else {
        Pointed::Nothing
    }
}

/// What is drawn where nothing has room.
pub fn draw_too_small(frame: &mut Frame<'_>, screen: Rect, theme: &Theme) {
    let (width, height) = SMALLEST;
    let texts = [
        "tagscope".to_owned(),
        format!("needs {width}x{height}"),
        "Ctrl-c quits".to_owned(),
    ];
    let lines: Vec<Line<'_>> = texts
        .iter()
        .map(|text| {
            let text = cut_end(text, usize::from(screen.width)).into_owned();
            Line::from(Span::styled(text, theme.text))
        })
        .collect();
    frame.render_widget(Paragraph::new(lines), screen);
}
