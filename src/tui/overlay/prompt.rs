//! The command line after `:`, with completion.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph};
use tui_input::Input;

use crate::text::{Safe, clean, cut_end, cut_middle, pad, width, wrap};
use crate::tui::layout::{inside, top};
use crate::tui::overlay::Step;
use crate::tui::suggest::{Known, Suggestion, missing, suggestions};
use crate::tui::view::Session;
use crate::tui::widget::{List, Pane, draw_input, draw_pane, draw_scroll_mark, edit};
use crate::tui::{About, Chord, Command, Theme};

/// Suggestions on screen at a time.
const ROWS: u16 = 10;
/// Most columns of the suggestions.
const WIDEST: u16 = 84;
/// Most lines of a refusal.
const REFUSAL_ROWS: usize = 4;

/// The command line.
#[derive(Debug)]
pub struct Prompt {
    input: Input,
    known: Known,
    found: Vec<Suggestion>,
    list: List,
    /// Whether a suggestion has been chosen with the arrows: then Enter takes it.
    is_chosen: bool,
    /// Why the line could not be executed; until it is changed.
    refusal: Safe,
}

impl Prompt {
    /// A line to be gone on with.
    #[must_use]
    pub fn new(line: String, session: &Session) -> Self {
        let mut prompt = Self {
            input: Input::new(line),
            known: Known::default(),
            found: Vec::new(),
            list: List::default(),
            is_chosen: false,
            refusal: Safe::default(),
        };
        prompt.search(session);
        prompt
    }

    /// The same line again, with the reason why it was refused.
    #[must_use]
    pub fn refused(line: String, refusal: Safe, session: &Session) -> Self {
        Self {
            refusal,
            ..Self::new(line, session)
        }
    }

    fn search(&mut self, session: &Session) {
        self.found = suggestions(self.input.value(), session, &self.known);
        self.list = List::default();
        self.is_chosen = false;
        self.refusal = Safe::default();
    }

