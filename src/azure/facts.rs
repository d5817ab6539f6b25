//! The embedded fact tables.

use crate::azure::{Regions, Services, Specials};

/// What is known of regions, services and special addresses beside the published data.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Regions of the four clouds.
    pub regions: Regions,
    /// Services and what their tags are for.
    pub services: Services,
    /// Blocks with a meaning of their own.
    pub specials: Specials,
}

impl Facts {
    /// Reads the tables in `assets`, embedded at build time.
    #[must_use]
    pub fn embedded() -> Self {
        Self {
            regions: Regions::embedded(),
            services: Services::read(include_str!("../../assets/services.csv")),
            specials: Specials::embedded(),
        }
    }
}
