//! Rules and the other views: files that are read, the weeks chosen in Diff, the plan of Endpoints.

use std::path::PathBuf;

use crate::query::Topic;
use crate::query::rules::show;
use crate::report::{write_impact, write_patch};
use crate::rules::Kind;
use crate::text::Safe;
use crate::tui::app::App;
use crate::tui::app::execute::written;
use crate::tui::overlay::{Overlay, Reference};
use crate::tui::{Effect, Job, Outcome};

impl App {
    /// Opens files of rules.
    pub(super) fn open_rules(&mut self, paths: Vec<PathBuf>) -> Vec<Effect> {
        self.say("reading …");
        vec![self.rules.read(paths)]
    }

    /// Opens a saved list of files.
    pub(super) fn load_rules(&mut self, name: String) -> Vec<Effect> {
        self.status = Safe::from(format!("opening {} …", Safe::new(&name)));
        vec![self.rules.load(name)]
    }

    /// Takes the outcome of a task of Rules.
    pub(super) fn rules_done(&mut self, job: Job, ticket: u64, outcome: Outcome) -> Vec<Effect> {
        match job {
            Job::Rules => {
                let Some(text) = self.rules.read_done(ticket, outcome, &self.session) else {
                    return Vec::new();
                };
                self.status = text;
                self.rules_changed()
            }
            Job::RulesWatch => self.rules.changed(ticket).into_iter().collect(),
            Job::RulesSave => {
                if let Some(text) = self.rules.save_done(ticket, outcome) {
                    self.status = text;
                }
                Vec::new()
            }
            _ => {
                if self.rules.weeks_done(ticket, outcome, &self.session) {
                    self.tell_touched();
                    let is_open = self.topic == Topic::Rules;
                    if let Some(text) = self.rules.sentence().filter(|_| is_open) {
                        // What was said of the files is not read yet.
                        let before = self.status.as_str();
                        let between = if before.is_empty() { "" } else { "; " };
                        self.status = Safe::from(format!("{before}{between}{text}"));
                    }
                }
                Vec::new()
            }
        }
    }

    /// Other rules are open: they are watched, and held against the weeks.
    pub(super) fn rules_changed(&mut self) -> Vec<Effect> {
        if self.topic == Topic::Rules {
            self.refit();
        }
        let watch = match self.rules.watch() {
            Some(effect) => effect,
            None => Effect::Stop(Job::RulesWatch),
        };
        let mut effects = vec![watch];
        effects.extend(self.hold_rules());
        effects
    }

    /// Holds the rules against the weeks of Diff, else against the week on screen and the one
    /// before it.
    pub(super) fn hold_rules(&mut self) -> Vec<Effect> {
        let weeks = self.diff.weeks_shown();
        let effect = self.rules.ask_weeks(weeks, &self.session);
        self.tell_touched();
        effect.into_iter().collect()
    }

    /// Diff shows which tags the rules have to do with.
    fn tell_touched(&mut self) {
        let touched = self.rules.touched();
        self.diff.set_touched(touched, &self.session);
    }

    /// Which hosts of the registry's plan would the rules stop?
    pub(super) fn test_plan(&mut self) {
        let Some(plan) = self.endpoints.exported(&self.session) else {
            self.say("no registry is planned yet: 3 types its name");
            return;
        };
        if !self.rules.has_rules() {
            self.say("no rules are open yet: 4, then o opens a file");
            return;
        }
        if self.topic != Topic::Rules {
            self.leave();
            self.topic = Topic::Rules;
        }
        self.rules.test_plan(plan, &self.session);
        self.settle();
    }

    /// Shows the changes that put the rules right.
    pub(super) fn show_patch(&mut self) {
        match self.rules.patch() {
            Ok((weeks, chapters)) => {
                self.overlay = Some(Overlay::Reference(Reference::patch(&weeks, chapters)));
            }
            Err(reason) => self.say(&reason),
        }
    }

    /// Says which tag the selected list stands for, and holds the rules against the weeks again.
    pub(super) fn state_tag(&mut self, tag: &str) -> Vec<Effect> {
        match self.rules.stands_for(tag) {
            Ok(text) => {
                let effects = self.hold_rules();
                self.say(&text);
                effects
            }
            Err(text) => {
                self.say(&text);
                Vec::new()
            }
        }
    }

    /// What the weeks do to the rules, the rules themselves where that is not known; by the
    /// endings `.sh` and `.list` the patch.
    pub(super) fn exported_rules(&self, form: &str) -> Result<Vec<u8>, Safe> {
        let Some(exported) = self.rules.exported() else {
            return Err(Safe::new("no rules are open yet: o opens a file"));
        };
        let files = exported.files;
        let is_patch = matches!(form, "sh" | "list");
        let Some(run) = exported.run else {
            if is_patch {
                let text = "what the weeks do to the rules is not known: there is no patch";
                return Err(Safe::new(text));
            }
            let record = show::record(files, &self.session.dataset);
            return written(&show::Table::new(files), &record, form);
        };
        let weeks = [&run.base, &run.target];
        let mut bytes = Vec::new();
        let done = match form {
            "md" | "markdown" => write_impact(&run.answer, files, weeks, true, &mut bytes),
            _ if is_patch => {
                let is_lone = matches!(run.answer.sets.as_slice(), [set] if set.kind == Kind::List);
                if is_lone != (form == "list") {
                    return Err(Safe::new(if is_lone {
                        "a single list is written anew: its name ends with .list"
                    } else {
                        "only a single list is written as .list; a patch is written as .sh"
                    }));
                }
                write_patch(&run.answer, files, &exported.texts, weeks, &mut bytes)
            }
            _ => {
                let record = run.answer.record(files, &run.base, &run.target);
                return written(&run.answer.table(true), &record, form);
            }
        };
        done.map(|()| bytes)
            .map_err(|error| Safe::from(error.to_string()))
    }
}
