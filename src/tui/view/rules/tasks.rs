//! What Rules asks of the disk, and what comes back: files, saved lists, two weeks.

use std::path::PathBuf;
use std::sync::Arc;

use crate::query::rules::impact::Status;
use crate::source;
use crate::text::Safe;
use crate::tui::view::rules::files::counted;
use crate::tui::view::rules::loaded_rules::WeekEffect;
use crate::tui::view::rules::{Pending, Picked, RulesView};
use crate::tui::view::{Request, Session, Touched};
use crate::tui::widget::List;
use crate::tui::{Effect, Outcome, Place, RulesFrom};

impl RulesView {
    const fn next_ticket(&mut self) -> u64 {
        self.tickets.last += 1;
        self.tickets.last
    }

    /// Reads files, beside those that are open.
    pub fn read(&mut self, paths: Vec<PathBuf>) -> Effect {
        let mut all = match self.tickets.read.take() {
            // What was asked for a moment ago is asked for still.
            Some((_, Pending::Open(before))) => before,
            _ => Vec::new(),
        };
        all.extend(paths);
        let from = RulesFrom::Files(all.clone());
        self.read_from(from, Pending::Open(all))
    }

    /// Reads the files of a saved list, in place of those that are open.
    pub fn load(&mut self, name: String) -> Effect {
        self.read_from(RulesFrom::Saved(name.clone()), Pending::Load(name))
    }

    fn read_from(&mut self, from: RulesFrom, pending: Pending) -> Effect {
        let ticket = self.next_ticket();
        self.tickets.read = Some((ticket, pending));
        Effect::ReadRules { ticket, from }
    }

    /// Takes what was read, unless it is too late; what to say about it.
    pub fn read_done(&mut self, ticket: u64, outcome: Outcome, session: &Session) -> Option<Safe> {
        let (_, pending) = self.tickets.read.take_if(|(asked, _)| *asked == ticket)?;
        let (found, list) = match outcome {
            Outcome::RulesRead(found, list) => (found, list),
            Outcome::Failed(reason) => return Some(reason),
            _ => return None,
        };
        if let (Some(list), Pending::Load(name)) = (list, &pending) {
            self.loaded_rules.files.clear();
            self.loaded_rules.stands_for = list.stands_for;
            self.saved_as = Some(name.clone());
        }
        let first = found.first().map(|read| read.path.clone());
        let problems: Vec<Safe> = found
            .iter()
            .filter_map(|read| read.found.as_ref().err().cloned())
            .collect();
        let read = found.len() - problems.len();
        let is_again = matches!(pending, Pending::Again);
        self.remember_row();
        self.loaded_rules.take(found, is_again, session);
        if !is_again {
            let files = &self.loaded_rules.files;
            let place = files
                .iter()
                .position(|file| Some(&file.path) == first.as_ref());
            self.picked = match (place, &pending) {
                (Some(place), Pending::Open(_)) if read == 1 => Picked::File(place),
                _ => Picked::All,
            };
            self.place = if self.has_rules() {
                Place::RuleRows
            } else {
                Place::RuleFiles
            };
            self.row_list = List::default();
            self.is_verdict = false;
        }
        self.recount(session);
        let what = if is_again {
            "changed on disk and read again"
        } else {
            "opened"
        };
        let files = if read == 1 { "file" } else { "files" };
        Some(match problems.as_slice() {
            [] => Safe::from(format!(
                "{what}: {read} {files}, {} in all",
                counted(self.loaded_rules.row_count(), "row")
            )),
            [problem, rest @ ..] => {
                let more = match rest.len() {
                    0 => String::new(),
                    more => format!("; and {more} more that cannot be read"),
                };
                Safe::from(format!("{problem}{more}"))
            }
        })
    }

    /// Waits for changes of the open files on disk.
    pub fn watch(&mut self) -> Option<Effect> {
        let files = self.loaded_rules.stamps();
        self.tickets.watch = self.next_ticket();
        let ticket = self.tickets.watch;
        (!files.is_empty()).then_some(Effect::WatchRules { ticket, files })
    }

    /// A file has changed on disk: all are read again; what is being opened comes first, and the
    /// change is seen after it.
    pub fn changed(&mut self, ticket: u64) -> Option<Effect> {
        if ticket != self.tickets.watch || self.tickets.read.is_some() {
            return None;
        }
        let paths = self.loaded_rules.stamps().into_iter().map(|(path, _)| path);
        let paths = paths.collect();
        Some(self.read_from(RulesFrom::Files(paths), Pending::Again))
    }

    /// Closes the selected file; it stays on disk.
    pub fn drop_file(&mut self, session: &Session) -> Vec<Request> {
        let Some(place) = self.picked_file() else {
            let text = "the cursor is on no file: d closes one, it stays on disk";
            return vec![Request::Say(text.to_owned())];
        };
        self.remember_row();
        let Some(path) = self.loaded_rules.drop_file(place, session) else {
            return Vec::new();
        };
        self.picked = Picked::All;
        self.recount(session);
        let text = format!("closed {}; it stays on disk", path.display());
        vec![Request::Say(text), Request::RulesChanged]
    }

