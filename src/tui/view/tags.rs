//! Tags: regions or the world map, the table, the tag's detail.

mod areas;
mod copy;
mod detail;
mod export;
mod map;
mod pointer;
mod regions;
mod table;

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::azure::{Name, respelt};
use crate::index::TagId;
use crate::query::names::{near, resolve, tag_of};
use crate::query::tags::{RegionChoice, Sort, TagsAnswer, TagsQuestion, ask, base_name};
use crate::query::{ViewTopic, regions as query_regions, show};
use crate::space::Block;
use crate::store::{KeptState, KeptTags, KeptView};
use crate::text::Safe;
pub use copy::names_of;

use crate::tui::component::{
    Component, Cx, Enter, Look, Mark, Marks, News, Reply, Scope, Screen, Taken,
};
use crate::tui::ex_command::ExCommand;
use crate::tui::layout::inside;
use crate::tui::overlay::{ExportDialog, Fit};
use crate::tui::session::Session;
use crate::tui::view::Copied;
use crate::tui::widget::{FilterLine, List};
use crate::tui::{Chord, Command, Mouse, Outcome, Place, TagTimeline};

use regions::RegionPane;

/// The state of the view Tags.
#[derive(Debug)]
pub struct TagsView {
    regions: RegionPane,
    question: TagsQuestion,
    filter: FilterLine,
    answer: TagsAnswer,
    /// Names near a filter that finds nothing.
    near: Vec<String>,
    table: List,
    /// The selected tag, explained; `None` when the table is empty.
    detail: Option<show::ShowAnswer>,
    /// The selected tag over the weeks, once they are read.
    timeline: Option<TagTimeline>,
    prefixes: List,
    place: Place,
    /// Whether a tag was marked and nothing has been chosen since: then the marked ones count.
    is_marking: bool,
    shape: Shape,
    /// Whether the pane with the keys has the whole body.
    is_zoomed: bool,
    marks: Marks<TagsBookmark>,
}

/// What stands beside the list of regions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// The table and the detail.
    Table,
    /// The map over the table.
    Map,
}

/// Where the user is in Tags, by names that outlive a change of data.
#[derive(Debug, Clone, PartialEq)]
struct TagsBookmark {
    region: RegionChoice,
    filter: String,
    tag: Option<String>,
    prefix: Option<Block>,
    place: Place,
    shape: Shape,
}

impl TagsView {
    /// All tags, by name; the table has the keys.
    #[must_use]
    pub fn new(session: &Session) -> Self {
        let mut view = Self {
            regions: RegionPane::default(),
            question: TagsQuestion::default(),
            filter: FilterLine::default(),
            answer: TagsAnswer::default(),
            near: Vec::new(),
            table: List::default(),
            detail: None,
            timeline: None,
            prefixes: List::default(),
            place: Place::Table,
            is_marking: false,
            shape: Shape::Table,
            is_zoomed: false,
            marks: Marks::default(),
        };
        view.list_regions(session);
        view.ask(session);
        view
    }

    fn list_regions(&mut self, session: &Session) {
        let answer = query_regions::ask(&session.dataset, &session.facts);
        let lines = regions::lines(&answer, session.dataset.view().tag_count());
        self.regions.set(lines);
    }

    /// The selected tag.
    fn selected(&self) -> Option<TagId> {
        self.answer.tags.get(self.table.selected).copied()
    }

