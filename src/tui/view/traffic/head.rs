//! The lines above the panes: which logs, how much is in them, what could not be read.

use std::path::PathBuf;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::query::Cell;
use crate::query::traffic::said_span;
use crate::text::{Safe, bytes, counted, cut_end, first_of, plural, wrap};
use crate::tui::theme::Tone;
use crate::tui::view::traffic::TrafficView;
use crate::tui::{LogsRead, Theme};

/// What is said before a log is open.
pub const NO_LOGS: &str = "no log is open yet: o takes the names of logs, or of folders of them";
/// What they may be.
const KINDS: &str = "flow logs of virtual networks and security groups, Azure Firewall, access logs of \
                     nginx and Apache, iptables, tables and lines of JSON; anything else by its addresses; \
                     gzip too, of any size: they are counted, and never loaded";

/// The lines, each no wider than `room`.
pub fn lines(view: &TrafficView, room: usize) -> Vec<(String, Tone)> {
    let mut lines = Vec::new();
    let mut add = |text: &str, tone: Tone| {
        lines.extend(wrap(text, room).into_iter().map(|line| (line, tone)));
    };
    if let Some(reading) = &view.reading {
        let progress = if reading.progress.as_str().is_empty() {
            String::new()
        } else {
            format!(": {}", reading.progress)
        };
        let names = names(&reading.paths);
        add(
            &format!("reading {names}{progress}; Esc stops"),
            Tone::Accent,
        );
    }
    if let Some(reason) = &view.failed {
        add(reason.as_str(), Tone::Warn);
    }
    match view.model.logs() {
        Some(logs) => {
            add(&summary(view, logs), Tone::Head);
            if let Some(far) = &view.far {
                add(&format!("{far}: :week opens a nearer one"), Tone::Warn);
            }
            if !logs.problems.is_empty() {
                add(&problems(logs), Tone::Warn);
            }
        }
        None if view.reading.is_none() => {
            add(NO_LOGS, Tone::Head);
            add(KINDS, Tone::Muted);
        }
        None => {}
    }
    lines
}

/// A count as people read it.
pub fn number(count: u64) -> String {
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    Cell::Number(count).shown().into_owned()
}

/// What logs are called: the last part of their paths.
pub fn names(paths: &[PathBuf]) -> String {
    let name = |path: &PathBuf| {
        let name = path.file_name().unwrap_or(path.as_os_str());
        Safe::new(&name.to_string_lossy())
    };
    first_of(paths.iter().map(name), 2, ", ")
}

fn summary(view: &TrafficView, logs: &LogsRead) -> String {
    let answer = view.model.answer();
    let kinds: Vec<&str> = logs.kinds.iter().map(|kind| kind.words()).collect();
    let files = match logs.files {
        0 | 1 => String::new(),
        files => format!(", {}", counted(files, "file", "files")),
    };
    let denied = if view.model.limits().is_denied {
        " denied"
    } else {
        ""
    };
    let mut parts = vec![
        format!("{}{files}, {}", names(&logs.paths), bytes(logs.bytes)),
        format!("read as {}", kinds.join(", ")),
        format!(
            "{} {}{denied} at public addresses",
            number(answer.hits),
            plural(answer.hits, "hit", "hits")
        ),
    ];
    if answer.inside > 0 {
        parts.push(format!("{} at private ones apart", number(answer.inside)));
    }
    parts.extend(logs.said.span.map(said_span));
    let late = logs.counts.late();
    if late > 0 {
        parts.push(format!(
            "{} at addresses that came too late to be told apart",
            number(late)
        ));
    }
    parts.join(" · ")
}

fn problems(logs: &LogsRead) -> String {
    let problems = logs.problems.iter();
    first_of(problems, 2, "; ")
}

pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &TrafficView, theme: &Theme) {
    let room = usize::from(area.width).saturating_sub(2);
    let mut lines = lines(view, room);
    // What has no room is not cut without a word.
    if lines.len() > usize::from(area.height) {
        lines.truncate(usize::from(area.height));
        if let Some((last, _)) = lines.last_mut() {
            *last = cut_end(&format!("{last} …"), room).into_owned();
        }
    }
    let lines: Vec<Line<'_>> = lines
        .into_iter()
        .map(|(text, tone)| Line::from(Span::styled(format!(" {text}"), tone.style(theme))))
        .collect();
    frame.render_widget(Paragraph::new(lines), area);
}
