//! Effects → tasks → messages.

use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinHandle;

use crate::net::resolve;
use crate::text::Safe;
use crate::tui::{Effect, Message, Outcome};

/// How long a host name may take.
const RESOLVE_LIMIT: Duration = Duration::from_secs(10);

/// Runs tasks; the newest of a kind ends the one before.
pub struct Runner {
    messages: UnboundedSender<Message>,
    resolving: Option<JoinHandle<()>>,
}

impl Runner {
    /// Outcomes go to `messages`.
    pub const fn new(messages: UnboundedSender<Message>) -> Self {
        Self {
            messages,
            resolving: None,
        }
    }

    /// Starts what an effect asks for; effects on the terminal are the loop's.
    pub fn start(&mut self, effect: Effect) {
        match effect {
            Effect::Resolve { ticket, host } => {
                if let Some(older) = self.resolving.take() {
                    older.abort();
                }
                self.resolving = Some(self.spawn(ticket, host));
            }
            Effect::Quit | Effect::Suspend => {}
        }
    }

    /// A panic in the task becomes a sentence.
    fn spawn(&self, ticket: u64, host: String) -> JoinHandle<()> {
        let messages = self.messages.clone();
        tokio::spawn(async move {
            let task = tokio::spawn(async move { resolve(&host, RESOLVE_LIMIT).await });
            let outcome = match task.await {
                Ok(Ok(found)) => Outcome::Resolved(found.into()),
                Ok(Err(error)) => Outcome::Failed(Safe::from(error.to_string())),
                Err(_) => Outcome::Failed(Safe::new("the lookup failed inside the program")),
            };
            // The loop has ended when nobody listens.
            let _ = messages.send(Message::Done { ticket, outcome });
        })
    }
}
