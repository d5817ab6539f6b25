//! Tags of the platform: they stand for a part of the network, and no file publishes addresses of them.

/// A tag without published prefixes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PlatformTag {
    /// The network, its peers and what is behind its gateways.
    VirtualNetwork,
    /// Everything outside the network.
    Internet,
    /// The probes of load balancers: 168.63.129.16.
    AzureLoadBalancer,
    /// Azure's name servers.
    PlatformDns,
    /// The metadata service.
    PlatformImds,
    /// The licence service.
    PlatformLkm,
}

impl PlatformTag {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::VirtualNetwork,
        Self::Internet,
        Self::AzureLoadBalancer,
        Self::PlatformDns,
        Self::PlatformImds,
        Self::PlatformLkm,
    ];

    /// Reads today's and the classic names, ignoring case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_named = |tag: &Self| {
            let names = [Some(tag.name()), tag.classic_name()];
            names
                .into_iter()
                .flatten()
                .any(|name| name.eq_ignore_ascii_case(text))
        };
        Self::ALL.into_iter().find(is_named)
    }

    /// Today's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::VirtualNetwork => "VirtualNetwork",
            Self::Internet => "Internet",
            Self::AzureLoadBalancer => "AzureLoadBalancer",
            Self::PlatformDns => "AzurePlatformDNS",
            Self::PlatformImds => "AzurePlatformIMDS",
            Self::PlatformLkm => "AzurePlatformLKM",
        }
    }

    /// The name of the classic deployment model, which Azure Resource Manager refuses.
    #[must_use]
    pub const fn classic_name(self) -> Option<&'static str> {
        match self {
            Self::VirtualNetwork => Some("VIRTUAL_NETWORK"),
            Self::AzureLoadBalancer => Some("AZURE_LOADBALANCER"),
            _ => None,
        }
    }

    /// What it stands for, as what follows its name.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::VirtualNetwork => {
                "the virtual network, its peers, and what is behind its gateways"
            }
            Self::Internet => {
                "everything outside the virtual network, Azure's own public addresses included"
            }
            Self::AzureLoadBalancer => {
                "the health probes of Azure's load balancers, which come from 168.63.129.16"
            }
            Self::PlatformDns => "Azure's own name servers, at 168.63.129.16",
            Self::PlatformImds => "the instance metadata service, at 169.254.169.254",
            Self::PlatformLkm => "the licence service of Windows (KMS)",
        }
    }

    /// A sentence for whoever typed it: what it stands for, and that it has no published addresses.
    #[must_use]
    pub fn sentence(self, typed: &str) -> String {
        let (name, meaning) = (self.name(), self.meaning());
        let text =
            format!("{name} is a tag of the platform: {meaning}; it has no published addresses");
        match self.classic_name() {
            Some(classic) if classic.eq_ignore_ascii_case(typed.trim()) => format!(
                "{text}. {classic} is its classic spelling, which Azure Resource Manager refuses"
            ),
            _ => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::Facts;

    #[test]
    fn names_of_today_and_classic_ones_are_read_in_any_case() {
        for tag in PlatformTag::ALL {
            for name in [Some(tag.name()), tag.classic_name()].into_iter().flatten() {
                assert_eq!(PlatformTag::parse(&name.to_lowercase()), Some(tag));
                assert_eq!(PlatformTag::parse(&name.to_uppercase()), Some(tag));
            }
        }
        assert_eq!(PlatformTag::parse("Storage"), None);
        let said = PlatformTag::VirtualNetwork.sentence("virtual_network");
        assert!(said.contains("Resource Manager refuses"), "{said}");
        let said = PlatformTag::VirtualNetwork.sentence("VirtualNetwork");
        assert!(!said.contains("refuses"), "{said}");
    }

    #[test]
    fn the_table_of_services_has_the_same() {
        let services = Facts::embedded().services;
        for tag in PlatformTag::ALL {
            let known = services.of_tag(tag.name()).map(|known| known.is_symbolic);
            assert_eq!(known, Some(true), "{}", tag.name());
        }
    }
}
