//! A world map with dots.
//!
//! Coast lines are braille: two dots wide and four high a cell, in one colour and without
//! attributes. One function places a dot, so that a click hits what is seen.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Style};
use ratatui::symbols::Marker;
use ratatui::widgets::canvas::{Canvas, Map, MapResolution};

use crate::tui::Theme;

/// Degrees of longitude at the left edge: west of it lie Alaska and islands of the Pacific, without
/// a region.
const WEST: f64 = -130.0;
/// Degrees of longitude at the right edge.
const EAST: f64 = 180.0;
/// Degrees of latitude at the lower edge.
const SOUTH: f64 = -48.0;
/// Degrees of latitude at the upper edge.
const NORTH: f64 = 72.0;
/// How far from a dot a click may be, in columns and in rows.
const REACH: u16 = 2;
/// How many times nearer a dot aside must be than one ahead.
const ASIDE: f64 = 4.0;

/// A place on the map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dot {
    /// Latitude and longitude in degrees.
    pub place: (f64, f64),
    /// How it looks.
    pub kind: DotKind,
}

/// How a dot looks; a later kind lies above an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DotKind {
    /// `○`, any place.
    Other,
    /// `●`, the chosen tag has it.
    Lit,
    /// `◉`, the chosen one.
    Chosen,
}

impl DotKind {
    const UPWARDS: [Self; 3] = [Self::Other, Self::Lit, Self::Chosen];

    /// A glyph of its own for each kind, since monochrome has nothing else.
    const fn glyph(self) -> char {
        match self {
            Self::Other => '○',
            Self::Lit => '●',
            Self::Chosen => '◉',
        }
    }

    const fn style(self, theme: &Theme) -> Style {
        match self {
            Self::Other => theme.text,
            Self::Lit => theme.accent,
            Self::Chosen => theme.selected,
        }
    }
}

/// A direction on the map; longitudes do not wrap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Toward {
    /// North.
    Up,
    /// South.
    Down,
    /// West.
    Left,
    /// East.
    Right,
}

/// Draws the coasts and the dots; nothing when the area is not within the frame.
pub fn draw_map(frame: &mut Frame<'_>, area: Rect, dots: &[Dot], theme: &Theme) {
    if area.is_empty() || frame.area().intersection(area) != area {
        return;
    }
    // The coarse coasts are points without lines at every width; these are lines from 40 columns.
    let coasts = Map {
        resolution: MapResolution::High,
        color: theme.muted.fg.unwrap_or(Color::Reset),
    };
    let canvas = Canvas::default()
        .marker(Marker::Braille)
        .x_bounds([WEST, EAST])
        .y_bounds([SOUTH, NORTH])
        .paint(|context| context.draw(&coasts));
    frame.render_widget(canvas, area);
    for kind in DotKind::UPWARDS {
        for dot in dots.iter().filter(|dot| dot.kind == kind) {
            let position = cell_of(area, dot.place);
            if let Some(cell) = position.and_then(|place| frame.buffer_mut().cell_mut(place)) {
                cell.reset();
                cell.set_char(kind.glyph()).set_style(kind.style(theme));
            }
        }
    }
}

/// The rows at which a degree is as high as it is wide: a braille dot is about square.
#[must_use]
pub fn map_height(width: u16) -> u16 {
    // Half as many rows as columns, by the shape of a cell, for 120 degrees to 310.
    let rows = (u32::from(width) * 60).div_ceil(310);
    u16::try_from(rows).unwrap_or(u16::MAX)
}

/// The dot at a click or next to it; of several the nearest, then the one that lies above.
#[must_use]
pub fn dot_at(area: Rect, dots: &[Dot], column: u16, row: u16) -> Option<usize> {
    if !area.contains(Position::new(column, row)) {
        return None;
    }
    let near = dots.iter().enumerate().filter_map(|(place, dot)| {
        let cell = cell_of(area, dot.place)?;
        let (columns, rows) = (cell.x.abs_diff(column), cell.y.abs_diff(row));
        if columns > REACH || rows > REACH {
            return None;
        }
        // A cell is twice as high as wide.
        let far = columns * columns + 4 * rows * rows;
        Some((far, std::cmp::Reverse(dot.kind), place))
    });
    near.min().map(|(_, _, place)| place)
}

