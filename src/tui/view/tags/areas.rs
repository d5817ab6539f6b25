//! Where the panes of Tags are, as a pure function of the area and the state.

use ratatui::layout::Rect;

use crate::tui::Place;
use crate::tui::layout::{Room, left, part, room, top};
use crate::tui::view::tags::{Shape, TagsView};
use crate::tui::widget::map_height;

/// The panes' areas; an area without size is not on screen.
#[derive(Debug, Clone, Copy, Default)]
pub struct Areas {
    pub regions: Rect,
    pub map: Rect,
    pub table: Rect,
    pub detail: Rect,
}

/// The least height of a table under the map: its border, head and three rows.
const TABLE_UNDER_MAP: u16 = 6;

impl TagsView {
    pub fn areas(&self, area: Rect) -> Areas {
        // The room is that of the whole screen, which has three rows more.
        let screen = Rect {
            height: area.height.saturating_add(3),
            ..area
        };
        let room = room(screen);
        match room {
            Room::None => Areas::default(),
            _ if self.is_zoomed || room == Room::One => self.alone(area),
            _ if self.shape == Shape::Map => {
                let (regions, rest) = left(area, part(area.width, 30).clamp(20, 25));
                // The border, and two lines below the map.
                let wanted = map_height(rest.width.saturating_sub(2)) + 4;
                let (map, table) = top(rest, wanted);
                if table.height >= TABLE_UNDER_MAP {
                    Areas {
                        regions,
                        map,
                        table,
                        ..Areas::default()
                    }
                } else if self.place == Place::Table || self.place == Place::FilterInput {
                    Areas {
                        regions,
                        table: rest,
                        ..Areas::default()
                    }
                } else {
                    Areas {
                        regions,
                        map: rest,
                        ..Areas::default()
                    }
                }
            }
            Room::One | Room::Two => {
                let (regions, rest) = left(area, part(area.width, 30).clamp(20, 25));
                let share = if self.place == Place::Detail { 30 } else { 50 };
                let (table, detail) = top(rest, part(rest.height, share).max(4));
                Areas {
                    regions,
                    table,
                    detail,
                    ..Areas::default()
                }
            }
            Room::Three => {
                let (regions, rest) = left(area, 25);
                let (table, detail) = left(rest, part(rest.width, 57).max(55));
                Areas {
                    regions,
                    table,
                    detail,
                    ..Areas::default()
                }
            }
        }
    }

    /// The pane with the keys has the whole body.
    fn alone(&self, area: Rect) -> Areas {
        let mut areas = Areas::default();
        match self.place {
            Place::Regions | Place::RegionFilter => areas.regions = area,
            Place::Map => areas.map = area,
            Place::Detail => areas.detail = area,
            _ => areas.table = area,
        }
        areas
    }

    /// The pane to the right or to the left of the one with the keys, around the end.
    pub fn neighbour(&self, is_next: bool) -> Place {
        let panes: &[Place] = match self.shape {
            Shape::Table => &[Place::Regions, Place::Table, Place::Detail],
            Shape::Map => &[Place::Regions, Place::Map, Place::Table],
        };
        let above = match self.place {
            Place::FilterInput => Place::Table,
            Place::RegionFilter => Place::Regions,
            place => place,
        };
        if above != self.place && is_next {
            return above;
        }
        let is_own = |&pane: &Place| pane == above;
        let own = panes.iter().position(is_own).unwrap_or(0);
        let step = if is_next { 1 } else { panes.len() - 1 };
        let place = panes.get((own + step) % panes.len());
        place.copied().unwrap_or(Place::Table)
    }
}
