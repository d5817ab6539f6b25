//! The mouse over the frame: tabs, keys of the footer, overlays, else the open view; and what those
//! keys are called.

use crate::query::Topic;
use crate::text::Safe;
use crate::tui::app::App;
use crate::tui::frame::{OwnWords, hint_at, tab_at};
use crate::tui::layout::{self, Room};
use crate::tui::overlay::{Help, Overlay};
use crate::tui::{Command, Effect, Mouse, MouseKind, Place};

impl App {
    /// What has the keys, and what they are called there.
    pub(super) fn footer_place(&self) -> (Place, OwnWords) {
        let place = self.place();
        let words = match (self.topic, place) {
            (Topic::Lookup, Place::Results) => self.lookup.footer_words(),
            _ => &[],
        };
        (place, words)
    }

    /// What the mouse does, by where it is.
    pub fn mouse(&mut self, mouse: Mouse) -> Vec<Effect> {
        let areas = layout::frame(self.screen);
        if layout::room(self.screen) == Room::None {
            return Vec::new();
        }
        let is_press = mouse.kind == MouseKind::Press;
        if is_press {
            self.status = Safe::default();
        }
        if is_press && mouse.row == areas.footer.y {
            let command = hint_at(self.footer_place(), areas.footer.width, mouse.column);
            return command.map_or_else(Vec::new, |command| self.run(command));
        }
        let body = areas.body;
        let (column, row) = (mouse.column, mouse.row);
        if self.overlay.is_some() {
            return self.mouse_in_overlay(mouse);
        }
        if is_press && row == areas.header.y {
            return match tab_at(self.topic, areas.header.width, column) {
                Some(topic) => self.open(topic),
                None => Vec::new(),
            };
        }
        if !body.contains((column, row).into()) {
            return Vec::new();
        }
        let requests = match self.topic {
            Topic::Tags => self.tags.mouse(mouse, body, &self.session),
            Topic::Lookup => self.lookup.mouse(mouse, body, &self.session),
            Topic::Endpoints => self.endpoints.mouse(mouse, body, &self.session),
            Topic::Rules => self.rules.mouse(mouse, body, &self.session),
            Topic::Diff => self.diff.mouse(mouse, body, &self.session),
        };
        self.grant_all(requests)
    }

    /// What lies under the wheel is moved, where there are several lists.
    fn wheel_in_overlay(&mut self, mouse: Mouse, command: Command) -> Vec<Effect> {
        let (body, column, row) = (self.body(), mouse.column, mouse.row);
        match &mut self.overlay {
            Some(Overlay::Fit(fit)) => fit.wheel(command, body, column, row),
            Some(Overlay::Export(dialog)) => {
                dialog.wheel(command, body, column, row, &self.session)
            }
            _ => return self.run(command),
        }
        self.settle();
        Vec::new()
    }

    fn mouse_in_overlay(&mut self, mouse: Mouse) -> Vec<Effect> {
        let body = self.body();
        match mouse.kind {
            MouseKind::WheelUp => self.wheel_in_overlay(mouse, Command::Up),
            MouseKind::WheelDown => self.wheel_in_overlay(mouse, Command::Down),
            MouseKind::Press => {
                let step = match &mut self.overlay {
                    Some(Overlay::Help(_)) => Help::click(body, mouse.column, mouse.row),
                    Some(Overlay::Palette(palette)) => palette.click(body, mouse.column, mouse.row),
                    Some(Overlay::Prompt(prompt)) => {
                        prompt.click(body, mouse.column, mouse.row, &self.session)
                    }
                    Some(Overlay::Reference(reference)) => {
                        reference.click(body, mouse.column, mouse.row)
                    }
                    Some(Overlay::Fit(fit)) => fit.click(body, mouse.column, mouse.row),
                    Some(Overlay::Export(dialog)) => dialog.click(body, mouse.column, mouse.row),
                    None => return Vec::new(),
                };
                self.take(step)
            }
        }
    }
}
