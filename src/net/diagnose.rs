//! The HTTP library's failure → the sentence for it.
//!
//! The library nests causes of several crates; each is looked for by its type, and by its words
//! only where the type is private.

use std::error::Error;
use std::io::{self, ErrorKind};

use reqwest::Url;
use rustls::CertificateError;

use crate::net::FetchError;
use crate::net::hosts::host;
use crate::net::options::Limits;
use crate::text::{Safe, cut_end};

/// How the tunnel through a proxy says what happened; its error type cannot be named.
const PROXY_LOGIN: &str = "proxy authorization required";
const PROXY_CONNECT: &str = "failed to create underlying connection";
const PROXY: &str = "tunnel error: ";

/// Why `url` gave no answer.
pub(super) fn sending(error: &reqwest::Error, url: &Url, limits: &Limits) -> FetchError {
    let causes = causes(error);
    let host = host(url);
    let tunnel = causes
        .iter()
        .map(ToString::to_string)
        .find(|words| words.starts_with(PROXY));
    if let Some(words) = tunnel {
        return through_proxy(&words, host, &causes);
    }
    if let Some(tls) = find::<rustls::Error>(&causes) {
        return handshake(tls, host);
    }
    if error.is_dns() {
        // Before the last colon stands only that a lookup failed.
        let words = reason(&causes);
        let words = words.as_str().rsplit(": ").next().unwrap_or_default();
        let reason = Safe::new(words);
        return FetchError::Dns { host, reason };
    }
    if error.is_connect() && error.is_timeout() {
        let limit = limits.connect;
        return FetchError::ConnectTimeout { host, limit };
    }
    if let Some(error) = find::<hyper::Error>(&causes) {
        if error.is_incomplete_message() || error.is_canceled() || error.is_closed() {
            return FetchError::Reset { host };
        }
        if error.is_parse() {
            let reason = reason(&causes);
            return FetchError::NotHttp { host, reason };
        }
    }
    match find::<io::Error>(&causes).map(io::Error::kind) {
        Some(ErrorKind::ConnectionRefused) => FetchError::Refused { host },
        Some(
            ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
            | ErrorKind::UnexpectedEof,
        ) => FetchError::Reset { host },
        _ => {
            let reason = reason(&causes);
            FetchError::Unreachable { host, reason }
        }
    }
}

/// Why a client could not be made.
pub(super) fn building(error: &reqwest::Error) -> FetchError {
    FetchError::Setup {
        reason: reason(&causes(error)),
    }
}

fn through_proxy(words: &str, host: Safe, causes: &[&(dyn Error + 'static)]) -> FetchError {
    if words.contains(PROXY_LOGIN) {
        FetchError::ProxyLogin { host }
    } else if words.contains(PROXY_CONNECT) {
        let reason = reason(causes);
        FetchError::ProxyUnreachable { host, reason }
    } else {
        let reason = Safe::new(match words.trim_start_matches(PROXY) {
            "unsuccessful" => "it answered with an error",
            "unexpected end of file" => "it closed the connection",
            other => other,
        });
        FetchError::ProxyRefused { host, reason }
    }
}

fn handshake(error: &rustls::Error, host: Safe) -> FetchError {
    use CertificateError as Flaw;
    let rustls::Error::InvalidCertificate(flaw) = error else {
        let reason = short(&error.to_string());
        return FetchError::Tls { host, reason };
    };
    match flaw {
        Flaw::Expired
        | Flaw::ExpiredContext { .. }
        | Flaw::NotValidYet
        | Flaw::NotValidYetContext { .. } => FetchError::Expired { host },
        Flaw::NotValidForName | Flaw::NotValidForNameContext { .. } => {
            FetchError::WrongName { host }
        }
        Flaw::UnknownIssuer | Flaw::BadSignature => FetchError::Untrusted { host },
        // A certificate that signs itself is refused under other names, by platform.
        Flaw::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            FetchError::Untrusted { host }
        }
        _ => {
            let reason = short(&error.to_string());
            FetchError::Tls { host, reason }
        }
    }
}

/// `error` and what is below it; an I/O error hides what it wraps from `source`.
fn causes(error: &reqwest::Error) -> Vec<&(dyn Error + 'static)> {
    let mut causes: Vec<&(dyn Error + 'static)> = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        causes.push(cause);
        next = match cause
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(inner) => Some(inner),
            None => cause.source(),
        };
    }
    causes
}

/// The deepest cause of a type.
fn find<'a, T: Error + 'static>(causes: &[&'a (dyn Error + 'static)]) -> Option<&'a T> {
    causes.iter().rev().find_map(|cause| cause.downcast_ref())
}

/// The deepest cause's words; the outermost is left out, since it repeats the address.
fn reason(causes: &[&(dyn Error + 'static)]) -> Safe {
    let words = causes.last().map(ToString::to_string);
    short(&words.unwrap_or_else(|| "the cause is unknown".to_owned()))
}

fn short(words: &str) -> Safe {
    Safe::new(&cut_end(Safe::new(words).as_str(), 120))
}
