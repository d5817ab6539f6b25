//! The settings of the network → how hosts are asked.

use std::path::Path;

use crate::net::{FetchError, ProbeOptions, Proxy, Trust, check_roots};
use crate::settings::FetchPlaces;
use crate::store::{Input, ReadError, expand_home, read_bounded};

/// Most bytes of a file of certificates.
pub(super) const MAX_ROOTS: u64 = 4 << 20;

/// How hosts are asked, with the proxy and the certificates of the settings.
///
/// # Errors
/// The file of certificates cannot be read.
pub fn probe_options(places: &FetchPlaces) -> Result<ProbeOptions, ReadError> {
    let mut options = ProbeOptions::default();
    if let Some(proxy) = &places.proxy {
        options.proxy = Proxy::At(proxy.clone());
    }
    if let Some(trust) = trust(places)? {
        options.trust = trust;
    }
    Ok(options)
}

/// Why the certificates of the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// The file cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It holds none.
    #[error(transparent)]
    Roots(#[from] FetchError),
}

/// Reads the file of certificates that the settings name, if they do.
///
/// # Errors
/// [`TrustError`].
pub fn check_trust(places: &FetchPlaces) -> Result<(), TrustError> {
    if let Some(Trust::System(roots) | Trust::Only(roots)) = trust(places)? {
        check_roots(&roots)?;
    }
    Ok(())
}

/// Certificates that are accepted besides the system's.
pub(super) fn trust(places: &FetchPlaces) -> Result<Option<Trust>, ReadError> {
    let Some(path) = &places.ca_file else {
        return Ok(None);
    };
    let path = expand_home(Path::new(path));
    let roots = read_bounded(&Input::new(&path), MAX_ROOTS)?;
    Ok(Some(Trust::System(roots)))
}
