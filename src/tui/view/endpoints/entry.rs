//! The registry's name: typed, pasted, or named on the command line.

use tui_input::Input;

use crate::azure::Cloud;
use crate::azure::registry::{NameError, Profile, RegistryName};
use crate::text::Safe;
use crate::tui::session::Session;
use crate::tui::view::endpoints::profile::{Field, left_out};
use crate::tui::view::endpoints::{EndpointsView, safe};
use crate::tui::widget::edit;
use crate::tui::{Chord, Place};

/// What is typed.
#[derive(Debug, Default)]
pub struct NameEntry {
    pub input: Input,
    /// The registry before it was typed; the plan follows every key.
    before: Option<Box<Profile>>,
    /// Why the text names no registry.
    pub error: Option<NameError>,
    /// Whether that was said to Enter: then it is no hint, but a refusal.
    pub is_refused: bool,
    /// What was taken differently from how it was written.
    pub notes: Vec<Safe>,
}

impl EndpointsView {
    /// Gives the keys to the input, with the registry's login server in it.
    pub fn type_name(&mut self) {
        if self.place == Place::RegistryInput && self.profile.is_none() {
            return;
        }
        let text = self.profile.as_ref().map(Profile::login_server);
        self.entry.input = Input::new(text.unwrap_or_default());
        self.entry.before = self.profile.clone().map(Box::new);
        self.entry.error = None;
        self.entry.is_refused = false;
        self.field = Field::Registry;
        self.place = Place::RegistryInput;
    }

    pub fn type_key(&mut self, chord: Chord, session: &Session) {
        if edit(&mut self.entry.input, chord) {
            self.read_typed(session);
        }
    }

    /// A pasted text: a registry replaces what is typed. False when it is something else.
    pub fn paste_name(&mut self, text: &str, session: &Session) -> bool {
        let line = text.trim().lines().next().unwrap_or("");
        if self.place != Place::RegistryInput || RegistryName::parse(line).is_err() {
            return false;
        }
        self.entry.input = Input::new(line.to_owned());
        self.read_typed(session);
        true
    }

    fn read_typed(&mut self, session: &Session) {
        self.entry.is_refused = false;
        match RegistryName::parse(self.entry.input.value()) {
            Ok(name) => {
                self.entry.error = None;
                let base = self.entry.before.as_deref().cloned();
                self.take_name(&name, base, session);
            }
            Err(error) => {
                self.entry.error = Some(error);
                self.entry.notes.clear();
                self.profile = self.entry.before.as_deref().cloned();
                self.replan(session);
            }
        }
    }

    /// Enter: the registry is taken, or the input says why not.
    pub fn take_typed(&mut self, session: &Session) {
        self.read_typed(session);
        if self.entry.error.is_some() {
            self.entry.is_refused = true;
            return;
        }
        // What is asked for next; of a registry that was there already the cursor stays.
        if self.entry.before.is_none() {
            self.field = Field::Regions;
        }
        self.place = Place::Profile;
    }

    /// Out of the input: what names a registry is taken, anything else forgotten.
    pub fn leave_name(&mut self, session: &Session) {
        if self.entry.error.is_some() || self.entry.input.value().trim().is_empty() {
            self.cancel_name(session);
        } else {
            self.take_typed(session);
        }
    }

    /// Out of the input, with the registry as it was.
    pub fn cancel_name(&mut self, session: &Session) {
        self.profile = self.entry.before.take().map(|profile| *profile);
        self.entry.input.reset();
        self.entry.error = None;
        self.entry.notes.clear();
        self.replan(session);
        self.place = Place::Profile;
    }

    /// Plans a registry that was named elsewhere.
    pub fn set_registry(&mut self, text: &str, session: &Session) -> Result<(), NameError> {
        let name = RegistryName::parse(text)?;
        let base = match self.place {
            Place::RegistryInput => self.entry.before.take().map(|profile| *profile),
            _ => self.profile.take(),
        };
        self.take_name(&name, base, session);
        self.field = Field::Regions;
        self.place = Place::Profile;
        Ok(())
    }

    /// The registry of this name; what was chosen for the one before stays, as far as it can.
    fn take_name(&mut self, name: &RegistryName, base: Option<Profile>, session: &Session) {
        self.entry.notes = safe(&name.notes);
        let own = base.as_ref().map(|profile| profile.cloud);
        let cloud = name.cloud.or(own).unwrap_or(session.dataset.cloud());
        let mut profile = match base {
            Some(profile) => self.renamed(profile, name, cloud, session),
            None => Profile::new(name, cloud),
        };
        profile.see_host(name);
        if let Some(typed) = &name.region {
            match session.facts.regions.find(cloud, typed) {
                Some(region) => profile.add_region(&region.name),
                None => self.entry.notes.push(Safe::from(format!(
                    "the region {typed} is unknown in {cloud} and left out"
                ))),
            }
        }
        if let Some(image) = &name.image {
            self.entry.notes.push(Safe::from(format!(
                "the image {} is left aside: a plan is of its registry",
                image.shown()
            )));
        }
        self.profile = Some(profile);
        self.replan(session);
    }

    fn renamed(
        &mut self,
        mut profile: Profile,
        name: &RegistryName,
        cloud: Cloud,
        session: &Session,
    ) -> Profile {
        if profile.label != name.label {
            // What a document or a file said was of the other registry.
            profile.forget_documents();
            self.saved_as = None;
        }
        profile.label.clone_from(&name.label);
        profile.name.clone_from(&name.name);
        let gone = profile.move_to(cloud, &session.facts.regions);
        self.entry.notes.extend(left_out(cloud, &gone));
        profile
    }
}
