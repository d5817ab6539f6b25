//! Address arithmetic: blocks, spans, sets of addresses, and counts that exceed 64 bits.
//!
//! Both families are held as `u128`; an IPv4 address occupies the low 32 bits. Nothing here knows
//! about tags, and nothing mixes the families: a span or a block belongs to exactly one.

mod block;
mod count;
mod cover;
mod fit;
mod parts;
mod set;
mod share;

pub use block::{Block, BlockError, Span};
pub use count::Count;
pub use cover::cover;
pub use fit::FamilyFit;
pub use parts::Parts;
pub use set::{AddressSet, Ranges};
pub use share::{Share, product};

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The two address families.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// 32-bit addresses.
    V4,
    /// 128-bit addresses.
    V6,
}

impl Family {
    /// Address width in bits: 32 or 128.
    #[must_use]
    pub const fn bits(self) -> u8 {
        match self {
            Self::V4 => 32,
            Self::V6 => 128,
        }
    }

    /// The highest address as a number.
    #[must_use]
    pub const fn max(self) -> u128 {
        match self {
            Self::V4 => u32::MAX as u128,
            Self::V6 => u128::MAX,
        }
    }

    /// The address with these bits; bits above the family's width are dropped.
    #[must_use]
    pub const fn address(self, bits: u128) -> IpAddr {
        match self {
            Self::V4 => IpAddr::V4(Ipv4Addr::from_bits((bits & 0xffff_ffff) as u32)),
            Self::V6 => IpAddr::V6(Ipv6Addr::from_bits(bits)),
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V4 => "IPv4",
            Self::V6 => "IPv6",
        })
    }
}

/// Splits an address into its family and its bits.
#[must_use]
pub const fn bits(address: IpAddr) -> (Family, u128) {
    match address {
        IpAddr::V4(v4) => (Family::V4, v4.to_bits() as u128),
        IpAddr::V6(v6) => (Family::V6, v6.to_bits()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_have_names_and_ends() {
        assert_eq!(
            [Family::V4, Family::V6].map(|it| it.to_string()),
            ["IPv4", "IPv6"]
        );
        assert_eq!(
            Family::V4.address(Family::V4.max()).to_string(),
            "255.255.255.255"
        );
        assert_eq!(bits(IpAddr::V6(Ipv6Addr::LOCALHOST)), (Family::V6, 1));
        assert_eq!(
            bits(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            (Family::V4, 0x7f00_0001)
        );
    }
}
