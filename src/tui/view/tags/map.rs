//! The world map: every region with a published place, in step with the list of regions.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::query::regions::of_base_name;
use crate::query::tags::base_name;
use crate::text::{counted, cut_end, cut_middle};
use crate::tui::layout::{inside, top};
use crate::tui::session::Session;
use crate::tui::view::tags::TagsView;
use crate::tui::view::tags::regions::RegionLine;
use crate::tui::widget::{Dot, DotKind, Pane, Toward, dot_at, dot_toward, draw_map, draw_pane};
use crate::tui::{Command, Place, Theme};

/// Lines below the map: what the signs mean, and the regions without a place.
const LEGEND: u16 = 2;

/// A region on the map.
struct Placed<'a> {
    /// Its row in the list of regions.
    row: usize,
    name: &'a str,
    property: &'a str,
    place: (f64, f64),
}

fn placed(view: &TagsView) -> Vec<Placed<'_>> {
    let rows = view.regions.lines().iter().enumerate();
    rows.filter_map(|(row, line)| {
        let property = line.property()?;
        match line {
            RegionLine::Choice {
                name,
                place: Some(place),
                ..
            } => Some(Placed {
                row,
                name,
                property,
                place: *place,
            }),
            _ => None,
        }
    })
    .collect()
}

/// The dots of the regions; `lit` are the properties of the chosen tag's regions.
fn dots(placed: &[Placed<'_>], view: &TagsView, lit: &[&str]) -> Vec<Dot> {
    placed
        .iter()
        .map(|region| Dot {
            place: region.place,
            kind: if region.row == view.regions.row() {
                DotKind::Chosen
            } else if lit.contains(&region.property) {
                DotKind::Lit
            } else {
                DotKind::Other
            },
        })
        .collect()
}

fn canvas(pane: Rect) -> Rect {
    let body = inside(pane);
    top(body, body.height.saturating_sub(LEGEND)).0
}

/// The row of the region whose dot is at or next to a cell.
pub fn region_at(pane: Rect, view: &TagsView, column: u16, row: u16) -> Option<usize> {
    let placed = placed(view);
    let dots = dots(&placed, view, &[]);
    let found = dot_at(canvas(pane), &dots, column, row)?;
    placed.get(found).map(|region| region.row)
}

impl TagsView {
    /// Moves to the nearest region in a direction; false when it is no movement.
    pub fn walk(&mut self, command: Command, session: &Session) -> bool {
        let toward = match command {
            Command::Up => Toward::Up,
            Command::Down => Toward::Down,
            Command::Left => Toward::Left,
            Command::Right => Toward::Right,
            _ => return false,
        };
        let placed = placed(self);
        let dots = dots(&placed, self, &[]);
        let own = placed
            .iter()
            .position(|region| region.row == self.regions.row());
        let found = match own {
            Some(own) => dot_toward(&dots, own, toward),
            // Nothing is chosen yet: any arrow chooses the first one.
            None => (!placed.is_empty()).then_some(0),
        };
        let row = found
            .and_then(|found| placed.get(found))
            .map(|region| region.row);
        if let Some(row) = row {
            self.regions.choose_row(row);
            self.ask_for_selected_region(session);
        }
        true
    }
}

pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &TagsView, session: &Session, theme: &Theme) {
    let placed = placed(view);
    let all = view
        .regions
        .lines()
        .iter()
        .filter(|line| line.property().is_some())
        .count();
    let tag = view
        .selected()
        .and_then(|tag| session.dataset.view().tag(tag));
    let service = tag.map(|tag| base_name(&tag));
    let lit = service.map_or_else(Vec::new, |base| of_base_name(&session.dataset, base));
    let dots = dots(&placed, view, &lit);
    let title = format!("Map {} of {all} regions", placed.len());
    let pane = Pane {
        title: &title,
        note: "m back to the table",
        has_focus: view.place == Place::Map,
    };
    let body = draw_pane(frame, area, &pane, theme);
    let (map, legend) = top(body, body.height.saturating_sub(LEGEND));
    draw_map(frame, map, &dots, theme);
    let room = usize::from(body.width);
    let chosen = placed
        .iter()
        .find(|region| region.row == view.regions.row());
    let chosen = match (chosen, view.regions.chosen()) {
        (Some(region), _) => format!("◉ {}", region.name),
        (None, Some(line)) if line.property().is_some() => {
            format!("{} has no published place", line.name())
        }
        _ => "an arrow chooses a region".to_owned(),
    };
    let of_tag = match service {
        Some(service) if !lit.is_empty() => {
            let regions = counted(lit.len(), "region", "regions");
            format!("  ● {regions} of {}", cut_middle(service, 32))
        }
        _ => String::new(),
    };
    let signs = format!("{chosen}{of_tag}  ○ another region");
    let placeless: Vec<&str> = view
        .regions
        .lines()
        .iter()
        .filter(|line| line.property().is_some() && !line.has_place())
        .map(RegionLine::name)
        .collect();
    let placeless = if placeless.is_empty() {
        String::new()
    } else {
        format!("no place is published: {}", placeless.join(", "))
    };
    let lines = vec![
        Line::from(Span::styled(cut_end(&signs, room).into_owned(), theme.text)),
        Line::from(Span::styled(
            cut_end(&placeless, room).into_owned(),
            theme.muted,
        )),
    ];
    frame.render_widget(Paragraph::new(lines), legend);
}