    /// Whether nothing is typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.input.value().is_empty()
    }

    /// What must be asked for to complete the line.
    #[must_use]
    pub fn missing(&self) -> Option<About> {
        missing(self.input.value()).filter(|about| self.known.about.as_ref() != Some(about))
    }

    /// What the disk has answered.
    pub fn learn(&mut self, about: About, found: Vec<String>, session: &Session) {
        self.known = Known {
            about: Some(about),
            found,
        };
        // What was chosen or refused stays: nobody has typed.
        self.found = suggestions(self.input.value(), session, &self.known);
        self.list.selected = self.list.selected.min(self.found.len().saturating_sub(1));
    }

    /// A key that no command took: text; true when the line has changed.
    pub fn key(&mut self, chord: Chord, session: &Session) -> bool {
        let has_changed = edit(&mut self.input, chord);
        if has_changed {
            self.search(session);
        }
        has_changed
    }

    /// Runs a command of the command line.
    pub fn run(&mut self, command: Command, session: &Session) -> Step {
        match command {
            Command::Back => Step::Close,
            Command::Complete => {
                self.complete(session);
                Step::Stay
            }
            Command::Open => self.enter(session),
            command => {
                let is_first = !self.is_chosen && command == Command::Down;
                if self.found.is_empty() {
                    return Step::Stay;
                }
                self.is_chosen = true;
                // The first step down goes onto the list, not past its first row.
                if !is_first {
                    self.list.run(command, self.found.len(), usize::from(ROWS));
                }
                Step::Stay
            }
        }
    }

    /// Takes the selected suggestion over into the line.
    fn complete(&mut self, session: &Session) {
        if let Some(found) = self.found.get(self.list.selected) {
            self.input = Input::new(found.line.clone());
            self.search(session);
        }
    }

    /// The typed line, or the chosen suggestion; one that needs more is only taken over.
    fn enter(&mut self, session: &Session) -> Step {
        let chosen = self
            .found
            .get(self.list.selected)
            .filter(|_| self.is_chosen);
        match chosen {
            Some(found) if found.is_whole => Step::Execute(found.line.clone()),
            Some(_) => {
                self.complete(session);
                Step::Stay
            }
            None => Step::Execute(self.input.value().to_owned()),
        }
    }

    /// A click on a suggestion takes it; one elsewhere closes the command line.
    pub fn click(&mut self, area: Rect, column: u16, row: u16, session: &Session) -> Step {
        let (_, rows) = top(inside(self.popup(area)), self.refusal_rows(area));
        if !rows.contains((column, row).into()) {
            return Step::Close;
        }
        let clicked = self.list.offset + usize::from(row - rows.y);
        if clicked >= self.found.len() {
            return Step::Stay;
        }
        self.list.selected = clicked;
        self.is_chosen = true;
        self.enter(session)
    }

    /// The refusal in lines of the popup's width.
    fn refusal_lines(&self, area: Rect) -> Vec<String> {
        let room = usize::from(area.width.min(WIDEST).saturating_sub(2));
        let mut lines = wrap(self.refusal.as_str(), room);
        if lines.len() > REFUSAL_ROWS {
            lines.truncate(REFUSAL_ROWS);
            if let Some(line) = lines.last_mut() {
                *line = cut_end(&format!("{line} …"), room).into_owned();
            }
        }
        lines.retain(|line| !line.is_empty());
        lines
    }

    fn refusal_rows(&self, area: Rect) -> u16 {
        u16::try_from(self.refusal_lines(area).len()).unwrap_or(1)
    }

    /// Just above the line, as high as the refusal and the suggestions.
    fn popup(&self, area: Rect) -> Rect {
        let rows = u16::try_from(self.found.len()).unwrap_or(ROWS).min(ROWS);
        let rows = rows + self.refusal_rows(area);
        let height = if rows == 0 {
            0
        } else {
            (rows + 2).min(area.height)
        };
        Rect {
            y: area.y + area.height - height,
            height,
            width: area.width.min(WIDEST),
            ..area
        }
    }

    /// Brings the list into its area.
    pub fn settle(&mut self, area: Rect) {
        let (_, rows) = top(inside(self.popup(area)), self.refusal_rows(area));
        self.list.settle(self.found.len(), usize::from(rows.height));
    }

    /// Draws the line at `line` and the suggestions at the end of the body.
    pub fn draw(&self, frame: &mut Frame<'_>, body: Rect, line: Rect, theme: &Theme) {
        frame.render_widget(Clear, line);
        let hint = "a command, a tag or an address; Tab completes";
        draw_input(frame, line, (":", hint), &self.input, true, theme);
        let area = self.popup(body);
        if area.height < 3 {
            return;
        }
        frame.render_widget(Clear, area);
        let pane = Pane {
            title: "",
            note: if self.found.is_empty() {
                "Esc closes"
            } else {
                "Tab takes over"
            },
            has_focus: true,
        };
        let (first, rows) = top(
            draw_pane(frame, area, &pane, theme),
            self.refusal_rows(body),
        );
        let refusal = self.refusal_lines(body).into_iter();
        let refusal = refusal.map(|line| Line::from(Span::styled(line, theme.warn)));
        frame.render_widget(Paragraph::new(refusal.collect::<Vec<_>>()), first);
        let list = self.list;
        let shown = list.visible(self.found.len(), usize::from(rows.height));
        draw_scroll_mark(frame, area, &shown, self.found.len(), theme);
        let room = usize::from(rows.width);
        let visible = self.found.iter().skip(shown.start).take(shown.len());
        let wide = visible
            .clone()
            .map(|found| width(&clean(&found.shown)))
            .max()
            .unwrap_or(0);
        let name_width = wide.min(room);
        let lines: Vec<Line<'_>> = visible
            .zip(shown.start..)
            .map(|(found, row)| {
                let name = clean(&found.shown);
                let name = pad(&cut_middle(&name, name_width), name_width, false);
                let left = room.saturating_sub(name_width + 2);
                let note = pad(&cut_end(&clean(&found.note), left), left, false);
                let is_selected = row == list.selected;
                let style = |plain| match (is_selected, self.is_chosen) {
                    (true, true) => theme.selected,
                    (true, false) => theme.selected_elsewhere,
                    (false, _) => plain,
                };
                Line::from(vec![
                    Span::styled(name + "  ", style(theme.text)),
                    Span::styled(note, style(theme.muted)),
                ])
            })
            .collect();
        frame.render_widget(Paragraph::new(lines), rows);
    }
}