    fn selected_name<'a>(&self, session: &'a Session) -> Option<&'a str> {
        let row = session.dataset.view().tag(self.selected()?)?;
        Some(row.name)
    }

    /// Asks again; the selection stays on its tag where that is still listed, and on top where it
    /// was on top.
    fn ask(&mut self, session: &Session) {
        let before = self.selected().filter(|_| self.table.selected > 0);
        self.ask_around(before, session);
    }

    fn ask_around(&mut self, tag: Option<TagId>, session: &Session) {
        self.question.filter = self.filter.value().to_owned();
        self.answer = ask(&self.question, &session.dataset, &session.tag_context());
        self.near = if self.answer.tags.is_empty() && self.answer.flaw.is_none() {
            near(self.filter.value(), &session.dataset)
        } else {
            Vec::new()
        };
        let kept = tag.and_then(|tag| self.answer.tags.iter().position(|&other| other == tag));
        self.table.selected = kept.unwrap_or(0);
        self.explain(session);
    }

    /// What a filter asks of weeks and of the watch list may have another answer.
    fn ask_filter_again(&mut self, session: &Session) {
        if !self.filter.value().is_empty() {
            self.ask(session);
        }
    }

    /// Explains the selected tag, unless it is explained already.
    fn explain(&mut self, session: &Session) {
        let tag = self.selected();
        if self.detail.as_ref().map(|detail| detail.tag) != tag {
            self.detail = tag.and_then(|tag| show::ask(tag, &session.dataset, &session.facts));
            self.prefixes = List::default();
            self.refresh_week_history(session);
        }
    }

    /// What the weeks at hand say of the selected tag.
    fn refresh_week_history(&mut self, session: &Session) {
        let past = session.week_history.as_ref();
        self.timeline = past.and_then(|past| past.tag(self.selected_name(session)?));
    }

    /// Where the user is.
    #[must_use]
    fn bookmark(&self, session: &Session) -> TagsBookmark {
        TagsBookmark {
            region: self.question.region().clone(),
            filter: self.filter.value().to_owned(),
            tag: self.selected_name(session).map(str::to_owned),
            prefix: self.selected_prefix(session),
            place: self.place,
            shape: self.shape,
        }
    }

    /// Back to where the user was; what the data no longer has is left out.
    fn restore(&mut self, bookmark: &TagsBookmark, session: &Session) {
        self.filter = FilterLine::new(bookmark.filter.clone());
        self.select_region(&bookmark.region);
        let name = bookmark.tag.as_deref();
        self.ask_around(
            name.and_then(|name| session.dataset.view().find(name)),
            session,
        );
        let is_there = self.selected_name(session) == name;
        if let (Some(tag), Some(prefix), true) = (self.selected(), bookmark.prefix, is_there) {
            let mut prefixes = session.dataset.view().all_prefixes(tag);
            self.prefixes.selected = prefixes.position(|other| other == prefix).unwrap_or(0);
        }
        self.shape = bookmark.shape;
        self.place = match bookmark.place {
            Place::Detail if self.detail.is_none() => Place::Table,
            place => place,
        };
    }

    fn selected_prefix(&self, session: &Session) -> Option<Block> {
        let view = session.dataset.view();
        view.nth_prefix(self.selected()?, self.prefixes.selected)
    }

    /// Selects a tag by name, in all regions and without a filter if need be.
    /// What to say where it is spelled otherwise.
    fn show(&mut self, typed: &str, session: &Session) -> Option<String> {
        let name = resolve(typed, &session.dataset);
        let tag = tag_of(&name)?;
        self.is_marking = false;
        if !self.answer.tags.contains(&tag) {
            self.filter.clear();
            self.select_region(&RegionChoice::All);
        }
        self.ask_around(Some(tag), session);
        self.shape = Shape::Table;
        self.place = Place::Table;
        match name {
            Name::Tag {
                name, is_respelt, ..
            } => is_respelt.then(|| respelt(typed, &name)),
            _ => None,
        }
    }

    /// Limits the table to a region; to all of them, and false, where the data does not have it.
    fn choose_region(&mut self, region: &RegionChoice, session: &Session) -> bool {
        self.select_region(region);
        self.ask_for_selected_region(session);
        if self.place == Place::FilterInput {
            self.place = Place::Table;
        }
        self.question.region() == region
    }

    fn select_region(&mut self, region: &RegionChoice) {
        let chosen = if self.regions.choose(region) {
            region.clone()
        } else {
            RegionChoice::All
        };
        self.question.limit_to(chosen);
    }

    /// Sorts; the same order again turns it around.
    fn sort_by(&mut self, sort: Sort, session: &Session) {
        self.question.is_reversed = self.question.sort == sort && !self.question.is_reversed;
        self.question.sort = sort;
        self.ask(session);
    }

    /// Has the selected tag watched, or no longer, and moves on.
    fn mark(&mut self, session: &Session) -> Option<Reply> {
        let name = self.selected_name(session)?.to_owned();
        if self.table.selected + 1 < self.answer.tags.len() {
            self.table.selected += 1;
            self.explain(session);
        }
        self.is_marking = true;
        Some(Reply::Watch(name))
    }

    fn toggle_map(&mut self) {
        // The map has every region.
        self.regions.clear_filter();
        (self.shape, self.place) = match self.shape {
            Shape::Table => (Shape::Map, Place::Map),
            Shape::Map => (Shape::Table, Place::Table),
        };
    }

    /// One level up: out of an input, a pane, the zoom, the map, the filter, the region.
    fn back(&mut self, session: &Session) -> Option<Reply> {
        match self.place {
            Place::FilterInput => self.place = Place::Table,
            Place::RegionFilter => self.place = Place::Regions,
            _ if self.is_zoomed => self.is_zoomed = false,
            Place::Detail => self.place = Place::Table,
            Place::Regions if self.regions.clear_filter() => {
                self.ask_for_selected_region(session);
            }
            _ if self.shape == Shape::Map => self.toggle_map(),
            _ if self.filter.clear() => self.ask(session),
            _ if *self.question.region() != RegionChoice::All => {
                self.select_region(&RegionChoice::All);
                self.ask(session);
            }
            _ => return Some(Reply::say("nothing to go back to; q quits".to_owned())),
        }
        None
    }

    fn open(&mut self, session: &Session) -> Option<Reply> {
        match self.place {
            Place::Regions | Place::FilterInput => self.place = Place::Table,
            Place::RegionFilter => self.place = Place::Regions,
            Place::Map => self.toggle_map(),
            Place::Table if self.detail.is_some() => {
                self.shape = Shape::Table;
                self.place = Place::Detail;
            }
            Place::Detail => {
                let block = self.selected_prefix(session)?;
                return Some(Reply::look_up(block.span()));
            }
            _ => return Some(Reply::say("no tag is selected".to_owned())),
        }
        None
    }

    fn scroll(&mut self, command: Command, area: Rect, session: &Session) -> bool {
        let areas = self.areas(area);
        match self.place {
            Place::Regions | Place::RegionFilter => {
                let height = self.region_rows(areas.regions);
                let is_movement = self.regions.run(command, height);
                if is_movement {
                    self.ask_for_selected_region(session);
                }
                is_movement
            }
            Place::Map => self.walk(command, session),
            Place::Detail => {
                let rows = self.prefix_rows(session);
                self.prefixes
                    .run(command, rows, detail::rows_of(areas.detail, self))
            }
            Place::Table | Place::FilterInput => {
                let height = table::rows_of(areas.table, self);
                let is_movement = self.table.run(command, self.answer.tags.len(), height);
                self.is_marking &= !is_movement;
                self.explain(session);
                is_movement
            }
            _ => false,
        }
    }

    /// Limits the table to the region that is selected in the list; the selection stays on its
    /// tag, else on the tag of the same service there.
    fn ask_for_selected_region(&mut self, session: &Session) {
        let Some(choice) = self.regions.choice() else {
            return;
        };
        self.question.limit_to(choice.clone());
        let view = session.dataset.view();
        let before = self.selected();
        let service = before
            .and_then(|tag| view.tag(tag))
            .map(|row| base_name(&row));
        self.ask(session);
        if self.selected() == before {
            return;
        }
        let is_sibling = |&tag: &TagId| view.tag(tag).map(|row| base_name(&row)) == service;
        if let Some(sibling) = self.answer.tags.iter().position(is_sibling) {
            self.table.selected = sibling;
            self.explain(session);
        }
    }

    /// Lines of the list of regions that fit.
    fn region_rows(&self, area: Rect) -> usize {
        let taken = u16::from(self.regions.has_filter(self.place));
        usize::from(inside(area).height.saturating_sub(taken))
    }

    fn prefix_rows(&self, session: &Session) -> usize {
        let row = self
            .selected()
            .and_then(|tag| session.dataset.view().tag(tag));
        row.map_or(0, |row| row.prefixes())
    }
}

