//! The list of regions, by part of the world.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::query::tags::RegionChoice;
use crate::query::{Cell, regions::RegionsAnswer};
use crate::text::{cut_end, matches_words, pad, width};
use crate::tui::session::Session;
use crate::tui::view::tags::TagsView;
use crate::tui::widget::{FilterLine, List, Pane, draw_pane, draw_scroll_mark};
use crate::tui::{Chord, Command, Place, Theme};

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

    /// What it limits the table to; `None` for a heading.
    pub const fn choice(&self) -> Option<&RegionChoice> {
        match self {
            Self::Choice { choice, .. } => Some(choice),
            Self::Area(_) => None,
        }
    }

    /// Whether its place is published.
    pub const fn has_place(&self) -> bool {
        matches!(self, Self::Choice { place: Some(_), .. })
    }
}

/// The lines that the filter leaves, and which of them is chosen.
#[derive(Debug, Default)]
pub struct RegionPane {
    all: Vec<RegionLine>,
    lines: Vec<RegionLine>,
    pub filter: FilterLine,
    list: List,
}

impl RegionPane {
    /// The regions of a week; the choice is lost.
    pub fn set(&mut self, lines: Vec<RegionLine>) {
        self.all = lines;
        self.refilter();
    }

    /// The lines on screen.
    pub fn lines(&self) -> &[RegionLine] {
        &self.lines
    }

    /// The row of the chosen line.
    pub const fn row(&self) -> usize {
        self.list.selected
    }

    /// The chosen line.
    pub fn chosen(&self) -> Option<&RegionLine> {
        self.lines.get(self.list.selected)
    }

    /// The name of the chosen line.
    pub fn chosen_name(&self) -> Option<&str> {
        self.chosen().map(RegionLine::name)
    }

    /// What the chosen line limits the table to.
    pub fn choice(&self) -> Option<&RegionChoice> {
        self.chosen().and_then(RegionLine::choice)
    }

    /// Chooses a region, whatever the filter hides; false where the week does not have it.
    pub fn choose(&mut self, choice: &RegionChoice) -> bool {
        let is_it = |line: &RegionLine| line.choice() == Some(choice);
        if !self.lines.iter().any(is_it) {
            self.filter.clear();
            self.lines.clone_from(&self.all);
        }
        let found = self.lines.iter().position(is_it);
        self.list.selected = found.unwrap_or(0);
        found.is_some()
    }

    /// Chooses a row; false where it is none of a region.
    pub fn choose_row(&mut self, row: usize) -> bool {
        let is_region = self.lines.get(row).is_some_and(|it| it.choice().is_some());
        if is_region {
            self.list.selected = row;
        }
        is_region
    }

    /// The row at a line of the pane.
    pub const fn row_at(&self, line: usize) -> usize {
        self.list.offset + line
    }

    /// Moves the choice; false when it is no movement.
    pub fn run(&mut self, command: Command, height: usize) -> bool {
        let before = self.list.selected;
        if !self.list.run(command, self.lines.len(), height) {
            return false;
        }
        self.skip(self.list.selected < before);
        true
    }

    /// A key of the filter; true where it changes the lines.
    pub fn edit(&mut self, chord: Chord) -> bool {
        let is_changed = self.filter.edit(chord);
        if is_changed {
            self.refilter();
        }
        is_changed
    }

    /// Without a filter again; false where there is none.
    pub fn clear_filter(&mut self) -> bool {
        let is_cleared = self.filter.clear();
        if is_cleared {
            self.refilter();
        }
        is_cleared
    }

    /// Whether the filter has a line of its own.
    pub fn has_filter(&self, place: Place) -> bool {
        place == Place::RegionFilter || !self.filter.value().is_empty()
    }

    pub fn settle(&mut self, height: usize) {
        self.list.settle(self.lines.len(), height);
    }

    /// The choice stays where it is still listed.
    fn refilter(&mut self) {
        let before = self.choice().cloned();
        let words = self.filter.value();
        let mut heading = None;
        self.lines = Vec::with_capacity(self.all.len());
        for line in &self.all {
            match line {
                RegionLine::Area(_) => heading = Some(line),
                RegionLine::Choice { name, .. } => {
                    let area = heading.map_or("", RegionLine::name);
                    let area = if line.property().is_some() { area } else { "" };
                    let property = line.property().unwrap_or("");
                    if matches_words(words, &[name, property, area]) {
                        let heading = heading.take_if(|_| line.property().is_some());
                        self.lines.extend(heading.cloned());
                        self.lines.push(line.clone());
                    }
                }
            }
        }
        let is_it = |line: &RegionLine| before.is_some() && line.choice() == before.as_ref();
        self.list.selected = self.lines.iter().position(is_it).unwrap_or(0);
        self.skip(false);
    }

    /// Headings cannot be chosen.
    fn skip(&mut self, is_back: bool) {
        let lines = &self.lines;
        let is_region = |row: usize| lines.get(row).is_some_and(|it| it.choice().is_some());
        self.list.skip(lines.len(), is_back, is_region);
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
    let own = &view.regions;
    let count = |lines: &[RegionLine]| lines.iter().filter(|it| it.property().is_some()).count();
    let (shown, all) = (count(&own.lines), count(&own.all));
    let title = if shown == all {
        format!("Regions {all}")
    } else {
        format!("Regions {shown}/{all}")
    };
    let (regions, list) = (&own.lines, own.list);
    let is_typed = view.place == Place::RegionFilter;
    let has_focus = view.place == Place::Regions || is_typed;
    let pane = Pane {
        title: &title,
        note: "",
        has_focus,
    };
    let mut body = draw_pane(frame, area, &pane, theme);
    if view.regions.has_filter(view.place) {
        let filter = &view.regions.filter;
        body = filter.draw_above(frame, body, "part of a name", is_typed, theme);
    }
    if regions.is_empty() {
        let text = Span::styled("no region has that", theme.warn);
        frame.render_widget(Paragraph::new(text), body);
        return;
    }
    let shown = list.visible(regions.len(), usize::from(body.height));
    draw_scroll_mark(frame, area, &shown, regions.len(), theme);
    let room = usize::from(body.width);
    // The region of the selected tag is marked, whatever the list is limited to.
    let own = view
        .selected()
        .and_then(|tag| session.dataset.view().tag(tag));
    let own = own
        .map(|row| row.region)
        .filter(|region| !region.is_empty());
    let lines: Vec<Line<'_>> = regions
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
                let style = if row == list.selected {
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
