//! Where to fetch from, whom to trust, and the bounds of one fetch.

use std::fmt;
use std::time::Duration;

/// What a [`Publisher`](crate::net::Publisher) is made from; the default is the real publisher.
///
/// Every address may be replaced, by a mirror or by a server on the loopback interface. All must be
/// https, or plain http with a loopback address literal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetOptions {
    /// The details page without its `?id=`.
    pub page: String,
    /// The folder above the clouds' folders at the publisher, without a final slash.
    pub files: String,
    /// The management endpoint of the Discovery API; `None` is the cloud's own.
    pub management: Option<String>,
    /// Hosts that may be redirected to besides those of `page` and `files`: `host` (port 443) or
    /// `host:port`.
    pub hosts: Vec<String>,
    /// Whose certificates are accepted.
    pub trust: Trust,
    /// The way out.
    pub proxy: Proxy,
    /// Bounds in time and size.
    pub limits: Limits,
    /// What the client calls itself; the publisher refuses names that are no browser's.
    pub user_agent: String,
}

impl Default for NetOptions {
    fn default() -> Self {
        Self {
            page: "https://www.microsoft.com/en-us/download/details.aspx".to_owned(),
            files: "https://download.microsoft.com/download".to_owned(),
            management: None,
            hosts: Vec::new(),
            trust: Trust::System(Vec::new()),
            proxy: Proxy::Environment,
            limits: Limits::default(),
            user_agent: concat!(
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0 tagscope/",
                env!("CARGO_PKG_VERSION")
            )
            .to_owned(),
        }
    }
}

/// Whose certificates are accepted; the bytes are certificates in PEM form, any number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// The system's roots and these, which may be none.
    System(Vec<u8>),
    /// Only these.
    Only(Vec<u8>),
}

/// The way out. Its `Debug` form hides the address, which may hold a password.
#[derive(Clone, PartialEq, Eq)]
pub enum Proxy {
    /// As `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` say.
    Environment,
    /// None, whatever the environment says.
    Direct,
    /// This one for everything, as `http://[name:password@]host:port`.
    At(String),
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Environment => "Environment",
            Self::Direct => "Direct",
            Self::At(_) => "At(…)",
        })
    }
}

/// Bounds in time and size of one file; waits that a server asks for do not count as its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Until a connection stands, name lookup and TLS included.
    pub connect: Duration,
    /// From there until the answer begins.
    pub answer: Duration,
    /// Longest silence within a body.
    pub stall: Duration,
    /// From the first request to the last byte, redirects included.
    pub total: Duration,
    /// Most bytes of a body as sent.
    pub wire: u64,
    /// Most bytes of a document without compression.
    pub decoded: u64,
    /// Most bytes of the details page without compression.
    pub page: u64,
    /// Longest wait that a server may ask for (`Retry-After`); it is granted twice.
    pub wait: Duration,
    /// Time between two dated names, so that the publisher gets few requests a second.
    pub pause: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            answer: Duration::from_secs(30),
            stall: Duration::from_secs(30),
            total: Duration::from_mins(5),
            wire: 16 << 20,
            decoded: 64 << 20,
            page: 4 << 20,
            wait: Duration::from_mins(1),
            pause: Duration::from_millis(400),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxys_password_is_not_in_the_debug_form() {
        let proxy = Proxy::At("http://me:secret@proxy.example:8080".to_owned());
        let options = NetOptions {
            proxy,
            ..NetOptions::default()
        };
        assert!(!format!("{options:?}").contains("secret"));
    }
}