impl Component for TagsView {
    fn place(&self) -> Place {
        self.place
    }

    fn run(&mut self, command: Command, cx: &mut Cx<'_>) -> Taken {
        let session = cx.session;
        match command {
            Command::Filter if self.place == Place::Regions => {
                self.regions.filter.enter();
                self.place = Place::RegionFilter;
            }
            Command::Filter => {
                self.filter.enter();
                self.place = Place::FilterInput;
            }
            Command::Sort => {
                self.question.sort = self.question.sort.next();
                self.question.is_reversed = false;
                self.ask(session);
            }
            Command::Reverse => {
                self.question.is_reversed = !self.question.is_reversed;
                self.ask(session);
            }
            Command::Mark => cx.reply_all(self.mark(session)),
            Command::Map => self.toggle_map(),
            Command::Zoom => self.is_zoomed = !self.is_zoomed,
            Command::CopyCell => cx.reply(self.copy(Copied::Cell, session)),
            Command::CopyRows => cx.reply(self.copy(Copied::Rows, session)),
            Command::CopyCommand => cx.reply(self.copy(Copied::Command, session)),
            Command::NextPane => self.place = self.neighbour(true),
            Command::PreviousPane => self.place = self.neighbour(false),
            Command::Back => cx.reply_all(self.back(session)),
            Command::Open => cx.reply_all(self.open(session)),
            _ => return Taken::from(self.scroll(command, cx.body, session)),
        }
        Taken::Yes
    }

    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) {
        match self.place {
            Place::FilterInput if self.filter.edit(chord) => {
                self.is_marking = false;
                self.ask(cx.session);
            }
            Place::RegionFilter if self.regions.edit(chord) => {
                self.ask_for_selected_region(cx.session);
            }
            _ => {}
        }
    }

    fn mouse(&mut self, mouse: Mouse, cx: &mut Cx<'_>) {
        cx.reply_all(self.point(mouse, cx.body, cx.session));
    }

    fn settle(&mut self, cx: &mut Cx<'_>) {
        let areas = self.areas(cx.body);
        self.regions.settle(self.region_rows(areas.regions));
        self.table
            .settle(self.answer.tags.len(), table::rows_of(areas.table, self));
        let rows = self.prefix_rows(cx.session);
        self.prefixes
            .settle(rows, detail::rows_of(areas.detail, self));
    }

    fn draw(&self, frame: &mut Frame<'_>, look: &Look<'_>) {
        let areas = self.areas(look.body);
        let (session, theme) = (look.session, look.theme);
        if !areas.regions.is_empty() {
            regions::draw(frame, areas.regions, self, session, theme);
        }
        if !areas.map.is_empty() {
            map::draw(frame, areas.map, self, session, theme);
        }
        if !areas.table.is_empty() {
            table::draw(frame, areas.table, self, session, theme);
        }
        if !areas.detail.is_empty() {
            detail::draw(frame, areas.detail, self, session, theme);
        }
    }

    // It starts no tasks.
    fn done(&mut self, _: Outcome, _: &mut Cx<'_>) {}
}

