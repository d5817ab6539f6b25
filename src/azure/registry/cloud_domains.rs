//! The domains of a cloud.

use crate::azure::{Certainty, Cloud};

/// A domain, and how well it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Domain {
    /// The name.
    pub name: &'static str,
    /// How well it is known.
    pub certainty: Certainty,
}

const fn documented(name: &'static str) -> Domain {
    Domain {
        name,
        certainty: Certainty::Documented,
    }
}

const fn assumed(name: &'static str) -> Domain {
    Domain {
        name,
        certainty: Certainty::Assumed,
    }
}

/// The domains that a registry and its clients use in one cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CloudDomains {
    /// Login servers end like this, and the certificate is of it.
    pub registry: Domain,
    /// Storage accounts, in which layers are kept, end like this.
    pub blob: Domain,
    /// Where people and identities sign in.
    pub sign_in: Domain,
    /// A newer name of the sign-in, where there is one.
    pub sign_in_new: Option<Domain>,
    /// Azure Resource Manager.
    pub management: Domain,
    /// The private DNS zone of private endpoints.
    pub private_zone: Option<Domain>,
    /// Microsoft Artifact Registry.
    pub microsoft: Domain,
    /// How well the patterns of data and regional endpoints are known here.
    pub pattern: Certainty,
    /// Whether subnets have service endpoints for registries here.
    pub has_service_endpoints: bool,
}

impl CloudDomains {
    /// The domains of a cloud.
    #[must_use]
    pub const fn of(cloud: Cloud) -> Self {
        match cloud {
            Cloud::Public => Self {
                registry: documented("azurecr.io"),
                blob: documented("blob.core.windows.net"),
                sign_in: documented("login.microsoftonline.com"),
                sign_in_new: None,
                management: documented("management.azure.com"),
                private_zone: Some(documented("privatelink.azurecr.io")),
                microsoft: documented("mcr.microsoft.com"),
                pattern: Certainty::Documented,
                has_service_endpoints: true,
            },
            Cloud::AzureGovernment => Self {
                registry: documented("azurecr.us"),
                blob: documented("blob.core.usgovcloudapi.net"),
                sign_in: documented("login.microsoftonline.us"),
                sign_in_new: None,
                management: documented("management.usgovcloudapi.net"),
                private_zone: Some(assumed("privatelink.azurecr.us")),
                microsoft: assumed("mcr.microsoft.com"),
                pattern: Certainty::Assumed,
                has_service_endpoints: false,
            },
            Cloud::China => Self {
                registry: documented("azurecr.cn"),
                blob: documented("blob.core.chinacloudapi.cn"),
                sign_in: documented("login.chinacloudapi.cn"),
                sign_in_new: Some(assumed("login.partner.microsoftonline.cn")),
                management: documented("management.chinacloudapi.cn"),
                private_zone: Some(assumed("privatelink.azurecr.cn")),
                microsoft: documented("mcr.azure.cn"),
                pattern: Certainty::Assumed,
                has_service_endpoints: false,
            },
            Cloud::AzureGermany => Self {
                registry: assumed("azurecr.de"),
                blob: documented("blob.core.cloudapi.de"),
                sign_in: documented("login.microsoftonline.de"),
                sign_in_new: None,
                management: documented("management.microsoftazure.de"),
                private_zone: None,
                microsoft: assumed("mcr.microsoft.com"),
                pattern: Certainty::Assumed,
                has_service_endpoints: false,
            },
        }
    }

    /// The cloud of a host below a registry domain, and what stands before the domain.
    #[must_use]
    pub fn split(host: &str) -> Option<(Cloud, &str)> {
        Cloud::ALL.into_iter().find_map(|cloud| {
            let rest = host.strip_suffix(Self::of(cloud).registry.name)?;
            Some((cloud, rest.strip_suffix('.')?))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_cloud_has_service_endpoints_of_registries() {
        let has = Cloud::ALL.map(|cloud| CloudDomains::of(cloud).has_service_endpoints);
        assert_eq!(has, Cloud::ALL.map(|cloud| cloud == Cloud::Public));
    }

    #[test]
    fn a_host_tells_its_cloud() {
        let split = |host| CloudDomains::split(host);
        assert_eq!(
            split("contoso.azurecr.io"),
            Some((Cloud::Public, "contoso"))
        );
        assert_eq!(
            split("contoso.westeurope.data.azurecr.us"),
            Some((Cloud::AzureGovernment, "contoso.westeurope.data"))
        );
        assert_eq!(split("contoso.azurecr.cn"), Some((Cloud::China, "contoso")));
        assert_eq!(split("azurecr.io"), None);
        assert_eq!(split("notazurecr.io"), None);
        assert_eq!(split("contoso.azurecr.io.example"), None);
    }
}
