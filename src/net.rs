//! temporary
use crate::text::Safe;
use std::net::IpAddr;
use std::time::Duration;
/// x
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// x
    pub chain: Vec<Safe>,
    /// x
    pub addresses: Vec<IpAddr>,
    /// x
    pub only_system: Vec<IpAddr>,
    /// x
    pub only_dns: Vec<IpAddr>,
}
/// x
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no")]
pub struct ResolveError;
/// x
/// # Errors
/// x
pub async fn resolve(_host: &str, _limit: Duration) -> Result<Resolution, ResolveError> {
    Err(ResolveError)
}

impl From<Resolution> for crate::query::lookup::Host {
    fn from(found: Resolution) -> Self {
        Self {
            chain: found.chain,
            addresses: found.addresses,
            only_system: found.only_system,
            only_dns: found.only_dns,
        }
    }
}
