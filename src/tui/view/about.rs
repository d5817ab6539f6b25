//! A tag in a few lines, in Tags and beside an answer of Lookup: what it is for, its properties, its
//! course over the weeks.

use ratatui::text::{Line, Span};

use crate::azure::Numbers;
use crate::index::TagRow;
use crate::query::Cell;
use crate::query::show::{Purpose, ShowAnswer};
use crate::text::{cut_end, pad, width, wrap};
use crate::tui::{TagTimeline, Theme, sparkline};

/// Columns of what a line is about.
const HEAD: usize = 10;

/// What is known of a tag.
#[derive(Debug, Clone, Copy)]
pub struct AboutLines<'a> {
    pub detail: &'a ShowAnswer,
    /// The weeks, once they are read.
    pub timeline: Option<&'a TagTimeline>,
    pub numbers: Numbers,
}

impl AboutLines<'_> {
    /// The lines of this width.
    pub fn lines(&self, row: &TagRow<'_>, room: usize, theme: &Theme) -> Vec<Line<'static>> {
        let purpose = self.detail.purpose.iter();
        let text = purpose.flat_map(|purpose| purpose_lines(purpose, room));
        let mut lines: Vec<Line<'static>> = text
            .map(|line| Line::from(Span::styled(line, theme.text)))
            .collect();
        let properties = self.detail.properties(row, self.numbers).into_iter();
        lines.extend(properties.map(|(name, value)| property_line(name, &value, room, theme)));
        let timeline = self.timeline.iter();
        let room = room.saturating_sub(HEAD);
        lines.extend(timeline.map(|timeline| timeline_line(timeline, room, theme)));
        lines
    }
}

/// What it is about, and the value.
pub fn property_line(name: &str, value: &str, room: usize, theme: &Theme) -> Line<'static> {
    Line::from(vec![
        Span::styled(pad(name, HEAD, false), theme.muted),
        Span::styled(
            cut_end(value, room.saturating_sub(HEAD)).into_owned(),
            theme.text,
        ),
    ])
}

/// What a tag is for, in lines of this width.
pub fn purpose_lines(purpose: &Purpose, room: usize) -> Vec<String> {
    let basis = if purpose.is_inferred {
        " (inferred)"
    } else {
        ""
    };
    let text = format!("{}{basis} · {}", purpose.text, purpose.direction.word());
    wrap(&text, room)
}

/// Rows from week to week, and when the tag changed last; how many rows where there is room.
fn timeline_line(timeline: &TagTimeline, room: usize, theme: &Theme) -> Line<'static> {
    /// Fewer weeks than these show no course.
    const LEAST: usize = 12;
    let head = |text: &str| Span::styled(pad(text, 10, false), theme.muted);
    let Some(changed) = &timeline.changed else {
        let text = match &timeline.first {
            Some(date) => format!("since before {date}"),
            None => "in all weeks".to_owned(),
        };
        let head = head("unchanged");
        let text = cut_end(&text, room).into_owned();
        return Line::from(vec![head, Span::styled(text, theme.text)]);
    };
    let head = head("weeks");
    let mut text = format!(" changed {changed}");
    let known = || timeline.rows.iter().flatten();
    if let (Some(least), Some(most)) = (known().min(), known().max()) {
        let [least, most] = [least, most].map(|&rows| Cell::Number(rows).shown().into_owned());
        let rows = if least == most {
            format!(" {most} rows ·{text}")
        } else {
            format!(" {least} to {most} rows ·{text}")
        };
        if room >= width(&rows) + LEAST {
            text = rows;
        }
    }
    let bars = sparkline(&timeline.rows, room.saturating_sub(width(&text)));
    let text = cut_end(&text, room.saturating_sub(width(&bars))).into_owned();
    Line::from(vec![
        head,
        Span::styled(bars, theme.bar),
        Span::styled(text, theme.text),
    ])
}
