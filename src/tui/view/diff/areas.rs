//! Where the panes of Diff are, as a pure function of the area and the state.

use ratatui::layout::Rect;

use crate::tui::Place;
use crate::tui::layout::{Room, left, part, room, top};
use crate::tui::view::diff::DiffView;
use crate::tui::view::diff::changes::wanted_width;
use crate::tui::view::diff::head::summary;

/// The panes' areas; an area without size is not on screen.
#[derive(Debug, Clone, Copy, Default)]
pub struct Areas {
    pub weeks: Rect,
    pub changes: Rect,
    pub rows: Rect,
}

/// Most lines of the summary.
const MOST_HEAD: u16 = 3;
/// The same on a screen that has room for all of it.
const MOST_HEAD_HIGH: u16 = 5;
/// Rows from which on it has.
const HIGH: u16 = 20;
/// The list of weeks with the keys: border, mark, date, number, age, tags changed, bar.
const WEEKS: u16 = 36;
/// The least width of the rows beside the changes.
const LEAST_ROWS: u16 = 37;
/// The list of weeks beside the changes: mark, date, tags changed, bar.
const NARROW_WEEKS: u16 = 24;

impl DiffView {
    /// Lines of the summary above the panes.
    pub fn head_height(&self, area: Rect) -> u16 {
        let lines = summary(self, usize::from(area.width).saturating_sub(2)).len();
        let most = if area.height >= HIGH {
            MOST_HEAD_HIGH
        } else {
            MOST_HEAD
        };
        u16::try_from(lines).unwrap_or(1).clamp(1, most)
    }

    pub fn areas(&self, area: Rect) -> Areas {
        // The room is that of the whole screen, which has three rows more.
        let screen = Rect {
            height: area.height.saturating_add(3),
            ..area
        };
        let (_, body) = top(area, self.head_height(area));
        match room(screen) {
            Room::None => Areas::default(),
            _ if self.is_zoomed => self.alone(body),
            Room::One => self.alone(body),
            Room::Two if self.place == Place::Weeks => {
                let (weeks, changes) = left(body, WEEKS);
                Areas {
                    weeks,
                    changes,
                    ..Areas::default()
                }
            }
            Room::Two => {
                let share = if self.place == Place::ChangeRows {
                    35
                } else {
                    55
                };
                let (changes, rows) = top(body, part(body.height, share).max(4));
                Areas {
                    changes,
                    rows,
                    ..Areas::default()
                }
            }
            Room::Three => {
                let is_wide = self.place == Place::Weeks || body.width >= 150;
                let (weeks, rest) = left(body, if is_wide { WEEKS } else { NARROW_WEEKS });
                // Names are whole while the rows have room for a prefix and what it means.
                let share = part(rest.width, 58);
                let most = rest.width.saturating_sub(LEAST_ROWS).max(share);
                let wanted = wanted_width(self.widest, usize::from(most));
                let wanted = u16::try_from(wanted).unwrap_or(most);
                let (changes, rows) = left(rest, wanted.clamp(share.min(most), most));
                Areas {
                    weeks,
                    changes,
                    rows,
                }
            }
        }
    }

    /// The pane with the keys has the whole body.
    fn alone(&self, area: Rect) -> Areas {
        let mut areas = Areas::default();
        match self.place {
            Place::Weeks => areas.weeks = area,
            Place::ChangeRows => areas.rows = area,
            _ => areas.changes = area,
        }
        areas
    }

    /// The pane to the right or to the left of the one with the keys, around the end.
    pub fn neighbour(&self, is_next: bool) -> Place {
        let panes = [Place::Weeks, Place::Changes, Place::ChangeRows];
        if self.place == Place::ChangeFilter && is_next {
            return Place::Changes;
        }
        let is_own = |&pane: &Place| {
            pane == self.place || (pane == Place::Changes && self.place == Place::ChangeFilter)
        };
        let own = panes.iter().position(is_own).unwrap_or(0);
        let step = if is_next { 1 } else { panes.len() - 1 };
        let place = panes.get((own + step) % panes.len());
        place.copied().unwrap_or(Place::Changes)
    }
}
