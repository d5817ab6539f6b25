//! The four clouds that publish service tags.

use std::fmt;

/// A cloud, by the name in its published file.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub enum Cloud {
    /// The worldwide cloud.
    Public,
    /// Azure for the US Government.
    AzureGovernment,
    /// Azure in China, operated by 21Vianet.
    China,
    /// Azure Germany, closed; its last file is of 2022-03-07.
    AzureGermany,
}

impl Cloud {
    /// Every cloud, the largest first.
    pub const ALL: [Self; 4] = [
        Self::Public,
        Self::AzureGovernment,
        Self::China,
        Self::AzureGermany,
    ];

    /// The name in the published file: `Public`, `AzureGovernment`, `China`, `AzureGermany`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Public => "Public",
            Self::AzureGovernment => "AzureGovernment",
            Self::China => "China",
            Self::AzureGermany => "AzureGermany",
        }
    }

    /// The short name that flags take: `public`, `usgov`, `china`, `germany`.
    #[must_use]
    pub const fn flag(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::AzureGovernment => "usgov",
            Self::China => "china",
            Self::AzureGermany => "germany",
        }
    }

    /// Reads the file's, the flag's or Azure CLI's name (`AzureUSGovernment`), ignoring case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let lower = text.trim().to_ascii_lowercase();
        Some(match lower.as_str() {
            "public" | "azurecloud" | "azure" | "commercial" => Self::Public,
            "azuregovernment" | "usgov" | "azureusgovernment" | "usgovernment" | "government"
            | "gov" => Self::AzureGovernment,
            "china" | "azurechinacloud" | "azurechina" | "21vianet" => Self::China,
            "azuregermany" | "germany" | "azuregermancloud" => Self::AzureGermany,
            _ => return None,
        })
    }
}

impl fmt::Display for Cloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_a_cloud_is_read_back() {
        for cloud in Cloud::ALL {
            assert_eq!(Cloud::parse(cloud.name()), Some(cloud));
            assert_eq!(Cloud::parse(&cloud.flag().to_uppercase()), Some(cloud));
        }
        assert_eq!(
            Cloud::parse("AzureUSGovernment"),
            Some(Cloud::AzureGovernment)
        );
        assert_eq!(Cloud::parse("AzureChinaCloud"), Some(Cloud::China));
        assert_eq!(Cloud::parse("mars"), None);
    }
}
