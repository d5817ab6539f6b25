//! The mouse over Endpoints.

use ratatui::layout::{Position, Rect};

use crate::tui::component::Reply;
use crate::tui::layout::inside;
use crate::tui::session::Session;
use crate::tui::view::endpoints::profile::Field;
use crate::tui::view::endpoints::{EndpointsView, plan};
use crate::tui::{Command, Mouse, MouseKind, Place};

/// Rows that one step of the wheel moves.
const WHEEL: usize = 3;

impl EndpointsView {
    /// The wheel moves the list under it; a press selects, and opens what is selected already. A
    /// press on a box ticks it.
    pub fn point(&mut self, mouse: Mouse, area: Rect, session: &Session) -> Option<Reply> {
        let areas = self.areas(area);
        let at = Position::new(mouse.column, mouse.row);
        let is_press = mouse.kind == MouseKind::Press;
        if areas.head.contains(at) {
            if is_press && self.place != Place::RegistryInput {
                self.type_name();
            }
            return None;
        }
        let left = if self.place == Place::RegionList {
            Place::RegionList
        } else {
            Place::Profile
        };
        let panes = [
            (left, areas.profile),
            (Place::Plan, areas.plan),
            (Place::PlanDetail, areas.detail),
            (Place::Advice, areas.advice),
        ];
        let (place, pane) = panes.into_iter().find(|(_, pane)| pane.contains(at))?;
        let mut request = None;
        if is_press {
            let had_keys = self.place == place;
            let row = inside(pane)
                .contains(at)
                .then(|| usize::from(at.y - inside(pane).y));
            if self.place == Place::RegistryInput {
                self.leave_name(session);
            }
            // Without a plan nothing but the profile has rows.
            if self.plan.is_some() || place == Place::Profile {
                self.place = place;
                request = row.and_then(|row| self.press(row, (pane, at), had_keys, area, session));
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
        row: usize,
        (pane, at): (Rect, Position),
        had_keys: bool,
        area: Rect,
        session: &Session,
    ) -> Option<Reply> {
        match self.place {
            Place::RegionList => {
                // The first row is the filter.
                if let Some(row) = row.checked_sub(1) {
                    self.press_region(row, session);
                }
            }
            Place::Profile => {
                let row = self.profile_list.offset + row;
                let field = self.field_at(row, pane, session)?;
                let was_own = self.field == field;
                self.field = field;
                if matches!(field, Field::Switch(_) | Field::Client(_)) {
                    return self.toggle(session);
                }
                if was_own && had_keys {
                    return self.change_field(session);
                }
            }
            Place::Plan => {
                let list = plan::list_area(pane, self);
                if !list.contains(at) {
                    return None;
                }
                let row = self.plan_list.offset + usize::from(at.y - list.y);
                let before = self.plan_list.selected;
                if row >= self.lines.len() {
                    return None;
                }
                self.plan_list.selected = row;
                if self.selected_line().is_none() {
                    self.plan_list.selected = before;
                } else if row == before && had_keys {
                    return self.open(area, session);
                } else {
                    self.detail_list = crate::tui::widget::List::default();
                }
            }
            Place::PlanDetail => {
                let row = self.detail_list.offset + row;
                let was_own = self.detail_list.selected == row;
                self.detail_list.selected = row;
                if was_own && had_keys {
                    return Some(self.follow(area, session));
                }
            }
            Place::Advice => self.advice_list.selected = self.advice_list.offset + row,
            _ => {}
        }
        None
    }
}
