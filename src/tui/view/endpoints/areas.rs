//! Where the panes of Endpoints are, as a pure function of the area and the state.

use ratatui::layout::Rect;

use crate::tui::Place;
use crate::tui::layout::{Room, left, part, room, top};
use crate::tui::view::endpoints::EndpointsView;

/// The panes' areas; an area without size is not on screen.
#[derive(Debug, Clone, Copy, Default)]
pub struct Areas {
    pub head: Rect,
    pub profile: Rect,
    pub plan: Rect,
    pub detail: Rect,
    pub advice: Rect,
}

/// The profile beside the plan.
const PROFILE: u16 = 31;
/// The profile where there is room for names of regions.
const WIDE_PROFILE: u16 = 38;
/// From this many columns on, the detail stands beside the plan.
const WIDE: u16 = 170;

impl EndpointsView {
    pub fn areas(&self, area: Rect) -> Areas {
        // The room is that of the whole screen, which has three rows more.
        let screen = Rect {
            height: area.height.saturating_add(3),
            ..area
        };
        let (head, body) = top(area, self.head_height(area.width));
        let areas = match room(screen) {
            Room::None => return Areas::default(),
            Room::One => self.alone(body),
            _ if self.plan.is_none() => {
                let (profile, plan) = left(body, PROFILE.max(part(body.width, 40)));
                Areas {
                    profile,
                    plan,
                    ..Areas::default()
                }
            }
            _ if self.is_zoomed => self.alone(body),
            Room::Two => self.two(body),
            Room::Three if body.width >= WIDE => {
                let (profile, rest) = left(body, WIDE_PROFILE);
                let (middle, detail) = left(rest, part(rest.width, 62));
                let (plan, advice) = top(middle, part(middle.height, 58));
                Areas {
                    profile,
                    plan,
                    detail,
                    advice,
                    ..Areas::default()
                }
            }
            Room::Three => {
                let (profile, rest) = left(body, PROFILE);
                let (plan, below) = top(rest, part(rest.height, 50));
                let (detail, advice) = left(below, part(below.width, 50));
                Areas {
                    profile,
                    plan,
                    detail,
                    advice,
                    ..Areas::default()
                }
            }
        };
        Areas { head, ..areas }
    }

    /// The profile beside the plan and what to mind; or the plan over what explains it.
    fn two(&self, body: Rect) -> Areas {
        if matches!(
            self.place,
            Place::Profile | Place::RegionList | Place::RegistryInput
        ) {
            let (profile, rest) = left(body, PROFILE);
            let (plan, advice) = top(rest, part(rest.height, 60));
            return Areas {
                profile,
                plan,
                advice,
                ..Areas::default()
            };
        }
        let share = match self.place {
            Place::PlanDetail | Place::Advice => 40,
            _ => 55,
        };
        let (plan, below) = top(body, part(body.height, share).max(4));
        match self.place {
            Place::Advice => Areas {
                plan,
                advice: below,
                ..Areas::default()
            },
            _ => Areas {
                plan,
                detail: below,
                ..Areas::default()
            },
        }
    }

    /// The pane with the keys has the whole body.
    fn alone(&self, area: Rect) -> Areas {
        let mut areas = Areas::default();
        match self.place {
            Place::Plan | Place::PlanFilter => areas.plan = area,
            Place::PlanDetail => areas.detail = area,
            Place::Advice => areas.advice = area,
            _ => areas.profile = area,
        }
        areas
    }

    /// The pane to the right or to the left of the one with the keys, around the end.
    pub fn neighbour(&self, is_next: bool) -> Place {
        let panes = [
            Place::Profile,
            Place::Plan,
            Place::PlanDetail,
            Place::Advice,
        ];
        let is_own = |&pane: &Place| {
            pane == self.place || (pane == Place::Plan && self.place == Place::PlanFilter)
        };
        let own = panes.iter().position(is_own).unwrap_or(0);
        // Without a plan there is nothing in the other panes.
        if self.plan.is_none() {
            return Place::Profile;
        }
        let step = if is_next { 1 } else { panes.len() - 1 };
        let place = panes.get((own + step) % panes.len());
        place.copied().unwrap_or(Place::Plan)
    }
}
