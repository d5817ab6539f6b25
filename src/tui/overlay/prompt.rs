//! The command line after `:`, with completion.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph};
use tui_input::Input;

use crate::query::ViewTopic;
use crate::text::{Safe, clean, cut_end, cut_middle, pad, width, wrap};
use crate::tui::component::{Component, Cx, Keep, Layer, Look, News, Reply, Taken, pasted_line};
use crate::tui::ex_command;
use crate::tui::layout::{inside, top};
use crate::tui::session::Session;
use crate::tui::suggest::{DiskSuggestions, Suggestion, missing, suggestions};
use crate::tui::widget::{List, Pane, draw_input, draw_pane, draw_scroll_mark, edit};
use crate::tui::{About, Chord, Command, Key, Mouse, Outcome, Place, Task};

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
    known: DiskSuggestions,
    found: Vec<Suggestion>,
    list: List,
    /// Whether a suggestion has been chosen with the arrows: then Enter takes it.
    is_chosen: bool,
    /// Why the line could not be executed; until it is changed.
    refusal: Safe,
    /// What the disk has been asked for last.
    asked: Option<About>,
    /// Whether the line was refused and nothing has been typed since.
    is_entered: bool,
}

impl Prompt {
    /// A line to be gone on with.
    #[must_use]
    pub fn new(line: String, open: ViewTopic, session: &Session) -> Self {
        let mut prompt = Self {
            input: Input::new(line),
            known: DiskSuggestions::default(),
            found: Vec::new(),
            list: List::default(),
            is_chosen: false,
            refusal: Safe::default(),
            asked: None,
            is_entered: false,
        };
        prompt.search(open, session);
        prompt
    }

    /// The same line again, with the reason why it was refused.
    fn refused(line: String, refusal: Safe, cx: &Cx<'_>) -> Self {
        Self {
            refusal,
            ..Self::new(line, cx.open, cx.session)
        }
    }

    fn search(&mut self, open: ViewTopic, session: &Session) {
        self.found = suggestions(self.input.value(), open, session, &self.known);
        self.list = List::default();
        self.is_chosen = false;
        self.is_entered = false;
        self.refusal = Safe::default();
    }

    /// Asks the disk for what completes the line, unless it is being asked already.
    pub fn ask(&mut self, cx: &mut Cx<'_>) {
        let missing = missing(self.input.value(), cx.open);
        let Some(about) = missing.filter(|about| self.known.about.as_ref() != Some(about)) else {
            return;
        };
        self.asked = Some(about.clone());
        if !cx.is_listing(&about) {
            let cloud = Some(cx.session.dataset.cloud());
            let within = cx.session.request.newest_of(cloud);
            cx.start(Task::Suggest { about, within });
        }
    }

    /// What the disk has answered.
    fn take(&mut self, about: About, found: Vec<String>, cx: &Cx<'_>) {
        self.known = DiskSuggestions {
            about: Some(about),
            found,
        };
        // What was chosen or refused stays: nobody has typed.
        self.found = suggestions(self.input.value(), cx.open, cx.session, &self.known);
        self.list.selected = self.list.selected.min(self.found.len().saturating_sub(1));
    }

    /// Whether the disk has still to say how the line could go on.
    fn is_listing(&self, cx: &Cx<'_>) -> bool {
        let missing = missing(self.input.value(), cx.open);
        missing.is_some() && self.known.about != missing
    }

    /// Takes the selected suggestion over into the line.
    fn complete(&mut self, cx: &mut Cx<'_>) {
        if let Some(found) = self.found.get(self.list.selected) {
            self.input = Input::new(found.line.clone());
            self.search(cx.open, cx.session);
            self.ask(cx);
        }
    }

    /// The typed line, the chosen suggestion, or the only one where the line says nothing yet; one
    /// that needs more is only taken over.
    fn enter(&mut self, cx: &mut Cx<'_>) {
        let line = self.input.value();
        // A path that is the beginning of one file alone is no file by itself.
        let is_begun = match missing(line, cx.open) {
            Some(About::AnyFiles(typed)) => !typed.is_empty() && !typed.ends_with('/'),
            _ => false,
        };
        let is_unsaid = || ex_command::read(line, cx.session).is_err();
        let is_only = self.found.len() == 1 && (is_begun || is_unsaid());
        let chosen = self
            .found
            .get(self.list.selected)
            .filter(|_| self.is_chosen || is_only);
        match chosen {
            Some(found) if found.is_whole => self.carry_out(found.line.clone(), cx),
            Some(_) => self.complete(cx),
            None => self.carry_out(self.input.value().to_owned(), cx),
        }
    }

