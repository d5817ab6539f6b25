//! What stood between the question and an answer, in words.

use std::io::{self, ErrorKind};
use std::time::Duration;

use jiff::civil::Date;
use rustls::CertificateError;

use crate::net::words::seconds;
use crate::query::probe::{ProbeVerdict, TlsFacts};
use crate::text::{Safe, cut_end};

/// How far an attempt came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ProbeStep {
    Connect,
    Tunnel,
    Tls,
    Answer,
}

/// What stood in the way.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Obstacle {
    #[error("the connection was refused: a firewall rejects it, or nobody listens on the port")]
    Refused,
    #[error(
        "no connection within {}: a firewall may drop the packets, or a proxy is needed",
        seconds(*limit)
    )]
    ConnectTimeout { limit: Duration },
    #[error("no connection ({reason}): check the network and its routes")]
    NoConnection { reason: Safe },
    #[error(
        "connected, but the connection broke off during TLS: a firewall may look for the name and refuse it"
    )]
    ResetTls,
    #[error(
        "connected, but nothing came of TLS within {}: a firewall may look for the name and drop it",
        seconds(*limit)
    )]
    SilentTls { limit: Duration },
    #[error("connected, but what answers does not speak TLS ({reason}): something stands between")]
    NotTls { reason: Safe },
    #[error("connected, but TLS failed ({reason}): a firewall may look for the name and refuse it")]
    TlsFailed { reason: Safe },
    #[error(
        "the certificate is issued by \"{issuer}\", which is not trusted here: a proxy that opens TLS stands between"
    )]
    Untrusted { issuer: Safe },
    #[error(
        "the certificate, issued by \"{issuer}\", expired on {until}: check this computer's clock, and who answers"
    )]
    Expired { issuer: Safe, until: Date },
    #[error(
        "the certificate, issued by \"{issuer}\", is not valid yet: check this computer's clock"
    )]
    NotYet { issuer: Safe },
    #[error(
        "the certificate is for \"{subject}\", issued by \"{issuer}\": somebody else answers at this address"
    )]
    WrongName { subject: Safe, issuer: Safe },
    #[error("the certificate is not accepted ({reason}): see who issued it")]
    BadCertificate { reason: Safe },
    #[error("TLS stands, but the connection broke off before an answer: try again")]
    ResetAnswer,
    #[error(
        "TLS stands, but no answer came within {}: the host is slow, or something holds it back",
        seconds(*limit)
    )]
    SilentAnswer { limit: Duration },
    #[error("TLS stands, but what answers does not speak HTTP")]
    NotHttp,
    #[error("TLS stands, but the headers of the answer are larger than any registry's")]
    LargeHead,
    #[error("TLS could not be set up ({reason})")]
    Setup { reason: Safe },
    #[error("the proxy cannot be reached ({reason}): check the proxy setting")]
    ProxyUnreachable { reason: Safe },
    #[error("the proxy asks for a login (407): put name and password into its address")]
    ProxyLogin,
    #[error("the proxy refused to connect ({status}): ask whoever runs it for an exception")]
    ProxyRefused { status: u16 },
    #[error("the proxy closed the connection instead of connecting: ask whoever runs it")]
    ProxyBroke,
    #[error("the proxy gave no answer within {}: ask whoever runs it", seconds(*limit))]
    ProxySilent { limit: Duration },
    #[error("what is set as the proxy does not answer as one: check the proxy setting")]
    ProxyOdd,
    #[error("the proxy is of a kind that is not spoken here: http and https proxies are")]
    ProxyKind,
}

impl Obstacle {
    /// A stranger that answered is told from nobody.
    pub(super) const fn verdict(&self) -> ProbeVerdict {
        match self {
            Self::NotHttp | Self::LargeHead => ProbeVerdict::NotARegistry,
            _ => ProbeVerdict::Unreachable,
        }
    }

    /// The time ran out in this step.
    pub(super) const fn late(step: ProbeStep, limit: Duration, is_proxied: bool) -> Self {
        match step {
            ProbeStep::Connect | ProbeStep::Tunnel if is_proxied => Self::ProxySilent { limit },
            ProbeStep::Connect | ProbeStep::Tunnel => Self::ConnectTimeout { limit },
            ProbeStep::Tls => Self::SilentTls { limit },
            ProbeStep::Answer => Self::SilentAnswer { limit },
        }
    }

    /// No connection.
    pub(super) fn connecting(error: &io::Error) -> Self {
        match error.kind() {
            ErrorKind::ConnectionRefused => Self::Refused,
            _ => Self::NoConnection {
                reason: short(&error.to_string()),
            },
        }
    }

    /// No TLS; an accepted connection may end so on either side.
    pub(super) fn handshake(error: &io::Error, seen: Option<&TlsFacts>) -> Self {
        let inner = error.get_ref();
        let Some(tls) = inner.and_then(|inner| inner.downcast_ref::<rustls::Error>()) else {
            return Self::ResetTls;
        };
        let reason = || short(&tls.to_string());
        let flaw = match tls {
            rustls::Error::InvalidCertificate(flaw) => flaw,
            rustls::Error::InvalidMessage(_) => return Self::NotTls { reason: reason() },
            _ => return Self::TlsFailed { reason: reason() },
        };
        let Some(seen) = seen else {
            return Self::BadCertificate { reason: reason() };
        };
        let issuer = seen.issuer.clone();
        match flaw {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Self::Expired {
                issuer,
                until: seen.not_after,
            },
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                Self::NotYet { issuer }
            }
            flaw if is_wrong_name(flaw) => Self::WrongName {
                subject: seen.subject.clone(),
                issuer,
            },
            CertificateError::UnknownIssuer | CertificateError::BadSignature => {
                Self::Untrusted { issuer }
            }
            // A certificate that signs itself is refused under other names, by platform.
            CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
                Self::Untrusted { issuer }
            }
            _ => Self::BadCertificate { reason: reason() },
        }
    }

    /// No answer.
    pub(super) fn asking(error: &hyper::Error) -> Self {
        if !error.is_parse() {
            Self::ResetAnswer
        } else if error.to_string().contains("too large") {
            // The library tells this kind apart for servers only.
            Self::LargeHead
        } else {
            Self::NotHttp
        }
    }
}

/// Whether the certificate is flawless but for whom it names.
pub(super) const fn is_wrong_name(flaw: &CertificateError) -> bool {
    matches!(
        flaw,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }
    )
}

fn short(words: &str) -> Safe {
    Safe::new(&cut_end(Safe::new(words).as_str(), 120))
}
