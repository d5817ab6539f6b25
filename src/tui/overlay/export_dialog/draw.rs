//! How the export dialog looks: the choices at the left, the text at the right, the name of a file below.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::widgets::Clear;

use crate::query::Cell;
use crate::query::rules::make::{MakeForm, Target};
use crate::rules::Direction;
use crate::space::Family;
use crate::text::{clean, counted, pad, wrap};
use crate::tui::Theme;
use crate::tui::layout::{self, Room, inside, left, top};
use crate::tui::overlay::export_dialog::choices::ExportLine;
use crate::tui::overlay::export_dialog::{ExportChoice, ExportDialog, ExportPane as Focus};
use crate::tui::theme::Tone;
use crate::tui::widget::{Pane, draw_input, draw_lines, draw_pane};

/// Columns of the longest word of a target.
const WORD: usize = 18;
/// Rows of the line for a file's name, with its border.
const FILE_ROWS: u16 = 4;
/// Columns from which on the titles of targets stand in the list.
const WIDE: u16 = 150;
/// Columns of the list without them.
const NARROW: u16 = 22;
/// Notes that are shown above the text.
const MOST_NOTES: usize = 4;

/// Where the parts are.
#[derive(Debug, Clone, Copy, Default)]
pub struct Areas {
    pub choices: Rect,
    pub text: Rect,
    file: Rect,
}

/// Lines within a border.
pub fn height(area: Rect) -> usize {
    usize::from(inside(area).height)
}

/// The line of a pane at a place of the screen.
pub fn line_at(area: Rect, column: u16, row: u16) -> Option<usize> {
    let area = inside(area);
    let is_in = area.contains((column, row).into());
    is_in.then(|| usize::from(row - area.y))
}

impl ExportDialog {
    /// Where the parts are; a pane without room has no area.
    pub fn areas(&self, body: Rect) -> Areas {
        let (upper, file) = match &self.file {
            Some(_) => top(body, body.height.saturating_sub(FILE_ROWS)),
            None => (body, Rect::default()),
        };
        let mut areas = Areas {
            file,
            ..Areas::default()
        };
        let screen = Rect {
            height: body.height + 3,
            ..body
        };
        let is_alone = self.is_zoomed || matches!(layout::room(screen), Room::One | Room::None);
        match (is_alone, self.pane) {
            (true, Focus::Choices) => areas.choices = upper,
            (true, Focus::Text) => areas.text = upper,
            (false, _) => {
                // The title of a target has room from here on; the text names it too.
                let width = if body.width >= WIDE { 60 } else { NARROW };
                (areas.choices, areas.text) = left(upper, width);
            }
        }
        areas
    }

    /// Draws it over the body.
    pub fn draw_in(&self, frame: &mut Frame<'_>, body: Rect, theme: &Theme) {
        frame.render_widget(Clear, body);
        let areas = self.areas(body);
        self.draw_choices(frame, areas.choices, theme);
        self.draw_text(frame, areas.text, theme);
        self.draw_file(frame, areas.file, theme);
    }

    fn draw_choices(&self, frame: &mut Frame<'_>, area: Rect, theme: &Theme) {
        if area.is_empty() {
            return;
        }
        let (found, list) = self.choices.lines();
        let lines: Vec<(String, Tone)> = found
            .iter()
            .map(|&it| self.line(it, area.width > NARROW))
            .collect();
        let pane = Pane {
            title: "",
            note: "",
            has_focus: self.pane == Focus::Choices && self.file.is_none(),
        };
        draw_lines(frame, area, &pane, &lines, (list, true), theme);
        // On the border, so that the list keeps its line.
        let line = Rect {
            x: area.x + 2,
            width: area.width.saturating_sub(4),
            height: 1,
            ..area
        };
        let hint = "type to find";
        self.choices
            .filter
            .draw(frame, line, ("/", hint), pane.has_focus, theme);
    }

    fn line(&self, line: ExportLine, is_wide: bool) -> (String, Tone) {
        let choice = match line {
            ExportLine::Heading(group) => return (group.to_owned(), Tone::Head),
            ExportLine::Choice(choice) => choice,
        };
        let (word, title) = self.choices.words_of(choice);
        let tone = match choice {
            ExportChoice::Export(_) => Tone::Plain,
            ExportChoice::Target(_) => Tone::Accent,
        };
        if is_wide {
            (format!(" {} {title}", pad(&word, WORD, false)), tone)
        } else {
            (format!(" {word}"), tone)
        }
    }

