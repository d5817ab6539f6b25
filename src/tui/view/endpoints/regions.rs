//! The list of regions in place of the profile: letters filter it, Space takes a region.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use tui_input::Input;

use crate::azure::Region;
use crate::query::regions::{AREAS, area as part_of};
use crate::text::{cut_end, pad, wrap};
use crate::tui::layout::{inside, top};
use crate::tui::session::Session;
use crate::tui::view::endpoints::EndpointsView;
use crate::tui::widget::{List, Pane, draw_input, draw_pane, draw_scroll_mark, edit};
use crate::tui::{Chord, Command, Place, Theme};

/// The list's state.
#[derive(Debug, Default)]
pub struct Picker {
    filter: Input,
    list: List,
    /// Whether one region is chosen, the home region.
    is_home: bool,
}

/// A line of the list.
pub enum RegionChoiceLine<'a> {
    Area(&'static str),
    Region(&'a Region),
}

/// Where registries are not: misspelt, not open yet, or Microsoft's own.
const ABSENT: [&str; 3] = ["historic", "unlaunched", "staging"];

impl EndpointsView {
    pub fn open_picker(&mut self, is_home: bool, session: &Session) {
        self.picker = Picker {
            is_home,
            ..Picker::default()
        };
        self.place = Place::RegionList;
        // The cursor begins on what is chosen already.
        let chosen = self.profile.as_ref().and_then(|profile| {
            let home = profile.home.as_ref().filter(|_| is_home);
            home.or(profile.regions.first())
        });
        let lines = self.region_lines(session);
        let own = |line: &RegionChoiceLine<'_>| matches!(line, RegionChoiceLine::Region(region) if Some(&region.name) == chosen);
        self.picker.list.selected = lines.iter().position(own).unwrap_or(0);
        self.skip_areas(false, session);
    }

    /// Esc: out of the filter, then out of the list.
    pub fn close_picker(&mut self, session: &Session) {
        if self.picker.filter.value().is_empty() {
            self.place = Place::Profile;
        } else {
            self.clear_filter(session);
        }
    }

    /// Without a filter again, the cursor on its region.
    fn clear_filter(&mut self, session: &Session) {
        let name = self.selected_region(session);
        self.picker.filter.reset();
        let lines = self.region_lines(session);
        let own = |line: &RegionChoiceLine<'_>| matches!(line, RegionChoiceLine::Region(region) if Some(&region.name) == name.as_ref());
        self.picker.list.selected = lines.iter().position(own).unwrap_or(0);
        self.skip_areas(false, session);
    }

    /// Whether what is typed leaves several regions.
    pub fn is_choosing_regions(&self, session: &Session) -> bool {
        let lines = self.region_lines(session);
        let regions = lines
            .iter()
            .filter(|line| matches!(line, RegionChoiceLine::Region(_)));
        !self.picker.filter.value().is_empty() && regions.count() > 1
    }

    pub fn picker_key(&mut self, chord: Chord, session: &Session) {
        if edit(&mut self.picker.filter, chord) {
            self.picker.list = List::default();
            self.skip_areas(false, session);
        }
    }

    /// The regions of the registry's cloud that the filter leaves, by part of the world.
    fn region_lines<'a>(&self, session: &'a Session) -> Vec<RegionChoiceLine<'a>> {
        let Some(profile) = &self.profile else {
            return Vec::new();
        };
        let typed = folded(self.picker.filter.value());
        let is_shown = |region: &&Region| {
            let is_taken = profile.regions.contains(&region.name);
            let texts = [
                region.name.as_str(),
                &region.display_name,
                &region.geography,
                part_of(&region.geography),
            ];
            region.cloud == profile.cloud
                && (is_taken || !ABSENT.contains(&region.status.as_str()))
                && texts.iter().any(|text| folded(text).contains(&typed))
        };
        let mut found: Vec<&Region> = session
            .facts
            .regions
            .all()
            .iter()
            .filter(is_shown)
            .collect();
        let rank = |region: &Region| {
            let own = part_of(&region.geography);
            AREAS.iter().position(|area| *area == own)
        };
        found.sort_by_key(|region| (rank(region), &region.display_name));
        // Old spellings of a region share its name.
        found.dedup_by(|one, other| one.name == other.name);
        let mut lines = Vec::new();
        let mut area = "";
        for region in found {
            let own = part_of(&region.geography);
            if own != area {
                area = own;
                lines.push(RegionChoiceLine::Area(own));
            }
            lines.push(RegionChoiceLine::Region(region));
        }
        lines
    }

    fn skip_areas(&mut self, is_back: bool, session: &Session) {
        let lines = self.region_lines(session);
        let is_region = |row: usize| matches!(lines.get(row), Some(RegionChoiceLine::Region(_)));
        self.picker.list.skip(lines.len(), is_back, is_region);
    }

    /// ARM name of the region with the cursor.
    fn selected_region(&self, session: &Session) -> Option<String> {
        match self.region_lines(session).get(self.picker.list.selected)? {
            RegionChoiceLine::Region(region) => Some(region.name.clone()),
            RegionChoiceLine::Area(_) => None,
        }
    }

    pub fn walk_regions(&mut self, command: Command, area: Rect, session: &Session) -> bool {
        let (_, list) = top(inside(area), 1);
        let rows = self.region_lines(session).len();
        let before = self.picker.list.selected;
        let height = usize::from(list.height);
        if !self.picker.list.run(command, rows, height) {
            return false;
        }
        self.skip_areas(self.picker.list.selected < before, session);
        true
    }

    pub fn settle_picker(&mut self, area: Rect, session: &Session) {
        let (_, list) = top(inside(area), 1);
        let rows = self.region_lines(session).len();
        let height = usize::from(list.height);
        self.picker.list.settle(rows, height);
        // The heading above the first region stays with it.
        if self.picker.list.selected == 1 {
            self.picker.list.offset = 0;
        }
    }

    /// Space: the region is taken, or left out.
    pub fn toggle_region(&mut self, session: &Session) {
        let Some(name) = self.selected_region(session) else {
            return;
        };
        if self.picker.is_home {
            self.make_home(session);
            return;
        }
        let Some(profile) = self.profile.as_mut() else {
            return;
        };
        if profile.regions.contains(&name) {
            profile.remove_region(&name);
        } else {
            profile.add_region(&name);
        }
        self.replan(session);
    }

    /// Enter: as Space, and the filter is ready for the next one; the home region closes the list.
    pub fn take_region(&mut self, session: &Session) {
        self.toggle_region(session);
        if self.picker.is_home {
            self.place = Place::Profile;
        } else {
            self.clear_filter(session);
        }
    }

    /// The region with the cursor becomes the home region; it is taken too.
    pub fn make_home(&mut self, session: &Session) {
        if let (Some(name), Some(profile)) = (self.selected_region(session), self.profile.as_mut())
        {
            profile.set_home(&name);
            self.replan(session);
        }
    }

    /// A press on a row of the list takes the region.
    pub fn press_region(&mut self, row: usize, session: &Session) {
        let row = self.picker.list.offset + row;
        if matches!(
            self.region_lines(session).get(row),
            Some(RegionChoiceLine::Region(_))
        ) {
            self.picker.list.selected = row;
            self.toggle_region(session);
        }
    }

    pub fn draw_picker(&self, frame: &mut Frame<'_>, area: Rect, session: &Session, theme: &Theme) {
        let Some(profile) = self.profile.as_ref().filter(|_| !area.is_empty()) else {
            return;
        };
        let title = if self.picker.is_home {
            "Home region".to_owned()
        } else {
            format!("Regions, {} chosen", profile.regions.len())
        };
        let pane = Pane {
            title: &title,
            note: "",
            has_focus: true,
        };
        let body = draw_pane(frame, area, &pane, theme);
        let (line, rest) = top(body, 1);
        let filter = &self.picker.filter;
        draw_input(
            frame,
            line,
            ("› ", "type a part of its name"),
            filter,
            true,
            theme,
        );
        let lines = self.region_lines(session);
        if lines.is_empty() {
            let text = "no region of this cloud has that; Esc clears it";
            let lines = wrap(text, usize::from(rest.width)).into_iter();
            let lines = lines.map(|line| Line::from(Span::styled(line, theme.warn)));
            frame.render_widget(Paragraph::new(lines.collect::<Vec<_>>()), rest);
            return;
        }
        let room = usize::from(rest.width);
        let list = self.picker.list;
        let shown = list.visible(lines.len(), usize::from(rest.height));
        let drawn: Vec<Line<'_>> = lines
            .iter()
            .enumerate()
            .skip(shown.start)
            .take(shown.len())
            .map(|(row, line)| match line {
                RegionChoiceLine::Area(name) => Line::from(Span::styled(*name, theme.head)),
                RegionChoiceLine::Region(region) => {
                    let is_taken = profile.regions.contains(&region.name);
                    let is_home = profile.home.as_ref() == Some(&region.name);
                    let mark = if is_taken { 'x' } else { ' ' };
                    let home = if is_home { " home" } else { "" };
                    let text = format!("[{mark}] {}{home}", region.display_name);
                    let text = pad(&cut_end(&text, room), room, false);
                    let style = match (row == list.selected, is_taken) {
                        (true, _) => theme.selected,
                        (false, true) => theme.accent,
                        (false, false) => theme.text,
                    };
                    Line::from(Span::styled(text, style))
                }
            })
            .collect();
        frame.render_widget(Paragraph::new(drawn), rest);
        draw_scroll_mark(frame, area, &shown, lines.len(), theme);
    }
}

fn folded(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
