//! Registries that are saved, loaded, or read from a document.

use crate::azure::registry::{Imported, Profile, RegistryName};
use crate::text::Safe;
use crate::tui::component::Reply;
use crate::tui::session::Session;
use crate::tui::view::endpoints::EndpointsView;
use crate::tui::view::endpoints::profile::Field;
use crate::tui::{Outcome, Place};

impl EndpointsView {
    /// The command line to go on with for saving.
    pub fn save_name(&self) -> Reply {
        let label = self.profile.as_ref().map(|profile| profile.label.clone());
        let name = self.saved_as.clone().or(label).unwrap_or_default();
        Reply::Type(format!("save {name}"))
    }

    /// Takes what was saved, loaded or read; what to say about it.
    pub fn take_outcome(&mut self, outcome: Outcome, session: &Session) -> Option<Safe> {
        Some(match outcome {
            Outcome::Loaded(Ok((name, loaded))) => {
                self.saved_as = Some(name);
                let text = format!("opened {}", loaded.profile.login_server());
                self.put(loaded.profile, loaded.notes, session);
                self.said(text)
            }
            Outcome::Imported(Ok(found)) => self.imported(&found, session),
            Outcome::Saved(Ok((name, text))) => {
                self.saved_as = Some(name);
                text
            }
            Outcome::Loaded(Err(reason))
            | Outcome::Imported(Err(reason))
            | Outcome::Saved(Err(reason)) => reason,
            _ => return None,
        })
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
        let is_kept = own
            .as_ref()
            .is_some_and(|own| !own.regions.is_empty() || *own != own.before());
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
        let kept = if is_kept {
            "; what was chosen before and it does not say stays (u undoes)"
        } else {
            ""
        };
        let text = format!("read {} from the document{kept}", profile.login_server());
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
