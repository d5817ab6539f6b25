//! Areas of the screen, as a pure function of its size.

use ratatui::layout::Rect;

/// Below this many columns or rows there is only a sentence.
pub const SMALLEST: (u16, u16) = (30, 8);
/// Below this many columns or rows one pane is shown at a time.
const SMALL: (u16, u16) = (60, 15);
/// From this many columns on, three panes stand side by side.
const WIDE: u16 = 118;

/// The parts of the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameAreas {
    /// Tabs and data.
    pub header: Rect,
    /// The view.
    pub body: Rect,
    /// One line for messages.
    pub status: Rect,
    /// Keys.
    pub footer: Rect,
}

/// How much fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// Only a sentence.
    None,
    /// One pane at a time.
    One,
    /// Two columns.
    Two,
    /// Three columns.
    Three,
}

/// How much fits in a screen.
#[must_use]
pub const fn room(screen: Rect) -> Room {
    if screen.width < SMALLEST.0 || screen.height < SMALLEST.1 {
        Room::None
    } else if screen.width < SMALL.0 || screen.height < SMALL.1 {
        Room::One
    } else if screen.width < WIDE {
        Room::Two
    } else {
        Room::Three
    }
}

/// Header, body, status line, footer.
#[must_use]
pub fn frame(screen: Rect) -> FrameAreas {
    let row = |y: u16| Rect {
        y,
        height: 1,
        ..screen
    };
    let bottom = screen.y + screen.height;
    FrameAreas {
        header: row(screen.y),
        body: Rect {
            y: screen.y + 1,
            height: screen.height.saturating_sub(3),
            ..screen
        },
        status: row(bottom.saturating_sub(2)),
        footer: row(bottom.saturating_sub(1)),
    }
}

/// So many percent of a length.
#[must_use]
pub fn part(length: u16, percent: u32) -> u16 {
    u16::try_from(u32::from(length) * percent / 100).unwrap_or(length)
}

/// Splits off `width` columns at the left.
#[must_use]
pub const fn left(area: Rect, width: u16) -> (Rect, Rect) {
    let width = if width < area.width {
        width
    } else {
        area.width
    };
    let one = Rect { width, ..area };
    let other = Rect {
        x: area.x + width,
        width: area.width - width,
        ..area
    };
    (one, other)
}

/// Splits off `height` rows at the top.
#[must_use]
pub const fn top(area: Rect, height: u16) -> (Rect, Rect) {
    let height = if height < area.height {
        height
    } else {
        area.height
    };
    let one = Rect { height, ..area };
    let other = Rect {
        y: area.y + height,
        height: area.height - height,
        ..area
    };
    (one, other)
}

/// Without a border of one cell.
#[must_use]
pub const fn inside(area: Rect) -> Rect {
    Rect {
        x: area.x + (area.width > 0) as u16,
        y: area.y + (area.height > 0) as u16,
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(2),
    }
}
