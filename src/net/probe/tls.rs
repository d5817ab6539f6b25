//! The certificate that a host shows, kept whether or not it is accepted.

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use jiff::tz::Offset;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{Resumption, verify_server_name};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::certificate::{CertificateInner, Raw, TbsCertificateInner};
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::oid::db::rfc4519::{
    COMMON_NAME, COUNTRY_NAME, DOMAIN_COMPONENT, LOCALITY_NAME, ORGANIZATION_NAME,
    ORGANIZATIONAL_UNIT_NAME, ST,
};
use x509_cert::der::{Decode, Tag, Tagged};
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::name::Name;

use crate::net::probe::obstacle::is_wrong_name;
use crate::net::probe::setup::Setup;
use crate::query::probe::TlsFacts;
use crate::text::{Safe, cut_end};

/// Widest name of an issuer or subject, in columns.
const SHOWN: usize = 120;

/// The library's own list of keys has thousands, and with it the program would be 190 kB larger.
const KEYS: [(ObjectIdentifier, &str); 5] = [
    (COUNTRY_NAME, "C"),
    (LOCALITY_NAME, "L"),
    (ST, "ST"),
    (ORGANIZATIONAL_UNIT_NAME, "OU"),
    (DOMAIN_COMPONENT, "DC"),
];

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
    // Without the profile's checks: what a middlebox issues is shown even where it breaks them.
    let certificate = CertificateInner::<Raw>::from_der(der).ok()?;
    let names_match = ParsedCertificate::try_from(der)
        .is_ok_and(|parsed| verify_server_name(&parsed, server_name).is_ok());
    let is_trusted = match result {
        Ok(_) => true,
        Err(Error::InvalidCertificate(flaw)) => is_wrong_name(flaw),
        Err(_) => false,
    };
    let content = certificate.tbs_certificate();
    let until = content.validity().not_after.to_unix_duration().as_secs();
    let until = Timestamp::from_second(i64::try_from(until).ok()?).ok()?;
    Some(TlsFacts {
        issuer: named(content.issuer()),
        subject: subject(content),
        not_after: Offset::UTC.to_datetime(until).date(),
        names_match,
        is_trusted,
    })
}

/// The subject's name; newer certificates leave it empty and name hosts only.
fn subject(content: &TbsCertificateInner<Raw>) -> Safe {
    let name = named(content.subject());
    if !name.as_str().is_empty() {
        return name;
    }
    let names = content.get_extension::<SubjectAltName>().ok().flatten();
    let first = names.and_then(|(_, names)| host(names.0.first()?));
    short(&first.unwrap_or_default())
}

/// What a certificate is for, in the forms that a server's has.
fn host(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::DnsName(text)
        | GeneralName::Rfc822Name(text)
        | GeneralName::UniformResourceIdentifier(text) => Some(text.as_str().to_owned()),
        GeneralName::IpAddress(bytes) => {
            let bytes = bytes.as_bytes();
            let v4 = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
            let address = v4.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from));
            Some(address.ok()?.to_string())
        }
        _ => None,
    }
}

/// Common name and organisation, or the whole where it has neither.
fn named(name: &Name) -> Safe {
    let part = |oid| name.iter().filter(|part| part.oid == oid).find_map(value);
    match (part(COMMON_NAME), part(ORGANIZATION_NAME)) {
        (Some(common), Some(organisation)) if !common.contains(&organisation) => {
            short(&format!("{common} ({organisation})"))
        }
        (Some(one), _) | (None, Some(one)) => short(&one),
        (None, None) => {
            let parts: Vec<String> = name.iter().filter_map(labelled).collect();
            short(&parts.join(", "))
        }
    }
}

/// `OU=Proxies`, by the keys of RFC 4514.
fn labelled(part: &AttributeTypeAndValue) -> Option<String> {
    let value = value(part)?;
    let known = KEYS.iter().find(|(oid, _)| *oid == part.oid);
    Some(match known {
        Some((_, key)) => format!("{key}={value}"),
        None => format!("{}={value}", part.oid),
    })
}

/// The text of a part, in whichever of the standard's kinds of string it is.
fn value(part: &AttributeTypeAndValue) -> Option<String> {
    let bytes = part.value.value();
    match part.value.tag() {
        Tag::Utf8String
        | Tag::PrintableString
        | Tag::Ia5String
        | Tag::NumericString
        | Tag::VisibleString
        | Tag::TeletexString => Some(String::from_utf8_lossy(bytes).into_owned()),
        Tag::BmpString => {
            let (pairs, _) = bytes.as_chunks();
            let units: Vec<u16> = pairs.iter().copied().map(u16::from_be_bytes).collect();
            Some(String::from_utf16_lossy(&units))
        }
        _ => None,
    }
}

