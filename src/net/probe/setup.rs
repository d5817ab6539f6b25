//! What all hosts of one run share: trust, the way out, and who is asked for names.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hyper::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls_platform_verifier::Verifier;

use crate::net::FetchError;
use crate::net::client::roots;
use crate::net::options::{Proxy, Trust};
use crate::net::probe::proxy::ProxyServer;
use crate::net::probe::{FoundAddresses, ProbeOptions};
use crate::net::resolve::{HostResolver, ResolveError};
use crate::query::probe::HostProbe;
use crate::text::Safe;

/// What all hosts of one run share.
pub(super) struct Setup {
    pub(super) provider: Arc<CryptoProvider>,
    pub(super) verifier: Arc<dyn ServerCertVerifier>,
    pub(super) limit: Duration,
    proxies: Option<Matcher>,
    resolver: HostResolver,
    pins: Vec<(String, SocketAddr)>,
}

impl Setup {
    pub(super) fn new(options: &ProbeOptions) -> Result<Self, FetchError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let proxies = match &options.proxy {
            Proxy::Environment => Some(Matcher::from_env()),
            Proxy::Direct => None,
            Proxy::At(text) => {
                let matcher = Matcher::builder().all(text.as_str()).build();
                // The library takes no notice of a text that is no address of a proxy.
                let any = Uri::from_static("https://host.example/");
                matcher.intercept(&any).ok_or(FetchError::BadProxy)?;
                Some(matcher)
            }
        };
        Ok(Self {
            verifier: verifier(&options.trust, &provider)?,
            provider,
            limit: options.limit,
            proxies,
            resolver: options.resolver.clone(),
            pins: options.pins.clone(),
        })
    }

    /// The proxy for this host, where one is set for it.
    pub(super) fn proxy(&self, host: &str, port: u16) -> Option<ProxyServer> {
        let uri = format!("https://{host}:{port}/").parse().ok()?;
        let way = self.proxies.as_ref()?.intercept(&uri)?;
        ProxyServer::new(way.uri(), way.basic_auth())
    }

    /// Aliases and addresses of a host.
    pub(super) async fn find(&self, host: &str, port: u16) -> FoundAddresses {
        let pinned = self.pinned(host);
        if !pinned.is_empty() {
            let host = Safe::new(host);
            let probe = HostProbe {
                host,
                ..HostProbe::default()
            };
            return FoundAddresses {
                probe,
                sockets: pinned,
            };
        }
        match self.resolver.resolve(host, self.limit).await {
            Ok(found) => FoundAddresses {
                probe: HostProbe {
                    host: found.host,
                    chain: found.chain,
                    chain_failure: found.dns_failure.as_ref().map(said),
                    ..HostProbe::default()
                },
                sockets: with_port(found.addresses, port),
            },
            Err(error) => FoundAddresses {
                probe: HostProbe::failed(host, said(&error)),
                sockets: Vec::new(),
            },
        }
    }

    /// Where a proxy listens: an address, or a name.
    pub(super) async fn locate(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, Safe> {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        if let Ok(address) = bare.parse::<IpAddr>() {
            return Ok(vec![SocketAddr::new(address, port)]);
        }
        let pinned = self.pinned(host);
        if !pinned.is_empty() {
            return Ok(pinned);
        }
        let found = self.resolver.resolve(host, self.limit).await;
        found
            .map(|found| with_port(found.addresses, port))
            .map_err(|error| said(&error))
    }

    fn pinned(&self, host: &str) -> Vec<SocketAddr> {
        let pins = self.pins.iter();
        let own = pins.filter(|(name, _)| name.eq_ignore_ascii_case(host));
        own.map(|(_, socket)| *socket).collect()
    }
}

fn said(error: &ResolveError) -> Safe {
    Safe::from(error.to_string())
}

fn with_port(addresses: Vec<IpAddr>, port: u16) -> Vec<SocketAddr> {
    let addresses = addresses.into_iter();
    addresses
        .map(|address| SocketAddr::new(address, port))
        .collect()
}

fn verifier(
    trust: &Trust,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, FetchError> {
    let system = |more| {
        let verifier = Verifier::new_with_extra_roots(more, Arc::clone(provider));
        verifier.map_err(setup_failed)
    };
    Ok(match trust {
        Trust::System(more) if more.is_empty() => Arc::new(system(Vec::new())?),
        Trust::System(more) => Arc::new(system(roots(more)?)?),
        Trust::Only(only) => {
            let mut store = RootCertStore::empty();
            store.add_parsable_certificates(roots(only)?);
            let provider = Arc::clone(provider);
            let builder = WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider);
            builder.build().map_err(setup_failed)?
        }
    })
}

fn setup_failed(error: impl fmt::Display) -> FetchError {
    FetchError::Setup {
        reason: Safe::from(error.to_string()),
    }
}
