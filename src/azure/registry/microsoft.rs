//! Microsoft's own registry, from which its images come in every cloud.

use crate::azure::Cloud;
use crate::azure::registry::CloudDomains;

/// Microsoft's registry, as somebody named it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MicrosoftRegistry {
    /// The cloud, where the host is of one cloud alone.
    pub cloud: Option<Cloud>,
}

impl MicrosoftRegistry {
    /// Reads a host, an image or a URL of Microsoft's registry; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
        let host = rest.split(['/', ':', '@']).next()?.to_lowercase();
        Self::of_host(host.trim_end_matches('.'))
    }

    /// Whether a host in lower case is one of Microsoft's registry.
    #[must_use]
    pub fn has(host: &str) -> bool {
        Self::of_host(host).is_some()
    }

    fn of_host(host: &str) -> Option<Self> {
        let is_its = |cloud: &Cloud| {
            let domain = CloudDomains::of(*cloud).microsoft.name;
            let before = host.strip_suffix(domain);
            before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
        };
        let clouds: Vec<Cloud> = Cloud::ALL.into_iter().filter(is_its).collect();
        match clouds.as_slice() {
            [] => None,
            [cloud] => Some(Self {
                cloud: Some(*cloud),
            }),
            _ => Some(Self { cloud: None }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_images_and_urls_of_microsofts_registry_are_known() {
        let cloud = |text| MicrosoftRegistry::parse(text).map(|found| found.cloud);
        for text in [
            "mcr.microsoft.com",
            "MCR.microsoft.com/dotnet/sdk:8.0",
            "https://mcr.microsoft.com/v2/",
            "westeurope.data.mcr.microsoft.com",
            "mcr.microsoft.com@sha256:12",
        ] {
            assert_eq!(cloud(text), Some(None), "{text}");
        }
        assert_eq!(cloud("mcr.azure.cn/app:v1"), Some(Some(Cloud::China)));
        for text in [
            "",
            "contoso",
            "notmcr.microsoft.com",
            "mcr.microsoft.com.example",
            "/mcr.microsoft.com",
        ] {
            assert_eq!(cloud(text), None, "{text}");
        }
    }
}