fn short(text: &str) -> Safe {
    // Cut before cleaning: a certificate may hold some 60 kB of it.
    let head: String = text.chars().take(4 * SHOWN).collect();
    Safe::new(&cut_end(Safe::new(&head).as_str(), SHOWN))
}

#[cfg(test)]
mod tests {
    use rcgen::string::{BmpString, Ia5String, PrintableString, TeletexString};
    use rcgen::{CertificateParams, DistinguishedName, DnType, DnValue, KeyPair, SerialNumber};

    use super::*;

    /// What is said of a certificate that is its own issuer.
    fn said(names: &[&str], parts: Vec<(DnType, DnValue)>) -> TlsFacts {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let mut params = CertificateParams::new(names).unwrap();
        params.distinguished_name = DistinguishedName::new();
        for (key, value) in parts {
            params.distinguished_name.push(key, value);
        }
        // Longer than the standard allows, as some devices issue them.
        params.serial_number = Some(SerialNumber::from_slice(&[0x7f; 30]));
        params.not_after = rcgen::date_time_ymd(2051, 2, 3);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let host = ServerName::try_from("host.example").unwrap();
        facts(certificate.der(), &host, &Ok::<_, Error>(())).unwrap()
    }

    fn utf8(text: &str) -> DnValue {
        DnValue::Utf8String(text.to_owned())
    }

    #[test]
    fn a_name_is_read_in_every_kind_of_string() {
        let kinds = [
            utf8("Größe"),
            DnValue::BmpString(BmpString::try_from("Größe").unwrap()),
            DnValue::PrintableString(PrintableString::try_from("Proxy 7").unwrap()),
            DnValue::Ia5String(Ia5String::try_from("proxy@host").unwrap()),
            DnValue::TeletexString(TeletexString::try_from("Proxy 7").unwrap()),
        ];
        let expected = ["Größe", "Größe", "Proxy 7", "proxy@host", "Proxy 7"];
        for (kind, expected) in kinds.into_iter().zip(expected) {
            let facts = said(&["host.example"], vec![(DnType::CommonName, kind)]);
            assert_eq!(facts.issuer.as_str(), expected);
            assert_eq!(facts.subject.as_str(), expected);
            assert_eq!(facts.not_after.to_string(), "2051-02-03");
        }
    }

    #[test]
    fn the_organisation_is_added_where_the_name_lacks_it() {
        let of = |common: &str, organisation: &str| {
            let parts = vec![
                (DnType::CountryName, utf8("DE")),
                (DnType::OrganizationName, utf8(organisation)),
                (DnType::CommonName, utf8(common)),
            ];
            said(&[], parts).issuer.as_str().to_owned()
        };
        assert_eq!(of("Issuer 1", "Contoso"), "Issuer 1 (Contoso)");
        assert_eq!(of("Contoso Issuer 1", "Contoso"), "Contoso Issuer 1");
    }

    #[test]
    fn a_name_without_both_is_given_whole() {
        let parts = vec![
            (DnType::CountryName, utf8("DE")),
            (DnType::OrganizationalUnitName, utf8("Proxies")),
            (DnType::CustomDnType(vec![2, 5, 4, 15]), utf8("private")),
        ];
        let facts = said(&[], parts);
        assert_eq!(facts.issuer.as_str(), "C=DE, OU=Proxies, 2.5.4.15=private");
    }

    #[test]
    fn a_subject_without_a_name_is_its_first_host() {
        for host in ["host.example", "192.0.2.7", "2001:db8::7"] {
            let facts = said(&[host, "other.example"], Vec::new());
            assert_eq!(facts.subject.as_str(), host);
            assert_eq!(facts.names_match, host == "host.example");
        }
        assert_eq!(said(&[], Vec::new()).subject.as_str(), "");
    }

    #[test]
    fn what_is_no_certificate_says_nothing() {
        let host = ServerName::try_from("host.example").unwrap();
        for bytes in [
            &b""[..],
            b"\x30\x00",
            b"no certificate",
            &[0x30, 0x84, 255, 255, 255, 255],
        ] {
            let der = CertificateDer::from(bytes);
            assert!(facts(&der, &host, &Ok::<_, Error>(())).is_none());
        }
    }
}
