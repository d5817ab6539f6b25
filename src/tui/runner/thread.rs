//! The thread that tasks run on: none of them holds up the screen.

use std::io;
use std::thread;

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

/// Runs tasks until it is dropped, and then waits for none of them.
pub struct TaskThread {
    handle: Handle,
    _end: oneshot::Sender<()>,
}

impl TaskThread {
    /// Starts it.
    ///
    /// # Errors
    /// The system's.
    pub fn start() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let (end, ended) = oneshot::channel();
        let run = move || {
            // An error is the other half that is gone.
            let _ = runtime.block_on(ended);
            runtime.shutdown_background();
        };
        thread::Builder::new().name("tasks".to_owned()).spawn(run)?;
        Ok(Self { handle, _end: end })
    }

    /// Where to start tasks.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }
}
