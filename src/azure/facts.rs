//! The two embedded fact tables.

use crate::azure::{Regions, Services};

/// What is known of regions and services beside the published data.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Regions of the four clouds.
    pub regions: Regions,
    /// Services and what their tags are for.
    pub services: Services,
}

impl Facts {
    /// Reads `assets/regions.csv` and `assets/services.csv`, embedded at build time.
    #[must_use]
    pub fn embedded() -> Self {
        Self {
            regions: Regions::embedded(),
            services: Services::read(include_str!("../../assets/services.csv")),
        }
    }
}
