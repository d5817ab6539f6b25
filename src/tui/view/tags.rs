//! Tags: regions, the table, the tag's detail.

mod detail;
mod regions;
mod table;

use ratatui::Frame;
use ratatui::layout::Rect;
use tui_input::Input;

use crate::index::TagId;
use crate::query::tags::{Answer, Question, RegionChoice, ask};
use crate::query::{regions as query_regions, show};
use crate::tui::layout::{Room, inside, left, room, top};
use crate::tui::view::{Request, Session};
use crate::tui::widget::{List, edit};
use crate::tui::{Chord, Command, Place, Theme};

use regions::RegionLine;

/// The state of the view Tags.
#[derive(Debug)]
pub struct TagsView {
    regions: Vec<RegionLine>,
    region_list: List,
    question: Question,
    filter: Input,
    answer: Answer,
    table: List,
    /// The selected tag, explained; `None` when the table is empty.
    detail: Option<show::Answer>,
    prefixes: List,
    place: Place,
}

/// The panes' areas; an area without size is not on screen.
#[derive(Debug, Clone, Copy, Default)]
struct Areas {
    regions: Rect,
    table: Rect,
    detail: Rect,
}

impl TagsView {
    /// All tags, by name; the table has the keys.
    #[must_use]
    pub fn new(session: &Session) -> Self {
        let answer = query_regions::ask(&session.dataset, &session.facts);
        let all = session.dataset.view().tag_count();
        let mut view = Self {
            regions: regions::lines(&answer, all),
            region_list: List::default(),
            question: Question::default(),
            filter: Input::default(),
            answer: Answer::default(),
            table: List::default(),
            detail: None,
            prefixes: List::default(),
            place: Place::Table,
        };
        view.ask(session);
        view
    }

    /// What has the keys.
    #[must_use]
    pub const fn place(&self) -> Place {
        self.place
    }

    /// The selected tag.
    fn selected(&self) -> Option<TagId> {
        self.answer.tags.get(self.table.selected).copied()
    }

    /// Asks again; the selection stays on its tag where that is still listed.
    fn ask(&mut self, session: &Session) {
        let before = self.selected();
        self.question.filter = self.filter.value().to_owned();
        self.answer = ask(&self.question, &session.dataset);
        let kept = before.and_then(|tag| self.answer.tags.iter().position(|&other| other == tag));
        self.table.selected = kept.unwrap_or(0);
        self.explain(session);
    }

    /// Explains the selected tag, unless it is explained already.
    fn explain(&mut self, session: &Session) {
        let tag = self.selected();
        if self.detail.as_ref().map(|detail| detail.tag) != tag {
            self.detail = tag.and_then(|tag| show::ask(tag, &session.dataset, &session.facts));
            self.prefixes = List::default();
        }
    }

    /// Selects a tag by name, in all regions and without a filter if need be.
    pub fn show(&mut self, name: &str, session: &Session) {
        let Some(tag) = session.dataset.view().find(name) else {
            return;
        };
        if !self.answer.tags.contains(&tag) {
            self.filter.reset();
            self.question.region = RegionChoice::All;
            self.region_list = List::default();
            self.ask(session);
        }
        if let Some(row) = self.answer.tags.iter().position(|&other| other == tag) {
            self.table.selected = row;
        }
        self.explain(session);
        self.place = Place::Table;
    }

    /// A key that no command took: text for the filter.
    pub fn key(&mut self, chord: Chord, session: &Session) {
        if self.place == Place::FilterInput && edit(&mut self.filter, chord) {
            self.ask(session);
        }
    }

    /// Runs a command of this view; `None` when it is not this view's.
    pub fn run(&mut self, command: Command, area: Rect, session: &Session) -> Option<Vec<Request>> {
        let mut requests = Vec::new();
        match command {
            Command::Filter => self.place = Place::FilterInput,
            Command::Sort => {
                self.question.sort = self.question.sort.next();
                self.question.is_reversed = false;
                self.ask(session);
            }
            Command::Reverse => {
                self.question.is_reversed = !self.question.is_reversed;
                self.ask(session);
            }
            Command::NextPane => self.place = next_pane(self.place),
            Command::PreviousPane => self.place = previous_pane(self.place),
            Command::Back => requests.extend(self.back(session)),
            Command::Open => requests.extend(self.open(session)),
            _ => {
                if !self.scroll(command, area, session) {
                    return None;
                }
            }
        }
        self.settle(area, session);
        Some(requests)
    }

    fn back(&mut self, session: &Session) -> Option<Request> {
        match self.place {
            Place::FilterInput => {
                self.filter.reset();
                self.ask(session);
                self.place = Place::Table;
            }
            Place::Detail => self.place = Place::Table,
            _ if !self.filter.value().is_empty() => {
                self.filter.reset();
                self.ask(session);
            }
            _ if self.question.region != RegionChoice::All => {
                self.question.region = RegionChoice::All;
                self.region_list = List::default();
                self.ask(session);
            }
            _ => return Some(Request::Say("nothing to go back to; q quits".to_owned())),
        }
        None
    }