/// The nearest dot in a direction.
///
/// Dots at one place form a row: left and right step through it, up and down leave it.
#[must_use]
pub fn dot_toward(dots: &[Dot], from: usize, toward: Toward) -> Option<usize> {
    let (latitude, longitude) = dots.get(from)?.place;
    let costs = dots.iter().enumerate().filter_map(|(place, dot)| {
        let (north, east) = (dot.place.0 - latitude, dot.place.1 - longitude);
        let (ahead, aside, is_next) = match toward {
            Toward::Up => (north, east.abs(), false),
            Toward::Down => (-north, east.abs(), false),
            Toward::Left => (-east, north.abs(), place < from),
            Toward::Right => (east, north.abs(), place > from),
        };
        let is_here = north == 0.0 && east == 0.0;
        let is_toward = if is_here { is_next } else { ahead > 0.0 };
        // Preferring what lies within 45 degrees leaves no dot out of reach, as a test finds.
        let far = ahead + aside;
        let cost = if aside > ahead { far * ASIDE } else { far };
        is_toward.then_some((cost, place))
    });
    // Leftwards the last dot of a place comes first, as it does when stepping through it.
    let nearest = costs.min_by(|a, b| {
        let places = match toward {
            Toward::Left => b.1.cmp(&a.1),
            Toward::Up | Toward::Down | Toward::Right => a.1.cmp(&b.1),
        };
        a.0.total_cmp(&b.0).then(places)
    });
    nearest.map(|(_, place)| place)
}

/// The cell of a place; `None` outside the bounds of the map.
fn cell_of(area: Rect, (latitude, longitude): (f64, f64)) -> Option<Position> {
    let column = cell_along(longitude - WEST, EAST - WEST, area.width, 2)?;
    let row = cell_along(NORTH - latitude, NORTH - SOUTH, area.height, 4)?;
    Some(Position {
        x: area.x.checked_add(column)?,
        y: area.y.checked_add(row)?,
    })
}

