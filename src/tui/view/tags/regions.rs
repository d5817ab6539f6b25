//! The list of regions, by part of the world.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::query::tags::RegionChoice;
use crate::query::{Cell, regions::RegionsAnswer};
use crate::text::{cut_end, pad, width};
use crate::tui::session::Session;
use crate::tui::view::tags::TagsView;
use crate::tui::widget::{Pane, draw_pane, draw_scroll_mark};
use crate::tui::{Place, Theme};

/// A line of the list.
#[derive(Debug, Clone, PartialEq)]
pub enum RegionLine {
    /// A part of the world; cannot be selected.
    Area(&'static str),
    /// A choice with its name and its tags.
    Choice {
        name: String,
        tags: usize,
        choice: RegionChoice,
        /// Under a part of the world.
        is_indented: bool,
        /// Latitude and longitude, where published.
        place: Option<(f64, f64)>,
    },
}

impl RegionLine {
    /// The name on screen.
    pub fn name(&self) -> &str {
        match self {
            Self::Area(name) => name,
            Self::Choice { name, .. } => name,
        }
    }

    /// The published property of a region; `None` for the other lines.
    pub fn property(&self) -> Option<&str> {
        match self {
            Self::Choice {
                choice: RegionChoice::Property(property),
                ..
            } => Some(property),
            _ => None,
        }
    }

    /// Whether its place is published.
    pub const fn has_place(&self) -> bool {
        matches!(self, Self::Choice { place: Some(_), .. })
    }
}

/// All, not regional, then every region under its part of the world.
pub fn lines(answer: &RegionsAnswer, all: usize) -> Vec<RegionLine> {
    let choice = |name: &str, tags: usize, choice: RegionChoice| RegionLine::Choice {
        name: name.to_owned(),
        tags,
        is_indented: false,
        choice,
        place: None,
    };
    let mut lines = vec![
        choice("All", all, RegionChoice::All),
        choice(
            "Not regional",
            answer.not_regional,
            RegionChoice::NotRegional,
        ),
    ];
    let mut area = "";
    for row in &answer.regions {
        if row.area() != area {
            area = row.area();
            lines.push(RegionLine::Area(row.area()));
        }
        lines.push(RegionLine::Choice {
            name: row.display_name().to_owned(),
            tags: row.tags.len(),
            choice: RegionChoice::Property(row.property.clone()),
            is_indented: true,
            place: row.known.as_ref().and_then(|region| region.place),
        });
    }
    lines
}

pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &TagsView, session: &Session, theme: &Theme) {
    let regions = view.regions.iter().filter(|line| line.property().is_some());
    let title = format!("Regions {}", regions.count());
    let has_focus = view.place == Place::Regions;
    let pane = Pane {
        title: &title,
        note: "",
        has_focus,
    };
    let body = draw_pane(frame, area, &pane, theme);
    let shown = view
        .region_list
        .visible(view.regions.len(), usize::from(body.height));
    draw_scroll_mark(frame, area, &shown, view.regions.len(), theme);
    let room = usize::from(body.width);
    // The region of the selected tag is marked, whatever the list is limited to.
    let own = view
        .selected()
        .and_then(|tag| session.dataset.view().tag(tag));
    let own = own
        .map(|row| row.region)
        .filter(|region| !region.is_empty());
    let lines: Vec<Line<'_>> = view
        .regions
        .iter()
        .enumerate()
        .skip(shown.start)
        .take(shown.len())
        .map(|(row, line)| match line {
            RegionLine::Area(name) => Line::from(Span::styled(*name, theme.muted)),
            RegionLine::Choice { name, tags, choice, is_indented, .. } => {
                let is_own = matches!((choice, own), (RegionChoice::Property(property), Some(own)) if property == own);
                let count = Cell::Number(*tags).shown().into_owned();
                let lead = match (is_own, is_indented) {
                    (true, _) => "• ",
                    (false, true) => "  ",
                    (false, false) => "",
                };
                let left = room.saturating_sub(width(&count) + 1 + width(lead));
                let text = format!("{lead}{} {count}", pad(&cut_end(name, left), left, false));
                let style = if row == view.region_list.selected {
                    theme.selected_in(has_focus)
                } else {
                    theme.text
                };
                Line::from(Span::styled(text, style))
            }
        })
        .collect();
    frame.render_widget(Paragraph::new(lines), body);
}