    fn open(&mut self, session: &Session) -> Option<Request> {
        match self.place {
            Place::Regions | Place::FilterInput => self.place = Place::Table,
            Place::Table if self.detail.is_some() => self.place = Place::Detail,
            Place::Detail => {
                let tag = self.selected()?;
                let block = session
                    .dataset
                    .view()
                    .nth_prefix(tag, self.prefixes.selected)?;
                return Some(Request::LookUp(block.span()));
            }
            _ => {}
        }
        None
    }

    fn scroll(&mut self, command: Command, area: Rect, session: &Session) -> bool {
        let areas = self.areas(area);
        match self.place {
            Place::Regions => {
                let before = self.region_list.selected;
                let height = usize::from(inside(areas.regions).height);
                if !self.region_list.run(command, self.regions.len(), height) {
                    return false;
                }
                let is_back = self.region_list.selected < before;
                self.skip_headings(is_back);
                let line = self.regions.get(self.region_list.selected);
                if let Some(RegionLine::Choice { choice, .. }) = line {
                    self.question.region = choice.clone();
                    self.ask(session);
                }
                true
            }
            Place::Detail => {
                let rows = self.prefix_rows(session);
                self.prefixes
                    .run(command, rows, detail::rows_of(areas.detail, self))
            }
            Place::Table | Place::FilterInput => {
                let height = table::rows_of(areas.table, self);
                let is_movement = self.table.run(command, self.answer.tags.len(), height);
                self.explain(session);
                is_movement
            }
            _ => false,
        }
    }

    /// Headings cannot be selected: on past them, or back from the first one.
    fn skip_headings(&mut self, is_back: bool) {
        let is_heading = |row: usize| matches!(self.regions.get(row), Some(RegionLine::Area(_)));
        let mut row = self.region_list.selected;
        while is_heading(row) {
            row = if is_back {
                row.saturating_sub(1)
            } else {
                row + 1
            };
        }
        self.region_list.selected = row;
    }

    fn prefix_rows(&self, session: &Session) -> usize {
        let row = self
            .selected()
            .and_then(|tag| session.dataset.view().tag(tag));
        row.map_or(0, |row| row.prefixes())
    }

    /// Brings every list into its area.
    pub fn settle(&mut self, area: Rect, session: &Session) {
        let areas = self.areas(area);
        let height = usize::from(inside(areas.regions).height);
        self.region_list.settle(self.regions.len(), height);
        self.table
            .settle(self.answer.tags.len(), table::rows_of(areas.table, self));
        let rows = self.prefix_rows(session);
        self.prefixes
            .settle(rows, detail::rows_of(areas.detail, self));
    }

    fn areas(&self, area: Rect) -> Areas {
        let screen = Rect {
            height: area.height + 3,
            ..area
        };
        match room(screen) {
            Room::None => Areas::default(),
            Room::One => match self.place {
                Place::Regions => Areas {
                    regions: area,
                    ..Areas::default()
                },
                Place::Detail => Areas {
                    detail: area,
                    ..Areas::default()
                },
                _ => Areas {
                    table: area,
                    ..Areas::default()
                },
            },
            Room::Two => {
                let (regions, rest) = left(area, (area.width * 3 / 10).clamp(20, 25));
                let share = if self.place == Place::Detail { 3 } else { 5 };
                let (table, detail) = top(rest, (rest.height * share / 10).max(4));
                Areas {
                    regions,
                    table,
                    detail,
                }
            }
            Room::Three => {
                let (regions, rest) = left(area, 25);
                let (table, detail) = left(rest, (rest.width * 57 / 100).max(55));
                Areas {
                    regions,
                    table,
                    detail,
                }
            }
        }
    }

    /// Draws the panes.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, session: &Session, theme: &Theme) {
        let areas = self.areas(area);
        if !areas.regions.is_empty() {
            regions::draw(frame, areas.regions, self, session, theme);
        }
        if !areas.table.is_empty() {
            table::draw(frame, areas.table, self, session, theme);
        }
        if !areas.detail.is_empty() {
            detail::draw(frame, areas.detail, self, session, theme);
        }
    }
}

const fn next_pane(place: Place) -> Place {
    match place {
        Place::Regions | Place::FilterInput => Place::Table,
        Place::Table => Place::Detail,
        _ => Place::Regions,
    }
}

const fn previous_pane(place: Place) -> Place {
    match place {
        Place::Detail => Place::Table,
        Place::Table | Place::FilterInput => Place::Regions,
        _ => Place::Detail,
    }
}
