//! What the open view gives to be written, as it is or as rules, and what becomes of the file.

use std::path::PathBuf;

use crate::query::Topic;
use crate::query::rules::make::{Selection, Target};
use crate::query::rules::remote_end::named;
use crate::text::Safe;
use crate::tui::app::App;
use crate::tui::overlay::{Export, ExportDialog, Help, Overlay, Source};
use crate::tui::view::{Scope, names_of};
use crate::tui::{Effect, Outcome};

/// What a view gives where nothing of it can be fitted or made into rules.
const NOTHING: &str = "rules are made from tags, a plan or rules: 1, 3 or 4 opens a view with them";

/// Rules are needed.
pub(super) const NO_RULES: &str = "no rules are open yet: o opens a file";

impl App {
    /// Offers the view as a table, and what is selected as rules.
    pub(super) fn open_export(&mut self, target: Option<Target>, scope: Scope) -> Vec<Effect> {
        match self.export_dialog(scope) {
            Ok(mut dialog) => {
                if let Some(Err(why)) = target.map(|target| dialog.choose(target)) {
                    self.say(why);
                    return Vec::new();
                }
                if target.is_none() {
                    self.choose_again(&mut dialog);
                }
                self.overlay = Some(Overlay::Export(Box::new(dialog)));
            }
            Err(reason) => self.say(&reason),
        }
        self.settle();
        Vec::new()
    }

    /// Begins where something was written last.
    fn choose_again(&self, dialog: &mut ExportDialog) {
        if let Some(target) = self.last_target {
            // Without a source the views are all there is.
            let _ = dialog.choose(target);
        }
    }

    fn export_dialog(&self, scope: Scope) -> Result<ExportDialog, String> {
        let session = &self.session;
        let dataset = &session.dataset;
        match self.topic {
            Topic::Tags => {
                let exports = exports(&self.tags.export_name(session), &TABLE);
                let (tags, scope, note) = self.tags.scoped(scope, session);
                if tags.is_empty() {
                    let dialog = ExportDialog::new("no tag is selected".to_owned(), exports, None);
                    return Ok(dialog.without("without a tag there are no rules to make"));
                }
                let selection = Selection::of_tags(dataset, &tags);
                let names = names_of(&tags, session);
                let title = format!(
                    "{}, {}",
                    named(names.iter().map(String::as_str)),
                    week(self)
                );
                let source = Source::Selection(Box::new(selection));
                Ok(ExportDialog::new(title, exports, Some(source)).scoped(scope, note))
            }
            Topic::Endpoints => {
                let Some(plan) = self.endpoints.exported(session) else {
                    return Err("no registry is planned yet: 3 types its name".to_owned());
                };
                let exports = exports(&self.endpoints.export_name(), &TICKET);
                let title = format!("the plan of {}, {}", plan.profile.name, week(self));
                // The tags of another cloud are not in this week.
                if plan.profile.cloud != dataset.cloud() {
                    let why = "the registry is of another cloud than the week on screen: no rules";
                    return Ok(ExportDialog::new(title, exports, None).without(why));
                }
                let source = Source::Selection(Box::new(Selection::of_plan(&plan, dataset)));
                Ok(ExportDialog::new(title, exports, Some(source)))
            }
            Topic::Rules => {
                if !self.rules.has_rules() {
                    return Err(NO_RULES.to_owned());
                }
                let patch = self.rules.patch_form();
                let patch = PATCH.into_iter().filter(|(form, _)| Some(*form) == patch);
                let forms: Vec<_> = TICKET.into_iter().chain(patch).collect();
                let exports = exports(self.rules.export_name(), &forms);
                let Some((title, selection)) = self.rules.written_rows(session) else {
                    let dialog = ExportDialog::new("no row is selected".to_owned(), exports, None);
                    return Ok(dialog.without("without a row there are no rules to make"));
                };
                let title = format!("{title}, {}", week(self));
                let source = Source::Selection(Box::new(selection));
                Ok(ExportDialog::new(title, exports, Some(source)))
            }
            Topic::Lookup | Topic::Diff => Err(NOTHING.to_owned()),
        }
    }

