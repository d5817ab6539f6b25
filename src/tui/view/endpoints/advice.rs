//! What to mind with the plan: sentences, errors first.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::query::endpoints::{EndpointsAdvice, Level};
use crate::text::{clean, counted, pad, wrap};
use crate::tui::layout::inside;
use crate::tui::view::endpoints::EndpointsView;
use crate::tui::widget::{Pane, draw_pane, draw_scroll_mark};
use crate::tui::{Command, Place, Theme};

/// A line of the pane: of which sentence it is, and how much that matters.
pub struct AdviceLine {
    item: usize,
    level: Level,
    text: String,
}

impl EndpointsView {
    /// The sentences of the plan on screen.
    pub fn advice(&self) -> &[EndpointsAdvice] {
        self.plan.as_ref().map_or(&[], |plan| &plan.shown.advice)
    }

    /// The sentences, wrapped for the pane's width.
    pub fn advice_lines(&self, area: Rect) -> Vec<AdviceLine> {
        let room = usize::from(inside(area).width);
        if room == 0 {
            return Vec::new();
        }
        let mut lines = Vec::new();
        for (item, advice) in self.advice().iter().enumerate() {
            let level = advice.level;
            let word = match level {
                Level::Info => String::new(),
                Level::Error | Level::Warning => format!("{}: ", level.word()),
            };
            let text = format!("{word}{}", clean(&advice.text));
            let texts = wrap(&text, room.saturating_sub(2)).into_iter().enumerate();
            lines.extend(texts.map(|(row, text)| {
                let mark = if row == 0 { level.mark() } else { " " };
                let text = format!("{mark} {text}");
                AdviceLine { item, level, text }
            }));
        }
        lines
    }

    /// The sentence with the cursor.
    pub fn selected_advice(&self, area: Rect) -> Option<&EndpointsAdvice> {
        let lines = self.advice_lines(area);
        let item = lines.get(self.advice_list.selected)?.item;
        self.advice().get(item)
    }

    /// Moves the cursor: a step is a sentence, a page so many lines.
    pub fn walk_advice(&mut self, command: Command, area: Rect) -> bool {
        let lines = self.advice_lines(area);
        let height = usize::from(inside(area).height);
        let own = lines
            .get(self.advice_list.selected)
            .map_or(0, |line| line.item);
        let wanted = match command {
            Command::Up => own.saturating_sub(1),
            Command::Down => own + 1,
            _ => return self.advice_list.run(command, lines.len(), height),
        };
        let first = lines.iter().position(|line| line.item == wanted);
        let last = lines.iter().rposition(|line| line.item == wanted);
        if let (Some(first), Some(last)) = (first, last) {
            // The whole sentence is shown where it fits, its beginning where it does not.
            for row in [last, first] {
                self.advice_list.selected = row;
                self.advice_list.settle(lines.len(), height);
            }
        }
        true
    }

    /// `Advice: 1 error, 2 warnings, 5 hints`.
    fn advice_title(&self) -> String {
        let count = |level| {
            self.advice()
                .iter()
                .filter(|one| one.level == level)
                .count()
        };
        let parts = [
            (count(Level::Error), "error", "errors"),
            (count(Level::Warning), "warning", "warnings"),
            (count(Level::Info), "hint", "hints"),
        ];
        let parts: Vec<String> = parts
            .into_iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, one, many)| counted(count, one, many))
            .collect();
        if parts.is_empty() {
            return "Advice: nothing to mind".to_owned();
        }
        format!("Advice: {}", parts.join(", "))
    }
}

pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &EndpointsView, theme: &Theme) {
    if area.is_empty() {
        return;
    }
    let has_focus = view.place == Place::Advice;
    let title = view.advice_title();
    let pane = Pane {
        title: &title,
        note: "",
        has_focus,
    };
    let body = draw_pane(frame, area, &pane, theme);
    let room = usize::from(body.width);
    let lines = view.advice_lines(area);
    let own = lines.get(view.advice_list.selected).map(|line| line.item);
    let shown = view
        .advice_list
        .visible(lines.len(), usize::from(body.height));
    let drawn: Vec<Line<'_>> = lines
        .iter()
        .skip(shown.start)
        .take(shown.len())
        .map(|line| {
            let style = match (has_focus && own == Some(line.item), line.level) {
                (true, _) => theme.selected,
                (false, Level::Error) => theme.bad,
                (false, Level::Warning) => theme.warn,
                (false, Level::Info) => theme.text,
            };
            Line::from(Span::styled(pad(&line.text, room, false), style))
        })
        .collect();
    frame.render_widget(Paragraph::new(drawn), body);
    draw_scroll_mark(frame, area, &shown, lines.len(), theme);
}