    /// A line that is refused stays and can be mended.
    fn carry_out(&mut self, line: String, cx: &mut Cx<'_>) {
        match ex_command::read(&line, cx.session) {
            Ok(command) => {
                cx.reply(Reply::Pop);
                cx.reply(Reply::Go(command));
            }
            Err(reason) => {
                *self = Self::refused(line, reason, cx);
                self.is_entered = true;
                self.ask(cx);
            }
        }
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
}

impl Component for Prompt {
    fn place(&self) -> Place {
        Place::CommandInput
    }

    fn run(&mut self, command: Command, cx: &mut Cx<'_>) -> Taken {
        match command {
            Command::Back => cx.reply(Reply::Pop),
            Command::Complete => self.complete(cx),
            Command::Open => self.enter(cx),
            // Nothing to move in.
            _ if self.found.is_empty() => {}
            command => {
                let is_first = !self.is_chosen && command == Command::Down;
                self.is_chosen = true;
                // The first step down goes onto the list, not past its first row.
                if !is_first {
                    self.list.run(command, self.found.len(), usize::from(ROWS));
                }
            }
        }
        Taken::Yes
    }

    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) {
        // As in vim: deleting the colon leaves the line.
        if self.input.value().is_empty() && chord.key == Key::Backspace {
            cx.reply(Reply::Pop);
        } else if edit(&mut self.input, chord) {
            self.search(cx.open, cx.session);
            self.ask(cx);
        }
    }

    /// Only the completions of the whole line matter.
    fn paste(&mut self, text: &str, cx: &mut Cx<'_>) -> Taken {
        let mut has_changed = false;
        for letter in pasted_line(text).chars() {
            has_changed |= edit(&mut self.input, Chord::plain(Key::Char(letter)));
        }
        if has_changed {
            self.search(cx.open, cx.session);
            self.ask(cx);
        }
        Taken::Yes
    }

    /// A click on a suggestion takes it; one elsewhere closes the command line.
    fn mouse(&mut self, mouse: Mouse, cx: &mut Cx<'_>) {
        if let Some(command) = mouse.wheel() {
            self.run(command, cx);
            return;
        }
        let area = cx.body;
        let (_, rows) = top(inside(self.popup(area)), self.refusal_rows(area));
        if !rows.contains((mouse.column, mouse.row).into()) {
            cx.reply(Reply::Pop);
            return;
        }
        let clicked = self.list.offset + usize::from(mouse.row - rows.y);
        if clicked < self.found.len() {
            self.list.selected = clicked;
            self.is_chosen = true;
            self.enter(cx);
        }
    }

    fn settle(&mut self, cx: &mut Cx<'_>) {
        let area = cx.body;
        let (_, rows) = top(inside(self.popup(area)), self.refusal_rows(area));
        self.list.settle(self.found.len(), usize::from(rows.height));
    }

    /// The line over the status line, and the suggestions at the end of the body.
    fn draw(&self, frame: &mut Frame<'_>, look: &Look<'_>) {
        let (body, line, theme) = (look.body, look.status, look.theme);
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

    fn done(&mut self, outcome: Outcome, cx: &mut Cx<'_>) {
        match outcome {
            Outcome::Suggested(Ok((about, found))) => self.take(about, found, cx),
            Outcome::Suggested(Err(_)) => {
                // What cannot be listed is not asked for at every key.
                if let Some(about) = self.asked.take() {
                    self.take(about, Vec::new(), cx);
                }
            }
            _ => {}
        }
        // Somebody who types fast is not refused for what the disk says a moment later.
        if self.is_entered && !self.is_listing(cx) && self.found.len() == 1 {
            self.enter(cx);
        }
    }
}

impl Layer for Prompt {
    fn learn(&mut self, _: &News, _: &mut Cx<'_>) -> Keep {
        Keep::Open
    }

    fn takes_status_line(&self) -> bool {
        true
    }
}
