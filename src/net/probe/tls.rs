//! The certificate that a host shows, kept whether or not it is accepted.

use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use jiff::tz::Offset;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{Resumption, verify_server_name};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;
use x509_parser::x509::X509Name;

use crate::net::probe::obstacle::is_wrong_name;
use crate::net::probe::setup::Setup;
use crate::query::probe::TlsFacts;
use crate::text::{Safe, cut_end};

/// Widest name of an issuer or subject, in columns.
const SHOWN: usize = 120;

/// Decides as the verifier behind it does, and remembers what it saw.
#[derive(Debug)]
pub(super) struct Witness {
    verifier: Arc<dyn ServerCertVerifier>,
    seen: OnceLock<TlsFacts>,
}

impl Witness {
    pub(super) fn new(setup: &Setup) -> Arc<Self> {
        Arc::new(Self {
            verifier: Arc::clone(&setup.verifier),
            seen: OnceLock::new(),
        })
    }

    /// The certificate, once one was shown that can be read.
    pub(super) fn seen(&self) -> Option<&TlsFacts> {
        self.seen.get()
    }
}

/// TLS 1.2 and 1.3 with this verifier, anew for each connection: nothing is resumed.
pub(super) fn config(
    setup: &Setup,
    verifier: Arc<dyn ServerCertVerifier>,
) -> Result<Arc<ClientConfig>, Error> {
    let builder = ClientConfig::builder_with_provider(Arc::clone(&setup.provider));
    let mut config = builder
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.resumption = Resumption::disabled();
    Ok(Arc::new(config))
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verifier = &self.verifier;
        let result =
            verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        if let Some(facts) = facts(end_entity, server_name, &result) {
            // A connection shows its certificate once; another one changes nothing.
            let _ = self.seen.set(facts);
        }
        result
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}

fn facts<T>(
    der: &CertificateDer<'_>,
    server_name: &ServerName<'_>,
    result: &Result<T, Error>,
) -> Option<TlsFacts> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let names_match = ParsedCertificate::try_from(der)
        .is_ok_and(|parsed| verify_server_name(&parsed, server_name).is_ok());
    let is_trusted = match result {
        Ok(_) => true,
        Err(Error::InvalidCertificate(flaw)) => is_wrong_name(flaw),
        Err(_) => false,
    };
    let until = certificate.validity().not_after.timestamp();
    let until = Timestamp::from_second(until).ok()?;
    Some(TlsFacts {
        issuer: named(certificate.issuer()),
        subject: subject(&certificate),
        not_after: Offset::UTC.to_datetime(until).date(),
        names_match,
        is_trusted,
    })
}

/// The subject's name; newer certificates leave it empty and name hosts only.
fn subject(certificate: &X509Certificate<'_>) -> Safe {
    let name = named(certificate.subject());
    if !name.as_str().is_empty() {
        return name;
    }
    let names = certificate.subject_alternative_name().ok().flatten();
    let first = names.and_then(|names| Some(names.value.general_names.first()?.to_string()));
    short(&first.unwrap_or_default())
}

/// Common name and organisation, or the whole where it has neither.
fn named(name: &X509Name<'_>) -> Safe {
    let common = name.iter_common_name().find_map(|part| part.as_str().ok());
    let organisation = name.iter_organization().find_map(|part| part.as_str().ok());
    match (common, organisation) {
        (Some(common), Some(organisation)) if !common.contains(organisation) => {
            short(&format!("{common} ({organisation})"))
        }
        (Some(one), _) | (None, Some(one)) => short(one),
        (None, None) => short(&name.to_string()),
    }
}

fn short(text: &str) -> Safe {
    // Cut before cleaning: a certificate may hold some 60 kB of it.
    let head: String = text.chars().take(4 * SHOWN).collect();
    Safe::new(&cut_end(Safe::new(&head).as_str(), SHOWN))
}
