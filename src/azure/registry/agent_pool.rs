//! What the preview of agent pools needs, as `tasks-agent-pools` has it.

use crate::azure::Cloud;

/// A service that the machines of a pool must reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolService {
    /// The service tag.
    pub tag: &'static str,
    /// The service by its name.
    pub name: &'static str,
    /// A short word for names of rules.
    pub word: &'static str,
    /// TCP ports.
    pub ports: &'static [u16],
}

/// Facts of agent pools.
#[derive(Debug, Clone, Copy)]
pub struct AgentPool;

impl AgentPool {
    /// The port of Azure Monitor that is for diagnostics alone.
    pub const DIAGNOSTICS: u16 = 12000;

    /// Date of the copy of the page that was read; the list of regions grows.
    pub const AS_OF: &'static str = "2026-08-20";

    /// Outbound TCP from the subnet.
    pub const SERVICES: [PoolService; 5] = [
        service("AzureKeyVault", "Key Vault", "keyvault", &[443]),
        service("Storage", "Storage", "storage", &[443]),
        service("EventHub", "Event Hubs", "eventhub", &[443]),
        service("AzureActiveDirectory", "Microsoft Entra", "entra", &[443]),
        service(
            "AzureMonitor",
            "Azure Monitor",
            "monitor",
            &[443, Self::DIAGNOSTICS],
        ),
    ];

    /// Regions of the preview: ARM names.
    const REGIONS: [(Cloud, &'static str); 13] = [
        (Cloud::Public, "westus2"),
        (Cloud::Public, "southcentralus"),
        (Cloud::Public, "eastus2"),
        (Cloud::Public, "eastus"),
        (Cloud::Public, "centralus"),
        (Cloud::Public, "westeurope"),
        (Cloud::Public, "northeurope"),
        (Cloud::Public, "canadacentral"),
        (Cloud::Public, "eastasia"),
        (Cloud::Public, "switzerlandnorth"),
        (Cloud::AzureGovernment, "usgovarizona"),
        (Cloud::AzureGovernment, "usgovtexas"),
        (Cloud::AzureGovernment, "usgovvirginia"),
    ];

    /// Regions of the preview in a cloud: ARM names.
    #[must_use]
    pub fn regions(cloud: Cloud) -> Vec<&'static str> {
        let of_cloud = Self::REGIONS.into_iter().filter(|(own, _)| *own == cloud);
        of_cloud.map(|(_, region)| region).collect()
    }
}

const fn service(
    tag: &'static str,
    name: &'static str,
    word: &'static str,
    ports: &'static [u16],
) -> PoolService {
    PoolService {
        tag,
        name,
        word,
        ports,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::Facts;

    #[test]
    fn every_region_of_the_preview_is_in_the_table_of_regions() {
        let facts = Facts::embedded();
        for (cloud, name) in AgentPool::REGIONS {
            let found = facts.regions.find(cloud, name);
            assert_eq!(found.map(|region| region.name.as_str()), Some(name));
        }
        assert_eq!(AgentPool::regions(Cloud::AzureGovernment).len(), 3);
        assert!(AgentPool::regions(Cloud::China).is_empty());
    }
}
