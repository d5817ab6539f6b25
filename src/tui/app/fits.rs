//! What the open view gives to be fitted into few CIDRs.

use crate::query::Topic;
use crate::query::rules::fit::Question;
use crate::space::Family;
use crate::text::Safe;
use crate::tui::Effect;
use crate::tui::app::App;
use crate::tui::app::export::NO_RULES;
use crate::tui::overlay::{Fit, Overlay};
use crate::tui::view::{Scope, Words, names_of};

impl App {
    /// Fits what is selected into a number of CIDRs, which may be given.
    pub(super) fn open_fit(&mut self, limit: &str, scope: Scope) -> Vec<Effect> {
        match self.fit(scope) {
            Ok(mut fit) => {
                fit.set_limit(limit, &self.session);
                self.overlay = Some(Overlay::Fit(Box::new(fit)));
            }
            Err(reason) => self.say(&reason),
        }
        self.settle();
        Vec::new()
    }

    fn fit(&self, scope: Scope) -> Result<Fit, String> {
        let session = &self.session;
        match self.topic {
            Topic::Tags => {
                let (tags, scope, note) = self.tags.scoped(scope, session);
                let mut fit = self.fit_tags(&names_of(&tags, session))?;
                fit.set_scope(scope, note);
                Ok(fit)
            }
            Topic::Rules if !self.rules.has_rules() => Err(NO_RULES.to_owned()),
            Topic::Rules => {
                let (question, words, rows) = self.rules.fitted(session)?;
                let mut fit = Fit::new(&question, words, session)?;
                fit.set_rows(rows);
                Ok(fit)
            }
            _ => Err("tags and rules are fitted: 1 or 4 opens a view with them".to_owned()),
        }
    }

    /// Tags by name.
    fn fit_tags(&self, names: &[String]) -> Result<Fit, String> {
        let view = self.session.dataset.view();
        let tags: Vec<_> = names.iter().filter_map(|name| view.find(name)).collect();
        if let Some(name) = names.iter().find(|name| view.find(name).is_none()) {
            return Err(format!("{name} is not in this week"));
        }
        if tags.is_empty() {
            return Err("no tag is selected".to_owned());
        }
        let words = Words {
            tags: names.to_vec(),
            files: Some(Vec::new()),
        };
        let question = Question {
            tags,
            ..Question::default()
        };
        Fit::new(&question, words, &self.session)
    }

    /// The same on the watched tags, or on the selected one alone.
    pub(super) fn rescope(&mut self) {
        let scope = match &self.overlay {
            Some(Overlay::Export(dialog)) => dialog.scope(),
            Some(Overlay::Fit(fit)) => fit.scope(),
            _ => return,
        };
        let other = match scope {
            None => {
                self.say("here nothing is watched: tags are, in Tags");
                return;
            }
            Some(Scope::Watched) => Scope::Selected,
            Some(Scope::Selected | Scope::Fitting) => Scope::Watched,
        };
        // Without a watched tag it is the selected one.
        let (tags, found, _) = self.tags.scoped(other, &self.session);
        if tags.is_empty() || found != other {
            self.say(match other {
                Scope::Watched => "no tag is watched: Space in the table watches one",
                _ => "no tag is selected in the table",
            });
            return;
        }
        match &self.overlay {
            Some(Overlay::Export(dialog)) => {
                let (place, options) = dialog.bookmark();
                self.open_export(None, other);
                if let Some(Overlay::Export(dialog)) = &mut self.overlay {
                    dialog.restore(place, options);
                }
            }
            Some(Overlay::Fit(fit)) => {
                let (limit, family) = (fit.typed().to_owned(), fit.family());
                self.open_fit(&limit, other);
                self.keep_family(family);
            }
            _ => {}
        }
    }

    fn keep_family(&mut self, family: Option<Family>) {
        if let Some(Overlay::Fit(fit)) = &mut self.overlay {
            fit.set_family(family, &self.session);
        }
    }

    /// The data or the rules are others: covers of tags are computed anew; what was to be written
    /// of the others is closed.
    pub(super) fn refit(&mut self) {
        (self.beneath, self.left_fit) = (None, None);
        let (fit, is_written) = match self.overlay.take() {
            Some(Overlay::Fit(fit)) => (Some(*fit), false),
            Some(Overlay::Export(dialog)) => (dialog.behind(), true),
            other => {
                self.overlay = other;
                return;
            }
        };
        let mut said = self.status.as_str().to_owned();
        let mut add = |text: &str| {
            if !said.is_empty() {
                said.push_str("; ");
            }
            said.push_str(text);
        };
        if is_written {
            add("nothing was written: x offers it anew");
        }
        match fit {
            Some(fit) if fit.is_of_rules() => add("f fits the rules anew"),
            Some(fit) => match self.fit_tags(fit.tags()) {
                Ok(mut again) => {
                    if let Some(scope) = fit.scope() {
                        again.set_scope(scope, String::new());
                    }
                    again.set_limit(fit.typed(), &self.session);
                    again.set_family(fit.family(), &self.session);
                    self.overlay = Some(Overlay::Fit(Box::new(again)));
                }
                Err(reason) => add(&reason),
            },
            None => {}
        }
        self.status = Safe::from(said);
    }
}
