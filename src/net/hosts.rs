//! Which addresses may be fetched, and how an address is shown.
//!
//! The list holds host and port together: another port of a known host is another server.

use std::net::IpAddr;

use reqwest::Url;
use reqwest::header::HeaderValue;

use crate::net::FetchError;
use crate::text::{Safe, cut_middle};

/// Widest address in a sentence, in columns.
const SHOWN: usize = 160;

/// The allow-list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Hosts(Vec<(String, u16)>);

impl Hosts {
    /// This list and the host of `url`.
    pub(super) fn with(&self, url: &Url) -> Self {
        let mut list = self.0.clone();
        list.extend(place(url));
        Self(list)
    }

    /// This list and `host` or `host:port`; the port of https unless one is named.
    pub(super) fn with_name(&self, name: &str) -> Result<Self, FetchError> {
        Ok(self.with(&parse(&format!("https://{name}"))?))
    }

    pub(super) fn allows(&self, url: &Url) -> bool {
        place(url).is_some_and(|place| self.0.contains(&place))
    }

    /// Where a redirect from `from` to `location` leads, if it may be followed.
    ///
    /// Plain http is followed only from plain http, and only to a loopback address literal: the
    /// user has then named such an address himself.
    pub(super) fn follow(
        &self,
        from: &Url,
        status: u16,
        location: Option<&HeaderValue>,
    ) -> Result<Url, FetchError> {
        let target = location
            .and_then(|value| value.to_str().ok())
            .and_then(|text| from.join(text).ok())
            .ok_or_else(|| FetchError::BadRedirect {
                url: shown(from),
                status,
            })?;
        let stays_local = from.scheme() == "http" && is_loopback_http(&target);
        if target.scheme() != "https" && !stays_local {
            return Err(FetchError::Downgrade {
                from: shown(from),
                to: shown(&target),
            });
        }
        if !self.allows(&target) {
            return Err(FetchError::ForeignHost {
                from: shown(from),
                host: host(&target),
            });
        }
        Ok(target)
    }
}

/// The address in `text`, if it may be fetched at all.
pub(super) fn parse(text: &str) -> Result<Url, FetchError> {
    let url = Url::parse(text.trim()).map_err(|error| FetchError::NotAUrl {
        url: shown_text(text),
        reason: Safe::from(error.to_string()),
    })?;
    if url.scheme() == "https" || is_loopback_http(&url) {
        Ok(url)
    } else {
        Err(FetchError::NotHttps { url: shown(&url) })
    }
}

/// The address without password, query and fragment: what may be kept and shown.
pub(super) fn bare(url: &Url) -> Url {
    let mut url = url.clone();
    // Both fail only for addresses that cannot have them.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url
}

/// The address for a sentence.
pub(super) fn shown(url: &Url) -> Safe {
    Safe::new(&cut_middle(Safe::new(bare(url).as_str()).as_str(), SHOWN))
}

/// Host and port for a sentence; the port only where it is not the scheme's own.
pub(super) fn host(url: &Url) -> Safe {
    let host = url.host_str().unwrap_or("(no host)");
    let text = match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    };
    Safe::new(&cut_middle(Safe::new(&text).as_str(), SHOWN))
}

/// The path alone, for the log.
pub(super) fn shown_path(url: &Url) -> Safe {
    Safe::new(&cut_middle(Safe::new(url.path()).as_str(), SHOWN))
}

/// Text that is no address, for a sentence: what looks like a password or a query is left out.
fn shown_text(text: &str) -> Safe {
    let head: String = text.trim().chars().take(SHOWN).collect();
    let head = head.split(['?', '#']).next().unwrap_or_default();
    let head = match head.rsplit_once('@') {
        Some((_, behind)) => behind,
        None => head,
    };
    Safe::new(head)
}

fn place(url: &Url) -> Option<(String, u16)> {
    let host = url.host_str()?.trim_end_matches('.').to_ascii_lowercase();
    Some((host, url.port_or_known_default()?))
}

fn is_loopback_http(url: &Url) -> bool {
    let literal = url
        .host_str()
        .map(|host| host.trim_start_matches('[').trim_end_matches(']'))
        .and_then(|host| host.parse::<IpAddr>().ok());
    url.scheme() == "http" && literal.is_some_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        parse(text).unwrap()
    }

    fn go(from: &str, to: &str) -> Result<Url, FetchError> {
        let hosts = Hosts::default()
            .with_name("a.example")
            .unwrap()
            .with_name("b.example:8443")
            .unwrap()
            .with(&url("http://127.0.0.1:8080"));
        hosts.follow(&url(from), 302, Some(&HeaderValue::from_str(to).unwrap()))
    }

    #[test]
    fn only_https_and_literal_loopback_http_are_fetched() {
        for good in [
            "https://a.example/x",
            " http://127.0.0.1:80/x ",
            "http://[::1]:8080/",
            "http://127.8.9.1/",
        ] {
            assert!(parse(good).is_ok(), "{good}");
        }
        for bad in [
            "http://a.example/x",
            "http://localhost/x",
            "http://10.0.0.1/",
            "ftp://127.0.0.1/",
            "file:///etc/passwd",
            "data:,x",
        ] {
            let error = parse(bad).unwrap_err();
            assert!(matches!(error, FetchError::NotHttps { .. }), "{bad}");
        }
        for none in ["", "a.example/x", "https://", "//a.example"] {
            let error = parse(none).unwrap_err();
            assert!(matches!(error, FetchError::NotAUrl { .. }), "{none}");
        }
    }

    #[test]
    fn redirects_stay_encrypted_and_on_the_list() {
        assert_eq!(
            go("https://a.example/x/y", "z").unwrap().as_str(),
            "https://a.example/x/z"
        );
        assert!(go("https://a.example/", "https://B.example.:8443/").is_ok());
        assert!(go("http://127.0.0.1:8080/", "/x").is_ok());
        assert!(go("http://127.0.0.1:8080/", "https://a.example/").is_ok());
        for (from, to) in [
            ("https://a.example/", "http://a.example/"),
            ("https://a.example/", "http://127.0.0.1:8080/"),
            ("http://127.0.0.1:8080/", "http://a.example/"),
            ("https://a.example/", "file:///etc/passwd"),
        ] {
            let error = go(from, to).unwrap_err();
            assert!(matches!(error, FetchError::Downgrade { .. }), "{to}");
        }
        for (from, to) in [
            ("https://a.example/", "https://c.example/"),
            ("https://a.example/", "https://a.example.c.example/"),
            ("https://a.example/", "https://a.example:444/"),
            ("https://a.example/", "//b.example/"),
            ("http://127.0.0.1:8080/", "http://127.0.0.1:8081/"),
            ("https://a.example/", "https://a.example@c.example/"),
        ] {
            let error = go(from, to).unwrap_err();
            assert!(matches!(error, FetchError::ForeignHost { .. }), "{to}");
        }
        let nowhere = go("https://a.example/", "https://[");
        assert!(matches!(nowhere, Err(FetchError::BadRedirect { .. })));
    }

    #[test]
    fn secrets_of_an_address_are_not_shown() {
        let full = url("https://me:secret@a.example:8443/f.json?sig=secret#secret");
        assert_eq!(shown(&full).as_str(), "https://a.example:8443/f.json");
        assert_eq!(host(&full).as_str(), "a.example:8443");
        let broken = parse("htp//me:secret@a.example?sig=secret").unwrap_err();
        assert!(!format!("{broken} {broken:?}").contains("secret"));
        let long = url(&format!("https://a.example/{}", "x".repeat(5000)));
        assert!(shown(&long).as_str().len() < 200);
    }
}
