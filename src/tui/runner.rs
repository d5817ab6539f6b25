//! Effects → tasks → messages.

use std::fmt;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tokio::task::{JoinHandle, JoinSet};

use crate::net::resolve;
use crate::query::lookup::Host;
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
                let task = async move { resolve(&host, RESOLVE_LIMIT).await.map(Host::from) };
                self.resolving = Some(self.spawn(ticket, task));
            }
            Effect::Quit | Effect::Suspend => {}
        }
    }

    /// A panic in the task becomes a sentence.
    fn spawn<E: fmt::Display + Send + 'static>(
        &self,
        ticket: u64,
        task: impl Future<Output = Result<Host, E>> + Send + 'static,
    ) -> JoinHandle<()> {
        let messages = self.messages.clone();
        tokio::spawn(async move {
            // A set, since it ends the task when this one is ended.
            let mut work = JoinSet::new();
            work.spawn(task);
            let outcome = match work.join_next().await {
                Some(Ok(Ok(host))) => Outcome::Resolved(host),
                Some(Ok(Err(error))) => Outcome::Failed(Safe::from(error.to_string())),
                Some(Err(_)) | None => {
                    Outcome::Failed(Safe::new("the lookup failed inside the program"))
                }
            };
            // The loop has ended when nobody listens.
            let _ = messages.send(Message::Done { ticket, outcome });
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_in_a_task_becomes_a_sentence() {
        let (sender, mut messages) = tokio::sync::mpsc::unbounded_channel();
        let runner = Runner::new(sender);
        let _task = runner.spawn(7, async {
            assert!(std::hint::black_box(false), "made for the test");
            Err::<Host, &str>("not reached")
        });
        let outcome = Outcome::Failed(Safe::new("the lookup failed inside the program"));
        assert_eq!(
            messages.recv().await,
            Some(Message::Done { ticket: 7, outcome })
        );
    }

    #[tokio::test]
    async fn the_end_of_a_task_ends_its_work() {
        let (sender, _messages) = tokio::sync::mpsc::unbounded_channel();
        let (held, released) = tokio::sync::oneshot::channel::<()>();
        let (started, has_started) = tokio::sync::oneshot::channel();
        let task = Runner::new(sender).spawn(7, async move {
            let _held = held;
            let _ = started.send(());
            std::future::pending::<Result<Host, &str>>().await
        });
        has_started.await.unwrap();
        task.abort();
        let end = tokio::time::timeout(Duration::from_secs(20), released).await;
        assert!(end.unwrap().is_err(), "the work goes on");
    }
}
