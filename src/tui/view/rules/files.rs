//! The files at the left: what they are, how many rows, what the week does to them.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::query::endpoints::Level;
use crate::text::{clean, cut_middle, plural, width};
use crate::tui::layout::inside;
use crate::tui::session::Session;
use crate::tui::theme::Tone;
use crate::tui::view::rules::{Picked, RulesView};
use crate::tui::widget::{Pane, draw_lines};
use crate::tui::{Place, Theme};

impl RulesView {
    /// What can be picked: all files where there are several, each file, each of its sets where it
    /// has several.
    pub fn picks(&self) -> Vec<Picked> {
        let mut picks = Vec::new();
        if self.loaded_rules.files.len() > 1 {
            picks.push(Picked::All);
        }
        for file in 0..self.loaded_rules.files.len() {
            picks.push(Picked::File(file));
            let loaded = self.loaded_rules.loaded_place(file);
            let sets = loaded.and_then(|place| self.loaded_rules.loaded.get(place));
            let count = sets.map_or(0, |loaded| loaded.file.sets.len());
            if count > 1 {
                picks.extend((0..count).map(|set| Picked::Set(file, set)));
            }
        }
        picks
    }

    /// Picks what the cursor is on.
    pub fn pick(&mut self, session: &Session) {
        if let Some(picked) = self.picks().get(self.file_list.selected).copied()
            && picked != self.picked
        {
            self.row_list = crate::tui::widget::List::default();
            self.is_verdict = false;
            self.set_picked(picked, session);
        }
    }

    /// Shows these rows, and puts the question to them.
    pub fn set_picked(&mut self, picked: Picked, session: &Session) {
        self.picked = picked;
        let own = self.picks().iter().position(|&one| one == picked);
        self.file_list.selected = own.unwrap_or(self.file_list.selected);
        self.loaded_rules.version += 1;
        self.list_rows(session);
        self.pick_checkpoints(session);
        let (row, was_verdict) = (self.row_list, self.is_verdict);
        self.try_again(session);
        self.row_list = row;
        self.is_verdict = was_verdict && self.test.outcome.is_some();
    }

    /// A question is one to the sets on screen.
    pub fn pick_checkpoints(&mut self, session: &Session) {
        let picks: std::collections::BTreeSet<(usize, usize)> = self
            .loaded_rules
            .loaded
            .iter()
            .enumerate()
            .flat_map(|(file, loaded)| (0..loaded.file.sets.len()).map(move |set| (file, set)))
            .filter(|&(file, set)| self.is_picked(file, set))
            .collect();
        self.loaded_rules
            .pick_checkpoints(session, |file, set| picks.contains(&(file, set)));
        self.retest_plan(session);
    }

    /// The file under the cursor.
    pub fn picked_file(&self) -> Option<usize> {
        match self.picks().get(self.file_list.selected)? {
            Picked::File(file) | Picked::Set(file, _) => Some(*file),
            Picked::All => None,
        }
    }

    fn pick_text(&self, picked: Picked, room: usize) -> (String, Tone) {
        let (name, what, place) = match picked {
            Picked::All => {
                let rows = counted(self.loaded_rules.row_count(), "rule", "rules");
                ("All files".to_owned(), rows, None)
            }
            Picked::File(file) => {
                let Some(own) = self.loaded_rules.files.get(file) else {
                    return (String::new(), Tone::Plain);
                };
                let path = own.path.to_string_lossy();
                let name = own
                    .path
                    .file_name()
                    .map_or(path, |name| name.to_string_lossy());
                let name = clean(&name).into_owned();
                let place = self.loaded_rules.loaded_place(file);
                let Some(loaded) = place.and_then(|place| self.loaded_rules.loaded.get(place))
                else {
                    return (
                        fitted(&format!("✗ {name}"), "cannot be read", room),
                        Tone::Bad,
                    );
                };
                let sets = &loaded.file.sets;
                let rows: usize = sets.iter().map(|set| set.rows.len()).sum();
                let what = match sets.as_slice() {
                    [] => "no rules".to_owned(),
                    [set] => format!("{} {}", set.kind.word(), counted(rows, "rule", "rules")),
                    sets => counted(sets.len(), "set", "sets"),
                };
                let name = if own.problem.is_some() {
                    format!("! {name}")
                } else {
                    name
                };
                (name, what, place.map(|place| (place, None)))
            }
            Picked::Set(file, set) => {
                let place = self.loaded_rules.loaded_place(file);
                let own = place
                    .and_then(|place| self.loaded_rules.loaded.get(place))
                    .and_then(|loaded| loaded.file.sets.get(set));
                let Some(own) = own else {
                    return (String::new(), Tone::Plain);
                };
                let what = format!("{} {}", own.kind.word(), own.rows.len());
                let name = format!("  {}", clean(own.name.as_str()));
                (name, what, place.map(|place| (place, Some(set))))
            }
        };
        let affected = place.and_then(|(file, set)| self.loaded_rules.affected(file, set));
        let hit = match affected {
            Some([hit, _]) if hit > 0 => format!(" ✗{hit}"),
            _ => String::new(),
        };
        let is_stale = name.starts_with("! ");
        let tone = if hit.is_empty() && !is_stale {
            Tone::Plain
        } else {
            Tone::Warn
        };
        (fitted(&name, &format!("{what}{hit}"), room), tone)
    }
}

/// A name at the left and what it is at the right.
fn fitted(name: &str, what: &str, room: usize) -> String {
    let left = room.saturating_sub(width(what) + 1);
    let name = cut_middle(name, left);
    let gap = room.saturating_sub(width(&name) + width(what));
    format!("{name}{}{what}", " ".repeat(gap))
}

/// As [`crate::text::counted`], with the number as screens show it.
pub fn counted(count: usize, one: &str, many: &str) -> String {
    let shown = crate::query::Cell::Number(count).shown().into_owned();
    format!("{shown} {}", plural(count, one, many))
}

pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &RulesView, theme: &Theme) {
    let room = usize::from(inside(area).width);
    let files = view.loaded_rules.files.len();
    let title = match files {
        0 => "Files".to_owned(),
        files => format!("Files {files}"),
    };
    let errors = view
        .loaded_rules
        .findings
        .iter()
        .filter(|finding| finding.level() == Level::Error);
    let note = match errors.count() {
        0 => String::new(),
        count => counted(count, "error", "errors"),
    };
    let pane = Pane {
        title: &title,
        note: &note,
        has_focus: view.place == Place::RuleFiles,
    };
    let mut lines: Vec<(String, Tone)> = view
        .picks()
        .into_iter()
        .map(|picked| view.pick_text(picked, room))
        .collect();
    if lines.is_empty() {
        let text = "none is open: o opens one";
        lines.push((text.to_owned(), Tone::Muted));
    }
    let list = (view.file_list, files > 0);
    draw_lines(frame, area, &pane, &lines, list, theme);
}
