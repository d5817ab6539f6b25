//! Where the panes of Rules are: a pure function of the area, the place and what is open.

use ratatui::layout::Rect;

use crate::tui::Place;
use crate::tui::layout::{Room, left, part, room, top};
use crate::tui::view::rules::RulesView;

/// The panes' areas; an area without size is not on screen.
#[derive(Debug, Clone, Copy, Default)]
pub struct Areas {
    pub head: Rect,
    pub files: Rect,
    pub rows: Rect,
    pub detail: Rect,
    pub notes: Rect,
}

/// The files beside the rows.
const FILES: u16 = 28;
/// The files where there is room for long names.
const WIDE_FILES: u16 = 36;
/// From this many columns on, the detail stands beside the rows.
const WIDE: u16 = 170;

impl RulesView {
    pub fn areas(&self, area: Rect) -> Areas {
        // The room is that of the whole screen, which has three rows more.
        let screen = Rect {
            height: area.height.saturating_add(3),
            ..area
        };
        let (head, body) = top(area, self.head_rows(area));
        let areas = match room(screen) {
            Room::None => return Areas::default(),
            Room::One => self.alone(body),
            _ if self.loaded_rules.files.is_empty() => {
                let (files, rows) = left(body, FILES);
                Areas {
                    files,
                    rows,
                    ..Areas::default()
                }
            }
            _ if self.is_zoomed => self.alone(body),
            Room::Two => self.two(body),
            Room::Three if body.width >= WIDE => {
                let (files, rest) = left(body, WIDE_FILES);
                let (middle, detail) = left(rest, part(rest.width, 60));
                let (rows, notes) = top(middle, part(middle.height, 62));
                Areas {
                    files,
                    rows,
                    detail,
                    notes,
                    ..Areas::default()
                }
            }
            Room::Three => {
                let (files, rest) = left(body, FILES);
                let (rows, below) = top(rest, part(rest.height, 50));
                let (detail, notes) = left(below, part(below.width, 50));
                Areas {
                    files,
                    rows,
                    detail,
                    notes,
                    ..Areas::default()
                }
            }
        };
        Areas { head, ..areas }
    }

    /// The files beside the rows and what is wrong; or the rows over what explains them.
    fn two(&self, body: Rect) -> Areas {
        if self.place == Place::RuleFiles {
            let (files, rest) = left(body, FILES);
            let (rows, notes) = top(rest, part(rest.height, 60));
            return Areas {
                files,
                rows,
                notes,
                ..Areas::default()
            };
        }
        let share = match self.place {
            Place::RuleDetail | Place::RuleNotes => 40,
            _ => 55,
        };
        let (rows, below) = top(body, part(body.height, share).max(4));
        match self.place {
            Place::RuleNotes => Areas {
                rows,
                notes: below,
                ..Areas::default()
            },
            _ => Areas {
                rows,
                detail: below,
                ..Areas::default()
            },
        }
    }

    /// The pane with the keys has the whole body.
    fn alone(&self, area: Rect) -> Areas {
        let mut areas = Areas::default();
        match self.place {
            Place::RuleFiles => areas.files = area,
            Place::RuleDetail => areas.detail = area,
            Place::RuleNotes => areas.notes = area,
            // While a question is typed its verdict is what one looks at.
            Place::RuleTest if self.is_verdict => areas.detail = area,
            _ => areas.rows = area,
        }
        areas
    }

    /// The pane to the right or to the left of the one with the keys, around the end.
    pub fn neighbour(&self, is_next: bool) -> Place {
        // Without a file there is nothing in the other panes.
        if self.loaded_rules.files.is_empty() {
            return Place::RuleFiles;
        }
        let panes = [
            Place::RuleFiles,
            Place::RuleRows,
            Place::RuleDetail,
            Place::RuleNotes,
        ];
        let place = match self.place {
            Place::RuleFilter | Place::RuleTest => Place::RuleRows,
            place => place,
        };
        let own = panes.iter().position(|&pane| pane == place).unwrap_or(0);
        let step = if is_next { 1 } else { panes.len() - 1 };
        let place = panes.get((own + step) % panes.len());
        place.copied().unwrap_or(Place::RuleRows)
    }
}
