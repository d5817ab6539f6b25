//! The system half: getaddrinfo on a thread of its own.
//!
//! The call cannot be cancelled and may take half a minute; a runtime's blocking pool would make
//! the program wait for it at its end, a detached thread does not.

use std::io;
use std::net::{IpAddr, ToSocketAddrs};
use std::time::Duration;

use tokio::sync::oneshot;

use crate::net::resolve::{ResolveError, distinct};
use crate::text::{HostName, Safe};

/// How C libraries say that there is no such name, or none with an address.
const NEGATIVE: [&str; 6] = [
    "Name or service not known",
    "No address associated with hostname",
    "nodename nor servname provided",
    "Name does not resolve",
    "Name has no usable address",
    "No such host is known",
];

/// The addresses in the system's order; never an empty list.
pub(super) async fn ask(name: &HostName, limit: Duration) -> Result<Vec<IpAddr>, ResolveError> {
    let asked = name.as_given();
    let (sender, receiver) = oneshot::channel();
    let thread = std::thread::Builder::new().name("getaddrinfo".to_owned());
    let started = thread.spawn(move || {
        let found = (asked.as_str(), 0).to_socket_addrs();
        // Nobody listens any more once the time is over.
        let _ = sender.send(found.map(|list| distinct(list.map(|socket| socket.ip()))));
    });
    if let Err(error) = started {
        return Err(failure(name, &error));
    }
    match tokio::time::timeout(limit, receiver).await {
        Ok(Ok(Ok(found))) if found.is_empty() => Err(ResolveError::NoAddress { name: name.safe() }),
        Ok(Ok(Ok(found))) => Ok(found),
        Ok(Ok(Err(error))) => Err(failure(name, &error)),
        Ok(Err(_)) => Err(failure(name, &io::Error::other("the lookup broke off"))),
        Err(_) => Err(ResolveError::Timeout {
            name: name.safe(),
            limit,
        }),
    }
}

fn failure(name: &HostName, error: &io::Error) -> ResolveError {
    let text = error.to_string();
    let name = name.safe();
    if NEGATIVE.iter().any(|words| text.contains(words)) {
        return ResolveError::NoSuchHost { name };
    }
    let reason = text.rsplit(": ").next().unwrap_or_default();
    ResolveError::Network {
        name,
        reason: Safe::new(reason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_c_library_are_understood() {
        let name = HostName::new("host.example").unwrap();
        let prefix = "failed to lookup address information: ";
        let told = |words: &str| failure(&name, &io::Error::other(format!("{prefix}{words}")));
        assert!(told("Name or service not known").is_negative());
        let ResolveError::Network { reason, .. } = told("Temporary failure in name resolution")
        else {
            panic!("not a network error");
        };
        assert_eq!(reason.as_str(), "Temporary failure in name resolution");
    }
}