/// Which of `cells` holds the braille dot at `degrees` of `whole`, as ratatui's canvas has it:
/// the first and the last dot lie on the bounds.
fn cell_along(degrees: f64, whole: f64, cells: u16, dots_a_cell: u16) -> Option<u16> {
    let dots = u32::from(cells) * u32::from(dots_a_cell);
    let last = f64::from(dots.checked_sub(1)?);
    if !(0.0..=whole).contains(&degrees) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "from 0 to the last dot, by the checks above"
    )]
    let dot = (degrees * last / whole).round() as u32;
    u16::try_from(dot / u32::from(dots_a_cell)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::{Cloud, Facts};
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;
    use ratatui::buffer::Buffer;

    const MOVES: [Toward; 4] = [Toward::Up, Toward::Down, Toward::Left, Toward::Right];

    fn regions(cloud: Cloud) -> Vec<(String, Dot)> {
        let facts = Facts::embedded();
        let of_cloud = facts.regions.all().iter().filter(|one| one.cloud == cloud);
        of_cloud
            .filter_map(|region| {
                let kind = match region.name.as_str() {
                    "westeurope" | "japaneast" => DotKind::Lit,
                    "eastus" => DotKind::Chosen,
                    _ => DotKind::Other,
                };
                let place = region.place?;
                Some((region.name.clone(), Dot { place, kind }))
            })
            .collect()
    }

    fn dots(cloud: Cloud) -> Vec<Dot> {
        regions(cloud).into_iter().map(|(_, dot)| dot).collect()
    }

    fn drawn(size: (u16, u16), area: Rect, dots: &[Dot], theme: &str) -> Buffer {
        let theme = Theme::named(theme).unwrap();
        let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
        terminal
            .draw(|frame| draw_map(frame, area, dots, &theme))
            .unwrap();
        terminal.backend().buffer().clone()
    }

    fn glyphs(buffer: &Buffer, glyph: char) -> Vec<Position> {
        let symbol = glyph.to_string();
        let area = buffer.area;
        area.positions()
            .filter(|&place| buffer[place].symbol() == symbol)
            .collect()
    }

    #[test]
    fn every_published_place_is_on_the_map() {
        let area = Rect::new(3, 2, 93, map_height(93));
        for cloud in Cloud::ALL {
            for (name, dot) in regions(cloud) {
                let cell = cell_of(area, dot.place);
                assert!(cell.is_some_and(|cell| area.contains(cell)), "{name}");
            }
        }
        for outside in [
            (80.0, 0.0),
            (0.0, -150.0),
            (f64::NAN, 0.0),
            (0.0, f64::INFINITY),
        ] {
            assert_eq!(cell_of(area, outside), None);
        }
    }

    #[test]
    fn dots_are_seen_above_the_coasts() {
        for theme in ["default", "safe", "mono"] {
            for size in [(54, 11), (93, 18), (160, 31)] {
                let area = Rect::new(0, 0, size.0, size.1);
                let buffer = drawn(size, area, &dots(Cloud::Public), theme);
                assert_eq!(glyphs(&buffer, '◉').len(), 1, "{size:?}");
                assert_eq!(glyphs(&buffer, '●').len(), 2, "{size:?}");
                assert!(glyphs(&buffer, '○').len() > 20, "{size:?}");
                let theme = Theme::named(theme).unwrap();
                let chosen = &buffer[glyphs(&buffer, '◉')[0]];
                let selected = theme.selected.add_modifier;
                assert!(chosen.style().add_modifier.contains(selected));
                let lit = &buffer[glyphs(&buffer, '●')[0]];
                assert_eq!(lit.fg, theme.accent.fg.unwrap_or(Color::Reset));
                let other = &buffer[glyphs(&buffer, '○')[0]];
                assert_eq!(other.fg, theme.text.fg.unwrap_or(Color::Reset));
            }
        }
    }

    #[test]
    fn monochrome_has_no_colour() {
        let area = Rect::new(0, 0, 93, 18);
        let buffer = drawn((93, 18), area, &dots(Cloud::Public), "mono");
        let is_plain =
            |cell: &ratatui::buffer::Cell| (cell.fg, cell.bg) == (Color::Reset, Color::Reset);
        assert!(buffer.content().iter().all(is_plain));
    }

    #[test]
    fn the_chosen_dot_lies_above_all() {
        let dot = |kind| Dot {
            place: (50.0, 8.0),
            kind,
        };
        let kinds = [DotKind::Chosen, DotKind::Lit, DotKind::Other];
        let area = Rect::new(0, 0, 54, 11);
        for seen in 0..kinds.len() {
            let stack: Vec<Dot> = kinds[seen..].iter().map(|&kind| dot(kind)).collect();
            let buffer = drawn((54, 11), area, &stack, "mono");
            let place = glyphs(&buffer, kinds[seen].glyph());
            assert_eq!(place.len(), 1);
            assert_eq!(dot_at(area, &stack, place[0].x, place[0].y), Some(0));
        }
    }

    #[test]
    fn a_coast_and_a_dot_at_one_place_share_a_cell() {
        // Points of the coast as dots: each must hide a braille cell, so none is left.
        for size in [(54, 11), (93, 18), (120, 24), (31, 40)] {
            let area = Rect::new(0, 0, size.0, size.1);
            let is_braille = |place: &Position, buffer: &Buffer| {
                buffer[*place]
                    .symbol()
                    .starts_with(|c| ('\u{2801}'..='\u{28ff}').contains(&c))
            };
            let bare = drawn(size, area, &[], "mono");
            let coast: Vec<Position> = area
                .positions()
                .filter(|place| is_braille(place, &bare))
                .collect();
            assert!(coast.len() > 40);
            let fine: Vec<Dot> = (0..=1200_i32)
                .flat_map(|y| (0..=1550_i32).map(move |x| (y, x)))
                .map(|(y, x)| Dot {
                    place: (f64::from(y) / 10.0 + SOUTH, f64::from(x) / 5.0 + WEST),
                    kind: DotKind::Other,
                })
                .collect();
            let covered = drawn(size, area, &fine, "mono");
            assert!(!area.positions().any(|place| is_braille(&place, &covered)));
        }
    }

    #[test]
    fn a_click_hits_what_is_seen() {
        let dots = dots(Cloud::Public);
        for area in [Rect::new(0, 0, 54, 11), Rect::new(7, 3, 93, 18)] {
            let buffer = drawn((120, 30), area, &dots, "mono");
            for kind in DotKind::UPWARDS {
                for place in glyphs(&buffer, kind.glyph()) {
                    let hit = dots[dot_at(area, &dots, place.x, place.y).unwrap()];
                    assert_eq!(cell_of(area, hit.place), Some(place));
                    assert_eq!(hit.kind, kind);
                }
            }
            assert_eq!(
                dot_at(area, &dots, area.x, area.bottom() - 1),
                None,
                "the ocean"
            );
            assert_eq!(dot_at(area, &dots, area.right(), area.y), None);
        }
        let alone = [Dot {
            place: (0.0, 25.0),
            kind: DotKind::Other,
        }];
        let area = Rect::new(0, 0, 93, 18);
        let cell = cell_of(area, alone[0].place).unwrap();
        assert_eq!(dot_at(area, &alone, cell.x + 2, cell.y - 2), Some(0));
        assert_eq!(dot_at(area, &alone, cell.x + 3, cell.y), None);
        assert_eq!(dot_at(area, &alone, cell.x, cell.y + 3), None);
        let endless = Rect::new(0, 0, u16::MAX, u16::MAX);
        assert_eq!(dot_at(endless, &alone, 0, 0), None);
    }

    #[test]
    fn any_area_is_drawn_or_left() {
        let dots = dots(Cloud::Public);
        for (width, height) in [
            (0, 0),
            (0, 5),
            (5, 0),
            (1, 1),
            (2, 1),
            (1, 40),
            (300, 1),
            (300, 100),
        ] {
            let area = Rect::new(0, 0, width, height);
            drawn((300, 100), area, &dots, "default");
            let _ = dot_at(area, &dots, 0, 0);
        }
        let buffer = drawn((20, 5), Rect::new(10, 0, 40, 5), &dots, "default");
        assert_eq!(buffer, Buffer::empty(Rect::new(0, 0, 20, 5)));
        assert_eq!(
            drawn((20, 5), Rect::new(u16::MAX, u16::MAX, 9, 9), &dots, "mono"),
            buffer
        );
    }

    #[test]
    fn a_degree_is_as_high_as_wide() {
        assert_eq!([0, 1, 54, 93, 310].map(map_height), [0, 1, 11, 18, 60]);
        assert_eq!(map_height(u16::MAX), 12_685);
    }

    /// The dots that any sequence of moves can reach.
    fn reached(dots: &[Dot], from: usize) -> usize {
        let mut seen = vec![false; dots.len()];
        let mut open = vec![from];
        while let Some(place) = open.pop() {
            if !std::mem::replace(&mut seen[place], true) {
                open.extend(
                    MOVES
                        .iter()
                        .filter_map(|&toward| dot_toward(dots, place, toward)),
                );
            }
        }
        seen.into_iter().filter(|&is_seen| is_seen).count()
    }

    #[test]
    fn every_dot_can_be_reached_from_every_other() {
        for cloud in Cloud::ALL {
            let all = dots(cloud);
            assert!(all.len() > 1);
            for step in 1..9 {
                for skipped in 0..step {
                    let some: Vec<Dot> = all.iter().copied().skip(skipped).step_by(step).collect();
                    for from in 0..some.len() {
                        assert_eq!(reached(&some, from), some.len(), "{cloud} {step} {from}");
                    }
                }
            }
        }
        assert_eq!(dot_toward(&[], 0, Toward::Up), None);
        assert_eq!(dot_toward(&dots(Cloud::China), 99, Toward::Up), None);
    }

    #[test]
    fn a_move_goes_where_a_reader_expects() {
        let (names, dots): (Vec<String>, Vec<Dot>) = regions(Cloud::Public).into_iter().unzip();
        let place = |name: &str| names.iter().position(|known| known == name).unwrap();
        for (from, toward, to) in [
            ("westus", Toward::Down, Some("westus3")),
            ("westus", Toward::Left, None),
            ("westus", Toward::Up, Some("westus2")),
            ("mexicocentral", Toward::Left, Some("westus")),
            ("brazilsoutheast", Toward::Right, Some("southafricawest")),
            ("eastasia", Toward::Right, Some("taiwannorthwest")),
            ("newzealandnorth", Toward::Right, None),
            (
                "australiasoutheast",
                Toward::Right,
                Some("australiacentral"),
            ),
            ("australiacentral", Toward::Right, Some("australiacentral2")),
            ("australiacentral2", Toward::Right, Some("australiaeast")),
            ("australiaeast", Toward::Left, Some("australiacentral2")),
            ("australiacentral2", Toward::Left, Some("australiacentral")),
            (
                "australiacentral2",
                Toward::Down,
                Some("australiasoutheast"),
            ),
        ] {
            let found = dot_toward(&dots, place(from), toward).map(|to| names[to].as_str());
            assert_eq!(found, to, "{from} {toward:?}");
        }
    }
}
