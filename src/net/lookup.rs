//! Addresses for the HTTP client: getaddrinfo on a thread of its own for each name.
//!
//! The call cannot be cancelled and may take half a minute without a name server. In a runtime's
//! blocking pool it would hold up the program's end; a detached thread does not.

use std::net::ToSocketAddrs;
use std::thread;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::oneshot;

/// The system's own resolver, which knows the hosts file and the search list.
pub(super) struct System;

impl Resolve for System {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let (sender, receiver) = oneshot::channel();
            let thread = thread::Builder::new().name("getaddrinfo".to_owned());
            thread.spawn(move || {
                // Nobody listens any more once the time is over. Port 0 is the scheme's own.
                let _ = sender.send((host.as_str(), 0).to_socket_addrs());
            })?;
            let found: Addrs = Box::new(receiver.await??);
            Ok(found)
        })
    }
}
