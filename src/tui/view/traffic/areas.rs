//! Where the panes of Traffic are, as a pure function of the area and the state.

use ratatui::layout::Rect;

use crate::tui::Place;
use crate::tui::layout::{Room, left, part, room, top};
use crate::tui::view::traffic::{TrafficView, head};

/// The panes' areas; an area without size is not on screen.
#[derive(Debug, Clone, Copy, Default)]
pub struct Areas {
    pub head: Rect,
    pub by: Rect,
    pub rows: Rect,
    pub ends: Rect,
}

/// Most lines above the panes.
const MOST_HEAD: u16 = 3;
/// The same on a screen that has room for all of it.
const MOST_HEAD_HIGH: u16 = 5;
/// Rows from which on it has.
const HIGH: u16 = 20;
/// Columns of what is counted by.
const BY: u16 = 17;
/// The least and the most columns of the addresses beside the counts.
const ENDS: (u16, u16) = (42, 76);

pub fn areas(view: &TrafficView, area: Rect) -> Areas {
    // The room is that of the whole screen, which has three rows more.
    let screen = Rect {
        height: area.height.saturating_add(3),
        ..area
    };
    let (head, body) = top(area, head_height(view, area));
    let panes = match room(screen) {
        Room::None => return Areas::default(),
        _ if view.is_zoomed => alone(view, body),
        Room::One => alone(view, body),
        Room::Two if view.place == Place::CountBy => {
            let (by, rows) = left(body, BY);
            Areas {
                by,
                rows,
                ..Areas::default()
            }
        }
        Room::Two => {
            let share = if view.place == Place::TrafficAddresses {
                35
            } else {
                55
            };
            let (rows, ends) = top(body, part(body.height, share).max(4));
            Areas {
                rows,
                ends,
                ..Areas::default()
            }
        }
        Room::Three => {
            let (by, rest) = left(body, BY);
            let ends = part(rest.width, 41).clamp(ENDS.0, ENDS.1);
            let (rows, ends) = left(rest, rest.width.saturating_sub(ends));
            Areas {
                by,
                rows,
                ends,
                ..Areas::default()
            }
        }
    };
    Areas { head, ..panes }
}

fn head_height(view: &TrafficView, area: Rect) -> u16 {
    let lines = head::lines(view, usize::from(area.width).saturating_sub(2)).len();
    let most = if area.height >= HIGH {
        MOST_HEAD_HIGH
    } else {
        MOST_HEAD
    };
    u16::try_from(lines).unwrap_or(1).clamp(1, most)
}

/// The pane with the keys has the whole body.
fn alone(view: &TrafficView, area: Rect) -> Areas {
    let mut areas = Areas::default();
    match view.place {
        Place::CountBy => areas.by = area,
        Place::TrafficAddresses => areas.ends = area,
        _ => areas.rows = area,
    }
    areas
}

/// The pane to the right or to the left of the one with the keys, around the end.
pub fn neighbour(place: Place, is_next: bool) -> Place {
    const PANES: [Place; 3] = [Place::CountBy, Place::TrafficRows, Place::TrafficAddresses];
    let own = match place {
        Place::TrafficFilter if is_next => return Place::TrafficRows,
        Place::TrafficFilter => Place::TrafficRows,
        place => place,
    };
    let own = PANES.iter().position(|pane| *pane == own).unwrap_or(0);
    let step = if is_next { 1 } else { PANES.len() - 1 };
    let place = PANES.get((own + step) % PANES.len());
    place.copied().unwrap_or(Place::TrafficRows)
}