    /// From the covers to what is written of one.
    pub(super) fn export_cover(&mut self) {
        if let Some(Overlay::Fit(fit)) = self.overlay.take() {
            let mut dialog = fit.export_dialog();
            self.choose_again(&mut dialog);
            self.overlay = Some(Overlay::Export(Box::new(dialog)));
        }
    }

    /// Closes the overlay; what lay beneath comes back.
    pub(super) fn close_overlay(&mut self) {
        self.overlay = match self.overlay.take() {
            Some(Overlay::Export(dialog)) => dialog.behind().map(|fit| Overlay::Fit(Box::new(fit))),
            _ => self.beneath.take(),
        };
    }

    /// Help over what can be fitted or written, which comes back.
    pub(super) fn help_over(&mut self) {
        let place = self.place();
        self.beneath = self.overlay.replace(Overlay::Help(Help::new(place)));
    }

    /// Fills in the view where it is to be previewed.
    pub(super) fn preview(&mut self) {
        let Some(Overlay::Export(dialog)) = &self.overlay else {
            return;
        };
        let Some(form) = dialog.wanted() else { return };
        let found = self.exported(form);
        if let Some(Overlay::Export(dialog)) = &mut self.overlay {
            dialog.show(found);
        }
    }

    /// Writes a file.
    pub(super) fn write(&mut self, path: PathBuf, bytes: Vec<u8>, is_over: bool) -> Vec<Effect> {
        if self.exporting.is_some() {
            self.say("a file is being written already");
            return Vec::new();
        }
        let ticket = self.next_ticket();
        self.exporting = Some((ticket, path.clone()));
        self.say("writing …");
        vec![Effect::Export {
            ticket,
            path,
            bytes,
            is_over,
        }]
    }

    /// What became of a file: one that is there is asked about, where it can be.
    pub(super) fn written(&mut self, ticket: u64, outcome: Outcome) {
        let Some((_, path)) = self.exporting.take_if(|(asked, _)| *asked == ticket) else {
            return;
        };
        match outcome {
            Outcome::Exists(text) => match &mut self.overlay {
                Some(Overlay::Export(dialog)) if dialog.is_writing(&path) => {
                    dialog.ask_over(path.clone());
                    let shown = Safe::new(&path.to_string_lossy());
                    let text = format!("{shown} is there already; nothing is written yet");
                    self.status = Safe::from(text);
                }
                _ => self.status = text,
            },
            Outcome::Finished(text) => {
                if let Some(Overlay::Export(dialog)) = &self.overlay
                    && dialog.is_writing(&path)
                {
                    self.last_target = dialog.target();
                    self.close_overlay();
                }
                self.status = text;
            }
            Outcome::Failed(text) => self.status = text,
            _ => {}
        }
    }
}

/// The forms of a table.
const TABLE: [(&str, &str); 4] = [
    ("csv", "this view as a table"),
    ("json", "this view as the document of --json"),
    ("md", "this view as a table for a ticket"),
    ("txt", "this view as columns with tabs"),
];
/// The same, the text for a ticket first.
const TICKET: [(&str, &str); 4] = [
    ("md", "this view as a text for a ticket"),
    ("csv", "this view as a table"),
    ("json", "this view as the document of --json"),
    ("txt", "this view as columns with tabs"),
];
/// A patch, of which one form fits.
const PATCH: [(&str, &str); 2] = [
    ("sh", "the patch as commands"),
    ("list", "the list with the patch applied"),
];

/// The forms with their names: all of one base.
fn exports(name: &str, forms: &[(&'static str, &'static str)]) -> Vec<Export> {
    let export = |&(form, title): &(&'static str, &'static str)| Export {
        title,
        form,
        name: format!("{name}.{form}"),
    };
    forms.iter().map(export).collect()
}

/// The week that everything is from.
fn week(app: &App) -> String {
    let date = app.session.dataset.info().date;
    date.map_or_else(|| "no date".to_owned(), |date| date.to_string())
}
