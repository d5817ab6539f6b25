//! The mouse over Diff.

use ratatui::layout::{Position, Rect};

use crate::tui::component::Cx;
use crate::tui::layout::inside;
use crate::tui::view::diff::{DiffView, changes, rows};
use crate::tui::widget::List;
use crate::tui::{Command, Mouse, MouseKind, Place};

/// Rows that one step of the wheel moves.
const WHEEL: usize = 3;

impl DiffView {
    /// The wheel moves the list under it; a press selects, and opens what is selected already.
    pub fn point(&mut self, mouse: Mouse, cx: &mut Cx<'_>) {
        let areas = self.areas(cx.body);
        let at = Position::new(mouse.column, mouse.row);
        let panes = [
            (Place::Weeks, areas.weeks),
            (Place::Changes, areas.changes),
            (Place::ChangeRows, areas.rows),
        ];
        let Some((place, pane)) = panes.into_iter().find(|(_, pane)| pane.contains(at)) else {
            return;
        };
        match mouse.kind {
            MouseKind::Press => self.press(place, pane, at, cx),
            MouseKind::WheelUp | MouseKind::WheelDown => {
                let command = if mouse.kind == MouseKind::WheelUp {
                    Command::Up
                } else {
                    Command::Down
                };
                let before = std::mem::replace(&mut self.place, place);
                for _ in 0..WHEEL {
                    self.scroll(command, cx.body);
                }
                self.place = before;
            }
        }
    }

    fn press(&mut self, place: Place, pane: Rect, at: Position, cx: &mut Cx<'_>) {
        // What is on screen now: the keys may change where things are.
        let had_keys = self.place == place;
        let (list, body, count) = match place {
            Place::Weeks => (self.week_list, inside(pane), self.weeks.len()),
            Place::ChangeRows => (
                self.row_list,
                rows::list_area(pane, self),
                self.rows().len(),
            ),
            _ => {
                let body = inside(pane);
                let first = u16::try_from(changes::first_row(self)).unwrap_or(0);
                let body = Rect {
                    y: body.y + first,
                    height: body.height.saturating_sub(first),
                    ..body
                };
                (self.change_list, body, self.lines.len())
            }
        };
        self.place = place;
        if !body.contains(at) {
            return;
        }
        let row = list.offset + usize::from(at.y - body.y);
        if row >= count {
            return;
        }
        match place {
            Place::Weeks => self.week_list.selected = row,
            Place::ChangeRows => self.row_list.selected = row,
            _ => {
                if self.change_list.selected != row {
                    self.row_list = List::default();
                }
                self.change_list.selected = row;
            }
        }
        if row == list.selected && had_keys {
            self.open(cx);
        }
    }
}
