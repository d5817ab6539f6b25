//! The mouse over Tags.

use ratatui::layout::{Position, Rect};

use crate::query::tags::Sort;
use crate::tui::component::Reply;
use crate::tui::layout::inside;
use crate::tui::session::Session;
use crate::tui::view::tags::areas::Areas;
use crate::tui::view::tags::{TagsView, detail, map, table};
use crate::tui::{Command, Mouse, MouseKind, Place};

/// Rows that one step of the wheel moves.
const WHEEL: usize = 3;

impl TagsView {
    /// The wheel moves the list under it; a press selects, and opens what is selected already.
    pub fn point(&mut self, mouse: Mouse, area: Rect, session: &Session) -> Option<Reply> {
        let areas = self.areas(area);
        let (place, pane) = pane_at(areas, mouse)?;
        match mouse.kind {
            MouseKind::WheelUp => self.wheel(place, Command::Up, area, session),
            MouseKind::WheelDown => self.wheel(place, Command::Down, area, session),
            MouseKind::Press => return self.press(place, pane, mouse, session),
        }
        None
    }

    /// Moves a pane's list without giving it the keys.
    fn wheel(&mut self, place: Place, command: Command, area: Rect, session: &Session) {
        if place == Place::Map {
            return;
        }
        let before = std::mem::replace(&mut self.place, place);
        for _ in 0..WHEEL {
            self.scroll(command, area, session);
        }
        self.place = before;
    }

    fn press(
        &mut self,
        place: Place,
        pane: Rect,
        mouse: Mouse,
        session: &Session,
    ) -> Option<Reply> {
        // What is on screen now: the keys may change where things are.
        let had_keys = self.place == place;
        let head = table::head_row(self);
        let prefixes = detail::first_row(pane, self)..detail::end_row(pane, self);
        self.place = place;
        let body = inside(pane);
        if !body.contains(Position::new(mouse.column, mouse.row)) {
            return None;
        }
        let (x, y) = (mouse.column - body.x, usize::from(mouse.row - body.y));
        let is_again = match place {
            Place::Regions => {
                let above = usize::from(self.regions.has_filter(place));
                let Some(line) = y.checked_sub(above) else {
                    self.place = Place::RegionFilter;
                    return None;
                };
                self.press_region(self.regions.row_at(line), session)?
            }
            Place::Map => {
                let row = map::region_at(pane, self, mouse.column, mouse.row)?;
                self.press_region(row, session)?
            }
            Place::Detail => {
                if !prefixes.contains(&y) {
                    return None;
                }
                let row = self.prefixes.offset + y - prefixes.start;
                if row >= self.prefix_rows(session) {
                    return None;
                }
                let is_again = row == self.prefixes.selected;
                self.prefixes.selected = row;
                is_again
            }
            _ => {
                if y == head {
                    return self.press_head(x, pane, session);
                }
                let Some(row) = y.checked_sub(head + 1) else {
                    self.place = Place::FilterInput;
                    return None;
                };
                let row = self.table.offset + row;
                if row >= self.answer.tags.len() {
                    return None;
                }
                let is_again = row == self.table.selected;
                self.table.selected = row;
                self.is_marking = false;
                self.explain(session);
                is_again
            }
        };
        if is_again && had_keys {
            return self.open(session);
        }
        None
    }

    /// Chooses a region; whether it was chosen already.
    fn press_region(&mut self, row: usize, session: &Session) -> Option<bool> {
        let is_again = row == self.regions.row();
        if !self.regions.choose_row(row) {
            return None;
        }
        self.ask_for_selected_region(session);
        Some(is_again)
    }

    /// Sorts by the column whose head is pressed.
    fn press_head(&mut self, x: u16, pane: Rect, session: &Session) -> Option<Reply> {
        let sort = match table::column_at(self, pane, session, x)? {
            0 => Sort::Name,
            1 => Sort::Region,
            2 => Sort::Service,
            3 => Sort::ChangeNumber,
            4 | 5 => Sort::Prefixes,
            6 | 7 => Sort::Addresses,
            8 => Sort::Features,
            _ => return None,
        };
        self.sort_by(sort, session);
        None
    }
}

fn pane_at(areas: Areas, mouse: Mouse) -> Option<(Place, Rect)> {
    let place = Position::new(mouse.column, mouse.row);
    [
        (Place::Regions, areas.regions),
        (Place::Map, areas.map),
        (Place::Table, areas.table),
        (Place::Detail, areas.detail),
    ]
    .into_iter()
    .find(|(_, area)| area.contains(place))
}
