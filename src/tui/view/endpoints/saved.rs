//! Registries that are saved, loaded, or read from a document.

use std::path::PathBuf;

use crate::azure::registry::{Imported, Profile, RegistryName};
use crate::text::Safe;
use crate::tui::view::endpoints::EndpointsView;
use crate::tui::view::endpoints::profile::Field;
use crate::tui::view::{Request, Session};
use crate::tui::{Effect, Outcome, Place};

impl EndpointsView {
    /// The command line to go on with for saving.
    pub fn save_name(&self) -> Request {
        let label = self.profile.as_ref().map(|profile| profile.label.clone());
        let name = self.saved_as.clone().or(label).unwrap_or_default();
        Request::Type(format!("save {name}"))
    }

    /// Saves the registry under a name; `None` while there is none.
    pub fn save(&mut self, name: String) -> Option<Effect> {
        let profile = Box::new(self.profile.clone()?);
        self.ticket += 1;
        self.wanted = Some(name.clone());
        Some(Effect::Save {
            ticket: self.ticket,
            name,
            profile,
        })
    }

    /// Loads a saved registry.
    pub fn load(&mut self, name: String) -> Effect {
        self.ticket += 1;
        self.wanted = Some(name.clone());
        Effect::Load {
            ticket: self.ticket,
            name,
        }
    }

    /// Reads a document.
    pub fn import(&mut self, path: PathBuf) -> Effect {
        self.ticket += 1;
        self.wanted = None;
        Effect::Import {
            ticket: self.ticket,
            path,
        }
    }

    /// Takes the outcome of a task, unless it is too late; what to say about it.
    pub fn done(&mut self, ticket: u64, outcome: Outcome, session: &Session) -> Option<Safe> {
        if ticket != self.ticket {
            return None;
        }
        match outcome {
            Outcome::Loaded(loaded) => {
                let loaded = *loaded;
                self.saved_as = self.wanted.take();
                let text = format!("opened {}", loaded.profile.login_server());
                self.put(loaded.profile, loaded.notes, session);
                Some(self.said(text))
            }
            Outcome::Imported(found) => Some(self.imported(&found, session)),
            Outcome::Finished(text) => {
                self.saved_as = self.wanted.take();
                Some(text)
            }
            Outcome::Failed(reason) => Some(reason),
            _ => None,
        }
    }

    /// What a document says goes into the registry that it is of.
    fn imported(&mut self, found: &Imported, session: &Session) -> Safe {
        let cloud = |name: &RegistryName| name.cloud.unwrap_or(session.dataset.cloud());
        let own = self.profile.clone().filter(|own| {
            let named = found.registry.as_ref();
            named.is_none_or(|name| own.label == name.label && own.cloud == cloud(name))
        });
        let new = found.registry.as_ref();
        let new = new.map(|name| Profile::new(name, cloud(name)));
        if own.is_none() {
            self.saved_as = None;
        }
        let Some(mut profile) = own.or(new) else {
            let text =
                "the document does not name its registry: type the name first, then read it again";
            return Safe::new(text);
        };
        profile.take(found);
        // A document of another cloud has regions that this one lacks.
        let regions = &session.facts.regions;
        let is_known = |name: &String| regions.find(profile.cloud, name).is_some();
        let gone: Vec<String> = profile
            .regions
            .iter()
            .filter(|name| !is_known(name))
            .cloned()
            .collect();
        for region in &gone {
            profile.remove_region(region);
        }
        let mut notes: Vec<Safe> = found.notes.iter().map(|note| Safe::new(note)).collect();
        if !gone.is_empty() {
            let text = format!("not in {} and left out: {}", profile.cloud, gone.join(", "));
            notes.push(Safe::from(text));
        }
        let text = format!("read {} from the document", profile.login_server());
        self.put(profile, notes, session);
        self.said(text)
    }

    fn put(&mut self, profile: Profile, notes: Vec<Safe>, session: &Session) {
        self.profile = Some(profile);
        self.entry.notes = notes;
        self.entry.error = None;
        self.contrast = None;
        self.field = Field::Registry;
        self.place = Place::Profile;
        self.replan(session);
    }

    /// A sentence, and how many things were left out.
    fn said(&self, text: String) -> Safe {
        match self.entry.notes.as_slice() {
            [] => Safe::from(text),
            [note] => Safe::from(format!("{text}; {note}")),
            notes => Safe::from(format!(
                "{text}; {} things were left out, the profile says which",
                notes.len()
            )),
        }
    }
}
