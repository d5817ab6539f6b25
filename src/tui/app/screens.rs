//! The screens, of which one is open.

use crate::query::ViewTopic;
use crate::text::Safe;
use crate::tui::component::{Screen, Taken};
use crate::tui::roster;
use crate::tui::session::Session;

/// One screen a topic.
#[derive(Debug)]
pub struct Screens {
    open: Box<dyn Screen>,
    closed: Vec<Box<dyn Screen>>,
}

impl Screens {
    /// All of them; the first topic is open.
    pub fn new(session: &Session) -> Self {
        let [first, rest @ ..] = ViewTopic::ALL;
        Self {
            open: roster::screen(first, session),
            closed: rest.map(|topic| roster::screen(topic, session)).into(),
        }
    }

    /// Which one is open.
    pub fn topic(&self) -> ViewTopic {
        self.open.topic()
    }

    pub fn open(&self) -> &dyn Screen {
        &*self.open
    }

    pub fn open_mut(&mut self) -> &mut dyn Screen {
        &mut *self.open
    }

    /// Opens another one.
    pub fn show(&mut self, topic: ViewTopic) {
        if let Some(screen) = self
            .closed
            .iter_mut()
            .find(|screen| screen.topic() == topic)
        {
            std::mem::swap(screen, &mut self.open);
        }
    }

    /// The screen of a topic.
    pub fn of(&mut self, topic: ViewTopic) -> &mut dyn Screen {
        let closed = self
            .closed
            .iter_mut()
            .find(|screen| screen.topic() == topic);
        // The roster has one a topic: what is not closed is open.
        &mut **closed.unwrap_or(&mut self.open)
    }

    /// Hands on how far a task of a screen is; whether that is to be seen there.
    pub fn progress(&mut self, topic: ViewTopic, text: &Safe) -> bool {
        let is_taken = self.of(topic).progress(text) == Taken::Yes;
        is_taken && topic == self.topic()
    }
}
