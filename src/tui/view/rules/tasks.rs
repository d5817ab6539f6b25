//! What Rules asks of the disk, and what comes back: files, saved lists, two weeks.

use std::path::PathBuf;
use std::sync::Arc;

use crate::query::rules::impact::ImpactStatus;
use crate::rules::RuleSetKind;
use crate::store::RuleList;
use crate::text::{Safe, and_more, first_of, plural};
use crate::tui::component::{Cx, News, Reply};
use crate::tui::session::{Session, Touched};
use crate::tui::view::rules::files::counted;
use crate::tui::view::rules::loaded_rules::WeekEffect;
use crate::tui::view::rules::{NO_RULES, Pending, Picked, RulesView};
use crate::tui::widget::List;
use crate::tui::{Job, Outcome, Place, RulesFrom, RulesRead, Task};

impl RulesView {
    /// Reads files, beside those that are open.
    pub fn read(&mut self, paths: Vec<PathBuf>, cx: &mut Cx<'_>) {
        let mut all = match self.reading.take() {
            // What was asked for a moment ago is asked for still.
            Some(Pending::Open(before) | Pending::Back(before)) => before,
            _ => Vec::new(),
        };
        all.extend(paths);
        let from = RulesFrom::Files(all.clone());
        self.read_from(from, Pending::Open(all), cx);
    }

    /// Reads the files that were open at the end of the last run.
    pub fn read_back(&mut self, paths: Vec<PathBuf>, cx: &mut Cx<'_>) {
        let from = RulesFrom::Files(paths.clone());
        self.read_from(from, Pending::Back(paths), cx);
    }

    /// The open files, and those that are about to be.
    pub fn paths(&self) -> Vec<PathBuf> {
        let files = self.loaded_rules.files.iter().map(|file| file.path.clone());
        let mut paths: Vec<PathBuf> = files.collect();
        if let Some(Pending::Open(coming) | Pending::Back(coming)) = &self.reading {
            let is_new = |path: &&PathBuf| path.is_absolute() && !paths.contains(path);
            let new: Vec<PathBuf> = coming.iter().filter(is_new).cloned().collect();
            paths.extend(new);
        }
        paths
    }

    /// Reads the files of a saved list, in place of those that are open.
    pub fn load(&mut self, name: String, cx: &mut Cx<'_>) {
        self.read_from(RulesFrom::Saved(name.clone()), Pending::Load(name), cx);
    }

    fn read_from(&mut self, from: RulesFrom, pending: Pending, cx: &mut Cx<'_>) {
        self.reading = Some(pending);
        cx.start(Task::ReadRules { from });
    }

    /// Takes what a task brought.
    pub fn take_outcome(&mut self, outcome: Outcome, cx: &mut Cx<'_>) {
        match outcome {
            Outcome::RulesRead(read) => {
                let is_back = matches!(self.reading, Some(Pending::Back(_)));
                let text = match read {
                    Ok(read) => self.take_read(read, cx.session),
                    Err(reason) => {
                        self.reading = None;
                        reason
                    }
                };
                // What was said at the start is not read yet.
                cx.reply(if is_back {
                    Reply::Add(text)
                } else {
                    Reply::Say(text)
                });
                self.rules_changed(cx);
            }
            // What is being opened comes first, and the change is seen after it.
            Outcome::RulesChanged(_) if self.reading.is_none() => {
                let paths = self.loaded_rules.stamps().into_iter().map(|(path, _)| path);
                let from = RulesFrom::Files(paths.collect());
                self.read_from(from, Pending::Again, cx);
            }
            Outcome::RulesSaved(Ok((name, text))) => {
                self.saved_as = Some(name);
                cx.reply(Reply::Say(text));
            }
            Outcome::RulesSaved(Err(reason)) => cx.reply(Reply::Say(reason)),
            Outcome::Impact(run) => {
                self.loaded_rules.take_effect(match run {
                    Ok(run) => WeekEffect::Ready(run),
                    Err(reason) => WeekEffect::Failed(reason),
                });
                self.list_rows(cx.session);
                cx.reply(Reply::Tell(News::Touched(self.touched())));
                if let Some(text) = self.sentence().filter(|_| cx.is_open()) {
                    // What was said of the files is not read yet.
                    cx.reply(Reply::Add(Safe::from(text)));
                }
            }
            _ => {}
        }
    }

    /// Other rules are open: they are watched, and held against the weeks.
    fn rules_changed(&mut self, cx: &mut Cx<'_>) {
        cx.reply(Reply::Tell(News::Rules));
        let files = self.loaded_rules.stamps();
        if files.is_empty() {
            cx.stop(Job::RulesWatch);
        } else {
            cx.start(Task::WatchRules { files });
        }
        self.ask_weeks(cx);
    }

