//! The line on top: the registry and the week, or the input of its name.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::text::{cut_end, wrap};
use crate::tui::layout::top;
use crate::tui::theme::Tone;
use crate::tui::view::endpoints::EndpointsView;
use crate::tui::widget::draw_input;
use crate::tui::{Place, Theme};

/// Most lines below the input.
const MOST: usize = 3;
const HINT: &str = "a name, a login server, an image or a URL, like contoso.azurecr.io/app:v1";

impl EndpointsView {
    /// Rows of the head.
    pub fn head_height(&self, width: u16) -> u16 {
        let lines = u16::try_from(self.head_lines(width).len()).unwrap_or(1);
        if self.place == Place::RegistryInput {
            lines + 1
        } else {
            lines.max(1)
        }
    }

    /// The registry; while its name is typed, what is wrong with it or taken differently.
    fn head_lines(&self, width: u16) -> Vec<(String, Tone)> {
        let room = usize::from(width).saturating_sub(2);
        if self.place != Place::RegistryInput {
            let text = if self.profile.is_some() {
                self.headline.as_str()
            } else {
                "no registry yet: Enter types its name"
            };
            return vec![(cut_end(text, room).into_owned(), Tone::Head)];
        }
        let mut texts = Vec::new();
        let is_empty = self.entry.input.value().trim().is_empty();
        if let Some(error) = &self.entry.error
            && (self.entry.is_refused || !is_empty)
        {
            let tone = if self.entry.is_refused {
                Tone::Warn
            } else {
                Tone::Muted
            };
            texts.push((error.to_string(), tone));
        }
        let notes = self.entry.notes.iter();
        texts.extend(notes.map(|note| (note.to_string(), Tone::Muted)));
        let lines = texts.into_iter().flat_map(|(text, tone)| {
            let lines = wrap(&text, room).into_iter();
            lines.map(move |line| (line, tone)).collect::<Vec<_>>()
        });
        let mut lines: Vec<_> = lines.collect();
        if lines.len() > MOST {
            lines.truncate(MOST);
            if let Some((line, _)) = lines.last_mut() {
                *line = cut_end(&format!("{line} …"), room).into_owned();
            }
        }
        lines
    }

    pub fn draw_head(&self, frame: &mut Frame<'_>, area: Rect, theme: &Theme) {
        let mut rest = area;
        if self.place == Place::RegistryInput {
            let (line, below) = top(area, 1);
            let label = (" registry: ", HINT);
            draw_input(frame, line, label, &self.entry.input, true, theme);
            rest = below;
        }
        let lines: Vec<Line<'_>> = self
            .head_lines(area.width)
            .into_iter()
            .map(|(line, tone)| Line::from(Span::styled(format!(" {line}"), tone.style(theme))))
            .collect();
        frame.render_widget(Paragraph::new(lines), rest);
    }
}