    /// The command line to go on with for saving.
    pub fn save_name(&self) -> Request {
        if self.loaded_rules.files.is_empty() {
            return Request::Say("no rules are open yet: o opens a file".to_owned());
        }
        let name = self.saved_as.clone().unwrap_or_default();
        Request::Type(format!("save {name}"))
    }

    /// Saves the list of files under a name; `None` while there is none.
    pub fn save(&mut self, name: String) -> Option<Effect> {
        if self.loaded_rules.files.is_empty() {
            return None;
        }
        let ticket = self.next_ticket();
        self.tickets.save = Some((ticket, name.clone()));
        Some(Effect::SaveRules {
            ticket,
            name,
            list: self.loaded_rules.list(),
        })
    }

    /// How saving ended.
    pub fn save_done(&mut self, ticket: u64, outcome: Outcome) -> Option<Safe> {
        let (_, name) = self.tickets.save.take_if(|(asked, _)| *asked == ticket)?;
        match outcome {
            Outcome::Finished(text) => {
                self.saved_as = Some(name);
                Some(text)
            }
            Outcome::Failed(reason) => Some(reason),
            _ => None,
        }
    }

    /// Says which tag the selected row stands for; a sentence about it.
    pub fn stands_for(&mut self, tag: &str) -> Result<String, String> {
        let position = self
            .selected()
            .ok_or("select a row with a list of addresses first")?;
        let row = self.loaded_rules.row(position);
        let set = self
            .loaded_rules
            .set(position)
            .ok_or("select a row first")?;
        // A registry, a group and a route table are one list each.
        let is_whole = matches!(
            set.kind,
            crate::rules::Kind::Acr | crate::rules::Kind::IpGroup | crate::rules::Kind::RouteTable
        );
        let name = match row {
            Some(row) if !is_whole => row.name.to_string(),
            _ => set.name.to_string(),
        };
        let begin = format!("{name}=");
        self.loaded_rules
            .stands_for
            .retain(|own| !own.starts_with(&begin));
        if tag.is_empty() {
            return Ok(format!("{name}: its tag is found by its addresses"));
        }
        self.loaded_rules.stands_for.push(format!("{begin}{tag}"));
        Ok(format!(
            "every list named {name} stands for {tag}; W keeps that with the list of files"
        ))
    }

    /// What two weeks do to the rules; nothing without rules.
    pub fn ask_weeks(
        &mut self,
        weeks: Option<[source::Request; 2]>,
        session: &Session,
    ) -> Option<Effect> {
        // What is on its way is of other rules.
        self.tickets.impact = self.next_ticket();
        if !self.has_rules() {
            self.loaded_rules.take_effect(WeekEffect::Unasked);
            return None;
        }
        self.loaded_rules.is_asking = true;
        if !matches!(self.loaded_rules.effect, WeekEffect::Ready(_)) {
            self.loaded_rules.effect = WeekEffect::Running;
        }
        Some(Effect::Impact {
            ticket: self.tickets.impact,
            rules: Arc::clone(&self.loaded_rules.loaded),
            stands_for: self.loaded_rules.stands_for.clone(),
            weeks,
            within: session.request.clone(),
        })
    }

    /// Takes what the weeks do; false when it is too late.
    pub fn weeks_done(&mut self, ticket: u64, outcome: Outcome, session: &Session) -> bool {
        if ticket != self.tickets.impact {
            return false;
        }
        match outcome {
            Outcome::Impact(run) => self.loaded_rules.take_effect(WeekEffect::Ready(run)),
            Outcome::Failed(reason) => self.loaded_rules.take_effect(WeekEffect::Failed(reason)),
            _ => return false,
        }
        self.list_rows(session);
        true
    }

    /// What the rules have to do with.
    #[must_use]
    pub fn touched(&self) -> Touched {
        let files = self
            .loaded_rules
            .files
            .iter()
            .filter(|file| file.has_content());
        Touched {
            tags: self.loaded_rules.touched(),
            files: files
                .map(|file| file.path.to_string_lossy().into_owned())
                .collect(),
        }
    }

    /// How many rows need somebody, in a sentence; `None` while that is not known.
    #[must_use]
    pub fn sentence(&self) -> Option<String> {
        let WeekEffect::Ready(run) = &self.loaded_rules.effect else {
            return None;
        };
        let count = |holds: fn(Status) -> bool| {
            let rows = run.answer.rows();
            rows.filter(|(_, row)| holds(row.status)).count()
        };
        let affected = count(Status::is_affected);
        let automatic = count(|status| status == Status::Automatic);
        let weeks = self.weeks_shown();
        let notes: Vec<&str> = run.notes.iter().map(Safe::as_str).collect();
        let notes = notes.join("; ");
        let text = match (affected, automatic) {
            (0, 0) => format!("{weeks}: nothing happens to any row"),
            (0, _) => format!(
                "{weeks}: Azure follows the tags of {}, nothing has to be done",
                counted(automatic, "row")
            ),
            _ => format!(
                "{weeks}: {} affected, {automatic} automatic; n goes to the next, p shows the patch",
                counted(affected, "row")
            ),
        };
        Some(if notes.is_empty() {
            text
        } else {
            format!("{text}; {notes}")
        })
    }
}