impl Screen for TagsView {
    fn topic(&self) -> ViewTopic {
        ViewTopic::Tags
    }

    fn enter(&mut self, how: Enter, _: &mut Cx<'_>) {
        if how == Enter::Again {
            (self.shape, self.place) = (Shape::Table, Place::Table);
        }
    }

    fn execute(&mut self, command: ExCommand, cx: &mut Cx<'_>) {
        let session = cx.session;
        match command {
            ExCommand::Map => (self.shape, self.place) = (Shape::Map, Place::Map),
            ExCommand::Tag(name) => {
                if let Some(note) = self.show(&name, session) {
                    cx.say(note);
                }
            }
            ExCommand::Region(region) if !self.choose_region(&region, session) => {
                cx.say("no tag of this week is of that region; these are all");
            }
            ExCommand::Filter(words) => {
                self.filter = FilterLine::new(words);
                self.ask(session);
                self.place = Place::Table;
            }
            ExCommand::FilterIn(_, words) => {
                self.filter = FilterLine::new(words);
                self.choose_region(&RegionChoice::All, session);
                self.ask(session);
                self.place = Place::Table;
            }
            ExCommand::Sort(sort) => self.sort_by(sort, session),
            _ => {}
        }
    }

    fn mark(&mut self, mark: Mark, session: &Session) {
        self.marks.note(mark, self.bookmark(session));
    }

    fn to_mark(&mut self, mark: Mark, session: &Session) {
        let own = self.bookmark(session);
        if let Some(bookmark) = self.marks.take(mark, own) {
            self.restore(&bookmark, session);
        }
    }

    fn learn(&mut self, news: &News, cx: &mut Cx<'_>) {
        match news {
            News::Data => {
                self.list_regions(cx.session);
                (self.detail, self.is_marking) = (None, false);
                self.to_mark(Mark::Data, cx.session);
            }
            News::WeekHistory => {
                self.refresh_week_history(cx.session);
                self.ask_filter_again(cx.session);
            }
            News::Watched => self.ask_filter_again(cx.session),
            _ => {}
        }
    }

    fn keep(&self, view: &mut KeptView) {
        view.tags = KeptTags {
            filter: self.filter.value().to_owned(),
            region: self.question.region().clone(),
            sort: self.question.sort,
            is_reversed: self.question.is_reversed,
        };
    }

    fn bring_back(&mut self, state: &KeptState, cx: &mut Cx<'_>) {
        let tags = &state.view.tags;
        if *tags != KeptTags::default() {
            (self.question.sort, self.question.is_reversed) = (tags.sort, tags.is_reversed);
            self.filter = FilterLine::new(tags.filter.clone());
            self.select_region(&tags.region);
            self.ask(cx.session);
        }
    }

    fn export(&self, form: &str, session: &Session) -> Result<Vec<u8>, Safe> {
        export::bytes(self, form, session)
    }

    fn offer(&self, scope: Scope, session: &Session) -> Result<ExportDialog, Safe> {
        Ok(export::offer(self, scope, session))
    }

    fn fit(&self, scope: Scope, session: &Session) -> Result<Fit, Safe> {
        export::fit(self, scope, session)
    }
}
