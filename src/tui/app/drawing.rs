//! The whole frame: header, the open screen, footer, status line, layers.

use ratatui::Frame;

use crate::tui::app::layers::Layers;
use crate::tui::component::{Layer, Look, Screen};
use crate::tui::frame::{draw_footer, draw_header, draw_status, draw_too_small};
use crate::tui::keymap::OwnWords;
use crate::tui::layout::{self, Room};
use crate::tui::session::Session;
use crate::tui::{Place, Theme};

/// Draws a screen, its layers, the footer's keys and the status line.
pub fn draw(
    frame: &mut Frame<'_>,
    (open, layers): (&dyn Screen, &Layers),
    (footer, status): ((Place, OwnWords), &str),
    session: &Session,
    theme: &Theme,
) {
    // Between a resize and its message the buffer is what there is to draw on.
    let screen = frame.area();
    if layout::room(screen) == Room::None {
        draw_too_small(frame, screen, theme);
        return;
    }
    let areas = layout::frame(screen);
    let look = Look {
        body: areas.body,
        status: areas.status,
        session,
        theme,
    };
    draw_header(frame, areas.header, open.topic(), session, theme);
    open.draw(frame, &look);
    draw_footer(frame, areas.footer, footer, theme);
    // The command line takes the status line; else a sentence stands over everything.
    let is_below = layers.top().is_some_and(Layer::takes_status_line);
    if is_below {
        draw_status(frame, areas.status, status, theme);
    }
    for layer in layers.iter() {
        layer.draw(frame, &look);
    }
    if !is_below {
        draw_status(frame, areas.status, status, theme);
    }
}