    fn draw_text(&self, frame: &mut Frame<'_>, area: Rect, theme: &Theme) {
        if area.is_empty() {
            return;
        }
        let lines = self.text_lines(area);
        let count = Cell::Number(self.preview.lines());
        let note = match self.preview.lines() {
            0 => String::new(),
            1 => "1 line".to_owned(),
            _ => format!("{} lines", count.shown()),
        };
        // Of a view the name of its file, of rules what they are of.
        let title = match (self.choices.chosen(), self.preview.name()) {
            (Some(ExportChoice::Export(_)), Ok(name)) => name,
            _ => &self.title,
        };
        let pane = Pane {
            title,
            note: &note,
            has_focus: self.pane == Focus::Text && self.file.is_none(),
        };
        // No line of it is selected.
        let list = crate::tui::widget::List {
            selected: usize::MAX,
            ..self.text
        };
        draw_lines(frame, area, &pane, &lines, (list, false), theme);
    }

    /// What it is, the options, what to know, then the text; or why there is none.
    pub fn text_lines(&self, area: Rect) -> Vec<(String, Tone)> {
        let room = usize::from(inside(area).width).max(1);
        let mut lines = Vec::new();
        let mut push = |text: &str, tone: Tone| {
            let text = clean(text);
            lines.extend(wrap(&text, room).into_iter().map(|line| (line, tone)));
        };
        if self.choices.is_empty() {
            push("nothing has these words; Esc clears them", Tone::Warn);
            return lines;
        }
        push(&self.preview.title, Tone::Head);
        if !self.scope_note.is_empty() && !self.is_view() {
            push(&self.scope_note, Tone::Muted);
        }
        if let Some(ExportChoice::Target(target)) = self.choices.chosen() {
            push(&about(target), Tone::Muted);
            push(&self.options_line(), Tone::Muted);
        } else if !self.without.is_empty() {
            push(self.without, Tone::Muted);
        }
        let notes = &self.preview.notes;
        for note in notes.iter().take(MOST_NOTES) {
            push(&format!("! {note}"), Tone::Warn);
        }
        let more = notes.len().saturating_sub(MOST_NOTES);
        if more > 0 {
            let more = counted(more, "note", "notes");
            push(&format!("! and {more} more"), Tone::Warn);
        }
        if let Err(reason) = self.preview.name() {
            push(reason, Tone::Bad);
            return lines;
        }
        lines.push((String::new(), Tone::Plain));
        let (shown, hidden) = self.preview.shown();
        lines.extend(shown.iter().map(|line| (line.clone(), Tone::Plain)));
        if hidden > 0 {
            let hidden = Cell::Number(hidden);
            let text = format!("… and {} lines more, which the file has", hidden.shown());
            lines.push((text, Tone::Muted));
        }
        lines
    }

    /// The options that keys turn.
    fn options_line(&self) -> String {
        let form = match self.options.form {
            MakeForm::Best => "best",
            MakeForm::Prefixes => "prefixes",
            MakeForm::Tags => "tags",
        };
        let direction = match self.options.direction {
            None => "default",
            Some(Direction::Out) => "out",
            Some(Direction::In) => "in",
        };
        let families = match self.options.family {
            None => "all",
            Some(Family::V4) => "IPv4",
            Some(Family::V6) => "IPv6",
        };
        // In the list a letter finds a target.
        let key = |letter: char| match self.pane {
            Focus::Choices => format!("Alt-{letter}"),
            Focus::Text => letter.to_string(),
        };
        let (t, d, v) = (key('t'), key('d'), key('v'));
        let rest = format!("{d} direction: {direction}, {v} families: {families}");
        if self.is_cover() {
            rest
        } else {
            format!("{t} format: {form}, {rest}")
        }
    }

    fn draw_file(&self, frame: &mut Frame<'_>, area: Rect, theme: &Theme) {
        let Some(file) = &self.file else { return };
        let title = match &file.over {
            None => "Write to a file",
            Some(_) => "The file is there already",
        };
        let pane = Pane {
            title,
            note: "",
            has_focus: true,
        };
        let (line, rest) = top(draw_pane(frame, area, &pane, theme), 1);
        let hint = "the name of a file";
        draw_input(
            frame,
            line,
            ("> ", hint),
            &file.input,
            file.over.is_none(),
            theme,
        );
        let (text, tone) = match &file.over {
            None => ("Enter writes it whole; Esc goes back", Tone::Muted),
            Some(_) => ("y writes over it; n or Esc keeps it", Tone::Warn),
        };
        let line = ratatui::text::Span::styled(text, tone.style(theme));
        frame.render_widget(ratatui::widgets::Paragraph::new(line), rest);
    }
}

/// What a target makes of a tag, and its limit.
fn about(target: Target) -> String {
    let form = format!("a tag becomes {}", target.form());
    match target.limit() {
        "" => form,
        limit => format!("{form}; at most {limit}"),
    }
}