    /// Takes what was read; what to say about it.
    fn take_read(
        &mut self,
        (mut found, list): (Vec<RulesRead>, Option<RuleList>),
        session: &Session,
    ) -> Safe {
        let pending = self.reading.take().unwrap_or(Pending::Again);
        let mut gone = Vec::new();
        if matches!(pending, Pending::Back(_)) {
            let is_gone = |read: &mut RulesRead| read.found.is_err() && read.stamp.is_none();
            gone = found.extract_if(.., is_gone).collect();
            if found.is_empty() {
                return closed(&gone).map_or_else(Safe::default, Safe::from);
            }
        }
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
        let files = plural(read, "file", "files");
        // Nothing is asked anew without a word.
        let asked = self.test.answer().map_or_else(String::new, |answer| {
            let word = answer.verdict().word().to_uppercase();
            format!("; the question was asked again: {word}")
        });
        let asked = match closed(&gone) {
            Some(gone) => format!("{asked}; {gone}"),
            None => asked,
        };
        match problems.as_slice() {
            [] => Safe::from(format!(
                "{what}: {read} {files}, {} in all{asked}",
                counted(self.loaded_rules.row_count(), "rule", "rules")
            )),
            [problem, rest @ ..] => {
                let more = and_more(rest.len(), 0);
                let more = more.map(|more| format!("; {more} that cannot be read"));
                Safe::from(format!("{problem}{}{asked}", more.unwrap_or_default()))
            }
        }
    }

    /// Closes the selected file; it stays on disk.
    pub fn drop_file(&mut self, cx: &mut Cx<'_>) {
        let Some(place) = self.picked_file() else {
            return cx.say("the cursor is on no file: d closes one, it stays on disk");
        };
        self.remember_row();
        let Some(path) = self.loaded_rules.drop_file(place, cx.session) else {
            return;
        };
        self.picked = Picked::All;
        self.recount(cx.session);
        cx.say(format!("closed {}; it stays on disk", path.display()));
        self.rules_changed(cx);
    }

    /// The command line to go on with for saving.
    pub fn save_name(&self) -> Reply {
        if self.loaded_rules.files.is_empty() {
            return Reply::say("no rules are open yet: o opens a file".to_owned());
        }
        let name = self.saved_as.clone().unwrap_or_default();
        Reply::Type(format!("save {name}"))
    }

    /// Saves the list of files under a name.
    pub fn save(&mut self, name: String, cx: &mut Cx<'_>) {
        if self.loaded_rules.files.is_empty() {
            return cx.say(NO_RULES);
        }
        let list = self.loaded_rules.list();
        cx.start(Task::SaveRules { name, list });
    }

    /// Says which tag the selected row stands for; a sentence about it.
    pub fn stands_for(&mut self, tag: &str) -> Result<String, String> {
        let position = self
            .selected()
            .ok_or("select a rule with a list of addresses first")?;
        let row = self.loaded_rules.row(position);
        let set = self
            .loaded_rules
            .set(position)
            .ok_or("select a rule first")?;
        // A registry, a group and a route table are one list each.
        let is_whole = !set.kind.has_two_ends() && set.kind != RuleSetKind::List;
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
            "every list named {name} copies {tag}; W keeps that with the list of files"
        ))
    }

    /// Holds the rules against the weeks of Diff, else against the week on screen and the one
    /// before it.
    pub fn ask_weeks(&mut self, cx: &mut Cx<'_>) {
        if self.has_rules() {
            self.loaded_rules.is_asking = true;
            if !matches!(self.loaded_rules.effect, WeekEffect::Ready(_)) {
                self.loaded_rules.effect = WeekEffect::Running;
            }
            cx.start(Task::Impact {
                rules: Arc::clone(&self.loaded_rules.loaded),
                stands_for: self.loaded_rules.stands_for.clone(),
                weeks: cx.session.board.weeks.clone(),
                within: cx.session.request.clone(),
            });
        } else {
            // What is on its way is of other rules.
            cx.forget(Job::Impact);
            self.loaded_rules.take_effect(WeekEffect::Unasked);
        }
        cx.reply(Reply::Tell(News::Touched(self.touched())));
    }

    /// What the rules have to do with.
    fn touched(&self) -> Touched {
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
    fn sentence(&self) -> Option<String> {
        let WeekEffect::Ready(run) = &self.loaded_rules.effect else {
            return None;
        };
        let count = |holds: fn(ImpactStatus) -> bool| {
            let rows = run.answer.rows();
            rows.filter(|(_, row)| holds(row.status)).count()
        };
        let affected = count(ImpactStatus::is_affected);
        let automatic = count(|status| status == ImpactStatus::Automatic);
        let weeks = self.weeks_shown();
        let notes: Vec<&str> = run.notes.iter().map(Safe::as_str).collect();
        let notes = notes.join("; ");
        let text = match (affected, automatic) {
            (0, 0) => format!("{weeks}: no rule is affected"),
            (0, _) => format!(
                "{weeks}: Azure follows the tags of {}, nothing has to be done",
                counted(automatic, "rule", "rules")
            ),
            _ => format!(
                "{weeks}: {} affected, {automatic} automatic; n goes to the next, p shows the patch",
                counted(affected, "rule", "rules")
            ),
        };
        Some(if notes.is_empty() {
            text
        } else {
            format!("{text}; {notes}")
        })
    }
}

/// What is said of files that are no longer there.
fn closed(gone: &[RulesRead]) -> Option<String> {
    let paths = gone.iter().map(|read| read.path.display());
    let names = first_of(paths, 1, "");
    (!gone.is_empty()).then(|| format!("no longer there, so closed: {names}"))
}
