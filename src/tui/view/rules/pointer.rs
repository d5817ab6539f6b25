//! The mouse over Rules.

use ratatui::layout::{Position, Rect};

use crate::tui::component::Reply;
use crate::tui::layout::inside;
use crate::tui::session::Session;
use crate::tui::view::rules::{RulesView, rows};
use crate::tui::widget::List;
use crate::tui::{Command, Mouse, MouseKind, Place};

/// Rows that one step of the wheel moves.
const WHEEL: usize = 3;

impl RulesView {
    /// The wheel moves the list under it; a press selects, and opens what is selected already.
    pub fn point(&mut self, mouse: Mouse, area: Rect, session: &Session) -> Option<Reply> {
        let areas = self.areas(area);
        let at = Position::new(mouse.column, mouse.row);
        let is_press = mouse.kind == MouseKind::Press;
        if areas.head.contains(at) {
            if is_press && self.has_rules() {
                self.place = Place::RuleTest;
            }
            return None;
        }
        let panes = [
            (Place::RuleFiles, areas.files),
            (Place::RuleRows, areas.rows),
            (Place::RuleDetail, areas.detail),
            (Place::RuleNotes, areas.notes),
        ];
        let (place, pane) = panes.into_iter().find(|(_, pane)| pane.contains(at))?;
        let mut request = None;
        if is_press {
            let had_keys = self.place == place;
            if self.has_rules() || place == Place::RuleFiles {
                self.place = place;
                request = self.press((pane, at), had_keys, area, session);
            }
        } else {
            let command = match mouse.kind {
                MouseKind::WheelUp => Command::Up,
                _ => Command::Down,
            };
            let before = std::mem::replace(&mut self.place, place);
            for _ in 0..WHEEL {
                self.scroll(command, area, session);
            }
            self.place = before;
        }
        request
    }

    fn press(
        &mut self,
        (pane, at): (Rect, Position),
        had_keys: bool,
        area: Rect,
        session: &Session,
    ) -> Option<Reply> {
        let list = if self.place == Place::RuleRows {
            rows::list_area(pane, self)
        } else {
            inside(pane)
        };
        if !list.contains(at) {
            return None;
        }
        let row = usize::from(at.y - list.y);
        let selected = |list: &List| list.offset + row;
        let is_own = match self.place {
            Place::RuleFiles => {
                let row = selected(&self.file_list);
                if row >= self.picks().len() {
                    return None;
                }
                let is_own = self.file_list.selected == row;
                self.file_list.selected = row;
                self.pick(session);
                is_own
            }
            Place::RuleRows => {
                let row = selected(&self.row_list);
                let line = self.lines.get(row)?;
                line.position()?;
                let is_own = self.row_list.selected == row;
                self.row_list.selected = row;
                self.is_verdict = false;
                if !is_own {
                    self.detail_list = List::default();
                }
                is_own
            }
            Place::RuleDetail => {
                let row = selected(&self.detail_list);
                let is_own = self.detail_list.selected == row;
                self.detail_list.selected = row;
                is_own
            }
            _ => {
                let row = selected(&self.note_list);
                let is_own = self.note_list.selected == row;
                self.note_list.selected = row;
                is_own
            }
        };
        if is_own && had_keys {
            return self.open(area, session);
        }
        None
    }
}
