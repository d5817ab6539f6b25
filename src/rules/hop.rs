//! Where a route sends what it holds.

use std::fmt;

use crate::text::Safe;

/// The kind of a next hop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HopKind {
    /// A machine with an address of its own.
    Appliance,
    /// The gateway of the virtual network.
    Gateway,
    /// The virtual network.
    Local,
    /// Straight to the Internet.
    Internet,
    /// Nowhere: what goes there is dropped.
    Nowhere,
    /// A network that is a peer; in effective routes alone, as all that follow.
    Peering,
    /// A peer in another region.
    GlobalPeering,
    /// A service endpoint.
    ServiceEndpoint,
    /// A private endpoint.
    PrivateEndpoint,
}

impl HopKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Appliance,
        Self::Gateway,
        Self::Local,
        Self::Internet,
        Self::Nowhere,
        Self::Peering,
        Self::GlobalPeering,
        Self::ServiceEndpoint,
        Self::PrivateEndpoint,
    ];

    /// As Azure names it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Appliance => "VirtualAppliance",
            Self::Gateway => "VirtualNetworkGateway",
            Self::Local => "VnetLocal",
            Self::Internet => "Internet",
            Self::Nowhere => "None",
            Self::Peering => "VNetPeering",
            Self::GlobalPeering => "VNetGlobalPeering",
            Self::ServiceEndpoint => "VirtualNetworkServiceEndpoint",
            Self::PrivateEndpoint => "InterfaceEndpoint",
        }
    }

    /// Reads Azure's name in any case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|kind| kind.name().eq_ignore_ascii_case(text))
    }
}

/// A next hop.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Hop {
    /// Its kind.
    pub kind: HopKind,
    /// The address of an appliance, as it is written.
    pub address: Option<Safe>,
}

impl fmt::Display for Hop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.name())?;
        match &self.address {
            Some(address) => write!(f, " {address}"),
            None => Ok(()),
        }
    }
}
